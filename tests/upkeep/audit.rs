//! The journal verifies as it is, and no single edit of it passes.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign::engine::audit::{self, Defect, Finding};
use countersign::engine::journal;
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::journal::{Entry, Event, Head, JOURNAL};
use countersign::store::simulated::Chance;
use countersign::store::{Batch, Commit, Entity, Entries, Expect, MemoryStore, Record, Rev, Store, Write};
use pollster::block_on;

use crate::support::{Town, World, engine};

/// Everything that the endpoint tables can do, done.
fn populated() -> Vec<Record> {
    let town = Town::build();
    let store = Arc::new(town.store());
    let world = World::with(engine(), store.clone(), town.clock());
    for ask in &town.asks {
        // Some have lost their object to an earlier one.
        world.ask(ask);
    }
    store.records()
}

/// A store that holds exactly `records`.
fn store_of(records: &[Record]) -> MemoryStore {
    let store = MemoryStore::new();
    for part in records.chunks(500) {
        let writes = part.iter().map(|record| Write::Put {
            key: record.key.clone(),
            expect: Expect::Absent,
            body: record.body.clone(),
            entries: Entries::Keep,
            expires_at: record.expires_at,
        });
        let batch = Batch {
            rev: Rev([1; 16]),
            writes: writes.collect(),
        };
        assert_eq!(store.commit_now(&batch), Commit::Applied);
    }
    store
}

fn findings(records: &[Record]) -> Vec<Finding> {
    block_on(audit::verify(&store_of(records))).unwrap().findings
}

/// The records, and where the journal of each subject stands among them, oldest entry first.
struct Forger {
    records: Vec<Record>,
    chains: Vec<Vec<usize>>,
    chance: Chance,
}

