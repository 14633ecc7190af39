//! The program against the small server of the client tests, over HTTP on this machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    dead_code,
    unreachable_pub,
    missing_docs
)]

#[path = "../../../tests/client/endpoints.rs"]
mod endpoints;
#[path = "cli/host.rs"]
mod host;
#[path = "../../../tests/client/server.rs"]
mod server;
#[path = "../../../tests/client/support.rs"]
mod support;

use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::encoding::base64;
use countersign::crypto::offline::{PayloadKind, Verification, base_string, build_payload, canonical_code};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::status::BlobStatus;
use host::{Host, Run};
use serde_json::{Value, json};
use std::process::Stdio;

fn operation(id: &str, kind: &str) -> Value {
    json!({
        "id": id, "name": "payment", "data": format!("A1*A100CZK*N{id}"), "status": "PENDING",
        "operationCreated": "2018-07-02T14:43:13+0000", "operationExpires": "2018-07-02T14:48:17+0000",
        "allowedSignatureType": { "type": kind, "variants": [] },
        "formData": { "title": "Pay\u{1b}ment", "message": "one\ntwo", "attributes": [
            { "type": "KEY_VALUE", "id": "a", "label": "To", "value": "2384\u{202e}00856" }] },
    })
}

/// A phone that is ready to approve.
fn ready(host: &Host) -> String {
    let id = host.activate(&["--protocol", "3.3"]);
    host.with(|server| server.activation(&id).status = BlobStatus::Active);
    id
}

