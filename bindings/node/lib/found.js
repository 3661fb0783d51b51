// What find and its like answer: rows that are read in pages as they are asked for. Iterating calls the database; the
// object itself holds a question and no rows.
'use strict';

const { page } = require('./encode');
const { invalid } = require('./errors');

const PAGE = 1000;

// One question: who asks (`ask` takes the call's arguments and answers [rows, next]), what, and how far.
class Question {
  constructor(ask, front, asked) {
    const { limit = Infinity, pageSize = PAGE } = asked;
    if (typeof limit !== 'number' || !(limit >= 0)) throw invalid('limit', 'limit: a number of rows is wanted');
    if (!Number.isInteger(pageSize) || pageSize < 1) throw invalid('pageSize', 'pageSize: a whole number of rows is wanted, at least 1');
    Object.assign(this, { ask, front, asked, limit, pageSize });
  }
  next(after, left) {
    return this.ask([...this.front, page(this.asked, Math.min(left, this.pageSize), after)], this.asked.signal);
  }
}

const joined = (pages) => (pages.length === 1 ? pages[0] : pages.length < 10000 ? [].concat(...pages) : pages.flat());

class Found {
  #question;
  constructor(question) {
    this.#question = question;
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
    for (const row of this) return row;
    return null;
  }
}

class AsyncFound {
  #question;
  #promise = null;
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
    for await (const row of this) return row;
    return null;
  }
  // `await crm.async.leads.find(...)` is all of the rows.
  then(resolve, reject) {
    this.#promise ??= this.toArray();
    return this.#promise.then(resolve, reject);
  }
  catch(reject) {
    return this.then(undefined, reject);
  }
  finally(last) {
    this.#promise ??= this.toArray();
    return this.#promise.finally(last);
  }
}

module.exports = { Question, Found, AsyncFound };
