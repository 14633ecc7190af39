//! Reading expectations: JSON in which objects with one member `$…` stand for more than themselves.

use serde_json::{Map, Value};
use thiserror::Error;

use super::{Form, Matcher, Type};

/// Why an expectation cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct MatcherError {
    /// Where in the expectation, as `/members/0`.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

fn wrong<T>(place: &str, what: impl Into<String>) -> Result<T, MatcherError> {
    Err(MatcherError {
        place: if place.is_empty() { "/" } else { place }.to_owned(),
        what: what.into(),
    })
}

/// Deeper is refused, so that no file can exhaust the stack.
const MAX_DEPTH: usize = 32;

pub(super) fn matcher(value: &Value, place: &str) -> Result<Matcher, MatcherError> {
    if place.split('/').count() > MAX_DEPTH {
        return wrong(place, "too deep");
    }
    match value {
        Value::Object(members) => match special(members, place)? {
            Some(matcher) => Ok(matcher),
            None => object(members, place, false),
        },
        Value::Array(_) => Ok(Matcher::List(list(value, place)?)),
        plain => Ok(Matcher::Equal(plain.clone())),
    }
}

fn object(members: &Map<String, Value>, place: &str, exact: bool) -> Result<Matcher, MatcherError> {
    let members = members.iter().map(|(name, value)| {
        let inside = format!("{place}/{name}");
        match name.starts_with('$') {
            true => wrong(&inside, "a member with `$` stands alone in its object"),
            false => Ok((name.clone(), matcher(value, &inside)?)),
        }
    });
    Ok(Matcher::Object {
        members: members.collect::<Result<_, _>>()?,
        exact,
    })
}

fn list(value: &Value, place: &str) -> Result<Vec<Matcher>, MatcherError> {
    let Value::Array(items) = value else {
        return wrong(place, "a list is needed");
    };
    let items = items.iter().enumerate();
    items
        .map(|(at, item)| matcher(item, &format!("{place}/{at}")))
        .collect()
}

fn number(value: &Value, place: &str) -> Result<u64, MatcherError> {
    match value.as_u64() {
        Some(number) => Ok(number),
        None => wrong(place, "a number from 0 on is needed"),
    }
}

fn named<T: Copy>(value: &Value, all: &[(&str, T)], place: &str) -> Result<T, MatcherError> {
    let found = all.iter().find(|(name, _)| value.as_str() == Some(name));
    match found {
        Some((_, found)) => Ok(*found),
        None => {
            let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
            wrong(place, format!("one of {} is needed", names.join(", ")))
        }
    }
}

fn pair(value: &Value, names: [&str; 2], place: &str) -> Result<[i64; 2], MatcherError> {
    let members = value.as_object().filter(|members| members.len() == 2);
    let get = |name| {
        members
            .and_then(|members| members.get(name))
            .and_then(Value::as_i64)
    };
    let [first, second] = names;
    match (get(first), get(second)) {
        (Some(a), Some(b)) => Ok([a, b]),
        _ => wrong(place, format!("the numbers `{first}` and `{second}` are needed")),
    }
}

fn special(members: &Map<String, Value>, place: &str) -> Result<Option<Matcher>, MatcherError> {
    let mut names = members.iter();
    let (Some((name, value)), None) = (names.next(), names.next()) else {
        return Ok(None);
    };
    let inside = format!("{place}/{name}");
    let place = inside.as_str();
    Ok(Some(match name.as_str() {
        "$exact" => match value {
            Value::Object(members) => object(members, place, true)?,
            _ => return wrong(place, "an object is needed"),
        },
        "$unordered" => Matcher::Unordered(list(value, place)?),
        "$contains" => Matcher::Contains(list(value, place)?),
        "$each" => Matcher::Each(Box::new(matcher(value, place)?)),
        "$oneOf" => Matcher::OneOf(list(value, place)?),
        "$not" => Matcher::Not(Box::new(matcher(value, place)?)),
        "$length" => Matcher::Length(number(value, place)?),
        "$bytes" => Matcher::Bytes(number(value, place)?),
        "$digits" => Matcher::Digits(number(value, place)?),
        "$present" | "$absent" if value != &Value::Bool(true) => return wrong(place, "`true` is needed"),
        "$present" => Matcher::Present,
        "$absent" => Matcher::Absent,
        "$type" => Matcher::Type(named(value, &Type::ALL, place)?),
        "$text" => Matcher::Text(named(value, &Form::ALL, place)?),
        "$range" => {
            let [min, max] = pair(value, ["min", "max"], place)?;
            Matcher::Range(min, max)
        }
        "$near" => {
            let pair = pair(value, ["time", "seconds"], place)?.map(u64::try_from);
            match pair {
                [Ok(time), Ok(seconds)] => Matcher::Near(time, seconds),
                _ => return wrong(place, "neither number is below 0"),
            }
        }
        other if other.starts_with('$') => return wrong(place, "there is no such matcher"),
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cannot_be_read_is_named() {
        for (value, place) in [
            (json!({ "a": { "$bytes": "x" } }), "/a/$bytes"),
            (json!({ "a": [{ "$nothing": 1 }] }), "/a/0/$nothing"),
            (json!({ "$present": false }), "/$present"),
            (json!({ "$type": "text" }), "/$type"),
            (json!({ "$range": { "min": 1 } }), "/$range"),
            (json!({ "$near": { "time": -1, "seconds": 1 } }), "/$near"),
            (json!({ "$exact": [] }), "/$exact"),
            (json!({ "$oneOf": {} }), "/$oneOf"),
            (json!({ "$each": { "$x": 1 } }), "/$each/$x"),
            (json!({ "a": 1, "$present": true }), "/$present"),
        ] {
            assert_eq!(matcher(&value, "").unwrap_err().place, place, "{value}");
        }
        let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(matcher(&deep, "").unwrap_err().what, "too deep");
    }
}
