//! What the server answers, and what it never says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::{Value, json};
use support::{Server, basic, files, raw};

const CREATE: &str = "/rest/v3/application/create";
const LIST: &str = "/rest/v3/application/list";

#[test]
fn closed_by_default() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &[]);
    let (integration, admin) = (files.integration(), files.administrator());
    let wrong =
        |user: &str, secret: &str| format!("\r\nauthorization: {}", basic(&(user.into(), secret.into())));
    let right = format!("\r\nauthorization: {}", basic(&integration));
    let mut answers = Vec::new();
    for header in [
        String::new(),
        wrong(&integration.0, "no"),
        wrong(&integration.0, ""),
        wrong(&integration.0, &admin.1),
        wrong("nobody", &integration.1),
        wrong(&admin.0, &admin.1),
        wrong("", ""),
        "\r\nauthorization: Basic ???".to_owned(),
        "\r\nauthorization: Bearer x".to_owned(),
        "\r\nauthorization: \u{fc}".to_owned(),
        format!("{right}{right}"),
        format!("{right}{}", wrong("a", "b")),
        format!("\r\nx-powerauth-authorization: {}", basic(&integration)),
    ] {
        for body in [r#"{"requestObject":{"applicationId":"a"}}"#, "{", ""] {
            answers.push(raw(&server, &format!("POST {CREATE} HTTP/1.1{header}"), body));
        }
    }
    assert_eq!(answers.len(), 39);
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
        assert_eq!(answer.0, 401);
    }
    let list = server.ok(LIST, &integration, &json!({}));
    assert_eq!(
        list,
        json!({ "applications": [] }),
        "a refused call changed something"
    );
    println!("{} refused calls, one answer", answers.len());
}

#[test]
fn open_means_open_and_only_here() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    for everywhere in ["0.0.0.0:0", "[::]:0"] {
        let refused = Server::try_start(&files, &["--open", "--listen", everywhere])
            .err()
            .unwrap();
        assert_eq!(refused.code, Some(1));
        assert!(
            refused.text.contains("needs a loopback address"),
            "{}",
            refused.text
        );
    }
    let server = Server::in_memory(&files, &["--open"]);
    assert_eq!(server.post(LIST, None, &json!({})).0, 200);
}

#[test]
fn paths_and_methods() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(
        &files,
        &["--prefix", "/powerauth-java-server", "--prefix", "/enrollment/"],
    );
    let auth = files.integration();
    for prefix in ["", "/powerauth-java-server", "/enrollment"] {
        assert_eq!(
            server.ok(&format!("{prefix}/rest/v3/status"), &auth, &json!({}))["status"],
            "OK"
        );
        let (status, body) = server.post(&format!("{prefix}/rest/v3/nothing"), Some(&auth), &json!({}));
        assert_eq!((status, &body["status"]), (404, &json!("ERROR")));
        let got = server
            .agent
            .get(server.url(&format!("{prefix}/rest/v3/status")))
            .call()
            .unwrap();
        assert_eq!(
            (got.status().as_u16(), &got.headers()["allow"]),
            (405, &"POST".parse().unwrap())
        );
    }
    for path in [
        "/",
        "/rest/v3/status/",
        "/rest//v3/status",
        "/other/rest/v3/status",
        "/%72est/v3/status",
    ] {
        assert_eq!(server.post(path, Some(&auth), &json!({})).0, 404, "{path}");
    }
    // A phone's path needs no credentials of ours: it is refused for what it lacks itself.
    let (status, body) = server.post("/pa/v3/activation/status", None, &Value::Null);
    assert_eq!((status, &body["status"]), (400, &json!("ERROR")), "{body}");
}

#[test]
fn answers_carry_an_id_and_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_memory(&files(&folder), &[]);
    for id in ["x-request-id: abc-1", "x-correlation-id: abc-1"] {
        let response = server
            .connect()
            .send(format!(
                "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{id}\r\n\r\n"
            ))
            .rest();
        assert!(response.contains("x-request-id: abc-1\r\n"), "{response}");
        assert!(response.contains("cache-control: no-store\r\n"), "{response}");
        assert!(response.ends_with("{\"status\":\"UP\"}"), "{response}");
    }
    let (_, log) = server.stop();
    assert_eq!(log.matches("id=\"abc-1\"").count(), 2, "{log}");
}

