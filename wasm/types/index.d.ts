// Hand-written; tests/types checks it against what the package does.

import type { AdminApi, CloudApi, ServerApi } from './client';

export type { AdminApi, CloudApi, ServerApi, Body, Answer, Parameters } from './client';

/** Names of `CountersignError.code` that are not codes of the API. */
export type ErrorCode =
  | 'argument'
  | 'malformed'
  | 'unexpected'
  | 'finished'
  | 'nothing_to_seal'
  | 'stale_handle'
  | 'busy'
  | 'store_open'
  | 'panic'
  | 'internal';

/** A call that did not work. What the engine answers, a refusal too, is a reply and not an error. */
export class CountersignError extends Error {
  constructor(code: string, message: string, options?: ErrorOptions);
  /** Stable: an `ErrorCode`, or of an `ApiError`, a `ProtocolError`, a `PhoneError` what their documentation says. */
  readonly code: string;
}

/** A refusal of a typed method. */
export class ApiError extends CountersignError {
  constructor(status: number, code: string, message: string);
  /** HTTP status: 400 for a refused request, 401 for a caller without credentials, 503 when the store failed. */
  readonly status: number;
}

/** Why a command of `protocol` has no result. */
export class ProtocolError extends CountersignError {
  constructor(code: 'malformed' | 'failed', message: string);
  readonly code: 'malformed' | 'failed';
}

/** A store rejects `commit` with this when certainly nothing was written. */
export class NotApplied extends Error {
  constructor(message?: string, options?: ErrorOptions);
}

// ---- Stores. What they promise is in docs/embedding.md.

/** A record. `rev` has 16 bytes; `expiresAt` is in milliseconds since 1970, null: never. */
export interface StoredRecord {
  id: string;
  rev: Uint8Array;
  expiresAt: bigint | null;
  body: Uint8Array;
}

/** A place in an index. */
export interface Cursor {
  sort: bigint;
  id: string;
}

/** Asks for one record. */
export interface Get {
  type: 'get';
  collection: string;
  id: string;
}

/** Asks for records by an index: equal `value`, `sort` from `from` to `to`, both included, in the order of `sort` and then of the id's UTF-8. */
export interface Scan {
  type: 'scan';
  collection: string;
  index: string;
  value: Uint8Array;
  from: bigint;
  to: bigint;
  newestFirst: boolean;
  /** Only what comes after this place. */
  after: Cursor | null;
  limit: number;
}

export type Query = Get | Scan;

/** The answer to a scan. `next` is the place of the last record when more follow. */
export interface Page {
  records: StoredRecord[];
  next: Cursor | null;
}

export interface IndexEntry {
  index: string;
  value: Uint8Array;
  sort: bigint;
}

/** Writes a record. `expect`: the revision that it must have, null: it must not exist. `entries`: null keeps the present ones. */
export interface Put {
  type: 'put';
  collection: string;
  id: string;
  expect: Uint8Array | null;
  body: Uint8Array;
  expiresAt: bigint | null;
  entries: IndexEntry[] | null;
}

/** Writes nothing, but its expectation counts. */
export interface Check {
  type: 'check';
  collection: string;
  id: string;
  expect: Uint8Array | null;
}

/** Inserts a record that must not exist. */
export interface Append {
  type: 'append';
  collection: string;
  id: string;
  expect: null;
  body: Uint8Array;
  expiresAt: bigint | null;
  entries: IndexEntry[];
}

export type Write = Put | Check | Append;

/** Written as a whole or not at all; every record that is written gets the revision `rev` (16 bytes). */
export interface Batch {
  rev: Uint8Array;
  writes: Write[];
}

/** What came of a commit. `conflicts`: every write whose expectation failed, with the record as it is now. */
export type Outcome = { applied: true } | { conflicts: { position: number; record: StoredRecord | null }[] };

/** Where records live. */
export interface Store {
  /** An answer per query, in their order: of a `get` the record or null, of a `scan` a page. */
  read(queries: Query[]): Promise<(StoredRecord | null | Page)[]>;
  /** Rejects with `NotApplied` when certainly nothing was written; any other rejection means that it may have been. */
  commit(batch: Batch): Promise<Outcome>;
  /** Drops records that expired before `before`, at most `limit`; resolves to their number. Optional; the engine never asks. */
  purge?(before: bigint, limit: number): Promise<number>;
}

