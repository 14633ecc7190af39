//! Who gets in, for how long, and what other pages can do: at the router, on a clock of the test's.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use countersign::api::auth::hash_secret;
use countersign::model::credential::{Credential, Grant};
use countersign::store::{Host, MemoryStore};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower_service::Service as _;

use super::attempts::{IN_ALL, PER_ADDRESS, WINDOW};
use super::session::{ABSOLUTE, IDLE, MOST};
use super::{calls, views};
use crate::host::System;
use crate::listen::Peer;
use crate::service::{Service, router};
use crate::testing::{Steered, service_at};

const SECRET: &str = "a secret of 32 characters, really";

struct World {
    service: Arc<Service>,
    clock: Arc<Steered>,
    cases: usize,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

/// A logged-in browser.
#[derive(Clone)]
struct Browser {
    cookie: String,
    csrf: String,
}

impl World {
    async fn new() -> Self {
        let clock = Steered::new();
        let service = service_at(Arc::new(MemoryStore::new()), Arc::clone(&clock) as Arc<dyn Host>);
        for (user, grant) in [("admin", Grant::Administrator), ("bank", Grant::Integration)] {
            let credential = Credential {
                user: user.to_owned(),
                hash: hash_secret(SECRET, &mut System).unwrap(),
                grant,
                name: String::new(),
                application: None,
                created: 0,
                removed_until: None,
            };
            let stored = service.connection.run(move |tx| {
                tx.put(&credential);
                Ok(())
            });
            stored.await.unwrap();
        }
        Self {
            service,
            clock,
            cases: 0,
        }
    }

    async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_from("192.0.2.1:1000", method, path, headers, body)
            .await
    }

    async fn send_from(
        &mut self,
        peer: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.cases += 1;
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(Peer(peer));
        let response = router(&self.service).call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    async fn try_login(&mut self, peer: &str, user: &str, secret: &str, more: &[(&str, &str)]) -> Answer {
        let body = json!({ "user": user, "password": secret }).to_string();
        let headers = [&[("content-type", "application/json")], more].concat();
        self.send_from(peer, "POST", "/console/login", &headers, &body)
            .await
    }

    async fn login(&mut self) -> Browser {
        let answer = self.try_login("192.0.2.1:1", "admin", SECRET, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Browser::of(&answer)
    }

    /// What the console answers a browser.
    async fn call(&mut self, browser: &Browser, name: &str, body: Value) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("cookie", &browser.cookie),
            ("x-csrf-token", &browser.csrf),
            ("sec-fetch-site", "same-origin"),
        ];
        let path = format!("/console/api/{name}");
        self.send("POST", &path, &headers, &body.to_string()).await
    }

    async fn is_in(&mut self, browser: &Browser) -> bool {
        let answer = self
            .send("GET", "/console/session", &[("cookie", &browser.cookie)], "")
            .await;
        assert!(matches!(answer.status, 200 | 401), "{}", answer.status);
        answer.status == 200
    }
}

