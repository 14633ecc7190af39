// The messages, byte for byte, and an order that JavaScript's own comparison gets wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore, readBatch, readQueries, readReply, writeAnswers, writeOutcome } from 'countersign';

const bytes = (...parts) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)));
const u64 = (n) => [0, 0, 0, 0, 0, 0, 0, n];
const rev = (n) => new Uint8Array(16).fill(n);

// The same bytes as `the_bytes_are_as_documented` in the Rust tests.
test('queries', () => {
  const message = bytes(
    [1, 1, 0, 2, 1, 0, 5], 'token', [0, 1], 'a',
    [2, 0, 5], 'token', [0, 3], 'due', [0, 0, 0, 1, 9], u64(1), u64(2), [1, 1], u64(5), [0, 1], 'z', [0, 0, 0, 10],
  );
  assert.deepEqual(readQueries(message), [
    { type: 'get', collection: 'token', id: 'a' },
    {
      type: 'scan', collection: 'token', index: 'due', value: bytes([9]), from: 1n, to: 2n,
      newestFirst: true, after: { sort: 5n, id: 'z' }, limit: 10,
    },
  ]);
});

test('batches', () => {
  const message = bytes(
    [1, 2], [...rev(0xab)], [0, 3],
    [1, 0, 5], 'token', [0, 1], 'a', [1], [...rev(0xcd)], [0, 0, 0, 1, 1, 0, 0],
    [2, 0, 5], 'token', [0, 1], 'b', [0],
    [3, 0, 5], 'token', [0, 1], 'c', [0, 0, 0, 1, 1, 1], u64(8), [1, 0, 1, 0, 3], 'due', [0, 0, 0, 0], u64(4),
  );
  const token = { collection: 'token' };
  assert.deepEqual(readBatch(message), {
    rev: rev(0xab),
    writes: [
      { type: 'put', ...token, id: 'a', expect: rev(0xcd), body: bytes([1]), expiresAt: null, entries: null },
      { type: 'check', ...token, id: 'b', expect: null },
      {
        type: 'append', ...token, id: 'c', expect: null, body: bytes([1]), expiresAt: 8n,
        entries: [{ index: 'due', value: bytes(), sort: 4n }],
      },
    ],
  });
});

const record = { id: 'a', rev: rev(7), expiresAt: 3n, body: bytes([1, 2]) };
const recordBytes = [...bytes([0, 1], 'a', [...rev(7)], [1], u64(3), [0, 0, 0, 2, 1, 2])];

test('answers and outcomes', () => {
  const queries = [{ type: 'get' }, { type: 'get' }, { type: 'scan' }];
  const answers = writeAnswers(queries, [record, null, { records: [record], next: null }]);
  assert.deepEqual(answers, bytes([1, 0x11, 0, 3, 1, 1], recordBytes, [1, 0, 2, 0, 1], recordBytes, [0]));
  const conflicts = writeOutcome({ conflicts: [{ position: 1, record: null }, { position: 0, record }] });
  assert.deepEqual(conflicts, bytes([1, 0x13, 0, 2, 0, 0, 1], recordBytes, [0, 1, 0]));
  assert.deepEqual(writeOutcome({ applied: true }), bytes([1, 0x12]));
});

test('replies', () => {
  const message = bytes([1, 3, 1, 0x91, 0, 1, 0, 1], 'a', [0, 1], 'b', [0, 0, 0, 2], '{}');
  assert.deepEqual(readReply(message), { status: 401, headers: [['a', 'b']], body: bytes('{}') });
});

test('values that do not fit are refused', () => {
  const get = [{ type: 'get' }];
  for (const wrong of [
    { ...record, id: 5 },
    { ...record, rev: rev(1).subarray(1) },
    { ...record, rev: 'text' },
    { ...record, expiresAt: 3 },
    { ...record, expiresAt: -1n },
    { ...record, body: [1] },
  ]) {
    assert.throws(() => writeAnswers(get, [wrong]), TypeError);
  }
  assert.throws(() => writeAnswers(get, []), TypeError);
  assert.throws(() => writeOutcome({ conflicts: [{ position: 70_000, record: null }] }), TypeError);
  assert.throws(() => readQueries(bytes([1, 1, 0, 1, 1, 0, 5], 'tok')), RangeError);
  // Larger than the writer's first buffer.
  const large = { ...record, body: new Uint8Array(100_000).fill(3) };
  assert.equal(writeAnswers(get, [large]).length, 100_000 + 6 + recordBytes.length - 2);
});

test('a scan pages through an index in the order of bytes', async () => {
  const store = new MemoryStore();
  // UTF-16 puts the last two the other way round.
  const ids = ['a', 'b', '\u{ff5e}', '\u{1f600}'];
  const entry = { index: 'due', value: bytes([1]), sort: 5n };
  const put = (id) => ({
    type: 'put', collection: 'token', id, expect: null, body: bytes([1]), expiresAt: null, entries: [entry],
  });
  assert.deepEqual(await store.commit({ rev: rev(1), writes: [...ids].reverse().map(put) }), { applied: true });
  const scan = { type: 'scan', collection: 'token', index: 'due', value: bytes([1]), from: 0n, to: 9n, limit: 2 };
  for (const newestFirst of [false, true]) {
    const found = [];
    let after = null;
    do {
      const [page] = await store.read([{ ...scan, newestFirst, after }]);
      found.push(...page.records.map((it) => it.id));
      after = page.next;
    } while (after);
    assert.deepEqual(found, newestFirst ? [...ids].reverse() : ids);
  }
  const [elsewhere] = await store.read([{ ...scan, newestFirst: false, after: null, from: 6n }]);
  assert.deepEqual(elsewhere, { records: [], next: null });
  // All or nothing.
  const check = { type: 'check', collection: 'token', id: 'a', expect: rev(2) };
  const outcome = await store.commit({ rev: rev(3), writes: [check, put('new')] });
  assert.deepEqual(outcome.conflicts.map((it) => it.position), [0]);
  assert.equal(store.count('token'), 4);
});
