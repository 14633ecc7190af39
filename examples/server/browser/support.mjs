// A server of its own, a browser, and what every page has to keep.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '../../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const pictures = join(root, 'target/console');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A server in memory, with the phone. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-console-'));
  const credentials = join(folder, 'credentials.json');
  const child = spawn(join(target, 'debug/countersign-server'), [
    '--listen', '127.0.0.1:0', '--database', 'memory:', '--log-level', 'warn', '--credentials', credentials,
    '--master-key-file', join(folder, 'key.json'), '--phone', process.env.COUNTERSIGN_PHONE_FOLDER ?? join(root, 'wasm/phone/pkg'),
  ], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let address;
  for await (const line of createInterface({ input: child.stdout })) {
    address = line.match(/^listening on (http:.*)/)?.[1];
    if (address) break;
  }
  assert.ok(address, 'the server runs');
  const { admin, integration } = JSON.parse(readFileSync(credentials, 'utf8'));
  /** A method of the server API, as a back end calls it. */
  const ask = async (path, requestObject) => {
    const reply = await fetch(`${address}/rest/v3${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Basic ${btoa(`${integration.token}:${integration.secret}`)}` },
      body: JSON.stringify({ requestObject }),
    });
    const { status, responseObject } = await reply.json();
    assert.equal(status, 'OK', JSON.stringify(responseObject));
    return responseObject;
  };
  const stop = () => new Promise((done) => {
    child.once('exit', () => { rmSync(folder, { recursive: true }); done(); });
    child.kill('SIGTERM');
  });
  return { address, admin, ask, stop };
}

export async function startBrowser() {
  mkdirSync(pictures, { recursive: true });
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: process.env.COUNTERSIGN_CHROMIUM, args: [...asRoot, '--disable-dev-shm-usage'] });
}

/** Collects what pages complain about. `expected` are parts of addresses that may be refused. */
export function watch(context) {
  const complaints = [];
  const expected = [];
  context.on('page', (page) => {
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      const { url } = message.location();
      if (!expected.some((part) => url.includes(part))) complaints.push(`${message.text()} ${url}`);
    });
  });
  return { complaints, expected };
}

/** Looks at a page in both sizes and both schemes: nothing sticks out, axe finds nothing serious, a picture is kept. */
export async function look(page, name) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1440, 360]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: width === 360 ? 760 : 900 });
      await page.evaluate(() => { scrollTo(0, 0); document.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} px too wide at ${width}`);
      await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const it of violations) {
        const where = it.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join('\n');
        found.push(`${name} ${width} ${colorScheme}: ${it.impact} ${it.id} ${where}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.deepEqual(found.filter((it) => !it.includes(': minor ')), [], found.join('\n'));
  return 4;
}
