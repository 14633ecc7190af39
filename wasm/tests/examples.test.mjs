// The examples, played.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const expected = `activation: ACTIVE
contact with PIN 1234: 200
contact with PIN 9999: 401
payment: APPROVED
payment: REJECTED
`;

for (const name of ['express', 'fastify']) {
  test(`the bank with ${name}`, () => {
    const file = fileURLToPath(new URL(`../examples/${name}.mjs`, import.meta.url));
    const { status, stdout, stderr } = spawnSync('node', [file, '--play'], { encoding: 'utf8', timeout: 120_000 });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, expected, stderr);
  });
}
