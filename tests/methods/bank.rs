//! A bank with one phone, whose requests can also be made by hand.

use std::sync::Arc;

use countersign::api::Api;
use countersign::client::{self, Application};
use countersign::crypto::backend::default_backend;
use countersign::crypto::base;
use countersign::crypto::ecies::{
    Encryptor, EnvelopeResponse, Parameters, Purpose, ResponseOpener, shared_info2_base,
};
use countersign::crypto::header::{AUTHORIZATION_HEADER, AuthorizationHeader};
use countersign::crypto::key::PublicKey;
use countersign::crypto::secret::Secret;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::{Config, Engine, Place};
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::journal::{Event, Signature};
use countersign::store::{MemoryStore, Record};
use serde_json::{Value, json};

use crate::support::host::START;
use crate::support::records::{activation, history};
use crate::support::{Answer, Ask, Clock, Dice, Phone, World, engine, tamper};

pub const BANK: &str = "bank";
pub const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
/// An application key that nobody has.
pub const NO_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAA==";

pub struct Bank {
    pub world: World,
    store: Arc<MemoryStore>,
    pub application: Application,
    pub phone: Phone,
    rng: Dice,
}

impl Bank {
    /// A bank whose phone speaks `version`.
    pub fn new(version: ProtocolVersion) -> Self {
        Self::with(engine(), version)
    }

    /// With other settings than the default ones.
    pub fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let mut engine = Engine::clone(&engine());
        change(&mut engine.config);
        Self::with(Arc::new(engine), ProtocolVersion::V3_2)
    }

    fn with(engine: Arc<Engine>, version: ProtocolVersion) -> Self {
        let store = Arc::new(MemoryStore::new());
        let world = World::with(engine, store.clone(), Clock::new(1, START));
        let application = world.application(BANK, version);
        let callback = json!({
            "applicationId": BANK, "name": "all", "type": "ACTIVATION_STATUS_CHANGE",
            "callbackUrl": "http://localhost/", "attributes": [],
        });
        world.rest("/application/callback/create", &callback).ok();
        let phone = Phone::activate(&world, &application, "joe", 1);
        Self {
            world,
            store,
            application,
            phone,
            rng: Dice::new(2),
        }
    }

    /// The same records behind a dispatcher that asks for credentials.
    pub fn restricted(&self) -> World {
        World {
            api: Arc::new(Api::new(self.world.api.engine().clone())),
            ..self.world.clone()
        }
    }

    pub fn record(&self) -> Activation {
        activation(&*self.world.store, &self.phone.id())
    }

    /// Everything that is stored.
    pub fn records(&self) -> Vec<Record> {
        self.store.records()
    }

    /// Signature attempts in the activation's journal, oldest first.
    pub fn attempts(&self) -> Vec<Signature> {
        let entries = history(&*self.world.store, &self.phone.id()).into_iter();
        let attempts = entries.filter_map(|entry| match entry.event {
            Event::Signature(attempt) => Some(*attempt),
            _ => None,
        });
        attempts.collect()
    }

    /// Bodies of the callback events.
    pub fn events(&self) -> usize {
        let events = self.records().into_iter();
        events
            .filter(|record| record.key.collection == countersign::model::callback::EVENT)
            .count()
    }

    /// Changes the record of the activation behind the engine's back.
    pub fn tamper(&self, change: impl Fn(&mut Activation) + Send) {
        tamper::tamper(&self.world, &self.phone.id(), change);
    }

    /// Turns activation and phone into ones of protocol 2.
    pub fn make_old(&mut self) {
        tamper::make_old(&self.world, &mut self.phone, 7);
    }

    fn state(&self) -> Value {
        serde_json::from_str(&self.phone.device.to_state().to_json().unwrap()).unwrap()
    }

    /// An envelope of protocol 3.2 from the phone, over `plain`, and what opens the answer.
    pub fn seal(&mut self, purpose: Purpose, plain: &[u8]) -> (Value, ResponseOpener) {
        let (state, record) = (self.state(), self.record());
        let place = Place {
            collection: ACTIVATION,
            id: &record.id,
            field: "keys",
        };
        let keys = &self.world.api.engine().keyring;
        let keys = keys
            .open_array::<80>(place, record.keys.as_deref().unwrap())
            .unwrap();
        let transport = Secret::from_slice(&keys.as_bytes()[48..64]).unwrap();
        let parameters = Parameters {
            version: ProtocolVersion::V3_2,
            purpose,
            application_key: self.application.key(),
            activation_id: Some(&record.id),
            temporary_key_id: None,
        };
        let base = shared_info2_base(state["applicationSecret"].as_str().unwrap(), Some(&transport));
        let backend = default_backend();
        let recipient = PublicKey::from_bytes(backend, &record.server_public).unwrap();
        let now = self.world.now();
        let rng = &mut self.rng;
        let encryptor = Encryptor::new(backend, &recipient, &parameters, &base, rng).unwrap();
        let (request, opener) = encryptor.seal(plain, now, rng).unwrap();
        (serde_json::to_value(request).unwrap(), opener)
    }
}

/// One object out of two.
pub fn merged(mut one: Value, other: &Value) -> Value {
    one.as_object_mut()
        .unwrap()
        .extend(other.as_object().unwrap().clone());
    one
}

/// The plaintext of a sealed answer.
pub fn opened(opener: ResponseOpener, answer: &Value) -> Value {
    let envelope: EnvelopeResponse = serde_json::from_value(answer.clone()).unwrap();
    serde_json::from_slice(opener.open(&envelope).unwrap().as_bytes()).unwrap()
}

/// What a back end makes of a signed and encrypted request of its phone.
pub fn forwarded(request: &client::Request, uri_id: &str) -> Value {
    let header = AuthorizationHeader::parse(request.header(AUTHORIZATION_HEADER).unwrap()).unwrap();
    let signed = json!({
        "activationId": header.activation_id,
        "applicationKey": header.application_key,
        "signedData": base::build("POST", uri_id, &header.nonce, &request.body),
        "signature": header.signature,
        "signatureType": header.signature_type.as_upper_str(),
        "signatureVersion": header.version.as_str(),
    });
    merged(signed, &serde_json::from_slice(&request.body).unwrap())
}

/// A fault that a request can have, and what it is answered with when it is the first.
pub struct Fault {
    pub name: &'static str,
    pub expected: &'static str,
    pub apply: fn(&mut Value),
}

/// Sends requests with every end of the list of faults: of several, the first decides. `fresh` makes
/// a valid request. Each refusal must leave the records as they are.
pub fn checks_in_order(
    bank: &mut Bank,
    path: &str,
    faults: &[Fault],
    mut fresh: impl FnMut(&mut Bank) -> Value,
    told: fn(&Answer) -> String,
) {
    for first in 0..faults.len() {
        for only in [true, false] {
            let mut request = fresh(bank);
            let end = if only { first + 1 } else { faults.len() };
            // The last first, so that what an earlier fault removes stays removed.
            for fault in faults[first..end].iter().rev() {
                (fault.apply)(&mut request);
            }
            let before = bank.records();
            let answer = bank.world.ask(&Ask::rest(path, &request));
            let case = format!("{path}: {}, alone: {only}: {request}", faults[first].name);
            assert_eq!(told(&answer), faults[first].expected, "{case}");
            assert!(bank.records() == before, "{case}");
        }
    }
    println!("{path}: {} faults, alone and with all later ones", faults.len());
}
