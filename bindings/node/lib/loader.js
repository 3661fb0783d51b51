// Finds the addon that fits this machine among those in prebuilds/, loads it, and checks that it is of this package's
// version. When none fits, says for which machine one was looked for and which there are.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// Which C library Node runs on, from the loader that its executable names.
function libc() {
  if (process.platform !== 'linux') return '';
  let head = '';
  try {
    const file = fs.openSync(process.execPath, 'r');
    const bytes = Buffer.alloc(4096);
    fs.readSync(file, bytes, 0, bytes.length, 0);
    fs.closeSync(file);
    head = bytes.toString('latin1');
  } catch {
    // an executable that cannot be read is taken for the usual one
  }
  return head.includes('ld-musl') ? '-musl' : '-glibc';
}

function load(folder = path.join(__dirname, '..', 'prebuilds'), machine = process.platform + '-' + process.arch + libc()) {
  const { version } = require('../package.json');
  const file = path.join(folder, machine, 'kith.node');
  if (!fs.existsSync(file)) {
    const there = fs.existsSync(folder) ? fs.readdirSync(folder).join(', ') : '';
    throw new Error(
      `kith ${version} has no addon for ${machine} (platform, architecture, C library); it has: ${there || 'none'}. ` +
        'It can be built from a clone of Kith: ./dev setup, and then npm install --install-links ./bindings/node',
    );
  }
  let addon;
  try {
    addon = require(file);
  } catch (cause) {
    throw new Error(`kith ${version}: the addon for ${machine} does not load here: ${cause.message}`, { cause });
  }
  if (addon.version !== version) {
    throw new Error(`kith ${version}: the addon for ${machine} is of version ${addon.version}; install the package anew`);
  }
  return addon;
}

module.exports = { load };
