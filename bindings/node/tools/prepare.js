// Builds the addon into prebuilds/ when the package lies in a clone of Kith: npm runs it before it packs the folder, so that
// what is installed needs no compiler and runs no script.
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const here = path.join(__dirname, '..');
const top = path.join(here, '..', '..');
const build = path.join(top, 'build', 'node');

function run(program, args) {
  execFileSync(program, args, { cwd: top, stdio: ['ignore', 2, 2] });
}

if (fs.existsSync(path.join(top, 'include', 'kith.h'))) {
  run('sh', ['tools/get_sqlite.sh']);
  run('sh', ['bindings/node/setup.sh']);
  const parts = ['TESTS', 'CLI', 'EXAMPLES', 'BENCH'].map((part) => `-DKITH_BUILD_${part}=OFF`);
  const ninja = spawnSync('ninja', ['--version']).status === 0 ? ['-G', 'Ninja'] : [];
  const configured = fs.existsSync(path.join(build, 'CMakeCache.txt'));
  run('cmake', ['-S', '.', '-B', build, ...(configured ? [] : ninja), '-DCMAKE_BUILD_TYPE=Release', '-DKITH_INSTALL=OFF', ...parts]);
  run('cmake', ['--build', build, '--target', 'kith_node', '--parallel']);
}
