// Every scenario of tests/scenarios, in the language that its README describes, through both faces.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { open } = require('kith');
const { top } = require('./support');

const folder = path.join(top, 'tests', 'scenarios');

// As a shell parts a line.
function parted(line) {
  const words = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+/g)) {
    words.push(word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single, double) => single ?? double.replace(/\\(.)/g, '$1')));
  }
  return words;
}

const EXTRAS = ['by', 'key', 'tag', 'list', 'consent', 'via', 'reason'];

class Step {
  words = [];
  options = {};
  extras = {};
  constructor(line) {
    const all = parted(line);
    for (let i = 0; i < all.length; i++) {
      if (!all[i].startsWith('--')) {
        this.words.push(all[i]);
        continue;
      }
      const name = all[i].slice(2);
      const value = all[++i];
      if (EXTRAS.includes(name)) (this.extras[name] ??= []).push(value);
      else this.options[name] = name === 'limit' ? Number(value) : value;
    }
  }
}

const fields = (words) =>
  Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1) || null]));

// Objects as they were written: with a space behind : and ,
function json(value) {
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${json(inner)}`).join(', ')}}`;
}
function cell(value) {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? json(value) : String(value);
}
const snake = (name) => name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());
function lines(rows, columns) {
  const names = rows.length > 0 ? Object.keys(rows[0]).map(snake) : columns;
  return [names.join('\t'), ...rows.map((row) => Object.values(row).map(cell).join('\t'))];
}

async function play(face, { words, options, extras }) {
  const [verb, second, third, fourth] = words;
  const to = options.where === undefined ? undefined : { where: options.where };
  switch (verb === 'tag' || verb === 'list' ? `${verb} ${second}` : verb) {
    case 'put': return void (await face.kind(second).put(fields(words.slice(2)), extras));
    case 'get': return lines([await face.kind(second).get(third)], []);
    case 'find': return lines(await face.kind(second).find(options).toArray(), options.columns?.split(','));
    case 'count': return ['count', String(await face.leads.count(second))];
    case 'remove': return void (await face.kind(second).remove(third, extras));
    case 'rename': return void (await face.kind(second).rename(third, fourth, extras));
    case 'tag assign': return void (await (to ? face.assignWhere(to, third, extras) : face.assign(third, fourth, extras)));
    case 'tag remove': return void (await (to ? face.unassignWhere(to, third, extras) : face.unassign(third, fourth, extras)));
    case 'tag merge': return void (await face.mergeTags(third, fourth, extras));
    case 'list subscribe': return void (await face.subscribe(third, fourth, extras));
    case 'list unsubscribe': return void (await face.unsubscribe(third, fourth, extras));
    case 'list confirm': return void (await face.subscribe(third, fourth, { ...extras, confirmed: true }));
    case 'record': return void (await face.record(second, third, fourth, extras));
    case 'merge': return void (await face.merge(second, third, { ...extras, survivor: 'lead' }));
    case 'erase': return void (await face.erase(second, extras));
    case 'suppress': return void (await face.suppress(second, extras));
    case 'unsuppress': return void (await face.unsuppress(second, extras));
    case 'search': return lines(await face.search(second), ['id', 'email', 'first_name', 'last_name', 'company', 'phone']);
    case 'run': return void (await face.run());
    default: throw new Error(`unknown step ${verb}`);
  }
}

const names = fs.readdirSync(folder).filter((name) => name.endsWith('.txt') && name !== 'CMakeLists.txt');
assert(names.length > 0);
for (const name of names) for (const later of [false, true]) {
  test(`${name}, ${later ? 'later' : 'at once'}`, async () => {
    const text = fs.readFileSync(path.join(folder, name), 'utf8').split('\n');
    if (text.at(-1) === '') text.pop();
    let now = 0;
    let steps = 0;
    const crm = open('scenario', { memory: true, now: () => now });
    const face = later ? crm.async : crm;
    for (let i = 0; i < text.length; i++) {
      if (text[i].startsWith('now ')) now = Date.parse(text[i].slice(4));
      if (!text[i].startsWith('> ')) continue;
      const where = `${name}:${i + 1}: ${text[i]}`;
      const expected = [];
      const step = text[i].slice(2);
      steps++;
      while (i + 1 < text.length && !/^(> |# |now )/.test(text[i + 1])) expected.push(text[++i]);
      if (expected[0]?.startsWith('! ')) {
        await assert.rejects(play(face, new Step(step)), (error) => error.message.includes(expected[0].slice(2)) || assert.fail(`${where}: ${error.message}`), where);
      } else {
        const answer = await play(face, new Step(step));
        if (answer !== undefined) assert.deepStrictEqual(answer, expected, where);
      }
    }
    assert(steps > 0);
    crm.close();
  });
}
