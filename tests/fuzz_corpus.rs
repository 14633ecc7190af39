//! Replays the committed fuzz corpus through the bodies of the fuzz targets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "../fuzz/src/targets.rs"]
mod targets;

use countersign::crypto::encoding::base64;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Samples whose name starts with `ok` must be accepted, those with `bad` refused; others (found by the fuzzer) only must
/// not panic.
#[test]
fn corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (target, body) in targets::TARGETS {
        let (mut accepted, mut refused) = (0, 0);
        for path in sorted(&root.join(target)) {
            let (sample, data) = (name(&path), std::fs::read(&path).unwrap());
            let outcome = std::panic::catch_unwind(|| body(&data));
            let outcome = outcome.unwrap_or_else(|_| panic!("{target}: {sample} panicked"));
            assert!(
                outcome || !sample.starts_with("ok"),
                "{target}: {sample} was refused"
            );
            assert!(
                !outcome || !sample.starts_with("bad"),
                "{target}: {sample} was accepted"
            );
            if outcome { accepted += 1 } else { refused += 1 }
        }
        println!(
            "{target}: {} samples, {accepted} accepted, {refused} refused",
            accepted + refused
        );
        assert!(
            accepted > 0 && refused > 0,
            "{target} needs valid and hostile samples"
        );
    }
}

/// What the fuzzer has found since: no panic, whatever becomes of it. A sample per line, in Base64.
#[test]
fn found_samples_do_not_panic() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/found");
    let mut runs = 0;
    for path in sorted(&root) {
        let target = name(&path);
        let (_, body) = targets::TARGETS.iter().find(|(name, _)| *name == target).unwrap();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let data = base64::decode(line).unwrap();
            let outcome = std::panic::catch_unwind(|| body(&data));
            assert!(outcome.is_ok(), "{target}: {line}");
            runs += 1;
        }
    }
    println!("found: {runs}");
    assert!(runs > 100);
}

/// Every target has its program, and every folder and program belongs to a target.
#[test]
fn targets_are_complete() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names: BTreeSet<String> = targets::TARGETS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(names.len(), targets::TARGETS.len());
    let folders: BTreeSet<String> = sorted(&root.join("corpus"))
        .iter()
        .map(|path| name(path))
        .collect();
    assert_eq!(folders, names);
    let programs: BTreeSet<String> = sorted(&root.join("fuzz_targets"))
        .iter()
        .map(|path| name(path))
        .collect();
    assert_eq!(programs, names.iter().map(|name| format!("{name}.rs")).collect());
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for name in &names {
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
    }
    println!("targets: {}", names.len());
}

/// Targets that play use cases.
const WHOLE: &[&str] = &["call_steps", "dispatcher", "phone_command", "states"];

/// Cut and changed samples must never panic either; this is the fuzzer of those who have none at hand.
#[test]
fn mutations_of_the_corpus_do_not_panic() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut runs = 0;
    for (target, body) in targets::TARGETS {
        // Whole use cases take a thousand times as long as a parser.
        let places = if WHOLE.contains(target) { 4 } else { 64 };
        for path in sorted(&root.join(target)) {
            let data = std::fs::read(&path).unwrap();
            let step = (data.len() / places).max(1);
            for at in (0..data.len()).step_by(step) {
                let mut mutants = vec![data.get(..at).unwrap().to_vec(), data.get(at..).unwrap().to_vec()];
                for value in [0, b'"', b'%', b'*', b'\\', 0x80, 0xFF] {
                    let mut mutant = data.clone();
                    *mutant.get_mut(at).unwrap() = value;
                    mutants.push(mutant);
                }
                for mutant in mutants {
                    let outcome = std::panic::catch_unwind(|| body(&mutant));
                    assert!(outcome.is_ok(), "{target}: {mutant:02x?}");
                    runs += 1;
                }
            }
        }
    }
    println!("mutations: {runs}");
    assert!(runs > 10_000);
}
