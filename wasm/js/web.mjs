// What the adapters share: requests as the engine takes them, and replies on their way out.

import { STATUS_CODES } from 'node:http';
import { CountersignError, expected } from './errors.mjs';
import { numbers } from './rules.mjs';

/** Longest body of a request that the engine looks at, in bytes; longer ones are answered with status 413. */
export const MAX_BODY = 64 * 1024;

/** The bound for a route with these rules; throws when nobody could pass, or everybody. */
export function limitOf(engine, rules) {
  expected(typeof engine?.handle === 'function' && typeof engine.check === 'function', 'engine');
  return numbers(rules).maxBody || MAX_BODY;
}

/**
 * The bytes of a body. One that is too long is cut right behind the limit, and the rest is not read: the engine answers
 * it with 413.
 */
export function readBody(stream, limit) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    const settle = (error) => {
      stream.off('data', more).off('end', settle).off('error', settle).off('close', closed);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks).subarray(0, limit + 1));
    };
    const more = (chunk) => {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length <= limit) return;
      stream.pause();
      settle();
    };
    const closed = () => settle(new CountersignError('argument', 'the request ended in the middle'));
    stream.on('data', more).on('end', settle).on('error', settle).on('close', closed);
  });
}

/** The body of a request of Node, or what a parser of raw bodies has made of it. */
export async function bodyOf(req, limit) {
  if (req.body instanceof Uint8Array) return Buffer.from(req.body).subarray(0, limit + 1);
  if (req.readableDidRead || req.readableEnded) {
    const empty = req.headers['transfer-encoding'] === undefined && !(Number(req.headers['content-length']) > 0);
    if (empty) return Buffer.alloc(0);
    throw new CountersignError('internal', 'the body was read before: protect the route before parsers of bodies');
  }
  return readBody(req, limit);
}

/** A request of Node as the engine takes it. `url` is the path below the mount point, with the query. */
export function requestOf(req, url, body, peer) {
  const mark = url.indexOf('?');
  const headers = [];
  for (let at = 0; at + 1 < req.rawHeaders.length; at += 2) headers.push([req.rawHeaders[at], req.rawHeaders[at + 1]]);
  return {
    method: req.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? undefined : url.slice(mark + 1),
    headers,
    body,
    peer,
  };
}

/** Sends a reply. After one that is too long the connection ends: its rest is not read. */
export function send(res, { status, headers, body }) {
  for (const [name, value] of headers) res.setHeader(name, value);
  if (status === 413) res.setHeader('connection', 'close');
  res.setHeader('content-length', body.length);
  res.statusCode = status;
  res.end(body);
}

/** The reply for an engine that could not: nothing was authenticated. */
export function failed(error) {
  const status = { argument: 400, malformed: 400, stale_handle: 503 }[error?.code] ?? 500;
  return { status, headers: [['content-type', 'text/plain']], body: Buffer.from(STATUS_CODES[status]) };
}

/** The sealed form of an answer: only successful ones are sealed. */
export function sealed(passed, status, body) {
  if (!passed.encrypted || status < 200 || status > 299) return undefined;
  const reply = passed.seal(body);
  return { status: status === 204 || status === 205 ? 200 : status, headers: reply.headers, body: Buffer.from(reply.body) };
}

const callers = new WeakMap();

/** Remembers who sent a request. */
export function remember(request, passed) {
  callers.set(request, passed);
}

/** Who sent a request to a protected route, and what was in it; undefined for any other. */
export function passedOf(request) {
  return callers.get(request);
}

/** Holds an answer back until it is whole, and sends it sealed. */
export function hold(res, passed) {
  const chunks = [];
  const { writeHead, write, end, flushHeaders } = res;
  const take = (chunk, encoding) => {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    }
  };
  const told = (...all) => all.find((it) => typeof it === 'function');
  res.writeHead = (status, ...rest) => {
    res.statusCode = status;
    const headers = rest.find((it) => typeof it === 'object' && it !== null) ?? {};
    const pairs = Array.isArray(headers)
      ? headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : []))
      : Object.entries(headers);
    for (const [name, value] of pairs) res.setHeader(name, value);
    return res;
  };
  res.flushHeaders = () => {};
  res.write = (chunk, encoding, callback) => {
    take(chunk, encoding);
    const tell = told(encoding, callback);
    if (tell) queueMicrotask(tell);
    return true;
  };
  res.end = (chunk, encoding, callback) => {
    take(chunk, encoding);
    Object.assign(res, { writeHead, write, end, flushHeaders });
    let reply;
    const body = Buffer.concat(chunks);
    try {
      reply = sealed(passed, res.statusCode, body) ?? { status: res.statusCode, headers: [], body };
    } catch (error) {
      reply = failed(error);
    }
    // They would tell about what is inside.
    for (const name of ['etag', 'transfer-encoding', 'content-encoding', 'content-length']) res.removeHeader(name);
    const tell = told(chunk, encoding, callback);
    if (tell) res.once('finish', tell);
    send(res, reply);
    return res;
  };
  res.once('close', () => passed.free());
}
