//! The port itself: what a store is asked, what it is told, and how it may answer.

use std::future::Future;
use std::pin::Pin;

/// Name of a group of records with one body format (`activation`, `operation` …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Collection(pub &'static str);

/// Name of an index. An index belongs to one collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index(pub &'static str);

/// Primary key of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The record's group.
    pub collection: Collection,
    /// Identifier inside the group: 1 to [`MAX_ID`] bytes of UTF-8 without U+0000, which some
    /// databases cannot hold.
    pub id: String,
}

/// Longest identifier of a record, in bytes.
pub const MAX_ID: usize = 255;

impl Key {
    /// Key of record `id` in `collection`.
    pub fn new(collection: Collection, id: impl Into<String>) -> Self {
        Self {
            collection,
            id: id.into(),
        }
    }

    /// Whether a record can have this key. A store is never asked about another one.
    pub fn is_valid(&self) -> bool {
        (1..=MAX_ID).contains(&self.id.len()) && !self.id.contains('\0')
    }
}

/// Revision of a record: 16 random bytes minted by the engine, one value for a whole batch, never
/// reused. Compared for equality, never for order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rev(pub [u8; 16]);

/// A stored record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it lives.
    pub key: Key,
    /// Revision of the batch that wrote it last.
    pub rev: Rev,
    /// Opaque bytes; the first is the version of the body format.
    pub body: Vec<u8>,
    /// Milliseconds since the epoch from which the record may vanish.
    pub expires_at: Option<u64>,
}

/// One line of an index: equality on `value`, order by `sort` (then by record id).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexEntry {
    /// The index.
    pub index: Index,
    /// Compared byte by byte.
    pub value: Vec<u8>,
    /// Order inside one value.
    pub sort: u64,
}

/// Where the next page of a scan begins: right after this entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// `sort` of the last entry seen.
    pub sort: u64,
    /// Record id of the last entry seen.
    pub id: String,
}

/// Largest page a scan may ask for.
pub const MAX_PAGE: u32 = 1_000;

/// Reads part of an index in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The records' collection.
    pub collection: Collection,
    /// The index.
    pub index: Index,
    /// Entries with exactly this value.
    pub value: Vec<u8>,
    /// Lowest `sort`, included.
    pub from: u64,
    /// Highest `sort`, included.
    pub to: u64,
    /// Descending by (`sort`, id) instead of ascending.
    pub newest_first: bool,
    /// Continue after this entry.
    pub after: Option<Cursor>,
    /// At most so many records, 1 to [`MAX_PAGE`].
    pub limit: u32,
}

/// A question to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// One record by key.
    Get(Key),
    /// A page of an index.
    Scan(Scan),
}

/// Records of one scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In the order asked for.
    pub records: Vec<Record>,
    /// Where to continue; `None` at the end.
    pub next: Option<Cursor>,
}

/// Answer to the query at the same position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Query::Get`].
    Record(Option<Record>),
    /// To [`Query::Scan`].
    Page(Page),
}

/// What a write requires of the record as it is now. There is no "whatever it is".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No record under this key.
    Absent,
    /// The record has this revision.
    At(Rev),
}

/// The index entries of a record after a [`Write::Put`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entries {
    /// As they are: the engine computed the same ones as for the revision it expects.
    Keep,
    /// Exactly these.
    Set(Vec<IndexEntry>),
}

/// One line of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Replaces or creates a record. There is no delete: a removed thing is a tombstone that expires.
    Put {
        /// The record.
        key: Key,
        /// Its state before.
        expect: Expect,
        /// New body.
        body: Vec<u8>,
        /// New index entries.
        entries: Entries,
        /// May vanish from then on (milliseconds since the epoch), not before.
        expires_at: Option<u64>,
    },
    /// Requires a state, changes nothing.
    Check {
        /// The record.
        key: Key,
        /// Its state.
        expect: Expect,
    },
    /// Inserts a record that never changes. Refused when the key exists.
    Append {
        /// The record.
        key: Key,
        /// Its body.
        body: Vec<u8>,
        /// Its index entries.
        entries: Vec<IndexEntry>,
        /// May vanish from then on (milliseconds since the epoch), not before.
        expires_at: Option<u64>,
    },
}

