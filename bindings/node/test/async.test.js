// The asynchronous face: the event loop goes on, calls take turns, calls can be cancelled, transactions are apart.
'use strict';

const assert = require('node:assert');
const test = require('node:test');
const { setTimeout: wait } = require('node:timers/promises');

const { open } = require('kith');
const { inMemory, inFile, people } = require('./support');

// Runs `work` while a timer is to fire every 5 ms: how long it took, how often the timer came, and its longest silence.
async function watched(work) {
  let ticks = 0;
  let last = performance.now();
  let longest = 0;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    ticks++;
  };
  const timer = setInterval(tick, 5);
  const start = performance.now();
  try {
    const answer = await work();
    tick();
    return { answer, ticks, longest, took: performance.now() - start };
  } finally {
    clearInterval(timer);
  }
}

const COUNT = 60000;

test('a timer keeps firing during a long putMany and a long find', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const rows = people(COUNT);
  const put = await watched(() => crm.async.leads.putMany(rows));
  assert.strictEqual(put.answer.created, COUNT);
  assert(put.longest < Math.max(put.took / 3, 60), `the loop stood still for ${put.longest} of ${put.took} ms`);
  assert(put.ticks > put.took / 60 - 1, `${put.ticks} ticks in ${put.took} ms`);
  const find = await watched(() => crm.async.leads.find({ pageSize: COUNT }));
  assert.strictEqual(find.answer.length, COUNT);
  assert(find.longest < Math.max(find.took / 3, 50), `the loop stood still for ${find.longest} of ${find.took} ms`);
  const tagged = await watched(async () => {
    await crm.async.tags.put({ name: 'All' });
    return crm.async.assignWhere('', 'All');
  });
  assert.strictEqual(tagged.answer, COUNT);
  assert(tagged.longest < Math.max(tagged.took / 3, 50), `the loop stood still for ${tagged.longest} of ${tagged.took} ms`);
});

test('a timer keeps firing while another holds the lock of the file', async (t) => {
  const crm = inFile(t, { busyMs: 2000 });
  crm.leads.putMany(people(100));
  const holder = open(crm.path); // a transaction by hand, which stays open over turns of the loop
  holder._call('begin', []);
  holder.leads.put({ email: 'holder@example.com' });
  const writing = watched(() => crm.async.leads.put({ email: 'bob@example.com' }));
  await wait(300);
  const reading = await watched(() => crm.async.leads.count());
  assert.strictEqual(reading.answer, 100, 'readers are not held up');
  holder._call('commit', []);
  const written = await writing;
  assert.strictEqual(written.answer.outcome, 'created');
  assert(written.took >= 290, `it waited for the lock: ${written.took} ms`);
  assert(written.longest < 150, `the loop stood still for ${written.longest} ms`);
  holder.close();
});

test('in memory the loop goes on while a call holds the one handle', async () => {
  const crm = inMemory();
  const rows = people(30000);
  const put = crm.async.leads.putMany(rows);
  const counted = await watched(() => Promise.all([crm.async.leads.count(), put]));
  assert(counted.longest < Math.max(counted.took / 2, 60), `the loop stood still for ${counted.longest} of ${counted.took} ms`);
});

test('calls take turns in the order in which they were made', async (t) => {
  const crm = inFile(t);
  const done = [];
  await Promise.all(Array.from({ length: 50 }, (_, i) => crm.async.leads.put({ email: `p${i}@example.com` }).then(({ id }) => done.push(id))));
  assert.deepStrictEqual(done, Array.from({ length: 50 }, (_, i) => i + 1));
});

test('a call can be cancelled', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  crm.leads.putMany(people(20000));
  crm.tags.put({ name: 'All' });
  const slow = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n';
  const running = crm.async.sql(slow);
  await wait(100);
  crm.cancel();
  await assert.rejects(running, { status: 'CANCELLED' });
  assert.strictEqual(await crm.async.leads.count(), 20000, 'the next call is not');
  const aborter = new AbortController();
  const found = crm.async.leads.find('email like ?', { args: ['%'], signal: aborter.signal });
  aborter.abort();
  await assert.rejects(found.toArray(), { name: 'AbortError' });
  const counting = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) AS n FROM n';
  const [first, second] = [new AbortController(), new AbortController()];
  const before = crm.async.sql(counting);
  const waiting = crm.async.leads.find({ limit: 5, signal: second.signal }).toArray();
  await wait(20);
  second.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  assert.deepStrictEqual(await before, [{ n: 3000000 }], 'the call before it is not touched');
  const put = crm.async.leads.putMany(people(50000, 100000), { signal: first.signal });
  await wait(300);
  first.abort();
  await put.then(({ created }) => assert.strictEqual(created, 50000), (error) => assert.strictEqual(error.name, 'AbortError'));
  assert.strictEqual((await crm.async.leads.count()) % 50000, 20000, 'all of it or nothing');
  crm.cancel();
});