impl Forger {
    fn new(records: &[Record], seed: u64) -> Self {
        let mut chains: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, record) in records.iter().enumerate() {
            if record.key.collection == JOURNAL {
                let (subject, _) = record.key.id.rsplit_once('/').unwrap();
                chains.entry(subject.to_owned()).or_default().push(place);
            }
        }
        Self {
            records: records.to_vec(),
            chains: chains.into_values().collect(),
            chance: Chance::new(seed),
        }
    }

    fn pick(&mut self, len: usize) -> usize {
        self.chance.index(len)
    }

    /// A chain of at least `least` entries.
    fn chain(&mut self, least: usize) -> Vec<usize> {
        loop {
            let number = self.pick(self.chains.len());
            if self.chains[number].len() >= least {
                return self.chains[number].clone();
            }
        }
    }

    fn entry(&self, place: usize) -> Entry {
        Entry::decode(&self.records[place].body).unwrap()
    }

    fn remove(&mut self, places: &[usize]) {
        let mut places = places.to_vec();
        places.sort_unstable();
        for place in places.iter().rev() {
            self.records.remove(*place);
        }
    }

    /// One edit; answers its name and the number of the entry that has to be named, or the one after it.
    fn edit(&mut self) -> (&'static str, u64) {
        match self.pick(9) {
            0 => self.field(),
            1 => self.bit(),
            2 => self.drop_one(),
            3 => self.swap(),
            4 => self.insert_behind(),
            5 => self.insert_between(),
            6 => self.cut(),
            7 => self.close_the_gap(),
            _ => self.head(),
        }
    }

    fn field(&mut self) -> (&'static str, u64) {
        let chain = self.chain(1);
        let number = self.pick(chain.len());
        let place = chain[number];
        let mut entry = self.entry(place);
        match self.pick(4) {
            0 => entry.at += 1 + self.chance.below(1_000_000),
            1 => entry.public_id ^= 1,
            2 => match entry.previous.first_mut() {
                Some(byte) => *byte ^= 1 << self.chance.below(8),
                None => entry.previous.push(7),
            },
            _ => match &mut entry.event {
                Event::History(line) => {
                    line.reason = Some(format!("{}!", line.reason.clone().unwrap_or_default()))
                }
                Event::Signature(line) => line.valid = !line.valid,
                Event::Note(note) => note.parameters.push(' '),
            },
        }
        self.records[place].body = entry.encode();
        ("a field changed", entry.number)
    }

    fn bit(&mut self) -> (&'static str, u64) {
        let chain = self.chain(1);
        let number = self.pick(chain.len());
        let body = &mut self.records[chain[number]].body;
        let bit = self.chance.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        ("a bit flipped", u64::try_from(number).unwrap())
    }

    fn drop_one(&mut self) -> (&'static str, u64) {
        let chain = self.chain(1);
        let number = self.pick(chain.len());
        self.remove(&[chain[number]]);
        ("an entry dropped", u64::try_from(number).unwrap())
    }

    fn swap(&mut self) -> (&'static str, u64) {
        let chain = self.chain(2);
        let one = self.pick(chain.len());
        let other = (one + 1 + self.pick(chain.len() - 1)) % chain.len();
        let (first, second) = (one.min(other), one.max(other));
        let body = std::mem::take(&mut self.records[chain[first]].body);
        self.records[chain[first]].body = std::mem::replace(&mut self.records[chain[second]].body, body);
        if self.pick(2) == 0 {
            // As somebody would who knows that entries are numbered.
            for number in [first, second] {
                let mut entry = self.entry(chain[number]);
                entry.number = u64::try_from(number).unwrap();
                self.records[chain[number]].body = entry.encode();
            }
            // The first of the pair is what the entry before it does not vouch for.
            return (
                "two entries swapped, and their numbers",
                u64::try_from(first).unwrap(),
            );
        }
        ("two entries swapped", u64::try_from(first).unwrap())
    }

    /// One more, chained as it should be.
    fn insert_behind(&mut self) -> (&'static str, u64) {
        let chain = self.chain(1);
        let last = *chain.last().unwrap();
        let mut entry = self.entry(last);
        entry.previous = journal::hash(&entry);
        entry.number += 1;
        let mut record = self.records[last].clone();
        record.key.id = entry.id();
        record.body = entry.encode();
        self.records.push(record);
        ("an entry inserted behind the last", entry.number)
    }

    /// The later ones move up, with their numbers, and the head counts one more.
    fn insert_between(&mut self) -> (&'static str, u64) {
        let chain = self.chain(2);
        let at = self.pick(chain.len() - 1) + 1;
        let mut moved = self.records[*chain.last().unwrap()].clone();
        for number in (at..chain.len()).rev() {
            let mut entry = self.entry(chain[number]);
            entry.number += 1;
            if number + 1 == chain.len() {
                moved.key.id = entry.id();
                moved.body = entry.encode();
            } else {
                self.records[chain[number + 1]].body = entry.encode();
            }
        }
        let mut forged = self.entry(chain[at - 1]);
        forged.previous = journal::hash(&forged);
        forged.number += 1;
        self.records[chain[at]].body = forged.encode();
        self.records.push(moved);
        self.count(chain[0], 1);
        ("an entry inserted between two", forged.number)
    }

    fn cut(&mut self) -> (&'static str, u64) {
        let chain = self.chain(1);
        let from = self.pick(chain.len());
        self.remove(&chain[from..]);
        ("the tail cut", u64::try_from(from).unwrap())
    }

    /// An entry dropped, the later ones moved down, and the head counts one less.
    fn close_the_gap(&mut self) -> (&'static str, u64) {
        let chain = self.chain(2);
        let at = self.pick(chain.len());
        for number in at + 1..chain.len() {
            let mut entry = self.entry(chain[number]);
            entry.number -= 1;
            self.records[chain[number - 1]].body = entry.encode();
        }
        self.count(chain[0], -1);
        self.remove(&chain[chain.len() - 1..]);
        // What stands at the gap now does not fit the entry before it.
        (
            "an entry dropped and the gap closed",
            u64::try_from(at).unwrap().saturating_sub(1),
        )
    }

    fn head(&mut self) -> (&'static str, u64) {
        let chain = self.chain(1);
        let count = u64::try_from(chain.len()).unwrap();
        let change = self.pick(3);
        let named = self.with_head(chain[0], |head| match change {
            0 => {
                head.length += 1;
                count
            }
            1 => {
                head.length -= 1;
                (count - 1).saturating_sub(1)
            }
            _ => {
                head.hash[0] ^= 1;
                count - 1
            }
        });
        ("the head edited", named)
    }

    fn count(&mut self, entry: usize, by: i64) {
        self.with_head(entry, |head| {
            head.length = head.length.checked_add_signed(by).unwrap()
        });
    }

    /// Changes the head in the record that an entry belongs to.
    fn with_head<T>(&mut self, entry: usize, change: impl FnOnce(&mut Head) -> T) -> T {
        use countersign::model::application::{APPLICATION, Application};
        use countersign::model::integration::{INTEGRATION, Integration};
        use countersign::model::journal::Subject;
        use countersign::model::operation::{OPERATION, Operation};
        use countersign::model::operation_text::{OPERATION_TEXTS, OperationTexts};
        use countersign::model::recovery::{RECOVERY_CODE, RecoveryCode};
        use countersign::model::sealing::{SEALING_KEYS, SealingKeys};
        use countersign::model::template::{TEMPLATE, Template};
        let (collection, id) = match self.entry(entry).subject {
            Subject::Activation(id) => (ACTIVATION, id),
            Subject::Operation(id) => (OPERATION, id),
            Subject::Application(id) => (APPLICATION, id),
            Subject::Recovery(id) => (RECOVERY_CODE, id),
            Subject::Integration(id) => (INTEGRATION, id),
            Subject::Template(id) => (TEMPLATE, id),
            // The town has texts of one type.
            Subject::OperationTexts(_) => (OPERATION_TEXTS, String::new()),
            Subject::SealingKeys(id) => (SEALING_KEYS, id),
        };
        let fits = |it: &&mut Record| it.key.collection == collection && (id.is_empty() || it.key.id == id);
        let record = self.records.iter_mut().find(fits).unwrap();
        macro_rules! edit {
            ($kind:ty) => {{
                let mut it = <$kind>::decode(&record.body).unwrap();
                let told = change(&mut it.journal);
                record.body = it.encode();
                told
            }};
        }
        match collection {
            ACTIVATION => edit!(Activation),
            OPERATION => edit!(Operation),
            APPLICATION => edit!(Application),
            RECOVERY_CODE => edit!(RecoveryCode),
            INTEGRATION => edit!(Integration),
            TEMPLATE => edit!(Template),
            SEALING_KEYS => edit!(SealingKeys),
            _ => edit!(OperationTexts),
        }
    }
}

