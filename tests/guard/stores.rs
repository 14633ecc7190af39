//! Whatever the store does, nobody passes who should not.

use countersign::api::guard::{Guard, Passed, Scope};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{Input, Operation, Step, StoreError};

use crate::gatehouse::{BODY, Gatehouse, prepare};
use crate::support::world::serve;
use crate::support::{Answer, Ask, Factors};

/// Requests of every kind, each with its guard.
fn requests(bank: &mut Gatehouse) -> Vec<(&'static str, Guard, Ask)> {
    let now = bank.world.now();
    let two = SignatureType::TWO_FACTORS;
    let signed = bank.signed(Factors::Pin, "/transfer", BODY);
    let both = bank.phone.with(Factors::Pin, |device, authentication, rng| {
        let call = device.encrypt_and_sign("/app", "/transfer", BODY, authentication, now, rng);
        Ask::from(&call.unwrap().assume_saved().request)
    });
    let token = bank.with_token(now, BODY);
    let rng = &mut bank.phone.rng;
    let envelope = bank.phone.device.encrypt("/app", BODY, now, rng).unwrap();
    let anybody = bank.application.encrypt("/app", BODY, now, rng).unwrap();
    vec![
        ("signature", Guard::signature("/transfer", two), signed),
        ("both", Guard::signature("/transfer", two).encrypted(), both),
        ("token", Guard::token(SignatureType::WITH_POSSESSION), token),
        (
            "envelope",
            Guard::encryption(Scope::Activation),
            Ask::from(&envelope.request),
        ),
        (
            "anybody",
            Guard::encryption(Scope::Application),
            Ask::from(&anybody.request),
        ),
    ]
}

/// Drives a check; store call number `n` and all later ones fail. Answers how many calls there were.
fn run(
    bank: &Gatehouse,
    guard: &Guard,
    ask: &Ask,
    n: usize,
    applied: bool,
) -> (usize, Result<Passed, Answer>) {
    let mut check = prepare(&bank.world, guard, ask);
    let (mut calls, mut input) = (0, Input::Start);
    loop {
        let step = check.step(input, &*bank.world.host);
        if let Step::Done(reply) = step {
            return (calls, reply.map_err(Answer::from));
        }
        calls += 1;
        input = if calls < n {
            serve(&*bank.world.store, step)
        } else if applied && matches!(step, Step::Commit(_)) {
            // Applied, and nobody will ever know.
            serve(&*bank.world.store, step);
            Input::Failed(StoreError::Unknown("planned".into()))
        } else {
            Input::Failed(StoreError::NotApplied("planned".into()))
        };
    }
}

#[test]
fn a_failing_store_lets_nobody_through() {
    let mut failures = 0;
    for applied in [false, true] {
        for kind in 0..5 {
            for n in 1.. {
                let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
                let (name, guard, ask) = requests(&mut bank).swap_remove(kind);
                let (calls, verdict) = run(&bank, &guard, &ask, n, applied);
                if calls < n {
                    verdict.unwrap_or_else(|answer| panic!("{name}: {answer:?}"));
                    break;
                }
                let answer = verdict.map(|passed| passed.caller).unwrap_err();
                assert_eq!(
                    (answer.status, answer.code().as_str()),
                    (503, "ERROR_GENERIC"),
                    "{name} {n}"
                );
                failures += 1;
            }
        }
    }
    println!("{failures} failures of the store");
    assert!(failures > 20);
}

#[test]
fn one_decision_commits_once() {
    let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
    for (name, guard, ask) in requests(&mut bank) {
        let mut check = prepare(&bank.world, &guard, &ask);
        let (mut reads, mut commits, mut input) = (0, 0, Input::Start);
        loop {
            let step = check.step(input, &*bank.world.host);
            match &step {
                Step::Read(_) => reads += 1,
                Step::Commit(_) => commits += 1,
                Step::Done(reply) => {
                    assert!(reply.is_ok(), "{name}");
                    break;
                }
            }
            input = serve(&*bank.world.store, step);
        }
        println!("{name}: {reads} reads, {commits} commit");
        assert_eq!(commits, 1, "{name}");
        assert!(reads <= 4, "{name}: {reads}");
    }
}

#[test]
fn many_at_once_pass_once() {
    for kind in 0..5 {
        let mut bank = Gatehouse::new(ProtocolVersion::V3_2);
        let (name, guard, ask) = requests(&mut bank).swap_remove(kind);
        // All have read before the first commits, as on several nodes.
        let mut running: Vec<_> = (0..8).map(|_| prepare(&bank.world, &guard, &ask)).collect();
        let mut inputs: Vec<_> = running.iter().map(|_| Some(Input::Start)).collect();
        let (mut passed, mut refused) = (0, 0);
        while passed + refused < running.len() {
            for (check, slot) in running.iter_mut().zip(&mut inputs) {
                let Some(input) = slot.take() else { continue };
                match check.step(input, &*bank.world.host) {
                    Step::Done(Ok(_)) => passed += 1,
                    Step::Done(Err(response)) => {
                        assert!(response.status == 401 || response.status == 400, "{response:?}");
                        refused += 1;
                    }
                    step => *slot = Some(serve(&*bank.world.store, step)),
                }
            }
        }
        assert_eq!((passed, refused), (1, 7), "{name}");
    }
}
