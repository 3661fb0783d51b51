// Writes kinds.d.ts, the types of all kinds, their fields and the verbs' extras, from kith_schema(). With --check it only
// says whether the file is current.  usage: npm run types
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { open } = require(process.env.KITH_PACKAGE ?? '..');

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel('_' + name);
const union = (options) => options.map((option) => `'${option}'`).join(' | ');
const plural = (crm, kind) => Object.keys(crm).find((property) => crm[property].name === kind);

// What a field is in a row, and what may be put.
function typesOf({ type, options, refers, kind, field }) {
  switch (type) {
    case 'id': return ['number', 'number'];
    case 'integer': case 'number': return ['number', 'number'];
    case 'boolean': return ['boolean', 'boolean'];
    case 'datetime': return ['Date', 'Moment'];
    case 'date': return ['string', 'string'];
    case 'duration': return ['number', 'string | number'];
    case 'json': return kind === 'field' && field === 'options' ? ['string[]', 'readonly string[]'] : ['unknown', 'unknown'];
    case 'choice': return [union(options), union(options)];
    case 'choices': return [`Array<${union(options)}>`, `ReadonlyArray<${union(options)}>`];
    case 'reference': return [refers === 'lead' ? 'number' : 'string', 'Name'];
    default: return ['string', 'string'];
  }
}

// Fields that Kith itself fills in every row, which the schema has no word for.
const filled = new Set(['created', 'updated', 'at', 'kind', 'since', 'state', 'purpose', 'leads', 'tags']);

function extraType(type, summary) {
  const plain = { text: 'string', ip: 'string', boolean: 'boolean', integer: 'number', datetime: 'Moment' }[type] ?? union(type.split('|'));
  // What is null is not said; `expires` is, and means never.
  return `${/repeatable/.test(summary) ? `${plain} | readonly ${plain}[]` : plain} | null`;
}

function generated() {
  const crm = open('types', { memory: true });
  const kinds = crm.schema('kinds');
  const fields = crm.schema('fields');
  const verbs = crm.schema('verbs');
  crm.close();
  const out = [
    '// The kinds, their fields and the extras of the verbs. Generated from kith_schema() by `npm run types`: do not edit.',
    '',
    '/** A point in time: a Date, milliseconds since 1970, or RFC 3339 text. */',
    'export type Moment = Date | number | string;',
    '',
    '/** Custom fields of leads. Declare yours: `declare module \'kith\' { interface LeadCustomFields { seat_count: number | null } }`. */',
    'export interface LeadCustomFields {}',
    '',
  ];
  for (const { kind, writable, summary } of kinds) {
    const own = fields.filter((field) => field.kind === kind);
    const custom = kind === 'lead' ? ' extends LeadCustomFields' : '';
    out.push(`/** A row: ${summary}. */`, `export interface ${pascal(kind)}${custom} {`);
    for (const field of own) {
      const always = field.required || field.type === 'id' || (!field.writable && filled.has(field.field));
      const nullable = always ? '' : ' | null';
      // What is not among the usual columns is there when it was asked for.
      out.push(`  /** ${field.summary} */`, `  ${camel(field.field)}${field.usual ? '' : '?'}: ${typesOf(field)[0]}${nullable};`);
    }
    out.push('}', '');
    if (!writable) continue;
    out.push(`/** What may be put: ${summary}. */`, `export interface ${pascal(kind)}Fields${custom && ' extends Partial<LeadCustomFields>'} {`);
    for (const field of own.filter((one) => one.writable || one.type === 'id')) {
      out.push(`  /** ${field.summary} */`, `  ${camel(field.field)}?: ${typesOf(field)[1]} | null;`);
    }
    out.push('}', '');
  }
  const reads = new Set(['may_send']);  // what only reads takes its own extras and no others
  out.push('/** Named extras of every verb that writes. */', 'export interface Extras {');
  for (const { verb, extra, type, summary } of verbs) {
    if (verb === null) out.push(`  /** ${summary} */`, `  ${camel(extra)}?: ${extraType(type, summary)};`);
  }
  out.push('}', '');
  for (const verb of new Set(verbs.map((row) => row.verb))) {
    if (verb === null) continue;
    const own = verbs.filter((row) => row.verb === verb && row.extra !== null);
    const name = `${pascal(verb)}Extras`;
    if (own.length === 0) {
      out.push(`export type ${name} = Extras;`, '');
      continue;
    }
    out.push(`/** Extras of ${camel(verb)}. */`, `export interface ${name}${reads.has(verb) ? '' : ' extends Extras'} {`);
    for (const { extra, type, summary } of own) out.push(`  /** ${summary} */`, `  ${camel(extra)}?: ${extraType(type, summary)};`);
    out.push('}', '');
  }
  const collection = (type, { kind, writable }) => {
    const row = pascal(kind);
    return `${type}<${row}, ${writable ? `${row}Fields` : 'never'}>`;
  };
  for (const [name, type] of [['Kinds', 'Kind'], ['AsyncKinds', 'AsyncKind']]) {
    out.push(`/** The kinds as properties${type === 'Kind' ? '' : ', asynchronously'}. */`, `export interface ${name} {`);
    for (const kind of kinds) out.push(`  /** ${kind.summary} */`, `  readonly ${plural(crm, kind.kind)}: ${collection(type, kind)};`);
    out.push('}', '');
  }
  const names = kinds.map(({ kind }) => `'${kind}'`).join(' | ');
  out.push('/** The name of a kind. */', `export type KindName = ${names};`, '');
  return [out[0], "import type { AsyncKind, Kind, Name } from './index';", ...out.slice(1)].join('\n');
}

const file = path.join(__dirname, '..', 'kinds.d.ts');
const text = generated();
if (process.argv.includes('--check')) {
  const there = fs.readFileSync(process.env.KITH_TYPES ?? file, 'utf8');
  if (there !== text) {
    console.error('kinds.d.ts is not current: run npm run types');
    process.exit(1);
  }
} else {
  fs.writeFileSync(file, text);
}
