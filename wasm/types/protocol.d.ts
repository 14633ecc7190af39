// Commands of the protocol's cryptography alone. Bytes go in as Uint8Array or Base64 and come out as Base64.

import type { Factors } from './index';

type Bytes = Uint8Array | string;

export interface EnvelopeParameters {
  version: '3.0' | '3.1' | '3.2' | '3.3';
  purpose:
    | 'genericApplication'
    | 'genericActivation'
    | 'activationLayer1'
    | 'activationLayer2'
    | 'upgradeStart'
    | 'vaultUnlock'
    | 'tokenCreate'
    | 'recoveryConfirm';
  applicationKey: string;
  applicationSecret: string;
  activationId?: string;
  transportKey?: Bytes;
  temporaryKeyId?: string;
}

/** An envelope as it is sent. */
export interface Envelope {
  temporaryKeyId?: string;
  ephemeralPublicKey?: string;
  encryptedData: string;
  mac: string;
  nonce?: string;
  timestamp?: number;
}

interface FactorKeys {
  possessionKey?: Bytes;
  knowledgeKey?: Bytes;
  biometryKey?: Bytes;
}

type Verified =
  | { valid: true; offset: number; factors: Factors; next: string }
  | { valid: false };

/** What each command takes and gives. */
export interface Commands {
  activationCode: { in: { text: string; masterPublicKey?: Bytes }; out: { code: string; signed: boolean } };
  tokenDigest: {
    in: { secret: Bytes; nonce: Bytes; timestamp: number; version: string };
    out: { digest: string };
  };
  signatureHeader: {
    in: { value: string };
    out: {
      activationId: string;
      applicationKey: string;
      nonce: string;
      factors: Factors;
      signature: string;
      version: string;
    };
  };
  tokenHeader: {
    in: { value: string; secret?: Bytes };
    out: { tokenId: string; digest: string; nonce: string; timestamp: number; version: string; valid?: boolean };
  };
  encryptionHeader: {
    in: { value: string };
    out: { version: string; applicationKey: string | null; activationId: string | null };
  };
  verifySignature: {
    in: {
      value: string;
      method: string;
      uriId: string;
      data: Bytes;
      applicationSecret: string;
      counter: Bytes;
      window?: number;
    } & FactorKeys;
    out: Verified;
  };
  offlinePayload: {
    in: { data: string; privateKey: Bytes; personalized: boolean; nonce: Bytes; totp?: string };
    out: { payload: string };
  };
  verifyOfflinePayload: {
    in: { payload: string; publicKey: Bytes };
    out: {
      valid: boolean;
      personalized: boolean;
      operationId: string;
      title: string;
      message: string;
      data: string;
      nonce: string;
      baseString: string;
    };
  };
  verifyOfflineCode: {
    in: { baseString: string; code: string; counter: Bytes; window?: number; biometry?: boolean } & FactorKeys;
    out: Verified;
  };
  statusBlob: {
    in: { blob: Bytes; transportKey: Bytes; challenge: Bytes; nonce: Bytes };
    out: {
      status: 1 | 2 | 3 | 4 | 5;
      currentVersion: number;
      upgradeVersion: number;
      counterByte: number;
      failedAttempts: number;
      maxFailedAttempts: number;
      lookAhead: number;
      counterDigest: string;
    };
  };
  eciesSeal: {
    in: { publicKey: Bytes; parameters: EnvelopeParameters; data: Bytes };
    out: { envelope: Envelope; envelopeKey: string };
  };
  eciesOpenResponse: {
    in: { envelopeKey: Bytes; parameters: EnvelopeParameters; requestNonce?: Bytes; response: Envelope };
    out: { data: string };
  };
  eciesOpen: {
    in: { privateKey: Bytes; parameters: EnvelopeParameters; envelope: Envelope };
    out: { data: string };
  };
  eciesSealResponse: {
    in: { privateKey: Bytes; parameters: EnvelopeParameters; envelope: Envelope; data: Bytes };
    out: { response: Envelope };
  };
}

/**
 * Carries out one command of the protocol's cryptography, without an engine and without a store; it remembers nothing.
 * Throws a `ProtocolError` when there is no result, `argument` when the command cannot be read.
 */
export function protocol<Name extends keyof Commands>(
  command: { do: Name } & Commands[Name]['in'],
  nowMs?: number,
): Commands[Name]['out'];
