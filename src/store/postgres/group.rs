//! What a group of batches does to the records, decided before anything is written: each batch is
//! judged over the ones before it, and what is left is one change per record.

use std::collections::BTreeMap;

use crate::store::lines::{Line, lines_of, pack, to_column, unpack};
use crate::store::port::{Batch, Entries, Expect, IndexEntry, Key, Record, Rev, Write, fits};

/// What judging and overwriting a record needs of it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) rev: Rev,
    pub(super) entries: Option<Vec<u8>>,
}

/// A record as the group leaves it.
#[derive(Clone, Debug)]
struct Changed<'a> {
    rev: Rev,
    expires_at: Option<u64>,
    entries: Option<Vec<u8>>,
    body: &'a [u8],
}

/// How a batch fared.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It takes effect with the transaction.
    Fits,
    /// It does not: the keys, and the records where the group itself wrote them.
    Refused(Vec<(Key, Option<Record>)>),
}

/// Columns of the rows to insert or update.
#[derive(Debug, Default)]
pub(super) struct Rows<'a> {
    pub(super) collections: Vec<&'a str>,
    pub(super) ids: Vec<&'a str>,
    pub(super) revs: Vec<&'a [u8]>,
    pub(super) expiries: Vec<Option<i64>>,
    pub(super) entries: Vec<Option<&'a [u8]>>,
    pub(super) bodies: Vec<&'a [u8]>,
}

/// Columns of index entries.
#[derive(Debug, Default)]
pub(super) struct Lines<'a> {
    pub(super) collections: Vec<&'a str>,
    pub(super) names: Vec<&'a str>,
    pub(super) values: Vec<&'a [u8]>,
    pub(super) sorts: Vec<i64>,
    pub(super) ids: Vec<&'a str>,
}

/// What to write.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) inserts: Rows<'a>,
    pub(super) updates: Rows<'a>,
    pub(super) gone: Lines<'a>,
    pub(super) new: Lines<'a>,
    /// Keys that must stay free until the end of the transaction.
    pub(super) reserved: (Vec<&'a str>, Vec<&'a str>),
}

/// The state of all records that a group touches.
#[derive(Debug)]
pub(super) struct Group<'a> {
    stored: BTreeMap<&'a Key, Stored>,
    changed: BTreeMap<&'a Key, Changed<'a>>,
    /// Absent keys that a batch which takes effect relies on.
    absent: Vec<&'a Key>,
}

impl<'a> Group<'a> {
    /// `stored` are the records found.
    pub(super) fn new(stored: BTreeMap<&'a Key, Stored>) -> Self {
        Self {
            stored,
            changed: BTreeMap::new(),
            absent: Vec::new(),
        }
    }

    fn rev(&self, key: &Key) -> Option<Rev> {
        let changed = self.changed.get(key).map(|it| it.rev);
        changed.or_else(|| self.stored.get(key).map(|it| it.rev))
    }

    /// Judges a batch and, when it fits, takes its writes over.
    pub(super) fn judge(&mut self, batch: &'a Batch) -> Verdict {
        let misfits = batch
            .writes
            .iter()
            .filter(|write| !fits(write, self.rev(write.key())));
        let refused: Vec<_> = misfits.map(|write| self.current(write.key())).collect();
        if !refused.is_empty() {
            return Verdict::Refused(refused);
        }
        for write in &batch.writes {
            match write {
                Write::Check {
                    key,
                    expect: Expect::Absent,
                } => self.absent.push(key),
                Write::Check { .. } => {}
                Write::Put {
                    key,
                    body,
                    entries,
                    expires_at,
                    ..
                } => {
                    let entries = match entries {
                        Entries::Keep => self.entries(key),
                        Entries::Set(entries) => packed(entries),
                    };
                    self.change(key, batch.rev, body, entries, *expires_at);
                }
                Write::Append {
                    key,
                    body,
                    entries,
                    expires_at,
                } => self.change(key, batch.rev, body, packed(entries), *expires_at),
            }
        }
        Verdict::Fits
    }

    /// Bodies of stored records are not known here: the caller reads them.
    fn current(&self, key: &Key) -> (Key, Option<Record>) {
        let record = self.changed.get(key).map(|it| Record {
            key: key.clone(),
            rev: it.rev,
            body: it.body.to_vec(),
            expires_at: it.expires_at,
        });
        (key.clone(), record)
    }

    fn entries(&self, key: &Key) -> Option<Vec<u8>> {
        match self.changed.get(key) {
            Some(changed) => changed.entries.clone(),
            None => self.stored.get(key).and_then(|it| it.entries.clone()),
        }
    }

    fn change(
        &mut self,
        key: &'a Key,
        rev: Rev,
        body: &'a [u8],
        entries: Option<Vec<u8>>,
        expires_at: Option<u64>,
    ) {
        let changed = Changed {
            rev,
            expires_at,
            entries,
            body,
        };
        self.changed.insert(key, changed);
    }

    /// What is to be written, sorted by key. An error means that a stored row is damaged.
    pub(super) fn plan(&self) -> Result<Plan<'_>, crate::store::lines::Damaged> {
        let mut plan = Plan::default();
        for (key, changed) in &self.changed {
            let stored = self.stored.get(key);
            let rows = match stored {
                Some(_) => &mut plan.updates,
                None => &mut plan.inserts,
            };
            rows.collections.push(key.collection.0);
            rows.ids.push(&key.id);
            rows.revs.push(&changed.rev.0);
            rows.expiries.push(changed.expires_at.map(to_column));
            rows.entries.push(changed.entries.as_deref());
            rows.bodies.push(changed.body);
            let before = stored.and_then(|it| it.entries.as_deref());
            if before != changed.entries.as_deref() {
                let (old, new) = (unpack(before)?, unpack(changed.entries.as_deref())?);
                for line in old.iter().filter(|line| !new.contains(line)) {
                    plan.gone.push(key, line);
                }
                for line in new.iter().filter(|line| !old.contains(line)) {
                    plan.new.push(key, line);
                }
            }
        }
        let mut absent = self.absent.clone();
        absent.sort_unstable();
        absent.dedup();
        // What the group wrote itself needs no more protection.
        for key in absent.into_iter().filter(|key| !self.changed.contains_key(key)) {
            plan.reserved.0.push(key.collection.0);
            plan.reserved.1.push(&key.id);
        }
        Ok(plan)
    }
}

impl<'a> Lines<'a> {
    fn push(&mut self, key: &'a Key, line: &Line<'a>) {
        self.add(key.collection.0, &key.id, line);
    }

    pub(super) fn add(&mut self, collection: &'a str, id: &'a str, line: &Line<'a>) {
        self.collections.push(collection);
        self.names.push(line.name);
        self.values.push(line.value);
        self.sorts.push(to_column(line.sort));
        self.ids.push(id);
    }
}

fn packed(entries: &[IndexEntry]) -> Option<Vec<u8>> {
    pack(&lines_of(entries))
}
