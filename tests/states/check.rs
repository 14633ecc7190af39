//! Holds every decision against the specification, the published tables and the invariants.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign::model::activation::{ACTIVATION, ActivationStatus, MAX_FAILED_ATTEMPTS};
use countersign::model::callback::EVENT;
use countersign::model::journal::JOURNAL;
use countersign::model::operation::{OPERATION, OperationStatus};
use countersign::store::{Answer, Key, Query, Record, Write};

use crate::act::{About, Act};
use crate::local::{ATTEMPTS, Whole};
use crate::spec::{Effect, LOOK_AHEAD};
use crate::stage::{DATA, Played, Scene, Stage, USERS};

/// Rows of the published tables that are none of these phones': they have neither one-time passwords nor
/// an older protocol.
const ELSEWHERE: [&str; 3] = [
    "key exchange with the right OTP",
    "upgrade, of protocol 2",
    "the last wrong OTP",
];

/// One of the two machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Activation,
    Operation,
}

/// A published table: by row and state, what becomes of it.
type Table = BTreeMap<(String, String), String>;

/// A change that was seen: of what, from, to, and the row that allows it.
pub type Edge = (Kind, String, String, String);

pub struct Check {
    tables: BTreeMap<Kind, Table>,
    pub edges: BTreeSet<Edge>,
}

/// A decision with what was before and after.
pub struct Decision<'a> {
    pub stage: &'a Stage,
    pub act: Act,
    pub before: (&'a Whole, &'a Scene),
    pub after: (&'a Whole, &'a Scene),
    pub played: &'a Played,
}

impl Check {
    /// With the tables of `docs/states.md`.
    pub fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/states.md");
        let text = std::fs::read_to_string(path).unwrap();
        let kinds = [(Kind::Activation, "Activation"), (Kind::Operation, "Operation")];
        let tables = kinds.map(|(kind, title)| (kind, table(&text, title)));
        Self {
            tables: tables.into(),
            edges: BTreeSet::new(),
        }
    }

    /// Every allowed change of a state was made at least once.
    pub fn every_cell_was_seen(&self) {
        for (kind, table) in &self.tables {
            for ((row, from), to) in table {
                let edge = (*kind, from.clone(), to.clone(), row.clone());
                let seen = from == to || ELSEWHERE.contains(&row.as_str()) || self.edges.contains(&edge);
                assert!(seen, "{edge:?} never happened");
            }
        }
    }

    /// Holds a decision against everything.
    pub fn decision(&mut self, it: &Decision<'_>, expected: &Whole, effect: Effect) {
        let of = || format!("{:?} in {:?}", it.act, it.before.0);
        assert_eq!(it.after.0, expected, "{}", of());
        assert_eq!(it.played.yes, effect.yes, "the answer to {}", of());
        it.reads_and_writes_its_own();
        it.counts_phones(effect);
        it.keeps_ends();
        it.approves_exactly();
        it.is_told(effect);
        self.is_published(it);
    }

    /// What changed is allowed by a row of the tables.
    fn is_published(&mut self, it: &Decision<'_>) {
        for number in 0..2 {
            let (before, after) = (it.before.0.phones[number], it.after.0.phones[number]);
            if before.status != after.status || after.failed > before.failed {
                let change = (name(before.status), name(after.status));
                self.find(Kind::Activation, change, it.act.rows_of_phone(), it.act);
            }
            let (Some(before), Some(after)) = (it.before.0.operations[number], it.after.0.operations[number])
            else {
                continue;
            };
            if before.status != after.status || after.failures > before.failures {
                let change = (before.status.name().to_owned(), after.status.name().to_owned());
                self.find(Kind::Operation, change, it.act.rows_of_operation(), it.act);
            }
        }
    }

    fn find(&mut self, kind: Kind, (from, to): (String, String), rows: &[&str], act: Act) {
        let table = &self.tables[&kind];
        let allows = |row: &&&str| table.get(&((**row).to_owned(), from.clone())) == Some(&to);
        let row = rows.iter().find(allows);
        let row = row.unwrap_or_else(|| panic!("no row allows {act:?} to change {from} to {to}"));
        self.edges.insert((kind, from, to, (*row).to_owned()));
    }
}

