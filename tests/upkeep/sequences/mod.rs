//! Random sequences of all methods, with valid, broken and borrowed arguments, with lost answers and a
//! failing store: no step breaks one of I1 to I9.
//!
//! Each sequence follows from its number. A failure names it; `COUNTERSIGN_SEQUENCE=N` plays it alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign::api::Api;
use countersign::engine::audit;
use countersign::model::activation::{ACTIVATION, Activation, ActivationStatus};
use countersign::model::journal::Subject;
use countersign::store::{Entity, Store};
use pollster::block_on;
use serde_json::{Value, json};

use crate::support::{Answer, Ask, Factors, Town, engine, spread};
use promises::{activation, chained};
use story::{Outcome, Story};

const SEQUENCES: u64 = 10_000;
/// On SQLite, where each step is flushed.
const ON_DISK: u64 = 30;
/// Steps of a sequence at most.
const LONGEST: usize = 12;
const FACTORS: [Factors; 4] = [
    Factors::Pin,
    Factors::WrongPin,
    Factors::Biometry,
    Factors::Possession,
];

type Verdict = Result<(), String>;

macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => { if !$holds { return Err(format!($($why)+)); } };
}

mod promises;
mod story;

/// What is known before the sequences begin.
struct Ground {
    town: Town,
    api: Api,
    /// Values that stand somewhere in the requests, by attribute.
    values: Vec<Value>,
    asks: Vec<Ask>,
    /// Those that hash passwords, which takes as long as fifty others.
    slow: Vec<Ask>,
    /// What the phone signs, by its counter and by factors: the PIN takes as long as twenty requests.
    logins: Vec<Vec<Ask>>,
    secrets: Vec<Vec<u8>>,
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|it| leaves(it, found)),
        Value::Array(items) => items.iter().for_each(|it| leaves(it, found)),
        other => _ = found.insert(other.to_string()),
    }
}

impl Ground {
    fn new() -> Self {
        let town = Town::build();
        let mut found = BTreeSet::new();
        for ask in &town.asks {
            leaves(&serde_json::from_slice(&ask.body).unwrap_or_default(), &mut found);
        }
        let mut values: Vec<Value> = found.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
        values.extend([
            json!(null),
            json!(true),
            json!(""),
            json!(" "),
            json!(0),
            json!(-1),
            json!(u64::MAX),
            json!("\u{0}"),
            json!([]),
            json!({}),
            json!("x".repeat(300)),
            json!("REMOVED"),
            json!("ACTIVE"),
            json!("BLOCKED"),
            json!("CREATED"),
            json!("PENDING_COMMIT"),
            json!("user0"),
            json!("user1"),
            json!("AAAA"),
        ]);
        // What the phone derives and never sends.
        let secrets = vec![vec![0x50; 16], vec![0xB1; 16], vec![7; 32]];
        let slow =
            |it: &&Ask| it.path.contains("recovery") || String::from_utf8_lossy(&it.body).contains("Otp");
        let logins = (0..LONGEST).map(|position| {
            let login = |factors: &Factors| {
                let mut phone = town.phone();
                for _ in 0..position {
                    phone.login(Factors::Possession);
                }
                phone.login(*factors).ask()
            };
            FACTORS.iter().map(login).collect()
        });
        Self {
            api: Api::new(engine()).open_to_anybody(),
            logins: logins.collect(),
            slow: town.asks.iter().filter(slow).cloned().collect(),
            asks: town.asks.iter().filter(|it| !slow(it)).cloned().collect(),
            town,
            values,
            secrets,
        }
    }
}

fn play(ground: &Ground, store: Arc<dyn Store>, seed: u64, verify: bool) -> usize {
    let mut story = Story::new(ground, store, seed);
    let verdict = story.play();
    let verdict = verdict.and_then(|()| {
        if !verify {
            return Ok(());
        }
        let report = block_on(audit::verify(&*story.store)).unwrap();
        ensure!(report.findings.is_empty(), "I7: {:?}", report.findings);
        Ok(())
    });
    if let Err(broken) = verdict {
        panic!(
            "{broken}\nCOUNTERSIGN_SEQUENCE={seed} plays it again:\n{}",
            story.told.join("\n")
        );
    }
    story.told.len()
}

#[test]
fn no_sequence_breaks_a_promise() {
    let ground = Ground::new();
    let only = std::env::var("COUNTERSIGN_SEQUENCE")
        .ok()
        .map(|it| it.parse::<u64>().unwrap());
    let seeds = only.map_or(0..SEQUENCES, |seed| seed..seed + 1);
    let count = seeds.end - seeds.start;
    let town = ground.town.store();
    let steps = spread(usize::try_from(count).unwrap(), |number| {
        let seed = seeds.start + number as u64;
        play(&ground, Arc::new(town.clone()), seed, seed.is_multiple_of(10))
    });
    let steps: usize = steps.iter().sum();
    println!(
        "{count} sequences, {steps} steps, {} prepared requests",
        ground.asks.len()
    );
}

#[cfg(feature = "sqlite")]
#[test]
fn nor_on_sqlite() {
    let ground = Ground::new();
    let folder = std::env::temp_dir().join(format!("countersign-sequences-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("bank.sqlite");
    // One database, in which all sequences happen: the town is in it once, and grows.
    let store = Arc::new(countersign::store::SqliteStore::open(&path).unwrap());
    ground.town.fill(&*store);
    let mut steps = 0;
    for seed in 0..ON_DISK {
        steps += play(&ground, store.clone(), seed, seed % 10 == 0);
    }
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{ON_DISK} sequences on SQLite, {steps} steps");
}

/// The checks see what they are for.
#[test]
fn a_broken_promise_is_seen() {
    let ground = Ground::new();
    let store = Arc::new(ground.town.store());
    let mut story = Story::new(&ground, store.clone(), 1);
    let ask = ground.logins[0][0].clone();
    assert_eq!(story.step(&ask), Ok(()));
    let valid = Outcome {
        answer: Answer {
            status: 200,
            body: json!({ "status": "OK", "responseObject": { "signatureValid": true } })
                .to_string()
                .into_bytes(),
        },
        applied: true,
        failed: false,
    };
    assert_eq!(story.judge(&ask, &valid).unwrap_err(), "I1: accepted again");
    let other = ground.logins[1][0].clone();
    let silent = Outcome {
        applied: false,
        ..valid
    };
    assert_eq!(
        story.judge(&other, &silent).unwrap_err(),
        "I2: valid, and nothing was written"
    );
    let record = store
        .records()
        .into_iter()
        .find(|it| it.key.collection == ACTIVATION);
    let before = Activation::decode(&record.unwrap().body).unwrap();
    for (change, promise) in [
        ((|it| it.counter += 100) as fn(&mut Activation), "I2"),
        (|it| it.user.push('x'), "I6"),
        (|it| it.failed_attempts += 2, "I3"),
    ] {
        let mut after = before.clone();
        change(&mut after);
        let broken = activation(Some(&before), &after).unwrap_err();
        assert!(broken.starts_with(promise), "{broken}");
    }
    let mut removed = before.clone();
    removed.status = ActivationStatus::Removed;
    assert!(activation(Some(&removed), &before).unwrap_err().starts_with("I5"));
    let missing = chained(
        &Subject::Activation(before.id.clone()),
        None,
        &before.journal,
        &[],
    );
    assert!(missing.unwrap_err().starts_with("I7"));
}
