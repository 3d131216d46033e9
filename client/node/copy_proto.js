// What npm runs before it packs or links this folder: the package gets its own copy of the
// repository's .proto files and license.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const repository = path.join(__dirname, '..', '..');
const copies = { 'proto/irqd/v1': 'proto/irqd/v1', LICENSE: 'LICENSE' };

fs.rmSync(path.join(__dirname, 'proto'), { recursive: true, force: true });
for (const [from, to] of Object.entries(copies)) {
  fs.cpSync(path.join(repository, from), path.join(__dirname, to), {
    recursive: true,
    dereference: true,
  });
}
