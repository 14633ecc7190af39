//! From derived schemas to those that people and generators read easily.

use serde_json::{Map, Value, json};

use super::components::{PATH, REQUEST_PATH, Side};

/// A comment as plain sentences: without links, in one line per paragraph.
pub(super) fn sentences(comment: &str) -> String {
    let lines: Vec<&str> = comment.trim().lines().map(str::trim).collect();
    lines.join(" ").replace("[`", "`").replace("`]", "`")
}

/// A schema and all below it.
pub(super) fn schema(schema: Value, side: Side) -> Value {
    match schema {
        Value::Object(members) => Value::Object(object(members, side)),
        other => other,
    }
}

fn object(mut members: Map<String, Value>, side: Side) -> Map<String, Value> {
    if let (Side::Request, Some(Value::String(reference))) = (side, members.get_mut("$ref")) {
        *reference = reference.replace(PATH, REQUEST_PATH);
    }
    if let Some(Value::String(text)) = members.get_mut("description") {
        *text = sentences(text);
    }
    for name in ["properties", "$defs"] {
        if let Some(Value::Object(below)) = members.get_mut(name) {
            for value in below.values_mut() {
                *value = schema(value.take(), side);
            }
        }
    }
    for name in ["items", "additionalProperties"] {
        if let Some(below) = members.get_mut(name) {
            *below = schema(below.take(), side);
        }
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        if let Some(Value::Array(below)) = members.get_mut(name) {
            for value in below {
                *value = schema(value.take(), side);
            }
        }
    }
    // What is absent has no value of its own.
    members.retain(|name, value| name != "default" || !value.is_null());
    names(&mut members);
    if side == Side::Request {
        without_null(&mut members);
    }
    integers(&mut members);
    words(&mut members);
    members
}

/// A list of documented names is an enumeration.
fn names(members: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = members.get("oneOf") else {
        return;
    };
    let name = |it: &Value| it.get("const").and_then(Value::as_str).map(str::to_owned);
    let Some(names) = variants.iter().map(name).collect::<Option<Vec<_>>>() else {
        return;
    };
    let line = |(name, it): (&String, &Value)| {
        let text = it.get("description").and_then(Value::as_str).unwrap_or_default();
        format!("- `{name}` {text}")
    };
    let lines: Vec<String> = names.iter().zip(variants).map(line).collect();
    let text = members
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let text = format!("{text}\n\n{}", lines.join("\n"));
    members.shift_remove("oneOf");
    members.insert("type".to_owned(), json!("string"));
    members.insert("enum".to_owned(), json!(names));
    members.insert("description".to_owned(), json!(text.trim_start()));
}

/// In requests null is the same as absent.
fn without_null(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|it| it != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
        choices.retain(|it| it != &json!({ "type": "null" }));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            members.shift_remove("anyOf");
            members.extend(only);
        }
    }
}

/// Formats that the registry knows.
fn integers(members: &mut Map<String, Value>) {
    let format = match members.get("format").and_then(Value::as_str) {
        Some("uint64" | "uint") => "int64",
        Some("uint8" | "uint16" | "uint32" | "int8" | "int16") => "int32",
        _ => return,
    };
    members.insert("format".to_owned(), json!(format));
}

/// What comments say in fixed words.
fn words(members: &mut Map<String, Value>) {
    let Some(Value::String(text)) = members.get("description") else {
        return;
    };
    let text = text.clone();
    let is = |members: &Map<String, Value>, name: &str| match members.get("type") {
        Some(Value::String(kind)) => kind == name,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    };
    let mut keywords: Vec<(&str, Value)> = Vec::new();
    if is(members, "string") {
        if let Some((_, rest)) = text.split_once("Base64 of ") {
            keywords.push(("contentEncoding", json!("base64")));
            if let Some(bytes) = number_before(rest, " bytes") {
                let length = bytes.div_ceil(3) * 4;
                keywords.extend([("minLength", json!(length)), ("maxLength", json!(length))]);
            }
        }
        if let Some((from, to)) = range_before(&text, " characters") {
            keywords.extend([("minLength", json!(from)), ("maxLength", json!(to))]);
        } else if let Some((_, rest)) = text.split_once("at most ")
            && let Some(to) = number_before(rest, " characters")
        {
            keywords.push(("maxLength", json!(to)));
        }
    }
    if is(members, "integer") {
        let from = |(_, rest): (&str, &str)| rest.split(['.', ';', ',']).next()?.trim().parse::<u64>().ok();
        let least = match text.split_once("above 0") {
            Some(_) => Some(1),
            None => text.split_once(", from ").and_then(from),
        };
        keywords.extend(least.map(|least| ("minimum", json!(least))));
    }
    for (name, value) in keywords {
        members.insert(name.to_owned(), value);
    }
}

/// The number that stands directly before `unit`, at the beginning.
fn number_before(text: &str, unit: &str) -> Option<u64> {
    let (number, _) = text.split_once(unit)?;
    number.replace(',', "").parse().ok()
}

/// `1 to 255` before `unit`.
fn range_before(text: &str, unit: &str) -> Option<(u64, u64)> {
    let (before, _) = text.split_once(unit)?;
    let (before, to) = before.rsplit_once(" to ")?;
    let from = before.rsplit(' ').next()?;
    Some((from.parse().ok()?, to.replace(',', "").parse().ok()?))
}
