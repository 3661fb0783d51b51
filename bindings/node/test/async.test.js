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

const COUNT = 40000;

// How long the same stands in the way when it is done at once; the best of three, so that what else the machine does counts
// against the asynchronous side alone.
function atOnce(work) {
  const times = Array.from({ length: 3 }, (_, i) => {
    const start = performance.now();
    work(i);
    return performance.now() - start;
  });
  return Math.min(...times);
}

test('a timer keeps firing during long calls', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const other = inFile(t, { sync: 'normal' });
  const goesOn = async (name, share, synchronous, work) => {
    const whole = atOnce(synchronous);
    // The best of three: a machine that is busy makes one slow, a loop that stands still all.
    const runs = [];
    for (let i = 0; i < 3; i++) runs.push(await watched(() => work(i)));
    const longest = Math.min(...runs.map((run) => run.longest));
    assert(longest < whole * share, `${name}: the loop stood still for ${longest} ms; at once it takes ${whole} ms`);
    return runs[0].answer;
  };
  const rows = (i) => people(COUNT, i * COUNT);
  const [a, b, c] = [0, 1, 2].map(rows);
  const put = await goesOn('putMany', 1 / 8, (i) => other.leads.putMany([a, b, c][i]), (i) => crm.async.leads.putMany([a, b, c][i]));
  assert.strictEqual(put.created, COUNT);
  const query = { pageSize: COUNT, limit: COUNT };
  const found = await goesOn('find', 1 / 3, () => other.leads.find(query).toArray(), () => crm.async.leads.find(query));
  assert.strictEqual(found.length, COUNT);
  const shapes = (i) => people(COUNT, i).map((person, n) => (n < COUNT - 1000 ? person : { ...person, city: null }));
  const [d, e, f] = [0, 1, 2].map(shapes);
  await goesOn('shapes', 1 / 6, (i) => other.leads.putMany([d, e, f][i]), (i) => crm.async.leads.putMany([d, e, f][i]));
  for (const face of [crm, other]) for (const name of ['A0', 'A1', 'A2']) face.tags.put({ name });
  const tagged = await goesOn('assignWhere', 1 / 8, (i) => other.assignWhere('', 'A' + i), (i) => crm.async.assignWhere('', 'A' + i));
  assert.strictEqual(tagged, 3 * COUNT);
  const columns = await goesOn('arrow', 1 / 4, () => other.leads.arrow(), () => crm.async.leads.arrow());
  assert.strictEqual(columns.length, 3 * COUNT);
});

test('a timer keeps firing while another holds the lock of the file', async (t) => {
  const crm = inFile(t, { busyMs: 20000 });
  crm.leads.putMany(people(100));
  const holder = open(crm.path); // a transaction by hand, which stays open over turns of the loop
  const longest = [];
  for (let i = 0; i < 3; i++) { // the best of three, for the machine may be busy
    holder._call('begin', []);
    holder.leads.put({ email: `holder${i}@example.com` });
    const writing = watched(() => crm.async.leads.put({ email: `bob${i}@example.com` }));
    await wait(300);
    const reading = await watched(() => crm.async.leads.count());
    assert.strictEqual(reading.answer, 100 + 2 * i, 'readers are not held up');
    holder._call('commit', []);
    const written = await writing;
    assert.strictEqual(written.answer.outcome, 'created');
    assert(written.took >= 290, `it waited for the lock: ${written.took} ms`);
    longest.push(written.longest);
  }
  assert(Math.min(...longest) < 150, `the loop stood still for ${longest} ms`);
  holder.close();
});

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n';

test('in memory the loop goes on while a call holds the one handle', async () => {
  const crm = inMemory();
  const longest = [];
  for (let i = 0; i < 3; i++) {
    const running = assert.rejects(crm.async.sql(endless), { status: 'CANCELLED' });
    const counted = watched(() => crm.async.leads.count());
    await wait(300);
    crm.cancel();
    await running;
    const run = await counted;
    assert(run.took > 280, 'it waited for its turn');
    longest.push(run.longest);
  }
  assert(Math.min(...longest) < 150, `the loop stood still for ${longest} ms`);
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
  const running = crm.async.sql(endless);
  await wait(100);
  crm.cancel();
  await assert.rejects(running, { status: 'CANCELLED' });
  assert.strictEqual(await crm.async.leads.count(), 20000, 'the next call is not');
  const aborter = new AbortController();
  const found = crm.async.leads.find('email contains ?', { args: ['p'], signal: aborter.signal });
  aborter.abort();
  await assert.rejects(found.toArray(), { name: 'AbortError' });
  const counting = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) AS n FROM n';
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  const before = crm.async.sql(counting);
  const waiting = crm.async.leads.find({ limit: 5, signal: second.signal }).toArray();
  await wait(20);
  second.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  assert.deepStrictEqual(await before, [{ n: 3000000 }], 'the call before it is not touched');
  // While it runs: without the signal this one would take many minutes.
  const reading = crm.async.sql(endless, [], { signal: first.signal });
  setTimeout(() => first.abort(new Error('enough')), 50);
  await assert.rejects(reading, /enough/);
  // While it waits behind a write that waits for another writer: it never begins, and the one before goes on.
  const holder = open(crm.path);
  holder._call('begin', []);
  const ahead = crm.async.leads.put({ email: 'ahead@example.com' });
  const put = crm.async.leads.putMany(people(5000, 100000), { signal: third.signal });
  await wait(100);
  third.abort();
  holder._call('rollback', []);
  holder.close();
  await assert.rejects(put, { name: 'AbortError' });
  assert.strictEqual((await ahead).outcome, 'created');
  assert.strictEqual(await crm.async.leads.count(), 20001, 'nothing of it is there');
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
  const busy = assert.rejects(crm.async.sql(endless), { status: 'CANCELLED' });
  await wait(20);
  assert.throws(() => crm.transaction(() => 1), { status: 'MISUSE', message: /await them first/ });
  crm.cancel();
  await busy;
  assert.strictEqual(crm.transaction(() => 1), 1);
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
