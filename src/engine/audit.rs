//! Verifies the journal of a whole store, from outside: that no entry was edited, dropped, reordered or
//! inserted by somebody who can write to the database.
//!
//! ```text
//! entry 0 ◀── entry 1 ◀── … ◀── entry n-1 ◀── head (in the subject's own record: n and the newest hash)
//! ```
//!
//! An entry is vouched for by what follows it, so an edit shows at the link after it, and a cut tail at
//! the head. It only reads, and a store may be in use meanwhile: entries never change, and those that
//! came after a head was read are not looked at.
//!
//! The chain has no key. Who may write to the database can compute a new end of a chain together with its
//! head, remove a subject with its whole journal, or put back an older state of both. Only a copy kept
//! elsewhere (a backup, exported entries) shows that.

use std::collections::BTreeMap;

use super::digest;
use crate::crypto::symmetric::sha256;
use crate::model::activation::Activation;
use crate::model::application::Application;
use crate::model::integration::Integration;
use crate::model::journal::{Entry, Head, JOURNAL, Subject};
use crate::model::operation::Operation;
use crate::model::operation_text::OperationTexts;
use crate::model::recovery::RecoveryCode;
use crate::model::sealing::SealingKeys;
use crate::model::template::Template;
use crate::store::{Answer, Entity, Key, Query, Record, Store, StoreError, Walk};

/// Records read at once.
const PAGE: u32 = 200;

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// There is no such entry, although the subject's record counts it.
    Missing,
    /// It cannot be read.
    Unreadable,
    /// It says that it is another one: it was moved here.
    Misplaced,
    /// It is not what the next entry vouches for.
    Edited,
    /// It is not what the next entry vouches for, and nothing vouches for that one either: one of the two
    /// was edited.
    EditedOrNext,
    /// It is the newest one, and not what the subject's record vouches for: either was edited.
    EditedOrRecord,
    /// The subject's record does not count it: it was inserted, or the record put back.
    Uncounted,
    /// The record of its subject is gone.
    Orphaned,
    /// The record of the subject cannot be read.
    Record,
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Misplaced => "out of place",
            Self::Edited => "edited",
            Self::EditedOrNext => "edited, or the entry after it",
            Self::EditedOrRecord => "edited, or the record that it belongs to",
            Self::Uncounted => "not counted by the record that it belongs to",
            Self::Orphaned => "without the record that it belongs to",
            Self::Record => "of a record that cannot be read",
        })
    }
}

/// The first defect of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Kind and id of the subject, for instance `activation` and its id.
    pub subject: (&'static str, String),
    /// Position of the entry, from 0.
    pub number: u64,
    /// What is wrong.
    pub defect: Defect,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Chains, sound or not.
    pub chains: u64,
    /// Entries of sound chains and of broken ones up to the first defect.
    pub entries: u64,
    /// The first defect of each chain that has one.
    pub findings: Vec<Finding>,
}

/// How to find the heads of one kind of subject.
struct Kind {
    name: &'static str,
    collection: crate::store::Collection,
    /// Whether it is of this kind.
    owns: fn(&Subject) -> bool,
    /// Subject and head of a record; `None` when it cannot be read.
    head: fn(&Record) -> Option<(Subject, Head)>,
}

macro_rules! kind {
    ($name:literal, $record:ty, $subject:ident, $id:expr) => {
        Kind {
            name: $name,
            collection: <$record>::COLLECTION,
            owns: |subject| matches!(subject, Subject::$subject(_)),
            head: |record| {
                let it = <$record>::decode(&record.body).ok()?;
                // A record under another's id would vouch for the other's entries.
                (it.id() == record.key.id).then_some(())?;
                let id: fn(&$record) -> String = $id;
                Some((Subject::$subject(id(&it)), it.journal))
            },
        }
    };
}

const ACTIVATIONS: Kind = kind!("activation", Activation, Activation, Entity::id);

const KINDS: &[Kind] = &[
    ACTIVATIONS,
    kind!("operation", Operation, Operation, Entity::id),
    kind!("application", Application, Application, Entity::id),
    kind!("recovery code", RecoveryCode, Recovery, Entity::id),
    kind!("integration", Integration, Integration, Entity::id),
    kind!("template", Template, Template, Entity::id),
    kind!("operation texts", OperationTexts, OperationTexts, |it| digest(&[
        &it.operation_type
    ])),
    kind!("sealing keys", SealingKeys, SealingKeys, Entity::id),
];

