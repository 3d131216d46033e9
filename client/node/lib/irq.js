// struct kvm_s390_irq: the typed record, and its 72-byte image as s390x memory holds it.
//
// A record is { type, [member]: { field: value } }. The type selects at most one member of the
// union; names are the kernel's. An image is big-endian on every machine; its bytes outside the
// member are ignored by decodeIrq and zero from encodeIrq.
'use strict';

const constants = require('./constants');

const IRQ_SIZE = 72;
const UNION_OFFSET = 8;

// [name, offset in the union, kind]: an integer of u8 to u64, or a number of plain bytes.
const MEMBERS = {
  io: [
    ['subchannel_id', 0, 'u16'],
    ['subchannel_nr', 2, 'u16'],
    ['io_int_parm', 4, 'u32'],
    ['io_int_word', 8, 'u32'],
  ],
  ext: [
    ['ext_params', 0, 'u32'],
    ['pad', 4, 'u32'],
    ['ext_params2', 8, 'u64'],
  ],
  pgm: [
    ['trans_exc_code', 0, 'u64'],
    ['mon_code', 8, 'u64'],
    ['per_address', 16, 'u64'],
    ['data_exc_code', 24, 'u32'],
    ['code', 28, 'u16'],
    ['mon_class_nr', 30, 'u16'],
    ['per_code', 32, 'u8'],
    ['per_atmid', 33, 'u8'],
    ['exc_access_id', 34, 'u8'],
    ['per_access_id', 35, 'u8'],
    ['op_access_id', 36, 'u8'],
    ['flags', 37, 'u8'],
    ['pad', 38, 2],
  ],
  emerg: [['code', 0, 'u16']],
  extcall: [['code', 0, 'u16']],
  prefix: [['address', 0, 'u32']],
  stop: [['flags', 0, 'u32']],
  mchk: [
    ['cr14', 0, 'u64'],
    ['mcic', 8, 'u64'],
    ['failing_storage_address', 16, 'u64'],
    ['ext_damage_code', 24, 'u32'],
    ['pad', 28, 'u32'],
    ['fixed_logout', 32, 16],
  ],
};

const MEMBER_OF_TYPE = new Map([
  [constants.KVM_S390_INT_PFAULT_INIT, 'ext'],
  [constants.KVM_S390_INT_PFAULT_DONE, 'ext'],
  [constants.KVM_S390_INT_VIRTIO, 'ext'],
  [constants.KVM_S390_INT_SERVICE, 'ext'],
  [constants.KVM_S390_PROGRAM_INT, 'pgm'],
  [constants.KVM_S390_INT_EMERGENCY, 'emerg'],
  [constants.KVM_S390_INT_EXTERNAL_CALL, 'extcall'],
  [constants.KVM_S390_SIGP_SET_PREFIX, 'prefix'],
  [constants.KVM_S390_SIGP_STOP, 'stop'],
  [constants.KVM_S390_MCHK, 'mchk'],
]);

const BITS = { u8: 8, u16: 16, u32: 32, u64: 64 };

/** The union's member that a type selects; undefined for a type without payload or unknown. */
function memberOf(type) {
  return type <= constants.KVM_S390_INT_IO_MAX ? 'io' : MEMBER_OF_TYPE.get(type);
}

function unsigned(value, bits, name) {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw new TypeError(`${name} is not an integer: ${String(value)}`);
  }
  const big = BigInt(value);
  if (BigInt.asUintN(bits, big) !== big) {
    throw new RangeError(`${name} does not fit ${bits} bits: ${big}`);
  }
  return big;
}

function writeField(image, [name, offset, kind], value) {
  const at = UNION_OFFSET + offset;
  if (typeof kind === 'number') {
    if (!(value instanceof Uint8Array) || value.length !== kind) {
      throw new TypeError(`${name} is not ${kind} bytes`);
    }
    image.set(value, at);
    return;
  }
  const big = unsigned(value, BITS[kind], name);
  if (kind === 'u64') {
    image.writeBigUInt64BE(big, at);
  } else {
    image.writeUIntBE(Number(big), at, BITS[kind] / 8);
  }
}

function readField(image, [, offset, kind]) {
  const at = UNION_OFFSET + offset;
  if (typeof kind === 'number') return Buffer.from(image.subarray(at, at + kind));
  return kind === 'u64' ? image.readBigUInt64BE(at) : image.readUIntBE(at, BITS[kind] / 8);
}

/**
 * The image of a record. Fields left out are 0. Throws a TypeError for a member that the type does
 * not select, or a field it does not have, and a RangeError for a value that does not fit.
 */
function encodeIrq(irq) {
  const { type, ...members } = irq;
  const big = unsigned(type, 64, 'type');
  const selected = memberOf(big);
  const image = Buffer.alloc(IRQ_SIZE);
  image.writeBigUInt64BE(big, 0);
  for (const [member, fields] of Object.entries(members)) {
    if (fields === undefined) continue;
    if (member !== selected) {
      throw new TypeError(`type 0x${big.toString(16)} has no member '${member}'`);
    }
    for (const [name, value] of Object.entries(fields)) {
      const field = MEMBERS[member].find((candidate) => candidate[0] === name);
      if (!field) throw new TypeError(`${member} has no field '${name}'`);
      if (value !== undefined) writeField(image, field, value);
    }
  }
  return image;
}

/** The record that an image of 72 bytes holds. Every image is some record. */
function decodeIrq(bytes) {
  if (bytes.length !== IRQ_SIZE) {
    throw new RangeError(`a record has ${IRQ_SIZE} bytes, not ${bytes.length}`);
  }
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, IRQ_SIZE);
  const irq = { type: image.readBigUInt64BE(0) };
  const member = memberOf(irq.type);
  if (member) {
    irq[member] = {};
    for (const field of MEMBERS[member]) irq[member][field[0]] = readField(image, field);
  }
  return irq;
}

/** The images of several records, back to back. */
function encodeIrqs(irqs) {
  return Buffer.concat(Array.from(irqs, encodeIrq));
}

/** The records of images that lie back to back. */
function decodeIrqs(bytes) {
  if (bytes.length % IRQ_SIZE !== 0) {
    throw new RangeError(`${bytes.length} bytes are no multiple of ${IRQ_SIZE}`);
  }
  const irqs = [];
  for (let at = 0; at < bytes.length; at += IRQ_SIZE) {
    irqs.push(decodeIrq(bytes.subarray(at, at + IRQ_SIZE)));
  }
  return irqs;
}

module.exports = { IRQ_SIZE, encodeIrq, decodeIrq, encodeIrqs, decodeIrqs };
