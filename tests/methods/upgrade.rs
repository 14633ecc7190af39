//! Upgrade of an activation of protocol 2: the phone's whole way, every check in order, what repeats.

use countersign::crypto::ecies::Purpose;
use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::ActivationStatus;
use countersign::model::journal::Event;
use serde_json::{Value, json};

use crate::bank::{BANK, Bank, Fault, NO_KEY, UNKNOWN, checks_in_order, merged, opened};
use crate::support::records::history;
use crate::support::{Answer, Ask, Factors};

const START: &str = "/upgrade/start";
const COMMIT: &str = "/upgrade/commit";

fn request(bank: &Bank) -> Value {
    json!({ "activationId": bank.phone.id(), "applicationKey": bank.application.key() })
}

fn start(bank: &mut Bank) -> (Value, countersign::crypto::ecies::ResponseOpener) {
    let (envelope, opener) = bank.seal(Purpose::UpgradeStart, b"{}");
    let request = merged(request(bank), &json!({ "protocolVersion": "3.2" }));
    (merged(request, &envelope), opener)
}

fn told(answer: &Answer) -> String {
    match answer.status {
        200 => "ok".to_owned(),
        _ => answer.code(),
    }
}

/// A phone of protocol 2 finds out, starts, loses an answer, starts again, commits, and signs.
#[test]
fn a_phone_upgrades() {
    for version in ProtocolVersion::ALL {
        let mut bank = Bank::new(version);
        bank.make_old();
        let before = bank.record();
        let status = bank.phone.device.request_status(&mut bank.phone.rng).unwrap();
        let answer = bank.world.send(&status.request);
        let status = status
            .pending
            .read(&mut bank.phone.device, answer.status, &answer.body)
            .unwrap();
        assert!(status.upgrade_available(), "{version}");

        let mut counters = Vec::new();
        for _ in 0..2 {
            let now = bank.world.now();
            bank.phone.refresh(&bank.world);
            let phone = &mut bank.phone;
            let call = phone.device.start_upgrade(now, &mut phone.rng).unwrap();
            let answer = bank.world.send(&call.request);
            call.pending
                .read(&mut bank.phone.device, answer.status, &answer.body)
                .unwrap();
            let record = bank.record();
            assert_eq!(
                (record.version, record.counter, record.last_change),
                (Some(2), before.counter, before.last_change)
            );
            counters.push(record.counter_data.unwrap());
        }
        assert_eq!(counters[0], counters[1], "{version}: the counter is made once");

        let events = bank.events();
        let phone = &mut bank.phone;
        let call = phone
            .device
            .commit_upgrade(&mut phone.rng)
            .unwrap()
            .assume_saved();
        // The answer is lost, and the phone commits again: its signature is used, the upgrade is done.
        assert_eq!(bank.world.send(&call.request).status, 200, "{version}");
        let again = bank.world.send(&call.request);
        assert_eq!((again.status, again.code().as_str()), (401, "ERR_AUTHENTICATION"));
        let phone = &mut bank.phone;
        let repeated = phone
            .device
            .commit_upgrade(&mut phone.rng)
            .unwrap()
            .assume_saved();
        let refused = bank.world.send(&repeated.request);
        assert_eq!((refused.status, refused.code().as_str()), (400, "ERR_UPGRADE"));
        let answer = Answer {
            status: 200,
            body: br#"{"status":"OK"}"#.to_vec(),
        };
        call.pending
            .read(&mut bank.phone.device, answer.status, &answer.body)
            .unwrap();

        let after = bank.record();
        assert_eq!((after.version, after.status), (Some(3), ActivationStatus::Active));
        assert_eq!(after.last_change, Some(bank.world.now()));
        assert_eq!(bank.events(), events, "no callback");
        // The commit and its repetition, each with a counter value of its own.
        assert_eq!(after.counter, before.counter + 2);
        let lines = bank.world.rest("/activation/history", &request(&bank)).ok();
        let line = &lines["items"][0];
        assert_eq!(
            (&line["eventReason"], &line["version"], &line["activationStatus"]),
            (&json!("ACTIVATION_VERSION_CHANGED"), &json!(3), &json!("ACTIVE"))
        );
        assert_eq!(line["externalUserId"], Value::Null);
        assert!(bank.world.ask(&bank.phone.login(Factors::Pin).ask()).valid());
        let attempt = &bank.attempts()[0];
        assert_eq!((attempt.version, attempt.valid), (3, true));
        println!("{version}: upgraded");
    }
}

