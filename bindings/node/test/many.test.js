// Many rows at once: their shapes, what is refused, and pages on the way out.
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');

const { inMemory, inFile, people } = require('./support');

test('rows go in together and are counted', () => {
  const crm = inMemory();
  const first = crm.leads.putMany(people(5000));
  assert.deepStrictEqual([first.created, first.updated, first.unchanged, first.failed], [5000, 0, 0, 0]);
  assert.deepStrictEqual(first.ids.slice(0, 3), [1, 2, 3]);
  assert.strictEqual(first.ids.length, 5000);
  const again = crm.leads.putMany(people(5000));
  assert.strictEqual(again.unchanged, 5000);
  assert.strictEqual(crm.leads.putMany([]).created, 0);
  assert.strictEqual(crm.leads.putMany(new Set(people(2, 9000))).created, 2, 'anything that can be iterated');
  assert.throws(() => crm.leads.putMany([null]), { status: 'INVALID' });
  assert.throws(() => crm.leads.putMany([{}]), { status: 'INVALID', field: 'rows' });
  assert.throws(() => crm.leads.putMany([{ email: 'x@example.com' }, 5]), { status: 'INVALID' });
});

test('what a row does not name is left alone, and null clears', () => {
  const crm = inMemory();
  crm.leads.putMany([{ email: 'a@example.com', firstName: 'A', city: 'Lund' }, { email: 'b@example.com', firstName: 'B', city: 'Umeå' }]);
  crm.leads.putMany([{ email: 'a@example.com', firstName: 'AA' }, { city: 'Oslo', email: 'b@example.com' }, { email: 'c@example.com', company: undefined }]);
  const shown = () => [...crm.leads.find({ columns: ['email', 'firstName', 'city'] })].map(Object.values);
  assert.deepStrictEqual(shown(), [['a@example.com', 'AA', 'Lund'], ['b@example.com', 'B', 'Oslo'], ['c@example.com', null, null]]);
  crm.leads.putMany([{ email: 'a@example.com', firstName: null }, { email: 'b@example.com', city: 'Bern' }, { email: 'd@example.com' }]);
  assert.deepStrictEqual(shown(), [['a@example.com', null, 'Lund'], ['b@example.com', 'B', 'Bern'], ['c@example.com', null, null], ['d@example.com', null, null]]);
});

test('rows of several shapes are still one act', () => {
  const crm = inMemory();
  crm.tags.putMany([{ name: 'A' }, { name: 'B', description: 'b' }, { name: 'C', description: null }]);
  assert.strictEqual(crm.tags.count(), 3);
  assert.throws(() => crm.leads.putMany([{ email: 'a@example.com', city: null }, { email: 'b@example.com' }, { email: 'nope' }]), {
    status: 'INVALID',
    field: '[2].email',
    message: /^\[2\]\.email/,
  });
  assert.strictEqual(crm.leads.count(), 0);
  const mixed = crm.leads.putMany([{ email: 'a@example.com', city: null }, { email: 'nope' }, { email: 'b@example.com', city: 'Lund', firstName: 'B' }], { skipBad: true });
  assert.deepStrictEqual(mixed.failures.map(({ index, status, field }) => [index, status, field]), [[1, 'INVALID', 'email']]);
  assert.strictEqual(mixed.created, 2);
});

test('many rows say whom a list did not take', () => {
  const crm = inMemory();
  for (const name of ['News', 'Club']) crm.lists.put({ name });
  crm.leads.put({ email: 'left@example.com' });
  crm.subscribe('left@example.com', 'News');
  crm.unsubscribe('left@example.com', 'News', { via: 'lead' });
  crm.suppress('never@example.com');
  const rows = ['new@example.com', 'left@example.com', 'never@example.com'].map((email) => ({ email }));
  const result = crm.leads.putMany(rows, { list: ['News', 'Club'], via: 'import' });
  assert.deepStrictEqual([result.created, result.failed], [2, 0]);
  assert.deepStrictEqual(result.notTaken, [
    { index: 1, lists: { News: 'unsubscribed' } },
    { index: 2, lists: { News: 'suppressed', Club: 'suppressed' } },
  ]);
  assert.deepStrictEqual(crm.leads.putMany(rows).notTaken, []);
  assert.deepStrictEqual(crm.recordMany([{ lead: 'new@example.com', kind: 'shop.seen' }]).notTaken, []);
});

