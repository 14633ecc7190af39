// Drives the built module through JavaScript stores, good and bad.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountersignError, MemoryStore, NotApplied } from 'countersign';
import { Between, activated, bodyOf, open, post, valid, verify, wrong } from './support.mjs';

const create = post('/rest/v3/application/create', { applicationId: 'bank' });
const list = post('/rest/v3/application/list', {});

test('applications are created and listed', async () => {
  const store = new MemoryStore();
  const engine = open(store);
  const before = await engine.handle(list);
  assert.deepEqual([before.status, bodyOf(before).responseObject.applications], [200, []]);
  const created = await engine.handle(create);
  assert.equal(created.status, 200);
  assert.equal(bodyOf(created).responseObject.applicationId, 'bank');
  assert.deepEqual(created.headers[0], ['content-type', 'application/json']);
  assert.equal(store.count('application'), 1);
  const again = await engine.handle(create);
  assert.equal(again.status, 400);
  assert.equal(bodyOf(again).responseObject.code, 'ERR0043');
  const after = await engine.handle(list);
  assert.deepEqual(
    bodyOf(after).responseObject.applications.map((it) => it.applicationId),
    ['bank'],
  );
  assert.equal((await engine.handle({ ...list, path: '/nowhere' })).status, 404);
  engine.free();
});

test('the server API is closed by default', async () => {
  const engine = open(new MemoryStore(), { open: false });
  assert.equal((await engine.handle(list)).status, 401);
});

test('a signature is valid once', async () => {
  const engine = open(await activated());
  assert.equal(await valid(engine, verify(0)), true);
  assert.equal(await valid(engine, verify(0)), false);
  assert.equal(await valid(engine, verify(1)), true);
});

test('the same signature 64 times at once is valid once', async () => {
  const store = new Between(await activated());
  // Two engines on one store are two nodes: their queues know nothing of each other.
  const nodes = [open(store), open(store)];
  const attempts = Array.from({ length: 64 }, (_, i) => nodes[i % 2].handle(verify(0)));
  const replies = (await Promise.all(attempts)).map((reply) => bodyOf(reply).responseObject);
  assert.equal(replies.filter((it) => it.signatureValid === true).length, 1);
  assert.equal(replies.filter((it) => it.signatureValid === false).length, 63);
});

test('a conflict is decided again over the newer records', async () => {
  const store = new Between(await activated());
  const [engine, other] = [open(store), open(store)];
  store.onCommit.push(async (inner, batch) => {
    assert.equal(await valid(other, wrong), false);
    const outcome = await inner.commit(batch);
    assert.ok(outcome.conflicts.length > 0);
    return outcome;
  });
  assert.equal(await valid(engine, verify(0)), true);
  // The same one in between takes the place.
  store.onCommit.push(async (inner, batch) => {
    assert.equal(await valid(other, verify(1)), true);
    return inner.commit(batch);
  });
  assert.equal(await valid(engine, verify(1)), false);
});

test('a conflict answered first changes nothing', async () => {
  const store = new Between(await activated());
  const engine = open(store);
  store.onCommit.push(async (inner, batch) => {
    const { collection, id } = batch.writes[0];
    const [record] = await inner.read([{ type: 'get', collection, id }]);
    return { conflicts: [{ position: 0, record }] };
  });
  assert.equal(await valid(engine, verify(0)), true);
  assert.equal(store.commits, 2);
  assert.equal(await valid(engine, verify(0)), false);
});

for (const [name, applies] of [
  ['a lost answer', true],
  ['a lost request', false],
]) {
  test(`${name} is resolved and counted once`, async () => {
    const inner = await activated();
    const store = new Between(inner);
    const errors = [];
    const engine = open(store, { onStoreError: (error) => errors.push(error.message) });
    const entries = inner.count('journal');
    for (const [request, expected] of [
      [verify(0), true],
      [wrong, false],
    ]) {
      store.onCommit.push(async (it, batch) => {
        if (applies) await it.commit(batch);
        throw new Error('connection reset');
      });
      assert.equal(await valid(engine, request), expected);
    }
    assert.equal(inner.count('journal'), entries + 2);
    assert.deepEqual(errors, ['connection reset', 'connection reset']);
    assert.equal(await valid(engine, verify(0)), false);
  });
}

test('a lost answer, then overtaken by another request, is still counted once', async () => {
  const inner = await activated();
  const store = new Between(inner);
  const [engine, other] = [open(store), open(store)];
  store.onCommit.push(async (it, batch) => {
    await it.commit(batch);
    assert.equal(await valid(other, verify(1)), true);
    throw new Error('connection reset');
  });
  const entries = inner.count('journal');
  assert.equal(await valid(engine, verify(0)), true);
  assert.equal(inner.count('journal'), entries + 2);
});

test('a store that fails never makes a signature valid, and does not use it up', async () => {
  const inner = await activated();
  const store = new Between(inner);
  const errors = [];
  const engine = open(store, { onStoreError: (error) => errors.push(error) });
  const entries = inner.count('journal');
  const down = async () => {
    throw new Error('down');
  };
  const refused = async () => {
    throw new NotApplied('serialization failure');
  };
  const rubbish = async () => [{ id: 1 }];
  store.onRead.push(down, rubbish);
  for (let i = 0; i < 2; i += 1) assert.equal((await engine.handle(verify(0))).status, 503);
  store.onCommit.push(refused);
  assert.equal((await engine.handle(verify(0))).status, 503);
  assert.equal(errors.length, 3);
  assert.equal(inner.count('journal'), entries);
  assert.equal(await valid(engine, verify(0)), true);
});

