//! A small judge of JSON against JSON Schema 2020-12: the keywords that the documents use, and no others. It is stricter
//! than the standard where that finds more: objects whose members are described have no others, encodings and formats are
//! looked at.

use countersign::crypto::encoding::base64;
use serde_json::Value;

/// Keywords that only tell.
const SILENT: [&str; 3] = ["description", "default", "deprecated"];

/// A document whose schemas refer to each other.
pub struct Judge<'a> {
    pub document: &'a Value,
    /// Whether objects may have members that are not described.
    pub open: bool,
}

impl Judge<'_> {
    /// What is wrong with `value`, with paths.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(schema, value, "$", &mut faults);
        faults
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        self.faults(schema, value).is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else {
            assert_eq!(schema, &Value::Bool(true), "a schema is an object, or true");
            return;
        };
        for (keyword, expected) in keywords {
            let right = match keyword.as_str() {
                "$ref" => {
                    self.check(self.resolve(expected), value, at, faults);
                    true
                }
                "type" => match expected {
                    Value::Array(types) => types.iter().any(|kind| is(kind, value)),
                    kind => is(kind, value),
                },
                "enum" => value.is_null() || expected.as_array().unwrap().contains(value),
                "anyOf" => expected.as_array().unwrap().iter().any(|it| self.fits(it, value)),
                "required" => expected.as_array().unwrap().iter().all(|name| {
                    let there = value.get(name.as_str().unwrap()).is_some();
                    if !there && value.is_object() {
                        faults.push(format!("{at} has no {name}"));
                    }
                    true
                }),
                "properties" => {
                    self.members(keywords, expected, value, at, faults);
                    true
                }
                "additionalProperties" => true,
                "items" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(expected, item, &format!("{at}[{place}]"), faults);
                    }
                    true
                }
                "minItems" => value
                    .as_array()
                    .is_none_or(|it| it.len() as u64 >= expected.as_u64().unwrap()),
                "maxItems" => value
                    .as_array()
                    .is_none_or(|it| it.len() as u64 <= expected.as_u64().unwrap()),
                "minLength" => value
                    .as_str()
                    .is_none_or(|it| it.chars().count() as u64 >= expected.as_u64().unwrap()),
                "maxLength" => value
                    .as_str()
                    .is_none_or(|it| it.chars().count() as u64 <= expected.as_u64().unwrap()),
                "minimum" => value.as_f64().is_none_or(|it| it >= expected.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|it| it <= expected.as_f64().unwrap()),
                "contentEncoding" => {
                    assert_eq!(expected, "base64");
                    value.as_str().is_none_or(|it| base64::decode(it).is_ok())
                }
                "format" => formatted(expected.as_str().unwrap(), value),
                silent => {
                    assert!(SILENT.contains(&silent), "the judge does not know {silent}");
                    true
                }
            };
            if !right {
                faults.push(format!("{at} is {value}, which breaks {keyword} {expected}"));
            }
        }
    }

    fn members(
        &self,
        keywords: &serde_json::Map<String, Value>,
        properties: &Value,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        let more = keywords.get("additionalProperties");
        for (name, member) in value.as_object().into_iter().flatten() {
            match (properties.get(name), more) {
                (Some(schema), _) => self.check(schema, member, &format!("{at}.{name}"), faults),
                (None, Some(Value::Bool(true))) => {}
                (None, None) if self.open => {}
                (None, _) => faults.push(format!("{at}.{name} is not described")),
            }
        }
    }

    /// What `#/…` stands for.
    pub fn resolve(&self, reference: &Value) -> &Value {
        let path = reference.as_str().unwrap().strip_prefix('#').unwrap();
        let found = self.document.pointer(path);
        found.unwrap_or_else(|| panic!("{path} does not exist"))
    }
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type: {other}"),
    }
}

fn formatted(format: &str, value: &Value) -> bool {
    match format {
        "int32" => value.is_null() || value.as_i64().is_some_and(|it| i32::try_from(it).is_ok()),
        "int64" => value.is_null() || value.as_i64().is_some(),
        "password" => true,
        // As the protocol's servers write it: a `T`, and an offset with a colon.
        "date-time" => value.as_str().is_none_or(|text| {
            let digits = |at: std::ops::Range<usize>| {
                text.get(at)
                    .is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()))
            };
            let offset = text.ends_with('Z')
                || text
                    .get(text.len().saturating_sub(3)..)
                    .is_some_and(|it| it.starts_with(':'));
            digits(0..4)
                && digits(5..7)
                && digits(8..10)
                && text.get(10..11) == Some("T")
                && digits(11..13)
                && offset
        }),
        other => panic!("the judge does not know the format {other}"),
    }
}
