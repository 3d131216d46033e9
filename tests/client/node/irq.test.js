// The records' images: which bytes each field has, and what is refused.
'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const irqd = require('irqd');

/** An image: the type's low 32 bits and the union's first bytes in hexadecimal, the rest zero. */
function image(type, union = '') {
  return Buffer.from(`00000000${type}${union}`.padEnd(144, '0'), 'hex');
}

const SAMPLES = [
  {
    irq: {
      type: 0x00010002n,
      io: { subchannel_id: 0x1122, subchannel_nr: 0x3344, io_int_parm: 1, io_int_word: 0x80000002 },
    },
    image: image('00010002', '112233440000000180000002'),
  },
  {
    irq: {
      type: irqd.KVM_S390_INT_PFAULT_INIT,
      ext: { ext_params: 0x11223344, pad: 0x55667788, ext_params2: 0x99aabbccddeeff00n },
    },
    image: image('fffe0004', '112233445566778899aabbccddeeff00'),
  },
  {
    irq: {
      type: irqd.KVM_S390_PROGRAM_INT,
      pgm: {
        trans_exc_code: 0x8000000000000001n,
        mon_code: 2n,
        per_address: 3n,
        data_exc_code: 4,
        code: 0x0506,
        mon_class_nr: 0x0708,
        per_code: 9,
        per_atmid: 10,
        exc_access_id: 11,
        per_access_id: 12,
        op_access_id: 13,
        flags: 14,
        pad: Buffer.from([15, 16]),
      },
    },
    image: image(
      'fffe0001',
      '8000000000000001' + '0000000000000002' + '0000000000000003' + '00000004' + '0506' + '0708' +
        '090a0b0c0d0e0f10',
    ),
  },
  {
    irq: { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 0x0102 } },
    image: image('ffff1201', '0102'),
  },
  {
    irq: { type: irqd.KVM_S390_INT_EXTERNAL_CALL, extcall: { code: 0xffff } },
    image: image('ffff1202', 'ffff'),
  },
  {
    irq: { type: irqd.KVM_S390_SIGP_SET_PREFIX, prefix: { address: 0x7fffe000 } },
    image: image('fffe0002', '7fffe000'),
  },
  {
    irq: { type: irqd.KVM_S390_SIGP_STOP, stop: { flags: 1 } },
    image: image('fffe0000', '00000001'),
  },
  {
    irq: {
      type: irqd.KVM_S390_MCHK,
      mchk: {
        cr14: 1n,
        mcic: 0xffffffffffffffffn,
        failing_storage_address: 3n,
        ext_damage_code: 4,
        pad: 5,
        fixed_logout: Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex'),
      },
    },
    image: image(
      'fffe1000',
      '0000000000000001' + 'ffffffffffffffff' + '0000000000000003' + '00000004' + '00000005' +
        '0102030405060708090a0b0c0d0e0f10',
    ),
  },
  { irq: { type: irqd.KVM_S390_RESTART }, image: image('fffe0003') },
  { irq: { type: irqd.KVM_S390_INT_CLOCK_COMP }, image: image('ffff1004') },
];

for (const { irq, image: bytes } of SAMPLES) {
  test(`a record of type 0x${irq.type.toString(16)} is its image, both ways`, () => {
    assert.deepStrictEqual(irqd.encodeIrq(irq), bytes);
    assert.deepStrictEqual(irqd.decodeIrq(bytes), irq);
  });

  test(`bytes outside the member of type 0x${irq.type.toString(16)} are dropped`, () => {
    const member = Object.values(irq)[1] ?? {};
    const full = Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(64, 0xff)]);

    const decoded = irqd.decodeIrq(full);
    const again = irqd.encodeIrq(decoded);

    assert.deepStrictEqual(Object.keys(Object.values(decoded)[1] ?? {}), Object.keys(member));
    const ones = again.subarray(8).lastIndexOf(0xff) + 1;
    assert.deepStrictEqual(again.subarray(8), Buffer.alloc(64).fill(0xff, 0, ones));
    const sizes = { io: 12, ext: 16, pgm: 40, emerg: 2, extcall: 2, prefix: 4, stop: 4, mchk: 48 };
    assert.strictEqual(ones, sizes[Object.keys(irq)[1]] ?? 0);
  });
}

test('a type of 64 bits is kept, and has no member', () => {
  const irq = { type: 0x1fffe1000n };

  assert.deepStrictEqual(irqd.decodeIrq(irqd.encodeIrq(irq)), irq);
});

test('fields that are left out are zero, and numbers do for bigint', () => {
  const bytes = irqd.encodeIrq({ type: 0xfffe1000, mchk: { cr14: 7 } });

  assert.deepStrictEqual(bytes, image('fffe1000', '0000000000000007'));
});

test('an image is read from any Uint8Array, at any offset', () => {
  const memory = new Uint8Array(80);
  memory.set(image('ffff1201', '0102'), 5);

  const irq = irqd.decodeIrq(memory.subarray(5, 77));

  assert.deepStrictEqual(irq, { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 0x0102 } });
});

test('a decoded record shares no memory with its image', () => {
  const bytes = irqd.encodeIrq({ type: irqd.KVM_S390_MCHK });

  const irq = irqd.decodeIrq(bytes);
  bytes.fill(0xff);

  assert.deepStrictEqual(irq.mchk.fixed_logout, Buffer.alloc(16));
});

test('several records lie back to back', () => {
  const irqs = SAMPLES.map(({ irq }) => irq);
  const bytes = Buffer.concat(SAMPLES.map((sample) => sample.image));

  assert.deepStrictEqual(irqd.encodeIrqs(irqs), bytes);
  assert.deepStrictEqual(irqd.decodeIrqs(bytes), irqs);
});

const REFUSED = [
  { why: 'no type', irq: {}, error: TypeError },
  { why: 'a fraction', irq: { type: 1.5 }, error: TypeError },
  { why: 'a type of 65 bits', irq: { type: 1n << 64n }, error: RangeError },
  { why: 'a negative type', irq: { type: -1 }, error: RangeError },
  {
    why: 'a member of another type',
    irq: { type: irqd.KVM_S390_MCHK, emerg: { code: 1 } },
    error: TypeError,
  },
  {
    why: 'a member where the type has none',
    irq: { type: irqd.KVM_S390_RESTART, stop: { flags: 1 } },
    error: TypeError,
  },
  {
    why: 'a field that the member has not',
    irq: { type: irqd.KVM_S390_MCHK, mchk: { code: 1 } },
    error: TypeError,
  },
  {
    why: 'a code of 17 bits',
    irq: { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 0x10000 } },
    error: RangeError,
  },
  {
    why: 'a logout of 15 bytes',
    irq: { type: irqd.KVM_S390_MCHK, mchk: { fixed_logout: Buffer.alloc(15) } },
    error: TypeError,
  },
];

for (const { why, irq, error } of REFUSED) {
  test(`encodeIrq refuses ${why}`, () => {
    assert.throws(() => irqd.encodeIrq(irq), error);
  });
}

test('decodeIrq and decodeIrqs refuse what is no whole record', () => {
  assert.throws(() => irqd.decodeIrq(Buffer.alloc(71)), RangeError);
  assert.throws(() => irqd.decodeIrqs(Buffer.alloc(73)), RangeError);
});
