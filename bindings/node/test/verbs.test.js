// Every verb once, on both faces: what it answers, in JavaScript's terms.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { open } = require('kith');
const { noon, inMemory, inFile, folderOf, people } = require('./support');

// Runs `work(face, crm)` with the synchronous face and with the asynchronous one; awaiting a plain value is nothing.
function onBoth(name, work, options) {
  test(`${name}, at once`, async (t) => {
    const crm = inFile(t, { now: () => noon, ...options });
    await work(crm, crm, t);
  });
  test(`${name}, later`, async (t) => {
    const crm = inFile(t, { now: () => noon, ...options });
    await work(crm.async, crm, t);
  });
}
const ada = 'ada@example.com';
const all = async (found) => {
  const rows = [];
  for await (const row of found) rows.push(row);
  return rows;
};

onBoth('tags', async (face) => {
  assert.deepStrictEqual(await face.leads.put({ email: ada }, { by: 'shop' }), { id: 1, outcome: 'created' });
  await face.leads.put({ email: 'bob@example.com', country: 'SE' });
  const { id } = await face.tags.put({ name: 'VIP' });
  const expires = new Date(noon + 86400000);
  const event = await face.assign(ada, 'vip', { expires, by: 'anna' });
  assert(event > 0);
  assert.strictEqual(await face.assign({ id: 1 }, id, { expires }), 0, 'twice changes nothing');
  const [assignment] = await all(face.assignments.find({ where: 'lead = ?', args: [ada] }));
  assert.deepStrictEqual([assignment.lead, assignment.tag, assignment.expires, assignment.by], [1, 'VIP', expires, 'anna']);
  assert.strictEqual(await face.assignWhere("country = 'SE'", 'VIP'), 1);
  assert.strictEqual(await face.leads.count("tag 'VIP'"), 2);
  assert.strictEqual(await face.unassignWhere({ where: 'country = ?', args: ['SE'] }, 'VIP'), 1);
  await face.tags.put({ name: 'Old' });
  await face.assign('bob@example.com', 'Old');
  assert((await face.mergeTags('VIP', 'Old')) > 0);
  assert.strictEqual(await face.leads.count("tag 'VIP'"), 2);
  assert((await face.unassign(ada, 'VIP')) > 0);
  assert((await face.tags.rename('VIP', 'Gold')) > 0);
  assert.strictEqual((await face.tags.get('gold')).leads, 1);
  assert((await face.tags.remove('Gold')) > 0);
  assert.strictEqual(await face.tags.count(), 0);
  const timeline = await all(face.timeline(ada));
  assert.deepStrictEqual(timeline.at(-1), { ...timeline.at(-1), kind: 'lead.created', by: 'shop', at: new Date(noon) });
  assert.strictEqual((await all(face.timeline(ada, "kind = 'tag.assigned'"))).length, 1);
});

onBoth('tags of a put', async (face) => {
  for (const name of ['A', 'B']) await face.tags.put({ name });
  await face.lists.put({ name: 'News', optIn: 'single' });
  await face.leads.put({ email: ada }, { tag: ['A', 'B'], list: 'News', consent: 'Yes please' });
  assert.strictEqual(await face.leads.count("tag 'A' and tag 'B' and list 'News'"), 1);
  await face.leads.put({ email: ada, city: 'Lund' }, { fillGaps: true });
  assert.strictEqual((await face.leads.put({ email: 'new@example.com' }, { updateOnly: true })).outcome, 'unchanged');
});

onBoth('lists and consent', async (face) => {
  await face.leads.put({ email: ada, phone: '+46701234567' });
  await face.lists.put({ name: 'News', optIn: 'single', publicName: 'Our news', channels: ['email', 'sms'] });
  await face.lists.put({ name: 'Deals', optIn: 'double' });
  assert((await face.subscribe(ada, 'News', { consent: 'Send me news' })) > 0);
  const may = await face.maySend(ada, 'News');
  assert.deepStrictEqual([may.allowed, may.why, typeof may.detail], [true, 'allowed', 'string']);
  assert((await face.pause(ada, null, { until: new Date(noon + 1000) })) > 0);
  assert.strictEqual((await face.maySend(ada, 'News')).why, 'paused');
  assert((await face.resume(ada)) > 0);
  assert.strictEqual((await face.maySend(ada, 'News', { channel: 'sms' })).allowed, true);
  assert((await face.smsReceived('+46701234567', 'STOP')) > 0);
  assert.strictEqual((await face.maySend(ada, 'News', { channel: 'sms' })).allowed, false);
  assert((await face.report(ada, 'News', 'bounced', { bounce: 'soft' })) > 0);
  assert((await face.unsubscribe(ada, undefined, { reason: 'too many' })) > 0);
  assert.strictEqual(await face.subscribeWhere('', 'News'), 0, 'nobody comes back who left');
  await face.leads.put({ email: 'bob@example.com' });
  assert.strictEqual(await face.subscribeWhere('', 'News'), 1);
  assert.strictEqual(await face.unsubscribeWhere('', 'News'), 1);
  const proof = await face.consentProof(ada);
  assert.strictEqual(typeof proof, 'object');
  assert(JSON.stringify(proof).includes('Send me news'));
  assert((await face.suppress('@example.org', { note: 'asked' })) > 0);
  await face.leads.put({ email: 'eve@example.org' });
  await assert.rejects(async () => face.subscribe('eve@example.org', 'News', { consent: 'Yes' }), { status: 'REFUSED', message: /lift that first \(unsuppress\)/ });
  assert((await face.unsuppress('@example.org')) > 0);
});

