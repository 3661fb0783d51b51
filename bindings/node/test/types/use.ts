// What a program in TypeScript writes, and what the compiler must refuse: types.test.js compiles it, and runs nothing.
import kith, { open, openCsv, KithError, type Lead, type LeadFields, type Crm } from 'kith';

declare module 'kith' {
  interface LeadCustomFields {
    seat_count: number | null;
  }
}

using crm = open('shop.kith', { busyMs: 100, now: () => new Date() });
const fields: LeadFields = { email: 'ada@example.com', firstName: 'Ada', seat_count: 5 };
const { id, outcome } = crm.leads.put(fields, { tag: ['A', 'B'], by: 'shop', fillGaps: true });
const made: 'created' | 'updated' | 'unchanged' = outcome;
const lead: Lead | null = crm.leads.get(id);
const when: Date | undefined = lead?.created;
const seats: number | null | undefined = lead?.seat_count;
for (const { email, score } of crm.leads.find("country = ?", { args: ['SE'], sort: '-created', columns: ['email', 'score'] })) {
  const points: number = score + email.length;
}
const british: number = crm.leads.count('country = ?', ['GB']) + crm.leads.find('country = ?', ['GB']).toArray().length;
const event: number = crm.assign(lead ?? 'ada@example.com', 'VIP', { expires: new Date() });
const names: string[] = crm.tags.find().toArray().map((tag) => tag.name);
crm.lists.put({ name: 'News', optIn: 'double', channels: ['email'] });
const answer: number = crm.transaction((tx) => tx.leads.count());
try {
  crm.leads.put({});
} catch (error) {
  if (error instanceof KithError && error.status === 'INVALID') console.log(error.field, error.nearest);
}
async function later(shop: Crm): Promise<number> {
  const rows: Lead[] = await shop.async.leads.find({ limit: 5 });
  for await (const row of shop.async.timeline(1)) console.log(row.what, row.at.getTime());
  const sum = await shop.async.sql<{ n: number }>('SELECT count(*) AS n FROM lead');
  const many = await shop.async.leads.putMany([{ email: 'x@example.com' }], { skipBad: true });
  const may: boolean = (await shop.async.maySend(1, 'News')).allowed;
  const { signal } = new AbortController();
  await shop.async.leads.rename('a', 'b', { by: 'x', signal });
  await shop.async.leads.remove(1, { signal });
  await shop.async.leads.get(1, { signal });
  await shop.async.assign(1, 'VIP', { ip: null, expires: null, signal });
  await shop.async.assignWhere({ where: '' }, 'VIP', { signal });
  await shop.async.info({ signal });
  await shop.async.why(1, { signal });
  await shop.async.check({ repair: true, signal });
  await shop.async.eventsAfter(0, { limit: 5, signal });
  await shop.async.sqlArrow('SELECT 1', [], { signal });
  for await (const lead of shop.leads.find('id > 5')) console.log(lead.email);
  await shop.async.recordMany([{ lead: rows[0]!, kind: 'mail.opened' }, { lead: 5, kind: 'mail.opened' }]);
  await shop.async.notes.put({ lead: rows[0]!, text: 'Hello' });
  await using other = shop.async;
  return shop.async.transaction(async (tx) => (await tx.leads.put({ email: 'y@example.com' })).id + sum[0]!.n + rows.length + many.created);
}
for (const row of openCsv('people.csv', { delimiter: ';' })) console.log(row.line);
kith.open('other.kith').close();

// @ts-expect-error a misspelt field
crm.leads.put({ email: 'ada@example.com', fristName: 'Ada' });
// @ts-expect-error a field that cannot be written
crm.leads.put({ email: 'ada@example.com', score: 5 });
// @ts-expect-error an unknown extra
crm.leads.put({ email: 'ada@example.com' }, { colour: 'red' });
// @ts-expect-error a choice that there is not
crm.lists.put({ name: 'News', optIn: 'triple' });
// @ts-expect-error a kind that nobody can put
crm.events.put({ kind: 'order.paid' });
// @ts-expect-error a transaction that waits
crm.transaction(async (tx) => tx.leads.count());
// @ts-expect-error whom an act is about must be said
crm.assignWhere({ where: undefined }, 'VIP');
// @ts-expect-error and nothing else
crm.assignWhere({ where: '', limit: 5 }, 'VIP');
// @ts-expect-error what is synchronous cannot be ended
crm.why(1, { signal: new AbortController().signal });
// @ts-expect-error an option that there is not
open('x', { reedOnly: true });
// @ts-expect-error null where there is none
const text: string = lead!.firstName;
void [made, when, british, seats, event, names, answer, later, text];
