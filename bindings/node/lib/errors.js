// KithError, the one exception of the package, and the names of its statuses. What calls it from C++ is in addon.cpp.
'use strict';

const { fieldName } = require('./names');

class KithError extends Error {
  constructor(status, message, field = '', nearest = '') {
    super(message);
    this.status = status;
    this.code = 'KITH_' + status;
    this.field = fieldName(field);
    // A field's or extra's name, as it is written here; in a condition it is written as Kith does, and a name is the host's.
    this.nearest = status === 'INVALID' && field !== 'where' ? fieldName(nearest) : nearest;
  }
}
Object.defineProperty(KithError.prototype, 'name', { value: 'KithError', configurable: true, writable: true });

const misuse = (message) => new KithError('MISUSE', message);
const invalid = (field, message) => new KithError('INVALID', message, field);

module.exports = { KithError, misuse, invalid };
