// The types: what generates them is current, and TypeScript takes what it should and refuses what it should.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { top } = require('./support');

test('what is generated is current: kinds.d.ts, and the reference', () => {
  const package_ = path.dirname(require.resolve('kith/package.json'));
  const env = { ...process.env, KITH_PACKAGE: package_, KITH_TYPES: path.join(package_, 'kinds.d.ts') };
  for (const tool of ['make_types.js', 'make_reference.js']) {
    const { status, stderr } = spawnSync(process.execPath, [path.join(top, 'bindings/node/tools', tool), '--check'], { env, encoding: 'utf8' });
    assert.strictEqual(status, 0, stderr);
  }
});

test('a strict program compiles, as a module and as CommonJS', () => {
  const folder = path.join(__dirname, 'types');
  const source = fs.readFileSync(path.join(folder, 'use.ts'), 'utf8');
  fs.writeFileSync(path.join(folder, 'use.mts'), source);
  fs.writeFileSync(path.join(folder, 'use.cts'), source.replace('import kith, {', "import kith = require('kith');\nimport {"));
  const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const flags = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,esnext.disposable', '--types', 'node'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, ...flags, 'use.mts', 'use.cts'], { cwd: folder, encoding: 'utf8' });
  assert.strictEqual(status, 0, stdout + stderr);
});

test('each method of the types is there, and each method has a type', () => {
  const { open } = require('kith');
  const crm = open('x', { memory: true });
  const text = fs.readFileSync(path.join(path.dirname(require.resolve('kith/package.json')), 'index.d.ts'), 'utf8');
  const membersOf = (name) => [...text.match(new RegExp(`interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)\\n\\}`))[1].matchAll(/^ {2}(?:readonly )?(\w+)[<(:]/gm)].map(([, member]) => member);
  const methods = (object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => !name.startsWith('_') && name !== 'constructor');
  const sorted = (names) => [...new Set(names)].sort();
  assert.deepStrictEqual(sorted([...membersOf('Verbs'), ...membersOf('Crm')]), sorted(methods(crm)));
  assert.deepStrictEqual(sorted([...membersOf('Verbs'), ...membersOf('AsyncCrm')]), sorted(methods(crm.async)));
  assert.deepStrictEqual(sorted(membersOf('Kind')), sorted([...methods(crm.leads), 'name']));
  assert.deepStrictEqual(sorted(membersOf('AsyncKind')), sorted([...methods(crm.async.leads), 'name']));
});
