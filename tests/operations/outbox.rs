//! Leases, retries and the end of events.

use std::collections::HashSet;

use countersign::engine::callback::outbox::{self, AfterFailure, Backlog, Delivery, Waiting};
use countersign::model::callback::{CallbackEvent, Callbacks, EventState};
use serde_json::{Value, json};

use super::world::{APP, OTHER_APP, START, World, approval, text};

const LEASE: u64 = 30_000;

fn waiting(world: &World) -> Vec<Waiting> {
    world.decide(outbox::waiting)
}

fn lease_of(world: &World, from: &Waiting, limit: u32) -> Vec<Delivery> {
    world.decide(|engine, tx| outbox::lease(engine, tx, from, limit, LEASE))
}

/// Of all URLs, `limit` each.
fn lease(world: &World, limit: u32) -> Vec<Delivery> {
    let waiting = waiting(world).into_iter();
    waiting.flat_map(|from| lease_of(world, &from, limit)).collect()
}

fn released(world: &World, events: &[String], until: u64) -> usize {
    world.decide(|engine, tx| outbox::released(engine, tx, events, until))
}

fn delivered(world: &World, event: &str) -> bool {
    world.decide(|engine, tx| outbox::delivered(engine, tx, event))
}

fn after_failure(world: &World, delivery: &Delivery) -> AfterFailure {
    world.decide(|engine, tx| outbox::failed(engine, tx, &delivery.event, delivery.leased_until))
}

fn failed(world: &World, delivery: &Delivery) -> bool {
    after_failure(world, delivery) != AfterFailure::Stale
}

fn state(world: &World, event: &str) -> CallbackEvent {
    world.get(event).unwrap()
}

#[test]
fn one_event_for_each_change_and_url() {
    let world = World::new();
    let id = world.new_id(json!({}));
    world.ok("operation/approve", approval(&id, json!({ "data": "bad" })));
    world.ok("operation/approve", approval(&id, json!({})));
    assert_eq!(
        world.code("operation/approve", approval(&id, json!({}))),
        "ERR0037"
    );
    world.detail(&id);
    let states: Vec<_> = world
        .bodies(&id)
        .iter()
        .map(|body| (text(body, "status"), body["failureCount"].clone()))
        .collect();
    let expected = [("PENDING", 0), ("PENDING", 1), ("APPROVED", 1)];
    let mut expected: Vec<_> = expected
        .map(|(state, count)| (state.to_owned(), json!(count)))
        .to_vec();
    let mut found = states;
    found.sort_by_key(|it| format!("{it:?}"));
    expected.sort_by_key(|it| format!("{it:?}"));
    assert_eq!(found, expected);
}

#[test]
fn a_leased_event_is_nobody_elses() {
    let world = World::new();
    for _ in 0..5 {
        world.new_id(json!({}));
    }
    let first = lease(&world, 3);
    let second = lease(&world, 10);
    assert_eq!((first.len(), second.len(), lease(&world, 10).len()), (3, 2, 0));
    let all: HashSet<&str> = first.iter().chain(&second).map(|it| it.event.as_str()).collect();
    assert_eq!(all.len(), 5);
    for delivery in first.iter().chain(&second) {
        assert_eq!(delivery.url, "https://bank.example/cb");
        assert_eq!((delivery.attempt, delivery.leased_until), (1, START + LEASE));
        let body: Value = serde_json::from_str(&delivery.body).unwrap();
        assert_eq!(body["type"], "OPERATION");
    }
    // A worker that died: the lease runs out, the next one gets the same event again.
    world.host.set(START + LEASE - 1);
    assert_eq!(lease(&world, 10).len(), 0);
    world.host.set(START + LEASE);
    let again = lease(&world, 10);
    assert_eq!(again.len(), 5);
    assert!(
        again
            .iter()
            .all(|it| it.attempt == 2 && all.contains(it.event.as_str()))
    );
    // What the late one says of a failure does not count, what it says of a delivery does.
    assert!(!failed(&world, &first[0]));
    assert!(delivered(&world, &first[1].event));
    assert!(!failed(
        &world,
        again.iter().find(|it| it.event == first[1].event).unwrap()
    ));
    println!("{} events", all.len());
}

