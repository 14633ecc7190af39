//! ECIES of all versions, both directions.

use super::{Family, Fields, Script, Vector, backends};
use countersign::crypto::ecies::{
    Decryptor, Encryptor, EnvelopeKey, EnvelopeRequest, EnvelopeResponse, Parameters, Purpose,
    ResponseOpener, Scope, associated_data, shared_info2_base,
};
use countersign::crypto::key::{KeyPair, PublicKey};
use countersign::crypto::secret::SecretVec;
use countersign::crypto::version::ProtocolVersion;
use serde_json::Value;

pub(crate) const FAMILIES: &[Family] = &[
    ("ecies-v30.json", raw_info),
    ("ecies-v31.json", raw_info),
    ("ecies-v32.json", published),
    ("ecies-v33.json", published),
    ("own/ecies-v30.json", own),
    ("own/ecies-v31.json", own),
    ("own/ecies-v32.json", own),
    ("own/ecies-v33.json", own),
];

fn version(v: &Vector<'_>) -> ProtocolVersion {
    ProtocolVersion::parse(v.input.text("version")).unwrap()
}

fn request(v: &Vector<'_>) -> EnvelopeRequest {
    let mut request: EnvelopeRequest = serde_json::from_value(v.input.field("request").clone()).unwrap();
    // Some files name the temporary key beside the envelope only.
    request.temporary_key_id = v.input.opt_text("temporaryKeyId").map(str::to_owned);
    request
}

fn response(value: &Value) -> EnvelopeResponse {
    serde_json::from_value(value.clone()).unwrap()
}

/// Server side with arbitrary shared information, as the first versions were published.
fn raw_info(v: &Vector<'_>) {
    let version = version(v);
    let request = request(v).decode(version).unwrap();
    let info2 = SecretVec::from_vec(v.input.b64("sharedInfo2"));
    for backend in backends() {
        let private = backend
            .import_private(&v.input.private("encryptionPrivateKey"))
            .unwrap();
        assert_eq!(
            private.public_key().to_compressed().to_vec(),
            v.input.b64("encryptionPublicKey")
        );
        let shared = private.agree_encoded(&request.ephemeral_key).unwrap();
        let key =
            EnvelopeKey::derive_from_info(&shared, &[&v.input.b64("sharedInfo1")], &request.ephemeral_key);
        let decryptor = Decryptor::from_envelope_key(version, key.clone(), info2.clone(), Vec::new());
        let (plain, sealer) = decryptor.open(&request).unwrap();
        assert_eq!(plain.as_bytes(), v.output.b64("requestPlaintext"));
        let answer = v.input.b64("responsePlaintext");
        let sealed = sealer.seal(&answer, 0, &mut Script::new(&[])).unwrap();
        let expected = v.output.field("response");
        assert_eq!(
            sealed.encrypted_data.as_deref(),
            expected.opt_text("encryptedData")
        );
        assert_eq!(sealed.mac.as_deref(), expected.opt_text("mac"));
        assert_eq!((sealed.nonce.as_ref(), sealed.timestamp), (None, None));
        let opener =
            ResponseOpener::from_envelope_key(version, key, info2.clone(), Vec::new(), request.nonce);
        assert_eq!(opener.open(&sealed).unwrap().as_bytes(), answer);
    }
}

fn purpose(v: &Vector<'_>) -> Purpose {
    let purpose = match v.input.text("encryptor") {
        "APPLICATION_SCOPE_GENERIC" => Purpose::GenericApplication,
        "ACTIVATION_SCOPE_GENERIC" => Purpose::GenericActivation,
        "ACTIVATION_LAYER_2" => Purpose::ActivationLayer2,
        "UPGRADE" => Purpose::UpgradeStart,
        "VAULT_UNLOCK" => Purpose::VaultUnlock,
        "CREATE_TOKEN" => Purpose::TokenCreate,
        "CONFIRM_RECOVERY_CODE" => Purpose::RecoveryConfirm,
        other => panic!("{other}"),
    };
    assert_eq!(purpose.shared_info1(), v.input.text("sharedInfo1"));
    let scope = if purpose.scope() == Scope::Activation {
        "activation"
    } else {
        "application"
    };
    assert_eq!(scope, v.input.text("scope"));
    purpose
}

