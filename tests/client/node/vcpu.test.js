// The calls on one vCPU that the recordings do not show, and what their refusals look like.
'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const { status } = require('@grpc/grpc-js');
const irqd = require('irqd');
const { withVm } = require('irqd/testing');

const EMERGENCY = { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 0 } };
const RESTART = { type: irqd.KVM_S390_RESTART };

test('GET gives what was injected', async (t) => {
  const { vcpu } = await withVm(t);

  await vcpu.inject(EMERGENCY);
  await vcpu.inject(irqd.encodeIrq(RESTART));

  assert.deepStrictEqual(irqd.decodeIrqs(await vcpu.getIrqState()), [RESTART, EMERGENCY]);
});

test('GET without room is ENOBUFS with what did fit, and works with a bigger buffer', async (t) => {
  const { vcpu } = await withVm(t);
  await vcpu.inject(EMERGENCY);
  await vcpu.inject(RESTART);

  await assert.rejects(vcpu.getIrqState(72), (error) => {
    assert.ok(error instanceof irqd.IrqdErrno && error instanceof Error);
    assert.strictEqual(error.name, 'IrqdErrno');
    assert.strictEqual(error.errno, -105);
    assert.strictEqual(error.code, 'ENOBUFS');
    assert.strictEqual(error.syscall, 'KVM_S390_GET_IRQ_STATE');
    assert.match(error.message, /^KVM_S390_GET_IRQ_STATE: ENOBUFS, ask again with a larger len$/);
    assert.deepStrictEqual(error.buf, irqd.encodeIrq(RESTART));
    return true;
  });
  assert.strictEqual((await vcpu.getIrqState(144)).length, 144);
});

test('a state moves to another VM byte for byte', async (t) => {
  const { vcpu: source } = await withVm(t);
  const { vcpu: destination } = await withVm(t);
  await source.inject({ type: irqd.KVM_S390_INT_PFAULT_INIT, ext: { ext_params2: 1n << 63n } });
  await source.inject(EMERGENCY);
  const state = await source.getIrqState();

  await destination.setIrqState(state);

  assert.strictEqual(state.length, 144);
  assert.deepStrictEqual(await destination.getIrqState(), state);
});

test('SET takes typed records too, and is EBUSY until a reset', async (t) => {
  const { vcpu } = await withVm(t);
  await vcpu.setIrqState([RESTART]);

  await assert.rejects(vcpu.setIrqState([EMERGENCY]), {
    code: 'EBUSY',
    errno: -16,
    message: 'KVM_S390_SET_IRQ_STATE: EBUSY, reset the vCPU first',
  });
  await vcpu.reset('clear');
  await vcpu.setIrqState([EMERGENCY]);

  assert.deepStrictEqual(await vcpu.getIrqState(), irqd.encodeIrq(EMERGENCY));
});

test('each refusal of the kernel names its ioctl', async (t) => {
  const { vm, vcpu } = await withVm(t);
  const refusals = [
    [() => vcpu.inject({ type: 1n << 63n }), 'KVM_S390_IRQ', 'EINVAL'],
    [() => vcpu.interrupt({ type: 1 }), 'KVM_S390_INTERRUPT', 'EINVAL'],
    [() => vcpu.getIrqState(0), 'KVM_S390_GET_IRQ_STATE', 'EINVAL'],
    [() => vcpu.setIrqState([]), 'KVM_S390_SET_IRQ_STATE', 'EINVAL'],
    [() => vcpu.setMpState(6), 'KVM_SET_MP_STATE', 'ENXIO'],
    [() => vm.createVcpu(0), 'KVM_CREATE_VCPU', 'EEXIST'],
    [() => vm.flic.createDevice({ type: 5 }), 'KVM_CREATE_DEVICE', 'ENODEV'],
    [() => vm.flic.hasDeviceAttr({ group: 12 }), 'KVM_HAS_DEVICE_ATTR', 'ENXIO'],
    [() => vm.flic.enableCap(irqd.KVM_CAP_S390_AIS), 'KVM_ENABLE_CAP', 'EBUSY'],
    [() => vm.flic.setDeviceAttr({ group: 9 }), 'KVM_SET_DEVICE_ATTR', 'EOPNOTSUPP'],
    [() => vm.flic.getAllIrqs(0), 'KVM_GET_DEVICE_ATTR', 'EINVAL'],
  ];

  for (const [call, syscall, code] of refusals) {
    await assert.rejects(call, { name: 'IrqdErrno', syscall, code });
  }
});

test('a call that never reaches the kernel is a ServiceError, not an errno', async (t) => {
  const { vm, vcpu } = await withVm(t);

  const isStatus = (code) => (error) => {
    assert.ok(!(error instanceof irqd.IrqdErrno));
    assert.strictEqual(error.code, code);
    return true;
  };
  await assert.rejects(vcpu.inject(Buffer.alloc(71)), isStatus(status.INVALID_ARGUMENT));
  await assert.rejects(vm.vcpu(7).getIrqState(), isStatus(status.NOT_FOUND));
});

test('parm64 keeps all its bits', async (t) => {
  const { vcpu } = await withVm(t);
  const parm64 = 0xfedcba9876543211n;

  await vcpu.interrupt({ type: irqd.KVM_S390_INT_PFAULT_INIT, parm: 7, parm64 });

  const [irq] = irqd.decodeIrqs(await vcpu.getIrqState());
  assert.strictEqual(irq.ext.ext_params2, parm64);
});

test('a vCPU is stopped until it is set to operate', async (t) => {
  const { vcpu } = await withVm(t);

  assert.strictEqual(await vcpu.getMpState(), irqd.KVM_MP_STATE_STOPPED);
  await vcpu.setMpState(irqd.KVM_MP_STATE_OPERATING);
  assert.strictEqual(await vcpu.getMpState(), irqd.KVM_MP_STATE_OPERATING);
});
