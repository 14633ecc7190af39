//! Who asks: phones and their thieves, back ends, workers, all of them at random.

use std::collections::{BTreeMap, BTreeSet};

use countersign::client::{Approval, RejectReason};
use countersign::store::simulated::Chance;
use serde_json::{Value, json};

use crate::keys::Turn;
use crate::model::Model;
use crate::order::{Code, Meaning, Order, Reply};
use crate::planted::Bug;
use crate::support::prelude::TOKEN;
use crate::support::{Ask, Dice, Factors, Phone};
use crate::town::{CODES, ENVELOPES, FACTORS, LOOK_AHEAD, PHONES, TEMPLATES, Town};

/// Orders that may be sent once more.
const MEMORY: usize = 8;

/// An operation that somebody was told of.
#[derive(Clone)]
struct Known {
    id: String,
    data: String,
    user: Option<String>,
    template: usize,
}

pub struct Actors<'t> {
    town: &'t Town,
    chance: Chance,
    known: Vec<Known>,
    sent: BTreeMap<usize, Order>,
    recent: Vec<Order>,
    /// What workers still have to say.
    reports: Vec<Order>,
    /// What the receivers of callbacks got: event, how often.
    pub received: BTreeMap<String, BTreeSet<String>>,
    envelopes: usize,
    bug: Option<Bug>,
}

impl<'t> Actors<'t> {
    pub fn new(town: &'t Town, seed: u64, bug: Option<Bug>) -> Self {
        Self {
            town,
            chance: Chance::new(seed ^ 0x00ac_7045),
            known: Vec::new(),
            sent: BTreeMap::new(),
            recent: Vec::new(),
            reports: Vec::new(),
            received: BTreeMap::new(),
            envelopes: 0,
            bug,
        }
    }

    /// The next request. `now` is the true time, `model` what is true.
    pub fn order(&mut self, now: u64, model: &Model, keyed: bool) -> Order {
        if keyed && self.chance.hit(150) {
            return self.keys(model);
        }
        // What seals is most interesting while the key is replaced.
        if keyed && model.keys.next.is_some() && self.chance.hit(200) {
            return self.envelope(model);
        }
        let order = self.some_order(now, model);
        if order.ask.is_some() {
            if self.recent.len() == MEMORY {
                self.recent.remove(0);
            }
            self.recent.push(order.clone());
        }
        order
    }

    fn some_order(&mut self, now: u64, model: &Model) -> Order {
        if !self.recent.is_empty() && self.chance.hit(180) {
            let again = self.chance.index(self.recent.len());
            return self.recent[again].clone();
        }
        if !self.reports.is_empty() && self.chance.hit(300) {
            let at = self.chance.index(self.reports.len());
            return self.reports.swap_remove(at);
        }
        match self.chance.below(100) {
            0..30 => self.login(model),
            30..40 => self.token(now),
            40..42 => self.envelope(model),
            42..49 => self.switch(),
            49..59 => self.create(),
            59..64 => self.lease(),
            64 => Self::work(Meaning::Expire),
            65 => Self::work(Meaning::ExpireActivations),
            66..85 if !self.known.is_empty() => self.back_end(),
            85..100 if !self.known.is_empty() => self.decide(model),
            _ => self.login(model),
        }
    }

    /// Request `number` is this one.
    pub fn sending(&mut self, number: usize, order: Order) {
        self.sent.insert(number, order);
    }

    /// Request `number` was answered.
    pub fn heard(&mut self, number: usize, reply: &Reply) {
        let Some(order) = self.sent.remove(&number) else {
            return;
        };
        match (order.meaning, reply) {
            (Meaning::Create { template, user, .. }, Reply::Answer(answer)) if answer.status == 200 => {
                let object = answer.object();
                let text = |name: &str| object[name].as_str().unwrap().to_owned();
                self.known.push(Known {
                    id: text("id"),
                    data: text("data"),
                    user,
                    template,
                });
            }
            (Meaning::Lease(_), Reply::Deliveries(deliveries)) => {
                if !deliveries.is_empty() && self.chance.hit(100) {
                    let events = deliveries.iter().map(|it| it.event.clone()).collect();
                    let released = Meaning::Released(events, deliveries[0].leased_until);
                    self.reports.push(Self::work(released));
                    return;
                }
                for delivery in deliveries {
                    let mut key = delivery.event.clone();
                    if self.bug == Some(Bug::DeliveryRenamed) {
                        key.push_str(&delivery.attempt.to_string());
                    }
                    let report = match self.chance.below(10) {
                        // The worker dies, before or after the delivery.
                        0 => continue,
                        1 => None,
                        2 | 3 => {
                            let failed = Meaning::Failed(delivery.event.clone(), delivery.leased_until);
                            self.reports.push(Self::work(failed));
                            continue;
                        }
                        _ => Some(Meaning::Delivered(delivery.event.clone())),
                    };
                    self.receive(key, &delivery.body);
                    self.reports.extend(report.map(Self::work));
                }
            }
            _ => {}
        }
    }

    /// A callback arrives.
    pub fn receive(&mut self, key: String, body: &str) {
        self.received.entry(key).or_default().insert(body.to_owned());
    }

