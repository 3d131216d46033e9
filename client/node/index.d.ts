/// <reference types="node" />
import type { ChannelOptions } from '@grpc/grpc-js';
import type { IrqInput } from './lib/irq';
import type { Deliverable, Delivery, SigpResult, VcpuRegisters, VmRegisters } from './lib/guest';
import type { DeviceAttr } from './lib/flic';

export * from './lib/constants';
export * from './lib/guest';
export * from './lib/irq';
export type { DeviceAttr };

/** One record: typed, or its image of 72 bytes. */
export type AnyIrq = IrqInput | Uint8Array;
/** Several: typed, or images back to back. */
export type AnyIrqs = Iterable<IrqInput> | Uint8Array;

/** What the kernel answered with a negative number. Any other refusal is grpc-js's ServiceError. */
export class IrqdErrno extends Error {
  constructor(syscall: string, errno: number);
  /** As the kernel returns it: negative, and Linux's on every system. */
  readonly errno: number;
  /** Such as 'ENOBUFS'. */
  readonly code: string;
  /** The ioctl's name, such as 'KVM_S390_GET_IRQ_STATE'. */
  readonly syscall: string;
  /** With ENOBUFS of getIrqState: the images that did fit. */
  readonly buf?: Buffer;
}

export interface ConnectOptions {
  /** Each call's deadline; a stream's is that of the whole stream. None if left out. */
  timeoutMs?: number;
  channelOptions?: ChannelOptions;
}

/** A client of the server at `target`: host:port or unix:PATH. Connects when it is first used. */
export function connect(target: string, options?: ConnectOptions): Client;

/** What the simulated machine is; what is left out is as the server has it. */
export interface HostProfile {
  /** 'linux-6.1' or 'linux-4.1'. */
  kernel?: string;
  sigpInterpretation?: boolean;
  extendedSca?: boolean;
  gisa?: boolean;
}

export interface CreateVmOptions {
  /** 1 to 63 of a-z, 0-9 and '-', a letter first; one is made if it is left out. */
  name?: string;
  hostProfile?: HostProfile;
  /** The vCPUs to create with it: these ids ... */
  vcpuIds?: number[];
  /** ... or ids 0 to vcpuCount-1. */
  vcpuCount?: number;
}

export interface VmInfo {
  name: string;
  id: bigint;
  hostProfile: Required<HostProfile>;
  vcpuCount: number;
  floatingPending: bigint;
}

export class Client {
  private constructor();
  /** The same connection with another deadline for each call; undefined: none. */
  withTimeout(timeoutMs?: number): Client;
  /** Resolves once the server can be reached; rejects after the time, 10 s if left out. */
  waitForReady(timeoutMs?: number): Promise<void>;
  /** Ends the connection, for all that withTimeout made of it too. */
  close(): void;
  createVm(options?: CreateVmOptions): Promise<Vm>;
  /** By name or id. */
  getVm(handle: string | bigint): Promise<Vm>;
  /** All VMs by ascending id. */
  listVms(): Promise<Vm[]>;
  /** By name or id. */
  deleteVm(handle: string | bigint): Promise<void>;
  /** KVM_CHECK_EXTENSION on /dev/kvm of a host. */
  checkExtension(extension: number | bigint, hostProfile?: HostProfile): Promise<number>;
}

export interface VcpuInfo {
  id: number;
  /** KVM_MP_STATE_STOPPED or KVM_MP_STATE_OPERATING. */
  mpState: number;
  /** The pending word as the host's kernel numbers its bits. */
  pending: bigint;
}

export interface GetIrqStatesOptions {
  /** Which vCPUs; all if left out. */
  vcpuIds?: number[];
  /** The ioctl's len for each; enough for any state if left out. */
  len?: number;
  /** All at one instant, which no kernel offers. */
  oneInstant?: boolean;
}

export interface IrqState {
  vcpuId: number;
  /** What the ioctl returned: the size of buf, or -errno. */
  ret: number;
  /** The images; with -ENOBUFS those that did fit. */
  buf: Buffer;
}

export interface InjectMessage {
  /** One for each record, or one for all. */
  vcpuIds: number | number[];
  /** At most 1024. */
  records: AnyIrqs;
}

export interface InjectStreamOptions {
  /** How many messages may be sent before the first of them is answered; 16 if left out. */
  underWay?: number;
}

