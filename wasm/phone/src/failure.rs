//! Why the phone cannot do something, for JavaScript.

use countersign::client::{Refusal, ReplyError, RequestError};
use countersign::crypto::random::RandomError;
use serde::Serialize;
use wasm_bindgen::prelude::JsValue;

/// Texts are safe to log.
#[derive(Debug)]
pub struct Failure {
    kind: &'static str,
    message: String,
    refusal: Option<Refusal>,
}

impl Failure {
    fn new(kind: &'static str, message: &dyn ToString) -> Self {
        Self {
            kind,
            message: message.to_string(),
            refusal: None,
        }
    }

    pub(crate) fn argument(message: &dyn ToString) -> Self {
        Self::new("argument", message)
    }

    pub(crate) fn scan(message: &dyn ToString) -> Self {
        Self::new("scan", message)
    }

    pub(crate) fn not_activated() -> Self {
        Self::new("notActivated", &"the phone is not activated")
    }

    /// An `Error` with `kind`, and of a refusal `status` and `code`.
    pub(crate) fn thrown(&self) -> JsValue {
        let thrown = js_sys::Error::new(&self.message);
        // Fails for frozen objects only.
        let set = |name: &str, value: JsValue| _ = js_sys::Reflect::set(&thrown, &name.into(), &value);
        set("kind", self.kind.into());
        if let Some(refusal) = &self.refusal {
            set("status", refusal.status.into());
            set("code", refusal.code.as_str().into());
        }
        thrown.into()
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::new("request", &error)
    }
}

impl From<RandomError> for Failure {
    fn from(error: RandomError) -> Self {
        RequestError::from(error).into()
    }
}

impl From<ReplyError> for Failure {
    fn from(error: ReplyError) -> Self {
        let failure = Self::new("reply", &error);
        match error {
            ReplyError::Refused(refusal) => Self {
                kind: "refused",
                refusal: Some(refusal),
                ..failure
            },
            _ => failure,
        }
    }
}

/// JSON text of an answer.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new("reply", &error))
}
