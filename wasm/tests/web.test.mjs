// The adapters, with the real Express and Fastify: families mounted, routes protected, limits, whatever else goes wrong.

import assert from 'node:assert/strict';
import http from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import express from 'express';
import Fastify from 'fastify';
import { anyFactors, MemoryStore, twoFactors } from 'countersign';
import * as plain from 'countersign/http';
import * as forExpress from 'countersign/express';
import * as forFastify from 'countersign/fastify';
import { Phone, toUrl } from 'countersign/testing';
import { activated, fixture, open, now } from './support.mjs';

const rules = {
  '/transfer': { signature: '/transfer', factors: twoFactors },
  '/balance': { token: true, factors: anyFactors },
  '/note': { encryption: 'activation' },
  '/contact': { encryption: 'application' },
  '/card/pin': { signature: '/card/pin', factors: twoFactors, encryption: 'activation' },
};

/** What a route answers: who called, and what arrived. */
const said = (passed) => ({ user: passed.caller.userId, factors: passed.caller.factors, body: passed.body.toString() });

const hosts = {
  async http(engine) {
    const mounted = plain.mount(engine, { prefix: '/app' });
    const routes = new Map(Object.entries(rules).map(([path, rule]) => [path, plain.protect(engine, rule, (req, res, passed) => {
      res.setHeader('content-type', 'application/json');
      res.write('');
      res.end(JSON.stringify(said(passed)));
    })]));
    routes.set('/wrong', plain.protect(engine, rules['/note'], (req, res) => {
      res.writeHead(418, { 'x-tea': 'pot' }).end('no');
    }));
    routes.set('/nothing', plain.protect(engine, rules['/note'], (req, res) => {
      res.writeHead(204).end();
    }));
    const server = http.createServer(async (req, res) => {
      if (await mounted(req, res)) return;
      const route = routes.get(req.url.split('?')[0]);
      if (route) await route(req, res);
      else res.writeHead(404).end();
    });
    return server;
  },
  async express(engine) {
    const app = express();
    app.use('/app', forExpress.mount(engine));
    for (const [path, rule] of Object.entries(rules)) {
      app.all(path, forExpress.protect(engine, rule), express.json(), (req, res) => {
        const passed = forExpress.passedOf(req);
        if (passed.body.length > 0) assert.deepEqual(req.body, JSON.parse(passed.body));
        res.json(said(passed));
      });
    }
    app.post('/wrong', forExpress.protect(engine, rules['/note']), (req, res) => {
      res.status(418).set('x-tea', 'pot').send('no');
    });
    app.post('/nothing', forExpress.protect(engine, rules['/note']), (req, res) => {
      res.sendStatus(204);
    });
    app.post('/late', express.json(), forExpress.protect(engine, rules['/transfer']), () => assert.fail('reached'));
    app.post('/raw', express.raw({ type: '*/*' }), forExpress.protect(engine, rules['/transfer']), (req, res) => {
      res.json(said(forExpress.passedOf(req)));
    });
    return http.createServer(app);
  },
  async fastify(engine) {
    const app = Fastify();
    app.register(forFastify.mount, { prefix: '/app', engine });
    for (const [path, rule] of Object.entries(rules)) {
      app.route({ method: ['GET', 'POST'], url: path, ...forFastify.protect(engine, rule), handler: async (request) => {
        const passed = forFastify.passedOf(request);
        if (passed.body.length > 0) assert.deepEqual(request.body, JSON.parse(passed.body));
        return said(passed);
      } });
    }
    app.post('/wrong', forFastify.protect(engine, rules['/note']), async (request, reply) => reply.code(418).header('x-tea', 'pot').send('no'));
    app.post('/nothing', forFastify.protect(engine, rules['/note']), async (request, reply) => reply.code(204).send());
    await app.ready();
    return app.server;
  },
};

async function serving(name, options, body) {
  const engine = open(options.store ?? (await activated()), options);
  const server = await hosts[name](engine);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  try {
    await body({ engine, base });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    engine.free();
  }
}

const json = { 'content-type': 'application/json' };