    /// A worker's order.
    pub fn work(meaning: Meaning) -> Order {
        Order { meaning, ask: None }
    }

    /// A back end's order.
    pub fn rest(&self, meaning: Meaning) -> Order {
        let ask = meaning.rest(self.town);
        Order { meaning, ask }
    }

    fn phone(&mut self) -> usize {
        // Mostly one, so that there is something to race for.
        if self.chance.hit(700) {
            0
        } else {
            self.chance.index(self.town.handsets.len())
        }
    }

    /// Counter value of a phone's next signature: mostly the one that the server waits for, sometimes of
    /// a phone whose last signatures never arrived, or of one that was restored from a backup.
    fn position(&mut self, phone: usize, model: &Model) -> u64 {
        let next = model.accounts[phone].counter;
        let position = match self.chance.below(20) {
            0..13 => next,
            13..16 => next + self.chance.below(4),
            16 => next.saturating_sub(1 + self.chance.below(3)),
            17 => next + LOOK_AHEAD - 1,
            _ => next + LOOK_AHEAD + self.chance.below(2),
        };
        let first = self.town.handsets[phone].first;
        position.clamp(first, first + CODES - 2)
    }

    fn factors(&mut self) -> Factors {
        let choice = match self.chance.below(10) {
            0..2 => 0,
            2..5 => 1,
            5..8 => 2,
            _ => 3,
        };
        FACTORS[choice]
    }

    fn code(&mut self, phone: usize, model: &Model) -> Code {
        Code {
            position: self.position(phone, model),
            factors: self.factors(),
            genuine: !self.chance.hit(100),
        }
    }

    /// A login whose signature a back end has verified.
    pub fn login_with(&self, phone: usize, code: Code) -> Order {
        let choice = FACTORS.iter().position(|it| *it == code.factors).unwrap();
        let handset = &self.town.handsets[phone];
        let mut request = handset.codes[handset.steps(code.position)][choice].clone();
        if !code.genuine {
            request["data"] = json!(format!("{}x", request["data"].as_str().unwrap()));
        }
        Order {
            meaning: Meaning::Verify { phone, code },
            ask: Some(Ask::rest("/signature/verify", &request)),
        }
    }

    fn login(&mut self, model: &Model) -> Order {
        let phone = self.phone();
        let code = self.code(phone, model);
        self.login_with(phone, code)
    }

    fn at(&self, phone: usize, position: u64, seed: u64) -> Phone {
        let handset = &self.town.handsets[phone];
        Phone::from_state(&handset.states[handset.steps(position)], position, seed)
    }

    fn token(&mut self, now: u64) -> Order {
        let phone = self.phone() % PHONES;
        let distance = match self.chance.below(8) {
            0 => self.chance.below(8_000_000),
            1 => 7_200_000,
            _ => self.chance.below(50_000),
        };
        let at = match self.chance.below(6) {
            0 => now + distance / 4,
            _ => now - distance,
        };
        let seed = self.chance.draw();
        let first = self.town.handsets[phone].first;
        let mut request = self.at(phone, first, seed).present(TOKEN, at);
        let genuine = !self.chance.hit(150);
        if !genuine {
            request["timestamp"] = json!(at + 1);
        }
        let nonce = request["nonce"].as_str().unwrap().to_owned();
        let at = request["timestamp"].as_u64().unwrap();
        Order {
            meaning: Meaning::Token {
                phone,
                nonce,
                at,
                genuine,
            },
            ask: Some(Ask::rest("/token/validate", &request)),
        }
    }

    fn envelope(&mut self, model: &Model) -> Order {
        if self.envelopes == ENVELOPES {
            return self.login(model);
        }
        let (phone, number) = (0, self.envelopes);
        self.envelopes += 1;
        let request: &Value = &self.town.envelopes[number];
        Order {
            meaning: Meaning::Envelope {
                phone,
                number,
                at: request["timestamp"].as_u64().unwrap(),
            },
            ask: Some(Ask::rest("/token/create", request)),
        }
    }

    /// Counter value of a phone at the beginning.
    pub fn first_of(&self, phone: usize) -> u64 {
        self.town.handsets[phone].first
    }

    /// Somebody replaces the sealing key: mostly what comes next, by one of two workers.
    fn keys(&mut self, model: &Model) -> Order {
        let keys = &model.keys;
        let worker = 1 + self.chance.below(2);
        let next = match (keys.next, keys.asked, keys.running()) {
            (Some(_), ..) => Turn::Switch,
            (_, Some(_), _) => Turn::Add(keys.number()),
            (.., Some(work)) if work.worker == worker => {
                Turn::Reseal(worker, work.collection, work.after.clone(), Vec::new())
            }
            (.., Some(_)) => Turn::Lease(worker),
            _ => match keys.unused() {
                Some(unused) if self.chance.hit(500) => Turn::Retire(unused),
                _ => Turn::Ask,
            },
        };
        let turn = match self.chance.below(12) {
            0 => Turn::Ask,
            1 => Turn::Retire(1 + u32::try_from(self.chance.below(u64::from(keys.number()))).unwrap()),
            2 => Turn::Lease(worker),
            _ => next,
        };
        Self::work(Meaning::Keys(turn))
    }