onBoth('tokens and preferences', async (face) => {
  await face.leads.put({ email: ada });
  await face.lists.put({ name: 'News', optIn: 'double' });
  await face.subscribe(ada, 'News', { consent: 'Yes' });
  const confirm = await face.token(ada, 'confirm', { list: 'News' });
  assert.strictEqual(typeof confirm.token, 'string');
  assert(confirm.expires instanceof Date);
  assert.strictEqual((await face.tokenLook(confirm.token)).state, 'live');
  assert.strictEqual(await face.tokenLook('nonsense'), null);
  assert((await face.confirm(confirm.token)) > 0);
  assert.strictEqual((await face.maySend(ada, 'News')).allowed, true);
  const { token } = await face.token(ada, 'preferences');
  assert.deepStrictEqual((await face.preferences(token)).map(({ list, state }) => [list, state]), [['News', 'subscribed']]);
  assert.strictEqual(await face.setPreferences(token, { News: false }, { reason: 'enough' }), 1);
  assert.strictEqual((await face.preferences(token))[0].state, 'unsubscribed');
  const out = await face.token(ada, 'unsubscribe', { list: 'News' });
  await face.unsubscribeByToken(out.token, { all: true });
  const data = await face.token(ada, 'data');
  assert.strictEqual(JSON.stringify(await face.myData(data.token)).includes(ada), true);
  assert((await face.tokenRevoke(data.token)) > 0);
  await assert.rejects(async () => face.myData(data.token), { status: 'REFUSED' });
});

onBoth('the log', async (face) => {
  await face.leads.put({ email: ada });
  const cause = await face.record(ada, 'shop.cart_left', { total: 90, items: ['x'] }, { subject: 'cart-1' });
  const event = await face.record(ada, 'order.paid', '{"total": 90}', { cause, key: 'order-1' });
  assert.strictEqual(await face.record(ada, 'order.paid', null, { cause, key: 'order-1' }), event);
  const why = await face.why(event);
  assert.deepStrictEqual(why.map(({ kind }) => kind), ['order.paid', 'shop.cart_left']);
  assert.deepStrictEqual(why[1].data, { total: 90, items: ['x'] });
  assert.strictEqual(why[0].cause, cause);
  assert.deepStrictEqual((await face.eventsAfter(cause)).map(({ id }) => id), [event]);
  assert.strictEqual((await face.eventsAfter(0, { limit: 1 })).length, 1);
  const many = await face.recordMany([
    { lead: ada, kind: 'mail.opened', data: { campaign: 5 }, at: new Date(noon - 1000) },
    { lead: ada, kind: 'mail.opened' },
  ]);
  assert.strictEqual(many.ids.length, 2);
  assert.strictEqual((await face.events.get(many.ids[0])).at.getTime(), noon - 1000);
  const partly = await face.recordMany([{ lead: 'eve@example.com', kind: 'mail.opened' }, { lead: ada, kind: 'mail.opened' }], { skipBad: true });
  assert.strictEqual(partly.failed, 1);
  assert.deepStrictEqual([partly.failures[0].index, partly.failures[0].status], [0, 'NOT_FOUND']);
});

onBoth('people', async (face) => {
  await face.leads.put({ email: ada, firstName: 'Ada', phone: '+46701234567' });
  await face.leads.put({ email: 'ada.l@example.org', lastName: 'Lovelace', phone: '+46 70 123 45 67' });
  assert.deepStrictEqual((await all(face.duplicates())).map(({ lead, other, reason }) => [lead, other, reason]), [[1, 2, 'phone']]);
  assert.deepStrictEqual((await face.search('lovelace')).map(({ id }) => id), [2]);
  const event = await face.merge(ada, 'ada.l@example.org', { survivor: 'lead' });
  assert.strictEqual((await face.search('ada love', { limit: 5 }))[0].lastName, 'Lovelace');
  assert((await face.unmerge(event)) > 0);
  assert.strictEqual(await face.leads.count(), 2);
  assert.strictEqual((await face.exportLead(ada)).lead?.email ?? JSON.stringify(await face.exportLead(ada)).includes(ada), ada);
  const erased = await face.erase(ada, { suppress: true });
  assert(erased.event > 0);
  assert.strictEqual(typeof erased.pending, 'boolean');
  assert.strictEqual(await face.leads.get(ada), null);
  await face.leads.remove(2);
  assert.strictEqual(await face.leads.count(), 0);
});

