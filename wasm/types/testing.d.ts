import type { CountersignError, Engine, Reply, Store } from './index';

/** A case of the suite that every store has to pass. */
export interface StoreCase {
  name: string;
  /** Rejects with what is wrong. The store must be empty and quiet. */
  run(store: Store): Promise<void>;
}

/** All cases. */
export function storeCases(): StoreCase[];

/** Runs every case over a store from `fresh`; resolves to their number, rejects with all that fail. */
export function testStore(fresh: () => Store | Promise<Store>): Promise<number>;

/** What a phone sends. */
export interface PhoneRequest {
  method: string;
  path: string;
  query: string | null;
  headers: [string, string][];
  body: Uint8Array;
}

/** Carries a phone's request to where it is answered. */
export type Sender = (request: PhoneRequest) => Promise<Pick<Reply, 'status'> & { body: Uint8Array | string }>;

/** Requests go straight to an engine, without a server. */
export function toEngine(engine: Engine): Sender;
/** Requests go to a server, such as "https://bank.example/app". */
export function toUrl(base: string, fetch?: typeof globalThis.fetch): Sender;

/** A command that did not work on the phone's side, or that the server refused; `code` is then the server's. */
export class PhoneError extends CountersignError {
  readonly kind: 'refused' | 'reply' | 'request' | 'scan' | 'argument' | 'notActivated';
  /** Status of the server's answer, where `kind` is `refused`. */
  readonly status?: number;
  /** Number of the PUK to try next, after a wrong one. */
  readonly currentRecoveryPukIndex?: number;
}

/** `mobileSdkConfig` is what an app knows of its application; with a `seed` the phone makes the same bytes at the same moments. */
export type PhoneSettings =
  | { mobileSdkConfig: string; version?: '3.0' | '3.1' | '3.2' | '3.3'; seed?: string }
  | {
      applicationKey: string;
      applicationSecret: string;
      masterPublicKey: string;
      version?: '3.0' | '3.1' | '3.2' | '3.3';
      seed?: string;
    }
  | SavedPhone;

/** A phone's state. It contains its keys. */
export interface SavedPhone {
  state: string;
}

/** What an app sends to a route of the host's. `method` is POST unless given. */
export interface PhoneCall {
  path: string;
  method?: string;
  body?: Uint8Array | string;
  /** Such as possession_biometry; what fits the PIN unless given. */
  factors?: string;
}

/** What the route answered, decrypted where the request was encrypted. */
export interface PhoneAnswer {
  status: number;
  body: Uint8Array;
  text: string;
}

/** An operation that waits for its user. */
export interface PhoneOperation {
  id: string;
  name: string;
  data: string;
  status: string;
}

/** A phone with one activation, or none yet. It does one thing at a time. For tests, not for phones of people. */
export class Phone {
  constructor(settings: PhoneSettings, send: Sender, now?: () => number);
  /** Exchanges keys for an activation code. The phone has biometry, too. */
  activate(code: string, pin: string): Promise<{ activationId: string; fingerprint: string }>;
  /** Asks the server for the status of the activation, and brings the counter in step. */
  status(): Promise<{ status: string; failedAttempts: number; maxFailedAttempts: number; remainingAttempts: number }>;
  /** Sends a signed request. Without a PIN it signs with the phone alone, or with the factors of the request. */
  sign(request: PhoneCall, resource: string, pin?: string): Promise<PhoneAnswer>;
  /** Makes the token that `withToken` and the operations use. */
  createToken(): Promise<void>;
  /** Sends a request with the token. */
  withToken(request: PhoneCall): Promise<PhoneAnswer>;
  /** Sends an encrypted request; with a resource and a PIN it is signed, too. */
  encrypt(
    request: PhoneCall,
    options?: { scope?: 'activation' | 'application'; resource?: string; pin?: string },
  ): Promise<PhoneAnswer>;
  /** Lists the operations that wait, newest first. Needs a token. */
  operations(): Promise<PhoneOperation[]>;
  /** Approves an operation with phone and PIN. */
  approve(operation: Pick<PhoneOperation, 'id' | 'data'>, pin: string): Promise<void>;
  /** Rejects an operation. */
  reject(operation: Pick<PhoneOperation, 'id'>, reason?: string): Promise<void>;
  /** Approves what a QR code contains, without a network, and gives the code to type. */
  offline(payload: string, pin: string): Promise<string>;
  /** Ends the activation. */
  remove(pin: string): Promise<void>;
  /** The phone's state, for the settings of another. */
  save(): Promise<SavedPhone>;
  /** Runs a command, such as { do: 'status' }; src/bridge/phone/mod.rs of the project lists them. */
  do(command: { do: string; [member: string]: unknown }): Promise<unknown>;
  /** Runs a command given as JSON, and gives the JSON of its end. */
  perform(command: string): Promise<string>;
  /** Frees the phone. */
  free(): void;
}
