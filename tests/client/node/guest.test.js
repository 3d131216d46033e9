// What stands for a guest: registers, delivery, SIGP.
'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const irqd = require('irqd');
const { withVm } = require('irqd/testing');

const PSW_EXTERNAL = 1n << 56n;
const CR0_EMERGENCY = 1n << 14n;
const EMERGENCY = { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 0 } };

test('registers that are set keep all their bits, and the others their values', async (t) => {
  const { vm, vcpu } = await withVm(t);
  await vcpu.setRegisters({ cr0: 0xfedcba9876543210n, prefix: 0x2000 });
  await vm.setRegisters({ todClock: 0xffffffffffffffffn });

  await vcpu.setRegisters({ cr6: 1n });
  await vm.setRegisters({ newPswIo: 2n });

  assert.deepStrictEqual(await vcpu.getRegisters(), {
    pswMask: 0n,
    cr0: 0xfedcba9876543210n,
    cr6: 1n,
    cr14: 0n,
    clockComparator: 0n,
    cpuTimer: 0n,
    prefix: 0x2000,
  });
  assert.deepStrictEqual(await vm.getRegisters(), {
    todClock: 0xffffffffffffffffn,
    newPswRestart: 0n,
    newPswExternal: 0n,
    newPswProgram: 0n,
    newPswMachineCheck: 0n,
    newPswIo: 2n,
  });
});

test('what is held is delivered once it is enabled', async (t) => {
  const { vcpu } = await withVm(t);
  await vcpu.inject(EMERGENCY);
  const { type } = EMERGENCY;

  assert.deepStrictEqual(await vcpu.getDeliverable(), {
    pending: [{ type, isc: 0, count: 1, heldBy: 'PSW_EXTERNAL' }],
    hasIrq: false,
    hasIrqBesidesStop: false,
  });
  await vcpu.setRegisters({ pswMask: PSW_EXTERNAL, cr0: CR0_EMERGENCY });
  assert.deepStrictEqual(await vcpu.deliver(), {
    delivered: [{ irq: irqd.encodeIrq(EMERGENCY), data0: 0n, data1: 0n }],
    pending: [],
    more: false,
  });
});

test('SIGP answers a condition code, and a stop leaves the guest', async (t) => {
  const { vm, vcpu } = await withVm(t, { vcpuCount: 2 });
  const other = vm.vcpu(1);
  await other.setMpState(irqd.KVM_MP_STATE_OPERATING);

  assert.deepStrictEqual(await vcpu.sigp(9, 3), { conditionCode: 3, status: 0 });
  assert.deepStrictEqual(await vcpu.sigp(1, 13, 0x2000), { conditionCode: 1, status: 0x200 });
  assert.strictEqual(await other.stopIntercept(), false);
  assert.deepStrictEqual(await vcpu.sigp(1, 5), { conditionCode: 0, status: 0 });
  assert.strictEqual(await other.stopIntercept(), true);
});
