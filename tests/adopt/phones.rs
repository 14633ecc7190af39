//! Every phone, used through the client: nothing about it changed but the server.

use std::collections::BTreeMap;

use countersign::client::{
    Application, Authentication, BiometryKey, Credentials, Device, DeviceState, Installation, Pin,
    PossessionKey, VaultReason,
};
use countersign::crypto::code::{Puk, RecoveryCode};
use countersign::crypto::encoding::base64;
use countersign::crypto::kdf::pbkdf2;
use countersign::crypto::key::PrivateKey;
use countersign::crypto::secret::Secret;
use countersign::crypto::status::BlobStatus;
use countersign::crypto::symmetric::{ZERO_IV, encrypt_cbc_blocks};
use countersign::crypto::vault::wrap_device_key;
use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::ActivationStatus;
use serde_json::{Value, json};

use super::rig::{DATABASES, Town, json as file};
use super::support::phone::{verification, with_temporary_key};
use super::support::{Dice, World, activation};

const POSSESSION: [u8; 16] = [0x50; 16];
const BIOMETRY: [u8; 16] = [0xB1; 16];
const PIN: &str = "1234";
const SALT: [u8; 16] = [0x5A; 16];
/// Names of versions that a phone of protocol 3 may use.
const VERSIONS: [&str; 4] = ["3.0", "3.1", "3.2", "3.3"];

/// How often each thing was done.
type Counts = BTreeMap<&'static str, u64>;

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name}"))
}

fn key(phone: &Value, name: &str) -> Secret<16> {
    Secret::from_bytes(base64::decode_array(text(&phone["keys"], name)).unwrap())
}

fn wrapped(with: &[u8; 16], key: &Secret<16>) -> String {
    let with = Secret::from_bytes(*with);
    base64::encode(&encrypt_cbc_blocks(&with, &ZERO_IV, key.as_bytes()).unwrap())
}

/// The device as it would be stored on the phone.
fn device(phone: &Value, master: &str, version: &str) -> Device {
    let mut stretched = [0; 16];
    pbkdf2(PIN.as_bytes(), &SALT, 1.try_into().unwrap(), &mut stretched);
    let private = base64::decode(text(phone, "devicePrivateKey")).unwrap();
    let private = PrivateKey::from_bytes(&private).unwrap();
    let counter = match phone["ctrData"].as_str() {
        Some(data) => {
            let upgrading = phone["expected"]["protocolMajor"] == 2;
            json!({ "kind": "hash", "data": data, "byte": null, "upgrading": upgrading })
        }
        None => json!({ "kind": "numeric", "value": phone["counter"] }),
    };
    let mut tokens = serde_json::Map::new();
    for (at, token) in phone["tokens"].as_array().unwrap().iter().enumerate() {
        let secret = Secret::from_bytes(base64::decode_array(text(token, "secret")).unwrap());
        tokens.insert(
            at.to_string(),
            json!({ "id": token["id"], "secret": wrapped(&POSSESSION, &secret) }),
        );
    }
    let state = json!({
        "format": 1,
        "applicationKey": phone["applicationKey"],
        "applicationSecret": phone["applicationSecret"],
        "masterPublicKey": master,
        "protocolVersion": version,
        "activationId": phone["activationId"],
        "serverPublicKey": phone["serverPublicKey"],
        "devicePublicKey": phone["devicePublicKey"],
        "possessionKey": wrapped(&POSSESSION, &key(phone, "possession")),
        "transportKey": wrapped(&POSSESSION, &key(phone, "transport")),
        "knowledgeKey": wrapped(&stretched, &key(phone, "knowledge")),
        "knowledgeSalt": base64::encode(&SALT),
        "knowledgeIterations": 1,
        "biometryKey": wrapped(&BIOMETRY, &key(phone, "biometry")),
        "devicePrivateKey": base64::encode(&wrap_device_key(&key(phone, "vault"), &private)),
        "counter": counter,
        "tokens": tokens,
    });
    let state = DeviceState::from_json(&state.to_string()).unwrap();
    Device::from_state(&state, PossessionKey::from_bytes(POSSESSION)).unwrap()
}

/// The same device with another version of the protocol.
fn speaking(device: &Device, version: &str) -> Device {
    let mut state: Value = serde_json::from_str(&device.to_state().to_json().unwrap()).unwrap();
    state["protocolVersion"] = json!(version);
    let state = DeviceState::from_json(&state.to_string()).unwrap();
    Device::from_state(&state, PossessionKey::from_bytes(POSSESSION)).unwrap()
}

