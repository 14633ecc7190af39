// Typed methods: the endpoints of an API as functions, without a network.

import { ApiError, CountersignError, expected, written } from './errors.mjs';
import { methods } from './methods.mjs';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function base64(text) {
  return btoa(Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

function headersOf(credentials) {
  const headers = [['Content-Type', 'application/json']];
  if (credentials === undefined) return headers;
  const { username, password } = credentials ?? {};
  expected(typeof username === 'string' && typeof password === 'string', 'credentials');
  return [...headers, ['Authorization', `Basic ${base64(`${username}:${password}`)}`]];
}

function parsed(body) {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}

function refusal({ status, body }) {
  const { code, message } = parsed(body)?.responseObject ?? {};
  if (typeof code === 'string') return new ApiError(status, code, String(message));
  return new ApiError(status, 'refused', `the answer has status ${status}`);
}

async function call(engine, headers, row, body, parameters) {
  const [method, template, boxed, unboxed] = row;
  expected(typeof parameters === 'object' && parameters !== null, 'parameters');
  const left = new Map(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const path = template.replace(/\{(\w+)\}/g, (_, name) => {
    const value = left.get(name);
    expected(typeof value === 'string' && value !== '', `parameters.${name}`);
    left.delete(name);
    return encodeURIComponent(value);
  });
  const query = left.size > 0 ? new URLSearchParams([...left]).toString() : undefined;
  const object = boxed ? { requestObject: body ?? {} } : body;
  const text = object === undefined ? '' : written(() => JSON.stringify(object), 'request');
  const reply = await engine.handle({ method, path, query, headers, body: text });
  if (reply.status !== 200) throw refusal(reply);
  const answer = parsed(reply.body);
  if (answer === undefined) throw new CountersignError('internal', 'an answer is not as documented');
  return unboxed ? answer.responseObject : answer;
}

/** Has a method per endpoint, by the name that the documents give it. */
export class Api {
  constructor(engine, name, credentials) {
    const headers = headersOf(credentials);
    for (const [method, row] of Object.entries(methods[name])) {
      this[method] = (body, parameters = {}) => call(engine, headers, row, body, parameters);
    }
  }
}
