//! One seed, from the first request to the last delivery.

use countersign::engine::rotation::LEARN_WITHIN;
use countersign::store::planted;

use crate::actors::Actors;
use crate::checks::Verdict;
use crate::keys::Turn;
use crate::model::LEASE;
use crate::order::{Code, Meaning, Order, Reply};
use crate::planted::Bug;
use crate::support::Factors;
use crate::tally::{Count, Tally};
use crate::town::{CODES, Town};
use crate::world::World;
use countersign::model::activation::ActivationStatus;

/// Requests on their way at the same time.
const CROWD: usize = 5;
/// Steps after which a history that does not end is broken.
const MOST_STEPS: usize = 20_000;

/// What a seed told.
#[derive(Debug)]
pub struct History {
    pub verdict: Verdict,
    /// The same for the same seed, and another one for another.
    pub hash: u64,
    pub story: Vec<String>,
    pub tally: Tally,
}

/// Plays `seed`, with a bug when there is one to find.
pub fn play(town: &Town, seed: u64, bug: Option<Bug>, told: bool) -> History {
    let run = || {
        let mut player = Player {
            world: World::new(town, seed, bug, told),
            actors: Actors::new(town, seed, bug),
            requests: Vec::new(),
            answers: Vec::new(),
        };
        let verdict = player.history();
        if let Err(why) = &verdict {
            player.world.note(why);
        }
        History {
            verdict,
            hash: player.world.hash(),
            story: player.world.story(),
            tally: player.world.tally,
        }
    };
    match bug {
        Some(Bug::Below(below)) => planted::with(below, run),
        _ => run(),
    }
}

struct Player<'t> {
    world: World<'t>,
    actors: Actors<'t>,
    /// Requests that others overtake on their way to a node.
    requests: Vec<Order>,
    /// Answers, in the same way.
    answers: Vec<(usize, Reply)>,
}

