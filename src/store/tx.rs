//! What a decision sees: records read so far, and the writes it collects.

use zeroize::Zeroizing;

use super::planted::{self, Planted};
use super::port::{
    Collection, Cursor, Entries, EntropyError, Expect, Host, Index, IndexEntry, Key, Query, Record, Scan,
    Write,
};
use super::stop::{Corrupt, Decision, Fault, Halt, Stop};
use super::view::{Notes, Sorted, View};

/// A record type and its stored form.
pub trait Entity: Sized {
    /// Where its records live.
    const COLLECTION: Collection;
    /// Identifier inside the collection.
    fn id(&self) -> String;
    /// Body, with the version of its format as the first byte.
    fn encode(&self) -> Vec<u8>;
    /// Reads a body of any version ever written.
    ///
    /// # Errors
    /// When the body is not one of ours.
    fn decode(body: &[u8]) -> Result<Self, Corrupt>;
    /// Index entries, computed from the record alone.
    fn entries(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
    /// From when on it may vanish, in milliseconds since the epoch.
    fn expires_at(&self) -> Option<u64> {
        None
    }
}

/// So many needs are compared with each other.
const FEW: usize = 32;

/// The view of one run of a decision.
pub struct Tx<'a> {
    view: &'a View,
    notes: &'a mut Notes,
    host: &'a dyn Host,
    now: u64,
    played: usize,
    off_tape: bool,
    needs: Vec<Query>,
    /// Places in the view.
    checks: Vec<usize>,
    /// Index entries of the records that were looked at, as they are stored, with the places in the view.
    entries: Vec<(usize, Vec<IndexEntry>)>,
    puts: Sorted<Pending>,
    proven: bool,
}

#[derive(Clone)]
struct Pending {
    body: Vec<u8>,
    entries: Entries,
    expires_at: Option<u64>,
    append: bool,
}

impl<'a> Tx<'a> {
    pub(super) fn new(view: &'a View, notes: &'a mut Notes, host: &'a dyn Host, now: u64) -> Self {
        Self {
            view,
            notes,
            host,
            now,
            played: 0,
            off_tape: false,
            needs: Vec::new(),
            checks: Vec::new(),
            entries: Vec::new(),
            puts: Sorted::default(),
            proven: false,
        }
    }

    /// The caller has proved to know a secret of the records that this decision is about. Only then may the time of the answer
    /// tell whether they were in use lately: the batch is committed without reading first what came from memory.
    pub fn proven(&mut self) {
        self.proven = true;
    }

    pub(super) fn is_proven(&self) -> bool {
        self.proven
    }

