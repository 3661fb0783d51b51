// The kinds of a database as properties: crm.leads, crm.tags ... Which there are, and which of their fields are Kith's own,
// says kith_schema(), so a new kind is here by itself. Names of custom fields are the host's and stay as they are.
'use strict';

const native = require('./native');
const { camel, plural, standard } = require('./names');
const { Naming, asCamel, steps } = require('./rows');
const { atOnce } = require('./steps');

// [{ name, property, naming }]. The library says it, not the file, so it is asked for once.
let known = null;

function kindsOf(shared) {
  if (known !== null) return known;
  const rows = (topic) => atOnce(steps(native.schema(shared.clock(), shared.handle, topic), asCamel));
  const own = new Map();
  const references = new Map();
  for (const { kind, field, custom, type } of rows('fields')) {
    if (custom) continue;
    if (!own.has(kind)) own.set(kind, new Set());
    if (!references.has(kind)) references.set(kind, new Set());
    if (type === 'reference') references.get(kind).add(field);
    own.get(kind).add(field);
    standard.add(field);
  }
  for (const { extra } of rows('verbs')) if (extra !== null) standard.add(extra);
  known = rows('kinds').map(({ kind }) => ({
    name: kind,
    property: plural(kind),
    naming: new Naming((name) => (own.get(kind)?.has(name) ? camel(name) : name), references.get(kind)),
  }));
  return known;
}

module.exports = { kindsOf };
