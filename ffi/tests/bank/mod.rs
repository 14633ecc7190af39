//! A bank in this process, and a phone that is played against it: what benchmarks of crossings do without one.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign_core::api::guard::Guard;
use countersign_core::api::{Api, Request, Response};
use countersign_core::bridge::phone::{Phone, PhoneRequest, Step};
use countersign_core::bridge::{self, Settings};
use countersign_core::crypto::random::{Random, RandomError};
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::{EntropyError, Host, MemoryStore};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

struct System;

impl Host for System {
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(since.as_millis()).unwrap()
    }
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

pub struct Bank {
    api: Api,
    store: MemoryStore,
    lanes: Lanes,
}

fn post<'a>(path: &'a str, headers: &'a [(&'a str, &'a str)], body: &'a [u8]) -> Request<'a> {
    Request {
        method: "POST",
        path,
        query: None,
        headers,
        body,
        peer: None,
    }
}

impl Bank {
    pub fn new() -> Self {
        let settings = Settings {
            key_id: 1,
            key: &[7; 32],
            open: true,
        };
        Self {
            api: bridge::open(&settings).unwrap(),
            store: MemoryStore::new(),
            lanes: Lanes::new(),
        }
    }

    fn handle(&self, request: &Request<'_>) -> Response {
        let mut call = self.api.call(request);
        pollster::block_on(drive(&mut call, &self.store, &self.lanes, &System))
    }

    /// A method of the server API, with a body as it is.
    pub fn ask(&self, path: &str, body: &str) -> Response {
        self.handle(&post(&format!("/rest/v3{path}"), &[JSON], body.as_bytes()))
    }

    fn rest(&self, path: &str, object: &Value) -> Value {
        let reply = self.ask(path, &json!({ "requestObject": object }).to_string());
        assert_eq!(reply.status, 200, "{path}");
        serde_json::from_slice::<Value>(&reply.body).unwrap()["responseObject"].take()
    }

    /// Has a phone do something; its result.
    pub fn perform(&self, phone: &mut Phone, command: &Value) -> Value {
        let mut step = phone.perform(&command.to_string(), System.now()).unwrap();
        loop {
            match step {
                Step::Result(result) => {
                    return serde_json::from_slice::<Value>(&result).unwrap()["result"].take();
                }
                Step::Request(message) => {
                    let request = PhoneRequest::read(&message).unwrap();
                    let reply = self.handle(&post(request.path, &request.headers, request.body));
                    step = phone.answer(reply.status, &reply.body, System.now()).unwrap();
                }
            }
        }
    }

    /// An active phone with the PIN 1234 and biometry.
    pub fn phone(&self) -> Phone {
        self.rest("/application/create", &json!({ "applicationId": "bank" }));
        let detail = self.rest("/application/detail", &json!({ "applicationId": "bank" }));
        let settings = json!({ "mobileSdkConfig": detail["versions"][0]["mobileSdkConfig"] });
        let mut phone = Phone::new(&settings.to_string(), Box::new(System)).unwrap();
        let init = json!({ "applicationId": "bank", "userId": "alice" });
        let init = self.rest("/activation/init", &init);
        let activate =
            json!({ "do": "activate", "code": init["activationCode"], "pin": "1234", "biometry": true });
        self.perform(&mut phone, &activate);
        self.rest(
            "/activation/commit",
            &json!({ "activationId": init["activationId"] }),
        );
        phone
    }

    /// Lets a request with a signature, as the phone's command `signatureHeader` gives it, into a route.
    pub fn enter(&self, guard: &Guard, header: &Value, body: &str) {
        let headers = [(
            header["name"].as_str().unwrap(),
            header["value"].as_str().unwrap(),
        )];
        let request = post("/transfer", &headers, body.as_bytes());
        let mut check = guard.check(self.api.engine(), &request);
        let verdict = pollster::block_on(drive(&mut check, &self.store, &self.lanes, &System));
        assert!(verdict.is_ok());
    }
}
