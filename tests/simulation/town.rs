//! What every history begins with, made once: an application, templates, callback URLs, and phones
//! whose signatures for the next counter values lie ready, so that a history costs little
//! cryptography.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign::api::Api;
use countersign::client::DeviceState;
use countersign::crypto::encoding::base64;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::{Config, Engine, Error, Keyring};
use countersign::model::callback::CallbackType;
use countersign::store::driver::drive;
use countersign::store::{Machine, MemoryStore, Record, Tx};
use serde_json::{Value, json};

use crate::keys;
use crate::secrets::Secrets;
use crate::shelf::Shelf;
use crate::support::prelude::{APPLICATION, TOKEN};
use crate::support::{Ask, Factors, Phone, Prelude, engine};

/// Activated phones, each of a user of its own; one more waits for its commit.
pub const PHONES: usize = 3;
/// Counter values that the server tries, as the specification has it.
pub const LOOK_AHEAD: u64 = 20;
/// Failed attempts that block, as the specification has it.
pub const ATTEMPTS: u64 = 5;
/// Signatures that lie ready per phone and choice of factors.
pub const CODES: u64 = 120;
/// Encrypted requests that lie ready.
pub const ENVELOPES: usize = 2;
/// In the order of [`Handset::codes`].
pub const FACTORS: [Factors; 4] = [
    Factors::Possession,
    Factors::Pin,
    Factors::WrongPin,
    Factors::Biometry,
];

/// An operation template.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    pub name: &'static str,
    pub factors: &'static [&'static str],
    pub attempts: u64,
    /// Milliseconds.
    pub lifetime: u64,
}

/// The templates of the town.
pub const TEMPLATES: [Template; 2] = [
    Template {
        name: "pay",
        factors: &["POSSESSION_KNOWLEDGE"],
        attempts: 2,
        lifetime: 120_000,
    },
    Template {
        name: "login",
        factors: &["POSSESSION", "POSSESSION_BIOMETRY"],
        attempts: 1,
        lifetime: 60_000,
    },
];

/// A phone before its first signature of the history.
pub struct Handset {
    pub id: String,
    pub user: String,
    /// Its token; empty when it has none.
    pub token: String,
    /// Counter value at the beginning.
    pub first: u64,
    /// The device at each counter value from then on.
    pub states: Vec<DeviceState>,
    /// `requestObject` of `signature/verify` for a login: per counter value and choice of factors.
    pub codes: Vec<Vec<Value>>,
    /// CTR_DATA at each counter value.
    pub counter_data: Vec<Vec<u8>>,
}

/// Everything that all histories share.
pub struct Town {
    pub prelude: Prelude,
    /// The last one still waits for its commit, and has no token.
    pub handsets: Vec<Handset>,
    /// `requestObject` of `token/create` for the first phone.
    pub envelopes: Vec<Value>,
    /// Callback URLs with what they want to hear of.
    pub urls: BTreeMap<String, CallbackType>,
    /// Two nodes in the middle of a key rotation: each seals with a key that the other only opens.
    pub apis: Vec<Arc<Api>>,
    /// Nodes whose keys are those of the store, by how many they know: 1, the first two …
    pub knowing: Vec<Arc<Api>>,
    /// The same that know one only, by its number.
    pub only: Vec<Arc<Api>>,
    /// As `apis`, with a look-ahead that is one too long.
    pub far_sighted: Vec<Arc<Api>>,
    /// The records at the beginning.
    pub records: Vec<Record>,
    pub shelf: Shelf,
    pub secrets: Secrets,
}

fn apis(config: &Config) -> Vec<Arc<Api>> {
    let api = |current, older| {
        let mut engine = Engine::new(
            config.clone(),
            Keyring::new(keys::key(current), vec![keys::key(older)]),
        );
        engine.backend = crate::support::engine().backend;
        Arc::new(Api::new(Arc::new(engine)).open_to_anybody())
    };
    vec![api(1, 2), api(2, 1)]
}

/// A node whose keys are those of the store, of which it knows these.
fn keyed(config: &Config, first: u32, last: u32) -> Arc<Api> {
    let ring = Keyring::of_store(keys::key(first));
    for id in first + 1..=last {
        ring.learn(keys::key(id)).unwrap();
    }
    let mut engine = Engine::new(config.clone(), ring);
    engine.backend = crate::support::engine().backend;
    Arc::new(Api::new(Arc::new(engine)).open_to_anybody())
}

