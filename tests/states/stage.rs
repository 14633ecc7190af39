//! What is behind a state: a store, a clock, phones. Requests are decided here, by the engine.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use countersign::api::{Api, Response};
use countersign::client::{Approval, DeviceState, RejectReason};
use countersign::crypto::encoding::base64;
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::Engine;
use countersign::engine::operation::expire;
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::journal::JOURNAL;
use countersign::model::operation::{OPERATION, Operation as Payment};
use countersign::store::{
    Answer as StoreAnswer, Batch, Commit, Entity, Host, Input, Machine, MemoryStore, Operation, Query,
    Record, Step, Tx, Write,
};
use serde_json::{Value, json};

use crate::act::Act;
use crate::local::{self, ATTEMPTS, Whole};
use crate::spec::LOOK_AHEAD;
use crate::support::prelude::APPLICATION;
use crate::support::{
    Answer, Ask, Clock, Dice, Factors, Phone, Prelude, Signed, activation, engine, records,
};

/// Whose the phones are.
pub const USERS: [&str; 2] = ["alice", "bob"];
/// What is approved.
pub const DATA: &str = "A1*A100EUR";
const OTHER_DATA: &str = "A1*A900EUR";
const TEMPLATE: &str = "pay";
/// Longer than anything waits.
const LATER: u64 = 3_600_000;
/// Counter values that phones sign with; no shortest way to a state needs more.
const POSITIONS: u64 = 120;
/// Seeds of key exchanges, so that a phone has the same keys in every state.
const EXCHANGES: [u64; 2] = [9_000_000, 9_100_000];

/// A mistake between engine and store, to see that it would be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Wrong codes are not counted.
    FailureForgotten,
    /// An overdue operation is shown as one that is not.
    ExpiryIgnored,
    /// An operation is shown as one of nobody.
    OwnerIgnored,
    /// An operation that ended is shown as one that waits.
    EndIgnored,
    /// No journal entries.
    EntryForgotten,
}

impl Lie {
    pub const ALL: [Self; 5] = [
        Self::FailureForgotten,
        Self::ExpiryIgnored,
        Self::OwnerIgnored,
        Self::EndIgnored,
        Self::EntryForgotten,
    ];

    fn show(self, record: &mut Record) {
        if record.key.collection != OPERATION {
            return;
        }
        let mut it = Payment::decode(&record.body).unwrap();
        match self {
            Self::ExpiryIgnored => it.expires = u64::MAX >> 12,
            Self::OwnerIgnored => it.user = None,
            Self::EndIgnored => it.status = countersign::model::operation::OperationStatus::Pending,
            Self::FailureForgotten | Self::EntryForgotten => return,
        }
        record.body = it.encode();
    }

    fn write(self, batch: &Batch) -> Batch {
        let mut batch = batch.clone();
        for write in &mut batch.writes {
            if let Write::Put { key, body, .. } = write
                && (self, key.collection) == (Self::FailureForgotten, ACTIVATION)
            {
                let mut it = Activation::decode(body).unwrap();
                it.failed_attempts = 0;
                *body = it.encode();
            }
        }
        if self == Self::EntryForgotten {
            batch.writes.retain(|it| it.key().collection != JOURNAL);
        }
        batch
    }
}

/// One store at one moment.
#[derive(Clone)]
pub struct Scene {
    pub store: MemoryStore,
    pub now: u64,
    /// Ids of the operations that were created.
    pub operations: [Option<String>; 2],
    /// Requests so far.
    steps: u64,
}

/// What a decision did.
#[derive(Default)]
pub struct Played {
    /// Whether the last answer was "yes".
    pub yes: bool,
    pub queries: Vec<Query>,
    pub batches: Vec<Arc<Batch>>,
}

/// What all states share.
#[derive(Clone)]
pub struct Stage {
    prelude: Prelude,
    engine: Arc<Engine>,
    api: Arc<Api>,
    /// Ids of the activations.
    pub phones: [String; 2],
    codes: [String; 2],
    /// Each phone at each counter value.
    devices: [Vec<DeviceState>; 2],
    /// Requests for the key exchange, by phone and time.
    exchanges: RefCell<HashMap<(usize, u64), Ask>>,
    lie: Option<Lie>,
}

