//! Whatever fails, nothing becomes valid and nothing is written by half (I9).
//!
//! Every prepared request of the endpoint tables is run with its n-th store call failing, for every n
//! and every way to fail, once and from then on; and with the n-th draw of the random generator
//! failing. Afterwards the records are either untouched or exactly those of the whole batch, a
//! positive answer never comes without its batch, and the next call is served as if nothing had been.
//! Bad input stands in `input`.
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod alike;
mod drive;
mod input;
mod puks;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use countersign::api::Api;
use countersign::store::{Batch, Collection, MemoryStore, Record, Write};

use drive::{How, Plan, Run};
use support::{Ask, Town, World, spread};

/// The records once `batch` is applied to the town.
fn with(town: &Town, batch: &Batch) -> Vec<Record> {
    let store = town.store();
    store.commit_now(batch);
    store.records()
}

/// Either nothing or one whole batch of those that were sent. Answers which.
fn whole<'a>(town: &Town, store: &MemoryStore, run: &'a Run, name: &str) -> Option<&'a Batch> {
    let after = store.records();
    if after == town.store().records() {
        return None;
    }
    let applied = run.sent.iter().find(|batch| with(town, batch) == after);
    assert!(applied.is_some(), "{name}: written by half");
    applied.map(AsRef::as_ref)
}

#[test]
fn every_row_has_a_request() {
    let open = Town::build().open_rows(&World::over(MemoryStore::new()).api);
    assert!(open.is_empty(), "\n{}", open.join("\n"));
}

/// Every call of the store fails once, in every way, while it is asked. Answers how many cases that were.
fn with_failures(town: &Town, api: &Api, ask: &Ask) -> usize {
    let name = format!("{} {}", ask.row().0, ask.row().1);
    let store = town.store();
    let fine = drive::run(api, &store, &town.clock(), ask, Plan::none());
    assert_eq!(
        fine.answer.status,
        200,
        "{name}: {}",
        String::from_utf8_lossy(&fine.answer.body)
    );
    let writes = !fine.sent.is_empty();
    let mut cases = 0;
    for how in How::ALL {
        for forever in [false, true] {
            for n in 1.. {
                let store = town.store();
                let host = town.clock();
                let run = drive::run(api, &store, &host, ask, Plan { n, how, forever });
                if !run.failed {
                    break;
                }
                cases += 1;
                let case = format!("{name}, call {n}, {how:?}, from then on: {forever}");
                let applied = whole(town, &store, &run, &case);
                if run.answer.status == 200 {
                    assert!(!writes || applied.is_some(), "{case}: positive without its batch");
                } else {
                    assert!(run.answer.status >= 500, "{case}: {}", run.answer.status);
                }
                // The next call is served; where nothing was written, as if nothing had been.
                let again = drive::run(api, &store, &host, ask, Plan::none());
                assert!(again.answer.status < 500, "{case}: does not recover");
                assert!(
                    applied.is_some() || again.answer.status == 200,
                    "{case}: lost without a trace"
                );
            }
        }
    }
    cases
}

#[test]
fn a_failing_store_never_makes_anything_valid() {
    let (town, api) = (Town::build(), World::over(MemoryStore::new()).api);
    let cases = spread(town.asks.len(), |number| {
        with_failures(&town, &api, &town.asks[number])
    });
    let (rows, cases) = (cases.len(), cases.iter().sum::<usize>());
    println!("{rows} requests, {cases} cases of a failing store");
    assert!(rows >= 70 && cases >= 700);
}

/// Collections whose records hold or stand for a key.
const KEYS: [&str; 7] = [
    "activation",
    "token",
    "temporary_key",
    "application_version",
    "credential",
    "recovery_code",
    "recovery_config",
];

fn new_keys(batch: &Batch) -> BTreeSet<Collection> {
    let created = |write: &&Write| match write {
        Write::Put { expect, .. } => *expect == countersign::store::Expect::Absent,
        _ => false,
    };
    let collections = batch
        .writes
        .iter()
        .filter(created)
        .map(|write| write.key().collection);
    collections
        .filter(|collection| KEYS.contains(&collection.0))
        .collect()
}

#[test]
fn a_failing_generator_makes_no_key() {
    let (town, api) = (Town::build(), World::over(MemoryStore::new()).api);
    let mut cases = 0;
    for ask in &town.asks {
        let name = format!("{} {}", ask.row().0, ask.row().1);
        let host = town.clock();
        drive::run(&api, &town.store(), &host, ask, Plan::none());
        for n in 1..=host.draws() {
            let (store, host) = (town.store(), town.clock());
            host.fail_draw(n);
            let run = drive::run(&api, &store, &host, ask, Plan::none());
            cases += 1;
            let case = format!("{name}, draw {n}");
            assert_ne!(run.answer.status, 200, "{case}: goes on without randomness");
            if let Some(batch) = whole(&town, &store, &run, &case) {
                // A signature stays used although the work that came with it was refused.
                assert!(!ask.path.starts_with("/rest"), "{case}: writes");
                assert_eq!(new_keys(batch), BTreeSet::new(), "{case}: makes a key");
            } else {
                host.fail_draw(0);
                let again = drive::run(&api, &store, &host, ask, Plan::none());
                assert_eq!(again.answer.status, 200, "{case}: does not recover");
            }
        }
    }
    println!("{cases} cases of a failing generator");
    assert!(cases >= 80);
}
