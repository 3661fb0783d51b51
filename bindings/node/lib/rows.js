// Pages of rows as objects. For each shape of result a function is made that builds its objects in one expression, so that
// V8 gives all rows one hidden class; where code from strings is forbidden, a loop does the same.
'use strict';

const native = require('./native');
const { camel } = require('./names');

const ROWS_AT_ONCE = 2000;

// How columns are called in JavaScript, and which of them name things.
class Naming {
  constructor(rename, references = new Set()) {
    this.rename = rename;
    this.references = references;
    this.shapes = new Map();
  }
}
const asIs = new Naming((name) => name);
const asCamel = new Naming(camel);

function cell(types, numbers, texts, i) {
  switch (types[i]) {
    case 0: return null;
    case 3: case 4: return texts[numbers[i]];
    default: return numbers[i];
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const usual = {
  integer: [1, (i) => `numbers[${i}]`],
  id: [1, (i) => `numbers[${i}]`],
  boolean: [1, (i) => `numbers[${i}] !== 0`],
  datetime: [1, (i) => `new Date(numbers[${i}])`],
  real: [2, (i) => `numbers[${i}]`],
  json: [3, (i) => `parsed(texts[numbers[${i}]])`],
};

function value(meaning, types, numbers, texts, i) {
  const type = types[i];
  if (type === 1 && meaning === 'boolean') return numbers[i] !== 0;
  if (type === 1 && meaning === 'datetime') return new Date(numbers[i]);
  if (type === 3 && meaning === 'json') return parsed(texts[numbers[i]]);
  return cell(types, numbers, texts, i);
}

function compiled(columns) {
  const starts = columns.map((_, c) => `c${c} = count * ${c}`).join(', ');
  const members = columns.map(({ name, meaning }, c) => {
    const [type, expression] = usual[meaning] ?? [3, (i) => `texts[numbers[${i}]]`];
    const i = `c${c} + r`;
    return `[${JSON.stringify(name)}]: types[${i}] === ${type} ? ${expression(i)} : types[${i}] === 0 ? null : cell(types, numbers, texts, ${i})`;
  });
  const body = `return (out, count, types, numbers, texts) => {
    const ${starts || 'none = 0'};
    for (let r = 0; r < count; r++) out.push({ ${members.join(',\n')} });
  };`;
  return new Function('cell', 'parsed', body.replaceAll(/\["([a-zA-Z]\w*)"\]:/g, '$1:'))(cell, parsed);
}

function looped(columns) {
  return (out, count, types, numbers, texts) => {
    for (let r = 0; r < count; r++) {
      const row = {};
      columns.forEach(({ name, meaning }, c) => {
        row[name] = value(meaning, types, numbers, texts, count * c + r);
      });
      out.push(row);
    }
  };
}

function shapeOf(signature, naming) {
  let build = naming.shapes.get(signature);
  if (build !== undefined) return build;
  const columns = signature.split('\x02').slice(0, -1).map((column) => {
    const [name, meaning] = column.split('\x01');
    return { name: naming.rename(name), meaning };
  });
  try {
    build = compiled(columns);
  } catch {
    build = looped(columns);
  }
  if (naming.shapes.size > 1000) naming.shapes.clear();
  naming.shapes.set(signature, build);
  return build;
}

function addTo(out, page, naming) {
  shapeOf(page[0], naming)(out, page[2], page[3], page[4], page[5]);
}

// The rows of a result of the addon as objects. Yields between slices of a large one.
function* steps(result, naming) {
  const out = [];
  if (result.length === 6) {
    addTo(out, result, naming);
    return out;
  }
  const count = result[2];
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    if (from > 0) yield;
    addTo(out, native.slice(result[3], from, Math.min(count, from + ROWS_AT_ONCE)), naming);
  }
  return out;
}

module.exports = { Naming, asIs, asCamel, steps };
