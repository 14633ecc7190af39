// The whole story with two windows: log in, create an application, show the QR code, activate, create a payment, approve it,
// see it live; a wrong PIN until the phone is blocked; unblock it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsQR from 'jsqr';
import { look, startBrowser, startServer, watch } from './support.mjs';

const PIN = '4711';
let server;
let browser;
let context;
let seen;
/** The console's window, and the phone's. */
let desk;
let phone;
let pictures = 0;

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  context = await browser.newContext({ locale: 'en-GB' });
  seen = watch(context);
  desk = await context.newPage();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  console.log(`${pictures} pictures`);
  if (seen.complaints.length) console.log(seen.complaints.join('\n'));
});

async function go(page) {
  await desk.getByRole('link', { name: page, exact: true }).click();
  await desk.getByRole('heading', { level: 1, name: page }).waitFor();
}

/** The drawing's path as pixels, four to a module, with the quiet zone. */
function pixels(path, size) {
  const edge = (size + 8) * 4;
  const data = new Uint8ClampedArray(edge * edge * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let dy = 0; dy < 4; dy += 1) {
      for (let dx = 0; dx < 4; dx += 1) data.fill(0, (((+y + 4) * 4 + dy) * edge + (+x + 4) * 4 + dx) * 4, (((+y + 4) * 4 + dy) * edge + (+x + 4) * 4 + dx) * 4 + 3);
    }
  }
  return [data, edge, edge];
}

const operation = (state) => desk.locator('tbody tr').first().locator('.chip', { hasText: new RegExp(`^${state}$`) });

async function createPayment(amount) {
  await go('Operations');
  await desk.getByLabel('User').fill('alice');
  await desk.getByLabel('amount').fill(amount);
  await desk.getByRole('button', { name: 'Create', exact: true }).click();
  await operation('pending').waitFor();
}

async function enterPin(pin) {
  const card = phone.getByRole('article').first();
  await card.getByLabel('PIN').fill(pin);
  await card.getByRole('button', { name: 'Approve' }).click();
}

test('only the administrator gets in', async () => {
  await desk.goto(`${server.address}/console`);
  await desk.getByRole('heading', { name: 'Console' }).waitFor();
  pictures += await look(desk, 'login');
  seen.expected.push('/console/login');
  await desk.getByLabel('Password').fill('wrong');
  await desk.keyboard.press('Enter');
  await desk.getByText('User or password is wrong.').waitFor();
  seen.expected.pop();
  await desk.getByLabel('User').fill(server.admin.user);
  await desk.getByLabel('Password').fill(server.admin.password);
  await desk.keyboard.press('Enter');
  await desk.getByRole('heading', { name: 'Overview' }).waitFor();
  const cookies = await context.cookies(`${server.address}/console`);
  assert.equal(cookies.length, 1);
  const [{ httpOnly, sameSite, path }] = cookies;
  assert.deepEqual({ httpOnly, sameSite, path }, { httpOnly: true, sameSite: 'Strict', path: '/console' });
  assert.equal(await desk.evaluate(() => document.cookie), '');
  // A reload does not end the session.
  await desk.reload();
  await desk.getByRole('heading', { name: 'Overview' }).waitFor();
  pictures += await look(desk, 'overview-empty');
});

test('an application, a template with texts in two languages, and their preview', async () => {
  await go('Applications');
  await desk.getByLabel('Name').fill('mobile-bank');
  await desk.getByRole('button', { name: 'Create', exact: true }).click();
  await desk.getByText('1 of 1 version served').waitFor();
  pictures += await look(desk, 'applications');

  await go('Templates');
  await desk.getByText('New template').click();
  const card = (name) => desk.locator('section', { hasText: name }).last();
  await card('New template').getByLabel('Name', { exact: true }).fill('payment');
  await card('New template').getByLabel('Type', { exact: true }).fill('payment');
  await desk.getByRole('button', { name: 'Create template' }).click();
  await desk.getByText('Phones do not show it').waitFor();
  await card('New template').getByText('New template').click();
  await desk.getByText('New text in a language').click();
  const texts = card('New text in a language');
  for (const [language, title, message] of [
    ['en', 'Payment', 'Send ${amount} ${currency} to ${account}?'],
    ['cs', 'Platba', 'Poslat ${amount} ${currency} na účet ${account}?'],
  ]) {
    await texts.getByLabel('Type', { exact: true }).fill('payment');
    await texts.getByLabel('Language').fill(language);
    await texts.getByLabel('Title').fill(title);
    await texts.getByLabel('Message').fill(message);
    await desk.getByRole('button', { name: 'Save text' }).click();
    await desk.locator('.phone h3', { hasText: title }).waitFor();
  }
  await desk.locator('.phone .screen[lang=cs]').getByText(/1\s234,50/).first().waitFor();
  await texts.getByText('New text in a language').click();
  pictures += await look(desk, 'templates');
});

