// The addon, loaded once in each environment and told how to make errors.
'use strict';

const { KithError } = require('./errors');
const { load } = require('./loader');

const native = load();
// What the library calls by the names of C is here a method.
const asMethods = (message) => message.replace(/\bkith_(sql|check|unsuppress)\b/g, 'crm.$1');
native.error_maker((status, message, field, nearest) => new KithError(status, asMethods(message), field, nearest));
// process.exit() would otherwise pull the process away from under calls that run.
process.once('exit', () => native.end());

module.exports = native;
