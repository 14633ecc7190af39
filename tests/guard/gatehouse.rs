//! A bank with routes of its own, and a phone.

use countersign::api::Request;
use countersign::api::guard::{Check, Guard, Passed};
use countersign::client::{Application, Authentication, BiometryKey, Pin, SignRequest};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;
use countersign::store::MemoryStore;
use countersign::store::driver::drive;
use serde_json::json;

use crate::support::phone::PIN;
use crate::support::prelude::TOKEN;
use crate::support::{Answer, Ask, Factors, Phone, World, activation};

pub const APP: &str = "bank";
pub const USER: &str = "alice";
pub const BODY: &[u8] = br#"{"to":"CZ65","amount":"100.00"}"#;
/// 401, as phones expect it.
pub const UNAUTHENTICATED: (u16, &str) = (401, "ERR_AUTHENTICATION");
pub const UNDECRYPTABLE: (u16, &str) = (400, "ERR_ENCRYPTION");

pub struct Gatehouse {
    pub world: World,
    pub application: Application,
    pub phone: Phone,
}

/// Status and code of a refusal.
#[track_caller]
pub fn refusal(verdict: Result<Passed, Answer>) -> (u16, String) {
    let answer = verdict.map(|passed| passed.caller).unwrap_err();
    assert_eq!(answer.json()["status"], "ERROR");
    (answer.status, answer.code())
}

#[track_caller]
pub fn refused(verdict: Result<Passed, Answer>, expected: (u16, &str)) {
    assert_eq!(refusal(verdict), (expected.0, expected.1.to_owned()));
}

pub fn prepare(world: &World, guard: &Guard, ask: &Ask) -> Check {
    let headers: Vec<(&str, &str)> = ask.headers.iter().map(|(name, text)| (*name, &**text)).collect();
    let (path, query) = match ask.path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (&*ask.path, None),
    };
    let request = Request {
        method: &ask.method,
        path,
        query,
        headers: &headers,
        body: &ask.body,
        peer: None,
    };
    guard.check(world.api.engine(), &request)
}

impl Gatehouse {
    pub fn new(version: ProtocolVersion) -> Self {
        let world = World::over(MemoryStore::new());
        let application = world.application(APP, version);
        let mut phone = Phone::activate(&world, &application, USER, 1);
        phone.token(&world, TOKEN, Factors::Possession);
        let flags = json!({ "activationId": phone.id(), "activationFlags": ["VIP"] });
        world.rest("/activation/flags/create", &flags).ok();
        Self {
            world,
            application,
            phone,
        }
    }

    pub fn check(&self, guard: &Guard, ask: &Ask) -> Result<Passed, Answer> {
        let mut check = prepare(&self.world, guard, ask);
        let World {
            store, lanes, host, ..
        } = &self.world;
        pollster::block_on(drive(&mut check, &**store, lanes, &**host)).map_err(Answer::from)
    }

    /// A request, signed.
    pub fn signed(&mut self, factors: Factors, uri_id: &str, body: &[u8]) -> Ask {
        self.phone.with(factors, |device, authentication, rng| {
            let request = SignRequest {
                method: "POST",
                path: "/app/transfer",
                uri_id,
                body,
            };
            let signed = device.sign(&request, authentication, rng).unwrap();
            Ask::from(&signed.assume_saved())
        })
    }

    /// A request, signed with any combination of factors.
    pub fn signed_as(&mut self, kind: SignatureType, method: &str, path: &str, body: &[u8]) -> Ask {
        let pin = Pin::new(PIN).unwrap();
        let key = BiometryKey::from_bytes([0xB1; 16]);
        let authentication = match kind {
            SignatureType::Possession => Authentication::Possession,
            SignatureType::Knowledge => Authentication::Knowledge(&pin),
            SignatureType::Biometry => Authentication::Biometry(&key),
            SignatureType::PossessionKnowledge => Authentication::PossessionKnowledge(&pin),
            SignatureType::PossessionBiometry => Authentication::PossessionBiometry(&key),
            SignatureType::PossessionKnowledgeBiometry => {
                Authentication::PossessionKnowledgeBiometry(&pin, &key)
            }
        };
        let request = SignRequest {
            method,
            path,
            uri_id: "/transfer",
            body,
        };
        let Phone { device, rng, .. } = &mut self.phone;
        let signed = device.sign(&request, &authentication, rng).unwrap();
        Ask::from(&signed.assume_saved())
    }

    /// A request with the token, made at `now`.
    pub fn with_token(&mut self, now: u64, body: &[u8]) -> Ask {
        let header = self
            .phone
            .device
            .token_header(TOKEN, now, &mut self.phone.rng)
            .unwrap();
        Ask {
            method: "POST".to_owned(),
            path: "/app/balance".to_owned(),
            headers: vec![("X-PowerAuth-Token", header.to_text())],
            body: body.to_vec(),
        }
    }

    /// Failed attempts of the phone's activation.
    pub fn failures(&self) -> u64 {
        activation(&*self.world.store, &self.phone.id()).failed_attempts
    }

    /// What back ends are told of the activation.
    pub fn state(&self) -> String {
        let request = json!({ "activationId": self.phone.id() });
        let status = self.world.rest("/activation/status", &request).ok();
        status["activationStatus"].as_str().unwrap().to_owned()
    }
}
