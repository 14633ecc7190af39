// The store over `pg`, on a PostgreSQL of its own: the suite, engines that share a database, failures.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Engine, NotApplied } from 'countersign';
import { PostgresStore } from 'countersign/postgres';
import { Phone, storeCases, toEngine } from 'countersign/testing';
import { pack, distinctSorted, unpack } from '../dist/cjs/js/entries.cjs';
import { start } from './cluster.mjs';
import { asking, fixture, now, sealingKey, valid, verify } from './support.mjs';

let cluster;
before(async () => {
  cluster = await start();
});
after(() => cluster.stop());

const opened = async () => PostgresStore.open(await cluster.database());
const engineOn = (store) => new Engine({ sealingKey, store, open: true, now });

for (const { name, run } of storeCases()) {
  test(`postgres: ${name}`, async () => run(await opened()));
}

test('two engines over one database do not both win', async () => {
  const pool = await cluster.database();
  const stores = await Promise.all([PostgresStore.open(pool), PostgresStore.open(cluster.pool(pool.schema))]);
  for (const batch of fixture.batches) assert.deepEqual(await stores[0].commit(batch), { applied: true });
  const engines = stores.map(engineOn);
  const outcomes = await Promise.all(Array.from({ length: 16 }, (_, i) => valid(engines[i % 2], verify(0))));
  assert.equal(outcomes.filter(Boolean).length, 1);
  // Both add flags to one activation at the same time: all of them are there.
  const { activationId } = fixture;
  const flags = Array.from({ length: 20 }, (_, i) => `FLAG${String.fromCharCode(65 + i)}`);
  await Promise.all(flags.map((flag, i) => engines[i % 2].server().addActivationFlags({ activationId, activationFlags: [flag] })));
  for (const engine of engines) {
    const list = await engine.server().listActivationFlags({ activationId });
    assert.deepEqual(list.activationFlags, flags);
  }
});

test('many open the tables at once', async () => {
  const pool = await cluster.database();
  await Promise.all(Array.from({ length: 10 }, () => PostgresStore.open(pool)));
});

test('newer tables are not touched', async () => {
  const pool = await cluster.database();
  await PostgresStore.open(pool);
  await pool.query('UPDATE cs_layout SET version = 999');
  await assert.rejects(PostgresStore.open(pool), { code: 'store_open', message: /999/ });
});

test('errors of the database are told apart, and quote nothing', async () => {
  const pool = await cluster.database();
  const store = await PostgresStore.open(pool);
  const write = { type: 'append', collection: 'thing', id: 'quoted', expect: null, body: Uint8Array.of(1), expiresAt: null, entries: [] };
  const batch = { rev: new Uint8Array(16), writes: [write] };
  await pool.query("ALTER TABLE cs_record ADD CHECK (id <> 'quoted')");
  await assert.rejects(store.commit(batch), (error) => {
    return error instanceof NotApplied && /23514/.test(error.message) && !/quoted/.test(error.message);
  });
  // A connection that dies under a transaction has not committed.
  await pool.query('ALTER TABLE cs_record DROP CONSTRAINT cs_record_id_check');
  await pool.query(`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`);
  await pool.query('CREATE TRIGGER die BEFORE INSERT ON cs_record FOR EACH ROW EXECUTE FUNCTION die()');
  await assert.rejects(store.commit(batch), NotApplied);
  // One that dies while it commits may have.
  await pool.query('DROP TRIGGER die ON cs_record');
  await pool.query(`CREATE CONSTRAINT TRIGGER die AFTER INSERT ON cs_record DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION die()`);
  await assert.rejects(store.commit(batch), (error) => !(error instanceof NotApplied));
  await pool.query('DROP TRIGGER die ON cs_record');
  assert.deepEqual(await store.commit(batch), { applied: true });
  assert.equal((await store.commit(batch)).conflicts.length, 1);
  const { rows } = await pool.query("SELECT count(*)::int AS open FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'");
  assert.equal(rows[0].open, 0);
  await pool.end();
  await assert.rejects(store.commit(batch), NotApplied);
  await assert.rejects(store.read([{ type: 'get', collection: 'thing', id: 'a' }]));
});

