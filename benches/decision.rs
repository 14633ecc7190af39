//! Whole decisions, from the bytes of a request to the bytes of its answer.
//!
//! `cargo bench --features sqlite,client,simulation,aws-lc --bench decision`; about a minute. First in
//! memory, one caller; then durable on SQLite (and, with the feature `postgres`, on a PostgreSQL that it
//! starts) with 1, 8, 32 and 128 callers, each with its own phone, beside bare flushes of the same disk in
//! the same run. The signatures are made beforehand; requests
//! are read, verified, recorded and answered as a server would, only without HTTP.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a program"
)]

#[cfg(all(feature = "postgres", unix))]
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/store_postgres/cluster.rs"]
mod cluster;
#[path = "rig/host.rs"]
mod host;
mod rig;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{Host, SqliteStore};
use criterion::{BatchSize, Criterion};
use host::{System, ask, filled};
use serde_json::json;
use support::prelude::TOKEN;
use support::{Answer, Ask, Factors, Phone, Prelude, World};

fn ask_now(world: &World, request: &Ask) -> Answer {
    pollster::block_on(ask(world, request))
}

const SIGNED: &str = r#""signatureValid":true"#;

/// Looks into the answer without reading it: that would be the caller's work.
fn says(answer: &Answer, words: &str) -> bool {
    answer.status == 200 && std::str::from_utf8(&answer.body).is_ok_and(|body| body.contains(words))
}

fn backends() -> Vec<(&'static str, &'static dyn Backend)> {
    vec![
        ("rust_crypto", &RustCrypto),
        #[cfg(feature = "aws-lc")]
        ("aws_lc", &countersign::crypto::backend::AwsLc),
    ]
}

/// A world in memory with one phone, computing with `backend`.
fn memory(prelude: &Prelude, backend: &'static dyn Backend) -> (World, Phone) {
    let mut engine = (*support::engine()).clone();
    engine.backend = backend;
    let host = support::Clock::new(1, System.now());
    let world = World::with(engine.into(), std::sync::Arc::new(prelude.memory()), host);
    (world, prelude.phone(0, 1))
}

fn in_memory(c: &mut Criterion, prelude: &Prelude) {
    let mut group = c.benchmark_group("decision in memory");
    group.measurement_time(Duration::from_secs(3));

    // Criterion makes a batch of inputs and uses it up in order, as the counter wants it.
    let (world, mut phone) = memory(prelude, &RustCrypto);
    group.bench_function("signature/verify, valid", |b| {
        b.iter_batched(
            || phone.login(Factors::Pin).ask(),
            |request| assert!(says(&ask_now(&world, &request), SIGNED)),
            BatchSize::SmallInput,
        );
    });

    // A signature of possession alone, which may be wrong any number of times.
    let (world, mut phone) = memory(prelude, &RustCrypto);
    let mut wrong = phone.login(Factors::Possession).verify;
    wrong["signature"] = json!("AAAAAAAAAAAAAAAAAAAAAA==");
    let wrong = Ask::rest("/signature/verify", &wrong);
    group.bench_function("signature/verify, none of 20 counters", |b| {
        b.iter(|| {
            assert!(says(&ask_now(&world, &wrong), r#""signatureValid":false"#));
        });
    });

    let (world, mut phone) = memory(prelude, &RustCrypto);
    group.bench_function("token/validate, valid", |b| {
        b.iter_batched(
            || Ask::rest("/token/validate", &phone.present(TOKEN, System.now())),
            |request| assert!(says(&ask_now(&world, &request), r#""tokenValid":true"#)),
            BatchSize::SmallInput,
        );
    });

    for (name, backend) in backends() {
        let (world, mut phone) = memory(prelude, backend);
        group.bench_function(format!("token/create (encrypted), {name}"), |b| {
            b.iter_batched(
                || {
                    phone.with(Factors::Possession, |device, authentication, rng| {
                        let call = device.create_token("other", authentication, System.now(), rng);
                        Ask::from(&call.unwrap().assume_saved().request)
                    })
                },
                |request| assert_eq!(ask_now(&world, &request).status, 200),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// One phone's requests, one after the other. Answers how long each took, in microseconds.
async fn caller(world: &World, requests: Vec<Ask>) -> Vec<u32> {
    let mut took = Vec::with_capacity(requests.len());
    for request in requests {
        let start = Instant::now();
        let answer = ask(world, &request).await;
        took.push(u32::try_from(start.elapsed().as_micros()).unwrap());
        assert!(says(&answer, SIGNED));
    }
    took
}

fn durable(name: &str, file: &File, world: &World, prelude: &Prelude, requests: usize) {
    let mut phones: Vec<Phone> = (0..prelude.phones.len())
        .map(|number| prelude.phone(number, 1))
        .collect();
    println!("\ndurable decisions (signature/verify) on {name}");
    rig::heads();
    for callers in [1, 8, 32, 128] {
        let each = (requests / 128 * callers.min(32)).div_ceil(callers).max(1) * 4;
        let requests: Vec<Vec<Ask>> = phones
            .iter_mut()
            .take(callers)
            .map(|phone| (0..each).map(|_| phone.login(Factors::Pin).ask()).collect())
            .collect();
        let (mut bare, mut flushes) = rig::raw(file, Duration::from_millis(500));
        let start = Instant::now();
        let tasks = requests
            .into_iter()
            .map(|requests| -> Pin<Box<dyn Future<Output = Vec<u32>>>> { Box::pin(caller(world, requests)) })
            .collect();
        let mut took: Vec<u32> = rig::run_all(tasks).into_iter().flatten().collect();
        #[expect(clippy::cast_precision_loss, reason = "a rate to look at")]
        let rate = took.len() as f64 / start.elapsed().as_secs_f64();
        took.sort_unstable();
        // Before and after: the disk has moods.
        let (after, more) = rig::raw(file, Duration::from_millis(500));
        bare = f64::midpoint(bare, after);
        flushes.extend(more);
        flushes.sort_unstable();
        rig::line("write 4 KiB + fdatasync", bare, &flushes, bare);
        rig::line(&format!("decisions, {callers} callers"), rate, &took, bare);
    }
}

fn main() {
    let whole = rig::whole();
    let prelude = Prelude::build(ProtocolVersion::V3_2, if whole { 128 } else { 2 }, |_| {});
    let mut criterion = Criterion::default().configure_from_args();
    in_memory(&mut criterion, &prelude);
    criterion.final_summary();
    // A filter, as Criterion takes it, asks for a part.
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"durable".contains(&filter)) {
        return;
    }
    let (records, requests) = if whole { (100_000, 64_000) } else { (1_000, 128) };
    rig::in_folder(|folder| {
        let file = rig::raw_file(folder);
        let store = SqliteStore::open(folder.join("store.sqlite")).unwrap();
        durable(
            "SQLite",
            &file,
            &filled(store, &prelude, records),
            &prelude,
            requests,
        );
        #[cfg(all(feature = "postgres", unix))]
        {
            let cluster = cluster::Cluster::new();
            let world = filled(cluster.store(), &prelude, records);
            durable("PostgreSQL", &file, &world, &prelude, requests);
        }
    });
}
