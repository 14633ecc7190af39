//! An engine over a PostgreSQL database that a test in Node uses at the same time: `shared ADDRESS KEY`, the key as 64
//! hexadecimal digits. It reads lines `PATH BODY` and answers each with a line `STATUS BODY`.
#![allow(clippy::print_stdout, reason = "its answers")]

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::time::SystemTime;

use countersign_core::api::Request;
use countersign_core::bridge::{self, Settings};
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::{EntropyError, Host, PostgresOptions, PostgresStore};

struct System;

impl Host for System {
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since
            .ok()
            .and_then(|it| u64::try_from(it.as_millis()).ok())
            .unwrap_or_default()
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, digits] = arguments.as_slice() else {
        return Err("shared ADDRESS KEY".into());
    };
    let key = digits
        .as_bytes()
        .chunks(2)
        .map(|two| Ok(u8::from_str_radix(std::str::from_utf8(two)?, 16)?))
        .collect::<Result<Vec<u8>, Box<dyn Error>>>()?;
    let settings = Settings {
        key_id: 1,
        key: &key,
        open: true,
    };
    let api = bridge::open(&settings)?;
    let store = PostgresStore::open(PostgresOptions::new(address))?;
    let lanes = Lanes::new();
    for line in stdin().lock().lines() {
        let line = line?;
        let (path, body) = line.split_once(' ').ok_or("PATH BODY")?;
        let request = Request {
            method: "POST",
            path,
            query: None,
            headers: &[("content-type", "application/json")],
            body: body.as_bytes(),
            peer: None,
        };
        let mut call = api.call(&request);
        let response = pollster::block_on(drive(&mut call, &store, &lanes, &System));
        println!("{} {}", response.status, String::from_utf8(response.body)?);
        stdout().flush()?;
    }
    Ok(())
}