/** Records in memory: for tests and trials. */
export class MemoryStore implements Store {
  constructor();
  read(queries: Query[]): Promise<(StoredRecord | null | Page)[]>;
  commit(batch: Batch): Promise<Outcome>;
  purge(before: bigint, limit: number): Promise<number>;
  /** Number of records in a collection. */
  count(collection: string): number;
}

// ---- The engine.

/** 32 random bytes and their number. */
export interface SealingKey {
  id: number;
  key: Uint8Array;
}

export type Family = 'server' | 'standard' | 'mobile' | 'admin' | 'cloud';

/** Settings of the engine; docs/node.md has the list with units and bounds. */
export interface Settings {
  families?: Family[];
  applicationName?: string;
  applicationDisplayName?: string;
  applicationEnvironment?: string;
  serviceBaseUrl?: string;
  vaultWithBiometry?: boolean;
  plainForms?: boolean;
  numberMatching?: boolean;
  activationSpawn?: { from: string; requested: string; application: string; flags?: string[] }[];
  maxPendingOperations?: number;
  activationValidity?: number;
  maxFailedAttempts?: number;
  maxRecoveryAttempts?: number;
  lookAhead?: number;
  offlineComponentLength?: number;
  requestWindow?: number;
  requestWindowExtended?: number;
  tokenValidity?: number;
  tokenForwardValidity?: number;
  temporaryKeyValidity?: number;
  proximityOtpLength?: number;
  proximityStep?: number;
  proximityStepsBack?: number;
  defaultPageSize?: number;
  maxPageSize?: number;
  eventRetention?: number;
  eventAttempts?: number;
  failureDelay?: number;
}

export interface EngineOptions {
  /** Seals secrets before they are stored. Copied. */
  sealingKey: SealingKey;
  /** Keys that have been replaced and still open what they have sealed. */
  olderKeys?: readonly SealingKey[];
  store: Store;
  settings?: Settings;
  /** The server API answers anybody who reaches it. For hosts that do not mount it. */
  open?: boolean;
  /** Milliseconds since 1970, `Date.now` unless replaced. */
  now?: () => number;
  /** Milliseconds after which a call of the store counts as lost, 10,000. */
  storeTimeout?: number;
  /** Hears what the store threw; callers of the engine never do. */
  onStoreError?: (error: unknown) => void;
}

/** An HTTP request. `path` is below the mount point, as received, without the query. A body that is text is sent as UTF-8. */
export interface Request {
  method: string;
  path: string;
  query?: string | null | undefined;
  headers?: Iterable<readonly [string, string]>;
  body?: Uint8Array | string;
  /** Address of the caller, for the record. */
  peer?: string | null | undefined;
}

/** An HTTP reply. Names of headers are in lower case. */
export interface Reply {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
}

/** A combination of what a user proves with. */
export type Factors =
  | 'possession'
  | 'knowledge'
  | 'biometry'
  | 'possession_knowledge'
  | 'possession_biometry'
  | 'possession_knowledge_biometry';

/** What payments should demand: phone and PIN, or phone and biometry. */
export const twoFactors: readonly ['possession_knowledge', 'possession_biometry'];
/** All combinations. */
export const anyFactors: readonly Factors[];

/** A signature over method, `signature` (the resource that app and host have agreed on) and body, of a GET the query instead. */
export interface SignatureRules {
  signature: string;
  factors: readonly Factors[];
  /** The request is end-to-end encrypted, too. */
  encryption?: 'activation';
  /** Longest body in bytes, 65,536 unless given. */
  maxBody?: number;
  token?: undefined;
}

/** A token that was made with one of these combinations. It covers nothing of the request: for reading. */
export interface TokenRules {
  token: true;
  factors: readonly Factors[];
  encryption?: 'activation';
  maxBody?: number;
  signature?: undefined;
}

/**
 * An end-to-end encrypted POST. In activation scope that proves the phone, but its user was asked for nothing; in application
 * scope it proves nothing. `userInfo` is for hosts that serve /pa/v3/user/info themselves: activation scope, with the refusals that
 * phones expect there.
 */
