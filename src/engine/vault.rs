//! vaultUnlock (part 1, section 10; protocol, section 8).

use serde::{Deserialize, Serialize};

use super::activation::open_keys;
use super::application;
use super::application_version::supported_version;
use super::envelope::{self, Received, Recipient};
use super::json;
use super::signature::{Attempt, Secret, SignatureType, verify};
use super::{Engine, Enveloped, ErrorCode, Outcome, pretend, required};
use crate::crypto::ecies::{EnvelopeRequest, EnvelopeResponse, Purpose};
use crate::crypto::encoding::base64;
use crate::crypto::signature::{self, SignatureFormat};
use crate::crypto::vault::wrap_vault_key;
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::application::ApplicationVersion;
use crate::store::Tx;

/// Request of [`unlock`]; the version of the envelope is that of the signature.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "applicationKey", "signedData", "signature", "signatureType"])))]
#[serde(default, rename_all = "camelCase")]
pub struct UnlockVault {
    /// The activation.
    pub activation_id: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
    /// `METHOD&B64(uriId)&nonce&B64(body)`, without the application secret.
    pub signed_data: Option<String>,
    /// The signature.
    pub signature: Option<String>,
    /// Factors of the signature.
    pub signature_type: Option<SignatureType>,
    /// Version of the signature header; `3.2` when absent, as the written reference does not know it.
    pub signature_version: Option<String>,
}

/// Answer of [`unlock`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnlockedVault {
    /// Whether the signature was valid.
    pub signature_valid: bool,
    /// Whenever the signature was evaluated, the encrypted answer; it holds a key only if it was valid.
    #[serde(flatten)]
    pub envelope: EnvelopeResponse,
}

impl UnlockedVault {
    fn closed() -> Self {
        Self {
            signature_valid: false,
            envelope: EnvelopeResponse::default(),
        }
    }
}

/// What the phone sends inside the envelope.
#[derive(Default, Deserialize)]
#[serde(default)]
struct UnlockRequest {
    reason: Option<String>,
}

/// What the phone gets inside the envelope: Base64 of 32 bytes, or nothing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnlockResponse {
    encrypted_vault_encryption_key: Option<String>,
}

/// The vault key for the phone, against a signature of two factors.
pub fn unlock(engine: &Engine, tx: &mut Tx<'_>, request: &Enveloped<UnlockVault>) -> Outcome<UnlockedVault> {
    let UnlockVault {
        activation_id,
        application_key,
        signed_data,
        signature,
        signature_type,
        signature_version,
    } = &request.attributes;
    let id = required(activation_id)?;
    let signed = SignedUnlock {
        activation: id,
        spelled: id,
        application_key: required(application_key)?,
        data: required(signed_data)?,
        signature: required(signature)?,
        kind: required(signature_type)?.0,
        version: signature_version.as_deref().unwrap_or("3.2"),
    };
    unlock_signed(engine, tx, &signed, &request.envelope)
}

/// A signature, and who says to have made it.
#[derive(Debug)]
pub(crate) struct SignedUnlock<'a> {
    pub(crate) activation: &'a str,
    /// The activation as the phone spells it: its envelope is bound to that.
    pub(crate) spelled: &'a str,
    pub(crate) application_key: &'a str,
    /// Signed text without the secret.
    pub(crate) data: &'a String,
    pub(crate) signature: &'a str,
    pub(crate) kind: signature::SignatureType,
    pub(crate) version: &'a str,
}

/// Opens the envelope, then verifies the signature, so that nothing refuses the request any more
/// once the signature was evaluated and counted.
pub(crate) fn unlock_signed(
    engine: &Engine,
    tx: &mut Tx<'_>,
    signed: &SignedUnlock<'_>,
    envelope: &EnvelopeRequest,
) -> Outcome<UnlockedVault> {
    let (id, key) = (signed.activation, signed.application_key);
    if !allowed(engine, signed.kind) {
        return Err(ErrorCode::InvalidSignature.into());
    }
    let received = Received::check(Some(signed.version), envelope.clone(), ErrorCode::InvalidRequest)?;
    let format = SignatureFormat::for_version(signed.version);
    let format = format.map_err(|_| ErrorCode::UnableToComputeSignature)?;
    tx.want::<ApplicationVersion>(key);
    let activation = tx.get::<Activation>(id)?;
    let activation = activation.filter(|it| it.status == ActivationStatus::Active);
    let (Some(activation), Some(version)) = (activation, supported_version(tx, key)?) else {
        pretend::envelope(engine, tx, &received, signed.spelled, key)?;
        return Ok(Ok(UnlockedVault::closed()));
    };
    // Read before anything is computed: what is missing starts the decision again.
    application::roles(tx, &activation.application)?;
    let recipient = Recipient::Activation(&activation);
    let (plain, sealer) = envelope::open(
        engine,
        tx,
        Purpose::VaultUnlock,
        &received,
        &version,
        &recipient,
        Some(signed.spelled),
    )?;
    let request = serde_json::from_slice(plain.as_bytes()).and_then(json::from_value::<UnlockRequest>);
    let Ok(UnlockRequest { reason }) = request else {
        return Ok(Ok(UnlockedVault::closed()));
    };
    let reason = reason.unwrap_or_else(|| "NOT_SPECIFIED".to_owned());
    if !is_reason(&reason) {
        return Err(ErrorCode::InvalidInputFormat.into());
    }
    let attempt = Attempt {
        activation: id,
        secret: Secret::ApplicationVersion(key),
        data: std::slice::from_ref(signed.data),
        signature: signed.signature,
        types: &[signed.kind],
        format,
        version: Some(signed.version),
        additional: vec![("VAULT_UNLOCKED_REASON".to_owned(), reason)],
    };
    let keys = open_keys(engine, &activation)?.ok_or(ErrorCode::ActivationIncorrectState)?;
    let valid = verify(engine, tx, &attempt)?.valid().is_some();
    let response = UnlockResponse {
        encrypted_vault_encryption_key: valid
            .then(|| base64::encode(&wrap_vault_key(&keys.transport, &keys.vault))),
    };
    Ok(Ok(UnlockedVault {
        signature_valid: valid,
        envelope: envelope::seal(tx, sealer, &response)?,
    }))
}

fn allowed(engine: &Engine, kind: signature::SignatureType) -> bool {
    match kind {
        signature::SignatureType::PossessionKnowledge => true,
        signature::SignatureType::PossessionBiometry => engine.config.vault_with_biometry,
        _ => false,
    }
}

fn is_reason(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (3..=255).contains(&text.len()) && text.bytes().all(allowed)
}
