// The asynchronous face: the same methods on a handle of its own, run on one of Node's worker threads, one after another,
// each answering a promise. A transaction has yet another handle, so that calls beside it do not fall into it.
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');

const native = require('./native');
const { toBatches, fromBatch } = require('./arrow');
const { page, query } = require('./encode');
const { misuse, KithError } = require('./errors');
const { Question, AsyncFound } = require('./found');
const { kindsOf } = require('./kinds');
const { putRows, putBatches } = require('./many');
const { asCamel, steps } = require('./rows');
const { RETRIES } = require('./shared');
const { inTurns } = require('./steps');
const { verbs, pagedVerbs, kindVerbs } = require('./verbs');

const inside = new AsyncLocalStorage(); // the transaction in memory that the code which runs now belongs to

class AsyncCrm {
  #shared;
  #handle = null; // a promise of it
  #over = null; // of a transaction: why it takes no more calls
  #isTransaction;
  #depth = 0;
  #last = Promise.resolve(); // of a database in memory: when the transaction before has ended

  constructor(shared, handle = null) {
    this.#shared = shared;
    this.#handle = handle;
    this.#isTransaction = handle !== null;
    for (const kind of kindsOf(shared.handle, shared.clock())) {
      Object.defineProperty(this, kind.property, { value: new AsyncKind(this, kind), enumerable: true });
    }
  }

  kind(name) {
    for (const value of Object.values(this)) if (value instanceof AsyncKind && value.name === name) return value;
    throw new KithError('NOT_FOUND', `there is no kind ${JSON.stringify(name)}`);
  }

