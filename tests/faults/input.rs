//! Bad input: every row of the endpoint tables, each with what is not JSON, too deep, too large, of a
//! wrong type, of an unknown name, empty or huge. It is never the server's fault (no 5xx, no panic), it
//! gets the documented error, and a refusal leaves the records bit for bit as they were; only who signs
//! bad input pays for the signature.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign::api::Api;
use countersign::client::SignRequest;
use countersign::crypto::header::{AUTHORIZATION_HEADER, AuthorizationHeader, TOKEN_HEADER};
use countersign::crypto::signature::SignatureType;
use countersign::store::{MemoryStore, Record};
use serde_json::{Value, json};

use crate::drive::{self, Plan};
use crate::support::{Answer, Ask, Factors, Town, World};

const UNREADABLE: (u16, &str) = (400, "ERROR_HTTP_REQUEST");
const TOO_LARGE: (u16, &str) = (413, "ERROR_REQUEST_TOO_LARGE");
const NO_OBJECT: (u16, &str) = (400, "ERR0024");
/// Bytes that a body may have.
const LIMIT: usize = 64 * 1024;

/// What a refused request may leave behind when it was signed or carried a token: the used counter or
/// nonce, the failed attempt, the attempt of the operation, and who is told of it.
const COUNTED: [&str; 6] = ["activation", "event", "journal", "operation", "receipt", "replay"];

/// What a wrong PUK leaves behind: an attempt of the recovery code, and the envelope that it came in.
const WRONG_PUK: [&str; 3] = ["journal", "recovery_code", "replay"];

/// Where requests are sent: a copy of the town, replaced whenever one has changed it.
struct Desk<'a> {
    town: &'a Town,
    api: Arc<Api>,
    store: MemoryStore,
    before: Vec<Record>,
    tried: usize,
    refused: usize,
    /// What should not have been, all of it: one run tells everything.
    wrong: Vec<String>,
}

impl<'a> Desk<'a> {
    fn new(town: &'a Town) -> Self {
        Self {
            town,
            api: World::over(MemoryStore::new()).api,
            store: town.store(),
            before: town.store().records(),
            tried: 0,
            refused: 0,
            wrong: Vec::new(),
        }
    }

    fn send(&mut self, ask: &Ask, case: &str) -> Answer {
        let answer = drive::run(&self.api, &self.store, &self.town.clock(), ask, Plan::none()).answer;
        self.tried += 1;
        let after = self.store.records();
        let known = |record: &Record| {
            let at = self.before.binary_search_by(|it| it.key.cmp(&record.key));
            at.is_ok_and(|at| self.before[at] == *record)
        };
        let changed: BTreeSet<&str> = after
            .iter()
            .filter(|record| !known(record))
            .map(|record| record.key.collection.0)
            .collect();
        self.expect(answer.status < 500, ask, case, &answer);
        if answer.status >= 400 {
            self.refused += 1;
            let authenticated = [AUTHORIZATION_HEADER, TOKEN_HEADER]
                .iter()
                .any(|name| header(ask, name).is_some());
            let allowed: &[&str] = match &*ask.path {
                _ if authenticated => &COUNTED,
                "/rest/v3/activation/recovery/create" => &WRONG_PUK,
                _ => &[],
            };
            let case = format!("{case}, which changes {changed:?}");
            self.expect(
                changed.iter().all(|collection| allowed.contains(collection)),
                ask,
                &case,
                &answer,
            );
            self.expect(!answer.code().is_empty(), ask, &case, &answer);
        }
        if !changed.is_empty() || after.len() != self.before.len() {
            self.store = self.town.store();
        }
        answer
    }

    fn expect(&mut self, holds: bool, ask: &Ask, case: &str, answer: &Answer) {
        if !holds {
            let text: String = String::from_utf8_lossy(&answer.body).chars().take(120).collect();
            let line = format!("{} {}, {case}: {} {text}", ask.method, ask.path, answer.status);
            self.wrong.push(line);
        }
    }

    /// Sends it; the answer must be this refusal.
    fn refuse(&mut self, ask: &Ask, case: &str, expected: (u16, &str)) {
        let answer = self.send(ask, case);
        let fits = (answer.status, &*answer.code()) == expected;
        self.expect(fits, ask, &format!("{case} should be {expected:?}"), &answer);
    }

    fn verdict(&self) {
        let shown = self.wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} wrong:\n{shown}", self.wrong.len());
    }
}

fn header<'a>(ask: &'a Ask, name: &str) -> Option<&'a str> {
    let found = ask
        .headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| &**value)
}

