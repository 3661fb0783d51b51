// Many rows in one call: what goes in is cut into blocks (encode.js), what comes back is counted here.
'use strict';

const { extras, blocks } = require('./encode');
const { KithError } = require('./errors');
const { fieldName } = require('./names');
const native = require('./native');
const { asCamel, steps } = require('./rows');

const SKIP_BAD = 1;
const EVENT_REFERENCES = new Set(['lead']); // of an event to record
const OUTCOMES = ['unchanged', 'created', 'updated', 'failed'];

// What became of many rows: how many of each, which failed and why, whom a list did not take, and the id of each row (0 for one that failed).
class ManyResult {
  unchanged = 0;
  created = 0;
  updated = 0;
  failed = 0;
  failures = [];
  notTaken = [];
  ids = [];
}

function* count(result, into) {
  for (const row of yield* steps(result, asCamel)) {
    into[OUTCOMES[row.outcome] ?? 'unchanged']++;
    into.ids.push(row.id ?? row.event ?? 0);
    if (row.outcome === 3) {
      const status = native.status_name(row.status);
      into.failures.push({ index: into.ids.length - 1, status, field: fieldName(row.field), message: row.message });
    }
    if (row.refused) into.notTaken.push({ index: into.ids.length - 1, lists: row.refused });
  }
}

// The calls for `rows`, each yielded as [name, arguments, whether it is one of several] to be answered with the addon's
// result; undefined is yielded to let others run. `front`: what stands before the rows; `references`: fields that name things.
function* putRows(call, front, rows, more, references, mayskip) {
  const into = new ManyResult();
  const { parts, skipNull } = yield* blocks(rows, references, mayskip);
  const flags = more?.skipBad ? SKIP_BAD : 0;
  const given = extras(skipNull ? { ...more, skipNull: true } : more);
  for (const [i, { block, from, count: height }] of parts.entries()) {
    let result;
    try {
      result = yield [call, [...front, block, flags, given], parts.length > 1];
    } catch (error) {
      for (const { block: left } of parts.slice(i + 1)) native.drop(left);
      throw from > 0 && error instanceof KithError ? counted(error, from) : error;
    }
    yield* count(result, into);
    if (into.ids.length !== from + height) throw new KithError('INTERNAL', 'another number of rows was answered than given');
  }
  return into;
}

// Kith counts the rows of one block, and not when there is one; who called counts all.
function counted(error, from) {
  if (error.field === '') return error;
  const shift = (text) => (/^\[\d+\]/.test(text) ? text.replace(/^\[(\d+)\]/, (_, row) => `[${from + Number(row)}]`) : `[${from}].${text}`);
  const shifted = new KithError(error.status, shift(error.message), shift(error.field), error.nearest);
  shifted.cause = error;
  return shifted;
}

function* putBatches(call, front, batches, more) {
  const into = new ManyResult();
  const flags = more?.skipBad ? SKIP_BAD : 0;
  yield* count(yield [call, [...front, batches, flags, extras(more)], false], into);
  return into;
}

module.exports = { putRows, putBatches, EVENT_REFERENCES };
