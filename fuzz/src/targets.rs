//! What every fuzz target does with its input. `tests/fuzz_corpus.rs` replays the committed corpus through the same
//! functions. Each returns whether the input was accepted and panics when reading back what was written differs.

#![allow(unreachable_pub, clippy::panic, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "adopt.rs"]
mod adopt;
#[path = "../../examples/server/src/framing.rs"]
mod framing;
#[path = "ground.rs"]
mod ground;
#[path = "network.rs"]
mod network;
#[path = "records.rs"]
pub mod records;
#[path = "shadow.rs"]
mod shadow;
#[path = "states.rs"]
mod states;
#[path = "surface.rs"]
mod surface;

pub use adopt::adopt_table;
pub use network::{access_token, callback_url, push_answer, push_credentials, request_heads};
pub use records::{record, sealed, stored_column};
pub use shadow::shadow_answers;
pub use states::states;
pub use surface::{
    call_steps, device_state, dispatcher, phone_command, proximity_and_network, reply, store_answer,
    store_ask,
};

use countersign::bridge::request::Request as BridgeRequest;
use countersign::bridge::seeded::Seeded;
use countersign::bridge::{Passed, protocol, settings};
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::base::{SignatureBase, SignatureMetadata};
use countersign::crypto::code::{ActivationCode, ActivationQr, Puk, RecoveryCode};
use countersign::crypto::ecdsa::Signature;
use countersign::crypto::ecies::{EnvelopeRequest, EnvelopeResponse};
use countersign::crypto::header::{AuthorizationHeader, EncryptionHeader, TokenHeader};
use countersign::crypto::jwt::{TemporaryKeyRequest, TemporaryKeyResponse, UnverifiedJwt};
use countersign::crypto::key::{PrivateKey, PublicKey};
use countersign::crypto::offline::{self, OfflinePayload, OperationData, canonical_code};
use countersign::crypto::password::PasswordHash;
use countersign::crypto::query::{canonical, form_decode, form_encode};
use countersign::crypto::sdk_config::SdkConfiguration;
use countersign::crypto::secret::Secret;
use countersign::crypto::status::StatusBlob;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::form::{Decimal, Locale, money};
use countersign::engine::operation_text::TextRow;
use countersign::engine::vault::UnlockVault;
use countersign::engine::{Enveloped, json};

/// A target: its name, which is also the name of its corpus folder, and its body.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// All targets.
pub const TARGETS: &[Target] = &[
    ("accept_language", accept_language),
    ("access_token", access_token),
    ("activation_qr", activation_qr),
    ("adopt_table", adopt_table),
    ("amount", amount),
    ("authorization_header", authorization_header),
    ("bridge_passed", bridge_passed),
    ("bridge_request", bridge_request),
    ("call_steps", call_steps),
    ("callback_url", callback_url),
    ("der_signature", der_signature),
    ("device_state", device_state),
    ("dispatcher", dispatcher),
    ("encryption_header", encryption_header),
    ("engine_settings", engine_settings),
    ("envelope_request", envelope_request),
    ("envelope_response", envelope_response),
    ("enveloped", enveloped),
    ("jwt", jwt),
    ("offline_payload", offline_payload),
    ("operation_data", operation_data),
    ("operation_text", operation_text),
    ("password_hash", password_hash),
    ("phone_command", phone_command),
    ("private_key", private_key),
    ("protocol_command", protocol_command),
    ("proximity_and_network", proximity_and_network),
    ("public_key", public_key),
    ("push_answer", push_answer),
    ("push_credentials", push_credentials),
    ("query", query),
    ("record", record),
    ("recovery", recovery),
    ("reply", reply),
    ("request_heads", request_heads),
    ("sdk_config", sdk_config),
    ("sealed", sealed),
    ("shadow_answers", shadow_answers),
    ("signature_base", signature_base),
    ("states", states),
    ("status_blob", status_blob),
    ("store_answer", store_answer),
    ("store_ask", store_ask),
    ("stored_column", stored_column),
    ("token_header", token_header),
    ("typed_code", typed_code),
];

