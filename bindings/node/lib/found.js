// What find and its like answer: rows that are read in pages as they are asked for. Iterating calls the database; the
// object itself holds a question and no rows.
'use strict';

const { page } = require('./encode');
const { invalid } = require('./errors');

const PAGE = 1000;

// How many rows are wanted at most.
function limitOf({ limit = Infinity }) {
  if (limit !== Infinity && !(Number.isSafeInteger(limit) && limit >= 0)) throw invalid('limit', 'limit: a whole number of rows is wanted, or Infinity');
  return limit;
}

// One question: who asks (`ask` takes the call's arguments and answers [rows, next]), what, and how far.
class Question {
  constructor(ask, front, asked) {
    const { pageSize = PAGE } = asked;
    const limit = limitOf(asked);
    if (!Number.isInteger(pageSize) || pageSize < 1) throw invalid('pageSize', 'pageSize: a whole number of rows is wanted, at least 1');
    Object.assign(this, { ask, front, asked, limit, pageSize });
  }
  // The same, but for one row only.
  one() {
    return new Question(this.ask, this.front, { ...this.asked, limit: Math.min(this.limit, 1) });
  }
  next(after, left) {
    return this.ask([...this.front, page(this.asked, Math.min(left, this.pageSize), after)], this.asked.signal);
  }
}

const joined = (pages) => (pages.length === 1 ? pages[0] : pages.length < 10000 ? [].concat(...pages) : pages.flat());

class Found {
  #question;
  #later;
  // `later` makes the same question to the asynchronous face.
  constructor(question, later) {
    this.#question = question;
    this.#later = later;
  }

  *pages() {
    const question = this.#question;
    let after = question.asked.after ?? null;
    for (let left = question.limit; left > 0; ) {
      const [rows, next] = question.next(after, left);
      if (rows.length > 0) yield rows;
      if (next === null) return;
      left -= rows.length;
      after = next;
    }
  }
  *[Symbol.iterator]() {
    for (const rows of this.pages()) yield* rows;
  }
  toArray() {
    return joined([...this.pages()]);
  }
  first() {
    for (const row of new Found(this.#question.one())) return row;
    return null;
  }
  [Symbol.asyncIterator]() {
    return this.#later()[Symbol.asyncIterator]();
  }
}

class AsyncFound {
  #question;
  constructor(question) {
    this.#question = question;
  }

  async *pages() {
    const question = this.#question;
    let after = question.asked.after ?? null;
    for (let left = question.limit; left > 0; ) {
      const [rows, next] = await question.next(after, left);
      if (rows.length > 0) yield rows;
      if (next === null) return;
      left -= rows.length;
      after = next;
    }
  }
  async *[Symbol.asyncIterator]() {
    for await (const rows of this.pages()) yield* rows;
  }
  async toArray() {
    const pages = [];
    for await (const rows of this.pages()) pages.push(rows);
    return joined(pages);
  }
  async first() {
    for await (const row of new AsyncFound(this.#question.one())) return row;
    return null;
  }
  // `await crm.async.leads.find(...)` is all of the rows, asked anew each time.
  then(resolve, reject) {
    return this.toArray().then(resolve, reject);
  }
  catch(reject) {
    return this.then(undefined, reject);
  }
  finally(last) {
    return this.toArray().finally(last);
  }
}

// The same in the words of kith.h, where 0 is a page: of no rows at all one is asked for, to know the columns.
const rowsToAsk = (limit) => (limit === Infinity ? -1 : Math.max(limit, 1));

module.exports = { Question, Found, AsyncFound, limitOf, rowsToAsk };
