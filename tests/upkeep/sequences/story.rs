//! One history: what is asked next, and how it is driven through engine and store.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign::engine::callback::outbox;
use countersign::engine::operation::expire;
use countersign::store::simulated::Chance;
use countersign::store::{Commit, Host, Input, Machine, Operation, Step, Store, StoreError, Tx};
use pollster::block_on;
use serde_json::{Value, json};

use super::{FACTORS, Ground, LONGEST, Verdict};
use crate::support::{Answer, Ask, Clock, Phone};

/// One history.
pub(super) struct Story<'g> {
    pub(super) ground: &'g Ground,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) chance: Chance,
    pub(super) phone: Phone,
    /// Its signatures so far.
    pub(super) position: usize,
    /// Requests of the phone that may come again.
    pub(super) signed: Vec<Ask>,
    /// Codes, tokens and envelopes that were accepted.
    pub(super) accepted: BTreeSet<String>,
    pub(super) told: Vec<String>,
}

/// How a step ended.
pub(super) struct Outcome {
    pub(super) answer: Answer,
    pub(super) applied: bool,
    /// A call of the store failed.
    pub(super) failed: bool,
}

impl<'g> Story<'g> {
    pub(super) fn new(ground: &'g Ground, store: Arc<dyn Store>, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut clock_seed = chance.draw();
        clock_seed |= 1 << 40;
        let clock = Clock::new(clock_seed, ground.town.clock().now());
        Self {
            ground,
            store,
            clock,
            phone: ground.town.phone(),
            position: 0,
            chance,
            signed: Vec::new(),
            accepted: BTreeSet::new(),
            told: Vec::new(),
        }
    }

    pub(super) fn pick(&mut self, len: usize) -> usize {
        self.chance.index(len)
    }

    /// The next request.
    pub(super) fn next(&mut self) -> Ask {
        match self.pick(20) {
            0 | 1 => {
                let which = self.pick(FACTORS.len());
                let ask = self.ground.logins[self.position][which].clone();
                self.position += 1;
                self.signed.push(ask.clone());
                ask
            }
            2 => {
                let now = self.clock.now();
                let ask = Ask::rest("/token/validate", &self.phone.present("login", now));
                self.signed.push(ask.clone());
                ask
            }
            3 | 4 if !self.signed.is_empty() => {
                let which = self.pick(self.signed.len());
                self.signed[which].clone()
            }
            5..=8 => self.prepared(),
            9..=11 => {
                // What changes states.
                let object = self.action();
                Ask::rest(object.0, &object.1)
            }
            _ => self.broken(),
        }
    }

    pub(super) fn prepared(&mut self) -> Ask {
        let from = match self.chance.hit(30) {
            true => &self.ground.slow,
            false => &self.ground.asks,
        };
        from[self.chance.index(from.len())].clone()
    }

    pub(super) fn known(&mut self, path: &str, name: &str) -> Value {
        let with: Vec<&Ask> = self
            .ground
            .asks
            .iter()
            .filter(|it| it.path.contains(path))
            .collect();
        let which = self.chance.index(with.len());
        let body: Value = serde_json::from_slice(&with[which].body).unwrap_or_default();
        body["requestObject"][name].clone()
    }

    pub(super) fn action(&mut self) -> (&'static str, Value) {
        let own = json!(self.phone.id());
        let activation = match self.pick(3) {
            0 => self.known("/rest/v3/activation/", "activationId"),
            _ => own,
        };
        let operation = self.known("/rest/v3/operation/", "operationId");
        match self.pick(9) {
            0 => (
                "/activation/block",
                json!({ "activationId": activation, "reason": "R" }),
            ),
            1 | 2 => ("/activation/unblock", json!({ "activationId": activation })),
            3 => ("/activation/commit", json!({ "activationId": activation })),
            4 => (
                "/operation/cancel",
                json!({ "operationId": operation, "statusReason": "R" }),
            ),
            5 => (
                "/operation/detail",
                json!({ "operationId": operation, "userId": "user0" }),
            ),
            6 => {
                let states = ["CREATED", "PENDING_COMMIT", "ACTIVE", "BLOCKED", "REMOVED"];
                let which = self.pick(states.len());
                let request = json!({ "activationIds": [activation], "activationStatus": states[which] });
                ("/activation/status/update", request)
            }
            7 => ("/operation/approve/fail", json!({ "operationId": operation })),
            _ => (
                "/activation/init",
                json!({ "applicationId": "bank", "userId": "user0" }),
            ),
        }
    }

