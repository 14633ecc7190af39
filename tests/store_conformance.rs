//! The conformance suite over the stores of the crate, and its worth: it must find planted bugs.
#![allow(
    clippy::await_holding_refcell_ref,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]
#![cfg(feature = "simulation")]

use countersign::store::planted::{self, Planted};
use countersign::store::{MemoryStore, conformance};

#[test]
fn memory_conforms() {
    let cases = conformance::run(MemoryStore::new).unwrap();
    println!("{cases} cases");
    assert!(cases >= 35);
}

#[test]
fn the_suite_finds_planted_bugs() {
    let bugs = [
        Planted::LostUpdate,
        Planted::AppendOverwrites,
        Planted::TornBatch,
        Planted::StaleEntries,
        Planted::EarlyPurge,
    ];
    for bug in bugs {
        let found: Vec<_> = conformance::CASES
            .iter()
            .filter_map(|case| {
                let store = MemoryStore::new();
                let verdict = planted::with(bug, || conformance::wait((case.run)(&store)));
                verdict.err().map(|_| case.name)
            })
            .collect();
        println!("{bug:?}: {found:?}");
        assert!(!found.is_empty(), "{bug:?} is not found");
    }
    assert!(
        !Planted::STORE.iter().any(|bug| planted::is(*bug)),
        "nothing stays planted"
    );
}
