//! What those see who are in.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, World};

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
