//! The judge: sees every batch that the store applies and every answer that leaves, and holds both
//! against the model.
//!
//! The order in which batches are applied is the order in which the model does the same requests: each
//! batch must change exactly what the model changes, with its journal entries and events. An answer
//! must be the one that the model gives at the commit of its request; an answer without a commit must
//! be explained by a state between request and answer.

macro_rules! ensure {
    ($holds:expr, $($why:tt)+) => { if !$holds { return Err(format!($($why)+)); } };
}

mod facts;
mod records;

use std::collections::{BTreeMap, BTreeSet};

use countersign::engine::journal;
use countersign::engine::rotation::COLLECTIONS;
use countersign::engine::seal::sealed_with;
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::application::{APPLICATION, APPLICATION_VERSION, Application, ApplicationVersion};
use countersign::model::callback::{CallbackEvent, CallbackType, EVENT, EventState};
use countersign::model::journal::{Entry, Event as Line, Head, JOURNAL, Subject};
use countersign::model::operation::{OPERATION, Operation as Payment};
use countersign::model::replay::REPLAY;
use countersign::model::sealing::{RESEALING, Resealing, SEALING_KEYS, SealingKeys};
use countersign::model::token::{TOKEN, Token};
use countersign::store::receipt::RECEIPT;
use countersign::store::{Batch, Entity, Expect, Key, Limits, MemoryStore, Record, Rev, Write};
use serde_json::Value;

use crate::keys::{self, Keys, Turn, Work};
use crate::model::{Drawn, Effect, Event, Model};
use crate::order::{Meaning, Said};
use crate::shelf::Shelf;
use crate::town::Town;

use facts::{Facts, kind, owner};

/// A broken promise, in words that begin with its number.
pub type Verdict = Result<(), String>;

/// What is known of one request.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    /// Its number.
    pub task: usize,
    pub meaning: &'a Meaning,
    /// Commits before it began.
    pub began: usize,
    /// Since it came, in milliseconds of the true time.
    pub waited: u64,
    /// What its node's clock showed whenever it asked.
    pub readings: &'a BTreeSet<u64>,
}

pub struct Judge<'t> {
    town: &'t Town,
    /// The model after each commit; the first is the beginning.
    states: Vec<Model>,
    heads: BTreeMap<String, Head>,
    revs: BTreeSet<Rev>,
    done: BTreeMap<usize, Effect>,
    accepted: BTreeSet<(usize, u64)>,
    /// Bodies of all events by id.
    bodies: BTreeMap<String, String>,
    shelf: Shelf,
    /// Whether the store says which key seals.
    pub keyed: bool,
}

impl<'t> Judge<'t> {
    /// Of a history that begins in `town`.
    pub fn new(town: &'t Town) -> Self {
        let mut model = Model::new(town);
        let mut heads = BTreeMap::new();
        let mut bodies = BTreeMap::new();
        for record in &town.records {
            match record.key.collection {
                ACTIVATION => {
                    let it = Activation::decode(&record.body).unwrap();
                    let account = model.accounts.iter_mut().find(|account| account.id == it.id);
                    let account = account.unwrap();
                    account.status = it.status;
                    account.expires = it.expires;
                    heads.insert(it.id, it.journal);
                }
                APPLICATION => {
                    let it = Application::decode(&record.body).unwrap();
                    heads.insert(it.id, it.journal);
                }
                SEALING_KEYS => {
                    let it = SealingKeys::decode(&record.body).unwrap();
                    model.keys = Keys::of(&it, None);
                    heads.insert(record.key.id.clone(), it.journal);
                }
                EVENT => {
                    let it = CallbackEvent::decode(&record.body).unwrap();
                    model.events.insert(it.id.clone(), event_of(&it));
                    bodies.insert(it.id, it.body);
                }
                _ => {}
            }
        }
        Self {
            town,
            states: vec![model],
            heads,
            revs: BTreeSet::new(),
            done: BTreeMap::new(),
            accepted: BTreeSet::new(),
            bodies,
            shelf: town.shelf.clone(),
            keyed: false,
        }
    }

    /// Commits so far.
    pub fn commits(&self) -> usize {
        self.states.len() - 1
    }

    /// The model as it is now.
    pub fn model(&self) -> &Model {
        self.states.last().unwrap()
    }

    /// Body of an event that was committed.
    pub fn body(&self, event: &str) -> Option<&String> {
        self.bodies.get(event)
    }

