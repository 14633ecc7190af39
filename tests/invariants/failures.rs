//! An answered failure is counted, and no more wrong codes are evaluated than there are attempts.

use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::ActivationStatus;
use countersign::model::journal::Event;
use serde_json::json;

use crate::crowd::{Way, crowd, on_each, rounds};
use crate::support::records::history;
use crate::support::{Answer, Factors, Phone, World, activation};

const LIMIT: usize = 5;

/// Wrong codes that were compared with the right one, by the audit, from entry number `from` on.
fn evaluated(world: &World, id: &str, from: usize) -> usize {
    let compared =
        |event: &Event| matches!(event, Event::Signature(it) if it.note == "signature_does_not_match");
    history(&*world.store, id)[from..]
        .iter()
        .filter(|entry| compared(&entry.event))
        .count()
}

/// Rounds of 64 parallel wrong codes, each on an activation with all its attempts.
fn wrong_codes(world: &World, way: Way, rounds: usize) {
    let application = world.application("bank", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(world, &application, "joe", 1);
    let id = phone.id();
    let mut from = 0;
    let mut all = 0;
    let next = |_| {
        world
            .rest("/activation/unblock", &json!({ "activationId": id }))
            .ok();
        let ask = phone.login(Factors::WrongPin).ask();
        assert_eq!(activation(&*world.store, &id).status, ActivationStatus::Active);
        ask
    };
    let judge = |round: usize, answers: &[Answer]| {
        assert!(
            answers
                .iter()
                .all(|answer| answer.status == 200 && !answer.valid())
        );
        let record = activation(&*world.store, &id);
        let tried = evaluated(world, &id, from);
        assert_eq!(tried, LIMIT, "round {round}");
        assert_eq!(record.status, ActivationStatus::Blocked, "round {round}");
        assert_eq!(record.failed_attempts, 5);
        assert_eq!(record.blocked_reason.as_deref(), Some("MAX_FAILED_ATTEMPTS"));
        // Of the five that were compared, each caller was told another number of remaining attempts.
        let mut remaining: Vec<u64> = answers
            .iter()
            .filter_map(|answer| answer.object()["remainingAttempts"].as_u64())
            .collect();
        remaining.sort_unstable();
        assert_eq!(remaining, [0, 1, 2, 3, 4], "round {round}");
        from = history(&*world.store, &id).len();
        all += tried;
    };
    crowd(rounds, |ask| way.ask(world, ask), next, judge);
    println!("{way:?}: {rounds} rounds of 64 wrong codes: {all} evaluated");
}

#[test]
fn parallel_wrong_codes_are_counted() {
    on_each(|name, world| {
        println!("{name}");
        wrong_codes(&world, Way::Lanes, rounds(name, 50));
    });
    on_each(|name, world| {
        println!("{name}");
        wrong_codes(&world, Way::NoLanes, rounds(name, 20));
    });
}

#[test]
fn possession_neither_counts_nor_resets() {
    let world = World::over(countersign::store::MemoryStore::new());
    let application = world.application("bank", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(&world, &application, "joe", 1);
    let id = phone.id();
    for failures in 1..5_u64 {
        assert!(!world.ask(&phone.login(Factors::WrongPin).ask()).valid());
        let valid = phone.login(Factors::Possession);
        assert!(world.ask(&valid.ask()).valid());
        assert!(!world.ask(&valid.ask()).valid(), "a replay");
        assert_eq!(activation(&*world.store, &id).failed_attempts, failures);
    }
    assert!(world.ask(&phone.login(Factors::Pin).ask()).valid());
    assert_eq!(activation(&*world.store, &id).failed_attempts, 0);
    for _ in 0..5 {
        assert!(!world.ask(&phone.login(Factors::WrongPin).ask()).valid());
    }
    assert_eq!(activation(&*world.store, &id).status, ActivationStatus::Blocked);
    // Right or wrong: nothing is compared any more.
    for factors in [
        Factors::Pin,
        Factors::WrongPin,
        Factors::Possession,
        Factors::Biometry,
    ] {
        let before = activation(&*world.store, &id);
        assert!(!world.ask(&phone.login(factors).ask()).valid());
        let after = activation(&*world.store, &id);
        assert_eq!((after.counter, after.failed_attempts), (before.counter, 5));
    }
    assert_eq!(evaluated(&world, &id, 0), 4 + 4 + 5);
}