#[test]
fn delivered_once_and_for_all() {
    let world = World::new();
    world.new_id(json!({}));
    let leased = lease(&world, 1);
    let event = &leased[0].event;
    assert!(delivered(&world, event));
    assert!(!delivered(&world, event));
    assert!(!failed(&world, &leased[0]));
    let record = state(&world, event);
    assert_eq!(record.state, EventState::Delivered);
    assert_eq!(
        record.retained_until,
        Some(START + world.engine.config.event_retention)
    );
    world.host.set(START + 10 * LEASE);
    assert_eq!(lease(&world, 10).len(), 0);
    assert!(!delivered(&world, "unknown"));
}

#[test]
fn pauses_grow_until_the_event_is_dead() {
    let world = World::new();
    world.new_id(json!({}));
    let url = waiting(&world)[0].url.clone();
    let mut pauses = Vec::new();
    let mut now = START;
    let event = loop {
        let leased = lease(&world, 1);
        assert_eq!(leased.len(), 1, "{pauses:?}");
        now += 100;
        world.host.set(now);
        let after = after_failure(&world, &leased[0]);
        assert!(!failed(&world, &leased[0]), "twice");
        let record = state(&world, &leased[0].event);
        assert_eq!(record.attempts as usize, pauses.len() + 1);
        match after {
            AfterFailure::Again { due } => assert_eq!((due, record.state), (record.due, EventState::Pending)),
            AfterFailure::GivenUp => break record,
            AfterFailure::Stale => panic!("a failure was not news"),
        }
        pauses.push(record.due - now);
        world.host.set(record.due - 1);
        assert_eq!(waiting(&world), []);
        now = record.due;
        world.host.set(now);
    };
    assert_eq!(event.state, EventState::Dead);
    assert_eq!(pauses.len(), 23);
    for (at, pause) in (0..).zip(&pauses) {
        let least = (2_000 << at).min(3_600_000);
        assert!((least..least + least / 4).contains(pause), "{pauses:?}");
    }
    let distinct: HashSet<u64> = pauses.iter().rev().take(12).copied().collect();
    assert!(distinct.len() > 6, "no jitter: {pauses:?}");
    // Kept for people to look at.
    let dead = world.decide(|engine, tx| outbox::given_up(engine, tx, &url, 10));
    assert_eq!(dead, std::slice::from_ref(&event));
    let kept = world.engine.config.event_retention;
    assert_eq!(event.retained_until, Some(now + kept));
    world.host.set(now + 100 * 3_600_000);
    assert_eq!(waiting(&world), []);
    println!("{} attempts", pauses.len() + 1);
}

#[test]
fn what_is_given_back_is_due_at_once_and_was_no_attempt() {
    let world = World::new();
    for _ in 0..3 {
        world.new_id(json!({}));
    }
    let leased = lease(&world, 10);
    let ids: Vec<String> = leased.iter().map(|it| it.event.clone()).collect();
    assert!(delivered(&world, &ids[0]));
    world.host.set(START + 5);
    assert_eq!(released(&world, &ids, START + LEASE), 2);
    assert_eq!(released(&world, &ids, START + LEASE), 0);
    assert!(!failed(&world, &leased[1]), "given back is given back");
    let again = lease(&world, 10);
    assert_eq!(again.len(), 2);
    assert!(
        again
            .iter()
            .all(|it| it.attempt == 1 && ids[1..].contains(&it.event))
    );
    // Long after the lease it is somebody else's matter.
    world.host.set(START + 10 * LEASE);
    let late = lease(&world, 10);
    assert_eq!(released(&world, &ids, again[0].leased_until), 0);
    assert_eq!(released(&world, &ids, late[0].leased_until), 2);
}

