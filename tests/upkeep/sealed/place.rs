//! A town in which every kind of record has sealed secrets, and what somebody may do to them who can write to the database.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use countersign::client::{Application, Credentials, Installation};
use countersign::crypto::version::ProtocolVersion;
use countersign::engine::rotation::COLLECTIONS;
use countersign::store::{
    Answer as Got, Batch, Commit, Entries, Expect, Host as _, Key, MemoryStore, Query, Record, Rev, Write,
};
use serde_json::json;

use crate::support::keeper::current;
use crate::support::phone::with_temporary_key;
use crate::support::prelude::APPLICATION;
use crate::support::recovery::{everything, printer};
use crate::support::town::push_credentials;
use crate::support::{Ask, Clock, Dice, Factors, Phone, Town, World, engine};

/// Version, number of the key, and nonce.
const HEADER: usize = 17;
/// Behind the text.
const TAG: usize = 16;

/// Kinds of sealed secrets, by collection and length, and how many there are at least.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("activation", "server_private"),
    ("activation", "keys"),
    ("application", "master_private"),
    ("application_version", "secret"),
    ("callbacks", "authentication"),
    ("operation", "totp_seed"),
    ("operation", "number"),
    ("recovery_code", "puk"),
    ("recovery_config", "private"),
    ("temporary_key", "private"),
    ("token", "secret"),
    ("push_settings", "apns"),
    ("push_settings", "fcm"),
];

/// Where a sealed secret is.
#[derive(Clone, Debug)]
pub(super) struct Sealed {
    pub(super) key: Key,
    pub(super) at: Range<usize>,
}

/// Byte strings of a body that begin as what the key `id` sealed.
pub(super) fn find(body: &[u8], id: u32) -> Vec<Range<usize>> {
    let [a, b, c, d] = id.to_be_bytes();
    let mark = [1, a, b, c, d];
    let mut found = Vec::new();
    for at in 3..body.len().saturating_sub(HEADER + TAG) {
        if !body[at..].starts_with(&mark) {
            continue;
        }
        // The length of a byte string in CBOR stands in front of it.
        let length = match body[at - 3..at] {
            [_, 0x58, length] => usize::from(length),
            [0x59, high, low] => usize::from(u16::from_be_bytes([high, low])),
            _ => continue,
        };
        if length > HEADER + TAG && at + length <= body.len() {
            found.push(at..at + length);
        }
    }
    found
}

pub(super) fn all_sealed(records: &[Record]) -> Vec<Sealed> {
    let of_record = |record: &Record| {
        let key = record.key.clone();
        let found = find(&record.body, current().id).into_iter();
        found
            .map(move |at| Sealed { key: key.clone(), at })
            .collect::<Vec<_>>()
    };
    let ours = records
        .iter()
        .filter(|it| COLLECTIONS.contains(&it.key.collection));
    ours.flat_map(of_record).collect()
}

/// Which of [`KINDS`] it is: in the order in which a record has them.
pub(super) fn kind(sealed: &Sealed, all: &[Sealed]) -> (&'static str, &'static str) {
    let of_collection = || KINDS.iter().filter(|(name, _)| *name == sealed.key.collection.0);
    let lengths: BTreeSet<usize> = all
        .iter()
        .filter(|it| it.key.collection == sealed.key.collection)
        .map(|it| it.at.len())
        .collect();
    if of_collection().count() == 1 {
        return *of_collection().next().unwrap();
    }
    // Of collections with two kinds the lengths differ.
    assert_eq!(
        lengths.len(),
        of_collection().count(),
        "{:?}: {lengths:?}",
        sealed.key
    );
    let longer = sealed.at.len() == *lengths.last().unwrap();
    let name = match (sealed.key.collection.0, longer) {
        ("activation", true) => "keys",
        ("activation", false) => "server_private",
        ("operation", true) => "totp_seed",
        ("operation", false) => "number",
        ("push_settings", true) => "fcm",
        _ => "apns",
    };
    *of_collection().find(|it| it.1 == name).unwrap()
}

/// A town with two records of each kind at least, and requests that use what the town has not.
pub(super) struct Place {
    pub(super) town: Town,
    pub(super) store: MemoryStore,
    asks: Vec<Ask>,
}

