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

mod bank;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use bank::Bank;
use countersign_core::api::guard::Guard;
use countersign_core::crypto::signature::SignatureType;
use serde_json::{Value, json};

const SIGNATURES: u32 = 2_000;

fn timed(count: u32, mut body: impl FnMut(u32)) -> f64 {
    let start = Instant::now();
    (0..count).for_each(&mut body);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}

fn in_rust() -> [f64; 2] {
    let bank = Bank::new();
    let body = format!(r#"{{"requestObject":{{"x":"{}"}}}}"#, "x".repeat(474));
    assert_eq!(body.len(), 500);
    let handle = timed(100_000, |_| {
        black_box(bank.ask("/status", &body));
    });
    let mut phone = bank.phone();
    let sign = json!({
        "do": "signatureHeader", "uriId": "/transfer", "body": "{}", "factors": "possession_biometry",
    });
    let headers: Vec<Value> = (0..SIGNATURES).map(|_| bank.perform(&mut phone, &sign)).collect();
    let guard = Guard::signature("/transfer", &[SignatureType::PossessionBiometry]);
    let signature = timed(SIGNATURES, |at| {
        bank.enter(&guard, &headers[usize::try_from(at).unwrap()], "{}");
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
