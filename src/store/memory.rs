//! Records in memory: for tests, for trying things out, and as the model of what a store does.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::machine::fits;
use super::planted::{self, Planted};
use super::port::{
    Answer, Batch, Collection, Commit, Cursor, Entries, Fut, Index, IndexEntry, Key, Page, Query, Record,
    Rev, Scan, Store, StoreError, Write,
};

/// A store that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

#[derive(Clone, Debug, Default)]
struct Tables {
    rows: HashMap<Key, Row>,
    index: BTreeMap<Line, ()>,
    expiring: BTreeMap<(u64, Key), ()>,
}

type Line = (Collection, Index, Vec<u8>, u64, String);

#[derive(Clone, Debug)]
struct Row {
    rev: Rev,
    body: Vec<u8>,
    entries: Vec<IndexEntry>,
    expires_at: Option<u64>,
}

/// Another store with the same records.
impl Clone for MemoryStore {
    fn clone(&self) -> Self {
        let tables = self.tables().clone();
        Self {
            tables: Mutex::new(tables),
        }
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // Every change below is complete before the guard is dropped, whatever happened elsewhere.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the queries at once.
    pub fn read_now(&self, queries: &[Query]) -> Vec<Answer> {
        let tables = self.tables();
        queries
            .iter()
            .map(|query| match query {
                Query::Get(key) => Answer::Record(tables.get(key)),
                Query::Scan(scan) => Answer::Page(tables.scan(scan)),
            })
            .collect()
    }

    /// Applies the batch at once.
    pub fn commit_now(&self, batch: &Batch) -> Commit {
        self.tables().commit(batch)
    }

    /// Drops expired records at once, see [`Store::purge`].
    pub fn purge_now(&self, before: u64, limit: u32) -> u64 {
        self.tables().purge(before, limit)
    }

    /// Lists records at once, see [`Store::walk`].
    pub fn walk_now(&self, collection: Collection, after: Option<&str>, limit: u32) -> Vec<Record> {
        let tables = self.tables();
        let follows = |key: &Key| key.collection == collection && after.is_none_or(|id| key.id.as_str() > id);
        let mut rows: Vec<_> = tables.rows.iter().filter(|(key, _)| follows(key)).collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        rows.iter().map(|(key, row)| row.record(key)).collect()
    }

    /// All records, sorted by key.
    pub fn records(&self) -> Vec<Record> {
        let tables = self.tables();
        let mut records: Vec<Record> = tables.rows.iter().map(|(key, row)| row.record(key)).collect();
        records.sort_by(|a, b| a.key.cmp(&b.key));
        records
    }
}

impl Tables {
    fn get(&self, key: &Key) -> Option<Record> {
        self.rows.get(key).map(|row| row.record(key))
    }

    fn scan(&self, scan: &Scan) -> Page {
        let line = |sort: u64, id: String| (scan.collection, scan.index, scan.value.clone(), sort, id);
        let limit = usize::try_from(scan.limit).unwrap_or(usize::MAX);
        // "\u{10ffff}" repeated past any id closes the upper end, the empty id opens the lower one.
        let mut low = (scan.from, String::new());
        let mut high = (scan.to, "\u{10ffff}".repeat(64));
        if let Some(Cursor { sort, id }) = &scan.after {
            if scan.newest_first {
                high = high.min((*sort, id.clone()));
            } else {
                low = low.max((*sort, id.clone()));
            }
        }
        if low > high {
            return Page::default();
        }
        let range = self.index.range(line(low.0, low.1)..=line(high.0, high.1));
        let skip = |(sort, id): (u64, &String)| {
            scan.after
                .as_ref()
                .is_some_and(|after| after.sort == sort && after.id == *id)
        };
        let pick = |line: &Line| {
            let key = Key::new(line.0, line.4.clone());
            self.get(&key).map(|record| (line.3, record))
        };
        let lines: Box<dyn Iterator<Item = &Line>> = if scan.newest_first {
            Box::new(range.rev().map(|(l, ())| l))
        } else {
            Box::new(range.map(|(l, ())| l))
        };
        let mut records = Vec::new();
        let mut last = None;
        let mut more = false;
        for (sort, record) in lines.filter(|l| !skip((l.3, &l.4))).filter_map(pick) {
            if records.len() == limit {
                more = true;
                break;
            }
            last = Some(Cursor {
                sort,
                id: record.key.id.clone(),
            });
            records.push(record);
        }
        Page {
            records,
            next: last.filter(|_| more),
        }
    }