impl Place {
    pub(super) fn build() -> Self {
        let town = Town::build();
        let store = Arc::new(town.store());
        let clock = Clock::new(5_000, town.clock().now());
        let world = World::with(engine(), store.clone(), clock);
        let shop = world.application("shop", ProtocolVersion::V3_2);
        Phone::activate(&world, &shop, "sam", 61).token(&world, "login", Factors::Possession);
        world
            .rest("/recovery/config/update", &everything("shop", &printer()))
            .ok();
        for mut credentials in push_credentials() {
            credentials["applicationId"] = json!("shop");
            let ask = Ask {
                method: "POST".to_owned(),
                path: "/admin/push-credentials".to_owned(),
                headers: vec![("Content-Type", "application/json".to_owned())],
                body: credentials.to_string().into_bytes(),
            };
            world.ask(&ask).ok();
        }
        let mut asks = Vec::new();
        for (application, word) in [
            (APPLICATION, "word-of-bank"),
            (APPLICATION, "word-of-core"),
            ("shop", "word-of-shop"),
        ] {
            let url = json!({
                "applicationId": application, "name": word, "type": "OPERATION_STATUS_CHANGE",
                "callbackUrl": "http://localhost/", "attributes": ["status"],
                "authentication": { "httpBasic": { "enabled": true, "username": "u", "password": word } },
            });
            world.rest("/application/callback/create", &url).ok();
        }
        for more in [
            "proximityCheckEnabled",
            "proximityCheckEnabled",
            "numberMatching",
            "numberMatching",
        ] {
            let operation = json!({
                "userId": "user0", "applicationId": APPLICATION, "templateName": "login", more: true,
            });
            let made = world.rest("/operation/create", &operation).ok();
            asks.push(Ask::rest(
                "/operation/detail",
                &json!({ "operationId": made["id"] }),
            ));
        }
        for seed in [71, 72] {
            let mut rng = Dice::new(seed);
            let bank = with_temporary_key(&world, new_version(&world), &mut rng);
            let init = json!({ "userId": "tess", "applicationId": APPLICATION });
            let init = world.rest("/activation/init", &init).ok();
            let code = bank
                .read_activation_code(init["activationCode"].as_str().unwrap())
                .unwrap();
            let call = bank.activate(
                &Credentials::code(&code.code),
                &Installation::default(),
                world.now() + 1,
                &mut rng,
            );
            asks.push(Ask::from(&call.unwrap().request));
        }
        let store = MemoryStore::clone(&store);
        Self { town, store, asks }
    }

    pub(super) fn asks(&self) -> impl Iterator<Item = &Ask> {
        self.town.asks.iter().chain(&self.asks)
    }

    /// A copy with other bodies.
    pub(super) fn with(&self, changed: Vec<(Key, Vec<u8>)>) -> Arc<MemoryStore> {
        let store = self.store.clone();
        for (number, (key, body)) in changed.into_iter().enumerate() {
            replace(&store, number, key, body);
        }
        Arc::new(store)
    }
}

/// The bank's application, for phones of version 3.3.
fn new_version(world: &World) -> Application {
    let detail = json!({ "applicationId": APPLICATION });
    let detail = world.rest("/application/detail", &detail).ok();
    let config = detail["versions"][0]["mobileSdkConfig"].as_str().unwrap();
    let application = Application::from_sdk_config(config).unwrap();
    application.with_version(ProtocolVersion::V3_3)
}

fn record(store: &MemoryStore, key: &Key) -> Record {
    match store.read_now(&[Query::Get(key.clone())]).pop() {
        Some(Got::Record(Some(record))) => record,
        other => panic!("{other:?}"),
    }
}

/// Puts another body into a row, through the port, as somebody would who can write to the database.
fn replace(store: &MemoryStore, number: usize, key: Key, body: Vec<u8>) {
    let old = record(store, &key);
    let batch = Batch {
        rev: Rev([200 + u8::try_from(number).unwrap(); 16]),
        writes: vec![Write::Put {
            key,
            expect: Expect::At(old.rev),
            body,
            entries: Entries::Keep,
            expires_at: old.expires_at,
        }],
    };
    assert_eq!(store.commit_now(&batch), Commit::Applied);
}

/// Names and changed bodies.
pub(super) type Change = (&'static str, Vec<(Key, Vec<u8>)>);

fn body(store: &MemoryStore, sealed: &Sealed) -> Vec<u8> {
    record(store, &sealed.key).body
}

/// One bit in each part of what is sealed.
pub(super) fn flipped(store: &MemoryStore, sealed: &Sealed) -> Vec<Change> {
    let Range { start, end } = sealed.at;
    let parts = [
        ("format", start, 1),
        ("number of the key", start + 4, 4),
        ("nonce", start + 5, 0x80),
        ("first byte", start + HEADER, 1),
        ("last byte", end - TAG - 1, 0x40),
        ("tag", end - 1, 1),
    ];
    let change = |(name, at, bit): (&'static str, usize, u8)| {
        let mut body = body(store, sealed);
        body[at] ^= bit;
        (name, vec![(sealed.key.clone(), body)])
    };
    parts.into_iter().map(change).collect()
}

/// Exchanged with another of the same length, in another row, another field, or another collection.
pub(super) fn moved(store: &MemoryStore, sealed: &Sealed, all: &[Sealed]) -> Vec<Change> {
    let fits = |other: &&Sealed| {
        other.at.len() == sealed.at.len() && (&other.key, other.at.start) != (&sealed.key, sealed.at.start)
    };
    let change = |other: &Sealed| {
        let (mut here, mut there) = (body(store, sealed), body(store, other));
        let (mine, theirs) = (here[sealed.at.clone()].to_vec(), there[other.at.clone()].to_vec());
        if sealed.key == other.key {
            here[sealed.at.clone()].copy_from_slice(&theirs);
            here[other.at.clone()].copy_from_slice(&mine);
            return ("within its row", vec![(sealed.key.clone(), here)]);
        }
        here[sealed.at.clone()].copy_from_slice(&theirs);
        there[other.at.clone()].copy_from_slice(&mine);
        let name = if sealed.key.collection == other.key.collection {
            "with another row"
        } else {
            "with another collection"
        };
        (name, vec![(sealed.key.clone(), here), (other.key.clone(), there)])
    };
    // The nearest of its collection and of others.
    let (same, others): (Vec<&Sealed>, Vec<&Sealed>) = all
        .iter()
        .filter(fits)
        .partition(|other| other.key.collection == sealed.key.collection);
    same.into_iter()
        .take(2)
        .chain(others.into_iter().take(2))
        .map(change)
        .collect()
}
