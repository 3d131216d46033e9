// What stands for a guest, where no guest runs.

/** Masks and timers that decide about deliveries to a vCPU. */
export interface VcpuRegisters {
  pswMask?: bigint;
  cr0?: bigint;
  cr6?: bigint;
  cr14?: bigint;
  /** In units of the TOD clock: 2^-12 microseconds. */
  clockComparator?: bigint;
  cpuTimer?: bigint;
  prefix?: number;
}

/** What all vCPUs of a VM share. */
export interface VmRegisters {
  /** Stands still until it is set. */
  todClock?: bigint;
  newPswRestart?: bigint;
  newPswExternal?: bigint;
  newPswProgram?: bigint;
  newPswMachineCheck?: bigint;
  newPswIo?: bigint;
}

/** What keeps an interrupt from being delivered. */
export type HeldBy =
  | 'HELD_BY_UNSPECIFIED'
  | 'NOTHING'
  | 'PSW_EXTERNAL'
  | 'PSW_IO'
  | 'PSW_MACHINE_CHECK'
  | 'CR0_EMERGENCY_SIGNAL'
  | 'CR0_EXTERNAL_CALL'
  | 'CR0_CLOCK_COMPARATOR'
  | 'CR0_CPU_TIMER'
  | 'CR0_SERVICE_SIGNAL'
  | 'CR6_ISC'
  | 'CR14_SUBCLASS'
  | 'TIMER_NOT_REACHED'
  | 'STOP_INTERCEPT'
  | 'SIGP_INTERPRETATION';

/** One kind of interrupt that is pending. */
export interface PendingIrq {
  /** 0 for all I/O. */
  type: bigint;
  /** Of I/O. */
  isc: number;
  count: number;
  heldBy: HeldBy;
}

export interface DeliveredIrq {
  /** An image of 72 bytes. */
  irq: Buffer;
  /** What the kernel's trace point of a delivery says. */
  data0: bigint;
  data1: bigint;
}

export interface Delivery {
  /** In the order of delivery. */
  delivered: DeliveredIrq[];
  /** What is left, by descending priority. */
  pending: PendingIrq[];
  /** maxIrqs ended it: something could still be delivered. */
  more: boolean;
}

export interface Deliverable {
  pending: PendingIrq[];
  /** Something would be delivered, or a stop is pending. */
  hasIrq: boolean;
  /** The same without the stop. */
  hasIrqBesidesStop: boolean;
}

export interface SigpResult {
  /** 0 accepted, 1 status stored, 2 busy, 3 not operational. */
  conditionCode: number;
  status: number;
}
