//! Signatures: online and offline verification, device signatures, and the audit of attempts
//! (server API, part 1, sections 7, 8, 11; protocol, sections 5, 6, 11.3).

pub mod audit;
pub mod ecdsa;
pub mod offline;
pub mod online;
mod verify;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) use verify::{Attempt, Secret, Verification, search, verify, verify_upgrading};

use crate::crypto::signature;
use crate::model::activation::ActivationStatus;

/// Factors of a signature; in JSON the upper-case name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureType(pub signature::SignatureType);

impl Serialize for SignatureType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_upper_str())
    }
}

impl<'de> Deserialize<'de> for SignatureType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An enumeration is never coerced from a number or a boolean.
        let name = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(name) => name,
            _ => return Err(D::Error::custom("a signature type must be given by name")),
        };
        Self::from_name(&name).ok_or_else(|| D::Error::custom("an unknown signature type"))
    }
}

impl SignatureType {
    /// From the upper-case name, exactly.
    pub fn from_name(name: &str) -> Option<Self> {
        signature::SignatureType::ALL
            .into_iter()
            .find(|kind| kind.as_upper_str() == name)
            .map(Self)
    }
}

/// Answer of a verification.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VerifiedSignature {
    /// The outcome.
    pub signature_valid: bool,
    /// State of the activation after the attempt; REMOVED for an unknown one.
    pub activation_status: ActivationStatus,
    /// Why it is blocked.
    pub blocked_reason: Option<String>,
    /// The activation, as requested.
    pub activation_id: String,
    /// The user.
    pub user_id: Option<String>,
    /// The application.
    pub application_id: Option<String>,
    /// Factors that matched, or those requested.
    pub signature_type: Option<SignatureType>,
    /// Failed attempts that are left.
    pub remaining_attempts: Option<u64>,
    /// Roles of the application.
    pub application_roles: Vec<String>,
    /// Flags of the activation.
    pub activation_flags: Vec<String>,
}

impl VerifiedSignature {
    /// The answer about `activation_id`.
    pub(crate) fn from(activation_id: &str, verification: Verification) -> Self {
        match verification {
            Verification::Unusable { status } => Self {
                signature_valid: false,
                activation_status: status,
                blocked_reason: None,
                activation_id: activation_id.to_owned(),
                user_id: None,
                application_id: None,
                signature_type: None,
                remaining_attempts: None,
                application_roles: Vec::new(),
                activation_flags: Vec::new(),
            },
            Verification::Evaluated {
                valid,
                signature_type,
                activation,
                roles,
            } => Self {
                signature_valid: valid,
                activation_status: activation.status,
                activation_id: activation_id.to_owned(),
                signature_type: Some(SignatureType(signature_type)),
                remaining_attempts: Some(match valid {
                    // As the reference has it, also where a possession signature resets nothing.
                    true => activation.max_failed_attempts,
                    false => activation.remaining_attempts(),
                }),
                blocked_reason: activation.blocked_reason,
                user_id: Some(activation.user),
                application_id: Some(activation.application),
                application_roles: roles,
                activation_flags: activation.flags,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_protocol() {
        for kind in signature::SignatureType::ALL {
            let name = serde_json::json!(kind.as_upper_str());
            let read: SignatureType = serde_json::from_value(name.clone()).unwrap();
            assert_eq!(read.0, kind);
            assert_eq!(serde_json::json!(read), name);
            assert!(serde_json::from_value::<SignatureType>(serde_json::json!(kind.as_str())).is_err());
        }
        assert!(serde_json::from_value::<SignatureType>(serde_json::json!(1)).is_err());
    }
}