/// A start is one note in the journal, a commit one line of history; a repeated start is neither.
#[test]
fn each_change_is_journaled_once() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    bank.make_old();
    let from = history(&*bank.world.store, &bank.phone.id()).len();
    for _ in 0..3 {
        let (sent, opener) = start(&mut bank);
        let answer = bank.world.rest(START, &sent).ok();
        let counter = opened(opener, &answer)["ctrData"].clone();
        let stored = countersign::crypto::encoding::base64::encode(&bank.record().counter_data.unwrap());
        assert_eq!(counter, json!(stored));
        let replayed = bank.world.rest(START, &sent);
        assert_eq!(told(&replayed), "ERR0024", "a replay");
    }
    bank.world.rest(COMMIT, &request(&bank)).ok();
    let entries = history(&*bank.world.store, &bank.phone.id()).split_off(from);
    let kinds: Vec<&str> = entries
        .iter()
        .map(|entry| match &entry.event {
            Event::Note(note) => note.kind.as_str(),
            Event::History(line) => line.reason.as_deref().unwrap(),
            Event::Signature(_) => "signature",
        })
        .collect();
    assert_eq!(kinds, ["upgrade_started", "ACTIVATION_VERSION_CHANGED"]);
}

const STARTS: [Fault; 13] = [
    Fault {
        name: "no activation",
        expected: "ERR0024",
        apply: |it| it["activationId"] = Value::Null,
    },
    Fault {
        name: "no key",
        expected: "ERR0024",
        apply: |it| it["applicationKey"] = Value::Null,
    },
    Fault {
        name: "no version",
        expected: "ERR0018",
        apply: |it| it["protocolVersion"] = Value::Null,
    },
    Fault {
        name: "version 2.1",
        expected: "ERR0018",
        apply: |it| it["protocolVersion"] = json!("2.1"),
    },
    Fault {
        name: "no nonce",
        expected: "ERR0018",
        apply: |it| it["nonce"] = Value::Null,
    },
    Fault {
        name: "no ciphertext",
        expected: "ERR0018",
        apply: |it| it["encryptedData"] = Value::Null,
    },
    Fault {
        name: "not Base64",
        expected: "ERR0018",
        apply: |it| it["encryptedData"] = json!("?"),
    },
    Fault {
        name: "too old",
        expected: "ERR0024",
        apply: |it| it["timestamp"] = json!(1),
    },
    Fault {
        name: "unknown activation",
        expected: "ERR0009",
        apply: |it| it["activationId"] = json!(UNKNOWN),
    },
    Fault {
        name: "unknown key",
        expected: "ERR0015",
        apply: |it| it["applicationKey"] = json!(NO_KEY),
    },
    Fault {
        name: "MAC",
        expected: "ERR0018",
        apply: |it| it["mac"] = json!(format!("{}=", "A".repeat(43))),
    },
    Fault {
        name: "no point",
        expected: "ERR0018",
        apply: |it| it["ephemeralPublicKey"] = json!("AAAA"),
    },
    Fault {
        name: "another point",
        expected: "ERR0018",
        apply: |it| it["nonce"] = json!(NO_KEY),
    },
];

const COMMITS: [Fault; 4] = [
    Fault {
        name: "no activation",
        expected: "ERR0024",
        apply: |it| it["activationId"] = Value::Null,
    },
    Fault {
        name: "no key",
        expected: "ERR0024",
        apply: |it| it["applicationKey"] = Value::Null,
    },
    Fault {
        name: "unknown activation",
        expected: "ERR0009",
        apply: |it| it["activationId"] = json!(UNKNOWN),
    },
    Fault {
        name: "unknown key",
        expected: "ERR0015",
        apply: |it| it["applicationKey"] = json!(NO_KEY),
    },
];

#[test]
fn every_check_in_order() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    bank.make_old();
    let fresh = |bank: &mut Bank| start(bank).0;
    checks_in_order(&mut bank, START, &STARTS, fresh, told);
    let (sent, _) = start(&mut bank);
    bank.world.rest(START, &sent).ok();
    checks_in_order(&mut bank, COMMIT, &COMMITS, |bank| request(bank), told);
}

