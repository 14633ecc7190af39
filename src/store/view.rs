//! What an operation knows between the runs of its decision.

use std::any::Any;
use std::collections::HashMap;

use zeroize::Zeroizing;

use super::port::{Answer, Collection, EntropyError, Host, Key, Page, Query, Record, Scan};
use super::stop::Fault;

/// Values by key, sorted. A decision has to do with a handful of records: hashing their keys costs more than looking.
#[derive(Clone)]
pub(super) struct Sorted<T>(Vec<(Key, T)>);

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Sorted<T> {
    fn search(&self, collection: Collection, id: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(key, _)| (key.collection, key.id.as_str()).cmp(&(collection, id)))
    }

    /// Where the value is; good until the next [`Sorted::insert`].
    pub(super) fn place(&self, collection: Collection, id: &str) -> Option<usize> {
        self.search(collection, id).ok()
    }

    /// Key and value at a place.
    pub(super) fn at(&self, place: usize) -> Option<&(Key, T)> {
        self.0.get(place)
    }

    /// The value of a key.
    pub(super) fn get(&self, collection: Collection, id: &str) -> Option<&T> {
        self.at(self.place(collection, id)?).map(|(_, value)| value)
    }

    /// Takes the value, in place of the one that the key has.
    pub(super) fn insert(&mut self, key: Key, value: T) {
        match self.search(key.collection, &key.id) {
            Ok(at) => {
                if let Some(slot) = self.0.get_mut(at) {
                    slot.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> IntoIterator for Sorted<T> {
    type Item = (Key, T);
    type IntoIter = std::vec::IntoIter<(Key, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Everything read for one operation, records that are absent, too; survives re-runs.
#[derive(Default)]
pub(super) struct View {
    pub(super) records: Sorted<Option<Record>>,
    pub(super) pages: Vec<(Scan, Page)>,
}

impl View {
    pub(super) fn learn(&mut self, query: Query, answer: Answer) -> Result<(), Fault> {
        match (query, answer) {
            (Query::Get(key), Answer::Record(record)) => {
                if record.as_ref().is_some_and(|r| r.key != key) {
                    return Err(Fault::Internal("the store answered with another record"));
                }
                self.records.insert(key, record);
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

    /// Whether the store's answers are what is known.
    pub(super) fn agrees(&self, queries: &[Query], answers: &[Answer]) -> bool {
        let rev = |record: &Option<Record>| record.as_ref().map(|it| it.rev);
        let same = |query: &Query, answer: &Answer| match (query, answer) {
            (Query::Get(key), Answer::Record(found)) => {
                let known = self.records.get(key.collection, &key.id);
                known.map(rev) == Some(rev(found)) && found.as_ref().is_none_or(|it| it.key == *key)
            }
            _ => false,
        };
        let mut pairs = queries.iter().zip(answers);
        queries.len() == answers.len() && pairs.all(|(query, answer)| same(query, answer))
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
