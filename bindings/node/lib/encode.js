// JavaScript values on their way in: fields of one row, extras, queries, and many rows in blocks of typed arrays.
'use strict';

const native = require('./native');
const { invalid } = require('./errors');
const { snake, nameOf } = require('./names');

const NULL = 0, INTEGER = 1, REAL = 2, TEXT = 3, BITS = 4;
const ROWS_A_BLOCK = 2000;

function json(value, name) {
  const text = JSON.stringify(value);
  if (text === undefined) throw invalid(name, `${name}: JSON has no word for this value; write null for none`);
  return text;
}

// A value as the addon takes it: string, number, bigint, boolean or null.
function plain(value, name) {
  switch (typeof value) {
    case 'string': case 'boolean': case 'bigint': return value;
    case 'number':
      if (!Number.isFinite(value)) throw invalid(name, `${name}: ${value} is no value; write null for none`);
      return value;
    case 'object': {
      if (value === null) return null;
      if (value instanceof Date) {
        const time = value.getTime();
        if (Number.isNaN(time)) throw invalid(name, `${name}: an invalid Date`);
        return time;
      }
      return json(value, name);
    }
    case 'undefined': return null;
    default: throw invalid(name, `${name}: a ${typeof value} cannot be stored`);
  }
}

// [name, value, name, value ...]; what is undefined is left out. The fields of `references` name things, by a row too.
function flat(fields, references) {
  if (fields === undefined || fields === null) return undefined;
  if (typeof fields !== 'object') throw invalid('fields', "fields: an object is wanted, such as { email: 'ada@example.com' }");
  const out = [];
  for (const key of Object.keys(fields)) {
    if (fields[key] === undefined) continue;
    const name = snake(key);
    out.push(name, plain(references?.has(name) ? rowName(fields[key]) : fields[key], key));
  }
  return out;
}

// A row where a name is wanted; numbers and texts stay what they are.
const rowName = (value) => (typeof value === 'object' ? nameOf(value) : value);

// Extras that mean something when they are null: a tag that never expires. Any other that is null is not said.
const nullable = new Set(['expires']);

// Extras: the same, but a list of values is given one by one, as in { tag: ['A', 'B'] }.
function extras(given) {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'object') throw invalid('extras', "extras: an object is wanted, such as { by: 'checkout' }");
  const out = [];
  for (const key of Object.keys(given)) {
    if (key === 'skipBad' || key === 'signal') continue;
    for (const value of Array.isArray(given[key]) ? given[key] : [given[key]]) {
      if (value === undefined || (value === null && !nullable.has(key))) continue;
      out.push(snake(key), plain(value, key));
    }
  }
  return out;
}

function args(values) {
  if (values === undefined || values === null) return undefined;
  const out = [];
  for (const value of Array.isArray(values) ? values : [values]) out.push('', plain(value, 'args'));
  return out;
}

const names = (list) => (list === undefined || list === null ? list : snake(Array.isArray(list) ? list.join(', ') : list));

const known = new Set(['where', 'args', 'columns', 'sort', 'limit', 'pageSize', 'after', 'signal']);

// ("country = ?", { args }) or ({ where, args ... }), as one object.
function query(where, more) {
  if (Array.isArray(more)) more = { args: more }; // as sql has them
  const asked = typeof where === 'string' ? { ...more, where } : { ...where, ...more };
  for (const key of Object.keys(asked)) {
    if (!known.has(key)) throw invalid(key, `${key}: a query has ${[...known].join(', ')}`);
  }
  return asked;
}

// What the addon takes as a query.
function page(asked, limit, after) {
  return [asked.where, args(asked.args), names(asked.columns), names(asked.sort), after, limit];
}

