//! Sequences of methods, each two bytes long, about one activation and its operations. What must hold is checked after
//! each: against a small model of what the answer has to be, and in the records.

use std::sync::atomic::Ordering;

use countersign::crypto::base::signed_bytes;
use countersign::crypto::counter::HashCounter;
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute};
use countersign::model::activation::{Activation, ActivationStatus};
use countersign::store::MemoryStore;
use serde_json::{Value, json};

use super::ground::{Ground, Hands, ground};

const WINDOW: usize = 20;
const DATA: &str = "POST&L2xvZ2lu&bm9uY2U=&e30=";
/// Methods of one sample.
const MOST: usize = 48;

struct Play<'a> {
    ground: &'a Ground,
    store: MemoryStore,
    host: Hands,
    /// Counter values of the phone, from its first one on.
    chain: Vec<HashCounter>,
    /// Counter value of the server at the beginning.
    first: u64,
    /// Places in `chain` whose signatures were valid.
    accepted: Vec<usize>,
    operations: Vec<(String, String)>,
    before: Activation,
}

impl<'a> Play<'a> {
    fn new(ground: &'a Ground, seed: u64) -> Self {
        let store = ground.store.clone();
        let before = ground.record(&store);
        let start = before.counter_data.as_deref().unwrap().try_into().unwrap();
        Self {
            ground,
            host: Hands::new(seed),
            chain: vec![HashCounter::from_bytes(start)],
            first: before.counter,
            accepted: Vec::new(),
            operations: Vec::new(),
            store,
            before,
        }
    }

    fn rest(&self, path: &str, object: &Value) -> (u16, Value) {
        self.ground.rest(&self.store, &self.host, path, object)
    }

    fn signature(&mut self, place: usize, kind: SignatureType) -> String {
        while self.chain.len() <= place {
            let next = self.chain.last().unwrap().next();
            self.chain.push(next);
        }
        let data = signed_bytes(DATA, &self.ground.application_secret);
        let counter = self.chain[place].as_bytes();
        compute(&self.ground.keys, kind, counter, &data, SignatureFormat::Base64)
    }

    fn verify(&self, signature: &str, kind: SignatureType) -> bool {
        let request = json!({
            "activationId": self.ground.activation, "applicationKey": self.ground.application_key, "data": DATA,
            "signature": signature, "signatureType": kind.as_upper_str(), "signatureVersion": "3.2",
        });
        let (status, answer) = self.rest("/signature/verify", &request);
        assert_eq!(status, 200, "{answer}");
        answer["signatureValid"] == true
    }

    /// Where the server's counter stands in `chain`.
    fn place(&self) -> usize {
        usize::try_from(self.before.counter - self.first).unwrap()
    }

    fn act(&mut self, method: u8, value: u8) {
        let kind = match value & 3 {
            0 => SignatureType::Possession,
            1 => SignatureType::PossessionBiometry,
            _ => SignatureType::PossessionKnowledge,
        };
        let id = json!({ "activationId": self.ground.activation });
        let active = self.before.status == ActivationStatus::Active;
        match method % 13 {
            // A right signature, from the value before the server's on to those behind its window.
            0 | 1 => {
                let place = (self.place() + usize::from(value >> 2) % 24).saturating_sub(1);
                let inside = place >= self.place() && place - self.place() < WINDOW;
                let signature = self.signature(place, kind);
                let valid = self.verify(&signature, kind);
                assert_eq!(valid, active && inside, "{place} at {}", self.place());
                if valid {
                    assert!(!self.accepted.contains(&place), "{place} was valid before");
                    self.accepted.push(place);
                }
            }
            2 => {
                if let Some(place) = self.accepted.get(usize::from(value) % self.accepted.len().max(1)) {
                    let signature = self.signature(*place, kind);
                    assert!(!self.verify(&signature, kind), "replayed");
                }
            }
            3 => assert!(!self.verify("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", kind)),
            4 => drop(self.rest("/activation/block", &id)),
            5 => drop(self.rest("/activation/unblock", &id)),
            6 if value == 255 => drop(self.rest("/activation/remove", &id)),
            6 => {
                let passed = u64::from(value) * 4_000;
                self.host.now.fetch_add(passed, Ordering::Relaxed);
            }
            7 if self.operations.len() < 4 => {
                let request = json!({ "userId": "user", "applicationId": "bank", "templateName": "login" });
                let (status, answer) = self.rest("/operation/create", &request);
                assert_eq!(status, 200, "{answer}");
                let id = answer["id"].as_str().unwrap().to_owned();
                self.operations.push((id, "PENDING".to_owned()));
            }
            other => self.operate(other, value),
        }
    }

    fn operate(&mut self, method: u8, value: u8) {
        let count = self.operations.len().max(1);
        let Some((id, status)) = self.operations.get(usize::from(value) % count).cloned() else {
            return;
        };
        let one = json!({ "operationId": id });
        let act = json!({
            "operationId": id, "userId": if value & 128 == 0 { "user" } else { "other" }, "applicationId": "bank",
            "data": if value & 64 == 0 { "A2" } else { "A3" }, "signatureType": "POSSESSION_KNOWLEDGE",
        });
        let (code, answer) = match method {
            8 => self.rest("/operation/approve", &act),
            9 => self.rest("/operation/reject", &act),
            10 => self.rest("/operation/cancel", &one),
            11 => self.rest("/operation/approve/fail", &one),
            _ => self.rest("/operation/detail", &one),
        };
        let approved = method == 8 && code == 200 && answer["result"] == "APPROVED";
        assert!(
            !approved || (status == "PENDING" && value & 192 == 0),
            "{status} {value:x}"
        );
        let (code, detail) = self.rest("/operation/detail", &one);
        assert_eq!(code, 200);
        let after = detail["status"].as_str().unwrap().to_owned();
        // Of an end there is one.
        assert!(status == "PENDING" || status == after, "{status} became {after}");
        assert!(!approved || after == "APPROVED");
        let count = self.operations.len();
        self.operations[usize::from(value) % count].1 = after;
    }

    /// What holds whatever was asked.
    fn check(&mut self, method: u8) {
        use ActivationStatus::{Active, Blocked, Removed};
        let after = self.ground.record(&self.store);
        let (from, to) = (self.before.status, after.status);
        let allowed = match (from, to) {
            (from, to) if from == to => true,
            (Active, Blocked) => [0, 1, 2, 3, 4].contains(&(method % 13)),
            (Blocked, Active) => method % 13 == 5,
            (_, Removed) => method % 13 == 6,
            _ => false,
        };
        assert!(allowed, "{from:?} became {to:?} by {method}");
        assert!(after.failed_attempts <= after.max_failed_attempts);
        let (from, place) = (self.place(), usize::try_from(after.counter - self.first).unwrap());
        assert!((from..=from + WINDOW).contains(&place), "{from} became {place}");
        if let Some(counter) = self.chain.get(place) {
            assert_eq!(after.counter_data.as_deref(), Some(counter.as_bytes().as_slice()));
        }
        self.before = after;
    }
}

/// Accepted when a signature was valid, or an operation reached an end.
pub fn states(data: &[u8]) -> bool {
    let mut play = Play::new(ground(), 1);
    for step in data.as_chunks::<2>().0.iter().take(MOST) {
        play.act(step[0], step[1]);
        play.check(step[0]);
    }
    !play.accepted.is_empty() || play.operations.iter().any(|(_, status)| status != "PENDING")
}
