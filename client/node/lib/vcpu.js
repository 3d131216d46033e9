// A vCPU: the ioctls on it, and what stands for its guest.
'use strict';

const { checkRet } = require('./errno');
const { MAX_IRQ_STATE, toImage, toImages } = require('./images');
const { toRegisters, fromRegisters } = require('./registers');
const { toLong } = require('./rpc');

function fromPending({ type, isc, count, heldBy }) {
  return { type: BigInt(type), isc, count, heldBy };
}

class Vcpu {
  constructor(vm, id) {
    this.vm = vm;
    this.id = id;
  }

  /** The vCPU's reference in a message. */
  get ref() {
    return { vmId: toLong(this.vm.id), vcpuId: this.id };
  }

  async #call(service, method, fields) {
    return this.vm.client.call(service, method, { vcpu: this.ref, ...fields });
  }

  async #ioctl(name, method, fields) {
    return checkRet(name, await this.#call('Kvm', method, fields));
  }

  /** KVM_S390_IRQ: makes one interrupt pending; a typed record or its 72 bytes. */
  async inject(irq) {
    await this.#ioctl('KVM_S390_IRQ', 's390Irq', { record: toImage(irq) });
  }

  /** KVM_S390_INTERRUPT: the older form. */
  async interrupt({ type, parm = 0, parm64 = 0n }) {
    const fields = { type: Number(type), parm, parm64: toLong(parm64) };
    await this.#ioctl('KVM_S390_INTERRUPT', 's390Interrupt', fields);
  }

  /**
   * KVM_S390_GET_IRQ_STATE: the images of all that is pending; nothing is cleared. When `len` is
   * too small, the IrqdErrno of ENOBUFS has what did fit as `buf`.
   */
  async getIrqState(len = MAX_IRQ_STATE) {
    const response = await this.#call('Kvm', 'getIrqState', { arg: { len } });
    try {
      checkRet('KVM_S390_GET_IRQ_STATE', response);
    } catch (error) {
      error.buf = response.buf;
      throw error;
    }
    return response.buf;
  }

  /** KVM_S390_SET_IRQ_STATE: images as getIrqState gives them, or typed records. */
  async setIrqState(irqs, len) {
    const buf = toImages(irqs);
    const arg = { len: len === undefined ? buf.length : len };
    await this.#ioctl('KVM_S390_SET_IRQ_STATE', 'setIrqState', { arg, buf });
  }

  /** KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET or KVM_S390_CLEAR_RESET. */
  async reset(kind = 'normal') {
    const name = kind.toUpperCase();
    await this.#ioctl(`KVM_S390_${name}_RESET`, 'reset', { kind: name });
  }

  /** KVM_SET_MP_STATE. */
  async setMpState(mpState) {
    await this.#ioctl('KVM_SET_MP_STATE', 'setMpState', { mpState });
  }

  /** KVM_GET_MP_STATE: KVM_MP_STATE_STOPPED or KVM_MP_STATE_OPERATING. */
  async getMpState() {
    return (await this.#ioctl('KVM_GET_MP_STATE', 'getMpState')).ret;
  }

  /** The kernel's delivery before it enters the guest: takes what is pending. */
  async deliver(maxIrqs = 0) {
    const answer = checkRet('Deliver', await this.#call('Guest', 'deliver', { maxIrqs }));
    return {
      delivered: answer.delivered.map(({ irq, data0, data1 }) => ({
        irq,
        data0: BigInt(data0),
        data1: BigInt(data1),
      })),
      pending: answer.pending.map(fromPending),
      more: answer.more,
    };
  }

  /** What deliver would find. */
  async getDeliverable() {
    const { pending, hasIrq, hasIrqBesidesStop } = await this.#call('Guest', 'getDeliverable');
    return { pending: pending.map(fromPending), hasIrq, hasIrqBesidesStop };
  }

  /** Whether a pending SIGP_STOP took the vCPU out of the guest, which the kernel does here. */
  async stopIntercept() {
    const { ret } = await this.#call('Guest', 'stopIntercept');
    return ret !== 0;
  }

  /** SIGNAL PROCESSOR: this vCPU gives another of its VM an order. */
  async sigp(toVcpuId, order, parameter = 0) {
    const fields = { toVcpuId, order, parameter };
    const { conditionCode, status } = await this.#call('Guest', 'sigp', fields);
    return { conditionCode, status };
  }

  async getRegisters() {
    return fromRegisters(await this.#call('Guest', 'getVcpuRegisters'));
  }

  /** Sets the registers given, and keeps the others. */
  async setRegisters(registers) {
    await this.#call('Guest', 'setVcpuRegisters', { registers: toRegisters(registers) });
  }
}

module.exports = { Vcpu };
