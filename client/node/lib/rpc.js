// The services of irqd.v1 over one channel: calls as promises, 64-bit fields as bigint.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const SERVICES = ['Batch', 'Flic', 'Guest', 'Kvm', 'Vms'];

// All floating interrupts that can be pending take 26.6 MB; grpc-js would accept 4 MiB.
const MAX_RESPONSE_SIZE = 40 << 20;

// A package that was packed has its own copy; in the repository the originals are the source.
function protoFolder() {
  const own = path.join(__dirname, '..', 'proto');
  return fs.existsSync(own) ? own : path.join(__dirname, '..', '..', '..', 'proto');
}

let loaded;

function services() {
  if (!loaded) {
    const files = SERVICES.map((service) => `irqd/v1/${service.toLowerCase()}.proto`);
    const definition = protoLoader.loadSync(files, {
      includeDirs: [protoFolder()],
      longs: String,
      enums: String,
      defaults: true,
      arrays: true,
    });
    loaded = grpc.loadPackageDefinition(definition).irqd.v1;
  }
  return loaded;
}

/** A 64-bit number as protobuf's library takes it. Accepts bigint and integers. */
function toLong(value) {
  const big = BigInt(value);
  if (BigInt.asUintN(64, big) !== big) throw new RangeError(`${big} does not fit 64 bits`);
  const low = Number(BigInt.asIntN(32, big));
  return { low, high: Number(BigInt.asIntN(32, big >> 32n)), unsigned: true };
}

class Rpc {
  constructor(target, channelOptions) {
    // Simulated VMs are seldom behind a proxy; a proxy's environment is often around tests.
    const options = {
      'grpc.enable_http_proxy': 0,
      'grpc.max_receive_message_length': MAX_RESPONSE_SIZE,
      ...channelOptions,
    };
    const credentials = grpc.credentials.createInsecure();
    this.stubs = {};
    const channel = new grpc.Channel(target, credentials, options);
    for (const service of SERVICES) {
      this.stubs[service] = new (services()[service])(target, credentials, {
        ...options,
        channelOverride: channel,
      });
    }
  }

  /** One unary call; its ServiceError rejects. */
  call(service, method, request, timeoutMs) {
    return new Promise((resolve, reject) => {
      const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
      this.stubs[service][method](request, options, (error, response) => {
        if (error) reject(error);
        else resolve(response);
      });
    });
  }

  /** A stream of both directions. */
  stream(service, method, timeoutMs) {
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    return this.stubs[service][method](options);
  }

  waitForReady(timeoutMs) {
    return new Promise((resolve, reject) => {
      this.stubs.Vms.waitForReady(Date.now() + timeoutMs, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  close() {
    this.stubs.Vms.close();
  }
}

module.exports = { Rpc, toLong };
