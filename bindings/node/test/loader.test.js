// What is said where no addon fits, and that the addon carries all that it needs.
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const package_ = path.dirname(require.resolve('kith/package.json'));
const { load } = require(path.join(package_, 'lib/loader.js'));
const { folderOf } = require('./support');

test('a machine without an addon is named', (t) => {
  const folder = folderOf(t);
  assert.throws(() => load(path.join(folder, 'none')), (error) => error.message.includes(`${process.platform}-${process.arch}`) && error.message.includes('it has: none'));
  fs.mkdirSync(path.join(folder, 'sunos-sparc'));
  assert.throws(() => load(folder, 'linux-riscv64-musl'), /no addon for linux-riscv64-musl .*it has: sunos-sparc/);
  fs.mkdirSync(path.join(folder, 'broken'));
  fs.writeFileSync(path.join(folder, 'broken', 'kith.node'), 'no library');
  assert.throws(() => load(folder, 'broken'), /the addon for broken does not load here: /);
});

test('an addon of another version is refused', (t) => {
  const copy = path.join(folderOf(t), 'kith');
  fs.cpSync(package_, copy, { recursive: true });
  const file = path.join(copy, 'package.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"version": "[^"]*"/, '"version": "9.9.9"'));
  assert.throws(() => require(copy), /kith 9\.9\.9: the addon for .* is of version 0\./);
});

test('the addon needs nothing but the C library, and shows nothing but what Node looks up', { skip: process.platform !== 'linux' }, () => {
  const folder = fs.readdirSync(path.join(package_, 'prebuilds')).find((name) => name.startsWith('linux'));
  const file = path.join(package_, 'prebuilds', folder, 'kith.node');
  const tool = (...args) => execFileSync(args[0], args.slice(1), { encoding: 'utf8' });
  const needed = [...tool('readelf', '-d', file).matchAll(/NEEDED.*\[(.*)\]/g)].map(([, name]) => name);
  assert.deepStrictEqual(needed.filter((name) => !/^(libc|libm|libpthread|ld-linux.*)\.so/.test(name)), []);
  // The oldest C library that the README promises; what an addon needs of it is written at each of its symbols.
  const promised = /glibc (\d+)\.(\d+)/.exec(fs.readFileSync(path.join(package_, 'README.md'), 'utf8')).slice(1).map(Number);
  const wanted = [...tool('objdump', '-T', file).matchAll(/\(?GLIBC_(\d+)\.(\d+)(?:\.\d+)?\)?\s+(\S+)/g)].map(([, major, minor, name]) => ({ version: [Number(major), Number(minor)], name }));
  assert(wanted.length > 50, 'no versions were found');
  const newer = wanted.filter(({ version: [major, minor] }) => major > promised[0] || (major === promised[0] && minor > promised[1]));
  assert.deepStrictEqual(newer, []);
  assert(wanted.some(({ version }) => version.join() === promised.join()), 'the promise could be an older one');
  const shown = tool('nm', '-D', '--defined-only', file).trim().split('\n').map((line) => line.split(' ')[2]);
  assert.deepStrictEqual(shown.filter((name) => !/^(napi_register_module_v1|node_api_module_get_api_version_v1)/.test(name)), []);
});