    fn commit(&mut self, batch: &Batch) -> Commit {
        let mut conflicts = Vec::new();
        for write in &batch.writes {
            let current = self.rows.get(write.key()).map(|row| row.rev);
            let fits = match write {
                Write::Put { .. } if planted::is(Planted::LostUpdate) => true,
                Write::Append { .. } if planted::is(Planted::AppendOverwrites) => true,
                _ => fits(write, current),
            };
            if !fits {
                conflicts.push((write.key().clone(), self.get(write.key())));
            }
        }
        if let Some((first, _)) = conflicts.first() {
            if planted::is(Planted::TornBatch) {
                let before = batch.writes.iter().take_while(|write| write.key() != first);
                self.apply(batch.rev, before.cloned().collect::<Vec<_>>().as_slice());
            }
            return Commit::Conflict(conflicts);
        }
        self.apply(batch.rev, &batch.writes);
        Commit::Applied
    }

    fn apply(&mut self, rev: Rev, writes: &[Write]) {
        for write in writes {
            match write {
                Write::Check { .. } => {}
                Write::Put {
                    key,
                    body,
                    entries,
                    expires_at,
                    ..
                } => {
                    let entries = match entries {
                        Entries::Keep => None,
                        Entries::Set(entries) => Some(entries),
                    };
                    self.write(rev, key, body, entries, *expires_at);
                }
                Write::Append {
                    key,
                    body,
                    entries,
                    expires_at,
                } => {
                    self.write(rev, key, body, Some(entries), *expires_at);
                }
            }
        }
    }

    fn write(
        &mut self,
        rev: Rev,
        key: &Key,
        body: &[u8],
        entries: Option<&Vec<IndexEntry>>,
        expires_at: Option<u64>,
    ) {
        let Some(row) = self.rows.get_mut(key) else {
            let entries = entries.cloned().unwrap_or_default();
            for entry in &entries {
                self.index.insert(line_of(key, entry), ());
            }
            if let Some(at) = expires_at {
                self.expiring.insert((at, key.clone()), ());
            }
            let row = Row {
                rev,
                body: body.to_vec(),
                entries,
                expires_at,
            };
            self.rows.insert(key.clone(), row);
            return;
        };
        row.rev = rev;
        body.clone_into(&mut row.body);
        if row.expires_at != expires_at {
            if let Some(at) = row.expires_at {
                self.expiring.remove(&(at, key.clone()));
            }
            if let Some(at) = expires_at {
                self.expiring.insert((at, key.clone()), ());
            }
            row.expires_at = expires_at;
        }
        if let Some(entries) = entries.filter(|it| **it != row.entries) {
            for entry in row.entries.iter().filter(|_| !planted::is(Planted::StaleEntries)) {
                self.index.remove(&line_of(key, entry));
            }
            for entry in entries {
                self.index.insert(line_of(key, entry), ());
            }
            row.entries.clone_from(entries);
        }
    }

    fn purge(&mut self, before: u64, limit: u32) -> u64 {
        let mut dropped = 0;
        while dropped < u64::from(limit) {
            let Some(((at, key), ())) = self.expiring.first_key_value().map(|(k, v)| (k.clone(), *v)) else {
                break;
            };
            if at >= before && !planted::is(Planted::EarlyPurge) {
                break;
            }
            self.expiring.remove(&(at, key.clone()));
            if let Some(row) = self.rows.remove(&key) {
                for entry in &row.entries {
                    self.index.remove(&line_of(&key, entry));
                }
            }
            dropped += 1;
        }
        dropped
    }
}

impl Row {
    fn record(&self, key: &Key) -> Record {
        Record {
            key: key.clone(),
            rev: self.rev,
            body: self.body.clone(),
            expires_at: self.expires_at,
        }
    }
}

fn line_of(key: &Key, entry: &IndexEntry) -> Line {
    (
        key.collection,
        entry.index,
        entry.value.clone(),
        entry.sort,
        key.id.clone(),
    )
}

impl Store for MemoryStore {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move { Ok(self.read_now(queries)) })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move { Ok(self.commit_now(batch)) })
    }

    fn purge<'a>(&'a self, before: u64, limit: u32) -> Fut<'a, Result<u64, StoreError>> {
        Box::pin(async move { Ok(self.purge_now(before, limit)) })
    }

    fn walk<'a>(
        &'a self,
        collection: Collection,
        after: Option<&'a str>,
        limit: u32,
    ) -> Fut<'a, Result<Vec<Record>, StoreError>> {
        Box::pin(async move { Ok(self.walk_now(collection, after, limit)) })
    }
}
