// A VM's floating interrupt controller, and floating interrupts.
'use strict';

const constants = require('./constants');
const { checkRet } = require('./errno');
const { toImages } = require('./images');
const { toLong } = require('./rpc');

// Room for 910 records, a message's worth; the kernel takes up to 0x2000000.
const GET_ALL_LEN = 910 * 72;

function toAttr({ flags = 0, group, attr = 0n, addr = 0n }) {
  return { flags, group, attr: toLong(attr), addr: toLong(addr) };
}

class Flic {
  constructor(vm) {
    this.vm = vm;
  }

  async #ioctl(name, method, fields) {
    const request = { vm: this.vm.ref, ...fields };
    return checkRet(name, await this.vm.client.call('Flic', method, request));
  }

  /** KVM_S390_INTERRUPT on the VM. Answers the ids of the vCPUs that it woke. */
  async interrupt({ type, parm = 0, parm64 = 0n }) {
    const fields = { type: Number(type), parm, parm64: toLong(parm64) };
    return (await this.#ioctl('KVM_S390_INTERRUPT', 's390Interrupt', fields)).wokenVcpuIds;
  }

  /** KVM_CREATE_DEVICE. */
  async createDevice({ type = constants.KVM_DEV_TYPE_FLIC, flags = 0 } = {}) {
    await this.#ioctl('KVM_CREATE_DEVICE', 'createDevice', { type, flags });
  }

  /** KVM_SET_DEVICE_ATTR. Answers the ids of the vCPUs that it woke. */
  async setDeviceAttr(attr, memory = Buffer.alloc(0)) {
    const fields = { attr: toAttr(attr), memory };
    return (await this.#ioctl('KVM_SET_DEVICE_ATTR', 'setDeviceAttr', fields)).wokenVcpuIds;
  }

  /** KVM_GET_DEVICE_ATTR: what it returned, and what the kernel wrote. */
  async getDeviceAttr(attr) {
    const fields = { attr: toAttr(attr) };
    const { ret, memory } = await this.#ioctl('KVM_GET_DEVICE_ATTR', 'getDeviceAttr', fields);
    return { ret, memory };
  }

  /** KVM_HAS_DEVICE_ATTR. */
  async hasDeviceAttr(attr) {
    await this.#ioctl('KVM_HAS_DEVICE_ATTR', 'hasDeviceAttr', { attr: toAttr(attr) });
  }

  /** KVM_ENABLE_CAP on the VM. */
  async enableCap(cap, flags = 0) {
    await this.#ioctl('KVM_ENABLE_CAP', 'enableCap', { cap, flags });
  }

  /** KVM_DEV_FLIC_GET_ALL_IRQS: the images of all floating interrupts, if `len` has the room. */
  async getAllIrqs(len = GET_ALL_LEN) {
    const attr = { group: constants.KVM_DEV_FLIC_GET_ALL_IRQS, attr: BigInt(len) };
    return (await this.getDeviceAttr(attr)).memory;
  }

  /** KVM_DEV_FLIC_ENQUEUE: images or typed records. Answers the ids of the vCPUs that it woke. */
  async enqueue(irqs) {
    const memory = toImages(irqs);
    const attr = { group: constants.KVM_DEV_FLIC_ENQUEUE, attr: BigInt(memory.length) };
    return this.setDeviceAttr(attr, memory);
  }

  /** KVM_DEV_FLIC_CLEAR_IRQS. */
  async clearIrqs() {
    await this.setDeviceAttr({ group: constants.KVM_DEV_FLIC_CLEAR_IRQS });
  }

  /** KVM_DEV_FLIC_CLEAR_IO_IRQ: the oldest of one subchannel. */
  async clearIoIrq(subchannelId, subchannelNr) {
    const memory = Buffer.alloc(4);
    memory.writeUInt16BE(subchannelId, 0);
    memory.writeUInt16BE(subchannelNr, 2);
    await this.setDeviceAttr({ group: constants.KVM_DEV_FLIC_CLEAR_IO_IRQ, attr: 4n }, memory);
  }
}

module.exports = { Flic };
