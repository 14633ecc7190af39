//! Limits: how much, how deep, how slow, and requests that two parties read differently.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::Read;
use std::time::{Duration, Instant};

use serde_json::json;
use support::{Server, basic, files, raw, status_of};

const CREATE: &str = "/rest/v3/application/create";
const LIST: &str = "/rest/v3/application/list";

/// However much too large: the caller sends all of it, and then reads why not.
#[test]
fn a_refused_body_does_not_cost_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &[]);
    let authorized = format!("authorization: {}", basic(&files.integration()));
    let mut sent = 0;
    for announced in [true, false] {
        for length in [1_200_000, 3_000_000, 12_000_000] {
            let framing = match announced {
                true => format!("content-length: {length}"),
                false => "transfer-encoding: chunked".to_owned(),
            };
            let mut caller = server.connect();
            caller.send(format!(
                "POST {CREATE} HTTP/1.1\r\n{authorized}\r\nhost: x\r\n{framing}\r\n\r\n"
            ));
            let piece = " ".repeat(100_000);
            for _ in 0..length / piece.len() {
                if !announced {
                    caller.send(format!("{:x}\r\n", piece.len()));
                }
                caller.send(&piece);
                if !announced {
                    caller.send("\r\n");
                }
            }
            if !announced {
                caller.send("0\r\n\r\n");
            }
            // Not tolerant of resets, unlike `rest`.
            let mut answer = String::new();
            caller.0.read_to_string(&mut answer).unwrap();
            assert_eq!(status_of(&answer), 413, "{framing}");
            assert!(answer.contains("ERROR_REQUEST_TOO_LARGE"), "{answer}");
            sent += length;
        }
    }
    println!("{sent} bytes for nothing");
}

