// The asynchronous face: the same methods, each answering a promise, on threads of their own: one for what reads and one for
// what writes, each in the order of the calls. Transactions have a third, so that calls beside one do not fall into it.
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');

const native = require('./native');
const { toBatches, emptied } = require('./arrow');
const { page, query } = require('./encode');
const { misuse, KithError } = require('./errors');
const { Question, AsyncFound, limitOf, rowsToAsk } = require('./found');
const { kindsOf } = require('./kinds');
const { putRows, putBatches, EVENT_REFERENCES } = require('./many');
const { asCamel, steps } = require('./rows');
const { RETRIES, READS } = require('./shared');
const { inTurns, turn } = require('./steps');
const { verbs, pagedVerbs, kindVerbs } = require('./verbs');

const inside = new AsyncLocalStorage(); // the transaction that the code was called by, which may be over

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
  #handles = {}; // promises of them: reader, writer and that of transactions, or one that is all
  #last = Promise.resolve(); // when the transaction before, or the part before, has ended
  // Of a transaction:
  #root = null; // the outermost one that it is a part of, or itself
  #parent = null;
  #around = null; // in which other transaction, also of another database, its code was called
  #over = null; // why it takes no more calls
  #levels = 0; // of the outermost one: how often was begun and not yet ended
  #apart = null; // of the outermost one: { by, done } while a part is open that other calls must not fall into

  constructor(shared, handle = null, parent = null) {
    this.#shared = shared;
    if (handle !== null) {
      this.#handles.all = handle;
      this.#parent = parent;
      this.#root = parent === null ? this : parent.#root;
    }
    for (const kind of kindsOf(shared)) {
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
    return this.#together(work, retries, false);
  }
  // `isApart`: other calls in the same transaction wait, lest they be undone with these.
  async #together(work, retries, isApart) {
    if (this.#root !== null) return this.#innermost().#part(work, isApart);
    this.#notInside();
    // Transactions wait for each other: a file has one writer. In memory other calls wait for them too.
    return this.#inTurn(async () => {
      this.#shared.transactions++;
      try {
        const handle = await this.#handle('transaction');
        for (let attempt = 0; ; attempt++) {
          try {
            return await new AsyncCrm(this.#shared, Promise.resolve(handle)).#whole(work);
          } catch (error) {
            if (!(error instanceof KithError) || error.status !== 'RETRY' || attempt >= retries) throw error;
          }
        }
      } finally {
        this.#shared.transactions--;
      }
    });
  }
  // A transaction inside of this one. Such parts wait for each other, for each ends the one that began last.
  #part(work, isApart) {
    return this.#inTurn(() => {
      this.#mustGoOn();
      return new AsyncCrm(this.#shared, this.#handles.all, this).#whole(work, isApart);
    });
  }
  #whole(work, isApart) {
    this.#around = inside.getStore() ?? null;
    return inside.run(this, () => this.#attempt(work, isApart));
  }
  async #attempt(work, isApart) {
    const root = this.#root;
    const level = ++root.#levels;
    let isDone = false;
    let end = null;
    if (isApart) root.#apart = { by: this, done: new Promise((resolve) => (end = resolve)) };
    try {
      await this._call('begin', []);
      const answer = await work(this);
      for (let last = null; last !== this.#last; ) await (last = this.#last); // parts that nobody waited for
      await this._call('commit', []);
      isDone = true;
      root.#levels--;
      return answer;
    } finally {
      const isGone = this.#parent !== null && this.#parent.#isOver(); // the one around it has undone this one too
      this.#over = misuse('the transaction is over');
      if (!isDone && !isGone) {
        // Without the clock, which may be what failed: a transaction that stayed open would take all later ones with it.
        for (; root.#levels >= level; root.#levels--) if (this.#shared.isOpen) await native.later.rollback(undefined, await this.#handles.all);
      }
      if (isApart) root.#apart = null;
      end?.();
    }
  }
  async #inTurn(work) {
    const before = this.#last;
    let end;
    this.#last = new Promise((resolve) => (end = resolve));
    await before;
    try {
      return await work();
    } finally {
      end();
    }
  }
  #handle(which) {
    return (this.#handles[which] ??= this.#open(which));
  }
  #open(which) {
    const opening = this.#shared.openWorker();
    opening.catch(() => delete this.#handles[which]); // the next call tries again
    return opening;
  }
  #isOver() {
    return this.#over !== null || (this.#parent !== null && this.#parent.#isOver());
  }
  #mustGoOn() {
    if (this.#root !== null && this.#isOver()) throw misuse('the transaction is over');
  }
  #isIn(other) {
    return this === other || (this.#parent !== null && this.#parent.#isIn(other));
  }
  // The part of this transaction whose code runs now.
  #innermost() {
    for (let at = inside.getStore(); at; at = at.#around) if (at.#isIn(this) && !at.#isOver()) return at;
    return this;
  }
  // Code that was begun inside a transaction, such as a timer, may outlive it; while it is open, waiting for it could be for ever.
  #notInside() {
    for (let at = inside.getStore(); at; at = at.#around) {
      if (at.#shared === this.#shared && at.#root.#over === null) {
        throw misuse('inside a transaction use what it was given: this call would wait for the transaction, and the transaction for it');
      }
    }
  }

  async close() {
    await this.#shared.close();
  }
  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }

  async _call(name, args, signal, from = native) {
    const clock = this.#shared.clock();
    this.#mustGoOn();
    signal?.throwIfAborted();
    this.#shared.mustBeOpen();
    const reads = READS.has(name);
    const root = this.#root;
    if (root === null && (this.#shared.memory || !reads)) this.#notInside();
    // In memory, after what is synchronous now: a transaction of that face must not get this call as a part of it.
    if (root === null && this.#shared.memory) await this.#last;
    while (root !== null && root.#apart !== null && root.#apart.by !== this) await root.#apart.done;
    const handle = await this.#handle(root !== null ? 'all' : this.#shared.memory ? 'transaction' : reads ? 'reader' : 'writer');
    this.#shared.mustBeOpen();
    this.#mustGoOn();
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
      if (step.value?.[2]) return this.#together((tx) => tx.#drive(work, step, signal), 0, true);
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
      await turn();
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

  async sqlArrow(text, values, more) {
    return this._arrow('sql', verbs.sql.in(text, values), more?.signal);
  }
  async recordMany(rows, more) {
    return this._drive(putRows('record_many', [], await listOf(rows), more, EVENT_REFERENCES, false), more?.signal);
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
    return this.#crm._drive(putRows('put_many', [this.name], await listOf(rows), more, this.naming.references, this.name === 'lead'), more?.signal);
  }
  async putBatch(batch, more) {
    return this.#crm._drive(putBatches('put_batch', [this.name], toBatches([batch]), more), more?.signal);
  }
  async putStream(batches, more) {
    return this.#crm._drive(putBatches('put_stream', [this.name], toBatches(await listOf(batches)), more), more?.signal);
  }
  async arrow(where, more) {
    const asked = query(where, more);
    const limit = limitOf(asked);
    const batch = await this.#crm._arrow('find', [this.name, page(asked, rowsToAsk(limit), asked.after)], asked.signal);
    return limit === 0 ? emptied(batch, asked.after) : batch;
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
  if (Array.isArray(rows)) return rows.slice(); // the caller may go on with its own
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
