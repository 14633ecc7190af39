//! What can go wrong, for the person at the terminal.

/// Why a run ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// An option cannot be used.
    #[error("{0}")]
    Usage(&'static str),
    /// The network, or the machine.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// What came was no HTTP answer.
    #[error("the server's answer is no HTTP/1.1 with a length: {0}")]
    Http(&'static str),
    /// An answer other than the scenario wants.
    #[error("{path} was answered with HTTP {status}: {body}")]
    Answer { path: String, status: u16, body: String },
    /// The phone's side refused.
    #[error("the phone: {0}")]
    Phone(String),
}

impl Failure {
    /// An error of the client library.
    pub(crate) fn phone(error: impl std::fmt::Display) -> Self {
        Self::Phone(error.to_string())
    }
}
