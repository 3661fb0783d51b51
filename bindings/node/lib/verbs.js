// What can be done, once for both faces: for each method the function of kith.h that it calls, how its arguments go in, and
// what becomes of the answer. The synchronous and the asynchronous face make their methods from this table.
'use strict';

const { asCamel, asIs } = require('./rows');
const { flat, extras, args, query, page, json, nameOf } = require('./encode');
const { invalid } = require('./errors');

const one = (rows) => (rows.length === 0 ? null : rows[0]);
const same = (value) => value;
const documented = (rows) => rows[0].document;
const lead = nameOf;
const list = nameOf;
const asText = (data) => (data === undefined || data === null || typeof data === 'string' ? data : json(data, 'data'));

// Whom an act for many is about. A condition must be there, for one that was forgotten would be everybody: who means
// everybody says '' or { where: '' }.
function whom(asked) {
  const { where, args: values, ...others } = typeof asked === 'string' ? { where: asked } : (asked ?? {});
  if (typeof where !== 'string') throw invalid('where', "where: say whom, as a condition or { where, args }; '' is everybody");
  for (const name of Object.keys(others)) throw invalid(name, `${name}: whom an act is about is said by where and args alone`);
  return page({ where: where === '' ? undefined : where, args: values });
}

const perLead = (call) => ({ call, in: (who, what, more) => [lead(who), nameOf(what), extras(more)], out: same });
const perQuery = (call) => ({ call, in: (who, what, more) => [whom(who), nameOf(what), extras(more)], out: same });
const byToken = (call) => ({ call, in: (token, more) => [nameOf(token), extras(more)], out: same });
const rowsOf = (call, given) => ({ call, in: given, rows: asCamel, out: same });

const verbs = {
  info: { ...rowsOf('info', () => []), out: one },
  backup: { call: 'backup', in: (path) => [path], out: same },
  check: rowsOf('check', ({ repair = false } = {}) => [repair ? 1 : 0]),
  compact: { call: 'compact', in: () => [], out: same },
  schema: rowsOf('schema', (topic) => [topic]),

  merge: { call: 'merge', in: (who, other, more) => [lead(who), lead(other), extras(more)], out: same },
  unmerge: { call: 'unmerge', in: (event, more) => [event, extras(more)], out: same },
  search: rowsOf('search', (text, { limit = 0 } = {}) => [text, limit]),
  erase: {
    call: 'erase',
    in: (who, more) => [lead(who), extras(more)],
    out: ([pending, event]) => ({ event, pending: pending === 1 }),
  },
  exportLead: { ...rowsOf('export_lead', (who) => [lead(who)]), out: documented },
  consentProof: { ...rowsOf('consent_proof', (who) => [lead(who)]), out: documented },
  suppress: { call: 'suppress', in: (target, more) => [target, extras(more)], out: same },
  unsuppress: { call: 'unsuppress', in: (target, more) => [target, extras(more)], out: same },

  assign: perLead('assign'),
  unassign: perLead('unassign'),
  assignWhere: perQuery('assign_where'),
  unassignWhere: perQuery('unassign_where'),
  mergeTags: perLead('merge_tags'),

  subscribe: perLead('subscribe'),
  unsubscribe: perLead('unsubscribe'),
  subscribeWhere: perQuery('subscribe_where'),
  unsubscribeWhere: perQuery('unsubscribe_where'),
  report: { call: 'report', in: (who, from, what, more) => [lead(who), list(from), what, extras(more)], out: same },
  pause: perLead('pause'),
  resume: perLead('resume'),
  smsReceived: { call: 'sms_received', in: (phone, text, more) => [phone, text, extras(more)], out: same },
  maySend: { ...rowsOf('may_send', (who, from, more) => [lead(who), list(from), extras(more)]), out: one },

  token: { ...rowsOf('token', (who, purpose, more) => [lead(who), purpose, extras(more)]), out: one },
  tokenLook: { ...rowsOf('token_look', (token) => [token]), out: one },
  tokenRevoke: byToken('token_revoke'),
  confirm: byToken('confirm'),
  unsubscribeByToken: byToken('unsubscribe_by_token'),
  preferences: rowsOf('preferences', (token) => [token]),
  setPreferences: {
    call: 'set_preferences',
    // The names of lists are the host's: they go in as they are written.
    in: (token, lists, more) => [token, Object.entries(lists).flatMap(([name, is]) => [name, is ? 1 : 0]), extras(more)],
    out: same,
  },
  myData: { ...rowsOf('my_data', (token) => [token]), out: documented },

  record: { call: 'record', in: (who, kind, data, more) => [lead(who), kind, asText(data), extras(more)], out: same },
  why: rowsOf('why', (event) => [event]),
  eventsAfter: rowsOf('events_after', (id = 0, { limit = 0 } = {}) => [id, limit]),
  run: {
    call: 'run',
    in: ({ limit = 0 } = {}) => [limit],
    out: ([done, next]) => ({ done, next: next === 0 ? null : new Date(next) }),
  },
  sql: { call: 'sql', in: (text, values) => [text, args(values)], rows: asIs, out: same },
};

// Methods that answer pages: the arguments in front of the query, and then the query's own.
const pagedVerbs = {
  timeline: { call: 'timeline', in: (who, where, more) => [[lead(who)], query(where, more)] },
  duplicates: { call: 'duplicates', in: (where, more) => [[], query(where, more)] },
};

// Methods of one kind: the first argument is its name.
const kindVerbs = {
  put: {
    call: 'put',
    in: (kind, fields, more) => [kind.name, flat(fields, kind.naming.references), extras(more)],
    out: ([id, outcome]) => ({ id, outcome: ['unchanged', 'created', 'updated'][outcome] }),
  },
  get: { call: 'get', in: (kind, name) => [kind.name, nameOf(name)], rows: (kind) => kind.naming, out: one },
  count: { call: 'count', in: (kind, where, more) => [kind.name, page(query(where, more))], out: same },
  rename: { call: 'rename', in: (kind, name, to, more) => [kind.name, nameOf(name), to, extras(more)], out: same },
  remove: { call: 'remove', in: (kind, name, more) => [kind.name, nameOf(name), extras(more)], out: same },
};

module.exports = { verbs, pagedVerbs, kindVerbs };
