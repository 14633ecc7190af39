//! getEciesDecryptor: what an intermediate server of the host's needs to open one encrypted request of
//! a phone and to seal its answer (part 1, section 15; protocol, section 4.7).
//!
//! The key opens that one request only. Time and nonce of the request are remembered here, so that it
//! is opened once; a caller that leaves them out cannot open what carries them, because they are part
//! of what the request's MAC covers.

use serde::{Deserialize, Serialize};

use super::activation::{find, version_of};
use super::application;
use super::application_version::supported_version;
use super::envelope::{Recipient, recipient_key, shared_base};
use super::{Engine, Enveloped, ErrorCode, Outcome, replay, required};
use crate::crypto::ecies::{Decryptor, Parameters, Purpose};
use crate::crypto::encoding::base64;
use crate::crypto::version::ProtocolVersion;
use crate::model::activation::ActivationStatus;
use crate::model::application::ApplicationVersion;
use crate::store::Tx;

/// Request of [`decryptor`]; of the envelope, neither ciphertext nor MAC.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationKey"])))]
#[serde(default, rename_all = "camelCase")]
pub struct DecryptorRequest {
    /// The activation; none in application scope.
    pub activation_id: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
}

/// Answer of [`decryptor`].
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DecryptorParameters {
    /// Base64 of 48 bytes: encryption key, MAC key, IV key.
    pub secret_key: String,
    /// Base64 of 32 bytes: base of `SharedInfo2`.
    pub shared_info2: String,
}

/// Bytes of a nonce. A shorter one opens nothing, either, but callers of the reference may send it.
const MAX_NONCE: usize = 16;

/// Key and shared information of one encrypted request.
pub fn decryptor(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &Enveloped<DecryptorRequest>,
) -> Outcome<DecryptorParameters> {
    let broken = ErrorCode::DecryptionFailed;
    let key = required(&request.attributes.application_key)?;
    let id = request.attributes.activation_id.as_deref();
    let fields = &request.envelope;
    let ephemeral_key = required(&fields.ephemeral_public_key)?;
    let protocol = ProtocolVersion::parse(request.protocol_version.as_deref().unwrap_or_default());
    let protocol = protocol.map_err(|_| broken)?;
    let key_id = fields.temporary_key_id.as_deref();
    let key_id = key_id.filter(|_| protocol.has_temporary_keys());
    if key_id.is_some() != protocol.has_temporary_keys() {
        return Err(broken.into());
    }
    let ephemeral_key = base64::decode(ephemeral_key).map_err(|_| broken)?;
    let nonce = fields.nonce.as_deref().map(base64::decode).transpose();
    let nonce = nonce.map_err(|_| broken)?.unwrap_or_default();
    if nonce.len() > MAX_NONCE {
        return Err(broken.into());
    }
    let accept = |tx: &mut Tx<'_>| {
        let parts = (&ephemeral_key[..], &nonce[..]);
        replay::accept_parts(engine, tx, protocol, parts, fields.timestamp, id)
    };

    tx.want::<ApplicationVersion>(key);
    let (version, recipient);
    let (application, activation);
    let purpose = match id {
        None => {
            version = supported_version(tx, key)?.ok_or(ErrorCode::InvalidApplication)?;
            application = application::find(tx, &version.application)?;
            accept(tx)?;
            recipient = Recipient::Application(&application);
            Purpose::GenericApplication
        }
        Some(id) => {
            activation = find(tx, id)?;
            accept(tx)?;
            if activation.status != ActivationStatus::Active {
                return Err(ErrorCode::ActivationIncorrectState.into());
            }
            version = version_of(tx, key, &activation)?;
            recipient = Recipient::Activation(&activation);
            Purpose::GenericActivation
        }
    };
    let private = recipient_key(engine, tx, protocol, key_id, &version, &recipient)?;
    let parameters = Parameters {
        version: protocol,
        purpose,
        application_key: key,
        activation_id: id,
        temporary_key_id: key_id,
    };
    let secret = Decryptor::derive_key(private.as_ref(), &parameters, &ephemeral_key);
    let secret = secret.map_err(|_| broken)?;
    let base = shared_base(engine, &version, &recipient)?;
    Ok(Ok(DecryptorParameters {
        secret_key: base64::encode(secret.as_bytes()),
        shared_info2: base64::encode(base.as_bytes()),
    }))
}
