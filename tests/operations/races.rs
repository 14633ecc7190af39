//! Part 2, section 16: whatever happens at the same time, an operation ends once.
//!
//! Several requests are run step by step over one store; a step is one read or one commit. For two
//! requests every order of steps is tried, for three a large sample. Expiry races on a node whose clock
//! is ahead, so that it is due there and not yet elsewhere.

use std::collections::BTreeMap;

use countersign::engine::operation::expire;
use countersign::store::{Host, Input, Machine, Operation, Step, Tx};
use serde_json::{Value, json};

use super::world::{START, Still, World, answer, approval, rejection, text};

const EXPIRES: u64 = START + 300_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    Approve,
    Reject,
    Cancel,
    /// The housekeeping of a node whose clock is ahead.
    Expire,
    /// Somebody looks at it on such a node.
    Look,
    /// A failed approval on an operation with one attempt.
    Fail,
}

const ACTIONS: [Action; 6] = [
    Action::Approve,
    Action::Reject,
    Action::Cancel,
    Action::Expire,
    Action::Look,
    Action::Fail,
];

/// What a request answered: HTTP status and body; for the housekeeping the number of expiries.
type Reply = (u16, Value);

struct Mapped<O, F>(O, F);

impl<O: Operation, F: Fn(O::Reply) -> Reply> Operation for Mapped<O, F> {
    type Reply = Reply;

    fn lane(&self) -> Option<&str> {
        // Two nodes do not share lanes.
        None
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Reply> {
        match self.0.step(input, host) {
            Step::Read(queries) => Step::Read(queries),
            Step::Commit(batch) => Step::Commit(batch),
            Step::Done(reply) => Step::Done((self.1)(reply)),
        }
    }
}

/// A node with a generator of its own, different in every run.
fn node(world: &World, now: u64) -> Still {
    let mut seed = [0; 4];
    world.host.fill(&mut seed).unwrap();
    Still::at(now, u32::from_be_bytes(seed).into())
}

/// A request on its node.
struct Racer<'a> {
    operation: Box<dyn Operation<Reply = Reply> + 'a>,
    host: Still,
    next: Option<Step<Reply>>,
}

