//! What back ends and printing centres do about recovery.

use countersign::client::{Application, Request};
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::code::RecoveryCode;
use countersign::crypto::ecies::{Encryptor, Parameters, Purpose, ResponseOpener, shared_info2_base};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::{KeyPair, PublicKey};
use countersign::crypto::recovery::RecoveryDerivation;
use serde_json::{Value, json};

use super::host::Dice;
use super::phone::{Factors, Phone};
use super::prelude::APPLICATION;
use super::world::{Ask, World};

/// A code and its PUKs, as they are printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// Number of the code.
    pub id: i64,
    pub code: String,
    pub puks: Vec<String>,
}

/// `one` with the members of `other`.
pub fn merged(mut one: Value, other: &Value) -> Value {
    let members = other.as_object().unwrap().clone();
    one.as_object_mut().unwrap().extend(members);
    one
}

/// Settings with everything on, and the printing centre's key.
pub fn everything(application: &str, printer: &KeyPair) -> Value {
    json!({
        "applicationId": application, "activationRecoveryEnabled": true, "recoveryPostcardEnabled": true,
        "allowMultipleRecoveryCodes": false,
        "remotePostcardPublicKey": base64::encode(printer.public.as_bytes()),
    })
}

/// What the printing centre derives: `config` is the answer about the settings, `created` that about
/// the new code.
pub fn printed(printer: &KeyPair, config: &Value, created: &Value) -> Printed {
    let server = base64::decode(config["postcardPublicKey"].as_str().unwrap()).unwrap();
    let server = PublicKey::from_bytes(&RustCrypto, &server).unwrap();
    let secret = RustCrypto.agree(&printer.private, &server).unwrap();
    let nonce = base64::decode_array(created["nonce"].as_str().unwrap()).unwrap();
    let derivation = RecoveryDerivation::new(secret.as_bytes(), &nonce);
    let indexes = created["puks"].as_array().unwrap().iter();
    Printed {
        id: created["recoveryCodeId"].as_i64().unwrap(),
        code: derivation.code().as_str().to_owned(),
        puks: indexes
            .map(|puk| puk["pukDerivationIndex"].as_i64().unwrap())
            .map(|index| derivation.puk(index).as_str().to_owned())
            .collect(),
    }
}

/// Secret of the only version of an application.
pub fn application_secret(world: &World, application: &str) -> String {
    let request = json!({ "applicationId": application });
    let detail = world.rest("/application/detail", &request).ok();
    detail["versions"][0]["applicationSecret"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The attributes that a back end passes on for a phone that exchanges keys: with the phone's usual
/// payload, changed by `payload`.
pub fn layer2(
    application: &Application,
    secret: &str,
    now: u64,
    payload: &Value,
    rng: &mut Dice,
) -> (Value, ResponseOpener, KeyPair) {
    let pair = KeyPair::generate(&RustCrypto, rng).unwrap();
    let usual = json!({
        "devicePublicKey": base64::encode(pair.public.as_bytes()), "activationName": "phone",
    });
    let plain = merged(usual, payload).to_string();
    let parameters = Parameters {
        version: application.version(),
        purpose: Purpose::ActivationLayer2,
        application_key: application.key(),
        activation_id: None,
        temporary_key_id: None,
    };
    let base = shared_info2_base(secret, None);
    let master = application.master_public_key();
    let encryptor = Encryptor::new(&RustCrypto, master, &parameters, &base, rng).unwrap();
    let (envelope, opener) = encryptor.seal(plain.as_bytes(), now, rng).unwrap();
    let own = json!({
        "applicationKey": application.key(), "protocolVersion": application.version().as_str(),
    });
    (
        merged(own, &serde_json::to_value(&envelope).unwrap()),
        opener,
        pair,
    )
}

/// The printing centre.
pub fn printer() -> KeyPair {
    KeyPair::generate(&RustCrypto, &mut Dice::new(50)).unwrap()
}

/// A new postcard of the application of a prelude.
pub fn postcard(world: &World, user: &str, count: usize) -> Printed {
    let request = json!({ "applicationId": APPLICATION, "userId": user, "pukCount": count });
    let created = world.rest("/recovery/create", &request).ok();
    let config = json!({ "applicationId": APPLICATION });
    let config = world.rest("/recovery/config/detail", &config).ok();
    printed(&printer(), &config, &created)
}

/// A postcard that a new phone of its user has confirmed.
pub fn confirmed(world: &World, application: &Application, user: &str, count: usize, seed: u64) -> Printed {
    let card = postcard(world, user, count);
    let mut phone = Phone::activate(world, application, user, seed);
    let call = confirmation(&mut phone, &card, world.now());
    assert_eq!(world.send(&call).status, 200);
    card
}

/// A phone's request to confirm a code.
pub fn confirmation(phone: &mut Phone, card: &Printed, now: u64) -> Request {
    let code = RecoveryCode::parse(&card.code).unwrap();
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .confirm_recovery(&code, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    call.request
}

/// Switches everything on.
pub fn enable(world: &World) {
    world
        .rest("/recovery/config/update", &everything(APPLICATION, &printer()))
        .ok();
}

/// A back end's request to activate with a code and a PUK.
pub fn recover(world: &World, application: &Application, code: &str, puk: &str, seed: u64) -> Ask {
    let secret = application_secret(world, APPLICATION);
    let now = world.now() + 1;
    let (request, ..) = layer2(application, &secret, now, &json!({}), &mut Dice::new(seed));
    let own = json!({ "recoveryCode": code, "puk": puk });
    Ask::rest("/activation/recovery/create", &merged(request, &own))
}