test('a phone is activated with the code of the QR code', async () => {
  await go('Activations');
  const create = desk.locator('section', { hasText: 'New activation' }).first();
  await create.getByLabel('User').fill('alice');
  await create.getByRole('button', { name: /QR code/ }).click();
  const drawing = desk.getByRole('img', { name: /QR code of the activation code/ });
  await drawing.waitFor();
  const code = await desk.locator('.activation-code').textContent();
  const path = await drawing.locator('path').getAttribute('d');
  const size = Number((await drawing.getAttribute('viewBox')).split(' ')[2]) - 8;
  const read = jsQR(...pixels(path, size));
  assert.match(read.data, new RegExp(`^${code}#[A-Za-z0-9+/=]+$`), 'a scanner reads the code and its signature');
  pictures += await look(desk, 'activation-code');

  const opened = context.waitForEvent('page');
  await desk.getByRole('link', { name: 'Open it in the browser phone' }).click();
  phone = await opened;
  await phone.getByRole('heading', { name: 'Activate this phone' }).waitFor();
  assert.equal(new URL(phone.url()).hash, '', 'the code does not stay in the address');
  pictures += await look(phone, 'phone-activate');
  await phone.getByLabel(/New PIN/).fill(PIN);
  await phone.getByRole('button', { name: 'Activate' }).click();
  await phone.getByText('The bank has to confirm this phone.').waitFor();

  await desk.getByRole('link', { name: 'Follow this activation' }).click();
  await desk.getByRole('button', { name: 'Commit' }).click();
  await desk.getByRole('button', { name: 'Block', exact: true }).waitFor();
  await phone.getByText('Nothing to approve.').waitFor();
  await phone.getByText('This phone', { exact: true }).click();
  const fingerprint = await phone.locator('code').textContent();
  await desk.getByText(fingerprint).waitFor();
  await phone.getByText('This phone', { exact: true }).click();
  pictures += await look(desk, 'activation');
});

test('the keys of the phone do not leave the browser, and stay in it', async () => {
  const record = await phone.evaluate(() => new Promise((resolve, reject) => {
    const open = indexedDB.open('countersign-phone', 1);
    open.onerror = reject;
    open.onsuccess = () => {
      const all = open.result.transaction('phones').objectStore('phones').get('default');
      all.onsuccess = () => {
        const { key, state } = all.result;
        open.result.close();
        resolve({ extractable: key.extractable, algorithm: key.algorithm.name, bytes: state.byteLength, text: new TextDecoder('latin1').decode(state) });
      };
    };
  }));
  assert.deepEqual([record.extractable, record.algorithm], [false, 'AES-GCM']);
  assert.ok(record.bytes > 500 && !/activation|possession|application/i.test(record.text), 'nothing readable');
  await phone.reload();
  await phone.getByText('Nothing to approve.').waitFor();
});

test('a payment is approved, and the console sees it', async () => {
  await createPayment('1234.50');
  await phone.getByRole('heading', { name: 'Payment' }).waitFor();
  await phone.getByText('1,234.50').first().waitFor();
  pictures += await look(phone, 'phone-payment');
  pictures += await look(desk, 'operations-pending');
  await enterPin(PIN);
  await phone.getByText('Approved.').waitFor();
  // Nobody reloads the console.
  await operation('approved').waitFor();
  await createPayment('20');
  await phone.getByRole('button', { name: 'Reject' }).click();
  await phone.getByText('Rejected.').waitFor();
  await operation('rejected').waitFor();
});

test('wrong PINs block the phone, the console unblocks it', async () => {
  await createPayment('99');
  await phone.getByRole('article').waitFor();
  seen.expected.push('/api/auth/token/app/operation/authorize');
  for (let left = 4; left > 0; left -= 1) {
    await enterPin('0000');
    await phone.getByText(`${left} attempts are left.`).waitFor();
    if (left === 2) pictures += await look(phone, 'phone-wrong-pin');
  }
  await enterPin('0000');
  await phone.getByText('Too many wrong PINs').waitFor();
  pictures += await look(phone, 'phone-blocked');
  seen.expected.pop();
  await operation('failed').waitFor();

  await go('Activations');
  await desk.getByRole('link', { name: 'alice' }).click();
  await desk.getByText('too many wrong signatures').first().waitFor();
  pictures += await look(desk, 'activation-blocked');
  await desk.getByRole('button', { name: 'Unblock' }).click();
  await desk.getByRole('button', { name: 'Block', exact: true }).waitFor();
  await phone.getByText('Nothing to approve.').waitFor();
  await createPayment('98');
  await phone.getByRole('article').waitFor();
  await enterPin(PIN);
  await operation('approved').waitFor();
  pictures += await look(desk, 'operations');
});

