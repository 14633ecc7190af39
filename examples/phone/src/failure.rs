//! Why a command failed, and the exit status that says so.

use std::io::Write as _;

use countersign::client::{
    ActivationCodeError, ConfigurationError, FactorError, ReplyError, RequestError, ScanError, StateError,
};
use countersign::crypto::random::RandomError;
use serde_json::json;

/// A command did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line, an argument or the state file.
    #[error("{0}")]
    Usage(String),
    /// The server did not answer.
    #[error("no answer from the server: {0}")]
    Network(String),
    #[error(transparent)]
    Reply(#[from] ReplyError),
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Scan(#[from] ScanError),
    #[error(transparent)]
    Code(#[from] ActivationCodeError),
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error(transparent)]
    Factor(#[from] FactorError),
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Failure {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// 1 the server said no, 2 usage or local state, 3 network or protocol.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Reply(ReplyError::Refused(_)) => 1,
            Self::Reply(_) | Self::Network(_) => 3,
            _ => 2,
        }
    }

    pub(crate) fn print(&self, json: bool) {
        let text = if json {
            let (http, code) = match self {
                Self::Reply(ReplyError::Refused(refusal)) => (Some(refusal.status), Some(&refusal.code)),
                _ => (None, None),
            };
            json!({ "error": self.to_string(), "http": http, "code": code }).to_string()
        } else {
            format!("error: {self}")
        };
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}
