//! Who gets in, and how long.

use axum::http::header;
use serde_json::json;

use super::super::attempts::{IN_ALL, PER_ADDRESS, WINDOW};
use super::super::session::{ABSOLUTE, IDLE, MOST};
use super::super::{again, calls, views};
use super::{Browser, SECRET, World};

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
        .chain([again::NAME])
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
