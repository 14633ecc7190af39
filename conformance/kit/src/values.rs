//! Values that steps save, and the places of later steps where they are filled in.
//!
//! `{{name.member.0}}` is a reference. A text that is nothing else becomes the value itself, of whatever type; inside a longer
//! text only texts, numbers and booleans can stand. `{{'text'}}` is a text as it is, `{{now}}` the time in Unix milliseconds,
//! `{{now+60000}}` and `{{now-60000}}` other times. Filters follow: `{{name|base64}}`. A member `...` with an object stands for
//! the members of that.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign::crypto::encoding::base64;
use serde_json::{Map, Value};
use thiserror::Error;

/// Why a text cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FillError {
    /// No step has saved this.
    #[error("nothing is saved as `{0}`")]
    Unknown(String),
    /// `{{` and what follows is no reference.
    #[error("`{0}` is no reference")]
    Syntax(String),
    /// No such filter.
    #[error("there is no filter `{0}`")]
    Filter(String),
    /// The value has another type than the place needs.
    #[error("the value of `{0}` does not fit there")]
    Type(String),
}

/// A member whose value, an object, stands for its members.
const SPREAD: &str = "...";

/// Everything that is saved.
#[derive(Clone, Debug, Default)]
pub struct Values(Map<String, Value>);

/// Filters by name.
pub const FILTERS: [&str; 9] = [
    "base64", "bytes", "damaged", "json", "lower", "masked", "text", "unpadded", "upper",
];

/// Unix time in milliseconds.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// A reference as it is written between the braces.
struct Reference<'a> {
    /// Everything before the first filter.
    path: &'a str,
    filters: Vec<&'a str>,
}

impl<'a> Reference<'a> {
    fn parse(text: &'a str) -> Result<Self, FillError> {
        let wrong = || FillError::Syntax(text.to_owned());
        let (path, filters) = match text.strip_prefix('\'') {
            Some(rest) => {
                let end = rest.find('\'').ok_or_else(wrong)?;
                let (path, after) = text.split_at_checked(end.saturating_add(2)).ok_or_else(wrong)?;
                (path, after)
            }
            None => text
                .split_at_checked(text.find('|').unwrap_or(text.len()))
                .ok_or_else(wrong)?,
        };
        if path.is_empty() || !(filters.is_empty() || filters.starts_with('|')) {
            return Err(wrong());
        }
        let filters: Vec<_> = filters.split('|').skip(1).collect();
        match filters.iter().find(|name| !FILTERS.contains(name)) {
            Some(name) => Err(FillError::Filter((*name).to_owned())),
            None => Ok(Self { path, filters }),
        }
    }

    /// What has to be saved for it; nothing for literals and times.
    fn root(&self) -> Option<&'a str> {
        let root = self.path.split('.').next().unwrap_or_default();
        let time = root == "now" || root.starts_with("now+") || root.starts_with("now-");
        (!time && !root.starts_with('\'')).then_some(root)
    }
}

