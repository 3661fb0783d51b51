// Asynchronous transactions: parts of them that fail, what runs beside them or outlives them, the one handle that they share.
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');
const { setTimeout: wait } = require('node:timers/promises');

const { open } = require('kith');
const { noon, inMemory, inFile } = require('./support');

// Another handle sees what is committed and nothing else.
function committed(crm) {
  const other = open(crm.path);
  const count = other.leads.count();
  other.close();
  return count;
}

test('a clock that throws undoes the transaction, and later writes are kept', async (t) => {
  let broken = false;
  const now = () => {
    if (broken) throw new Error('no clock');
    return noon;
  };
  const crm = inFile(t, { now });
  assert.throws(() => crm.transaction(() => {
    crm.leads.put({ email: 'ada@example.com' });
    broken = true;
  }), /no clock/);
  broken = false;
  crm.leads.put({ email: 'bob@example.com' });
  assert.strictEqual(committed(crm), 1);
  await assert.rejects(crm.async.transaction(async (tx) => {
    await tx.leads.put({ email: 'carl@example.com' });
    broken = true;
  }), /no clock/);
  broken = false;
  await crm.async.leads.put({ email: 'dora@example.com' });
  await crm.async.transaction((tx) => tx.leads.put({ email: 'eve@example.com' }));
  assert.strictEqual(committed(crm), 3);
});

const twoShapes = [{ email: 'a@example.com', city: null }, { email: 'nope' }];

test('a putMany of several shapes that is refused leaves none of its rows in the transaction', async (t) => {
  const crm = inFile(t);
  await crm.async.transaction(async (tx) => {
    await tx.leads.put({ email: 'first@example.com' });
    await assert.rejects(tx.leads.putMany(twoShapes), { status: 'INVALID', field: '[1].email' });
    assert.strictEqual(await tx.leads.count(), 1);
    await tx.transaction(async (inner) => {
      await assert.rejects(inner.leads.putMany(twoShapes), { status: 'INVALID' });
      await assert.rejects(tx.leads.putMany(twoShapes), { status: 'INVALID' }, 'the outer name in an inner part waits for nothing');
    });
    assert.strictEqual(await tx.leads.count(), 1);
  });
  assert.strictEqual(committed(crm), 1);
});

test('what is done beside a part that fails is kept', async (t) => {
  const crm = inFile(t);
  await crm.async.transaction(async (tx) => {
    const refused = tx.leads.putMany(twoShapes);
    const beside = tx.leads.put({ email: 'beside@example.com' });
    const others = tx.leads.putMany([{ email: 'x@example.com', city: null }, { email: 'y@example.com' }]);
    await assert.rejects(refused, { status: 'INVALID' });
    await Promise.all([beside, others]);
  });
  assert.deepStrictEqual(crm.leads.find({ sort: 'email' }).toArray().map(({ email }) => email), ['beside@example.com', 'x@example.com', 'y@example.com']);
  const failing = crm.async.transaction(async (tx) => {
    tx.transaction(() => wait(30)).catch(() => {});
    await tx.leads.put({ email: 'z@example.com' });
    throw new Error('outer');
  });
  await assert.rejects(failing, /outer/);
  await wait(60); // the part ends after all, and undoes nothing of others
  await crm.async.transaction(async (tx) => {
    tx.transaction((inner) => inner.leads.put({ email: 'unawaited@example.com' }));
  });
  assert.strictEqual(committed(crm), 4);
});

test('code that a transaction began may outlive it', async (t) => {
  for (const crm of [inFile(t), inMemory()]) {
    let later;
    await crm.async.transaction(async (tx) => {
      later = wait(30).then(() => crm.async.leads.put({ email: 'later@example.com' }));
      await tx.leads.put({ email: 'ada@example.com' });
      await assert.rejects(crm.async.leads.put({ email: 'bob@example.com' }), { status: 'MISUSE' });
    });
    assert.strictEqual((await later).outcome, 'created');
    const inner = inMemory();
    await crm.async.transaction(() => inner.async.transaction(() => assert.rejects(crm.async.leads.put({ email: 'bob@example.com' }), { status: 'MISUSE' }, 'a transaction of another database lies between')));
  }
});