impl Write {
    /// The record it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Put { key, .. } | Self::Check { key, .. } | Self::Append { key, .. } => key,
        }
    }
}

/// Largest number of writes in a batch.
pub const MAX_WRITES: usize = 512;

/// Writes that take effect together or not at all, sorted by key, one per key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Revision of everything this batch writes.
    pub rev: Rev,
    /// Sorted by key, so that row-locking stores cannot deadlock.
    pub writes: Vec<Write>,
}

/// Outcome of a commit that the store decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// All writes are durable.
    Applied,
    /// Nothing was written; all keys whose expectation failed, with their records as they are now.
    Conflict(Vec<(Key, Option<Record>)>),
}

/// Outcome that the store could not decide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Certainly nothing was written, or the read failed.
    #[error("the store did not apply the request: {0}")]
    NotApplied(String),
    /// The answer was lost: the batch may or may not have been applied.
    #[error("the store's answer was lost: {0}")]
    Unknown(String),
}

/// Boxed future of a store call.
#[cfg(not(target_family = "wasm"))]
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// Boxed future of a store call.
#[cfg(target_family = "wasm")]
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Where records live.
///
/// What the engine's guarantees rest on:
///
/// * `commit` is atomic and durable before it answers [`Commit::Applied`]; afterwards every `read`
///   on any node sees it (read your writes, from the primary).
/// * An expectation is judged against the latest committed state, under a lock or an equivalent.
/// * [`StoreError::NotApplied`] is a promise. When in doubt, answer [`StoreError::Unknown`]: the
///   engine sends the same batch again and recognises its own revision.
/// * A record whose `expires_at` has passed may be dropped at any time, one without never.
/// * `Get` is exact. A `Scan` may be stale; no decision's safety rests on it.
///
/// `store::conformance` checks all of this against any implementation.
pub trait Store: Send + Sync {
    /// Answers the queries, in their order.
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>>;

    /// Answers the queries at once, from what this process saw last, which may be old; none unless all answers are known.
    /// Only operations that ask for it are told ([`super::Operation::recalls`]). Optional: see [`super::recent`].
    fn recall(&self, queries: &[Query]) -> Option<Vec<Answer>> {
        let _ = queries;
        None
    }

    /// Applies the batch or reports why not.
    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>>;

    /// Drops records that expired before `before` (milliseconds since the epoch), at most `limit`;
    /// answers how many. Optional.
    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        let _ = (before, limit);
        Box::pin(async { Ok(0) })
    }

    /// Up to `limit` records of a collection (1 to [`MAX_PAGE`]) in the order of their ids, byte by byte,
    /// after the id `after`; expired ones, too. For work over a whole database, such as verifying the
    /// audit; never for a decision. Optional: a store without it answers [`StoreError::NotApplied`].
    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        let _ = (collection, after, limit);
        Box::pin(async {
            Err(StoreError::NotApplied(
                "this store cannot list its records".into(),
            ))
        })
    }
}

/// Whether a write may happen to a record that has the revision `rev` now, or that is absent. For
/// adapters that compare in code.
pub fn fits(write: &Write, rev: Option<Rev>) -> bool {
    match write {
        Write::Put { expect, .. } | Write::Check { expect, .. } => match expect {
            Expect::Absent => rev.is_none(),
            Expect::At(expected) => rev == Some(*expected),
        },
        Write::Append { .. } => rev.is_none(),
    }
}

/// Time and randomness of the host.
pub trait Host: Send + Sync {
    /// Milliseconds since the Unix epoch.
    fn now(&self) -> u64;
    /// Fills `out` from a cryptographic generator.
    ///
    /// # Errors
    /// When the generator fails; `out` must not be used then.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// The host's generator failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random generator failed")]
pub struct EntropyError;
