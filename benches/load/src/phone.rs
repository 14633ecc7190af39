//! One activated phone.

use countersign::client::{Authentication, BiometryKey, Device, PossessionKey};
use countersign::crypto::base;
use countersign::crypto::encoding::base64;
use countersign::crypto::random::{Random, RandomError};
use serde_json::{Value, json};

use crate::failure::Failure;

const POSSESSION: [u8; 16] = [0x50; 16];
const BIOMETRY: [u8; 16] = [0xB1; 16];
const TOKEN: &str = "load";

/// The system's generator.
#[derive(Debug)]
pub(crate) struct System;

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// A phone with a token.
pub(crate) struct Phone {
    pub(crate) device: Device,
    pub(crate) user: String,
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// What protects every phone's possession factor.
pub(crate) fn possession() -> PossessionKey {
    PossessionKey::from_bytes(POSSESSION)
}

/// What protects every phone's biometry factor.
pub(crate) fn biometry() -> BiometryKey {
    BiometryKey::from_bytes(BIOMETRY)
}

impl Phone {
    /// Name of the token that each phone has.
    pub(crate) const TOKEN: &'static str = TOKEN;

    /// `requestObject` of `signature/verify`, with a fresh signature of two factors. Biometry stands for the second one:
    /// stretching a PIN takes longer than anything that is measured.
    pub(crate) fn signed(&mut self) -> Result<Value, Failure> {
        let biometry = biometry();
        self.authorized(&Authentication::PossessionBiometry(&biometry))
    }

    /// The same with a signature of possession that matches nothing.
    pub(crate) fn wrongly_signed(&mut self) -> Result<Value, Failure> {
        let mut request = self.authorized(&Authentication::Possession)?;
        if let Some(signature) = request.get_mut("signature") {
            *signature = json!("AAAAAAAAAAAAAAAAAAAAAA==");
        }
        Ok(request)
    }

    fn authorized(&mut self, authentication: &Authentication<'_>) -> Result<Value, Failure> {
        let body = br#"{"login":"yes"}"#;
        let header = self
            .device
            .authorize("POST", "/login", body, authentication, &mut System)
            .map_err(Failure::phone)?
            .assume_saved();
        Ok(json!({
            "activationId": header.activation_id,
            "applicationKey": header.application_key,
            "data": base::build("POST", "/login", &header.nonce, body),
            "signature": header.signature,
            "signatureType": header.signature_type.as_upper_str(),
            "signatureVersion": header.version.as_str(),
        }))
    }

    /// `requestObject` of `token/validate`, with a fresh nonce.
    pub(crate) fn presented(&mut self) -> Result<Value, Failure> {
        let header = self.device.token_header(TOKEN, now(), &mut System);
        let header = header.map_err(Failure::phone)?;
        Ok(json!({
            "tokenId": header.token_id,
            "tokenDigest": base64::encode(&header.digest),
            "nonce": base64::encode(&header.nonce),
            "timestamp": header.timestamp,
            "protocolVersion": header.version.as_str(),
        }))
    }
}
