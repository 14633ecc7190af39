//! Records as this process saw them last, so that a decision which writes need not read first, and one that does not reads
//! once.
//!
//! What is remembered may be old: another node may have written since. So it is offered only to operations that ask for
//! it ([`Operation::recalls`](super::Operation::recalls)), and those commit nothing and answer nothing on the strength of it
//! alone: their batch expects the revision of every record that came from here, and an end without a batch is reached only
//! after those records were read. A memory that is wrong costs a conflict or a read, never a wrong answer. And whoever has
//! proved nothing always waits for a read, so that the time of a refusal does not tell which activations were in use lately.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::port::{
    Answer, Batch, Collection, Commit, Fut, Key, Query, Record, Rev, Store, StoreError, Write,
};

/// Memory of a [`Remembering`] store when nothing else is said: about ten thousand activations.
pub const RECENT_BYTES: usize = 8 * 1024 * 1024;

/// What a record takes beside its id and its body, roughly.
const OVERHEAD: usize = 128;

struct Seen {
    rev: Rev,
    expires_at: Option<u64>,
    body: Vec<u8>,
}

/// Two generations: what was not asked for while one filled up is forgotten with it.
#[derive(Default)]
struct Generations {
    young: HashMap<Key, Seen>,
    old: HashMap<Key, Seen>,
    /// Bytes of the young ones.
    bytes: usize,
}

/// Records by key, as many as fit into some bytes.
pub struct Recent {
    bytes: usize,
    generations: Mutex<Generations>,
}

