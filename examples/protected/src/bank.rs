//! What the bank has: an engine over a store, and a code for a customer's phone.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::api::guard::Gate;
use countersign::api::{Api, Family, Request, Response};
use countersign::crypto::secret::Secret;
use countersign::engine::{Config, Engine, Keyring, SealingKey};
use countersign::store::driver::drive;
use countersign::store::lane::Lanes;
use countersign::store::{EntropyError, Host, MemoryStore};
use serde_json::{Value, json};

use super::Failure;

/// Clock and randomness of the system.
struct System;

impl Host for System {
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

/// The bank.
#[derive(Clone, Debug)]
pub struct Bank {
    pub(crate) gate: Gate,
    /// What phones may call.
    api: Arc<Api>,
}

/// What makes a phone the customer's. `Debug` shows nothing of it.
pub struct Invitation {
    /// Configuration of the app, the same for all phones.
    pub configuration: String,
    /// Activation code, as in a QR code.
    pub code: String,
    /// One-time password, delivered on another way.
    pub otp: String,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").finish_non_exhaustive()
    }
}

impl Bank {
    /// A bank without customers, in memory.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn open(config: Config) -> Result<Self, Failure> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let key = SealingKey {
            id: 1,
            key: Secret::from_bytes(key),
        };
        let engine = Arc::new(Engine::new(config, Keyring::new(key, Vec::new())));
        Ok(Self {
            api: Arc::new(Api::with_families(
                Arc::clone(&engine),
                &[Family::Standard, Family::Mobile],
            )),
            gate: Gate {
                engine,
                store: Arc::new(MemoryStore::new()),
                lanes: Arc::new(Lanes::new()),
                host: Arc::new(System),
            },
        })
    }

    /// Answers a phone's own calls: activation, tokens, temporary keys.
    pub(crate) async fn answer(&self, request: &Request<'_>) -> Response {
        self.drive(&self.api, request).await
    }

    /// An application, and a code for `user`. The one-time password makes the phone ACTIVE at once.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn invite(&self, user: &str) -> Result<Invitation, Failure> {
        let otp = "24680135".to_owned();
        let application = json!({ "applicationId": "bank" });
        if self.rest("/application/detail", &application).await.is_err() {
            self.rest("/application/create", &application).await?;
        }
        let detail = self.rest("/application/detail", &application).await?;
        let init = json!({
            "userId": user, "applicationId": "bank",
            "activationOtpValidation": "ON_KEY_EXCHANGE", "activationOtp": otp,
        });
        let init = self.rest("/activation/init", &init).await?;
        let text = |value: &Value, path| value.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let configuration = text(&detail, "/versions/0/mobileSdkConfig");
        let (code, signature) = (
            text(&init, "/activationCode"),
            text(&init, "/activationSignature"),
        );
        match (configuration, code, signature) {
            (Some(configuration), Some(code), Some(signature)) => Ok(Invitation {
                configuration,
                code: format!("{code}#{signature}"),
                otp,
            }),
            _ => Err("the engine has answered something else".into()),
        }
    }

    /// The server API, which this process alone can call: the `responseObject` of the answer.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn call(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let api = Api::with_families(Arc::clone(&self.gate.engine), &[Family::Server]).open_to_anybody();
        let body = body.to_string();
        let request = Request {
            method: "POST",
            path,
            query: None,
            headers: &[("content-type", "application/json")],
            body: body.as_bytes(),
            peer: None,
        };
        let response = self.drive(&api, &request).await;
        let mut reply: Value = serde_json::from_slice(&response.body)?;
        match (response.status, reply.get_mut("responseObject")) {
            (200, object) => Ok(object.map(Value::take).unwrap_or_default()),
            (status, object) => Err(format!("{path}: HTTP {status} {object:?}").into()),
        }
    }

    async fn rest(&self, path: &str, object: &Value) -> Result<Value, Failure> {
        self.call(&format!("/rest/v3{path}"), &json!({ "requestObject": object }))
            .await
    }

    async fn drive(&self, api: &Api, request: &Request<'_>) -> Response {
        let Gate {
            store, lanes, host, ..
        } = &self.gate;
        drive(&mut api.call(request), &**store, lanes, &**host).await
    }
}