    /// The store has applied `batch`.
    pub fn committed(&mut self, course: &Course<'_>, batch: &Batch) -> Verdict {
        ensure!(
            self.revs.insert(batch.rev),
            "I1: {:?} was applied twice, by one batch",
            course.meaning
        );
        ensure!(
            !self.done.contains_key(&course.task),
            "I1: {:?} took effect twice",
            course.meaning
        );
        let facts = Facts::of(course.meaning, batch)?;
        let drawn = facts.drawn();
        let mut broken = None;
        // An entry says when its change was made; otherwise any moment that the node saw will do.
        let told = facts.entries.values().flatten().next().map(|entry| entry.at);
        let told = told.filter(|at| course.readings.contains(at));
        let fits = |now: &&u64| told.is_none_or(|at| at == **now);
        for now in course.readings.iter().rev().filter(fits) {
            let mut model = self.model().clone();
            let effect = model.perform(course.meaning, *now, &drawn);
            match self.compare(course.meaning, &mut model, &effect, &facts, *now) {
                Ok(heads) => {
                    self.shelf.keep(batch);
                    return self.adopt(course, model, effect, heads, facts);
                }
                Err(why) => broken.get_or_insert(why),
            };
        }
        let why = broken.unwrap_or_else(|| "I9: the clock was never asked".to_owned());
        Err(format!("{why}, in {:?}", course.meaning))
    }

    fn adopt(
        &mut self,
        course: &Course<'_>,
        model: Model,
        effect: Effect,
        heads: BTreeMap<String, Head>,
        facts: Facts,
    ) -> Verdict {
        if let (Some(position), Some(phone)) = (effect.accepted, course.meaning.signer()) {
            let fresh = self.accepted.insert((phone, position));
            ensure!(fresh, "I1: code {position} of phone {phone} was accepted twice");
        }
        self.bodies
            .extend(facts.fresh.into_iter().map(|event| (event.id, event.body)));
        self.heads.extend(heads);
        self.done.insert(course.task, effect);
        self.states.push(model);
        Ok(())
    }

    /// Whether the batch is what the model did. Answers the new heads of the journals.
    fn compare(
        &self,
        meaning: &Meaning,
        model: &mut Model,
        effect: &Effect,
        facts: &Facts,
        now: u64,
    ) -> Result<BTreeMap<String, Head>, String> {
        ensure!(effect.writes, "{}", idle(meaning));
        let replay = effect.uses_up;
        ensure!(
            facts.seen == usize::from(replay.is_some()),
            "I4: {} values were remembered, not {}",
            facts.seen,
            usize::from(replay.is_some())
        );
        let heads = self.chains(facts, now)?;
        self.tokens(model, effect, facts, &heads)?;
        self.keys(meaning, model, facts, &heads)?;
        self.accounts(model, facts, &heads)?;
        self.payments(model, facts, &heads)?;
        Self::entries(effect, facts)?;
        self.news(model, effect, facts, now)?;
        for (id, event) in &model.events {
            let before = self.model().events.get(id);
            if before.is_some() && before != Some(event) {
                let found = facts.known.get(id).map(event_of);
                ensure!(
                    found.as_ref() == Some(event),
                    "I7: event {id} is {found:?}, not {event:?}"
                );
            }
        }
        for id in facts.known.keys() {
            let changed = self.model().events.get(id) != model.events.get(id);
            ensure!(changed, "I7: event {id} was touched out of turn");
        }
        Ok(heads)
    }

