//! Every state that two phones and two operations can get into, with three attempts each: all requests
//! of phones, back ends and housekeeping in every one of them, decided by the engine itself.
//!
//! ```text
//! cargo test --all-features --test states -- --nocapture
//! ```
//!
//! Breadth first, from two activations that wait for their phones and no operation. A state is what
//! decides about the future: statuses, failures, owners, and whether a time is over. Counters count from
//! where the server stands, so that they need no place in it.
//!
//! The engine decides once per request and state of what the request is about. That the rest has no part in
//! it is no assumption: a decision that read or wrote anything of another phone or operation would fail the
//! test. Many states are played through from the beginning all the same, one request after the other over
//! one store, and must be what they were put together from.
//!
//! | file | holds |
//! |---|---|
//! | `local` | what a state is |
//! | `act` | who asks what |
//! | `stage` | store, clock and phones behind a state; requests decided there |
//! | `spec` | what the specification makes of a request, as a sequential program |
//! | `check` | holds every decision against `spec`, `docs/states.md` and the invariants |
//! | `explore` | breadth first |
//! | `page` | `docs/state-diagrams.md`, drawn from what was visited |
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod act;
mod check;
mod explore;
mod local;
mod page;
mod spec;
mod stage;
#[path = "../support/mod.rs"]
mod support;

use std::time::Instant;

use explore::Search;
use stage::Stage;

#[test]
fn every_state_keeps_every_promise() {
    let began = Instant::now();
    let stage = Stage::build();
    let mut search = Search::new(&stage);
    search.run();
    let played = search.play_some_through();
    let found = search.found();
    println!(
        "{} states, {} transitions, {} requests in all states; {} states of a phone, {} and {} of the operations",
        found.states,
        found.transitions,
        found.requests,
        found.phones,
        found.operations[0],
        found.operations[1]
    );
    println!(
        "{} decisions of the engine, {} states played through from the beginning, in {:?}",
        found.decisions,
        played,
        began.elapsed()
    );
    found.check.every_cell_was_seen();
    page::is_current(&found);
}

/// A search that finds nothing wrong proves little unless it can.
#[test]
fn a_wrong_decision_is_seen() {
    let stage = Stage::build();
    for lie in stage::Lie::ALL {
        let lying = stage.lying(lie);
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Search::new(&lying).run()));
        assert!(found.is_err(), "{lie:?} was not seen");
    }
}
