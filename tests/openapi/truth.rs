//! Requests of the town, answers and refusals against the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign::api::openapi::{Document, documents};
use countersign::api::{Api, Dialect};
use serde_json::{Value, json};

use crate::schema::Judge;
use crate::support::prelude::{APPLICATION, TOKEN};
use crate::support::town::fits;
use crate::support::{Answer, Ask, Town, World, engine};

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
        Self::of(Dialect::default())
    }

    fn of(dialect: Dialect) -> Self {
        let mobile = match dialect {
            Dialect::WebFlow => "mobile-web-flow",
            Dialect::EarlyEnrollment => "mobile-early-enrollment",
            Dialect::Enrollment => "mobile",
            Dialect::DeployedEnrollment => "mobile-deployed-enrollment",
        };
        let mut documents = documents();
        documents.retain(|it| !it.name.starts_with("mobile") || it.name == mobile);
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

/// A copy of the town, at the time of the requests.
fn copy(town: &Town) -> World {
    World::with(engine(), Arc::new(town.store()), town.clock())
}

fn ask_in_copy(town: &Town, ask: &Ask) -> Answer {
    copy(town).ask(ask)
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

/// What phones get in each dialect: of an operation with every kind of rows, of the inbox, and when they are refused.
#[test]
fn every_dialect_fits() {
    let town = Town::build();
    let mut wrong = BTreeSet::new();
    let (mut answers, mut refusals) = (0, 0);
    for dialect in Dialect::ALL {
        let book = Book::of(dialect);
        let api = Arc::new(Api::new(engine()).open_to_anybody().with_dialect(dialect));
        let fresh = || {
            let world = World {
                api: Arc::clone(&api),
                ..copy(&town)
            };
            show_all_kinds(&world);
            world
        };
        let served: BTreeSet<&str> = api.endpoints().iter().map(|row| row.path).collect();
        let mobile = |ask: &&Ask| ask.path.starts_with("/api/") && served.contains(ask.row().1);
        for ask in town.asks.iter().filter(mobile) {
            let entry = book.entry(ask);
            let without = Ask {
                headers: Vec::new(),
                ..ask.clone()
            };
            for (ask, what) in [(ask, "answer"), (&without, "refusal")] {
                let answer = fresh().ask(ask);
                let faults = entry.faults(&answer);
                wrong.extend(
                    faults
                        .into_iter()
                        .map(|fault| format!("{dialect:?} {} {what}: {fault}", entry.id())),
                );
                match answer.status {
                    200 => answers += 1,
                    _ => refusals += 1,
                }
            }
        }
        // The operation that show_all_kinds made is in the list, with all its rows.
        let world = fresh();
        let mut phone = town.phone();
        let list = phone
            .device
            .list_operations(TOKEN, world.now(), &mut phone.rng)
            .unwrap();
        let ask = Ask::from(&list.request);
        let answer = world.ask(&ask);
        wrong.extend(book.entry(&ask).faults(&answer));
        let kinds: BTreeSet<String> = answer.object().as_array().unwrap()[0]["formData"]["attributes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["type"].to_string())
            .collect();
        let expected = match dialect {
            Dialect::WebFlow | Dialect::EarlyEnrollment => 5,
            Dialect::Enrollment | Dialect::DeployedEnrollment => 8,
        };
        assert_eq!(kinds.len(), expected, "{dialect:?} {kinds:?}");
    }
    println!("{answers} answers and {refusals} refusals in all dialects");
    assert!(answers >= 40 && refusals >= 40);
    verdict(&wrong);
}

/// An operation of `user0` with a row of every kind.
fn show_all_kinds(world: &World) {
    let row = |kind: &str, params: Value| json!({ "id": kind, "type": kind, "text": kind, "params": params });
    let texts = json!([{
        "placeholder": "login", "language": "en", "title": "Title", "message": "Message",
        "resultTexts": { "success": "Done" },
        "attributes": [
            row("AMOUNT", json!({ "amount": "amount", "currency": "currency" })),
            row("AMOUNT_CONVERSION", json!({
                "dynamic": "yes", "sourceAmount": "amount", "sourceCurrency": "currency",
                "targetAmount": "amount", "targetCurrency": "currency",
            })),
            row("KEY_VALUE", json!({ "value": "text" })),
            row("NOTE", json!({ "note": "text" })),
            row("HEADING", json!({ "level": "level" })),
            row("ALERT", json!({ "type": "text", "title": "text", "message": "text" })),
            row("PARTY_INFO", json!({
                "logoUrl": "text", "name": "text", "description": "text", "websiteUrl": "text",
            })),
            row("IMAGE", json!({ "thumbnailUrl": "text", "originalUrl": "text" })),
        ],
    }]);
    let upload = Ask {
        method: "POST".to_owned(),
        path: "/admin/operation-texts".to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: texts.to_string().into_bytes(),
    };
    world.ask(&upload).ok();
    let operation = json!({
        "userId": "user0", "applicationId": APPLICATION, "templateName": "login",
        "parameters": {
            "amount": "12.50", "currency": "EUR", "yes": "true", "level": "2", "text": "https://example.com/",
        },
    });
    world.host.advance(1);
    world.rest("/operation/create", &operation).ok();
}
