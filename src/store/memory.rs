//! Records in memory: for tests, for trying things out, and as the model of what a store does.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::planted::{self, Planted};
use super::port::{
    Answer, Batch, Collection, Commit, Cursor, Entries, Fut, Index, IndexEntry, Key, Page, Query, Record,
    Rev, Scan, Store, StoreError, Write, fits,
};

/// A store that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

/// Keys and values of the index are shared by everything that names them.
#[derive(Clone, Debug, Default)]
struct Tables {
    rows: HashMap<Arc<Key>, Row>,
    index: HashMap<(Collection, Index), Values>,
    expiring: Lines,
}

/// The rows that have a value.
type Values = HashMap<Arc<[u8]>, Lines>;

/// Rows in an order: by a number, then by key.
type Lines = BTreeSet<(u64, Arc<Key>)>;

#[derive(Clone, Debug)]
struct Row {
    rev: Rev,
    body: Vec<u8>,
    entries: Box<[Entry]>,
    expires_at: Option<u64>,
}

/// Of the index, as [`IndexEntry`].
#[derive(Clone, Debug)]
struct Entry {
    index: Index,
    value: Arc<[u8]>,
    sort: u64,
}

impl PartialEq<IndexEntry> for Entry {
    fn eq(&self, other: &IndexEntry) -> bool {
        self.index == other.index && self.sort == other.sort && *self.value == *other.value
    }
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
        let values = self.index.get(&(scan.collection, scan.index));
        let Some(lines) = values.and_then(|values| values.get(scan.value.as_slice())) else {
            return Page::default();
        };
        let limit = usize::try_from(scan.limit).unwrap_or(usize::MAX);
        let end = |sort: u64, id: &str| (sort, Arc::new(Key::new(scan.collection, id)));
        // The empty id opens the lower end, "\u{10ffff}" repeated past any id closes the upper one.
        let mut low = Bound::Included(end(scan.from, ""));
        let mut high = Bound::Included(end(scan.to, &"\u{10ffff}".repeat(64)));
        if let Some(Cursor { sort, id }) = &scan.after {
            let after = end(*sort, id);
            let (from, to) = (scan.from, scan.to);
            match scan.newest_first {
                true if *sort <= to => high = Bound::Excluded(after),
                false if *sort >= from => low = Bound::Excluded(after),
                _ => {}
            }
        }
        let (Bound::Included(first) | Bound::Excluded(first), Bound::Included(last) | Bound::Excluded(last)) =
            (&low, &high)
        else {
            return Page::default();
        };
        // What is no range: the set would not take it.
        if first >= last {
            return Page::default();
        }
        let range = lines.range((low, high));
        let mut lines: Box<dyn Iterator<Item = &(u64, Arc<Key>)>> = match scan.newest_first {
            true => Box::new(range.rev()),
            false => Box::new(range),
        };
        let mut page = Page::default();
        let mut last = None;
        for (sort, key) in lines.by_ref().take(limit) {
            page.records.extend(self.get(key));
            last = Some(Cursor {
                sort: *sort,
                id: key.id.clone(),
            });
        }
        page.next = last.filter(|_| lines.next().is_some());
        page
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
        let Some((shared, row)) = self.rows.get_key_value(key) else {
            let key = Arc::new(key.clone());
            let entries = entries.map_or(&[][..], Vec::as_slice);
            let entries = entries.iter().map(|entry| self.enter(&key, entry)).collect();
            if let Some(at) = expires_at {
                self.expiring.insert((at, Arc::clone(&key)));
            }
            let row = Row {
                rev,
                body: body.to_vec(),
                entries,
                expires_at,
            };
            self.rows.insert(key, row);
            return;
        };
        let key = Arc::clone(shared);
        let until = row.expires_at;
        let changed = entries.filter(|new| *row.entries != ***new);
        let changed = changed.map(|new| (row.entries.clone(), new));
        if until != expires_at {
            if let Some(at) = until {
                self.expiring.remove(&(at, Arc::clone(&key)));
            }
            if let Some(at) = expires_at {
                self.expiring.insert((at, Arc::clone(&key)));
            }
        }
        let changed = changed.map(|(old, new)| -> Box<[Entry]> {
            for entry in old.iter().filter(|_| !planted::is(Planted::StaleEntries)) {
                self.leave(&key, entry);
            }
            new.iter().map(|entry| self.enter(&key, entry)).collect()
        });
        if let Some(row) = self.rows.get_mut(&key) {
            row.rev = rev;
            row.expires_at = expires_at;
            body.clone_into(&mut row.body);
            if let Some(entries) = changed {
                row.entries = entries;
            }
        }
    }

    fn enter(&mut self, key: &Arc<Key>, entry: &IndexEntry) -> Entry {
        let values = self.index.entry((key.collection, entry.index)).or_default();
        let value = match values.get_key_value(entry.value.as_slice()) {
            Some((value, _)) => Arc::clone(value),
            None => Arc::from(entry.value.as_slice()),
        };
        let lines = values.entry(Arc::clone(&value)).or_default();
        lines.insert((entry.sort, Arc::clone(key)));
        Entry {
            index: entry.index,
            value,
            sort: entry.sort,
        }
    }

    fn leave(&mut self, key: &Arc<Key>, entry: &Entry) {
        let Some(values) = self.index.get_mut(&(key.collection, entry.index)) else {
            return;
        };
        if let Some(lines) = values.get_mut(&entry.value) {
            lines.remove(&(entry.sort, Arc::clone(key)));
            if lines.is_empty() {
                values.remove(&entry.value);
            }
        }
    }

    fn purge(&mut self, before: u64, limit: u32) -> u64 {
        let mut dropped = 0;
        while dropped < u64::from(limit) {
            let Some((at, key)) = self.expiring.first().cloned() else {
                break;
            };
            if at >= before && !planted::is(Planted::EarlyPurge) {
                break;
            }
            self.expiring.pop_first();
            if let Some(row) = self.rows.remove(&key) {
                for entry in &row.entries {
                    self.leave(&key, entry);
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
