//! A bank's store, and requests to it, for benchmarks of whole decisions.
#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "a program")]

use std::time::{SystemTime, UNIX_EPOCH};

use countersign::store::driver::drive;
use countersign::store::{
    Batch, Collection, Commit, Entries, EntropyError, Expect, Host, Index, IndexEntry, Key, Rev, Store, Write,
};

use super::support::{Answer, Ask, Prelude, World};

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Time and randomness as a server has them.
pub struct System;

impl Host for System {
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(since.as_millis()).unwrap()
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

/// One request on its way, with its lane.
pub async fn ask(world: &World, ask: &Ask) -> Answer {
    let mut call = ask.call(&world.api);
    drive(&mut call, &*world.store, &world.lanes, &System)
        .await
        .into()
}

/// Records besides the phones' own, so that the file is a bank's and not a toy's.
pub fn fill(store: &dyn Store, records: u64) {
    let filler = |number: u64| Write::Put {
        key: Key::new(
            Collection("activation"),
            format!("{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        ),
        expect: Expect::Absent,
        body: vec![7; 350],
        entries: Entries::Set(vec![IndexEntry {
            index: Index("filler"),
            value: number.to_be_bytes().to_vec(),
            sort: number,
        }]),
        expires_at: None,
    };
    let mut all: Vec<Write> = (0..records).map(filler).collect();
    // In the order of the table, which is the quickest way to fill it.
    all.sort_by(|a, b| a.key().cmp(b.key()));
    for part in all.chunks(500) {
        let batch = Batch {
            rev: Rev([1; 16]),
            writes: part.to_vec(),
        };
        let outcome = pollster::block_on(store.commit(&batch)).unwrap();
        assert_eq!(outcome, Commit::Applied);
    }
}

/// The store with the phones' records, and `records` others.
pub fn filled<S: Store + 'static>(store: S, prelude: &Prelude, records: u64) -> World {
    fill(&store, records);
    prelude.replay(&store);
    prelude.world(store, 1)
}