/// The request with another body; where it is signed, signed anew.
fn with_body(town: &Town, ask: &Ask, body: &[u8]) -> Ask {
    let mut other = ask.clone();
    other.body = body.to_vec();
    let Some(old) = header(ask, AUTHORIZATION_HEADER).map(|it| AuthorizationHeader::parse(it).unwrap())
    else {
        return other;
    };
    let mut phone = town.phone();
    if phone.id() != old.activation_id {
        return other;
    }
    let factors = match old.signature_type {
        SignatureType::Possession => Factors::Possession,
        SignatureType::PossessionBiometry => Factors::Biometry,
        _ => Factors::Pin,
    };
    let uri_id = ask
        .path
        .replace("/api/auth/token/app", "")
        .replace("/pa/v3", "/pa");
    let request = SignRequest {
        method: &ask.method,
        path: &ask.path,
        uri_id: &uri_id,
        body,
    };
    let signed = phone.with(factors, |device, authentication, rng| {
        device.sign(&request, authentication, rng)
    });
    other.headers = Ask::from(&signed.unwrap().assume_saved()).headers;
    let encryption = ask
        .headers
        .iter()
        .filter(|(name, _)| header(&other, name).is_none());
    other.headers.extend(encryption.cloned().collect::<Vec<_>>());
    other
}

fn is_server(ask: &Ask) -> bool {
    ask.path.starts_with("/rest/v3/")
}

/// `[[…]]` or `{"a":{"a":…}}`, so many of them in each other.
fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn bodies_that_are_no_requests() {
    let town = Town::build();
    let mut desk = Desk::new(&town);
    let (mut rows, mut ignoring) = (0, BTreeSet::new());
    for ask in town.asks.iter().filter(|ask| ask.method != "GET") {
        rows += 1;
        let with = |body: &[u8]| with_body(&town, ask, body);
        let deep = [
            nested("[", "]", 33),
            nested(r#"{"a":"#, "}", 33),
            format!(r#"{{"requestObject":{}}}"#, nested("[", "]", 32)),
            "[".repeat(10_000),
        ];
        for body in deep {
            desk.refuse(&with(body.as_bytes()), "too deep", UNREADABLE);
        }
        let huge = json!({ "requestObject": { "userId": "x".repeat(1024 * 1024) } });
        let padded = format!("{{}}{}", " ".repeat(LIMIT - 1));
        for body in [huge.to_string(), padded] {
            desk.refuse(&with(body.as_bytes()), "too large", TOO_LARGE);
        }
        let broken: [&[u8]; 9] = [
            b"",
            b" ",
            b"{",
            b"\xFF\xFE",
            b"text",
            b"null",
            b"[]",
            b"7",
            br#"{"requestObject":{}}x"#,
        ];
        let missing: [&[u8]; 2] = [b"{}", br#"{"requestObject":null}"#];
        let wrong: [&[u8]; 5] = [
            br#"{"requestObject":[]}"#,
            br#"{"requestObject":[{}]}"#,
            br#"{"requestObject":"text"}"#,
            br#"{"requestObject":7}"#,
            br#"{"requestObject":true}"#,
        ];
        let name = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
        let ignored = is_server(ask) && desk.send(&with(b"{}"), "an empty object").status == 200;
        for (bodies, expected) in [
            (&broken[..], UNREADABLE),
            (&missing, NO_OBJECT),
            (&wrong, UNREADABLE),
        ] {
            for body in bodies {
                match (is_server(ask), ignored) {
                    (true, false) => desk.refuse(&with(body), &name(body), expected),
                    // A row that needs no request looks at none.
                    (true, true) => {
                        let answer = desk.send(&with(body), &name(body));
                        desk.expect(answer.status == 200, ask, &name(body), &answer);
                    }
                    (false, _) => drop(desk.send(&with(body), &name(body))),
                }
            }
        }
        if ignored {
            ignoring.insert(ask.path.clone());
        } else if is_server(ask) {
            for kind in [None, Some("text/plain"), Some("application/jsonx")] {
                let mut other = ask.clone();
                other.headers = kind
                    .map(|kind| ("Content-Type", kind.to_owned()))
                    .into_iter()
                    .collect();
                desk.refuse(&other, "another media type", (415, "ERROR_MEDIA_TYPE"));
            }
        }
    }
    println!(
        "{rows} rows, {} bodies; these look at none: {ignoring:?}",
        desk.tried
    );
    desk.verdict();
    assert!(rows >= 80 && ignoring.len() <= 8 && desk.tried >= 1_500);
}

/// Paths to all values inside `value`, as JSON pointers.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, it)| (at.to_string(), it))
            .collect(),
        _ => Vec::new(),
    };
    for (name, it) in inner {
        let path = format!("{path}/{name}");
        places(it, &path, found);
        found.push(path);
    }
}

/// What an attribute may hold instead of what it should.
fn bad_values() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "x",
        "\u{0}\u{1F600}'\"<%s",
        "NO_SUCH_NAME",
        "-1",
        "1e999",
    ];
    let mut values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    // As long as attributes may be, longer, and as long as a body can hold; also in four bytes each.
    values.extend([255, 256, 60_000].map(|length| json!("x".repeat(length))));
    values.push(json!("\u{1F600}".repeat(255)));
    values.extend([
        json!(null),
        json!(true),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(1e300),
    ]);
    values.extend([
        json!(i64::MAX),
        json!(u64::MAX),
        json!([]),
        json!([null]),
        json!(["x"]),
        json!({}),
    ]);
    values
}

