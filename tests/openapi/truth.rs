//! Requests of the town, answers and refusals against the documents.

use std::collections::{BTreeMap, BTreeSet};

use countersign::api::openapi::{Document, documents};
use serde_json::{Value, json};

use crate::schema::Judge;
use crate::support::town::fits;
use crate::support::{Answer, Ask, Town, World};

/// The documents of the default dialect.
struct Book {
    documents: Vec<Document>,
}

/// An operation and the document that it is in.
struct Entry<'a> {
    document: &'a Value,
    operation: &'a Value,
}

impl Book {
    fn new() -> Self {
        let mut documents = documents();
        documents.retain(|it| !it.name.starts_with("mobile-"));
        Self { documents }
    }

    fn entry(&self, ask: &Ask) -> Entry<'_> {
        let (method, path) = ask.row();
        let path_of = |document: &Document| {
            let paths = document.json["paths"].as_object().unwrap();
            let fitting = || paths.keys().find(|template| fits(template, path));
            paths
                .get_key_value(path)
                .map(|(path, _)| path)
                .or_else(fitting)
                .cloned()
        };
        let mut found = self.documents.iter().filter_map(|it| Some((it, path_of(it)?)));
        let (document, path) = found.next().unwrap();
        let document = &document.json;
        let operation = &document["paths"][&path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path}");
        Entry { document, operation }
    }
}

impl Entry<'_> {
    fn judge(&self, open: bool) -> Judge<'_> {
        Judge {
            document: self.document,
            open,
        }
    }

    fn id(&self) -> &str {
        self.operation["operationId"].as_str().unwrap()
    }

    /// The schema of a JSON request.
    fn request(&self) -> Option<&Value> {
        self.operation["requestBody"]["content"]["application/json"].get("schema")
    }

    /// What is wrong with an answer.
    fn faults(&self, answer: &Answer) -> Vec<String> {
        let Some(mut response) = self.operation["responses"].get(answer.status.to_string()) else {
            return vec![format!("status {} is not described", answer.status)];
        };
        let judge = self.judge(false);
        if let Some(reference) = response.get("$ref") {
            response = judge.resolve(reference);
        }
        let schema = &response["content"]["application/json"]["schema"];
        let mut faults = judge.faults(schema, &answer.json());
        if let Some(codes) = response["x-codes"].as_array()
            && !codes.contains(&json!(answer.code()))
        {
            faults.push(format!("{} {} is not described", answer.status, answer.code()));
        }
        faults
    }
}

fn ask_in_copy(town: &Town, ask: &Ask) -> Answer {
    let world = World::over(town.store());
    world.host.set(countersign::store::Host::now(&town.clock()));
    world.ask(ask)
}

fn verdict(wrong: &BTreeSet<String>) {
    let lines: Vec<&str> = wrong.iter().take(60).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), lines.join("\n"));
}

/// Every request that succeeds fits, and so does its answer.
#[test]
fn requests_and_answers_fit() {
    let (town, book) = (Town::build(), Book::new());
    let mut wrong = BTreeSet::new();
    let (mut requests, mut answers) = (0, 0);
    for ask in &town.asks {
        let entry = book.entry(ask);
        let mut tell = |what: &str, faults: Vec<String>| {
            wrong.extend(
                faults
                    .iter()
                    .map(|fault| format!("{} {what}: {fault}", entry.id())),
            );
        };
        if let Some(schema) = entry.request()
            && !ask.body.is_empty()
        {
            let mut body: Value = serde_json::from_slice(&ask.body).unwrap();
            if ask.path == "/inbox/messages" {
                // Taken with or without; the document shows it like all others.
                body = json!({ "requestObject": body });
            }
            tell("request", entry.judge(false).faults(schema, &body));
            requests += 1;
        }
        let answer = ask_in_copy(&town, ask);
        assert_eq!(answer.status, 200, "{}: {}", entry.id(), answer.json());
        tell("answer", entry.faults(&answer));
        answers += 1;
    }
    println!("{requests} requests and {answers} answers fit the documents");
    verdict(&wrong);
}

/// The request with other members of its object.
fn with(ask: &Ask, object: &Value) -> Ask {
    Ask {
        body: json!({ "requestObject": object }).to_string().into_bytes(),
        ..ask.clone()
    }
}

/// Members that one of several operations with the same request needs, or only some requests: no schema can demand them.
const NEEDED_SOMETIMES: &[(&str, &str, &str)] = &[
    (
        "addActivationFlags",
        "activationFlags",
        "the list of flags has the same request",
    ),
    ("removeActivationFlags", "activationFlags", "as above"),
    ("updateActivationFlags", "activationFlags", "as above"),
    (
        "updateActivationOtp",
        "activationOtp",
        "the commit has the same request",
    ),
    (
        "prepareActivation",
        "activationCode",
        "createActivation has the same request",
    ),
    (
        "createActivation",
        "userId",
        "prepareActivation has the same request",
    ),
    (
        "createOperationTemplate",
        "templateName",
        "the update has the same request",
    ),
    (
        "updateOperationTemplate",
        "id",
        "the creation has the same request",
    ),
    (
        "createCallbackUrl",
        "applicationId",
        "the update has the same request",
    ),
    ("createCallbackUrl", "type", "as above"),
    ("updateCallbackUrl", "id", "the creation has the same request"),
    ("updateCallbackUrl", "applicationId", "as above"),
    ("createOperation", "applicationId", "or applications"),
    ("findAllOperationsForUser", "applications", "or applicationId"),
    ("findPendingOperationsForUser", "applications", "or applicationId"),
    (
        "findAllOperationsByExternalID",
        "applications",
        "or applicationId",
    ),
    ("lookupRecoveryCodes", "userId", "or activationId"),
];

