//! The whole engine in a simulated world: several nodes over one store, phones, back ends and workers,
//! with conflicts, lost requests and answers, crashes, wrong clocks and a key rotation in progress.
//!
//! Every history follows a seed. A seed that breaks a promise is printed; to see its story again:
//!
//! ```text
//! cargo xtask simulate --seed 4711
//! ```
//!
//! | file | holds |
//! |---|---|
//! | `town` | what every history begins with |
//! | `order` | requests, what they mean, what an answer says |
//! | `actors` | phones, back ends, workers: who asks what at random |
//! | `world` | nodes, store, clocks, faults |
//! | `model` | the specification as a sequential program |
//! | `checks` | holds every commit and every answer against it |
//! | `history` | one seed from the first request to the last delivery |
//! | `planted` | bugs to be found |
#![cfg(all(feature = "client", feature = "simulation"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod actors;
mod checks;
mod history;
mod model;
mod order;
mod planted;
#[path = "../support/mod.rs"]
mod support;
mod town;
mod world;

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Instant;

use history::{Tally, play};
use planted::Bug;
use town::Town;

/// Seeds of one run of the tests.
const SEEDS: u64 = 10_000;

fn town() -> &'static Town {
    static TOWN: OnceLock<Town> = OnceLock::new();
    TOWN.get_or_init(Town::build)
}

/// A number from the environment; `cargo xtask simulate` sets them.
fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => default,
    }
}

/// Prints the story of a broken seed and how to see it again.
fn broken(seed: u64, why: &str) -> ! {
    let history = play(town(), seed, None, true);
    println!("{}", history.story.join("\n"));
    panic!("seed {seed}: {why}\nsee it again: cargo xtask simulate --seed {seed}");
}

#[test]
fn every_promise_is_kept() {
    if let Ok(seed) = std::env::var("COUNTERSIGN_SIMULATION_SEED") {
        let seed = seed.parse().unwrap();
        let history = play(town(), seed, None, true);
        println!("{}", history.story.join("\n"));
        println!("seed {seed}: {:?}, hash {:016x}", history.verdict, history.hash);
        assert_eq!(history.verdict, Ok(()));
        return;
    }
    let first = setting("COUNTERSIGN_SIMULATION_FROM", 0);
    let seeds = setting("COUNTERSIGN_SIMULATION_SEEDS", SEEDS);
    let town = town();
    let began = Instant::now();
    let mut sum = Tally::default();
    for seed in first..first + seeds {
        let history = play(town, seed, None, false);
        if let Err(why) = history.verdict {
            broken(seed, &why);
        }
        sum.add(&history.tally);
    }
    println!("{seeds} seeds in {:?}: {sum:?}", began.elapsed());
    for number in [
        sum.answers,
        sum.accepted,
        sum.commits,
        sum.mishaps,
        sum.crashes,
        sum.unanswered,
        sum.delivered,
    ] {
        assert!(number >= seeds / 4, "{sum:?}");
    }
}

#[test]
fn a_seed_tells_the_same_story_again() {
    let town = town();
    let mut hashes = BTreeSet::new();
    let other = Town::build();
    for seed in 0..200 {
        let one = play(town, seed, None, true);
        let two = play(&other, seed, None, true);
        assert_eq!(one.story, two.story, "seed {seed}");
        assert_eq!(one.hash, two.hash, "seed {seed}");
        hashes.insert(one.hash);
    }
    assert_eq!(hashes.len(), 200, "and another seed another story");
}

/// Seeds from `first` on until the bug is found, and what was broken.
fn hunt(bug: Bug, first: u64, most: u64) -> Option<(u64, String)> {
    (0..most).find_map(|tried| {
        let history = play(town(), first + tried, Some(bug), false);
        history.verdict.err().map(|why| (tried + 1, why))
    })
}

#[test]
fn planted_bugs_are_found() {
    const MOST: u64 = 3_000;
    let tries = setting("COUNTERSIGN_SIMULATION_TRIES", 3);
    let mut lost = Vec::new();
    println!("median and worst number of seeds of {tries} tries, and the promise that was broken:");
    for bug in Bug::ALL {
        let mut counts = Vec::new();
        let mut said = String::new();
        for number in 0..tries {
            match hunt(bug, 1_000_000 * (number + 1), MOST) {
                Some((count, why)) => {
                    let seed = 1_000_000 * (number + 1) + count - 1;
                    let without = play(town(), seed, None, false);
                    assert_eq!(without.verdict, Ok(()), "seed {seed} without {bug:?}");
                    counts.push(count);
                    said = why;
                }
                None => lost.push(bug),
            }
        }
        counts.sort_unstable();
        let of = |at: usize| counts.get(at).map_or("none".to_owned(), u64::to_string);
        let (median, worst) = (of(counts.len() / 2), of(counts.len().saturating_sub(1)));
        let said: String = said.chars().take(90).collect();
        println!("{median:>6} {worst:>6}  {bug:?}: {said}");
    }
    assert_eq!(lost, [], "not found in {MOST} seeds");
}
