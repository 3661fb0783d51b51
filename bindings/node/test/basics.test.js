// Putting, finding, tagging, values in and out, errors.
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const { open, openAsync, KithError, version } = require('kith');
const { noon, inMemory, inFile } = require('./support');

test('the version is that of the package', () => {
  assert.strictEqual(version, require('kith/package.json').version);
});

test('a lead goes in and comes out by the names of JavaScript', () => {
  const crm = inMemory();
  assert.throws(() => crm.leads.put({ email: 'ada@example.com', birthDate: new Date() }), { status: 'INVALID', field: 'birthDate', message: /a date is text/ });
  const { id, outcome } = crm.leads.put({ email: 'ada@example.com', firstName: 'Ada', birthDate: '1815-12-10', last_name: 'Lovelace' });
  assert.deepStrictEqual([id, outcome], [1, 'created']);
  const ada = crm.leads.get('ADA@example.com');
  assert.strictEqual(ada.firstName, 'Ada');
  assert.strictEqual(ada.lastName, 'Lovelace');
  assert.strictEqual(ada.birthDate, '1815-12-10');
  assert.strictEqual(ada.company, null);
  assert.strictEqual(ada.score, 0);
  assert.deepStrictEqual(ada.created, new Date(noon));
  assert.strictEqual(Object.getPrototypeOf(ada), Object.prototype);
  assert.strictEqual(crm.leads.put({ id: 1, firstName: null, lastName: undefined }).outcome, 'updated');
  assert.strictEqual(crm.leads.get(1).firstName, null, 'null clears');
  assert.strictEqual(crm.leads.get({ id: 1 }).lastName, 'Lovelace', 'undefined leaves');
  assert.strictEqual(crm.leads.get('eve@example.com'), null);
});

test('texts of every kind survive', () => {
  const crm = inMemory();
  for (const name of ['Åsa', '日本語', '👩‍🚀', "O'Brien", 'ÿ']) {
    crm.leads.put({ email: 'a@example.com', company: name });
    assert.strictEqual(crm.leads.get('a@example.com').company, name);
    crm.leads.putMany([{ email: 'a@example.com', jobTitle: name }]);
    assert.strictEqual(crm.leads.get('a@example.com').jobTitle, name);
  }
  for (const long of ['a'.repeat(5000), 'é'.repeat(3000), '日'.repeat(2000)]) {
    const { id } = crm.notes.put({ lead: 'a@example.com', text: long });
    assert.strictEqual(crm.notes.get(id).text, long);
  }
  for (const bad of ['a\0b', '\ud800', 'x\udc00y']) {
    assert.throws(() => crm.leads.put({ email: 'a@example.com', company: bad }), { status: 'INVALID', field: 'company' });
    assert.throws(() => crm.leads.putMany([{ email: 'a@example.com', company: bad }]), { status: 'INVALID' });
    assert.throws(() => crm.search(bad), { status: 'INVALID' });
  }
  assert.throws(() => crm.leads.putMany([{ email: 'a@example.com', company: 'a\0b' }]), /NUL/);
});

