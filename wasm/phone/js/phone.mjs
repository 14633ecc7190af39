// The phone for pages: commands go to the module, its requests to the server, its state into IndexedDB.
//
//     const phone = await Phone.open({ name: 'default' });
//     await phone.activate({ mobileSdkConfig, code, pin });
//     const { operations } = await phone.list();
//     await phone.approve(operations[0], pin);
//
// The state is stored before a request leaves, because a counter must not be used twice. It is encrypted with a key that
// WebCrypto does not give away: whoever copies the database cannot read it. Scripts of the same origin can use the key, and
// a PIN passes through the page. So this is a phone for trying things out, not an app for people.

import init, { Phone as Core } from './phone_core.js';

const DATABASE = 'countersign-phone';
const STORE = 'phones';

/** The server refused, or the phone cannot do it. */
export class PhoneError extends Error {
  constructor({ kind, message, status, code }) {
    super(message);
    this.name = 'PhoneError';
    /** `refused`, `reply`, `request`, `scan`, `argument`, `notActivated`, `network` or `storage`. */
    this.kind = kind;
    this.status = status;
    this.code = code;
  }
}

/** A call into the module; its errors become ours. */
function called(call) {
  try {
    return call();
  } catch (error) {
    throw error.kind ? new PhoneError(error) : error;
  }
}

/** @param {IDBRequest} request */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(new PhoneError({ kind: 'storage', message: 'the state cannot be stored' }));
});

async function database() {
  const open = indexedDB.open(DATABASE, 1);
  open.onupgradeneeded = () => open.result.createObjectStore(STORE);
  return done(open);
}

/** Resolves when the transaction is durable, not when the request succeeded. */
function transaction(db, mode, work) {
  return new Promise((resolve, reject) => {
    const running = db.transaction(STORE, mode, { durability: 'strict' });
    let result;
    const failed = () => reject(new PhoneError({ kind: 'storage', message: 'the state cannot be stored' }));
    running.oncomplete = () => resolve(result);
    running.onabort = failed;
    running.onerror = failed;
    const request = work(running.objectStore(STORE));
    request.onsuccess = () => { result = request.result; };
  });
}

/** The state of one phone, encrypted. */
class Vault {
  #db;
  #name;
  #key;

  static async open(name) {
    const vault = new Vault();
    vault.#db = await database();
    vault.#name = name;
    return vault;
  }

