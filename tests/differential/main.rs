//! The same inputs to Countersign and to the published Java library of the protocol, operation by operation.
//!
//! `cargo xtask differential` builds the Java side (`java`, a Maven project of its own) and runs this; it is left out of
//! `cargo test`, which has neither. Everything random follows from one seed, which is printed; a case that differs is
//! told with its number and played again by `cargo xtask differential --seed S --operation NAME --case N`.
//!
//! | file | operations |
//! |---|---|
//! | `keys` | points, key agreement, fingerprints, vault, ECDSA |
//! | `codes` | activation and recovery codes, PUKs, one-time passwords, codes by SMS, password hashes |
//! | `signatures` | online, offline, what is signed |
//! | `states` | counter, status blob, tokens |
//! | `envelopes` | ECIES in both directions, keys of JWTs |
//! | `texts` | headers, offline payloads |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod case;
mod codes;
mod dice;
mod envelopes;
mod keys;
mod peer;
mod signatures;
mod states;
mod texts;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use case::{Answer, Case, Operation, Verdict, show, shown};
use dice::Dice;
use peer::Peer;

/// Cases in one frame.
const FRAME: u64 = 512;
/// Differences that are told per operation; all are counted.
const TOLD: usize = 5;

struct Plan {
    cases: u64,
    seed: u64,
    operation: Option<String>,
    case: Option<u64>,
}

impl Plan {
    fn read() -> Self {
        let number = |name: &str| {
            std::env::var(name)
                .ok()
                .map(|text| text.parse::<u64>().expect(name))
        };
        Self {
            cases: number("COUNTERSIGN_DIFFERENTIAL_CASES").unwrap_or(100_000),
            seed: number("COUNTERSIGN_DIFFERENTIAL_SEED").unwrap_or_else(|| {
                let now = std::time::UNIX_EPOCH.elapsed().unwrap();
                now.as_secs()
            }),
            operation: std::env::var("COUNTERSIGN_DIFFERENTIAL_OPERATION").ok(),
            case: number("COUNTERSIGN_DIFFERENTIAL_CASE"),
        }
    }

    /// Numbers of the cases of an operation.
    fn of(&self, operation: &Operation) -> std::ops::Range<u64> {
        match (&self.operation, self.case) {
            (Some(name), _) if name != operation.name => 0..0,
            (_, Some(case)) => case..case + 1,
            _ => 0..self.cases.div_ceil(operation.one_in),
        }
    }
}

#[derive(Default)]
struct Found {
    same: u64,
    classes: BTreeMap<&'static str, u64>,
    explained: BTreeMap<&'static str, u64>,
    different: u64,
}

fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(signatures::operations());
    all.extend(envelopes::operations());
    all.extend(states::operations());
    all.extend(keys::operations());
    all.extend(codes::operations());
    all.extend(texts::operations());
    all
}

fn play(peer: &mut Peer, operation: &Operation, plan: &Plan) -> Found {
    let mut found = Found::default();
    let mut numbers = plan.of(operation).peekable();
    let mut again: Vec<(u64, Case)> = Vec::new();
    let mut asked: Vec<(u64, Case)> = Vec::new();
    while !asked.is_empty() || !again.is_empty() || numbers.peek().is_some() {
        let mut next = std::mem::take(&mut again);
        let fresh = numbers.by_ref().take(usize::try_from(FRAME).unwrap());
        next.extend(fresh.map(|number| {
            let mut dice = Dice::new(plan.seed, operation.name, number);
            (number, (operation.make)(&mut dice))
        }));
        // The other side works on these while the answers to the ones before are looked at.
        let answers = if asked.is_empty() {
            Vec::new()
        } else {
            peer.receive()
        };
        if !next.is_empty() {
            peer.send(next.iter().map(|(_, case)| case));
        }
        assert_eq!(answers.len(), asked.len());
        for ((number, case), answer) in asked.drain(..).zip(answers) {
            judge(operation, plan, number, case, &answer, &mut found, &mut again);
        }
        asked = next;
    }
    found
}