test('an outcome that is none counts as lost', async () => {
  for (const outcome of [undefined, null, true, {}, { applied: 1 }, { conflicts: [{ position: 0, record: {} }] }]) {
    const inner = await activated();
    const store = new Between(inner);
    const engine = open(store);
    const entries = inner.count('journal');
    store.onCommit.push(async (it, batch) => {
      await it.commit(batch);
      return outcome;
    });
    assert.equal(await valid(engine, verify(0)), true);
    assert.equal(inner.count('journal'), entries + 1);
  }
});

test('a store that never answers is given up', async () => {
  const store = new Between(await activated());
  const engine = open(store, { storeTimeout: 20 });
  const never = () => new Promise(() => {});
  store.onRead.push(never);
  assert.equal((await engine.handle(verify(0))).status, 503);
  store.onCommit.push(never);
  assert.equal(await valid(engine, verify(0)), true);
});

test('requests on one activation take turns, others do not wait', async () => {
  const store = new Between(await activated());
  const engine = open(store);
  let release;
  store.onRead.push(async (inner, queries) => {
    await new Promise((resolve) => {
      release = resolve;
    });
    return inner.read(queries);
  });
  const order = [];
  const first = valid(engine, verify(0)).then((it) => order.push(['first', it]));
  const second = valid(engine, verify(1)).then((it) => order.push(['second', it]));
  // The first of the queue is with the store before anybody else asks it.
  while (release === undefined) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await engine.handle(list)).status, 200);
  assert.deepEqual(order, []);
  release();
  await Promise.all([first, second]);
  assert.deepEqual(order, [
    ['first', true],
    ['second', true],
  ]);
});

test('nothing of Rust is borrowed while the store works', async () => {
  const store = new Between(await activated());
  const engine = open(store);
  const call = engine.begin(verify(0));
  let step = call.step(undefined, Date.now());
  assert.equal(step.kind, 'read');
  // Other calls, the same call's properties, and freeing the engine in the middle.
  assert.equal(call.lane.length, 36);
  assert.equal((await engine.handle(list)).status, 200);
  engine.free();
  assert.throws(() => engine.begin(list), { code: 'stale_handle' });
  assert.equal(call.lane.length, 36);
  call.free();
  call.free();
  assert.throws(() => call.step(undefined, 1), { name: 'CountersignError', code: 'stale_handle' });
  assert.throws(() => call.lane, { code: 'stale_handle' });

  // Freed while requests wait for their store: they go on.
  const late = open(store);
  store.onRead.push(async (inner, queries) => {
    late.free();
    return inner.read(queries);
  });
  assert.equal(await valid(late, verify(0)), true);
  await assert.rejects(late.handle(list), { code: 'stale_handle' });
  step = undefined;
});

test('errors are errors with a code', async () => {
  const engine = open(new MemoryStore());
  const call = engine.begin(list);
  const thrown = (work) => {
    try {
      work();
    } catch (error) {
      assert.ok(error instanceof CountersignError && error instanceof Error, String(error));
      assert.ok(error.message.length > 0 && error.stack.length > 0);
      return error.code;
    }
    return 'nothing thrown';
  };
  const rubbish = new Uint8Array([1, 0x12]);
  assert.equal(thrown(() => call.step(rubbish, 1)), 'unexpected');
  for (const moment of [NaN, -1, Infinity, 2 ** 60, '1', undefined]) {
    assert.equal(thrown(() => call.step(undefined, moment)), 'argument');
  }
  assert.equal(call.step(undefined, 1).kind, 'read');
  assert.equal(thrown(() => call.step(undefined, 1)), 'unexpected');
  assert.equal(thrown(() => call.step(rubbish, 1)), 'unexpected');
  assert.equal(thrown(() => call.step(new Uint8Array(0), 1)), 'malformed');
  assert.equal(thrown(() => call.step(new Uint8Array([1, 0x11, 0]), 1)), 'malformed');
  assert.equal(thrown(() => call.step('text', 1)), 'argument');
  const failed = new Uint8Array([1, 0x14, 0, 0]);
  assert.equal(call.step(failed, 1).kind, 'reply');
  assert.equal(thrown(() => call.step(failed, 1)), 'finished');

  const store = new MemoryStore();
  assert.equal(thrown(() => open(store, { sealingKey: { id: 1, key: new Uint8Array(31) } })), 'argument');
  assert.equal(thrown(() => open(store, { sealingKey: { id: -1, key: new Uint8Array(32) } })), 'argument');
  assert.equal(thrown(() => open(store, { sealingKey: undefined })), 'argument');
  assert.equal(thrown(() => open({ read() {} })), 'argument');
  assert.equal(thrown(() => open(store, { open: 'yes' })), 'argument');
  for (const part of [{ method: 1 }, { path: undefined }, { query: 5 }, { body: 5 }, { peer: {} }, { headers: [['a']] }]) {
    assert.equal(thrown(() => engine.begin({ ...list, ...part })), 'argument', JSON.stringify(part));
  }
});