/// A value that is neither a text, a number nor a flag, and no list of these.
fn misfit() -> Value {
    json!({ "a": [{ "b": 1 }] })
}

/// The JSON body of a request, and the path to its attributes.
fn attributes(ask: &Ask) -> Option<(Value, &'static str)> {
    let body: Value = serde_json::from_slice(&ask.body).ok()?;
    let within = if body.get("requestObject").is_some() {
        "/requestObject"
    } else {
        ""
    };
    body.pointer(within)?.is_object().then_some((body, within))
}

#[test]
fn attributes_of_another_kind() {
    let town = Town::build();
    let mut desk = Desk::new(&town);
    let asks = || town.asks.iter().filter(|ask| ask.method != "GET");
    let names: BTreeSet<String> = asks()
        .filter(|ask| is_server(ask))
        .filter_map(attributes)
        .filter_map(|(body, within)| body.pointer(within).and_then(Value::as_object).cloned())
        .flat_map(|object| object.into_iter().map(|(name, _)| name))
        .collect();
    let mut replaced = 0;
    for ask in asks() {
        let Some((body, within)) = attributes(ask) else {
            continue;
        };
        let mut found = Vec::new();
        places(body.pointer(within).unwrap(), within, &mut found);
        for path in found {
            let send = |desk: &mut Desk<'_>, value: Value| {
                let mut other = body.clone();
                let shown: String = value.to_string().chars().take(40).collect();
                *other.pointer_mut(&path).unwrap() = value;
                let ask = with_body(&town, ask, other.to_string().as_bytes());
                desk.send(&ask, &format!("{path} = {shown}"))
            };
            for value in bad_values() {
                send(&mut desk, value);
            }
            let answer = send(&mut desk, misfit());
            let scalar = !matches!(body.pointer(&path), Some(Value::Object(_) | Value::Array(_)));
            if is_server(ask) && scalar && path.matches('/').count() == 2 {
                let fits = (answer.status, &*answer.code()) == UNREADABLE;
                desk.expect(fits, ask, &format!("{path} of a wrong type"), &answer);
            }
            replaced += 1;
        }
        // Attributes of other rows: ignored, or of a wrong type.
        for name in names.iter().filter(|_| is_server(ask)) {
            let mut other = body.clone();
            let object = other.pointer_mut(within).and_then(Value::as_object_mut).unwrap();
            if !object.contains_key(name) {
                object.insert(name.clone(), misfit());
                let ask = with_body(&town, ask, other.to_string().as_bytes());
                desk.send(&ask, &format!("{name} besides"));
            }
        }
    }
    println!(
        "{replaced} attributes, {} requests, {} refused",
        desk.tried, desk.refused
    );
    desk.verdict();
    assert!(replaced >= 250 && desk.tried >= 6_000 && desk.refused * 3 > desk.tried);
}

#[test]
fn headers_of_another_form() {
    let town = Town::build();
    let mut desk = Desk::new(&town);
    let mut headers = 0;
    for ask in town.asks.iter().filter(|ask| !is_server(ask)) {
        for (at, (name, value)) in ask.headers.iter().enumerate() {
            if !name.starts_with("X-PowerAuth") {
                continue;
            }
            headers += 1;
            let half = value.char_indices().nth(value.chars().count() / 2).unwrap().0;
            let forms = [
                String::new(),
                "PowerAuth".to_owned(),
                "Bearer x".to_owned(),
                value[..half].to_owned(),
                value.replace('"', ""),
                value.replace("version=\"3", "version=\"9"),
                format!("{value}{value}"),
                "x".repeat(8 * 1024),
            ];
            for form in forms {
                let mut other = ask.clone();
                let shown: String = form.chars().take(40).collect();
                other.headers[at].1 = form;
                let answer = desk.send(&other, &format!("{name}: {shown}"));
                desk.expect(answer.status >= 400, ask, &format!("{name}: {shown}"), &answer);
            }
            let mut twice = ask.clone();
            twice.headers.push((*name, value.clone()));
            let answer = desk.send(&twice, "a header twice");
            desk.expect(answer.status >= 400, ask, "a header twice", &answer);
            let mut large = ask.clone();
            large.headers[at].1 = "x".repeat(8 * 1024 + 1);
            desk.refuse(&large, "a large header", (431, "ERROR_HEADER_TOO_LARGE"));
        }
    }
    println!("{headers} headers, {} requests, all refused", desk.tried);
    desk.verdict();
    assert!(headers >= 15 && desk.refused == desk.tried);
}
