//! What is accepted once is accepted once: by 64 callers at the same time, round after round.

use std::time::Instant;

use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::crowd::{CALLERS, Way, crowd, on_each, rounds};
use crate::support::records::history;
use crate::support::{Answer, Ask, Factors, Phone, World, activation};
use countersign::model::journal::Event;

/// A phone that may fail so often that the replays of one round do not block it.
fn patient_phone(world: &World, application: &str, version: ProtocolVersion) -> Phone {
    // Phones of one seed would use the same ephemeral keys, which is a replay.
    let seed = application.bytes().map(u64::from).sum();
    let application = world.application(application, version);
    let limit = json!({ "maxFailureCount": 1_000 });
    let phone = Phone::pending(world, &application, "joe", seed, &limit);
    world
        .rest("/activation/commit", &json!({ "activationId": phone.id() }))
        .ok();
    phone
}

/// `rounds` new signatures, each sent by all callers. Answers how many were accepted in all.
fn signatures(world: &World, application: &str, way: Way, rounds: usize) -> usize {
    let mut phone = patient_phone(world, application, ProtocolVersion::V3_2);
    let id = phone.id();
    let mut accepted = 0;
    let next = |round: usize| {
        let factors = [Factors::Pin, Factors::Biometry, Factors::Possession][round % 3];
        phone.login(factors).ask()
    };
    let judge = |round: usize, answers: &[Answer]| {
        let valid = answers.iter().filter(|answer| answer.valid()).count();
        assert_eq!(valid, 1, "round {round}");
        assert!(answers.iter().all(|answer| answer.status == 200), "round {round}");
        accepted += valid;
    };
    crowd(rounds, |ask| way.ask(world, ask), next, judge);
    let record = activation(&*world.store, &id);
    assert_eq!(record.counter, u64::try_from(rounds).unwrap());
    let audit = history(&*world.store, &id);
    let attempts = audit.iter().filter_map(|entry| match &entry.event {
        Event::Signature(signature) => Some(signature.valid),
        _ => None,
    });
    let attempts: Vec<bool> = attempts.collect();
    assert_eq!(
        attempts.len(),
        rounds * CALLERS,
        "each answer has its audit entry"
    );
    assert_eq!(attempts.iter().filter(|valid| **valid).count(), rounds);
    accepted
}

/// Eight phones at the same time, each with its own crowd, so that their commits share a flush of the disk.
const PHONES: usize = 8;

fn crowds(world: &World, way: Way, rounds: usize) -> usize {
    std::thread::scope(|scope| {
        let crowds: Vec<_> = (0..PHONES)
            .map(|number| scope.spawn(move || signatures(world, &format!("bank{number}"), way, rounds)))
            .collect();
        crowds.into_iter().map(|crowd| crowd.join().unwrap()).sum()
    })
}

#[test]
fn a_signature_is_accepted_once() {
    on_each(|name, world| {
        let began = Instant::now();
        let each = rounds(name, 1_000 / PHONES);
        let accepted = crowds(&world, Way::Lanes, each);
        println!(
            "{name}: {} signatures, each by {CALLERS} callers: {accepted} accepted, {:?}",
            each * PHONES,
            began.elapsed()
        );
        assert_eq!(accepted, each * PHONES);
    });
}

#[test]
fn a_signature_is_accepted_once_without_lanes() {
    on_each(|name, world| {
        let began = Instant::now();
        let each = rounds(name, 20);
        let accepted = signatures(&world, "bank", Way::NoLanes, each);
        println!(
            "{name}, no lanes: {each} signatures: {accepted} accepted, {:?}",
            began.elapsed()
        );
        assert_eq!(accepted, each);
    });
}

#[test]
fn a_token_nonce_is_accepted_once() {
    on_each(|name, world| {
        let mut phone = patient_phone(&world, "bank", ProtocolVersion::V3_2);
        phone.token(&world, "login", Factors::Possession);
        let now = world.now();
        let (mut accepted, nonces) = (0, rounds(name, 1_000));
        crowd(
            nonces,
            |ask| world.ask(ask),
            |_| Ask::rest("/token/validate", &phone.present("login", now)),
            |round, answers| {
                let valid = answers.iter().filter(|answer| answer.valid()).count();
                let replayed = answers.iter().filter(|answer| answer.code() == "ERR0024").count();
                assert_eq!((valid, replayed), (1, CALLERS - 1), "round {round}");
                accepted += valid;
            },
        );
        println!("{name}: {nonces} nonces, each by {CALLERS} callers: {accepted} accepted");
        assert_eq!(accepted, nonces);
    });
}

/// The envelope of a request for a token, as a back end that verified the signature passes it on.
fn envelope(phone: &mut Phone, now: u64) -> Value {
    let call = phone.with(Factors::Possession, |device, authentication, rng| {
        device
            .create_token("other", authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    let mut request: Value = serde_json::from_slice(&call.request.body).unwrap();
    let object = request.as_object_mut().unwrap();
    object.insert("activationId".to_owned(), json!(phone.id()));
    let application = phone.device.application();
    object.insert("applicationKey".to_owned(), json!(application.key()));
    object.insert(
        "protocolVersion".to_owned(),
        json!(application.version().as_str()),
    );
    object.insert("signatureType".to_owned(), json!("POSSESSION"));
    request
}

#[test]
fn an_encrypted_request_is_accepted_once() {
    for version in [ProtocolVersion::V3_2, ProtocolVersion::V3_3] {
        on_each(|name, world| {
            let mut phone = patient_phone(&world, "bank", version);
            phone.refresh(&world);
            let now = world.now();
            let (mut accepted, envelopes) = (0, rounds(name, 20));
            crowd(
                envelopes,
                |ask| world.ask(ask),
                |_| Ask::rest("/token/create", &envelope(&mut phone, now)),
                |round, answers| {
                    let fine = answers.iter().filter(|answer| answer.status == 200).count();
                    let replayed = answers.iter().filter(|answer| answer.code() == "ERR0024").count();
                    assert_eq!((fine, replayed), (1, CALLERS - 1), "round {round}");
                    accepted += fine;
                },
            );
            println!(
                "{name}: {envelopes} envelopes of {}, each by {CALLERS} callers: {accepted} accepted",
                version.as_str()
            );
            assert_eq!(accepted, envelopes);
        });
    }
}
