// The kinds of a database as properties: crm.leads, crm.tags ... Which there are, and which of their fields are Kith's own,
// says kith_schema(), so a new kind is here by itself. Names of custom fields are the host's and stay as they are.
'use strict';

const native = require('./native');
const { camel, plural, standard } = require('./names');
const { Naming, asCamel, steps } = require('./rows');
const { atOnce } = require('./steps');

// kind -> { name, property, naming }. The library says it, not the file, so it is asked for once.
let known = null;

function kindsOf(handle, clock) {
  if (known !== null) return known;
  const rows = (topic) => atOnce(steps(native.schema(clock, handle, topic), asCamel));
  const own = new Map();
  for (const { kind, field, custom } of rows('fields')) {
    if (custom) continue;
    if (!own.has(kind)) own.set(kind, new Set());
    own.get(kind).add(field);
    standard.add(field);
  }
  for (const { extra } of rows('verbs')) if (extra !== null) standard.add(extra);
  known = rows('kinds').map(({ kind }) => ({
    name: kind,
    property: plural(kind),
    naming: new Naming((name) => (own.get(kind)?.has(name) ? camel(name) : name)),
  }));
  return known;
}

module.exports = { kindsOf };