  async read() {
    const record = await transaction(this.#db, 'readonly', (store) => store.get(this.#name));
    if (!record) return null;
    this.#key = record.key;
    const plain = await crypto.subtle.decrypt(this.#algorithm(record.iv), record.key, record.state);
    return new TextDecoder().decode(plain);
  }

  async write(state) {
    this.#key ??= await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(state);
    const sealed = await crypto.subtle.encrypt(this.#algorithm(iv), this.#key, bytes);
    bytes.fill(0);
    await transaction(this.#db, 'readwrite', (store) => store.put({ key: this.#key, iv, state: sealed }, this.#name));
  }

  async forget() {
    await transaction(this.#db, 'readwrite', (store) => store.delete(this.#name));
    this.#key = undefined;
  }

  #algorithm(iv) {
    return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(this.#name) };
  }
}

export class Phone {
  #core = null;
  #vault;
  #server;
  #fetch;
  #name;

  /** Opens the phone called `name`, with what it has stored. */
  static async open({ name = 'default', server = '', module, fetch: send } = {}) {
    await init({ module_or_path: module ?? new URL('phone_core_bg.wasm', import.meta.url) });
    const phone = new Phone();
    phone.#name = name;
    phone.#server = server;
    phone.#fetch = send ?? ((...given) => fetch(...given));
    phone.#vault = await Vault.open(name);
    await phone.#exclusively(() => phone.#load());
    return phone;
  }

  get activated() {
    return this.#core !== null;
  }

  /** New keys for a code; what was there before is forgotten. */
  async activate({ mobileSdkConfig, code, pin, name, otp }) {
    return this.#exclusively(async () => {
      this.#drop();
      this.#core = called(() => new Core(mobileSdkConfig));
      try {
        await this.#fetchKey();
        // Nothing is stored before the server has answered: until then there is nothing to lose.
        const result = await this.#exchange(called(() => this.#core.activate(code, pin, name, otp, Date.now())));
        await this.#save();
        return result;
      } catch (error) {
        this.#drop();
        throw error;
      }
    });
  }

  /** State of the activation, as the server sees it, and the fingerprint of its key. */
  status() {
    return this.#perform(async (core) => {
      const status = await this.#exchange(called(() => core.status()));
      return { ...status, fingerprint: core.fingerprint };
    });
  }

  /** Pending operations. The token for it is made on the first call, which takes no PIN. */
  list() {
    return this.#perform(async (core) => {
      if (!core.hasToken) {
        await this.#fetchKey();
        await this.#signed(() => core.createToken(Date.now()));
      }
      return this.#exchange(called(() => core.list(Date.now())));
    });
  }

  /** Past operations. */
  history(pin) {
    return this.#perform((core) => this.#signed(() => core.history(pin)));
  }

  /** Approves what was shown: `operation` is an entry of the list. */
  approve({ id, data }, pin) {
    return this.#perform((core) => this.#signed(() => core.approve(id, data, pin, Date.now())));
  }

  /** Rejects an operation. */
  reject({ id }, reason) {
    return this.#perform((core) => this.#signed(() => core.reject(id, reason)));
  }

  /** The digits that approve an operation without a connection, for the text of its QR code. */
  offline(payload, pin) {
    return this.#perform(async (core) => {
      const result = JSON.parse(called(() => core.offline(payload, pin)));
      await this.#save();
      return result;
    });
  }

  /** Ends the activation, at the server and here. */
  async remove() {
    await this.#perform((core) => this.#exchange(called(() => core.remove())));
    return this.forget();
  }

  /** Forgets the activation here only. */
  forget() {
    return this.#exclusively(async () => {
      this.#drop();
      await this.#vault.forget();
    });
  }

  #perform(work) {
    return this.#exclusively(async () => {
      // Another window may have used a counter meanwhile.
      await this.#load();
      if (!this.#core) throw new PhoneError({ kind: 'notActivated', message: 'the phone is not activated' });
      return work(this.#core);
    });
  }

  /** One command at a time, over all windows. */
  #exclusively(work) {
    return navigator.locks.request(`countersign-phone-${this.#name}`, work);
  }

  async #load() {
    const state = await this.#vault.read();
    this.#drop();
    if (state !== null) this.#core = called(() => Core.restore(state));
  }

  #save() {
    return this.#vault.write(called(() => this.#core.state()));
  }

  #drop() {
    this.#core?.free();
    this.#core = null;
  }

  /** The server's temporary key, which others are encrypted to. */
  async #fetchKey() {
    const request = called(() => this.#core.temporaryKey(Date.now()));
    if (request) await this.#exchange(request);
  }

  /** A request with a signature: the moved counter is stored before it leaves, and what it brought afterwards. */
  async #signed(build) {
    const request = called(build);
    await this.#save();
    const result = await this.#exchange(request);
    await this.#save();
    return result;
  }

  /** Sends a request, and reads its reply. */
  async #exchange(request) {
    const { method, path, headers: given, body } = request;
    request.free();
    const headers = [];
    for (let at = 0; at < given.length; at += 2) headers.push([given[at], given[at + 1]]);
    let status;
    let reply;
    try {
      const response = await this.#fetch(this.#server + path, {
        method, headers, body: method === 'GET' ? undefined : body, credentials: 'omit', cache: 'no-store', redirect: 'error',
      });
      status = response.status;
      reply = new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new PhoneError({ kind: 'network', message: 'the server cannot be reached' });
    }
    return JSON.parse(called(() => this.#core.answer(status, reply)));
  }
}
