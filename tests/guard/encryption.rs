//! End-to-end encrypted routes, with and without a signature or a token.

use countersign::api::guard::{Guard, Passed, Scope};
use countersign::client::{Call, PendingEncrypted, ReplyError};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

use crate::gatehouse::{APP, BODY, Gatehouse, UNAUTHENTICATED, UNDECRYPTABLE, USER, refused};
use crate::support::phone::with_temporary_key;
use crate::support::prelude::TOKEN;
use crate::support::{Ask, Factors, Phone};

const PATH: &str = "/app/note";
const REPLY: &[u8] = br#"{"done":true}"#;

/// The four ways in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Anybody,
    Envelope,
    Signed,
    Token,
}

impl Way {
    const ALL: [Self; 4] = [Self::Anybody, Self::Envelope, Self::Signed, Self::Token];

    fn guard(self) -> Guard {
        match self {
            Self::Anybody => Guard::encryption(Scope::Application),
            Self::Envelope => Guard::encryption(Scope::Activation),
            Self::Signed => Guard::signature("/note", SignatureType::TWO_FACTORS).encrypted(),
            Self::Token => Guard::token(SignatureType::WITH_POSSESSION).encrypted(),
        }
    }

    fn request(self, bank: &mut Gatehouse, factors: Factors) -> Call<PendingEncrypted> {
        let now = bank.world.now();
        let world = bank.world.clone();
        bank.phone.refresh(&world);
        let phone = &mut bank.phone;
        match self {
            Self::Anybody => {
                let application = with_temporary_key(&world, bank.application.clone(), &mut phone.rng);
                application.encrypt(PATH, BODY, now, &mut phone.rng).unwrap()
            }
            Self::Envelope => phone.device.encrypt(PATH, BODY, now, &mut phone.rng).unwrap(),
            Self::Signed => phone.with(factors, |device, authentication, rng| {
                let call = device.encrypt_and_sign(PATH, "/note", BODY, authentication, now, rng);
                call.unwrap().assume_saved()
            }),
            Self::Token => {
                let call = phone
                    .device
                    .encrypt_with_token(PATH, BODY, TOKEN, now, &mut phone.rng);
                call.unwrap()
            }
        }
    }
}

/// Answers as a route would, and lets the phone read it.
fn exchange(bank: &Gatehouse, passed: Passed, pending: PendingEncrypted) {
    assert_eq!(passed.body.unwrap().as_bytes(), BODY);
    let response = passed.sealer.unwrap().seal(REPLY, &*bank.world.host).unwrap();
    assert!(!response.body.windows(4).any(|part| part == b"done"));
    let read = pending.read(response.status, &response.body).unwrap();
    assert_eq!(read.as_bytes(), REPLY);
}

#[test]
fn every_way_in_every_version_once() {
    let mut exchanges = 0;
    for version in ProtocolVersion::ALL {
        let mut bank = Gatehouse::new(version);
        for way in Way::ALL {
            let Call { request, pending } = way.request(&mut bank, Factors::Pin);
            let ask = Ask::from(&request);
            let passed = bank.check(&way.guard(), &ask).unwrap();
            let caller = &passed.caller;
            assert_eq!((caller.application_id.as_str(), caller.version), (APP, version));
            assert_eq!(caller.holder.is_none(), way == Way::Anybody);
            if let Some(holder) = &caller.holder {
                assert_eq!(
                    (&holder.activation_id, &*holder.user_id),
                    (&bank.phone.id(), USER)
                );
                let factors = match way {
                    Way::Signed => Some(SignatureType::PossessionKnowledge),
                    Way::Token => Some(SignatureType::Possession),
                    _ => None,
                };
                assert_eq!(
                    (holder.factors, &*holder.flags),
                    (factors, &["VIP".to_owned()][..])
                );
            }
            exchange(&bank, passed, pending);
            exchanges += 1;
            // Envelopes up to 3.1 carry no time and are not remembered; signatures and tokens always are.
            let again = bank.check(&way.guard(), &ask);
            if version.has_timestamp() {
                refused(again, UNDECRYPTABLE);
            } else if matches!(way, Way::Signed | Way::Token) {
                refused(again, UNAUTHENTICATED);
            } else {
                again.unwrap();
            }
        }
    }
    println!("{exchanges} exchanges");
    assert_eq!(exchanges, 16);
}

