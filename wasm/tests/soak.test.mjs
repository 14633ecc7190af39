// The short form of `npm run soak`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from './soak.mjs';

test('20,000 calls leave the memory flat', async () => {
  const { calls, module } = await soak(20_000);
  console.log(`${calls} calls, ${module} bytes more`);
  assert.ok(calls >= 20_000);
  assert.equal(module, 0);
});