/// Pieces of a text: as they are, or a reference.
enum Piece<'a> {
    Plain(&'a str),
    Reference(Reference<'a>),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, FillError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = after
            .split_once("}}")
            .ok_or_else(|| FillError::Syntax(after.to_owned()))?;
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(Piece::Reference(Reference::parse(inside)?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    Ok(pieces)
}

fn time(path: &str) -> Option<u64> {
    let rest = path.strip_prefix("now")?;
    match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
        (Some(plus), _) => now().checked_add(plus.parse().ok()?),
        (_, Some(minus)) => now().checked_sub(minus.parse().ok()?),
        _ => rest.is_empty().then(now),
    }
}

/// One bit of the last byte of Base64 is another, or one digit.
fn damaged(text: &str) -> Option<String> {
    let is_decimal = text.bytes().all(|c| c.is_ascii_digit() || c == b'-');
    if !is_decimal && let Ok(mut bytes) = base64::decode(text) {
        *bytes.last_mut()? ^= 1;
        return Some(base64::encode(&bytes));
    }
    let last = text.chars().last()?;
    let other = if last == '0' { '1' } else { '0' };
    let start = text.get(..text.len().checked_sub(last.len_utf8())?)?;
    Some(format!("{start}{other}"))
}

fn filtered(filter: &str, value: &Value) -> Option<Value> {
    if filter == "json" {
        return Some(Value::String(value.to_string()));
    }
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(Value::String(match filter {
        "base64" => base64::encode(text.as_bytes()),
        // The other way round: Base64 of a text, or of a JSON document.
        "text" => String::from_utf8(base64::decode(&text).ok()?).ok()?,
        "bytes" => return serde_json::from_slice(&base64::decode(&text).ok()?).ok(),
        "damaged" => damaged(&text)?,
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "unpadded" => text.trim_end_matches('=').to_owned(),
        // As lists show recovery codes: the last group only.
        "masked" => format!("XXXXX-XXXXX-XXXXX-{}", text.rsplit('-').next()?),
        _ => return None,
    }))
}

impl Values {
    /// Saves a value.
    pub fn save(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// A saved value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn look_up(&self, reference: &Reference<'_>) -> Result<Value, FillError> {
        let path = reference.path;
        let mut value = if let Some(text) = path.strip_prefix('\'') {
            Value::from(text.trim_end_matches('\''))
        } else if reference.root().is_none() {
            Value::from(time(path).ok_or_else(|| FillError::Syntax(path.to_owned()))?)
        } else {
            let mut steps = path.split('.');
            let root = steps.next().and_then(|name| self.0.get(name));
            let found = steps.try_fold(root, |value, step| match value? {
                Value::Object(members) => Some(members.get(step)),
                Value::Array(items) => Some(step.parse::<usize>().ok().and_then(|at| items.get(at))),
                _ => Some(None),
            });
            let found = found.flatten().cloned();
            found.ok_or_else(|| FillError::Unknown(path.to_owned()))?
        };
        for filter in &reference.filters {
            value = filtered(filter, &value).ok_or_else(|| FillError::Type(path.to_owned()))?;
        }
        Ok(value)
    }

    fn fill_text(&self, text: &str) -> Result<Value, FillError> {
        let pieces = pieces(text)?;
        if let [Piece::Reference(reference)] = pieces.as_slice() {
            return self.look_up(reference);
        }
        let mut out = String::with_capacity(text.len());
        for piece in &pieces {
            match piece {
                Piece::Plain(plain) => out.push_str(plain),
                Piece::Reference(reference) => match self.look_up(reference)? {
                    Value::String(text) => out.push_str(&text),
                    value @ (Value::Number(_) | Value::Bool(_)) => out.push_str(&value.to_string()),
                    _ => return Err(FillError::Type(reference.path.to_owned())),
                },
            }
        }
        Ok(Value::String(out))
    }

    /// The template with everything filled in, names of members too.
    ///
    /// # Errors
    /// [`FillError`] for the first place where that is not possible.
    pub fn fill(&self, template: &Value) -> Result<Value, FillError> {
        Ok(match template {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(items) => {
                let items = items.iter().map(|it| self.fill(it));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let mut out = Map::new();
                for (name, value) in members {
                    match (self.fill_text(name)?, self.fill(value)?) {
                        (Value::String(name), Value::Object(more)) if name == SPREAD => out.extend(more),
                        (Value::String(name), value) if name != SPREAD => {
                            out.insert(name, value);
                        }
                        _ => return Err(FillError::Type(name.clone())),
                    }
                }
                Value::Object(out)
            }
            other => other.clone(),
        })
    }
}

/// What has to be saved before the template can be filled in.
///
/// # Errors
/// [`FillError::Syntax`] and [`FillError::Filter`] for what is no reference.
pub fn roots(template: &Value, found: &mut Vec<String>) -> Result<(), FillError> {
    let mut note = |text: &str| -> Result<(), FillError> {
        for piece in pieces(text)? {
            if let Piece::Reference(reference) = piece
                && let Some(root) = reference.root()
            {
                found.push(root.to_owned());
            }
        }
        Ok(())
    };
    match template {
        Value::String(text) => note(text),
        Value::Array(items) => items.iter().try_for_each(|it| roots(it, found)),
        Value::Object(members) => {
            for (name, value) in members {
                roots(&Value::String(name.clone()), found)?;
                roots(value, found)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values() -> Values {
        let mut values = Values::default();
        values.save(
            "a",
            json!({ "id": "x-1", "list": [1, { "deep": true }], "mac": "AAAA" }),
        );
        values.save("n", json!(7));
        values
    }

    #[test]
    fn references_are_filled_in() {
        let template = json!({ "id": "{{a.id}}", "{{a.id}}": "{{a.list}}", "t": "{{n}}/{{a.list.1.deep}}/{{'é'|base64}}" });
        let filled = values().fill(&template).unwrap();
        assert_eq!(
            filled,
            json!({ "id": "x-1", "x-1": [1, { "deep": true }], "t": "7/true/w6k=" })
        );
        assert_eq!(
            values().fill(&json!("A1*A${amount}")).unwrap(),
            json!("A1*A${amount}")
        );
        assert_eq!(values().fill(&json!("{{a.mac|damaged}}")).unwrap(), json!("AAAB"));
        assert_eq!(
            values().fill(&json!("{{'12-34'|damaged}}")).unwrap(),
            json!("12-30")
        );
        assert_eq!(
            values().fill(&json!("{{'eyJhIjoxfQ=='|bytes}}")).unwrap(),
            json!({ "a": 1 })
        );
        let spread = values()
            .fill(&json!({ "a": 1, "...": { "b": "{{n}}" } }))
            .unwrap();
        assert_eq!(spread, json!({ "a": 1, "b": 7 }));
        let now = values().fill(&json!("{{now+1000}}")).unwrap().as_u64().unwrap();
        assert!(now > 1_700_000_000_000);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, error) in [
            ("{{b}}", FillError::Unknown("b".into())),
            ("{{a.list.9}}", FillError::Unknown("a.list.9".into())),
            ("{{a", FillError::Syntax("a".into())),
            ("{{}}", FillError::Syntax(String::new())),
            ("{{now+x}}", FillError::Syntax("now+x".into())),
            ("{{'a}}", FillError::Syntax("'a".into())),
            ("{{n|nothing}}", FillError::Filter("nothing".into())),
            ("x{{a}}", FillError::Type("a".into())),
            ("{{a|base64}}", FillError::Type("a".into())),
        ] {
            assert_eq!(values().fill(&json!(text)), Err(error), "{text}");
        }
        let spread = values().fill(&json!({ "...": 1 }));
        assert_eq!(spread, Err(FillError::Type("...".into())));
    }
}
