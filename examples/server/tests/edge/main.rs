//! What comes in from callers, and where calls go out to: corpora of what is known to be read in two ways, against the real
//! server over sockets.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod requests;
mod slow;
#[path = "../support/mod.rs"]
mod support;
mod urls;

/// Rows of a corpus: what is expected, and of what; without comments and headings.
fn rows(corpus: &'static str) -> Vec<(&'static str, &'static str)> {
    let lines = corpus
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows: Vec<_> = lines.map(|line| line.split_once(" | ").unwrap()).collect();
    let mut each: Vec<_> = rows.iter().map(|(_, what)| what).collect();
    each.sort();
    each.dedup();
    assert_eq!(each.len(), rows.len(), "something is there twice");
    rows
}