/// Verifies all chains of the store.
///
/// # Errors
/// When the store cannot be read; see [`Store::walk`], which it needs.
pub async fn verify(store: &dyn Store) -> Result<Report, StoreError> {
    let mut report = Report::default();
    // The subjects whose journals do not carry the ids of their records.
    let mut named: BTreeMap<String, Key> = BTreeMap::new();
    for kind in KINDS {
        let mut pages = Walk::new(store, kind.collection, PAGE);
        while let Some(page) = pages.next().await? {
            for record in &page {
                if let Some(Subject::OperationTexts(id)) = chain(store, kind, record, &mut report).await? {
                    named.insert(id, record.key.clone());
                }
            }
        }
    }
    strays(store, &named, &mut report).await?;
    Ok(report)
}

/// Verifies the chain of one activation; without findings and chains when there is no such activation.
///
/// # Errors
/// When the store cannot be read.
pub async fn verify_activation(store: &dyn Store, id: &str) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let key = Key::new(ACTIVATIONS.collection, id);
    if let Some(record) = get(store, key.clone()).await? {
        chain(store, &ACTIVATIONS, &record, &mut report).await?;
        let subject = Subject::Activation(id.to_owned());
        let Some((_, head)) = (ACTIVATIONS.head)(&record) else {
            return Ok(report);
        };
        if report.findings.is_empty()
            && get(store, Key::new(JOURNAL, subject.entry_id(head.length)))
                .await?
                .is_some()
            && length(store, &ACTIVATIONS, key).await? == Some(head.length)
        {
            report.find(ACTIVATIONS.name, id, head.length, Defect::Uncounted);
        }
    }
    Ok(report)
}

impl Report {
    fn find(&mut self, kind: &'static str, id: &str, number: u64, defect: Defect) {
        self.findings.push(Finding {
            subject: (kind, id.to_owned()),
            number,
            defect,
        });
    }
}

/// Walks one chain up to what its head counts. Answers the subject.
async fn chain(
    store: &dyn Store,
    kind: &Kind,
    record: &Record,
    report: &mut Report,
) -> Result<Option<Subject>, StoreError> {
    report.chains += 1;
    let id = record.key.id.as_str();
    let Some((subject, head)) = (kind.head)(record) else {
        report.find(kind.name, id, 0, Defect::Record);
        return Ok(None);
    };
    let mut hash = Vec::new();
    let mut number = 0;
    while number < head.length {
        let end = head.length.min(number + u64::from(PAGE));
        // A head that was edited may count any number of entries.
        for body in bodies(store, &subject, number..end).await? {
            let entry = body
                .as_deref()
                .map_or(Err(Defect::Missing), |body| place(body, &subject, number));
            let defect = match entry {
                Ok((entry, own)) if entry.previous == hash => {
                    hash = own;
                    report.entries += 1;
                    number += 1;
                    continue;
                }
                Ok((_, own)) => {
                    let sound = vouched(store, &subject, &head, number).await? == Some(own);
                    match number.checked_sub(1) {
                        None => Defect::Edited,
                        Some(before) => {
                            number = before;
                            if sound {
                                Defect::Edited
                            } else {
                                Defect::EditedOrNext
                            }
                        }
                    }
                }
                Err(defect) => defect,
            };
            report.find(kind.name, id, number, defect);
            return Ok(Some(subject));
        }
    }
    if hash != head.hash {
        report.find(
            kind.name,
            id,
            head.length.saturating_sub(1),
            Defect::EditedOrRecord,
        );
    }
    Ok(Some(subject))
}

/// The entry and its hash, when it is the one that stands here.
fn place(body: &[u8], subject: &Subject, number: u64) -> Result<(Entry, Vec<u8>), Defect> {
    let entry = Entry::decode(body).map_err(|_| Defect::Unreadable)?;
    if entry.subject == *subject && entry.number == number {
        Ok((entry, sha256(&[body]).to_vec()))
    } else {
        Err(Defect::Misplaced)
    }
}

