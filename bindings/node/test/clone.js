// What the README promises of a fresh clone: npm install --install-links ./bindings/node builds the addon, and what it installs
// works and is complete by itself.  usage: node clone.js FOLDER
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const top = path.join(__dirname, '../../..');
const folder = path.resolve(process.argv[2]);
fs.rmSync(folder, { recursive: true, force: true });
const clone = path.join(folder, 'kith');
const use = path.join(folder, 'use');
fs.mkdirSync(use, { recursive: true });

// The files of a clone, as they are now; .deps is shared, so that nothing is fetched twice.
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: top, encoding: 'utf8' }).split('\0').filter(Boolean);
for (const file of files.filter((name) => fs.existsSync(path.join(top, name)))) {
  fs.mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
  fs.copyFileSync(path.join(top, file), path.join(clone, file));
}
fs.symlinkSync(path.join(top, '.deps'), path.join(clone, '.deps'));
assert(!fs.existsSync(path.join(clone, 'bindings/node/prebuilds')), 'the addon is not part of a clone');

fs.writeFileSync(path.join(use, 'package.json'), '{ "private": true }\n');
execFileSync('npm', ['install', '--install-links', '--no-audit', '--no-fund', path.join(clone, 'bindings/node')], { cwd: use, stdio: 'inherit' });
fs.rmSync(clone, { recursive: true });
const script = "const crm = require('kith').open('x', { memory: true }); console.log(crm.leads.put({ email: 'ada@example.com' }).outcome)";
assert.strictEqual(execFileSync(process.execPath, ['-e', script], { cwd: use, encoding: 'utf8' }), 'created\n');
