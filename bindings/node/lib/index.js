// The package kith: open() and what goes with it. CommonJS; index.mjs says the same to ECMAScript modules.
'use strict';

const native = require('./native');
const { CsvReader, openCsv } = require('./csv');
const { KithError } = require('./errors');
const { Shared } = require('./shared');
const { Crm } = require('./sync');

// Opens a file, and makes it if need be.
function open(path, options) {
  const shared = new Shared(path, options);
  return new Crm(shared, native.open(...shared.opening()));
}

// The same off the thread of JavaScript.
async function openAsync(path, options) {
  const shared = new Shared(path, options);
  return new Crm(shared, await native.later.open(...shared.opening()));
}

module.exports = { open, openAsync, openCsv, Crm, CsvReader, KithError, version: native.version };
