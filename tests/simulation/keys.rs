//! Replacing the key that seals: who asks for what, what the specification makes of it, and what a batch
//! of it may change.

use std::collections::BTreeMap;

use countersign::crypto::secret::Secret;
use countersign::engine::rotation::{self, COLLECTIONS, LEARN_WITHIN, Page};
use countersign::engine::seal::sealed_with;
use countersign::engine::{Engine, EngineStop, Error, SealingKey};
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::application::{APPLICATION, APPLICATION_VERSION, Application, ApplicationVersion};
use countersign::model::callback::{CALLBACKS, Callbacks};
use countersign::model::operation::{OPERATION, Operation};
use countersign::model::sealing::{ONLY, Resealing, SealingKeys, WrappedKey};
use countersign::model::token::{TOKEN, Token};
use countersign::store::{Entity, Key, Tx};

use crate::model::Effect;
use crate::order::Said;

/// Keys that a history may get to.
pub const MOST: u32 = 6;
/// How long a worker has the work, in milliseconds.
const LEASE: u64 = 5_000;
/// Records of one page.
pub const PAGE: u32 = 50;

/// Key number `id`.
pub fn key(id: u32) -> SealingKey {
    // Number 1 is the key of `support::engine`.
    let byte = u8::try_from(6 + id).unwrap();
    SealingKey {
        id,
        key: Secret::from_bytes([byte; 32]),
    }
}

/// What the keeper makes of a key.
pub fn wrapped(id: u32) -> Vec<u8> {
    id.to_be_bytes().to_vec()
}

/// The keys of the store at the beginning.
pub fn create(tx: &mut Tx<'_>) -> Result<SealingKeys, EngineStop> {
    let first = WrappedKey {
        id: 1,
        wrapped: wrapped(1),
        added: 0,
        unused: false,
    };
    rotation::create(tx, &[first])
}

/// What a worker, or an operator, does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Ask,
    Add(u32),
    Switch,
    /// By a worker.
    Lease(u64),
    /// By a worker, the page that comes next; the node fills it in.
    Reseal(u64, u32, Option<String>, Vec<String>),
    Retire(u32),
}

/// Does it. Whether anything came of it.
pub fn decide(engine: &Engine, tx: &mut Tx<'_>, turn: &Turn) -> Result<Result<bool, Error>, EngineStop> {
    let done = match turn {
        Turn::Ask => return Ok(rotation::ask(engine, tx, None)?.map(|_| true)),
        Turn::Retire(key) => {
            let request = rotation::RetireKey { key: Some(*key) };
            return Ok(rotation::retire(engine, tx, &request, None)?.map(|_| true));
        }
        Turn::Add(id) => rotation::add(tx, *id, &wrapped(*id))?,
        Turn::Switch => rotation::switch(tx, LEARN_WITHIN)? == Some(0),
        Turn::Lease(worker) => {
            let work = rotation::lease(tx, *worker, LEASE)?;
            work.is_some_and(|work| work.worker == *worker)
        }
        Turn::Reseal(worker, collection, after, ids) => {
            let page = Page {
                collection: *collection,
                after: after.clone(),
                ids: ids.clone(),
            };
            rotation::reseal(&engine.keyring, tx, *worker, &page, LEASE)?.is_some()
        }
    };
    Ok(Ok(done))
}

/// The keys, as the specification has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Number, when it was added, whether no record needs it.
    pub all: Vec<(u32, u64, bool)>,
    pub current: u32,
    pub next: Option<u32>,
    pub asked: Option<u64>,
    pub work: Option<Work>,
}

/// Sealing everything anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    pub key: u32,
    pub collection: u32,
    pub after: Option<String>,
    pub worker: u64,
    pub leased_until: u64,
    pub finished: Option<u64>,
}

impl From<&Resealing> for Work {
    fn from(it: &Resealing) -> Self {
        Self {
            key: it.key,
            collection: it.collection,
            after: it.after.clone(),
            worker: it.worker,
            leased_until: it.leased_until,
            finished: it.finished,
        }
    }
}

impl Keys {
    /// As in a record; the work is another one.
    pub fn of(record: &SealingKeys, work: Option<Work>) -> Self {
        Self {
            all: record
                .keys
                .iter()
                .map(|it| (it.id, it.added, it.unused))
                .collect(),
            current: record.current,
            next: record.next,
            asked: record.asked,
            work,
        }
    }

    /// The number of a key that is added.
    pub fn number(&self) -> u32 {
        1 + self.all.iter().map(|(id, ..)| *id).max().unwrap_or_default()
    }

    /// The work that is under way.
    pub fn running(&self) -> Option<&Work> {
        self.work.as_ref().filter(|it| it.finished.is_none())
    }

    /// A key that no record needs.
    pub fn unused(&self) -> Option<u32> {
        self.all.iter().find(|(.., unused)| *unused).map(|(id, ..)| *id)
    }

