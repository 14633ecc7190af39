// A bank's back end with Express: the engine in memory, what phones call under /app, one protected route, and payments
// that are approved on the phone.
//
//     node examples/express.mjs --play     also plays a phone against it, and ends
//     node examples/express.mjs            serves on 127.0.0.1:8083

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import express from 'express';
import { Engine, MemoryStore, twoFactors } from 'countersign';
import { mount, passedOf, protect } from 'countersign/express';
import { pay, payment, play, prepare } from './bank.mjs';

// A real bank keeps the key in its vault and the records in a database.
const engine = new Engine({
  sealingKey: { id: 1, key: randomBytes(32) },
  store: new MemoryStore(),
  open: true, // the server API is not mounted: only this process calls it
  onStoreError: console.error,
});
await prepare(engine);

/** Stands for the session of a browser that has logged in. */
const userOf = () => 'alice';

const app = express();
// What phones call. Their apps are built with https://bank.example/app as the server's address.
app.use('/app', mount(engine));
// A route of the bank's own that only phones may call, with a PIN or biometry: before parsers of bodies.
app.post('/contacts', protect(engine, { signature: '/contacts', factors: twoFactors }), (req, res) => {
  res.send(`${req.body.name} added for ${passedOf(req).caller.userId}`);
});
// The site where a user pays.
app.post('/payments', express.json(), async (req, res) => {
  res.send(await pay(engine, userOf(req), req.body));
});
app.get('/payments/:id', async (req, res) => {
  const status = await payment(engine, userOf(req), req.params.id);
  if (status === undefined) res.sendStatus(404);
  else res.send(status);
});

const played = process.argv.includes('--play');
const server = app.listen(played ? 0 : 8083, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;
if (played) {
  await play(engine, base, console.log);
  server.close();
  server.closeAllConnections();
  engine.free();
} else {
  console.log(`serving on ${base}`);
}
