//! How a decision ends early, and why.

use super::port::EntropyError;

/// A stored body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored record cannot be read")]
pub struct Corrupt;

/// The machinery failed. Always means "not authenticated", never "no".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The store refused or failed.
    #[error("storage failed: {0}")]
    Store(String),
    /// The store never told whether it applied the batch.
    #[error("the outcome of a commit is unknown: {0}")]
    Unknown(String),
    /// Others changed the same records until the deadline.
    #[error("too many conflicting changes")]
    Contended,
    /// A stored record is not in a format of ours.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// The random generator failed.
    #[error("the random generator failed")]
    Entropy,
    /// A secret at rest could not be opened: wrong master key, or a changed record.
    #[error("a stored secret cannot be opened")]
    Sealed,
    /// The decision asked for too much, or the driver answered something else than was asked.
    #[error("internal error: {0}")]
    Internal(&'static str),
}

impl From<EntropyError> for Fault {
    fn from(_: EntropyError) -> Self {
        Self::Entropy
    }
}

/// Why a use of [`Tx`](super::Tx) could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// A record is missing; the machine reads it and runs the decision again.
    Need,
    /// The machinery failed.
    Fault(Fault),
}

impl<T: Into<Fault>> From<T> for Halt {
    fn from(fault: T) -> Self {
        Self::Fault(fault.into())
    }
}

/// Why a decision ended early. Writes made so far are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop<E> {
    /// A record is missing; the machine reads it and runs the decision again.
    Need,
    /// The machinery failed.
    Fault(Fault),
    /// The request is refused and nothing changes.
    Refuse(E),
}

impl<E> From<Halt> for Stop<E> {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Need => Self::Need,
            Halt::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl<E> From<Fault> for Stop<E> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<E> From<EntropyError> for Stop<E> {
    fn from(error: EntropyError) -> Self {
        Self::Fault(error.into())
    }
}

impl<E> From<Corrupt> for Stop<E> {
    fn from(error: Corrupt) -> Self {
        Self::Fault(error.into())
    }
}

/// Result of a decision.
///
/// * `Ok(Ok(reply))`: the writes are committed, then the reply leaves.
/// * `Ok(Err(error))`: the writes are committed, then the error leaves: a counted "no".
/// * `Err(stop)`: the writes are dropped.
pub type Decision<T, E> = Result<Result<T, E>, Stop<E>>;