#[test]
fn from_activation_to_removal() {
    for version in ["3.0", "3.1", "3.2", "3.3"] {
        let host = Host::new();
        let id = host.activate(&["--protocol", version, "--otp", "77"]);
        let at_server = host.with(|server| server.activation(&id).request.clone());
        assert_eq!(at_server["layer2"]["activationOtp"], "77");

        assert_eq!(host.ok(&["status"])["status"], "PENDING_COMMIT");
        host.with(|server| server.activation(&id).status = BlobStatus::Active);
        let status = host.ok(&["status"]);
        assert_eq!(
            (&status["status"], &status["remainingAttempts"]),
            (&json!("ACTIVE"), &json!(5))
        );
        let shown = host.ok(&["show"]);
        assert_eq!(
            (&shown["activationId"], &shown["protocol"]),
            (&json!(id), &json!(version))
        );

        host.with(|server| {
            server.operations = ["op-1", "op-2", "op-3", "op-4"]
                .map(|id| operation(id, if id == "op-3" { "1FA" } else { "2FA" }))
                .to_vec();
        });
        let list = host.ok(&["list"]);
        assert_eq!(list["operations"].as_array().unwrap().len(), 4);
        let text = host.run(&["list"], false).stdout;
        assert!(
            text.contains("op-1  Payment\n    one two\n    To: 238400856\n"),
            "{text:?}"
        );

        let approved = host.ok(&["approve", "op-1", "--proximity", "12345678"]);
        assert_eq!(approved["signatureType"], "possession_knowledge");
        let approved = host.ok(&["approve", "op-2", "--factor", "biometry"]);
        assert_eq!(approved["signatureType"], "possession_biometry");
        let approved = host.ok(&["approve", "op-3"]);
        assert_eq!(approved["signatureType"], "possession");
        host.ok(&["reject", "op-4", "--reason", "INCORRECT_DATA"]);
        let history = host.ok(&["history"]);
        let states: Vec<_> = history["operations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|operation| operation["status"].as_str().unwrap())
            .collect();
        assert_eq!(states, ["APPROVED", "APPROVED", "APPROVED", "REJECTED"]);
        let check = host.with(|server| server.operations[0]["authorized"]["proximityCheck"].clone());
        assert_eq!(
            (&check["otp"], &check["type"]),
            (&json!("12345678"), &json!("QR_CODE"))
        );

        let sent = host.ok(&[
            "sign",
            "/app?b=2&a=1",
            "--uri-id",
            "/app",
            "--method",
            "GET",
            "--send",
        ]);
        assert_eq!(sent["reply"]["responseObject"]["factors"], "possession_knowledge");
        let header = host.ok(&["sign", "/app", "--uri-id", "/app", "--body", "{}"]);
        assert!(
            header["value"]
                .as_str()
                .unwrap()
                .starts_with("PowerAuth pa_activation_id=")
        );

        let token = host.ok(&["token", "--name", "mine", "--factor", "pin"]);
        assert!(
            token["value"]
                .as_str()
                .unwrap()
                .contains(token["tokenId"].as_str().unwrap())
        );
        assert_eq!(
            host.ok(&["token", "--name", "mine", "--remove"])["removed"],
            "mine"
        );

        host.ok(&["remove"]);
        assert_eq!(
            host.with(|server| server.activation(&id).status),
            BlobStatus::Removed
        );
        assert!(!host.state.exists());
        let checked = host.counters_checked();
        println!("{version}: the file was ahead of the server at {checked} signed requests");
        assert!(checked >= 10, "{checked}");
    }
}

#[test]
fn exit_codes() {
    let host = Host::new();
    assert_eq!(host.run(&["status"], true).code, 2, "no phone yet");
    assert_eq!(host.run(&["nonsense"], true).code, 2);
    let id = ready(&host);
    host.with(|server| server.operations = vec![operation("op-1", "2FA")]);

    let refused = host.run_as("9999", &["approve", "op-1"], true);
    assert_eq!(refused.code, 1);
    assert_eq!(
        refused.json(),
        json!({ "error": { "kind": "refused", "message": "the server refused: HTTP 401 ERR_AUTHENTICATION",
                           "status": 401, "code": "ERR_AUTHENTICATION" } })
    );
    let refused = host.run_as("9999", &["approve", "op-1"], false);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(refused.stderr.contains("refused"), "{}", refused.stderr);
    assert_eq!(host.ok(&["status"])["failedAttempts"], 2);
    assert_eq!(
        host.run(&["approve", "op-9"], true).json()["error"]["code"],
        "INVALID_OPERATION"
    );
    assert_eq!(
        host.run(&["sign", "/app", "--uri-id", "/other", "--send"], true)
            .code,
        1
    );

    for usage in [
        &["approve", "op-1", "--proximity", "x"][..],
        &["approve", "op-1", "--proximity", "x://y?oid=op-2&potp=1"],
        &[
            "activate",
            "--url",
            "http://localhost:1",
            "--sdk-config",
            "x",
            "--code",
            "y",
        ],
        &[
            "activate",
            "--url",
            "http://localhost:1",
            "--code",
            "y",
            "--force",
        ],
        &["sign", "app", "--uri-id", "/app"],
        &["approve-offline", "hello"],
        &["status", "--ca-file"],
    ] {
        let run = host.run(usage, false);
        assert_eq!(run.code, 2, "{usage:?}: {}", run.stderr);
        assert!(!run.stderr.is_empty());
    }
    assert_eq!(
        host.run_as("1", &["approve", "op-1"], true).code,
        2,
        "the PIN is too short"
    );

    // An unreachable server, and one that answers nonsense.
    let stored = std::fs::read_to_string(&host.state).unwrap();
    let port = host.url.rsplit(':').next().unwrap();
    std::fs::write(&host.state, stored.replace(port, "1")).unwrap();
    let unreachable = host.run(&["status"], true);
    assert_eq!(
        (unreachable.code, &unreachable.json()["error"]["kind"]),
        (3, &json!("network"))
    );
    std::fs::write(&host.state, &stored).unwrap();
    host.with(|server| server.activation(&id).keys = None);
    let unreadable = host.run(&["status"], true);
    assert_eq!(
        (unreadable.code, &unreadable.json()["error"]["kind"]),
        (3, &json!("protocol"))
    );
    // Plain http stays on this machine.
    std::fs::write(
        &host.state,
        stored.replace("http://localhost", "http://bank.example"),
    )
    .unwrap();
    assert_eq!(host.run(&["status"], true).code, 2);
    std::fs::write(&host.state, "{}").unwrap();
    assert_eq!(host.run(&["show"], true).code, 2);
}

#[test]
fn a_server_without_temporary_keys() {
    let host = Host::new();
    host.forbid("/pa/v3/keystore/create");
    let refused = host.try_activate(&["--protocol", "3.3"]);
    assert_eq!(refused.code, 1);
    assert!(!host.state.exists());
    let activated = host.try_activate(&["--protocol", "3.3", "--fallback"]);
    assert_eq!(activated.json()["protocol"], "3.2");
    assert_eq!(host.try_activate(&[]).code, 2, "a phone lives there already");
    assert_eq!(
        host.try_activate(&["--force", "--protocol", "3.1"]).json()["protocol"],
        "3.1"
    );
}

#[test]
fn other_credentials() {
    let host = Host::new();
    let config = host.with(|server| server.sdk_config());
    let activate = |more: &[&str]| {
        let mut arguments = vec!["activate", "--url", &host.url, "--sdk-config", &config, "--force"];
        arguments.extend_from_slice(more);
        host.run(&arguments, true)
    };
    let custom = activate(&["--credential", "username=petr", "--credential", "password=x=y"]);
    assert_eq!(custom.code, 0, "{}", custom.stdout);
    let recovery = &custom.json()["recovery"];
    let code = format!("R:{}", recovery["code"].as_str().unwrap());
    let puk = recovery["puk"].as_str().unwrap().to_owned();
    let wrong = activate(&["--recovery-code", &code, "--puk", "0000000000"]);
    assert_eq!(
        (wrong.code, &wrong.json()["error"]["currentRecoveryPukIndex"]),
        (1, &json!(1))
    );
    assert_eq!(activate(&["--recovery-code", &code, "--puk", &puk]).code, 0);
    assert_eq!(activate(&["--credential", "x"]).code, 2);
    assert_eq!(activate(&[]).code, 2);

    // The three keys apart from each other.
    let (key, secret, master) = host.with(|server| {
        let master = base64::encode(server.master.public.as_bytes());
        (server.key.clone(), server.secret_text(), master)
    });
    let arguments = [
        "activate",
        "--url",
        &host.url,
        "--app-key",
        &key,
        "--app-secret",
        &secret,
    ];
    let arguments = [&arguments[..], &["--force", "--credential", "username=petr"]].concat();
    assert_eq!(host.run(&arguments, true).code, 2, "the master key is missing");
    let arguments = [&arguments[..], &["--master-key", &master]].concat();
    assert_eq!(host.run(&arguments, true).code, 0);
}

#[test]
fn offline_from_everywhere() {
    let host = Host::new();
    let id = ready(&host);
    let payload = host.with(|server| {
        let private = server.activation(&id).server.private.clone();
        let key = RustCrypto.import_private(&private).unwrap();
        let lines = "op-1\nPayment\nOne\\ntwo\nA1*A100CZK\nB";
        build_payload(lines, None, &[8; 16], PayloadKind::Personalized, key.as_ref()).unwrap()
    });
    let file = host.directory.join("payload.txt");
    std::fs::write(&file, format!("{payload}\n")).unwrap();
    let file = file.to_str().unwrap();
    let mut codes = Vec::new();
    let runs = [
        host.run(&["approve-offline", &payload], true),
        host.run(&["approve-offline", "--file", file], true),
        host.run_with_input(
            &["approve-offline", "--factor", "biometry"],
            &format!("{payload}\r\n"),
        ),
    ];
    for run in runs {
        assert_eq!(run.code, 0, "{}", run.stdout);
        codes.push(run.json()["code"].as_str().unwrap().to_owned());
    }
    let text = host.run(&["approve-offline", &payload], false).stdout;
    assert!(
        text.contains("Code to type: ") && text.contains("One two"),
        "{text}"
    );

    let kinds = host.with(|server| {
        let activation = server.activation(&id);
        let base = base_string("op-1", "A1*A100CZK", None, &base64::encode(&[8; 16]));
        let keys = activation.keys.as_ref().unwrap().factor_keys();
        codes
            .iter()
            .map(|code| {
                let verification = Verification {
                    base: &base,
                    signature: &canonical_code(code, 8).unwrap(),
                    allow_biometry: true,
                    component_length: 8,
                    totp: None,
                };
                let matched = verification.run(&keys, &activation.counter, 20).unwrap();
                matched.map(|matched| (matched.offset, matched.signature_type))
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(
        kinds,
        [
            Some((0, SignatureType::PossessionKnowledge)),
            Some((1, SignatureType::PossessionKnowledge)),
            Some((2, SignatureType::PossessionBiometry)),
        ]
    );
}

#[test]
fn commands_at_the_same_time_take_turns() {
    let host = Host::new();
    ready(&host);
    let arguments = ["sign", "/app", "--uri-id", "/app", "--body", "{}", "--send"];
    let children: Vec<_> = (0..8)
        .map(|_| {
            host.command(&arguments, true)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    assert_eq!(host.counters_checked(), 8);
    assert_eq!(host.ok(&["status"])["counter"], "IN_SYNC");
}

#[test]
fn the_file_is_private_and_without_the_pin() {
    let host = Host::new();
    ready(&host);
    let text = std::fs::read_to_string(&host.state).unwrap();
    assert!(!text.contains(support::PIN), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&host.state), 0o600);
        host.ok(&["sign", "/app", "--uri-id", "/app"]);
        assert_eq!(mode(&host.state), 0o600, "also after it was replaced");
    }
    // Where nothing can be written, nothing is sent.
    let before = host.with(|server| server.handled);
    let config = host.with(|server| server.sdk_config());
    let nowhere = host.directory.join("missing/phone.json");
    let arguments = [
        "activate",
        "--url",
        &host.url,
        "--sdk-config",
        &config,
        "--credential",
        "username=petr",
    ];
    let arguments = [&arguments[..], &["--state", nowhere.to_str().unwrap()]].concat();
    assert_eq!(host.run(&arguments, true).code, 2);
    assert_eq!(host.with(|server| server.handled), before);
}

#[test]
fn a_seed_repeats_bytes() {
    let host = Host::new();
    ready(&host);
    let stored = std::fs::read(&host.state).unwrap();
    let sign = |seed: &str| {
        std::fs::write(&host.state, &stored).unwrap();
        host.run(&["sign", "/app", "--uri-id", "/app", "--seed", seed], true)
            .stdout
    };
    let first = sign("7");
    assert_eq!(sign("7"), first);
    assert_ne!(sign("8"), first);
}

#[test]
fn the_time_of_the_server() {
    let host = Host::new();
    let id = ready(&host);
    // The phone's clock ahead: temporary keys have expired on arrival. Behind: envelopes are too old.
    for (offset, code) in [(-3, 3), (3, 1)] {
        host.set_clock_offset(offset * 3_600_000);
        let run = host.run(&["token", "--name", "t"], true);
        assert_eq!(run.code, code, "{offset} hours: {}", run.stdout);
        assert_eq!(run.stdout.contains("--server-time"), code == 3);
        assert_eq!(host.run(&["token", "--name", "t", "--server-time"], true).code, 0);
        host.ok(&["token", "--name", "t", "--server-time", "--remove"]);
    }
    assert_eq!(
        host.with(|server| server.activation(&id).status),
        BlobStatus::Active
    );
}

#[test]
fn a_lost_token_is_replaced() {
    let host = Host::new();
    ready(&host);
    host.ok(&["list"]);
    host.with(|server| server.tokens.clear());
    assert_eq!(host.ok(&["list"])["operations"], json!([]));
    assert_eq!(host.with(|server| server.tokens.len()), 1);
}

#[test]
fn an_activation_of_protocol_2_is_upgraded() {
    for version in ["3.0", "3.1", "3.2", "3.3"] {
        let host = Host::new();
        let id = host.activate(&["--protocol", version]);
        host.with(|server| server.activation(&id).status = BlobStatus::Active);
        assert_eq!(host.run(&["upgrade"], true).code, 3, "nothing to upgrade");
        host.with(|server| server.activation(&id).generation = 2);
        let mut stored: Value = serde_json::from_slice(&std::fs::read(&host.state).unwrap()).unwrap();
        stored["device"]["counter"] = json!({ "kind": "numeric", "value": 41 });
        std::fs::write(&host.state, stored.to_string()).unwrap();
        let sign = ["sign", "/app", "--uri-id", "/app", "--send"];
        assert_eq!(host.run(&sign, true).code, 3, "upgrade first");
        // The commit does not arrive; the next run goes on from there.
        host.forbid("/pa/v3/upgrade/commit");
        assert_eq!(host.run(&["upgrade"], true).code, 1);
        host.allow_all();
        assert_eq!(host.ok(&["upgrade"])["generation"], 3);
        host.ok(&sign);
    }
}

#[test]
fn qr_codes() {
    let host = Host::new();
    let Run { code, stdout, .. } = host.run(&["show-qr", "AAAQE-AYEAU-DAOCA-JIICA"], false);
    assert_eq!(code, 0);
    let lines: Vec<_> = stdout.lines().collect();
    // Version 2 has 25 modules and a quiet zone of four on each side; a line shows two rows.
    assert_eq!(lines.len(), 17, "{stdout}");
    assert!(lines.iter().all(|line| line.chars().count() == 33), "{stdout}");
    assert!(stdout.chars().all(|c| matches!(c, '█' | '▀' | '▄' | ' ' | '\n')));
}
