//! What the cases are written with.

use std::fmt::Debug;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use crate::store::port::{
    Answer, Batch, Collection, Commit, Cursor, Entries, Expect, Fut, Index, IndexEntry, Key, MAX_PAGE, Page,
    Query, Record, Rev, Scan, Store, Write,
};

/// What a case answers: what is wrong.
pub(super) type Verdict = Result<(), String>;

pub(super) const THINGS: Collection = Collection("conformance_thing");
pub(super) const OTHERS: Collection = Collection("conformance_other");
pub(super) const COLOUR: Index = Index("colour");
pub(super) const SHAPE: Index = Index("shape");

/// Beyond the lifetime of any store: nothing with this expiry may vanish by itself.
pub(super) const FAR: u64 = 9_000_000_000_000;

macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => {
        if !$holds {
            return Err(format!($($why)+));
        }
    };
}
pub(super) use ensure;

pub(super) fn same<T: PartialEq + Debug>(what: &str, got: &T, want: &T) -> Verdict {
    ensure!(got == want, "{what}: got {got:?}, expected {want:?}");
    Ok(())
}

pub(super) fn key(id: &str) -> Key {
    Key::new(THINGS, id)
}

pub(super) fn entry(index: Index, value: &[u8], sort: u64) -> IndexEntry {
    IndexEntry {
        index,
        value: value.to_vec(),
        sort,
    }
}

pub(super) fn put(id: &str, expect: Expect, body: &[u8]) -> Write {
    put_with(id, expect, body, Entries::Set(Vec::new()), None)
}

pub(super) fn put_with(
    id: &str,
    expect: Expect,
    body: &[u8],
    entries: Entries,
    expires_at: Option<u64>,
) -> Write {
    Write::Put {
        key: key(id),
        expect,
        body: body.to_vec(),
        entries,
        expires_at,
    }
}

pub(super) fn check(id: &str, expect: Expect) -> Write {
    Write::Check { key: key(id), expect }
}

pub(super) fn append(id: &str, body: &[u8]) -> Write {
    append_with(id, body, Vec::new(), None)
}

pub(super) fn append_with(id: &str, body: &[u8], entries: Vec<IndexEntry>, expires_at: Option<u64>) -> Write {
    Write::Append {
        key: key(id),
        body: body.to_vec(),
        entries,
        expires_at,
    }
}

/// Everything under `value`, in pages of the largest size.
pub(super) fn scan(index: Index, value: &[u8]) -> Scan {
    Scan {
        collection: THINGS,
        index,
        value: value.to_vec(),
        from: 0,
        to: u64::MAX,
        newest_first: false,
        after: None,
        limit: MAX_PAGE,
    }
}

pub(super) fn batch(rev: Rev, mut writes: Vec<Write>) -> Batch {
    writes.sort_by(|a, b| a.key().cmp(b.key()));
    Batch { rev, writes }
}

pub(super) fn ids(page: &Page) -> Vec<&str> {
    page.records.iter().map(|record| record.key.id.as_str()).collect()
}

/// A store under examination.
pub(super) struct Probe<'a> {
    pub(super) store: &'a dyn Store,
    revs: AtomicU64,
}

impl<'a> Probe<'a> {
    pub(super) fn new(store: &'a dyn Store) -> Self {
        Self {
            store,
            revs: AtomicU64::new(1),
        }
    }

    /// A revision never used before in this case.
    pub(super) fn rev(&self) -> Rev {
        let number = self.revs.fetch_add(1, Ordering::Relaxed);
        // Spread over all 16 bytes and all byte values.
        let high = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let wide = (u128::from(high) << 64) | u128::from(number ^ high.rotate_left(32));
        Rev(wide.to_be_bytes())
    }

    pub(super) async fn commit(&self, batch: &Batch) -> Result<Commit, String> {
        let outcome = self.store.commit(batch).await;
        outcome.map_err(|error| format!("commit failed: {error}"))
    }

    /// Commits what must be applied; answers its revision.
    pub(super) async fn apply(&self, writes: Vec<Write>) -> Result<Rev, String> {
        let rev = self.rev();
        match self.commit(&batch(rev, writes)).await? {
            Commit::Applied => Ok(rev),
            Commit::Conflict(keys) => Err(format!("a batch that fits was refused over {keys:?}")),
        }
    }

    /// Commits what must be refused; answers the records in the way, sorted.
    pub(super) async fn refuse(&self, writes: Vec<Write>) -> Result<Vec<(Key, Option<Record>)>, String> {
        let rev = self.rev();
        match self.commit(&batch(rev, writes)).await? {
            Commit::Applied => Err("a batch that does not fit was applied".into()),
            Commit::Conflict(mut current) => {
                current.sort_by(|a, b| a.0.cmp(&b.0));
                Ok(current)
            }
        }
    }

    pub(super) async fn read(&self, queries: &[Query]) -> Result<Vec<Answer>, String> {
        let answers = self.store.read(queries).await;
        let answers = answers.map_err(|error| format!("read failed: {error}"))?;
        same("number of answers", &answers.len(), &queries.len())?;
        Ok(answers)
    }

    pub(super) async fn get_key(&self, key: Key) -> Result<Option<Record>, String> {
        match self.read(&[Query::Get(key)]).await?.pop() {
            Some(Answer::Record(record)) => Ok(record),
            other => Err(format!("a get was answered with {other:?}")),
        }
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<Record>, String> {
        self.get_key(key(id)).await
    }

    /// Reads a record that must be there.
    pub(super) async fn need(&self, id: &str) -> Result<Record, String> {
        self.get(id)
            .await?
            .ok_or_else(|| format!("record {id:?} is missing"))
    }

    pub(super) async fn absent(&self, id: &str) -> Verdict {
        match self.get(id).await? {
            None => Ok(()),
            Some(record) => Err(format!("{record:?} should not exist")),
        }
    }

    pub(super) async fn scan(&self, scan: Scan) -> Result<Page, String> {
        match self.read(&[Query::Scan(scan)]).await?.pop() {
            Some(Answer::Page(page)) => Ok(page),
            other => Err(format!("a scan was answered with {other:?}")),
        }
    }

    /// The ids of a scan, page after page.
    pub(super) async fn walk(&self, mut scan: Scan) -> Result<Vec<String>, String> {
        let limit = usize::try_from(scan.limit).unwrap_or(usize::MAX);
        let mut all = Vec::new();
        loop {
            let page = self.scan(scan.clone()).await?;
            ensure!(
                page.records.len() <= limit,
                "a page of {} with limit {limit}",
                page.records.len()
            );
            all.extend(page.records.into_iter().map(|record| record.key.id));
            ensure!(all.len() <= 10_000, "the pages never end");
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(all),
            }
        }
    }

    pub(super) async fn purge(&self, before: u64, limit: u32) -> Result<u64, String> {
        let dropped = self.store.purge(before, limit).await;
        let dropped = dropped.map_err(|error| format!("purge failed: {error}"))?;
        ensure!(
            dropped <= u64::from(limit),
            "purge dropped {dropped} of at most {limit}"
        );
        Ok(dropped)
    }
}

pub(super) fn cursor(sort: u64, id: &str) -> Cursor {
    Cursor { sort, id: id.into() }
}

/// Awaits all futures at the same time, in whatever executor the suite runs.
pub(super) async fn together<T>(futures: Vec<Fut<'_, T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    poll_fn(|context| {
        let mut pending = false;
        for (slot, result) in &mut running {
            if let Some(future) = slot {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => {
                        *result = Some(value);
                        *slot = None;
                    }
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    running.into_iter().filter_map(|(_, result)| result).collect()
}
