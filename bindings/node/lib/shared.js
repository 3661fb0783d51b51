// What both faces of one database share: how it was opened, the clock, and the handles. A file has one for the synchronous
// face, and for the asynchronous one each a reader, a writer and that of a transaction, so that a long call holds up nobody; a
// database in memory has only the one, and all must take turns.
'use strict';

const native = require('./native');
const { KithError, invalid, misuse } = require('./errors');
const { turn } = require('./steps');

const RETRIES = 20;
// The functions of kith.h that change nothing: they wait for no writer.
const READS = new Set([
  'get', 'find', 'count', 'timeline', 'why', 'events_after', 'duplicates', 'search', 'sql', 'schema', 'info', 'may_send',
  'token_look', 'preferences', 'my_data', 'export_lead', 'consent_proof', 'backup',
]);
const FLAGS = { readOnly: 1, memory: 2, existing: 4 };

class Shared {
  handle = null; // of the synchronous face
  workers = new Set(); // of the asynchronous face and its transactions
  transactions = 0; // asynchronous ones that are open
  isOpen = true;
  #opening = new Set(); // promises of workers that are not there yet
  #closing = null;

  constructor(path, options = {}) {
    if (typeof options !== 'object' || options === null) throw invalid('options', 'options: an object is wanted');
    const { readOnly, memory, existing, sync = 'full', busyMs, now, ...others } = options;
    for (const name of Object.keys(others)) {
      throw invalid(name, `${name}: options are readOnly, memory, existing, sync, busyMs and now`);
    }
    if (sync !== 'full' && sync !== 'normal') throw invalid('sync', "sync: 'full' or 'normal'");
    if (now !== undefined && typeof now !== 'function') throw invalid('now', 'now: a function that answers a Date or milliseconds');
    this.path = path;
    this.memory = Boolean(memory);
    this.now = now;
    this.busyMs = busyMs === undefined ? 0 : busyMs === 0 ? -1 : busyMs; // kith.h: 0 is the default, -1 not at all
    this.flags = (readOnly ? FLAGS.readOnly : 0) | (memory ? FLAGS.memory : 0) | (existing ? FLAGS.existing : 0) | (sync === 'normal' ? 8 : 0);
  }

  // The time of the next call, or undefined for the system's. It is asked for on this thread, when the call is made.
  clock() {
    if (this.now === undefined) return undefined;
    const time = Number(this.now());
    if (!Number.isFinite(time)) throw invalid('now', 'now: the clock answered neither a Date nor a number');
    return Math.trunc(time);
  }
  opening(flags = this.flags) {
    return [this.clock(), this.path, flags, this.busyMs];
  }

  // A further handle on the file, for calls off this thread.
  async openWorker() {
    this.mustBeOpen();
    if (this.memory) return this.handle;
    const opening = this.#openWorker();
    this.#opening.add(opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(opening);
    }
  }
  async #openWorker() {
    const handle = await native.later.open(...this.opening(this.flags | FLAGS.existing));
    if (!this.isOpen) {
      await native.later.close(undefined, handle);
      this.mustBeOpen();
    }
    this.workers.add(handle);
    return handle;
  }
  mustBeOpen() {
    if (!this.isOpen) throw misuse('the database is closed');
  }

  // Before a synchronous call. While it waited for an asynchronous transaction that transaction could not go on, and in
  // memory it would land inside it.
  free(name) {
    this.mustBeOpen();
    if (this.transactions === 0) return;
    if (this.memory) throw misuse('a transaction of crm.async is open, and a database in memory has only one handle: wait until it ends');
    if (!READS.has(name)) throw new KithError('BUSY', 'a transaction of crm.async is open, which cannot go on while this call waits for it: use crm.async here too');
  }
  // Before a synchronous transaction: in memory, asynchronous calls that run now would land inside it.
  quiet() {
    this.free('begin');
    if (this.memory && native.is_busy(this.handle)) {
      throw misuse('calls of crm.async are running, and a database in memory has only one handle: await them first');
    }
  }

  cancel() {
    this.mustBeOpen();
    for (const handle of this.memory ? [this.handle] : this.workers) native.cancel(handle);
  }
  // Calls that run end first, and then their handles are closed; new ones are refused from here on. Answers a promise of the
  // end of it all, to whoever closes and however often.
  close() {
    if (!this.isOpen) return this.#closing;
    this.isOpen = false;
    const ends = [...this.#opening];
    for (const handle of [this.handle, ...this.workers]) {
      if (handle === null || !native.is_open(handle)) continue;
      if (native.is_busy(handle)) ends.push(native.later.close(undefined, handle));
      else native.close(undefined, handle);
    }
    this.workers.clear();
    // Whoever waits for a call that ran hears of its end before whoever closes.
    this.#closing = Promise.allSettled(ends).then(turn);
    return this.#closing;
  }
}

module.exports = { Shared, RETRIES, READS };
