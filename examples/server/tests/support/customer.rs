//! Bank customers who pay all day, and remember what they were told.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use countersign::client::CounterState;
use countersign::engine::journal;
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::journal::{Entry, Event, Head, JOURNAL, Subject};
use countersign::store::{Answer, Entity, Key, Query, Record, Store};

use super::phone::{Phone, Signed};
use super::{Auth, Server};

/// Failures in a row that a phone may see, unanswered ones included: 5 block it, and the checks
/// after a kill cause two more.
const FAILURES_IN_A_ROW: usize = 2;

/// What the bank sent and what it was told.
pub(crate) struct Attempt {
    signed: Signed,
    /// Made with the right PIN.
    right: bool,
    answer: Option<bool>,
}

/// A phone, and everything the bank knows about it.
pub(crate) struct Customer {
    pub(crate) phone: Phone,
    /// Since the last check.
    attempts: Vec<Attempt>,
    failures: usize,
    last_accepted: Option<Signed>,
    /// The journal as it was at the last check.
    seen: Head,
    accepted: HashSet<String>,
    dice: Dice,
}

/// Pseudo-random choices; their seed is printed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) answered: usize,
    pub(crate) unanswered: usize,
    pub(crate) applied_unanswered: usize,
}

impl Customer {
    pub(crate) fn new(phone: Phone, dice: &mut Dice) -> Self {
        Self {
            phone,
            attempts: Vec::new(),
            failures: 0,
            last_accepted: None,
            seen: Head::default(),
            accepted: HashSet::new(),
            dice: Dice::new(dice.roll(u64::MAX)),
        }
    }

    /// One attempt: mostly right, sometimes a replay, sometimes a wrong PIN. False when the server is gone.
    pub(crate) fn try_once(&mut self, server: &Server, auth: &Auth) -> bool {
        let choice = if self.failures < FAILURES_IN_A_ROW {
            self.dice.roll(10)
        } else {
            9
        };
        let (signed, right, expected) = match (choice, &self.last_accepted) {
            (0 | 1, Some(replayed)) => (replayed.clone(), true, false),
            (2, _) => (self.phone.sign(false), false, false),
            _ => (self.phone.sign(true), true, true),
        };
        let answer = self.phone.verify(server, auth, &signed);
        self.note(signed, right, answer);
        if let Some(valid) = answer {
            assert_eq!(valid, expected, "choice {choice}");
        }
        answer.is_some()
    }

    fn note(&mut self, signed: Signed, right: bool, answer: Option<bool>) {
        match answer {
            Some(true) => {
                self.failures = 0;
                self.last_accepted = Some(signed.clone());
            }
            Some(false) => self.failures += 1,
            // Only new signatures then: of two alike nobody could tell which one is in the journal.
            None => self.failures = FAILURES_IN_A_ROW,
        }
        self.attempts.push(Attempt {
            signed,
            right,
            answer,
        });
    }

    /// Compares the journal with what was answered: the same attempts, in the same order, with the same
    /// outcome; only one without an answer may be missing. Answers that one.
    pub(crate) fn compare(&mut self, store: &dyn Store, totals: &mut Totals) -> Option<Attempt> {
        let (activation, entries) = journal_since(store, &self.phone.activation, &self.seen);
        let mut recorded = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Signature(signature) => Some(signature),
                _ => None,
            })
            .peekable();
        let mut open = None;
        let mut counter = 0;
        for attempt in std::mem::take(&mut self.attempts) {
            let Attempt { signed, answer, .. } = &attempt;
            let record = match answer {
                Some(_) => Some(
                    recorded
                        .next()
                        .expect("an answered attempt is not in the journal"),
                ),
                None => recorded.next_if(|record| record.signature == signed.signature),
            };
            totals.answered += usize::from(answer.is_some());
            totals.unanswered += usize::from(answer.is_none());
            totals.applied_unanswered += usize::from(answer.is_none() && record.is_some());
            if let Some(record) = record {
                assert_eq!(record.signature, signed.signature);
                let same = answer.is_none_or(|valid| valid == record.valid);
                assert!(same, "another outcome than answered");
                assert!(record.counter >= counter, "the counter went back");
                counter = record.counter + u64::from(record.valid);
                if record.valid {
                    assert!(self.accepted.insert(signed.signature.clone()), "accepted twice");
                }
            }
            match answer {
                None => open = Some(attempt),
                // What was signed before cannot be used any more.
                Some(true) => open = None,
                Some(false) => {}
            }
        }
        assert!(
            recorded.next().is_none(),
            "the journal has attempts that nobody made"
        );
        assert!(activation.counter >= counter, "the counter went back");
        self.seen = activation.journal;
        open
    }

    /// After a restart: what was accepted is not accepted again, and what was not can still be used.
    pub(crate) fn settle(&mut self, server: &Server, auth: &Auth, open: Option<Attempt>) {
        if let Some(replayed) = self.last_accepted.clone() {
            let answer = self.phone.verify(server, auth, &replayed);
            assert_eq!(answer, Some(false), "accepted before the kill and after it");
            self.note(replayed, true, answer);
        }
        if let Some(Attempt { signed, right, .. }) = open {
            let usable = right && !self.accepted.contains(&signed.signature);
            let answer = self.phone.verify(server, auth, &signed);
            assert_eq!(answer, Some(usable), "an attempt that was cut off");
            self.note(signed, right, answer);
        }
        let signed = self.phone.sign(true);
        let answer = self.phone.verify(server, auth, &signed);
        assert_eq!(answer, Some(true), "a right signature after the restart");
        self.note(signed, true, answer);
        let status = self.phone.status(server);
        assert_eq!(
            (status.counter, status.failed_attempts),
            (CounterState::InSync, 0)
        );
    }
}

fn get(store: &dyn Store, keys: Vec<Key>) -> Vec<Record> {
    let queries: Vec<Query> = keys.into_iter().map(Query::Get).collect();
    let answers = pollster::block_on(store.read(&queries)).unwrap();
    let record = |answer| match answer {
        Answer::Record(record) => record.expect("a record is missing"),
        Answer::Page(_) => panic!("a page for a key"),
    };
    answers.into_iter().map(record).collect()
}

/// The activation, and its journal after `seen`, each entry chained to the one before.
fn journal_since(store: &dyn Store, activation: &str, seen: &Head) -> (Activation, Vec<Entry>) {
    let record = get(store, vec![Key::new(ACTIVATION, activation)]).remove(0);
    let activation = Activation::decode(&record.body).unwrap();
    let subject = Subject::Activation(activation.id.clone());
    let head = &activation.journal;
    assert!(head.length >= seen.length, "the journal became shorter");
    let keys = (seen.length..head.length).map(|number| Key::new(JOURNAL, subject.entry_id(number)));
    let mut hash = seen.hash.clone();
    let mut entries = Vec::new();
    for record in get(store, keys.collect()) {
        let entry = Entry::decode(&record.body).unwrap();
        assert_eq!(entry.previous, hash, "the chain is broken");
        hash = journal::hash(&entry);
        entries.push(entry);
    }
    assert_eq!(head.hash, hash, "the chain has another end");
    (activation, entries)
}
