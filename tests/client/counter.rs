//! The counter synchronisation table of spec 9.4, against a direct reading of the table, over every distance.

use crate::rig::Rig;
use crate::support::{load, pin};
use countersign::client::{Authentication, CounterState, Device, ReplyError};
use countersign::crypto::counter::HashCounter;
use countersign::crypto::encoding::base64;
use countersign::crypto::secret::Secret;
use countersign::crypto::status::{BlobStatus, StatusBlob};
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn steps(start: &HashCounter, count: usize) -> HashCounter {
    (0..count).fold(start.clone(), |counter, _| counter.next())
}

/// The table, read row by row; `None` as counter byte is "not known yet".
fn table(h: i64, local: Option<u8>, received: u8, window: i64) -> CounterState {
    let Some(local) = local else {
        return if h == 0 {
            CounterState::Adopted
        } else {
            CounterState::Waiting
        };
    };
    let plain = i64::from(local) - i64::from(received);
    let b = [plain, plain - 256, plain + 256]
        .into_iter()
        .min_by_key(|distance| distance.abs())
        .unwrap();
    let b = if b.abs() == 128 { plain } else { b };
    if h == 0 && b == 0 {
        CounterState::InSync
    } else if b > 0 && h == -1 {
        if b > window {
            CounterState::Deadlock
        } else if 2 * b > window {
            CounterState::SignSoon
        } else {
            CounterState::Ahead
        }
    } else if h >= 0 && -b == h {
        CounterState::Adopted
    } else {
        CounterState::Deadlock
    }
}

struct Bench {
    state: Value,
    device: Device,
    transport: Secret<16>,
    start: HashCounter,
}

impl Bench {
    fn new() -> Self {
        let mut rig = Rig::new(ProtocolVersion::V3_1);
        let id = rig.id();
        let transport = rig.server.activation(&id).keys.clone().unwrap().transport;
        let state = serde_json::from_str(&rig.device.to_state().to_json().unwrap()).unwrap();
        Self {
            state,
            device: rig.device,
            transport,
            start: HashCounter::from_bytes([7; 16]),
        }
    }

    /// A device at a counter reads a status; the outcome and the device's counter afterwards.
    fn read(&mut self, local: &HashCounter, byte: Option<u8>, blob: &StatusBlob) -> (CounterState, Value) {
        self.state["counter"] = crate::support::hash_counter(local.as_bytes(), byte);
        self.device = load(&self.state.to_string());
        let mut rng = crate::support::Seeded::new(3);
        let call = self.device.request_status(&mut rng).unwrap();
        let body: Value = serde_json::from_slice(&call.request.body).unwrap();
        let object = &body["requestObject"];
        let challenge = base64::decode_array(object["challenge"].as_str().unwrap()).unwrap();
        let nonce = [9; 16];
        let encrypted = blob
            .encrypt(&self.transport, &challenge, &nonce, &mut rng)
            .unwrap();
        let reply = json!({ "status": "OK", "responseObject": {
            "activationId": object["activationId"],
            "encryptedStatusBlob": base64::encode(&encrypted),
            "nonce": base64::encode(&nonce),
        }});
        let status = call
            .pending
            .read(&mut self.device, 200, reply.to_string().as_bytes())
            .unwrap();
        let after: Value = serde_json::from_str(&self.device.to_state().to_json().unwrap()).unwrap();
        (status.counter, after["counter"].clone())
    }
}

#[test]
fn every_row_of_the_table() {
    let mut bench = Bench::new();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases = 0;
    let chain: Vec<HashCounter> = (0..90).map(|count| steps(&bench.start, count)).collect();
    for window in [1_u8, 2, 20, 64] {
        // Positive: the server's hash is so many steps ahead of the phone's; negative: behind, not to be found.
        for lead in (-3..=i64::from(window) + 2).filter(|lead| lead.abs() < 70) {
            let phone_at = 5_usize;
            let server_at = usize::try_from(5 + lead).unwrap();
            let h = if (0..i64::from(window)).contains(&lead) {
                lead
            } else {
                -1
            };
            for local in [None, Some(0_u8), Some(130)] {
                for distance in 0..=255_u8 {
                    if local.is_none() && distance > 1 {
                        continue;
                    }
                    // The far distances matter at one window only.
                    if window != 20 && (80..=176).contains(&distance) && distance % 16 != 0 {
                        continue;
                    }
                    let received = local.unwrap_or(17).wrapping_add(distance);
                    let blob = StatusBlob {
                        status: BlobStatus::Active,
                        current_version: 3,
                        upgrade_version: 3,
                        counter_byte: received,
                        failed_attempts: 0,
                        max_failed_attempts: 5,
                        look_ahead: window,
                        counter_digest: chain[server_at].digest(&bench.transport),
                    };
                    let expected = table(h, local, received, i64::from(window));
                    let (found, counter) = bench.read(&chain[phone_at], local, &blob);
                    assert_eq!(
                        found, expected,
                        "window {window}, lead {lead}, {local:?}, {received}"
                    );
                    let after = if expected == CounterState::Adopted {
                        crate::support::hash_counter(chain[server_at].as_bytes(), Some(received))
                    } else {
                        crate::support::hash_counter(chain[phone_at].as_bytes(), local)
                    };
                    assert_eq!(
                        counter, after,
                        "window {window}, lead {lead}, {local:?}, {received}"
                    );
                    *outcomes.entry(format!("{found:?}")).or_default() += 1;
                    cases += 1;
                }
            }
        }
    }
    println!("counter synchronisation: {cases} cases, {outcomes:?}");
    assert_eq!(outcomes.len(), 6, "every outcome occurs: {outcomes:?}");
}

