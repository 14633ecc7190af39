//! The step machine, driven by hand through the situations that are hard to get right.
#![allow(
    clippy::await_holding_refcell_ref,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

mod store_toy;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use countersign::store::receipt::RECEIPT;
use countersign::store::{
    Answer, Batch, Commit, Entity, Failure, Fault, Input, Key, Limits, Machine, MemoryStore, Operation,
    Query, Record, Step, StoreError, Write,
};
use store_toy::{Counter, Entry, Light, No, Still, increment, plain, turn_off};

const NOW: u64 = 1_700_000_000_000;

fn unknown() -> Input {
    Input::Failed(StoreError::Unknown("lost".into()))
}

fn not_applied() -> Input {
    Input::Failed(StoreError::NotApplied("refused".into()))
}

fn get(store: &MemoryStore, key: Key) -> Option<Record> {
    match store.read_now(&[Query::Get(key)]).pop() {
        Some(Answer::Record(record)) => record,
        other => panic!("{other:?}"),
    }
}

fn value(store: &MemoryStore) -> u64 {
    get(store, Key::new(Counter::COLLECTION, "c")).map_or(0, |r| Counter::decode(&r.body).unwrap().value)
}

/// Steps over reads until the operation wants to commit.
fn until_commit<O: Operation>(
    operation: &mut O,
    mut input: Input,
    store: &MemoryStore,
    host: &Still,
) -> Arc<Batch>
where
    O::Reply: std::fmt::Debug,
{
    loop {
        input = match operation.step(input, host) {
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(batch) => return batch,
            Step::Done(reply) => panic!("ended with {reply:?}"),
        };
    }
}

/// Finishes without faults.
fn finish<O: Operation>(operation: &mut O, mut input: Input, store: &MemoryStore, host: &Still) -> O::Reply {
    loop {
        input = match operation.step(input, host) {
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(batch) => deliver(store, &batch),
            Step::Done(reply) => return reply,
        };
    }
}

fn deliver(store: &MemoryStore, batch: &Batch) -> Input {
    match store.commit_now(batch) {
        Commit::Applied => Input::Applied,
        Commit::Conflict(current) => Input::Conflict(current),
    }
}

#[test]
fn a_lost_answer_counts_once_even_when_overtaken() {
    for history in [true, false] {
        for overtakers in 0..4 {
            let (store, host) = (MemoryStore::new(), Still::new(NOW));
            let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, history));
            let batch = until_commit(&mut ours, Input::Start, &store, &host);
            assert_eq!(store.commit_now(&batch), Commit::Applied);
            for who in 0..overtakers {
                let other = Machine::new(None, |tx| increment(tx, "c", who, history));
                plain(other, &store, &host).unwrap();
            }
            assert_eq!(finish(&mut ours, unknown(), &store, &host), Ok(1));
            assert_eq!(value(&store), 1 + overtakers, "history {history}");
        }
    }
}

#[test]
fn a_lost_request_counts_once_even_when_overtaken_and_delivered_late() {
    for history in [true, false] {
        for overtakers in 0..4 {
            let (store, host) = (MemoryStore::new(), Still::new(NOW));
            let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, history));
            let batch = until_commit(&mut ours, Input::Start, &store, &host);
            for who in 0..overtakers {
                let other = Machine::new(None, |tx| increment(tx, "c", who, history));
                plain(other, &store, &host).unwrap();
            }
            let reply = finish(&mut ours, unknown(), &store, &host);
            assert_eq!(reply, Ok(1 + overtakers));
            assert!(
                matches!(store.commit_now(&batch), Commit::Conflict(_)),
                "the late copy is refused"
            );
            assert_eq!(value(&store), 1 + overtakers);
        }
    }
}

#[test]
fn a_request_delivered_twice_counts_once() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, true));
    let batch = until_commit(&mut ours, Input::Start, &store, &host);
    deliver(&store, &batch);
    // The caller gets the answer to the second copy and never learns that there were two.
    let second = deliver(&store, &batch);
    assert!(matches!(second, Input::Conflict(_)));
    assert_eq!(finish(&mut ours, second, &store, &host), Ok(1));
    assert_eq!(value(&store), 1);
}

