//! Breadth first through all states.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::act::{About, Act};
use crate::check::{Check, Decision};
use crate::local::{Operation, Phone, Whole};
use crate::spec;
use crate::stage::{Scene, Stage};

/// Bits of each of the four numbers that make a state.
const BITS: u32 = 6;
/// States that are played through from the beginning.
const PLAYED: usize = 200;

/// What a decision makes of what it is about: nothing to ask about, or the new numbers.
type Outcome = Option<(u32, u32)>;

/// A state as four numbers: phones, operations.
type Numbers = [u32; 4];

pub struct Search<'s> {
    stage: &'s Stage,
    acts: Vec<Act>,
    check: Check,
    phones: Vec<Phone>,
    operations: Vec<Option<Operation>>,
    /// By act and the numbers of what it is about.
    decided: HashMap<(usize, u32, u32), Outcome>,
    states: Vec<Numbers>,
    /// By state: the one before, and the act.
    ways: Vec<(usize, usize)>,
    seen: Vec<bool>,
    scenes: HashMap<usize, Rc<Scene>>,
    decisions: u64,
    transitions: u64,
    requests: u64,
}

/// What there was.
pub struct Found {
    pub states: usize,
    /// Requests that change the state.
    pub transitions: u64,
    /// Requests in all states.
    pub requests: u64,
    /// Decisions of the engine.
    pub decisions: u64,
    /// States of one phone.
    pub phones: usize,
    /// States of each operation, that of not being there included.
    pub operations: [usize; 2],
    pub check: Check,
}

impl<'s> Search<'s> {
    /// At the beginning.
    pub fn new(stage: &'s Stage) -> Self {
        let mut search = Self {
            stage,
            acts: Act::all(),
            check: Check::new(),
            phones: Vec::new(),
            operations: Vec::new(),
            decided: HashMap::new(),
            states: Vec::new(),
            ways: Vec::new(),
            seen: vec![false; 1 << (4 * BITS)],
            scenes: HashMap::new(),
            decisions: 0,
            transitions: 0,
            requests: 0,
        };
        let first = stage.first();
        let numbers = search.numbers(&stage.state(&first));
        search.visit(numbers, (0, 0));
        search.scenes.insert(0, Rc::new(first));
        search
    }

    /// Visits everything.
    pub fn run(&mut self) {
        let mut at = 0;
        while let Some(numbers) = self.states.get(at).copied() {
            for act in 0..self.acts.len() {
                let Some(next) = self.next(at, numbers, act) else {
                    continue;
                };
                self.requests += 1;
                if next != numbers {
                    self.transitions += 1;
                    self.visit(next, (at, act));
                }
            }
            at += 1;
        }
    }

    fn visit(&mut self, numbers: Numbers, way: (usize, usize)) {
        let packed = numbers.iter().fold(0, |packed, number| {
            assert!(*number < 1 << BITS, "too many states of one thing");
            (packed << BITS) | number
        });
        let seen = &mut self.seen[usize::try_from(packed).unwrap()];
        if !std::mem::replace(seen, true) {
            self.states.push(numbers);
            self.ways.push(way);
        }
    }

    /// The state after an act; none where there is nothing to ask about.
    fn next(&mut self, at: usize, numbers: Numbers, act: usize) -> Option<Numbers> {
        let about = self.acts[act].about();
        let (one, other) = match about {
            About::Phone(phone) => (phone, phone),
            About::Operation(operation) => (2 + operation, 2 + operation),
            About::Both(operation, phone) => (2 + operation, phone),
            About::Operations => (2, 3),
            About::Phones => (0, 1),
            About::Time => {
                let mut whole = self.whole(numbers);
                spec::perform(Act::Later, &mut whole)?;
                return Some(self.numbers(&whole));
            }
        };
        let key = (act, numbers[one], numbers[other]);
        let outcome = match self.decided.get(&key) {
            Some(outcome) => *outcome,
            None => {
                let outcome = self.decide(at, act).map(|after| (after[one], after[other]));
                self.decided.insert(key, outcome);
                outcome
            }
        };
        let mut next = numbers;
        (next[one], next[other]) = outcome?;
        Some(next)
    }

    /// Lets the engine decide, and holds what it does against everything.
    fn decide(&mut self, at: usize, act: usize) -> Option<Numbers> {
        let before = self.whole(self.states[at]);
        let act = self.acts[act];
        let mut expected = before;
        let effect = spec::perform(act, &mut expected)?;
        let scene = self.scene(at);
        let (then, played) = self.stage.play(&scene, act);
        let after = self.stage.state(&then);
        let decision = Decision {
            stage: self.stage,
            act,
            before: (&before, &scene),
            after: (&after, &then),
            played: &played,
        };
        self.check.decision(&decision, &expected, effect);
        self.decisions += 1;
        Some(self.numbers(&after))
    }

    /// A store in that state: the one of the state before, one request later.
    fn scene(&mut self, at: usize) -> Rc<Scene> {
        if let Some(scene) = self.scenes.get(&at) {
            return Rc::clone(scene);
        }
        let (before, act) = self.ways[at];
        let before = self.scene(before);
        let scene = Rc::new(self.stage.play(&before, self.acts[act]).0);
        assert_eq!(self.stage.state(&scene), self.whole(self.states[at]));
        self.scenes.insert(at, Rc::clone(&scene));
        scene
    }

    /// Plays some states through from the beginning, each over one store. Answers how many.
    pub fn play_some_through(&self) -> usize {
        let step = (self.states.len() / PLAYED).max(1);
        let mut played = 0;
        for end in (0..self.states.len()).step_by(step) {
            let mut way = Vec::new();
            let mut at = end;
            while at != 0 {
                way.push(at);
                at = self.ways[at].0;
            }
            let mut scene = self.stage.first();
            for at in way.into_iter().rev() {
                scene = self.stage.play(&scene, self.acts[self.ways[at].1]).0;
                assert_eq!(self.stage.state(&scene), self.whole(self.states[at]));
            }
            played += 1;
        }
        played
    }

    fn whole(&self, [one, other, first, second]: Numbers) -> Whole {
        let at = |number: u32| usize::try_from(number).unwrap();
        Whole {
            phones: [self.phones[at(one)], self.phones[at(other)]],
            operations: [self.operations[at(first)], self.operations[at(second)]],
        }
    }

    fn numbers(&mut self, whole: &Whole) -> Numbers {
        let [one, other] = whole.phones.map(|it| number(&mut self.phones, it));
        let [first, second] = whole.operations.map(|it| number(&mut self.operations, it));
        [one, other, first, second]
    }

    /// What there was.
    pub fn found(self) -> Found {
        let of = |place: usize| {
            let numbers: BTreeSet<u32> = self.states.iter().map(|numbers| numbers[place]).collect();
            numbers.len()
        };
        Found {
            states: self.states.len(),
            transitions: self.transitions,
            requests: self.requests,
            decisions: self.decisions,
            phones: of(0),
            operations: [of(2), of(3)],
            check: self.check,
        }
    }
}

/// The number of a thing, which it has from its first time on.
fn number<T: PartialEq>(known: &mut Vec<T>, thing: T) -> u32 {
    let number = known.iter().position(|it| *it == thing).unwrap_or_else(|| {
        known.push(thing);
        known.len() - 1
    });
    u32::try_from(number).unwrap()
}
