//! The vault and the upgrade under a crowd: wrong signatures are counted, a right one opens once, and an
//! activation gets one counter (I1, I3, I4).

use countersign::client::VaultReason;
use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::ActivationStatus;
use countersign::model::journal::Event;
use serde_json::json;

use crate::crowd::{CALLERS, Way, crowd, on_each, rounds};
use crate::support::records::history;
use crate::support::tamper::make_old;
use crate::support::{Answer, Ask, Factors, Phone, World, activation};

const LIMIT: usize = 5;
const WAYS: [Way; 2] = [Way::Lanes, Way::NoLanes];

fn unlock(world: &World, phone: &mut Phone, factors: Factors) -> Ask {
    let now = world.now();
    let call = phone.with(factors, |device, authentication, rng| {
        device
            .unlock_vault(VaultReason::FetchEncryptionKey, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    Ask::from(&call.request)
}

/// Signatures that were compared, by the audit, from entry number `from` on: wrong and right ones.
fn compared(world: &World, id: &str, from: usize) -> (usize, usize) {
    let entries = history(&*world.store, id).split_off(from);
    let noted = |note: &str| {
        entries
            .iter()
            .filter(|entry| matches!(&entry.event, Event::Signature(it) if it.note == note))
            .count()
    };
    (noted("signature_does_not_match"), noted("signature_ok"))
}

fn keys(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 200).count()
}

/// Requests of 3.1 have no time, so that all but the first are compared, too.
#[test]
fn parallel_wrong_signatures_are_counted() {
    on_each(|name, world| {
        let rounds = rounds(name, 10);
        let application = world.application("bank", ProtocolVersion::V3_1);
        for (seed, way) in (1..).zip(WAYS) {
            let mut phone = Phone::activate(&world, &application, "joe", seed);
            let id = phone.id();
            let mut from = 0;
            let next = |_| {
                let one = json!({ "activationId": id });
                world.rest("/activation/unblock", &one).ok();
                unlock(&world, &mut phone, Factors::WrongPin)
            };
            let judge = |round: usize, answers: &[Answer]| {
                assert_eq!(keys(answers), 0);
                assert!(answers.iter().all(|answer| answer.status == 401));
                assert_eq!(compared(&world, &id, from), (LIMIT, 0), "round {round}");
                let record = activation(&*world.store, &id);
                assert_eq!(record.status, ActivationStatus::Blocked);
                assert_eq!(record.failed_attempts, 5);
                from = history(&*world.store, &id).len();
            };
            crowd(rounds, |ask| way.ask(&world, ask), next, judge);
            println!("{name}, {way:?}: {rounds} rounds of {CALLERS} wrong signatures, {LIMIT} compared each");
        }
    });
}

#[test]
fn one_signature_opens_the_vault_once() {
    for version in [ProtocolVersion::V3_1, ProtocolVersion::V3_2] {
        on_each(|name, world| {
            let rounds = rounds(name, 10);
            let application = world.application("bank", version);
            for (seed, way) in (1..).zip(WAYS) {
                let mut phone = Phone::activate(&world, &application, "joe", seed);
                let id = phone.id();
                let mut from = 0;
                let next = |_| {
                    let one = json!({ "activationId": id });
                    world.rest("/activation/unblock", &one).ok();
                    unlock(&world, &mut phone, Factors::Pin)
                };
                let judge = |round: usize, answers: &[Answer]| {
                    assert_eq!(keys(answers), 1, "round {round}");
                    let (wrong, right) = compared(&world, &id, from);
                    assert_eq!(right, 1, "round {round}");
                    // Without a time in the request the repetitions are wrong signatures, and count.
                    assert!(wrong <= if version.has_timestamp() { 0 } else { LIMIT });
                    from = history(&*world.store, &id).len();
                };
                crowd(rounds, |ask| way.ask(&world, ask), next, judge);
                println!("{name}, {version}, {way:?}: {rounds} rounds, one key each");
            }
        });
    }
}

/// However many start at once, the activation gets one counter, and one commit upgrades it.
#[test]
fn an_upgrade_happens_once() {
    on_each(|name, world| {
        let application = world.application("bank", ProtocolVersion::V3_1);
        for (seed, way) in (1..).zip(WAYS) {
            let mut phone = Phone::activate(&world, &application, "joe", seed);
            make_old(&world, &mut phone, 0);
            let id = phone.id();
            let from = history(&*world.store, &id).len();
            let now = world.now();
            let start = phone.device.start_upgrade(now, &mut phone.rng).unwrap();
            let ask = Ask::from(&start.request);
            crowd(
                1,
                |ask| way.ask(&world, ask),
                |_| ask.clone(),
                |_, answers| assert_eq!(keys(answers), CALLERS),
            );
            // All were answered alike: the phone may take any answer, for instance one more.
            let counter = activation(&*world.store, &id).counter_data.unwrap();
            let answer = world.send(&start.request);
            start
                .pending
                .read(&mut phone.device, answer.status, &answer.body)
                .unwrap();
            assert_eq!(activation(&*world.store, &id).counter_data.unwrap(), counter);
            let commit = phone
                .device
                .commit_upgrade(&mut phone.rng)
                .unwrap()
                .assume_saved();
            let ask = Ask::from(&commit.request);
            crowd(
                1,
                |ask| way.ask(&world, ask),
                |_| ask.clone(),
                |_, answers| {
                    assert_eq!(keys(answers), 1);
                },
            );
            let record = activation(&*world.store, &id);
            assert_eq!((record.version, record.counter), (Some(3), 1));
            let entries = history(&*world.store, &id).split_off(from);
            let changes = entries.iter().filter(|entry| match &entry.event {
                Event::Note(note) => note.kind == "upgrade_started",
                Event::History(line) => line.reason.as_deref() == Some("ACTIVATION_VERSION_CHANGED"),
                Event::Signature(_) => false,
            });
            assert_eq!(changes.count(), 2);
            println!("{name}, {way:?}: {CALLERS} starts, one counter; {CALLERS} commits, one upgrade");
        }
    });
}
