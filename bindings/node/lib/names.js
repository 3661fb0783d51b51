// Names: first_name is firstName in JavaScript, kinds are plural as properties, and leads and other things can be named by
// their id or by a row that has one.
'use strict';

const snakes = new Map();
const camels = new Map();

// firstName -> first_name. Names of Kith have no capitals, so nothing else can be meant.
function snake(name) {
  let known = snakes.get(name);
  if (known === undefined) {
    known = name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());
    if (snakes.size < 10000) snakes.set(name, known);
  }
  return known;
}

// first_name -> firstName; what is no plain name, such as steps[2].wait, stays.
function camel(name) {
  let known = camels.get(name);
  if (known === undefined) {
    known = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)+$/.test(name) ? name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()) : name;
    if (camels.size < 10000) camels.set(name, known);
  }
  return known;
}

// Kith's own names of fields and extras, of every kind; custom fields are the host's, and keep the names that they have.
const standard = new Set();
function fieldName(name) {
  const row = /^\[\d+\]\./.exec(name)?.[0] ?? ''; // of many rows: [3].first_name
  const plain = name.slice(row.length);
  return standard.has(plain) ? row + camel(plain) : name;
}

// lead -> leads, category -> categories, address -> addresses, event_kind -> eventKinds
function plural(kind) {
  const name = camel(kind);
  if (/[^aeiou]y$/.test(name)) return name.slice(0, -1) + 'ies';
  return name + (/(s|x|z|ch|sh)$/.test(name) ? 'es' : 's');
}

// A name as kith.h takes it: a text as it is, a number or a row by its id. undefined and null stay.
function nameOf(thing) {
  if (typeof thing === 'number' || typeof thing === 'bigint') return 'id:' + thing;
  if (typeof thing === 'object' && thing !== null && (typeof thing.id === 'number' || typeof thing.id === 'bigint')) return 'id:' + thing.id;
  return thing;
}

module.exports = { snake, camel, standard, fieldName, plural, nameOf };
