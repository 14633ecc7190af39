//! Google's service.

use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use countersign::crypto::encoding::base64url;

use super::platform::{Call, Say};
use super::*;
use crate::testing::START;

const GRANTED: Say = Say::Answer(
    200,
    r#"{"access_token":"ya29.one","token_type":"Bearer","expires_in":3599}"#,
);
const FINE: Say = Say::Answer(200, r#"{"name":"projects/bank-project/messages/1"}"#);
const TOKEN: &str = "token:of-a_phone";

/// A platform that grants tokens, and does with messages what the test wants.
async fn google_with(behave: impl Fn(usize, &Call) -> Say + Send + Sync + 'static) -> Platform {
    let sent = std::sync::atomic::AtomicUsize::new(0);
    Platform::start(move |_, call| match call.path.as_str() {
        "/token" => GRANTED,
        _ => behave(sent.fetch_add(1, Ordering::SeqCst), call),
    })
    .await
}

fn sent(platform: &Platform) -> Vec<Call> {
    let mut calls = platform.calls();
    calls.retain(|call| call.path != "/token");
    calls
}

fn grants(platform: &Platform) -> usize {
    platform.calls().len() - sent(platform).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_arrive_as_google_wants_them() {
    let fcm = google_with(|_, _| FINE).await;
    let node = Node::new(&fcm, &fcm, &[]).await;
    node.phone("android", TOKEN).await;
    for number in 0..20 {
        node.message(&format!("m{number}")).await;
    }
    node.admin(
        "POST",
        "/v2/messages/send",
        &json!({ "userId": USER, "silent": true }),
    )
    .await;
    node.round().await;
    let calls = sent(&fcm);
    assert_eq!((calls.len(), grants(&fcm), node.counts()), (21, 1, (21, 0, 0)));
    for message in node.messages().await {
        let about = |call: &&Call| call.body["message"]["data"]["messageId"] == message.id;
        let call = calls.iter().find(about).unwrap();
        assert_eq!(call.path, "/v1/projects/bank-project/messages:send");
        assert_eq!(call.header("authorization"), "Bearer ya29.one");
        let mut expected = json!({ "token": TOKEN, "data": { "messageId": message.id } });
        expected["android"] = json!({ "priority": "NORMAL", "ttl": "604800s" });
        if !message.silent {
            expected["data"]["n"] = json!("1");
            expected["data"]["deep"] = json!(r#"{"a":[true]}"#);
            expected["notification"] = json!({ "title": "Bank", "body": message.message });
            let shown =
                json!({ "sound": "default", "tag": message.id, "notification_priority": "PRIORITY_HIGH" });
            expected["android"] = json!({ "priority": "HIGH", "ttl": "604800s", "notification": shown });
        }
        assert_eq!(call.body, json!({ "message": expected }));
    }
    let asked = fcm
        .calls()
        .into_iter()
        .find(|call| call.path == "/token")
        .unwrap();
    let form = asked.body.as_str().unwrap();
    let prefix = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    let (signed, signature) = form.strip_prefix(prefix).unwrap().rsplit_once('.').unwrap();
    let lines = GOOGLE_KEY.lines().filter(|line| !line.starts_with('-'));
    let der = base64::decode(&lines.collect::<String>()).unwrap();
    let key = RsaKeyPair::from_pkcs8(&der).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());
    public
        .verify(signed.as_bytes(), &base64url::decode(signature).unwrap())
        .unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let read = |part| serde_json::from_slice::<Value>(&base64url::decode(part).unwrap()).unwrap();
    assert_eq!(read(header), json!({ "alg": "RS256", "typ": "JWT", "kid": "k1" }));
    let expected = json!({
        "iss": "push@bank-project.example", "scope": "https://www.googleapis.com/auth/firebase.messaging",
        "aud": format!("{}/token", fcm.url()), "iat": START / 1_000, "exp": START / 1_000 + 3_600,
    });
    assert_eq!(read(claims), expected);
    // Half a minute before its end there is another token.
    node.host.advance(3_568_000);
    node.message("m").await;
    node.round().await;
    assert_eq!(grants(&fcm), 1);
    node.host.advance(1_000);
    node.message("m").await;
    node.round().await;
    assert_eq!((grants(&fcm), node.counts().0), (2, 23));
}

/// An error as Google writes it.
const fn error(status: u16, text: &'static str) -> Say {
    Say::Answer(status, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_mean_what_google_says() {
    let unregistered = r#"{"error":{"code":404,"status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}"#;
    let bad_token = r#"{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"errorCode":"INVALID_ARGUMENT"},{"fieldViolations":[{"field":"message.token","description":"x"}]}]}}"#;
    let argument = r#"{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"fieldViolations":[{"field":"message.data"}]}]}}"#;
    let mismatch =
        r#"{"error":{"status":"PERMISSION_DENIED","details":[{"errorCode":"SENDER_ID_MISMATCH"}]}}"#;
    for (answer, state, registered, reason) in [
        (
            error(404, unregistered),
            EventState::Dead,
            false,
            "the device is not registered",
        ),
        (
            error(400, bad_token),
            EventState::Dead,
            false,
            "the device is not registered",
        ),
        (error(400, argument), EventState::Dead, true, "INVALID_ARGUMENT"),
        (error(403, mismatch), EventState::Dead, true, "SENDER_ID_MISMATCH"),
        (error(404, "{}"), EventState::Dead, true, "4xx"),
    ] {
        let fcm = google_with(move |_, _| answer.clone()).await;
        let node = Node::new(&fcm, &fcm, &[]).await;
        node.phone("android", TOKEN).await;
        node.message("m").await;
        node.round().await;
        assert_eq!(node.only().await, (state, 1, Some(reason.to_owned())));
        node.message("m").await;
        assert_eq!(node.waiting().await, u64::from(registered), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_in_trouble_is_left_alone() {
    let quota =
        r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"errorCode":"QUOTA_EXCEEDED"}]}}"#;
    let away = r#"{"error":{"code":503,"status":"UNAVAILABLE","details":[{"errorCode":"UNAVAILABLE"}]}}"#;
    for answer in [
        Say::Wait(429, quota, "120"),
        Say::Wait(503, away, "Tue, 14 Nov 2023 22:15:20 GMT"),
        Say::Answer(500, r#"{"error":{"status":"INTERNAL"}}"#),
    ] {
        let wait = matches!(answer, Say::Wait(..));
        let fcm = google_with(move |number, _| if number == 0 { answer.clone() } else { FINE }).await;
        let node = Node::new(&fcm, &fcm, &[]).await;
        node.phone("android", TOKEN).await;
        node.message("m").await;
        node.round().await;
        node.message("m").await;
        node.host.advance(if wait { 119_000 } else { 1_999 });
        node.round().await;
        assert_eq!(sent(&fcm).len(), 1, "it rests");
        node.host.advance(MINUTE);
        node.round().await;
        assert_eq!((node.waiting().await, node.counts()), (0, (2, 1, 0)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_is_replaced_once() {
    let fcm = google_with(|number, _| if number == 1 { Say::Answer(401, "{}") } else { FINE }).await;
    let node = Node::new(&fcm, &fcm, &[]).await;
    node.phone("android", TOKEN).await;
    for _ in 0..2 {
        node.message("m").await;
        node.round().await;
        node.host.advance(1);
    }
    assert_eq!((grants(&fcm), sent(&fcm).len(), node.counts()), (2, 3, (2, 0, 0)));
    // One that never suits: the credentials are wrong, and no message is lost.
    let fcm = google_with(|_, _| Say::Answer(401, "{}")).await;
    let node = Node::new(&fcm, &fcm, &[]).await;
    node.phone("android", TOKEN).await;
    node.message("m").await;
    node.round().await;
    assert_eq!(
        (sent(&fcm).len(), node.only().await),
        (2, (EventState::Pending, 0, None))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_endpoint_that_refuses_is_one_that_is_asked_again() {
    for say in [
        Say::Answer(400, r#"{"error":"invalid_grant"}"#),
        Say::Answer(200, "{}"),
        Say::Cut,
        Say::Answer(503, ""),
    ] {
        let tokens = say.clone();
        let fcm = Platform::start(move |number, call| match (number, call.path.as_str()) {
            (0, _) => tokens.clone(),
            (_, "/token") => GRANTED,
            _ => FINE,
        })
        .await;
        let node = Node::new(&fcm, &fcm, &[]).await;
        node.phone("android", TOKEN).await;
        node.message("m").await;
        node.round().await;
        assert_eq!(
            (sent(&fcm).len(), node.only().await.0),
            (0, EventState::Pending),
            "{say:?}"
        );
        node.rounds(3).await;
        assert_eq!(node.only().await.0, EventState::Delivered);
    }
    // Where callbacks may not go, nobody asks for tokens.
    let fcm = google_with(|_, _| FINE).await;
    let node = Node::new(&fcm, &fcm, &["--callback-network", "public"]).await;
    node.phone("android", TOKEN).await;
    node.message("m").await;
    node.round().await;
    assert_eq!(
        (fcm.connections(), node.only().await),
        (0, (EventState::Pending, 0, None))
    );
}
