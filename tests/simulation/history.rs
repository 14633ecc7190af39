//! One seed, from the first request to the last delivery.

use countersign::store::planted;

use crate::actors::Actors;
use crate::checks::Verdict;
use crate::model::LEASE;
use crate::order::{Code, Meaning, Reply};
use crate::planted::Bug;
use crate::support::Factors;
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

/// What there was of everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub requests: u64,
    pub answers: u64,
    pub accepted: u64,
    pub commits: u64,
    pub mishaps: u64,
    pub crashes: u64,
    pub unanswered: u64,
    pub delivered: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.answers += other.answers;
        self.accepted += other.accepted;
        self.commits += other.commits;
        self.mishaps += other.mishaps;
        self.crashes += other.crashes;
        self.unanswered += other.unanswered;
        self.delivered += other.delivered;
    }
}

/// Plays `seed`, with a bug when there is one to find.
pub fn play(town: &Town, seed: u64, bug: Option<Bug>, told: bool) -> History {
    let run = || {
        let mut player = Player {
            world: World::new(town, seed, bug, told),
            actors: Actors::new(town, seed, bug),
            tally: Tally::default(),
        };
        let verdict = player.history();
        if let Err(why) = &verdict {
            player.world.note(why);
        }
        player.tally.commits = player.world.commits;
        player.tally.mishaps = player.world.faults;
        player.tally.crashes = player.world.crashes;
        History {
            verdict,
            hash: player.world.hash(),
            story: player.world.story(),
            tally: player.tally,
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
    tally: Tally,
}

impl Player<'_> {
    fn history(&mut self) -> Verdict {
        let mut left = 10 + self.world.chance.below(30);
        for _ in 0..MOST_STEPS {
            let room = self.world.in_flight() < CROWD;
            if left > 0 && room && (self.world.in_flight() == 0 || self.world.chance.hit(300)) {
                left -= 1;
                self.time_passes()?;
                let order = self.actors.order(self.world.now(), self.world.judge().model());
                self.send(&order);
            } else if left == 0 && self.world.is_still() {
                return self.end();
            } else {
                self.tick()?;
            }
        }
        Err("I9: the history does not end".to_owned())
    }

    fn send(&mut self, order: &crate::order::Order) -> usize {
        self.tally.requests += 1;
        let number = self.world.start(order);
        self.actors.sending(number, order.clone());
        number
    }

    fn tick(&mut self) -> Result<Option<(usize, Reply)>, String> {
        let answered = self.world.tick()?;
        if let Some((number, reply)) = &answered {
            self.tally.answers += 1;
            self.actors.heard(*number, reply);
        }
        Ok(answered)
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
            if self.world.is_still() {
                return Ok(());
            }
            self.tick()?;
        }
        Err("I9: requests that never end".to_owned())
    }

    /// Sends a request on its own and waits for the answer.
    fn ask(&mut self, order: &crate::order::Order) -> Result<Reply, String> {
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
        self.tally.unanswered = self.tally.requests - self.tally.answers;
        self.world.heal();
        self.deliver_everything()?;
        self.last_login()?;
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
            self.tally.delivered += 1;
        }
        let all = judge.model().events.len();
        if self.actors.received.len() != all {
            let received = self.actors.received.len();
            return Err(format!("I7: {received} of {all} events arrived"));
        }
        Ok(())
    }

    /// The counter that the server ended with is one that a phone can go on from.
    fn last_login(&mut self) -> Verdict {
        let model = self.world.judge().model();
        let account = &model.accounts[0];
        let (status, position) = (account.status, account.counter);
        let usable = status == ActivationStatus::Active && model.supported;
        self.tally.accepted = position;
        if position >= CODES {
            return Ok(());
        }
        let code = Code {
            position,
            factors: Factors::Pin,
            genuine: true,
        };
        let login = self.actors.login_with(0, code);
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
