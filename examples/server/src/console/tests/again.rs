//! Callbacks that were given up.

use countersign::engine::callback::outbox::{self, AfterFailure};
use countersign::model::journal::{Entry, Event, JOURNAL};
use countersign::store::{Entity as _, Host as _, Store as _};
use serde_json::{Value, json};

use super::{Browser, World};
use crate::host::System;

const LEASE: u64 = 30_000;

/// One attempt at every event that is due: whether an event was given up.
async fn fail(world: &World) -> bool {
    let (service, host) = (&world.service, &*world.clock);
    let waiting = service.decide(host, outbox::waiting).await.unwrap();
    let mut given_up = false;
    for from in waiting {
        let leased = service.decide(host, |engine, tx| outbox::lease(engine, tx, &from, 10, LEASE));
        for it in leased.await.unwrap() {
            let after = service.decide(host, |engine, tx| {
                outbox::failed(engine, tx, &it.event, it.leased_until)
            });
            given_up |= after.await.unwrap() == AfterFailure::GivenUp;
        }
    }
    given_up
}

async fn deliveries(world: &mut World, browser: &Browser, url: &Value) -> Value {
    let answer = world.call(browser, "deliveries", json!({ "id": url })).await;
    answer.body["responseObject"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_sent_again() {
    let mut world = World::new().await;
    // Requests of the page run at the time of the machine.
    world.clock.advance(System.now() - world.clock.now());
    let browser = world.login().await;
    for (name, body) in [
        ("createApplication", json!({ "applicationId": "a" })),
        (
            "createCallbackUrl",
            json!({ "applicationId": "a", "name": "bank", "type": "ACTIVATION_STATUS_CHANGE", "callbackUrl": "https://bank.example/x" }),
        ),
        (
            "initActivation",
            json!({ "applicationId": "a", "userId": "alice" }),
        ),
    ] {
        assert_eq!(world.call(&browser, name, body).await.status, 200, "{name}");
    }
    let urls = world
        .call(&browser, "getCallbackUrlList", json!({ "applicationId": "a" }))
        .await;
    let url = urls.body["responseObject"]["callbackUrlList"][0]["id"].clone();
    let mut attempts = 0;
    while !fail(&world).await {
        attempts += 1;
        assert!(attempts < 100);
        // Longer than any pause.
        world.clock.advance(2 * 3_600_000);
    }
    assert!(attempts > 10, "{attempts}");

    // Half a day has passed: the session has ended.
    let late = world
        .call(&browser, "sendCallbackAgain", json!({ "id": "x" }))
        .await;
    assert_eq!(late.status, 401);
    let browser = world.login().await;
    let before = deliveries(&mut world, &browser, &url).await;
    assert_eq!(before["waiting"], json!([]));
    let event = before["dead"][0]["id"].clone();
    let given = json!({ "id": event });

    // Not for other pages.
    for headers in [
        vec![("cookie", browser.cookie.as_str())],
        vec![("cookie", &browser.cookie), ("x-csrf-token", "AAAA")],
        vec![
            ("cookie", &browser.cookie),
            ("x-csrf-token", &browser.csrf),
            ("sec-fetch-site", "cross-site"),
        ],
    ] {
        let headers = [&[("content-type", "application/json")], headers.as_slice()].concat();
        let path = "/console/api/sendCallbackAgain";
        let forged = world.send("POST", path, &headers, &given.to_string()).await;
        assert_eq!(forged.status, 403, "{headers:?}");
    }
    for wrong in [json!({}), json!({ "id": "" }), json!({ "id": [] }), json!([])] {
        let refused = world.call(&browser, "sendCallbackAgain", wrong).await;
        assert_eq!(refused.status, 400);
    }
    let long = "x".repeat(1_000);
    for unknown in ["nobody", long.as_str()] {
        let answer = world
            .call(&browser, "sendCallbackAgain", json!({ "id": unknown }))
            .await;
        assert_eq!(answer.body["responseObject"]["sentAgain"], false);
    }
    assert_eq!(deliveries(&mut world, &browser, &url).await, before);

    // Whoever else the page claims to be.
    let given = json!({ "id": event, "externalUserId": "somebody else" });
    let sent = world.call(&browser, "sendCallbackAgain", given.clone()).await;
    assert_eq!(
        sent.body["responseObject"],
        json!({ "id": event, "sentAgain": true })
    );
    let twice = world.call(&browser, "sendCallbackAgain", given).await;
    assert_eq!(twice.body["responseObject"]["sentAgain"], false);
    let after = deliveries(&mut world, &browser, &url).await;
    assert_eq!(after["dead"], json!([]));
    assert_eq!(
        (&after["waiting"][0]["id"], &after["waiting"][0]["attempts"]),
        (&event, &json!(0))
    );

    // It is delivered under the same key, with all its attempts before it.
    let (service, host) = (&world.service, &*world.clock);
    let waiting = service.decide(host, outbox::waiting).await.unwrap();
    let leased = service.decide(host, |engine, tx| {
        outbox::lease(engine, tx, &waiting[0], 10, LEASE)
    });
    let leased = leased.await.unwrap();
    assert_eq!(
        (leased[0].event.as_str(), leased[0].attempt),
        (event.as_str().unwrap(), 1)
    );
    let delivered = service.decide(host, |engine, tx| outbox::delivered(engine, tx, &leased[0].event));
    assert!(delivered.await.unwrap());

    let records = service.connection.store.walk(JOURNAL, None, 100).await.unwrap();
    let notes: Vec<Value> = records
        .iter()
        .filter_map(|record| match Entry::decode(&record.body).unwrap().event {
            Event::Note(note) if note.kind == "callback_sent_again" => {
                Some(serde_json::from_str(&note.parameters).unwrap())
            }
            _ => None,
        })
        .collect();
    assert_eq!(notes.len(), 1);
    assert_eq!(
        (&notes[0]["event"], &notes[0]["externalUserId"], &notes[0]["name"]),
        (&event, &json!("admin"), &json!("bank"))
    );
    let verified = world.call(&browser, "verifyAudit", json!({})).await;
    assert_eq!(verified.body["responseObject"]["broken"], 0);
    println!("{} attempts, then one more", attempts + 1);
}
