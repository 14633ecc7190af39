//! Comparing.

use countersign::client::read_time;
use countersign::crypto::code::ActivationCode;
use countersign::crypto::encoding::base64;
use serde_json::Value;

use super::{Difference, Form, Matcher, Type};

/// Longer values are cut in differences.
const SHOWN: usize = 160;

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn differs(matcher: &Matcher, value: Option<&Value>, place: &str, found: &mut Vec<Difference>) {
    found.push(Difference {
        place: if place.is_empty() { "/" } else { place }.to_owned(),
        expected: describe(matcher),
        got: shown(value),
    });
}

fn all(matchers: &[Matcher]) -> String {
    let texts: Vec<_> = matchers.iter().map(describe).collect();
    texts.join(", ")
}

/// An expectation in words.
fn describe(matcher: &Matcher) -> String {
    let name = |form: &Form| {
        Form::ALL
            .iter()
            .find(|(_, it)| it == form)
            .map_or("", |(name, _)| *name)
    };
    match matcher {
        Matcher::Equal(value) => shown(Some(value)),
        Matcher::Object { members, exact } => {
            let members = members
                .iter()
                .map(|(name, it)| format!("\"{name}\": {}", describe(it)));
            let members: Vec<_> = members.collect();
            let only = if *exact { "only " } else { "" };
            format!("{only}{{{}}}", members.join(", "))
        }
        Matcher::List(items) => format!("[{}]", all(items)),
        Matcher::Unordered(items) => format!("in any order [{}]", all(items)),
        Matcher::Contains(items) => format!("a list with {}", all(items)),
        Matcher::Each(item) => format!("a list of {}", describe(item)),
        Matcher::Length(length) => format!("length {length}"),
        Matcher::Present => "a value".to_owned(),
        Matcher::Absent => "nothing".to_owned(),
        Matcher::Type(kind) => {
            let name = Type::ALL
                .iter()
                .find(|(_, it)| it == kind)
                .map_or("", |(name, _)| *name);
            format!("type {name}")
        }
        Matcher::Text(form) => format!("a text of form {}", name(form)),
        Matcher::Bytes(length) => format!("Base64 of {length} bytes"),
        Matcher::Digits(length) => format!("{length} digits"),
        Matcher::Range(min, max) => format!("a number from {min} to {max}"),
        Matcher::Near(time, seconds) => format!("a moment within {seconds} s of {time}"),
        Matcher::OneOf(matchers) => {
            let texts: Vec<_> = matchers.iter().map(describe).collect();
            texts.join(" or ")
        }
        Matcher::Not(matcher) => format!("not {}", describe(matcher)),
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

fn has_form(form: Form, text: &str) -> bool {
    match form {
        Form::NotEmpty => !text.is_empty(),
        Form::Uuid => {
            let groups: Vec<_> = text.split('-').collect();
            groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
                && text.bytes().all(|c| c == b'-' || c.is_ascii_hexdigit())
        }
        Form::Base64 => !text.is_empty() && base64::decode(text).is_ok(),
        Form::ActivationCode => ActivationCode::parse(text).is_ok(),
        Form::Timestamp => read_time(text).is_some(),
    }
}

fn moment(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| read_time(value.as_str()?))
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(items.len()),
        Value::String(text) => Some(text.chars().count()),
        _ => None,
    }
}

/// Whether every matcher has an element of its own: one after the other, moving earlier ones where needed.
fn assign(matchers: &[Matcher], items: &[Value]) -> bool {
    fn place(
        at: usize,
        matchers: &[Matcher],
        items: &[Value],
        owner: &mut [Option<usize>],
        tried: &mut [bool],
    ) -> bool {
        let Some(matcher) = matchers.get(at) else {
            return false;
        };
        for (number, item) in items.iter().enumerate() {
            let (Some(seen), Some(held)) = (tried.get_mut(number), owner.get(number).copied()) else {
                return false;
            };
            if *seen || !matcher.compare(Some(item)).is_empty() {
                continue;
            }
            *seen = true;
            let free = held.is_none_or(|other| place(other, matchers, items, owner, tried));
            if free && let Some(slot) = owner.get_mut(number) {
                *slot = Some(at);
                return true;
            }
        }
        false
    }
    let mut owner = vec![None; items.len()];
    (0..matchers.len()).all(|at| place(at, matchers, items, &mut owner, &mut vec![false; items.len()]))
}

