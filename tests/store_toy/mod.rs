//! Small records and decisions that the store tests share.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "a module of several test crates, each using a part"
)]

use std::sync::atomic::{AtomicU64, Ordering};

use countersign::store::{
    Collection, Commit, Corrupt, Decision, Entity, EntropyError, Host, Index, IndexEntry, Input, MemoryStore,
    Operation, Step, Tx,
};

/// A number that only ever goes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    pub id: String,
    pub value: u64,
}

pub const BY_PARITY: Index = Index("parity");

impl Entity for Counter {
    const COLLECTION: Collection = Collection("counter");
    fn id(&self) -> String {
        self.id.clone()
    }
    fn encode(&self) -> Vec<u8> {
        let mut body = vec![1];
        body.extend(self.value.to_be_bytes());
        body.extend(self.id.as_bytes());
        body
    }
    fn decode(body: &[u8]) -> Result<Self, Corrupt> {
        let (head, id) = body.split_at_checked(9).ok_or(Corrupt)?;
        let value = head[1..].try_into().map_err(|_| Corrupt)?;
        Ok(Self {
            id: String::from_utf8(id.to_vec()).map_err(|_| Corrupt)?,
            value: u64::from_be_bytes(value),
        })
    }
    fn entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry {
            index: BY_PARITY,
            value: vec![u8::from(self.value % 2 == 1)],
            sort: self.value,
        }]
    }
}

/// One line per increment: who did it, and what the counter was afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub who: u64,
    pub value: u64,
    pub expires_at: Option<u64>,
}

pub const BY_COUNTER: Index = Index("counter");

impl Entity for Entry {
    const COLLECTION: Collection = Collection("history");
    fn id(&self) -> String {
        self.id.clone()
    }
    fn encode(&self) -> Vec<u8> {
        let mut body = vec![1];
        body.extend(self.who.to_be_bytes());
        body.extend(self.value.to_be_bytes());
        body.extend(self.id.as_bytes());
        body
    }
    fn decode(body: &[u8]) -> Result<Self, Corrupt> {
        let (head, id) = body.split_at_checked(17).ok_or(Corrupt)?;
        let number = |at: usize| {
            head[at..at + 8]
                .try_into()
                .map(u64::from_be_bytes)
                .map_err(|_| Corrupt)
        };
        Ok(Self {
            id: String::from_utf8(id.to_vec()).map_err(|_| Corrupt)?,
            who: number(1)?,
            value: number(9)?,
            expires_at: None,
        })
    }
    fn entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry {
            index: BY_COUNTER,
            value: b"all".to_vec(),
            sort: self.value,
        }]
    }
    fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }
}

/// A light that may be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    pub id: String,
    pub on: bool,
}

impl Entity for Light {
    const COLLECTION: Collection = Collection("light");
    fn id(&self) -> String {
        self.id.clone()
    }
    fn encode(&self) -> Vec<u8> {
        let mut body = vec![1, u8::from(self.on)];
        body.extend(self.id.as_bytes());
        body
    }
    fn decode(body: &[u8]) -> Result<Self, Corrupt> {
        let (head, id) = body.split_at_checked(2).ok_or(Corrupt)?;
        Ok(Self {
            id: String::from_utf8(id.to_vec()).map_err(|_| Corrupt)?,
            on: head[1] == 1,
        })
    }
}

/// Why a toy decision said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    LastLight,
    Taken,
}

/// Adds one; with `history` also a line about it, otherwise the machine's receipt is the only proof.
pub fn increment(tx: &mut Tx<'_>, id: &str, who: u64, history: bool) -> Decision<u64, No> {
    let mut counter = tx.get::<Counter>(id)?.unwrap_or(Counter {
        id: id.to_owned(),
        value: 0,
    });
    counter.value += 1;
    tx.put(&counter);
    if history {
        let mut line = [0; 8];
        tx.fill(&mut line)?;
        tx.append(&Entry {
            id: format!("{id}-{}", u64::from_be_bytes(line)),
            who,
            value: counter.value,
            expires_at: None,
        });
    }
    Ok(Ok(counter.value))
}

/// Turns `mine` off unless `other` is off already: at least one light always stays on.
pub fn turn_off(tx: &mut Tx<'_>, mine: &str, other: &str) -> Decision<(), No> {
    tx.want::<Light>(mine);
    tx.want::<Light>(other);
    let is_off = |light: Option<Light>| light.is_some_and(|light| !light.on);
    if is_off(tx.get::<Light>(other)?) {
        return Err(countersign::store::Stop::Refuse(No::LastLight));
    }
    let _ = tx.get::<Light>(mine)?;
    tx.put(&Light {
        id: mine.to_owned(),
        on: false,
    });
    Ok(Ok(()))
}

/// A clock that stands still and a generator that counts.
#[derive(Debug)]
pub struct Still {
    pub now: AtomicU64,
    drawn: AtomicU64,
}

impl Still {
    pub fn new(now: u64) -> Self {
        Self {
            now: AtomicU64::new(now),
            drawn: AtomicU64::new(1),
        }
    }
}

impl Host for Still {
    fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            let number = self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&number[8 - chunk.len()..]);
        }
        Ok(())
    }
}

/// Runs an operation without any fault.
pub fn plain<O: Operation>(mut operation: O, store: &MemoryStore, host: &dyn Host) -> O::Reply {
    let mut input = Input::Start;
    loop {
        input = match operation.step(input, host) {
            Step::Read(queries) => Input::Answers(store.read_now(&queries)),
            Step::Commit(batch) => match store.commit_now(&batch) {
                Commit::Applied => Input::Applied,
                Commit::Conflict(current) => Input::Conflict(current),
            },
            Step::Done(reply) => return reply,
        };
    }
}

/// Takes the only place there is.
pub fn claim(tx: &mut Tx<'_>, who: u64) -> Decision<u64, No> {
    if tx.get::<Entry>("claim")?.is_some() {
        return Err(countersign::store::Stop::Refuse(No::Taken));
    }
    tx.append(&Entry {
        id: "claim".into(),
        who,
        value: u64::MAX,
        expires_at: None,
    });
    Ok(Ok(who))
}
