//! Timestamps and temporary keys: accepted inside their window, refused outside it (I4).

use countersign::client::{Credentials, Installation};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::MemoryStore;
use serde_json::json;

use crate::support::phone::with_temporary_key;
use crate::support::{Ask, Dice, Factors, Phone, World, engine};

fn world() -> World {
    World::over(MemoryStore::new())
}

#[test]
fn tokens() {
    let world = world();
    let application = world.application("bank", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(&world, &application, "joe", 1);
    phone.token(&world, "login", Factors::Possession);
    // From here on the clock of the server stands, and that of the phone is anywhere.
    world.host.advance(100_000_000);
    let now = world.now();
    let config = engine().config.clone();
    let (back, ahead) = (config.token_validity, config.request_window);
    let cases = [
        (now - back - 1, "ERR0030"),
        (now - back, ""),
        (now - 1, ""),
        (now, ""),
        (now + 1, ""),
        (now + ahead, ""),
        (now + ahead + 1, "ERR0024"),
        (now + config.token_forward_validity, "ERR0024"),
        (now + config.token_forward_validity + 1, "ERR0044"),
    ];
    for (at, refused) in cases {
        let ask = Ask::rest("/token/validate", &phone.present("login", at));
        let answer = world.ask(&ask);
        assert_eq!(
            answer.valid(),
            refused.is_empty(),
            "{}",
            i128::from(at) - i128::from(now)
        );
        if answer.status != 200 {
            assert_eq!(answer.code(), refused);
        }
        // It is accepted once in all, and never outside its window: one that came too early may come again.
        let mut accepted = u32::from(answer.valid());
        for later in [0, 1, back / 2, back - 1, back, back + 1, 2 * back, 10 * back] {
            let then = now + later;
            world.host.set(then);
            pollster::block_on(world.store.purge(then, 1_000)).unwrap();
            if world.ask(&ask).valid() {
                accepted += 1;
                assert!(at <= then + ahead && at >= then - back, "again after {later}");
            }
        }
        assert_eq!(accepted, u32::from(at >= now - back));
        world.host.set(now);
    }
    println!("{} times of tokens, each tried again 8 times later", cases.len());
}

#[test]
fn encrypted_requests() {
    let mut tried = 0;
    for version in [ProtocolVersion::V3_2, ProtocolVersion::V3_3] {
        let world = world();
        let application = world.application("bank", version);
        let mut phone = Phone::activate(&world, &application, "joe", 1);
        phone.refresh(&world);
        let now = world.now();
        let window = engine().config.request_window;
        for (at, fits) in [
            (now - window - 1, false),
            (now - window, true),
            (now, true),
            (now + window, true),
            (now + window + 1, false),
        ] {
            let call = phone.with(Factors::Possession, |device, authentication, rng| {
                device
                    .create_token("other", authentication, at, rng)
                    .unwrap()
                    .assume_saved()
            });
            let ask = Ask::from(&call.request);
            assert_eq!(
                world.ask(&ask).status == 200,
                fits,
                "{}",
                i128::from(at) - i128::from(now)
            );
            for later in [0, window, 2 * window, 3 * window] {
                world.host.set(now + later);
                pollster::block_on(world.store.purge(world.now(), 1_000)).unwrap();
                assert_eq!(world.ask(&ask).status, 401, "again after {later}");
                tried += 1;
            }
            world.host.set(now);
        }
    }
    println!("{tried} repetitions refused");
}

#[test]
fn temporary_keys() {
    let mut tried = 0;
    for (early, fits) in [(1, true), (0, false)] {
        let world = world();
        let application = world.application("bank", ProtocolVersion::V3_3);
        let mut phone = Phone::activate(&world, &application, "joe", 1);
        phone.refresh(&world);
        let expires = world.now() + engine().config.temporary_key_validity;
        // A request made while the phone still uses the key, for the activation and for the application …
        let made = expires - 10_001;
        let call = phone.with(Factors::Possession, |device, authentication, rng| {
            device
                .create_token("other", authentication, made, rng)
                .unwrap()
                .assume_saved()
        });
        let mut rng = Dice::new(2);
        let application = with_temporary_key(&world, application, &mut rng);
        let init = json!({ "userId": "jane", "applicationId": "bank" });
        let init = world.rest("/activation/init", &init).ok();
        let code = application
            .read_activation_code(init["activationCode"].as_str().unwrap())
            .unwrap();
        let activation = application
            .activate(
                &Credentials::code(&code.code),
                &Installation::default(),
                made,
                &mut rng,
            )
            .unwrap();
        // … arrives when it is about to end, or has ended. Nothing else about it is late.
        world.host.set(expires - early);
        assert_eq!(
            world.send(&call.request).status == 200,
            fits,
            "activation scope, {early} before"
        );
        assert_eq!(
            world.send(&activation.request).status == 200,
            fits,
            "application scope, {early} before"
        );
        tried += 2;
    }
    println!("{tried} requests at the end of a temporary key");
}
