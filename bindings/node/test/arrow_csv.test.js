// Columns in and out, and the reader of CSV files.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { open, openCsv } = require('kith');
const { inMemory, inFile, folderOf, people } = require('./support');

test('rows as columns, and back', () => {
  const crm = inMemory();
  crm.leads.putMany([...people(3), { email: 'åsa@example.com', firstName: null }]);
  const batch = crm.leads.arrow({ columns: ['id', 'email', 'firstName', 'created'] });
  assert.strictEqual(batch.length, 4);
  assert.deepStrictEqual(batch.columns.map(({ name, format }) => [name, format[0]]), [['id', 'l'], ['email', 'u'], ['first_name', 'u'], ['created', 't']]);
  const [, email, firstName] = batch.columns;
  const offsets = new Int32Array(email.buffers[1].buffer);
  const text = Buffer.from(email.buffers[2]).toString('utf8', offsets[3], offsets[4]);
  assert.strictEqual(text, 'åsa@example.com');
  assert.strictEqual(firstName.nullCount, 1);
  const other = inMemory();
  const columns = batch.columns.filter(({ name }) => name === 'email' || name === 'first_name');
  const result = other.leads.putBatch({ length: 4, columns }, { tag: [] });
  assert.strictEqual(result.created, 4);
  assert.deepStrictEqual(other.leads.get('person1@example.com').firstName, 'Name1');
  assert.strictEqual(crm.sqlArrow('SELECT count(*) AS n FROM lead').columns[0].name, 'n');
});

test('tables of apache-arrow go in as they are', async (t) => {
  const arrow = require('apache-arrow');
  const table = arrow.tableFromArrays({
    email: ['ada@example.com', 'bob@example.com'],
    first_name: ['Ada', 'Bob'],
  });
  const plain = new arrow.Table({
    email: arrow.vectorFromArray(['ada@example.com', 'bob@example.com'], new arrow.Utf8()),
    firstName: arrow.vectorFromArray(['Ada', null], new arrow.Utf8()),
  });
  const crm = inFile(t);
  assert.throws(() => crm.leads.putStream([table]), { status: 'INVALID', field: 'email' }, 'dictionaries are not taken');
  assert.strictEqual(crm.leads.putStream([plain]).created, 2);
  assert.strictEqual(crm.leads.get('bob@example.com').firstName, null);
  const more = await crm.async.leads.putStream([plain, plain]);
  assert.deepStrictEqual([more.unchanged, more.ids], [4, [1, 2, 1, 2]]);
  assert.strictEqual((await crm.async.leads.putBatch(plain.batches[0])).unchanged, 2);

  const batch = await crm.async.leads.arrow({ columns: 'id, email' });
  const [id, email] = batch.columns;
  const back = new arrow.Table({
    id: arrow.makeVector(new BigInt64Array(id.buffers[1].buffer)),
    email: arrow.makeVector(arrow.makeData({ type: new arrow.Utf8(), length: batch.length, nullCount: email.nullCount, nullBitmap: email.buffers[0] ?? undefined, valueOffsets: new Int32Array(email.buffers[1].buffer), data: email.buffers[2] })),
  });
  assert.deepStrictEqual(back.toArray().map((row) => [row.id, row.email]), [[1n, 'ada@example.com'], [2n, 'bob@example.com']]);
});

test('columns that lie about their size are refused', () => {
  const crm = inMemory();
  const offsets = (...values) => new Uint8Array(new Int32Array(values).buffer);
  const text = Buffer.from('a@example.com');
  const put = (length, format, buffers) => () => crm.leads.putBatch({ length, columns: [{ name: 'email', format, buffers }] });
  assert.throws(put(2, 'u', [null, offsets(0, 13), text]), { status: 'INVALID', field: 'email' });
  assert.throws(put(1, 'u', [null, offsets(0, 99), text]), { status: 'INVALID', field: 'email' });
  assert.throws(put(1, 'u', [null, offsets(9, 3), text]), { status: 'INVALID', field: 'email' });
  assert.throws(put(1, 'u', [null, offsets(-5, 3), text]), { status: 'INVALID', field: 'email' });
  assert.throws(put(100, 'l', [null, text]), { status: 'INVALID', field: 'email' });
  assert.throws(put(100, 'u', [new Uint8Array(1), offsets(0, 13), text]), { status: 'INVALID', field: 'email' });
  assert.throws(put(1, 'u', [null]), { status: 'INVALID', field: 'email' });
  assert.throws(put(1, '+l', [null]), (error) => error.name === 'KithError');
  assert.throws(put(-1, 'n', []), { status: 'INVALID' });
  assert.throws(() => crm.leads.putStream([]), { status: 'INVALID' });
  assert.throws(() => crm.leads.putBatch({ rows: 5 }), { status: 'INVALID' });
  assert.strictEqual(put(1, 'u', [null, offsets(0, 13), text])().created, 1);
});

