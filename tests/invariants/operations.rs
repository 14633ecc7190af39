//! Actions that race for one operation, on a file: exactly one ends it (I5); and an approval stands only
//! for what it was made for (I6).

use countersign::client::{Approval, RejectReason};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{MemoryStore, Store};
use serde_json::{Value, json};

use crate::crowd::Folder;
use crate::support::explore::{Schedule, interleave};
use crate::support::{Answer, Ask, Factors, Phone, World};

const APPLICATION: &str = "bank";

fn template(world: &World, factors: &Value) {
    let template = json!({
        "templateName": "pay", "operationType": "pay", "dataTemplate": "A1*A${amount}EUR",
        "signatureType": factors, "maxFailureCount": 1, "expiration": 300,
    });
    world.rest("/operation/template/create", &template).ok();
}

fn payment(world: &World) -> (String, String) {
    let request = json!({
        "userId": "joe", "applicationId": APPLICATION, "templateName": "pay",
        "parameters": { "amount": "100" },
    });
    let operation = world.rest("/operation/create", &request).ok();
    let text = |name: &str| operation[name].as_str().unwrap().to_owned();
    (text("id"), text("data"))
}

fn approve(phone: &mut Phone, id: &str, data: &str, factors: Factors, now: u64) -> Ask {
    let approval = Approval {
        operation_id: id,
        data,
        proximity: None,
        mobile_token_data: None,
    };
    let call = phone.with(factors, |device, authentication, rng| {
        device
            .approve_operation(&approval, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    Ask::from(&call.request)
}

fn status(world: &World, id: &str) -> String {
    let detail = world
        .rest("/operation/detail", &json!({ "operationId": id }))
        .ok();
    detail["status"].as_str().unwrap().to_owned()
}

/// The state that an answer claims; none for one that claims nothing.
fn claimed(number: usize, answer: &Answer) -> Option<&'static str> {
    let result = answer.object()["result"].as_str().unwrap_or_default().to_owned();
    match number {
        _ if answer.status != 200 => None,
        0 => Some("APPROVED"),
        1 => Some("REJECTED"),
        2 => Some("CANCELED"),
        3 => (result == "OPERATION_FAILED").then_some("FAILED"),
        _ => (answer.object()["status"] == "EXPIRED").then_some("EXPIRED"),
    }
}

/// One race of the actions `pair` at the very end of an operation's life.
fn race(world: &World, phone: &mut Phone, pair: &[usize], late: bool, schedule: &mut Schedule) {
    let (id, data) = payment(world);
    let one = json!({ "operationId": id });
    let begun = world.now();
    let reject = phone.with(Factors::Possession, |device, _, rng| {
        device
            .reject_operation(&id, RejectReason::Unknown, rng)
            .unwrap()
            .assume_saved()
    });
    let all = [
        approve(phone, &id, &data, Factors::Pin, begun),
        Ask::from(&reject.request),
        Ask::rest("/operation/cancel", &one),
        Ask::rest("/operation/approve/fail", &one),
        Ask::rest("/operation/detail", &one),
    ];
    if late {
        world.host.advance(300_001);
    }
    let asks: Vec<&Ask> = pair.iter().map(|number| &all[*number]).collect();
    let answers = interleave(&world.api, &*world.store, &*world.host, &asks, schedule);
    let end = status(world, &id);
    let claims = pair
        .iter()
        .zip(&answers)
        .filter_map(|(number, answer)| claimed(*number, answer));
    let claims: Vec<&str> = claims.collect();
    let case = format!("{pair:?}, late: {late}, {schedule:?}");
    assert!(
        claims.iter().all(|claim| *claim == end),
        "{case}: {claims:?} and {end}"
    );
    let winners = claims.iter().filter(|claim| **claim != "EXPIRED").count();
    let acting = pair.iter().any(|number| *number < 4);
    assert_eq!(winners, usize::from(acting && !late), "{case}: {claims:?}");
    if end == "PENDING" {
        assert!(!acting && !late, "{case}");
        return;
    }
    // Nothing that comes afterwards changes it.
    for ask in &all[..4] {
        world.ask(ask);
    }
    assert_eq!(status(world, &id), end, "{case}");
}

fn races(world: &World, groups: &[Vec<usize>]) -> usize {
    template(world, &json!(["POSSESSION_KNOWLEDGE"]));
    let application = world_application(world);
    let mut phone = Phone::activate(world, &application, "joe", 3);
    let mut runs = 0;
    for group in groups {
        for late in [false, true] {
            let mut next = Some(Schedule::default());
            while let Some(mut schedule) = next {
                race(world, &mut phone, group, late, &mut schedule);
                runs += 1;
                next = schedule.next();
            }
        }
    }
    runs
}

fn world_application(world: &World) -> countersign::client::Application {
    let detail = world
        .rest("/application/detail", &json!({ "applicationId": APPLICATION }))
        .ok();
    let config = detail["versions"][0]["mobileSdkConfig"].as_str().unwrap();
    countersign::client::Application::from_sdk_config(config)
        .unwrap()
        .with_version(ProtocolVersion::V3_2)
}

fn fresh(store: impl Store + 'static) -> World {
    let world = World::over(store);
    world.application(APPLICATION, ProtocolVersion::V3_2);
    world
}

#[test]
fn one_action_ends_an_operation() {
    let pairs: Vec<Vec<usize>> = (0..5)
        .flat_map(|one| (one..5).map(move |two| vec![one, two]))
        .collect();
    let runs = races(&fresh(MemoryStore::new()), &pairs);
    println!("memory: {} pairs, {runs} orders of their steps", pairs.len());
    let folder = Folder::new();
    let on_file = races(&fresh(folder.open()), &pairs);
    println!("sqlite: {} pairs, {on_file} orders of their steps", pairs.len());
    assert!(runs >= 190 && on_file == runs);
}

#[test]
fn an_approval_stands_for_what_it_was_made_for() {
    let world = fresh(MemoryStore::new());
    template(&world, &json!(["POSSESSION_KNOWLEDGE"]));
    let application = world_application(&world);
    let mut joe = Phone::activate(&world, &application, "joe", 3);
    let mut jane = Phone::activate(&world, &application, "jane", 4);
    let foreign = world.application("other", ProtocolVersion::V3_2);
    let mut elsewhere = Phone::activate(&world, &foreign, "joe", 5);
    let mut refused = 0;
    let now = world.now();
    let good = |world: &World, phone: &mut Phone| {
        let (id, data) = payment(world);
        assert_eq!(
            world.ask(&approve(phone, &id, &data, Factors::Pin, now)).status,
            200
        );
        assert_eq!(status(world, &id), "APPROVED");
    };
    good(&world, &mut joe);
    for case in [
        "data",
        "a longer text",
        "user",
        "application",
        "one factor",
        "biometry",
        "wrong PIN",
        "moved",
    ] {
        let (id, data) = payment(&world);
        let ask = match case {
            "data" => approve(&mut joe, &id, &data.replace("100", "101"), Factors::Pin, now),
            "a longer text" => approve(&mut joe, &id, &format!("{data} "), Factors::Pin, now),
            "user" => approve(&mut jane, &id, &data, Factors::Pin, now),
            "application" => approve(&mut elsewhere, &id, &data, Factors::Pin, now),
            "one factor" => approve(&mut joe, &id, &data, Factors::Possession, now),
            "biometry" => approve(&mut joe, &id, &data, Factors::Biometry, now),
            "wrong PIN" => approve(&mut joe, &id, &data, Factors::WrongPin, now),
            // A signature over one operation, sent for another one.
            _ => {
                let (other, _) = payment(&world);
                let mut ask = approve(&mut joe, &other, &data, Factors::Pin, now);
                ask.body = String::from_utf8(ask.body)
                    .unwrap()
                    .replace(&other, &id)
                    .into_bytes();
                ask
            }
        };
        let answer = world.ask(&ask);
        assert_ne!(answer.status, 200, "{case}");
        assert_ne!(status(&world, &id), "APPROVED", "{case}");
        refused += 1;
    }
    good(&world, &mut joe);
    let approval = |more: Value| {
        let (id, data) = payment(&world);
        let mut request = json!({
            "operationId": id, "userId": "joe", "applicationId": APPLICATION, "data": data,
            "signatureType": "POSSESSION_KNOWLEDGE",
        });
        request
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let answer = world.rest("/operation/approve", &request);
        (status(&world, &id), answer)
    };
    assert_eq!(approval(json!({})).0, "APPROVED");
    for change in [
        json!({ "data": "A1*A101EUR" }),
        json!({ "userId": "jane" }),
        json!({ "applicationId": "other" }),
        json!({ "signatureType": "POSSESSION" }),
        json!({ "signatureType": "POSSESSION_BIOMETRY" }),
    ] {
        assert_ne!(approval(change.clone()).0, "APPROVED", "{change}");
        refused += 1;
    }
    println!("{refused} approvals for something else refused");
}
