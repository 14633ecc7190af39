//! Deliveries to platforms on this machine that speak TLS and HTTP/2, on the test's clock.

mod apple;
mod google;
mod platform;
mod trouble;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Parser;
use countersign::api::Request;
use countersign::client::{
    Application, Credentials, Device, Installation, Pin, PossessionKey, PushRegistration,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::push_delivery::outbox::{self, AfterPush};
use countersign::engine::push_delivery::{PushDelivery, PushOutcome};
use countersign::model::callback::EventState;
use countersign::model::push_message::{PUSH_MESSAGE, PushMessage};
use countersign::store::driver::drive;
use countersign::store::{Entity, Host, MemoryStore, Store};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::platform::Platform;
use super::{PushCourier, Senders};
use crate::host::System;
use crate::options::Options;
use crate::service::Service;
use crate::testing::{Steered, ask, service};

const APP: &str = "app";
const USER: &str = "user";
/// Nothing in these tests takes that long unless it never ends.
const LONG: Duration = Duration::from_secs(20);
const MINUTE: u64 = 60_000;
const APPLE_KEY: &str = include_str!("../../../../tests/support/push/apns.pem");
const GOOGLE_KEY: &str = include_str!("../../../../tests/support/push/rsa.pem");

fn tls_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls")
}

/// A server whose platforms are here.
struct Node {
    service: Arc<Service>,
    host: Arc<Steered>,
    senders: Arc<Senders>,
    courier: Arc<PushCourier>,
    basic: String,
    _stop: watch::Sender<bool>,
}

impl Node {
    /// With the credentials of both platforms.
    async fn new(apns: &Platform, fcm: &Platform, more: &[&str]) -> Self {
        let node = Self::bare(apns, fcm, more).await;
        node.set(&apple()).await;
        node.set(&google(&fcm.url())).await;
        node
    }

