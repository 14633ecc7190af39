//! What tests inside the server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Parser;
use countersign::api::{Api, Request};
use countersign::crypto::secret::Secret;
use countersign::engine::rotation::LocalKeeper;
use countersign::engine::{Config, Engine, Keyring, SealingKey};
use countersign::store::driver::drive;
use countersign::store::{EntropyError, Host, Store};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::console::Console;
use super::database::Connection;
use super::host::System;
use super::metrics::Metrics;
use super::options::Options;
use super::service::Service;

pub(crate) const START: u64 = 1_700_000_000_000;

/// A clock of the test's.
#[derive(Debug)]
pub(crate) struct Steered(AtomicU64);

impl Steered {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(START)))
    }

    pub(crate) fn advance(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Host for Steered {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

/// A server without sockets, open to anybody, with one place for requests that hash and one second each.
pub(crate) fn service(store: Arc<dyn Store>) -> Arc<Service> {
    service_at(store, Arc::new(System))
}

/// The same, with a clock for the console.
pub(crate) fn service_at(store: Arc<dyn Store>, host: Arc<dyn Host>) -> Arc<Service> {
    let options = Options::parse_from(["countersign-server", "--request-timeout", "1"]);
    let key = SealingKey {
        id: 1,
        key: Secret::from_bytes([1; 32]),
    };
    let keyring = Keyring::new(key, Vec::new());
    let keeper = LocalKeeper::new(keyring.clone(), Arc::new(System)).unwrap();
    let engine = Arc::new(Engine::new(Config::default(), keyring));
    Arc::new(Service {
        console: Some(Console::new(&engine, host, None).unwrap()),
        stopping: AtomicBool::new(false),
        shadow: None,
        api: Api::new(engine).open_to_anybody(),
        connection: Connection::over(store),
        metrics: Arc::new(Metrics::new()),
        prefixes: Vec::new(),
        trusted_proxies: Vec::new(),
        bounds: options.bounds,
        metrics_elsewhere: false,
        docs: true,
        draining: std::sync::atomic::AtomicBool::new(false),
        rates: None,
        traces: None,
        running: Semaphore::new(1),
        hashing: Semaphore::new(1),
        keeper: Arc::new(keeper),
        worker: 1,
    })
}

/// Asks the server API at the clock's time; anything but success fails the test.
pub(crate) async fn ask(service: &Service, host: &dyn Host, path: &str, object: Value) -> Value {
    let body = json!({ "requestObject": object }).to_string();
    let mut call = service.api.call(&Request {
        method: "POST",
        path: &format!("/rest/v3/{path}"),
        query: None,
        headers: &[("content-type", "application/json")],
        body: body.as_bytes(),
        peer: None,
    });
    let connection = &service.connection;
    let response = drive(&mut call, &connection.store, &connection.lanes, host).await;
    let mut body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(response.status, 200, "{path}: {body}");
    body["responseObject"].take()
}
