//! Steps as bytes: what crosses to a host in another language, and back.
//!
//! ```text
//!   engine ── queries ──▶ host's store ── answers ─────────────────▶ engine
//!          ── batch ────▶              ── applied │ conflict ───────▶
//!                                      ── not applied │ unknown ────▶   (either one)
//! ```
//!
//! A message is self-contained: one version byte, one kind byte, the content, and nothing after it.
//! Integers are big-endian. Nothing is aligned or padded.
//!
//! ```text
//! text     = length u16 ‖ UTF-8               bytes  = length u32 ‖ the bytes
//! list X   = count u16 ‖ X …                  opt X  = 00 │ 01 ‖ X
//! rev      = 16 bytes
//!
//! message  = 01 ‖ kind u8 ‖ content
//!
//! to the store
//!   01 queries     = list query                                     (1 to MAX_QUERIES)
//!      query       = 01 ‖ collection text ‖ id text                                          get
//!                  │ 02 ‖ collection text ‖ index text ‖ value bytes ‖ from u64 ‖ to u64
//!                       ‖ order u8 (0 oldest first, 1 newest first)
//!                       ‖ opt cursor ‖ limit u32                                             scan
//!      cursor      = sort u64 ‖ id text
//!   02 batch       = rev ‖ list write                                (1 to MAX_WRITES)
//!      write       = 01 ‖ collection text ‖ id text ‖ expect ‖ body bytes
//!                       ‖ expires_at opt u64 ‖ entries                                       put
//!                  │ 02 ‖ collection text ‖ id text ‖ expect                                 check
//!                  │ 03 ‖ collection text ‖ id text ‖ body bytes
//!                       ‖ expires_at opt u64 ‖ entries (never "keep")                        append
//!      expect      = 00 (no such record) │ 01 ‖ rev (the record is at this revision)
//!      entries     = 00 (keep) │ 01 ‖ list entry (exactly these; at most MAX_ENTRIES)
//!      entry       = index text ‖ value bytes ‖ sort u64
//!
//! from the store
//!   11 answers     = list answer                           (as many as queries, in their order)
//!      answer      = 01 ‖ opt record                                                      to a get
//!                  │ 02 ‖ list record ‖ next opt cursor                                   to a scan
//!      record      = id text ‖ rev ‖ expires_at opt u64 ‖ body bytes
//!   12 applied     = (empty)
//!   13 conflict    = list (position u16 ‖ opt record)      (at least one, positions ascending)
//!   14 not applied = detail text
//!   15 unknown     = detail text
//! ```
//!
//! Kinds 03 to 05 and 20 are the bridge's (see `bridge::reply`, `bridge::passed`, `bridge::phone`, `bridge::request`): the
//! beginning and the end of an operation never concern a store.
//!
//! Names of collections and indexes travel to the store only, so that a host can make tables of
//! them. Answers are positional: an answer belongs to the query at the same place, the position in a
//! conflict counts the batch's writes from 0. A record repeats its id, so that a host that mixes up
//! two answers is noticed.
//!
//! `detail` is for a person who reads the engine's log: no values of records, at most
//! [`MAX_DETAIL`] bytes, empty is fine.
//!
//! # Bounds
//!
//! Both directions keep the same bounds, so that whatever was written can be read again. No length
//! read from a message makes more memory than the message itself has bytes for. Decoding looks at
//! nothing but the bytes and what was asked; an error leaves nothing behind.

mod ask;
mod bytes;
mod input;

pub use ask::{Ask, Names, decode_ask, encode_batch, encode_queries};
pub(crate) use bytes::{Reader, Writer};
pub use input::{Asked, decode_input, encode_answers, encode_commit, encode_failure};

/// First byte of every message.
pub const VERSION: u8 = 1;

/// Most queries of one read.
pub const MAX_QUERIES: usize = 1_024;
/// Most index entries of one record.
pub const MAX_ENTRIES: usize = 256;
/// Longest body of a record, in bytes.
pub const MAX_BODY: usize = 1 << 20;
/// Longest value of an index entry, in bytes.
pub const MAX_VALUE: usize = 4_096;
/// Longest name of a collection or an index, in bytes.
pub const MAX_NAME: usize = 64;
/// Longest explanation of a failure, in bytes.
pub const MAX_DETAIL: usize = 1_024;
/// Longest message, in bytes.
pub const MAX_MESSAGE: usize = 64 << 20;

/// What a message is, its second byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Read these.
    Queries,
    /// Commit this.
    Batch,
    /// The operation is over; written by the bridge.
    Reply,
    /// The request may pass; written by the bridge.
    Passed,
    /// What a phone sends; written by the bridge.
    Request,
    /// The beginning of an operation; read by the bridge.
    Begin,
    /// To queries.
    Answers,
    /// The batch is durable.
    Applied,
    /// The batch was refused.
    Conflict,
    /// Certainly nothing was written, or the read failed.
    NotApplied,
    /// The batch may or may not have been applied.
    Unknown,
}

impl Kind {
    /// Every kind and its byte.
    pub const ALL: &[(Self, u8)] = &[
        (Self::Queries, 0x01),
        (Self::Batch, 0x02),
        (Self::Reply, 0x03),
        (Self::Passed, 0x04),
        (Self::Request, 0x05),
        (Self::Begin, 0x20),
        (Self::Answers, 0x11),
        (Self::Applied, 0x12),
        (Self::Conflict, 0x13),
        (Self::NotApplied, 0x14),
        (Self::Unknown, 0x15),
    ];

    /// Its byte.
    pub fn byte(self) -> u8 {
        // The table is the only place with numbers; every variant is in it (tested).
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or(0, |(_, byte)| *byte)
    }

    /// The kind of a byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == byte)
            .map(|(kind, _)| *kind)
    }
}

/// Why bytes are not a message, or something cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The message ends inside a field.
    #[error("the message is cut off")]
    Truncated,
    /// Bytes follow the message's end.
    #[error("bytes follow the end of the message")]
    Trailing,
    /// The first byte is not [`VERSION`].
    #[error("unknown version of the message format")]
    Version,
    /// The second byte is no kind.
    #[error("unknown kind of message")]
    Kind,
    /// A message of a kind that does not answer what was asked.
    #[error("the message does not answer what was asked")]
    Unexpected,
    /// A tag or an option byte has no meaning.
    #[error("unknown tag in a message")]
    Tag,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    Text,
    /// A field, a list or the message is longer than it may be.
    #[error("a field of a message is too long")]
    TooLong,
    /// A list that cannot be empty is, or a scan asks for no records.
    #[error("a list or a limit is empty")]
    Empty,
    /// A record identifier that no record can have.
    #[error("not an identifier of a record")]
    Id,
    /// A collection or index that the receiver does not know.
    #[error("unknown collection or index")]
    Name,
    /// The number of answers is not the number of queries.
    #[error("another number of answers than of queries")]
    Count,
    /// An answer carries another record than was asked, or its form does not fit the query.
    #[error("an answer does not fit its query")]
    Mismatch,
    /// Writes of a batch are not in the order of their keys, or positions of a conflict do not rise
    /// or lie outside the batch.
    #[error("writes or positions are out of order")]
    Order,
}

#[cfg(test)]
mod strategies;
#[cfg(test)]
mod tests;
