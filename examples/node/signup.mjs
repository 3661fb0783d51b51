// A sign-up page with a preference centre, in Express: a form, a confirmation by e-mail, and links by which who reads them
// manages what they get. Mail goes to whatever `send` is given.  Run:
// npm install --install-links express ../../bindings/node && node signup.mjs
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import express from 'express';
import { open, KithError } from 'kith';

const CONSENT = 'I want the newsletter, about once a month.';

const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const page = (title, body) => `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}`;

export function prepare(crm) {
  crm.lists.put({ name: 'News', publicName: 'Newsletter', description: 'Once a month', optIn: 'double' });
  crm.lists.put({ name: 'Events', description: 'When we are near you', optIn: 'double' });
}

// Sends what the log asks for: every event since `after`. A shop keeps that number beside its own data.
export async function deliver(crm, after, { send, url }) {
  for (const event of await crm.async.eventsAfter(after)) {
    const email = event.lead === null ? undefined : (await crm.async.leads.get(event.lead))?.email; // none when the lead was removed since
    if (email !== undefined && event.kind === 'subscription.confirm_wanted') {
      const { token } = await crm.async.token(event.lead, 'confirm', { list: event.subject, cause: event.id });
      await send({ to: email, subject: 'Please confirm', text: `${url}/confirm/${token}` });
    }
    if (email !== undefined && event.kind === 'subscription.welcome_wanted') {
      const centre = await crm.async.token(event.lead, 'preferences', { cause: event.id });
      const out = await crm.async.token(event.lead, 'unsubscribe', { list: event.subject, cause: event.id });
      const headers = { 'List-Unsubscribe': `<${url}/unsubscribe/${out.token}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
      await send({ to: email, subject: 'Welcome', text: `Change what you get: ${url}/preferences/${centre.token}`, headers });
    }
    after = event.id;
  }
  return after;
}

export function signup(crm) {
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  const by = (request) => ({ by: 'signup page', ip: request.ip });

  app.get('/', (request, response) => {
    response.send(page('Newsletter', `<form method="post">
      <p><label>E-mail <input name="email" type="email" required></label>
      <p><label>First name <input name="firstName"></label>
      <p><label><input name="consent" type="checkbox" required> ${escape(CONSENT)}</label>
      <p><button>Sign up</button></form>`));
  });

  // One transaction: no lead without its subscription. The answer is the same whether or not the address is known.
  app.post('/', async (request, response) => {
    const { email, firstName, consent } = request.body ?? {};
    if (!consent) return response.status(422).send(page('Newsletter', '<p>Please say that you want it.'));
    try {
      await crm.async.transaction(async (tx) => {
        const { id } = await tx.leads.put({ email, firstName: firstName || undefined }, { ...by(request), fillGaps: true, source: 'signup page' });
        await tx.subscribe(id, 'News', { ...by(request), via: 'form', consent: CONSENT });
      });
    } catch (error) {
      // An address that may not be written to is told what all are told; the reason is nobody's business but its owner's.
      if (error.status !== 'REFUSED' && error.status !== 'CONFLICT') throw error;
    }
    response.send(page('Thank you', '<p>A message is on its way. Please follow the link in it.'));
  });

  // Looking at a link changes nothing, for mail scanners look at every one; the button does.
  app.get('/confirm/:token', async (request, response) => {
    const token = await crm.async.tokenLook(request.params.token);
    if (token?.state !== 'live') return response.status(410).send(page('This link is no longer valid', ''));
    response.send(page('Confirm', `<form method="post"><button>Yes, I want ${escape(token.list)}</button></form>`));
  });
  app.post('/confirm/:token', async (request, response) => {
    await crm.async.confirm(request.params.token, by(request));
    response.send(page('Welcome', '<p>You are on the list.'));
  });

  app.get('/preferences/:token', async (request, response) => {
    const lists = await crm.async.preferences(request.params.token);
    const boxes = lists.map(({ list, name, description, state }) => `<p><label><input type="checkbox" name="list" value="${escape(list)}"
      ${state === 'subscribed' ? 'checked' : ''}> ${escape(name)}</label> ${escape(description ?? '')}`);
    response.send(page('What you get', `<form method="post">${boxes.join('')}<p><button>Save</button></form>`));
  });
  app.post('/preferences/:token', async (request, response) => {
    const wanted = [request.body?.list ?? []].flat();
    const lists = await crm.async.preferences(request.params.token);
    const changes = Object.fromEntries(lists.map(({ list }) => [list, wanted.includes(list)]));
    await crm.async.setPreferences(request.params.token, changes, { ...by(request), consent: CONSENT });
    response.redirect(303, request.originalUrl);
  });

  // RFC 8058: a mail program posts here by itself.
  app.post('/unsubscribe/:token', async (request, response) => {
    await crm.async.unsubscribeByToken(request.params.token, by(request));
    response.send(page('You are off the list', ''));
  });
  app.get('/unsubscribe/:token', (request, response) => response.send(page('Leave the list', '<form method="post"><button>Leave</button></form>')));

  app.use((error, request, response, next) => {
    if (!(error instanceof KithError)) return next(error);
    const status = { INVALID: 422, LIMIT: 422, NOT_FOUND: 404, REFUSED: 403, CONFLICT: 409, BUSY: 503 }[error.status] ?? 500;
    // The message of what was typed wrong helps who typed it; every other may say something of other people.
    const said = { 422: error.message, 403: 'This link is not valid.', 404: 'There is no such page.' }[status] ?? 'Please try again later.';
    response.status(status).send(page('That did not work', `<p>${escape(said)}`));
  });
  return app;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const crm = open('signup.kith');
  prepare(crm);
  const url = 'http://localhost:3000';
  const send = async (message) => console.log(message);
  signup(crm).listen(3000, () => console.log(url));
  for (let after = crm.info().lastEvent; ; await wait(1000)) {
    await crm.async.run();
    after = await deliver(crm, after, { send, url });
  }
}
