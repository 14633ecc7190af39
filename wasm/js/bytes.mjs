// Reading and writing the fields of the wire format (see docs/embedding.md).

const VERSION = 1;
// Ids may begin with what is elsewhere the mark of a byte order.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

// The length that an array has, whatever its properties say.
const { get: lengthOf } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length');

/** A copy of bytes; throws a TypeError when their buffer was detached. */
export function copyOf(bytes) {
  const copy = new Uint8Array(lengthOf.call(bytes));
  copy.set(bytes);
  return copy;
}

/** Reads a message that the engine wrote. */
export class Reader {
  #bytes;
  #view;
  #at = 0;

  constructor(message) {
    this.#bytes = message;
    this.#view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    if (this.u8() !== VERSION) throw new RangeError('unknown version of the message format');
    this.kind = this.u8();
  }

  take(length) {
    if (this.#bytes.length - this.#at < length) throw new RangeError('the message is cut off');
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  #skip(length) {
    const at = this.#at;
    this.take(length);
    return at;
  }

  u8() {
    return this.#view.getUint8(this.#skip(1));
  }

  u16() {
    return this.#view.getUint16(this.#skip(2));
  }

  u32() {
    return this.#view.getUint32(this.#skip(4));
  }

  u64() {
    return this.#view.getBigUint64(this.#skip(8));
  }

  text() {
    return decoder.decode(this.take(this.u16()));
  }

  bytes() {
    return this.take(this.u32());
  }

  list(item) {
    return Array.from({ length: this.u16() }, item);
  }

  /** The field, or null. */
  optional(item) {
    return this.u8() === 1 ? item() : null;
  }
}

/** Writes a message for the engine. Throws a TypeError for values of another type or length. */
export class Writer {
  #bytes = new Uint8Array(512);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  constructor(kind) {
    this.u8(VERSION);
    this.u8(kind);
  }

  finish() {
    return this.#bytes.slice(0, this.#length);
  }

  /** The place of the next bytes. Before anything is written, because it may move what was written. */
  #room(length) {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  u8(value) {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  u16(value) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new TypeError('not 16 bits');
    const at = this.#room(2);
    this.#view.setUint16(at, value);
  }

  u64(value) {
    if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) {
      throw new TypeError('not an unsigned bigint of 64 bits');
    }
    const at = this.#room(8);
    this.#view.setBigUint64(at, value);
  }

  raw(bytes, length = lengthOf.call(bytes)) {
    if (!(bytes instanceof Uint8Array) || lengthOf.call(bytes) !== length) {
      throw new TypeError('not the bytes expected');
    }
    const at = this.#room(length);
    // Throws for an array whose buffer was detached.
    this.#bytes.set(bytes, at);
  }

  text(text) {
    if (typeof text !== 'string') throw new TypeError('not a text');
    const bytes = encoder.encode(text);
    this.u16(bytes.length);
    this.raw(bytes);
  }

  bytes(bytes) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('not bytes');
    const length = lengthOf.call(bytes);
    const at = this.#room(4);
    this.#view.setUint32(at, length);
    this.raw(bytes, length);
  }

  optional(value, item) {
    const present = value !== null && value !== undefined;
    this.u8(present ? 1 : 0);
    if (present) item(value);
  }
}
