// Parts of the protocol's cryptography that are useful alone, without an engine.

import * as raw from '../pkg/countersign.js';
import { CountersignError, expected, guarded, written } from './errors.mjs';

const decoder = new TextDecoder();

/** Why there is no result: `code` is `malformed` (something is not what it should be) or `failed`. */
export class ProtocolError extends CountersignError {
  constructor(code, message) {
    super(code, message);
    this.name = 'ProtocolError';
  }
}

// Bytes go in as Base64, and come out as they are written.
function encode(_, value) {
  if (!(value instanceof Uint8Array)) return typeof value === 'bigint' ? Number(value) : value;
  let text = '';
  for (const byte of value) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A Buffer's own toJSON comes before a replacer: arrays as they are instead. */
function plain(value) {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

/** Carries out a command; `src/bridge/protocol/mod.rs` of the project lists them. Bytes may be Uint8Arrays. */
export function protocol(command, nowMs = Date.now()) {
  expected(typeof command === 'object' && command !== null, 'command');
  expected(typeof nowMs === 'number', 'nowMs');
  const text = written(() => JSON.stringify(plain(command), encode), 'command');
  const outcome = JSON.parse(decoder.decode(guarded(() => raw.protocol(text, nowMs))));
  if (outcome.error) throw new ProtocolError(outcome.error.kind, outcome.error.message);
  return outcome.result;
}
