//! Requests that would outgrow a batch or the reads of a decision are refused, with nothing changed.

use countersign::engine::operation::expire;
use countersign::model::activation::{Activation, ActivationStatus};
use countersign::model::journal::{Entry, Event, Head, Signature, Subject};
use countersign::model::operation::Operation;
use countersign::model::recovery::{RecoveryCode, RecoveryCodeStatus};
use serde_json::{Value, json};

use super::world::{APP, START, USER, World, text};

const STATUSES: &str = "activation/status/update";

fn init(world: &World) -> String {
    let request = json!({ "userId": USER, "applicationId": APP });
    text(&world.ok("activation/init", request), "activationId")
}

#[test]
fn changes_of_many_activations_fit_into_a_batch() {
    let world = World::new();
    let ids: Vec<String> = (0..100).map(|_| init(&world)).collect();
    let status = |id: &String| world.get::<Activation>(id).unwrap().status;
    callbacks(&world, 32);
    let remove = |ids: &[String]| json!({ "activationIds": ids, "activationStatus": "REMOVED" });
    // Each costs two writes and 32 events: some fit, all do not.
    let before = world.store.records();
    for too_many in [&ids[..], &ids[..20]] {
        assert_eq!(world.code(STATUSES, remove(too_many)), "ERR0024");
    }
    assert_eq!(
        world.store.records(),
        before,
        "a refused request changed something"
    );
    for some in ids.chunks(10) {
        assert_eq!(world.ok(STATUSES, remove(some)), json!({ "updated": true }));
    }
    assert!(ids.iter().all(|id| status(id) == ActivationStatus::Removed));
    assert_eq!(world.events().len(), 100 * 32);

    // Without callbacks all hundred fit, and those that have the state already cost next to nothing.
    let quiet = World::empty();
    quiet.ok("application/create", json!({ "applicationId": APP }));
    let ids: Vec<String> = (0..100).map(|_| init(&quiet)).collect();
    for _ in 0..2 {
        quiet.ok(STATUSES, remove(&ids));
    }
    println!("{} activations removed", 2 * ids.len());
}

/// Writes copies of what `copy` makes of a number.
fn many<R: countersign::store::Entity>(world: &World, count: u64, copy: impl Fn(u64) -> R) {
    let numbers: Vec<u64> = (0..count).collect();
    for some in numbers.chunks(400) {
        world.decide(|_, tx| {
            some.iter().for_each(|number| tx.put(&copy(*number)));
            Ok(Ok(()))
        });
    }
}

#[test]
fn a_page_too_far_back_is_refused() {
    let world = World::new();
    let first: Operation = world.record(&world.new_id(json!({})));
    many(&world, 41_000, |number| Operation {
        id: format!("copy-{number:05}"),
        created: START + number,
        expires: START + 10_000_000,
        ..first.clone()
    });
    let list = |page: u64, size: u64| json!({ "userId": USER, "applications": [APP], "pageNumber": page, "pageSize": size });
    let rows = |page, size| {
        world
            .ok("operation/list", list(page, size))
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((rows(0, 10), rows(390, 100)), (10, 100));
    for (page, size) in [(395, 100), (1_000, 100), (u64::from(u32::MAX), 1_000)] {
        let (status, body) = world.call("operation/list", &list(page, size));
        assert_eq!(
            (status, text(&body["responseObject"], "code").as_str()),
            (400, "ERR0024")
        );
        assert!(
            text(&body["responseObject"], "message").contains("too long"),
            "{body}"
        );
    }
}

#[test]
fn an_audit_too_long_is_refused_and_can_be_narrowed() {
    let world = World::new();
    many(&world, 41_000, |number| Entry {
        subject: Subject::Activation("a".to_owned()),
        number,
        previous: Vec::new(),
        at: START + number,
        public_id: number,
        event: Event::Signature(Box::new(Signature {
            user: USER.to_owned(),
            application: APP.to_owned(),
            counter: 0,
            counter_data: None,
            status: ActivationStatus::Active,
            additional: Vec::new(),
            data: String::new(),
            signature_type: "POSSESSION".to_owned(),
            signature: String::new(),
            signature_version: None,
            note: String::new(),
            valid: true,
            version: 3,
        })),
    });
    let all = json!({ "userId": USER, "applicationId": APP });
    assert_eq!(world.code("signature/list", all.clone()), "ERR0024");
    let mut narrow: Value = all;
    narrow["timestampFrom"] = json!(START + 40_000);
    let items = world.ok("signature/list", narrow)["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(items, 1_000);
}

/// Activations that all are overdue, half of them with a recovery code.
fn overdue(world: &World, count: u64) -> Vec<String> {
    let ids: Vec<String> = (0..count).map(|_| init(world)).collect();
    for (number, id) in (0..).zip(&ids).filter(|(number, _)| number % 2 == 0) {
        let activation: Activation = world.get(id).unwrap();
        world.decide(|_, tx| {
            let _ = tx.get::<Activation>(id)?;
            tx.put(&Activation {
                recovery: Some(number),
                ..activation.clone()
            });
            tx.put(&RecoveryCode {
                id: number,
                application: APP.to_owned(),
                user: USER.to_owned(),
                activation: Some(id.clone()),
                ending: "AAAAA".to_owned(),
                status: RecoveryCodeStatus::Active,
                failed_attempts: 0,
                max_failed_attempts: 5,
                puks: Vec::new(),
                created: START,
                last_change: None,
                journal: Head::default(),
            });
            Ok(Ok(()))
        });
    }
    world.host.set(START + 300_001);
    ids
}

fn callbacks(world: &World, count: usize) {
    for at in 0..count {
        let url = json!({
            "applicationId": APP, "name": format!("cb-{at}"), "type": "ACTIVATION_STATUS_CHANGE",
            "callbackUrl": "https://bank.example/"
        });
        world.ok("application/callback/create", url);
    }
}

#[test]
fn overdue_activations_end_in_batches_with_their_codes_and_events() {
    for urls in [0, 3, 32] {
        for listed in [false, true] {
            let world = World::empty();
            world.ok("application/create", json!({ "applicationId": APP }));
            callbacks(&world, urls);
            let ids = overdue(&world, 150);
            let ended =
                |id: &String| world.get::<Activation>(id).unwrap().status == ActivationStatus::Removed;
            let mut calls = 0;
            while !ids.iter().all(ended) {
                if listed {
                    let request = json!({ "userId": USER, "pageSize": 1_000 });
                    let list = world.ok("activation/list", request);
                    let shown = list["activations"].as_array().unwrap();
                    assert_eq!(shown.len(), 150);
                    assert!(shown.iter().all(|it| it["activationStatus"] == "REMOVED"));
                } else {
                    assert!(world.decide(|engine, tx| expire::activations(engine, tx, 200)) > 0);
                }
                calls += 1;
            }
            for number in (0..150_u64).step_by(2) {
                let code: RecoveryCode = world.get(&number.to_string()).unwrap();
                assert_eq!(code.status, RecoveryCodeStatus::Revoked);
            }
            assert_eq!(world.events().len(), 2 * 150 * urls);
            println!("{urls} URLs: {calls} calls");
        }
    }
}
