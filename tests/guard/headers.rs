//! Headers that are missing, repeated, garbled or too long, and bodies that are too large.

use countersign::api::Limits;
use countersign::api::guard::{Guard, Scope};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;

use crate::gatehouse::{BODY, Gatehouse, UNAUTHENTICATED, UNDECRYPTABLE, refused};
use crate::support::{Ask, Factors};

/// A guard of each kind, a request that passes it, and what it answers to one without its header.
fn kinds(bank: &mut Gatehouse) -> Vec<(Guard, Ask, (u16, &'static str))> {
    let now = bank.world.now();
    let two = SignatureType::TWO_FACTORS;
    let path = "/app/transfer";
    let signed = bank.signed(Factors::Pin, "/transfer", BODY);
    let both = bank.phone.with(Factors::Pin, |device, authentication, rng| {
        let call = device.encrypt_and_sign(path, "/transfer", BODY, authentication, now, rng);
        Ask::from(&call.unwrap().assume_saved().request)
    });
    let rng = &mut bank.phone.rng;
    let anybody = bank.application.encrypt(path, BODY, now, rng).unwrap();
    let envelope = bank.phone.device.encrypt(path, BODY, now, rng).unwrap();
    vec![
        (Guard::signature("/transfer", two), signed, UNAUTHENTICATED),
        (
            Guard::signature("/transfer", two).encrypted(),
            both,
            UNAUTHENTICATED,
        ),
        (
            Guard::encryption(Scope::Application),
            Ask::from(&anybody.request),
            UNDECRYPTABLE,
        ),
        (
            Guard::encryption(Scope::Activation),
            Ask::from(&envelope.request),
            UNDECRYPTABLE,
        ),
        (
            Guard::token(SignatureType::WITH_POSSESSION),
            bank.with_token(now, BODY),
            UNAUTHENTICATED,
        ),
    ]
}

#[test]
fn bad_headers() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let mut refusals = 0;
    for (guard, good, answer) in kinds(&mut bank) {
        let failures = bank.failures();
        let protects = |header: &&(&str, String)| header.0.starts_with("X-PowerAuth-");
        let (name, value) = good.headers.iter().find(protects).unwrap().clone();
        let without = || {
            let mut ask = good.clone();
            ask.headers.retain(|header| header.0 != name);
            ask
        };
        let with = |values: &[String]| {
            let mut ask = without();
            ask.headers
                .extend(values.iter().map(|value| (name, value.clone())));
            ask
        };
        let padded = |length: usize| {
            let filler = length - value.len() - ", x=\"\"".len();
            format!("{value}, x=\"{}\"", "a".repeat(filler))
        };
        assert_eq!(padded(8 * 1024).len(), 8 * 1024);
        let garbled = [
            value.replacen("PowerAuth", "Basic", 1),
            value.replacen('"', "", 1),
            value.replacen("3.2", "9.9", 1),
            value
                .replacen("application_key=\"", "application_key=\"!", 1)
                .replacen("nonce=\"", "nonce=\"!", 1),
            format!("{value}, version=\"2.1\", pa_version=\"2.1\""),
            String::new(),
        ];
        for bad in garbled {
            refused(bank.check(&guard, &with(&[bad])), answer);
            refusals += 1;
        }
        refused(bank.check(&guard, &without()), answer);
        // Which of two would count, nobody has to know.
        refused(bank.check(&guard, &with(&[value.clone(), value.clone()])), answer);
        refused(
            bank.check(&guard, &with(&["nonsense".to_owned(), value.clone()])),
            answer,
        );
        for length in [8 * 1024 + 1, 9 * 1024, 100 * 1024] {
            let verdict = bank.check(&guard, &with(&[padded(length)]));
            refused(verdict, (431, "ERROR_HEADER_TOO_LARGE"));
        }
        refusals += 6;
        assert_eq!(bank.failures(), failures);
        // All that was no use of it.
        bank.check(&guard, &with(&[padded(8 * 1024)])).unwrap();
        bank.check(&guard, &good).map(|passed| passed.caller).unwrap_err();
    }
    println!("{refusals} refusals");
    assert_eq!(refusals, 5 * 12);
}

#[test]
fn bodies_within_limits() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    let guard = Guard::signature("/transfer", SignatureType::TWO_FACTORS);
    let large = vec![b'x'; 64 * 1024 + 1];
    let ask = bank.signed(Factors::Pin, "/transfer", &large);
    refused(bank.check(&guard, &ask), (413, "ERROR_REQUEST_TOO_LARGE"));
    let generous = guard.clone().with_limits(Limits {
        body: large.len(),
        ..Limits::default()
    });
    bank.check(&generous, &ask).unwrap();
    let ask = bank.signed(Factors::Pin, "/transfer", &large[1..]);
    bank.check(&guard, &ask).unwrap();
    let deep = "[".repeat(33);
    let ask = bank.signed(Factors::Pin, "/transfer", deep.as_bytes());
    refused(bank.check(&guard, &ask), (400, "ERROR_HTTP_REQUEST"));
}