  // Runs `await work(tx)` as one, with the methods of `tx`; repeated on RETRY, undone when it throws. `tx` is of no use
  // afterwards. A transaction inside of one is a part of it that can fail for itself.
  async transaction(work, { retries = RETRIES } = {}) {
    if (this.#isTransaction) return this.#attempt(work);
    return this.#alone(async () => {
      const handle = await this.#shared.openWorker();
      try {
        for (let attempt = 0; ; attempt++) {
          const tx = new AsyncCrm(this.#shared, Promise.resolve(handle));
          try {
            return await inside.run(this.#shared.memory ? this.#shared : null, () => tx.#attempt(work));
          } catch (error) {
            if (!(error instanceof KithError) || error.status !== 'RETRY' || attempt >= retries) throw error;
          } finally {
            tx.#over = misuse('the transaction is over');
          }
        }
      } finally {
        if (!this.#shared.memory && this.#shared.workers.delete(handle)) native.later.close(undefined, handle);
      }
    });
  }
  async #attempt(work) {
    await this._call('begin', []);
    this.#depth++;
    let done = false;
    try {
      const answer = await work(this);
      await this._call('commit', []);
      done = true;
      return answer;
    } finally {
      this.#depth--;
      if (!done && this.#shared.isOpen) await this._call('rollback', []);
    }
  }
  // In memory transactions wait for each other, and other calls for them.
  async #alone(work) {
    if (!this.#shared.memory) return work();
    this.#notInside();
    const before = this.#last;
    let end;
    this.#last = new Promise((resolve) => (end = resolve));
    await before;
    this.#shared.transactions++;
    try {
      return await work();
    } finally {
      this.#shared.transactions--;
      end();
    }
  }
  #notInside() {
    if (inside.getStore() === this.#shared) {
      throw misuse('inside a transaction use what it was given: a database in memory has only one handle');
    }
  }

  async close() {
    await Promise.all(this.#shared.close());
  }
  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }

  async _call(name, args, signal, from = native) {
    const clock = this.#shared.clock();
    if (this.#over) throw this.#over;
    signal?.throwIfAborted();
    this.#shared.mustBeOpen();
    // In memory, after what is synchronous now: a transaction of that face must not get this call as a part of it.
    if (this.#shared.memory && !this.#isTransaction) {
      this.#notInside();
      await this.#last;
    }
    const handle = await (this.#handle ??= this.#shared.openWorker());
    this.#shared.mustBeOpen();
    const running = from.later[name](clock, handle, ...args);
    if (signal === undefined || signal === null) return running;
    const stop = () => native.is_open(handle) && native.cancel(handle);
    signal.addEventListener('abort', stop);
    try {
      return await running;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
  async _rows(name, args, naming, signal) {
    return inTurns(steps(await this._call(name, args, signal), naming));
  }
  _found(name, front, asked, naming) {
    const ask = async (args, signal) => {
      const result = await this._call(name, args, signal);
      return [await inTurns(steps(result, naming)), result[1]];
    };
    return new AsyncFound(new Question(ask, front, asked));
  }
  async _arrow(name, args, signal) {
    return fromBatch(await this._call(name, args, signal, native.arrow));
  }
  async _drive(work, signal) {
    for (let step = work.next(); ; ) {
      if (step.done) return step.value;
      if (step.value?.[2] && this.#depth === 0) return this.transaction((tx) => tx.#drive(work, step, signal), { retries: 0 });
      step = await this.#step(work, step, signal);
    }
  }
  async #drive(work, begun, signal) {
    for (let step = begun; ; ) {
      if (step.done) return step.value;
      step = await this.#step(work, step, signal);
    }
  }
  async #step(work, step, signal) {
    if (step.value === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      return work.next();
    }
    let result;
    try {
      result = await this._call(step.value[0], step.value[1], signal);
    } catch (error) {
      return work.throw(error);
    }
    return work.next(result);
  }

  async sqlArrow(text, values) {
    return this._arrow('sql', verbs.sql.in(text, values));
  }
  async recordMany(rows, more) {
    return this._drive(putRows('record_many', [], await listOf(rows), more, false), more?.signal);
  }
}

for (const [name, verb] of Object.entries(verbs)) {
  method(AsyncCrm, name, async function (...args) {
    const given = verb.in(...args);
    const signal = signalOf(args);
    return verb.out(verb.rows ? await this._rows(verb.call, given, verb.rows, signal) : await this._call(verb.call, given, signal));
  });
}
for (const [name, verb] of Object.entries(pagedVerbs)) {
  method(AsyncCrm, name, function (...args) {
    return this._found(verb.call, ...verb.in(...args), asCamel);
  });
}

class AsyncKind {
  #crm;
  constructor(crm, kind) {
    this.#crm = crm;
    this.name = kind.name;
    Object.defineProperty(this, 'naming', { value: kind.naming });
  }

  find(where, more) {
    return this.#crm._found('find', [this.name], query(where, more), this.naming);
  }
  async putMany(rows, more) {
    return this.#crm._drive(putRows('put_many', [this.name], await listOf(rows), more, this.name === 'lead'), more?.signal);
  }
  async putBatch(batch, more) {
    return this.#crm._drive(putBatches('put_batch', [this.name], toBatches([batch]), more), more?.signal);
  }
  async putStream(batches, more) {
    return this.#crm._drive(putBatches('put_stream', [this.name], toBatches(await listOf(batches)), more), more?.signal);
  }
  async arrow(where, more) {
    const asked = query(where, more);
    return this.#crm._arrow('find', [this.name, page(asked, asked.limit ?? -1, asked.after)], asked.signal);
  }
  async _run(verb, args) {
    const given = verb.in(this, ...args);
    const signal = signalOf(args);
    return verb.out(
      verb.rows ? await this.#crm._rows(verb.call, given, verb.rows(this), signal) : await this.#crm._call(verb.call, given, signal),
    );
  }
}
for (const [name, verb] of Object.entries(kindVerbs)) {
  method(AsyncKind, name, async function (...args) {
    return this._run(verb, args);
  });
}

// The rows of an array, or of anything that can be iterated, also asynchronously.
async function listOf(rows) {
  if (Array.isArray(rows)) return rows;
  const all = [];
  for await (const row of rows) all.push(row);
  return all;
}

const signalOf = (args) => args.find((given) => given?.signal instanceof AbortSignal)?.signal;

function method(type, name, work) {
  Object.defineProperty(work, 'name', { value: name });
  Object.defineProperty(type.prototype, name, { value: work, writable: true, configurable: true });
}

module.exports = { AsyncCrm };
