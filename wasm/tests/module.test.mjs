// The module itself: what it needs from outside, how large it is, and that a trap ends it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MemoryStore } from '../js/node.mjs';
import { guarded } from '../js/errors.mjs';
import { open, post } from './support.mjs';

const file = readFileSync(new URL('../pkg/countersign_bg.wasm', import.meta.url));

test('the module imports nothing unexpected', () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(file));
  const names = imports.map(({ module, name, kind }) => {
    assert.equal(module, './countersign_bg.js');
    assert.equal(kind, 'function');
    return name.replace(/_[0-9a-f]{16}$/, '');
  });
  console.log(names.sort().join('\n'));
  for (const name of names) {
    assert.match(name, /^__wbg_(getRandomValues|Error|new|set)$|^__wbg___wbindgen_(string_get|throw)$|^__wbindgen_/);
  }
});

// It grows with the methods it serves; a jump beyond that is a dependency that nobody wanted.
test('the module keeps its size', () => {
  const packed = gzipSync(file, { level: 9 }).length;
  console.log(`${file.length} bytes, ${packed} packed`);
  assert.ok(file.length < 2_850_000 && packed < 890_000);
});

// Last: nothing works after it.
test('after a trap nothing runs', async () => {
  const engine = open(new MemoryStore());
  const list = post('/rest/v3/application/list', {});
  assert.equal((await engine.handle(list)).status, 200);
  const trap = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  assert.throws(() => guarded(trap), { code: 'panic' });
  await assert.rejects(engine.handle(list), { code: 'panic' });
  assert.throws(() => open(new MemoryStore()), { code: 'panic' });
});