    async fn bare(apns: &Platform, fcm: &Platform, more: &[&str]) -> Self {
        let service = service(Arc::new(MemoryStore::new()));
        let host = Steered::new();
        let clock: Arc<dyn Host> = Arc::clone(&host) as _;
        let trust = tls_folder().join("authority.pem");
        let (apns, fcm) = (apns.url(), fcm.url());
        let usual = [
            "countersign-server",
            "--push-apns",
            &apns,
            "--push-apns-development",
            &apns,
            "--push-fcm",
            &fcm,
            "--push-trust",
            trust.to_str().unwrap(),
        ];
        let here = ["--callback-network", "127.0.0.1"];
        let network = if more.contains(&"--callback-network") {
            &[][..]
        } else {
            &here
        };
        let options = Options::parse_from(usual.iter().chain(network).chain(more));
        let senders = Senders::new(Arc::clone(&clock), &options.push, options.callbacks.reach()).unwrap();
        let senders = Arc::new(senders);
        let (stop, stopping) = watch::channel(false);
        let sender = Arc::clone(&senders) as _;
        let courier = PushCourier::new(&service, clock, sender, options.push.push_timeout, stopping);
        let mut node = Self {
            service,
            host,
            senders,
            courier,
            basic: String::new(),
            _stop: stop,
        };
        let made = node
            .admin("POST", "/admin/applications", &json!({ "id": APP }))
            .await;
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        let pair = format!("{}:{}", text("username"), text("password"));
        node.basic = format!("Basic {}", base64::encode(pair.as_bytes()));
        node
    }

    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Vec<u8>) {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let mut call = self.service.api.call(&Request {
            method,
            path,
            query,
            headers,
            body,
            peer: None,
        });
        let connection = &self.service.connection;
        let response = drive(&mut call, &connection.store, &connection.lanes, &*self.host).await;
        (response.status, response.body)
    }

    async fn admin(&self, method: &str, path: &str, body: &Value) -> Value {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", self.basic.as_str()),
        ];
        let (status, answer) = self
            .call(method, path, &headers, body.to_string().as_bytes())
            .await;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    async fn set(&self, credentials: &Value) {
        self.admin("POST", "/admin/push-credentials", credentials).await;
    }

    /// A new phone of the user, whose app has this push token.
    async fn phone(&self, platform: &str, token: &str) -> Device {
        let now = self.host.now();
        let detail = ask(
            &self.service,
            &*self.host,
            "application/detail",
            json!({ "applicationId": APP }),
        )
        .await;
        let configuration = detail["versions"][0]["mobileSdkConfig"].as_str().unwrap();
        let app = Application::from_sdk_config(configuration)
            .unwrap()
            .with_version(ProtocolVersion::V3_2);
        let request = json!({ "userId": USER, "applicationId": APP });
        let init = ask(&self.service, &*self.host, "activation/init", request).await;
        let code = app
            .read_activation_code(init["activationCode"].as_str().unwrap())
            .unwrap();
        let credentials = Credentials::code(&code.code);
        let call = app
            .activate(&credentials, &Installation::default(), now, &mut System)
            .unwrap();
        let (status, body) = self.send(&call.request).await;
        let possession = PossessionKey::from_device_data(token.as_bytes());
        let pending = call.pending.read(status, &body).unwrap();
        let mut device = pending
            .protect(&Pin::new("2580").unwrap(), possession, None, &mut System)
            .unwrap();
        let commit = json!({ "activationId": init["activationId"] });
        ask(&self.service, &*self.host, "activation/commit", commit).await;
        self.register(&mut device, platform, token).await;
        device
    }

    async fn register(&self, device: &mut Device, platform: &str, token: &str) {
        self.register_in(device, platform, token, None).await;
    }

    async fn register_in(&self, device: &mut Device, platform: &str, token: &str, environment: Option<&str>) {
        let registration = PushRegistration {
            platform,
            token,
            environment,
        };
        let call = device
            .register_push_signed(&registration, &mut System)
            .unwrap()
            .assume_saved();
        assert_eq!(self.send(&call.request).await.0, 200);
    }

    async fn send(&self, request: &countersign::client::Request) -> (u16, Vec<u8>) {
        let headers: Vec<(&str, &str)> = request
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.call(&request.method, &request.path, &headers, &request.body)
            .await
    }

    /// Queues a message for all phones of the user.
    async fn message(&self, text: &str) {
        let message = json!({
            "userId": USER, "title": "Bank", "message": text, "extras": { "n": 1, "none": null, "deep": { "a": [true] } }
        });
        self.admin("POST", "/v2/messages/send", &message).await;
    }

    /// Delivers what is due and waits until nobody works any more.
    async fn round(&self) {
        let mut tasks = JoinSet::new();
        self.courier.start(&mut tasks).await;
        tokio::time::timeout(LONG, tasks.join_all()).await.unwrap();
    }

    /// Delivers until nothing waits, an hour at a time; fails after `most` rounds.
    async fn rounds(&self, most: usize) -> usize {
        for rounds in 0..most {
            if self.waiting().await == 0 {
                return rounds;
            }
            self.round().await;
            self.host.advance(60 * MINUTE);
        }
        panic!("{} messages still wait", self.waiting().await);
    }

    /// Leases what is due for a platform, and leaves it.
    async fn lease(&self) -> Vec<PushDelivery> {
        let service = &self.service;
        let waiting = service.decide(&*self.host, outbox::waiting).await.unwrap();
        let leased = service.decide(&*self.host, |engine, tx| {
            outbox::lease(engine, tx, &waiting[0], 10, MINUTE)
        });
        leased.await.unwrap()
    }

    async fn record(&self, delivery: &PushDelivery, outcome: PushOutcome) -> AfterPush {
        let service = &self.service;
        let after = service.decide(&*self.host, |engine, tx| {
            outbox::record(engine, tx, delivery, &outcome)
        });
        after.await.unwrap()
    }

    async fn given_up(&self) -> usize {
        let service = &self.service;
        let dead = service.decide(&*self.host, |engine, tx| outbox::given_up(engine, tx, APP, 10));
        dead.await.unwrap().len()
    }

    async fn waiting(&self) -> u64 {
        let backlog = self.service.decide(&*self.host, outbox::backlog).await;
        backlog.unwrap().events
    }

    /// All messages, by creation.
    async fn messages(&self) -> Vec<PushMessage> {
        let records = self
            .service
            .connection
            .store
            .walk(PUSH_MESSAGE, None, 1_000)
            .await
            .unwrap();
        let messages = records.iter().map(|it| PushMessage::decode(&it.body).unwrap());
        let mut messages: Vec<_> = messages.collect();
        messages.sort_by_key(|it| it.created);
        messages
    }

    /// State, attempts and reason of the only message.
    async fn only(&self) -> (EventState, u32, Option<String>) {
        let messages = self.messages().await;
        assert_eq!(messages.len(), 1);
        let it = &messages[0];
        (it.state, it.attempts, it.reason.clone())
    }

    /// Delivered, failed, given up.
    fn counts(&self) -> (u64, u64, u64) {
        let counts = &self.service.metrics.pushes;
        let of = |it: &std::sync::atomic::AtomicU64| it.load(Ordering::Relaxed);
        (of(&counts.delivered), of(&counts.failed), of(&counts.given_up))
    }
}

fn apple() -> Value {
    json!({
        "applicationId": APP, "platform": "apns", "environment": "production", "teamId": "TEAM123456",
        "keyId": "KEY1234567", "topic": "example.bank.app", "privateKey": APPLE_KEY,
    })
}

fn google(url: &str) -> Value {
    let account = json!({
        "project_id": "bank-project", "private_key_id": "k1", "private_key": GOOGLE_KEY,
        "client_email": "push@bank-project.example", "token_uri": format!("{url}/token"),
    });
    json!({ "applicationId": APP, "platform": "fcm", "serviceAccount": account })
}
