//! A wrong PUK is a "no" that counts: once, whatever fails on the way, and never without an answer that
//! was committed.

use std::sync::Arc;

use countersign::model::recovery::{PukStatus, RecoveryCode, RecoveryCodeStatus};
use countersign::store::{Commit, Entity, Host, Input, Key, MemoryStore, Operation, Query, Step};

use crate::drive::{self, How, Plan};
use crate::support::prelude::Prelude;
use crate::support::recovery::{Printed, confirmed, enable, recover};
use crate::support::{Ask, Clock, World, engine};
use countersign::crypto::version::ProtocolVersion;

const WRONG: &str = "0000000000";

struct Counter {
    prelude: Prelude,
    card: Printed,
    world: World,
}

impl Counter {
    fn new() -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 0, |_| {});
        let application = prelude.application.clone();
        let mut card = None;
        prelude.extend(|world| {
            enable(world);
            card = Some(confirmed(world, &application, "rose", 2, 51));
        });
        Self {
            world: prelude.world(prelude.memory(), 5),
            prelude,
            card: card.unwrap(),
        }
    }

    fn ask(&self, puk: &str, seed: u64) -> Ask {
        recover(&self.world, &self.prelude.application, &self.card.code, puk, seed)
    }

    fn clock(&self) -> Clock {
        Clock::new(77, self.prelude.now + 1)
    }

    fn code(&self, store: &MemoryStore) -> RecoveryCode {
        let key = Key::new(RecoveryCode::COLLECTION, self.card.id.to_string());
        let answers = store.read_now(&[Query::Get(key)]);
        match answers.as_slice() {
            [countersign::store::Answer::Record(Some(record))] => RecoveryCode::decode(&record.body).unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_wrong_puk_counts_once_whatever_fails() {
    let counter = Counter::new();
    let api = World::with(engine(), Arc::new(MemoryStore::new()), Clock::new(0, 0)).api;
    let wrong = counter.ask(WRONG, 60);
    let (mut cases, mut counted) = (0, 0);
    for how in How::ALL {
        for forever in [false, true] {
            for n in 1.. {
                let store = counter.prelude.memory();
                let host = counter.clock();
                let run = drive::run(&api, &store, &host, &wrong, Plan { n, how, forever });
                if !run.failed {
                    break;
                }
                cases += 1;
                let case = format!("call {n}, {how:?}, from then on: {forever}");
                let failures = counter.code(&store).failed_attempts;
                match run.answer.code().as_str() {
                    "ERR_RECOVERY" => assert_eq!(failures, 1, "{case}: answered and not counted"),
                    "ERROR_GENERIC" => assert!(failures <= 1 && run.answer.status >= 500, "{case}"),
                    other => panic!("{case}: {other}"),
                }
                counted += failures;
                // The same request again: counted now, or known.
                let again = drive::run(&api, &store, &host, &wrong, Plan::none());
                let expected = if failures == 0 { "ERR_RECOVERY" } else { "ERR0024" };
                assert_eq!(again.answer.code(), expected, "{case}");
                assert_eq!(counter.code(&store).failed_attempts, 1, "{case}");
            }
        }
    }
    println!("{cases} cases of a failing store, the PUK was counted in {counted}");
    assert!(cases >= 12 && counted > 0);
}

/// Runs `ask`; before its first commit reaches the store, `meanwhile` runs whole.
fn overtaken(
    api: &countersign::api::Api,
    store: &MemoryStore,
    host: &dyn Host,
    ask: &Ask,
    meanwhile: &Ask,
) -> (String, usize) {
    let mut call = ask.call(api);
    let (mut conflicts, mut first) = (0, true);
    let mut input = Input::Start;
    loop {
        input = match call.step(input, host) {
            Step::Done(response) => return (crate::support::Answer::from(response).code(), conflicts),
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(batch) => {
                if std::mem::take(&mut first) {
                    drive::run(api, store, host, meanwhile, Plan::none());
                }
                match store.commit_now(&batch) {
                    Commit::Applied => Input::Applied,
                    Commit::Conflict(current) => {
                        conflicts += 1;
                        Input::Conflict(current)
                    }
                }
            }
        };
    }
}

#[test]
fn a_conflict_neither_forgets_nor_repeats() {
    let counter = Counter::new();
    let api = World::with(engine(), Arc::new(MemoryStore::new()), Clock::new(0, 0)).api;
    let (right, next) = (&counter.card.puks[0], &counter.card.puks[1]);
    // Asked, meanwhile, the answer, failures, state of the first PUK.
    for (asked, meanwhile, code, failures, first) in [
        (WRONG, WRONG, "ERR_RECOVERY", 2, PukStatus::Valid),
        (WRONG, right, "ERR_RECOVERY", 1, PukStatus::Used),
        (right, WRONG, "", 0, PukStatus::Used),
        (right, right, "ERR_RECOVERY", 1, PukStatus::Used),
        // Too early when it was sent, current when it is looked at.
        (next, right, "", 0, PukStatus::Used),
    ] {
        let store = counter.prelude.memory();
        let host = counter.clock();
        let (asked_for, other) = (counter.ask(asked, 61), counter.ask(meanwhile, 62));
        let (answer, conflicts) = overtaken(&api, &store, &host, &asked_for, &other);
        let record = counter.code(&store);
        assert_eq!(conflicts, 1);
        assert_eq!((answer.as_str(), record.failed_attempts), (code, failures));
        assert_eq!(record.puks[0].status, first);
        assert_eq!(record.status, RecoveryCodeStatus::Active);
    }
}
