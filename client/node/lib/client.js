// The connection to a server, and what is asked of the server as a whole.
'use strict';

const { Rpc, toLong } = require('./rpc');
const { Vm, vmInfo } = require('./vm');

function vmRef(handle) {
  return typeof handle === 'string' ? { name: handle } : { id: toLong(handle) };
}

/** All of a list that comes in pages. */
async function allPages(list, field) {
  const all = [];
  let pageToken = '';
  do {
    const page = await list({ pageSize: 1000, pageToken });
    all.push(...page[field]);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}

class Client {
  #rpc;
  #timeoutMs;

  constructor(rpc, timeoutMs) {
    this.#rpc = rpc;
    this.#timeoutMs = timeoutMs;
  }

  /** Used by Vm, Vcpu and Flic: one call, with this client's deadline. */
  call(service, method, request) {
    return this.#rpc.call(service, method, request, this.#timeoutMs);
  }

  stream(service, method) {
    return this.#rpc.stream(service, method, this.#timeoutMs);
  }

  /** The same connection with another deadline for each call; undefined: none. */
  withTimeout(timeoutMs) {
    return new Client(this.#rpc, timeoutMs);
  }

  /** Resolves once the server answers. */
  waitForReady(timeoutMs = 10000) {
    return this.#rpc.waitForReady(timeoutMs);
  }

  /** Ends the connection, for all that withTimeout made of it too. */
  close() {
    this.#rpc.close();
  }

  async createVm(request = {}) {
    return new Vm(this, vmInfo(await this.call('Vms', 'createVm', request)));
  }

  /** By name or id. */
  async getVm(handle) {
    return new Vm(this, vmInfo(await this.call('Vms', 'getVm', { vm: vmRef(handle) })));
  }

  /** All VMs by ascending id. */
  async listVms() {
    const vms = await allPages((page) => this.call('Vms', 'listVms', page), 'vms');
    return vms.map((vm) => new Vm(this, vmInfo(vm)));
  }

  /** By name or id. */
  async deleteVm(handle) {
    await this.call('Vms', 'deleteVm', { vm: vmRef(handle) });
  }

  /** KVM_CHECK_EXTENSION on /dev/kvm of a host. */
  async checkExtension(extension, hostProfile = {}) {
    const request = { hostProfile, extension: toLong(extension) };
    return (await this.call('Kvm', 'checkExtension', request)).ret;
  }
}

/** A client of the server at `target`: host:port or unix:PATH. Connects when it is first used. */
function connect(target, { timeoutMs, channelOptions } = {}) {
  return new Client(new Rpc(target, channelOptions), timeoutMs);
}

module.exports = { Client, connect, allPages };
