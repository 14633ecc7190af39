// The store in memory, by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from 'countersign';

test('equal entries of one record are one line of the index', async () => {
  const store = new MemoryStore();
  const entry = (index, text, sort) => ({ index, value: new TextEncoder().encode(text), sort });
  const write = {
    type: 'put', collection: 'thing', id: 'a', expect: null, body: new Uint8Array([1]), expiresAt: null,
    entries: [entry('colour', 'red', 1n), entry('colour', 'red', 1n), entry('colour', 'red', 2n), entry('shape', 'red', 1n)],
  };
  assert.deepEqual(await store.commit({ rev: new Uint8Array(16), writes: [write] }), { applied: true });
  const scan = (index) => ({
    type: 'scan', collection: 'thing', index, value: new TextEncoder().encode('red'), from: 0n, to: 9n, newestFirst: false,
    after: null, limit: 10,
  });
  const [colours, shapes] = await store.read([scan('colour'), scan('shape')]);
  assert.deepEqual(colours.records.map((it) => it.id), ['a', 'a']);
  assert.deepEqual(shapes.records.map((it) => it.id), ['a']);
});