impl Decision<'_> {
    /// The ids of what the decision is not about.
    fn foreign(&self) -> Vec<&String> {
        let about = self.act.about();
        let phone = |number: usize| match about {
            About::Phone(own) | About::Both(_, own) => own != number,
            About::Operation(_) | About::Operations => true,
            About::Phones | About::Time => false,
        };
        let operation = |number: usize| match about {
            About::Operation(own) | About::Both(own, _) => own != number,
            About::Phone(_) | About::Phones => true,
            About::Operations | About::Time => false,
        };
        let phones = (0..2).filter(|it| phone(*it)).map(|it| &self.stage.phones[it]);
        let operations = (0..2).filter(|it| operation(*it));
        let operations = operations.filter_map(|it| self.before.1.operations[it].as_ref());
        phones.chain(operations).collect()
    }

    /// The rest of the state has no part in the decision.
    fn reads_and_writes_its_own(&self) {
        let foreign = self.foreign();
        let own = |key: &Key| !foreign.iter().any(|id| key.id.contains(*id));
        for query in &self.played.queries {
            match query {
                Query::Get(key) => assert!(own(key), "{:?} reads {key:?}", self.act),
                Query::Scan(scan) => {
                    let housekeeping = match scan.collection {
                        OPERATION => self.act == Act::ExpireOperations,
                        ACTIVATION => self.act == Act::ExpireActivations,
                        _ => scan.collection != JOURNAL,
                    };
                    assert!(housekeeping, "{:?} reads {scan:?}", self.act);
                }
            }
        }
        for write in self.writes() {
            assert!(own(write.key()), "{:?} writes {:?}", self.act, write.key());
        }
    }

    fn writes(&self) -> impl Iterator<Item = &Write> {
        self.played.batches.iter().flat_map(|batch| &batch.writes)
    }

    /// I2 and I3: counters move forward, inside the window, and no further than what was accepted; failures
    /// never exceed the limit.
    fn counts_phones(&self, effect: Effect) {
        let mut moved = 0;
        for number in 0..2 {
            let before = self.stage.activation(self.before.1, number);
            let after = self.stage.activation(self.after.1, number);
            moved += after.counter.checked_sub(before.counter).unwrap();
            assert!(after.failed_attempts <= ATTEMPTS);
            if before.status == ActivationStatus::Active && after.status == ActivationStatus::Blocked {
                let exhausted = after.failed_attempts == ATTEMPTS;
                assert_eq!(
                    exhausted,
                    after.blocked_reason.as_deref() == Some(MAX_FAILED_ATTEMPTS)
                );
                assert_eq!(exhausted, !matches!(self.act, Act::Block(_)), "{:?}", self.act);
            }
        }
        assert_eq!(moved, effect.steps, "{:?} in {:?}", self.act, self.before.0);
        assert!(moved <= LOOK_AHEAD);
    }

    /// I5: what has ended stays as it is, byte for byte; what was removed stays removed.
    fn keeps_ends(&self) {
        for number in 0..2 {
            let status = self.before.0.phones[number].status;
            if status == ActivationStatus::Removed {
                assert_eq!(self.after.0.phones[number].status, status, "{:?}", self.act);
            }
            let ended = self.before.0.operations[number].filter(|it| !it.pending());
            if let (Some(_), Some(id)) = (ended, &self.before.1.operations[number]) {
                let (before, after) = (record(self.before.1, id), record(self.after.1, id));
                assert_eq!(before, after, "{:?} changes what has ended", self.act);
            }
        }
    }

    /// I6: an approval stands for the exact data, factors and user, on a phone in use and in time.
    fn approves_exactly(&self) {
        for number in 0..2 {
            let became = |whole: &Whole| {
                let it = whole.operations[number];
                it.is_some_and(|it| it.status == OperationStatus::Approved)
            };
            if !became(self.after.0) || became(self.before.0) {
                continue;
            }
            let before = self.before.0.operations[number].unwrap();
            assert!(before.pending() && !before.overdue, "{:?}", self.act);
            let user = match self.act {
                Act::Approve(_, phone) => {
                    assert_eq!(self.before.0.phones[phone].status, ActivationStatus::Active);
                    phone
                }
                Act::ApproveFor(_, user) => user,
                other => panic!("{other:?} approves"),
            };
            assert!(before.owner.is_none_or(|owner| owner == user), "{:?}", self.act);
            let record = self.stage.operation(self.after.1, number).unwrap();
            assert_eq!(
                (record.data.as_str(), record.user.as_deref()),
                (DATA, Some(USERS[user]))
            );
        }
    }

    /// I7: whatever changes has its entries, nothing else has; one event for each change that is told.
    fn is_told(&self, effect: Effect) {
        let entries = self.writes().filter(|it| it.key().collection == JOURNAL);
        let mut length = 0;
        for number in 0..2 {
            let (before, after) = (
                self.stage.activation(self.before.1, number),
                self.stage.activation(self.after.1, number),
            );
            let grown = after.journal.length - before.journal.length;
            assert_eq!(grown > 0, before != after, "{:?}", self.act);
            length += grown;
            let (before, after) = (
                self.stage.operation(self.before.1, number),
                self.stage.operation(self.after.1, number),
            );
            let grown = after.as_ref().map_or(0, |it| it.journal.length)
                - before.as_ref().map_or(0, |it| it.journal.length);
            assert_eq!(grown > 0, before != after, "{:?}", self.act);
            length += grown;
        }
        assert_eq!(
            u64::try_from(entries.count()).unwrap(),
            length,
            "{:?} in {:?}: journal entries",
            self.act,
            self.before.0
        );
        let events = self.writes().filter(|it| it.key().collection == EVENT);
        assert_eq!(
            events.count(),
            effect.news,
            "{:?} in {:?}: callbacks",
            self.act,
            self.before.0
        );
    }
}

fn record(scene: &Scene, id: &str) -> Option<Record> {
    match scene.store.read_now(&[Query::Get(Key::new(OPERATION, id))]).pop() {
        Some(Answer::Record(record)) => record,
        _ => None,
    }
}

/// As the APIs write it.
pub fn name(status: ActivationStatus) -> String {
    let name = serde_json::to_value(status).unwrap();
    name.as_str().unwrap().to_owned()
}

/// The table below a title.
fn table(text: &str, title: &str) -> Table {
    let (_, text) = text.split_once(&format!("\n## {title}\n")).unwrap();
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_start_matches("| ").trim_end_matches(" |");
        line.split(" | ").map(str::to_owned).collect()
    };
    let mut lines = text.trim_start().lines().take_while(|line| line.starts_with('|'));
    let states = cells(lines.next().unwrap());
    let mut table = Table::new();
    for line in lines.skip(1) {
        let row = cells(line);
        for (from, to) in states.iter().zip(&row).skip(1) {
            let to = match to.as_str() {
                "–" => continue,
                "=" => from,
                _ => to,
            };
            table.insert((row[0].clone(), from.clone()), to.clone());
        }
    }
    assert!(!table.is_empty(), "{title}");
    table
}
