// Connections: deadlines, sockets, servers that are not there, and the helper that starts one.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { status } = require('@grpc/grpc-js');
const irqd = require('irqd');
const { startServer, withVm } = require('irqd/testing');

const binary = process.env.IRQD_BINARY;

/** A listener that takes connections and never says anything. */
async function silentServer(t) {
  const sockets = [];
  const server = net.createServer((socket) => sockets.push(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${server.address().port}`;
}

test('a call that takes longer than its deadline fails', async (t) => {
  const client = irqd.connect(await silentServer(t), { timeoutMs: 50 });
  t.after(() => client.close());

  await assert.rejects(client.listVms(), { code: status.DEADLINE_EXCEEDED });
  await assert.rejects(client.waitForReady(50));
});

test('withTimeout shares the connection, and the deadline is its own', async (t) => {
  const { client } = await withVm(t);
  const hurried = client.withTimeout(0);

  await assert.rejects(hurried.listVms(), { code: status.DEADLINE_EXCEEDED });
  assert.strictEqual((await client.listVms()).length, 1);
});

test('a server that is not there is UNAVAILABLE', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'irqd-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const client = irqd.connect(`unix:${folder}/socket`);
  t.after(() => client.close());

  await assert.rejects(client.createVm(), { code: status.UNAVAILABLE });
});

test('a unix socket does', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'irqd-'));
  const socket = `unix:${folder}/socket`;
  const server = await startServer({ binary, flags: [`--listen=${socket}`] });
  const client = irqd.connect(socket);
  t.after(async () => {
    client.close();
    await server.stop();
    fs.rmSync(folder, { recursive: true });
  });

  await client.waitForReady();
  const vm = await client.createVm({ vcpuCount: 1 });

  assert.strictEqual((await vm.vcpu(0).getIrqState()).length, 0);
});

test('a server that was started is stopped', async () => {
  const server = await startServer({ binary });
  const client = irqd.connect(server.target);
  await client.waitForReady();

  await server.stop();

  await assert.rejects(client.listVms(), { code: status.UNAVAILABLE });
  client.close();
});

test('what keeps a server from starting is said', async () => {
  await assert.rejects(startServer({ binary, flags: ['--max_vms=0'] }), {
    message: /^irqd did not start: irqd: --max_vms=0: takes a number/,
  });
  await assert.rejects(startServer({ binary: '/nonexistent/irqd' }), {
    message: "there is no program '/nonexistent/irqd'; set IRQD_BINARY or IRQD_TARGET",
  });
});

test('IRQD_TARGET is used and not stopped', async (t) => {
  const server = await startServer({ binary });
  process.env.IRQD_TARGET = server.target;
  t.after(async () => {
    delete process.env.IRQD_TARGET;
    await server.stop();
  });

  const same = await startServer();
  await same.stop();

  assert.strictEqual(same.target, server.target);
  const client = irqd.connect(same.target);
  assert.deepStrictEqual(await client.listVms(), []);
  client.close();
});

test("withVm's VM is gone after its test", async (t) => {
  const server = await startServer({ binary });
  const client = irqd.connect(server.target);
  t.after(async () => {
    client.close();
    await server.stop();
  });

  for (const deletesItself of [false, true]) {
    const hooks = [];
    const { vm } = await withVm({ after: (hook) => hooks.push(hook) }, { target: server.target });
    assert.strictEqual((await client.listVms()).length, 1);
    if (deletesItself) await vm.delete();
    for (const hook of hooks) await hook();
    assert.deepStrictEqual(await client.listVms(), []);
  }
});

/** Calls until a call fails so; one that was under way when the server died fails otherwise. */
async function until(client, code) {
  for (let failed; failed !== code; ) {
    failed = await client.listVms().then(
      () => undefined,
      (error) => error.code,
    );
  }
}

/** Runs a script that starts a server, prints its target and does `then`. */
function runWithServer(then) {
  const script = `
    require('irqd/testing').startServer().then(async ({ target }) => {
      const client = require('irqd').connect(target);
      await client.createVm();
      require('node:fs').writeSync(1, target);
      ${then}
    });`;
  return spawnSync(process.execPath, ['-e', script], {
    cwd: __dirname,
    encoding: 'utf8',
    env: { ...process.env, IRQD_BINARY: binary },
  });
}

for (const [how, then, signal] of [
  ['ends by itself though its server runs', '', null],
  ['is terminated', "process.kill(process.pid, 'SIGTERM');", 'SIGTERM'],
  ['is killed', "process.kill(process.pid, 'SIGKILL');", 'SIGKILL'],
]) {
  test(`a process that ${how} takes the server along`, async (t) => {
    const ran = runWithServer(then);

    assert.strictEqual(ran.signal, signal, ran.stderr);
    assert.match(ran.stdout, /^127\.0\.0\.1:[0-9]+$/);
    const client = irqd.connect(ran.stdout);
    t.after(() => client.close());
    await until(client, status.UNAVAILABLE);
  });
}