/// Envelopes of protocol 3.0 have neither, those of 3.1 no time.
const NEEDED_BY_VERSION: [&str; 2] = ["nonce", "timestamp"];

/// A member of a request of the server API is refused when it is missing exactly where the schema demands it. With every
/// member missing, of a wrong type, or of a value that no schema allows, the refusal fits the document.
#[test]
fn members_are_required_where_the_schema_says_so() {
    let (town, book) = (Town::build(), Book::new());
    let mut wrong = BTreeSet::new();
    let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut tried, mut refused) = (0, 0);
    let server = |ask: &&Ask| ask.path.starts_with("/rest/v3/") || ask.path.starts_with("/inbox/");
    for ask in town.asks.iter().filter(server) {
        let entry = book.entry(ask);
        let Some(schema) = entry.request() else {
            continue;
        };
        let judge = entry.judge(false);
        let schema = match schema.get("$ref") {
            Some(reference) => judge.resolve(reference),
            None => schema,
        };
        let object = &schema["properties"]["requestObject"];
        let body: Value = serde_json::from_slice(&ask.body).unwrap();
        let Some(sent) = body.get("requestObject").unwrap_or(&body).as_object() else {
            continue;
        };
        for name in sent.keys() {
            let mut without = sent.clone();
            without.remove(name);
            let answer = ask_in_copy(&town, &with(ask, &Value::Object(without.clone())));
            tried += 1;
            let demanded = !judge.faults(object, &Value::Object(without)).is_empty();
            let is_refused = answer.status != 200;
            if is_refused {
                refused += 1;
                needed
                    .entry(object["$ref"].to_string())
                    .or_default()
                    .insert(name.clone());
            }
            let sometimes = NEEDED_SOMETIMES
                .iter()
                .any(|(id, member, _)| *id == entry.id() && *member == name)
                || (sent.contains_key("mac") && NEEDED_BY_VERSION.contains(&&**name));
            if demanded != is_refused && !sometimes {
                wrong.insert(format!(
                    "{} without {name}: {} {}, the schema demands it: {demanded}",
                    entry.id(),
                    answer.status,
                    answer.code()
                ));
            }
            wrong.extend(
                entry
                    .faults(&answer)
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", entry.id())),
            );
            for other in [
                json!([]),
                json!({}),
                json!(""),
                json!("?"),
                json!(-1),
                json!("x".repeat(300)),
            ] {
                let mut changed = sent.clone();
                changed.insert(name.clone(), other);
                let answer = ask_in_copy(&town, &with(ask, &Value::Object(changed)));
                tried += 1;
                refused += usize::from(answer.status != 200);
                wrong.extend(
                    entry
                        .faults(&answer)
                        .into_iter()
                        .map(|fault| format!("{}: {fault}", entry.id())),
                );
            }
        }
    }
    println!("{tried} requests, {refused} of them refused");
    if !wrong.is_empty() {
        for (object, members) in &needed {
            println!("{object}: {members:?}");
        }
    }
    verdict(&wrong);
}

/// Refusals of all rows: without credentials, without headers, with bodies that are none.
#[test]
fn refusals_fit() {
    let (town, book) = (Town::build(), Book::new());
    let mut wrong = BTreeSet::new();
    let mut refused: BTreeMap<u16, usize> = BTreeMap::new();
    for ask in &town.asks {
        let entry = book.entry(ask);
        let bare = Ask {
            headers: Vec::new(),
            ..ask.clone()
        };
        let mut cases = vec![bare];
        for body in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"requestObject":{}}"#,
            r#"{"requestObject":[]}"#,
        ] {
            cases.push(Ask {
                body: body.as_bytes().to_vec(),
                ..ask.clone()
            });
        }
        cases.push(Ask {
            body: "[".repeat(100).into_bytes(),
            ..ask.clone()
        });
        cases.push(Ask {
            body: vec![b' '; 70_000],
            ..ask.clone()
        });
        let mut long = ask.clone();
        long.headers.push(("X-Long", "x".repeat(10_000)));
        cases.push(long);
        for case in cases {
            let answer = ask_in_copy(&town, &case);
            *refused.entry(answer.status).or_default() += 1;
            wrong.extend(
                entry
                    .faults(&answer)
                    .into_iter()
                    .map(|fault| format!("{}: {fault}", entry.id())),
            );
        }
    }
    println!("answers by status: {refused:?}");
    verdict(&wrong);
}
