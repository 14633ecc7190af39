//! What goes wrong between the server and a platform.

use std::collections::HashMap;

use countersign::engine::push_delivery::PushSender;

use super::platform::Say;
use super::*;

const TOKEN: &str = "00ff12";
const FINE: Say = Say::Answer(200, "");

/// How often each message arrived.
fn arrivals(platform: &Platform) -> HashMap<String, usize> {
    let mut arrivals = HashMap::new();
    for call in platform.calls() {
        *arrivals.entry(call.header("apns-id").to_owned()).or_default() += 1;
    }
    arrivals
}

#[tokio::test(flavor = "multi_thread")]
async fn pauses_that_apple_asks_for_are_kept() {
    // 429 concerns one device, 503 all.
    for (answer, others) in [
        (Say::Wait(429, r#"{"reason":"TooManyRequests"}"#, "300"), 1),
        (Say::Wait(503, r#"{"reason":"ServiceUnavailable"}"#, "300"), 0),
        (Say::Answer(500, ""), 0),
    ] {
        let asked = matches!(answer, Say::Wait(..));
        let apns = Platform::start(move |number, _| if number == 0 { answer.clone() } else { FINE }).await;
        let node = Node::new(&apns, &apns, &[]).await;
        node.phone("ios", TOKEN).await;
        node.message("first").await;
        node.round().await;
        node.message("second").await;
        node.round().await;
        assert_eq!(apns.calls().len(), 1 + others);
        node.host.advance(if asked { 299_000 } else { 1_500 });
        node.round().await;
        assert_eq!(apns.calls().len(), 1 + others, "it rests");
        node.host.advance(MINUTE * 10);
        node.round().await;
        assert_eq!((node.waiting().await, node.counts()), (0, (2, 1, 0)));
        let arrivals = arrivals(&apns);
        assert_eq!((arrivals.len(), arrivals.values().sum::<usize>()), (2, 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_break_and_messages_do_not() {
    for trouble in [Say::GoAway, Say::Cut, Say::Reset, Say::Hang] {
        let mut more = Vec::new();
        if matches!(trouble, Say::Hang) {
            more = vec!["--push-timeout", "1"];
        }
        let sick = trouble.clone();
        // The first message opens the connection, the second one meets the trouble.
        let apns = Platform::start(move |number, _| if number == 1 { sick.clone() } else { FINE }).await;
        let node = Node::new(&apns, &apns, &more).await;
        node.phone("ios", TOKEN).await;
        node.message("first").await;
        node.round().await;
        node.message("second").await;
        node.round().await;
        let at_once = node.waiting().await == 0;
        assert_eq!(
            at_once,
            !matches!(trouble, Say::Hang),
            "{trouble:?}: a broken connection is replaced"
        );
        node.rounds(3).await;
        let (calls, arrivals) = (apns.calls(), arrivals(&apns));
        assert_eq!((calls.len(), arrivals.len()), (3, 2), "{trouble:?}");
        assert_eq!(calls[1].header("apns-id"), calls[2].header("apns-id"));
        assert_ne!(calls[1].connection, calls[2].connection);
        assert_eq!(node.counts().0, 2);
        println!("{trouble:?}: {} connections", apns.connections());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn goaway_in_the_middle_of_many_loses_none() {
    let apns = Platform::start(|number, _| match number % 20 {
        7 => Say::GoAway,
        13 => Say::Reset,
        _ => FINE,
    })
    .await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", TOKEN).await;
    for number in 0..100 {
        node.message(&format!("{number}")).await;
    }
    let rounds = node.rounds(24).await;
    let arrivals = arrivals(&apns);
    assert_eq!((arrivals.len(), node.counts().0, node.counts().2), (100, 100, 0));
    let twice = arrivals.values().filter(|count| **count > 1).count();
    println!(
        "100 messages in {rounds} rounds, {} connections, {twice} more than once",
        apns.connections()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_is_away_is_tried_again() {
    let apns = Platform::start(|number, _| if number < 3 { Say::Cut } else { FINE }).await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", TOKEN).await;
    node.message("m").await;
    let rounds = node.rounds(5).await;
    assert_eq!((node.only().await.0, rounds), (EventState::Delivered, 4));
    assert_eq!(arrivals(&apns).into_values().collect::<Vec<_>>(), [4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_without_a_trusted_certificate_gets_nothing() {
    let apns = Platform::start(|_, _| FINE).await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", TOKEN).await;
    node.message("m").await;
    let leased = node.lease().await;
    let options = Options::parse_from(["countersign-server", "--push-apns", &apns.url()]);
    let strict = Senders::new(Arc::new(System), &options.push, options.callbacks.reach()).unwrap();
    let outcome = strict.send(&leased[0]).await;
    let expected = PushOutcome::Later {
        after: None,
        all: true,
        why: "no connection: TLS",
    };
    assert_eq!((outcome, apns.calls().len()), (expected, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_good_is_given_up() {
    for (status, text, reason) in [
        (413, r#"{"reason":"PayloadTooLarge"}"#, "PayloadTooLarge"),
        (400, r#"{"reason":"BadMessageId"}"#, "BadMessageId"),
        (
            400,
            r#"{"reason":"DeviceTokenNotForTopic"}"#,
            "DeviceTokenNotForTopic",
        ),
        (400, r#"{"reason":"of an attacker's choice"}"#, "4xx"),
        (404, "<html>", "4xx"),
    ] {
        let apns = Platform::start(move |_, _| Say::Answer(status, text)).await;
        let node = Node::new(&apns, &apns, &[]).await;
        node.phone("ios", TOKEN).await;
        node.message("m").await;
        node.round().await;
        assert_eq!(node.only().await, (EventState::Dead, 1, Some(reason.to_owned())));
        assert_eq!(node.given_up().await, 1);
        // The device can get others.
        node.message("m").await;
        assert_eq!(node.waiting().await, 1);
    }
    // Too long: nobody is asked.
    let apns = Platform::start(|_, _| FINE).await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", TOKEN).await;
    node.phone("android", "t").await;
    node.message(&"ä".repeat(2_020)).await;
    node.round().await;
    for message in node.messages().await {
        assert_eq!(
            (message.state, message.reason.as_deref()),
            (EventState::Dead, Some("the payload is too long"))
        );
    }
    assert!(apns.calls().iter().all(|call| call.path == "/token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_sending_and_recording_repeats_the_id() {
    let apns = Platform::start(|_, _| FINE).await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", TOKEN).await;
    node.message("m").await;
    let leased = node.lease().await;
    assert!(node.senders.send(&leased[0]).await == PushOutcome::Delivered);
    // Nobody is left to record it. Another one takes over after the lease, not before.
    node.host.advance(MINUTE - 1);
    node.round().await;
    assert_eq!(apns.calls().len(), 1);
    node.host.advance(1);
    node.round().await;
    assert_eq!(arrivals(&apns), HashMap::from([(leased[0].message.clone(), 2)]));
    assert_eq!(node.only().await, (EventState::Delivered, 2, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_at_the_end_is_given_back() {
    let apns = Platform::start(|_, _| Say::Hang).await;
    let mut node = Node::new(&apns, &apns, &[]).await;
    Arc::get_mut(&mut node.courier).unwrap().last_words = Duration::from_millis(20);
    node.phone("ios", TOKEN).await;
    let run = tokio::spawn(Arc::clone(&node.courier).run());
    // The change alone wakes the courier.
    node.message("m").await;
    apns.wait_for(1).await;
    node._stop.send(true).unwrap();
    tokio::time::timeout(LONG, run).await.unwrap().unwrap();
    let (state, attempts, _) = node.only().await;
    assert_eq!(
        (state, attempts, node.waiting().await),
        (EventState::Pending, 0, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn new_operations_are_told_and_nobody_is_asked_too_late() {
    let apns = Platform::start(|_, _| FINE).await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", TOKEN).await;
    let template = json!({
        "templateName": "payment", "operationType": "payment", "dataTemplate": "A1*A${amount}EUR",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 5, "expiration": 300,
    });
    ask(&node.service, &*node.host, "operation/template/create", template).await;
    let create = json!({
        "userId": USER, "applications": [APP], "templateName": "payment", "parameters": { "amount": "9.99" }
    });
    ask(&node.service, &*node.host, "operation/create", create.clone()).await;
    assert_eq!(
        node.messages().await.len(),
        0,
        "not unless the application wants it"
    );
    let settings = json!({ "id": APP, "operationPush": true });
    node.admin("POST", "/admin/applications/settings", &settings)
        .await;
    let operation = ask(&node.service, &*node.host, "operation/create", create.clone()).await;
    node.round().await;
    let call = apns.calls().pop().unwrap();
    let expected = json!({
        "aps": { "content-available": 1 }, "messageType": "mtoken.operationInit",
        "operationId": operation["id"], "operationName": "payment",
    });
    assert_eq!(call.body, expected, "without a text nothing is told");
    assert_eq!(
        call.header("apns-expiration"),
        (crate::testing::START / 1_000 + 300).to_string()
    );
    ask(&node.service, &*node.host, "operation/create", create).await;
    node.host.advance(5 * MINUTE);
    node.round().await;
    let mut messages = node.messages().await;
    messages.retain(|it| it.state != EventState::Delivered);
    let late: Vec<_> = messages
        .iter()
        .map(|it| (it.state, it.reason.as_deref()))
        .collect();
    assert_eq!(late, [(EventState::Dead, Some("too late"))]);
    assert_eq!(apns.calls().len(), 1);
}
