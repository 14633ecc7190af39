//! Canaries of every kind through the whole surface, at the most talkative level: none may be where it does not belong (I8).
//!
//! | file | holds |
//! |---|---|
//! | `story` | a bank and its customers: activation, signatures, tokens, vault, payments, recovery, console … |
//! | `rows` | every row of every endpoint table, asked with canaries in each attribute, the query and the headers |
//! | `search` | the secrets, in every form in which they might appear |
//! | `bank`, `sinks` | the real server, and who is told: log, collector, receiver of callbacks |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::format_push_string,
    reason = "a test fails by panicking"
)]

mod bank;
mod rows;
mod search;
mod sinks;
mod story;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use bank::{Bank, Caller};
use search::{Canaries, Outputs};
use support::{Server, files};

/// Where a secret has to appear: the place begins so, the kind, and why.
const FIELDS: &[(&str, &str, &str)] = &[
    (
        "answer POST /rest/v3/activation/init",
        "activation code",
        "the back end shows it to the user",
    ),
    (
        "answer POST /v2/registrations",
        "activation code",
        "the back end shows it to the user",
    ),
    (
        "answer POST /rest/v3/application/detail",
        "application secret",
        "it is built into the app",
    ),
    (
        "answer POST /rest/v3/integration/create",
        "secret of another integration",
        "shown once, when it is made",
    ),
    (
        "answer POST /admin/applications/credentials",
        "password of an application",
        "shown once, when it is made",
    ),
    (
        "answer POST /rest/v3/operation/",
        "proximity code",
        "the back end shows it to the user, and is told what was sent",
    ),
    (
        "answer GET /audit/log",
        "proximity code",
        "the body that was signed is the evidence; its reader may ask for the code, too",
    ),
    (
        "answer GET /audit/log",
        "a wrong proximity code",
        "the body that was signed is the evidence",
    ),
    (
        "answer POST /rest/v3/signature/list",
        "signature",
        "the audit log shows what was verified",
    ),
    (
        "answer POST /rest/v3/signature/list",
        "signature or digest in a header",
        "the same",
    ),
    ("answer POST /rest/v3/signature/list", "offline code", "the same"),
    (
        "answer POST /rest/v3/signature/list",
        "counter data",
        "the published audit log has it; it has moved on since",
    ),
    (
        "answer POST /console/api/getSignatureAuditLog",
        "signature",
        "the audit log shows what was verified",
    ),
    (
        "answer POST /console/api/getSignatureAuditLog",
        "signature or digest in a header",
        "the same",
    ),
    (
        "answer POST /console/api/getSignatureAuditLog",
        "offline code",
        "the same",
    ),
    (
        "answer POST /console/api/getSignatureAuditLog",
        "counter data",
        "the published audit log has it; it has moved on since",
    ),
    (
        "answer POST /rest/v3/application/callback/",
        "secret in the URL of a callback",
        "the address is the caller's to read and change",
    ),
    (
        "answer POST /console/api/getCallbackUrlList",
        "secret in the URL of a callback",
        "the same",
    ),
    (
        "callback, head",
        "secret in the URL of a callback",
        "that is the address",
    ),
    (
        "callback, head",
        "password of a callback",
        "the receiver's credentials, as HTTP Basic",
    ),
    ("callback, head", "header of a callback", "the same"),
    (
        "callback, head",
        "OAuth secret of a callback",
        "to the token endpoint, as HTTP Basic",
    ),
];

/// What callers said about people and things: they are told it again, and it is in what they asked for. Nobody else is.
fn is_data(kind: &str) -> bool {
    ["personal: ", "attribute ", "header nonce"]
        .iter()
        .any(|it| kind.starts_with(it))
}

/// Places where callers read what they have stored themselves.
fn is_for_callers(place: &str) -> bool {
    place.starts_with("answer ") || place == "callback, body"
}

/// Refusals whose published form repeats the value that was wrong (`violations`).
fn is_violation(place: &str) -> bool {
    let row = place.strip_prefix("refusal ").and_then(|it| it.split(' ').nth(1));
    row.is_some_and(|row| {
        ["/v2/", "/admin/applications"]
            .iter()
            .any(|of| row.starts_with(of))
    })
}

