// Calls of every kind until a bug that leaks would show: `npm run soak` makes a million. Prints how memory has grown, and
// fails when it has.

import { createRequire } from 'node:module';
import { MemoryStore, protocol } from 'countersign';
import { activated, open, post, verify, wrong } from './support.mjs';

const require = createRequire(import.meta.url);
const { memory } = require('../dist/cjs/pkg/countersign.cjs').initSync();

const list = post('/rest/v3/application/list', {});
const rules = { signature: '/transfer', factors: ['possession_knowledge'] };
const code = { do: 'activationCode', text: 'AAAQE-AYEAU-DAOCA-JIICA' };
const digest = { do: 'tokenDigest', secret: new Uint8Array(16), nonce: new Uint8Array(16), timestamp: 1, version: '3.2' };

async function round(number) {
  const store = number % 16 === 0 ? await activated() : new MemoryStore();
  const engine = open(store);
  let calls = 2;
  for (let i = 0; i < 8; i += 1) await engine.handle(list);
  await engine.handle({ method: 'POST', path: '/rest/v3/activation/init', body: '{' });
  await engine.check(rules, { method: 'POST', path: '/', headers: [['X-PowerAuth-Authorization', 'PowerAuth x="y"']], body: '{}' });
  for (let i = 0; i < 4; i += 1) {
    // Left in the middle.
    const call = engine.begin(list);
    call.step(undefined, 1);
    call.free();
    try {
      engine.begin({ method: 'POST', path: '/', headers: [['a', 'x'.repeat(70_000)]] });
    } catch {
      calls += 1;
    }
  }
  for (let i = 0; i < 4; i += 1) {
    protocol(code);
    protocol(digest);
  }
  calls += 26;
  if (number % 16 === 0) {
    await engine.handle(verify(0));
    await engine.handle(verify(0));
    await engine.handle(wrong);
    calls += 3;
  }
  engine.free();
  return calls;
}

/** Makes `total` calls; gives how many bytes the module's memory and the heap have grown after the first tenth. */
export async function soak(total) {
  let calls = 0;
  let number = 0;
  const until = async (mark) => {
    for (; calls < mark; number += 1) calls += await round(number);
    globalThis.gc?.();
    return { module: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
  };
  const before = await until(total / 10);
  const after = await until(total);
  return { calls, module: after.module - before.module, heap: after.heap - before.heap };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const grown = await soak(Number(process.argv[2] ?? 1_000_000));
  console.log(`${grown.calls} calls; memory of the module grew by ${grown.module} bytes, the heap by ${grown.heap}`);
  process.exitCode = grown.module === 0 && grown.heap < 4_000_000 ? 0 : 1;
}
