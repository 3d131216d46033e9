// Uses what the declarations promise, for tsc to check; never run.
import { test } from 'node:test';
import * as irqd from 'irqd';
import type { Irq, IrqInput } from 'irqd';
import { startServer, withVm } from 'irqd/testing';

test('declarations', async (t) => {
  const server = await startServer({ flags: ['--max_vms=3'] });
  const { client, vm, vcpu } = await withVm(t, { vcpuCount: 2, target: server.target });
  const irq: IrqInput = { type: irqd.KVM_S390_MCHK, mchk: { cr14: 1n, ext_damage_code: 2 } };
  await vcpu.inject(irq);
  await vcpu.inject(irqd.encodeIrq(irq));
  await vcpu.interrupt({ type: irqd.KVM_S390_RESTART, parm64: 1n });
  const state: Buffer = await vcpu.getIrqState();
  const irqs: Irq[] = irqd.decodeIrqs(state);
  const mcic: bigint | undefined = irqs[0]?.mchk?.mcic;
  await vcpu.setIrqState(irqs);
  await vcpu.setIrqState(state, 72);
  await vcpu.reset('clear');
  await vcpu.setMpState(irqd.KVM_MP_STATE_OPERATING);
  const mpState: number = await vcpu.getMpState();
  for await (const rets of vm.injectStream([{ vcpuIds: 0, records: [irq] }], { underWay: 2 })) {
    const first: number | undefined = rets[0];
    void first;
  }
  for (const { vcpuId, ret, buf } of await vm.getIrqStates({ oneInstant: true })) {
    await vm.setIrqStates([{ vcpuId: vcpuId + ret, buf }]);
  }
  const { delivered } = await vcpu.deliver();
  const data0: bigint | undefined = delivered[0]?.data0;
  await vcpu.setRegisters({ cr0: 1n });
  const prefix: number = (await vcpu.getRegisters()).prefix;
  await vm.setRegisters({ todClock: 1n });
  const { conditionCode } = await vcpu.sigp(1, 5);
  await vm.flic.enqueue([irq]);
  const woken: number[] = await vm.flic.setDeviceAttr({ group: irqd.KVM_DEV_FLIC_CLEAR_IRQS });
  const id: bigint = (await client.getVm(vm.name)).id;
  const capability: number = await client.checkExtension(irqd.KVM_CAP_S390_IRQ_STATE);
  try {
    await vcpu.getIrqState(72);
  } catch (error) {
    if (error instanceof irqd.IrqdErrno && error.code === 'ENOBUFS') void error.buf?.length;
  }
  void [mcic, mpState, data0, prefix, conditionCode, woken, id, capability];

  // @ts-expect-error 64-bit fields are bigint
  await vcpu.inject({ type: irqd.KVM_S390_MCHK, mchk: { cr14: 1 } });
  // @ts-expect-error no such field
  await vcpu.inject({ type: irqd.KVM_S390_MCHK, mchk: { code: 1 } });
  // @ts-expect-error no such reset
  await vcpu.reset('hard');
  // @ts-expect-error made by connect alone
  new irqd.Client();
  await server.stop();
});
