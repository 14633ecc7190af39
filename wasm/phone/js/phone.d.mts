/** Why the phone cannot do something. */
export type PhoneErrorKind =
  | 'refused' | 'reply' | 'request' | 'scan' | 'argument' | 'notActivated' | 'network' | 'storage';

/** The server refused, or the phone cannot do it. */
export class PhoneError extends Error {
  readonly kind: PhoneErrorKind;
  /** HTTP status of a refusal. */
  readonly status?: number;
  /** Code of a refusal, for instance `ERR_AUTHENTICATION`. */
  readonly code?: string;
}

export interface OpenOptions {
  /** Which phone of this origin. */
  name?: string;
  /** Origin and prefix of the server; that of the page when left out. */
  server?: string;
  /** Where the module is; beside the script when left out. */
  module?: string | URL | BufferSource | WebAssembly.Module;
  fetch?: typeof globalThis.fetch;
}

export interface ActivateOptions {
  /** Configuration of the application's version, from `getApplicationDetail`. */
  mobileSdkConfig: string;
  /** Typed (`XXXXX-XXXXX-XXXXX-XXXXX`) or scanned (`…#signature`). */
  code: string;
  /** At least four characters. */
  pin: string;
  name?: string;
  otp?: string;
}

export interface Activated {
  activationId: string;
  /** Digits that the back end shows, too. */
  fingerprint: string;
}

export type ActivationState = 'CREATED' | 'PENDING_COMMIT' | 'ACTIVE' | 'BLOCKED' | 'REMOVED';

export interface Status {
  status: ActivationState;
  failedAttempts: number;
  maxFailedAttempts: number;
  remainingAttempts: number;
  fingerprint: string;
}

export interface Attribute {
  id: string;
  type: string;
  label: string;
  [member: string]: unknown;
}

export interface Operation {
  id: string;
  name: string;
  /** What is signed. */
  data: string;
  status?: string;
  operationCreated: string;
  operationExpires: string;
  allowedSignatureType: { type: string; variants: string[] };
  formData: { title: string; message: string; attributes: Attribute[]; resultTexts?: Record<string, string> };
  ui?: Record<string, unknown>;
}

export interface OperationList {
  operations: Operation[];
  /** Entries that could not be read. */
  unreadable: number;
  currentTimestamp: string | null;
}

export interface OfflineCode {
  code: string;
  /** The same in groups, as people type it. */
  grouped: string;
  operationId: string;
  title: string;
  message: string;
  data: string;
}

/** A phone of this browser, with one activation or none yet. All methods reject with `PhoneError`. */
export class Phone {
  private constructor();
  static open(options?: OpenOptions): Promise<Phone>;
  readonly activated: boolean;
  activate(options: ActivateOptions): Promise<Activated>;
  status(): Promise<Status>;
  list(): Promise<OperationList>;
  history(pin: string): Promise<OperationList>;
  approve(operation: Pick<Operation, 'id' | 'data'>, pin: string): Promise<null>;
  reject(operation: Pick<Operation, 'id'>, reason?: string): Promise<null>;
  offline(payload: string, pin: string): Promise<OfflineCode>;
  remove(): Promise<void>;
  forget(): Promise<void>;
}
