// The protocol's cryptography alone: the vectors that Rust's tests read, too.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { protocol, ProtocolError } from 'countersign';

function vectors(name, run) {
  const file = JSON.parse(readFileSync(new URL(`../../tests/vectors/own/${name}.json`, import.meta.url)));
  assert.ok(file.count > 0 && file.count === file.vectors.length);
  for (const { id, input, output } of file.vectors) {
    try {
      run(input, output);
    } catch (error) {
      throw new Error(`${name} ${id}: ${error.message}`, { cause: error });
    }
  }
  console.log(`${file.count} vectors of ${name}`);
}

const refused = (code) => (error) => error instanceof ProtocolError && error.code === code;

test('activation codes', () => {
  vectors('activation-code', (_, { code, mistypedCode }) => {
    assert.deepEqual(protocol({ do: 'activationCode', text: code }), { code, signed: false });
    assert.throws(() => protocol({ do: 'activationCode', text: mistypedCode }), refused('malformed'));
  });
  vectors('activation-signature', ({ activationCode, masterPublicKey }, { activationSignature }) => {
    const text = `${activationCode}#${activationSignature}`;
    assert.deepEqual(protocol({ do: 'activationCode', text, masterPublicKey }), { code: activationCode, signed: true });
    const other = Buffer.from(masterPublicKey, 'base64');
    other[other.length - 1] ^= 1;
    try {
      assert.equal(protocol({ do: 'activationCode', text, masterPublicKey: other }).signed, false);
    } catch (error) {
      assert.ok(error instanceof ProtocolError, error);
    }
  });
});

test('token digests', () => {
  vectors('token-digest', ({ tokenSecret, nonce, timestamp, version }, { tokenDigest }) => {
    const command = { do: 'tokenDigest', timestamp: Number(timestamp), version };
    assert.equal(protocol({ ...command, secret: tokenSecret, nonce }).digest, tokenDigest);
    // Bytes instead of Base64.
    const bytes = (text) => Uint8Array.from(Buffer.from(text, 'base64'));
    assert.equal(protocol({ ...command, secret: bytes(tokenSecret), nonce: Buffer.from(nonce, 'base64') }).digest, tokenDigest);
  });
});

test('status blobs', () => {
  vectors('status-blob', ({ transportKey, challenge, nonce, encryptedStatusBlob }, expected) => {
    const found = protocol({ do: 'statusBlob', blob: encryptedStatusBlob, transportKey, challenge, nonce });
    assert.equal(found.counterDigest, expected.ctrDataHash);
    for (const [ours, theirs] of [['status', 'activationStatus'], ['currentVersion', 'currentVersion'], ['upgradeVersion', 'upgradeVersion'],
      ['failedAttempts', 'failedAttempts'], ['maxFailedAttempts', 'maxFailedAttempts'], ['lookAhead', 'ctrLookAhead'], ['counterByte', 'ctrByte']]) {
      assert.equal(String(found[ours]), String(expected[theirs]), ours);
    }
  });
});

const PURPOSES = {
  APPLICATION_SCOPE_GENERIC: 'genericApplication', ACTIVATION_SCOPE_GENERIC: 'genericActivation', ACTIVATION_LAYER_2: 'activationLayer2',
  UPGRADE: 'upgradeStart', VAULT_UNLOCK: 'vaultUnlock', CREATE_TOKEN: 'tokenCreate', CONFIRM_RECOVERY_CODE: 'recoveryConfirm',
};

/** Leaves out what is null. */
function present(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
}

test('envelopes', () => {
  for (const version of ['30', '31', '32', '33']) {
    vectors(`ecies-v${version}`, (input, output) => {
      const parameters = present({
        version: input.version, purpose: PURPOSES[input.encryptor], applicationKey: input.applicationKey,
        applicationSecret: input.applicationSecret, activationId: input.activationId || null,
        transportKey: input.transportKey, temporaryKeyId: input.temporaryKeyId || null,
      });
      const request = present({ ...input.request, temporaryKeyId: input.temporaryKeyId || null });
      const numbered = (it) => ('timestamp' in it ? { ...it, timestamp: Number(it.timestamp) } : it);
      const [envelope, response] = [numbered(request), numbered(present(input.response))];
      const privateKey = input.encryptionPrivateKey;
      assert.equal(protocol({ do: 'eciesOpen', privateKey, parameters, envelope }).data, output.requestPlaintext);
      const answer = { do: 'eciesOpenResponse', envelopeKey: output.envelopeKey, parameters, response };
      assert.equal(protocol(envelope.nonce ? { ...answer, requestNonce: envelope.nonce } : answer).data, output.responsePlaintext);
      // There and back, with fresh randomness.
      const sealed = protocol({ do: 'eciesSeal', publicKey: input.encryptionPublicKey, parameters, data: output.requestPlaintext });
      const back = protocol({ do: 'eciesSealResponse', privateKey, parameters, envelope: sealed.envelope, data: output.responsePlaintext });
      const opened = { do: 'eciesOpenResponse', envelopeKey: sealed.envelopeKey, parameters, response: back.response };
      const { nonce } = sealed.envelope;
      assert.equal(protocol(nonce ? { ...opened, requestNonce: nonce } : opened).data, output.responsePlaintext);
      const wrong = { ...parameters, applicationSecret: `${parameters.applicationSecret}x` };
      assert.throws(() => protocol({ do: 'eciesOpen', privateKey, parameters: wrong, envelope }), refused('failed'));
    });
  }
});

test('commands that are none', () => {
  const circle = {};
  circle.circle = circle;
  for (const command of [undefined, null, 1, '', {}, { do: 'nothing' }, { do: 'activationCode', text: 1 }, circle, { do: 'activationCode', text: 1n },
    { do: 'tokenDigest', secret: new Uint8Array(15), nonce: new Uint8Array(16), timestamp: 1, version: '3.2' },
    { do: 'tokenDigest', secret: new Uint8Array(1 << 20), nonce: new Uint8Array(16), timestamp: 1, version: '3.2' }]) {
    assert.throws(() => protocol(command), { code: 'argument' });
  }
  assert.throws(() => protocol({ do: 'activationCode', text: 'x' }, NaN), { code: 'argument' });
});