/// State and version come before the application key and the envelope.
#[test]
fn only_active_ones_of_version_2() {
    let mut cases = 0;
    for status in [
        ActivationStatus::Created,
        ActivationStatus::PendingCommit,
        ActivationStatus::Active,
        ActivationStatus::Blocked,
        ActivationStatus::Removed,
    ] {
        for version in [None, Some(2), Some(3)] {
            for started in [false, true] {
                let mut bank = Bank::new(ProtocolVersion::V3_2);
                bank.make_old();
                bank.tamper(move |activation| {
                    activation.status = status;
                    activation.version = version;
                    activation.counter_data = started.then(|| vec![1; 16]);
                });
                let usable = status == ActivationStatus::Active && version == Some(2);
                let case = format!("{status:?}, version {version:?}, started: {started}");
                let committed = told(&bank.world.rest(COMMIT, &request(&bank)));
                assert_eq!(committed == "ok", usable && started, "{case}");
                if committed == "ok" {
                    bank.tamper(|activation| activation.version = Some(2));
                } else {
                    assert_eq!(committed, "ERR0008", "{case}");
                }
                let (mut sent, _) = start(&mut bank);
                if !usable {
                    sent["applicationKey"] = json!(NO_KEY);
                    sent["mac"] = json!(NO_KEY);
                    sent["mac"] = json!(format!("{}=", "A".repeat(43)));
                }
                let expected = if usable { "ok" } else { "ERR0008" };
                assert_eq!(told(&bank.world.rest(START, &sent)), expected, "{case}");
                cases += 1;
            }
        }
    }
    println!("{cases} states");
}

#[test]
fn the_key_must_be_of_the_application_and_supported() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    bank.make_old();
    let other = bank.world.application("other", ProtocolVersion::V3_2);
    let version = json!({ "applicationId": BANK, "applicationVersionId": "default" });
    let (mut foreign, _) = start(&mut bank);
    foreign["applicationKey"] = json!(other.key());
    assert_eq!(told(&bank.world.rest(START, &foreign)), "ERR0015");
    let (sent, _) = start(&mut bank);
    bank.world.rest("/application/version/unsupport", &version).ok();
    assert_eq!(told(&bank.world.rest(START, &sent)), "ERR0015");
    bank.tamper(|activation| activation.counter_data = Some(vec![1; 16]));
    assert_eq!(told(&bank.world.rest(COMMIT, &request(&bank))), "ERR0015");
    let foreign = merged(request(&bank), &json!({ "applicationKey": other.key() }));
    assert_eq!(told(&bank.world.rest(COMMIT, &foreign)), "ERR0015");
    assert_eq!(bank.record().version, Some(2));
    bank.world.rest("/application/version/support", &version).ok();
    bank.world.rest(COMMIT, &request(&bank)).ok();
}

/// Only with the forced version, and only once the hash counter exists, does a signature count at all.
#[test]
fn forced_signatures() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let signed = bank.phone.login(Factors::Pin);
    let wrong = bank.phone.login(Factors::WrongPin);
    let counter = bank.record().counter_data;
    let forced =
        |verify: &Value, version: u64| merged(verify.clone(), &json!({ "forcedSignatureVersion": version }));
    let mut cases = 0;
    for (version, exists, force, evaluated) in [
        (2, false, None, false),
        (2, false, Some(3), false),
        (2, true, None, false),
        (2, true, Some(2), false),
        (2, true, Some(3), true),
        (3, true, None, true),
        (3, true, Some(3), true),
        (3, true, Some(2), true),
    ] {
        let data = exists.then(|| counter.clone()).flatten();
        bank.tamper(move |activation| {
            activation.version = Some(version);
            activation.counter = 7;
            activation.counter_data.clone_from(&data);
            activation.failed_attempts = 0;
        });
        for (verify, right) in [(&wrong.verify, false), (&signed.verify, true)] {
            let sent = force.map_or_else(|| verify.clone(), |force| forced(verify, force));
            let before = bank.record();
            let answer = bank.world.ask(&Ask::rest("/signature/verify", &sent));
            let case = format!("version {version}, counter: {exists}, forced: {force:?}, right: {right}");
            assert_eq!(answer.valid(), evaluated && right, "{case}");
            let object = answer.object();
            assert_eq!(object["signatureType"].is_null(), !evaluated, "{case}");
            assert_eq!(object["activationStatus"], "ACTIVE", "{case}");
            let after = bank.record();
            let counted = u64::from(evaluated && !right);
            assert_eq!(after.failed_attempts, counted, "{case}");
            assert_eq!(
                after.counter - before.counter,
                u64::from(evaluated && right),
                "{case}"
            );
            let attempt = bank.attempts().pop().unwrap();
            let shown = if evaluated { 3 } else { version };
            assert_eq!(
                (attempt.version, attempt.valid),
                (shown, evaluated && right),
                "{case}"
            );
            assert_eq!(attempt.counter_data.is_some(), exists, "{case}");
            cases += 1;
        }
    }
    println!("{cases} forced and unforced signatures");
}

