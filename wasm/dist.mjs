// Writes dist: the sources as they are for browsers, and as CommonJS for Node, with modules that re-export them so that
// `import` and `require` share one engine.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const here = new URL('./', import.meta.url);
const at = (path) => new URL(path, here);

rmSync(at('dist'), { recursive: true, force: true });
for (const folder of ['dist/esm/js', 'dist/esm/pkg', 'dist/cjs/js', 'dist/cjs/pkg']) mkdirSync(at(folder), { recursive: true });

for (const name of ['countersign_bg.wasm', 'testing_bg.wasm']) cpSync(at(`pkg/${name}`), at(`dist/${name}`));

const entries = ['node', 'http', 'express', 'fastify', 'postgres', 'testing'];

function convert(source, target) {
  const text = readFileSync(at(source), 'utf8').replaceAll('import.meta.url', '__url');
  const { code } = transformSync(text, { format: 'cjs', platform: 'node', target: 'node20' });
  const required = code.replace(/require\("(\.[^"]*)\.m?js"\)/g, 'require("$1.cjs")');
  const url = 'const __url = require("node:url").pathToFileURL(__filename);\n';
  writeFileSync(at(target), (required.includes('__url') ? url : '') + required);
}

for (const file of readdirSync(at('js'))) {
  const name = file.replace('.mjs', '');
  cpSync(at(`js/${file}`), at(`dist/esm/js/${file}`));
  if (name !== 'browser') convert(`js/${file}`, `dist/cjs/js/${name}.cjs`);
  if (entries.includes(name)) writeFileSync(at(`dist/cjs/js/${name}.mjs`), `export * from './${name}.cjs';\n`);
}
for (const name of ['countersign', 'testing']) {
  cpSync(at(`pkg/${name}.js`), at(`dist/esm/pkg/${name}.js`));
  convert(`pkg/${name}.js`, `dist/cjs/pkg/${name}.cjs`);
}
// A package inside the package, so that the glue, which ends in .js, counts as a module.
writeFileSync(at('dist/esm/package.json'), '{ "type": "module" }\n');
