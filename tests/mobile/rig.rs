//! A bank with one kind of payment, its texts, and a phone.

use std::sync::Arc;

use countersign::api::{Api, Dialect};
use countersign::client::{Application, Approval, Proximity, Request};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::MemoryStore;
use serde_json::{Value, json};

use crate::support::prelude::TOKEN;
use crate::support::{Answer, Ask, Factors, Phone, World, engine};

pub const APP: &str = "bank";
pub const USER: &str = "user0";

pub struct Rig {
    pub world: World,
    pub application: Application,
    pub phone: Phone,
}

/// A request of an administrator or a back end outside `/rest/v3`.
pub fn plain(method: &str, path: &str, body: &Value) -> Ask {
    Ask {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: body.to_string().into_bytes(),
    }
}

pub fn merged(mut one: Value, other: Value) -> Value {
    one.as_object_mut()
        .unwrap()
        .extend(other.as_object().unwrap().clone());
    one
}

impl Rig {
    pub fn new() -> Self {
        let world = World::over(MemoryStore::new());
        let application = world.application(APP, ProtocolVersion::V3_2);
        let template = json!({
            "templateName": "payment", "operationType": "authorize_payment",
            "dataTemplate": "A1*A${amount}${currency}*N${note:-}",
            "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"],
            "maxFailureCount": 3, "expiration": 300,
        });
        world.rest("/operation/template/create", &template).ok();
        let mut phone = Phone::activate(&world, &application, USER, 1);
        phone.token(&world, TOKEN, Factors::Possession);
        let rig = Self {
            world,
            application,
            phone,
        };
        rig.texts(json!([{
            "placeholder": "authorize_payment", "language": "en",
            "title": "Payment", "message": "Please confirm ${amount} ${currency}",
        }]));
        rig
    }

    /// Another phone of any user, with a token.
    pub fn another(&self, user: &str, seed: u64) -> Phone {
        let mut phone = Phone::activate(&self.world, &self.application, user, seed);
        phone.token(&self.world, TOKEN, Factors::Possession);
        phone
    }

    /// The same records behind another dialect.
    pub fn speaking(&self, dialect: Dialect) -> World {
        let api = Api::new(engine()).open_to_anybody().with_dialect(dialect);
        World {
            api: Arc::new(api),
            ..self.world.clone()
        }
    }

    pub fn texts(&self, rows: Value) {
        self.world
            .ask(&plain("POST", "/admin/operation-texts", &rows))
            .ok();
    }

    pub fn create(&self, changes: Value) -> Value {
        let request = json!({
            "userId": USER, "applicationId": APP, "templateName": "payment",
            "parameters": { "amount": "100", "currency": "CZK" },
        });
        self.world
            .rest("/operation/create", &merged(request, changes))
            .ok()
    }

    pub fn payment(&self, changes: Value) -> (String, String) {
        let created = self.create(changes);
        let text = |name: &str| created[name].as_str().unwrap().to_owned();
        (text("id"), text("data"))
    }

    pub fn state(&self, id: &str) -> Value {
        self.world
            .rest("/operation/detail", &json!({ "operationId": id }))
            .ok()
    }

    /// Sends a request with a language.
    pub fn send_in(&self, world: &World, language: &str, request: &Request) -> Answer {
        let mut ask = Ask::from(request);
        ask.headers.push(("Accept-Language", language.to_owned()));
        world.ask(&ask)
    }

    pub fn list(&mut self, world: &World, language: &str) -> Answer {
        let now = world.now();
        let request = self.phone.device.list_operations(TOKEN, now, &mut self.phone.rng);
        self.send_in(world, language, &request.unwrap().request)
    }

    pub fn detail(&mut self, world: &World, language: &str, id: &str) -> Answer {
        let now = world.now();
        let request = self
            .phone
            .device
            .request_operation(id, TOKEN, now, &mut self.phone.rng);
        self.send_in(world, language, &request.unwrap().request)
    }

    pub fn history(&mut self, factors: Factors) -> Answer {
        let request = self.phone.with(factors, |device, authentication, rng| {
            device
                .request_history(authentication, rng)
                .unwrap()
                .assume_saved()
                .request
        });
        self.world.send(&request)
    }
}

/// A signed approval, not sent.
pub fn approval(
    phone: &mut Phone,
    id: &str,
    data: &str,
    proximity: Option<&Proximity>,
    factors: Factors,
    now: u64,
) -> Request {
    let approval = Approval {
        operation_id: id,
        data,
        proximity,
        mobile_token_data: None,
    };
    phone.with(factors, |device, authentication, rng| {
        device
            .approve_operation(&approval, authentication, now, rng)
            .unwrap()
            .assume_saved()
            .request
    })
}

/// A POST of any body, signed.
pub fn signed(phone: &mut Phone, path: &str, uri_id: &str, body: &[u8], factors: Factors) -> Ask {
    let request = phone.with(factors, |device, authentication, rng| {
        let request = countersign::client::SignRequest {
            method: "POST",
            path,
            uri_id,
            body,
        };
        device.sign(&request, authentication, rng).unwrap().assume_saved()
    });
    Ask::from(&request)
}

/// A POST of any body with a token.
pub fn with_token(phone: &mut Phone, path: &str, body: &Value, now: u64) -> Ask {
    let header = phone.device.token_header(TOKEN, now, &mut phone.rng).unwrap();
    let mut ask = plain("POST", path, body);
    ask.headers.push(("X-PowerAuth-Token", header.to_text()));
    ask
}

/// Status and code of an answer "no"; `OK` for any other.
#[track_caller]
pub fn outcome(answer: &Answer) -> (u16, String) {
    match answer.json()["status"].as_str() {
        Some("OK") => (answer.status, "OK".to_owned()),
        Some("ERROR") => (answer.status, answer.code()),
        other => panic!("{other:?}"),
    }
}
