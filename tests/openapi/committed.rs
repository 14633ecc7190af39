//! The committed documents, and what generators need of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign::api::openapi::documents;
use countersign::api::{Api, Dialect};
use serde_json::Value;

use crate::support;

#[test]
fn committed_documents_are_those_of_the_tables() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi");
    let mut expected = BTreeSet::new();
    for document in documents() {
        let name = format!("{}.json", document.name);
        let committed = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(
            committed == document.text(),
            "docs/openapi/{name} is not what the tables say: run `cargo xtask openapi`"
        );
        expected.insert(name);
    }
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, expected);
}

/// Every row of every dialect has its operation, and there are no others.
#[test]
fn every_row_has_an_operation() {
    let mut operations = BTreeSet::new();
    for document in documents() {
        for (path, item) in document.json["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                operations.insert((method.to_uppercase(), path.clone()));
            }
        }
    }
    let mut rows = BTreeSet::new();
    for dialect in Dialect::ALL {
        let api = Api::new(support::engine()).with_dialect(dialect);
        let row = |row: &countersign::api::Endpoint| (row.method.to_owned(), row.path.to_owned());
        rows.extend(api.endpoints().iter().map(row));
    }
    println!("{} operations", operations.len());
    assert_eq!(operations, rows);
}

/// Calls `look` for every object inside.
fn walk<'a>(value: &'a Value, look: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            look(members);
            members.values().for_each(|it| walk(it, look));
        }
        Value::Array(items) => items.iter().for_each(|it| walk(it, look)),
        _ => {}
    }
}

#[test]
fn references_lead_somewhere_and_nothing_lies_about() {
    for document in documents() {
        let mut used = BTreeSet::new();
        walk(&document.json, &mut |object| {
            if let Some(Value::String(to)) = object.get("$ref") {
                let found = document.json.pointer(to.strip_prefix('#').unwrap());
                assert!(found.is_some(), "{}: {to} does not exist", document.name);
                used.insert(to.clone());
            }
        });
        for kind in ["schemas", "responses"] {
            for name in document.json["components"][kind].as_object().unwrap().keys() {
                let unused = !used.contains(&format!("#/components/{kind}/{name}"));
                assert!(!unused, "{}: nothing refers to {kind} {name}", document.name);
            }
        }
    }
}

/// Names become types of other languages: unique also where case does not count, letters and digits only, none made up.
#[test]
fn names_are_good_in_other_languages() {
    for document in documents() {
        let components = document.json["components"]["schemas"].as_object().unwrap();
        let mut lower = BTreeSet::new();
        for name in components.keys() {
            let plain = name.chars().all(|it| it.is_ascii_alphanumeric());
            assert!(plain && name.starts_with(|it: char| it.is_uppercase()), "{name}");
            assert!(lower.insert(name.to_lowercase()), "{name} differs only in case");
        }
        for (name, schema) in components {
            let mut members = BTreeSet::new();
            for member in schema["properties"]
                .as_object()
                .into_iter()
                .flat_map(|it| it.keys())
            {
                let plain = member.replace('_', "").to_lowercase();
                assert!(members.insert(plain), "{name} has two members like {member}");
            }
        }
        let mut ids = BTreeMap::new();
        walk(&document.json["paths"], &mut |object| {
            if let Some(Value::String(id)) = object.get("operationId") {
                *ids.entry(id.clone()).or_insert(0) += 1;
                assert!(
                    object["summary"].as_str().is_some_and(|it| !it.is_empty()),
                    "{id}"
                );
            }
        });
        let twice: Vec<_> = ids.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", document.name);
    }
}

/// Names of functions and links mean nothing to readers of a document.
#[test]
fn descriptions_are_sentences_for_callers() {
    let mut described = 0;
    for document in documents() {
        walk(&document.json, &mut |object| {
            if let Some(Value::String(text)) = object.get("description") {
                described += 1;
                for odd in ["[`", "`]", "crate::", "](", "Some("] {
                    assert!(!text.contains(odd), "{}: {text:?}", document.name);
                }
            }
        });
        for (name, schema) in document.json["components"]["schemas"].as_object().unwrap() {
            assert!(
                schema["description"].is_string(),
                "{}: {name} says nothing",
                document.name
            );
        }
    }
    println!("{described} descriptions");
}
