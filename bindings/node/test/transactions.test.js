// Synchronous transactions: commit on return, rollback on a throw, repeated on RETRY.
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { open, KithError } = require('kith');
const { inMemory, inFile } = require('./support');

test('commit on return, rollback on a throw', () => {
  const crm = inMemory();
  assert.strictEqual(crm.transaction((tx) => {
    tx.leads.put({ email: 'ada@example.com' });
    return tx.leads.count();
  }), 1);
  assert.throws(() => crm.transaction(() => {
    crm.leads.put({ email: 'bob@example.com' });
    throw new TypeError('mine');
  }), TypeError);
  assert.strictEqual(crm.leads.count(), 1);
  crm.transaction(() => {
    crm.leads.put({ email: 'bob@example.com' });
    assert.throws(() => crm.transaction(() => {
      crm.leads.put({ email: 'eve@example.com' });
      throw new Error('inner');
    }), /inner/);
  });
  assert.strictEqual(crm.leads.count(), 2);
  assert.throws(() => crm.transaction(async () => crm.leads.put({ email: 'eve@example.com' })), { status: 'MISUSE' });
  assert.strictEqual(crm.leads.count(), 2, 'a promise is no transaction');
  assert.throws(() => crm.transaction(() => crm.compact()), { status: 'MISUSE' });
});

test('a refused call leaves the rest of its transaction', () => {
  const crm = inMemory();
  crm.transaction(() => {
    crm.leads.put({ email: 'ada@example.com' });
    assert.throws(() => crm.leads.put({ email: 'nope' }), { status: 'INVALID' });
  });
  assert.strictEqual(crm.leads.count(), 1);
});

test('RETRY repeats the whole, and gives up in the end', () => {
  const crm = inMemory();
  let attempts = 0;
  const answer = crm.transaction(() => {
    crm.leads.put({ email: `attempt${++attempts}@example.com` });
    if (attempts < 3) throw new KithError('RETRY', 'lost a race');
    return 'won';
  });
  assert.deepStrictEqual([answer, attempts, crm.leads.count()], ['won', 3, 1]);
  attempts = 0;
  assert.throws(() => crm.transaction(() => {
    attempts++;
    throw new KithError('RETRY', 'lost a race');
  }, { retries: 4 }), { status: 'RETRY' });
  assert.strictEqual(attempts, 5);
  attempts = 0;
  assert.throws(() => crm.transaction(() => crm.transaction(() => {
    attempts++;
    throw new KithError('RETRY', 'lost a race');
  }), { retries: 2 }), { status: 'RETRY' });
  assert.strictEqual(attempts, 3, 'the outermost is repeated, not an inner one');
});

test('nobody writes between the reading and the writing of a transaction', (t) => {
  const crm = inFile(t);
  const other = open(crm.path, { busyMs: 0 });
  crm.leads.put({ email: 'ada@example.com', city: 'Lund' });
  let attempts = 0;
  crm.transaction(() => {
    attempts++;
    const { city } = crm.leads.get(1);
    assert.throws(() => other.leads.put({ id: 1, city: 'Oslo' }), { status: 'BUSY' });
    crm.leads.put({ id: 1, company: `from ${city}` });
  });
  assert.strictEqual(attempts, 1, 'so there is no race to be lost');
  assert.strictEqual(other.leads.put({ id: 1, city: 'Oslo' }).outcome, 'updated');
  assert.strictEqual(crm.leads.get(1).company, 'from Lund');
  other.close();
});

test('a closed database ends its transaction', (t) => {
  const crm = inFile(t);
  assert.throws(() => crm.transaction(() => {
    crm.leads.put({ email: 'ada@example.com' });
    crm.close();
  }), { status: 'MISUSE', message: 'the database is closed' });
  const again = open(crm.path);
  assert.strictEqual(again.leads.count(), 0);
  again.close();
});
