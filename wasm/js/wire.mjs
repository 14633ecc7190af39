// Messages to and from the engine as objects. The bytes are described in docs/embedding.md.

import { Reader, Writer } from './bytes.mjs';

const encoder = new TextEncoder();

/**
 * @typedef {{ id: string, rev: Uint8Array, expiresAt: bigint | null, body: Uint8Array }} StoredRecord
 * @typedef {{ sort: bigint, id: string }} Cursor
 * @typedef {{ type: 'get', collection: string, id: string }} Get
 * @typedef {{ type: 'scan', collection: string, index: string, value: Uint8Array, from: bigint, to: bigint,
 *   newestFirst: boolean, after: Cursor | null, limit: number }} Scan
 * @typedef {Get | Scan} Query
 * @typedef {{ records: StoredRecord[], next: Cursor | null }} Page
 * @typedef {{ index: string, value: Uint8Array, sort: bigint }} IndexEntry
 * @typedef {{ type: 'put', collection: string, id: string, expect: Uint8Array | null, body: Uint8Array,
 *   expiresAt: bigint | null, entries: IndexEntry[] | null }} Put  `expect`: the revision that the record
 *   must have, null: no record may exist. `entries`: null keeps the present ones.
 * @typedef {{ type: 'check', collection: string, id: string, expect: Uint8Array | null }} Check
 * @typedef {{ type: 'append', collection: string, id: string, expect: null, body: Uint8Array,
 *   expiresAt: bigint | null, entries: IndexEntry[] }} Append
 * @typedef {Put | Check | Append} Write
 * @typedef {{ rev: Uint8Array, writes: Write[] }} Batch
 * @typedef {{ applied: true } | { conflicts: { position: number, record: StoredRecord | null }[] }} Outcome
 * @typedef {{ status: number, headers: [string, string][], body: Uint8Array }} Reply
 */

const QUERIES = 0x01;
const BATCH = 0x02;
const REPLY = 0x03;
const PASSED = 0x04;
const SENT = 0x05;
const BEGIN = 0x20;
const ANSWERS = 0x11;
const APPLIED = 0x12;
const CONFLICT = 0x13;
const NOT_APPLIED = 0x14;
const UNKNOWN = 0x15;

/** What a message of the engine asks for: `read`, `commit` or nothing more, `reply` or `passed`. */
export function kindOf(message) {
  return { [QUERIES]: 'read', [BATCH]: 'commit', [REPLY]: 'reply', [PASSED]: 'passed' }[message[1]];
}

/** Names of combinations of factors, in the order of their bits. */
export const FACTORS = [
  'possession',
  'knowledge',
  'biometry',
  'possession_knowledge',
  'possession_biometry',
  'possession_knowledge_biometry',
];

/** The message of a request (see `src/bridge/request.rs`). */
export function writeRequest({ method, path, query, headers, body, peer }) {
  const writer = new Writer(BEGIN);
  writer.text(method);
  writer.text(path);
  writer.optional(query, (text) => writer.bytes(encoder.encode(text)));
  writer.u16(headers.length);
  for (const [name, value] of headers) {
    writer.text(name);
    writer.text(value);
  }
  writer.bytes(body);
  writer.optional(peer, (text) => writer.text(text));
  return writer.finish();
}

/** Who called, and what was in the envelope (see `src/bridge/passed.rs`). */
export function readPassed(message) {
  const reader = new Reader(message);
  const caller = { applicationId: reader.text(), version: reader.text() };
  Object.assign(
    caller,
    reader.optional(() => ({
      activationId: reader.text(),
      userId: reader.text(),
      factors: FACTORS[31 - Math.clz32(reader.u8())] ?? null,
      flags: reader.list(() => reader.text()),
    })) ?? { activationId: null, userId: null, factors: null, flags: [] },
  );
  return { caller, body: reader.optional(() => reader.bytes()) };
}

