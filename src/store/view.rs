//! What an operation knows between the runs of its decision.

use std::any::Any;
use std::collections::HashMap;

use zeroize::Zeroizing;

use super::port::{Answer, Collection, EntropyError, Host, Key, Page, Query, Record, Scan};
use super::stop::Fault;

/// Everything read for one operation; survives re-runs.
#[derive(Default)]
pub(super) struct View {
    /// Sorted by key. A decision reads a handful of records: hashing their keys costs more than looking.
    pub(super) records: Vec<(Key, Option<Record>)>,
    pub(super) pages: Vec<(Scan, Page)>,
}

impl View {
    /// Place of a record that was read, absent or not.
    pub(super) fn find(&self, collection: Collection, id: &str) -> Result<usize, usize> {
        self.records
            .binary_search_by(|(key, _)| (key.collection, key.id.as_str()).cmp(&(collection, id)))
    }

    /// What was read under `key`; nothing when it was not read or is absent.
    pub(super) fn known(&self, key: &Key) -> Option<&Record> {
        let at = self.find(key.collection, &key.id).ok()?;
        self.records.get(at)?.1.as_ref()
    }

    /// Takes over a record as it is now.
    pub(super) fn insert(&mut self, key: Key, record: Option<Record>) {
        match self.find(key.collection, &key.id) {
            Ok(at) => {
                if let Some(slot) = self.records.get_mut(at) {
                    slot.1 = record;
                }
            }
            Err(at) => self.records.insert(at, (key, record)),
        }
    }

    pub(super) fn learn(&mut self, query: Query, answer: Answer) -> Result<(), Fault> {
        match (query, answer) {
            (Query::Get(key), Answer::Record(record)) => {
                if record.as_ref().is_some_and(|r| r.key != key) {
                    return Err(Fault::Internal("the store answered with another record"));
                }
                self.insert(key, record);
            }
            (Query::Scan(scan), Answer::Page(page)) => {
                if page.records.iter().any(|r| r.key.collection != scan.collection) {
                    return Err(Fault::Internal("the store answered with another collection"));
                }
                self.pages.push((scan, page));
            }
            _ => return Err(Fault::Internal("the store's answer does not fit the query")),
        }
        Ok(())
    }
}

/// Random bytes and costly results of one operation; a re-run gets the same ones again.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) tape: Zeroizing<Vec<u8>>,
    /// Drawn from the host and not used yet.
    pool: Zeroizing<Vec<u8>>,
    pub(super) memo: HashMap<(&'static str, Vec<u8>), Box<dyn Any + Send>>,
}

/// Random bytes drawn from the host at once: enough for most operations, as each draw may be a system call.
const DRAW: usize = 64;

impl Notes {
    /// Random bytes that nobody has seen.
    pub(super) fn draw(&mut self, host: &dyn Host, out: &mut [u8]) -> Result<(), EntropyError> {
        if self.pool.len() < out.len() {
            let mut fresh = Zeroizing::new(vec![0; out.len().max(DRAW)]);
            host.fill(&mut fresh)?;
            self.pool = fresh;
        }
        let rest = self.pool.len() - out.len();
        out.copy_from_slice(self.pool.get(rest..).unwrap_or_default());
        self.pool.truncate(rest);
        Ok(())
    }
}