impl<'a> Racer<'a> {
    fn new(world: &'a World, action: Action, id: &str) -> Self {
        let late = matches!(action, Action::Expire | Action::Look);
        let host = node(world, if late { EXPIRES + 1 } else { EXPIRES });
        let one = json!({ "operationId": id });
        let (path, object) = match action {
            Action::Approve => ("operation/approve", approval(id, json!({}))),
            Action::Reject => ("operation/reject", rejection(id, json!({}))),
            Action::Cancel => ("operation/cancel", one),
            Action::Look => ("operation/detail", one),
            Action::Fail => ("operation/approve/fail", one),
            Action::Expire => {
                let machine = Machine::new(None, |tx: &mut Tx<'_>| expire::operations(&world.engine, tx, 10));
                let operation = Mapped(machine, |reply: Result<usize, _>| (0, json!(reply.unwrap())));
                return Self::of(Box::new(operation), host);
            }
        };
        Self::request(world, path, &object, host)
    }

    fn request(world: &'a World, path: &str, object: &Value, host: Still) -> Self {
        let body = json!({ "requestObject": object }).to_string();
        let call = world.prepare(path, body.as_bytes());
        let operation = Mapped(call, |response: countersign::api::Response| {
            (response.status, serde_json::from_slice(&response.body).unwrap())
        });
        Self::of(Box::new(operation), host)
    }

    fn of(mut operation: Box<dyn Operation<Reply = Reply> + 'a>, host: Still) -> Self {
        let next = operation.step(Input::Start, &host);
        Self {
            operation,
            host,
            next: Some(next),
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.next, Some(Step::Done(_)))
    }

    /// One read or commit.
    fn advance(&mut self, world: &World) {
        let step = self.next.take().unwrap();
        self.next = Some(match answer(&world.store, step) {
            Ok(input) => self.operation.step(input, &self.host),
            Err(reply) => Step::Done(reply),
        });
    }

    fn reply(self) -> Reply {
        match self.next {
            Some(Step::Done(reply)) => reply,
            other => panic!("{other:?}"),
        }
    }
}

/// Runs the racers to their ends; `choose` says which of the unfinished ones moves.
fn run(world: &World, racers: &mut [Racer<'_>], mut choose: impl FnMut(usize) -> usize) {
    loop {
        let running: Vec<usize> = (0..racers.len()).filter(|at| !racers[*at].is_done()).collect();
        if running.is_empty() {
            return;
        }
        let chosen = choose(running.len());
        assert!(chosen < running.len(), "the same steps must have the same ways");
        racers[running[chosen]].advance(world);
    }
}

fn throw(dice: &Still, ways: usize) -> usize {
    let mut byte = [0];
    dice.fill(&mut byte).unwrap();
    usize::from(byte[0]) % ways
}

fn world() -> World {
    let world = World::new();
    world.template(json!({ "templateName": "single", "maxFailureCount": 1 }));
    world
}

/// What the winner of each state got.
fn won(action: Action, reply: &Reply) -> Option<&'static str> {
    let (status, body) = reply;
    let object = &body["responseObject"];
    match action {
        Action::Approve => (object["result"] == "APPROVED").then_some("APPROVED"),
        Action::Reject => (object["result"] == "REJECTED").then_some("REJECTED"),
        Action::Cancel => (*status == 200).then_some("CANCELED"),
        Action::Fail => (object["result"] == "OPERATION_FAILED").then_some("FAILED"),
        Action::Expire => (*body == json!(1)).then_some("EXPIRED"),
        Action::Look => None,
    }
}

/// Races `actions` for a fresh operation and checks the end.
fn race(world: &World, actions: &[Action], choose: impl FnMut(usize) -> usize) -> String {
    let id = world.new_id(json!({ "templateName": "single" }));
    let mut racers: Vec<Racer<'_>> = actions
        .iter()
        .map(|action| Racer::new(world, *action, &id))
        .collect();
    run(world, &mut racers, choose);
    let replies: Vec<Reply> = racers.into_iter().map(Racer::reply).collect();
    let record = world.record(&id);
    let state = record.status.name();
    let winners: Vec<&str> = actions
        .iter()
        .zip(&replies)
        .filter_map(|(action, reply)| won(*action, reply))
        .collect();
    // Whoever only looks may have been the one who expired it.
    let looked = actions.contains(&Action::Look) && state == "EXPIRED";
    assert!(
        winners == [state] || winners.is_empty() && (looked || state == "PENDING"),
        "{actions:?} {winners:?} {state}"
    );
    let expected: &[&str] = match state {
        "APPROVED" => &["operation_created", "operation_approved"],
        "REJECTED" => &["operation_created", "operation_rejected"],
        "CANCELED" => &["operation_created", "operation_canceled"],
        "EXPIRED" => &["operation_created", "operation_expired"],
        "FAILED" => &["operation_created", "operation_failed"],
        other => panic!("{actions:?} ended {other}"),
    };
    assert_eq!(world.kinds(&id), expected, "{actions:?}");
    let mut told: Vec<String> = world
        .bodies(&id)
        .iter()
        .map(|body| text(body, "status"))
        .collect();
    told.sort();
    let mut both = vec!["PENDING".to_owned(), state.to_owned()];
    both.sort();
    assert_eq!(told, both, "{actions:?}");
    for (action, reply) in actions.iter().zip(&replies) {
        if won(*action, reply).is_some() {
            continue;
        }
        let (_, body) = reply;
        let code = &body["responseObject"]["code"];
        match action {
            Action::Approve => assert_eq!(code, "ERR0037", "{actions:?}"),
            Action::Reject => assert_eq!(code, "ERR0038", "{actions:?}"),
            Action::Cancel | Action::Fail => assert_eq!(code, "ERR0036", "{actions:?}"),
            Action::Expire => assert_eq!(*body, json!(0), "{actions:?}"),
            Action::Look => assert_eq!(body["responseObject"]["status"], state, "{actions:?}"),
        }
    }
    state.to_owned()
}

/// All orders of steps, one after the other: each run follows `path` and tells how many ways there were
/// at each step; the next one takes the next way at the last step that has one left.
struct Orders {
    path: Vec<usize>,
    ways: Vec<usize>,
}

impl Orders {
    fn first() -> Self {
        Self {
            path: Vec::new(),
            ways: Vec::new(),
        }
    }

    fn choose(&mut self, at: usize, ways: usize) -> usize {
        if at == self.path.len() {
            self.path.push(0);
        }
        self.ways.truncate(at);
        self.ways.push(ways);
        self.path[at]
    }