test('an asynchronous transaction is one act, apart from calls beside it', async (t) => {
  const crm = inFile(t);
  const answer = await crm.async.transaction(async (tx) => {
    await tx.leads.put({ email: 'ada@example.com' });
    assert.strictEqual(await crm.async.leads.count(), 0, 'others do not see it yet');
    assert.strictEqual(crm.leads.count(), 0);
    assert.strictEqual(await tx.leads.count(), 1);
    assert.throws(() => crm.leads.put({ email: 'bob@example.com' }), { status: 'BUSY' }, 'it would stand in its own way');
    await assert.rejects(crm.async.leads.put({ email: 'bob@example.com' }), { status: 'MISUSE' });
    await assert.rejects(crm.async.transaction(async () => 1), { status: 'MISUSE' });
    return 'done';
  });
  assert.strictEqual(answer, 'done');
  assert.strictEqual(crm.leads.count(), 1);
  let kept;
  await assert.rejects(crm.async.transaction(async (tx) => {
    kept = tx;
    await tx.leads.put({ email: 'bob@example.com' });
    await assert.rejects(tx.transaction(async (inner) => {
      await inner.leads.put({ email: 'eve@example.com' });
      assert.strictEqual(await inner.leads.count(), 3);
      throw new Error('inner');
    }), /inner/);
    assert.strictEqual(await tx.leads.count(), 2, 'an inner one undoes only itself');
    throw new Error('outer');
  }), /outer/);
  assert.strictEqual(crm.leads.count(), 1);
  await assert.rejects(kept.leads.count(), { status: 'MISUSE', message: 'the transaction is over' });
  const many = await crm.async.transaction((tx) => tx.leads.putMany([{ email: 'x@example.com', city: null }, { email: 'y@example.com' }]));
  assert.strictEqual(many.created, 2);
  await Promise.all(Array.from({ length: 8 }, (_, i) => crm.async.transaction(async (tx) => {
    await tx.leads.put({ email: `p${i}@example.com` });
    await tx.leads.put({ email: `q${i}@example.com` });
  })));
  assert.strictEqual(crm.leads.count(), 19);
});

test('in memory both faces take turns', async () => {
  const crm = inMemory();
  const inTurn = [];
  const first = crm.async.transaction(async (tx) => {
    await tx.leads.put({ email: 'ada@example.com' });
    await wait(20);
    assert.throws(() => crm.leads.count(), { status: 'MISUSE' });
    await assert.rejects(crm.async.leads.count(), { status: 'MISUSE' }, 'inside it would wait for ever');
    inTurn.push('first');
  });
  const second = crm.async.transaction(async (tx) => {
    inTurn.push('second');
    return tx.leads.count();
  });
  const beside = crm.async.leads.count();
  await first;
  assert.strictEqual(await second, 1);
  assert.strictEqual(await beside, 1);
  assert.deepStrictEqual(inTurn, ['first', 'second']);
  let later;
  assert.throws(() => crm.transaction(() => {
    later = crm.async.leads.put({ email: 'bob@example.com' });
    crm.leads.put({ email: 'eve@example.com' });
    throw new Error('undone');
  }), /undone/);
  await later;
  assert.deepStrictEqual([...crm.leads.find({ columns: ['email'] })].map(({ email }) => email), ['ada@example.com', 'bob@example.com']);
  const busy = crm.async.leads.putMany(people(5000));
  await new Promise(setImmediate);
  await wait(1);
  try {
    crm.transaction(() => 1);
  } catch (error) {
    assert.strictEqual(error.status, 'MISUSE');
  }
  await busy;
});

test('closing waits for what runs', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const put = crm.async.leads.putMany(people(20000));
  const count = crm.async.leads.count().catch((error) => error);
  await wait(20);
  const closed = crm.async.close();
  const results = await Promise.allSettled([put, count, closed]);
  assert.strictEqual(results[2].status, 'fulfilled');
  assert(results[0].status === 'fulfilled' || results[0].reason.status === 'MISUSE', String(results[0].reason));
  const again = open(crm.path);
  assert.deepStrictEqual(again.check(), []);
  again.close();
});
