//! The loop around the decisions: what a process does at its start, and again and again.

use super::reseal::collection;
use super::{Keeper, KeeperError, Page, add, create, keys, lease, next_number, reseal, rewrap, switch};
use crate::crypto::secret::Secret;
use crate::engine::{Draw, EngineStop, Error, Keyring, SealingKey};
use crate::model::sealing::{SealingKeys, WrappedKey};
use crate::store::driver::drive;
use crate::store::lane::Lanes;
use crate::store::{EntropyError, Failure, Fault, Host, Machine, Store, StoreError, Tx};

/// Records of one decision.
const PAGE: u32 = 50;
/// How long a worker has the work without a sign of life, in milliseconds.
const LEASE: u64 = 5_000;

/// Why the work did not go on. It may always be tried again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// The keeper of the master key.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// The store could not list its records.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machinery failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store has no keys.
    #[error("the store has no sealing keys")]
    NoKeys,
    /// The store has another key under a number that is known.
    #[error("sealing key {0} in the store is not the one that this process knows")]
    AnotherKey(u32),
}

impl From<EntropyError> for WorkError {
    fn from(_: EntropyError) -> Self {
        Self::Fault(Fault::Entropy)
    }
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is to be done here at the moment.
    Idle,
    /// Something is to be done, but not before so many milliseconds, or by somebody else.
    Later(u64),
    /// Something was done; there may be more.
    Done,
}

/// What the work needs.
pub struct Caretaker<'a> {
    /// Learns the keys.
    pub keyring: &'a Keyring,
    /// Wraps and unwraps them.
    pub keeper: &'a dyn Keeper,
    /// Where they are, and the records.
    pub store: &'a dyn Store,
    /// Lanes of the process.
    pub lanes: &'a Lanes,
    /// Time and randomness.
    pub host: &'a dyn Host,
    /// A number that no other worker has; drawn at random.
    pub worker: u64,
    /// How long a new key only opens; see [`switch`].
    pub learn_within: u64,
}

impl std::fmt::Debug for Caretaker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caretaker").finish_non_exhaustive()
    }
}

fn fresh(host: &dyn Host) -> Result<Secret<32>, WorkError> {
    Secret::generate(&mut Draw(host)).map_err(|_| WorkError::Fault(Fault::Entropy))
}