fn parameters<'a>(v: &Vector<'a>) -> Parameters<'a> {
    Parameters {
        version: version(v),
        purpose: purpose(v),
        application_key: v.input.text("applicationKey"),
        activation_id: v.input.opt_text("activationId"),
        temporary_key_id: v.input.opt_text("temporaryKeyId"),
    }
}

/// Both published ciphertexts must open.
fn published(v: &Vector<'_>) {
    let parameters = parameters(v);
    let transport = v
        .input
        .opt_text("transportKey")
        .map(|_| v.input.secret("transportKey"));
    let base = shared_info2_base(v.input.text("applicationSecret"), transport.as_ref());
    let envelope = request(v);
    let request = envelope.decode(parameters.version).unwrap();
    assert_eq!(request.encode(), envelope);
    let expected_data = associated_data(&parameters).unwrap();
    assert_eq!(
        expected_data,
        v.output.opt_b64("associatedData").unwrap_or_default()
    );
    for backend in backends() {
        let private = backend
            .import_private(&v.input.private("encryptionPrivateKey"))
            .unwrap();
        assert_eq!(
            private.public_key().to_compressed().to_vec(),
            v.input.b64("encryptionPublicKey")
        );
        let decryptor = Decryptor::new(private.as_ref(), &parameters, &base, &request).unwrap();
        let key = decryptor.envelope_key().clone();
        assert_eq!(key.as_bytes().to_vec(), v.output.b64("envelopeKey"));
        let (plain, _) = decryptor.open(&request).unwrap();
        assert_eq!(plain.as_bytes(), v.output.b64("requestPlaintext"));

        // What the edge does with the key and the base it was handed.
        let base = SecretVec::from_slice(base.as_bytes());
        let edge = Decryptor::from_envelope_key(
            parameters.version,
            key.clone(),
            base.clone(),
            expected_data.clone(),
        );
        assert!(edge.open(&request).is_ok());
        let opener = ResponseOpener::from_envelope_key(
            parameters.version,
            key,
            base,
            expected_data.clone(),
            request.nonce,
        );
        let opened = opener.open(&response(v.input.field("response"))).unwrap();
        assert_eq!(opened.as_bytes(), v.output.b64("responsePlaintext"));
    }
}

/// Our own cases carry the ephemeral private key, so that sealing can be compared to the byte.
fn own(v: &Vector<'_>) {
    published(v);
    let parameters = parameters(v);
    let transport = v
        .input
        .opt_text("transportKey")
        .map(|_| v.input.secret("transportKey"));
    let base = shared_info2_base(v.input.text("applicationSecret"), transport.as_ref());
    let (expected_request, expected_response) = (request(v), response(v.input.field("response")));
    let (nonce, answer_nonce) = (
        v.input.field("request").opt_b64("nonce"),
        v.input.field("response").opt_b64("nonce"),
    );
    for backend in backends() {
        let ephemeral = KeyPair::from_private(backend, v.input.private("ephemeralPrivateKey")).unwrap();
        let recipient = PublicKey::from_bytes(backend, &v.input.b64("encryptionPublicKey")).unwrap();
        let encryptor =
            Encryptor::with_ephemeral(backend, &recipient, &parameters, &base, &ephemeral).unwrap();
        let mut rng = Script::new(&[&nonce.clone().unwrap_or_default()]);
        let timestamp = expected_request.timestamp.unwrap_or(1);
        let (sealed, opener) = encryptor
            .seal(&v.output.b64("requestPlaintext"), timestamp, &mut rng)
            .unwrap();
        assert_eq!(sealed, expected_request);

        let private = backend
            .import_private(&v.input.private("encryptionPrivateKey"))
            .unwrap();
        let received = sealed.decode(parameters.version).unwrap();
        let decryptor = Decryptor::new(private.as_ref(), &parameters, &base, &received).unwrap();
        let (_, sealer) = decryptor.open(&received).unwrap();
        let mut rng = Script::new(&[&answer_nonce.clone().unwrap_or_default()]);
        let timestamp = expected_response.timestamp.unwrap_or(1);
        let answer = sealer
            .seal(&v.output.b64("responsePlaintext"), timestamp, &mut rng)
            .unwrap();
        assert_eq!(answer, expected_response);
        assert_eq!(
            opener.open(&answer).unwrap().as_bytes(),
            v.output.b64("responsePlaintext")
        );
    }
}