impl Player<'_> {
    fn history(&mut self) -> Verdict {
        let mut left = 10 + self.world.chance.below(30);
        for _ in 0..MOST_STEPS {
            let room = self.world.in_flight() < CROWD;
            if left > 0 && room && (self.world.in_flight() == 0 || self.world.chance.hit(300)) {
                left -= 1;
                self.time_passes()?;
                let keyed = self.world.is_keyed();
                let model = self.world.judge().model();
                let order = self.actors.order(self.world.now(), model, keyed);
                self.post(order);
            } else if left == 0 && self.is_still() {
                return self.end();
            } else {
                self.tick()?;
            }
        }
        Err("I9: the history does not end".to_owned())
    }

    /// A request on its way to a node, where it may never arrive, or late, or twice.
    fn post(&mut self, order: Order) {
        let network = self.world.climate.network;
        if self.world.happens(network, Count::RequestsLost) {
            return;
        }
        if self.world.happens(network, Count::RequestsLate) {
            self.requests.push(order);
            return;
        }
        self.send(&order);
        if self.world.happens(network, Count::RequestsTwice) {
            self.requests.push(order);
        }
    }

    /// A request at a node. Answers its number.
    fn send(&mut self, order: &Order) -> usize {
        self.world.tally.count(Count::Requests);
        let number = self.world.start(order);
        self.actors.sending(number, order.clone());
        number
    }

    /// Something happens. Answers a request that a node has answered.
    fn tick(&mut self) -> Result<Option<(usize, Reply)>, String> {
        let waiting = self.requests.len() + self.answers.len();
        let hurry = self.world.is_still();
        if waiting > 0 && (hurry || self.world.chance.hit(100)) {
            let which = self.world.chance.index(waiting);
            self.arrive(which);
            return Ok(None);
        }
        let answered = self.world.tick()?;
        if let Some((number, reply)) = &answered {
            self.world.tally.count(Count::Answers);
            let network = self.world.climate.network;
            if self.world.happens(network, Count::AnswersLate) {
                self.answers.push((*number, reply.clone()));
            } else if !self.world.happens(network, Count::AnswersLost) {
                self.actors.heard(*number, reply);
            }
        }
        Ok(answered)
    }

    /// What was overtaken arrives.
    fn arrive(&mut self, which: usize) {
        match which.checked_sub(self.requests.len()) {
            None => {
                let order = self.requests.swap_remove(which);
                self.send(&order);
            }
            Some(which) => {
                let (number, reply) = self.answers.swap_remove(which);
                self.actors.heard(number, &reply);
            }
        }
    }

    /// Whether nothing is on its way any more.
    fn is_still(&self) -> bool {
        self.world.is_still() && self.requests.is_empty() && self.answers.is_empty()
    }

    fn time_passes(&mut self) -> Verdict {
        let night = self.world.climate.night;
        match self.world.chance.below(30) {
            0 => {
                let pause = self.world.chance.below(90_000);
                self.world.pass(pause);
            }
            1 => self.world.pass(LEASE),
            _ => {}
        }
        if self.world.chance.hit(night) {
            // Nothing stays on its way for hours.
            self.settle()?;
            self.world.night();
        }
        Ok(())
    }

    /// Until nothing is on its way.
    fn settle(&mut self) -> Verdict {
        for _ in 0..MOST_STEPS {
            if self.is_still() {
                return Ok(());
            }
            self.tick()?;
        }
        Err("I9: requests that never end".to_owned())
    }

    /// Sends a request on its own and waits for the answer.
    fn ask(&mut self, order: &Order) -> Result<Reply, String> {
        let number = self.send(order);
        for _ in 0..MOST_STEPS {
            if let Some((answered, reply)) = self.tick()?
                && answered == number
            {
                return Ok(reply);
            }
        }
        Err("I9: a request without an answer".to_owned())
    }

    /// Everything heals: what is left over is delivered, phones still work, and the records are right.
    fn end(&mut self) -> Verdict {
        let tally = &mut self.world.tally;
        tally.more(
            Count::Unanswered,
            tally.of(Count::Requests) - tally.of(Count::Answers),
        );
        self.world.heal();
        self.deliver_everything()?;
        if self.world.is_keyed() && self.world.chance.hit(300) {
            self.replace_key()?;
            self.world.forget_older_keys();
        }
        self.last_logins()?;
        self.settle()?;
        self.world.finish()
    }

    fn deliver_everything(&mut self) -> Verdict {
        // Beyond all leases and pauses.
        self.world.pass(5 * 3_600_000);
        while let Some(url) = self.world.judge().waiting().cloned() {
            let Reply::Deliveries(deliveries) = self.ask(&Actors::work(Meaning::Lease(url.clone())))? else {
                return Err("I9: a worker fails although nothing does".to_owned());
            };
            if deliveries.is_empty() {
                return Err(format!("I7: events for {url} are never delivered"));
            }
            for delivery in deliveries {
                self.actors.receive(delivery.event.clone(), &delivery.body);
                let order = Actors::work(Meaning::Delivered(delivery.event));
                self.ask(&order)?;
            }
        }
        self.received()
    }

    /// Each event has arrived, with its one body, and nothing else has.
    fn received(&mut self) -> Verdict {
        let judge = self.world.judge();
        for (event, bodies) in &self.actors.received {
            let body = judge.body(event);
            if bodies.len() != 1 || body != bodies.first() {
                return Err(format!(
                    "I7: event {event} arrived as {bodies:?}, not as {body:?}"
                ));
            }
        }
        let delivered = u64::try_from(self.actors.received.len()).unwrap();
        self.world.tally.more(Count::Delivered, delivered);
        let judge = self.world.judge();
        let all = judge.model().events.len();
        if self.actors.received.len() != all {
            let received = self.actors.received.len();
            return Err(format!("I7: {received} of {all} events arrived"));
        }
        Ok(())
    }

    /// The sealing key is replaced, to the end, and no other one is left.
    fn replace_key(&mut self) -> Verdict {
        const WORKER: u64 = 9;
        for _ in 0..MOST_STEPS {
            let keys = &self.world.judge().model().keys;
            let turn = if let Some(unused) = keys.unused().filter(|_| keys.running().is_none()) {
                Turn::Retire(unused)
            } else if keys.next.is_some() {
                self.world.pass(LEARN_WITHIN);
                Turn::Switch
            } else if keys.asked.is_some() {
                Turn::Add(keys.number())
            } else if let Some(work) = keys.running() {
                match work.worker {
                    WORKER => Turn::Reseal(WORKER, work.collection, work.after.clone(), Vec::new()),
                    _ => Turn::Lease(WORKER),
                }
            } else if keys.current > 1 && keys.all.len() == 1 {
                return Ok(());
            } else {
                Turn::Ask
            };
            let order = Actors::work(Meaning::Keys(turn));
            if !matches!(self.ask(&order)?, Reply::News(true)) {
                return Err(format!("I9: {:?} does nothing although it should", order.meaning));
            }
        }
        Err("I9: a sealing key is never replaced".to_owned())
    }

    fn last_logins(&mut self) -> Verdict {
        for phone in 0..self.world.judge().model().accounts.len() {
            self.last_login(phone)?;
        }
        Ok(())
    }

    /// The counter that the server ended with is one that a phone can go on from.
    fn last_login(&mut self, phone: usize) -> Verdict {
        let model = self.world.judge().model();
        let account = &model.accounts[phone];
        let (status, position) = (account.status, account.counter);
        let usable = status == ActivationStatus::Active && model.supported;
        let first = self.actors.first_of(phone);
        self.world.tally.more(Count::Accepted, position - first);
        if position >= first + CODES {
            return Ok(());
        }
        let code = Code {
            position,
            factors: Factors::Pin,
            genuine: true,
        };
        let login = self.actors.login_with(phone, code);
        let Reply::Answer(answer) = self.ask(&login)? else {
            return Err("I9: a login is no work".to_owned());
        };
        match answer.valid() == usable {
            true => Ok(()),
            false => Err(format!(
                "I2: {status:?} at {position}, but the phone cannot go on"
            )),
        }
    }
}