    /// Whether there is another order.
    fn next(&mut self) -> bool {
        self.path.truncate(self.ways.len());
        while let (Some(chosen), Some(ways)) = (self.path.pop(), self.ways.pop()) {
            if chosen + 1 < ways {
                self.path.push(chosen + 1);
                return true;
            }
        }
        false
    }
}

#[test]
fn every_order_of_every_pair() {
    let mut runs = 0;
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for first in ACTIONS {
        for second in ACTIONS {
            let world = world();
            let mut orders = Orders::first();
            let mut states: BTreeMap<String, usize> = BTreeMap::new();
            loop {
                let mut at = 0;
                let state = race(&world, &[first, second], |ways| {
                    at += 1;
                    orders.choose(at - 1, ways)
                });
                *states.entry(state).or_default() += 1;
                runs += 1;
                if !orders.next() {
                    break;
                }
            }
            // Either of two different ends is reached by some order.
            let looking = |action| matches!(action, Action::Expire | Action::Look);
            let same = first == second || looking(first) && looking(second);
            assert_eq!(
                states.len(),
                if same { 1 } else { 2 },
                "{first:?} {second:?} {states:?}"
            );
            for (state, count) in states {
                *ends.entry(state).or_default() += count;
            }
        }
    }
    println!(
        "{runs} orders of {} ordered pairs: {ends:?}",
        ACTIONS.len() * ACTIONS.len()
    );
}

#[test]
fn many_orders_of_every_triple() {
    const RUNS: u64 = 60;
    let mut runs = 0_u64;
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for first in ACTIONS {
        for second in ACTIONS {
            for third in ACTIONS {
                let world = world();
                let dice = Still::at(0, runs);
                for _ in 0..RUNS {
                    let state = race(&world, &[first, second, third], |ways| throw(&dice, ways));
                    *ends.entry(state).or_default() += 1;
                    runs += 1;
                }
            }
        }
    }
    assert_eq!(ends.len(), 5, "{ends:?}");
    println!(
        "{runs} orders of {} ordered triples: {ends:?}",
        ACTIONS.len().pow(3)
    );
}

#[test]
fn failing_approvals_at_the_same_time() {
    let world = world();
    world.template(json!({ "templateName": "five", "maxFailureCount": 5 }));
    let mut runs = 0;
    for _ in 0..200 {
        let id = world.new_id(json!({ "templateName": "five" }));
        let object = approval(&id, json!({ "data": "bad" }));
        let mut racers: Vec<Racer<'_>> = (0..8)
            .map(|_| Racer::request(&world, "operation/approve", &object, node(&world, START)))
            .collect();
        let dice = node(&world, 0);
        run(&world, &mut racers, |ways| throw(&dice, ways));
        let mut results: BTreeMap<String, usize> = BTreeMap::new();
        for (_, body) in racers.into_iter().map(Racer::reply) {
            let object = &body["responseObject"];
            let outcome = object.get("result").or(object.get("code")).unwrap();
            *results.entry(outcome.as_str().unwrap().to_owned()).or_default() += 1;
        }
        let expected = [("APPROVAL_FAILED", 4), ("ERR0037", 3), ("OPERATION_FAILED", 1)];
        let expected = expected.map(|(name, count)| (name.to_owned(), count));
        assert_eq!(results, BTreeMap::from(expected));
        let record = world.record(&id);
        assert_eq!((record.status.name(), record.failure_count), ("FAILED", 5));
        assert_eq!(world.kinds(&id).len(), 6);
        assert_eq!(world.bodies(&id).len(), 6);
        runs += 1;
    }
    println!("{runs} runs of 8 failing approvals");
}

#[test]
fn two_users_claim() {
    let world = world();
    let mut orders = Orders::first();
    let mut runs = 0;
    loop {
        let id = world.new_id(json!({ "userId": null }));
        let mut racers = ["a", "b"].map(|user| {
            let object = json!({ "operationId": id, "userId": user });
            Racer::request(&world, "operation/detail", &object, node(&world, START))
        });
        let mut at = 0;
        run(&world, &mut racers, |ways| {
            at += 1;
            orders.choose(at - 1, ways)
        });
        let mut statuses: Vec<u16> = racers.into_iter().map(|racer| racer.reply().0).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
        assert_eq!(world.kinds(&id), ["operation_created", "operation_claimed"]);
        runs += 1;
        if !orders.next() {
            break;
        }
    }
    println!("{runs} orders of two claims");
}

#[test]
fn two_creators_of_one_template() {
    let mut orders = Orders::first();
    let mut runs = 0;
    loop {
        let world = World::empty();
        let object = super::world::template_request("same");
        let request = || Racer::request(&world, "operation/template/create", &object, node(&world, START));
        let mut racers = [request(), request()];
        let mut at = 0;
        run(&world, &mut racers, |ways| {
            at += 1;
            orders.choose(at - 1, ways)
        });
        let replies: Vec<Reply> = racers.into_iter().map(Racer::reply).collect();
        let refused = replies
            .iter()
            .filter(|(_, body)| body["responseObject"]["code"] == "ERR0039");
        assert_eq!((refused.count(), replies.len()), (1, 2));
        let list = world.ok("operation/template/list", json!({}));
        assert_eq!(list.as_array().unwrap().len(), 1);
        runs += 1;
        if !orders.next() {
            break;
        }
    }
    println!("{runs} orders of two creators");
}
