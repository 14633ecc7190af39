//! Why a row is not taken over.

/// Why a row is not taken over. Never shows what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The table has no such column, and nothing can stand for it.
    #[error("{0}: the table has no such column")]
    MissingColumn(&'static str),
    /// No value where there must be one.
    #[error("{0}: no value")]
    Null(&'static str),
    /// Not what stands in such a column.
    #[error("{0}: malformed")]
    Malformed(&'static str),
    /// A number or a name that means nothing.
    #[error("{0}: unknown value")]
    UnknownValue(&'static str),
    /// Longer, or larger, than we can hold.
    #[error("{0}: too large")]
    TooLarge(&'static str),
    /// The row cannot be told apart from its neighbours, or has another number of fields than the header.
    #[error("not a row of this table")]
    BadRow,
    /// The value is encrypted, and no key was given.
    #[error("{0}: encrypted, and no key of the old server was given")]
    NoKey(&'static str),
    /// The value does not open: another key, another user or activation, or damaged.
    #[error("{0}: does not open with the key of the old server")]
    Sealed(&'static str),
    /// The value is encrypted, and nothing says how: no key would help.
    #[error("{0}: encrypted in a way that is not published")]
    Unpublished(&'static str),
    /// The private key does not belong to the public one.
    #[error("{0}: does not fit to the public key")]
    KeyMismatch(&'static str),
    /// Another record has the value already.
    #[error("{0}: used by another row")]
    Duplicate(&'static str),
    /// It is switched off, and there is no such switch here.
    #[error("{0}: switched off")]
    Off(&'static str),
    /// What it belongs to was not taken over.
    #[error("belongs to a row of {0} that is not here")]
    NoParent(&'static str),
    /// The record was used here since it was taken over; an older state would undo that.
    #[error("the record was used here since")]
    UsedHere,
}
