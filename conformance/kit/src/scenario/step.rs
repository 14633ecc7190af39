//! One step of a file.

use serde_json::{Map, Value};

use super::members::{Members, Spot};
use super::{Act, Base, Body, Broken, Call, Command, Damage, Damaged, How, Outcome, Reply, Step};
use crate::matcher::Matcher;

/// What a step may be, by the member that says so.
const KINDS: [&str; 13] = [
    "server", "edge", "admin", "phone", "new", "copy", "resend", "compute", "keys", "set", "check", "listen",
    "heard",
];

pub(super) fn step(spot: &Spot, at: String, item: Value) -> Result<Step, Broken> {
    let mut members = Members::of(spot, "", item)?;
    let kinds: Vec<_> = KINDS.iter().filter(|kind| members.has(kind)).collect();
    let [kind] = kinds.as_slice() else {
        return Err(spot.broken("", format!("one of {}, include is needed", KINDS.join(", "))));
    };
    let title = members.text("step")?;
    let needs = members.needs()?;
    let mut save = members.text("as")?;
    let until = members.integer("until")?;
    let until = until.map(u64::try_from).transpose();
    let until = until.map_err(|_| spot.broken("until", "a number of seconds is needed"))?;
    let (described, act) = match **kind {
        "server" => call(&mut members, Base::Server, "server")?,
        "edge" => call(&mut members, Base::Edge, "edge")?,
        "admin" => call(&mut members, Base::Admin, "admin")?,
        "phone" => phone(spot, &mut members)?,
        "new" => {
            let name = members.needed("new")?;
            let settings = Value::Object(members.object("settings")?);
            (format!("new phone {name}"), Act::New(name, settings))
        }
        "copy" => {
            let (from, to) = (members.needed("copy")?, members.needed("to")?);
            (format!("copy {from} to {to}"), Act::Copy(from, to))
        }
        "resend" => {
            let name = members.needed("resend")?;
            (format!("resend {name}"), Act::Resend(name, reply(&mut members)?))
        }
        "compute" => {
            let command = Value::Object(members.object("compute")?);
            let outcome = outcome(&mut members)?.unwrap_or_else(succeeds);
            (
                format!("compute {}", named(&command)),
                Act::Compute(command, outcome),
            )
        }
        "keys" => {
            save = Some(members.needed("keys")?);
            ("new keys".to_owned(), Act::Keys)
        }
        "set" => ("set".to_owned(), Act::Set(members.object("set")?)),
        "check" => {
            let value = members.take("check").unwrap_or_default();
            let expected = expectation(&mut members, "is")?;
            let expected = expected.ok_or_else(|| spot.broken("is", "is missing"))?;
            ("check".to_owned(), Act::Check(value, expected))
        }
        "listen" => {
            let name = members.needed("listen")?;
            ("listen".to_owned(), Act::Listen(name))
        }
        _ => {
            let name = members.needed("heard")?;
            let expected = expectation(&mut members, "is")?;
            let expected = expected.ok_or_else(|| spot.broken("is", "is missing"))?;
            (format!("{name} has heard"), Act::Heard(name, expected))
        }
    };
    members.end()?;
    Ok(Step {
        at,
        title: title.unwrap_or(described),
        needs,
        act,
        save,
        until,
    })
}

/// What succeeds, with any result.
fn succeeds() -> Outcome {
    Outcome::Result(Value::Object(Map::new()))
}

fn named(command: &Value) -> &str {
    command.get("do").and_then(Value::as_str).unwrap_or_default()
}

/// An expectation that can be read. Numbers inside of matchers may still be references.
fn expectation(members: &mut Members, name: &str) -> Result<Option<Value>, Broken> {
    let Some(value) = members.take(name) else {
        return Ok(None);
    };
    match Matcher::parse(&readable(&value)) {
        Ok(_) => Ok(Some(value)),
        Err(error) => Err(members.broken(name, error.to_string())),
    }
}

/// The expectation with a number for every reference that stands alone where a matcher takes a number.
fn readable(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(readable).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let is_number = matches!(
                    name.as_str(),
                    "$bytes" | "$digits" | "$length" | "time" | "seconds" | "min" | "max"
                );
                let value = match value {
                    Value::String(text) if is_number && text.starts_with("{{") => Value::from(0),
                    other => readable(other),
                };
                (name.clone(), value)
            });
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

