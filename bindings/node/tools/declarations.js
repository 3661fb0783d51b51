// What index.d.ts declares and exports, as the compiler itself reads it: for make_reference.js.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// name -> { name, signature, doc, members }: of each exported function, constant, type, interface and class of the file.
async function declarationsOf(file) {
  const { API } = await import('typescript/unstable/sync');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-types-'));
  const project = path.join(folder, 'tsconfig.json');
  fs.writeFileSync(project, JSON.stringify({ compilerOptions: { noLib: true, types: [] }, files: [file] }));
  const api = new API({});
  try {
    const source = api.updateSnapshot({ openProject: project }).getProjects()[0].program.getSourceFile(file);
    const { text } = source;
    const sign = (node) => text.slice(node.getStart(source), node.end).replace(/\s*\n\s*/g, ' ').replace(/^export (declare )?/, '').replace(/;$/, '');
    const doc = (node) => {
      const found = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(text.slice(node.pos, node.getStart(source)));
      return found?.[1].replace(/\s*\n\s*\*?\s*/g, ' ').trim();
    };
    const out = new Map();
    for (const node of source.statements) {
      if (!/^export\b/.test(text.slice(node.getStart(source))) || /^export (\*|\{|type \{)/.test(text.slice(node.getStart(source)))) continue;
      const constant = node.declarationList?.declarations[0];
      const name = (node.name ?? constant?.name)?.text;
      if (name === undefined) throw new Error(`index.d.ts: what is this? ${sign(node).slice(0, 80)}`);
      const members = [];
      for (const member of node.members ?? []) {
        const own = member.name?.text; // a constructor and [Symbol.iterator] have none
        if (own === undefined) continue;
        const overloaded = members.find((other) => other.name === own);
        if (overloaded) overloaded.signature += '\n' + sign(member);
        else members.push({ name: own, signature: sign(member), doc: doc(member) });
      }
      out.set(name, { name, signature: sign(node), doc: doc(node), members });
    }
    return out;
  } finally {
    api.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { declarationsOf };
