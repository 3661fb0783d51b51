// The asynchronous face: the same methods, each answering a promise, on threads of their own: one for what reads and one for
// what writes, each in the order of the calls. A transaction has a third, so that calls beside it do not fall into it.
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');

const native = require('./native');
const { toBatches } = require('./arrow');
const { page, query } = require('./encode');
const { misuse, KithError } = require('./errors');
const { Question, AsyncFound } = require('./found');
const { kindsOf } = require('./kinds');
const { putRows, putBatches } = require('./many');
const { asCamel, steps } = require('./rows');
const { RETRIES, READS } = require('./shared');
const { inTurns } = require('./steps');
const { verbs, pagedVerbs, kindVerbs } = require('./verbs');

const inside = new AsyncLocalStorage(); // in whose transaction the code is that runs now

// The same promise, but `signal` ends the call: this one, and none of the others on the handle.
async function ended(running, handle, number, signal) {
  let timer;
  const stop = () => {
    native.cancel_call(handle, number);
    timer ??= setInterval(stop, 5); // it may have been about to begin
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    return await running;
  } catch (error) {
    throw signal.aborted && error.status === 'CANCELLED' ? signal.reason : error;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
  }
}

class AsyncCrm {
  #shared;
  #handles = {}; // promises of them: reader and writer, or one that is both
  #over = null; // of a transaction: why it takes no more calls
  #isTransaction;
  #depth = 0;
  #last = Promise.resolve(); // when the transaction before has ended

  constructor(shared, handle = null) {
    this.#shared = shared;
    if (handle !== null) this.#handles.both = handle;
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
            return await inside.run(this.#shared, () => tx.#attempt(work));
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
  // Transactions wait for each other: a file has one writer. In memory other calls wait for them too.
  async #alone(work) {
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
  #open(which) {
    const opening = this.#shared.openWorker();
    opening.catch(() => delete this.#handles[which]); // the next call tries again
    return opening;
  }
  #notInside() {
    if (inside.getStore() === this.#shared) {
      throw misuse('inside a transaction use what it was given: this call would wait for the transaction, and the transaction for it');
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
    const reads = READS.has(name);
    if (!this.#isTransaction && (this.#shared.memory || !reads)) this.#notInside();
    // In memory, after what is synchronous now: a transaction of that face must not get this call as a part of it.
    if (this.#shared.memory && !this.#isTransaction) await this.#last;
    const which = this.#isTransaction || this.#shared.memory ? 'both' : reads ? 'reader' : 'writer';
    const handle = await (this.#handles[which] ??= this.#open(which));
    this.#shared.mustBeOpen();
    const running = from.later[name](clock, handle, ...args);
    return signal === undefined || signal === null ? running : ended(running, handle, native.latest(), signal);
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
    return this._call(name, args, signal, native.arrow);
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
