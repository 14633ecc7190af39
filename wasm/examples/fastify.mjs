// The same bank with Fastify and PostgreSQL. Any number of these may share the database, with processes in other languages.
//
//     node examples/fastify.mjs --play     also plays a phone against it, and ends
//     node examples/fastify.mjs            serves on 127.0.0.1:8084
//
// DATABASE_URL says where the records are, such as postgres://bank@localhost/bank, and SEALING_KEY, 64 hexadecimal digits,
// what seals the secrets in them. Played without a DATABASE_URL, a database of its own is started in a temporary folder.

import { randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';
import { Engine, twoFactors } from 'countersign';
import { mount, passedOf, protect } from 'countersign/fastify';
import { PostgresStore } from 'countersign/postgres';
import { pay, payment, play, prepare } from './bank.mjs';

const played = process.argv.includes('--play');
const { DATABASE_URL, SEALING_KEY } = process.env;
if (!played && !(DATABASE_URL && SEALING_KEY)) throw new Error('set DATABASE_URL and SEALING_KEY');

const own = DATABASE_URL ? undefined : await (await import('../tests/cluster.mjs')).start();
const pool = own ? await own.database() : new pg.Pool({ connectionString: DATABASE_URL });
pool.on('error', console.error); // a connection that nobody uses was lost
const engine = new Engine({
  sealingKey: { id: 1, key: SEALING_KEY ? Buffer.from(SEALING_KEY, 'hex') : randomBytes(32) },
  store: await PostgresStore.open(pool),
  open: true, // the server API is not mounted: only this process calls it
  onStoreError: console.error,
});
await prepare(engine);

/** Stands for the session of a browser that has logged in. */
const userOf = () => 'alice';

const app = Fastify();
// What phones call. Their apps are built with https://bank.example/app as the server's address.
app.register(mount, { prefix: '/app', engine });
// A route of the bank's own that only phones may call, with a PIN or biometry.
app.post('/contacts', protect(engine, { signature: '/contacts', factors: twoFactors }), async (request) => {
  return `${request.body.name} added for ${passedOf(request).caller.userId}`;
});
// The site where a user pays.
app.post('/payments', async (request) => pay(engine, userOf(request), request.body));
app.get('/payments/:id', async (request, reply) => {
  const status = await payment(engine, userOf(request), request.params.id);
  return status ?? reply.code(404).send();
});

const base = await app.listen({ host: '127.0.0.1', port: played ? 0 : 8084 });
if (played) {
  await play(engine, base, console.log);
  await app.close();
  engine.free();
  if (own) await own.stop();
  else await pool.end();
} else {
  console.log(`serving on ${base}`);
}