#[test]
fn the_wrong_way_in() {
    let mut refusals = 0;
    for version in ProtocolVersion::ALL {
        let mut bank = Gatehouse::new(version);
        for came in Way::ALL {
            for expected in Way::ALL.into_iter().filter(|way| *way != came) {
                let ask = Ask::from(&came.request(&mut bank, Factors::Pin).request);
                let verdict = bank.check(&expected.guard(), &ask);
                // A token header more than is asked for does no harm: the envelope is of the right scope.
                if (came, expected) == (Way::Token, Way::Envelope) {
                    assert!(verdict.unwrap().caller.holder.unwrap().factors.is_none());
                    continue;
                }
                let answer = match (came, expected) {
                    (_, Way::Signed) | (Way::Envelope, Way::Token) => UNAUTHENTICATED,
                    _ => UNDECRYPTABLE,
                };
                refused(verdict, answer);
                refusals += 1;
            }
            // Not encrypted at all, or not a POST.
            let mut ask = Ask::from(&came.request(&mut bank, Factors::Pin).request);
            let envelope = std::mem::replace(&mut ask.body, BODY.to_vec());
            refused(bank.check(&came.guard(), &ask), UNDECRYPTABLE);
            ask.body = envelope;
            ask.method = "PUT".to_owned();
            refused(bank.check(&came.guard(), &ask), UNDECRYPTABLE);
            refusals += 2;
        }
        assert_eq!(bank.failures(), 0);
    }
    println!("{refusals} refusals");
    assert_eq!(refusals, 4 * (11 + 8));
}

#[test]
fn a_changed_envelope_is_no_attempt_and_a_wrong_pin_in_it_is_one() {
    for version in ProtocolVersion::ALL {
        let mut bank = Gatehouse::new(version);
        let guard = Way::Signed.guard();
        let ask = Ask::from(&Way::Signed.request(&mut bank, Factors::Pin).request);
        let mut changed = ask.clone();
        let text = String::from_utf8(changed.body).unwrap();
        let at = text.find("\"encryptedData\":\"").unwrap() + "\"encryptedData\":\"".len();
        let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut text = text;
        text.replace_range(at..=at, other);
        changed.body = text.into_bytes();
        refused(bank.check(&guard, &changed), UNDECRYPTABLE);
        assert_eq!(bank.failures(), 0);
        bank.check(&guard, &ask).unwrap();
        let Call { request, pending } = Way::Signed.request(&mut bank, Factors::WrongPin);
        let answer = bank
            .check(&guard, &Ask::from(&request))
            .map(|passed| passed.caller);
        let answer = answer.unwrap_err();
        assert_eq!(bank.failures(), 1);
        // The phone reads refusals as they are.
        match pending.read(answer.status, &answer.body) {
            Err(ReplyError::Refused(refusal)) => assert_eq!(refusal.code, "ERR_AUTHENTICATION"),
            other => panic!("{other:?}"),
        }
        // Signed for another resource.
        let ask = Ask::from(&Way::Signed.request(&mut bank, Factors::Pin).request);
        let other = Guard::signature("/other", SignatureType::TWO_FACTORS).encrypted();
        refused(bank.check(&other, &ask), UNAUTHENTICATED);
        assert_eq!(bank.failures(), 2);
    }
}

