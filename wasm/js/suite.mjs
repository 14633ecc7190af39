// The suite that every store has to pass.

import { Suite } from '../pkg/testing.js';
import { guardedTest as guarded } from './errors.mjs';
import { readBatch, readQueries, writeAnswers, writeNotApplied, writeOutcome } from './wire.mjs';

const READ = 1;
const COMMIT = 2;

async function answered(store, kind, message) {
  if (kind === READ) {
    const queries = readQueries(message);
    return writeAnswers(queries, await store.read(queries));
  }
  if (kind === COMMIT) return writeOutcome(await store.commit(readBatch(message)));
  if (typeof store.purge !== 'function') return new Uint8Array(0);
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const dropped = new DataView(new ArrayBuffer(8));
  dropped.setBigUint64(0, BigInt(await store.purge(view.getBigUint64(0), view.getUint32(8))));
  return new Uint8Array(dropped.buffer);
}

/** Lets the store answer everything that the case asks, as many at a time as the case wants. */
function play(number, store) {
  const suite = guarded(() => Suite.begin(number));
  return new Promise((resolve, reject) => {
    const end = (settle) => {
      guarded(() => suite.free());
      settle();
    };
    let over = false;
    const advance = () => {
      if (over) return;
      try {
        over = guarded(() => suite.poll());
        if (over) {
          const wrong = suite.verdict;
          end(() => (wrong === '' ? resolve() : reject(new Error(wrong))));
          return;
        }
        for (let ask = guarded(() => suite.next()); ask; ask = guarded(() => suite.next())) answer(ask);
      } catch (error) {
        over = true;
        reject(error);
      }
    };
    const answer = async (ask) => {
      const place = new DataView(ask.buffer, ask.byteOffset).getUint32(0);
      const give = (bytes) => guarded(() => suite.answer(place, bytes));
      let bytes;
      try {
        bytes = await answered(store, ask[4], ask.slice(5));
      } catch {
        // Every case takes any failure for one.
        bytes = writeNotApplied();
      }
      if (over) return;
      try {
        give(bytes);
      } catch {
        give(writeNotApplied());
      }
      advance();
    };
    advance();
  });
}

function names() {
  const found = [];
  for (;;) {
    const suite = Suite.begin(found.length);
    if (!suite) return found;
    found.push(suite.name);
    suite.free();
  }
}

/** The cases. Each runs over a store that is empty and quiet, and rejects with what is wrong. */
export function storeCases() {
  return names().map((name, number) => ({ name, run: (store) => play(number, store) }));
}

/** Runs every case over a store from `fresh`; resolves to their number, rejects with all that fail. */
export async function testStore(fresh) {
  const failed = [];
  const cases = storeCases();
  for (const { name, run } of cases) {
    try {
      await run(await fresh());
    } catch (error) {
      failed.push(new Error(`${name}: ${error.message}`, { cause: error }));
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, failed.map((error) => error.message).join('\n'));
  return cases.length;
}
