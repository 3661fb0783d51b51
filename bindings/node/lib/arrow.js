// Columns in and out. A batch is { length, columns: [{ name, format, nullCount, buffers }] }: the Arrow C data interface
// in JavaScript's memory, of which apache-arrow's vectors are made without copying. Tables of apache-arrow are taken too.
'use strict';

const { invalid } = require('./errors');
const { snake } = require('./names');

// What apache-arrow calls a type, by its number there -> our format.
const ints = { 'true8': 'c', 'true16': 's', 'true32': 'i', 'true64': 'l', 'false8': 'C', 'false16': 'S', 'false32': 'I', 'false64': 'L' };
const units = ['s', 'm', 'u', 'n'];

function formatOf(type) {
  switch (type.typeId) {
    case 1: return 'n';
    case 2: return ints[`${type.isSigned}${type.bitWidth}`];
    case 3: return ['e', 'f', 'g'][type.precision];
    case 5: return 'u';
    case 20: return 'U';
    case 6: return 'b';
    case 8: return type.unit === 0 ? 'tdD' : 'tdm';
    case 10: return `ts${units[type.unit]}:${type.timezone ?? ''}`;
    default: return undefined;
  }
}

const bytes = (view) => (view === undefined || view === null ? null : new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

function columnOfArrow(name, data) {
  const format = formatOf(data.type);
  if (format === undefined) throw invalid(name, `batch: the column ${name} is a ${data.type}, which Kith does not take`);
  if (data.offset) throw invalid(name, `batch: the column ${name} is a slice of another; copy it first`);
  const validity = data.nullCount > 0 ? bytes(data.nullBitmap) : null;
  const buffers = format === 'n' ? [] : format === 'u' || format === 'U' ? [validity, bytes(data.valueOffsets), bytes(data.values)] : [validity, bytes(data.values)];
  return [snake(name), format, data.nullCount, buffers];
}

function toBatch(batch) {
  if (Array.isArray(batch?.columns)) {
    // Array.from: plain arrays, so that none of the caller's code runs while the addon reads them.
    return [batch.length, ...Array.from(batch.columns, ({ name, format, nullCount = -1, buffers }) => [snake(name), format, nullCount, Array.from(buffers, bytes)])];
  }
  const data = batch?.data; // a RecordBatch of apache-arrow
  if (data?.children && batch.schema?.fields) {
    return [batch.numRows, ...batch.schema.fields.map((field, i) => columnOfArrow(field.name, data.children[i]))];
  }
  throw invalid('batch', 'batch: { length, columns } is wanted, or a table or record batch of apache-arrow');
}

// Batches for the addon, from one or many of ours, or tables and record batches of apache-arrow.
function toBatches(given) {
  const out = [];
  for (const batch of given) {
    if (Array.isArray(batch?.batches)) for (const part of batch.batches) out.push(toBatch(part));
    else out.push(toBatch(batch));
  }
  return out;
}

// A batch with the same columns and no rows, for what asks for none; `after` is where it would begin.
function emptied({ columns }, after) {
  const buffersOf = (format) => (format === 'u' || format === 'U' ? [null, new Uint8Array(format === 'u' ? 4 : 8), new Uint8Array(0)] : [null, new Uint8Array(0)]);
  return { length: 0, columns: columns.map(({ name, format }) => ({ name, format, nullCount: 0, buffers: buffersOf(format) })), next: after ?? null };
}

module.exports = { toBatches, emptied };
