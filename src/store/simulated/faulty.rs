//! Faults between a store and its users.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::chance::Chance;
use super::faults::{Faults, Mishap, rewrite, victim};
use crate::store::port::{Answer, Batch, Collection, Commit, Fut, Query, Record, Store, StoreError};

/// Any store, with faults that follow a seed. [`Faults::crash`], [`Faults::clock_jump`],
/// [`Faults::purge`] and [`Faults::failed_entropy`] have no meaning here.
#[derive(Debug)]
pub struct FaultyStore<S> {
    store: S,
    faults: Faults,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    chance: Chance,
    late: Vec<Batch>,
}

impl<S: Store> FaultyStore<S> {
    /// Puts faults before `store`.
    pub fn new(store: S, seed: u64, faults: Faults) -> Self {
        Self {
            store,
            faults,
            inner: Mutex::new(Inner {
                chance: Chance::new(seed),
                late: Vec::new(),
            }),
        }
    }

    /// The store behind.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Delivers all commits that are still on their way.
    ///
    /// # Errors
    /// Of the store behind; the commits not delivered yet stay on their way.
    pub async fn settle(&self) -> Result<(), StoreError> {
        while let Some(batch) = self.take_late(1_000) {
            self.store.commit(&batch).await?;
        }
        Ok(())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_late(&self, per_mille: u16) -> Option<Batch> {
        let mut inner = self.inner();
        if inner.late.is_empty() || !inner.chance.hit(per_mille) {
            return None;
        }
        let len = inner.late.len();
        let at = inner.chance.index(len);
        Some(inner.late.swap_remove(at))
    }

    async fn overtake(&self, batch: &Batch) -> Result<(), StoreError> {
        let Some(key) = victim(batch, &mut self.inner().chance) else {
            return Ok(());
        };
        if let Some(Answer::Record(Some(record))) = self.store.read(&[Query::Get(key)]).await?.pop() {
            let other = rewrite(record, &mut self.inner().chance);
            self.store.commit(&other).await?;
        }
        Ok(())
    }
}

impl<S: Store> Store for FaultyStore<S> {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            if let Some(batch) = self.take_late(200) {
                self.store.commit(&batch).await?;
            }
            if self.inner().chance.hit(self.faults.failed_read) {
                return Err(StoreError::NotApplied("simulated".into()));
            }
            self.store.read(queries).await
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            if let Some(late) = self.take_late(200) {
                // Whatever becomes of it concerns nobody any more.
                let _ = self.store.commit(&late).await;
            }
            let (mishap, overtaken) = {
                let mut inner = self.inner();
                (
                    self.faults.fate(&mut inner.chance),
                    inner.chance.hit(self.faults.overtaken),
                )
            };
            if overtaken {
                // A failure in here only means that nobody came before.
                let _ = self.overtake(batch).await;
            }
            let error = mishap.error();
            if matches!(mishap, Mishap::Delayed | Mishap::Duplicated) {
                self.inner().late.push(batch.clone());
            }
            if let (Some(error), true) = (&error, mishap != Mishap::LostAnswer) {
                return Err(error.clone());
            }
            let mut outcome = self.store.commit(batch).await;
            if mishap == Mishap::DuplicatedSecond {
                outcome = self.store.commit(batch).await;
            }
            error.map_or(outcome, Err)
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
        Box::pin(async move {
            if self.inner().chance.hit(self.faults.failed_read) {
                return Err(StoreError::NotApplied("simulated".into()));
            }
            self.store.walk(collection, after, limit).await
        })
    }
}