fn judge(
    operation: &Operation,
    plan: &Plan,
    number: u64,
    case: Case,
    answer: &Answer,
    found: &mut Found,
    again: &mut Vec<(u64, Case)>,
) {
    let arguments: Vec<String> = case
        .arguments
        .iter()
        .map(|it| it.as_deref().map_or("-".to_owned(), show))
        .collect();
    if plan.case.is_some() {
        println!(
            "  {} {}\n  -> {}",
            case.function,
            arguments.join(" "),
            shown(answer)
        );
    }
    match (case.check)(answer) {
        Verdict::Same(class) => {
            found.same += 1;
            *found.classes.entry(class).or_default() += 1;
        }
        Verdict::Explained(reason) => *found.explained.entry(reason).or_default() += 1,
        Verdict::Next(next) => again.push((number, next)),
        Verdict::Different(text) => {
            found.different += 1;
            if found.different <= u64::try_from(TOLD).unwrap() {
                println!(
                    "DIFFERENT: --seed {} --operation '{}' --case {number}\n  {} {}\n  {text}",
                    plan.seed,
                    operation.name,
                    case.function,
                    arguments.join(" ")
                );
            }
        }
    }
}

#[test]
#[ignore = "needs the Java side: cargo xtask differential"]
fn both_say_the_same() {
    let plan = Plan::read();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/differential/java");
    let mut peer = Peer::start(&folder);
    println!("seed {}", plan.seed);
    let (mut cases, mut explained, mut different) = (0, 0, Vec::new());
    for operation in operations() {
        if plan.of(&operation).is_empty() {
            continue;
        }
        let began = Instant::now();
        let found = play(&mut peer, &operation, &plan);
        let counted = |of: &BTreeMap<&str, u64>| {
            let all: Vec<String> = of.iter().map(|(name, count)| format!("{name} {count}")).collect();
            all.join(", ")
        };
        println!(
            "{:<34} {:>7} same ({}){} {} different, {:.1} s",
            operation.name,
            found.same,
            counted(&found.classes),
            if found.explained.is_empty() {
                ",".to_owned()
            } else {
                format!(", explained: {},", counted(&found.explained))
            },
            found.different,
            began.elapsed().as_secs_f64()
        );
        let told: u64 = found.explained.values().sum();
        cases += found.same + found.different + told;
        explained += told;
        if found.different > 0 {
            different.push(operation.name);
        }
    }
    assert!(cases > 0, "there is no such operation");
    println!("{cases} cases, {explained} explained, differences in: {different:?}");
    assert!(different.is_empty(), "{different:?} differ");
}

/// The comparison itself notices: an answer with one bit changed, a refusal, or a missing value is a difference.
#[test]
fn a_changed_answer_is_a_difference() {
    let mut checked = 0;
    for wrong in [
        Answer::Values(vec![Some(vec![1, 2, 2])]),
        Answer::Values(vec![None]),
        Answer::Values(vec![]),
        Answer::Refused("java.lang.Exception".to_owned()),
    ] {
        let case = case::Ask::new("x").equals("class", vec![vec![1, 2, 3]]);
        assert!(matches!((case.check)(&wrong), Verdict::Different(_)), "{wrong:?}");
        checked += 1;
    }
    let case = case::Ask::new("x").equals("class", vec![vec![1, 2, 3]]);
    let right = Answer::Values(vec![Some(vec![1, 2, 3])]);
    assert!(matches!((case.check)(&right), Verdict::Same("class")));
    // The same case has the same randomness, and no other has.
    let first = |seed, name, case| Dice::new(seed, name, case).number();
    assert_eq!(first(1, "a", 2), first(1, "a", 2));
    let others = [first(2, "a", 2), first(1, "b", 2), first(1, "a", 3)];
    assert!(!others.contains(&first(1, "a", 2)));
    println!("{checked} wrong answers noticed");
}