export interface EncryptionRules {
  encryption: 'activation' | 'application' | 'userInfo';
  maxBody?: number;
  signature?: undefined;
  token?: undefined;
  factors?: undefined;
}

/** What a route demands of its callers. */
export type Rules = SignatureRules | TokenRules | EncryptionRules;

/** Who sent a request that has passed. */
export type Caller = {
  applicationId: string;
  /** Version of the protocol, such as 3.3. */
  version: string;
} & (
  | {
      activationId: string;
      userId: string;
      /** Null where only the encryption speaks for the activation. */
      factors: Factors | null;
      flags: string[];
    }
  /** In application scope anybody who has the app may call. */
  | { activationId: null; userId: null; factors: null; flags: string[] }
);

/** A request that may pass. */
export interface Passed<Bytes extends Uint8Array = Uint8Array> {
  readonly passed: true;
  readonly caller: Caller;
  /** What was encrypted, or the body as it came. */
  readonly body: Bytes;
  readonly encrypted: boolean;
  /** Seals the one answer to an encrypted request. Refusals go out unencrypted. */
  seal(plain: Uint8Array | string): Reply;
  /** Gives up sealing. */
  free(): void;
}

/** A request that may not pass: `reply` is to be sent as it is. */
export interface Refused {
  readonly passed: false;
  readonly reply: Reply;
}

/** What a call wants next. */
export interface CallStep {
  kind: 'read' | 'commit' | 'reply' | 'passed';
  message: Uint8Array;
}

/** A request on its way through the engine, for hosts with a loop of their own. */
export class Call {
  private constructor();
  /** Calls with the same lane should take turns; undefined for a call that changes nothing. */
  get lane(): string | undefined;
  /** Takes one step: without `answer` first, then with the store's answer to the step before. */
  step(answer: Uint8Array | undefined, nowMs: number): CallStep;
  /** Seals the one answer to an encrypted request that has passed. */
  seal(plain: Uint8Array | string, nowMs: number): Reply;
  /** Ends the call, at any point; once is enough. */
  free(): void;
}

/** User name and password of an integration, an application or an administrator. */
export interface Credentials {
  username: string;
  password: string;
}

/** An engine and its store. */
export class Engine {
  /** Throws `argument` for options that cannot be. */
  constructor(options: EngineOptions);
  /** Answers a request. Rejects only for wrong arguments and for defects. */
  handle(request: Request): Promise<Reply>;
  /** Judges a request to a route of the host's own. The path of the request is not looked at. */
  check(rules: Rules, request: Request): Promise<Passed | Refused>;
  /** Typed methods of the server API, without a network. Credentials are needed unless the engine is open. */
  server(credentials?: Credentials): ServerApi;
  /** Typed methods of the API of the hosted product. */
  cloud(credentials?: Credentials): CloudApi;
  /** Typed methods of the API for administrators. */
  admin(credentials?: Credentials): AdminApi;
  /** Begins a request. Nothing is read or changed before the first step. */
  begin(request: Request): Call;
  /** As `begin`, for a request to a route of the host's own; its last step may be of kind `passed`. */
  beginCheck(rules: Rules, request: Request): Call;
  /** Closes the engine. Requests that were begun go on. */
  free(): void;
}

// ---- The messages of steps, for hosts with a loop of their own.

export function readQueries(message: Uint8Array): Query[];
export function readBatch(message: Uint8Array): Batch;
export function readReply(message: Uint8Array): Reply;
export function readPassed(message: Uint8Array): { caller: Caller; body: Uint8Array | null };
export function writeRequest(request: {
  method: string;
  path: string;
  query?: string | null;
  headers: readonly (readonly [string, string])[];
  body: Uint8Array;
  peer?: string | null;
}): Uint8Array;
export function writeAnswers(queries: Query[], answers: (StoredRecord | null | Page)[]): Uint8Array;
export function writeOutcome(outcome: Outcome): Uint8Array;
export function writeNotApplied(): Uint8Array;
export function writeUnknown(): Uint8Array;

export { protocol } from './protocol';
export type { Commands, EnvelopeParameters } from './protocol';
