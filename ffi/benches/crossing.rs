//! What the benchmarks of the packages for other languages do, without a crossing. Prints nanoseconds per call.
#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark"
)]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign_core::api::guard::Guard;
use countersign_core::api::{Api, Request, Response};
use countersign_core::bridge::phone::{Phone, PhoneRequest, Step};
use countersign_core::bridge::{self, Settings};
use countersign_core::crypto::random::{Random, RandomError};
use countersign_core::crypto::signature::SignatureType;
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::{EntropyError, Host, MemoryStore};
use serde_json::Value;

const JSON: (&str, &str) = ("content-type", "application/json");
const BODY: &[u8] = br#"{"iban":"CZ65"}"#;

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

struct Bank {
    api: Api,
    store: MemoryStore,
    lanes: Lanes,
}

impl Bank {
    fn handle(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let request = Request {
            method,
            path,
            query: None,
            headers,
            body,
            peer: None,
        };
        let mut call = self.api.call(&request);
        pollster::block_on(drive(&mut call, &self.store, &self.lanes, &System))
    }

    fn rest(&self, path: &str, body: &str) -> Value {
        let body = format!(r#"{{"requestObject":{body}}}"#);
        let reply = self.handle("POST", &format!("/rest/v3{path}"), &[JSON], body.as_bytes());
        assert_eq!(reply.status, 200, "{path}");
        let mut reply: Value = serde_json::from_slice(&reply.body).unwrap();
        reply["responseObject"].take()
    }

    fn perform(&self, phone: &mut Phone, command: &str) -> Value {
        let mut step = phone.perform(command, System.now()).unwrap();
        loop {
            match step {
                Step::Result(text) => {
                    let mut value: Value = serde_json::from_slice(&text).unwrap();
                    return value["result"].take();
                }
                Step::Request(message) => {
                    let request = PhoneRequest::read(&message).unwrap();
                    let reply = self.handle(request.method, request.path, &request.headers, request.body);
                    step = phone.answer(reply.status, &reply.body, System.now()).unwrap();
                }
            }
        }
    }
}

/// Mean of one second of calls, after a warm-up; `prepare` is not counted.
fn measure<T>(name: &str, mut prepare: impl FnMut() -> T, mut call: impl FnMut(T)) {
    for counted in [false, true] {
        let (mut spent, mut calls) = (Duration::ZERO, 0_u32);
        let until = Instant::now() + Duration::from_secs(2);
        while Instant::now() < until {
            let prepared = prepare();
            let began = Instant::now();
            call(prepared);
            spent += began.elapsed();
            calls += 1;
        }
        if counted {
            println!(
                "{name:<12} {:>10.0} ns",
                spent.as_nanos() as f64 / f64::from(calls)
            );
        }
    }
}

fn main() {
    let settings = Settings {
        key_id: 1,
        key: &[0; 32],
        open: true,
    };
    let bank = Bank {
        api: bridge::open(&settings).unwrap(),
        store: MemoryStore::new(),
        lanes: Lanes::new(),
    };
    bank.rest("/application/create", r#"{"applicationId":"bank"}"#);
    let detail = bank.rest("/application/detail", r#"{"applicationId":"bank"}"#);
    let config = &detail["versions"][0]["mobileSdkConfig"];
    let mut phone = Phone::new(&format!(r#"{{"mobileSdkConfig":{config}}}"#), Box::new(System)).unwrap();
    let init = bank.rest("/activation/init", r#"{"applicationId":"bank","userId":"alice"}"#);
    let activate = format!(
        r#"{{"do":"activate","code":{},"pin":"1234"}}"#,
        init["activationCode"]
    );
    bank.perform(&mut phone, &activate);
    let commit = format!(r#"{{"activationId":{}}}"#, init["activationId"]);
    bank.rest("/activation/commit", &commit);

    let padding = "x".repeat(400);
    let status = format!(r#"{{"padding":"{padding}"}}"#);
    measure(
        "status",
        || (),
        |()| {
            assert_eq!(
                bank.handle("POST", "/rest/v3/status", &[JSON], status.as_bytes())
                    .status,
                200
            )
        },
    );
    let missing = format!(r#"{{"requestObject":{{"applicationId":"none","padding":"{padding}"}}}}"#);
    measure(
        "detail",
        || (),
        |()| {
            let reply = bank.handle("POST", "/rest/v3/application/detail", &[JSON], missing.as_bytes());
            assert_eq!(reply.status, 400);
        },
    );
    let transfer = Guard::signature("/transfer", &[SignatureType::PossessionKnowledge]);
    let sign = r#"{"do":"signatureHeader","method":"POST","uriId":"/transfer","body":"{\"iban\":\"CZ65\"}","pin":"1234"}"#;
    measure(
        "signature",
        || bank.perform(&mut phone, sign),
        |header| {
            let headers = [(
                header["name"].as_str().unwrap(),
                header["value"].as_str().unwrap(),
            )];
            let request = Request {
                method: "POST",
                path: "/api/transfer",
                query: None,
                headers: &headers,
                body: BODY,
                peer: None,
            };
            let mut check = transfer.check(bank.api.engine(), &request);
            let verdict = pollster::block_on(drive(&mut check, &bank.store, &bank.lanes, &System));
            assert!(verdict.is_ok());
        },
    );
}
