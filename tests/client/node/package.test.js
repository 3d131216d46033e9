// The package as it is packed: what it holds, how it is loaded, what it declares, what its README
// shows.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const irqd = require('irqd');

const FOLDER = path.dirname(require.resolve('irqd/package.json'));

/** Runs a program of Node's here; its standard output. */
function run(...options) {
  // Without it a `node --test` would take itself for a part of this one.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const ran = spawnSync(process.execPath, options, { cwd: __dirname, encoding: 'utf8', env });
  assert.strictEqual(ran.status, 0, ran.stdout + ran.stderr);
  return ran.stdout;
}

test('the package has its own .proto files and license, and nothing of the build', () => {
  const services = ['batch', 'flic', 'guest', 'kvm', 'resources', 'vms'];

  assert.deepStrictEqual(
    fs.readdirSync(path.join(FOLDER, 'proto', 'irqd', 'v1')).sort(),
    services.map((service) => `${service}.proto`),
  );
  assert.ok(fs.existsSync(path.join(FOLDER, 'LICENSE')));
  for (const left of ['node_modules', 'BUILD', 'copy_proto.js', 'package-lock.json']) {
    assert.ok(!fs.existsSync(path.join(FOLDER, left)), left);
  }
});

test('every file that package.json names is packed', () => {
  const { files, exports } = require('irqd/package.json');
  const named = Object.values(exports).flatMap((value) => Object.values(Object(value)));

  for (const file of [...files, ...named.filter((name) => name.startsWith('./'))]) {
    assert.ok(fs.existsSync(path.join(FOLDER, file)), file);
  }
});

test('modules import it by name', () => {
  const program = `
    import { connect, decodeIrq, KVM_S390_RESTART } from 'irqd';
    import irqd from 'irqd';
    import { withVm } from 'irqd/testing';
    console.log(typeof connect, typeof decodeIrq, typeof withVm, irqd.KVM_S390_RESTART);
    console.log(KVM_S390_RESTART === irqd.KVM_S390_RESTART);`;

  const said = run('--input-type=module', '-e', program);

  assert.strictEqual(said, 'function function function 4294836227n\ntrue\n');
});

test('the declarations hold for a program that uses them, and refuse what is wrong', () => {
  const options = ['--noEmit', '--strict', '--module', 'node16', '--target', 'es2022'];

  run(require.resolve('typescript/bin/tsc'), ...options, 'sample.ts');
});

test('the declarations name what the package exports, no more and no less', () => {
  const declared = new Set();
  for (const file of ['index.d.ts', 'lib/constants.d.ts', 'lib/irq.d.ts']) {
    const text = fs.readFileSync(path.join(FOLDER, file), 'utf8');
    const names = text.matchAll(/^export (?:declare )?(?:const|function|class) (\w+)/gm);
    for (const [, name] of names) declared.add(name);
  }

  assert.deepStrictEqual([...declared].sort(), Object.keys(irqd).sort());
});

test('constants are declared with the values that they have', () => {
  const text = fs.readFileSync(path.join(FOLDER, 'lib', 'constants.d.ts'), 'utf8');
  const declared = [...text.matchAll(/^export const (\w+): (\w+);$/gm)];

  assert.ok(declared.length > 0);
  for (const [, name, value] of declared) {
    const has = irqd[name];
    const wanted = value.endsWith('n') ? BigInt(value.slice(0, -1)) : Number(value);
    assert.strictEqual(has, wanted, name);
  }
});

for (const file of process.env.IRQD_READMES.split(':')) {
  test(`the program in ${path.relative(process.env.IRQD_RUNFILES, file)}, as printed`, () => {
    const readme = fs.readFileSync(file, 'utf8');
    const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block);
    assert.strictEqual(blocks.length, 1);
    const program = path.join(__dirname, 'readme.js');
    fs.writeFileSync(program, blocks[0]);

    const said = run('--test', '--test-reporter=tap', program);

    assert.match(said, /^# pass 1$/m);
  });
}
