// What the tests share: an activation whose phone has signed requests, an engine on a store, stores that misbehave.

import assert from 'node:assert/strict';
import { Engine, MemoryStore, protocol } from 'countersign';
import { Phone, toEngine } from 'countersign/testing';

export const sealingKey = { id: 1, key: new Uint8Array(32).fill(0x5a) };
export const now = () => 1_700_000_000_000;

const base64 = (text) => Buffer.from(text).toString('base64');

const json = { method: 'POST', headers: [['Content-Type', 'application/json']] };

export const post = (path, object) => ({ ...json, path, body: JSON.stringify({ requestObject: object }) });

export const bodyOf = (reply) => JSON.parse(new TextDecoder().decode(reply.body));

/** The request of a host that asks whether a header is a signature. */
export function asking({ value }, { method, uriId, body }) {
  const header = protocol({ do: 'signatureHeader', value });
  return post('/rest/v3/signature/verify', {
    activationId: header.activationId,
    applicationKey: header.applicationKey,
    data: [method, base64(uriId), header.nonce, base64(body)].join('&'),
    signature: header.signature,
    signatureType: header.factors.toUpperCase(),
    signatureVersion: header.version,
  });
}

async function prepared() {
  const batches = [];
  const inner = new MemoryStore();
  const store = {
    read: (queries) => inner.read(queries),
    async commit(batch) {
      const outcome = await inner.commit(batch);
      if (outcome.applied) batches.push(batch);
      return outcome;
    },
  };
  const engine = new Engine({ sealingKey, store, open: true, now });
  const server = engine.server();
  await server.createApplication({ applicationId: 'bank' });
  const detail = await server.getApplicationDetail({ applicationId: 'bank' });
  const { mobileSdkConfig } = detail.versions[0];
  const phone = new Phone({ seed: 'support', mobileSdkConfig }, toEngine(engine), now);
  const { activationCode } = await server.initActivation({ applicationId: 'bank', userId: 'alice' });
  const { activationId } = await phone.activate(activationCode, '1234');
  await server.commitActivation({ activationId });
  const request = { method: 'POST', uriId: '/transfer', body: '{"amount":"100"}' };
  const sign = async (pin) => asking(await phone.do({ do: 'signatureHeader', ...request, pin }), request);
  const saved = await phone.save();
  const wrong = await sign('9999');
  phone.free();
  const again = new Phone(saved, toEngine(engine), now);
  const signed = [];
  for (let count = 0; count < 12; count += 1) {
    signed.push(asking(await again.do({ do: 'signatureHeader', ...request, pin: '1234' }), request));
  }
  again.free();
  engine.free();
  return { batches, signed, wrong, activationId, mobileSdkConfig, saved };
}

export const fixture = await prepared();

/** A store with the prepared activation. */
export async function activated() {
  const store = new MemoryStore();
  for (const batch of fixture.batches) assert.deepEqual(await store.commit(batch), { applied: true });
  assert.ok(fixture.batches.length > 2);
  return store;
}

export function open(store, options = {}) {
  return new Engine({ sealingKey, store, open: true, now, ...options });
}

/** Signatures of consecutive counter values, and one made with a wrong PIN. */
export const verify = (number) => fixture.signed[number];
export const { wrong } = fixture;

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
