//! Two answers to one request, the old server's and ours, compared member by member.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::http::deeper_than;

/// Deepest JSON that is looked at.
const DEPTH: usize = 32;
/// Differences of one answer that are told.
const TOLD: usize = 32;
/// Bytes of a place that are told.
const PLACE: usize = 120;

/// Errors about something that does not exist: activation, application, token, recovery code, template, operation.
const NOT_FOUND: [&str; 6] = ["ERR0009", "ERR0015", "ERR0016", "ERR0027", "ERR0033", "ERR0034"];
/// What identifies an element of a list, whatever the order.
const IDENTITIES: [&str; 5] = [
    "id",
    "activationId",
    "recoveryCodeId",
    "applicationVersionId",
    "applicationId",
];
/// Members whose own members are named by callers: they are compared whole, and not told by name.
const FREE: [&str; 3] = ["parameters", "additionalData", "additionalInfo"];
/// Members that hold words of the protocol, which may be told.
const WORDS: [&str; 6] = [
    "activationOtpValidation",
    "activationStatus",
    "blockedReason",
    "code",
    "signatureType",
    "status",
];

/// An answer of the server API.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `responseObject`; of an error its `code` only, because texts differ.
    object: Value,
}

impl Answer {
    /// Reads an answer; none for a body that is not of the server API's form: `{"status":…,"responseObject":…}`, at most 32
    /// levels deep.
    pub fn read(status: u16, body: &[u8]) -> Option<Self> {
        if deeper_than(body, DEPTH) {
            return None;
        }
        let mut body: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let word = body.get("status")?.as_str()?.to_owned();
        let object = body.remove("responseObject").unwrap_or(Value::Null);
        let object = match (word.as_str(), object) {
            ("OK", object) => object,
            ("ERROR", Value::Object(mut error)) => {
                let code = error.remove("code").unwrap_or(Value::Null);
                Value::Object(Map::from_iter([("code".to_owned(), code)]))
            }
            _ => return None,
        };
        Some(Self { status, object })
    }

    /// The same answer with nothing but its outcome: the status, and the code of an error.
    #[must_use]
    pub fn outcome(&self) -> Self {
        let object = if self.is_ok() {
            Value::Null
        } else {
            self.object.clone()
        };
        Self {
            status: self.status,
            object,
        }
    }

    /// Whether it is no error.
    pub fn is_ok(&self) -> bool {
        self.status == 200
    }

    /// Whether it is the error that something does not exist.
    pub fn is_not_found(&self) -> bool {
        let code = self.object.get("code").and_then(Value::as_str);
        !self.is_ok() && code.is_some_and(|code| NOT_FOUND.contains(&code))
    }
}

/// A value as far as it may be told: never a text of a caller or of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Null, or not there.
    Nothing,
    /// True or false.
    Flag(bool),
    /// A number as it is written.
    Number(String),
    /// A word of the protocol, such as a state.
    Word(String),
    /// Some text.
    Text,
    /// A list of so many.
    List(usize),
    /// Members.
    Object,
}

impl Shown {
    fn of(name: &str, value: &Value) -> Self {
        let is_word = |text: &str| {
            let letters = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            WORDS.contains(&name) && (1..=32).contains(&text.len()) && text.bytes().all(letters)
        };
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(value) => Self::Flag(*value),
            Value::Number(value) => Self::Number(value.to_string()),
            Value::String(text) if is_word(text) => Self::Word(text.clone()),
            Value::String(_) => Self::Text,
            Value::Array(items) => Self::List(items.len()),
            Value::Object(_) => Self::Object,
        }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Flag(value) => write!(f, "{value}"),
            Self::Number(text) | Self::Word(text) => f.write_str(text),
            Self::Text => f.write_str("a text"),
            Self::List(length) => write!(f, "a list of {length}"),
            Self::Object => f.write_str("an object"),
        }
    }
}

/// A member that is not the same in both answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name, with the names of the members around it, joined by dots: ASCII letters, digits and `_`, at most 120 bytes.
    pub member: String,
    /// What the old server answered.
    pub old: Shown,
    /// What we answered.
    pub here: Shown,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Members that were compared.
    pub members: u64,
    /// Elements of lists that only one of the servers knows.
    pub elsewhere: u64,
    /// The first members that differ, at most 32.
    pub differences: Vec<Difference>,
}

/// Compares all that the old server answered with what stands here; members that only we answer do not count. Members named
/// in `may_differ` are left out wherever they stand. Elements of lists that are identified are found by that, whatever their
/// order; one that only one server has is counted apart.
pub fn compare(old: &Answer, here: &Answer, may_differ: &[&str]) -> Compared {
    let mut walk = Walk {
        may_differ,
        names: Vec::new(),
        found: Compared::default(),
    };
    if old.status != here.status {
        walk.names.push("httpStatus");
        walk.differ(&Value::from(old.status), &Value::from(here.status));
        walk.names.clear();
    }
    walk.found.members += 1;
    walk.compare(&old.object, &here.object);
    walk.found
}

/// How far a comparison has come.
struct Walk<'a> {
    may_differ: &'a [&'a str],
    /// Names of the members around.
    names: Vec<&'a str>,
    found: Compared,
}

impl<'a> Walk<'a> {
    fn compare(&mut self, old: &'a Value, here: &Value) {
        match (old, here) {
            (Value::Object(members), Value::Object(others)) => {
                for (name, value) in members {
                    if self.may_differ.contains(&name.as_str()) {
                        continue;
                    }
                    let other = others.get(name).unwrap_or(&Value::Null);
                    self.names.push(name);
                    match FREE.contains(&name.as_str()) {
                        true => self.leaf(value, other),
                        false => self.compare(value, other),
                    }
                    self.names.pop();
                }
            }
            (Value::Array(items), Value::Array(others)) => match (identified(items), identified(others)) {
                (Some(items), Some(others)) => self.elements(&items, &others),
                _ => self.leaf(old, here),
            },
            _ => self.leaf(old, here),
        }
    }

