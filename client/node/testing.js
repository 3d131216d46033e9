// Helpers for node:test: a server for as long as the tests run, a VM for as long as a test does.
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { status } = require('@grpc/grpc-js');
const { connect } = require('./index');

// Becomes the server, and leaves behind whoever ends it when descriptor 3 closes without a word:
// when this process is gone, however it went.
const GUARDED = '(read -r word <&3 || kill $$) 2>&- & exec "$@" 3<&-';
const NOT_FOUND = 127;

/** Waits until it says that it listens, which it does after it wrote the ready file. */
async function awaitReady(server, exited, binary) {
  let said = '';
  server.stderr.setEncoding('utf8');
  for await (const text of server.stderr.iterator({ destroyOnReturn: false })) {
    said += text;
    if (/^irqd: listening on .*\n/m.test(said)) return;
  }
  const [code] = await exited;
  if (code === NOT_FOUND) {
    throw new Error(`there is no program '${binary}'; set IRQD_BINARY or IRQD_TARGET`);
  }
  throw new Error(`irqd did not start: ${said.trim()}`);
}

/** A running server, and its exit, which ends the guard too. */
async function start(binary, flags, folder) {
  const readyFile = path.join(folder, 'ready');
  const command = [binary, '--listen=127.0.0.1:0', `--ready_file=${readyFile}`, ...flags];
  const server = spawn('/bin/sh', ['-c', GUARDED, 'sh', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const guard = server.stdio[3];
  guard.on('error', () => {});
  const exited = once(server, 'exit').finally(() => guard.end('over\n'));
  await awaitReady(server, exited, binary);
  return { server, exited, target: fs.readFileSync(readyFile, 'utf8').split('\n')[0] };
}

/**
 * An irqd on a free port of loopback, from `binary`, IRQD_BINARY or the PATH; or, if nothing else
 * is asked for and IRQD_TARGET is set, the server there. Does not keep the process alive, and ends
 * with it.
 */
async function startServer({ binary, flags = [] } = {}) {
  const given = process.env.IRQD_TARGET;
  if (given && !binary && flags.length === 0) return { target: given, stop: async () => {} };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'irqd-'));
  try {
    const program = binary || process.env.IRQD_BINARY || 'irqd';
    const { server, exited, target } = await start(program, flags, folder);
    server.stderr.resume();
    for (const handle of [server, server.stderr, server.stdio[3]]) handle.unref();
    const stop = async () => {
      server.ref();
      server.kill();
      await exited;
    };
    return { target, stop };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

let shared;

/** Deletes a VM that the test may have deleted itself. */
async function deleteVm(vm) {
  try {
    await vm.delete();
  } catch (error) {
    if (error.code !== status.NOT_FOUND) throw error;
  }
}

/**
 * A VM with a vCPU, for one test: both are gone after it. Starts a server when the first test of
 * the process asks. `options` are those of createVm, and `target` for a server of your own.
 */
async function withVm(t, { target, ...options } = {}) {
  if (!target) shared ||= startServer();
  const client = connect(target || (await shared).target);
  // After the test, in this order; one hook, as Node's versions differ in the order of several.
  let vm;
  t.after(async () => {
    try {
      if (vm) await deleteVm(vm);
    } finally {
      client.close();
    }
  });
  const vcpus = options.vcpuIds?.length ? {} : { vcpuCount: 1 };
  vm = await client.createVm({ ...vcpus, ...options });
  return { client, vm, vcpu: vm.vcpu(options.vcpuIds?.[0] ?? 0) };
}

module.exports = { startServer, withVm };
