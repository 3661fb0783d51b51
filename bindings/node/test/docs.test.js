// The JavaScript of the tutorial and of both READMEs is run as it stands; what follows // => is what the expression answers.
'use strict';

const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const { top } = require('./support');

test('the warning of a second SQLite is bold, wherever somebody begins to read', () => {
  for (const name of ['docs/node.md', 'bindings/node/README.md']) {
    const text = fs.readFileSync(path.join(top, name), 'utf8').replace(/\n>?\s*/g, ' ');
    assert.match(text, /\*\*Never open a live Kith file with another SQLite in the same process/, name);
    assert.match(text, /crm\.sql\(/, name);
  }
});

// `expression; // => value`, or `}); // => value` at the end of a statement that began on a line of its own.
function checked(lines) {
  const out = [];
  for (const line of lines) {
    const found = /^(\s*)(.*?);? \/\/ => (.*)$/.exec(line);
    if (found === null) {
      out.push(line);
      continue;
    }
    let [, indent, expression, wanted] = found;
    if (expression === '})') { // back to the line where it began
      let from = out.length - 1;
      while (!/^\S/.test(out[from]) || out[from] === '') from--;
      expression = [...out.splice(from), expression].join('\n');
    }
    out.push(`${indent}assert.deepStrictEqual(${expression}, ${wanted}); checks++;`);
  }
  return out;
}

for (const name of ['docs/node.md', 'bindings/node/README.md', 'README.md']) {
  test(name, () => {
    const text = fs.readFileSync(path.join(top, name), 'utf8');
    const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, block]) => block);
    assert(blocks.length > 0, 'no JavaScript');
    const wanted = (blocks.join('').match(/\/\/ => /g) ?? []).length;
    const lines = checked(blocks.join('\n').split('\n'));
    const folder = fs.mkdtempSync(path.join(__dirname, 'docs-'));
    try {
      fs.writeFileSync(path.join(folder, 'run.mjs'), `import assert from 'node:assert'; let checks = 0;\n${lines.join('\n')}\nassert.strictEqual(checks, ${wanted});\n`);
      const { status, stderr } = spawnSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8' });
      assert.strictEqual(status, 0, stderr);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
}
