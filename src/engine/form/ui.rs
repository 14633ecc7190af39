//! Hints for the app, and texts for the outcome (mobile API specification, section 5).

use serde_json::{Map, Value, json};

use super::{Broken, Filler};
use crate::model::operation::Operation;

/// What an app may be told, by the names of the members.
const FLAGS: [&str; 2] = ["flipButtons", "blockApprovalOnCall"];
const PRE: &str = "preApprovalScreen";
const POST: &str = "postApprovalScreen";
const TEMPLATES: &str = "templates";

const PRE_KINDS: [&str; 3] = ["WARNING", "INFO", "QR_SCAN"];
const APPROVAL_KINDS: [&str; 1] = ["SLIDER"];
/// Kinds of screens after the approval, with the members of their payload; none for any.
const POST_KINDS: [(&str, Option<&[&str]>); 3] = [
    ("REVIEW", Some(&["attributes"])),
    (
        "MERCHANT_REDIRECT",
        Some(&["redirectText", "redirectUrl", "countdown"]),
    ),
    ("GENERIC", None),
];
const RESULTS: [&str; 3] = ["success", "failure", "reject"];

/// The hints of an operation: those of its texts; else those of its risk flags; else none.
pub(super) fn hints(
    operation: &Operation,
    template: Option<&str>,
    filler: &Filler<'_>,
) -> Result<Option<Value>, Broken> {
    if let Some(json) = template.filter(|it| !it.trim().is_empty()) {
        let mut ui = screens(filler.object(parse(json)?))?;
        let scan = ui.get(PRE).and_then(|screen| screen.get("type")) == Some(&json!("QR_SCAN"));
        if scan && operation.totp_seed.is_none() {
            ui.shift_remove(PRE);
        }
        return Ok(Some(Value::Object(ui)));
    }
    let flags = operation.risk_flags.as_deref().filter(|it| !it.trim().is_empty());
    Ok(flags.map(of_risk_flags))
}

fn of_risk_flags(flags: &str) -> Value {
    let mut ui = Map::new();
    if flags.contains('X') {
        ui.insert("flipButtons".to_owned(), json!(true));
    }
    if flags.contains('C') {
        ui.insert("blockApprovalOnCall".to_owned(), json!(true));
    }
    if flags.contains('F') {
        let screen = json!({ "type": "WARNING", "approvalType": "SLIDER" });
        ui.insert(PRE.to_owned(), screen);
    }
    Value::Object(ui)
}

/// An object.
pub(super) fn parse(json: &str) -> Result<Map<String, Value>, Broken> {
    serde_json::from_str(json).map_err(|_| Broken)
}

/// The known members, when their values are known, too.
fn screens(given: Map<String, Value>) -> Result<Map<String, Value>, Broken> {
    let mut ui = Map::new();
    for (name, value) in given {
        let kept = match name.as_str() {
            _ if value.is_null() => None,
            it if FLAGS.contains(&it) => Some(Value::Bool(value.as_bool().ok_or(Broken)?)),
            PRE => Some(pre_screen(value)?),
            POST => Some(post_screen(value)?),
            // The app's own business, nested nulls included.
            TEMPLATES if value.is_object() => Some(value),
            TEMPLATES => return Err(Broken),
            _ => None,
        };
        ui.extend(kept.map(|kept| (name, kept)));
    }
    Ok(ui)
}

fn pre_screen(screen: Value) -> Result<Value, Broken> {
    one_of(&screen, "type", &PRE_KINDS)?;
    one_of(&screen, "approvalType", &APPROVAL_KINDS)?;
    only(screen, &["type", "heading", "message", "items", "approvalType"])
}

fn post_screen(screen: Value) -> Result<Value, Broken> {
    let kind = screen.get("type").and_then(Value::as_str).ok_or(Broken)?;
    let (_, members) = POST_KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .ok_or(Broken)?;
    let mut screen = only(screen, &["type", "heading", "message", "payload"])?;
    if let (Some(members), Some(payload)) = (members, screen.get_mut("payload")) {
        *payload = only(payload.take(), members)?;
    }
    Ok(screen)
}

/// Nothing, or one of the known words.
fn one_of(object: &Value, name: &str, known: &[&str]) -> Result<(), Broken> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(word)) if known.contains(&word.as_str()) => Ok(()),
        Some(_) => Err(Broken),
    }
}

/// An object without unknown members and without nulls.
fn only(object: Value, known: &[&str]) -> Result<Value, Broken> {
    let Value::Object(mut members) = object else {
        return Err(Broken);
    };
    members.retain(|name, value| known.contains(&name.as_str()) && !value.is_null());
    Ok(Value::Object(members))
}

/// The texts for the outcome.
pub(super) fn result_texts(json: &str) -> Result<Map<String, Value>, Broken> {
    let mut texts = parse(json)?;
    texts.retain(|name, value| RESULTS.contains(&name.as_str()) && !value.is_null());
    match texts.values().all(Value::is_string) {
        true => Ok(texts),
        false => Err(Broken),
    }
}
