//! Recovery with the phones' own API, end to end.

use countersign::client::{
    Application, Credentials, Device as ClientDevice, Installation, NewActivation, Pin, PossessionKey,
    RecoveryData, ReplyError,
};
use countersign::crypto::code::{Puk, RecoveryCode};
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

use crate::support::phone::with_temporary_key;
use crate::support::{Dice, Factors, Phone};
use crate::town::{APP, Town, WRONG_PUK};

/// Sends an activation with these credentials.
fn activate(
    town: &Town,
    application: &Application,
    credentials: &Credentials,
    rng: &mut Dice,
) -> Result<NewActivation, ReplyError> {
    let application = with_temporary_key(&town.world, application.clone(), rng);
    let now = town.world.now();
    let call = application
        .activate(credentials, &Installation::default(), now, rng)
        .unwrap();
    let answer = town.world.send(&call.request);
    call.pending.read(answer.status, &answer.body)
}

fn protect(activation: NewActivation, rng: &mut Dice) -> ClientDevice {
    let pin = Pin::new("1234").unwrap();
    let possession = PossessionKey::from_bytes([1; 16]);
    activation.protect(&pin, possession, None, rng).unwrap()
}

fn read(code: &str, puk: &str) -> RecoveryData {
    RecoveryData {
        code: RecoveryCode::parse(code).unwrap(),
        puk: Puk::parse(puk).unwrap(),
    }
}

fn credentials(data: &RecoveryData) -> Credentials {
    Credentials::recovery(&data.code, &data.puk)
}

