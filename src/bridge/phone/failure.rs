//! Why a command has no result.

use serde_json::{Value, json};

use crate::client::{ActivationCodeError, FactorError, ReplyError, RequestError, ScanError, StateError};
use crate::crypto::code::CodeError;
use crate::crypto::key::KeyError;
use crate::crypto::random::RandomError;

/// Texts are safe to log.
pub(super) enum Failure {
    /// Nothing was activated yet, or it was removed.
    NotActivated,
    /// A member of the command has no possible value.
    Argument(&'static str),
    /// An activation code or a payload is not for this phone.
    Scan(String),
    /// The request cannot be built.
    Request(RequestError),
    /// The reply cannot be used, or is a refusal.
    Reply(ReplyError),
}

impl Failure {
    pub(super) fn to_json(&self) -> Value {
        let (kind, message) = match self {
            Self::NotActivated => ("notActivated", "the phone is not activated".to_owned()),
            Self::Argument(what) => ("argument", (*what).to_owned()),
            Self::Scan(text) => ("scan", text.clone()),
            Self::Request(error) => ("request", error.to_string()),
            Self::Reply(ReplyError::Refused(refusal)) => {
                let mut json = json!({
                    "kind": "refused",
                    "message": "the server refused",
                    "status": refusal.status,
                    "code": refusal.code,
                });
                if let (Some(index), Some(json)) = (refusal.recovery_puk_index, json.as_object_mut()) {
                    json.insert("currentRecoveryPukIndex".to_owned(), json!(index));
                }
                return json;
            }
            Self::Reply(error) => ("reply", error.to_string()),
        };
        json!({ "kind": kind, "message": message })
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<ReplyError> for Failure {
    fn from(error: ReplyError) -> Self {
        Self::Reply(error)
    }
}

impl From<RandomError> for Failure {
    fn from(error: RandomError) -> Self {
        Self::Request(error.into())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::Request(error.into())
    }
}

impl From<ActivationCodeError> for Failure {
    fn from(error: ActivationCodeError) -> Self {
        Self::Scan(error.to_string())
    }
}

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Self {
        Self::Scan(error.to_string())
    }
}

impl From<CodeError> for Failure {
    fn from(error: CodeError) -> Self {
        Self::Scan(error.to_string())
    }
}

impl From<FactorError> for Failure {
    fn from(_: FactorError) -> Self {
        Self::Argument("the PIN is too short")
    }
}

impl From<StateError> for Failure {
    fn from(_: StateError) -> Self {
        Self::Argument("state")
    }
}