impl Browser {
    fn of(answer: &Answer) -> Self {
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        Self {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: answer.body["csrf"].as_str().unwrap().to_owned(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_for_nobody_else() {
    let mut world = World::new().await;
    let plain: &[(&str, &str)] = &[];
    for (more, secure) in [
        (plain, false),
        (&[("x-forwarded-proto", "http")], false),
        (&[("x-forwarded-proto", "https")], true),
        (&[("forwarded", "for=192.0.2.9;Proto=https")], true),
        (&[("origin", "https://bank.example")], true),
    ] {
        let answer = world.try_login("192.0.2.1:1", "admin", SECRET, more).await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let (pair, flags) = cookie.split_once("; ").unwrap();
        let value = pair.strip_prefix("countersign_console=").unwrap();
        assert_eq!(value.len(), 43, "256 bits");
        let expected = format!(
            "Path=/console; HttpOnly; SameSite=Strict{}",
            if secure { "; Secure" } else { "" }
        );
        assert_eq!(flags, expected, "{more:?}");
        assert!(!answer.body.to_string().contains(value), "scripts do not see it");
    }
    println!("{} requests", world.cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_without_a_session() {
    let mut world = World::new().await;
    let names: Vec<&str> = calls::ALLOWED
        .iter()
        .copied()
        .chain(views::View::ALL.map(|(name, _)| name))
        .collect();
    let old = world.login().await;
    assert!(world.is_in(&old).await);
    let headers = [
        ("content-type", "application/json"),
        ("cookie", old.cookie.as_str()),
        ("x-csrf-token", old.csrf.as_str()),
    ];
    assert_eq!(
        world.send("POST", "/console/logout", &headers, "{}").await.status,
        204
    );
    let forged = format!("countersign_console={}", "A".repeat(43));
    let twice = format!("{}; {}", old.cookie, old.cookie);
    for cookie in [
        None,
        Some(old.cookie.as_str()),
        Some(&forged),
        Some(&twice),
        Some("countersign_console="),
    ] {
        let mut headers = vec![
            ("content-type", "application/json"),
            ("x-csrf-token", old.csrf.as_str()),
        ];
        headers.extend(cookie.map(|it| ("cookie", it)));
        for name in names.iter().copied().chain(["unknown", "verifySignature"]) {
            let path = format!("/console/api/{name}");
            let answer = world.send("POST", &path, &headers, "{}").await;
            assert_eq!(
                (answer.status, &answer.body["status"]),
                (401, &json!("ERROR")),
                "{name} {cookie:?}"
            );
            assert!(
                !answer.headers.contains_key(header::WWW_AUTHENTICATE),
                "no dialog of the browser's"
            );
            assert!(
                matches!(world.send("GET", &path, &headers, "").await.status, 404 | 405),
                "{name}"
            );
        }
        assert_eq!(
            world.send("GET", "/console/session", &headers, "").await.status,
            401
        );
        assert_eq!(
            world.send("POST", "/console/logout", &headers, "{}").await.status,
            401
        );
    }
    // Credentials of the API are none here: a browser would send them along for other pages.
    let basic = countersign::crypto::encoding::base64::encode(format!("admin:{SECRET}").as_bytes());
    let basic = format!("Basic {basic}");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", basic.as_str()),
    ];
    assert_eq!(
        world
            .send("POST", "/console/api/getApplicationList", &headers, "{}")
            .await
            .status,
        401
    );
    println!("{} names, {} requests", names.len(), world.cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_page_can_act() {
    let mut world = World::new().await;
    let browser = world.login().await;
    let other = world.login().await;
    let path = "/console/api/createApplication";
    let body = r#"{"applicationId":"forged"}"#;
    let json = ("content-type", "application/json");
    let cookie = ("cookie", browser.cookie.as_str());
    let short = &browser.csrf[1..];
    for (headers, status) in [
        (vec![json, cookie], 403),
        (vec![json, cookie, ("x-csrf-token", "")], 403),
        (vec![json, cookie, ("x-csrf-token", short)], 403),
        (vec![json, cookie, ("x-csrf-token", &other.csrf)], 403),
        (
            vec![
                json,
                cookie,
                ("x-csrf-token", &browser.csrf),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
        ),
        (
            vec![
                json,
                cookie,
                ("x-csrf-token", &browser.csrf),
                ("sec-fetch-site", "same-site"),
            ],
            403,
        ),
        (
            vec![
                ("content-type", "text/plain"),
                cookie,
                ("x-csrf-token", &browser.csrf),
            ],
            415,
        ),
        (vec![cookie, ("x-csrf-token", &browser.csrf)], 415),
    ] {
        let answer = world.send("POST", path, &headers, body).await;
        assert_eq!(answer.status, status, "{headers:?}");
    }
    let headers = [json, cookie];
    assert_eq!(
        world.send("POST", "/console/logout", &headers, "{}").await.status,
        403
    );
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(
        world
            .try_login("192.0.2.1:1", "admin", SECRET, &foreign)
            .await
            .status,
        403
    );
    let headers = [cookie, ("sec-fetch-site", "cross-site")];
    assert_eq!(
        world.send("GET", "/console/session", &headers, "").await.status,
        403
    );

    let list = world.call(&browser, "getApplicationList", json!({})).await;
    assert_eq!(
        list.body["responseObject"]["applications"],
        json!([]),
        "nothing was created"
    );
    let created = world
        .call(&browser, "createApplication", json!({ "applicationId": "ours" }))
        .await;
    assert_eq!(
        (created.status, &created.body["responseObject"]["applicationId"]),
        (200, &json!("ours"))
    );
    println!("{} requests", world.cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_ends_soon() {
    let mut world = World::new().await;
    let here = "192.0.2.1:1";
    for (user, secret) in [
        ("admin", "wrong"),
        ("nobody", SECRET),
        ("bank", SECRET),
        ("", ""),
        ("admin", ""),
    ] {
        assert_eq!(
            world.try_login(here, user, secret, &[]).await.status,
            401,
            "{user}"
        );
    }
    // Right ones do not count, also when they are many.
    for _ in 0..PER_ADDRESS {
        assert_eq!(world.try_login(here, "admin", SECRET, &[]).await.status, 200);
    }
    for _ in 5..PER_ADDRESS {
        assert_eq!(world.try_login(here, "admin", "wrong", &[]).await.status, 401);
    }
    let refused = world.try_login(here, "admin", SECRET, &[]).await;
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=WINDOW / 1_000 + 1).contains(&wait), "{wait}");
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
    // A made-up header does not make another address.
    let other = [("x-forwarded-for", "198.51.100.1")];
    assert_eq!(world.try_login(here, "admin", SECRET, &other).await.status, 429);
    assert_eq!(
        world.try_login("192.0.2.2:1", "admin", SECRET, &[]).await.status,
        200
    );
    world.clock.advance(wait * 1_000);
    assert_eq!(world.try_login(here, "admin", SECRET, &[]).await.status, 200);

    // Everybody together, and addresses of one network of IPv6.
    let mut tried = 0;
    for number in 0.. {
        let peer = format!(
            "[2001:db8:0:{:x}::{:x}]:1",
            number / PER_ADDRESS,
            number % PER_ADDRESS + 1
        );
        match world.try_login(&peer, "admin", "wrong", &[]).await.status {
            401 => tried += 1,
            status => {
                assert_eq!(status, 429);
                break;
            }
        }
    }
    assert_eq!(tried, IN_ALL);
    println!("{} requests", world.cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end() {
    let mut world = World::new().await;
    let idle = world.login().await;
    world.clock.advance(IDLE - 1);
    assert!(world.is_in(&idle).await);
    world.clock.advance(IDLE);
    assert!(!world.is_in(&idle).await, "nobody was there");

    // A page that watches by itself is nobody.
    let watched = world.login().await;
    for _ in 0..2 {
        world.clock.advance(IDLE / 2 - 1);
        assert_eq!(world.call(&watched, "charts", json!({})).await.status, 200);
        assert_eq!(
            world.call(&watched, "watchOperations", json!({})).await.status,
            200
        );
        let headers = [
            ("content-type", "application/json"),
            ("cookie", watched.cookie.as_str()),
            ("x-csrf-token", watched.csrf.as_str()),
            ("x-watching", "1"),
        ];
        let path = "/console/api/getApplicationList";
        assert_eq!(world.send("POST", path, &headers, "{}").await.status, 200);
    }
    world.clock.advance(2);
    assert_eq!(world.call(&watched, "charts", json!({})).await.status, 401);

    let busy = world.login().await;
    let mut passed = 0;
    while passed + IDLE / 2 < ABSOLUTE {
        world.clock.advance(IDLE / 2);
        passed += IDLE / 2;
        assert_eq!(
            world.call(&busy, "getApplicationList", json!({})).await.status,
            200,
            "{passed}"
        );
    }
    world.clock.advance(ABSOLUTE - passed);
    assert!(!world.is_in(&busy).await, "not even for the busy");

    // A login ends the session before it in the same browser.
    let first = world.login().await;
    let again = world
        .try_login("192.0.2.1:1", "admin", SECRET, &[("cookie", &first.cookie)])
        .await;
    let second = Browser::of(&again);
    assert!(first.cookie != second.cookie && first.csrf != second.csrf);
    assert!(!world.is_in(&first).await && world.is_in(&second).await);

    // One too many ends the idlest.
    let mut open = Vec::new();
    for _ in 0..MOST {
        world.clock.advance(1);
        open.push(world.login().await);
    }
    assert!(!world.is_in(&second).await);
    for browser in &open {
        assert!(world.is_in(browser).await);
    }
    println!("{} requests", world.cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded() {
    let mut world = World::new().await;
    let browser = world.login().await;
    let mut answers = Vec::new();
    for (method, path) in [
        ("GET", "/console"),
        ("GET", "/console/"),
        ("HEAD", "/console/"),
        ("GET", "/console/app.js"),
        ("GET", "/console/pages/audit.js"),
        ("GET", "/console/console.css"),
        ("GET", "/console/icon.svg"),
        ("GET", "/console/none.js"),
        ("GET", "/console/../etc/passwd"),
        ("GET", "/console/login"),
        ("POST", "/console/login"),
        ("GET", "/console/session"),
        ("PUT", "/console/session"),
        ("POST", "/console/logout"),
        ("POST", "/console/api/getApplicationList"),
        ("GET", "/phone"),
        ("GET", "/phone/"),
        ("GET", "/phone/page.mjs"),
    ] {
        answers.push((path, world.send(method, path, &[], "").await));
    }
    answers.push(("a call", world.call(&browser, "charts", json!({})).await));
    answers.push((
        "unknown",
        world.call(&browser, "verifySignature", json!({})).await,
    ));
    assert_eq!(answers.last().unwrap().1.status, 404);
    for (path, Answer { headers, .. }) in &answers {
        let value = |name: &str| headers.get(name).map_or("", |it| it.to_str().unwrap());
        let policy = value("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("http") && !policy.contains('*'),
            "{path}"
        );
        assert!(!policy.contains("'unsafe-eval'"), "{path}");
        for (name, expected) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(value(name), expected, "{path}");
        }
        assert!(
            matches!(value("cache-control"), "no-store" | "no-cache"),
            "{path}"
        );
        assert!(
            headers
                .get_all("access-control-allow-origin")
                .iter()
                .next()
                .is_none(),
            "{path}"
        );
    }
    println!("{} answers", answers.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_names_the_visitor() {
    let mut world = World::new().await;
    let browser = world.login().await;
    world
        .call(&browser, "createApplication", json!({ "applicationId": "a" }))
        .await;
    let made = world
        .call(
            &browser,
            "initActivation",
            json!({ "applicationId": "a", "userId": "alice" }),
        )
        .await;
    let id = made.body["responseObject"]["activationId"].clone();
    // Whoever else the page claims to be.
    let request = json!({ "activationId": id, "externalUserId": "somebody else" });
    assert_eq!(
        world.call(&browser, "removeActivation", request).await.status,
        200
    );
    let history = world
        .call(&browser, "getActivationHistory", json!({ "activationId": id }))
        .await;
    let newest = &history.body["responseObject"]["items"][0];
    assert_eq!(
        (&newest["activationStatus"], &newest["externalUserId"]),
        (&json!("REMOVED"), &json!("admin"))
    );

    let recent = world.call(&browser, "recentActivations", json!({})).await;
    assert_eq!(
        recent.body["responseObject"]["activations"][0]["activationId"],
        id
    );
    let verified = world.call(&browser, "verifyAudit", json!({})).await;
    let verified = &verified.body["responseObject"];
    assert_eq!(
        (&verified["state"], &verified["broken"]),
        (&json!("verified"), &json!(0))
    );
    assert!(verified["chains"].as_u64() >= Some(2));
    let code = world
        .call(&browser, "qrCode", json!({ "text": "AAAQE-AYEAU-DAOCA-JIICA" }))
        .await;
    assert_eq!(code.body["responseObject"]["size"], json!(25));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_hears_of_news_and_waits_for_none() {
    let mut world = World::new().await;
    let browser = world.login().await;
    world
        .call(&browser, "createApplication", json!({ "applicationId": "a" }))
        .await;
    let template = json!({
        "templateName": "t", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300
    });
    world.call(&browser, "createOperationTemplate", template).await;
    let empty = world.call(&browser, "watchOperations", json!({})).await;
    let empty = &empty.body["responseObject"];
    assert_eq!(
        (&empty["operations"], &empty["complete"]),
        (&json!([]), &json!(true))
    );
    let operation = json!({ "applications": ["a"], "userId": "alice", "templateName": "t" });
    let made = world.call(&browser, "createOperation", operation).await;
    let id = made.body["responseObject"]["id"].clone();
    // What the page has seen is old: the answer comes at once.
    let news = world
        .call(&browser, "watchOperations", json!({ "seen": empty["seen"] }))
        .await;
    let news = &news.body["responseObject"];
    assert_eq!(
        (&news["operations"][0]["id"], &news["operations"][0]["status"]),
        (&id, &json!("PENDING"))
    );
    // While it waits, somebody withdraws it.
    let mut other = World {
        service: Arc::clone(&world.service),
        clock: Arc::clone(&world.clock),
        cases: 0,
    };
    let (seen, visitor) = (news["seen"].clone(), browser.clone());
    let waiting = tokio::spawn(async move {
        other
            .call(&visitor, "watchOperations", json!({ "seen": seen }))
            .await
    });
    world
        .call(&browser, "cancelOperation", json!({ "operationId": id }))
        .await;
    let news = waiting.await.unwrap();
    assert_eq!(news.body["responseObject"]["operations"][0]["status"], "CANCELED");
    // A server that ends keeps nobody waiting.
    world
        .service
        .stopping
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let seen = news.body["responseObject"]["seen"].clone();
    let last = world
        .call(&browser, "watchOperations", json!({ "seen": seen }))
        .await;
    assert_eq!(last.body["responseObject"]["seen"], seen);
}

const TEMPLATE: &str = r#"{
    "templateName": "payment", "operationType": "payment", "dataTemplate": "A1*A${amount}${currency}",
    "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn large_databases_are_not_walked() {
    let mut world = World::new().await;
    let browser = world.login().await;
    world
        .call(&browser, "createApplication", json!({ "applicationId": "a" }))
        .await;
    let template = serde_json::from_str(TEMPLATE).unwrap();
    world.call(&browser, "createOperationTemplate", template).await;
    let operation = json!({
        "applications": ["a"], "userId": "alice", "templateName": "payment",
        "parameters": { "amount": "1", "currency": "EUR" }
    });
    let mut ids = Vec::new();
    for count in 1..=501 {
        let made = world.call(&browser, "createOperation", operation.clone()).await;
        ids.push(made.body["responseObject"]["id"].clone());
        if count < 500 {
            continue;
        }
        let seen = world.call(&browser, "watchOperations", json!({})).await;
        let complete = &seen.body["responseObject"]["complete"];
        assert_eq!(complete, &json!(count == 500), "{count}");
    }
    // One that is over is seen by whoever has seen it before, and pending ones by everybody, within bounds.
    let over = ids.pop().unwrap();
    world
        .call(&browser, "cancelOperation", json!({ "operationId": over }))
        .await;
    for (known, expected) in [(json!([]), 200), (json!([over, "unknown"]), 201)] {
        let seen = world
            .call(&browser, "watchOperations", json!({ "ids": known }))
            .await;
        let seen = seen.body["responseObject"]["operations"]
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(seen.len(), expected);
        let canceled = seen.iter().filter(|it| it["status"] == "CANCELED").count();
        assert_eq!(canceled, expected - 200);
    }
    for wrong in [json!({ "ids": "x" }), json!({ "ids": [1, {}] })] {
        assert_eq!(world.call(&browser, "watchOperations", wrong).await.status, 400);
    }
    println!("{} requests", world.cases);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_phones_get() {
    let mut world = World::new().await;
    let browser = world.login().await;
    let request = |amount: Value| {
        json!({
            "operationType": "payment", "dataTemplate": "A1*A${amount}${currency}", "riskFlags": "X",
            "parameters": { "amount": amount, "currency": "EUR" }
        })
    };
    // Without texts phones do not see it.
    let none = world.call(&browser, "preview", request(json!("5"))).await;
    let expected = json!([{ "language": null, "data": "A1*A5EUR", "formData": null, "ui": null }]);
    assert_eq!(none.body["responseObject"], expected);

    let text = |language: &str, title: &str| {
        json!({
            "placeholder": "payment", "language": language, "title": title, "message": "<b>${amount}</b>",
            "attributes": [{
                "id": "a", "type": "AMOUNT", "text": "A", "params": { "amount": "amount", "currency": "currency" }
            }]
        })
    };
    let texts = json!([text("en", "Payment"), text("cs", "Platba")]);
    assert_eq!(world.call(&browser, "putOperationTexts", texts).await.status, 200);
    let shown = world.call(&browser, "preview", request(json!("1234.5"))).await;
    let shown = &shown.body["responseObject"];
    for (at, language, title, amount) in [
        (0, "en", "Payment", "€1,234.50"),
        (1, "cs", "Platba", "1\u{a0}234,50\u{a0}€"),
    ] {
        let form = &shown[at]["formData"];
        assert_eq!(
            (&shown[at]["language"], &form["title"]),
            (&json!(language), &json!(title))
        );
        assert_eq!(
            form["message"], "<b>1234.5</b>",
            "as it is: pages never make markup of it"
        );
        assert_eq!(form["attributes"][0]["valueFormatted"], amount);
        assert_eq!(shown[at]["ui"]["flipButtons"], true);
    }
    let removed = json!({ "placeholder": "payment", "language": "cs" });
    assert_eq!(
        world.call(&browser, "removeOperationText", removed).await.status,
        200
    );
    let left = world.call(&browser, "preview", request(json!("1"))).await;
    assert_eq!(left.body["responseObject"].as_array().map(Vec::len), Some(1));
    for wrong in [
        json!("x"),
        json!({ "parameters": { "amount": {} } }),
        json!({ "parameters": 1 }),
    ] {
        assert_eq!(
            world.call(&browser, "preview", wrong.clone()).await.status,
            400,
            "{wrong}"
        );
    }
}