/// Index of the PUK to try next, after a refusal.
fn refused(reply: Result<NewActivation, ReplyError>) -> (String, Option<u32>) {
    match reply {
        Err(ReplyError::Refused(refusal)) => {
            assert_eq!(refusal.status, 400);
            (refusal.code, refusal.recovery_puk_index)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lost_phone_is_replaced() {
    for version in [
        ProtocolVersion::V3_0,
        ProtocolVersion::V3_1,
        ProtocolVersion::V3_2,
        ProtocolVersion::V3_3,
    ] {
        let town = Town::new();
        let application = town.application.clone().with_version(version);
        let mut rng = Dice::new(1);
        let init = json!({ "userId": "joe", "applicationId": APP });
        let init = town.world.rest("/activation/init", &init).ok();
        let code = application
            .read_activation_code(init["activationCode"].as_str().unwrap())
            .unwrap();
        let first = activate(&town, &application, &Credentials::code(&code.code), &mut rng).unwrap();
        let shown = first.recovery().unwrap().clone();
        let first = protect(first, &mut rng);
        assert!(first.has_recovery());
        let id = first.activation_id();
        let flags = json!({ "activationId": id, "activationFlags": ["VIP"] });
        town.world.rest("/activation/flags/create", &flags).ok();
        let not_yet = activate(&town, &application, &credentials(&shown), &mut rng);
        assert_eq!(refused(not_yet), ("ERR_ACTIVATION".into(), None));
        town.world
            .rest("/activation/commit", &json!({ "activationId": id }))
            .ok();
        let wrong = read(shown.code.as_str(), WRONG_PUK);
        let wrong = activate(&town, &application, &credentials(&wrong), &mut rng);
        assert_eq!(refused(wrong), ("INVALID_RECOVERY_CODE".into(), Some(1)));

        let second = activate(&town, &application, &credentials(&shown), &mut rng).unwrap();
        assert_eq!(town.activation(id)["activationStatus"], "REMOVED");
        assert_eq!(
            town.history(id),
            ["CREATED", "PENDING_COMMIT", "ACTIVE", "REMOVED"]
        );
        let status = town.activation(second.activation_id());
        assert_eq!(status["activationStatus"], "ACTIVE", "committed at once");
        assert_eq!(status["userId"], "joe");
        assert_eq!(status["activationFlags"], json!(["VIP"]));
        assert_eq!(
            town.history(second.activation_id()),
            ["CREATED", "PENDING_COMMIT", "ACTIVE"]
        );
        assert_eq!(status["devicePublicKeyFingerprint"], second.fingerprint());
        let again = activate(&town, &application, &credentials(&shown), &mut rng);
        assert_eq!(refused(again), ("ERR_ACTIVATION".into(), None));

        // The new phone signs, and its own code works at once.
        let next = second.recovery().unwrap().clone();
        assert_ne!(next.code.as_str(), shown.code.as_str());
        let third = activate(&town, &application, &credentials(&next), &mut rng).unwrap();
        assert_eq!(
            town.activation(second.activation_id())["activationStatus"],
            "REMOVED"
        );
        assert_eq!(
            town.activation(third.activation_id())["activationStatus"],
            "ACTIVE"
        );
    }
}

#[test]
fn a_postcard_is_confirmed_and_used() {
    for version in [
        ProtocolVersion::V3_1,
        ProtocolVersion::V3_2,
        ProtocolVersion::V3_3,
    ] {
        let town = Town::new();
        let application = town.application.clone().with_version(version);
        let mut rng = Dice::new(2);
        let mut phone = Phone::activate(&town.world, &application, "joe", 3);
        let (card, foreign) = (town.postcard("joe", 3), town.postcard("jane", 1));
        let mut confirm = |code: &str, factors: Factors| {
            phone.refresh(&town.world);
            let (code, now) = (RecoveryCode::parse(code).unwrap(), town.world.now());
            let call = phone.with(factors, |device, authentication, rng| {
                device
                    .confirm_recovery(&code, authentication, now, rng)
                    .map(|call| call.assume_saved())
            });
            let call = call.unwrap();
            let answer = town.world.send(&call.request);
            call.pending.read(answer.status, &answer.body)
        };
        assert_eq!(confirm(&card.code, Factors::Pin), Ok(false));
        assert_eq!(confirm(&card.code, Factors::Pin), Ok(true));
        for (code, factors) in [
            (foreign.code.as_str(), Factors::Pin),
            ("AAAAA-AAAAA-AAAAA-AAAAA", Factors::Pin),
            (card.code.as_str(), Factors::WrongPin),
        ] {
            match confirm(code, factors) {
                Err(ReplyError::Refused(refusal)) => {
                    assert_eq!(
                        (refusal.status, refusal.code.as_str()),
                        (401, "ERR_AUTHENTICATION")
                    );
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(town.state("jane", foreign.id).0, "CREATED");
        // The signature of a refused request is used up; only the wrong PIN is a failure.
        assert_eq!(town.activation(&phone.id())["failedAttempts"], 1);

        let mut tried = |puk: &str| {
            activate(
                &town,
                &application,
                &credentials(&read(&card.code, puk)),
                &mut rng,
            )
        };
        let first = tried(&card.puks[0]).unwrap();
        assert_eq!(
            town.activation(first.activation_id())["activationStatus"],
            "ACTIVE"
        );
        assert_eq!(
            town.activation(&phone.id())["activationStatus"],
            "ACTIVE",
            "a postcard replaces none"
        );
        for _ in 0..4 {
            assert_eq!(
                refused(tried(&card.puks[2])),
                ("INVALID_RECOVERY_CODE".into(), Some(2))
            );
        }
        assert_eq!(refused(tried(WRONG_PUK)), ("ERR_ACTIVATION".into(), None));
        assert_eq!(town.state("joe", card.id).0, "BLOCKED");
        assert_eq!(refused(tried(&card.puks[1])), ("ERR_ACTIVATION".into(), None));
    }
}

#[test]
fn only_two_factors_confirm() {
    let town = Town::new();
    let mut phone = Phone::activate(&town.world, &town.application, "joe", 3);
    let card = town.postcard("joe", 1);
    let code = RecoveryCode::parse(&card.code).unwrap();
    let now = town.world.now();
    // The client refuses to sign this with less; another phone may not.
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .confirm_recovery(&code, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    let mut request = call.request;
    for (_, value) in &mut request.headers {
        *value = value.replace("possession_knowledge", "possession");
    }
    assert_eq!(town.world.send(&request).status, 401);
    request.headers.clear();
    assert_eq!(town.world.send(&request).status, 401);
    assert_eq!(town.state("joe", card.id).0, "CREATED");
    assert_eq!(town.activation(&phone.id())["failedAttempts"], 0);
}

#[test]
fn credentials_must_be_complete() {
    let town = Town::new();
    let card = town.confirmed("joe", 1);
    let mut rng = Dice::new(4);
    let other = Credentials::custom([("recoveryCode", card.code.as_str()), ("puk", &card.puks[0])]);
    let reply = activate(&town, &town.application, &other, &mut rng);
    assert_eq!(refused(reply), ("ERR_ACTIVATION".into(), None));
    town.configure(&json!({ "activationRecoveryEnabled": false }));
    let off = credentials(&read(&card.code, &card.puks[0]));
    let reply = activate(&town, &town.application, &off, &mut rng);
    assert_eq!(refused(reply), ("ERR_ACTIVATION".into(), None));
    assert_eq!(
        town.state("joe", card.id),
        ("ACTIVE".into(), vec!["VALID".into()])
    );
}