impl Stage {
    /// An application, a template, callbacks, and two activations that wait for their phones.
    pub fn build() -> Self {
        let mut inits = Vec::new();
        let prelude = Prelude::build(ProtocolVersion::V3_2, 0, |world| {
            let template = json!({
                "templateName": TEMPLATE, "operationType": TEMPLATE, "dataTemplate": DATA,
                "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": ATTEMPTS, "expiration": 120,
            });
            world.rest("/operation/template/create", &template).ok();
            for kind in ["ACTIVATION_STATUS_CHANGE", "OPERATION_STATUS_CHANGE"] {
                let callback = json!({
                    "applicationId": APPLICATION, "name": kind, "type": kind,
                    "callbackUrl": "https://bank.example/told", "attributes": ["status"],
                });
                world.rest("/application/callback/create", &callback).ok();
            }
            for user in USERS {
                let init =
                    json!({ "userId": user, "applicationId": APPLICATION, "maxFailureCount": ATTEMPTS });
                inits.push(world.rest("/activation/init", &init).ok());
            }
        });
        let text = |init: &Value, name: &str| init[name].as_str().unwrap().to_owned();
        let both = |name: &str| [text(&inits[0], name), text(&inits[1], name)];
        let codes = both("activationCode");
        let devices = [0, 1].map(|number| {
            let seed = EXCHANGES[number];
            let world = prelude.world(prelude.memory(), seed);
            let code = &codes[number];
            let mut phone = Phone::with_code(&world, &prelude.application, code, seed / 2);
            let states = (0..POSITIONS).map(|_| {
                let state = phone.device.to_state();
                phone.login(Factors::Possession);
                state
            });
            states.collect()
        });
        let engine = engine();
        Self {
            api: Arc::new(Api::new(Arc::clone(&engine)).open_to_anybody()),
            engine,
            phones: both("activationId"),
            codes,
            devices,
            exchanges: RefCell::default(),
            lie: None,
            prelude,
        }
    }

    /// The same with a mistake.
    pub fn lying(&self, lie: Lie) -> Self {
        Self {
            lie: Some(lie),
            ..self.clone()
        }
    }

    /// Where everything begins.
    pub fn first(&self) -> Scene {
        Scene {
            store: self.prelude.memory(),
            now: self.prelude.now,
            operations: [None, None],
            steps: 0,
        }
    }

    /// The state of a scene.
    pub fn state(&self, scene: &Scene) -> Whole {
        let phone = |number: usize| {
            let it = self.activation(scene, number);
            local::Phone {
                status: it.status,
                failed: it.failed_attempts,
                overdue: it.overdue(scene.now),
            }
        };
        let operation = |number: usize| {
            let it = self.operation(scene, number)?;
            let owner = |user: String| USERS.iter().position(|it| *it == user).unwrap();
            Some(local::Operation {
                status: it.status,
                failures: it.failure_count,
                overdue: it.overdue(scene.now),
                owner: it.user.map(owner),
            })
        };
        Whole {
            phones: [phone(0), phone(1)],
            operations: [operation(0), operation(1)],
        }
    }

    /// The record of a phone.
    pub fn activation(&self, scene: &Scene, number: usize) -> Activation {
        activation(&scene.store, &self.phones[number])
    }

    /// The record of an operation that was created.
    pub fn operation(&self, scene: &Scene, number: usize) -> Option<Payment> {
        records::get(&scene.store, scene.operations[number].as_ref()?)
    }

