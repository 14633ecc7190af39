//! An application with recovery, a printing centre, and phones that a back end speaks for.

use std::cell::RefCell;
use std::sync::Arc;

use countersign::client::Application;
use countersign::crypto::backend::RustCrypto;
use countersign::crypto::ecies::{
    Encryptor, EnvelopeResponse, Parameters, Purpose, ResponseOpener, shared_info2_base,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::{KeyPair, PublicKey};
use countersign::crypto::schedule::ActivationKeys;
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{MemoryStore, Store};
use serde_json::{Value, json};

use crate::support::recovery::{Printed, application_secret, everything, layer2, merged, printed};
use crate::support::{Answer, Clock, Dice, World, engine};

pub const APP: &str = "bank";
pub const CREATE: &str = "/recovery/create";
pub const CONFIRM: &str = "/recovery/confirm";
pub const LOOKUP: &str = "/recovery/lookup";
pub const REVOKE: &str = "/recovery/revoke";
pub const DETAIL: &str = "/recovery/config/detail";
pub const UPDATE: &str = "/recovery/config/update";
pub const RECOVER: &str = "/activation/recovery/create";
/// Later than the beginning of time-ordered numbers.
pub const NOW: u64 = 1_800_000_000_000;
pub const WRONG_PUK: &str = "0000000000";

pub struct Town {
    pub world: World,
    pub application: Application,
    pub printer: KeyPair,
    secret: String,
    rng: RefCell<Dice>,
}

/// A phone whose requests a back end passes on.
pub struct Device {
    pub id: String,
    pub keys: ActivationKeys,
    server: PublicKey,
    /// The code that came with the activation.
    pub recovery: Option<Printed>,
}

/// A request on its way.
pub struct Sent {
    pub request: Value,
    opener: ResponseOpener,
    pair: KeyPair,
}

impl Town {
    /// Recovery and postcards are enabled.
    pub fn new() -> Self {
        let town = Self::without_recovery();
        town.configure(&json!({}));
        town
    }

    pub fn without_recovery() -> Self {
        Self::bare(Arc::new(MemoryStore::new()))
    }

    /// As [`Town::new`], over a store.
    pub fn over(store: Arc<dyn Store>) -> Self {
        let town = Self::bare(store);
        town.configure(&json!({}));
        town
    }

    fn bare(store: Arc<dyn Store>) -> Self {
        let world = World::with(engine(), store, Clock::new(1, NOW));
        let application = world.application(APP, ProtocolVersion::V3_2);
        let mut rng = Dice::new(7);
        Self {
            secret: application_secret(&world, APP),
            world,
            application,
            printer: KeyPair::generate(&RustCrypto, &mut rng).unwrap(),
            rng: RefCell::new(rng),
        }
    }

    /// Everything on, with the printing centre's key, except for `changes`.
    pub fn configure(&self, changes: &Value) {
        let config = everything(APP, &self.printer);
        self.world.rest(UPDATE, &merged(config, changes)).ok();
    }

    pub fn config(&self) -> Value {
        self.world.rest(DETAIL, &json!({ "applicationId": APP })).ok()
    }

    /// A postcard of a user, derived as the printing centre derives it.
    pub fn postcard(&self, user: &str, count: usize) -> Printed {
        let request = json!({ "applicationId": APP, "userId": user, "pukCount": count });
        self.world.host.advance(1);
        let created = self.world.rest(CREATE, &request).ok();
        let printed = printed(&self.printer, &self.config(), &created);
        assert_eq!(printed.puks.len(), count);
        let ending = &printed.code[18..];
        assert_eq!(
            created["recoveryCodeMasked"],
            format!("XXXXX-XXXXX-XXXXX-{ending}")
        );
        printed
    }

    /// A postcard that its user has confirmed.
    pub fn confirmed(&self, user: &str, count: usize) -> Printed {
        let printed = self.postcard(user, count);
        let device = self.active(user, false);
        assert_eq!(self.confirm(&device, &printed.code).status, 200);
        printed
    }

    /// A key exchange in an envelope of `version`.
    pub fn exchange(&self, version: ProtocolVersion, payload: &Value) -> Sent {
        let application = self.application.clone().with_version(version);
        let mut rng = self.rng.borrow_mut();
        let now = self.world.now();
        let (request, opener, pair) = layer2(&application, &self.secret, now, payload, &mut rng);
        Sent {
            request,
            opener,
            pair,
        }
    }

    /// Reads the answer to a key exchange.
    pub fn device(&self, sent: Sent, answer: &Value) -> Device {
        let sealed: EnvelopeResponse = serde_json::from_value(answer.clone()).unwrap();
        let plain = sent.opener.open(&sealed).unwrap();
        let plain: Value = serde_json::from_slice(plain.as_bytes()).unwrap();
        assert_eq!(plain["activationId"], answer["activationId"]);
        let server = base64::decode(plain["serverPublicKey"].as_str().unwrap()).unwrap();
        let server = PublicKey::from_bytes(&RustCrypto, &server).unwrap();
        let pair = &plain["activationRecovery"];
        let text = |name: &str| pair[name].as_str().unwrap().to_owned();
        let id = plain["activationId"].as_str().unwrap().to_owned();
        let recovery = pair.is_object().then(|| Printed {
            id: self.codes(&json!({ "activationId": id }))[0]["recoveryCodeId"]
                .as_i64()
                .unwrap(),
            code: text("recoveryCode"),
            puks: vec![text("puk")],
        });
        Device {
            keys: ActivationKeys::derive(&RustCrypto, &sent.pair.private, &server).unwrap(),
            id,
            server,
            recovery,
        }
    }

    /// An activation by code that waits for its commit.
    pub fn pending(&self, user: &str, with_code: bool) -> Device {
        self.world.host.advance(1);
        let init = json!({ "userId": user, "applicationId": APP });
        let init = self.world.rest("/activation/init", &init).ok();
        let mut sent = self.exchange(ProtocolVersion::V3_2, &json!({}));
        sent.request["activationCode"] = init["activationCode"].clone();
        sent.request["generateRecoveryCodes"] = json!(with_code);
        let answer = self.world.rest("/activation/prepare", &sent.request).ok();
        self.device(sent, &answer)
    }

    /// An ACTIVE activation.
    pub fn active(&self, user: &str, with_code: bool) -> Device {
        let device = self.pending(user, with_code);
        let id = json!({ "activationId": device.id });
        self.world.rest("/activation/commit", &id).ok();
        device
    }

    /// A request to activate with a recovery code.
    pub fn recovery(&self, code: &str, puk: &str) -> Sent {
        let mut sent = self.exchange(ProtocolVersion::V3_2, &json!({}));
        sent.request["recoveryCode"] = json!(code);
        sent.request["puk"] = json!(puk);
        sent
    }

    /// The answer to [`Town::recovery`].
    pub fn try_puk(&self, code: &str, puk: &str) -> Answer {
        self.world.rest(RECOVER, &self.recovery(code, puk).request)
    }

    /// An activation with a recovery code.
    pub fn recovered(&self, code: &str, puk: &str) -> Device {
        let sent = self.recovery(code, puk);
        let answer = self.world.rest(RECOVER, &sent.request).ok();
        assert_eq!(answer["activationStatus"], "PENDING_COMMIT");
        self.device(sent, &answer)
    }

    /// A confirmation with `payload` inside its envelope.
    pub fn confirmation(&self, device: &Device, payload: &[u8]) -> (Value, ResponseOpener) {
        let mut rng = self.rng.borrow_mut();
        let version = ProtocolVersion::V3_2;
        let parameters = Parameters {
            version,
            purpose: Purpose::RecoveryConfirm,
            application_key: self.application.key(),
            activation_id: Some(&device.id),
            temporary_key_id: None,
        };
        let base = shared_info2_base(&self.secret, Some(&device.keys.transport));
        let encryptor = Encryptor::new(&RustCrypto, &device.server, &parameters, &base, &mut *rng).unwrap();
        let (envelope, opener) = encryptor.seal(payload, self.world.now(), &mut *rng).unwrap();
        let own = json!({
            "activationId": device.id, "applicationKey": self.application.key(),
            "protocolVersion": version.as_str(),
        });
        (merged(own, &serde_json::to_value(&envelope).unwrap()), opener)
    }

    /// Confirms a code.
    pub fn confirm(&self, device: &Device, code: &str) -> Answer {
        let payload = json!({ "recoveryCode": code }).to_string();
        let (request, _) = self.confirmation(device, payload.as_bytes());
        self.world.rest(CONFIRM, &request)
    }

    /// What the confirmation tells the phone.
    pub fn already_confirmed(&self, device: &Device, code: &str) -> bool {
        let payload = json!({ "recoveryCode": code }).to_string();
        let (request, opener) = self.confirmation(device, payload.as_bytes());
        let answer = self.world.rest(CONFIRM, &request).ok();
        assert_eq!(answer["activationId"], *device.id);
        let sealed: EnvelopeResponse = serde_json::from_value(answer).unwrap();
        let plain: Value = serde_json::from_slice(opener.open(&sealed).unwrap().as_bytes()).unwrap();
        plain["alreadyConfirmed"].as_bool().unwrap()
    }

    /// Codes that a lookup finds.
    pub fn codes(&self, request: &Value) -> Vec<Value> {
        let found = self.world.rest(LOOKUP, request).ok();
        found["recoveryCodes"].as_array().unwrap().clone()
    }

    /// State of a user's code, and of its PUKs.
    pub fn state(&self, user: &str, id: i64) -> (String, Vec<String>) {
        let codes = self.codes(&json!({ "userId": user }));
        let code = codes.iter().find(|it| it["recoveryCodeId"] == id).unwrap();
        let text = |it: &Value| it["status"].as_str().unwrap().to_owned();
        (
            text(code),
            code["puks"].as_array().unwrap().iter().map(text).collect(),
        )
    }

    /// State of an activation.
    pub fn activation(&self, id: &str) -> Value {
        self.world
            .rest("/activation/status", &json!({ "activationId": id }))
            .ok()
    }

    /// States in an activation's history, oldest first.
    pub fn history(&self, id: &str) -> Vec<String> {
        let found = self
            .world
            .rest("/activation/history", &json!({ "activationId": id }))
            .ok();
        let items = found["items"].as_array().unwrap().iter().rev();
        items
            .map(|it| it["activationStatus"].as_str().unwrap().to_owned())
            .collect()
    }
}
