// The example of examples/node, over real HTTP on the loopback interface: from the form to the last unsubscription.
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const test = require('node:test');
const { pathToFileURL } = require('node:url');

const { inFile } = require('./support');

test('signing up, confirming, choosing, leaving', async (t) => {
  const { prepare, deliver, signup } = await import(pathToFileURL(path.join(__dirname, '../examples/signup.mjs')));
  const crm = inFile(t);
  prepare(crm);
  const server = signup(crm).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}`;
  const sent = [];
  let after = 0;
  const mail = async () => {
    after = await deliver(crm, after, { url, send: async (message) => sent.push(message) });
    return sent.splice(0);
  };
  const ask = async (where, form) => {
    const response = await fetch(new URL(where, url), form && { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    return { status: response.status, text: await response.text() };
  };

  assert.match((await ask('/')).text, /<form/);
  assert.strictEqual((await ask('/', { email: 'ada@example.com' })).status, 422, 'without consent nothing is done');
  const bad = await ask('/', { email: 'ada.example.com', consent: 'on' });
  assert.strictEqual(bad.status, 422);
  assert.match(bad.text, /email/);
  assert.strictEqual(crm.leads.count(), 0);
  assert.strictEqual((await ask('/', { email: 'ada@example.com', firstName: '<Ada>', consent: 'on' })).status, 200);
  assert.strictEqual(crm.leads.get('ada@example.com').firstName, '<Ada>');
  assert.strictEqual(crm.maySend('ada@example.com', 'News').why, 'pending');

  crm.suppress('gone@example.com');
  const known = await ask('/', { email: 'ada@example.com', consent: 'on' });
  assert.deepStrictEqual(await ask('/', { email: 'gone@example.com', consent: 'on' }), known, 'a suppressed address is told the same');
  assert.deepStrictEqual(await ask('/', { email: 'new@example.com', consent: 'on' }), known);
  assert.strictEqual(crm.leads.get('gone@example.com'), null);

  await ask('/', { email: 'brief@example.com', consent: 'on' });
  crm.leads.remove('brief@example.com');
  const mails = (await mail()).filter(({ to }) => to !== 'new@example.com');
  crm.leads.remove('new@example.com');
  assert.deepStrictEqual(mails.map(({ to }) => to), ['ada@example.com', 'ada@example.com'], 'who asks twice is asked twice');
  const confirmation = mails[1];
  assert.strictEqual(confirmation.to, 'ada@example.com');
  assert.match((await ask(confirmation.text)).text, /Yes, I want/);
  assert.strictEqual(crm.maySend('ada@example.com', 'News').allowed, false, 'a look confirms nothing');
  assert.strictEqual((await ask(confirmation.text, {})).status, 200);
  assert.strictEqual(crm.maySend('ada@example.com', 'News').allowed, true);
  assert.strictEqual((await ask(confirmation.text)).status, 410);

  const [welcome] = await mail();
  const centre = welcome.text.match(/http.*/)[0];
  assert.match((await ask(centre)).text, /value="News"\s+checked/);
  assert.strictEqual((await ask(centre, { list: 'Events' })).status, 303);
  assert.strictEqual(crm.maySend('ada@example.com', 'News').why, 'unsubscribed');
  assert.match((await ask(centre)).text, /value="Events"\s+checked/);
  assert.strictEqual((await ask(centre, { list: 'News' })).status, 303, 'back again, by the reader\'s own act');
  assert.strictEqual(crm.maySend('ada@example.com', 'News').allowed, true);

  const leave = welcome.headers['List-Unsubscribe'].slice(1, -1);
  assert.strictEqual((await ask(leave)).status, 200);
  assert.strictEqual(crm.maySend('ada@example.com', 'News').allowed, true, 'a look unsubscribes nobody');
  assert.strictEqual((await ask(leave, { 'List-Unsubscribe': 'One-Click' })).status, 200);
  assert.strictEqual(crm.maySend('ada@example.com', 'News').allowed, false);
  const refused = await ask('/preferences/nonsense');
  assert.strictEqual(refused.status, 403);
  assert.doesNotMatch(refused.text, /token|nonsense/);
  assert(JSON.stringify(crm.consentProof('ada@example.com')).includes('about once a month'));
  assert.deepStrictEqual(crm.check(), []);
});