/// The server's record against what is known of it.
fn compare_record(world: &World, phone: &Value) {
    let expected = &phone["expected"];
    let it = activation(&*world.store, text(phone, "activationId"));
    let actual = json!({
        "status": it.status,
        "failedAttempts": it.failed_attempts,
        "maxFailedAttempts": it.max_failed_attempts,
        "counter": it.counter,
        "ctrData": it.counter_data.as_deref().map(base64::encode),
        "protocolMajor": it.version,
        "activationName": it.name,
        "flags": it.flags,
        "blockedReason": it.blocked_reason,
        "otpValidation": it.otp_validation,
        "platform": it.platform,
        "deviceInfo": it.device_info,
        "extras": it.extras,
        "serverPrivateKeyEncryption": expected["serverPrivateKeyEncryption"],
    });
    assert_eq!(actual, *expected);
}

struct Player<'a> {
    world: &'a World,
    rng: Dice,
    counts: &'a mut Counts,
}

impl Player<'_> {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn refresh(&mut self, device: &mut Device) {
        if device.needs_temporary_key(self.world.now()) {
            let call = device.request_temporary_key(&mut self.rng).unwrap();
            let answer = self.world.send(&call.request);
            let key = call.pending.read(answer.status, &answer.body).unwrap();
            device.keep_temporary_key(key).unwrap();
        }
    }

    /// What the server says of a signature.
    fn signs(&mut self, device: &mut Device, authentication: &Authentication<'_>) -> Value {
        let header = device
            .authorize("POST", "/login", b"{}", authentication, &mut self.rng)
            .unwrap()
            .assume_saved();
        self.world.rest("/signature/verify", &verification(&header)).ok()
    }

    fn reads_status(&mut self, device: &mut Device, active: bool) {
        let call = device.request_status(&mut self.rng).unwrap();
        let answer = self.world.send(&call.request);
        let status = call.pending.read(device, answer.status, &answer.body).unwrap();
        assert_eq!(matches!(status.status, BlobStatus::Active), active, "{status:?}");
        self.count("statuses read");
    }

    fn presents(&mut self, device: &Device, name: &str) -> Value {
        let header = device
            .token_header(name, self.world.now(), &mut self.rng)
            .unwrap();
        let validate = json!({
            "tokenId": header.token_id,
            "tokenDigest": base64::encode(&header.digest),
            "nonce": base64::encode(&header.nonce),
            "timestamp": header.timestamp,
            "protocolVersion": header.version.as_str(),
        });
        self.world.rest("/token/validate", &validate).ok()
    }

    /// Everything that a phone in use does, in two versions of the protocol; each phone in others than the one before.
    fn uses(&mut self, device: &mut Device, phone: &Value, number: usize) {
        let pin = Pin::new(PIN).unwrap();
        let biometry = BiometryKey::from_bytes(BIOMETRY);
        let sealed = |world: &World, id| activation(&*world.store, id).keys;
        let id = &device.activation_id().to_owned();
        if sealed(self.world, id).is_none() {
            self.count("keys agreed on");
        }
        for version in VERSIONS.iter().cycle().skip(number).take(2) {
            *device = speaking(device, version);
            self.refresh(device);
            // The first signature may be the one that brings the counters together.
            let knowledge = Authentication::PossessionKnowledge(&pin);
            let answer = self.signs(device, &knowledge);
            assert_eq!(answer["signatureValid"], true, "{version}: {answer}");
            let agreed = sealed(self.world, id);
            assert!(agreed.is_some(), "the first verification agrees on them");
            let both = Authentication::PossessionBiometry(&biometry);
            assert_eq!(self.signs(device, &both)["signatureValid"], true);
            assert_eq!(
                self.signs(device, &Authentication::Possession)["signatureValid"],
                true
            );
            *self.counts.entry("signatures").or_default() += 3;
            assert_eq!(sealed(self.world, id), agreed, "and only that one");
            self.reads_status(device, true);
            let now = self.world.now();
            let call = device.unlock_vault(VaultReason::AddBiometry, &knowledge, now, &mut self.rng);
            let call = call.unwrap().assume_saved();
            let answer = self.world.send(&call.request);
            let vault = call.pending.read(device, answer.status, &answer.body).unwrap();
            let signature = base64::encode(&vault.sign(b"contract").unwrap().to_der());
            let verify = json!({
                "activationId": device.activation_id(), "data": base64::encode(b"contract"), "signature": signature,
            });
            let verified = self.world.rest("/signature/ecdsa/verify", &verify).ok();
            assert_eq!(verified["signatureValid"], true);
            self.count("vaults unlocked");
            let now = self.world.now();
            let call = device.create_token("new", &Authentication::Possession, now, &mut self.rng);
            let call = call.unwrap().assume_saved();
            let answer = self.world.send(&call.request);
            call.pending.read(device, answer.status, &answer.body).unwrap();
            assert_eq!(self.presents(device, "new")["tokenValid"], true);
            self.count("new tokens");
            for (at, token) in phone["tokens"].as_array().unwrap().iter().enumerate() {
                let valid = token["removed"] == false;
                assert_eq!(self.presents(device, &at.to_string())["tokenValid"], valid);
                self.count(if valid {
                    "old tokens"
                } else {
                    "removed tokens refused"
                });
            }
            self.world.host.advance(1);
        }
    }

    /// A new phone with a recovery code.
    fn recovers(&mut self, application: &Application, code: &Value, puk: &Value) {
        let mut rng = Dice::new(77);
        let application = with_temporary_key(self.world, application.clone(), &mut rng);
        let parsed = RecoveryCode::parse(text(code, "recoveryCode")).unwrap();
        let credentials = Credentials::recovery(&parsed, &Puk::parse(text(puk, "puk")).unwrap());
        let device = self.enrols(&application, &credentials, None);
        assert_eq!(status(self.world, &device), ActivationStatus::Active);
        self.count("recoveries");
    }

    fn enrols(&mut self, application: &Application, credentials: &Credentials, otp: Option<&str>) -> Device {
        let installation = Installation {
            otp,
            ..Installation::default()
        };
        let now = self.world.now();
        let call = application
            .activate(credentials, &installation, now, &mut self.rng)
            .unwrap();
        let answer = self.world.send(&call.request);
        let activation = call.pending.read(answer.status, &answer.body);
        let activation = activation.unwrap_or_else(|error| panic!("{error}: {:?}", answer.json()));
        let pin = Pin::new(PIN).unwrap();
        let biometry = BiometryKey::from_bytes(BIOMETRY);
        activation
            .protect(
                &pin,
                PossessionKey::from_bytes(POSSESSION),
                Some(&biometry),
                &mut self.rng,
            )
            .unwrap()
    }

    fn upgrades(&mut self, device: &mut Device) {
        let call = device.start_upgrade(self.world.now(), &mut self.rng).unwrap();
        let answer = self.world.send(&call.request);
        call.pending.read(device, answer.status, &answer.body).unwrap();
        let call = device.commit_upgrade(&mut self.rng).unwrap().assume_saved();
        let answer = self.world.send(&call.request);
        call.pending.read(device, answer.status, &answer.body).unwrap();
        self.count("upgrades");
    }
}