fn text(data: &[u8]) -> Option<&str> {
    core::str::from_utf8(data).ok()
}

/// A request with an envelope in one object: what was read, written strictly, reads as the same.
pub fn enveloped(data: &[u8]) -> bool {
    type Read = Enveloped<UnlockVault>;
    let Ok(value) = serde_json::from_slice(data) else {
        return false;
    };
    let Ok(read) = json::from_value::<Read>(value) else {
        return false;
    };
    let mut written = serde_json::to_value(&read.envelope).unwrap();
    written["protocolVersion"] = read.protocol_version.clone().into();
    written["activationId"] = read.attributes.activation_id.clone().into();
    written["signedData"] = read.attributes.signed_data.clone().into();
    let again: Read = json::from_value(written).unwrap();
    assert_eq!(again.envelope, read.envelope);
    assert_eq!(again.protocol_version, read.protocol_version);
    assert_eq!(again.attributes.activation_id, read.attributes.activation_id);
    assert_eq!(again.attributes.signed_data, read.attributes.signed_data);
    true
}

pub fn authorization_header(data: &[u8]) -> bool {
    let Some(header) = text(data).and_then(|text| AuthorizationHeader::parse(text).ok()) else {
        return false;
    };
    assert_eq!(AuthorizationHeader::parse(&header.to_text()), Ok(header));
    true
}

pub fn token_header(data: &[u8]) -> bool {
    let Some(header) = text(data).and_then(|text| TokenHeader::parse(text).ok()) else {
        return false;
    };
    assert_eq!(TokenHeader::parse(&header.to_text()), Ok(header));
    true
}

pub fn encryption_header(data: &[u8]) -> bool {
    let Some(header) = text(data).and_then(|text| EncryptionHeader::parse(text).ok()) else {
        return false;
    };
    assert_eq!(EncryptionHeader::parse(&header.to_text()), Ok(header));
    true
}

pub fn jwt(data: &[u8]) -> bool {
    let Some(jwt) = text(data).and_then(|text| UnverifiedJwt::parse(text).ok()) else {
        return false;
    };
    // Whatever it says, an unknown key does not verify it.
    assert!(jwt.verify_hs256(&Secret::from_bytes([0x5A; 16])).is_err());
    if let Ok(claims) = jwt.unverified_claims::<TemporaryKeyRequest>() {
        let key = Secret::from_bytes([1; 16]);
        let again = claims.sign(&key).unwrap();
        let (read, unverified) = TemporaryKeyRequest::parse(&again).unwrap();
        assert_eq!(unverified.verify_hs256(&key), Ok(()));
        assert_eq!(read, claims);
    }
    if let Ok(claims) = jwt.unverified_claims::<TemporaryKeyResponse>() {
        let json = serde_json::to_string(&claims).unwrap();
        assert_eq!(
            serde_json::from_str::<TemporaryKeyResponse>(&json).unwrap(),
            claims
        );
    }
    true
}

pub fn activation_qr(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    let Ok(qr) = ActivationQr::parse(input) else {
        return false;
    };
    assert_eq!(qr.to_text(), input);
    assert_eq!(
        ActivationCode::parse(qr.code.as_str()).unwrap().as_str(),
        qr.code.as_str()
    );
    true
}

/// Recovery codes and PUKs.
pub fn recovery(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    if let Ok(puk) = Puk::parse(input) {
        assert_eq!(puk.as_str(), input);
        return true;
    }
    let Ok(code) = RecoveryCode::parse_qr(input) else {
        return false;
    };
    assert_eq!(
        RecoveryCode::parse_qr(&code.to_qr()).unwrap().as_str(),
        code.as_str()
    );
    assert!(RecoveryCode::parse(&code.to_qr()).is_err());
    true
}

