// What surrounds the addon: Workers, memory, another SQLite in the process, ends of processes, other versions of Node.
'use strict';

const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { Worker } = require('node:worker_threads');

const { open } = require('kith');
const { inFile, inMemory, people, top } = require('./support');

const running = (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));

test('two Workers and the main thread write one file', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const script = `const { parentPort, workerData } = require('node:worker_threads');
    const { open, KithError } = require('kith');
    (async () => {
      const crm = open(workerData.path);
      for (let i = 0; i < 100; i++) crm.leads.put({ email: workerData.name + i + '@example.com' });
      for (let i = 0; i < 100; i++) await crm.async.leads.put({ email: workerData.name + 'later' + i + '@example.com' });
      let own = false;
      try { crm.leads.put({ email: 'nope' }); } catch (error) { own = error instanceof KithError && error.status === 'INVALID'; }
      crm.close();
      parentPort.postMessage(own);
    })();`;
  const workers = ['a', 'b'].map((name) => new Worker(script, { eval: true, workerData: { name, path: crm.path } }));
  const answers = workers.map(running);
  for (let i = 0; i < 100; i++) crm.leads.put({ email: `main${i}@example.com` });
  assert.deepStrictEqual(await Promise.all(answers), [true, true]);
  assert.strictEqual(crm.leads.count(), 500);
  await Promise.all(workers.map((worker) => worker.terminate()));
  assert.strictEqual(crm.leads.put({ email: 'after@example.com' }).outcome, 'created', 'the addon outlives its Workers');
});

test('a Worker that ends in the midst of calls takes nothing with it', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const script = `const { parentPort, workerData } = require('node:worker_threads');
    const crm = require('kith').open(workerData);
    const rows = Array.from({ length: 20000 }, (_, i) => ({ email: 'p' + i + '@example.com' }));
    crm.async.leads.putMany(rows).catch(() => {});
    crm.async.leads.count().catch(() => {});
    crm.async.transaction((tx) => tx.leads.put({ email: 'x@example.com' })).catch(() => {});
    setTimeout(() => parentPort.postMessage('go'), 60);`;
  for (let i = 0; i < 3; i++) {
    const worker = new Worker(script, { eval: true, workerData: crm.path });
    await running(worker);
    await worker.terminate();
  }
  assert.deepStrictEqual(crm.check(), []);
});

test('a process may end in the midst of calls', (t) => {
  const { path: file } = inFile(t);
  for (const end of ['process.exit(7)', 'process.exitCode = 7; crm.close()', "crm.async.close().then(() => process.exit(7))"]) {
    const script = `const crm = require('kith').open(process.argv[1]);
      crm.async.leads.putMany(Array.from({ length: 5000 }, (_, i) => ({ email: 'p' + i + '@example.com' }))).catch(() => {});
      crm.async.leads.find().toArray().catch(() => {});
      setTimeout(() => { ${end} }, 30)`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', script, file], { cwd: __dirname, encoding: 'utf8' });
    assert.strictEqual(status, 7, end + stderr);
    assert.strictEqual(stderr, '');
  }
});

test('nothing is left behind: rows, errors, handles, batches', { skip: typeof gc !== 'function' }, async () => {
  const crm = inMemory();
  const rows = people(2000);
  crm.leads.putMany(rows);
  const round = async () => {
    for (let i = 0; i < 20; i++) {
      crm.leads.putMany(rows);
      for (const lead of crm.leads.find()) if (lead.id === 5) break;
      crm.leads.find({ pageSize: 5000 }).toArray();
      crm.leads.arrow();
      crm.sql('SELECT * FROM lead');
      try { crm.leads.put({ email: 'nope' }); } catch { /* as it should */ }
      await crm.async.leads.find();
      await crm.async.leads.put({ email: 'nope' }).catch(() => {});
      const other = inMemory();
      other.leads.put({ email: 'a@example.com' });
      if (i % 2) other.close(); // the others are closed when they are collected
    }
    for (let i = 0; i < 4; i++) {
      gc();
      await new Promise(setImmediate);
    }
  };
  for (let i = 0; i < 3; i++) await round();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 5; i++) await round();
  const grown = (process.memoryUsage().rss - before) / 1e6;
  assert(grown < 60, `${grown.toFixed()} MB more after 100 rounds more, each of which handles some 10 MB`);
});