export class Vm {
  private constructor();
  readonly client: Client;
  readonly id: bigint;
  readonly name: string;
  readonly hostProfile: Required<HostProfile>;
  readonly flic: Flic;
  /** What the server says of it now. */
  info(): Promise<VmInfo>;
  delete(): Promise<void>;
  /** The vCPU of that id, which the VM has or not: nothing is asked of the server. */
  vcpu(id: number): Vcpu;
  /** KVM_CREATE_VCPU. */
  createVcpu(id: number): Promise<Vcpu>;
  /** Its vCPUs by ascending id. */
  listVcpus(): Promise<VcpuInfo[]>;
  /** KVM_CHECK_EXTENSION on the VM. */
  checkExtension(extension: number | bigint): Promise<number>;
  /** KVM_S390_GET_IRQ_STATE on many vCPUs. An errno is the `ret` of its element. */
  getIrqStates(options?: GetIrqStatesOptions): Promise<IrqState[]>;
  /** KVM_S390_SET_IRQ_STATE on many vCPUs: the ret of each, in order. */
  setIrqStates(states: Iterable<{ vcpuId: number; buf: AnyIrqs }>): Promise<number[]>;
  /**
   * KVM_S390_IRQ as fast as records come: for each message the rets of its records, in order.
   * Messages are read no further ahead of the answers than `underWay` says.
   */
  injectStream(
    messages: Iterable<InjectMessage> | AsyncIterable<InjectMessage>,
    options?: InjectStreamOptions,
  ): AsyncGenerator<number[], void, undefined>;
  /** What all vCPUs of the VM share. */
  getRegisters(): Promise<Required<VmRegisters>>;
  /** Sets the registers given, and keeps the others. */
  setRegisters(registers: VmRegisters): Promise<void>;
}

/** struct kvm_s390_interrupt. */
export interface Interrupt {
  type: number | bigint;
  parm?: number;
  parm64?: bigint | number;
}

export class Vcpu {
  private constructor();
  readonly vm: Vm;
  readonly id: number;
  /** KVM_S390_IRQ: makes one interrupt pending. */
  inject(irq: AnyIrq): Promise<void>;
  /** KVM_S390_INTERRUPT: the older form. */
  interrupt(interrupt: Interrupt): Promise<void>;
  /** KVM_S390_GET_IRQ_STATE: the images of all that is pending; nothing is cleared. */
  getIrqState(len?: number): Promise<Buffer>;
  /** KVM_S390_SET_IRQ_STATE; `len` is the size of what is given, unless another is asked for. */
  setIrqState(irqs: AnyIrqs, len?: number): Promise<void>;
  /** KVM_S390_NORMAL_RESET, which is the default, KVM_S390_INITIAL_RESET, KVM_S390_CLEAR_RESET. */
  reset(kind?: 'normal' | 'initial' | 'clear'): Promise<void>;
  /** KVM_SET_MP_STATE. */
  setMpState(mpState: number): Promise<void>;
  /** KVM_GET_MP_STATE: KVM_MP_STATE_STOPPED or KVM_MP_STATE_OPERATING. */
  getMpState(): Promise<number>;
  /** The kernel's delivery before it enters the guest: takes what is pending. */
  deliver(maxIrqs?: number): Promise<Delivery>;
  /** What deliver would find. */
  getDeliverable(): Promise<Deliverable>;
  /** What the kernel does with a pending SIGP_STOP: whether it took the vCPU out of the guest. */
  stopIntercept(): Promise<boolean>;
  /** SIGNAL PROCESSOR: this vCPU gives another of its VM an order. */
  sigp(toVcpuId: number, order: number, parameter?: number): Promise<SigpResult>;
  getRegisters(): Promise<Required<VcpuRegisters>>;
  /** Sets the registers given, and keeps the others. */
  setRegisters(registers: VcpuRegisters): Promise<void>;
}

/** A VM's floating interrupt controller. Ids answered are those of the vCPUs that a call woke. */
export class Flic {
  private constructor();
  readonly vm: Vm;
  /** KVM_S390_INTERRUPT on the VM. */
  interrupt(interrupt: Interrupt): Promise<number[]>;
  /** KVM_CREATE_DEVICE; of KVM_DEV_TYPE_FLIC if left out. */
  createDevice(device?: { type?: number; flags?: number }): Promise<void>;
  /** KVM_SET_DEVICE_ATTR. */
  setDeviceAttr(attr: DeviceAttr, memory?: Uint8Array): Promise<number[]>;
  /** KVM_GET_DEVICE_ATTR: what it returned, and what the kernel wrote. */
  getDeviceAttr(attr: DeviceAttr): Promise<{ ret: number; memory: Buffer }>;
  /** KVM_HAS_DEVICE_ATTR. */
  hasDeviceAttr(attr: DeviceAttr): Promise<void>;
  /** KVM_ENABLE_CAP on the VM. */
  enableCap(cap: number, flags?: number): Promise<void>;
  /** KVM_DEV_FLIC_GET_ALL_IRQS: images; ENOMEM if `len`, 65,520 if left out, is too small. */
  getAllIrqs(len?: number): Promise<Buffer>;
  /** KVM_DEV_FLIC_ENQUEUE; at most 910 records. */
  enqueue(irqs: AnyIrqs): Promise<number[]>;
  /** KVM_DEV_FLIC_CLEAR_IRQS. */
  clearIrqs(): Promise<void>;
  /** KVM_DEV_FLIC_CLEAR_IO_IRQ: the oldest of one subchannel. */
  clearIoIrq(subchannelId: number, subchannelNr: number): Promise<void>;
}