#[test]
fn metrics_are_for_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &[]);
    let auth = files.integration();
    server.ok(CREATE, &auth, &json!({ "applicationId": "a" }));
    server.post(LIST, None, &json!({}));
    let (status, text) = server.get("/metrics");
    assert_eq!(status, 200);
    for line in [
        "countersign_requests_total{endpoint=\"createApplication\",status=\"200\"} 1",
        "countersign_requests_total{endpoint=\"getApplicationList\",status=\"401\"} 1",
        "countersign_requests_in_flight 1",
        "countersign_store_failures_total 0",
        "countersign_panics_total 0",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    let through_a_proxy = server
        .agent
        .get(server.url("/metrics"))
        .header("x-forwarded-for", "192.0.2.1");
    assert_eq!(through_a_proxy.call().unwrap().status(), 404);
    let elsewhere = Server::in_memory(&files, &["--metrics", "127.0.0.1:0"]);
    assert_eq!(elsewhere.get("/metrics").0, 404);
}

/// Whatever callers send, and whatever secrets we hold, stays out of log and metrics.
#[test]
fn no_secret_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let mut leaked = Vec::new();
    for form in ["text", "json"] {
        let server = Server::start(&files, &["--log-level", "trace", "--log-format", form]);
        let auth = files.integration();
        let mut canaries = vec![
            auth.1.clone(),
            files.administrator().1,
            basic(&auth)[6..].to_owned(),
        ];
        let key: Value = serde_json::from_slice(&std::fs::read(files.master_key()).unwrap()).unwrap();
        canaries.push(key["keys"]["1"].as_str().unwrap().to_owned());
        let mut canary = |place: &str| {
            canaries.push(format!("CANARY{place}{form}"));
            canaries.last().unwrap().clone()
        };
        let headers: String = [
            "X-PowerAuth-Authorization: PowerAuth pa_signature=",
            "X-PowerAuth-Token: PowerAuth token_digest=",
            "X-PowerAuth-Encryption: PowerAuth application_key=",
            "Cookie: ",
            "User-Agent: ",
            "X-Request-Id: has spaces ",
        ]
        .iter()
        .enumerate()
        .map(|(number, name)| format!("\r\n{name}{}", canary(&format!("header{number}"))))
        .collect();
        let (query, path, method) = (canary("query"), canary("path"), canary("METHOD"));
        let body = json!({ "requestObject": {
            "applicationId": canary("application"), "userId": canary("user"), "activationOtp": canary("otp"),
            "data": canary("data"), "signature": canary("signature"), "activationCode": canary("code"),
        }})
        .to_string();
        let authorized = format!("\r\nauthorization: {}", basic(&auth));
        let mut calls = 0;
        for target in [
            CREATE,
            "/rest/v3/activation/init",
            "/rest/v3/signature/verify",
            "/rest/v3/token/validate",
            "/pa/v3/activation/create",
            "/pa/v3/signature/validate",
            "/pa/v3/token/create",
            &format!("/{path}"),
        ] {
            for credentials in ["", authorized.as_str()] {
                let head = format!("POST {target}?q={query} HTTP/1.1{headers}{credentials}");
                raw(&server, &head, &body);
                raw(&server, &head, &body[1..]);
                calls += 2;
            }
        }
        raw(&server, &format!("{method} / HTTP/1.1"), "");
        server
            .connect()
            .send(format!("GET /{path} HTTP/9\r\n{headers}\r\n\r\n"))
            .rest();
        let metrics = server.get("/metrics").1;
        let (_, log) = server.stop();
        assert!(log.lines().count() > calls, "nothing was logged\n{log}");
        for canary in canaries {
            if log.contains(&canary) || metrics.contains(&canary) {
                leaked.push(canary);
            }
        }
    }
    assert!(leaked.is_empty(), "{leaked:?}");
}