    /// One entry for each change.
    fn entries(effect: &Effect, facts: &Facts) -> Verdict {
        let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, kind) in &effect.entries {
            expected.entry(id).or_default().push(kind);
        }
        let found = facts
            .entries
            .iter()
            .map(|(id, entries)| (id.as_str(), entries.iter().map(kind).collect::<Vec<_>>()));
        let found: BTreeMap<&str, Vec<&str>> = found.collect();
        ensure!(
            found == expected,
            "I7: the journal says {found:?}, not {expected:?}"
        );
        Ok(())
    }

    /// The heads of the journals after the batch; each entry refers to the one before.
    fn chains(&self, facts: &Facts, now: u64) -> Result<BTreeMap<String, Head>, String> {
        let mut heads = BTreeMap::new();
        for (id, entries) in &facts.entries {
            let mut head = self.heads.get(id).cloned().unwrap_or_default();
            for entry in entries {
                ensure!(
                    entry.number == head.length && entry.previous == head.hash,
                    "I7: the chain of {id} is broken"
                );
                ensure!(
                    entry.at == now,
                    "I7: the entry is of {}, the change of {now}",
                    entry.at
                );
                head.length += 1;
                head.hash = journal::hash(entry);
            }
            heads.insert(id.clone(), head);
        }
        Ok(heads)
    }

    /// One event for each change and URL.
    fn news(&self, model: &mut Model, effect: &Effect, facts: &Facts, now: u64) -> Verdict {
        let mut expected = Vec::new();
        for (id, state) in &effect.news {
            let of_operation = model.payments.contains_key(id);
            for (url, kind) in &self.town.urls {
                if of_operation == (*kind == CallbackType::OperationStatusChange) {
                    expected.push((id.clone(), (*state).to_owned(), url.clone()));
                }
            }
        }
        let mut found = Vec::new();
        for event in &facts.fresh {
            let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
            let text = |one: &str, other: &str| {
                let value = body[one].as_str().or_else(|| body[other].as_str());
                value.unwrap_or_default().to_owned()
            };
            found.push((
                text("operationId", "activationId"),
                text("status", "activationStatus"),
                event.url.clone(),
            ));
            ensure!(event.due <= now, "I7: the event waits for {}", event.due);
            model.events.insert(event.id.clone(), event_of(event));
        }
        expected.sort_unstable();
        found.sort_unstable();
        ensure!(found == expected, "I7: events {found:?}, not {expected:?}");
        Ok(())
    }

    /// A request was answered.
    pub fn answered(&self, course: &Course<'_>, said: &Said, starved: bool, calm: bool) -> Verdict {
        let meaning = course.meaning;
        if said.status >= 500 || starved && said.status != 200 {
            // Whoever waits that long is given up; new sealing keys are learned in that time, too.
            ensure!(
                !calm || course.waited > Limits::default().deadline,
                "I9: {meaning:?} failed although nothing did: {said:?}"
            );
            return Ok(());
        }
        if let Some(effect) = self.done.get(&course.task) {
            ensure!(
                agrees(&effect.said, said),
                "I2: {meaning:?} was answered {said:?} after a commit that says {:?}",
                effect.said
            );
            return Ok(());
        }
        let between = &self.states[course.began..];
        for one in between {
            for other in between {
                // A refusal writes nothing, so what it read may be of several moments.
                let mixed = Model {
                    accounts: one.accounts.clone(),
                    ..other.clone()
                };
                for now in course.readings {
                    let effect = mixed.clone().perform(meaning, *now, &Drawn::default());
                    if !effect.writes && agrees(&effect.said, said) {
                        return Ok(());
                    }
                }
            }
        }
        let why = if said.is_positive() {
            "I2: answered before any commit"
        } else {
            "I5: no order of the requests explains the answer"
        };
        Err(format!("{why}: {meaning:?} was told {said:?}"))
    }

    /// The records at the end, read again.
    pub fn finished(&self, store: &MemoryStore) -> Verdict {
        let records = store.records();
        let of = |collection| records.iter().filter(move |it| it.key.collection == collection);
        let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for record in of(JOURNAL) {
            let entry = Entry::decode(&record.body).map_err(|_| "I7: an entry cannot be read")?;
            entries.entry(owner(&entry).to_owned()).or_default().push(entry);
        }
        for (id, head) in &self.heads {
            let mut chain = entries.remove(id).unwrap_or_default();
            chain.sort_by_key(|entry| entry.number);
            let hashes: Vec<Vec<u8>> = chain.iter().map(journal::hash).collect();
            let fits = chain
                .iter()
                .zip(0..)
                .all(|(entry, number)| entry.number == number)
                && chain
                    .iter()
                    .skip(1)
                    .zip(&hashes)
                    .all(|(entry, hash)| entry.previous == *hash);
            let end = hashes.last().cloned().unwrap_or_default();
            ensure!(
                fits && chain.len() as u64 == head.length && end == head.hash,
                "I7: the journal of {id} is damaged"
            );
        }
        self.shelf.is_what_the_store_has(store, &records)?;
        self.records_are_the_models(of(ACTIVATION), of(OPERATION), of(EVENT))
    }

    /// A URL with an event that nobody delivered yet.
    pub fn waiting(&self) -> Option<&String> {
        let pending = |event: &&Event| event.state == EventState::Pending;
        self.model().events.values().find(pending).map(|event| &event.url)
    }
}

/// What is broken when a request changes something that should change nothing.
fn idle(meaning: &Meaning) -> &'static str {
    match meaning {
        Meaning::Token { .. } | Meaning::Envelope { .. } => "I4: accepted again, or outside of its window",
        Meaning::Lease(_) | Meaning::Delivered(_) | Meaning::Failed(..) | Meaning::Released(..) => {
            "I7: an event was touched out of turn"
        }
        Meaning::Keys(_) => "I8: the sealing keys were changed out of turn",
        _ => "I5: changed, although its state does not allow it",
    }
}

fn event_of(it: &CallbackEvent) -> Event {
    Event {
        url: it.url.clone(),
        due: it.due,
        attempts: it.attempts,
        state: it.state,
    }
}

/// Whether what was heard is what the model says; an empty code stands for any.
fn agrees(expected: &Said, heard: &Said) -> bool {
    let code = if expected.code.is_empty() {
        String::new()
    } else {
        heard.code.clone()
    };
    *expected
        == Said {
            code,
            ..heard.clone()
        }
}