impl std::fmt::Debug for Recent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recent")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Recent {
    /// Nothing yet; at most about `bytes` bytes.
    pub fn new(bytes: usize) -> Self {
        Self {
            bytes,
            generations: Mutex::default(),
        }
    }

    /// Answers from memory; none unless all are known.
    pub fn recall(&self, queries: &[Query]) -> Option<Vec<Answer>> {
        let mut generations = self.generations();
        let recall = |query: &Query| match query {
            Query::Get(key) => generations
                .recall(key, self.bytes)
                .map(|it| Answer::Record(Some(it))),
            Query::Scan(_) => None,
        };
        queries.iter().map(recall).collect()
    }

    /// Takes over what was read.
    pub fn read(&self, queries: &[Query], answers: &[Answer]) {
        let mut generations = self.generations();
        for (query, answer) in queries.iter().zip(answers) {
            if let (Query::Get(key), Answer::Record(record)) = (query, answer) {
                generations.learn(key, record.as_ref(), self.bytes);
            }
        }
    }

    /// Takes over what became of a batch.
    pub fn committed(&self, batch: &Batch, outcome: &Result<Commit, StoreError>) {
        let mut generations = self.generations();
        match outcome {
            Ok(Commit::Applied) => {
                for write in &batch.writes {
                    if let Write::Put {
                        key,
                        body,
                        expires_at,
                        ..
                    } = write
                    {
                        generations.replace(key, batch.rev, body, *expires_at, self.bytes);
                    }
                }
            }
            Ok(Commit::Conflict(current)) => {
                for (key, record) in current {
                    generations.learn(key, record.as_ref(), self.bytes);
                }
            }
            Err(StoreError::NotApplied(_)) => {}
            // Whoever asks next will read.
            Err(StoreError::Unknown(_)) => {
                for write in &batch.writes {
                    generations.forget(write.key());
                }
            }
        }
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(key: &Key, body: &[u8]) -> usize {
    OVERHEAD + key.id.len() + body.len()
}

impl Generations {
    fn recall(&mut self, key: &Key, limit: usize) -> Option<Record> {
        if let Some(seen) = self.old.remove(key) {
            self.insert(key.clone(), seen, limit);
        }
        let seen = self.young.get(key)?;
        Some(Record {
            key: key.clone(),
            rev: seen.rev,
            body: seen.body.clone(),
            expires_at: seen.expires_at,
        })
    }

    fn learn(&mut self, key: &Key, record: Option<&Record>, limit: usize) {
        self.forget(key);
        if let Some(record) = record {
            let seen = Seen {
                rev: record.rev,
                expires_at: record.expires_at,
                body: record.body.clone(),
            };
            self.insert(key.clone(), seen, limit);
        }
    }

    /// Of a record that is known; others are not worth the memory until somebody asks for them.
    fn replace(&mut self, key: &Key, rev: Rev, body: &[u8], expires_at: Option<u64>, limit: usize) {
        if self.forget(key) {
            let seen = Seen {
                rev,
                expires_at,
                body: body.to_vec(),
            };
            self.insert(key.clone(), seen, limit);
        }
    }

    fn forget(&mut self, key: &Key) -> bool {
        if let Some(seen) = self.young.remove(key) {
            self.bytes = self.bytes.saturating_sub(size(key, &seen.body));
            return true;
        }
        self.old.remove(key).is_some()
    }

    /// Of a key that is in neither generation.
    fn insert(&mut self, key: Key, seen: Seen, limit: usize) {
        let size = size(&key, &seen.body);
        if self.bytes.saturating_add(size) > limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if size <= limit / 2 {
            self.bytes += size;
            self.young.insert(key, seen);
        }
    }
}

/// A store that remembers what went through it.
#[derive(Debug)]
pub struct Remembering<S> {
    store: S,
    recent: Recent,
}

impl<S> Remembering<S> {
    /// Over `store`, with [`RECENT_BYTES`] of memory.
    pub fn new(store: S) -> Self {
        Self::with_bytes(store, RECENT_BYTES)
    }

    /// Over `store`, with at most about `bytes` bytes of memory.
    pub fn with_bytes(store: S, bytes: usize) -> Self {
        Self {
            store,
            recent: Recent::new(bytes),
        }
    }

    /// The store behind.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S: Store> Store for Remembering<S> {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            let answers = self.store.read(queries).await?;
            self.recent.read(queries, &answers);
            Ok(answers)
        })
    }

    fn recall(&self, queries: &[Query]) -> Option<Vec<Answer>> {
        self.recent.recall(queries)
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let outcome = self.store.commit(batch).await;
            self.recent.committed(batch, &outcome);
            outcome
        })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        self.store.purge(before, limit)
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        self.store.walk(collection, after, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::port::{Entries, Expect};

    const KIND: Collection = Collection("activation");

    fn key(id: &str) -> Key {
        Key::new(KIND, id)
    }

    fn record(id: &str, rev: u8, length: usize) -> Record {
        Record {
            key: key(id),
            rev: Rev([rev; 16]),
            body: vec![rev; length],
            expires_at: None,
        }
    }

    fn read(recent: &Recent, record: &Record) {
        let query = Query::Get(record.key.clone());
        recent.read(&[query], &[Answer::Record(Some(record.clone()))]);
    }

    fn rev(recent: &Recent, id: &str) -> Option<u8> {
        let answers = recent.recall(&[Query::Get(key(id))])?;
        match answers.as_slice() {
            [Answer::Record(Some(found))] => Some(found.rev.0[0]),
            other => panic!("{other:?}"),
        }
    }

    fn batch(id: &str, rev: u8) -> Batch {
        let put = Write::Put {
            key: key(id),
            expect: Expect::Absent,
            body: vec![rev],
            entries: Entries::Keep,
            expires_at: None,
        };
        Batch {
            rev: Rev([rev; 16]),
            writes: vec![put],
        }
    }

    #[test]
    fn what_was_read_and_written_is_remembered() {
        let recent = Recent::new(10_000);
        assert_eq!(rev(&recent, "a"), None);
        read(&recent, &record("a", 1, 10));
        assert_eq!(rev(&recent, "a"), Some(1));
        recent.committed(&batch("a", 2), &Ok(Commit::Applied));
        assert_eq!(rev(&recent, "a"), Some(2));
        // Nobody asked for it before.
        recent.committed(&batch("b", 2), &Ok(Commit::Applied));
        assert_eq!(rev(&recent, "b"), None);
        // Nothing was written.
        recent.committed(&batch("a", 3), &Err(StoreError::NotApplied(String::new())));
        assert_eq!(rev(&recent, "a"), Some(2));
        let newer = Commit::Conflict(vec![(key("a"), Some(record("a", 4, 1))), (key("c"), None)]);
        recent.committed(&batch("a", 3), &Ok(newer));
        assert_eq!(rev(&recent, "a"), Some(4));
        let gone = Commit::Conflict(vec![(key("a"), None)]);
        recent.committed(&batch("a", 5), &Ok(gone));
        assert_eq!(rev(&recent, "a"), None);
        read(&recent, &record("a", 6, 10));
        recent.committed(&batch("a", 7), &Err(StoreError::Unknown(String::new())));
        assert_eq!(rev(&recent, "a"), None);
    }

    #[test]
    fn all_or_nothing_is_recalled() {
        let recent = Recent::new(10_000);
        read(&recent, &record("a", 1, 10));
        let known = Query::Get(key("a"));
        assert!(recent.recall(&[known.clone(), Query::Get(key("b"))]).is_none());
        assert_eq!(recent.recall(&[known.clone(), known]).unwrap().len(), 2);
    }

    #[test]
    fn the_memory_is_bounded_and_keeps_what_is_asked_for() {
        let recent = Recent::new(20_000);
        for number in 0..1_000_u32 {
            read(&recent, &record(&number.to_string(), 1, 500));
            assert_eq!(rev(&recent, "0"), Some(1), "{number}");
            let generations = recent.generations();
            let all = generations.young.iter().chain(&generations.old);
            let bytes: usize = all.map(|(key, seen)| size(key, &seen.body)).sum();
            assert!(bytes <= 20_000, "{bytes}");
        }
        assert_eq!(rev(&recent, "1"), None);
        assert_eq!(rev(&recent, "999"), Some(1));
        // One that is too large for it.
        read(&recent, &record("large", 1, 20_000));
        assert_eq!(rev(&recent, "large"), None);
    }
}