test('columns of a call that waits are copied when it is made', async (t) => {
  const crm = inFile(t, { busyMs: 3000 });
  const text = Buffer.from('a@example.comb@example.com');
  const make = () => ({ offsets: new Uint8Array(new Int32Array([0, 13, 26]).buffer), data: new Uint8Array(text) });
  const batchOf = ({ offsets, data }) => ({ length: 2, columns: [{ name: 'email', format: 'u', buffers: [null, offsets, data] }] });
  const holder = open(crm.path);
  holder._call('begin', []);
  const [one, two] = [make(), make()];
  const putting = [crm.async.leads.putBatch(batchOf(one)), crm.async.leads.putStream([batchOf(two)])];
  await new Promise((resolve) => setTimeout(resolve, 30));
  one.offsets.fill(0x7f);
  one.data.fill(0);
  for (const part of Object.values(two)) structuredClone(part.buffer, { transfer: [part.buffer] });
  holder._call('rollback', []);
  holder.close();
  assert.deepStrictEqual((await Promise.all(putting)).map(({ created, unchanged }) => [created, unchanged]), [[2, 0], [0, 2]]);
  assert.deepStrictEqual(crm.leads.find().toArray().map(({ email }) => email), ['a@example.com', 'b@example.com']);
  const shared = new Uint8Array(new SharedArrayBuffer(12));
  shared.set(make().offsets);
  assert.throws(() => crm.leads.putBatch(batchOf({ ...make(), offsets: shared })), { status: 'INVALID', message: /shared memory/ });
  await assert.rejects(crm.async.leads.putBatch(batchOf({ ...make(), offsets: shared })), { status: 'INVALID', message: /shared memory/ });
  const odd = new Uint8Array(13).subarray(1); // where no integer may begin
  odd.set(make().offsets);
  assert.strictEqual(crm.leads.putBatch(batchOf({ ...make(), offsets: odd })).unchanged, 2);
});

test('of columns as many rows are answered as of rows', async (t) => {
  const crm = inFile(t);
  crm.leads.putMany(people(1500));
  for (const face of [crm, crm.async]) {
    assert.strictEqual((await face.leads.arrow()).length, 1500);
    assert.strictEqual((await face.leads.arrow({ limit: Infinity })).length, 1500);
    assert.strictEqual((await face.leads.arrow({ limit: 7 })).length, 7);
    const none = await face.leads.arrow({ limit: 0, columns: ['id', 'email'] });
    assert.deepStrictEqual([none.length, none.columns.map(({ name }) => name)], [0, ['id', 'email']]);
    for (const limit of [-1, 1.5, NaN, 'all']) await assert.rejects(async () => face.leads.arrow({ limit }), { status: 'INVALID', field: 'limit' });
    for (const limit of [-1, 1.5, NaN, 'all']) await assert.rejects(async () => face.leads.find({ limit }).toArray(), { status: 'INVALID', field: 'limit' });
  }
  const aborter = new AbortController();
  const slow = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) AS n FROM n';
  setTimeout(() => aborter.abort(), 50);
  await assert.rejects(crm.async.sqlArrow(slow, [], { signal: aborter.signal }), { name: 'AbortError' });
});

test('a CSV file is read in pages', async (t) => {
  const file = path.join(folderOf(t), 'people.csv');
  fs.writeFileSync(file, 'email;first_name\n' + people(2500).map(({ email, firstName }) => `${email};${firstName}`).join('\n') + '\nlate@example.com;"Å;""x"""\n');
  const rows = [...openCsv(file)];
  assert.strictEqual(rows.length, 2501);
  assert.deepStrictEqual({ ...rows[0] }, { line: rows[0].line, email: 'person0@example.com', first_name: 'Name0', ...('more' in rows[0] && { more: null }) });
  assert.strictEqual(rows.at(-1).first_name, 'Å;"x"');
  const csv = openCsv(file, { delimiter: ';', header: true });
  assert.strictEqual(csv.read(10).length, 10);
  assert(csv.progress > 0 && csv.progress <= 1);
  csv.close();
  assert.throws(() => csv.read(), { status: 'MISUSE', message: 'the CSV reader is closed' });
  const crm = inMemory();
  let count = 0;
  for await (const { email, first_name: firstName } of openCsv(file)) if (count++ < 5) crm.leads.put({ email, firstName });
  assert.strictEqual(count, 2501);
  assert.strictEqual(crm.leads.count(), 5);
  assert.throws(() => openCsv('/no/such/file.csv'), { name: 'KithError' });
  assert.throws(() => openCsv(file, { delimitr: ';' }), { status: 'INVALID' });
});
