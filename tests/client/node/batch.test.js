// Many vCPUs in one call, and streams of injections.
'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const { status } = require('@grpc/grpc-js');
const irqd = require('irqd');
const { withVm } = require('irqd/testing');

const RESTART = { type: irqd.KVM_S390_RESTART };
const EINVAL = -22;
const ENOBUFS = -105;
const emergency = (code) => ({ type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code } });

async function collect(rets) {
  const all = [];
  for await (const ret of rets) all.push(ret);
  return all;
}

test('whole VMs are read and set in one call each', async (t) => {
  const { vm: source } = await withVm(t, { vcpuCount: 3 });
  const { vm: destination } = await withVm(t, { vcpuCount: 3 });
  await source.vcpu(0).inject(RESTART);
  await source.vcpu(2).inject(RESTART);
  await source.vcpu(2).inject(emergency(1));

  const states = await source.getIrqStates({ oneInstant: true });
  const rets = await destination.setIrqStates(states.filter(({ ret }) => ret > 0));

  const found = states.map(({ vcpuId, ret }) => [vcpuId, ret]);
  assert.deepStrictEqual(found, [[0, 72], [1, 0], [2, 144]]);
  assert.deepStrictEqual(rets, [0, 0]);
  assert.deepStrictEqual(await destination.getIrqStates(), states);
});

test('one instant is asked of the server', async () => {
  const asked = [];
  const client = {
    async call(service, method, request) {
      asked.push(request.oneInstant);
      return { vcpuIds: [], ret: [], size: [], buf: Buffer.alloc(0) };
    },
  };
  const vm = new irqd.Vm(client, { id: 1n, name: 'vm', hostProfile: {} });

  await vm.getIrqStates();
  await vm.getIrqStates({ oneInstant: true });

  assert.deepStrictEqual(asked, [false, true]);
});

test('an errno is that of its element', async (t) => {
  const { vm } = await withVm(t, { vcpuCount: 2 });
  await vm.vcpu(0).inject(RESTART);
  await vm.vcpu(0).inject(emergency(1));

  const states = await vm.getIrqStates({ vcpuIds: [1, 0], len: 72 });
  const rets = await vm.setIrqStates([
    { vcpuId: 1, buf: Buffer.alloc(1) },
    { vcpuId: 1, buf: [emergency(0)] },
  ]);

  assert.deepStrictEqual(states.map(({ ret, buf }) => [ret, buf.length]), [[0, 0], [ENOBUFS, 72]]);
  assert.deepStrictEqual(rets, [EINVAL, 0]);
});

test('a stream answers each message by the rets of its records', async (t) => {
  const { vm } = await withVm(t, { vcpuCount: 2 });
  const messages = [
    { vcpuIds: [0, 1], records: [RESTART, emergency(9)] },
    { vcpuIds: 1, records: irqd.encodeIrqs([emergency(0), emergency(1)]) },
    { vcpuIds: 0, records: [] },
  ];

  const rets = await collect(vm.injectStream(messages));

  assert.deepStrictEqual(rets, [[0, EINVAL], [0, 0], []]);
  assert.deepStrictEqual(irqd.decodeIrqs(await vm.vcpu(1).getIrqState()), [
    emergency(0),
    emergency(1),
  ]);
});

test('messages are read no further ahead than asked', async (t) => {
  const { vm } = await withVm(t);
  let read = 0;
  let ahead = 0;
  let answered = 0;
  async function* messages() {
    for (; read < 50; read += 1) {
      ahead = Math.max(ahead, read + 1 - answered);
      yield { vcpuIds: 0, records: [emergency(0)] };
    }
  }

  for await (const ret of vm.injectStream(messages(), { underWay: 3 })) {
    assert.deepStrictEqual(ret, [0]);
    answered += 1;
  }

  assert.strictEqual(answered, 50);
  // One more is read, but not yet sent; and an answer may have come that the loop did not see yet.
  assert.ok(ahead >= 2 && ahead <= 3 + 2, `${ahead} ahead`);
});

test("a stream ends with the server's status", async (t) => {
  const { vm } = await withVm(t);
  const messages = [
    { vcpuIds: 0, records: [RESTART] },
    { vcpuIds: 5, records: [RESTART] },
  ];
  const seen = [];

  await assert.rejects(
    async () => {
      for await (const ret of vm.injectStream(messages)) seen.push(ret);
    },
    { code: status.NOT_FOUND },
  );

  assert.deepStrictEqual(seen, [[0]]);
});

test("a stream ends with the fault of the caller's messages", async (t) => {
  const { vm } = await withVm(t);
  async function* messages() {
    yield { vcpuIds: 0, records: [RESTART] };
    throw new Error('out of records');
  }

  await assert.rejects(collect(vm.injectStream(messages())), { message: 'out of records' });
});

test('a stream that is left early ends, and its messages with it', async (t) => {
  const { vm, vcpu } = await withVm(t);
  let ended;
  const end = new Promise((resolve) => {
    ended = resolve;
  });
  async function* messages() {
    try {
      for (;;) yield { vcpuIds: 0, records: [RESTART] };
    } finally {
      ended();
    }
  }

  for await (const ret of vm.injectStream(messages())) {
    assert.deepStrictEqual(ret, [0]);
    break;
  }
  await end;

  assert.strictEqual((await vcpu.getIrqState()).length, 72);
});
