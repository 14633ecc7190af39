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
//! | `keys` | sealing keys replaced in between |
//! | `model` | the specification as a sequential program |
//! | `checks` | holds every commit and every answer against it |
//! | `tally` | what there was of everything |
//! | `shelf` | what was committed of each record |
//! | `secrets` | what must not be seen anywhere |
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
mod keys;
mod model;
mod order;
mod planted;
mod secrets;
mod shelf;
#[path = "../support/mod.rs"]
mod support;
mod tally;
mod town;
mod world;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use history::play;
use planted::Bug;
use support::spread;
use tally::Tally;
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
    let began = Instant::now();
    let (sum, broke) = play_all(first, seeds);
    if let Some((seed, why)) = broke {
        broken(seed, &why);
    }
    let rate = f64::from(u32::try_from(seeds).unwrap_or(u32::MAX)) / began.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds from {first} on in {:?}, {rate:.0} per second",
        began.elapsed()
    );
    println!("{sum}");
    for (what, number) in sum.all() {
        assert!(number >= seeds / 100, "{what}: {number} in {seeds} seeds");
    }
}

/// Plays so many seeds on all processors. The sum of what there was, and the first seed that broke a
/// promise; the seeds after it may not have been played.
fn play_all(first: u64, seeds: u64) -> (Tally, Option<(u64, String)>) {
    /// Between two lines that say how far it is.
    const LINES: Duration = Duration::from_secs(30);
    let town = town();
    let (next, end) = (AtomicU64::new(first), AtomicU64::new(first + seeds));
    let broke: Mutex<Option<(u64, String)>> = Mutex::default();
    let said = Mutex::new(Instant::now());
    let worker = || {
        let mut sum = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end.load(Ordering::Relaxed) {
                return sum;
            }
            let history = play(town, seed, None, false);
            if let Err(why) = history.verdict {
                end.fetch_min(seed, Ordering::Relaxed);
                let mut broke = broke.lock().unwrap();
                if broke.as_ref().is_none_or(|(known, _)| seed < *known) {
                    *broke = Some((seed, why));
                }
            }
            sum.add(&history.tally);
            if let Ok(mut said) = said.try_lock()
                && said.elapsed() > LINES
            {
                *said = Instant::now();
                println!("{} of {seeds} seeds", seed - first);
            }
        }
    };
    let mut sum = Tally::default();
    thread::scope(|scope| {
        let processors = thread::available_parallelism().map_or(1, Into::into);
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            sum.add(&worker.join().unwrap());
        }
    });
    (sum, broke.into_inner().unwrap())
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
    println!("median and worst number of seeds of {tries} tries, and the promise that was broken:");
    let found = spread(Bug::ALL.len(), |number| {
        let bug = Bug::ALL[number];
        let mut counts = Vec::new();
        let mut said = String::new();
        for number in 0..tries {
            let first = 1_000_000 * (number + 1);
            if let Some((count, why)) = hunt(bug, first, MOST) {
                let seed = first + count - 1;
                let without = play(town(), seed, None, false);
                assert_eq!(without.verdict, Ok(()), "seed {seed} without {bug:?}");
                counts.push(count);
                said = why;
            }
        }
        counts.sort_unstable();
        (counts, said)
    });
    let mut lost = Vec::new();
    for (bug, (counts, said)) in Bug::ALL.into_iter().zip(&found) {
        let of = |at: usize| counts.get(at).map_or("none".to_owned(), u64::to_string);
        let (median, worst) = (of(counts.len() / 2), of(counts.len().saturating_sub(1)));
        let said: String = said.chars().take(90).collect();
        println!("{median:>6} {worst:>6}  {bug:?}: {said}");
        if u64::try_from(counts.len()).unwrap() < tries {
            lost.push(bug);
        }
    }
    let mut medians: Vec<u64> = found
        .iter()
        .filter_map(|(counts, _)| counts.get(counts.len() / 2).copied())
        .collect();
    medians.sort_unstable();
    println!(
        "{} bugs, median of the medians {}",
        Bug::ALL.len(),
        medians[medians.len() / 2]
    );
    assert_eq!(lost, [], "not found in {MOST} seeds");
}
