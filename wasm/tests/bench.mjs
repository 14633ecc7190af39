// Verification of signatures in Node, and requests per second of the Express example: `npm run bench`.
//
//     node tests/bench.mjs verify N     N signatures over the store in memory, in this process
//     node tests/bench.mjs express N    N payments begun and looked at, 32 at a time, in the example, a process of its own

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Phone, toEngine } from 'countersign/testing';
import { activated, asking, fixture, now, open } from './support.mjs';

const [what, given] = process.argv.slice(2);
const count = Number(given);

function report(name, work, seconds) {
  console.log(`${name}: ${work} in ${seconds.toFixed(2)} s, ${Math.round(work / seconds)} per second`);
}

async function timed(name, work, body) {
  const began = process.hrtime.bigint();
  await body();
  report(name, work, Number(process.hrtime.bigint() - began) / 1e9);
}

/** Signed requests of one phone, in order. */
async function signed(store) {
  const phone = new Phone(fixture.saved, toEngine(open(store)), now);
  const request = { method: 'POST', uriId: '/login', body: '{}' };
  const all = [];
  // The prepared phone has signed with the first values of its counter already.
  for (let i = 0; i < count + 1; i += 1) {
    all.push(asking(await phone.do({ do: 'signatureHeader', ...request, pin: '1234' }), request));
  }
  phone.free();
  return all;
}

if (what === 'verify') {
  const store = await activated();
  const engine = open(store);
  const all = await signed(store);
  let valid = 0;
  const one = async (request) => {
    const { body } = await engine.handle(request);
    valid += Number(Buffer.from(body).includes('"signatureValid":true'));
  };
  await one(all[0]);
  await timed('Node, signature/verify over the store in memory', count, async () => {
    for (const request of all.slice(1)) await one(request);
  });
  if (valid !== count + 1) throw new Error(`${valid} of ${count + 1} are valid`);
} else {
  const file = fileURLToPath(new URL('../examples/express.mjs', import.meta.url));
  const server = spawn('node', [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(createInterface({ input: server.stdout }), 'line');
  const base = said.split(' ').at(-1);
  const ids = [];
  const begin = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"amount":"100","iban":"CZ6508000000192000145399"}' };
  const many = async (one) => {
    let next = 0;
    const worker = async () => {
      for (let number = next++; number < count; number = next++) {
        const response = await one(number);
        const text = await response.text();
        if (response.status !== 200) throw new Error(text);
        ids.push(text);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
  };
  const how = '32 at a time, client on the same machine';
  await timed(`Express example, payments begun, ${how}`, count, () => many(() => fetch(`${base}/payments`, begin)));
  const begun = ids.splice(0);
  await timed(`Express example, payments looked at, ${how}`, count, () => many((number) => fetch(`${base}/payments/${begun[number]}`)));
  server.kill();
}