test('a payment is approved without a connection', async () => {
  const { activations: [{ activationId }] } = await server.ask('/activation/list', { userId: 'alice' });
  const data = 'A1*A77EUR*QCZ5508000000001234567899';
  const { offlineData, nonce } = await server.ask('/signature/offline/personalized/create', {
    activationId, data: `5ff1b1ed\nPayment\nSend 77 EUR?\n${data}\nB`,
  });
  await phone.getByText('Approve without a connection').click();
  seen.expected.push(server.address);
  await phone.route('**/*', (route) => route.abort());
  const form = phone.locator('form', { hasText: 'Text of the QR code' });
  await form.getByLabel('Text of the QR code').fill(offlineData.replace('Send 77', 'Send 7'));
  await form.getByLabel('PIN').fill(PIN);
  await form.getByRole('button', { name: 'Show the code' }).click();
  await form.locator('.notice').waitFor();
  assert.equal(await form.locator('.digits').count(), 0, 'no code for a text that somebody has changed');
  await form.getByLabel('Text of the QR code').fill(offlineData);
  await form.getByLabel('PIN').fill(PIN);
  await form.getByRole('button', { name: 'Show the code' }).click();
  await form.getByText('Payment: Send 77 EUR?').waitFor();
  const digits = (await form.locator('.digits').textContent()).replaceAll('-', '');
  assert.match(digits, /^\d{16}$/);
  pictures += await look(phone, 'phone-offline');
  await phone.unroute('**/*');
  seen.expected.pop();
  await phone.getByText('Approve without a connection').click();
  const signature = `${digits.slice(0, 8)}-${digits.slice(8)}`;
  const base = ['POST', btoa('/operation/authorize/offline'), nonce, btoa(`5ff1b1ed&${data}`)].join('&');
  const verified = await server.ask('/signature/offline/verify', { activationId, data: base, signature, allowBiometry: false });
  assert.equal(verified.signatureValid, true);
});

test('search, callbacks, audit, charts', async () => {
  await go('Activations');
  await desk.getByLabel('User or activation').fill('nobody');
  await desk.getByRole('button', { name: 'Search' }).click();
  await desk.getByText('None found.').waitFor();
  await desk.getByLabel('User or activation').fill('alice');
  await desk.keyboard.press('Enter');
  await desk.getByRole('cell', { name: /Browser phone/ }).waitFor();
  pictures += await look(desk, 'activations');

  await go('Callbacks');
  await desk.getByLabel('Name').fill('payments');
  await desk.getByLabel('URL').fill('http://127.0.0.1:9/changes');
  await desk.getByRole('button', { name: 'Create', exact: true }).click();
  await desk.getByText('all delivered').waitFor();
  await createPayment('1');
  await go('Callbacks');
  await desk.getByText('1 waiting').waitFor();
  pictures += await look(desk, 'callbacks');

  await go('Audit');
  await desk.getByRole('button', { name: 'Verify all chains' }).click();
  await desk.getByText(/^Sound: \d+ chains/).waitFor();
  await desk.getByLabel('User').fill('alice');
  await desk.getByRole('button', { name: 'Show' }).click();
  await desk.getByRole('table', { name: 'Signatures' }).waitFor();
  assert.ok(await desk.getByText('invalid', { exact: true }).count() >= 5, 'five wrong PINs');
  pictures += await look(desk, 'audit');

  await go('Overview');
  await desk.getByRole('img', { name: /^Verifications in the last hour: [1-9]\d* verified, 5 failed/ }).waitFor();
  pictures += await look(desk, 'overview');
});

test('after a logout there is nothing to see', async () => {
  await desk.getByRole('button', { name: 'Log out' }).click();
  await desk.getByText('You are logged out.').waitFor();
  assert.deepEqual(await context.cookies(`${server.address}/console`), []);
  const { status } = await desk.request.post(`${server.address}/console/api/getApplicationList`, { data: {} }).then((it) => ({ status: it.status() }));
  assert.equal(status, 401);
  await desk.reload();
  await desk.getByRole('heading', { name: 'Console' }).waitFor();
});

test('no page complained', () => {
  assert.deepEqual(seen.complaints, []);
});