fn status(world: &World, device: &Device) -> ActivationStatus {
    activation(&*world.store, device.activation_id()).status
}

fn application(phone: &Value, master: &str) -> Application {
    Application::new(
        text(phone, "applicationKey"),
        text(phone, "applicationSecret"),
        master,
    )
    .unwrap()
    .with_version(ProtocolVersion::V3_2)
}

/// A phone from where it was, to the end.
fn play(town: &Town, (number, phone): (usize, &Value), master: &str, counts: &mut Counts) {
    let world = town.world();
    compare_record(&world, phone);
    let mut player = Player {
        world: &world,
        rng: Dice::new(5),
        counts,
    };
    let id = text(phone, "activationId");
    let otp = phone["activationOtp"].as_str();
    let expected = &phone["expected"];
    let state = text(expected, "status");
    let application = application(phone, master);
    if state == "CREATED" {
        let code = format!(
            "{}#{}",
            text(phone, "activationCode"),
            text(phone, "activationCodeSignature")
        );
        let code = application.read_activation_code(&code).unwrap();
        let early = otp.filter(|_| expected["otpValidation"] == "ON_KEY_EXCHANGE");
        let mut device = player.enrols(&application, &Credentials::code(&code.code), early);
        assert_eq!(device.activation_id(), id);
        commit(
            &world,
            &device,
            otp.filter(|_| expected["otpValidation"] == "ON_COMMIT"),
        );
        player.uses(&mut device, &json!({ "tokens": [] }), number);
        player.count("phones");
        return;
    }
    if state == "REMOVED" {
        removed(&mut player, phone, master);
        return;
    }
    let mut device = device(phone, master, "3.1");
    player.reads_status(&mut device, state == "ACTIVE");
    if state == "PENDING_COMMIT" {
        commit(&world, &device, otp);
    } else if state == "BLOCKED" {
        let blocked = player.signs(&mut speaking(&device, "3.1"), &Authentication::Possession);
        assert_eq!(blocked["signatureValid"], false);
        world
            .rest("/activation/unblock", &json!({ "activationId": id }))
            .ok();
        player.count("unblocked");
    }
    if phone["applicationVersionSupported"] == false {
        let refused = player.signs(&mut device, &Authentication::Possession);
        assert_eq!(refused["signatureValid"], false);
        player.count("phones with a version that is not served");
        let request = json!({
            "applicationId": phone["applicationId"], "applicationVersionId": phone["applicationVersion"],
        });
        world.rest("/application/version/support", &request).ok();
    }
    if expected["protocolMajor"] == 2 {
        player.upgrades(&mut device);
    }
    if phone["aheadOfServer"].as_u64() >= Some(20) {
        let refused = player.signs(&mut device, &Authentication::Possession);
        assert_eq!(refused["signatureValid"], false);
        player.count("phones beyond the window, as before");
        return;
    }
    player.uses(&mut device, phone, number);
    player.count("phones");
    let recovery = &phone["recovery"];
    if recovery["status"] == "ACTIVE" || (recovery["status"] == "CREATED" && state == "PENDING_COMMIT") {
        player.recovers(&application, recovery, &recovery["puks"][0]);
        assert_eq!(status(&world, &device), ActivationStatus::Removed);
    }
}

