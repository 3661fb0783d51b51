// What the tests share: a database in memory or in a folder of its own, a clock that stands still, and where things are.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { open } = require('kith');

const noon = Date.UTC(2026, 2, 1, 12);

// The sources of the project, which the tests are told: they run elsewhere.
const top = process.env.KITH_TOP;

function inMemory(options) {
  return open('test', { memory: true, now: () => noon, ...options });
}

// A file in a folder that goes when the test ends.
function folderOf(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-node-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}
function inFile(t, options) {
  const crm = open(path.join(folderOf(t), 'test.kith'), options);
  t.after(() => crm.close());
  return crm;
}

const people = (count, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ email: `person${from + i}@example.com`, firstName: `Name${(from + i) % 977}`, city: 'Lund', country: 'SE' }));

module.exports = { noon, top, inMemory, inFile, folderOf, people };