    /// What the specification makes of it.
    pub fn perform(&mut self, turn: &Turn, now: u64) -> Effect {
        let kind = match turn {
            Turn::Ask => {
                let idle = self.asked.is_none() && self.next.is_none() && self.running().is_none();
                let mut effect = Effect::default();
                if idle {
                    self.asked = Some(now);
                    effect = noted("sealing_key_asked_for");
                }
                effect.said = told(true);
                return effect;
            }
            Turn::Add(id) => {
                if self.asked.is_none() || self.next.is_some() || self.number() != *id {
                    return nothing();
                }
                self.all.push((*id, now, false));
                (self.next, self.asked) = (Some(*id), None);
                "sealing_key_added"
            }
            Turn::Switch => {
                let next = self.all.iter().find(|(id, ..)| self.next == Some(*id));
                let Some((id, ..)) = next.filter(|(_, added, _)| added + LEARN_WITHIN <= now).copied() else {
                    return nothing();
                };
                (self.current, self.next) = (id, None);
                for key in &mut self.all {
                    key.2 = false;
                }
                self.work = Some(Work {
                    key: id,
                    ..Work::default()
                });
                "sealing_key_switched"
            }
            Turn::Lease(worker) => {
                let Some(work) = self.work.as_mut().filter(|it| it.finished.is_none()) else {
                    return nothing();
                };
                if work.worker != *worker && work.leased_until > now {
                    return nothing();
                }
                (work.worker, work.leased_until) = (*worker, now + LEASE);
                return done();
            }
            Turn::Reseal(worker, collection, after, ids) => {
                let Some(work) = self.work.as_mut().filter(|it| it.finished.is_none()) else {
                    return nothing();
                };
                if (work.worker, work.collection, &work.after) != (*worker, *collection, after) {
                    return nothing();
                }
                work.leased_until = now + LEASE;
                if let Some(last) = ids.last() {
                    work.after = Some(last.clone());
                    return done();
                }
                work.collection += 1;
                work.after = None;
                if usize::try_from(work.collection).unwrap() < COLLECTIONS.len() {
                    return done();
                }
                work.finished = Some(now);
                for key in &mut self.all {
                    key.2 = key.0 != work.key;
                }
                "records_sealed_anew"
            }
            Turn::Retire(id) => {
                let open = self.current == *id || self.next == Some(*id);
                if open || !self.all.iter().any(|(it, _, unused)| it == id && *unused) {
                    return Effect {
                        said: Said::no(400, ""),
                        ..Effect::default()
                    };
                }
                self.all.retain(|(it, ..)| it != id);
                "sealing_key_removed"
            }
        };
        noted(kind)
    }
}

fn told(news: bool) -> Said {
    Said {
        status: 200,
        valid: Some(news),
        ..Said::default()
    }
}

fn nothing() -> Effect {
    Effect {
        said: told(false),
        ..Effect::default()
    }
}

fn done() -> Effect {
    Effect {
        said: told(true),
        writes: true,
        ..Effect::default()
    }
}

fn noted(kind: &'static str) -> Effect {
    Effect {
        entries: vec![(ONLY.to_owned(), kind)],
        ..done()
    }
}

/// Takes the sealed secrets out of a record; what it is without them.
fn unsealed(key: &Key, body: &[u8]) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let mut secrets = Vec::new();
    let mut take = |sealed: &mut Vec<u8>| {
        if !sealed.is_empty() {
            secrets.push(std::mem::take(sealed));
        }
    };
    let rest = match key.collection {
        ACTIVATION => {
            let mut it = Activation::decode(body).ok()?;
            take(&mut it.server_private);
            it.keys.iter_mut().for_each(&mut take);
            it.encode()
        }
        APPLICATION => {
            let mut it = Application::decode(body).ok()?;
            it.master_keys.iter_mut().for_each(|key| take(&mut key.private));
            it.encode()
        }
        APPLICATION_VERSION => {
            let mut it = ApplicationVersion::decode(body).ok()?;
            take(&mut it.secret);
            it.encode()
        }
        CALLBACKS => {
            let mut it = Callbacks::decode(body).ok()?;
            it.urls.iter_mut().for_each(|url| take(&mut url.authentication));
            it.encode()
        }
        OPERATION => {
            let mut it = Operation::decode(body).ok()?;
            it.totp_seed.iter_mut().for_each(&mut take);
            it.number.iter_mut().for_each(&mut take);
            it.encode()
        }
        TOKEN => {
            let mut it = Token::decode(body).ok()?;
            take(&mut it.secret);
            it.encode()
        }
        _ => return None,
    };
    Some((rest, secrets))
}

/// Whether all secrets of a record are sealed with this key.
pub fn is_sealed_with(key: u32, place: &Key, body: &[u8]) -> bool {
    let secrets = unsealed(place, body).map(|(_, secrets)| secrets);
    let mut secrets = secrets.unwrap_or_default().into_iter();
    secrets.all(|sealed| sealed_with(&sealed) == Some(key))
}

/// Whether a page of records was sealed anew: all of them, and nothing else about them.
pub fn page_is_sealed(
    current: u32,
    known: &BTreeMap<Key, Vec<u8>>,
    turn: &Turn,
    resealed: &BTreeMap<Key, Vec<u8>>,
) -> Result<(), String> {
    for (key, body) in resealed {
        let before = known.get(key).and_then(|body| unsealed(key, body));
        let after = unsealed(key, body);
        let same = before
            .zip(after)
            .is_some_and(|(before, after)| before.0 == after.0);
        if !same || !is_sealed_with(current, key, body) {
            return Err(format!("I8: {key:?} is another one after it was sealed anew"));
        }
    }
    if let Turn::Reseal(_, collection, _, ids) = turn {
        let collection = COLLECTIONS[usize::try_from(*collection).unwrap()];
        for id in ids {
            let key = Key::new(collection, id);
            let body = resealed.get(&key).or_else(|| known.get(&key));
            if !body.is_some_and(|body| is_sealed_with(current, &key, body)) {
                return Err(format!("I8: {key:?} was not sealed anew"));
            }
        }
    }
    Ok(())
}
