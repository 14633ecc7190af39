//! Apple's service.

use countersign::crypto::backend::default_backend;
use countersign::crypto::jwt::UnverifiedJwt;
use countersign::crypto::key::PublicKey;

use super::platform::Say;
use super::*;
use crate::testing::START;

const TOKEN: &str = "00ff12";
const EXPIRED: Say = Say::Answer(403, r#"{"reason":"ExpiredProviderToken"}"#);

async fn nobody() -> Platform {
    Platform::start(|_, _| Say::Answer(500, "")).await
}

/// The public key of the test's key: the last 65 bytes of its DER.
fn public_key() -> PublicKey {
    let lines = APPLE_KEY.lines().filter(|line| !line.starts_with('-'));
    let der = base64::decode(&lines.collect::<String>()).unwrap();
    PublicKey::from_bytes(default_backend(), &der[der.len() - 65..]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_arrive_as_apple_wants_them() {
    let apns = Platform::start(|_, _| Say::Answer(200, "")).await;
    let node = Node::new(&apns, &nobody().await, &[]).await;
    node.phone("ios", TOKEN).await;
    for number in 0..50 {
        node.message(&format!("m{number}")).await;
        node.host.advance(1);
    }
    node.admin(
        "POST",
        "/v2/messages/send",
        &json!({ "userId": USER, "silent": true }),
    )
    .await;
    node.round().await;
    node.round().await;
    let calls = apns.calls();
    assert_eq!(
        (calls.len(), apns.connections(), node.counts()),
        (51, 1, (51, 0, 0))
    );
    let messages = node.messages().await;
    for message in &messages {
        let mut found = calls.iter().filter(|call| call.header("apns-id") == message.id);
        let call = found.next().unwrap();
        assert!(found.next().is_none(), "{} arrived twice", message.id);
        assert_eq!(call.path, format!("/3/device/{TOKEN}"));
        assert_eq!(call.header("apns-topic"), "example.bank.app");
        assert_eq!(call.header("apns-collapse-id"), message.id);
        assert_eq!(
            call.header("apns-expiration"),
            (message.expires / 1_000).to_string()
        );
        let (kind, priority, expected) = match message.silent {
            true => ("background", "5", json!({ "aps": { "content-available": 1 } })),
            false => {
                let alert = json!({ "title": "Bank", "body": message.message });
                let aps = json!({ "alert": alert, "sound": "default" });
                (
                    "alert",
                    "10",
                    json!({ "aps": aps, "n": 1, "deep": { "a": [true] } }),
                )
            }
        };
        assert_eq!(
            (call.header("apns-push-type"), call.header("apns-priority")),
            (kind, priority)
        );
        assert_eq!(call.body, expected);
    }
    let token = calls[0].header("authorization").strip_prefix("bearer ").unwrap();
    assert!(
        calls
            .iter()
            .all(|call| call.header("authorization").ends_with(token)),
        "one token for all"
    );
    let jwt = UnverifiedJwt::parse(token).unwrap();
    jwt.verify_es256(default_backend(), &public_key()).unwrap();
    let claims: Value = jwt.unverified_claims().unwrap();
    assert_eq!(claims, json!({ "iss": "TEAM123456", "iat": START / 1_000 }));
    let (header, _) = token.split_once('.').unwrap();
    let header = countersign::crypto::encoding::base64url::decode(header).unwrap();
    assert_eq!(header, br#"{"alg":"ES256","kid":"KEY1234567"}"#);
    println!("{} messages over one connection", calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_token_is_renewed_in_time_and_when_apple_says_so() {
    let apns = Platform::start(|number, _| {
        if number == 2 {
            EXPIRED
        } else {
            Say::Answer(200, "")
        }
    })
    .await;
    let node = Node::new(&apns, &nobody().await, &[]).await;
    node.phone("ios", TOKEN).await;
    let mut used = Vec::new();
    // At 0, 49 and (new) 50 minutes; expired there, where it is too young to be renewed; at 71 it is not.
    for advance in [49, 1, 21] {
        node.message("m").await;
        node.round().await;
        node.host.advance(advance * MINUTE);
    }
    let state = node.messages().await;
    assert_eq!(
        state[2].state,
        EventState::Pending,
        "Apple refuses tokens that come too often"
    );
    assert_eq!((node.counts(), state[2].attempts), ((2, 1, 0), 0));
    node.round().await;
    assert_eq!(node.counts(), (3, 1, 0));
    used.extend(
        apns.calls()
            .iter()
            .map(|call| call.header("authorization").to_owned()),
    );
    assert_eq!(used.len(), 4);
    assert!(used[0] == used[1] && used[1] != used[2] && used[2] == used[3]);
    assert_eq!(
        apns.calls()[2].header("apns-id"),
        apns.calls()[3].header("apns-id")
    );

    // Apple's clock is ahead: renewed once, and sent again in the same attempt.
    let apns = Platform::start(|number, _| {
        if number == 1 {
            EXPIRED
        } else {
            Say::Answer(200, "")
        }
    })
    .await;
    let node = Node::new(&apns, &nobody().await, &[]).await;
    node.phone("ios", TOKEN).await;
    node.message("m").await;
    node.round().await;
    node.host.advance(21 * MINUTE);
    node.message("m").await;
    node.round().await;
    let calls = apns.calls();
    assert_eq!((calls.len(), node.counts()), (3, (2, 0, 0)));
    assert_eq!(calls[1].header("apns-id"), calls[2].header("apns-id"));
    assert_ne!(calls[1].header("authorization"), calls[2].header("authorization"));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_cost_no_message() {
    let apns = Platform::start(|_, call| match call.header("apns-topic") {
        "example.bank.app" => Say::Answer(200, ""),
        _ => Say::Answer(403, r#"{"reason":"InvalidProviderToken"}"#),
    })
    .await;
    let node = Node::bare(&apns, &nobody().await, &[]).await;
    node.phone("ios", TOKEN).await;
    node.message("m").await;
    node.round().await;
    assert_eq!(
        (apns.calls().len(), node.messages().await[0].attempts),
        (0, 0),
        "nobody to send it"
    );
    let mut wrong = apple();
    wrong["topic"] = json!("example.other");
    node.set(&wrong).await;
    for _ in 0..30 {
        node.round().await;
        node.host.advance(2 * MINUTE);
    }
    assert_eq!(
        (apns.calls().len(), node.only().await.1),
        (30, 0),
        "no attempt counts"
    );
    node.set(&apple()).await;
    node.round().await;
    assert_eq!(node.only().await, (EventState::Delivered, 1, None));
    let ids: std::collections::HashSet<_> = apns
        .calls()
        .iter()
        .map(|it| it.header("apns-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 1);
    // Only for the other environment: it waits.
    let query = format!("/admin/push-credentials?applicationId={APP}&platform=apns&environment=production");
    node.admin("DELETE", &query, &json!({})).await;
    node.message("m").await;
    node.round().await;
    assert_eq!(apns.calls().len(), 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unregistered_device_gets_no_more_messages() {
    for answer in [
        Say::Answer(410, r#"{"reason":"Unregistered","timestamp":99999999999999}"#),
        Say::Answer(410, ""),
        Say::Answer(400, r#"{"reason":"BadDeviceToken"}"#),
    ] {
        let apns = Platform::start(move |_, _| answer.clone()).await;
        let node = Node::new(&apns, &nobody().await, &[]).await;
        let mut device = node.phone("ios", TOKEN).await;
        node.message("m").await;
        node.message("m").await;
        node.round().await;
        assert_eq!((node.waiting().await, node.counts()), (0, (0, 2, 2)));
        node.message("m").await;
        assert_eq!(
            (node.messages().await.len(), node.waiting().await),
            (2, 0),
            "queued for nobody"
        );
        let mut kinds = apns.calls();
        kinds.retain(|call| call.path.ends_with(TOKEN));
        assert_eq!(kinds.len(), 2);
        // The app comes back with the same token.
        node.register(&mut device, "ios", TOKEN).await;
        node.message("m").await;
        assert_eq!(node.waiting().await, 1);
    }
    // Not one of Apple's: nobody is asked.
    let apns = nobody().await;
    let node = Node::new(&apns, &apns, &[]).await;
    node.phone("ios", "../../evil").await;
    node.message("m").await;
    node.round().await;
    assert_eq!((node.only().await.0, apns.connections()), (EventState::Dead, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_registration_is_not_taken_for_the_old_one() {
    // The moment since which Apple does not know the token was before the registration.
    let apns = Platform::start(|number, _| match number {
        0 => Say::Answer(410, r#"{"reason":"Unregistered","timestamp":1}"#),
        _ => Say::Answer(200, ""),
    })
    .await;
    let node = Node::new(&apns, &nobody().await, &[]).await;
    let mut device = node.phone("ios", TOKEN).await;
    node.message("m").await;
    node.rounds(3).await;
    assert_eq!(
        (node.only().await.0, node.counts()),
        (EventState::Delivered, (1, 1, 0))
    );
    // The phone registers while the message with its old token is under way.
    node.message("m").await;
    let leased = node.lease().await;
    assert_eq!(leased.len(), 1);
    node.register(&mut device, "ios", "aa").await;
    let after = node
        .record(&leased[0], PushOutcome::TokenInvalid { since: None })
        .await;
    let now = node.host.now();
    assert_eq!(after, AfterPush::Again { due: now });
    node.rounds(3).await;
    let last = apns.calls().pop().unwrap();
    assert_eq!(
        (last.path.as_str(), last.header("apns-id")),
        ("/3/device/aa", leased[0].message.as_str())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_environment_has_its_own_key() {
    let apns = Platform::start(|_, _| Say::Answer(200, "")).await;
    let node = Node::new(&apns, &nobody().await, &[]).await;
    let mut device = node.phone("ios", TOKEN).await;
    node.register_in(&mut device, "ios", TOKEN, Some("development"))
        .await;
    node.message("m").await;
    node.round().await;
    assert_eq!(apns.calls().len(), 0, "there is no key for it");
    let mut development = apple();
    development["environment"] = json!("development");
    development["topic"] = json!("example.bank.test");
    node.set(&development).await;
    node.host.advance(MINUTE);
    node.round().await;
    node.register(&mut device, "ios", TOKEN).await;
    node.message("m").await;
    node.round().await;
    let calls = apns.calls();
    let topics: Vec<_> = calls.iter().map(|call| call.header("apns-topic")).collect();
    assert_eq!(topics, ["example.bank.test", "example.bank.app"]);
    assert_ne!(calls[0].connection, calls[1].connection);
    assert_eq!(node.counts(), (2, 0, 0));
}
