//! What ends a command early, and the exit code it has.

use countersign::client::{
    ActivationCodeError, ConfigurationError, FactorError, ReplyError, RequestError, ScanError, StateError,
};
use countersign::crypto::code::CodeError;
use countersign::crypto::random::RandomError;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a command did not succeed.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The command line asks for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// The reply of the server, a refusal most of all.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// The server could not be reached or did not speak HTTP.
    #[error("{0}")]
    Network(String),
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The request cannot be made.
    #[error(transparent)]
    Request(RequestError),
    /// The file of the phone is damaged.
    #[error("the file of the phone: {0}")]
    State(#[from] StateError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Result of a command.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }

    /// 1 the server said no, 2 wrong usage, 3 network or protocol.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Reply(ReplyError::Refused(_)) => 1,
            Self::Usage(_)
            | Self::File { .. }
            | Self::State(_)
            | Self::Request(
                RequestError::NoBiometry
                | RequestError::BiometryNotAllowed
                | RequestError::Factors
                | RequestError::NoToken
                | RequestError::Query(_)
                | RequestError::Argument(_),
            ) => 2,
            Self::Reply(_) | Self::Network(_) | Self::Request(_) | Self::Random(_) => 3,
        }
    }

    /// A stable name for programs.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Reply(ReplyError::Refused(_)) => "refused",
            Self::Reply(_) => "protocol",
            Self::Network(_) => "network",
            _ if self.exit_code() == 2 => "usage",
            _ => "internal",
        }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

macro_rules! usage_from {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Usage(error.to_string())
            }
        })*
    };
}

usage_from!(
    ActivationCodeError,
    ConfigurationError,
    FactorError,
    ScanError,
    CodeError
);