    /// A request of the tables with something changed.
    pub(super) fn broken(&mut self) -> Ask {
        let mut ask = self.prepared();
        match self.pick(8) {
            0 if !ask.body.is_empty() => {
                let bit = self.pick(ask.body.len() * 8);
                ask.body[bit / 8] ^= 1 << (bit % 8);
            }
            1 => ask.headers.clear(),
            2 if !ask.headers.is_empty() => {
                let at = self.pick(ask.headers.len());
                let value = &mut ask.headers[at].1;
                let cut = self.chance.index(value.len());
                *value = value.chars().take(cut).collect();
            }
            _ => {
                let mut body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
                let times = 1 + self.pick(2);
                for _ in 0..times {
                    self.spoil(&mut body);
                }
                ask.body = body.to_string().into_bytes();
            }
        }
        ask
    }

    pub(super) fn spoil(&mut self, value: &mut Value) {
        let inside = match value {
            Value::Object(members) if !members.is_empty() => {
                let at = self.chance.index(members.len());
                members.values_mut().nth(at)
            }
            Value::Array(items) if !items.is_empty() => {
                let at = self.chance.index(items.len());
                items.get_mut(at)
            }
            _ => None,
        };
        match inside {
            Some(inside) if !self.chance.hit(150) => self.spoil(inside),
            Some(inside) => *inside = self.ground.values[self.chance.index(self.ground.values.len())].clone(),
            None => *value = self.ground.values[self.chance.index(self.ground.values.len())].clone(),
        }
    }

    pub(super) fn play(&mut self) -> Verdict {
        let steps = 4 + self.pick(LONGEST - 3);
        for _ in 0..steps {
            match self.pick(40) {
                0 => {
                    let spans = [1, 1_000, 61_000, 301_000, 7_300_000, 86_400_000];
                    let which = self.pick(spans.len());
                    self.told.push(format!("+{} ms", spans[which]));
                    self.clock.advance(spans[which]);
                }
                1 => self.chores()?,
                _ => {
                    let ask = self.next();
                    self.told
                        .push(format!("{} {}", ask.path, String::from_utf8_lossy(&ask.body)));
                    self.step(&ask)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn chores(&mut self) -> Verdict {
        self.told.push("chores".to_owned());
        let engine = Arc::clone(self.ground.api.engine());
        let decide = |tx: &mut Tx<'_>| expire::operations(&engine, tx, 10).map(|it| it.map(|_| ()));
        self.drive(&mut Machine::new(None, decide), 0)?
            .0
            .map_err(|it| format!("{it:?}"))?;
        let decide = |tx: &mut Tx<'_>| expire::activations(&engine, tx, 10).map(|it| it.map(|_| ()));
        self.drive(&mut Machine::new(None, decide), 0)?
            .0
            .map_err(|it| format!("{it:?}"))?;
        let decide = |tx: &mut Tx<'_>| outbox::backlog(&engine, tx).map(|it| it.map(|_| ()));
        self.drive(&mut Machine::new(None, decide), 0)?
            .0
            .map_err(|it| format!("{it:?}"))
    }

    /// Runs an operation; its call number `fails` of the store fails. Answers the reply and what happened.
    pub(super) fn drive<O: Operation>(
        &mut self,
        operation: &mut O,
        fails: u64,
    ) -> Result<(O::Reply, bool, bool), String> {
        let (mut input, mut calls) = (Input::Start, 0);
        let (mut applied, mut failed) = (false, false);
        loop {
            let step = operation.step(input, &self.clock);
            calls += 1;
            let now = fails > 0 && calls == fails;
            failed |= now && !matches!(step, Step::Done(_));
            input = match step {
                Step::Done(reply) => return Ok((reply, applied, failed)),
                Step::Read(_) if now => Input::Failed(StoreError::NotApplied("planned".into())),
                Step::Read(queries) => Input::Answers(block_on(self.store.read(&queries)).unwrap()),
                Step::Commit(batch) => {
                    // Before it is applied, or not at all, or without an answer.
                    let fate = if now { self.chance.below(3) } else { 3 };
                    match fate {
                        0 => Input::Failed(StoreError::NotApplied("planned".into())),
                        1 => Input::Failed(StoreError::Unknown("planned".into())),
                        _ => match self.commit(&batch)? {
                            Commit::Applied => {
                                applied = true;
                                match fate {
                                    2 => Input::Failed(StoreError::Unknown("planned".into())),
                                    _ => Input::Applied,
                                }
                            }
                            Commit::Conflict(current) => {
                                // The failure is over: it was sent again, and is decided by what is there.
                                failed = false;
                                Input::Conflict(current)
                            }
                        },
                    }
                }
            };
        }
    }

    pub(super) fn step(&mut self, ask: &Ask) -> Verdict {
        let fails = if self.chance.hit(100) {
            1 + self.chance.below(5)
        } else {
            0
        };
        let mut call = ask.call(&self.ground.api);
        let (response, applied, failed) = self.drive(&mut call, fails)?;
        let outcome = Outcome {
            answer: response.into(),
            applied,
            failed,
        };
        self.judge(ask, &outcome)
    }
}