    /// Does `act`. What it is about has to exist.
    pub fn play(&self, scene: &Scene, act: Act) -> (Scene, Played) {
        let mut scene = scene.clone();
        scene.steps += 1;
        let mut played = Played::default();
        let seed = match act {
            Act::Exchange(phone) => EXCHANGES[phone],
            _ => scene.steps,
        };
        let clock = Clock::new(seed, scene.now);
        let limit = 10;
        match act {
            Act::Later => {
                scene.now += LATER;
                played.yes = true;
            }
            Act::ExpireOperations => {
                let expire = |tx: &mut Tx<'_>| expire::operations(&self.engine, tx, limit);
                let outcome = self.drive(&scene, &clock, Machine::new(None, expire), &mut played);
                played.yes = outcome.is_ok();
            }
            Act::ExpireActivations => {
                let expire = |tx: &mut Tx<'_>| expire::activations(&self.engine, tx, limit);
                let outcome = self.drive(&scene, &clock, Machine::new(None, expire), &mut played);
                played.yes = outcome.is_ok();
            }
            _ => {
                let ask = self.ask(&scene, act);
                let times = if matches!(act, Act::Twice(_)) { 2 } else { 1 };
                for _ in 0..times {
                    let response: Response = self.drive(&scene, &clock, ask.call(&self.api), &mut played);
                    let answer = Answer::from(response);
                    played.yes = is_yes(&answer);
                    if let (Act::Create(number), 200) = (act, answer.status) {
                        scene.operations[number] = answer.object()["id"].as_str().map(str::to_owned);
                    }
                }
            }
        }
        if let (Act::Exchange(phone), true) = (act, played.yes) {
            let found = self.activation(&scene, phone).counter_data;
            assert_eq!(
                found.unwrap(),
                counter_data(&self.devices[phone][0]),
                "other keys"
            );
        }
        (scene, played)
    }

    fn drive<O: Operation>(
        &self,
        scene: &Scene,
        host: &dyn Host,
        mut operation: O,
        played: &mut Played,
    ) -> O::Reply {
        let mut input = Input::Start;
        loop {
            input = match operation.step(input, host) {
                Step::Done(reply) => return reply,
                Step::Read(queries) => {
                    let mut answers = scene.store.read_now(&queries);
                    if let Some(lie) = self.lie {
                        for answer in &mut answers {
                            match answer {
                                StoreAnswer::Record(record) => {
                                    record.iter_mut().for_each(|it| lie.show(it));
                                }
                                StoreAnswer::Page(page) => {
                                    page.records.iter_mut().for_each(|it| lie.show(it));
                                }
                            }
                        }
                    }
                    played.queries.extend(queries);
                    Input::Answers(answers)
                }
                Step::Commit(batch) => {
                    let batch = self.lie.map_or(batch.clone(), |lie| Arc::new(lie.write(&batch)));
                    let outcome = scene.store.commit_now(&batch);
                    assert_eq!(outcome, Commit::Applied, "nobody else is here");
                    played.batches.push(batch);
                    Input::Applied
                }
            };
        }
    }

    fn ask(&self, scene: &Scene, act: Act) -> Ask {
        let id = |phone: usize| json!({ "activationId": self.phones[phone] });
        let one = |number: usize| json!({ "operationId": scene.operations[number] });
        let with = |mut object: Value, more: Value| {
            let more = more.as_object().unwrap().clone();
            object.as_object_mut().unwrap().extend(more);
            object
        };
        let approve = |number, phone: usize, data, factors| {
            let more = json!({
                "userId": USERS[phone], "applicationId": APPLICATION, "data": data, "signatureType": factors,
            });
            Ask::rest("/operation/approve", &with(one(number), more))
        };
        match act {
            Act::Exchange(phone) => self.exchange(scene, phone),
            Act::Commit(phone) => Ask::rest("/activation/commit", &id(phone)),
            Act::Status(phone) => Ask::rest("/activation/status", &id(phone)),
            Act::Block(phone) => Ask::rest("/activation/block", &id(phone)),
            Act::Unblock(phone) => Ask::rest("/activation/unblock", &id(phone)),
            Act::Remove(phone) => Ask::rest("/activation/remove", &id(phone)),
            Act::Login(phone) | Act::Twice(phone) => self.login(scene, phone, 0, Factors::Pin).ask(),
            Act::Skip(phone) => self.login(scene, phone, LOOK_AHEAD - 1, Factors::Pin).ask(),
            Act::TooFar(phone) => self.login(scene, phone, LOOK_AHEAD, Factors::Pin).ask(),
            Act::Wrong(phone) => self.login(scene, phone, 0, Factors::WrongPin).ask(),
            Act::WrongPossession(phone) => {
                let mut signed = self.login(scene, phone, 0, Factors::Possession);
                signed.verify["data"] = json!("something else");
                signed.ask()
            }
            Act::Create(number) => {
                let user = (number == 0).then_some(USERS[0]);
                let new = json!({
                    "userId": user, "applicationId": APPLICATION, "templateName": TEMPLATE,
                });
                Ask::rest("/operation/create", &new)
            }
            Act::Look(number) => Ask::rest("/operation/detail", &one(number)),
            Act::Claim(number, phone) => {
                let claim = with(one(number), json!({ "userId": USERS[phone] }));
                Ask::rest("/operation/detail", &claim)
            }
            Act::Cancel(number) => Ask::rest("/operation/cancel", &one(number)),
            Act::Fail(number) => Ask::rest("/operation/approve/fail", &one(number)),
            Act::ApproveFor(number, phone) => approve(number, phone, DATA, "POSSESSION_KNOWLEDGE"),
            Act::ApproveOtherFor(number, phone) => approve(number, phone, OTHER_DATA, "POSSESSION_KNOWLEDGE"),
            Act::ApproveWeakFor(number, phone) => approve(number, phone, DATA, "POSSESSION"),
            Act::RejectFor(number, phone) => {
                let more = json!({ "userId": USERS[phone], "applicationId": APPLICATION });
                Ask::rest("/operation/reject", &with(one(number), more))
            }
            Act::Approve(number, phone) => self.approve(scene, number, phone, DATA, Factors::Pin),
            Act::ApproveWrong(number, phone) => self.approve(scene, number, phone, DATA, Factors::WrongPin),
            Act::ApproveOther(number, phone) => self.approve(scene, number, phone, OTHER_DATA, Factors::Pin),
            Act::ApproveWeak(number, phone) => self.approve(scene, number, phone, DATA, Factors::Possession),
            Act::Refuse(number, phone) => self.refuse(scene, number, phone),
            Act::RefuseWrong(number, phone) => {
                let mut ask = self.refuse(scene, number, phone);
                // What was signed is not what is sent.
                ask.body.insert(1, b' ');
                ask
            }
            Act::ExpireOperations | Act::ExpireActivations | Act::Later => panic!("{act:?} is no request"),
        }
    }

