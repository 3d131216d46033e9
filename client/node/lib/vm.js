// A VM of a server: its vCPUs, and the calls on many of them at once.
'use strict';

const { checkRet } = require('./errno');
const { Flic } = require('./flic');
const { injectStream } = require('./inject_stream');
const { MAX_IRQ_STATE, toImages } = require('./images');
const { toRegisters, fromRegisters } = require('./registers');
const { toLong } = require('./rpc');
const { Vcpu } = require('./vcpu');

/** What a server says of a VM, with 64-bit fields as bigint. */
function vmInfo(message) {
  const { kernel, sigpInterpretation, extendedSca, gisa } = message.hostProfile;
  return {
    name: message.name,
    id: BigInt(message.id),
    hostProfile: { kernel, sigpInterpretation, extendedSca, gisa },
    vcpuCount: message.vcpuCount,
    floatingPending: BigInt(message.floatingPending),
  };
}

class Vm {
  constructor(client, { id, name, hostProfile }) {
    this.client = client;
    this.id = id;
    this.name = name;
    this.hostProfile = hostProfile;
    this.flic = new Flic(this);
  }

  /** The VM's reference in a message. */
  get ref() {
    return { id: toLong(this.id) };
  }

  /** What the server says of it now. */
  async info() {
    return vmInfo(await this.client.call('Vms', 'getVm', { vm: this.ref }));
  }

  async delete() {
    await this.client.call('Vms', 'deleteVm', { vm: this.ref });
  }

  /** The vCPU of that id, which the VM has or not: nothing is asked of the server. */
  vcpu(id) {
    return new Vcpu(this, id);
  }

  /** KVM_CREATE_VCPU. */
  async createVcpu(id) {
    const response = await this.client.call('Vms', 'createVcpu', { vm: this.ref, vcpuId: id });
    checkRet('KVM_CREATE_VCPU', response);
    return new Vcpu(this, id);
  }

  /** Its vCPUs by ascending id. It has 255 at most, so that they come in one page. */
  async listVcpus() {
    const request = { vm: this.ref, pageSize: 1000 };
    const { vcpus } = await this.client.call('Vms', 'listVcpus', request);
    return vcpus.map(({ id, mpState, pending }) => ({ id, mpState, pending: BigInt(pending) }));
  }

  /** KVM_CHECK_EXTENSION on the VM. */
  async checkExtension(extension) {
    const request = { vm: this.ref, extension: toLong(extension) };
    return (await this.client.call('Kvm', 'checkExtension', request)).ret;
  }

  /**
   * KVM_S390_GET_IRQ_STATE on many vCPUs. An errno is the `ret` of its element, and throws nothing.
   */
  async getIrqStates({ vcpuIds = [], len = MAX_IRQ_STATE, oneInstant = false } = {}) {
    const request = { vm: this.ref, vcpuIds, len, oneInstant };
    const answer = await this.client.call('Batch', 'getIrqStates', request);
    let end = 0;
    return answer.vcpuIds.map((vcpuId, index) => {
      const start = end;
      end += answer.size[index];
      return { vcpuId, ret: answer.ret[index], buf: answer.buf.subarray(start, end) };
    });
  }

  /**
   * KVM_S390_SET_IRQ_STATE on many vCPUs: the ret of each, in order. An errno throws nothing.
   * `states` are as getIrqStates gives them.
   */
  async setIrqStates(states) {
    const images = Array.from(states, ({ buf }) => toImages(buf));
    const request = {
      vm: this.ref,
      vcpuIds: Array.from(states, ({ vcpuId }) => vcpuId),
      len: images.map((image) => image.length),
      buf: Buffer.concat(images),
    };
    return (await this.client.call('Batch', 'setIrqStates', request)).ret;
  }

  /** KVM_S390_IRQ as fast as records come: for each message the rets of its records. */
  injectStream(messages, options) {
    return injectStream(this, messages, options);
  }

  /** What all vCPUs of the VM share. */
  async getRegisters() {
    return fromRegisters(await this.client.call('Guest', 'getVmRegisters', { vm: this.ref }));
  }

  /** Sets the registers given, and keeps the others. */
  async setRegisters(registers) {
    const request = { vm: this.ref, registers: toRegisters(registers) };
    await this.client.call('Guest', 'setVmRegisters', request);
  }
}

module.exports = { Vm, vmInfo };
