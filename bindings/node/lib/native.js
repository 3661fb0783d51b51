// The addon, loaded once in each environment and told how to make errors.
'use strict';

const { KithError } = require('./errors');
const { load } = require('./loader');

const native = load();
native.error_maker((status, message, field, nearest) => new KithError(status, message, field, nearest));
// process.exit() would otherwise pull the process away from under calls that run.
process.once('exit', () => native.end());

module.exports = native;
