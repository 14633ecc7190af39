//! Lines of the table.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]

use std::time::Duration;

use crate::failure::Failure;
use crate::options::{Options, Scenario};
use crate::process::Usage;
use crate::run::Outcome;

/// Says why it ended.
pub(crate) fn complain(failure: &Failure) {
    eprintln!("countersign-load: {failure}");
}

/// The head of the table.
pub(crate) fn heads(options: &Options, phones: usize) {
    println!("{phones} activations, {} connections", options.connections);
    println!();
    println!(
        "| method | requests | per second | p50 ms | p99 ms | p99.9 ms | server µs CPU | load µs CPU | server MiB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
}

/// One line.
#[expect(clippy::cast_precision_loss, reason = "numbers to look at")]
pub(crate) fn line(scenario: Scenario, outcome: &Outcome) {
    let count = outcome.times.len();
    let each = |usage: Option<Usage>| match usage {
        Some(usage) => format!("{:.1}", usage.cpu.as_secs_f64() * 1e6 / count as f64),
        None => "–".to_owned(),
    };
    let memory = match outcome.server {
        Some(usage) => format!("{:.1}", usage.memory as f64 / 1_048_576.0),
        None => "–".to_owned(),
    };
    let time = |per_mille: usize| at(&outcome.times, per_mille).as_secs_f64() * 1e3;
    println!(
        "| {} | {count} | {:.0} | {:.2} | {:.2} | {:.2} | {} | {} | {memory} |",
        scenario.name(),
        count as f64 / outcome.elapsed.as_secs_f64(),
        time(500),
        time(990),
        time(999),
        each(outcome.server),
        each(outcome.own),
    );
}

/// The time that so many of a thousand requests did not exceed.
fn at(sorted: &[u64], per_mille: usize) -> Duration {
    let rank = (sorted.len() * per_mille).div_ceil(1_000).max(1);
    Duration::from_nanos(sorted.get(rank - 1).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        let times: Vec<u64> = (1..=1_000).collect();
        for (per_mille, expected) in [(0, 1), (1, 1), (500, 500), (990, 990), (999, 999), (1_000, 1_000)] {
            assert_eq!(at(&times, per_mille), Duration::from_nanos(expected));
        }
        assert_eq!(at(&[7], 999), Duration::from_nanos(7));
        assert_eq!(at(&[], 500), Duration::ZERO);
    }
}
