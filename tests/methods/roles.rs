//! Roles of an application in the answers of verifications, which read a copy of them.

use countersign::crypto::version::ProtocolVersion;
use countersign::model::application::{APPLICATION_VERSION, ApplicationVersion, COPIES};
use countersign::store::{
    Answer, Batch, Commit, Entity, Entries, Expect, Key, MemoryStore, Query, Record, Rev, Write,
};
use serde_json::{Value, json};

use crate::support::{Factors, Phone, World};

/// Roles that a verified signature names.
fn told(world: &World, phone: &mut Phone) -> Value {
    let verified = world.ask(&phone.login(Factors::Pin).ask()).ok();
    assert_eq!(verified["signatureValid"], true);
    verified["applicationRoles"].clone()
}

fn change(world: &World, how: &str, roles: &Value) {
    let request = json!({ "applicationId": "bank", "applicationRoles": roles });
    world.rest(&format!("/application/roles/{how}"), &request).ok();
}

fn record(world: &World, key: &str) -> Record {
    let query = Query::Get(Key::new(APPLICATION_VERSION, key));
    match pollster::block_on(world.store.read(&[query])).unwrap().pop() {
        Some(Answer::Record(Some(record))) => record,
        other => panic!("{other:?}"),
    }
}

/// The record as versions of this library wrote it that knew no copies.
fn made_old(world: &World, key: &str) {
    let record = record(world, key);
    let mut version = ApplicationVersion::decode(&record.body).unwrap();
    assert!(version.roles.is_some());
    version.roles = None;
    let batch = Batch {
        rev: Rev([3; 16]),
        writes: vec![Write::Put {
            key: record.key,
            expect: Expect::At(record.rev),
            body: version.encode(),
            entries: Entries::Keep,
            expires_at: None,
        }],
    };
    assert_eq!(
        pollster::block_on(world.store.commit(&batch)).unwrap(),
        Commit::Applied
    );
}

#[test]
fn verifications_name_the_roles_of_now() {
    let world = World::over(MemoryStore::new());
    let application = world.application("bank", ProtocolVersion::V3_2);
    let mut phone = Phone::activate(&world, &application, "user0", 1);
    assert_eq!(told(&world, &mut phone), json!([]));
    change(&world, "update", &json!(["B", "A"]));
    assert_eq!(told(&world, &mut phone), json!(["A", "B"]));
    change(&world, "create", &json!(["C"]));
    assert_eq!(told(&world, &mut phone), json!(["A", "B", "C"]));
    made_old(&world, application.key());
    assert_eq!(told(&world, &mut phone), json!(["A", "B", "C"]));
    change(&world, "remove", &json!(["A"]));
    assert_eq!(told(&world, &mut phone), json!(["B", "C"]));
}

#[test]
fn any_number_of_versions() {
    let world = World::over(MemoryStore::new());
    world.application("bank", ProtocolVersion::V3_2);
    change(&world, "update", &json!(["A"]));
    let mut keys = Vec::new();
    for number in 0..COPIES + 5 {
        let request = json!({ "applicationId": "bank", "applicationVersionId": format!("v{number}") });
        let made = world.rest("/application/version/create", &request).ok();
        keys.push(made["applicationKey"].as_str().unwrap().to_owned());
    }
    let copies = || {
        let roles = |key: &String| {
            ApplicationVersion::decode(&record(&world, key).body)
                .unwrap()
                .roles
        };
        keys.iter().filter_map(roles).collect::<Vec<_>>()
    };
    // The first version of all came with the application.
    assert_eq!(copies(), vec![vec!["A".to_owned()]; COPIES - 1]);
    change(&world, "update", &json!(["B"]));
    assert_eq!(copies(), vec![vec!["B".to_owned()]; COPIES - 1]);
}
