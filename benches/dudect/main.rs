//! Whether the time of what handles secrets tells anything about them: Welch's t-test between two classes of input.
//!
//! `cargo xtask dudect` runs it with a million measurements of each subject. By itself it only checks that every row works.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a program"
)]

mod comparisons;
mod conversions;
mod statistic;
mod subjects;

use std::process::ExitCode;

use subjects::{ROWS, Row};

/// |t| from which on the two classes are told apart.
const LIMIT: f64 = 5.0;

/// What a row shows, and whether that is as it should be.
fn verdict(row: &Row, t: f64) -> (&'static str, bool) {
    match (row.leaks, t >= LIMIT) {
        (false, false) => ("alike", true),
        (false, true) => ("LEAKS", false),
        (true, true) => ("found, as it must be", true),
        (true, false) => ("NOT FOUND", false),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let (samples, name) = match arguments.as_slice() {
        [samples] => (samples.parse().unwrap(), ""),
        [samples, name] => (samples.parse().unwrap(), name.as_str()),
        _ => {
            for row in ROWS {
                (row.measure)(10, 1);
            }
            return ExitCode::SUCCESS;
        }
    };
    println!("| subject | \\|t\\| | |\n|---|---:|---|");
    let mut wrong = 0;
    for (row, seed) in ROWS.iter().zip(1..).filter(|(row, _)| row.name.contains(name)) {
        let t = (row.measure)(samples, seed);
        let (word, right) = verdict(row, t);
        println!("| {} | {t:.1} | {word} |", row.name);
        wrong += u32::from(!right);
    }
    println!("\n{samples} measurements of each, {wrong} not as they should be");
    ExitCode::from(u8::from(wrong > 0))
}
