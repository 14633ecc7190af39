// The engine: requests in, replies out, records in a store of the host's.

import * as raw from '../pkg/countersign.js';
import { Api } from './api.mjs';
import { copyOf } from './bytes.mjs';
import { CountersignError, NotApplied, expected, guarded, released, written } from './errors.mjs';
import { Lanes } from './lanes.mjs';
import { numbers } from './rules.mjs';
import {
  kindOf,
  readBatch,
  readPassed,
  readQueries,
  readReply,
  writeAnswers,
  writeNotApplied,
  writeOutcome,
  writeRequest,
  writeUnknown,
} from './wire.mjs';

const encoder = new TextEncoder();

const optionalText = (value) => value === undefined || value === null || typeof value === 'string';

/** The message of a request and its body: everything is read once and copied before anything happens. */
function copied(request) {
  expected(typeof request === 'object' && request !== null, 'request');
  const { method, path, query, headers = [], body: given = '', peer } = request;
  expected(typeof method === 'string', 'method');
  expected(typeof path === 'string', 'path');
  expected(optionalText(query), 'query');
  expected(optionalText(peer), 'peer');
  const pairs = written(() => [...headers], 'headers');
  const body = bytesOf(given, 'body');
  return { message: written(() => writeRequest({ method, path, query, headers: pairs, body, peer }), 'request'), body };
}

/** A copy of bytes or of a text's UTF-8. */
function bytesOf(given, name) {
  if (typeof given === 'string') return encoder.encode(given);
  expected(given instanceof Uint8Array, name);
  return written(() => copyOf(given), name);
}

function keysOf(first, older) {
  expected(Array.isArray(older), 'olderKeys');
  const all = [first, ...older];
  const bytes = new Uint8Array(32 * all.length);
  const ids = all.map((sealing, place) => {
    const { id, key } = sealing ?? {};
    expected(Number.isInteger(id) && id >= 0 && id <= 0xffffffff, 'sealingKey.id');
    expected(key instanceof Uint8Array && key.length === 32, 'sealingKey.key');
    bytes.set(key, 32 * place);
    return id;
  });
  return { ids: Uint32Array.from(ids), bytes };
}

/** A request on its way through the engine, for hosts with a loop of their own. */
export class Call {
  #raw;

  /** @internal */
  constructor(call) {
    this.#raw = call;
  }

  #live() {
    if (!this.#raw) throw new CountersignError('stale_handle', 'the call was freed');
    return this.#raw;
  }

  /** Calls with the same lane should take turns; undefined for a call that changes nothing. */
  get lane() {
    const call = this.#live();
    return guarded(() => call.lane);
  }

  /**
   * Takes one step: without `answer` first, then with the store's answer to the step before.
   * After `malformed` and `unexpected` the call still waits for the same answer.
   */
  step(answer, nowMs) {
    const call = this.#live();
    expected(answer === undefined || answer instanceof Uint8Array, 'answer');
    expected(typeof nowMs === 'number', 'nowMs');
    const copy = answer && bytesOf(answer, 'answer');
    const message = guarded(() => call.step(copy, nowMs));
    return { kind: kindOf(message), message };
  }

  /** Seals the one answer to an encrypted request that has passed. */
  seal(plain, nowMs) {
    const call = this.#live();
    expected(typeof nowMs === 'number', 'nowMs');
    const bytes = bytesOf(plain, 'plain');
    return readReply(guarded(() => call.seal(bytes, nowMs)));
  }

  /** Ends the call, at any point; once is enough. What a batch has changed stays. */
  free() {
    const call = this.#raw;
    this.#raw = undefined;
    if (call) released(guarded, () => call.free());
  }
}

/** A request to a route of the host's own that may pass. */
class Passed {
  passed = true;
  #call;
  #now;

  constructor({ caller, body }, sent, call, now) {
    this.caller = caller;
    this.encrypted = body !== null;
    this.body = body ?? sent;
    this.#call = call;
    this.#now = now;
    if (!this.encrypted) this.free();
  }

  /** Seals the one answer to an encrypted request. Refusals go out unencrypted. */
  seal(plain) {
    if (!this.#call) throw new CountersignError('nothing_to_seal', 'there is nothing to seal, or no longer');
    try {
      return this.#call.seal(plain, this.#now());
    } finally {
      this.free();
    }
  }

  /** Gives up sealing. */
  free() {
    this.#call?.free();
    this.#call = undefined;
  }
}

/** An engine and its store. */
export class Engine {
  #raw;
  #store;
  #now;
  #timeout;
  #onStoreError;
  #lanes = new Lanes();

