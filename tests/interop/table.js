// The table of README.md in Node, with the package of client/node.
//
//     node table.js 127.0.0.1:50051
'use strict';

const { status: statuses } = require('@grpc/grpc-js');
const protobuf = require('protobufjs');
const irqd = require('irqd');

const NEVER_WAS = 2n ** 64n - 1n;

const BAD_STOP = { type: irqd.KVM_S390_SIGP_STOP, stop: { flags: 0x80000000 } };
const EMERGENCY = { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 31 } };
const MACHINE_CHECK = {
  type: irqd.KVM_S390_MCHK,
  mchk: {
    cr14: 1n << 28n,
    mcic: 1n << 62n,
    ext_damage_code: 0xffffffff,
    pad: 0x6e3d0ede,
    fixed_logout: Buffer.from('9889c330ffd225c9bdc73960b799895a', 'hex'),
  },
};
const PROGRAM = {
  type: irqd.KVM_S390_PROGRAM_INT,
  pgm: {
    mon_code: 0x8000n,
    per_address: 0x166e6a9c7b7dc9cbn,
    data_exc_code: 0xa609ca,
    code: 0x10,
    mon_class_nr: 0xdea1,
    per_code: 0x3e,
    per_atmid: 0x8c,
    exc_access_id: 0x86,
    per_access_id: 0xa7,
    op_access_id: 0x73,
    pad: Buffer.from('4c01', 'hex'),
  },
};

/** The ioctl's result as a number, for the table; a program would let IrqdErrno pass. */
async function ret(promise) {
  try {
    await promise;
    return 0;
  } catch (error) {
    if (!(error instanceof irqd.IrqdErrno)) throw error;
    return error.errno;
  }
}

/** The name of the status that kept the call from the kernel. */
async function status(promise) {
  try {
    await promise;
    return 'OK';
  } catch (error) {
    return statuses[error.code]; // no IrqdErrno: no kernel answered
  }
}

const hex = (images) => images.toString('hex');
const pending = async (vcpu) => hex(await vcpu.getIrqState());

async function create(vm) {
  const first = await ret(vm.createVcpu(31));
  console.log(`create first=${first} again=${await ret(vm.createVcpu(31))}`);
}

async function inject(vcpu) {
  const rets = [];
  for (const irq of [BAD_STOP, EMERGENCY, MACHINE_CHECK, PROGRAM]) {
    rets.push(await ret(vcpu.inject(irq)));
  }
  console.log(`inject ret=${rets}`);
}

async function get(vcpu) {
  let small, fitted;
  try {
    fitted = await vcpu.getIrqState(2 * irqd.IRQ_SIZE);
    small = fitted.length;
  } catch (error) {
    if (error.code !== 'ENOBUFS') throw error;
    [small, fitted] = [error.errno, error.buf];
  }
  const all = await vcpu.getIrqState(); // the default is always enough
  console.log(`get small=${small} fitted=${hex(fitted)} large=${all.length} all=${hex(all)}`);
  return all;
}

async function setWhereBusy(vcpu, state) {
  const busy = await ret(vcpu.setIrqState(state));
  console.log(`set ret=${busy} kept=${await pending(vcpu)}`);
}

async function move(client, source, state) {
  const vm = await client.createVm({ vcpuIds: [2, 3, 31] });
  try {
    const target = vm.vcpu(2);
    const set = await ret(target.setIrqState(state));
    const there = await pending(target);
    const reset = await ret(source.reset());
    const here = await source.getIrqState();
    console.log(`move set=${set} there=${there} reset=${reset} here=${here.length}`);
  } finally {
    await vm.delete();
  }
}

async function stream(vm, vcpu) {
  const records = [
    { type: irqd.KVM_S390_INT_EMERGENCY, emerg: { code: 2 } },
    { type: irqd.KVM_S390_INT_EXTERNAL_CALL, extcall: { code: 3 } },
  ];
  const message = { vcpuIds: vcpu.id, records };
  const rets = [];
  // An errno of one record throws nothing: it is that record's ret.
  for await (const answer of vm.injectStream([message, message])) rets.push(answer.join());
  console.log(`stream ret=${rets.join(';')} pending=${await pending(vcpu)}`);
}

async function deadline(client, free) {
  const late = await status(client.withTimeout(-1000).createVm({ name: free }));
  console.log(`deadline status=${late}\nuntouched n/a`);
  await client.deleteVm(free).catch(() => {}); // grpc-js may have sent it all the same
}

// What a NOT_FOUND brings along, as proto/google/rpc/error_details.proto has it.
const details = protobuf.parse(`
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ResourceInfo { string resource_type = 1; string resource_name = 2; }
`).root;

function resourceInfo(error) {
  const [trailer] = error.metadata.get('grpc-status-details-bin');
  const [detail] = details.lookupType('Status').decode(trailer).details;
  return details.lookupType('ResourceInfo').decode(detail.value);
}

async function unknown(client) {
  try {
    await client.getVm(NEVER_WAS);
    console.log('unknown status=OK');
  } catch (error) {
    console.log(`unknown status=${statuses[error.code]}`);
    const { resourceType, resourceName } = resourceInfo(error);
    console.log(`details type=${resourceType} name=${resourceName}`);
  }
}

async function main(target) {
  const client = irqd.connect(target, { timeoutMs: 60000 });
  const vm = await client.createVm({ vcpuIds: [2, 3] });
  try {
    await create(vm);
    await inject(vm.vcpu(2));
    const state = await get(vm.vcpu(2));
    await setWhereBusy(vm.vcpu(2), state);
    await move(client, vm.vcpu(2), state);
    await stream(vm, vm.vcpu(31));
    await deadline(client, `late-${vm.id}`);
    await unknown(client);
  } finally {
    await vm.delete();
    client.close();
  }
}

main(process.argv[2]);