#[test]
fn phones_learn_little() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    bank.make_old();
    let now = bank.world.now();
    let phone = &mut bank.phone;
    let call = phone.device.start_upgrade(now, &mut phone.rng).unwrap();
    type Change = fn(&mut Ask);
    let no_header: Change = |ask| ask.headers.retain(|(name, _)| !name.starts_with("X-"));
    let no_scope: Change = |ask| {
        for (name, value) in &mut ask.headers {
            if name.starts_with("X-") {
                *value = value.split(", activation_id").next().unwrap().to_owned();
            }
        }
    };
    let unknown: Change = |ask| {
        for (name, value) in &mut ask.headers {
            if name.starts_with("X-") {
                let (before, _) = value.split_once("activation_id=\"").unwrap();
                *value = format!("{before}activation_id=\"{UNKNOWN}\"");
            }
        }
    };
    let no_body: Change = |ask| ask.body = b"{}".to_vec();
    let changed: Change = |ask| {
        let mut body: Value = serde_json::from_slice(&ask.body).unwrap();
        body["mac"] = json!(format!("{}=", "A".repeat(43)));
        ask.body = body.to_string().into_bytes();
    };
    for (name, change, expected) in [
        ("no header", no_header, (400, "ERR_UPGRADE")),
        ("application scope", no_scope, (400, "ERR_UPGRADE")),
        ("unknown activation", unknown, (400, "ERR_UPGRADE")),
        ("no envelope", no_body, (401, "ERR_AUTHENTICATION")),
        ("another MAC", changed, (400, "ERR_UPGRADE")),
    ] {
        let mut ask = Ask::from(&call.request);
        change(&mut ask);
        let before = bank.records();
        let answer = bank.world.ask(&ask);
        assert_eq!((answer.status, answer.code().as_str()), expected, "{name}");
        assert!(bank.records() == before, "{name}");
    }
    let answer = bank.world.send(&call.request);
    call.pending
        .read(&mut bank.phone.device, answer.status, &answer.body)
        .unwrap();
    let phone = &mut bank.phone;
    let call = phone
        .device
        .commit_upgrade(&mut phone.rng)
        .unwrap()
        .assume_saved();
    for (name, change) in [
        ("no header", no_header),
        ("no body", |ask: &mut Ask| ask.body.clear()),
    ] as [(&str, Change); 2]
    {
        let mut ask = Ask::from(&call.request);
        change(&mut ask);
        let before = bank.records();
        assert_eq!(bank.world.ask(&ask).status, 401, "{name}");
        assert!(bank.records() == before, "{name}");
    }
    let mut other = Ask::from(&call.request);
    other.body = b"{ }".to_vec();
    assert_eq!(bank.world.ask(&other).status, 401, "another body");
    assert_eq!(bank.record().version, Some(2));
    // Possession is no guess: nothing was counted, and the right one still works.
    assert_eq!(bank.record().failed_attempts, 0);
    assert_eq!(bank.world.send(&call.request).status, 200);
    // Two factors are not what is asked for.
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let header = bank.phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .authorize("POST", "/pa/upgrade/commit", b"{}", authentication, rng)
            .unwrap()
            .assume_saved()
    });
    let mut ask = Ask::from(&call.request);
    for (name, value) in &mut ask.headers {
        if name.starts_with("X-") {
            *value = header.to_text();
        }
    }
    let before = bank.records();
    assert_eq!(bank.world.ask(&ask).status, 401);
    assert!(bank.records() == before);
}