/** What the phone for tests sends (see `src/bridge/phone/message.rs`). */
export function readSent(message) {
  if (message[1] !== SENT) throw new RangeError('not a request of a phone');
  const reader = new Reader(message);
  return {
    method: reader.text(),
    path: reader.text(),
    query: reader.optional(() => reader.text()),
    headers: reader.list(() => [reader.text(), reader.text()]),
    body: reader.bytes(),
  };
}

/** @returns {Query[]} */
export function readQueries(message) {
  const reader = new Reader(message);
  return reader.list(() => {
    if (reader.u8() === 1) return { type: 'get', collection: reader.text(), id: reader.text() };
    return {
      type: 'scan',
      collection: reader.text(),
      index: reader.text(),
      value: reader.bytes(),
      from: reader.u64(),
      to: reader.u64(),
      newestFirst: reader.u8() === 1,
      after: reader.optional(() => ({ sort: reader.u64(), id: reader.text() })),
      limit: reader.u32(),
    };
  });
}

/** @returns {Batch} */
export function readBatch(message) {
  const reader = new Reader(message);
  const rev = () => reader.take(16);
  const moment = () => reader.optional(() => reader.u64());
  const entry = () => ({ index: reader.text(), value: reader.bytes(), sort: reader.u64() });
  const entries = () => reader.optional(() => reader.list(entry));
  return {
    rev: rev(),
    writes: reader.list(() => {
      const type = { 1: 'put', 2: 'check', 3: 'append' }[reader.u8()];
      const write = { type, collection: reader.text(), id: reader.text() };
      write.expect = type === 'append' ? null : reader.optional(rev);
      if (type === 'check') return write;
      write.body = reader.bytes();
      write.expiresAt = moment();
      write.entries = entries();
      return write;
    }),
  };
}

/** @returns {Reply} */
export function readReply(message) {
  const reader = new Reader(message);
  return {
    status: reader.u16(),
    headers: reader.list(() => [reader.text(), reader.text()]),
    body: reader.bytes(),
  };
}

function writeRecord(writer, record) {
  writer.text(record.id);
  writer.raw(record.rev, 16);
  writer.optional(record.expiresAt, (moment) => writer.u64(moment));
  writer.bytes(record.body);
}

/**
 * The message for what a store's `read` answered.
 * @param {Query[]} queries @param {(StoredRecord | null | Page)[]} answers
 */
export function writeAnswers(queries, answers) {
  if (!Array.isArray(answers) || answers.length !== queries.length) throw new TypeError('not an answer per query');
  const writer = new Writer(ANSWERS);
  writer.u16(answers.length);
  queries.forEach((query, place) => {
    const answer = answers[place];
    if (query.type === 'get') {
      writer.u8(1);
      writer.optional(answer, (record) => writeRecord(writer, record));
    } else {
      writer.u8(2);
      writer.u16(answer.records.length);
      for (const record of answer.records) writeRecord(writer, record);
      writer.optional(answer.next, (cursor) => {
        writer.u64(cursor.sort);
        writer.text(cursor.id);
      });
    }
  });
  return writer.finish();
}

/**
 * The message for what a store's `commit` answered.
 * @param {Outcome} outcome
 */
export function writeOutcome(outcome) {
  if (outcome?.applied === true) return new Writer(APPLIED).finish();
  const conflicts = [...outcome.conflicts].sort((a, b) => a.position - b.position);
  const writer = new Writer(CONFLICT);
  writer.u16(conflicts.length);
  for (const { position, record } of conflicts) {
    writer.u16(position);
    writer.optional(record, (it) => writeRecord(writer, it));
  }
  return writer.finish();
}

/** The message for a store that certainly did not write, or could not read. */
export function writeNotApplied() {
  const writer = new Writer(NOT_APPLIED);
  writer.text('');
  return writer.finish();
}

/** The message for a store that may have written. */
export function writeUnknown() {
  const writer = new Writer(UNKNOWN);
  writer.text('');
  return writer.finish();
}
