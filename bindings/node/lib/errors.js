// KithError, the one exception of the package, and the names of its statuses. What calls it from C++ is in addon.cpp.
'use strict';

const { fieldName } = require('./names');

class KithError extends Error {
  constructor(status, message, field = '', nearest = '') {
    super(message);
    this.status = status;
    this.code = 'KITH_' + status;
    this.field = fieldName(field);
    this.nearest = nearest;
  }
}
Object.defineProperty(KithError.prototype, 'name', { value: 'KithError', configurable: true, writable: true });

const misuse = (message) => new KithError('MISUSE', message);
const invalid = (field, message) => new KithError('INVALID', message, field);

module.exports = { KithError, misuse, invalid };
