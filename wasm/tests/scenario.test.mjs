// The same flow gives the same transcript in Rust, C, Java, Go and here, byte for byte: as a module and as CommonJS.
// tests/types/scenario.ts is the third way.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as countersign from 'countersign';
import * as testing from 'countersign/testing';
import { compare, play } from './player.mjs';

const require = createRequire(import.meta.url);

test('the scenario, imported', async () => {
  const steps = compare(await play(countersign, testing));
  console.log(`${steps} steps`);
  assert.ok(steps > 140);
});

test('the scenario, required', async () => {
  compare(await play(require('countersign'), require('countersign/testing')));
});

test('there is one engine, however it is loaded', () => {
  assert.equal(require('countersign').Engine, countersign.Engine);
  assert.equal(require('countersign').CountersignError, countersign.CountersignError);
});

test('the scenario, with the entry for browsers', async () => {
  const browser = await import('../dist/esm/js/browser.mjs');
  await browser.load(readFileSync(new URL('../dist/countersign_bg.wasm', import.meta.url)));
  await browser.load();
  // The phone has the messages of its own copy of the package; only bytes pass between them.
  compare(await play(browser, testing));
});
