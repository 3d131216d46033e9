// Helpers for node:test: a server for as long as the tests run, a VM for as long as a test does.
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { status } = require('@grpc/grpc-js');
const { connect } = require('./index');

/** Waits until it says that it listens, which it does after it wrote the ready file. */
async function awaitReady(server) {
  let said = '';
  server.stderr.setEncoding('utf8');
  for await (const text of server.stderr.iterator({ destroyOnReturn: false })) {
    said += text;
    if (/^irqd: listening on .*\n/m.test(said)) return;
  }
  throw new Error(`irqd did not start: ${said.trim()}`);
}

async function start(binary, flags, folder) {
  const readyFile = path.join(folder, 'ready');
  const all = ['--listen=127.0.0.1:0', `--ready_file=${readyFile}`, ...flags];
  const server = spawn(binary, all, { stdio: ['ignore', 'ignore', 'pipe'] });
  const failed = once(server, 'error').then(([error]) => {
    throw new Error(`no irqd: ${error.message}; set IRQD_BINARY or IRQD_TARGET`);
  });
  const exited = once(server, 'exit');
  failed.catch(() => {});
  exited.catch(() => {});
  await Promise.race([awaitReady(server), failed]);
  return { server, exited, target: fs.readFileSync(readyFile, 'utf8').split('\n')[0] };
}

/**
 * An irqd on a free port of loopback, from `binary`, IRQD_BINARY or the PATH; or, if nothing else
 * is asked for and IRQD_TARGET is set, the server there. Does not keep the process alive, and ends
 * with it.
 */
async function startServer({ binary, flags = [] } = {}) {
  const target = process.env.IRQD_TARGET;
  if (target && !binary && flags.length === 0) return { target, stop: async () => {} };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'irqd-'));
  let started;
  try {
    started = await start(binary || process.env.IRQD_BINARY || 'irqd', flags, folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const { server, exited } = started;
  const kill = () => server.kill();
  process.once('exit', kill);
  server.stderr.resume();
  server.stderr.unref();
  server.unref();
  return {
    target: started.target,
    async stop() {
      process.removeListener('exit', kill);
      server.ref();
      server.kill();
      await exited;
    },
  };
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