#[test]
fn a_conflict_over_a_foreign_copy_of_our_revision_is_not_believed() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, true));
    let batch = until_commit(&mut ours, Input::Start, &store, &host);
    // A careless adapter reports the records from inside the transaction that it then rolls back.
    let claimed = batch.writes.iter().map(|write| {
        let record = Record {
            key: write.key().clone(),
            rev: batch.rev,
            body: Counter {
                id: "c".into(),
                value: 1,
            }
            .encode(),
            expires_at: None,
        };
        (write.key().clone(), Some(record))
    });
    let claim = Input::Conflict(claimed.collect());
    let reply = finish(&mut ours, claim, &store, &host);
    assert_eq!(value(&store), u64::from(reply.is_ok()), "{reply:?}");
}

#[test]
fn a_refused_resend_says_nothing_about_the_first_sending() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, true));
    let batch = until_commit(&mut ours, Input::Start, &store, &host);
    assert_eq!(store.commit_now(&batch), Commit::Applied);
    let again = until_commit(&mut ours, unknown(), &store, &host);
    assert_eq!(again, batch, "sent again unchanged");
    let again = until_commit(&mut ours, not_applied(), &store, &host);
    assert_eq!(again, batch);
    assert_eq!(finish(&mut ours, unknown(), &store, &host), Ok(1));
    assert_eq!(value(&store), 1);
}

#[test]
fn a_store_that_never_tells_ends_in_a_fault() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let limits = Limits {
        attempts: 7,
        ..Limits::default()
    };
    let mut ours = Machine::with_limits(None, limits, |tx| increment(tx, "c", 1, true));
    let mut sent = 0;
    let mut input = Input::Start;
    let reply = loop {
        input = match ours.step(input, &host) {
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(_) => {
                sent += 1;
                unknown()
            }
            Step::Done(reply) => break reply,
        };
    };
    assert_eq!(reply, Err(Failure::Fault(Fault::Unknown("lost".into()))));
    assert_eq!(sent, 8);
}

#[test]
fn the_deadline_ends_a_contended_operation() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, true));
    let batch = until_commit(&mut ours, Input::Start, &store, &host);
    plain(
        Machine::new(None, |tx| increment(tx, "c", 2, true)),
        &store,
        &host,
    )
    .unwrap();
    host.now.fetch_add(10_001, Ordering::Relaxed);
    match ours.step(deliver(&store, &batch), &host) {
        Step::Done(reply) => assert_eq!(reply, Err(Failure::Fault(Fault::Contended))),
        other => panic!("{other:?}"),
    }
    assert_eq!(value(&store), 1);
}

#[test]
fn a_refused_commit_is_a_fault_and_writes_nothing() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut ours = Machine::new(None, |tx| increment(tx, "c", 1, true));
    until_commit(&mut ours, Input::Start, &store, &host);
    match ours.step(not_applied(), &host) {
        Step::Done(Err(Failure::Fault(Fault::Store(_)))) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(value(&store), 0);
}

#[test]
fn write_skew_is_refused() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut first = Machine::new(None, |tx| turn_off(tx, "a", "b"));
    let mut second = Machine::new(None, |tx| turn_off(tx, "b", "a"));
    let one = until_commit(&mut first, Input::Start, &store, &host);
    let two = until_commit(&mut second, Input::Start, &store, &host);
    assert_eq!(finish(&mut first, deliver(&store, &one), &store, &host), Ok(()));
    let refused = finish(&mut second, deliver(&store, &two), &store, &host);
    assert_eq!(refused, Err(Failure::Refused(No::LastLight)));
    assert_eq!(get(&store, Key::new(Light::COLLECTION, "b")), None);
}