test('custom fields keep their names, and integers beyond 2^53 are BigInt', () => {
  const crm = inMemory();
  for (const [key, type] of Object.entries({ seat_count: 'integer', ratio: 'number', is_partner: 'boolean', met: 'datetime', tags_wanted: 'choices' })) {
    crm.fields.put({ key, type, ...(type === 'choices' && { options: ['a', 'b', 'c'] }) });
  }
  const met = new Date('2026-02-03T04:05:06.789Z');
  crm.leads.put({ email: 'a@example.com', seat_count: 7, ratio: 0.25, isPartner: true, met, tags_wanted: ['a', 'c'] });
  const lead = crm.leads.get('a@example.com');
  assert.strictEqual(lead.seat_count, 7);
  assert.strictEqual(lead.ratio, 0.25);
  assert.strictEqual(lead.is_partner, true);
  assert.deepStrictEqual(lead.met, met);
  assert.deepStrictEqual(lead.tags_wanted, ['a', 'c']);
  assert.strictEqual('seatCount' in lead, false);
  const large = 9007199254740993n;
  crm.leads.put({ email: 'a@example.com', seatCount: large });
  assert.strictEqual(crm.leads.get(1).seat_count, large);
  crm.leads.putMany([{ email: 'a@example.com', seat_count: -large }]);
  assert.strictEqual(crm.leads.get(1).seat_count, -large);
  crm.leads.putMany([{ email: 'a@example.com', seat_count: 5n }]);
  assert.strictEqual(crm.leads.get(1).seat_count, 5);
  assert.throws(() => crm.leads.put({ email: 'a@example.com', seat_count: 2n ** 64n }), { status: 'INVALID', field: 'seat_count' });
  assert.throws(() => crm.leads.putMany([{ email: 'a@example.com', seat_count: 2n ** 64n }]), { status: 'INVALID', field: 'seat_count' });
  assert.deepStrictEqual([...crm.leads.find('seat_count = ?', { args: [5], columns: ['email', 'seat_count'] })], [{ email: 'a@example.com', seat_count: 5 }]);
  assert.throws(() => crm.leads.put({ email: 'b@example.com', seat_count: 'many' }), (error) => error.field === 'seat_count');
});

test('the values of a condition stand behind it, as those of a statement do', async () => {
  const crm = inMemory();
  crm.leads.putMany([{ email: 'ada@example.com', country: 'GB' }, { email: 'bob@example.com', country: 'SE' }]);
  for (const face of [crm, crm.async]) {
    assert.deepStrictEqual((await face.leads.find('country = ? and email = ?', ['SE', 'bob@example.com']).toArray()).map(({ id }) => id), [2]);
    assert.strictEqual(await face.leads.count('country = ?', ['GB']), 1);
    assert.strictEqual((await face.leads.arrow('country = ?', ['GB'])).length, 1);
    assert.strictEqual((await face.timeline(1, 'kind = ?', ['lead.created']).toArray()).length, 1);
  }
  assert.throws(() => crm.leads.count('country = ?', []), { status: 'INVALID', field: 'where' });
});

test('errors say what, where and what is near', () => {
  const crm = inMemory();
  crm.tags.put({ name: 'VIP-Member' });
  crm.leads.put({ email: 'ada@example.com' });
  assert.throws(() => crm.assign('ada@example.com', 'VPI-Member'), (error) => {
    assert(error instanceof KithError && error instanceof Error);
    assert.strictEqual(error.name, 'KithError');
    assert.strictEqual(error.status, 'NOT_FOUND');
    assert.strictEqual(error.code, 'KITH_NOT_FOUND');
    assert.strictEqual(error.nearest, 'VIP-Member');
    return true;
  });
  assert.throws(() => crm.leads.put({ email: 'ada@example.com', timeZone: 'Europe/Stokholm' }), { status: 'INVALID', field: 'timeZone' });
  assert.throws(() => crm.leads.put({ email: 'ada@example.com', fristName: 'Ada' }), { status: 'INVALID', nearest: 'firstName' });
  assert.throws(() => crm.leads.find('frist_name = 1').toArray(), { status: 'INVALID', nearest: 'first_name' }, 'as a condition writes it');
  crm.tags.put({ name: 'first_name' });
  assert.throws(() => crm.assign('ada@example.com', 'frist_name'), { status: 'NOT_FOUND', nearest: 'first_name' }, "a name is the host's");
  assert.throws(() => crm.leads.put({ email: 5 }), { status: 'INVALID', field: 'email' });
  assert.throws(() => crm.leads.put({ email: 'a@example.com', company: NaN }), { status: 'INVALID', field: 'company' });
  assert.throws(() => crm.leads.put({ email: 'a@example.com', company: () => 1 }), { status: 'INVALID', field: 'company' });
  assert.throws(() => crm.leads.put({ email: 'a@example.com', created: new Date('x') }), { status: 'INVALID', field: 'created' });
  assert.throws(() => crm.leads.put('ada@example.com'), { status: 'INVALID' });
  assert.throws(() => crm.assign(undefined, 'VIP-Member'), { status: 'MISUSE' });
  assert.throws(() => crm.assign(['x'], 'VIP-Member'), { status: 'INVALID', field: 'lead' });
  assert.throws(() => crm.assign('ada@example.com', 'VIP-Member', { colour: 'red' }), { status: 'INVALID' });
  assert.throws(() => crm.leads.find({ were: 'x' }), { status: 'INVALID', field: 'were' });
  assert.throws(() => crm.kind('leed'), { status: 'NOT_FOUND' });
});

