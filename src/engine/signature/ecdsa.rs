//! Signatures by the device's private key (part 1, section 7.4; protocol, section 11.3).

use serde::{Deserialize, Serialize};

use crate::crypto::ecdsa::Signature;
use crate::crypto::encoding::base64;
use crate::crypto::key::PublicKey;
use crate::engine::{Engine, ErrorCode, Outcome, required};
use crate::model::activation::Activation;
use crate::store::Tx;

/// How the signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "EcdsaSignatureFormat")
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Format {
    /// ASN.1 DER.
    #[default]
    Der,
    /// 64 bytes, r and s.
    Jose,
}

/// Request of [`verify`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "data", "signature"])))]
#[serde(default, rename_all = "camelCase")]
pub struct VerifyEcdsa {
    /// The activation.
    pub activation_id: Option<String>,
    /// Base64 of the signed bytes.
    pub data: Option<String>,
    /// Base64 of the signature.
    pub signature: Option<String>,
    /// DER when absent.
    pub signature_format: Option<Format>,
}

/// Answer of [`verify`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VerifiedEcdsa {
    /// The outcome.
    pub signature_valid: bool,
}

/// Verifies a device signature. Changes nothing. As in the reference the state of the activation
/// is not looked at: the signature stands for the key, not for the right to act.
pub fn verify(engine: &Engine, tx: &mut Tx<'_>, request: &VerifyEcdsa) -> Outcome<VerifiedEcdsa> {
    let id = required(&request.activation_id)?;
    let data = required(&request.data)?;
    let signature = required(&request.signature)?;
    let answer = |signature_valid| Ok(Ok(VerifiedEcdsa { signature_valid }));
    let Some(device) = tx
        .peek::<Activation>(id)?
        .and_then(|activation| activation.device_public)
    else {
        return answer(false);
    };
    let data = base64::decode(data).map_err(|_| ErrorCode::InvalidInputFormat)?;
    let signature = base64::decode(signature).map_err(|_| ErrorCode::InvalidInputFormat)?;
    let signature = match request.signature_format.unwrap_or_default() {
        Format::Der => Signature::from_der(&signature),
        Format::Jose => Signature::from_jose(&signature),
    };
    let signature = signature.map_err(|_| ErrorCode::GenericCryptographyError)?;
    let device = PublicKey::from_bytes(engine.backend, &device).map_err(|_| ErrorCode::InvalidKeyFormat)?;
    answer(engine.backend.verify(&device, &data, &signature))
}