fn commit(world: &World, device: &Device, otp: Option<&str>) {
    let id = device.activation_id();
    if status(world, device) == ActivationStatus::PendingCommit {
        let request = json!({ "activationId": id, "activationOtp": otp });
        let answer = world.rest("/activation/commit", &request).ok();
        assert_eq!(answer["activated"], true);
    }
    assert_eq!(status(world, device), ActivationStatus::Active);
}

fn removed(player: &mut Player<'_>, phone: &Value, master: &str) {
    player.count("removed phones, refused");
    if phone["devicePrivateKey"].is_null() {
        return;
    }
    let mut device = device(phone, master, "3.1");
    let refused = player.signs(&mut device, &Authentication::Possession);
    assert_eq!(refused["signatureValid"], false);
    assert_eq!(refused["activationStatus"], "REMOVED");
    let recovery = &phone["recovery"];
    if recovery["status"] == "ACTIVE" {
        player.recovers(&application(phone, master), recovery, &recovery["puks"][0]);
    }
}

#[test]
fn every_phone_goes_on() {
    for name in DATABASES {
        let Some(town) = Town::of(name) else { return };
        let all = file(&town.folder, "phones.json");
        let masters = &all["applications"];
        let mut counts = Counts::new();
        let phones = all["phones"].as_array().unwrap();
        for (number, phone) in phones.iter().enumerate() {
            let master = text(&masters[text(phone, "applicationId")], "masterPublicKey");
            play(&town, (number, phone), master, &mut counts);
        }
        postcards(&town, &all, &mut counts);
        println!("{name}: {} phones: {counts:?}, 0 lost", phones.len());
        assert!(counts["keys agreed on"] > 30);
        let done = [
            "phones",
            "phones beyond the window, as before",
            "removed phones, refused",
        ];
        let done: u64 = done.iter().filter_map(|what| counts.get(what)).sum();
        assert_eq!(done, u64::try_from(phones.len()).unwrap());
    }
}

/// Postcards that were confirmed recover with their first PUK that is left; others do not.
fn postcards(town: &Town, all: &Value, counts: &mut Counts) {
    for card in all["postcardRecoveryCodes"].as_array().unwrap() {
        let world = town.world();
        let mut player = Player {
            world: &world,
            rng: Dice::new(6),
            counts,
        };
        let phones = all["phones"].as_array().unwrap();
        let of = |phone: &&Value| {
            phone["applicationId"] == card["applicationId"] && phone["applicationVersionSupported"] == true
        };
        let phone = phones.iter().find(of).unwrap();
        let master = text(
            &all["applications"][text(card, "applicationId")],
            "masterPublicKey",
        );
        let puks = card["puks"].as_array().unwrap();
        let puk = puks.iter().find(|puk| puk["status"] == "VALID");
        match puk {
            Some(puk) if card["status"] == "ACTIVE" => {
                player.recovers(&application(phone, master), card, puk);
                player.count("postcards");
            }
            _ => player.count("postcards that are not ACTIVE"),
        }
    }
}
