// The engine: requests in, replies out, records in a store of the host's.

import * as raw from '../pkg/countersign.js';
import { CountersignError, NotApplied, expected, guarded } from './errors.mjs';
import { Lanes } from './lanes.mjs';
import {
  kindOf,
  readBatch,
  readQueries,
  readReply,
  writeAnswers,
  writeNotApplied,
  writeOutcome,
  writeUnknown,
} from './wire.mjs';

/**
 * @typedef {import('./wire.mjs').Reply} Reply
 * @typedef {{ method: string, path: string, query?: string, headers?: Iterable<[string, string]>,
 *   body?: Uint8Array | string, peer?: string }} Request
 *   `path` below the mount point, as received, without the query.
 * @typedef {{ read(queries: import('./wire.mjs').Query[]): Promise<(import('./wire.mjs').StoredRecord | null
 *   | import('./wire.mjs').Page)[]>, commit(batch: import('./wire.mjs').Batch):
 *   Promise<import('./wire.mjs').Outcome> }} Store
 *   What it promises is in docs/embedding.md.
 */

const encoder = new TextEncoder();

const optionalText = (value) => value === undefined || value === null || typeof value === 'string';

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
   * @param {Uint8Array | undefined} answer
   * @param {number} nowMs milliseconds since 1970, as from `Date.now()`
   * @returns {{ kind: 'read' | 'commit' | 'reply', message: Uint8Array }}
   */
  step(answer, nowMs) {
    const call = this.#live();
    expected(answer === undefined || answer instanceof Uint8Array, 'answer');
    expected(typeof nowMs === 'number', 'nowMs');
    const message = guarded(() => call.step(answer, nowMs));
    return { kind: kindOf(message), message };
  }

  /** Ends the call, at any point; once is enough. What a batch has changed stays. */
  free() {
    const call = this.#raw;
    this.#raw = undefined;
    if (call) guarded(() => call.free());
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

  /**
   * @param {{ sealingKey: { id: number, key: Uint8Array }, store: Store, open?: boolean, now?: () => number,
   *   storeTimeout?: number, onStoreError?: (error: unknown) => void }} options
   *   `sealingKey`: 32 random bytes, copied, and their number. `open`: the server API answers anybody.
   *   `storeTimeout`: milliseconds after which a store call counts as lost, 10,000.
   *   `onStoreError`: hears what the store threw; callers of the engine never do.
   */
  constructor({ sealingKey, store, open = false, now = Date.now, storeTimeout = 10_000, onStoreError = () => {} }) {
    expected(Number.isInteger(sealingKey?.id) && sealingKey.id >= 0 && sealingKey.id <= 0xffffffff, 'sealingKey.id');
    expected(sealingKey.key instanceof Uint8Array, 'sealingKey.key');
    expected(typeof store?.read === 'function' && typeof store.commit === 'function', 'store');
    expected(typeof open === 'boolean', 'open');
    expected(storeTimeout > 0 && storeTimeout <= 0x7fffffff, 'storeTimeout');
    this.#raw = guarded(() => new raw.Engine(sealingKey.id, sealingKey.key, open));
    this.#store = store;
    this.#now = now;
    this.#timeout = storeTimeout;
    this.#onStoreError = onStoreError;
  }

  /**
   * Begins a request. Nothing is read or changed before the first step.
   * @param {Request} request
   */
  begin({ method, path, query, headers = [], body = '', peer }) {
    if (!this.#raw) throw new CountersignError('stale_handle', 'the engine was freed');
    const pairs = [...headers].flatMap(([name, value]) => [name, value]);
    expected(typeof method === 'string', 'method');
    expected(typeof path === 'string', 'path');
    expected(optionalText(query), 'query');
    expected(pairs.every((text) => typeof text === 'string'), 'headers');
    expected(optionalText(peer), 'peer');
    const bytes = typeof body === 'string' ? encoder.encode(body) : body;
    expected(bytes instanceof Uint8Array, 'body');
    return new Call(guarded(() => this.#raw.begin(method, path, query, pairs, bytes, peer)));
  }

  /**
   * Answers a request. Rejects only for wrong arguments and for defects; a store that fails makes a
   * reply with status 503.
   * @param {Request} request
   * @returns {Promise<Reply>}
   */
  async handle(request) {
    const call = this.begin(request);
    try {
      return await this.#lanes.run(call.lane, () => this.#drive(call));
    } finally {
      call.free();
    }
  }

  async #drive(call) {
    let answer;
    for (;;) {
      const { kind, message } = call.step(answer, this.#now());
      if (kind === 'reply') return readReply(message);
      answer = kind === 'read' ? await this.#read(message) : await this.#commit(message);
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
    if (engine) guarded(() => engine.free());
  }
}