test('a loop of synchronous calls keeps no more than it uses', () => {
  // In a process of its own, whose loop does not turn meanwhile.
  const script = `const crm = require('kith').open('x', { memory: true });
    const rows = Array.from({ length: 5000 }, (_, i) => ({ email: 'p' + i + '@example.com', company: 'c'.repeat(200) + i }));
    const round = () => { crm.leads.putMany(rows); crm.leads.find({ pageSize: 5000 }).toArray(); crm.sql('SELECT * FROM lead'); };
    const odd = () => { try { crm.leads.putMany([...rows, { email: 'p1@example.com', city: 'Lund' }]); } catch {} };
    for (let i = 0; i < 5; i++) { round(); odd(); }
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 40; i++) { round(); odd(); }
    console.log(Math.round((process.memoryUsage().rss - before) / 1e6));`;
  const grown = Number(execFileSync(process.execPath, ['-e', script], { cwd: __dirname, encoding: 'utf8' }));
  assert(grown < 100, `${grown} MB more after 40 rounds, each of which handles some 10 MB`);
});

// The Node that loads the better-sqlite3 of today.
const newer = Number(process.versions.node.split('.')[0]) >= 22 ? process.execPath : path.join(top, '.deps/node22/bin/node');

test('another SQLite on a live file is noticed and refused', { skip: !fs.existsSync(newer) && 'no Node 22' }, (t) => {
  const { path: file } = inFile(t);
  for (const other of ["new (require('better-sqlite3'))(file).prepare('SELECT count(*) FROM lead').get()", "new (require('node:sqlite').DatabaseSync)(file).prepare('SELECT count(*) FROM lead').get()"]) {
    const script = `const file = process.argv[1];
      const crm = require('kith').open(file);
      crm.leads.put({ email: 'ada@example.com' });
      ${other};
      let status = 'none';
      try { for (let i = 0; i < 1000; i++) crm.leads.put({ email: 'p' + i + '@example.com' }); } catch (error) { status = error.status; }
      console.log(status);
      process.exit(0);`;
    const out = execFileSync(newer, ['-e', script, file], { cwd: __dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    assert.strictEqual(out, 'FOREIGN_SQLITE\n', other);
    const before = `const file = process.argv[1];
      const db = ${other.replace(/\.prepare.*/, '')};
      db.prepare('SELECT count(*) FROM lead').get();
      try { require('kith').open(file).leads.put({ email: 'x@example.com' }); console.log('none'); } catch (error) { console.log(error.status); }
      process.exit(0);`;
    const refused = execFileSync(newer, ['-e', before, file], { cwd: __dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    assert.strictEqual(refused, 'FOREIGN_SQLITE\n', 'opened before: ' + other);
  }
});

for (const version of ['18', '22']) {
  const node = path.join(top, `.deps/node${version}/bin/node`);
  test(`the same addon runs on Node ${version}`, { skip: !fs.existsSync(node) && 'it is not there' }, () => {
    for (const name of ['basics', 'scenarios', 'many', 'verbs', 'transactions']) {
      // Told that it is a part of this run, it would leave the tests out.
      const { NODE_TEST_CONTEXT, ...env } = process.env;
      const { status, stdout } = spawnSync(node, ['--test', path.join(__dirname, `${name}.test.js`)], { env, encoding: 'utf8' });
      assert.strictEqual(status, 0, stdout);
      assert.match(stdout, /\bpass [1-9]/, 'no test ran');
    }
  });
}
