//! Signed routes.

use countersign::api::guard::{Guard, Holder};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

use crate::gatehouse::{APP, BODY, Gatehouse, UNAUTHENTICATED, USER, refused};
use crate::support::Factors;

fn guard(factors: &[SignatureType]) -> Guard {
    Guard::signature("/transfer", factors)
}

#[test]
fn only_the_named_factors_pass_in_every_version() {
    let (mut passed, mut kept_out) = (0, 0);
    for version in ProtocolVersion::ALL {
        let mut bank = Gatehouse::new(version);
        for made in SignatureType::ALL {
            for demanded in SignatureType::ALL {
                let ask = bank.signed_as(made, "POST", "/app/transfer", BODY);
                let verdict = bank.check(&guard(&[demanded]), &ask);
                if made != demanded {
                    refused(verdict, UNAUTHENTICATED);
                    kept_out += 1;
                    continue;
                }
                let found = verdict.unwrap();
                let holder = Holder {
                    activation_id: bank.phone.id(),
                    user_id: USER.to_owned(),
                    factors: Some(made),
                    flags: vec!["VIP".to_owned()],
                };
                assert_eq!(found.caller.holder.as_ref(), Some(&holder));
                assert_eq!(
                    (found.caller.application_id.as_str(), found.caller.version),
                    (APP, version)
                );
                assert!(found.body.is_none() && found.sealer.is_none());
                passed += 1;
            }
        }
        // Nothing was evaluated where the factors were not allowed.
        assert_eq!(bank.failures(), 0);
        let ask = bank.signed(Factors::Pin, "/transfer", BODY);
        refused(bank.check(&guard(&[]), &ask), UNAUTHENTICATED);
        bank.check(&guard(&SignatureType::ALL), &ask).unwrap();
    }
    println!("{passed} let through, {kept_out} kept out");
    assert_eq!((passed, kept_out), (4 * 6, 4 * 30));
}

#[test]
fn a_caller_as_json() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let ask = bank.signed(Factors::Pin, "/transfer", BODY);
    let found = bank.check(&guard(SignatureType::TWO_FACTORS), &ask).unwrap();
    assert_eq!(
        serde_json::to_value(&found.caller).unwrap(),
        json!({
            "applicationId": APP, "version": "3.2",
            "holder": { "activationId": bank.phone.id(), "userId": USER, "factors": "possession_knowledge",
                        "flags": ["VIP"] },
        })
    );
}

#[test]
fn what_was_signed_is_what_is_asked_for() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_3);
    let guard = guard(SignatureType::TWO_FACTORS);
    // Another resource, another method, another body: each is a failed attempt.
    let ask = bank.signed(Factors::Pin, "/other", BODY);
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    let mut ask = bank.signed(Factors::Pin, "/transfer", BODY);
    ask.method = "PUT".to_owned();
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    let mut ask = bank.signed(Factors::Pin, "/transfer", BODY);
    ask.body.extend_from_slice(b" ");
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    assert_eq!(bank.failures(), 3);
    // The path is the host's business.
    let mut ask = bank.signed(Factors::Pin, "/transfer", BODY);
    ask.path = "/elsewhere".to_owned();
    bank.check(&guard, &ask).unwrap();
    assert_eq!(bank.failures(), 0);
}

#[test]
fn of_a_get_the_query_is_signed() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let guard = guard(SignatureType::TWO_FACTORS);
    let kind = SignatureType::PossessionKnowledge;
    let ask = bank.signed_as(kind, "GET", "/app/transfer?b=2&a=1", b"");
    let mut other = ask.clone();
    other.path = "/app/transfer?b=3&a=1".to_owned();
    refused(bank.check(&guard, &other), UNAUTHENTICATED);
    let mut with_body = ask.clone();
    with_body.body = BODY.to_vec();
    let failures = bank.failures();
    refused(bank.check(&guard, &with_body), UNAUTHENTICATED);
    assert_eq!(bank.failures(), failures, "not even looked at");
    let mut reordered = ask.clone();
    reordered.path = "/app/transfer?a=1&b=2".to_owned();
    bank.check(&guard, &reordered).unwrap();
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
}

#[test]
fn a_signature_passes_once() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let guard = guard(SignatureType::TWO_FACTORS);
    let ask = bank.signed(Factors::Pin, "/transfer", BODY);
    bank.check(&guard, &ask).unwrap();
    for _ in 0..3 {
        refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    }
    // It was also spent for the engine's own rows, and the other way round.
    let request = bank.phone.login(Factors::Pin);
    assert!(bank.world.ask(&request.ask()).valid());
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
}

#[test]
fn wrong_pins_block_and_nothing_else_passes_then() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let guard = guard(SignatureType::ONE_OR_TWO_FACTORS);
    for failed in 1..=5 {
        let ask = bank.signed(Factors::WrongPin, "/transfer", BODY);
        refused(bank.check(&guard, &ask), UNAUTHENTICATED);
        assert_eq!(bank.failures(), failed);
    }
    assert_eq!(bank.state(), "BLOCKED");
    for factors in [Factors::Possession, Factors::Pin, Factors::Biometry] {
        let ask = bank.signed(factors, "/transfer", BODY);
        refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    }
    let unblock = json!({ "activationId": bank.phone.id() });
    bank.world.rest("/activation/unblock", &unblock).ok();
    let ask = bank.signed(Factors::Pin, "/transfer", BODY);
    bank.check(&guard, &ask).unwrap();
    bank.world.rest("/activation/remove", &unblock).ok();
    let ask = bank.signed(Factors::Pin, "/transfer", BODY);
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
}
