//! What `tests/bench.mjs verify` does in Node, natively: `verify N` verifies N signatures over the store in memory.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "JSON of its own, and its answer"
)]

use std::error::Error;
use std::time::Instant;

use countersign_core::api::{Api, Request};
use countersign_core::bridge::phone::{Phone, PhoneRequest, Step};
use countersign_core::bridge::seeded::Seeded;
use countersign_core::bridge::{self, Settings, protocol};
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::{EntropyError, Host, MemoryStore};
use serde_json::{Value, json};

const NOW: u64 = 1_700_000_000_000;
const JSON: (&str, &str) = ("content-type", "application/json");

type Fails<T> = Result<T, Box<dyn Error>>;

struct System;

impl Host for System {
    fn now(&self) -> u64 {
        NOW
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

struct Server {
    api: Api,
    store: MemoryStore,
    lanes: Lanes,
}

impl Server {
    fn send(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Vec<u8>) {
        let request = Request {
            method: "POST",
            path,
            query: None,
            headers,
            body,
            peer: None,
        };
        let mut call = self.api.call(&request);
        let response = pollster::block_on(drive(&mut call, &self.store, &self.lanes, &System));
        (response.status, response.body)
    }

    fn ask(&self, path: &str, object: &Value) -> Fails<Value> {
        let body = json!({ "requestObject": object }).to_string();
        let (status, body) = self.send(path, &[JSON], body.as_bytes());
        let mut answer: Value = serde_json::from_slice(&body)?;
        if status != 200 {
            return Err(format!("{path}: {answer}").into());
        }
        Ok(answer
            .get_mut("responseObject")
            .map(Value::take)
            .unwrap_or_default())
    }

    fn perform(&self, phone: &mut Phone, command: &Value) -> Fails<Value> {
        let mut step = phone.perform(&command.to_string(), NOW)?;
        loop {
            match step {
                Step::Request(message) => {
                    let sent = PhoneRequest::read(&message)?;
                    let (status, body) = self.send(sent.path, &sent.headers, sent.body);
                    step = phone.answer(status, &body, NOW)?;
                }
                Step::Result(text) => {
                    let mut end: Value = serde_json::from_slice(&text)?;
                    return match end.get_mut("result") {
                        Some(result) => Ok(result.take()),
                        None => Err(end.to_string().into()),
                    };
                }
            }
        }
    }
}

/// The question of a host whether a header is a signature.
fn question(header: &Value) -> Fails<Vec<u8>> {
    let command = json!({ "do": "signatureHeader", "value": header["value"] }).to_string();
    let parts: Value =
        serde_json::from_slice(&protocol::perform(&command, NOW, &mut Seeded::new("none", ""))?)?;
    let parts = &parts["result"];
    let text = |name: &str| parts[name].as_str().unwrap_or_default();
    // POST, /login and {} as tests/bench.mjs signs them.
    let data = format!("POST&L2xvZ2lu&{}&e30=", text("nonce"));
    let object = json!({
        "activationId": parts["activationId"], "applicationKey": parts["applicationKey"], "data": data,
        "signature": parts["signature"], "signatureType": text("factors").to_uppercase(), "signatureVersion": parts["version"],
    });
    Ok(json!({ "requestObject": object }).to_string().into_bytes())
}

fn main() -> Fails<()> {
    let count: u32 = std::env::args().nth(1).ok_or("verify N")?.parse()?;
    let settings = Settings {
        key_id: 1,
        key: &[0x5a; 32],
        open: true,
    };
    let server = Server {
        api: bridge::open(&settings)?,
        store: MemoryStore::new(),
        lanes: Lanes::new(),
    };
    server.ask("/rest/v3/application/create", &json!({ "applicationId": "bank" }))?;
    let detail = server.ask("/rest/v3/application/detail", &json!({ "applicationId": "bank" }))?;
    let config = json!({ "seed": "verify", "mobileSdkConfig": detail["versions"][0]["mobileSdkConfig"] });
    let mut phone = Phone::new(&config.to_string(), Box::new(Seeded::new("none", "")))?;
    let begun = server.ask(
        "/rest/v3/activation/init",
        &json!({ "applicationId": "bank", "userId": "alice" }),
    )?;
    let code = begun["activationCode"].clone();
    let activated = server.perform(
        &mut phone,
        &json!({ "do": "activate", "code": code, "pin": "1234", "biometry": true }),
    )?;
    server.ask(
        "/rest/v3/activation/commit",
        &json!({ "activationId": activated["activationId"] }),
    )?;
    let sign =
        json!({ "do": "signatureHeader", "method": "POST", "uriId": "/login", "body": "{}", "pin": "1234" });
    let mut questions = Vec::new();
    for _ in 0..=count {
        questions.push(question(&server.perform(&mut phone, &sign)?)?);
    }
    let one = |body: &[u8]| {
        let (_, answer) = server.send("/rest/v3/signature/verify", &[JSON], body);
        let valid = br#""signatureValid":true"#;
        answer.windows(valid.len()).any(|part| part == valid)
    };
    let mut questions = questions.iter();
    let mut valid = questions.by_ref().take(1).all(|body| one(body));
    let began = Instant::now();
    for body in questions {
        valid &= one(body);
    }
    let seconds = began.elapsed().as_secs_f64();
    if !valid {
        return Err("a signature is not valid".into());
    }
    println!(
        "Rust, signature/verify over the store in memory: {count} in {seconds:.2} s, {:.0} per second",
        f64::from(count) / seconds
    );
    Ok(())
}
