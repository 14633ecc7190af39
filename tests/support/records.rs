//! Looking into the store behind the engine's back.

use countersign::model::activation::Activation;
use countersign::model::journal::{Entry, Head, JOURNAL, Subject};
use countersign::store::{Answer, Entity, Key, Query, Store};

/// The record as it is stored.
pub fn get<R: Entity>(store: &dyn Store, id: &str) -> Option<R> {
    let query = Query::Get(Key::new(R::COLLECTION, id));
    match pollster::block_on(store.read(&[query])).unwrap().pop() {
        Some(Answer::Record(record)) => record.map(|record| R::decode(&record.body).unwrap()),
        other => panic!("{other:?}"),
    }
}

/// An activation that must be there.
pub fn activation(store: &dyn Store, id: &str) -> Activation {
    get(store, id).unwrap()
}

/// All entries of a journal, oldest first.
pub fn entries(store: &dyn Store, subject: &Subject, head: &Head) -> Vec<Entry> {
    let queries: Vec<Query> = (0..head.length)
        .map(|number| Query::Get(Key::new(JOURNAL, subject.entry_id(number))))
        .collect();
    let answers = pollster::block_on(store.read(&queries)).unwrap();
    let entry = |answer| match answer {
        Answer::Record(Some(record)) => Entry::decode(&record.body).unwrap(),
        other => panic!("an entry is missing: {other:?}"),
    };
    answers.into_iter().map(entry).collect()
}

/// The journal of an activation.
pub fn history(store: &dyn Store, id: &str) -> Vec<Entry> {
    let head = activation(store, id).journal;
    entries(store, &Subject::Activation(id.to_owned()), &head)
}
