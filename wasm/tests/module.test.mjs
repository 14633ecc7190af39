// The module itself: what it needs from outside, how large it is, and that a trap ends it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MemoryStore } from 'countersign';
import { guarded } from '../dist/cjs/js/errors.cjs';
import { open, post } from './support.mjs';

const file = readFileSync(new URL('../dist/countersign_bg.wasm', import.meta.url));

const tested = readFileSync(new URL('../dist/testing_bg.wasm', import.meta.url));

test('the modules import nothing unexpected', () => {
  for (const [name, bytes] of [['countersign', file], ['testing', tested]]) {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    const names = imports.map(({ module, name: imported, kind }) => {
      assert.equal(module, `./${name}_bg.js`);
      assert.equal(kind, 'function');
      return imported.replace(/_[0-9a-f]{16}$/, '');
    });
    console.log(`${name}: ${names.sort().join(' ')}`);
    for (const imported of names) {
      assert.match(imported, /^__wbg_(getRandomValues|Error|new|set|set_code)$|^__wbg___wbindgen_throw$|^__wbindgen_/);
    }
  }
});

// They grow with the methods that are served; a jump beyond that is a dependency that nobody wanted.
test('the modules keep their size', () => {
  for (const [name, bytes, raw, packed] of [['countersign', file, 2_320_000, 800_000], ['testing', tested, 880_000, 320_000]]) {
    const gzip = gzipSync(bytes, { level: 9 }).length;
    console.log(`${name}: ${bytes.length} bytes, ${gzip} packed`);
    assert.ok(bytes.length < raw && gzip < packed, `${name}: ${bytes.length}, ${gzip}`);
  }
});

// Last: nothing works after it.
test('after a trap nothing runs', async () => {
  const engine = open(new MemoryStore());
  const list = post('/rest/v3/application/list', {});
  const call = engine.begin(list);
  assert.equal((await engine.handle(list)).status, 200);
  const trap = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  assert.throws(() => guarded(trap), { code: 'panic' });
  await assert.rejects(engine.handle(list), { code: 'panic' });
  assert.throws(() => open(new MemoryStore()), { code: 'panic' });
  // Freeing is not an error: servers do it when a connection ends.
  call.free();
  engine.free();
});
