/** Bytes of struct kvm_s390_irq. */
export const IRQ_SIZE: 72;

// The members of kvm_s390_irq's union. Integers of up to 32 bits are number, of 64 bits bigint.

export interface Io {
  subchannel_id: number;
  subchannel_nr: number;
  io_int_parm: number;
  io_int_word: number;
}

export interface Ext {
  ext_params: number;
  pad: number;
  ext_params2: bigint;
}

export interface Pgm {
  trans_exc_code: bigint;
  mon_code: bigint;
  per_address: bigint;
  data_exc_code: number;
  code: number;
  mon_class_nr: number;
  per_code: number;
  per_atmid: number;
  exc_access_id: number;
  per_access_id: number;
  op_access_id: number;
  flags: number;
  /** 2 bytes. */
  pad: Uint8Array;
}

export interface Emerg {
  code: number;
}

export interface Extcall {
  code: number;
}

export interface Prefix {
  address: number;
}

export interface Stop {
  flags: number;
}

export interface Mchk {
  cr14: bigint;
  mcic: bigint;
  failing_storage_address: bigint;
  ext_damage_code: number;
  pad: number;
  /** 16 bytes. */
  fixed_logout: Uint8Array;
}

/** A record as decodeIrq gives it: its type, and the one member that the type selects, if any. */
export interface Irq {
  type: bigint;
  io?: Io;
  ext?: Ext;
  pgm?: Pgm;
  emerg?: Emerg;
  extcall?: Extcall;
  prefix?: Prefix;
  stop?: Stop;
  mchk?: Mchk;
}

/** A record as callers write it: fields left out are 0. */
export type IrqInput = { type: bigint | number } & {
  [Member in Exclude<keyof Irq, 'type'>]?: Partial<NonNullable<Irq[Member]>>;
};

/**
 * The image of a record, as s390x memory holds it. Throws a TypeError for a member that the type
 * does not select or a field that it does not have, a RangeError for a value that does not fit.
 */
export function encodeIrq(irq: IrqInput): Buffer;

/** The record that an image of 72 bytes holds; bytes outside its member are ignored. */
export function decodeIrq(image: Uint8Array): Irq;

/** The images of several records, back to back. */
export function encodeIrqs(irqs: Iterable<IrqInput>): Buffer;

/** The records of images that lie back to back. */
export function decodeIrqs(images: Uint8Array): Irq[];
