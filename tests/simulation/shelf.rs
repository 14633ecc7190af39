//! What was committed of each record, and what leads there, kept beside the store.

use std::collections::{BTreeMap, BTreeSet};

use countersign::store::{
    Answer, Batch, Collection, Entries, Index, IndexEntry, Key, MemoryStore, Query, Record, Scan, Write,
};

/// Collection, name and value of an index.
type Lead = (Collection, Index, Vec<u8>);

/// Grows with every batch; what the store drops stays.
#[derive(Clone, Default)]
pub struct Shelf {
    bodies: BTreeMap<Key, Vec<u8>>,
    /// What leads to each record.
    entries: BTreeMap<Key, Vec<IndexEntry>>,
    /// What ever led to one.
    leads: BTreeSet<Lead>,
}

impl Shelf {
    /// Takes a batch that was applied.
    pub fn keep(&mut self, batch: &Batch) {
        for write in &batch.writes {
            let (key, body, entries) = match write {
                Write::Check { .. } => continue,
                Write::Put {
                    key,
                    body,
                    entries: Entries::Keep,
                    ..
                } => (key, body, None),
                Write::Put {
                    key,
                    body,
                    entries: Entries::Set(entries),
                    ..
                }
                | Write::Append {
                    key, body, entries, ..
                } => (key, body, Some(entries)),
            };
            self.bodies.insert(key.clone(), body.clone());
            if let Some(entries) = entries {
                let leads = entries
                    .iter()
                    .map(|it| (key.collection, it.index, it.value.clone()));
                self.leads.extend(leads);
                self.entries.insert(key.clone(), entries.clone());
            }
        }
    }

    /// The body of each record.
    pub fn bodies(&self) -> &BTreeMap<Key, Vec<u8>> {
        &self.bodies
    }

    /// Every record of the store is what was last committed of it, and is found where it should be and
    /// nowhere else.
    pub fn is_what_the_store_has(&self, store: &MemoryStore, records: &[Record]) -> Result<(), String> {
        let mut expected: BTreeMap<Lead, Vec<(u64, String)>> = BTreeMap::new();
        for record in records {
            if self.bodies.get(&record.key) != Some(&record.body) {
                return Err(format!("I2: {:?} is not what was committed", record.key));
            }
            for it in self.entries.get(&record.key).into_iter().flatten() {
                let lead = (record.key.collection, it.index, it.value.clone());
                let line = (it.sort, record.key.id.clone());
                expected.entry(lead).or_default().push(line);
            }
        }
        for lead in &self.leads {
            let (collection, index, value) = lead.clone();
            let scan = Query::Scan(Scan {
                collection,
                index,
                value,
                from: 0,
                to: u64::MAX,
                newest_first: false,
                after: None,
                limit: u32::MAX,
            });
            let Some(Answer::Page(page)) = store.read_now(&[scan]).pop() else {
                return Err(format!("I5: {lead:?} leads nowhere"));
            };
            let found: Vec<String> = page.records.into_iter().map(|it| it.key.id).collect();
            let mut lines = expected.remove(lead).unwrap_or_default();
            lines.sort_unstable();
            let lines: Vec<String> = lines.into_iter().map(|(_, id)| id).collect();
            if found != lines {
                return Err(format!("I5: {lead:?} leads to {found:?}, not to {lines:?}"));
            }
        }
        Ok(())
    }
}
