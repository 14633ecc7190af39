//! A code for a sibling app: signed, then encrypted.

use std::sync::Arc;

use countersign::api::Api;
use countersign::client::{Credentials, Installation, ReplyError};
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::spawn::SpawnRule;
use serde_json::json;

use crate::rig::{APP, Rig, USER, outcome, plain};
use crate::support::{Factors, World, engine};

const OTP: &str = "0123456789abcdef";
const PATH: &str = "/api/activation/code";

/// A mount that lets the bank's app activate its sibling.
fn spawning(rig: &Rig) -> World {
    let mut engine = (*engine()).clone();
    engine.config.activation_spawn = vec![SpawnRule {
        from: APP.to_owned(),
        requested: "app1".to_owned(),
        application: "sibling".to_owned(),
        flags: vec!["SPAWNED".to_owned()],
    }];
    World {
        api: Arc::new(Api::new(Arc::new(engine)).open_to_anybody()),
        ..rig.world.clone()
    }
}

/// Code and HTTP status of the refusal; the code for the sibling otherwise.
fn request(
    rig: &mut Rig,
    world: &World,
    application: &str,
    otp: &str,
    factors: Factors,
) -> Result<String, (u16, String)> {
    let now = world.now();
    let call = rig.phone.with(factors, |device, authentication, rng| {
        device
            .request_sibling_code(application, otp, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    let answer = world.send(&call.request);
    match call.pending.read(answer.status, &answer.body) {
        Ok(spawned) => {
            assert!(!format!("{spawned:?}").contains(&spawned.activation_code));
            Ok(spawned.activation_code)
        }
        Err(ReplyError::Refused(refusal)) => Err((refusal.status, refusal.code)),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_sibling_is_activated() {
    let mut rig = Rig::new();
    let sibling = rig.world.application("sibling", ProtocolVersion::V3_2);
    let world = spawning(&rig);
    for (seed, factors) in [(77, Factors::Pin), (78, Factors::Biometry)] {
        let code = request(&mut rig, &world, "app1", OTP, factors).unwrap();
        let code = sibling.read_activation_code(&code).unwrap();
        let credentials = Credentials::code(&code.code);
        let phone = Installation {
            otp: Some(OTP),
            ..Installation::default()
        };
        let mut rng = crate::support::Dice::new(seed);
        let call = sibling
            .activate(&credentials, &phone, world.now(), &mut rng)
            .unwrap();
        let answer = world.send(&call.request);
        call.pending.read(answer.status, &answer.body).unwrap();
    }
    let list = json!({ "userId": USER, "applicationId": "sibling" });
    let list = world.rest("/activation/list", &list).ok();
    assert_eq!(list["activations"].as_array().unwrap().len(), 2);
    let one = &list["activations"][0];
    assert_eq!(
        (&one["activationStatus"], &one["activationFlags"]),
        (&json!("ACTIVE"), &json!(["SPAWNED"]))
    );
}

#[test]
fn refusals() {
    let mut rig = Rig::new();
    rig.world.application("sibling", ProtocolVersion::V3_2);
    let world = spawning(&rig);
    let closed = rig.world.clone();
    let failed = Err((400, "ACTIVATION_CODE_FAILED".to_owned()));
    let invalid = Err((400, "INVALID_REQUEST".to_owned()));
    // Without rules nobody learns what a good request would be.
    assert_eq!(request(&mut rig, &closed, "app1", OTP, Factors::Pin), failed);
    assert_eq!(request(&mut rig, &closed, "app1", "short", Factors::Pin), failed);
    assert_eq!(request(&mut rig, &world, "app2", OTP, Factors::Pin), failed);
    assert_eq!(
        request(&mut rig, &world, "app1", &OTP[1..], Factors::Pin),
        invalid
    );
    assert_eq!(
        request(&mut rig, &world, "app1", "12345678", Factors::Pin),
        invalid
    );
    assert_eq!(request(&mut rig, &world, " ", OTP, Factors::Pin), invalid);
    let wrong = request(&mut rig, &world, "app1", OTP, Factors::WrongPin);
    assert_eq!(wrong, Err((401, "POWERAUTH_AUTH_FAIL".to_owned())));
    let none = world.ask(&plain("POST", PATH, &json!({})));
    assert_eq!(outcome(&none), (401, "POWERAUTH_AUTH_FAIL".to_owned()));
    let ask = crate::rig::signed(&mut rig.phone, PATH, PATH, b"{}", Factors::Pin);
    assert_eq!(outcome(&world.ask(&ask)), (400, "ERR_ENCRYPTION".to_owned()));
    let list = json!({ "userId": USER, "applicationId": "sibling" });
    assert_eq!(
        world.rest("/activation/list", &list).ok()["activations"],
        json!([])
    );
    // A replay opens once only.
    let now = world.now();
    let call = rig.phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .request_sibling_code("app1", OTP, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    assert_eq!(world.send(&call.request).status, 200);
    assert_eq!(
        outcome(&world.send(&call.request)),
        (400, "ERR_ENCRYPTION".to_owned())
    );
}