    fn exchange(&self, scene: &Scene, phone: usize) -> Ask {
        let mut known = self.exchanges.borrow_mut();
        let ask = known.entry((phone, scene.now)).or_insert_with(|| {
            let seed = EXCHANGES[phone];
            let world = self.prelude.world(MemoryStore::new(), seed);
            world.host.set(scene.now);
            Phone::exchange(&world, &self.prelude.application, &self.codes[phone], seed / 2)
        });
        ask.clone()
    }

    /// A phone that is so many counter values ahead of the server.
    fn phone(&self, scene: &Scene, number: usize, ahead: u64) -> Phone {
        let position = self.activation(scene, number).counter + ahead;
        let state = &self.devices[number][usize::try_from(position).unwrap()];
        Phone::from_state(state, position, scene.steps)
    }

    fn login(&self, scene: &Scene, phone: usize, ahead: u64, factors: Factors) -> Signed {
        self.phone(scene, phone, ahead).login(factors)
    }

    fn approve(&self, scene: &Scene, number: usize, phone: usize, data: &str, factors: Factors) -> Ask {
        let approval = Approval {
            operation_id: scene.operations[number].as_ref().unwrap(),
            data,
            proximity: None,
            mobile_token_data: None,
        };
        let mut phone = self.phone(scene, phone, 0);
        let call = phone.with(factors, |device, authentication, rng: &mut Dice| {
            let call = device.approve_operation(&approval, authentication, scene.now, rng);
            call.unwrap().assume_saved()
        });
        Ask::from(&call.request)
    }

    fn refuse(&self, scene: &Scene, number: usize, phone: usize) -> Ask {
        let id = scene.operations[number].as_ref().unwrap();
        let mut phone = self.phone(scene, phone, 0);
        let call = phone.with(Factors::Possession, |device, _, rng: &mut Dice| {
            let call = device.reject_operation(id, RejectReason::Unknown, rng);
            call.unwrap().assume_saved()
        });
        Ask::from(&call.request)
    }
}

fn counter_data(state: &DeviceState) -> Vec<u8> {
    let state: Value = serde_json::from_str(&state.to_json().unwrap()).unwrap();
    base64::decode(state["counter"]["data"].as_str().unwrap()).unwrap()
}

/// Whether an answer says "yes": verified, done, approved.
fn is_yes(answer: &Answer) -> bool {
    let object = answer.object();
    let result = object["result"].as_str().unwrap_or_default();
    answer.status == 200 && object["signatureValid"] != false && !result.ends_with("FAILED")
}
