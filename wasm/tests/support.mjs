// What the tests share: prepared files, an engine on a store, stores that misbehave.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine, MemoryStore, readBatch } from '../js/node.mjs';

const folder = process.env.COUNTERSIGN_FIXTURE;
assert.ok(folder, 'set COUNTERSIGN_FIXTURE to a prepared folder; `cargo test -p countersign-wasm` does');

export const load = (name) => new Uint8Array(readFileSync(join(folder, name)));

export const sealingKey = { id: 1, key: load('key') };
export const now = () => Number(new TextDecoder().decode(load('now')));

/** A store with the prepared activation. */
export async function activated() {
  const store = new MemoryStore();
  const file = load('batches');
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let count = 0;
  for (let at = 0; at < file.length; count += 1) {
    const length = view.getUint32(at);
    const message = file.subarray(at + 4, at + 4 + length);
    assert.deepEqual(await store.commit(readBatch(message)), { applied: true });
    at += 4 + length;
  }
  assert.ok(count > 2);
  return store;
}

export function open(store, options = {}) {
  return new Engine({ sealingKey, store, open: true, now, ...options });
}

const json = { method: 'POST', headers: [['Content-Type', 'application/json']] };

export const post = (path, object) => ({ ...json, path, body: JSON.stringify({ requestObject: object }) });
export const verify = (number) => ({ ...json, path: '/rest/v3/signature/verify', body: load(`verify-${number}.json`) });
export const wrong = { ...json, path: '/rest/v3/signature/verify', body: load('wrong.json') };

export const bodyOf = (reply) => JSON.parse(new TextDecoder().decode(reply.body));

/** Whether the signature is valid, from a reply that must be an answer. */
export async function valid(engine, request) {
  const reply = await engine.handle(request);
  assert.equal(reply.status, 200);
  const { signatureValid } = bodyOf(reply).responseObject;
  assert.equal(typeof signatureValid, 'boolean');
  return signatureValid;
}

/** A store before `inner` whose calls a test can replace, one by one. */
export class Between {
  reads = 0;
  commits = 0;
  onRead = [];
  onCommit = [];

  constructor(inner) {
    this.inner = inner;
  }

  async read(queries) {
    this.reads += 1;
    // Never within the caller's turn.
    await null;
    const instead = this.onRead.shift();
    return instead ? instead(this.inner, queries) : this.inner.read(queries);
  }

  async commit(batch) {
    this.commits += 1;
    await null;
    const instead = this.onCommit.shift();
    return instead ? instead(this.inner, batch) : this.inner.commit(batch);
  }
}