impl Town {
    /// Builds it.
    pub fn build() -> Self {
        let mut urls = BTreeMap::new();
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, PHONES, |world| {
            for template in TEMPLATES {
                world.rest("/operation/template/create", &template.request()).ok();
            }
            let kinds = [
                ("ACTIVATION_STATUS_CHANGE", CallbackType::ActivationStatusChange),
                ("OPERATION_STATUS_CHANGE", CallbackType::OperationStatusChange),
                ("OPERATION_STATUS_CHANGE", CallbackType::OperationStatusChange),
            ];
            for (number, (name, kind)) in kinds.into_iter().enumerate() {
                let request = json!({
                    "applicationId": APPLICATION, "name": format!("url{number}"), "type": name,
                    "callbackUrl": format!("https://bank.example/{number}"),
                    "attributes": ["activationStatus", "status", "userId", "failureCount"],
                });
                let created = world.rest("/application/callback/create", &request).ok();
                urls.insert(created["id"].as_str().unwrap().to_owned(), kind);
            }
        });
        let mut handsets: Vec<Handset> = (0..PHONES)
            .map(|number| Handset::prepare(prelude.phone(number, 1), number))
            .collect();
        for (number, handset) in (0..).zip(&mut handsets) {
            let header = prelude.phone(number, 1).present(TOKEN, prelude.now);
            header["tokenId"].as_str().unwrap().clone_into(&mut handset.token);
        }
        let mut phone = prelude.phone(0, 500);
        let envelopes = (0..ENVELOPES).map(|_| envelope(&mut phone, prelude.now));
        let envelopes = envelopes.collect();
        let application = prelude.application.clone();
        prelude.extend(|world| {
            let user = format!("user{PHONES}");
            let pending = Phone::pending(world, &application, &user, 900, &json!({}));
            handsets.push(Handset::prepare(pending, PHONES));
            let create = |tx: &mut Tx<'_>| keys::create(tx).map(Ok::<_, Error>);
            let mut create = Machine::new(None, create);
            pollster::block_on(drive(&mut create, &*world.store, &world.lanes, &*world.host)).unwrap();
        });
        let config = engine().config.clone();
        assert_eq!(
            (u64::from(config.look_ahead), config.max_failed_attempts),
            (LOOK_AHEAD, ATTEMPTS)
        );
        let far_sighted = Config {
            look_ahead: config.look_ahead + 1,
            ..config.clone()
        };
        let mut shelf = Shelf::default();
        prelude.batches.iter().for_each(|batch| shelf.keep(batch));
        let records = prelude.memory().records();
        Self {
            secrets: Secrets::of(&engine().keyring, &records),
            shelf,
            records,
            prelude,
            handsets,
            envelopes,
            urls,
            apis: apis(&config),
            knowing: (1..=keys::MOST).map(|last| keyed(&config, 1, last)).collect(),
            only: (1..=keys::MOST).map(|id| keyed(&config, id, id)).collect(),
            far_sighted: apis(&far_sighted),
        }
    }

    /// The records at the beginning.
    pub fn store(&self) -> MemoryStore {
        self.prelude.memory()
    }

    /// CTR_DATA of an activation at a counter value.
    pub fn counter_data(&self, activation: &str, counter: u64) -> Option<&Vec<u8>> {
        let handset = self.handsets.iter().find(|it| it.id == activation)?;
        handset.counter_data.get(handset.steps(counter))
    }
}

impl Template {
    fn request(&self) -> Value {
        json!({
            "templateName": self.name, "operationType": self.name, "dataTemplate": "A1*A${amount}EUR",
            "signatureType": self.factors, "maxFailureCount": self.attempts,
            "expiration": self.lifetime / 1_000,
        })
    }
}

impl Handset {
    /// Steps from the beginning to a counter value.
    pub fn steps(&self, position: u64) -> usize {
        usize::try_from(position - self.first).unwrap()
    }

    fn prepare(mut phone: Phone, number: usize) -> Self {
        let seed = 1_000 * (u64::try_from(number).unwrap() + 1);
        let first = phone.position;
        let (mut states, mut codes, mut counter_data) = (Vec::new(), Vec::new(), Vec::new());
        for position in first..first + CODES {
            let state = phone.device.to_state();
            let code = |(at, factors): (u64, Factors)| {
                Phone::from_state(&state, position, seed + 4 * position + at)
                    .login(factors)
                    .verify
            };
            codes.push((0..).zip(FACTORS).map(code).collect());
            counter_data.push(counter_data_of(&state));
            states.push(state);
            phone.login(Factors::Possession);
        }
        Self {
            id: phone.id(),
            user: format!("user{number}"),
            token: String::new(),
            first,
            states,
            codes,
            counter_data,
        }
    }
}

fn counter_data_of(state: &DeviceState) -> Vec<u8> {
    let state: Value = serde_json::from_str(&state.to_json().unwrap()).unwrap();
    base64::decode(state["counter"]["data"].as_str().unwrap()).unwrap()
}

/// The envelope of a request for a token, as a back end that verified the signature passes it on.
fn envelope(phone: &mut Phone, now: u64) -> Value {
    let call = phone.with(Factors::Possession, |device, authentication, rng| {
        device
            .create_token("other", authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    let application = phone.device.application();
    let more = json!({
        "activationId": phone.id(), "applicationKey": application.key(), "signatureType": "POSSESSION",
        "protocolVersion": application.version().as_str(),
    });
    let mut request: Value = serde_json::from_slice(&Ask::from(&call.request).body).unwrap();
    request
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    request
}
