//! Claims about the user, for whoever has the keys of an ACTIVE activation.

use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::bank::{Bank, UNKNOWN};
use crate::support::Ask;

const PATH: &str = "/pa/v3/user/info";

#[test]
fn without_claims_the_map_is_empty() {
    for version in ProtocolVersion::ALL {
        let mut bank = Bank::new(version);
        bank.phone.refresh(&bank.world);
        let now = bank.world.now();
        for plain in [&b"{}"[..], b"", b"anything"] {
            let phone = &mut bank.phone;
            let call = phone.device.encrypt(PATH, plain, now, &mut phone.rng).unwrap();
            let before = bank.record();
            let answer = bank.world.send(&call.request);
            let claims: Value = call.pending.read_json(answer.status, &answer.body).unwrap();
            assert_eq!(claims, json!({}), "{version}");
            assert_eq!(bank.record(), before);
            let again = bank.world.send(&call.request).status;
            assert_eq!(
                again,
                if version.has_timestamp() { 400 } else { 200 },
                "{version}"
            );
        }
    }
}

#[test]
fn others_are_refused_alike() {
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    let now = bank.world.now();
    let phone = &mut bank.phone;
    let call = phone.device.encrypt(PATH, b"{}", now, &mut phone.rng).unwrap();
    let fine = Ask::from(&call.request);
    type Change = fn(&mut Ask);
    let no_header: Change = |ask| ask.headers.retain(|(name, _)| !name.starts_with("X-"));
    let unknown: Change = |ask| {
        for (name, value) in &mut ask.headers {
            if name.starts_with("X-") {
                let (before, _) = value.split_once("activation_id=\"").unwrap();
                *value = format!("{before}activation_id=\"{UNKNOWN}\"");
            }
        }
    };
    let changed: Change = |ask| {
        let mut body: Value = serde_json::from_slice(&ask.body).unwrap();
        body["mac"] = json!(format!("{}=", "A".repeat(43)));
        ask.body = body.to_string().into_bytes();
    };
    let no_envelope: Change = |ask| ask.body = b"{}".to_vec();
    let changes = [no_header, unknown, changed, no_envelope];
    let refused = |bank: &Bank, change: Change| {
        let mut ask = fine.clone();
        change(&mut ask);
        let before = bank.records();
        let answer = bank.world.ask(&ask);
        assert!(bank.records() == before);
        (answer.status, answer.code())
    };
    for change in changes {
        assert_eq!(refused(&bank, change), (400, "ERR_ENCRYPTION".to_owned()));
    }
    // Only whoever has the keys is told that they are of no use.
    let one = json!({ "activationId": bank.phone.id() });
    for state in ["block", "remove"] {
        bank.world.rest(&format!("/activation/{state}"), &one).ok();
        assert_eq!(
            refused(&bank, |_| ()),
            (400, "ERR_USER_INFO".to_owned()),
            "{state}"
        );
        for change in changes {
            assert_eq!(
                refused(&bank, change),
                (400, "ERR_ENCRYPTION".to_owned()),
                "{state}"
            );
        }
    }
}
