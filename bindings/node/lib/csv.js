// A reader of CSV files, lazily: rows of texts by the names of the header, with the line where each begins.
'use strict';

const native = require('./native');
const { extras } = require('./encode');
const { asIs, steps } = require('./rows');
const { atOnce, inTurns } = require('./steps');

const PAGE = 1000;

class CsvReader {
  #handle;
  constructor(handle) {
    this.#handle = handle;
  }

  // The next rows; none at the end.
  read(limit = PAGE) {
    return atOnce(steps(native.csv_read(undefined, this.#handle, limit), asIs));
  }
  async readAsync(limit = PAGE) {
    return inTurns(steps(await native.later.csv_read(undefined, this.#handle, limit), asIs));
  }
  // How much of the file has been read, 0 to 1.
  get progress() {
    return native.csv_progress(this.#handle);
  }
  *[Symbol.iterator]() {
    try {
      for (let rows = this.read(); rows.length > 0; rows = this.read()) yield* rows;
    } finally {
      this.close();
    }
  }
  async *[Symbol.asyncIterator]() {
    try {
      for (let rows = await this.readAsync(); rows.length > 0; rows = await this.readAsync()) yield* rows;
    } finally {
      this.close();
    }
  }
  close() {
    if (!native.is_open(this.#handle)) return;
    if (native.is_busy(this.#handle)) native.later.close(undefined, this.#handle);
    else native.close(undefined, this.#handle);
  }
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.close();
  }
}

function openCsv(path, options) {
  return new CsvReader(native.csv_open(undefined, path, extras(options)));
}

module.exports = { CsvReader, openCsv };