fn judge(canaries: &Canaries, outputs: &Outputs) -> (Vec<String>, BTreeSet<usize>) {
    let (mut leaked, mut used) = (Vec::new(), BTreeSet::new());
    for (place, bytes) in &outputs.0 {
        for (kind, form) in canaries.find(bytes) {
            if is_data(kind) && (is_for_callers(place) || is_violation(place)) {
                continue;
            }
            let field = FIELDS
                .iter()
                .position(|(of, name, _)| place.starts_with(of) && *name == kind);
            match field {
                Some(number) => {
                    used.insert(number);
                }
                None => leaked.push(format!("{kind} ({form}) in {place}")),
            }
        }
    }
    (leaked, used)
}

#[test]
fn none_is_where_it_does_not_belong() {
    for form in ["text", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let bank = Bank::start(&folder, form);
        // Whoever sends an id that is harmless finds it in the log: so the search looks at the right thing.
        let control = "control-7d1f0c55";
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let headers = vec![
            ("x-request-id", control.to_owned()),
            ("traceparent", format!("00-{trace}-00f067aa0ba902b7-01")),
        ];
        bank.send("GET", "/health", &Caller::Headers(headers), b"");
        let left = story::play(&bank);
        let (rows, requests) = rows::ask_all(&bank, &left);
        let (_, metrics) = bank.server.get("/metrics");
        bank.note("metrics", metrics.as_bytes());
        let (canaries, outputs, spans) = bank.stop();

        let mut planted = Canaries::default();
        planted.text("control", control);
        planted.bytes("control", trace.as_bytes());
        for place in ["log", "spans"] {
            assert!(
                !planted.find(&outputs.0[place]).is_empty(),
                "nothing is seen of {place}"
            );
        }
        for place in [
            "log",
            "spans",
            "metrics",
            "metrics, sent",
            "callback, body",
            "callback, head",
            "stdout",
        ] {
            assert!(outputs.0[place].len() > 20, "there is no {place}");
        }
        assert_eq!(canaries.blind(), 0);

        let (leaked, used) = judge(&canaries, &outputs);
        let refusals = outputs
            .0
            .keys()
            .filter(|place| place.starts_with("refusal"))
            .count();
        println!(
            "{form}: {} kinds of canaries in {} forms, {rows} rows, {requests} requests besides the story; {} bytes in {} places \
             ({} of log, {spans} reports of spans, refusals of {refusals} rows): {} leaked",
            canaries.kinds(),
            canaries.needles(),
            outputs.bytes(),
            outputs.0.len(),
            outputs.0["log"].len(),
            leaked.len()
        );
        assert!(leaked.is_empty(), "{leaked:#?}");
        assert!(canaries.kinds() >= 30 && rows >= 100);
        let unused: Vec<_> = (0..FIELDS.len())
            .filter(|it| !used.contains(it))
            .map(|it| FIELDS[it])
            .collect();
        assert!(unused.is_empty(), "not there any more: {unused:?}");

        // One leak more, and it is found.
        let mut outputs = outputs;
        outputs.add("log", b"INFO request{id=\"x\"}: pin-90513726481 answered");
        let (leaked, _) = judge(&canaries, &outputs);
        assert!(
            leaked.contains(&"PIN (raw) in log".to_owned()) && leaked.iter().all(|it| it.starts_with("PIN "))
        );
    }
}

/// The password of a database that cannot be reached, or not be understood.
#[test]
fn the_password_of_a_database_is_not_told() {
    let password = "database-password-3f9a";
    let mut canaries = Canaries::default();
    canaries.text("password of the database", password);
    let mut tried = 0;
    for address in [
        format!("postgres://bank:{password}@127.0.0.1:1/bank"),
        format!("postgres://bank:{password}@127.0.0.1:port/bank"),
        format!("postgres://bank:{password}@/bank?sslmode=sometimes"),
        format!("postgres://bank:{password}@[::1/bank"),
        format!("mysql://bank:{password}@127.0.0.1/bank"),
        password.to_owned(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let files = files(&folder);
        let file = files.0.join("address");
        std::fs::write(&file, &address).unwrap();
        let file = file.to_str().unwrap();
        for options in [&["--database-file", file][..], &["--database", &address]] {
            let options = [options, &["--log-level", "trace"]].concat();
            let refused = Server::configured_or_refused(&files, &options);
            assert!(
                canaries.find(refused.text.as_bytes()).is_empty(),
                "{address}: {}",
                refused.text
            );
            tried += 1;
        }
    }
    println!("{tried} refused starts");
}
