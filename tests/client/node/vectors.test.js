// What Linux 6.1 answered, replayed: every scenario of the recordings, through this package.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const irqd = require('irqd');
const { withVm } = require('irqd/testing');

const FILES = ['named.jsonl', 'local.jsonl', 'delivery.jsonl', 'floating.jsonl'];
// Whose buf is an answer; that of the others is an argument.
const READS = new Set(['KVM_S390_GET_IRQ_STATE', 'KVM_DEV_FLIC_GET_ALL_IRQS']);
const NEW_PSWS = ['Restart', 'External', 'Program', 'MachineCheck', 'Io'];

/** The file's scenarios. Numbers of 64 bits would lose bits as JSON's, so they stay text. */
function scenarios(file) {
  const text = fs.readFileSync(path.join(process.env.IRQD_VECTORS, file), 'utf8');
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line.replace(/:(\d{16,})/g, ':"$1"')));
}

const bytes = (hex) => Buffer.from(hex, 'hex');

/** What a step gives: the wrappers throw errnos, recordings have them as ret. */
async function answer(vm, step) {
  try {
    return await CALLS[step.op](vm, step);
  } catch (error) {
    if (!(error instanceof irqd.IrqdErrno)) throw error;
    const answered = { ret: error.errno };
    if (READS.has(step.op)) answered.buf = error.buf ? error.buf.toString('hex') : '';
    return answered;
  }
}

const flicSet = (vm, group, attr, memory) =>
  vm.flic.setDeviceAttr({ group, attr }, memory).then(() => ({ ret: 0 }));

const CALLS = {
  create_vcpu: (vm, { vcpu }) => vm.createVcpu(vcpu).then(() => ({ ret: 0 })),
  KVM_S390_IRQ: (vm, { vcpu, arg }) => vm.vcpu(vcpu).inject(bytes(arg)).then(() => ({ ret: 0 })),
  KVM_S390_INTERRUPT: (vm, { vcpu, type, parm, parm64 }) => {
    const at = vcpu === undefined ? vm.flic : vm.vcpu(vcpu);
    return at.interrupt({ type, parm, parm64: BigInt(parm64) }).then(() => ({ ret: 0 }));
  },
  KVM_S390_GET_IRQ_STATE: async (vm, { vcpu, len }) => {
    const buf = await vm.vcpu(vcpu).getIrqState(len);
    return { ret: buf.length, buf: buf.toString('hex') };
  },
  KVM_S390_SET_IRQ_STATE: (vm, { vcpu, len, buf }) =>
    vm.vcpu(vcpu).setIrqState(bytes(buf), len).then(() => ({ ret: 0 })),
  KVM_S390_NORMAL_RESET: (vm, { vcpu }) => vm.vcpu(vcpu).reset().then(() => ({ ret: 0 })),
  KVM_S390_INITIAL_RESET: (vm, { vcpu }) => vm.vcpu(vcpu).reset('initial').then(() => ({ ret: 0 })),
  KVM_S390_CLEAR_RESET: (vm, { vcpu }) => vm.vcpu(vcpu).reset('clear').then(() => ({ ret: 0 })),
  KVM_SET_MP_STATE: (vm, step) =>
    vm.vcpu(step.vcpu).setMpState(step.mp_state).then(() => ({ ret: 0 })),
  KVM_GET_MP_STATE: (vm, { vcpu }) => vm.vcpu(vcpu).getMpState().then((ret) => ({ ret })),
  set_psw_mask: (vm, { vcpu, value }) =>
    vm.vcpu(vcpu).setRegisters({ pswMask: BigInt(value) }).then(() => ({})),
  set_cr: (vm, { vcpu, cr, value }) =>
    vm.vcpu(vcpu).setRegisters({ [`cr${cr}`]: BigInt(value) }).then(() => ({})),
  set_new_psw_mask: (vm, { value }) => {
    const masks = NEW_PSWS.map((which) => [`newPsw${which}`, BigInt(value)]);
    return vm.setRegisters(Object.fromEntries(masks)).then(() => ({}));
  },
  deliver: async (vm, { vcpu }) => {
    const { delivered } = await vm.vcpu(vcpu).deliver();
    const hex = (value) => `0x${value.toString(16)}`;
    return {
      ret: 0,
      delivered: delivered.map(({ irq, data0, data1 }) => ({
        type: hex(irqd.decodeIrq(irq).type),
        data0: hex(data0),
        data1: hex(data1),
      })),
    };
  },
  KVM_DEV_FLIC_GET_ALL_IRQS: async (vm, { len }) => {
    const attr = { group: irqd.KVM_DEV_FLIC_GET_ALL_IRQS, attr: len };
    const { ret, memory } = await vm.flic.getDeviceAttr(attr);
    return { ret, buf: memory.toString('hex') };
  },
  KVM_DEV_FLIC_ENQUEUE: (vm, { len, buf }) =>
    flicSet(vm, irqd.KVM_DEV_FLIC_ENQUEUE, len, bytes(buf)),
  KVM_DEV_FLIC_CLEAR_IRQS: (vm) => vm.flic.clearIrqs().then(() => ({ ret: 0 })),
  KVM_DEV_FLIC_CLEAR_IO_IRQ: (vm, { schid }) =>
    vm.flic.clearIoIrq(schid >>> 16, schid & 0xffff).then(() => ({ ret: 0 })),
};

/** Of a recorded step what is its answer. */
function expected({ op, ret, buf, delivered }) {
  const wanted = {};
  if (ret !== undefined) wanted.ret = ret;
  if (delivered !== undefined) wanted.delivered = delivered;
  if (READS.has(op)) wanted.buf = buf;
  return wanted;
}

function hostProfile({ kernel, sigp_interpretation, extended_sca, gisa }) {
  return {
    kernel,
    sigpInterpretation: sigp_interpretation,
    extendedSca: extended_sca,
    gisa: gisa ?? false,
  };
}

for (const file of FILES) {
  test(`Linux's answers in ${file}`, async (t) => {
    const all = scenarios(file);
    assert.ok(all.length > 0);
    const { client } = await withVm(t);

    for (const { name, host, steps } of all) {
      const vm = await client.createVm({ hostProfile: hostProfile(host) });
      for (const [index, step] of steps.entries()) {
        const answered = await answer(vm, step);
        const message = `${name}, step ${index}: ${JSON.stringify(step)}`;
        assert.deepStrictEqual(answered, expected(step), message);
      }
      await vm.delete();
    }
  });

  test(`every whole record in ${file} survives the typed form`, () => {
    let records = 0;
    for (const { steps } of scenarios(file)) {
      for (const { op, buf, ret } of steps) {
        // What the kernel wrote has zeros outside the members; what it was given may have not.
        if (op !== 'KVM_S390_GET_IRQ_STATE' || ret < 0) continue;
        const images = bytes(buf);
        assert.deepStrictEqual(irqd.encodeIrqs(irqd.decodeIrqs(images)), images);
        records += images.length / irqd.IRQ_SIZE;
      }
    }
    assert.ok(records > 0);
  });
}