// Writes the cells of the rows from `start` to `end` under `keys`, row by row: types, numbers, and texts in their order.
// Answers false when a row has other keys than these; with `allowMissing`, when one has a null. `named`: which keys name things.
function encode(rows, start, end, keys, named, allowMissing, types, numbers, texts) {
  const width = keys.length;
  let bits = null;
  let at = 0;
  for (let r = start; r < end; r++) {
    const row = rows[r];
    if (typeof row !== 'object' || row === null) keysOf(row, r);
    for (let k = 0; k < width; k++, at++) {
      let value = row[keys[k]];
      if (typeof value === 'string') {
        types[at] = TEXT;
        texts.push(value);
        continue;
      }
      if (typeof value === 'object' && value !== null) value = plain(named[k] ? nameOf(value) : value, keys[k]);
      switch (typeof value) {
        case 'number':
          if (Number.isSafeInteger(value)) types[at] = INTEGER;
          else if (Number.isFinite(value)) types[at] = REAL;
          else plain(value, keys[k]);
          numbers[at] = value;
          break;
        case 'string':
          types[at] = TEXT;
          texts.push(value);
          break;
        case 'boolean':
          types[at] = INTEGER;
          numbers[at] = value ? 1 : 0;
          break;
        case 'bigint':
          bits ??= new BigInt64Array(numbers.buffer);
          if (BigInt.asIntN(64, value) !== value) throw invalid(keys[k], `${keys[k]}: ${value} is larger than 64 bits`);
          types[at] = BITS;
          bits[at] = value;
          break;
        case 'undefined':
          if (!allowMissing) return false;
          types[at] = NULL;
          break;
        case 'object':
          if (allowMissing) return false;
          types[at] = NULL;
          break;
        default: plain(value, keys[k]);
      }
    }
    if (!allowMissing) {
      let count = 0;
      for (const key in row) if (row[key] !== undefined) count++;
      if (count !== width) return false;
    }
  }
  return true;
}

// A new block of these rows, or undefined where encode() says no. Yields now and then, so that an asynchronous caller can let
// others run.
function* fill(rows, from, to, keys, references, allowMissing) {
  if (keys.length === 0) throw invalid('rows', `rows[${from}]: no field is named`);
  const columns = keys.map(snake);
  const named = columns.map((name) => references.has(name));
  const block = native.matrix(columns, to - from);
  let isFull = false;
  try {
    for (let start = from; start < to; start += ROWS_A_BLOCK) {
      const end = Math.min(to, start + ROWS_A_BLOCK);
      const cells = (end - start) * keys.length;
      const types = new Uint8Array(cells);
      const numbers = new Float64Array(cells);
      const texts = [];
      if (!encode(rows, start, end, keys, named, allowMissing, types, numbers, texts)) return undefined;
      append(block, types, numbers, texts);
      if (end < to) yield;
    }
    isFull = true;
    return block;
  } finally {
    if (!isFull) native.drop(block);
  }
}

function append(block, types, numbers, texts) {
  try {
    native.append(block, types, numbers, texts.length === 0 ? '' : texts.join('\0') + '\0');
  } catch (error) {
    const bad = texts.find((text) => text.includes('\0'));
    if (bad !== undefined) throw invalid('', `${JSON.stringify(bad.slice(0, 40))} holds a NUL character`);
    throw error;
  }
}

const keysOf = (row, index) => {
  if (typeof row !== 'object' || row === null) throw invalid('rows', `rows[${index}]: an object is wanted`);
  return Object.keys(row).filter((key) => row[key] !== undefined);
};

// Many rows as blocks, each of rows with the same keys: [{ block, from, count }]. Rows that name different fields cannot
// share one, since a null clears a field and a missing one leaves it; for leads, as long as nobody writes null, skip_null
// says just that, and one block will do: `skipNull` is then set.
function* blocks(rows, references, mayskip) {
  if (rows.length === 0) return { parts: [], skipNull: false };
  const all = yield* fill(rows, 0, rows.length, keysOf(rows[0], 0), references, false);
  if (all !== undefined) return { parts: [{ block: all, from: 0, count: rows.length }], skipNull: false };
  if (mayskip) {
    const union = new Set();
    for (let r = 0; r < rows.length; r++) {
      for (const key of keysOf(rows[r], r)) union.add(key);
      if (r % ROWS_A_BLOCK === ROWS_A_BLOCK - 1) yield;
    }
    const one = yield* fill(rows, 0, rows.length, [...union], references, true);
    if (one !== undefined) return { parts: [{ block: one, from: 0, count: rows.length }], skipNull: true };
  }
  const parts = [];
  const shapeOf = (r) => keysOf(rows[r], r).sort().join();
  for (let from = 0; from < rows.length; ) {
    const shape = shapeOf(from);
    let to = from + 1;
    for (; to < rows.length && shapeOf(to) === shape; to++) if (to % ROWS_A_BLOCK === 0) yield;
    const block = yield* fill(rows, from, to, keysOf(rows[from], from), references, false);
    if (block === undefined) throw invalid('rows', `rows[${from}]: the rows were changed while they were read`);
    parts.push({ block, from, count: to - from });
    if (Math.floor(from / ROWS_A_BLOCK) !== Math.floor(to / ROWS_A_BLOCK)) yield;
    from = to;
  }
  return { parts, skipNull: false };
}

module.exports = { flat, extras, args, query, page, json, nameOf, blocks };