    fn elements(&mut self, items: &Elements<'a>, others: &Elements<'_>) {
        for (identity, item) in items {
            match others.get(identity) {
                Some(other) => self.compare(item, other),
                None => self.found.elsewhere += 1,
            }
        }
        let alone = others.keys().filter(|identity| !items.contains_key(*identity));
        self.found.elsewhere += u64::try_from(alone.count()).unwrap_or(u64::MAX);
    }

    fn leaf(&mut self, old: &Value, here: &Value) {
        self.found.members += 1;
        if old != here {
            self.differ(old, here);
        }
    }

    fn differ(&mut self, old: &Value, here: &Value) {
        if self.found.differences.len() >= TOLD {
            return;
        }
        let last = self.names.last().copied().unwrap_or_default();
        self.found.differences.push(Difference {
            member: place(&self.names),
            old: Shown::of(last, old),
            here: Shown::of(last, here),
        });
    }
}

/// Elements of a list by what identifies them.
type Elements<'a> = BTreeMap<String, &'a Value>;

/// None when an element is not identified, or by the same as another one.
fn identified(items: &[Value]) -> Option<Elements<'_>> {
    let mut elements = Elements::new();
    for item in items {
        let identity = IDENTITIES.iter().find_map(|name| {
            let value = item.get(*name).filter(|value| !value.is_null())?;
            Some(format!("{name} {value}"))
        })?;
        if elements.insert(identity, item).is_some() {
            return None;
        }
    }
    Some(elements)
}

fn place(names: &[&str]) -> String {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut place = String::new();
    for name in names {
        let plain = (1..=40).contains(&name.len()) && name.bytes().all(letters);
        let name = if plain { *name } else { "_" };
        if place.len() + name.len() >= PLACE {
            break;
        }
        if !place.is_empty() {
            place.push('.');
        }
        place.push_str(name);
    }
    match place.is_empty() {
        true => "responseObject".to_owned(),
        false => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, object: &Value) -> Answer {
        let word = if status == 200 { "OK" } else { "ERROR" };
        let body = json!({ "status": word, "responseObject": object }).to_string();
        Answer::read(status, body.as_bytes()).unwrap()
    }

    fn found(old: &Value, here: &Value) -> Vec<String> {
        let compared = compare(&answer(200, old), &answer(200, here), &["nonce"]);
        let shown = |it: &Difference| format!("{}: {}, {}", it.member, it.old, it.here);
        let mut all: Vec<String> = compared.differences.iter().map(shown).collect();
        // Members come in the order of the answer, or sorted, as serde_json was built.
        all.sort();
        all
    }

    #[test]
    fn members_are_compared_by_name() {
        let old = json!({ "signatureValid": true, "nonce": "a", "blockedReason": null, "roles": ["A"] });
        let here = json!({ "signatureValid": true, "nonce": "b", "roles": ["A"], "more": 1 });
        let compared = compare(&answer(200, &old), &answer(200, &here), &["nonce"]);
        assert_eq!((compared.members, compared.differences.len()), (4, 0));
        let here = json!({ "signatureValid": false, "roles": [] });
        assert_eq!(
            found(&old, &here),
            ["roles: a list of 1, a list of 0", "signatureValid: true, false"]
        );
    }

    #[test]
    fn lists_are_compared_by_what_identifies_elements() {
        let old = json!([{ "id": 1, "status": "PENDING" }, { "id": 2 }, { "id": 3 }]);
        let here = json!([{ "id": 3 }, { "id": 1, "status": "APPROVED" }, { "id": 9 }]);
        let compared = compare(&answer(200, &old), &answer(200, &here), &[]);
        assert_eq!(compared.elsewhere, 2);
        assert_eq!(found(&old, &here), ["status: PENDING, APPROVED"]);
    }

    #[test]
    fn texts_and_names_of_callers_are_not_told() {
        let old = json!({ "puk": "0123456789", "status": "secret text", "key with spaces": "a", "parameters": { "card": 1 } });
        let here = json!({ "puk": "9876543210", "status": "SECRET", "parameters": { "card": 2 } });
        assert_eq!(
            found(&old, &here),
            [
                "_: a text, nothing",
                "parameters: an object, an object",
                "puk: a text, a text",
                "status: a text, SECRET",
            ]
        );
    }

    #[test]
    fn errors_are_compared_by_code() {
        let old = answer(400, &json!({ "code": "ERR0009", "message": "a" }));
        let same = answer(400, &json!({ "code": "ERR0009", "message": "b" }));
        assert!(compare(&old, &same, &[]).differences.is_empty());
        let ok = answer(200, &json!({ "code": "ERR0009" }));
        let differences = compare(&old, &ok, &[]).differences;
        assert_eq!(differences.len(), 1);
        assert_eq!(differences[0].member, "httpStatus");
    }

    #[test]
    fn other_forms_are_no_answers() {
        for wrong in [
            "",
            "[]",
            "{}",
            "{\"status\":1}",
            "{\"status\":\"UP\"}",
            "{\"status\":\"ERROR\"}",
        ] {
            assert_eq!(Answer::read(200, wrong.as_bytes()), None, "{wrong}");
        }
        let deep = format!(
            "{{\"status\":\"OK\",\"responseObject\":{}{}}}",
            "[".repeat(40),
            "]".repeat(40)
        );
        assert_eq!(Answer::read(200, deep.as_bytes()), None);
        let none = Answer::read(200, b"{\"status\":\"OK\"}").unwrap();
        assert_eq!(none.object, Value::Null);
    }
}