async fn run<T>(
    store: &dyn Store,
    lanes: &Lanes,
    host: &dyn Host,
    decide: impl Fn(&mut Tx<'_>) -> Result<T, EngineStop>,
) -> Result<T, WorkError> {
    let mut machine = Machine::new(None, |tx: &mut Tx<'_>| decide(tx).map(Ok::<T, Error>));
    match drive(&mut machine, store, lanes, host).await {
        Ok(done) => Ok(done),
        // The only refusal of these decisions.
        Err(Failure::Refused(_)) => Err(WorkError::NoKeys),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

async fn look(store: &dyn Store, lanes: &Lanes, host: &dyn Host) -> Result<Option<SealingKeys>, WorkError> {
    run(store, lanes, host, |tx| Ok(keys(tx)?)).await
}

/// A key of the store, unwrapped. One that an older master key has wrapped is wrapped anew.
async fn unwrapped(
    store: &dyn Store,
    lanes: &Lanes,
    host: &dyn Host,
    keeper: &dyn Keeper,
    key: &WrappedKey,
) -> Result<SealingKey, WorkError> {
    let unwrapped = SealingKey {
        id: key.id,
        key: keeper.unwrap(key.id, &key.wrapped).await?,
    };
    if !keeper.is_current(&key.wrapped) {
        let wrapped = keeper.wrap(key.id, &unwrapped.key).await?;
        let decide = |tx: &mut Tx<'_>| rewrap(tx, key.id, &key.wrapped, &wrapped);
        run(store, lanes, host, decide).await?;
    }
    Ok(unwrapped)
}

/// The keys of the store, unwrapped; those that an older master key has wrapped are wrapped anew. When the
/// store has none yet, a fresh one is made. A host that has sealed
/// secrets with keys of its own before hands them over as `first`, the current one first.
///
/// # Errors
/// [`KeeperError::Refused`] when the master key is another one, and whatever else goes wrong. Nothing
/// must be served then.
pub async fn open(
    store: &dyn Store,
    lanes: &Lanes,
    host: &dyn Host,
    keeper: &dyn Keeper,
    first: Vec<SealingKey>,
) -> Result<Keyring, WorkError> {
    let known = match look(store, lanes, host).await? {
        Some(known) => known,
        None => {
            let mut first = first;
            if first.is_empty() {
                first.push(SealingKey {
                    id: 1,
                    key: fresh(host)?,
                });
            }
            let mut wrapped = Vec::with_capacity(first.len());
            for key in &first {
                wrapped.push(WrappedKey {
                    id: key.id,
                    wrapped: keeper.wrap(key.id, &key.key).await?,
                    added: host.now(),
                    unused: false,
                });
            }
            run(store, lanes, host, |tx| create(tx, &wrapped)).await?
        }
    };
    let mut ring: Option<Keyring> = None;
    for key in &known.keys {
        let unwrapped = unwrapped(store, lanes, host, keeper, key).await?;
        match &ring {
            Some(ring) => ring.learn(unwrapped).map_err(|_| WorkError::AnotherKey(key.id))?,
            None => ring = Some(Keyring::of_store(unwrapped)),
        }
    }
    ring.ok_or(WorkError::NoKeys)
}

impl Caretaker<'_> {
    /// Learns new keys and does one piece of what is to be done. To be called every few seconds, more
    /// often than [`LEARN_WITHIN`](super::LEARN_WITHIN), and again at once after [`Progress::Done`].
    ///
    /// # Errors
    /// When something failed; the next call goes on where this one has stopped.
    pub async fn step(&self) -> Result<Progress, WorkError> {
        let Some(known) = look(self.store, self.lanes, self.host).await? else {
            return Ok(Progress::Idle);
        };
        for key in &known.keys {
            self.learn(key).await?;
        }
        if known.next.is_some() {
            return Ok(match self.run(|tx| switch(tx, self.learn_within)).await? {
                Some(0) => Progress::Done,
                Some(left) => Progress::Later(left),
                None => Progress::Idle,
            });
        }
        if known.asked.is_some() {
            return self.add(&known).await;
        }
        self.page().await
    }

    /// Does all that can be done now: whether something is left for later.
    ///
    /// # Errors
    /// When something failed.
    pub async fn work(&self) -> Result<Progress, WorkError> {
        loop {
            match self.step().await? {
                Progress::Done => {}
                other => return Ok(other),
            }
        }
    }

    async fn run<T>(&self, decide: impl Fn(&mut Tx<'_>) -> Result<T, EngineStop>) -> Result<T, WorkError> {
        run(self.store, self.lanes, self.host, decide).await
    }

    async fn learn(&self, key: &WrappedKey) -> Result<(), WorkError> {
        if self.keyring.knows(key.id) && self.keeper.is_current(&key.wrapped) {
            return Ok(());
        }
        let unwrapped = unwrapped(self.store, self.lanes, self.host, self.keeper, key).await?;
        self.keyring
            .learn(unwrapped)
            .map_err(|_| WorkError::AnotherKey(key.id))
    }

    async fn add(&self, known: &SealingKeys) -> Result<Progress, WorkError> {
        let id = next_number(known).ok_or(WorkError::NoKeys)?;
        let wrapped = self.keeper.wrap(id, &fresh(self.host)?).await?;
        // Whoever was first, this process learns the key in its next step as all others do.
        self.run(|tx| add(tx, id, &wrapped)).await?;
        Ok(Progress::Done)
    }

    async fn page(&self) -> Result<Progress, WorkError> {
        let Some(work) = self.run(|tx| lease(tx, self.worker, LEASE)).await? else {
            return Ok(Progress::Idle);
        };
        if work.worker != self.worker {
            let left = work.leased_until.saturating_sub(self.host.now());
            return Ok(Progress::Later(left.max(1)));
        }
        let mut page = Page {
            collection: work.collection,
            after: work.after,
            ids: Vec::new(),
        };
        if let Some(collection) = collection(page.collection) {
            let records = self.store.walk(collection, page.after.as_deref(), PAGE).await?;
            page.ids = records.into_iter().map(|record| record.key.id).collect();
        }
        let done = self
            .run(|tx| reseal(self.keyring, tx, self.worker, &page, LEASE))
            .await?;
        Ok(match done {
            Some(_) => Progress::Done,
            None => Progress::Later(LEASE),
        })
    }
}