pub(super) fn into(matcher: &Matcher, value: Option<&Value>, place: &str, found: &mut Vec<Difference>) {
    let text = value.and_then(Value::as_str);
    let items = value.and_then(Value::as_array);
    let as_expected = match matcher {
        Matcher::Object { members, exact } => return object(members, *exact, matcher, value, place, found),
        Matcher::List(matchers) => match items.filter(|items| items.len() == matchers.len()) {
            Some(items) => {
                for (at, (matcher, item)) in matchers.iter().zip(items).enumerate() {
                    into(matcher, Some(item), &format!("{place}/{at}"), found);
                }
                return;
            }
            None => false,
        },
        Matcher::Each(matcher) => match items {
            Some(items) => {
                for (at, item) in items.iter().enumerate() {
                    into(matcher, Some(item), &format!("{place}/{at}"), found);
                }
                return;
            }
            None => false,
        },
        Matcher::Equal(expected) => value.is_some_and(|value| equal(expected, value)),
        Matcher::Unordered(matchers) => {
            items.is_some_and(|items| items.len() == matchers.len() && assign(matchers, items))
        }
        Matcher::Contains(matchers) => items.is_some_and(|items| assign(matchers, items)),
        Matcher::Length(expected) => {
            let length = value.and_then(length).and_then(|it| u64::try_from(it).ok());
            length == Some(*expected)
        }
        Matcher::Present => value.is_some_and(|value| !value.is_null()),
        Matcher::Absent => value.is_none_or(Value::is_null),
        Matcher::Type(kind) => value.is_some_and(|value| kind.fits(value)),
        Matcher::Text(form) => text.is_some_and(|text| has_form(*form, text)),
        Matcher::Bytes(expected) => {
            let bytes = text.and_then(|text| base64::decode(text).ok());
            bytes.and_then(|bytes| u64::try_from(bytes.len()).ok()) == Some(*expected)
        }
        Matcher::Digits(expected) => text.is_some_and(|text| {
            u64::try_from(text.len()).ok() == Some(*expected) && text.bytes().all(|c| c.is_ascii_digit())
        }),
        Matcher::Range(min, max) => {
            let number = value.and_then(Value::as_i64);
            number.is_some_and(|number| (*min..=*max).contains(&number))
        }
        Matcher::Near(time, seconds) => {
            let distance = value.and_then(moment).map(|moment| moment.abs_diff(*time));
            distance.is_some_and(|distance| distance <= seconds.saturating_mul(1_000))
        }
        Matcher::OneOf(matchers) => matchers.iter().any(|it| it.compare(value).is_empty()),
        Matcher::Not(matcher) => !matcher.compare(value).is_empty(),
    };
    if !as_expected {
        differs(matcher, value, place, found);
    }
}