onBoth('the file', async (face, crm, t) => {
  await face.leads.putMany(people(10));
  const info = await face.info();
  assert.strictEqual(info.leads, 10);
  assert.strictEqual(info.path, fs.realpathSync(crm.path));
  const copy = path.join(folderOf(t), 'copy.kith');
  await face.backup(copy);
  await assert.rejects(async () => face.backup(copy), { status: 'CONFLICT' });
  const other = open(copy, { existing: true });
  assert.strictEqual(other.leads.count(), 10);
  other.close();
  assert.deepStrictEqual(await face.check(), []);
  assert.deepStrictEqual(await face.check({ repair: true }), []);
  await face.compact();
  const kinds = await face.schema('kinds');
  assert(kinds.some(({ kind, name }) => kind === 'lead' && name === 'email'));
  assert((await face.schema()).length === kinds.length);
  await face.tags.put({ name: 'Soon', expiresAfter: '1 hour' });
  await face.assign(1, 'Soon');
  const { done, next } = await face.run();
  assert.strictEqual(done, 0);
  assert.deepStrictEqual(next, new Date(noon + 3600000));
});

onBoth('sql', async (face) => {
  await face.leads.putMany(people(5000));
  const rows = await face.sql('SELECT id, first_name, score * 1.5 AS points FROM lead WHERE id <= ? ORDER BY id', [2]);
  assert.deepStrictEqual(rows, [{ id: 1, first_name: 'Name0', points: 0 }, { id: 2, first_name: 'Name1', points: 0 }]);
  assert.strictEqual((await face.sql('SELECT email FROM lead')).length, 5000);
  assert.deepStrictEqual(await face.sql('SELECT 9007199254740993 AS big, NULL AS none, ?1 AS text', 'x'), [{ big: 9007199254740993n, none: null, text: 'x' }]);
  assert.deepStrictEqual(Object.keys((await face.sql('SELECT 1 AS __proto__, 2 AS "a b", 3 AS "x""y"'))[0]), ['__proto__', 'a b', 'x"y']);
  await assert.rejects(async () => face.sql('DELETE FROM lead'), { status: 'REFUSED' });
});

onBoth('the clock', async (face) => {
  await face.leads.put({ email: ada });
  assert.deepStrictEqual((await face.leads.get(1)).created, new Date(noon));
});

test('a clock that moves is asked at each call', async () => {
  let now = noon;
  const crm = inMemory({ now: () => new Date(now) });
  crm.leads.put({ email: ada });
  now += 5000;
  const later = crm.async.leads.put({ email: 'bob@example.com' });
  now += 5000;
  await later;
  assert.strictEqual(crm.leads.get(2).created.getTime(), noon + 5000, 'the time of the call, not of its turn');
  assert.throws(() => inMemory({ now: () => { throw new Error('no clock'); } }), /no clock/);
  assert.throws(() => inMemory({ now: () => 'soon' }), { status: 'INVALID', field: 'now' });
});

test('every call can be ended by a signal', async (t) => {
  const crm = inFile(t);
  crm.leads.put({ email: ada });
  const signal = AbortSignal.abort();
  const { verbs, kindVerbs } = require(path.join(path.dirname(require.resolve('kith/package.json')), 'lib/verbs.js'));
  const given = { setPreferences: ['x', {}], backup: ['x'], schema: ['kinds'], sql: ['SELECT 1', []], search: ['x'] };
  for (const name of Object.keys(verbs)) {
    const own = verbs[name].in.length - (/\bmore\b/.test(verbs[name].in) ? 1 : 0); // the arguments before its extras
    const args = /Where$/.test(name) ? ['', ada] : given[name] ?? Array(own).fill(ada);
    await assert.rejects(async () => crm.async[name](...args, { signal }), { name: 'AbortError' }, name);
  }
  for (const name of Object.keys(kindVerbs)) {
    const args = { put: [{ email: ada }], get: [ada], count: [''], rename: [ada, 'x'], remove: [ada] }[name];
    await assert.rejects(crm.async.leads[name](...args, { signal }), { name: 'AbortError' }, name);
  }
  assert.strictEqual(crm.leads.count(), 1);
});

test('no method of one face is missing on the other', () => {
  const crm = inMemory();
  const methods = (object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => !name.startsWith('_') && typeof name === 'string');
  const only = { Crm: ['async', 'path', 'isOpen', 'cancel', 'constructor'], AsyncCrm: ['constructor'] };
  assert.deepStrictEqual(methods(crm).filter((name) => !only.Crm.includes(name)).sort(), methods(crm.async).filter((name) => !only.AsyncCrm.includes(name)).sort());
  assert.deepStrictEqual(methods(crm.leads).sort(), methods(crm.async.leads).sort());
});
