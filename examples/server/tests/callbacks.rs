//! Callbacks of the real binary.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use support::{Server, files};

/// Head and body of each call, which is answered with 200.
fn receiver() -> (SocketAddr, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (calls, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            loop {
                let mut head = String::new();
                while reader.read_line(&mut head).unwrap_or(0) > 2 {}
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let Some(length) = length else { break };
                let mut body = vec![0; length.parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                reader.get_mut().write_all(answer).unwrap();
                _ = calls.send((head, serde_json::from_slice(&body).unwrap()));
            }
        }
    });
    (address, received)
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let mut lines = head.lines();
    lines
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap()
}

#[test]
fn events_survive_kill_9_and_nothing_of_them_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let (address, received) = receiver();
    let next = || received.recv_timeout(Duration::from_secs(20)).unwrap();

    // Nobody delivers while this process lives.
    let server = Server::start(&files, &["--no-callbacks"]);
    let auth = files.integration();
    server.ok(
        "/rest/v3/application/create",
        &auth,
        &json!({ "applicationId": "a" }),
    );
    let url = json!({
        "applicationId": "a", "name": "cb", "type": "ACTIVATION_STATUS_CHANGE",
        "callbackUrl": format!("http://{address}/hook?key=s3cret-in-url"),
        "attributes": ["userId", "activationStatus"],
        "authentication": { "httpBasic": { "enabled": true, "username": "bank", "password": "s3cret-word" } }
    });
    server.ok("/rest/v3/application/callback/create", &auth, &url);
    let init = |server: &Server, user: &str| {
        let request = json!({ "applicationId": "a", "userId": user });
        server.ok("/rest/v3/activation/init", &auth, &request)["activationId"].take()
    };
    let before = init(&server, "user-before");
    server.kill();

    let server = Server::start(
        &files,
        &["--callback-network", "127.0.0.0/8", "--log-level", "trace"],
    );
    let (head, body) = next();
    let expected = json!({
        "type": "ACTIVATION", "activationId": before, "userId": "user-before", "activationStatus": "CREATED"
    });
    assert_eq!(body, expected);
    assert!(
        head.starts_with("POST /hook?key=s3cret-in-url HTTP/1.1\r\n"),
        "{head}"
    );
    let auth_header = support::basic(&("bank".to_owned(), "s3cret-word".to_owned()));
    assert_eq!(header(&head, "authorization"), auth_header);
    let first = header(&head, "idempotency-key").to_owned();

    let mut keys = vec![first];
    for number in 0..20 {
        let id = init(&server, &format!("user-{number}"));
        let (head, body) = next();
        assert_eq!(body["activationId"], id);
        keys.push(header(&head, "idempotency-key").to_owned());
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 21);
    assert!(received.try_recv().is_err(), "one call for each change");

    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    for secret in ["s3cret", "user-", "hook", auth_header.split_once(' ').unwrap().1] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    println!("{} events, {} bytes of log", keys.len(), log.len());
}