pub fn offline_payload(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    // The digits a user types back reach the server through a parser, too.
    if let Some(code) = canonical_code(input, 8) {
        assert_eq!(canonical_code(&code, 8), Some(code));
    }
    let Ok(payload) = OfflinePayload::parse(input) else {
        return false;
    };
    assert_eq!(payload.as_str(), input);
    assert_eq!(OfflinePayload::parse(payload.as_str()).as_ref(), Ok(&payload));
    let base = payload.base_string();
    assert_eq!(SignatureBase::parse(&base).unwrap().to_text(), base);
    true
}

pub fn operation_data(data: &[u8]) -> bool {
    let Some(parsed) = text(data).and_then(|text| OperationData::parse(text).ok()) else {
        return false;
    };
    let written = parsed.to_text();
    let again = OperationData::parse(&written).unwrap();
    assert_eq!(again, parsed);
    assert_eq!(again.to_text(), written);
    true
}

pub fn status_blob(data: &[u8]) -> bool {
    let Ok(blob) = StatusBlob::from_bytes(data) else {
        return false;
    };
    assert_eq!(StatusBlob::from_bytes(&blob.to_bytes([0xA5; 5])), Ok(blob));
    true
}

pub fn query(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    assert_eq!(form_decode(&form_encode(data)).unwrap().as_bytes(), data);
    let Ok(once) = canonical(input) else { return false };
    // The double decoding is stable exactly where no character of its own syntax is inside a value.
    if !["%25", "%2B", "%26", "%3D"]
        .iter()
        .any(|escape| once.contains(escape))
    {
        assert_eq!(canonical(&once), Ok(once));
    }
    true
}

pub fn sdk_config(data: &[u8]) -> bool {
    let Some(configuration) = text(data).and_then(|text| SdkConfiguration::parse(text).ok()) else {
        return false;
    };
    let written = configuration.to_text();
    let again = SdkConfiguration::parse(&written).unwrap();
    assert_eq!(again.to_text(), written);
    assert_eq!(again.master_public_key, configuration.master_public_key);
    true
}

/// Reads only: computing a hash of the fuzzer's choice would take seconds.
pub fn password_hash(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    let Ok(hash) = PasswordHash::parse(input) else {
        return false;
    };
    assert_eq!(hash.to_string(), input);
    assert_eq!(PasswordHash::parse(&hash.to_string()), Ok(hash));
    true
}

pub fn envelope_request(data: &[u8]) -> bool {
    let Ok(envelope) = serde_json::from_slice::<EnvelopeRequest>(data) else {
        return false;
    };
    let json = serde_json::to_vec(&envelope).unwrap();
    assert_eq!(
        serde_json::from_slice::<EnvelopeRequest>(&json).unwrap(),
        envelope
    );
    let mut versions = 0;
    for version in ProtocolVersion::ALL {
        if let Ok(request) = envelope.decode(version) {
            assert_eq!(request.encode(), envelope);
            versions += 1;
        }
    }
    // The presence rules of no two versions overlap.
    assert!(versions <= 1);
    versions == 1
}

pub fn envelope_response(data: &[u8]) -> bool {
    let Ok(envelope) = serde_json::from_slice::<EnvelopeResponse>(data) else {
        return false;
    };
    let decoded: Vec<_> = ProtocolVersion::ALL
        .iter()
        .filter_map(|version| envelope.decode(*version).ok())
        .collect();
    for response in &decoded {
        assert_eq!(response.encode(), envelope);
    }
    !decoded.is_empty()
}

pub fn public_key(data: &[u8]) -> bool {
    let Ok(key) = PublicKey::from_bytes(&RustCrypto, data) else {
        return false;
    };
    for encoded in [key.as_bytes().as_slice(), &key.to_compressed()] {
        assert_eq!(PublicKey::from_bytes(&RustCrypto, encoded), Ok(key));
    }
    assert!(data == key.as_bytes() || data == key.to_compressed());
    true
}

