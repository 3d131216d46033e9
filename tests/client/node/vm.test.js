// VMs: making, finding, listing and deleting them, and their floating interrupts.
'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const { status } = require('@grpc/grpc-js');
const irqd = require('irqd');
const { startServer, withVm } = require('irqd/testing');

test('a VM is found by name and by id, and says what it is', async (t) => {
  const { client, vm } = await withVm(t, {
    name: 'node-vm',
    hostProfile: { kernel: 'linux-4.1', sigpInterpretation: false },
    vcpuIds: [3, 1],
  });

  const byName = await client.getVm('node-vm');
  const byId = await client.getVm(vm.id);

  assert.strictEqual(byName.id, vm.id);
  assert.strictEqual(byId.name, 'node-vm');
  assert.strictEqual(byId.hostProfile.kernel, 'linux-4.1');
  assert.strictEqual(byId.hostProfile.sigpInterpretation, false);
  assert.strictEqual((await vm.info()).vcpuCount, 2);
  assert.deepStrictEqual(await vm.listVcpus(), [
    { id: 1, mpState: irqd.KVM_MP_STATE_STOPPED, pending: 0n },
    { id: 3, mpState: irqd.KVM_MP_STATE_STOPPED, pending: 0n },
  ]);
});

test('a profile that is left out is the default, and a VM may have no vCPU', async (t) => {
  const { vm } = await withVm(t, { vcpuCount: 0 });

  const { hostProfile, vcpuCount } = await vm.info();

  assert.strictEqual(vcpuCount, 0);
  assert.deepStrictEqual(hostProfile, {
    kernel: 'linux-6.1',
    sigpInterpretation: true,
    extendedSca: true,
    gisa: false,
  });
});

test('a list has all pages', async (t) => {
  const server = await startServer({ flags: ['--max_vms=2000'], binary: process.env.IRQD_BINARY });
  t.after(() => server.stop());
  const client = irqd.connect(server.target);
  const made = [];
  for (let i = 0; i < 1001; i += 1) made.push((await client.createVm()).id);

  const listed = await client.listVms();
  client.close();

  assert.deepStrictEqual(listed.map(({ id }) => id), made);
});

test('a VM that was deleted is not found', async (t) => {
  const { client, vm, vcpu } = await withVm(t);

  await client.deleteVm(vm.name);

  await assert.rejects(vm.info(), { code: status.NOT_FOUND });
  await assert.rejects(vcpu.getIrqState(), { code: status.NOT_FOUND });
  await assert.rejects(vm.delete(), { code: status.NOT_FOUND });
});

test('capabilities are those of the host', async (t) => {
  const { client, vm } = await withVm(t);
  const old = { kernel: 'linux-4.1' };

  assert.strictEqual(await vm.checkExtension(irqd.KVM_CAP_S390_IRQ_STATE), 1);
  assert.strictEqual(await client.checkExtension(irqd.KVM_CAP_S390_AIS), 1);
  assert.strictEqual(await client.checkExtension(irqd.KVM_CAP_S390_AIS, old), 0);
});

test('floating interrupts are enqueued, listed and cleared', async (t) => {
  const { vm } = await withVm(t);
  const io = (subchannel_nr) => ({
    type: 0x10000n + BigInt(subchannel_nr),
    io: { subchannel_id: 1, subchannel_nr, io_int_parm: 7, io_int_word: 0x18000000 },
  });
  await vm.flic.createDevice();
  await vm.flic.hasDeviceAttr({ group: irqd.KVM_DEV_FLIC_ENQUEUE });
  await vm.flic.enableCap(irqd.KVM_CAP_S390_IRQCHIP);

  const woken = await vm.flic.enqueue([io(2), io(3)]);
  await vm.flic.interrupt({ type: irqd.KVM_S390_INT_SERVICE, parm: 0x1000 });
  await vm.flic.clearIoIrq(1, 2);

  assert.deepStrictEqual(woken, []);
  const [first, second, ...more] = irqd.decodeIrqs(await vm.flic.getAllIrqs());
  assert.deepStrictEqual(first, io(3));
  assert.strictEqual(second.type, irqd.KVM_S390_INT_SERVICE);
  assert.deepStrictEqual(more, []);
  assert.notStrictEqual((await vm.info()).floatingPending, 0n);
  await vm.flic.clearIrqs();
  assert.strictEqual((await vm.flic.getAllIrqs()).length, 0);
});

test('an answer may be larger than the 4 MiB that grpc-js takes by itself', async (t) => {
  const { vm } = await withVm(t);
  const part = irqd.encodeIrqs(Array(910).fill({ type: 0x10002n }));
  for (let i = 0; i < 65; i += 1) await vm.flic.enqueue(part);

  const images = await vm.flic.getAllIrqs(8 << 20);

  assert.strictEqual(images.length, 65 * part.length);
  assert.ok(images.length > 4 << 20);
});
