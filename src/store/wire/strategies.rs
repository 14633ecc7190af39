//! Values of every kind that a message can hold, for property tests.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::Names;
use crate::store::port::{
    Answer, Batch, Collection, Commit, Cursor, Entries, Expect, Index, IndexEntry, Key, Page, Query, Record,
    Rev, Scan, Write,
};

pub(super) const COLLECTIONS: &[Collection] = &[Collection("activation"), Collection("token")];
pub(super) const INDEXES: &[Index] = &[Index("by_user"), Index("due")];
pub(super) const NAMES: Names<'_> = Names {
    collections: COLLECTIONS,
    indexes: INDEXES,
};

fn collection() -> impl Strategy<Value = Collection> {
    select(COLLECTIONS)
}

fn id() -> impl Strategy<Value = String> {
    "[a-z0-9ěß🙂/-]{1,40}"
}

fn key() -> impl Strategy<Value = Key> {
    (collection(), id()).prop_map(|(collection, id)| Key { collection, id })
}

fn rev() -> impl Strategy<Value = Rev> {
    any::<[u8; 16]>().prop_map(Rev)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..80)
}

fn cursor() -> impl Strategy<Value = Option<Cursor>> {
    option::of((any::<u64>(), id()).prop_map(|(sort, id)| Cursor { sort, id }))
}

fn scan() -> impl Strategy<Value = Scan> {
    (
        (collection(), select(INDEXES), body()),
        (any::<u64>(), any::<u64>(), any::<bool>()),
        (cursor(), 1_u32..=1_000),
    )
        .prop_map(
            |((collection, index, value), (from, to, newest_first), (after, limit))| Scan {
                collection,
                index,
                value,
                from,
                to,
                newest_first,
                after,
                limit,
            },
        )
}

pub(super) fn query() -> impl Strategy<Value = Query> {
    prop_oneof![key().prop_map(Query::Get), scan().prop_map(Query::Scan)]
}

fn expect() -> impl Strategy<Value = Expect> {
    option::of(rev()).prop_map(|rev| rev.map_or(Expect::Absent, Expect::At))
}

fn entry() -> impl Strategy<Value = IndexEntry> {
    (select(INDEXES), body(), any::<u64>()).prop_map(|(index, value, sort)| IndexEntry { index, value, sort })
}

fn write(key: Key) -> impl Strategy<Value = Write> {
    let (one, two, three) = (key.clone(), key.clone(), key);
    let entries = || option::of(vec(entry(), 0..4));
    prop_oneof![
        (expect(), body(), entries(), any::<Option<u64>>()).prop_map(
            move |(expect, body, entries, expires_at)| Write::Put {
                key: one.clone(),
                expect,
                body,
                entries: entries.map_or(Entries::Keep, Entries::Set),
                expires_at,
            }
        ),
        expect().prop_map(move |expect| Write::Check {
            key: two.clone(),
            expect
        }),
        (body(), vec(entry(), 0..4), any::<Option<u64>>()).prop_map(move |(body, entries, expires_at)| {
            Write::Append {
                key: three.clone(),
                body,
                entries,
                expires_at,
            }
        }),
    ]
}

pub(super) fn batch() -> impl Strategy<Value = Batch> {
    let writes = btree_map(key(), Just(()), 1..6)
        .prop_flat_map(|keys| keys.into_keys().map(|key| write(key).boxed()).collect::<Vec<_>>());
    (rev(), writes).prop_map(|(rev, writes)| Batch { rev, writes })
}

fn record(key: Key) -> impl Strategy<Value = Record> {
    (rev(), body(), any::<Option<u64>>()).prop_map(move |(rev, body, expires_at)| Record {
        key: key.clone(),
        rev,
        body,
        expires_at,
    })
}

fn answer(query: &Query) -> BoxedStrategy<Answer> {
    match query {
        Query::Get(key) => option::of(record(key.clone())).prop_map(Answer::Record).boxed(),
        Query::Scan(scan) => {
            let collection = scan.collection;
            let limit = usize::try_from(scan.limit).unwrap().min(5);
            let one = id().prop_flat_map(move |id| record(Key { collection, id }));
            (vec(one, 0..=limit), cursor())
                .prop_map(|(records, next)| Answer::Page(Page { records, next }))
                .boxed()
        }
    }
}

/// Queries and answers to them.
pub(super) fn exchange() -> impl Strategy<Value = (Vec<Query>, Vec<Answer>)> {
    vec(query(), 1..6).prop_flat_map(|queries| {
        let answers = queries.iter().map(answer).collect::<Vec<_>>();
        (Just(queries), answers)
    })
}

/// A batch and a conflict over some of its keys.
pub(super) fn refusal() -> impl Strategy<Value = (Batch, Commit)> {
    batch().prop_flat_map(|batch| {
        let keys = batch.writes.iter().map(|it| it.key().clone()).collect::<Vec<_>>();
        let some = proptest::sample::subsequence(keys.clone(), 1..=keys.len());
        let current = some.prop_flat_map(|keys| {
            keys.into_iter()
                .map(|key| (Just(key.clone()), option::of(record(key))).boxed())
                .collect::<Vec<_>>()
        });
        (Just(batch), current.prop_map(Commit::Conflict))
    })
}
