// A phone for the tests of a back end: the whole other side of the protocol.
//
// With a seed it makes the same bytes at the same moments. It is not for phones of people: PINs and keys pass through
// texts, and nothing waits until a state is stored.

import { Phone as RawPhone } from '../pkg/testing.js';
import { CountersignError, expected, guardedTest as guarded, released, written } from './errors.mjs';
import { readSent } from './wire.mjs';

const decoder = new TextDecoder();

/** A command that did not work on the phone's side (`kind` says where), or that the server refused. */
export class PhoneError extends CountersignError {
  constructor({ kind, message, status, code, currentRecoveryPukIndex }) {
    super(kind === 'refused' ? (code ?? kind) : kind, message);
    this.name = 'PhoneError';
    this.kind = kind;
    this.status = status;
    this.currentRecoveryPukIndex = currentRecoveryPukIndex;
  }
}

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** The members of a command for a request to the host: bodies of any bytes. */
function sending({ path, method, body, factors }) {
  return { path, method, factors, bodyBase64: body instanceof Uint8Array ? base64(body) : undefined,
    body: typeof body === 'string' ? body : undefined };
}

function answered({ status, body, bodyBase64 }) {
  const bytes = bodyBase64 === undefined ? new TextEncoder().encode(body ?? '')
    : Uint8Array.from(atob(bodyBase64), (char) => char.charCodeAt(0));
  return { status, body: bytes, text: decoder.decode(bytes) };
}

/** Requests go straight to an engine, without a server. */
export const toEngine = (engine) => ({ query, ...request }) => engine.handle({ ...request, query: query ?? undefined });

/** Requests go to a server, such as "https://bank.example/app". */
export const toUrl = (base, fetch = globalThis.fetch) => async ({ method, path, query, headers, body }) => {
  const target = `${base}${path}${query === null ? '' : `?${query}`}`;
  const response = await fetch(target, { method, headers, body: method === 'GET' ? undefined : body });
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
};

/** A phone with one activation, or none yet. It does one thing at a time. */
export class Phone {
  #raw;
  #send;
  #now;
  #turn = Promise.resolve();

  constructor(settings, send, now = Date.now) {
    expected(typeof settings === 'object' && settings !== null, 'settings');
    expected(typeof send === 'function', 'send');
    expected(typeof now === 'function', 'now');
    const text = written(() => JSON.stringify(settings), 'settings');
    this.#raw = guarded(() => new RawPhone(text));
    this.#send = send;
    this.#now = now;
  }

  /** Runs a command given as JSON, and gives the JSON of its end. */
  perform(text) {
    expected(typeof text === 'string', 'command');
    const turn = this.#turn.then(() => this.#run(text));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #run(text) {
    let message = this.#step((phone) => phone.perform(text, this.#now()));
    while (message[0] === 1) {
      const { status, body } = await this.#send(readSent(message));
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      expected(Number.isInteger(status) && status >= 0 && status <= 0xffff, 'status');
      expected(bytes instanceof Uint8Array, 'body');
      message = this.#step((phone) => phone.answer(status, bytes, this.#now()));
    }
    return decoder.decode(message);
  }

  #step(work) {
    const phone = this.#raw;
    if (!phone) throw new CountersignError('stale_handle', 'the phone was freed');
    return guarded(() => work(phone));
  }

  /** Runs a command, such as { do: 'status' }; `src/bridge/phone/mod.rs` of the project lists them. */
  async do(command) {
    const { result, error } = JSON.parse(await this.perform(written(() => JSON.stringify(command), 'command')));
    if (error) throw new PhoneError(error);
    return result;
  }

  /** Exchanges keys for an activation code. The phone has biometry, too. */
  activate(code, pin) {
    return this.do({ do: 'activate', code, pin, biometry: true });
  }

  /** Asks the server for the status of the activation, and brings the counter in step. */
  status() {
    return this.do({ do: 'status' });
  }

  /** Sends a signed request. Without a PIN it signs with the phone alone. */
  async sign(request, resource, pin) {
    return answered(await this.do({ do: 'signRequest', ...sending(request), uriId: resource, pin }));
  }

  /** Makes the token that `withToken` and the operations use. */
  async createToken() {
    await this.do({ do: 'createToken' });
  }

  /** Sends a request with the token. */
  async withToken(request) {
    return answered(await this.do({ do: 'tokenRequest', ...sending(request) }));
  }

  /** Sends an encrypted request; with a resource and a PIN it is signed, too. */
  async encrypt(request, { scope, resource, pin } = {}) {
    return answered(await this.do({ do: 'encryptRequest', ...sending(request), scope, uriId: resource, pin }));
  }

  /** Lists the operations that wait, newest first. Needs a token. */
  async operations() {
    return (await this.do({ do: 'listOperations' })).operations;
  }

  /** Approves an operation with phone and PIN. */
  async approve({ id, data }, pin) {
    await this.do({ do: 'approve', id, data, pin });
  }

  /** Rejects an operation. */
  async reject({ id }, reason) {
    await this.do({ do: 'reject', id, reason });
  }

  /** Approves what a QR code contains, without a network, and gives the code to type. */
  async offline(payload, pin) {
    return (await this.do({ do: 'offline', payload, pin })).code;
  }

  /** Ends the activation. */
  async remove(pin) {
    await this.do({ do: 'remove', pin });
  }

  /** The phone's state, for the settings of another. It contains its keys. */
  save() {
    return this.do({ do: 'save' });
  }

  /** Frees the phone. */
  free() {
    const phone = this.#raw;
    this.#raw = undefined;
    if (phone) released(guarded, () => phone.free());
  }
}