test('an act for many needs its condition, and takes nothing else', async () => {
  const crm = inMemory();
  crm.tags.put({ name: 'VIP' });
  crm.lists.put({ name: 'News', optIn: 'single' });
  crm.leads.put({ email: 'ada@example.com' });
  for (const whom of [undefined, null, {}, { where: undefined }, { where: null }, { args: ['SE'] }, 5, { where: ['x'] }]) {
    for (const verb of ['assignWhere', 'unassignWhere', 'subscribeWhere', 'unsubscribeWhere']) {
      const object = verb.startsWith('a') || verb.startsWith('una') ? 'VIP' : 'News';
      assert.throws(() => crm[verb](whom, object), { status: 'INVALID', field: 'where' });
      await assert.rejects(crm.async[verb](whom, object), { status: 'INVALID', field: 'where' });
    }
  }
  for (const more of [{ limit: 1 }, { sort: 'id' }, { columns: 'id' }, { after: 'x' }, { were: 'x' }]) {
    assert.throws(() => crm.assignWhere({ where: "city = 'Lund'", ...more }, 'VIP'), { status: 'INVALID', field: Object.keys(more)[0] });
  }
  assert.strictEqual(crm.leads.count("tag 'VIP'"), 0);
  assert.strictEqual(crm.assignWhere('', 'VIP'), 1);
  assert.strictEqual(crm.unassignWhere({ where: '' }, 'VIP'), 1);
  assert.strictEqual(crm.assignWhere({ where: 'email = ?', args: 'ada@example.com' }, 'VIP'), 1);
});

test('an extra that is null is not said, but where that means something', () => {
  const crm = inMemory();
  crm.tags.put({ name: 'Soon', expiresAfter: '1 hour' });
  crm.leads.put({ email: 'ada@example.com' }, { ip: null, by: undefined, key: null, at: null, tag: [null, 'Soon'], list: null });
  const expiry = () => crm.assignments.find().toArray()[0].expires;
  assert.strictEqual(expiry().getTime(), noon + 3600000);
  crm.assign(1, 'Soon', { expires: null, ip: null });
  assert.strictEqual(expiry(), null, 'never');
});

test('a row stands for its name, also in fields', async (t) => {
  const crm = inFile(t);
  crm.leads.put({ email: 'ada@example.com' });
  crm.leads.put({ email: 'bob@example.com' });
  crm.categories.put({ name: 'Kinds' });
  const [bob, category] = [crm.leads.get('bob@example.com'), crm.categories.get('Kinds')];
  for (const face of [crm, crm.async]) {
    const { id } = await face.notes.put({ lead: bob, text: 'Hello' });
    assert.strictEqual(crm.notes.get(id).lead, bob.id);
    await face.notes.putMany([{ lead: bob, text: 'one' }, { lead: 'ada@example.com', text: 'two' }, { lead: { id: 2n }, text: 'three' }]);
    const many = await face.recordMany([{ lead: bob, kind: 'mail.opened' }, { lead: 1, kind: 'mail.opened' }, { lead: 2, kind: 'mail.opened', data: { id: 7 } }]);
    assert.deepStrictEqual(many.ids.map((event) => crm.events.get(event).lead), [2, 1, 2]);
    assert.deepStrictEqual(crm.events.get(many.ids[2]).data, { id: 7 }, 'data with an id is no name');
  }
  crm.tags.put({ name: 'VIP', category });
  assert.strictEqual(crm.tags.get('VIP').category, 'Kinds');
});