test('entries are packed as in Rust, and damaged ones are noticed', () => {
  const lines = distinctSorted([
    { index: 'b', value: new Uint8Array(0), sort: 0n },
    { index: 'a', value: Uint8Array.of(0, 255, 0), sort: (1n << 64n) - 1n },
    { index: '', value: new Uint8Array(300), sort: 1n },
    { index: 'b', value: new Uint8Array(0), sort: 0n },
  ]);
  assert.equal(lines.length, 3);
  const packed = pack(lines);
  assert.deepEqual(pack(unpack(packed)), packed);
  let whole = 0;
  for (let length = 0; length < packed.length; length += 1) {
    try {
      unpack(packed.subarray(0, length));
      whole += 1;
    } catch (error) {
      assert.match(error.message, /another form/);
    }
  }
  assert.equal(whole, 3);
});

/** An engine in Rust, with the adapter of Rust, in a process of its own. */
function inRust(pool) {
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
  const address = `host=${cluster.folder} user=bank dbname=postgres options='-c search_path=${pool.schema}'`;
  const key = Buffer.from(sealingKey.key).toString('hex');
  const child = spawn(`${target}/debug/examples/shared`, [address, key], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => waiting.shift().resolve(line));
  child.on('error', (error) => waiting.splice(0).forEach(({ reject }) => reject(error)));
  child.on('exit', (code) => waiting.splice(0).forEach(({ reject }) => reject(new Error(`it has ended: ${code}`))));
  return {
    async call(path, object) {
      const answer = new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      child.stdin.write(`${path} ${JSON.stringify({ requestObject: object })}\n`);
      const [, status, body] = /^(\d+) (.*)$/.exec(await answer);
      assert.equal(status, '200', body);
      return JSON.parse(body).responseObject;
    },
    end: () => child.stdin.end(),
  };
}

test('a process in Rust and one in Node share a database', async () => {
  const pool = await cluster.database();
  const node = new Engine({ sealingKey, store: await PostgresStore.open(pool), open: true });
  const rust = inRust(pool);
  try {
    const detail = async (applicationId) => (await node.server().getApplicationDetail({ applicationId })).versions[0];
    await rust.call('/rest/v3/application/create', { applicationId: 'bank' });
    // Made by Rust, activated in Node, committed by Rust: what is sealed opens on the other side.
    const { activationCode } = await rust.call('/rest/v3/activation/init', { applicationId: 'bank', userId: 'alice' });
    const phone = new Phone({ mobileSdkConfig: (await detail('bank')).mobileSdkConfig }, toEngine(node));
    const { activationId } = await phone.activate(activationCode, '1234');
    await rust.call('/rest/v3/activation/commit', { activationId });
    assert.equal((await phone.status()).status, 'ACTIVE');
    // Index entries and revisions of one are changed by the other, at the same time.
    const flags = Array.from({ length: 20 }, (_, i) => `FLAG${String.fromCharCode(65 + i)}`);
    await Promise.all(flags.map((flag, i) => {
      const request = { activationId, activationFlags: [flag] };
      return i % 2 === 0 ? node.server().addActivationFlags(request) : rust.call('/rest/v3/activation/flags/create', request);
    }));
    const list = await rust.call('/rest/v3/activation/flags/list', { activationId });
    assert.deepEqual(list.activationFlags, flags);
    assert.deepEqual((await node.server().listActivationFlags({ activationId })).activationFlags, flags);
    // A signature counts on both sides, once.
    const request = { method: 'POST', uriId: '/transfer', body: '{}' };
    const { value } = await phone.do({ do: 'signatureHeader', ...request, pin: '1234' });
    const asked = JSON.parse(asking({ value }, request).body).requestObject;
    const [here, there] = await Promise.all([node.server().verifySignature(asked), rust.call('/rest/v3/signature/verify', asked)]);
    assert.equal(Number(here.signatureValid) + Number(there.signatureValid), 1);
    phone.free();
  } finally {
    rust.end();
    node.free();
  }
});
