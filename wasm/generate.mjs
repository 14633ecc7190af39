// Writes types/api and js/methods.mjs from docs/openapi, and js/migrations.mjs from the Rust adapter's statements.
//
//     node generate.mjs            rewrites them
//     node generate.mjs --check    fails when they are not what would be written

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const here = new URL('./', import.meta.url);
const documents = new URL('../docs/openapi/', here);
const check = process.argv.includes('--check');
let differ = 0;
let files = 0;

function write(path, text) {
  const place = new URL(path, here);
  files += 1;
  if (!check) {
    mkdirSync(new URL('./', place), { recursive: true });
    writeFileSync(place, text);
    return;
  }
  let now = '';
  try {
    now = readFileSync(place, 'utf8');
  } catch {
    // Missing is different.
  }
  if (now === text) return;
  differ += 1;
  console.log(`${fileURLToPath(place)} is not what docs/openapi gives: node wasm/generate.mjs`);
}

const VERBS = ['get', 'post', 'put', 'delete', 'patch'];

/** Whether a JSON body is an object in an envelope. */
function boxed(document, body, member) {
  let schema = body?.content?.['application/json']?.schema;
  if (schema?.$ref) schema = document.components.schemas[schema.$ref.split('/').at(-1)];
  return schema?.properties?.[member] !== undefined ? 1 : 0;
}

function rows(document) {
  const found = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const verb of VERBS.filter((it) => item[it])) {
      const { operationId, requestBody, responses } = item[verb];
      const row = [verb.toUpperCase(), path, boxed(document, requestBody, 'requestObject'), boxed(document, responses['200'], 'responseObject')];
      found.push(`    ${operationId}: ${JSON.stringify(row)},\n`);
    }
  }
  return found.sort().join('');
}

let table = '// Generated from docs/openapi by generate.mjs: method, path, whether what goes in and comes out is in an envelope.\n\n';
table += 'export const methods = {\n';
for (const file of readdirSync(documents).sort()) {
  const name = file.replace('.json', '');
  const text = readFileSync(new URL(file, documents));
  const document = JSON.parse(text);
  const digest = createHash('sha256').update(text).digest('hex');
  const types = astToString(await openapiTS(document, { alphabetize: true, arrayLength: false }));
  write(`types/api/${name}.d.ts`, `// Generated from docs/openapi/${file} (SHA-256 ${digest}). Do not edit.\n\n${types}`);
  if (['server', 'cloud', 'admin'].includes(name)) table += `  ${name}: {\n${rows(document)}  },\n`;
}
write('js/methods.mjs', `${table}};\n`);

const statements = new URL('../src/store/postgres/migrations/', here);
const scripts = readdirSync(statements).sort().map((file) => readFileSync(new URL(file, statements), 'utf8'));
const quoted = scripts.map((script) => `  ${JSON.stringify(script)},\n`).join('');
write('js/migrations.mjs', `// Generated from src/store/postgres/migrations by generate.mjs.\n\nexport const migrations = [\n${quoted}];\n`);
console.log(`${files} files${check ? `, ${differ} differ` : ''}`);
process.exitCode = differ === 0 ? 0 : 1;