#[test]
fn every_edit_is_found_and_named() {
    let records = populated();
    let whole = block_on(audit::verify(&store_of(&records))).unwrap();
    assert_eq!(whole.findings, [], "a false alarm");
    let entries = records.iter().filter(|it| it.key.collection == JOURNAL).count();
    assert_eq!(whole.entries, u64::try_from(entries).unwrap());
    let (mut found, mut kinds) = (0, BTreeMap::<_, (usize, usize)>::new());
    for seed in 0..1_000 {
        let mut forger = Forger::new(&records, seed);
        let (name, number) = forger.edit();
        let told = findings(&forger.records);
        assert_eq!(told.len(), 1, "seed {seed}, {name} at {number}: {told:?}");
        let finding = &told[0];
        let near = finding.number == number
            || (finding.number + 1 == number && finding.defect == Defect::EditedOrNext);
        assert!(near, "seed {seed}, {name} at {number}: {finding:?}");
        found += 1;
        let kind = kinds.entry(name).or_default();
        kind.0 += 1;
        kind.1 += usize::from(finding.number == number);
    }
    println!(
        "{found} of 1000 edits found in {} chains, {entries} entries, 0 false alarms",
        whole.chains
    );
    for (name, (count, exact)) in kinds {
        println!("  {count:4} × {name}: {exact} named exactly, the others as one of two neighbours");
    }
    assert_eq!(found, 1_000);
}

#[test]
fn one_activation_is_verified_alone() {
    let records = populated();
    let mut activations = 0;
    for record in records.iter().filter(|it| it.key.collection == ACTIVATION) {
        let id = record.key.id.as_str();
        let subject =
            |it: &Record| it.key.collection == JOURNAL && it.key.id.starts_with(&format!("a/{id}/"));
        let report = block_on(audit::verify_activation(&store_of(&records), id)).unwrap();
        assert_eq!((report.chains, report.findings), (1, Vec::new()));
        let without: Vec<Record> = {
            let last = records.iter().rposition(subject).unwrap();
            let mut records = records.clone();
            records.remove(last);
            records
        };
        let report = block_on(audit::verify_activation(&store_of(&without), id)).unwrap();
        assert_eq!(report.findings[0].defect, Defect::Missing);
        activations += 1;
    }
    let none = block_on(audit::verify_activation(&store_of(&records), "unknown")).unwrap();
    assert_eq!(none.chains, 0);
    assert!(activations >= 4, "{activations}");
}

/// Entries that are written while the verifier walks are no findings.
#[test]
fn a_store_in_use_gives_no_alarm() {
    let town = Town::build();
    let store = Arc::new(town.store());
    let world = World::with(engine(), store.clone(), town.clock());
    let writer = std::thread::spawn(move || {
        let mut written = 0;
        for _ in 0..4 {
            for ask in &town.asks {
                written += usize::from(world.ask(ask).status == 200);
            }
        }
        written
    });
    let mut rounds = 0;
    while !writer.is_finished() || rounds == 0 {
        let shared: &dyn Store = &*store;
        let report = block_on(audit::verify(shared)).unwrap();
        assert_eq!(report.findings, []);
        rounds += 1;
    }
    println!("{rounds} rounds beside {} requests", writer.join().unwrap());
}
