//! Methods that a bank calls all day, from the bytes of a request to the bytes of its answer, durable on SQLite.
//!
//! `cargo bench --features sqlite,client,simulation,aws-lc --bench methods`; about a minute. Each with 1, 8 and 32 callers,
//! beside bare flushes of the same disk in the same run. Requests are made beforehand; they are read, verified, recorded
//! and answered as a server would, only without HTTP.
#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program"
)]

#[path = "rig/host.rs"]
mod host;
mod rig;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use countersign::client::Approval;
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{Host, SqliteStore};
use host::{System, ask, filled};
use serde_json::{Value, json};
use support::prelude::{APPLICATION, TOKEN};
use support::{Ask, Factors, Phone, Prelude, World};

const CALLERS: [usize; 3] = [1, 8, 32];

/// One caller's requests, one after the other. Answers how long each took, in microseconds.
async fn caller(world: &World, requests: Vec<Ask>) -> Vec<u32> {
    let mut took = Vec::with_capacity(requests.len());
    for request in requests {
        let start = Instant::now();
        let answer = ask(world, &request).await;
        took.push(u32::try_from(start.elapsed().as_micros()).unwrap());
        assert_eq!(answer.status, 200, "{}: {}", request.path, answer.json());
    }
    took
}

/// Times what `request` makes: the n-th request of a caller.
fn measure(
    name: &str,
    file: &File,
    world: &World,
    requests: usize,
    mut request: impl FnMut(usize, usize) -> Ask,
) {
    println!("\n{name}");
    rig::heads();
    for callers in CALLERS {
        let each = requests.div_ceil(callers).max(2);
        let requests: Vec<Vec<Ask>> = (0..callers)
            .map(|caller| (0..each).map(|number| request(caller, number)).collect())
            .collect();
        let (before, _) = rig::raw(file, Duration::from_millis(250));
        let start = Instant::now();
        let tasks = requests
            .into_iter()
            .map(|requests| -> Pin<Box<dyn Future<Output = Vec<u32>>>> { Box::pin(caller(world, requests)) })
            .collect();
        let mut took: Vec<u32> = rig::run_all(tasks).into_iter().flatten().collect();
        let rate = took.len() as f64 / start.elapsed().as_secs_f64();
        took.sort_unstable();
        let (after, _) = rig::raw(file, Duration::from_millis(250));
        rig::line(
            &format!("{callers} callers"),
            rate,
            &took,
            f64::midpoint(before, after),
        );
    }
}

fn create(user: usize) -> Ask {
    let operation =
        json!({ "userId": format!("user{user}"), "applicationId": APPLICATION, "templateName": "login" });
    Ask::rest("/operation/create", &operation)
}

/// A pending operation: its id and data.
fn pending(world: &World, user: usize) -> Value {
    pollster::block_on(ask(world, &create(user))).ok()
}

fn main() {
    let whole = rig::whole();
    let phones = CALLERS[2];
    let prelude = Prelude::build(ProtocolVersion::V3_2, if whole { phones } else { 2 }, |_| {});
    let (records, requests) = if whole { (100_000, 3_200) } else { (1_000, 4) };
    rig::in_folder(|folder| {
        let file = rig::raw_file(folder);
        let store = SqliteStore::open(folder.join("store.sqlite")).unwrap();
        let world = filled(store, &prelude, records);
        let template = json!({
            "templateName": "login", "operationType": "login", "dataTemplate": "A2", "maxFailureCount": 3,
            "signatureType": ["POSSESSION_KNOWLEDGE"], "expiration": 3_600,
        });
        pollster::block_on(ask(&world, &Ask::rest("/operation/template/create", &template))).ok();
        let mut phones: Vec<Phone> = (0..prelude.phones.len())
            .map(|number| prelude.phone(number, 1))
            .collect();
        let count = phones.len();

        measure("token/validate", &file, &world, requests, |caller, _| {
            Ask::rest(
                "/token/validate",
                &phones[caller % count].present(TOKEN, System.now()),
            )
        });
        measure("activation/status", &file, &world, requests, |caller, _| {
            let id = phones[caller % count].id();
            Ask::rest(
                "/activation/status",
                &json!({ "activationId": id, "challenge": "AAAAAAAAAAAAAAAAAAAAAA==" }),
            )
        });
        measure("operation/create", &file, &world, requests, |caller, _| {
            create(caller % count)
        });
        measure("operation/approve", &file, &world, requests, |caller, _| {
            let operation = pending(&world, caller % count);
            let approval = json!({
                "operationId": operation["id"], "data": operation["data"], "userId": operation["userId"],
                "applicationId": APPLICATION, "signatureType": "POSSESSION_KNOWLEDGE",
            });
            Ask::rest("/operation/approve", &approval)
        });
        if phones.len() < CALLERS[2] {
            // A short run has few phones, whose signatures must come in their order.
            return;
        }
        measure(
            "operation/authorize by the phone",
            &file,
            &world,
            requests,
            |caller, _| {
                let operation = pending(&world, caller);
                let approval = Approval {
                    operation_id: operation["id"].as_str().unwrap(),
                    data: operation["data"].as_str().unwrap(),
                    proximity: None,
                    mobile_token_data: None,
                };
                phones[caller].with(Factors::Pin, |device, authentication, rng| {
                    let call = device.approve_operation(&approval, authentication, System.now(), rng);
                    Ask::from(&call.unwrap().assume_saved().request)
                })
            },
        );
    });
}
