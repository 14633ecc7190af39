//! Every order in which the steps of a few calls can follow each other.
//!
//! Two neighbouring reads see the same, whichever comes first: only the order with the smaller number
//! first is run, which leaves every possible outcome and a fraction of the orders.

use countersign::api::Api;
use countersign::store::simulated::Chance;
use countersign::store::{Host, Input, Operation, Step, Store};

use super::world::{Answer, Ask, serve};

/// The choices of one run, and how many there were each time.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    taken: Vec<(usize, usize)>,
    at: usize,
    dice: Option<Chance>,
}

impl Schedule {
    /// A schedule that is thrown, not the first one.
    pub fn thrown(seed: u64) -> Self {
        Self {
            dice: Some(Chance::new(seed)),
            ..Self::default()
        }
    }

    /// A choice between `options`.
    fn choose(&mut self, options: usize) -> usize {
        if self.at == self.taken.len() {
            let choice = self.dice.as_mut().map_or(0, |dice| dice.index(options));
            self.taken.push((choice, options));
        }
        let (choice, known) = self.taken[self.at];
        assert_eq!(known, options, "a run does not repeat itself");
        self.at += 1;
        choice
    }

    /// The next schedule in order; none after the last one.
    pub fn next(mut self) -> Option<Self> {
        while let Some((choice, options)) = self.taken.pop() {
            if choice + 1 < options {
                self.taken.push((choice + 1, options));
                self.at = 0;
                return Some(self);
            }
        }
        None
    }
}

/// Runs the calls step by step in the order of `schedule`, which is filled with the choices made.
pub fn interleave(
    api: &Api,
    store: &dyn Store,
    host: &dyn Host,
    asks: &[&Ask],
    schedule: &mut Schedule,
) -> Vec<Answer> {
    let asks: Vec<_> = asks.iter().map(|ask| (*ask, host)).collect();
    interleave_nodes(api, store, &asks, schedule)
}

/// As [`interleave`], each call on a node of its own.
pub fn interleave_nodes(
    api: &Api,
    store: &dyn Store,
    asks: &[(&Ask, &dyn Host)],
    schedule: &mut Schedule,
) -> Vec<Answer> {
    let mut calls: Vec<_> = asks.iter().map(|(ask, _)| ask.call(api)).collect();
    let mut pending: Vec<Option<_>> = calls
        .iter_mut()
        .zip(asks)
        .map(|(call, (_, host))| Some(call.step(Input::Start, *host)))
        .collect();
    // Who has just read.
    let mut reader = 0;
    let mut answers: Vec<Option<Answer>> = vec![None; asks.len()];
    loop {
        for (step, answer) in pending.iter_mut().zip(&mut answers) {
            if let Some(Step::Done(_)) = step
                && let Some(Step::Done(response)) = step.take()
            {
                *answer = Some(response.into());
            }
        }
        let moves = |number: &usize| pending[*number].is_some();
        let repeats = |number: &usize| *number < reader && matches!(pending[*number], Some(Step::Read(_)));
        let mut moving: Vec<usize> = (0..asks.len())
            .filter(|number| moves(number) && !repeats(number))
            .collect();
        if moving.is_empty() {
            // An order that was run already, the other way round; it still has to end.
            moving.extend((0..asks.len()).filter(moves).take(1));
        }
        let number = match moving.as_slice() {
            [] => return answers.into_iter().map(Option::unwrap).collect(),
            [only] => *only,
            several => several[schedule.choose(several.len())],
        };
        let step = pending[number].take().unwrap();
        reader = match step {
            Step::Read(_) => number,
            _ => 0,
        };
        let input = serve(store, step);
        pending[number] = Some(calls[number].step(input, asks[number].1));
    }
}

/// One after the other, in the given order; the answers in the order of `asks`.
pub fn one_by_one(api: &Api, store: &dyn Store, asks: &[(&Ask, &dyn Host)], order: &[usize]) -> Vec<Answer> {
    let mut answers = vec![None; asks.len()];
    for number in order {
        let alone = interleave_nodes(api, store, &[asks[*number]], &mut Schedule::default());
        answers[*number] = alone.into_iter().next();
    }
    answers.into_iter().map(Option::unwrap).collect()
}

/// All orders of `count` things.
pub fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for at in 0..count {
            let mut order = shorter.clone();
            order.insert(at, count - 1);
            all.push(order);
        }
    }
    all
}
