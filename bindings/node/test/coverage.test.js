// Every function of kith.h is reachable: each one that bindings/kith.json lists is used by the addon and by the JavaScript
// over it, or stands in `unused` with the reason.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { top } = require('./support');

const unused = {
  kith_error_status: 'the status that the call returned is the same',
  kith_rows_column: 'rows are objects, whose members are found by name',
  kith_rows_arrow_stream: 'a page is one batch; nothing in Node takes a C stream',
};

test('each function is used, or there is a reason', () => {
  const { functions } = JSON.parse(fs.readFileSync(path.join(top, 'bindings/kith.json'), 'utf8'));
  const read = (folder) => fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n');
  const cpp = read(path.join(top, 'bindings/node/src'));
  const js = read(path.join(path.dirname(require.resolve('kith')), '.')).replace(/^\s*\/\/.*$/gm, '');
  const isCalled = (name) => new RegExp(`\\b${name}\\(|&${name}\\b`).test(cpp);
  const missing = [];
  for (const { name, returns, params } of functions) {
    const isDerived = returns?.role === 'status' && params?.[0]?.role === 'handle' && /^kith_(db|csv)$/.test(params[0].of);
    // What call.h derives is there by itself, so what counts is whether JavaScript calls it.
    const used = isDerived ? new RegExp(`'${name.slice(5)}'|native(\\.later|\\.arrow)?\\.${name.slice(5)}\\b`).test(js) : isCalled(name);
    if (used === name in unused) missing.push(used ? `${name} is used, and listed as unused` : name);
  }
  assert.deepStrictEqual(missing, []);
  for (const name of Object.keys(unused)) assert(functions.some((other) => other.name === name), `${name} is no function`);
});