    /// The moment of the request, in milliseconds since the epoch; the same throughout a run.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Random bytes. A re-run gets the same bytes in the same order.
    ///
    /// # Errors
    /// When the host's generator fails.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        if self.off_tape {
            return self.notes.draw(self.host, out);
        }
        let end = self.played + out.len();
        if self.notes.tape.len() < end {
            let mut fresh = Zeroizing::new(vec![0; end - self.notes.tape.len()]);
            self.notes.draw(self.host, &mut fresh)?;
            self.notes.tape.extend_from_slice(&fresh);
        }
        if let Some(bytes) = self.notes.tape.get(self.played..end) {
            out.copy_from_slice(bytes);
        }
        self.played = end;
        Ok(())
    }

    /// Result of a costly computation over `input`, made once per operation however often the
    /// decision runs. It may draw random bytes; it must not read records.
    pub fn once<T: Clone + Send + 'static>(
        &mut self,
        label: &'static str,
        input: &[u8],
        compute: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let key = (label, input.to_vec());
        if let Some(known) = self.notes.memo.get(&key).and_then(|any| any.downcast_ref::<T>()) {
            return known.clone();
        }
        // A re-run does not compute again, so bytes drawn here must not be on the tape: the next
        // draw would play them a second time, as something else.
        let outer = std::mem::replace(&mut self.off_tape, true);
        let result = compute(self);
        self.off_tape = outer;
        self.notes.memo.insert(key, Box::new(result.clone()));
        result
    }

    /// A decision inside this one. When it refuses, its writes are dropped and its error is handed
    /// over, while the writes made before it stay: a signature that was verified stays used,
    /// whatever becomes of the request that it came with.
    ///
    /// # Errors
    /// When a record is missing or the machinery failed; never with a refusal.
    pub fn part<T, E>(
        &mut self,
        decide: impl FnOnce(&mut Self) -> Decision<T, E>,
    ) -> Result<Result<T, E>, Halt> {
        let before = self.puts.clone();
        match decide(self) {
            Ok(outcome) => Ok(outcome),
            Err(Stop::Refuse(error)) => {
                self.puts = before;
                Ok(Err(error))
            }
            Err(Stop::Need) => Err(Halt::Need),
            Err(Stop::Fault(fault)) => Err(Halt::Fault(fault)),
        }
    }

    /// Announces a record that will be needed, so that one read brings several.
    pub fn want<R: Entity>(&mut self, id: &str) {
        self.want_key(Key::new(R::COLLECTION, id));
    }

    /// Stops here when something announced was not read yet: nothing is decoded or computed in a run
    /// that cannot end.
    ///
    /// # Errors
    /// [`Halt::Need`] when something is missing.
    pub fn settle(&self) -> Result<(), Halt> {
        if self.needs.is_empty() {
            Ok(())
        } else {
            Err(Halt::Need)
        }
    }

    fn want_key(&mut self, key: Key) {
        if key.is_valid()
            && self.view.records.place(key.collection, &key.id).is_none()
            && self.puts.place(key.collection, &key.id).is_none()
        {
            let query = Query::Get(key);
            // To read one twice costs less than to look through many.
            if self.needs.len() > FEW || !self.needs.contains(&query) {
                self.needs.push(query);
            }
        }
    }

    /// The record as it will be after this decision. It must not change until the commit.
    ///
    /// # Errors
    /// [`Halt::Need`] when it was not read yet.
    pub fn get<R: Entity>(&mut self, id: &str) -> Result<Option<R>, Halt> {
        let found = self.peek(id)?;
        self.check(R::COLLECTION, id);
        Ok(found)
    }

    fn check(&mut self, collection: Collection, id: &str) {
        if let Some(at) = self.view.records.place(collection, id)
            && !self.checks.contains(&at)
        {
            self.checks.push(at);
        }
    }

    /// As [`Tx::get`], but a change before the commit does no harm.
    ///
    /// # Errors
    /// [`Halt::Need`] when it was not read yet.
    pub fn peek<R: Entity>(&mut self, id: &str) -> Result<Option<R>, Halt> {
        if let Some(pending) = self.puts.get(R::COLLECTION, id) {
            return Ok(Some(R::decode(&pending.body)?));
        }
        let known = self.view.records.place(R::COLLECTION, id);
        match known.and_then(|at| Some((at, self.view.records.at(at)?.1.as_ref()))) {
            None => {
                let key = Key::new(R::COLLECTION, id);
                if !key.is_valid() {
                    return Ok(None);
                }
                self.want_key(key);
                Err(Halt::Need)
            }
            Some((_, None)) => Ok(None),
            Some((_, Some(record))) if record.expires_at.is_some_and(|at| at <= self.now) => Ok(None),
            Some((at, Some(record))) => {
                let found = R::decode(&record.body)?;
                if self.entries.iter().all(|(known, _)| *known != at) {
                    self.entries.push((at, found.entries()));
                }
                Ok(Some(found))
            }
        }
    }

    /// As [`Tx::peek`] of a record that is nearly always absent, and that is written if it is: it is not read, and when it is
    /// there after all, the commit is a conflict that brings it.
    ///
    /// # Errors
    /// When the record is not one of ours.
    pub fn expect_absent<R: Entity>(&mut self, id: &str) -> Result<Option<R>, Halt> {
        match self.view.records.place(R::COLLECTION, id).is_some()
            || self.puts.place(R::COLLECTION, id).is_some()
        {
            true => self.peek(id),
            false => Ok(None),
        }
    }

    /// A page of an index. Nothing may rest on its completeness.
    ///
    /// # Errors
    /// [`Halt::Need`] when it was not read yet.
    pub fn scan<R: Entity>(&mut self, range: Range) -> Result<(Vec<R>, Option<Cursor>), Halt> {
        let scan = Scan {
            collection: R::COLLECTION,
            index: range.index,
            value: range.value,
            from: range.from,
            to: range.to,
            newest_first: range.newest_first,
            after: range.after,
            limit: range.limit,
        };
        let Some((_, page)) = self.view.pages.iter().find(|(known, _)| *known == scan) else {
            self.needs.push(Query::Scan(scan));
            return Err(Halt::Need);
        };
        let mut records = Vec::with_capacity(page.records.len());
        for record in &page.records {
            if record.expires_at.is_none_or(|at| at > self.now) {
                records.push(R::decode(&record.body)?);
            }
        }
        Ok((records, page.next.clone()))
    }

    /// Writes a record: over the revision that was read, or as a new one.
    pub fn put<R: Entity>(&mut self, record: &R) {
        let key = Key::new(R::COLLECTION, record.id());
        let entries = record.entries();
        let entries = if self.has_entries::<R>(&key, &entries) {
            Entries::Keep
        } else {
            Entries::Set(entries)
        };
        self.puts.insert(
            key,
            Pending {
                body: record.encode(),
                entries,
                expires_at: record.expires_at(),
                append: false,
            },
        );
    }

    /// Writes a record that never changes.
    pub fn append<R: Entity>(&mut self, record: &R) {
        self.append_encoded(record, record.encode());
    }

    /// As [`Tx::append`], for a record whose body is known already.
    pub(crate) fn append_encoded<R: Entity>(&mut self, record: &R, body: Vec<u8>) {
        self.puts.insert(
            Key::new(R::COLLECTION, record.id()),
            Pending {
                body,
                entries: Entries::Set(record.entries()),
                expires_at: record.expires_at(),
                append: true,
            },
        );
    }

    /// Whether the stored record has these index entries.
    fn has_entries<R: Entity>(&self, key: &Key, entries: &[IndexEntry]) -> bool {
        let Some(at) = self.view.records.place(key.collection, &key.id) else {
            return false;
        };
        if let Some((_, known)) = self.entries.iter().find(|(known, _)| *known == at) {
            return known == entries;
        }
        let stored = self.view.records.at(at).and_then(|(_, record)| record.as_ref());
        stored.is_some_and(|record| R::decode(&record.body).is_ok_and(|old| old.entries() == entries))
    }

    pub(super) fn take_needs(self) -> Vec<Query> {
        self.needs
    }

    /// The writes of this run, sorted by key; empty when nothing is to be written. `recalled` are records that came from
    /// memory: they must be as they were, whether the decision minds or not.
    pub(super) fn into_writes(mut self, recalled: &[Key]) -> Result<Vec<Write>, Fault> {
        if self.puts.len() == 0 {
            return Ok(Vec::new());
        }
        if !planted::is(Planted::UncheckedMemory) {
            for key in recalled {
                self.check(key.collection, &key.id);
            }
        }
        let mut writes = Vec::with_capacity(self.puts.len() + self.checks.len() + 1);
        for at in &self.checks {
            let Some((key, record)) = self.view.records.at(*at) else {
                continue;
            };
            if self.puts.place(key.collection, &key.id).is_none() && !planted::is(Planted::DroppedCheck) {
                writes.push(Write::Check {
                    key: key.clone(),
                    expect: expectation(record.as_ref()),
                });
            }
        }
        for (key, pending) in self.puts {
            if !key.is_valid() {
                return Err(Fault::Internal("no record can have this identifier"));
            }
            writes.push(pending.into_write(self.view, self.now, key)?);
        }
        writes.sort_by(|a, b| a.key().cmp(b.key()));
        Ok(writes)
    }
}