  constructor(options) {
    expected(typeof options === 'object' && options !== null, 'options');
    const { sealingKey, olderKeys = [], store, settings = {}, open = false, now = Date.now } = options;
    const { storeTimeout = 10_000, onStoreError = () => {} } = options;
    expected(typeof store?.read === 'function' && typeof store.commit === 'function', 'store');
    expected(typeof settings === 'object' && settings !== null, 'settings');
    expected(typeof open === 'boolean', 'open');
    expected(typeof now === 'function', 'now');
    expected(typeof onStoreError === 'function', 'onStoreError');
    expected(typeof storeTimeout === 'number' && storeTimeout > 0 && storeTimeout <= 0x7fffffff, 'storeTimeout');
    const { ids, bytes } = keysOf(sealingKey, olderKeys);
    const text = written(() => JSON.stringify(settings), 'settings');
    expected(typeof text === 'string', 'settings');
    this.#raw = guarded(() => new raw.Engine(ids, bytes, text, open));
    bytes.fill(0);
    this.#store = store;
    this.#now = now;
    this.#timeout = storeTimeout;
    this.#onStoreError = onStoreError;
  }

  #live() {
    if (!this.#raw) throw new CountersignError('stale_handle', 'the engine was freed');
    return this.#raw;
  }

  /** Begins a request. Nothing is read or changed before the first step. */
  begin(request) {
    const { message } = copied(request);
    const engine = this.#live();
    return new Call(guarded(() => engine.begin(message)));
  }

  /** As `begin`, for a request to a route of the host's own; its last step may be of kind `passed`. */
  beginCheck(rules, request) {
    return this.#judge(rules, copied(request).message);
  }

  #judge(rules, message) {
    const { proof, encryption, factors, resource, maxBody } = numbers(rules);
    const engine = this.#live();
    return new Call(guarded(() => engine.check(proof, encryption, factors, resource, maxBody, message)));
  }

  /**
   * Answers a request. Rejects only for wrong arguments and for defects; a store that fails makes a
   * reply with status 503.
   */
  async handle(request) {
    const call = this.begin(request);
    try {
      return readReply((await this.#run(call)).message);
    } finally {
      call.free();
    }
  }

  /**
   * Judges a request to a route of the host's own: who called, or the reply of the refusal, which is to be sent as it
   * is. Whatever fails, the store too, ends in a refusal or an error. The path of the request is not looked at.
   */
  async check(rules, request) {
    const { message, body } = copied(request);
    const call = this.#judge(rules, message);
    let end;
    try {
      end = await this.#run(call);
      if (end.kind === 'passed') return new Passed(readPassed(end.message), body, call, this.#now);
      return { passed: false, reply: readReply(end.message) };
    } finally {
      if (end?.kind !== 'passed') call.free();
    }
  }

  /** Typed methods of the server API: no network, no JSON; refusals are errors of type `ApiError`. */
  server(credentials) {
    return new Api(this, 'server', credentials);
  }

  /** Typed methods of the API of the hosted product. */
  cloud(credentials) {
    return new Api(this, 'cloud', credentials);
  }

  /** Typed methods of the API for administrators. */
  admin(credentials) {
    return new Api(this, 'admin', credentials);
  }

  #run(call) {
    return this.#lanes.run(call.lane, () => this.#drive(call));
  }

  async #drive(call) {
    let answer;
    let asked;
    for (;;) {
      const step = this.#step(call, asked, answer);
      if (step.kind !== 'read' && step.kind !== 'commit') return step;
      asked = step.kind;
      answer = asked === 'read' ? await this.#read(step.message) : await this.#commit(step.message);
    }
  }

  /** An answer that does not fit its question is a failure of the store like any other. */
  #step(call, asked, answer) {
    try {
      return call.step(answer, this.#now());
    } catch (error) {
      if (asked === undefined || !['malformed', 'unexpected'].includes(error?.code)) throw error;
      this.#report(error);
      return call.step(asked === 'read' ? writeNotApplied() : writeUnknown(), this.#now());
    }
  }

  async #read(message) {
    const queries = readQueries(message);
    try {
      return writeAnswers(queries, await this.#inTime(this.#store.read(queries)));
    } catch (error) {
      this.#report(error);
      return writeNotApplied();
    }
  }

  async #commit(message) {
    const batch = readBatch(message);
    try {
      return writeOutcome(await this.#inTime(this.#store.commit(batch)));
    } catch (error) {
      this.#report(error);
      // Anything else than a promise that nothing happened: the engine finds out.
      return error instanceof NotApplied ? writeNotApplied() : writeUnknown();
    }
  }

  #inTime(promise) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('the store did not answer in time')), this.#timeout);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  #report(error) {
    try {
      this.#onStoreError(error);
    } catch {
      // A listener that fails changes nothing.
    }
  }

  /** Closes the engine. Requests that were begun go on. */
  free() {
    const engine = this.#raw;
    this.#raw = undefined;
    if (engine) released(guarded, () => engine.free());
  }
}
