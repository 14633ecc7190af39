// The types: tsc accepts what they must allow, and no more; what it wrote runs. And the package as it is packed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

function run(program, parameters, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${parameters.join(' ')}\n${stdout}\n${stderr}\n${error ?? ''}`);
  return stdout;
}

test('the types hold in modules and in CommonJS, and the scenario runs from TypeScript', () => {
  run('node', ['node_modules/typescript/bin/tsc', '--project', 'tests/types']);
  const built = 'pkg/types-test/tests/types';
  assert.match(run('node', [`${built}/uses.mjs`]), /types hold/);
  run('node', [`${built}/uses.cjs`]);
  // Where the transcript is: beside the sources.
  const scenario = readFileSync(join(root, built, 'scenario.mjs'), 'utf8').replace('../player.mjs', join(root, 'tests/player.mjs'));
  writeFileSync(join(root, built, 'scenario.mjs'), scenario);
  assert.match(run('node', [`${built}/scenario.mjs`]), /^148 steps/);
});

test('the types hold for bundlers of pages', () => {
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--lib', 'es2023,dom', '--module', 'esnext', '--moduleResolution', 'bundler'];
  run('node', ['node_modules/typescript/bin/tsc', ...options, '--types', 'node', 'tests/types/browser.ts']);
});

test('no type is any', () => {
  let files = 0;
  for (const file of readdirSync(join(root, 'types'), { recursive: true })) {
    if (!/\.d\.m?ts$/.test(file)) continue;
    files += 1;
    const text = readFileSync(join(root, 'types', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(text, /[:<|&(,=]\s*any\b/, file);
  }
  assert.ok(files > 20);
});

test('what is packed is whole: installed elsewhere, it is imported, required and compiled against', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cs-pack'));
  try {
    // Without the script that builds: what is built is what was tested.
    const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
    const names = files.map(({ path }) => path);
    for (const name of names) assert.match(name, /^(dist|types)\/|^(package\.json|README\.md|LICENSE.*)$/, name);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const targets = JSON.stringify(manifest.exports).match(/\.\/(dist|types)\/[^"*]+\.[a-z]+/g);
    assert.ok(targets.length > 20);
    for (const target of targets) assert.ok(names.includes(target.slice(2)), target);
    for (const script of Object.keys(manifest.scripts)) assert.doesNotMatch(script, /install|^prepare$/);
    const installed = join(folder, 'node_modules/countersign');
    mkdirSync(installed, { recursive: true });
    run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
    const check = 'if (typeof countersign.Engine !== "function" || testing.storeCases().length < 30) throw new Error("incomplete");';
    writeFileSync(join(folder, 'a.mjs'), `import * as countersign from 'countersign'; import * as testing from 'countersign/testing'; ${check}`);
    writeFileSync(join(folder, 'b.cjs'), `const countersign = require('countersign'); const testing = require('countersign/testing'); ${check}`);
    writeFileSync(join(folder, 'c.mts'), `import { Engine, MemoryStore } from 'countersign'; new Engine({ sealingKey: { id: 1, key: new Uint8Array(32) }, store: new MemoryStore() });`);
    run('node', ['a.mjs'], folder);
    run('node', ['b.cjs'], folder);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    run('node', [tsc, '--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', 'c.mts'], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
