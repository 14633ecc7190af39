//! OAuth 2.0 client credentials: a token server on this machine, kind, slow, and hostile.

use super::*;

const USUAL: &str = r#"{"access_token":"one","token_type":"Bearer","expires_in":3600}"#;

fn settings(token_uri: &str) -> Value {
    json!({ "oAuth2": {
        "enabled": true, "clientId": "bank", "clientSecret": "hunter2-hunter2", "tokenUri": token_uri, "scope": "a b"
    } })
}

/// A node with one URL; the receiver takes what carries `accepted`.
async fn scene(tokens: &Receiver, accepted: &'static str, options: &CallbackOptions) -> (Node, Receiver) {
    let node = Node::in_memory(options);
    let receiver = Receiver::start_with(move |call| {
        let right = call.header("authorization") == format!("Bearer {accepted}");
        Reply::Status(if right { 200 } else { 401 })
    })
    .await;
    node.application().await;
    node.url("cb", &receiver.url("/"), settings(&tokens.url("/token")))
        .await;
    (node, receiver)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_serves_until_it_ends() {
    let tokens = Receiver::start(|_| Reply::Text(USUAL)).await;
    let (node, receiver) = scene(&tokens, "one", &options()).await;
    node.changes(20).await;
    node.round().await;
    assert_eq!((node.counts(), receiver.calls().len()), ((20, 0, 0), 20));
    let asked = tokens.calls();
    assert_eq!(asked.len(), 1, "the token is kept");
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path.as_str()),
        ("POST", "/token")
    );
    assert_eq!(
        asked[0].header("content-type"),
        "application/x-www-form-urlencoded"
    );
    // bank:hunter2-hunter2
    assert_eq!(
        asked[0].header("authorization"),
        "Basic YmFuazpodW50ZXIyLWh1bnRlcjI="
    );
    assert_eq!(asked[0].body, "grant_type=client_credentials&scope=a+b");

    // A token that ends at once is fetched for each delivery.
    let brief =
        Receiver::start(|_| Reply::Text(r#"{"access_token":"one","token_type":"bearer","expires_in":5}"#))
            .await;
    let (node, _receiver) = scene(&brief, "one", &options()).await;
    node.changes(4).await;
    node.round().await;
    assert_eq!((node.counts(), brief.calls().len()), ((4, 0, 0), 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_replaced_once() {
    let tokens = Receiver::start(|number| match number {
        0 => Reply::Text(USUAL),
        _ => Reply::Text(r#"{"access_token":"two","token_type":"Bearer","expires_in":3600}"#),
    })
    .await;
    let (node, receiver) = scene(&tokens, "two", &options()).await;
    node.changes(3).await;
    node.round().await;
    assert_eq!(node.counts(), (3, 0, 0));
    assert_eq!((tokens.calls().len(), receiver.calls().len()), (2, 4));

    // A receiver that takes none gets each event twice, and then it is left for later.
    let (node, receiver) = scene(&tokens, "another", &options()).await;
    node.changes(1).await;
    let before = tokens.calls().len();
    node.round().await;
    assert_eq!((node.counts(), node.waiting().await), ((0, 1, 0), 1));
    assert_eq!((receiver.calls().len(), tokens.calls().len() - before), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_server_in_trouble_costs_an_attempt_and_nothing_else() {
    for trouble in [
        Reply::Status(400),
        Reply::Status(401),
        Reply::Status(500),
        Reply::Redirect,
        Reply::Hang,
        Reply::Close,
        Reply::Endless,
        Reply::Text(""),
        Reply::Text(r#"{"error":"invalid_client"}"#),
        Reply::Text(r#"{"access_token":"x\r\nevil: 1","token_type":"Bearer"}"#),
        Reply::Text(r#"{"access_token":"one","token_type":"mac"}"#),
    ] {
        let mut options = options();
        options.callback_timeout = Duration::from_millis(if trouble == Reply::Hang { 50 } else { 2_000 });
        let sick = trouble;
        let tokens = Receiver::start(move |number| if number == 0 { sick } else { Reply::Text(USUAL) }).await;
        let elsewhere = Receiver::start(|_| Reply::Text(USUAL)).await;
        tokens.redirect_to(&elsewhere.url("/token"));
        let (node, receiver) = scene(&tokens, "one", &options).await;
        node.changes(2).await;
        node.round().await;
        assert_eq!(
            (node.counts(), receiver.calls().len()),
            ((0, 1, 0), 0),
            "{trouble:?}"
        );
        assert_eq!(
            elsewhere.calls().len(),
            0,
            "{trouble:?}: a redirect is not followed"
        );
        assert!(
            tokens.sent() < 4 * 1024 * 1024,
            "{trouble:?}: {} bytes taken",
            tokens.sent()
        );
        node.host.advance(HOUR);
        node.round().await;
        assert_eq!((node.counts().0, node.waiting().await), (2, 0), "{trouble:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_endpoint_is_judged_like_a_receiver() {
    let tokens = Receiver::start(|_| Reply::Text(USUAL)).await;
    let receiver = Receiver::start(|_| Reply::Status(200)).await;
    // The receiver's address is allowed, the token endpoint's is another one of this machine.
    let node = Node::in_memory(&options());
    node.application().await;
    let uri = format!("http://127.0.0.2:{}/token", tokens.address().port());
    node.url("cb", &receiver.url("/"), settings(&uri)).await;
    node.changes(1).await;
    node.round().await;
    assert_eq!((node.counts(), receiver.calls().len()), ((0, 1, 0), 0));
    assert_eq!(tokens.calls().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_sealed_and_stays_with_its_endpoint() {
    let store = Arc::new(MemoryStore::new());
    let node = Node::new(store.clone(), &Steered::new(), &options());
    node.application().await;
    let id = node
        .url("cb", "http://127.0.0.1:1/", settings("http://127.0.0.1:1/token"))
        .await;
    for record in store.records() {
        let shown = record.body.windows(7).any(|it| it == b"hunter2");
        assert!(!shown, "{:?}", record.key);
    }
    let update = |oauth: Value| {
        json!({
            "id": id, "applicationId": APP, "name": "cb", "callbackUrl": "http://127.0.0.1:1/",
            "attributes": [], "authentication": { "oAuth2": oauth }
        })
    };
    let without =
        |uri: &str, enabled: bool| update(json!({ "enabled": enabled, "clientId": "bank", "tokenUri": uri }));
    let same = node
        .ask(
            "application/callback/update",
            without("http://127.0.0.1:1/token", true),
        )
        .await;
    let shown = &same["authentication"]["oAuth2"];
    assert_eq!(shown["clientSecretSet"], true, "{same}");
    assert!(!same.to_string().contains("hunter2"));
    let other = node
        .ask(
            "application/callback/update",
            without("http://127.0.0.1:2/token", false),
        )
        .await;
    assert_eq!(
        other["authentication"]["oAuth2"]["clientSecretSet"], false,
        "{other}"
    );
}
