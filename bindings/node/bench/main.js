// Kith through its Node package, beside better-sqlite3 doing the same by hand on the same tables: the same rows written (lead,
// lead_key, event), the same columns read. A process for each side and run, in turn; medians, and the ratio of the runs.
// better-sqlite3 gives times as numbers where Kith makes Dates. With --check it fails below 0.7.
// usage: node main.js [--leads N] [--runs N] [--check]
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const option = (name, other) => (process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : other);
const leads = option('--leads', 100000);
const runs = option('--runs', 5);
const wanted = { putMany: 0.7, iterate: 0.7 };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-bench-'));
const results = { kith: [], plain: [] };
try {
  for (let run = 0; run < runs; run++) {
    for (const side of ['kith', 'plain']) {
      const file = path.join(folder, `${side}${run}.kith`);
      // The tables are Kith's; better-sqlite3 must not share a process with it.
      if (side === 'plain') execFileSync(process.execPath, ['-e', `require(${JSON.stringify(path.join(__dirname, '../lib'))}).open(process.argv[1]).close()`, file]);
      const out = execFileSync(process.execPath, ['--expose-gc', path.join(__dirname, 'side.js'), side, file, String(leads)], { encoding: 'utf8' });
      results[side].push(JSON.parse(out));
      fs.rmSync(file);
    }
    const [kith, plain] = [results.kith[run], results.plain[run]];
    if (kith.check !== plain.check || JSON.stringify(kith.left) !== JSON.stringify(plain.left)) {
      throw new Error(`the sides differ: ${JSON.stringify(kith.left)} ${kith.check}, ${JSON.stringify(plain.left)} ${plain.check}`);
    }
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rows = { putMany: leads, put: leads / 10, iterate: leads, toArray: leads, get: leads / 10 };
let missed = 0;
console.log(`${leads} leads, ${runs} runs, Node ${process.versions.node}; rows a second`);
console.log(`${'workload'.padEnd(10)}${'kith'.padStart(12)}${'better-sqlite3'.padStart(16)}${'ratio'.padStart(8)}`);
for (const [name, count] of Object.entries(rows)) {
  const [kith, plain] = [results.kith, results.plain].map((side) => side.map((run) => count / run.times[name]));
  const ratio = median(kith.map((rate, run) => rate / plain[run]));
  if (ratio < (wanted[name] ?? 0)) missed++;
  console.log(`${name.padEnd(10)}${Math.round(median(kith)).toLocaleString('en').padStart(12)}${Math.round(median(plain)).toLocaleString('en').padStart(16)}${ratio.toFixed(2).padStart(8)}`);
}
if (process.argv.includes('--check') && missed > 0) process.exit(1);
