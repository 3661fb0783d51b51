// The synchronous face: Crm, its kinds, and transactions as functions. Calls are made on the thread that makes them.
'use strict';

const native = require('./native');
const { AsyncCrm } = require('./async');
const { toBatches, emptied } = require('./arrow');
const { page, query } = require('./encode');
const { misuse, KithError } = require('./errors');
const { Question, Found, limitOf, rowsToAsk } = require('./found');
const { kindsOf } = require('./kinds');
const { putRows, putBatches, EVENT_REFERENCES } = require('./many');
const { asCamel, steps } = require('./rows');
const { Shared, RETRIES } = require('./shared');
const { atOnce } = require('./steps');
const { verbs, pagedVerbs, kindVerbs } = require('./verbs');

class Crm {
  #shared;
  #depth = 0;
  #async = null;

  constructor(shared, handle) {
    this.#shared = shared;
    shared.handle = handle;
    for (const kind of kindsOf(shared)) {
      Object.defineProperty(this, kind.property, { value: new Kind(this, kind), enumerable: true });
    }
  }

  // The same methods, each answering a promise, off the thread of JavaScript.
  get async() {
    return (this.#async ??= new AsyncCrm(this.#shared));
  }
  get path() {
    return this.#shared.path;
  }
  get isOpen() {
    return this.#shared.isOpen;
  }
  kind(name) {
    for (const value of Object.values(this)) if (value instanceof Kind && value.name === name) return value;
    throw new KithError('NOT_FOUND', `there is no kind ${JSON.stringify(name)}`);
  }

  // Runs `work(crm)` as one: all that it does is there when it returns, nothing when it throws. When another writer won a
  // race (RETRY) it is run again. Calls may be nested; an inner one that throws undoes only itself.
  transaction(work, { retries = RETRIES } = {}) {
    for (let attempt = 0; ; attempt++) {
      try {
        return this.#attempt(work);
      } catch (error) {
        if (!(error instanceof KithError) || error.status !== 'RETRY' || this.#depth > 0 || attempt >= retries) throw error;
      }
    }
  }
  #attempt(work) {
    if (this.#depth === 0) this.#shared.quiet();
    this._call('begin', []);
    this.#depth++;
    let done = false;
    try {
      const answer = work(this);
      if (typeof answer?.then === 'function') {
        Promise.resolve(answer).catch(() => {});
        throw misuse('a transaction cannot wait for a promise: use crm.async.transaction');
      }
      this._call('commit', []);
      done = true;
      return answer;
    } finally {
      this.#depth--;
      // Without the clock, which may be what failed: a transaction that stayed open would take all later writes with it.
      if (!done && this.isOpen) native.rollback(undefined, this.#shared.handle);
    }
  }

  // Ends the call that runs in crm.async now: it rejects with CANCELLED.
  cancel() {
    this.#shared.cancel();
  }
  close() {
    this.#shared.close();
  }
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.close();
  }

  _call(name, args) {
    this.#shared.free(name);
    return native[name](this.#shared.clock(), this.#shared.handle, ...args);
  }
  _rows(name, args, naming) {
    return atOnce(steps(this._call(name, args), naming));
  }
  _found(name, front, asked, naming) {
    const ask = (args) => {
      const result = this._call(name, args);
      return [atOnce(steps(result, naming)), result[1]];
    };
    return new Found(new Question(ask, front, asked), () => this.async._found(name, front, asked, naming));
  }
  _arrow(name, args) {
    this.#shared.free(name);
    return native.arrow[name](this.#shared.clock(), this.#shared.handle, ...args);
  }
  // Answers each call that a generator of calls asks for; of several, as one.
  _drive(work) {
    const together = (begun) => {
      for (let step = begun; ; ) {
        if (step.done) return step.value;
        step = step.value === undefined ? work.next() : this.#answer(work, step.value);
      }
    };
    for (let step = work.next(); ; ) {
      if (step.done) return step.value;
      if (step.value?.[2]) return this.transaction(() => together(step), { retries: 0 });
      step = step.value === undefined ? work.next() : this.#answer(work, step.value);
    }
  }
  #answer(work, [name, args]) {
    let result;
    try {
      result = this._call(name, args);
    } catch (error) {
      return work.throw(error);
    }
    return work.next(result);
  }

  sqlArrow(text, values) {
    return this._arrow('sql', verbs.sql.in(text, values));
  }
  recordMany(rows, more) {
    return this._drive(putRows('record_many', [], Array.isArray(rows) ? rows : [...rows], more, EVENT_REFERENCES, false));
  }
}

for (const [name, verb] of Object.entries(verbs)) {
  method(Crm, name, function (...args) {
    const given = verb.in(...args);
    return verb.out(verb.rows ? this._rows(verb.call, given, verb.rows) : this._call(verb.call, given));
  });
}
for (const [name, verb] of Object.entries(pagedVerbs)) {
  method(Crm, name, function (...args) {
    return this._found(verb.call, ...verb.in(...args), asCamel);
  });
}

class Kind {
  #crm;
  constructor(crm, kind) {
    this.#crm = crm;
    this.name = kind.name;
    Object.defineProperty(this, 'naming', { value: kind.naming });
  }

  find(where, more) {
    return this.#crm._found('find', [this.name], query(where, more), this.naming);
  }
  putMany(rows, more) {
    return this.#crm._drive(putRows('put_many', [this.name], Array.isArray(rows) ? rows : [...rows], more, this.naming.references, this.name === 'lead'));
  }
  putBatch(batch, more) {
    return this.#crm._drive(putBatches('put_batch', [this.name], toBatches([batch]), more));
  }
  putStream(batches, more) {
    return this.#crm._drive(putBatches('put_stream', [this.name], toBatches(batches), more));
  }
  arrow(where, more) {
    const asked = query(where, more);
    const limit = limitOf(asked);
    const batch = this.#crm._arrow('find', [this.name, page(asked, rowsToAsk(limit), asked.after)]);
    return limit === 0 ? emptied(batch, asked.after) : batch;
  }
  _run(verb, args) {
    const given = verb.in(this, ...args);
    return verb.out(verb.rows ? this.#crm._rows(verb.call, given, verb.rows(this)) : this.#crm._call(verb.call, given));
  }
}
for (const [name, verb] of Object.entries(kindVerbs)) {
  method(Kind, name, function (...args) {
    return this._run(verb, args);
  });
}

function method(type, name, work) {
  Object.defineProperty(work, 'name', { value: name });
  Object.defineProperty(type.prototype, name, { value: work, writable: true, configurable: true });
}

module.exports = { Crm };