/// The hash that entry number `number` should have, from what follows it.
async fn vouched(
    store: &dyn Store,
    subject: &Subject,
    head: &Head,
    number: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    if number + 1 == head.length {
        return Ok(Some(head.hash.clone()));
    }
    let next = number + 1;
    let body = bodies(store, subject, next..next + 1).await?.pop().flatten();
    let next = body.and_then(|body| place(&body, subject, next).ok());
    Ok(next.map(|(next, _)| next.previous))
}

/// Entries that no chain counts.
async fn strays(
    store: &dyn Store,
    named: &BTreeMap<String, Key>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut pages = Walk::new(store, JOURNAL, PAGE);
    let mut seen: Option<(Subject, Option<u64>)> = None;
    while let Some(page) = pages.next().await? {
        for record in page {
            let Ok(entry) = Entry::decode(&record.body) else {
                // Where a chain counts it, that chain has told.
                stray(&record, 0, Defect::Unreadable, named, report);
                continue;
            };
            if entry.id() != record.key.id {
                stray(&record, entry.number, Defect::Misplaced, named, report);
                continue;
            }
            let Some((kind, key)) = owner(&entry.subject, named) else {
                stray(&record, entry.number, Defect::Orphaned, named, report);
                continue;
            };
            let id = key.id.clone();
            let counted = match &seen {
                Some((subject, counted))
                    if *subject == entry.subject && counted.is_none_or(|n| entry.number < n) =>
                {
                    *counted
                }
                // Read anew for an entry beyond it: it may have been written after the head was read.
                _ => length(store, kind, key).await?,
            };
            match counted {
                Some(count) if entry.number < count => {}
                Some(_) => report.stray(kind, &id, entry.number, Defect::Uncounted),
                None => report.stray(kind, &id, entry.number, Defect::Orphaned),
            }
            seen = Some((entry.subject, counted));
        }
    }
    Ok(())
}

impl Report {
    /// Unless the chain has told of a defect already.
    fn stray(&mut self, kind: &Kind, id: &str, number: u64, defect: Defect) {
        let told = |it: &Finding| it.subject.0 == kind.name && it.subject.1 == id;
        if !self.findings.iter().any(told) {
            self.find(kind.name, id, number, defect);
        }
    }
}

/// An entry whose subject cannot be told; its id stands for it.
fn stray(record: &Record, number: u64, defect: Defect, named: &BTreeMap<String, Key>, report: &mut Report) {
    // Between the letter of the kind and the number.
    let id = record.key.id.get(2..).and_then(|id| id.rsplit_once('/'));
    let subject = id.map_or("", |(subject, _)| subject);
    let subject = named.get(subject).map_or(subject, |key| &key.id);
    if !report.findings.iter().any(|it| it.subject.1 == subject) {
        report.find("entry", &record.key.id, number, defect);
    }
}

/// The record that counts the entries of `subject`.
fn owner(subject: &Subject, named: &BTreeMap<String, Key>) -> Option<(&'static Kind, Key)> {
    let kind = KINDS.iter().find(|kind| (kind.owns)(subject))?;
    let (_, id) = subject.prefix();
    let key = match subject {
        Subject::OperationTexts(_) => named.get(id)?.clone(),
        _ => Key::new(kind.collection, id),
    };
    Some((kind, key))
}

/// How many entries a record counts now.
async fn length(store: &dyn Store, kind: &Kind, key: Key) -> Result<Option<u64>, StoreError> {
    let record = get(store, key).await?;
    Ok(record
        .and_then(|record| (kind.head)(&record))
        .map(|(_, head)| head.length))
}

async fn bodies(
    store: &dyn Store,
    subject: &Subject,
    numbers: std::ops::Range<u64>,
) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    let queries: Vec<Query> = numbers
        .map(|number| Query::Get(Key::new(JOURNAL, subject.entry_id(number))))
        .collect();
    let answers = store.read(&queries).await?;
    let body = |answer| match answer {
        Answer::Record(record) => record.map(|record| record.body),
        Answer::Page(_) => None,
    };
    Ok(answers.into_iter().map(body).collect())
}

async fn get(store: &dyn Store, key: Key) -> Result<Option<Record>, StoreError> {
    if !key.is_valid() {
        return Ok(None);
    }
    match store.read(&[Query::Get(key)]).await?.pop() {
        Some(Answer::Record(record)) => Ok(record),
        _ => Ok(None),
    }
}
