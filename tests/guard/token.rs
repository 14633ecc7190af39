//! Routes that a token opens.

use countersign::api::guard::Guard;
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

use crate::gatehouse::{APP, BODY, Gatehouse, UNAUTHENTICATED, USER, refused};
use crate::support::Factors;

#[test]
fn a_use_of_a_token_passes_once() {
    for version in ProtocolVersion::ALL {
        let mut bank = Gatehouse::new(version);
        let guard = Guard::token(SignatureType::WITH_POSSESSION);
        let now = bank.world.now();
        let ask = bank.with_token(now, BODY);
        let caller = bank.check(&guard, &ask).unwrap().caller;
        let holder = caller.holder.unwrap();
        assert_eq!((caller.application_id.as_str(), caller.version), (APP, version));
        assert_eq!(
            (holder.activation_id, holder.user_id.as_str()),
            (bank.phone.id(), USER)
        );
        assert_eq!(
            (holder.factors, holder.flags),
            (Some(SignatureType::Possession), vec!["VIP".to_owned()])
        );
        refused(bank.check(&guard, &ask), UNAUTHENTICATED);
        // Another one may follow, with any body.
        let ask = bank.with_token(now, b"");
        bank.check(&guard, &ask).unwrap();
    }
}

#[test]
fn a_token_is_as_strong_as_the_signature_that_made_it() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let two = Guard::token(SignatureType::TWO_FACTORS);
    let now = bank.world.now();
    let ask = bank.with_token(now, BODY);
    refused(bank.check(&two, &ask), UNAUTHENTICATED);
    let world = bank.world.clone();
    bank.phone.token(&world, "strong", Factors::Biometry);
    let header = bank.phone.device.token_header("strong", now, &mut bank.phone.rng);
    let mut ask = bank.with_token(now, BODY);
    ask.headers[0].1 = header.unwrap().to_text();
    let found = bank.check(&two, &ask).unwrap();
    assert_eq!(
        found.caller.holder.unwrap().factors,
        Some(SignatureType::PossessionBiometry)
    );
}

#[test]
fn outside_its_time_wrong_or_removed() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let guard = Guard::token(SignatureType::WITH_POSSESSION);
    let now = bank.world.now();
    for (time, passes) in [
        (now - 7_200_001, false),
        (now - 7_200_000, true),
        (now + 60_000, true),
        (now + 1_800_001, false),
    ] {
        let ask = bank.with_token(time, BODY);
        let verdict = bank.check(&guard, &ask);
        assert_eq!(verdict.is_ok(), passes, "{time}");
    }
    // One bit of the digest.
    let mut ask = bank.with_token(now, BODY);
    let value = &mut ask.headers[0].1;
    let at = value.find("token_digest=\"").unwrap() + "token_digest=\"".len();
    let other = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
    value.replace_range(at..=at, other);
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    assert_eq!(bank.failures(), 0, "a token is no guess");
    // An activation that may not sign may not read either.
    let id = json!({ "activationId": bank.phone.id() });
    bank.world.rest("/activation/block", &id).ok();
    let ask = bank.with_token(now, BODY);
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
    bank.world.rest("/activation/unblock", &id).ok();
    let ask = bank.with_token(now, BODY);
    bank.check(&guard, &ask).unwrap();
    let ask = bank.with_token(now, BODY);
    let header = countersign::crypto::header::TokenHeader::parse(&ask.headers[0].1).unwrap();
    let remove = json!({ "tokenId": header.token_id, "activationId": bank.phone.id() });
    assert_eq!(bank.world.rest("/token/remove", &remove).ok()["removed"], true);
    refused(bank.check(&guard, &ask), UNAUTHENTICATED);
}
