// One side of the benchmark, in a process of its own: makes a file, fills it, reads it, and prints what it took.
// usage: node side.js kith|plain FILE COUNT
'use strict';

const { people } = require('./people');

const [, , side, file, given] = process.argv;
const count = Number(given);
const rows = people(count);
const times = {};

function timed(name, work) {
  global.gc?.();
  const start = process.hrtime.bigint();
  const answer = work();
  times[name] = Number(process.hrtime.bigint() - start) / 1e9;
  return answer;
}

// Looks at what a program would: whatever is not looked at could be left out.
function sum(leads) {
  let all = 0;
  for (const lead of leads) all += lead.id + lead.email.length + (lead.city?.length ?? 0);
  return all;
}

function kith() {
  const { open } = require('../lib');
  const crm = open(file);
  timed('putMany', () => crm.leads.putMany(rows));
  timed('put', () => crm.transaction(() => rows.slice(0, count / 10).forEach((row) => crm.leads.put({ ...row, city: 'Lund' }))));
  const check = timed('iterate', () => sum(crm.leads.find()));
  timed('toArray', () => sum(crm.leads.find().toArray()));
  timed('get', () => {
    let all = 0;
    for (let i = 0; i < count / 10; i++) all += crm.leads.get(rows[(i * 7) % count].email).id;
    return all;
  });
  const left = crm.sql('SELECT (SELECT count(*) FROM lead) AS leads, (SELECT count(*) FROM lead_key) AS keys, (SELECT count(*) FROM event) AS events')[0];
  crm.close();
  return { check, left };
}

// By hand, as somebody writes it who knows the tables: prepared statements, one transaction.
function plain() {
  const Database = require('better-sqlite3');
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -32768');
  db.pragma('foreign_keys = ON');
  db.pragma('secure_delete = ON');
  const insert = db.prepare(
    `INSERT INTO lead (email, external_id, first_name, last_name, company, city, country, language, phone, source, created, updated, phone_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const key = db.prepare('INSERT INTO lead_key (kind, key, lead_id, role) VALUES (?, ?, ?, 1)');
  const event = db.prepare('INSERT INTO event (lead_id, kind_id, at, subject_id) VALUES (?, ?, ?, NULL)');
  const created = db.prepare("SELECT id FROM event_kind WHERE name = 'lead.created'").pluck().get();
  const updated = db.prepare("SELECT id FROM event_kind WHERE name = 'lead.updated'").pluck().get();
  const now = Date.now();
  const putAll = db.transaction((all) => {
    for (const row of all) {
      const phone = row.phone === null ? null : row.phone.replace(/[^+\d]/g, '');
      const { lastInsertRowid: id } = insert.run(
        row.email, row.externalId, row.firstName, row.lastName, row.company, row.city, row.country, row.language, row.phone, row.source, now, now, phone,
      );
      key.run(1, row.email.toLowerCase(), id);
      if (row.externalId !== null) key.run(2, row.externalId, id);
      event.run(id, created, now);
    }
  });
  timed('putMany', () => putAll(rows));
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all('lead').filter((name) => name !== 'phone_key').join(', ');
  const find = db.prepare("SELECT lead_id FROM lead_key WHERE kind = 1 AND key = ?").pluck();
  const change = db.prepare('UPDATE lead SET first_name = ?, last_name = ?, company = ?, city = ?, country = ?, language = ?, phone = ?, updated = ? WHERE id = ?');
  const log = db.prepare('INSERT INTO event (lead_id, kind_id, at, subject_id, data) VALUES (?, ?, ?, NULL, ?)');
  const putSome = db.transaction((some) => {
    for (const row of some) {
      const id = find.get(row.email.toLowerCase());
      change.run(row.firstName, row.lastName, row.company, 'Lund', row.country, row.language, row.phone, now, id);
      log.run(id, updated, now, JSON.stringify({ changed: { city: [row.city, 'Lund'] } }));
    }
  });
  timed('put', () => putSome(rows.slice(0, count / 10)));
  const all = db.prepare(`SELECT ${columns} FROM lead ORDER BY id`);
  const check = timed('iterate', () => sum(all.iterate()));
  timed('toArray', () => sum(all.all()));
  const one = db.prepare(`SELECT ${columns} FROM lead WHERE id = (SELECT lead_id FROM lead_key WHERE kind = 1 AND key = ?)`);
  timed('get', () => {
    let ids = 0;
    for (let i = 0; i < count / 10; i++) ids += one.get(rows[(i * 7) % count].email.toLowerCase()).id;
    return ids;
  });
  const left = db.prepare('SELECT (SELECT count(*) FROM lead) AS leads, (SELECT count(*) FROM lead_key) AS keys, (SELECT count(*) FROM event) AS events').get();
  db.close();
  return { check, left };
}

const answer = side === 'kith' ? kith() : plain();
console.log(JSON.stringify({ ...answer, times, count }));