test('what JSON cannot say clears nothing', () => {
  const crm = inMemory();
  const silent = { toJSON: () => undefined };
  crm.leads.put({ email: 'ada@example.com', company: 'Engines' });
  assert.throws(() => crm.leads.put({ email: 'ada@example.com', company: silent }), { status: 'INVALID', field: 'company' });
  assert.throws(() => crm.leads.putMany([{ email: 'ada@example.com', company: silent }]), { status: 'INVALID', field: 'company' });
  assert.throws(() => crm.record(1, 'mail.opened', silent), { status: 'INVALID', field: 'data' });
  assert.strictEqual(crm.leads.get(1).company, 'Engines');
});

test('numbers that do not fit are refused, not cut', () => {
  const crm = inMemory();
  for (const limit of [2 ** 63, -(2 ** 63) * 2, 1e300, Infinity, -Infinity, NaN, 0.5, 2n ** 63n]) {
    assert.throws(() => crm.search('x', { limit }), { status: 'INVALID', field: 'limit' }, String(limit));
  }
  assert.throws(() => open('x', { memory: true, busyMs: 2 ** 32 }), { status: 'INVALID', field: 'busyMs' });
  assert.throws(() => open('x', { memory: true, now: () => 1e300 }), { status: 'INVALID', field: 'now' });
});

test('options are checked and do what they say', (t) => {
  assert.throws(() => open('x', { reedOnly: true }), { status: 'INVALID', field: 'reedOnly' });
  assert.throws(() => open('x', { now: 5 }), { status: 'INVALID', field: 'now' });
  assert.throws(() => open('x', { sync: 'off' }), { status: 'INVALID', field: 'sync' });
  assert.throws(() => open('/no/such/folder/x.kith'), (error) => error instanceof KithError);
  assert.throws(() => open('/tmp/kith-is-not-there.kith', { existing: true }), { status: 'NOT_FOUND' });
  const crm = inFile(t, { sync: 'normal' });
  crm.leads.put({ email: 'ada@example.com' });
  const reader = open(crm.path, { readOnly: true });
  assert.strictEqual(reader.leads.count(), 1);
  assert.throws(() => reader.leads.put({ email: 'bob@example.com' }), { status: 'READ_ONLY' });
  reader.close();
  const impatient = open(crm.path, { busyMs: 0 });
  crm.transaction(() => {
    crm.leads.put({ email: 'eve@example.com' });
    const start = Date.now();
    assert.throws(() => impatient.leads.put({ email: 'bob@example.com' }), { status: 'BUSY' });
    assert(Date.now() - start < 1000);
  });
  impatient.close();
});

test('a closed database says so', async (t) => {
  const crm = inFile(t);
  crm.leads.put({ email: 'ada@example.com' });
  const rows = crm.leads.find();
  await crm.async.leads.count();
  crm.close();
  crm.close();
  assert.strictEqual(crm.isOpen, false);
  assert.throws(() => crm.leads.count(), { status: 'MISUSE', message: 'the database is closed' });
  assert.throws(() => [...rows], { status: 'MISUSE', message: 'the database is closed' });
  assert.throws(() => crm.transaction(() => 1), { status: 'MISUSE', message: 'the database is closed' });
  await assert.rejects(crm.async.leads.count(), { status: 'MISUSE', message: 'the database is closed' });
  await assert.rejects(crm.async.transaction(async () => 1), { status: 'MISUSE' });
});

test('a database closes itself at the end of its block', () => {
  const crm = inMemory();
  crm[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
  assert.strictEqual(crm.isOpen, false);
});

test('opening can be waited for', async (t) => {
  const { path } = inFile(t);
  const crm = await openAsync(path);
  assert.strictEqual(crm.leads.count(), 0);
  crm.close();
  await assert.rejects(openAsync('/no/such/folder/x.kith'), KithError);
});

test('both systems of modules see one package', async () => {
  const { open: imported, default: all } = await import('kith');
  assert.strictEqual(imported, open);
  assert.strictEqual(all.KithError, KithError);
});
