//! verifySignature (part 1, section 7.1).

use serde::Deserialize;

use super::{Attempt, Secret, SignatureType, VerifiedSignature, verify, verify_upgrading};
use crate::crypto::signature::SignatureFormat;
use crate::engine::json;
use crate::engine::{Engine, ErrorCode, Outcome, required};
use crate::store::Tx;

/// Request of [`verify_online`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "applicationKey", "data", "signature", "signatureType"])))]
#[serde(default, rename_all = "camelCase")]
pub struct VerifySignature {
    /// The activation.
    pub activation_id: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
    /// `METHOD&B64(uriId)&nonce&B64(body)`, without the application secret.
    pub data: Option<String>,
    /// The signature.
    pub signature: Option<String>,
    /// Factors of the signature.
    pub signature_type: Option<SignatureType>,
    /// Version of the signature header; `3.2` when absent, as the written reference does not know it.
    pub signature_version: Option<String>,
    /// 3 before the commit of an upgrade from protocol 2; other values mean nothing.
    #[serde(deserialize_with = "json::integer")]
    pub forced_signature_version: Option<i64>,
}

/// Verifies a signature of one factor combination.
pub fn verify_online(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &VerifySignature,
) -> Outcome<VerifiedSignature> {
    let activation = required(&request.activation_id)?;
    let key = required(&request.application_key)?;
    let data = required(&request.data)?;
    let signature = required(&request.signature)?;
    let kind = required(&request.signature_type)?;
    let version = request.signature_version.as_deref().unwrap_or("3.2");
    let format = SignatureFormat::for_version(version).map_err(|_| ErrorCode::UnableToComputeSignature)?;
    let attempt = Attempt {
        activation,
        secret: Secret::ApplicationVersion(key),
        data: std::slice::from_ref(data),
        signature,
        types: &[kind.0],
        format,
        version: Some(version),
        additional: Vec::new(),
    };
    let verification = match request.forced_signature_version {
        Some(3) => verify_upgrading(engine, tx, &attempt)?,
        _ => verify(engine, tx, &attempt)?,
    };
    Ok(Ok(VerifiedSignature::from(activation, verification)))
}