pub fn private_key(data: &[u8]) -> bool {
    let Ok(key) = PrivateKey::from_bytes(data) else {
        return false;
    };
    let signed = key.to_signed_bytes();
    assert_eq!(
        PrivateKey::from_bytes(signed.as_bytes()).unwrap().as_bytes(),
        key.as_bytes()
    );
    assert!(RustCrypto.public_key(&key).is_ok());
    true
}

pub fn der_signature(data: &[u8]) -> bool {
    let Ok(signature) = Signature::from_der(data) else {
        return false;
    };
    assert_eq!(signature.to_der(), data);
    assert_eq!(Signature::from_jose(signature.as_jose()), Ok(signature));
    true
}

/// Base strings and the metadata of audit records.
pub fn signature_base(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    if let Ok(metadata) = SignatureMetadata::from_json(input) {
        let json = metadata.to_json().unwrap();
        assert_eq!(SignatureMetadata::from_json(&json), Ok(metadata));
        return true;
    }
    let Ok(base) = SignatureBase::parse(input) else {
        return false;
    };
    let written = base.to_text();
    assert!(input.starts_with(&written));
    assert_eq!(SignatureBase::parse(&written), Ok(base));
    true
}

/// The header with the languages of a request.
pub fn accept_language(data: &[u8]) -> bool {
    let Some(header) = text(data) else { return false };
    let locale = Locale::preferred(Some(header));
    assert_eq!(Locale::preferred(Some(locale.tag())), locale);
    assert!(locale.tag().starts_with(locale.language()));
    assert!(!money("-1234567.5", "EUR", &locale).value.is_empty());
    locale != Locale::preferred(None)
}

/// Amounts of operations.
pub fn amount(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    let Some(decimal) = Decimal::parse(input) else {
        return false;
    };
    assert_eq!(Decimal::parse(&decimal.plain()), Some(decimal));
    for locale in ["en", "ar-EG", "hi"] {
        let locale = Locale::preferred(Some(locale));
        assert!(!money(input, "CZK", &locale).value.is_empty());
    }
    true
}

/// Rows of texts as administrators upload them.
pub fn operation_text(data: &[u8]) -> bool {
    let Ok(row) = serde_json::from_slice::<TextRow>(data) else {
        return false;
    };
    row.is_usable()
}

pub fn typed_code(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    let Some(code) = offline::typed_code(input) else {
        return false;
    };
    // What is signed is itself one of the forms, and the lenient reader understands all of them.
    assert_eq!(offline::typed_code(&code).as_ref(), Some(&code));
    assert_eq!(canonical_code(input, 8), Some(code));
    true
}

/// A request as bytes: what is written is what was read.
pub fn bridge_request(data: &[u8]) -> bool {
    let Ok(request) = BridgeRequest::read(data) else {
        return false;
    };
    assert_eq!(request.write().unwrap(), data);
    true
}

/// Who called, as bytes: everything is inside the message.
pub fn bridge_passed(data: &[u8]) -> bool {
    let Ok(passed) = Passed::read(data) else {
        return false;
    };
    let inside = passed.application_id.len() + passed.version.len() + passed.body.map_or(0, <[u8]>::len);
    assert!(inside < data.len());
    true
}

/// Settings of the engine as a host writes them.
pub fn engine_settings(data: &[u8]) -> bool {
    text(data).is_some_and(|input| settings::read(input).is_ok())
}

/// Commands of the protocol's cryptography; accepted when there is a result.
pub fn protocol_command(data: &[u8]) -> bool {
    let Some(input) = text(data) else { return false };
    let Ok(result) = protocol::perform(input, 1, &mut Seeded::new("fuzz", "1")) else {
        return false;
    };
    let result: serde_json::Value = serde_json::from_slice(&result).unwrap();
    assert_ne!(result.get("result").is_some(), result.get("error").is_some());
    result.get("result").is_some()
}