#[test]
fn a_short_lived_append_does_not_serve_as_the_proof() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let batch_with = |expires_at| {
        let mut machine = Machine::new(None, move |tx| {
            tx.append(&Entry {
                id: "claim".into(),
                who: 1,
                value: 1,
                expires_at,
            });
            Ok::<_, countersign::store::Stop<No>>(Ok::<_, No>(()))
        });
        until_commit(&mut machine, Input::Start, &store, &host)
    };
    let has_receipt = |batch: &Batch| batch.writes.iter().any(|write| write.key().collection == RECEIPT);
    assert!(!has_receipt(&batch_with(None)));
    assert!(!has_receipt(&batch_with(Some(NOW + 600_000))));
    assert!(has_receipt(&batch_with(Some(NOW + 599_999))));
    assert!(
        batch_with(Some(NOW + 1))
            .writes
            .is_sorted_by_key(|write| write.key().clone())
    );
}

fn claim(
    tx: &mut countersign::store::Tx<'_>,
    who: u64,
    expires_at: u64,
) -> countersign::store::Decision<(), No> {
    if tx.get::<Entry>("claim")?.is_some() {
        return Err(countersign::store::Stop::Refuse(No::Taken));
    }
    tx.append(&Entry {
        id: "claim".into(),
        who,
        value: 0,
        expires_at: Some(expires_at),
    });
    Ok(Ok(()))
}

#[test]
fn a_claim_is_taken_once_and_can_be_taken_again_after_it_expired() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    plain(Machine::new(None, |tx| claim(tx, 1, NOW + 100)), &store, &host).unwrap();
    let taken = plain(Machine::new(None, |tx| claim(tx, 2, NOW + 100)), &store, &host);
    assert_eq!(taken, Err(Failure::Refused(No::Taken)));
    host.now.fetch_add(100, Ordering::Relaxed);
    plain(Machine::new(None, |tx| claim(tx, 3, NOW + 300)), &store, &host).unwrap();
    let record = get(&store, Key::new(Entry::COLLECTION, "claim")).unwrap();
    assert_eq!(Entry::decode(&record.body).unwrap().who, 3);
    assert_eq!(record.expires_at, Some(NOW + 300));
}

#[test]
fn an_append_that_ignores_the_record_it_hits_is_a_fault_and_not_an_endless_loop() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let blind = || {
        Machine::new(None, |tx| {
            tx.append(&Entry {
                id: "e".into(),
                who: 1,
                value: 1,
                expires_at: None,
            });
            Ok::<_, countersign::store::Stop<No>>(Ok::<_, No>(()))
        })
    };
    plain(blind(), &store, &host).unwrap();
    let second = plain(blind(), &store, &host);
    assert!(
        matches!(second, Err(Failure::Fault(Fault::Internal(_)))),
        "{second:?}"
    );
}

#[test]
fn bytes_drawn_once_are_never_played_again() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut runs = Vec::new();
    let machine = Machine::new(None, |tx| {
        let secret = tx.once("secret", b"", |tx| {
            let mut secret = [0; 32];
            tx.fill(&mut secret).map(|()| secret)
        })?;
        let mut public = [0; 32];
        tx.fill(&mut public)?;
        runs.push((secret, public));
        // Runs twice: the first time the record is missing.
        increment(tx, "c", 1, true)
    });
    plain(machine, &store, &host).unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0], runs[1], "a re-run gets the same values");
    assert_ne!(runs[0].0, runs[0].1);
}

#[test]
fn identifiers_that_no_record_can_have_are_absent_and_are_not_asked_for() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let long = "x".repeat(256);
    for id in ["", "a\0b", long.as_str()] {
        let mut read = Machine::new(None, |tx| {
            tx.want::<Light>(id);
            Ok::<_, countersign::store::Stop<No>>(Ok::<_, No>(tx.get::<Light>(id)?))
        });
        match read.step(Input::Start, &host) {
            Step::Done(reply) => assert_eq!(reply, Ok(None)),
            other => panic!("{other:?}"),
        }
        let write = plain(
            Machine::new(None, |tx| increment(tx, id, 1, false)),
            &store,
            &host,
        );
        assert!(
            matches!(write, Err(Failure::Fault(Fault::Internal(_)))),
            "{write:?}"
        );
    }
}

