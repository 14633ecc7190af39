// What the types must allow, and what they must say. It is compiled, and run.

import express from 'express';
import Fastify from 'fastify';
import pg from 'pg';
import { createServer } from 'node:http';
import {
  ApiError,
  Engine,
  MemoryStore,
  ProtocolError,
  protocol,
  twoFactors,
  type Answer,
  type Batch,
  type Caller,
  type Outcome,
  type Page,
  type Query,
  type Rules,
  type Store,
  type StoredRecord,
} from 'countersign';
import type { components, operations } from 'countersign/api/server';
import * as forExpress from 'countersign/express';
import * as forFastify from 'countersign/fastify';
import * as forHttp from 'countersign/http';
import { PostgresStore } from 'countersign/postgres';
import { Phone, storeCases, testStore, toEngine, type Sender } from 'countersign/testing';

class Own implements Store {
  #inner = new MemoryStore();
  read(queries: Query[]): Promise<(StoredRecord | null | Page)[]> {
    return this.#inner.read(queries);
  }
  commit(batch: Batch): Promise<Outcome> {
    for (const write of batch.writes) {
      if (write.type !== 'check') write.body satisfies Uint8Array;
      if (write.type === 'append') write.expect satisfies null;
    }
    return this.#inner.commit(batch);
  }
}

const engine = new Engine({
  sealingKey: { id: 1, key: new Uint8Array(32) },
  store: new Own(),
  open: true,
  settings: { maxFailedAttempts: 3, families: ['server', 'standard'] },
});
const server = engine.server();
const created = await server.createApplication({ applicationId: 'bank' });
created.applicationId satisfies string;
const begun = await server.initActivation({ userId: 'alice', applicationId: 'bank', flags: ['VIP'] });
begun.activationCode satisfies string;
const again: Answer<operations['initActivation']> = begun;
const listed: components['schemas']['ApplicationList'] = await server.getApplicationList();
if (listed.applications.length !== 1 || again !== begun) throw new Error('an application is missing');

const refused = await server.createApplication({ applicationId: 'bank' }).catch((error: unknown) => error);
if (!(refused instanceof ApiError) || refused.status !== 400 || !/^ERR/.test(refused.code)) throw refused;

const rules: Rules = { signature: '/transfer', factors: twoFactors, encryption: 'activation' };
const end = await engine.check(rules, { method: 'POST', path: '/', body: '{}' });
if (end.passed) {
  const caller: Caller = end.caller;
  if (caller.activationId === null) caller.userId satisfies null;
  else caller.userId satisfies string;
  end.seal('x').status satisfies number;
} else {
  end.reply.status satisfies number;
}

const { digest } = protocol({ do: 'tokenDigest', secret: new Uint8Array(16), nonce: Buffer.alloc(16), timestamp: 1, version: '3.2' });
digest satisfies string;
try {
  protocol({ do: 'activationCode', text: '?' });
} catch (error) {
  if (!(error instanceof ProtocolError)) throw error;
  error.code satisfies 'malformed' | 'failed';
}

const send: Sender = toEngine(engine);
const detail = await server.getApplicationDetail({ applicationId: 'bank' });
const config = detail.versions[0]?.mobileSdkConfig;
if (config === undefined) throw new Error('no version');
const phone = new Phone({ mobileSdkConfig: config, seed: 'types' }, send);
const { activationId } = await phone.activate(begun.activationCode, '1234');
await server.commitActivation({ activationId });
if ((await phone.status()).status !== 'ACTIVE') throw new Error('not active');

// One-argument, two-argument and no-argument methods of the other APIs.
await engine.admin().listOperationTexts().catch((error: unknown) => error);
await engine
  .cloud({ username: 'a', password: 'b' })
  .cloudCommitRegistration({}, { registrationId: 'x' })
  .catch((error: unknown) => error);

const app = express();
app.use('/app', forExpress.mount(engine, { families: forExpress.phones }));
app.post('/transfer', forExpress.protect(engine, rules), (req, res) => {
  res.json(forExpress.passedOf(req)?.caller.userId ?? null);
});
const fast = Fastify();
fast.register(forFastify.mount, { prefix: '/app', engine });
fast.post('/transfer', forFastify.protect(engine, rules), async (request) => forFastify.passedOf(request)?.body.toString('utf8'));
createServer(forHttp.protect(engine, rules, (_req, res, passed) => void res.end(passed.caller.version)));

async function unused(pool: pg.Pool): Promise<number> {
  const store: Store = await PostgresStore.open(pool);
  return (await testStore(() => store)) + storeCases().length;
}
unused satisfies (pool: pg.Pool) => Promise<number>;
console.log('types hold');
