// Plays ffi/scenario/flow.txt and writes its transcript; the format is described there. Used as it is from modules, from
// CommonJS and from TypeScript: the package comes as an argument.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const scenario = new URL('../../ffi/scenario/', import.meta.url);
const decoder = new TextDecoder();

/** Replaces the generator of the process by the stream of a seed (see `src/bridge/seeded.rs`) until the result is called. */
function seeded(seed) {
  const { getRandomValues } = globalThis.crypto;
  let block = 0n;
  globalThis.crypto.getRandomValues = (out) => {
    const bytes = Buffer.from(out.buffer, out.byteOffset, out.byteLength);
    for (let at = 0; at < bytes.length; at += 32) {
      block += 1n;
      const number = Buffer.alloc(8);
      number.writeBigUInt64BE(block);
      createHash('sha256').update('countersign-engine').update(seed).update(number).digest().copy(bytes, at);
    }
    return out;
  };
  return () => {
    globalThis.crypto.getRandomValues = getRandomValues;
  };
}

const FACTORS = ['possession', 'knowledge', 'biometry', 'possession_knowledge', 'possession_biometry', 'possession_knowledge_biometry'];

function rulesOf(text) {
  const [proof, scope, bits, resource] = text.split(' ');
  const factors = FACTORS.filter((_, place) => Number(bits) & (1 << place));
  const encryption = { 1: 'application', 2: 'activation' }[scope];
  if (proof === '1') return { signature: resource, factors, ...(encryption && { encryption }) };
  if (proof === '2') return { token: true, factors, ...(encryption && { encryption }) };
  return { encryption };
}

/** The value of the first `"member":"…"`, up to the next quote without a backslash. */
function member(text, name) {
  const mark = `"${name}":"`;
  const start = text.indexOf(mark) + mark.length;
  if (start < mark.length) throw new Error(`no ${name} in ${text}`);
  let end = start;
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return text.slice(start, end);
}

export async function play({ Engine, MemoryStore }, { Phone }) {
  const lines = [];
  const say = (mark, text) => lines.push(`${mark}${text}\n`);
  const kept = new Map();
  const phones = new Map();
  const routes = new Map();
  let at = 0;
  let last = '';
  let steps = 0;
  let unseed = () => {};
  let opened;
  const engine = () => {
    opened ??= new Engine({
      sealingKey: { id: 1, key: new Uint8Array(32).fill(0x5a) }, store: new MemoryStore(), open: true, now: () => at,
    });
    return opened;
  };
  const replied = ({ status, body }) => {
    say('< ', status);
    say('< ', decoder.decode(body));
  };
  const answer = async (request) => {
    const rules = routes.get(request.path);
    if (!rules) return engine().handle(request);
    const end = await engine().check(rules, request);
    if (!end.passed) return end.reply;
    const { caller, body } = end;
    const factors = caller.factors === null ? 0 : 1 << FACTORS.indexOf(caller.factors);
    const plain = `{"application":"${caller.applicationId}","version":"${caller.version}","activation":"${caller.activationId ?? ''}",` +
      `"user":"${caller.userId ?? ''}","factors":${factors},"flags":${caller.flags.length},"length":${body.length}}`;
    return end.encrypted ? end.seal(plain) : { status: 200, headers: [], body: new TextEncoder().encode(plain) };
  };
  const send = async (sent) => {
    say('> ', `${sent.method} ${sent.path}${sent.query === null ? '' : `?${sent.query}`}`);
    for (const [name, value] of sent.headers) say('> ', `${name}: ${value}`);
    say('> ', decoder.decode(sent.body));
    const reply = await answer(sent);
    replied(reply);
    return reply;
  };
  const host = async (method, target, body) => {
    const [path, query] = target.split('?');
    const headers = body === '' ? [] : [['Content-Type', 'application/json']];
    const reply = await engine().handle({ method, path, query, headers, body });
    replied(reply);
    last = decoder.decode(reply.body);
  };
  try {
    for (const raw of readFileSync(new URL('flow.txt', scenario), 'utf8').split('\n')) {
      if (raw === '' || raw.startsWith('#')) continue;
      steps += 1;
      let line = raw;
      for (const [name, value] of kept) line = line.replaceAll(`\${${name}}`, () => value);
      say('# ', line);
      const [, word, rest] = /^(\S+) (.*)$/.exec(line);
      const mark = rest.indexOf(' ');
      const [first, second] = mark < 0 ? [rest, ''] : [rest.slice(0, mark), rest.slice(mark + 1)];
      if (word === 'seed') unseed = seeded(first);
      else if (word === 'clock') at = Number(first);
      else if (word === 'wait') at += Number(first);
      else if (word === 'POST' || word === 'GET') await host(word, first, second);
      else if (word === 'guard') routes.set(first, rulesOf(second));
      else if (word === 'phone') phones.set(first, new Phone(JSON.parse(second), send, () => at));
      else if (word === 'do') {
        last = await phones.get(first).perform(second);
        say('= ', last);
      } else if (word === 'keep') kept.set(first, member(last, second));
      else if (word === 'expect') {
        if (!last.includes(rest)) throw new Error(`${line}: not in ${last}`);
      } else throw new Error(`no such step: ${line}`);
    }
  } finally {
    unseed();
    for (const phone of phones.values()) phone.free();
    opened?.free();
  }
  return { steps, transcript: lines.join('') };
}

/** Compares with what every language writes; gives the number of steps. */
export function compare({ steps, transcript }) {
  const expected = readFileSync(new URL('expected.txt', scenario), 'utf8');
  if (transcript !== expected) {
    const [ours, theirs] = [transcript.split('\n'), expected.split('\n')];
    const place = theirs.findIndex((line, number) => ours[number] !== line);
    throw new Error(`line ${place + 1}:\n${ours[place]}\nexpected:\n${theirs[place]}`);
  }
  return steps;
}