/** A phone whose app knows two addresses: /app for the protocol, and the host's own routes. */
function phoneOf(base, heard = []) {
  const own = toUrl(base, async (target, options) => {
    const response = await fetch(target, options);
    heard.push(response);
    return response;
  });
  const protocol = toUrl(`${base}/app`);
  return new Phone(fixture.saved, (request) => (/^\/(pa|api)\//.test(request.path) ? protocol : own)(request), now);
}

for (const name of Object.keys(hosts)) {
  test(`${name}: what phones call is mounted, nothing else`, () => serving(name, {}, async ({ base }) => {
    const phone = phoneOf(base);
    assert.equal((await phone.status()).status, 'ACTIVE');
    await phone.createToken();
    assert.deepEqual(await phone.operations(), []);
    for (const path of ['/app/rest/v3/status', '/app/admin/master-key', '/pa/v3/status', '/app/', '/app', '/app/../rest/v3/status']) {
      const { status } = await fetch(`${base}${path}`, { method: 'POST', headers: json, body: '{}' });
      assert.equal(status, 404, path);
    }
    phone.free();
  }));

  test(`${name}: routes are protected`, () => serving(name, {}, async ({ base }) => {
    const heard = [];
    const phone = phoneOf(base, heard);
    const transfer = { path: '/transfer?ignored=1', body: '{"to":"CZ65"}' };
    const signed = await phone.sign(transfer, '/transfer', '1234');
    assert.deepEqual([signed.status, JSON.parse(signed.text)],
      [200, { user: 'alice', factors: 'possession_knowledge', body: transfer.body }]);
    for (const [request, resource, pin] of [[transfer, '/transfer', '9999'], [transfer, '/other', '1234'],
      [{ ...transfer, factors: 'possession' }, '/transfer', undefined]]) {
      const refused = await phone.sign(request, resource, pin);
      assert.equal(refused.status, 401);
      assert.match(refused.text, /ERR_AUTHENTICATION/);
    }
    const got = await phone.sign({ path: '/transfer?b=2&a=1', method: 'GET' }, '/transfer', '1234');
    assert.deepEqual([got.status, JSON.parse(got.text).body], [200, '']);
    await phone.createToken();
    assert.equal((await phone.withToken({ path: '/balance', method: 'GET' })).status, 200);
    // Encrypted: the answer, too.
    heard.length = 0;
    const note = await phone.encrypt({ path: '/note', body: '{"text":"hello"}' });
    assert.deepEqual([note.status, JSON.parse(note.text)], [200, { user: 'alice', factors: null, body: '{"text":"hello"}' }]);
    assert.equal(heard[0].headers.get('etag'), null);
    assert.match(heard[0].headers.get('content-type'), /^application\/json/);
    const contact = await phone.encrypt({ path: '/contact', body: '{}' }, { scope: 'application' });
    assert.deepEqual(JSON.parse(contact.text), { user: null, factors: null, body: '{}' });
    const pin = await phone.encrypt({ path: '/card/pin', body: '{"pin":"1379"}' }, { resource: '/card/pin', pin: '1234' });
    assert.deepEqual(JSON.parse(pin.text).factors, 'possession_knowledge');
    await assert.rejects(phone.encrypt({ path: '/card/pin', body: '{}' }), { kind: 'refused', status: 401 });
    // What is not successful goes out as it is; what is empty is sealed, too.
    heard.length = 0;
    await assert.rejects(phone.encrypt({ path: '/wrong', body: '{}' }), { kind: 'refused', status: 418 });
    assert.equal(heard[0].status, 418);
    assert.equal(heard[0].headers.get('x-tea'), 'pot');
    const nothing = await phone.encrypt({ path: '/nothing', body: '{}' });
    assert.deepEqual([nothing.status, nothing.text], [200, '']);
    // Nobody.
    for (const path of Object.keys(rules)) {
      const { status } = await fetch(`${base}${path}`, { method: 'POST', headers: json, body: '{}' });
      assert.ok(status === 400 || status === 401, `${path}: ${status}`);
    }
    phone.free();
  }));

  test(`${name}: bodies have limits`, () => serving(name, {}, async ({ base }) => {
    const huge = 'x'.repeat(plain.MAX_BODY + 1);
    for (const path of ['/app/pa/v3/activation/create', '/transfer']) {
      const answer = await fetch(`${base}${path}`, { method: 'POST', headers: json, body: huge });
      assert.equal(answer.status, 413, path);
    }
    // One that never ends is not read to its end.
    const { port } = new URL(base);
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.write('POST /transfer HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n');
    const more = setInterval(() => socket.write(huge), 5);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(more);
    assert.match(answer, /^HTTP\/1\.1 413 /);
  }));

  test(`${name}: whatever fails, nobody passes`, async () => {
    const store = new MemoryStore();
    store.read = async () => {
      throw new Error('down');
    };
    await serving(name, { store }, async ({ engine, base }) => {
      const header = 'PowerAuth pa_activation_id="e93a5046-054f-4a85-b808-a9ddfc62be22", pa_application_key="/TtmnHgeF6vnjogRS4tJOw==", ' +
        'pa_nonce="AAAAAAAAAAAAAAAAAAAAAA==", pa_signature_type="possession_knowledge", pa_signature="AAAAAAAAAAAAAAAAAAAAAA==", pa_version="3.1"';
      const send = (path) => fetch(`${base}${path}`, { method: 'POST', headers: { ...json, 'X-PowerAuth-Authorization': header }, body: '{}' });
      assert.ok((await send('/transfer')).status >= 401);
      engine.free();
      assert.equal((await send('/transfer')).status, 503);
      assert.equal((await fetch(`${base}/app/pa/v3/status`, { method: 'POST', headers: json, body: '{}' })).status, 503);
    });
  });
}

test('express: a body that was parsed before is not guessed at', () => serving('express', {}, async ({ base }) => {
  const phone = phoneOf(base);
  const body = '{"to":"CZ65"}';
  assert.equal((await phone.sign({ path: '/late', body }, '/transfer', '1234')).status, 500);
  assert.equal((await phone.sign({ path: '/raw', body }, '/transfer', '1234')).status, 200);
  phone.free();
}));

test('rules that nobody could keep, or everybody, are noticed at once', () => {
  const engine = open(new MemoryStore());
  for (const [rule, name] of [[{}, 'rules'], [undefined, 'rules'], [{ signature: '', factors: twoFactors }, 'signature'],
    [{ signature: '/a', factors: [] }, 'factors'], [{ signature: '/a' }, 'factors'], [{ token: true }, 'factors'],
    [{ token: true, factors: ['pin'] }, 'factors'], [{ token: true, factors: twoFactors, encryption: 'application' }, 'encryption'],
    [{ encryption: 'nobody' }, 'encryption'], [{ encryption: 'activation', factors: twoFactors }, 'factors'],
    [{ encryption: 'activation', maxBody: -1 }, 'maxBody'], [{ signature: '/a', token: true, factors: twoFactors }, 'rules']]) {
    for (const protect of [plain.protect, forExpress.protect, forFastify.protect]) {
      assert.throws(() => protect(engine, rule, () => {}), (error) => error.code === 'argument' && error.message.includes(name), name);
    }
  }
  assert.throws(() => plain.mount(engine, { families: ['everything'] }), { code: 'argument' });
  assert.throws(() => forExpress.mount(engine, { families: [] }), { code: 'argument' });
});