    fn lease(&mut self) -> Order {
        let url = self.chance.index(self.town.urls.len());
        let url = self.town.urls.keys().nth(url).unwrap();
        Self::work(Meaning::Lease(url.clone()))
    }

    fn switch(&mut self) -> Order {
        let phone = self.phone();
        let meaning = match self.chance.below(28) {
            0..7 => Meaning::Block(phone),
            7..17 => Meaning::Unblock(phone),
            17 => Meaning::Remove(phone),
            18 => Meaning::Rename(phone),
            19..22 => Meaning::Commit(PHONES),
            22..24 => Meaning::Status(phone),
            24 => Meaning::RemoveToken(phone % PHONES),
            25 => Meaning::Support(false),
            _ => Meaning::Support(true),
        };
        self.rest(meaning)
    }

    fn create(&mut self) -> Order {
        let user = match self.chance.below(5) {
            0 => None,
            _ => {
                let phone = self.phone();
                Some(self.town.handsets[phone].user.clone())
            }
        };
        let meaning = Meaning::Create {
            template: self.chance.index(TEMPLATES.len()),
            user,
            amount: self.chance.below(1_000),
        };
        self.rest(meaning)
    }

    fn operation(&mut self) -> Known {
        // The newest ones are the most interesting.
        let newest = self.known.len().min(3);
        let back = self.chance.index(newest);
        self.known[self.known.len() - 1 - back].clone()
    }

    /// The owner, or sometimes somebody else.
    fn somebody(&mut self, owner: Option<&String>) -> String {
        match owner {
            Some(owner) if !self.chance.hit(150) => owner.clone(),
            _ => {
                let phone = self.phone();
                self.town.handsets[phone].user.clone()
            }
        }
    }

    fn data(&mut self, known: &Known) -> String {
        match self.chance.hit(150) {
            true => known.data.replacen("A1*A", "A1*A9", 1),
            false => known.data.clone(),
        }
    }

    fn back_end(&mut self) -> Order {
        let known = self.operation();
        let operation = known.id.clone();
        let user = self.somebody(known.user.as_ref());
        let meaning = match self.chance.below(12) {
            0..3 => Meaning::Look {
                operation,
                claimant: None,
            },
            3..5 => Meaning::Look {
                operation,
                claimant: Some(user),
            },
            5..7 => Meaning::Cancel(operation),
            7 => Meaning::Fail(operation),
            8 => Meaning::Reject { operation, user },
            _ => {
                let factors = TEMPLATES[known.template].factors[0];
                let factors = if self.chance.hit(150) {
                    "KNOWLEDGE"
                } else {
                    factors
                };
                Meaning::Approve {
                    operation,
                    user,
                    data: self.data(&known),
                    factors,
                }
            }
        };
        self.rest(meaning)
    }

    /// The user decides on the phone.
    fn decide(&mut self, model: &Model) -> Order {
        let known = self.operation();
        let owner = |it: &crate::town::Handset| Some(&it.user) == known.user.as_ref();
        let own = self.town.handsets.iter().position(owner);
        let phone = match own {
            Some(own) if !self.chance.hit(150) => own,
            _ => self.phone(),
        };
        let position = self.position(phone, model);
        let seed = self.chance.draw();
        let mut device = self.at(phone, position, seed);
        let genuine = !self.chance.hit(80);
        if self.chance.hit(250) {
            let reason = RejectReason::Unknown;
            let call = device.with(Factors::Possession, |device, _, rng: &mut Dice| {
                device
                    .reject_operation(&known.id, reason, rng)
                    .unwrap()
                    .assume_saved()
            });
            let mut ask = Ask::from(&call.request);
            if !genuine {
                ask.body.insert(1, b' ');
            }
            let code = Code {
                position,
                factors: Factors::Possession,
                genuine,
            };
            let meaning = Meaning::Refuse {
                phone,
                code,
                operation: known.id,
            };
            return Order {
                meaning,
                ask: Some(ask),
            };
        }
        let factors = match self.chance.below(10) {
            0..6 => [Factors::Pin, Factors::Possession][known.template],
            _ => self.factors(),
        };
        let mut data = self.data(&known);
        let approval = Approval {
            operation_id: &known.id,
            data: &data,
            proximity: None,
            mobile_token_data: None,
        };
        let call = device.with(factors, |device, authentication, rng: &mut Dice| {
            device
                .approve_operation(&approval, authentication, 0, rng)
                .unwrap()
                .assume_saved()
        });
        let mut ask = Ask::from(&call.request);
        if !genuine {
            // What was signed is not what is sent.
            let other = data.replacen("A1", "A2", 1);
            ask.body = String::from_utf8(ask.body)
                .unwrap()
                .replace(&data, &other)
                .into_bytes();
            data = other;
        }
        let code = Code {
            position,
            factors,
            genuine,
        };
        Order {
            meaning: Meaning::Authorize {
                phone,
                code,
                operation: known.id,
                data,
            },
            ask: Some(ask),
        }
    }
}