test('pages come when they are asked for', () => {
  const crm = inMemory();
  crm.leads.putMany(people(2500));
  const found = crm.leads.find({ columns: 'id, firstName', sort: '-id', pageSize: 100 });
  const iterator = found[Symbol.iterator]();
  assert.deepStrictEqual(iterator.next().value, { id: 2500, firstName: 'Name545' });
  crm.leads.remove(1);
  assert.strictEqual([...iterator].length, 2498, 'the last page was read after the removal');
  assert.strictEqual([...found].length, 2499, 'a question can be asked again');
  assert.deepStrictEqual(crm.leads.find({ limit: 3, pageSize: 2 }).toArray().map(({ id }) => id), [2, 3, 4]);
  assert.strictEqual(crm.leads.find({ limit: 0 }).toArray().length, 0);
  assert.strictEqual(crm.leads.find({ limit: 1700 }).toArray().length, 1700);
  assert.deepStrictEqual([...crm.leads.find({ pageSize: 2000 }).pages()].map((page) => page.length), [2000, 499]);
  assert.strictEqual(crm.leads.find({ pageSize: 2400 }).toArray().length, 2499, 'pages larger than one slice');
  assert.strictEqual(crm.leads.find("first_name = 'Name5'").first().id, 6);
  assert.strictEqual(crm.leads.find("first_name = 'Nobody'").first(), null);
  assert.throws(() => crm.leads.find({ limit: -1 }), { status: 'INVALID', field: 'limit' });
  assert.throws(() => crm.leads.find({ pageSize: 0 }), { status: 'INVALID', field: 'pageSize' });
});

test('a question is asked anew each time, and the first row alone', async (t) => {
  const crm = inFile(t);
  crm.leads.putMany(people(3000));
  const calls = [];
  const native = require(path.join(path.dirname(require.resolve('kith')), 'native.js'));
  for (const [face, where] of Object.entries({ now: native, later: native.later })) {
    const find = where.find;
    where.find = (...args) => {
      calls.push(`${face} ${args[3][5]}`);
      return find(...args);
    };
    t.after(() => (where.find = find));
  }
  assert.strictEqual(crm.leads.find({ sort: 'id' }).first().id, 1);
  assert.strictEqual(crm.leads.find({ limit: 0 }).first(), null);
  assert.strictEqual((await crm.async.leads.find({ sort: 'id' }).first()).id, 1);
  assert.deepStrictEqual(calls, ['now 1', 'later 1']);
  const found = crm.async.leads.find('id < 3');
  assert.strictEqual((await found).length, 2);
  crm.leads.remove(2);
  assert.strictEqual((await found).length, 1);
  calls.length = 0;
  let count = 0;
  const looping = crm.leads.find({ pageSize: 1000 });
  for await (const lead of looping) count += lead.id > 0;
  assert.strictEqual(count, 2999);
  assert.deepStrictEqual(calls, ['later 1000', 'later 1000', 'later 1000'], 'off the thread of JavaScript');
});

test('the index of a refused row counts all rows', async () => {
  const crm = inMemory();
  const rows = [{ email: 'a@example.com', city: null }, { email: 'nope' }];
  assert.throws(() => crm.leads.putMany(rows), { field: '[1].email', message: /^\[1\]\.email/ });
  await assert.rejects(crm.async.leads.putMany(rows), { field: '[1].email' });
});

test('asynchronous pages', async (t) => {
  const crm = inFile(t);
  await crm.async.leads.putMany(people(2500));
  let count = 0;
  for await (const lead of crm.async.leads.find({ pageSize: 100 })) {
    if (++count === 150) break;
    assert.strictEqual(typeof lead.id, 'number');
  }
  assert.strictEqual((await crm.async.leads.find()).length, 2500);
  assert.strictEqual((await crm.async.leads.find({ limit: 7 }).toArray()).length, 7);
  assert.strictEqual((await crm.async.leads.find('id = 5').first()).id, 5);
  await assert.rejects(crm.async.leads.find('nonsense = 5'), { status: 'INVALID' });
  await assert.rejects(async () => { for await (const _ of crm.async.leads.find('nonsense = 5')); }, { status: 'INVALID' });
  async function* slowly() {
    for (const person of people(3, 7000)) yield person;
  }
  assert.strictEqual((await crm.async.leads.putMany(slowly())).created, 3);
});

test('where code from strings is forbidden rows are built all the same', () => {
  const { execFileSync } = require('node:child_process');
  const script = `const crm = require('kith').open('x', { memory: true });
    crm.leads.put({ email: 'ada@example.com', firstName: 'Ada' });
    const ada = crm.leads.get(1);
    console.log(ada.firstName, ada.created instanceof Date, ada.company, crm.timeline(1).toArray()[0].kind)`;
  const out = execFileSync(process.execPath, ['--disallow-code-generation-from-strings', '-e', script], { cwd: __dirname, encoding: 'utf8' });
  assert.strictEqual(out, 'Ada true null lead.created\n');
});
