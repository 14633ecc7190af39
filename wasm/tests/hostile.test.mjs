// Whatever JavaScript may bring: an error with a code, and nothing half done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountersignError, Engine, MemoryStore, readBatch, readPassed, readQueries, readReply } from 'countersign';
import { Phone, toEngine } from 'countersign/testing';
import { activated, Between, bodyOf, fixture, now, open, post, sealingKey, valid, verify } from './support.mjs';

const list = post('/rest/v3/application/list', {});

const throwing = (object, name) => Object.defineProperty({ ...object }, name, { enumerable: true, get() { throw new Error('hostile'); } });

function detached(length) {
  const bytes = new Uint8Array(length);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

class Liar extends Uint8Array {
  get length() {
    return 5;
  }
}

const rubbish = [undefined, null, 0, 1, -1, NaN, Infinity, 2 ** 53, 1n, 1n << 70n, '', 'text', '\ud800', true, Symbol('s'), () => {}, [], [1], {},
  new Date(), new Map(), new Uint8Array(0), new Uint8Array(3), new Uint16Array(4), new ArrayBuffer(8), new DataView(new ArrayBuffer(8)), detached(8),
  new Proxy({}, { get() { throw new Error('hostile'); } }), Promise.resolve(1), { then: 1 }, { length: 2 ** 32 }];

/** What came of it: an error with a code, the hostile error itself, or a result. */
function outcome(error) {
  assert.ok(error instanceof Error, String(error));
  assert.ok(error.message === 'hostile' || (error instanceof CountersignError && error.code !== 'panic'), `${error.code} ${error.stack} ${error.cause?.stack}`);
}

test('wrong types everywhere', async () => {
  const engine = open(await activated());
  let tried = 0;
  const attempt = async (work) => {
    tried += 1;
    try {
      await work();
    } catch (error) {
      outcome(error);
    }
  };
  for (const it of rubbish) {
    await attempt(() => engine.handle(it));
    await attempt(() => engine.check(it, list));
    await attempt(() => engine.check({ encryption: 'application' }, it));
    await attempt(() => engine.server(it).getApplicationList(it, it));
    await attempt(() => new Engine(it));
    for (const name of ['method', 'path', 'query', 'headers', 'body', 'peer']) {
      await attempt(() => engine.handle({ ...list, [name]: it }));
    }
    await attempt(() => engine.handle({ ...list, headers: [it] }));
    await attempt(() => engine.handle({ ...list, headers: [[it, it]] }));
    for (const name of ['signature', 'token', 'factors', 'encryption', 'maxBody']) {
      await attempt(() => engine.check({ signature: '/a', factors: ['possession'], [name]: it }, list));
    }
    for (const name of ['sealingKey', 'olderKeys', 'store', 'settings', 'open', 'now', 'storeTimeout', 'onStoreError']) {
      await attempt(() => new Engine({ sealingKey, store: new MemoryStore(), [name]: it }).free());
    }
    await attempt(() => new Engine({ sealingKey: { id: it, key: it }, store: new MemoryStore() }));
    const call = engine.begin(list);
    await attempt(() => call.step(it, 1));
    await attempt(() => call.step(undefined, it));
    await attempt(() => call.step(it, 1));
    await attempt(() => call.seal(it, 1));
    call.free();
    await attempt(() => new Phone(it, () => {}));
    await attempt(() => new Phone({ mobileSdkConfig: it }, toEngine(engine)));
    for (const read of [readQueries, readBatch, readReply, readPassed]) assert.throws(() => read(it), Error);
  }
  console.log(`${tried} calls with wrong arguments`);
  // Nothing of it has changed anything, and everything still works.
  assert.equal(await valid(engine, verify(0)), true);
  engine.free();
});

test('getters that throw, detached buffers, arrays that lie', async () => {
  const engine = open(await activated());
  for (const name of ['method', 'path', 'query', 'headers', 'body', 'peer']) {
    await assert.rejects(engine.handle(throwing(verify(0), name)), { message: 'hostile' });
    await assert.rejects(engine.check({ encryption: 'application' }, throwing(list, name)), { message: 'hostile' });
  }
  await assert.rejects(engine.handle({ ...list, body: detached(100) }), { code: 'argument' });
  for (const key of [detached(32), new Uint8Array(31)]) {
    assert.throws(() => new Engine({ sealingKey: { id: 1, key }, store: new MemoryStore() }), { code: 'argument' });
  }
  // Its real length counts.
  const body = new Liar(Buffer.from(list.body));
  assert.equal((await engine.handle({ ...list, body })).status, 200);
  // Different every time it is looked at: looked at once.
  let looked = 0;
  const changing = { ...list, get body() { looked += 1; return looked === 1 ? '{}' : '{"a":1}'; } };
  const end = await engine.check({ token: true, factors: ['possession'] }, changing);
  assert.deepEqual([end.passed, looked], [false, 1]);
  const headers = { *[Symbol.iterator]() { throw new Error('hostile'); } };
  await assert.rejects(engine.handle({ ...list, headers }), { code: 'argument' });
  assert.equal(await valid(engine, verify(0)), true);
  engine.free();
});

/** Promises as a store may have them. */
const promises = {
  'never settles': () => new Promise(() => {}),
  'settles twice': (value) => new Promise((resolve, reject) => { resolve(value); resolve({ conflicts: [] }); reject(new Error('late')); }),
  'a thenable': (value) => ({ then: (resolve) => resolve(value) }),
  'a thenable that settles twice': (value) => ({ then: (resolve, reject) => { resolve(value); reject(new Error('late')); resolve(null); } }),
  'a thenable in a thenable': (value) => ({ then: (resolve) => resolve({ then: (inner) => inner(value) }) }),
  'a thenable that throws': () => ({ then() { throw new Error('hostile'); } }),
  'a thenable whose then throws': () => Object.defineProperty({}, 'then', { get() { throw new Error('hostile'); } }),
  'a thenable that never answers': () => ({ then() {} }),
  'no promise': (value) => value,
  'throws at once': () => { throw new Error('hostile'); },
  'rejects with nothing': () => Promise.reject(),
};

const fails = /never|throws|rejects/;

for (const [name, promise] of Object.entries(promises)) {
  test(`a store whose promise ${name} counts a signature once, or not at all`, async () => {
    for (const applies of fails.test(name) ? [true, false] : [true]) {
      const inner = await activated();
      const entries = inner.count('journal');
      let first = true;
      const commit = (batch) => {
        if (!first) return inner.commit(batch);
        first = false;
        // The store in memory has written before it comes back with its promise.
        if (applies) inner.commit(batch);
        return promise({ applied: true });
      };
      const engine = open({ read: (queries) => inner.read(queries), commit }, { storeTimeout: 20 });
      assert.equal(await valid(engine, verify(0)), true);
      assert.equal(inner.count('journal'), entries + 1, 'counted once');
      assert.equal(await valid(engine, verify(0)), false);
      engine.free();
    }
  });

  test(`a store whose read ${name} makes nobody pass`, async () => {
    const inner = await activated();
    const store = new Between(inner);
    const engine = open(store, { storeTimeout: 20 });
    const read = store.read.bind(store);
    let first = true;
    store.read = (queries) => {
      if (!first) return read(queries);
      first = false;
      return promise('rubbish');
    };
    assert.equal((await engine.handle(verify(0))).status, 503);
    assert.equal(await valid(engine, verify(0)), true);
    engine.free();
  });
}

test('answers of a store with getters that throw, detached buffers, other numbers', async () => {
  const inner = await activated();
  const answers = [
    ([record]) => [throwing(record, 'rev')], ([record]) => [throwing(record, 'body')], ([record]) => [{ ...record, body: detached(9) }],
    ([record]) => [{ ...record, rev: new Uint8Array(15) }], ([record]) => [{ ...record, expiresAt: -1n }], ([record]) => [{ ...record, expiresAt: 1 }],
    ([record]) => [{ ...record, id: 'other' }], ([record]) => [record, record], () => [], () => [{}], () => null,
    () => new Proxy([], { get() { throw new Error('hostile'); } }), ([record]) => [{ ...record, body: 'text' }],
  ];
  for (const [number, change] of answers.entries()) {
    const store = new Between(inner);
    const engine = open(store);
    store.onRead.push(async (it, queries) => {
      const real = await it.read(queries);
      return real[0] === null ? [{}, ...real] : change(real);
    });
    const { status } = await engine.handle(verify(0));
    assert.ok(status === 503 || status === 500, `${number}: ${status}`);
    engine.free();
  }
  const engine = open(inner);
  assert.equal(await valid(engine, verify(0)), true);
});

test('freed during use, from anywhere', async () => {
  const store = new Between(await activated());
  const engine = open(store);
  const calls = Array.from({ length: 8 }, () => engine.begin(list));
  for (const call of calls) call.step(undefined, 1);
  // A getter that frees the engine in the middle of its own request.
  await assert.rejects(engine.handle({ ...list, get body() { engine.free(); return ''; } }), { code: 'stale_handle' });
  for (const [place, call] of calls.entries()) {
    if (place % 2 === 0) call.free();
    else assert.equal(call.step(new Uint8Array([1, 0x14, 0, 0]), 1).kind, 'reply');
    call.free();
    assert.throws(() => call.step(undefined, 1), { code: 'stale_handle' });
  }
  const other = open(store);
  const phone = new Phone(fixture.saved, async (request) => {
    phone.free();
    return toEngine(other)(request);
  }, now);
  await assert.rejects(phone.status(), { code: 'stale_handle' });
  await assert.rejects(phone.status(), { code: 'stale_handle' });
  other.free();
});

test('a phone in front of a hostile server', async () => {
  for (const reply of [undefined, null, {}, { status: '200', body: '' }, { status: 200, body: 1 }, { status: -1, body: '' }, { status: 2 ** 20, body: '' },
    { status: 200, body: detached(4) }, throwing({ status: 200 }, 'body'), { status: 200, body: '{}' }, { status: 200, body: new Uint8Array(100_000) }]) {
    const phone = new Phone(fixture.saved, async () => reply, now);
    await assert.rejects(phone.status(), Error);
    phone.free();
  }
});
