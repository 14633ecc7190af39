//! What the benchmarks of the packages for other languages do, without a crossing. Prints nanoseconds per call.
#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a benchmark"
)]

#[path = "../tests/bank/mod.rs"]
mod bank;

use std::time::{Duration, Instant};

use bank::Bank;
use countersign_core::api::guard::Guard;
use countersign_core::crypto::signature::SignatureType;
use serde_json::json;

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
    let bank = Bank::new();
    let mut phone = bank.phone();
    let padding = "x".repeat(400);
    let status = json!({ "padding": padding }).to_string();
    measure(
        "status",
        || (),
        |()| assert_eq!(bank.ask("/status", &status).status, 200),
    );
    let missing = json!({ "requestObject": { "applicationId": "none", "padding": padding } }).to_string();
    measure(
        "detail",
        || (),
        |()| assert_eq!(bank.ask("/application/detail", &missing).status, 400),
    );
    let transfer = Guard::signature("/transfer", &[SignatureType::PossessionKnowledge]);
    let body = r#"{"iban":"CZ65"}"#;
    let sign = json!({ "do": "signatureHeader", "uriId": "/transfer", "body": body, "pin": "1234" });
    measure(
        "signature",
        || bank.perform(&mut phone, &sign),
        |header| bank.enter(&transfer, &header, body),
    );
}