test('transactions share one handle and its thread', async (t) => {
  const crm = inFile(t);
  const native = require(path.join(path.dirname(require.resolve('kith')), 'native.js'));
  const { open: opens } = native.later;
  let opened = 0;
  native.later.open = (...args) => (opened++, opens(...args));
  t.after(() => (native.later.open = opens));
  for (let i = 0; i < 5; i++) await crm.async.transaction((tx) => tx.leads.put({ email: `p${i}@example.com` }));
  await assert.rejects(crm.async.transaction(async (tx) => {
    await tx.leads.put({ email: 'no@example.com' });
    throw new Error('undone');
  }), /undone/);
  await crm.async.transaction((tx) => tx.leads.put({ email: 'last@example.com' }));
  assert.deepStrictEqual([opened, committed(crm)], [1, 6]);
});

test('a transaction that a cancelled write undid is run again', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const rows = Array.from({ length: 20000 }, (_, i) => ({ email: `p${i}@example.com` }));
  let repeated = 0;
  // Whether SQLite undoes all depends on what it is at when it is cancelled, so it is tried at several moments.
  for (let i = 0; i < 60 && repeated < 2; i++) {
    const before = crm.leads.count();
    let attempts = 0;
    const seen = [];
    await crm.async.transaction(async (tx) => {
      attempts++;
      await tx.leads.put({ email: `first${i}.${attempts}@example.com` });
      if (attempts > 1) return;
      const put = tx.leads.putMany(rows).then(() => 'done', (error) => error.status);
      await wait(10 + 5 * (i % 12));
      crm.cancel();
      seen.push(await put);
      try {
        await tx.leads.put({ email: `second${i}@example.com` });
      } catch (error) {
        seen.push(error.status);
        throw error;
      }
    });
    if (seen.includes('done')) { // too late: this time it was faster
      for (const lead of crm.leads.find("email starts with 'p'")) crm.leads.remove(lead);
      continue;
    }
    const emails = crm.leads.find({ sort: '-id', limit: 2 }).toArray().map(({ email }) => email);
    if (attempts === 1) {
      assert.deepStrictEqual(seen, ['CANCELLED']);
      assert.deepStrictEqual([crm.leads.count() - before, emails], [2, [`second${i}@example.com`, `first${i}.1@example.com`]]);
    } else {
      repeated++;
      assert.deepStrictEqual([attempts, seen], [2, ['CANCELLED', 'RETRY']]);
      assert.deepStrictEqual([crm.leads.count() - before, emails[0]], [1, `first${i}.2@example.com`]);
    }
  }
  assert(repeated > 0, 'none was repeated');
});

test('closing waits for what runs, whoever asks first', async (t) => {
  const crm = inFile(t, { sync: 'normal' });
  const slow = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) AS n FROM n';
  await crm.async.leads.count();
  let ended = false;
  const running = crm.async.sql(slow).finally(() => (ended = true));
  await wait(20);
  crm.close();
  await crm.async.close();
  assert(ended, 'the call had ended');
  assert.deepStrictEqual(await running, [{ n: 3000000 }]);
  const opening = open(crm.path);
  const first = opening.async.leads.count().catch((error) => error);
  await Promise.resolve();
  opening.close();
  await opening.async.close();
  const held = require('node:fs').readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return require('node:fs').readlinkSync(`/proc/self/fd/${fd}`).startsWith(crm.path);
    } catch {
      return false;
    }
  });
  assert.deepStrictEqual(held, [], 'nor is a file open that was being opened');
  assert.strictEqual((await first).status, 'MISUSE');
});