impl Pending {
    fn into_write(self, view: &View, now: u64, key: Key) -> Result<Write, Fault> {
        let known = view.records.get(key.collection, &key.id).and_then(Option::as_ref);
        if self.append {
            match known {
                None => {
                    return Ok(Write::Append {
                        key,
                        body: self.body,
                        entries: match self.entries {
                            Entries::Set(entries) => entries,
                            Entries::Keep => Vec::new(),
                        },
                        expires_at: self.expires_at,
                    });
                }
                // What expired may vanish, so it may as well be written over.
                Some(old) if old.expires_at.is_some_and(|at| at <= now) => {}
                Some(_) => return Err(Fault::Internal("an append to a record that exists")),
            }
        }
        let expect = expectation(known);
        Ok(Write::Put {
            key,
            expect,
            body: self.body,
            entries: self.entries,
            expires_at: self.expires_at,
        })
    }
}

/// Part of an index, see [`Tx::scan`].
#[derive(Clone, Debug)]
pub struct Range {
    /// The index.
    pub index: Index,
    /// Entries with exactly this value.
    pub value: Vec<u8>,
    /// Lowest `sort`, included.
    pub from: u64,
    /// Highest `sort`, included.
    pub to: u64,
    /// Descending instead of ascending.
    pub newest_first: bool,
    /// Continue after this entry.
    pub after: Option<Cursor>,
    /// At most so many records.
    pub limit: u32,
}

impl Range {
    /// Everything under `value`, oldest first.
    pub fn all(index: Index, value: impl Into<Vec<u8>>, limit: u32) -> Self {
        Self {
            index,
            value: value.into(),
            from: 0,
            to: u64::MAX,
            newest_first: false,
            after: None,
            limit,
        }
    }
}

fn expectation(record: Option<&Record>) -> Expect {
    record.map_or(Expect::Absent, |record| Expect::At(record.rev))
}
