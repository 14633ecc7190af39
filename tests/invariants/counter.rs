//! The counter only moves forward, by at most the look-ahead, and is on disk before the answer leaves.

use countersign::crypto::version::ProtocolVersion;

use crate::crowd::Folder;
use crate::support::{Factors, Phone, World, activation};

/// Counter values that are tried, as configured.
const LOOK_AHEAD: u64 = 20;

#[test]
fn each_answer_is_durable() {
    let folder = Folder::new();
    let mut world = World::over(folder.open());
    let application = world.application("bank", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(&world, &application, "joe", 1);
    let id = phone.id();
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..105_u64 {
        let before = activation(&*world.store, &id);
        assert_eq!(before.counter, phone.position, "round {round}");
        let state = phone.device.to_state();
        // The phone runs ahead of the server by every distance in and just beyond the window.
        let ahead = round % (LOOK_AHEAD + 1);
        let factors =
            [Factors::Pin, Factors::Possession, Factors::Biometry][usize::try_from(round % 3).unwrap()];
        for _ in 0..ahead {
            phone.login(factors);
        }
        let signed = phone.login(factors);
        let valid = world.ask(&signed.ask()).valid();
        assert_eq!(valid, ahead < LOOK_AHEAD, "round {round}");
        // The process ends here; another one opens the file. The store is dropped with the world.
        drop(world);
        world = World::over(folder.open());
        let after = activation(&*world.store, &id);
        if valid {
            accepted += 1;
            assert_eq!(after.counter, signed.position + 1, "round {round}");
            assert!(after.counter > before.counter && after.counter <= before.counter + LOOK_AHEAD);
            assert_ne!(after.counter_data, before.counter_data);
        } else {
            refused += 1;
            assert_eq!(after.counter, before.counter, "round {round}");
            assert_eq!(after.counter_data, before.counter_data);
            // An answered failure is as durable.
            assert_eq!(
                after.failed_attempts,
                before.failed_attempts + u64::from(factors.counts())
            );
            phone = Phone::from_state(&state, before.counter, round);
        }
        if round % 7 == 0 && valid {
            // The same code again, to the new process.
            assert!(!world.ask(&signed.ask()).valid(), "round {round}");
            assert_eq!(activation(&*world.store, &id).counter, after.counter);
        }
    }
    println!("105 files reopened: {accepted} codes accepted, {refused} beyond the window refused");
    assert_eq!((accepted, refused), (100, 5));
}

#[test]
fn an_older_state_of_the_phone_is_refused() {
    let world = World::over(countersign::store::MemoryStore::new());
    let application = world.application("bank", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(&world, &application, "joe", 1);
    let state = phone.device.to_state();
    for _ in 0..30 {
        assert!(world.ask(&phone.login(Factors::Pin).ask()).valid());
    }
    // A backup of the phone is behind the server: all its codes are refused until it has caught up.
    let mut old = Phone::from_state(&state, 0, 2);
    let mut accepted = Vec::new();
    for _ in 0..40 {
        let signed = old.login(Factors::Possession);
        if world.ask(&signed.ask()).valid() {
            accepted.push(signed.position);
        }
    }
    assert_eq!(accepted, (30..40).collect::<Vec<u64>>());
    println!("40 codes of an old state: {} accepted", accepted.len());
}
