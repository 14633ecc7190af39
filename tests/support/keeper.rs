//! The keys that seal secrets in a town, kept in its store.

use std::sync::Arc;

use countersign::crypto::secret::Secret;
use countersign::engine::rotation::{self, Keeper, LocalKeeper};
use countersign::engine::{Error, Keyring, SealingKey};
use countersign::model::sealing::WrappedKey;
use countersign::store::driver::drive;
use countersign::store::{Machine, Tx};

use super::host::Clock;
use super::world::World;

/// A key of 32 equal bytes.
pub fn key(id: u32, byte: u8) -> SealingKey {
    SealingKey {
        id,
        key: Secret::from_bytes([byte; 32]),
    }
}

/// The key that the tests' engine seals with.
pub fn current() -> SealingKey {
    key(1, 7)
}

/// Who has wrapped the keys of a town.
pub fn keeper() -> LocalKeeper {
    LocalKeeper::new(Keyring::new(key(9, 9), vec![]), Arc::new(Clock::new(99, 0))).unwrap()
}

/// Puts two keys into the store: the engine's, and number 6, which no record needs.
pub fn store_keys(world: &World) {
    let keeper = keeper();
    let wrap = |key: &SealingKey, unused| WrappedKey {
        id: key.id,
        wrapped: pollster::block_on(keeper.wrap(key.id, &key.key)).unwrap(),
        added: 0,
        unused,
    };
    let keys = [wrap(&current(), false), wrap(&key(6, 66), true)];
    let mut machine = Machine::new(None, |tx: &mut Tx<'_>| {
        rotation::create(tx, &keys).map(Ok::<_, Error>)
    });
    pollster::block_on(drive(&mut machine, &*world.store, &world.lanes, &*world.host)).unwrap();
}
