// Packs what is published: the package with the addons that lie in prebuilds/, and a package.json without scripts or
// development's packages. npm then has nothing to run, and nothing to ask about.  usage: node tools/pack.js FOLDER
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const source = path.join(__dirname, '..');

function pack(folder, env = process.env) {
  const staged = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-pack-'));
  try {
    const { scripts, devDependencies, ...published } = JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8'));
    for (const name of published.files) {
      fs.cpSync(path.join(source, name), path.join(staged, name), { recursive: true });
    }
    fs.writeFileSync(path.join(staged, 'package.json'), JSON.stringify(published, null, 2) + '\n');
    const args = ['pack', '--json', '--pack-destination', path.resolve(folder)];
    return JSON.parse(execFileSync('npm', args, { cwd: staged, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))[0];
  } finally {
    fs.rmSync(staged, { recursive: true, force: true });
  }
}

module.exports = { pack };
if (require.main === module) console.log(pack(process.argv[2] ?? '.').filename);
