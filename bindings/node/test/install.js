// Packs the package and installs the tarball into an empty folder, as a user would who has no compiler; then lays the tests
// beside it. They load what was installed and see nothing of the sources.  usage: node install.js FOLDER
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { pack } = require('../tools/pack');

const source = path.join(__dirname, '..');
const folder = path.resolve(process.argv[2]);
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });

// A PATH with Node and npm and nothing that could compile.
const bin = path.join(folder, 'bin');
const which = (name) => execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
fs.symlinkSync(process.execPath, path.join(bin, 'node'));
fs.symlinkSync(fs.realpathSync(which('npm')), path.join(bin, 'npm'));
for (const name of ['sh', 'uname']) fs.symlinkSync(which(name), path.join(bin, name));
const env = { ...process.env, PATH: bin, CC: '', CXX: '' };

const npm = (args, cwd) => execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const packed = pack(folder, env);
const names = packed.files.map((file) => file.path);
for (const wanted of ['lib/index.js', 'lib/index.mjs', 'index.d.ts', 'index.d.mts', 'kinds.d.ts', 'README.md', 'LICENSE', 'THIRD_PARTY.md', 'licenses/LGPL-3.0.txt', 'licenses/GPL-3.0.txt', 'licenses/BSD-3-Clause-libmd.txt']) {
  if (!names.includes(wanted)) throw new Error(`the package lacks ${wanted}`);
}
if (!names.some((name) => /^prebuilds\/[^/]+\/kith\.node$/.test(name))) throw new Error('the package lacks its addon');
const stray = names.filter((name) => /^(src|test|tools|node_modules)\//.test(name));
if (stray.length > 0) throw new Error(`the package has ${stray.join(', ')}`);

fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
npm(['install', '--offline', '--no-audit', '--no-fund', '--no-save', path.join(folder, packed.filename)], folder);
const installed = path.join(folder, 'node_modules', 'kith');
const manifest = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'));
if (manifest.scripts || manifest.dependencies) throw new Error('the package runs scripts, or needs other packages');
if (fs.existsSync(path.join(installed, 'src'))) throw new Error('the package has its sources');

fs.cpSync(__dirname, path.join(folder, 'test'), { recursive: true });
fs.cpSync(path.join(source, '../../examples/node'), path.join(folder, 'examples'), { recursive: true });
// What only the tests need lies where it was installed for development.
const development = path.join(source, 'node_modules');
for (const name of fs.existsSync(development) ? fs.readdirSync(development) : []) {
  if (name === 'kith' || name.startsWith('.')) continue;
  fs.symlinkSync(path.join(development, name), path.join(folder, 'node_modules', name));
}
console.log(`${packed.filename}: ${packed.size} bytes, ${names.length} files`);
