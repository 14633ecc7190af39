//! What a call from C costs beside the same call in Rust. Its own command, on a machine that is quiet:
//!
//! ```text
//! cargo test --release -p countersign-ffi --test crossing -- --ignored --nocapture
//! ```
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a benchmark"
)]
#![cfg(unix)]

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use countersign_core::api::guard::Guard;
use countersign_core::api::{Api, Request};
use countersign_core::bridge::phone::{Phone, PhoneRequest, Step};
use countersign_core::bridge::seeded::Seeded;
use countersign_core::bridge::{self, Settings};
use countersign_core::crypto::random::{Random, RandomError};
use countersign_core::crypto::signature::SignatureType;
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::{EntropyError, Host, MemoryStore};
use serde_json::{Value, json};

const NOW: u64 = 1_700_000_000_000;
const SIGNATURES: u32 = 2_000;
const JSON: (&str, &str) = ("Content-Type", "application/json");

struct System;

impl Host for System {
    fn now(&self) -> u64 {
        NOW
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
    fn ask(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Vec<u8>) {
        let mut call = self.api.call(&Request {
            method: "POST",
            path,
            query: None,
            headers,
            body,
            peer: None,
        });
        let reply = pollster::block_on(drive(&mut call, &self.store, &self.lanes, &System));
        (reply.status, reply.body)
    }

    fn rest(&self, path: &str, object: &Value) -> Value {
        let body = json!({ "requestObject": object }).to_string();
        let (status, body) = self.ask(&format!("/rest/v3{path}"), &[JSON], body.as_bytes());
        assert_eq!(status, 200, "{path}");
        serde_json::from_slice::<Value>(&body).unwrap()["responseObject"].take()
    }

    fn perform(&self, phone: &mut Phone, command: &Value) -> Value {
        let mut step = phone.perform(&command.to_string(), NOW).unwrap();
        loop {
            match step {
                Step::Result(result) => {
                    return serde_json::from_slice::<Value>(&result).unwrap()["result"].take();
                }
                Step::Request(message) => {
                    let request = PhoneRequest::read(&message).unwrap();
                    let (status, body) = self.ask(request.path, &request.headers, request.body);
                    step = phone.answer(status, &body, NOW).unwrap();
                }
            }
        }
    }
}

fn timed(count: u32, mut body: impl FnMut(u32)) -> f64 {
    let start = Instant::now();
    (0..count).for_each(&mut body);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}

fn in_rust() -> [f64; 2] {
    let settings = Settings {
        key_id: 1,
        key: &[7; 32],
        open: true,
    };
    let bank = Bank {
        api: bridge::open(&settings).unwrap(),
        store: MemoryStore::new(),
        lanes: Lanes::new(),
    };
    let body = format!(r#"{{"requestObject":{{"x":"{}"}}}}"#, "x".repeat(474));
    assert_eq!(body.len(), 500);
    let handle = timed(100_000, |_| {
        black_box(bank.ask("/rest/v3/status", &[JSON], body.as_bytes()));
    });
    bank.rest("/application/create", &json!({ "applicationId": "bank" }));
    let detail = bank.rest("/application/detail", &json!({ "applicationId": "bank" }));
    let config = &detail["versions"][0]["mobileSdkConfig"];
    let settings = json!({ "seed": "crossing", "version": "3.2", "mobileSdkConfig": config });
    let mut phone = Phone::new(&settings.to_string(), Box::new(Seeded::new("crossing", "1"))).unwrap();
    let init = bank.rest(
        "/activation/init",
        &json!({ "applicationId": "bank", "userId": "alice" }),
    );
    let activate = json!({
        "do": "activate", "code": init["activationCode"], "pin": "1234", "biometry": true,
    });
    let done = bank.perform(&mut phone, &activate);
    bank.rest(
        "/activation/commit",
        &json!({ "activationId": done["activationId"] }),
    );
    let sign = json!({
        "do": "signatureHeader", "uriId": "/transfer", "body": "{}", "factors": "possession_biometry",
    });
    let values: Vec<String> = (0..SIGNATURES)
        .map(|_| {
            bank.perform(&mut phone, &sign)["value"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let guard = Guard::signature("/transfer", &[SignatureType::PossessionBiometry]);
    let signature = timed(SIGNATURES, |at| {
        let value = values[usize::try_from(at).unwrap()].as_str();
        let mut check = guard.check(
            bank.api.engine(),
            &Request {
                method: "POST",
                path: "/transfer",
                query: None,
                headers: &[("X-PowerAuth-Authorization", value)],
                body: b"{}",
                peer: None,
            },
        );
        let outcome = pollster::block_on(drive(&mut check, &bank.store, &bank.lanes, &System));
        assert!(outcome.is_ok());
    });
    [handle, signature]
}

fn in_c() -> [f64; 3] {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let prefix = scratch.join("crossing");
    let mut install = Command::new(here.join("package/install.sh"));
    install.arg(&prefix).env("CARGO_TARGET_DIR", scratch.join(".."));
    if cfg!(debug_assertions) {
        install.arg("--debug");
    }
    assert!(install.status().unwrap().success());
    let program = scratch.join("crossing-in-c");
    let mut compiler = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    compiler
        .args(["-std=c11", "-O2", "-I"])
        .arg(prefix.join("include"));
    let sources = ["crossing.c", "bank.c", "host.c", "store.c"];
    compiler.args(sources.map(|source| here.join("tests/c").join(source)));
    compiler
        .arg("-L")
        .arg(prefix.join("lib"))
        .arg("-lcountersign")
        .arg("-o")
        .arg(&program);
    assert!(compiler.status().unwrap().success());
    let output = Command::new(&program)
        .arg(SIGNATURES.to_string())
        .env("LD_LIBRARY_PATH", prefix.join("lib"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let out = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = out
        .lines()
        .map(|line| line.split(' ').next_back().unwrap().parse().unwrap())
        .collect();
    numbers.try_into().unwrap()
}

#[test]
#[ignore = "a benchmark"]
fn crossing() {
    let [handle, signature] = in_rust();
    let [empty, c_handle, c_signature] = in_c();
    println!("nanoseconds per call        Rust          C");
    println!("empty call             {:>9} {empty:>10.0}", "");
    println!("handle, 500 bytes      {handle:>9.0} {c_handle:>10.0}");
    println!("signature              {signature:>9.0} {c_signature:>10.0}");
}
