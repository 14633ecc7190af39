//! Replays every family of known answers on every backend of the build. `cargo test --test vectors -- --nocapture` prints
//! the counts.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs
)]

mod replay;
#[path = "support/verdicts.rs"]
mod verdicts;

use replay::{ecies, formats, keys, primitives, run, shared_root, signatures, wycheproof};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn keys_and_ecdsa() {
    run(keys::FAMILIES);
}

#[test]
fn signatures_and_counters() {
    run(signatures::FAMILIES);
}

#[test]
fn ecies_envelopes() {
    run(ecies::FAMILIES);
}

#[test]
fn codes_and_formats() {
    run(formats::FAMILIES);
}

#[test]
fn primitives_and_records() {
    run(primitives::FAMILIES);
}

#[test]
fn wycheproof_files() {
    run(wycheproof::FAMILIES);
}

/// Families that are not replayed, with the reason.
const NOT_REPLAYED: &[(&str, &str)] = &[
    (
        "v2/decrypt-server-public-key-v2.json",
        "key exchange of protocol 2, which an upgrade never repeats",
    ),
    (
        "v2/encrypt-device-public-key-v2.json",
        "key exchange of protocol 2, which an upgrade never repeats",
    ),
    ("v4/", "protocol 4 is not implemented"),
];

fn files(root: &Path, folder: &str, out: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{folder}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files(root, &format!("{name}/"), out);
        } else if name.ends_with(".json") {
            out.insert(name);
        }
    }
}

/// A family that appears in the folder must be replayed or be named above; our copies must be the originals.
#[test]
fn no_family_is_forgotten() {
    let root = shared_root();
    if !root.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "../shared/vectors is missing");
        println!("completeness: skipped, ../shared/vectors is absent");
        return;
    }
    let mut present = BTreeSet::new();
    files(&root, "", &mut present);
    let groups = [
        keys::FAMILIES,
        signatures::FAMILIES,
        ecies::FAMILIES,
        formats::FAMILIES,
        primitives::FAMILIES,
        wycheproof::FAMILIES,
    ];
    let replayed: BTreeSet<String> = groups
        .concat()
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .collect();
    let skipped = |path: &str| NOT_REPLAYED.iter().find(|(prefix, _)| path.starts_with(prefix));
    for path in &present {
        match skipped(path) {
            Some((_, reason)) => println!("{path}: not replayed: {reason}"),
            None => assert!(replayed.contains(path), "{path} is not replayed"),
        }
    }
    for path in replayed.iter().filter(|path| path.starts_with("own/")) {
        let copy = std::fs::read(replay::own_root().join(path)).unwrap();
        assert!(
            copy == std::fs::read(root.join(path)).unwrap(),
            "{path} differs from the original"
        );
    }
    println!(
        "families: {} replayed of {} present",
        replayed.len(),
        present.len()
    );
    assert!(replayed.is_subset(&present));
}