#[test]
fn urls_wait_for_themselves_only() {
    let world = World::new();
    for _ in 0..50 {
        world.new_id(json!({}));
    }
    world.host.set(START + 7);
    world.new_id(json!({ "applications": [APP, OTHER_APP] }));
    let waiting = waiting(&world);
    let since: Vec<_> = waiting
        .iter()
        .map(|it| (it.application.as_str(), it.since))
        .collect();
    assert_eq!(since, [(APP, START), (OTHER_APP, START + 7)]);
    let backlog = world.decide(outbox::backlog);
    let expected = Backlog {
        events: 52,
        oldest: Some(START),
    };
    assert_eq!(backlog, expected);
    // However much waits for the one, the other's event is the next of the other.
    assert_eq!(lease_of(&world, &waiting[1], 10).len(), 1);
    let first = lease_of(&world, &waiting[0], 10);
    let created: Vec<u64> = first.iter().map(|it| state(&world, &it.event).created).collect();
    assert_eq!(created, [START; 10]);
    assert_eq!(
        world.decide(outbox::backlog).events,
        52,
        "leased is not delivered"
    );
}

#[test]
fn workers_that_die_do_not_try_for_ever() {
    let world = World::new();
    world.new_id(json!({}));
    let mut attempts = 0;
    while let Some(delivery) = lease(&world, 1).pop() {
        attempts += 1;
        world.host.set(delivery.leased_until);
    }
    assert_eq!(attempts, world.engine.config.event_attempts);
    assert_eq!(lease(&world, 1).len(), 0);
    assert_eq!(world.events().len(), 0);
}

#[test]
fn a_removed_url_hears_nothing_more() {
    let world = World::new();
    let urls = world.ok("application/callback/list", json!({ "applicationId": APP }));
    let id = text(&urls["callbackUrlList"][0], "id");
    for _ in 0..250 {
        world.new_id(json!({}));
    }
    let leased = lease(&world, 1);
    world.ok("application/callback/remove", json!({ "id": id }));
    let mut rounds = 0;
    while !waiting(&world).is_empty() {
        assert_eq!(lease(&world, 10).len(), 0);
        rounds += 1;
    }
    assert_eq!(world.events().len(), 0);
    assert_eq!(rounds, 2, "bounded batches");
    assert_eq!(world.get::<Callbacks>(APP).unwrap().removed, [""; 0]);
    assert_eq!(state(&world, &leased[0].event).state, EventState::Dead);
    // It was being sent: what has arrived has arrived.
    assert!(delivered(&world, &leased[0].event));
    let dead = world.decide(|engine, tx| outbox::given_up(engine, tx, &id, 1_000));
    assert_eq!(dead.len(), 200);
    world.new_id(json!({}));
    assert_eq!(world.events().len(), 0);
}

#[test]
fn a_delivery_carries_the_settings_of_now() {
    let world = World::empty();
    world.ok("application/create", json!({ "applicationId": APP }));
    world.template(json!({}));
    let request = json!({
        "applicationId": APP, "name": "cb", "type": "OPERATION_STATUS_CHANGE",
        "callbackUrl": "https://bank.example/1",
        "authentication": { "httpBasic": { "enabled": true, "username": "u", "password": "s3cret" } }
    });
    let id = text(&world.ok("application/callback/create", request), "id");
    world.new_id(json!({}));
    let update = json!({
        "id": id, "applicationId": APP, "name": "cb", "callbackUrl": "https://bank.example/2",
        "authentication": { "httpBasic": { "enabled": true, "username": "u2" } }
    });
    world.ok("application/callback/update", update);
    let leased = lease(&world, 1);
    let basic = leased[0].authentication.http_basic.as_ref().unwrap();
    assert_eq!(leased[0].url, "https://bank.example/2");
    assert_eq!(
        (basic.enabled, basic.username.as_deref()),
        (Some(true), Some("u2"))
    );
    assert_eq!(basic.password.as_ref().unwrap().expose(), "s3cret");
    assert!(!format!("{leased:?}").contains("s3cret"));
}