#[test]
fn lost_requests_and_lost_answers() {
    for version in [
        ProtocolVersion::V3_1,
        ProtocolVersion::V3_2,
        ProtocolVersion::V3_3,
    ] {
        let mut rig = Rig::new(version);
        let pin = pin();
        let factors = Authentication::PossessionKnowledge(&pin);
        let state = |rig: &mut Rig| rig.status().unwrap().counter;
        assert_eq!(state(&mut rig), CounterState::InSync);
        // Requests that never arrive: the phone runs ahead.
        for lost in 1..=20 {
            let signed = rig.device.validate_signature(&factors, &mut rig.rng).unwrap();
            drop(signed.assume_saved());
            let expected = if lost > 10 {
                CounterState::SignSoon
            } else {
                CounterState::Ahead
            };
            assert_eq!(state(&mut rig), expected, "after {lost}");
            if lost == 19 {
                break;
            }
        }
        rig.validate(&factors).unwrap();
        assert_eq!(state(&mut rig), CounterState::InSync);

        // A backup of the phone is restored: the server is ahead, the status brings it back.
        let backup = rig.device.to_state().to_json().unwrap();
        for _ in 0..19 {
            rig.validate(&factors).unwrap();
        }
        rig.device = load(&backup);
        assert_eq!(state(&mut rig), CounterState::Adopted);
        assert_eq!(state(&mut rig), CounterState::InSync);
        rig.validate(&factors).unwrap();

        // Too far apart in either direction.
        let backup = rig.device.to_state().to_json().unwrap();
        for _ in 0..20 {
            rig.validate(&factors).unwrap();
        }
        rig.device = load(&backup);
        assert_eq!(state(&mut rig), CounterState::Deadlock);
        assert!(rig.validate(&factors).is_err());
    }
}

#[test]
fn the_byte_wraps() {
    let mut rig = Rig::new(ProtocolVersion::V3_2);
    let pin = pin();
    for _ in 0..300 {
        rig.validate(&Authentication::PossessionKnowledge(&pin)).unwrap();
    }
    assert_eq!(rig.status().unwrap().counter, CounterState::InSync);
    let state: Value = serde_json::from_str(&rig.device.to_state().to_json().unwrap()).unwrap();
    assert_eq!(state["counter"]["byte"], 300 % 256);
}

#[test]
fn what_is_no_status() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let id = rig.id();
    let call = rig.device.request_status(&mut rig.rng).unwrap();
    let (_, body) = rig.server.handle(&call.request);
    let reply: Value = serde_json::from_slice(&body).unwrap();
    let mut read = |change: &dyn Fn(&mut Value)| {
        let mut reply = reply.clone();
        change(&mut reply["responseObject"]);
        // The same seed asks the same question.
        let mut rng = crate::support::Seeded::new(77);
        let question = rig.device.request_status(&mut rng).unwrap();
        let _ = question.request;
        question
            .pending
            .read(&mut rig.device, 200, reply.to_string().as_bytes())
            .err()
    };
    // The answer to another challenge.
    assert_eq!(read(&|_| ()), Some(ReplyError::Decryption));
    assert_eq!(
        read(&|reply| reply["activationId"] = json!("other")),
        Some(ReplyError::OtherActivation)
    );
    assert_eq!(
        read(&|reply| reply["nonce"] = Value::Null),
        Some(ReplyError::Decryption)
    );
    assert_eq!(
        read(&|reply| reply["nonce"] = json!("AA==")),
        Some(ReplyError::Malformed("nonce"))
    );
    assert_eq!(
        read(&|reply| reply["encryptedStatusBlob"] = json!("AA==")),
        Some(ReplyError::Malformed("encryptedStatusBlob"))
    );
    // The right challenge, and an activation the server no longer knows.
    rig.server.activation(&id).keys = None;
    assert_eq!(rig.status().err(), Some(ReplyError::Decryption));
}