fn reply(members: &mut Members) -> Result<Reply, Broken> {
    Ok(Reply {
        http: expectation(members, "http")?,
        error: expectation(members, "error")?,
        object: expectation(members, "object")?,
        answer: expectation(members, "answer")?,
    })
}

fn outcome(members: &mut Members) -> Result<Option<Outcome>, Broken> {
    let result = expectation(members, "result")?.map(Outcome::Result);
    let refused = expectation(members, "refused")?.map(Outcome::Refused);
    let fails = expectation(members, "fails")?.map(Outcome::Fails);
    match (result, refused, fails) {
        (outcome, None, None) | (None, outcome, None) | (None, None, outcome) => Ok(outcome),
        _ => Err(members.broken("", "only one of result, refused, fails is possible")),
    }
}

fn call(members: &mut Members, to: Base, kind: &str) -> Result<(String, Act), Broken> {
    let path = members.needed(kind)?;
    let method = members.text("method")?.unwrap_or_else(|| "POST".to_owned());
    let headers = members.object("headers")?;
    let bodies = [members.take("send"), members.take("body"), members.take("raw")];
    let body = match bodies {
        [Some(object), None, None] => Body::Wrapped(object),
        [None, Some(json), None] => Body::Json(json),
        [None, None, Some(text)] => Body::Raw(text),
        [None, None, None] if to == Base::Server => Body::Wrapped(Value::Object(Map::new())),
        [None, None, None] => Body::None,
        _ => return Err(members.broken("", "only one of send, body, raw is possible")),
    };
    let described = format!("{method} {path}");
    let call = Call {
        to,
        method,
        path: Value::String(path),
        headers,
        body,
    };
    Ok((described, Act::Call(Box::new(call), reply(members)?)))
}

fn damage(spot: &Spot, value: Value) -> Result<Damage, Broken> {
    let mut members = Members::of(spot, "damage", value)?;
    let (header, field) = (members.text("header")?, members.text("field")?);
    let body = members.text("body")?;
    let place = match (header, field, body) {
        (Some(header), field, None) => Damaged::Header(header, field),
        (None, None, Some(name)) => Damaged::Body(name),
        _ => return Err(members.broken("", "`header`, perhaps with `field`, or `body` is needed")),
    };
    let set = members.take("set");
    let how = match (members.text("do")?.as_deref(), set) {
        (Some("flip"), None) => How::Flip,
        (Some("drop"), None) => How::Drop,
        (None, Some(value)) => How::Set(value),
        _ => return Err(members.broken("do", "`flip` or `drop`, or `set` is needed")),
    };
    members.end()?;
    Ok(Damage { place, how })
}

fn through(spot: &Spot, value: Option<Value>) -> Result<Option<(String, Value)>, Broken> {
    let Some(value) = value else {
        return Ok(None);
    };
    let mut members = Members::of(spot, "through", value)?;
    let through = (members.needed("server")?, Value::Object(members.object("send")?));
    members.end()?;
    Ok(Some(through))
}

fn phone(spot: &Spot, members: &mut Members) -> Result<(String, Act), Broken> {
    let phone = members.needed("phone")?;
    let command = Value::Object(members.object("do")?);
    if named(&command).is_empty() {
        return Err(members.broken("do.do", "is missing"));
    }
    let damage = members.list("damage")?.into_iter().map(|item| damage(spot, item));
    let damage = damage.collect::<Result<_, _>>()?;
    let through = through(spot, members.take("through"))?;
    let replies = ["http", "error", "object", "answer"];
    let has_reply = replies.iter().any(|name| members.has(name));
    let reply = reply(members)?;
    let clock = members.integer("clock")?.unwrap_or_default();
    let reads = match members.take("read") {
        None | Some(Value::Bool(true)) => true,
        Some(Value::Bool(false)) => false,
        Some(_) => return Err(members.broken("read", "true or false is needed")),
    };
    let outcome = match (outcome(members)?, reads) {
        (Some(_), false) => {
            return Err(members.broken("read", "nothing is expected of a phone that reads nothing"));
        }
        (None, false) => None,
        (outcome, true) => Some(outcome.unwrap_or_else(succeeds)),
    };
    let described = format!("{phone}: {}", named(&command));
    let command = Command {
        phone,
        command,
        clock,
        damage,
        through,
        reply: has_reply.then_some(reply),
        outcome,
    };
    Ok((described, Act::Phone(Box::new(command))))
}