fn object(
    members: &[(String, Matcher)],
    exact: bool,
    matcher: &Matcher,
    value: Option<&Value>,
    place: &str,
    found: &mut Vec<Difference>,
) {
    let Some(Value::Object(object)) = value else {
        return differs(matcher, value, place, found);
    };
    for (name, matcher) in members {
        into(matcher, object.get(name), &format!("{place}/{name}"), found);
    }
    if exact {
        for (name, value) in object {
            let known = members.iter().any(|(known, _)| known == name);
            if !known && !value.is_null() {
                differs(&Matcher::Absent, Some(value), &format!("{place}/{name}"), found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An expectation, what fits it, and what does not.
    fn rows() -> Vec<(Value, Vec<Value>, Vec<Value>)> {
        let uuid = "3699a9c0-45f0-458d-84bc-5ce6a0f9b1a5";
        vec![
            (
                json!(1),
                vec![json!(1), json!(1.0)],
                vec![json!("1"), json!(2), json!(null)],
            ),
            (json!(null), vec![json!(null)], vec![json!(0)]),
            (
                json!({ "a": 1 }),
                vec![json!({ "a": 1, "b": 2 })],
                vec![json!({}), json!({ "a": 2 }), json!([])],
            ),
            (
                json!({ "$exact": { "a": 1 } }),
                vec![json!({ "a": 1 }), json!({ "a": 1, "b": null })],
                vec![json!({ "a": 1, "b": 2 }), json!({})],
            ),
            (
                json!([1, 2]),
                vec![json!([1, 2])],
                vec![json!([2, 1]), json!([1]), json!({})],
            ),
            (
                json!({ "$unordered": [1, { "$oneOf": [1, 2] }] }),
                vec![json!([2, 1]), json!([1, 1])],
                vec![json!([2, 2]), json!([1])],
            ),
            (
                json!({ "$unordered": [{ "$oneOf": [1, 2] }, 1] }),
                vec![json!([1, 2])],
                vec![json!([1, 2, 1])],
            ),
            (
                json!({ "$contains": [2] }),
                vec![json!([1, 2, 3])],
                vec![json!([1]), json!(2)],
            ),
            (
                json!({ "$each": { "a": 1 } }),
                vec![json!([]), json!([{ "a": 1 }])],
                vec![json!([{ "a": 2 }]), json!(1)],
            ),
            (
                json!({ "$length": 2 }),
                vec![json!([1, 2]), json!("äb")],
                vec![json!([1]), json!(2)],
            ),
            (
                json!({ "$present": true }),
                vec![json!(0), json!("")],
                vec![json!(null)],
            ),
            (json!({ "$absent": true }), vec![json!(null)], vec![json!(0)]),
            (
                json!({ "$type": "integer" }),
                vec![json!(1)],
                vec![json!(1.5), json!("1")],
            ),
            (json!({ "$type": "array" }), vec![json!([])], vec![json!({})]),
            (
                json!({ "$text": "uuid" }),
                vec![json!(uuid)],
                vec![json!("3699a9c0"), json!(uuid.replace('a', "x"))],
            ),
            (
                json!({ "$text": "activationCode" }),
                vec![json!("AAAQE-AYEAU-DAOCA-JIICA")],
                vec![json!("AAAQE-AYEAU-DAOCA-JIICB")],
            ),
            (
                json!({ "$text": "timestamp" }),
                vec![json!("2026-11-21T19:54:23.355+00:00")],
                vec![json!("yesterday"), json!(1)],
            ),
            (
                json!({ "$text": "base64" }),
                vec![json!("AAAA")],
                vec![json!(""), json!("A")],
            ),
            (
                json!({ "$bytes": 3 }),
                vec![json!("AAAA")],
                vec![json!("AAA="), json!("AAAAA")],
            ),
            (
                json!({ "$digits": 3 }),
                vec![json!("012")],
                vec![json!("01"), json!("01a"), json!(12)],
            ),
            (
                json!({ "$range": { "min": 1, "max": 3 } }),
                vec![json!(1), json!(3)],
                vec![json!(0), json!(4), json!("2")],
            ),
            (
                json!({ "$near": { "time": 1_000_000, "seconds": 1 } }),
                vec![json!(1_000_999), json!("1970-01-01T00:16:39.000+00:00")],
                vec![json!(1_001_001), json!("no")],
            ),
            (
                json!({ "$not": { "a": 1 } }),
                vec![json!({ "a": 2 })],
                vec![json!({ "a": 1 })],
            ),
        ]
    }

    #[test]
    fn what_fits_and_what_does_not() {
        let mut cases = 0;
        for (matcher, fitting, others) in rows() {
            let matcher = Matcher::parse(&matcher).unwrap();
            for value in &fitting {
                assert_eq!(matcher.compare(Some(value)), [], "{value}");
            }
            for value in &others {
                assert!(!matcher.compare(Some(value)).is_empty(), "{matcher:?} {value}");
            }
            cases += fitting.len() + others.len();
        }
        println!("{cases} comparisons");
        assert!(Matcher::Absent.compare(None).is_empty());
        assert!(!Matcher::Present.compare(None).is_empty());
    }

    #[test]
    fn places_are_named() {
        let matcher = Matcher::parse(&json!({ "list": [{ "a": { "$bytes": 1 } }], "b": 1 })).unwrap();
        let found = matcher.compare(Some(&json!({ "list": [{ "a": "AAAA" }] })));
        let texts: Vec<_> = found
            .iter()
            .map(|it| format!("{} {} {}", it.place, it.expected, it.got))
            .collect();
        assert_eq!(texts, ["/list/0/a Base64 of 1 bytes \"AAAA\"", "/b 1 nothing"]);
    }
}
