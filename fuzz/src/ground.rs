//! An engine with an application and an activated phone, for targets that need something to work on.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::api::{Api, Call, Request, Response};
use countersign::bridge::phone::{Phone, PhoneRequest, Step as PhoneStep};
use countersign::bridge::seeded::Seeded;
use countersign::crypto::backend::RustCrypto;
use countersign::crypto::schedule::FactorKeys;
use countersign::crypto::secret::Secret;
use countersign::engine::{Config, Engine, Keyring, Place, SealingKey};
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::store::{
    Answer, Commit, Entity, EntropyError, Host, Input, Key, MemoryStore, Operation, Query, Step,
};
use serde_json::{Value, json};

/// When everything happens, in milliseconds since the epoch.
pub const NOW: u64 = 1_700_000_000_000;

/// What is there before a sample is played.
pub struct Ground {
    pub api: Api,
    pub store: MemoryStore,
    pub activation: String,
    pub application_key: String,
    pub application_secret: String,
    pub keys: FactorKeys,
}

/// A clock that is moved, and numbers that come once.
pub struct Hands {
    pub now: AtomicU64,
    drawn: AtomicU64,
}

impl Hands {
    pub fn new(seed: u64) -> Self {
        Self {
            now: AtomicU64::new(NOW),
            drawn: AtomicU64::new(seed << 32),
        }
    }
}

impl Host for Hands {
    fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            let number = self.drawn.fetch_add(1, Ordering::Relaxed);
            let mixed = (number ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
            for (slot, byte) in chunk.iter_mut().zip((mixed ^ (mixed >> 32)).to_be_bytes()) {
                *slot = byte;
            }
        }
        Ok(())
    }
}

/// What the store does for one step.
pub fn served<R>(store: &MemoryStore, step: Step<R>) -> Result<R, Input> {
    Err(match step {
        Step::Done(reply) => return Ok(reply),
        Step::Read(queries) => Input::Answers(store.read_now(&queries)),
        Step::Commit(batch) => match store.commit_now(&batch) {
            Commit::Applied => Input::Applied,
            Commit::Conflict(current) => Input::Conflict(current),
        },
    })
}

/// Runs a call to its end.
pub fn finish(mut call: Call, store: &MemoryStore, host: &dyn Host) -> Response {
    let mut input = Input::Start;
    loop {
        match served(store, call.step(input, host)) {
            Ok(response) => return response,
            Err(next) => input = next,
        }
    }
}

impl Ground {
    /// A method of the server API: status and `responseObject`.
    pub fn rest(&self, store: &MemoryStore, host: &dyn Host, path: &str, object: &Value) -> (u16, Value) {
        let body = json!({ "requestObject": object }).to_string();
        let request = Request {
            method: "POST",
            path: &format!("/rest/v3{path}"),
            query: None,
            headers: &[("content-type", "application/json")],
            body: body.as_bytes(),
            peer: None,
        };
        let response = finish(self.api.call(&request), store, host);
        let mut answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        (response.status, answer["responseObject"].take())
    }

    /// The activation as it is stored.
    pub fn record(&self, store: &MemoryStore) -> Activation {
        let key = Key::new(ACTIVATION, self.activation.clone());
        match store.read_now(&[Query::Get(key)]).pop() {
            Some(Answer::Record(Some(record))) => Activation::decode(&record.body).unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

fn engine() -> (Engine, Keyring) {
    let ring = || {
        let key = SealingKey {
            id: 1,
            key: Secret::from_bytes([7; 32]),
        };
        Keyring::new(key, Vec::new())
    };
    let mut engine = Engine::new(Config::default(), ring());
    engine.backend = &RustCrypto;
    (engine, ring())
}

fn build() -> Ground {
    let (engine, ring) = engine();
    let mut ground = Ground {
        api: Api::new(engine.into()).open_to_anybody(),
        store: MemoryStore::new(),
        activation: String::new(),
        application_key: String::new(),
        application_secret: String::new(),
        keys: FactorKeys {
            possession: Secret::from_bytes([0; 16]),
            knowledge: Secret::from_bytes([0; 16]),
            biometry: Secret::from_bytes([0; 16]),
        },
    };
    let host = Hands::new(0);
    let rest = |path: &str, object: Value| {
        let (status, answer) = ground.rest(&ground.store, &host, path, &object);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    rest("/application/create", json!({ "applicationId": "bank" }));
    let detail = rest("/application/detail", json!({ "applicationId": "bank" }));
    let version = detail["versions"][0].clone();
    let template = json!({
        "templateName": "login", "operationType": "login", "dataTemplate": "A2", "maxFailureCount": 3,
        "signatureType": ["POSSESSION_KNOWLEDGE"], "expiration": 300,
    });
    rest("/operation/template/create", template);
    let init = rest(
        "/activation/init",
        json!({ "userId": "user", "applicationId": "bank" }),
    );
    let settings = json!({ "seed": "fuzz", "version": "3.2", "mobileSdkConfig": version["mobileSdkConfig"] });
    let mut phone = Phone::new(&settings.to_string(), Box::new(Seeded::new("fuzz", "system"))).unwrap();
    let command = json!({ "do": "activate", "code": init["activationCode"], "pin": "1234" });
    let mut step = phone.perform(&command.to_string(), NOW).unwrap();
    let result = loop {
        let message = match step {
            PhoneStep::Request(message) => message,
            PhoneStep::Result(text) => break text,
        };
        let asked = PhoneRequest::read(&message).unwrap();
        let request = Request {
            method: asked.method,
            path: asked.path,
            query: asked.query,
            headers: &asked.headers,
            body: asked.body,
            peer: None,
        };
        let response = finish(ground.api.call(&request), &ground.store, &host);
        step = phone.answer(response.status, &response.body, NOW).unwrap();
    };
    let result: Value = serde_json::from_slice(&result).unwrap();
    let id = result["result"]["activationId"].as_str().unwrap().to_owned();
    rest("/activation/commit", json!({ "activationId": id }));
    let text = |name: &str| version[name].as_str().unwrap().to_owned();
    (ground.application_key, ground.application_secret) = (text("applicationKey"), text("applicationSecret"));
    ground.activation = id;
    let record = ground.record(&ground.store);
    let place = Place {
        collection: ACTIVATION,
        id: &record.id,
        field: "keys",
    };
    let all: Secret<80> = ring.open_array(place, record.keys.as_deref().unwrap()).unwrap();
    let key = |at: usize| Secret::from_slice(&all.as_bytes()[at * 16..][..16]).unwrap();
    ground.keys = FactorKeys {
        possession: key(0),
        knowledge: key(1),
        biometry: key(2),
    };
    ground
}

/// The one that all samples begin with a copy of.
pub fn ground() -> &'static Ground {
    static GROUND: LazyLock<Ground> = LazyLock::new(build);
    &GROUND
}
