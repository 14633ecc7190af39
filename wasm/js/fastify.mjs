// Adapter for Fastify.

import { Readable } from 'node:stream';
import { phones, serving } from './families.mjs';
import { failed, limitOf, MAX_BODY, passedOf, readBody, remember, requestOf, sealed } from './web.mjs';

export { phones } from './families.mjs';
export { MAX_BODY, passedOf } from './web.mjs';

function answer(reply, { status, headers, body }) {
  if (status === 413) reply.header('connection', 'close');
  for (const [name, value] of headers) reply.header(name, value);
  return reply.code(status).send(Buffer.from(body));
}

/** Plugin that serves API families: `app.register(mount, { prefix: '/app', engine })`. */
export async function mount(app, { engine, families = phones }) {
  const served = serving(families);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_, payload) => readBody(payload, MAX_BODY));
  app.all('/*', async (request, reply) => {
    const url = request.raw.url.slice(app.prefix.length);
    if (!request.raw.url.startsWith(app.prefix) || !served(url)) return reply.callNotFound();
    try {
      return answer(reply, await engine.handle(requestOf(request.raw, url, request.body ?? '', request.ip)));
    } catch (error) {
      return answer(reply, failed(error));
    }
  });
}

/** What an answer consists of, whatever form it has. */
async function collected(payload) {
  if (payload === null || payload === undefined) return Buffer.alloc(0);
  if (typeof payload === 'string' || payload instanceof Uint8Array) return Buffer.from(payload);
  const chunks = [];
  for await (const chunk of payload) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/**
 * Options of a route that only phones may call: `app.post('/transfer', protect(engine, rules), handler)`. The handler
 * finds who called, and the exact bytes, with `passedOf(request)`; its body is what was encrypted. A successful answer of
 * an encrypted route is sealed.
 */
export function protect(engine, rules) {
  const limit = limitOf(engine, rules);
  return {
    async preParsing(request, reply, payload) {
      let end;
      let body;
      try {
        body = await readBody(payload, limit);
        end = await engine.check(rules, requestOf(request.raw, request.raw.url, body, request.ip));
      } catch (error) {
        return answer(reply, failed(error));
      }
      if (!end.passed) return answer(reply, end.reply);
      end.body = Buffer.from(end.body);
      remember(request, end);
      reply.raw.once('close', () => end.free());
      const opened = Readable.from([end.body], { objectMode: false });
      // What came over the network, for those who compare it with the header.
      opened.receivedEncodedLength = body.length;
      return opened;
    },
    async onSend(request, reply, payload) {
      const passed = passedOf(request);
      if (!passed?.encrypted) return payload;
      const status = reply.statusCode;
      if (status < 200 || status > 299) return payload;
      const made = sealed(passed, status, await collected(payload));
      for (const name of ['etag', 'content-length', 'content-encoding']) reply.removeHeader(name);
      reply.code(made.status);
      for (const [name, value] of made.headers) reply.header(name, value);
      return made.body;
    },
  };
}