#[test]
fn answers_that_do_not_fit_the_question_are_faults() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    plain(
        Machine::new(None, |tx| increment(tx, "c", 1, true)),
        &store,
        &host,
    )
    .unwrap();
    let other = get(&store, Key::new(Counter::COLLECTION, "c"));
    let wrong: [Vec<Answer>; 4] = [
        vec![],
        vec![Answer::Record(None), Answer::Record(None)],
        vec![Answer::Page(Default::default())],
        vec![Answer::Record(other)],
    ];
    for answers in wrong {
        let mut ours = Machine::new(None, |tx| increment(tx, "d", 1, true));
        assert!(matches!(ours.step(Input::Start, &host), Step::Read(_)));
        match ours.step(Input::Answers(answers), &host) {
            Step::Done(Err(Failure::Fault(Fault::Internal(_)))) => {}
            other => panic!("{other:?}"),
        }
        assert!(
            matches!(ours.step(Input::Applied, &host), Step::Done(Err(_))),
            "spent"
        );
    }
}

#[test]
fn entries_are_kept_when_they_are_the_same() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let mut first = Machine::new(None, |tx| turn_off(tx, "a", "b"));
    until_commit(&mut first, Input::Start, &store, &host);
    plain(
        Machine::new(None, |tx| increment(tx, "c", 1, true)),
        &store,
        &host,
    )
    .unwrap();
    let set = |same: bool| {
        let mut machine = Machine::new(None, move |tx| {
            let counter = tx.get::<Counter>("c")?.unwrap();
            let value = counter.value + if same { 0 } else { 1 };
            tx.put(&Counter { value, ..counter });
            Ok::<_, countersign::store::Stop<No>>(Ok::<_, No>(()))
        });
        let batch = until_commit(&mut machine, Input::Start, &store, &host);
        batch.writes.iter().any(|write| {
            matches!(
                write,
                Write::Put {
                    entries: countersign::store::Entries::Set(_),
                    ..
                }
            )
        })
    };
    assert!(set(false));
    assert!(!set(true));
}

const SUPPOSED: &[countersign::store::Collection] = &[Counter::COLLECTION, Light::COLLECTION];

#[test]
fn what_is_supposed_absent_is_not_read_but_checked() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    let blind = || Machine::new(None, |tx| increment(tx, "c", 1, false)).supposing_absent(SUPPOSED);
    let mut first = blind();
    assert!(matches!(first.step(Input::Start, &host), Step::Commit(_)));
    assert_eq!(finish(&mut blind(), Input::Start, &store, &host), Ok(1));
    // Where it is there after all, nothing is lost.
    assert_eq!(finish(&mut blind(), Input::Start, &store, &host), Ok(2));
    assert_eq!(value(&store), 2);
    // What is only looked at is checked, too.
    let mut looks = Machine::new(None, |tx| {
        let found = tx.peek::<Counter>("c")?.map_or(0, |it| it.value);
        tx.put(&Light {
            id: "a".into(),
            on: found > 0,
        });
        Ok(Ok::<_, No>(found))
    })
    .supposing_absent(SUPPOSED);
    let batch = until_commit(&mut looks, Input::Start, &store, &host);
    assert!(
        batch
            .writes
            .iter()
            .any(|write| matches!(write, Write::Check { .. }))
    );
    assert!(batch.writes.is_sorted_by_key(|write| write.key().clone()));
    assert_eq!(finish(&mut looks, deliver(&store, &batch), &store, &host), Ok(2));
    let light = get(&store, Key::new(Light::COLLECTION, "a")).unwrap();
    assert!(Light::decode(&light.body).unwrap().on);
}

#[test]
fn no_answer_rests_on_a_supposition() {
    let (store, host) = (MemoryStore::new(), Still::new(NOW));
    plain(
        Machine::new(None, |tx| increment(tx, "c", 1, false)),
        &store,
        &host,
    )
    .unwrap();
    let looks = |refuses: bool| {
        Machine::new(None, move |tx| match tx.peek::<Counter>("c")? {
            None if refuses => Err(countersign::store::Stop::Refuse(No::Taken)),
            found => Ok(Ok(found.map(|it| it.value))),
        })
        .supposing_absent(SUPPOSED)
    };
    for refuses in [false, true] {
        assert_eq!(
            finish(&mut looks(refuses), Input::Start, &store, &host),
            Ok(Some(1))
        );
    }
}