#[test]
fn limits() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &[]);
    let auth = files.integration();
    let authorized = format!("authorization: {}", basic(&auth));
    let head = format!("POST {CREATE} HTTP/1.1\r\n{authorized}");
    let padded = |length: usize| {
        let body = r#"{"requestObject":{"applicationId":"big"}}"#;
        format!("{body}{}", " ".repeat(length - body.len()))
    };
    assert_eq!(raw(&server, &head, &padded(64 * 1024)).0, 200);
    assert_eq!(raw(&server, &head, &padded(64 * 1024 + 1)).0, 413);
    assert_eq!(raw(&server, &head, &padded(900_000)).0, 413);

    // Announced beyond all tolerance: answered before anything is sent.
    let endless = format!("{head}\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n");
    assert_eq!(status_of(&server.connect().send(endless).rest()), 413);
    // Not announced at all.
    let mut chunked = server.connect();
    chunked.send(format!(
        "{head}\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    ));
    for _ in 0..6 {
        chunked.send(format!("4000\r\n{}\r\n", " ".repeat(0x4000)));
    }
    assert_eq!(status_of(&chunked.send("0\r\n\r\n").rest()), 413);

    let long = |length: usize| format!("{head}\r\nx-long: {}", "x".repeat(length));
    assert_eq!(
        raw(&server, &long(8 * 1024), &padded(100)).0,
        400,
        "the application exists"
    );
    assert_eq!(raw(&server, &long(8 * 1024 + 1), "").0, 431);
    assert_eq!(status_of(&server.connect().send(long(40_000)).rest()), 431);
    let many: String = (0..70).map(|n| format!("\r\nx-{n}: 1")).collect();
    assert_eq!(
        status_of(
            &server
                .connect()
                .send(format!("{head}\r\nhost: x{many}\r\n\r\n"))
                .rest()
        ),
        431
    );

    let nested = |depth: usize| format!("{{\"requestObject\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let (status, body) = raw(&server, &head, &nested(32));
    assert_eq!(status, 400);
    assert!(body.contains("nested too deeply"), "{body}");
    assert!(!raw(&server, &head, &nested(31)).1.contains("nested too deeply"));

    let list = server.ok(LIST, &auth, &json!({}));
    assert_eq!(list["applications"].as_array().unwrap().len(), 1, "{list}");
}

/// Requests that proxies and servers read differently: refused, or read as one request.
#[test]
fn no_smuggled_request() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &["--header-timeout", "1", "--body-timeout", "1"]);
    let authorized = format!("authorization: {}", basic(&files.integration()));
    let inner_body = r#"{"requestObject":{"applicationId":"smuggled"}}"#;
    let inner = format!(
        "POST {CREATE} HTTP/1.1\r\nhost: x\r\n{authorized}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{inner_body}",
        inner_body.len()
    );
    let length = inner.len();
    let corpus = [
        format!("content-length: 0\r\ncontent-length: {length}\r\n\r\n"),
        format!("content-length: {length}\r\ncontent-length: 0\r\n\r\n"),
        format!("content-length: 0, {length}\r\n\r\n"),
        format!("content-length: +{length}\r\n\r\n"),
        "content-length: -1\r\n\r\n".to_owned(),
        format!("content-length: 0x{length:x}\r\n\r\n"),
        format!("content-length: {length}\r\ntransfer-encoding: identity\r\n\r\n"),
        format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n".to_owned(),
        "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned(),
        "transfer-encoding: chunked\r\n\r\n-1\r\n\r\n".to_owned(),
        "transfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n".to_owned(),
        "transfer-encoding : chunked\r\n\r\n0\r\n\r\n".to_owned(),
        format!("content-length : {length}\r\n\r\n"),
        format!("x: y\r\n content-length: {length}\r\n\r\n"),
        format!("x: y\0\r\ncontent-length: {length}\r\n\r\n"),
        format!("x: y\rcontent-length: {length}\r\n\r\n"),
    ];
    let smuggled = |bytes: &str| {
        let response = server.connect().send(bytes).rest();
        response.contains("\"applicationId\":\"smuggled\"")
    };
    std::thread::scope(|scope| {
        for (number, rest) in corpus.iter().enumerate() {
            let outer = format!("POST {LIST} HTTP/1.1\r\nhost: x\r\n{authorized}\r\n{rest}{inner}");
            scope.spawn(move || assert!(!smuggled(&outer), "case {number}: {rest}"));
        }
    });
    // The same bytes do work as a request of their own, also behind another one.
    let pipelined =
        format!("POST {LIST} HTTP/1.1\r\nhost: x\r\n{authorized}\r\ncontent-length: 0\r\n\r\n{inner}");
    assert!(smuggled(&pipelined));
    println!("{} ways of smuggling, none works", corpus.len());
}

#[test]
fn slow_callers_are_cut_off_and_disturb_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &["--header-timeout", "2", "--body-timeout", "2"]);
    let head = format!("POST {LIST} HTTP/1.1\r\nhost: x\r\n");
    let started = Instant::now();
    let mut silent = server.connect();
    let mut half: Vec<_> = (0..500)
        .map(|_| {
            let mut connection = server.connect();
            connection.send(&head);
            connection
        })
        .collect();
    let mut bodies: Vec<_> = (0..20)
        .map(|_| {
            let mut connection = server.connect();
            connection.send(format!("{head}content-length: 100\r\n\r\n{{"));
            connection
        })
        .collect();
    let before = Instant::now();
    assert_eq!(server.get("/ready").0, 200);
    assert_eq!(server.post(LIST, Some(&files.integration()), &json!({})).0, 200);
    assert!(
        before.elapsed() < Duration::from_secs(1),
        "honest callers waited {:?}",
        before.elapsed()
    );
    // One byte now and then does not prolong anything.
    let mut drip = server.connect();
    drip.send(&head);
    while drip.0.set_nodelay(true).is_ok() && started.elapsed() < Duration::from_secs(10) {
        use std::io::Write;
        if drip.0.write_all(b"x").is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(
        started.elapsed() < Duration::from_secs(6),
        "a dripping head lived on"
    );
    assert_eq!(silent.rest(), "");
    for connection in &mut half {
        let response = connection.rest();
        assert!(response.is_empty() || status_of(&response) == 408, "{response}");
    }
    for connection in &mut bodies {
        assert_eq!(status_of(&connection.rest()), 408);
    }
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "{:?}",
        started.elapsed()
    );
}