#[test]
fn claims_about_the_user() {
    for version in ProtocolVersion::ALL {
        let mut bank = Gatehouse::new(version);
        let ask = |bank: &mut Gatehouse| {
            let world = bank.world.clone();
            bank.phone.refresh(&world);
            let phone = &mut bank.phone;
            phone
                .device
                .request_user_info(world.now(), &mut phone.rng)
                .unwrap()
        };
        let call = ask(&mut bank);
        let passed = bank
            .check(&Guard::user_info(), &Ask::from(&call.request))
            .unwrap();
        assert_eq!(passed.body.unwrap().as_bytes(), b"{}");
        assert_eq!(passed.caller.holder.unwrap().user_id, USER);
        let claims = br#"{"sub":"alice","given_name":"Alice"}"#;
        let response = passed.sealer.unwrap().seal(claims, &*bank.world.host).unwrap();
        let read = call.pending.read(response.status, &response.body).unwrap();
        assert_eq!(
            (&read["sub"], &read["given_name"]),
            (&json!("alice"), &json!("Alice"))
        );
        let block = json!({ "activationId": bank.phone.id() });
        bank.world.rest("/activation/block", &block).ok();
        // The same words as the engine's own row.
        let request = Ask::from(&ask(&mut bank).request);
        let verdict = bank
            .check(&Guard::user_info(), &request)
            .map(|passed| passed.caller);
        let request = Ask::from(&ask(&mut bank).request);
        let own = bank.world.ask(&request);
        assert_eq!(verdict.unwrap_err(), own);
        assert_eq!((own.status, own.code().as_str()), (400, "ERR_USER_INFO"));
    }
}

#[test]
fn envelope_and_token_are_of_one_activation() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let world = bank.world.clone();
    let now = world.now();
    let mut other = Phone::activate(&world, &bank.application, USER, 2);
    other.token(&world, TOKEN, Factors::Possession);
    let mut ask = Ask::from(&Way::Token.request(&mut bank, Factors::Pin).request);
    let header = other.device.token_header(TOKEN, now, &mut other.rng).unwrap();
    for (name, value) in &mut ask.headers {
        if *name == "X-PowerAuth-Token" {
            *value = header.to_text();
        }
    }
    refused(bank.check(&Way::Token.guard(), &ask), UNAUTHENTICATED);
    let ask = Ask::from(&Way::Token.request(&mut bank, Factors::Pin).request);
    bank.check(&Way::Token.guard(), &ask).unwrap();
}

#[test]
fn only_active_activations_and_served_versions_of_an_application() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let id = json!({ "activationId": bank.phone.id() });
    bank.world.rest("/activation/block", &id).ok();
    for (way, answer) in [
        (Way::Envelope, UNDECRYPTABLE),
        (Way::Signed, UNAUTHENTICATED),
        (Way::Token, UNAUTHENTICATED),
    ] {
        let ask = Ask::from(&way.request(&mut bank, Factors::Pin).request);
        refused(bank.check(&way.guard(), &ask), answer);
    }
    // Anybody is still anybody.
    let ask = Ask::from(&Way::Anybody.request(&mut bank, Factors::Pin).request);
    bank.check(&Way::Anybody.guard(), &ask).unwrap();
    bank.world.rest("/activation/unblock", &id).ok();
    let detail = bank
        .world
        .rest("/application/detail", &json!({ "applicationId": APP }))
        .ok();
    let version = json!({
        "applicationId": APP, "applicationVersionId": detail["versions"][0]["applicationVersionId"],
    });
    bank.world.rest("/application/version/unsupport", &version).ok();
    for way in Way::ALL {
        let ask = Ask::from(&way.request(&mut bank, Factors::Pin).request);
        refused(bank.check(&way.guard(), &ask), UNDECRYPTABLE);
    }
    bank.world.rest("/application/version/support", &version).ok();
    for way in Way::ALL {
        let ask = Ask::from(&way.request(&mut bank, Factors::Pin).request);
        bank.check(&way.guard(), &ask).unwrap();
    }
    // Time outside the window.
    let ask = Ask::from(&Way::Envelope.request(&mut bank, Factors::Pin).request);
    bank.world.host.advance(60_001);
    refused(bank.check(&Way::Envelope.guard(), &ask), UNDECRYPTABLE);
}
