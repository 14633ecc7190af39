//! How many instructions the decisions take that a bank makes all day: a number that does not move with the load of the
//! machine, so that a slowdown is visible where times are not.
//!
//! `cargo xtask instructions` runs this program under callgrind, once per row, and prints the table. By itself it only
//! checks that every row works. In memory, from the bytes of a request to the bytes of its answer.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program"
)]

#[path = "rig/host.rs"]
mod host;
#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::sync::Arc;

use countersign::crypto::version::ProtocolVersion;
use countersign::store::Host;
use host::{System, ask};
use serde_json::{Value, json};
use support::prelude::{APPLICATION, TOKEN};
use support::{Answer, Ask, Factors, Phone, Prelude, World};

/// A row: its name, and how its next request is made.
type Row = (&'static str, fn(&World, &mut Phone) -> Ask);

const ROWS: &[Row] = &[
    ("signature/verify, valid", |_, phone| {
        phone.login(Factors::Pin).ask()
    }),
    ("signature/verify, none of 20 counters", |_, phone| {
        let mut wrong = phone.login(Factors::Possession).verify;
        wrong["signature"] = json!("AAAAAAAAAAAAAAAAAAAAAA==");
        Ask::rest("/signature/verify", &wrong)
    }),
    ("token/validate, valid", |_, phone| {
        Ask::rest("/token/validate", &phone.present(TOKEN, System.now()))
    }),
    ("activation/status", |_, phone| {
        let request = json!({ "activationId": phone.id(), "challenge": "AAAAAAAAAAAAAAAAAAAAAA==" });
        Ask::rest("/activation/status", &request)
    }),
    ("operation/create", |_, _| create()),
    ("operation/approve", |world, _| {
        let operation: Value = asked(world, &create()).ok();
        let approval = json!({
            "operationId": operation["id"], "data": operation["data"], "userId": operation["userId"],
            "applicationId": APPLICATION, "signatureType": "POSSESSION_KNOWLEDGE",
        });
        Ask::rest("/operation/approve", &approval)
    }),
];

fn create() -> Ask {
    let operation = json!({ "userId": "user0", "applicationId": APPLICATION, "templateName": "login" });
    Ask::rest("/operation/create", &operation)
}

fn asked(world: &World, request: &Ask) -> Answer {
    pollster::block_on(ask(world, request))
}

/// What callgrind counts, by its name.
#[inline(never)]
fn counted(world: &World, request: &Ask) -> Answer {
    black_box(asked(world, request))
}

fn play((name, request): &Row, requests: usize) {
    let prelude = Prelude::build(ProtocolVersion::V3_2, 1, |_| {});
    let clock = support::Clock::new(1, System.now());
    let world = World::with(support::engine(), Arc::new(prelude.memory()), clock);
    let mut phone = prelude.phone(0, 1);
    let template = json!({
        "templateName": "login", "operationType": "login", "dataTemplate": "A2", "maxFailureCount": 3,
        "signatureType": ["POSSESSION_KNOWLEDGE"], "expiration": 3_600,
    });
    asked(&world, &Ask::rest("/operation/template/create", &template)).ok();
    for _ in 0..requests {
        let request = request(&world, &mut phone);
        let answer = counted(&world, &request);
        assert_eq!(answer.status, 200, "{name}: {}", answer.json());
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.as_slice() {
        // For the command: the names, then one row so many times.
        [list] if list == "rows" => ROWS.iter().for_each(|(name, _)| println!("{name}")),
        [row, requests] => {
            let row = ROWS.iter().find(|(name, _)| name == row).unwrap();
            play(row, requests.parse().unwrap());
        }
        _ => ROWS.iter().for_each(|row| play(row, 2)),
    }
}
