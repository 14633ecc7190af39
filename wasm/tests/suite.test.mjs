// The suite that every store has to pass, on the store in memory and on stores that break the contract.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from 'countersign';
import { storeCases, testStore } from 'countersign/testing';

for (const { name, run } of storeCases()) test(`memory: ${name}`, () => run(new MemoryStore()));

test('a store that forgets is caught', async () => {
  class Forgets extends MemoryStore {
    async commit() {
      return { applied: true };
    }
  }
  const cases = storeCases().length;
  await assert.rejects(testStore(() => new Forgets()), (error) => {
    console.log(`${error.errors.length} of ${cases} cases catch a store that forgets`);
    return error instanceof AggregateError && error.errors.length > cases / 2;
  });
});

test('a store that throws or answers rubbish is caught, and the case ends', async () => {
  for (const bad of [
    { read: async () => { throw new Error('down'); }, commit: async () => ({ applied: true }) },
    { read: () => { throw new Error('down'); }, commit: () => { throw new Error('down'); } },
    { read: async () => 'rubbish', commit: async () => null },
    { read: async (queries) => queries.map(() => ({ records: 1 })), commit: async () => ({ conflicts: [{ position: -1 }] }) },
  ]) {
    await assert.rejects(testStore(() => bad), AggregateError);
  }
});

test('all cases pass through the function, too', async () => {
  assert.equal(await testStore(async () => new MemoryStore()), storeCases().length);
});
