//! Worlds that are built once per process and copied as often as wanted.

use std::sync::{Arc, Mutex};

use countersign::client::{Application, DeviceState};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{Answer, Batch, Commit, Fut, MemoryStore, Query, Store, StoreError};

use super::host::{Clock, START};
use super::phone::{Factors, Phone};
use super::world::{World, engine};

/// Name of the token that every phone of a prelude has.
pub const TOKEN: &str = "login";
/// The application of a prelude.
pub const APPLICATION: &str = "bank";

/// Keeps every batch that was applied.
#[derive(Default)]
struct Recorder {
    store: MemoryStore,
    batches: Mutex<Vec<Batch>>,
}

impl Store for Recorder {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move { Ok(self.store.read_now(queries)) })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            let outcome = self.store.commit_now(batch);
            if outcome == Commit::Applied {
                self.batches.lock().unwrap().push(batch.clone());
            }
            Ok(outcome)
        })
    }
}

/// A world to start from: an application and activated phones, each with a token.
#[derive(Clone)]
pub struct Prelude {
    pub batches: Vec<Batch>,
    pub application: Application,
    pub phones: Vec<DeviceState>,
    /// Counter value of each phone.
    pub position: u64,
    /// When it was finished.
    pub now: u64,
}

impl Prelude {
    /// `phones` phones of one user each (`user0`, `user1` …) with a possession token each. `more` may
    /// do anything to the world before.
    pub fn build(version: ProtocolVersion, phones: usize, more: impl FnOnce(&World)) -> Self {
        let recorder = Arc::new(Recorder::default());
        let store: Arc<dyn Store> = recorder.clone();
        let world = World::with(engine(), store, Clock::new(1, START));
        let application = world.application(APPLICATION, version);
        more(&world);
        let mut states = Vec::new();
        for number in 0..phones {
            let seed = 100 + u64::try_from(number).unwrap();
            let mut phone = Phone::activate(&world, &application, &format!("user{number}"), seed);
            phone.token(&world, TOKEN, Factors::Possession);
            states.push(phone.device.to_state());
            world.host.advance(1);
        }
        let batches = recorder.batches.lock().unwrap().clone();
        Self {
            batches,
            application,
            phones: states,
            position: 1,
            now: world.now(),
        }
    }

    /// Does more, and keeps it. Answers how many batches that took.
    pub fn extend(&mut self, more: impl FnOnce(&World)) -> usize {
        let recorder = Arc::new(Recorder::default());
        for batch in &self.batches {
            assert_eq!(recorder.store.commit_now(batch), Commit::Applied);
        }
        // Another seed, or identifiers would come twice.
        let seed = 1_000 + u64::try_from(self.batches.len()).unwrap();
        let world = World::with(engine(), recorder.clone(), Clock::new(seed, self.now));
        more(&world);
        let added = recorder.batches.lock().unwrap().clone();
        let count = added.len();
        self.batches.extend(added);
        self.now = world.now();
        count
    }

    /// Applies everything to `store`.
    pub fn replay(&self, store: &dyn Store) {
        for batch in &self.batches {
            let outcome = pollster::block_on(store.commit(batch)).unwrap();
            assert_eq!(outcome, Commit::Applied);
        }
    }

    /// A copy in memory.
    pub fn memory(&self) -> MemoryStore {
        let store = MemoryStore::new();
        for batch in &self.batches {
            assert_eq!(store.commit_now(batch), Commit::Applied);
        }
        store
    }

    /// A world over a store that holds the prelude.
    pub fn world(&self, store: impl Store + 'static, seed: u64) -> World {
        World::with(engine(), Arc::new(store), Clock::new(seed, self.now))
    }

    /// Phone number `number` as it was at the end of the prelude.
    pub fn phone(&self, number: usize, seed: u64) -> Phone {
        Phone::from_state(&self.phones[number], self.position, seed)
    }
}
