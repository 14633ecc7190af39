//! Servers that lie: ours, with answers that are changed on their way.

use std::cell::{Cell, RefCell};

use countersign::crypto::encoding::base64;
use countersign_conformance::transport::{Http, Incoming, Outgoing, Transport, Unreachable};
use serde_json::{Value, json};

pub(crate) type Change = dyn Fn(&Outgoing, &mut Value) -> bool;

/// A server between the kit and ours that changes answers.
pub(crate) struct Liar<'a> {
    pub(crate) honest: &'a Http,
    /// Changes the body of an answer and says so.
    pub(crate) change: &'a Change,
    pub(crate) status: &'a dyn Fn(&Outgoing, u16) -> u16,
    pub(crate) lies: Cell<usize>,
}

impl Transport for Liar<'_> {
    fn send(&self, request: &Outgoing) -> Result<Incoming, Unreachable> {
        let mut answer = self.honest.send(request)?;
        let status = (self.status)(request, answer.status);
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if (self.change)(request, &mut body) {
            answer.body = body.to_string().into_bytes();
            self.lies.set(self.lies.get() + 1);
        } else if status != answer.status {
            self.lies.set(self.lies.get() + 1);
        }
        answer.status = status;
        Ok(answer)
    }
}

pub(crate) fn honest_status(_: &Outgoing, status: u16) -> u16 {
    status
}

pub(crate) fn no_change(_: &Outgoing, _: &mut Value) -> bool {
    false
}

/// Sets every member of this name in the answer to `path` whose value is `from`.
fn member(path: &'static str, name: &'static str, from: Value, to: Value) -> Box<Change> {
    Box::new(move |request, body| request.path == path && replace(body, name, &from, &to))
}

fn replace(value: &mut Value, name: &str, from: &Value, to: &Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut changed = false;
            if let Some(member) = members.get_mut(name).filter(|it| *it == from) {
                *member = to.clone();
                changed = true;
            }
            members
                .values_mut()
                .fold(changed, |changed, it| replace(it, name, from, to) || changed)
        }
        Value::Array(items) => {
            items
                .iter_mut()
                .filter_map(|it| replace(it, name, from, to).then_some(()))
                .count()
                > 0
        }
        _ => false,
    }
}

/// Changes `responseObject` of the answer to `path`, where there is one.
fn object(path: &'static str, change: impl Fn(&mut Value) + 'static) -> Box<Change> {
    Box::new(move |request, body| match body.get_mut("responseObject") {
        Some(object) if request.path == path && body_is_good(object) => {
            change(object);
            true
        }
        _ => false,
    })
}

fn body_is_good(object: &Value) -> bool {
    object.get("code").is_none()
}

fn damage(object: &mut Value, name: &str) {
    let text = object[name].as_str().unwrap_or_default().to_owned();
    let mut bytes = base64::decode(&text).unwrap();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    object[name] = base64::encode(&bytes).into();
}

/// Each answers with the first object it was ever asked for.
fn stale(path: &'static str) -> Box<Change> {
    let first = RefCell::new(None);
    Box::new(move |request, body| {
        if request.path != path {
            return false;
        }
        let mut first = first.borrow_mut();
        let kept = first.get_or_insert_with(|| body.clone());
        let changed = kept != body;
        *body = kept.clone();
        changed
    })
}

/// What a liar is called, where it is played, and what it changes.
pub(crate) fn changes() -> Vec<(&'static str, &'static str, Box<Change>)> {
    let verify = "/signature/verify";
    vec![
        (
            "accepts bad signatures",
            "signature[version=3.2,factors=possession_knowledge]",
            member(verify, "signatureValid", json!(false), json!(true)),
        ),
        (
            "refuses good signatures",
            "signature_counter[version=3.1]",
            member(verify, "signatureValid", json!(true), json!(false)),
        ),
        (
            "shows one attempt more",
            "signature_attempts",
            member(verify, "remainingAttempts", json!(4), json!(5)),
        ),
        (
            "never blocks",
            "signature_attempts",
            member(verify, "activationStatus", json!("BLOCKED"), json!("ACTIVE")),
        ),
        (
            "counts no failures",
            "signature_attempts",
            member("/activation/status", "failedAttempts", json!(2), json!(0)),
        ),
        (
            "names other factors",
            "offline",
            member(
                "/signature/offline/verify",
                "signatureType",
                json!("POSSESSION_BIOMETRY"),
                json!("POSSESSION_KNOWLEDGE"),
            ),
        ),
        (
            "accepts biometry that is not allowed",
            "offline",
            member(
                "/signature/offline/verify",
                "signatureValid",
                json!(false),
                json!(true),
            ),
        ),
        (
            "accepts bad digests",
            "token[version=3.2]",
            member("/token/validate", "tokenValid", json!(false), json!(true)),
        ),
        (
            "drops a member",
            "activation[version=3.1]",
            object("/activation/commit", |it| {
                it.as_object_mut().unwrap().remove("activated");
            }),
        ),
        (
            "sends null for a member",
            "activation_lists",
            object("/activation/list", |it| it["userId"] = Value::Null),
        ),
        (
            "adds a member",
            "activation[version=3.1]",
            object("/activation/remove", |it| it["more"] = json!(1)),
        ),
        (
            "sends a text for a number",
            "operation_template",
            object("/operation/template/detail", |it| {
                it["id"] = json!(it["id"].to_string())
            }),
        ),
        (
            "shows another state",
            "activation[version=3.3]",
            member(
                "/activation/block",
                "activationStatus",
                json!("BLOCKED"),
                json!("ACTIVE"),
            ),
        ),
        (
            "forgets a reason",
            "activation[version=3.3]",
            member("/activation/block", "blockedReason", json!("LOST"), Value::Null),
        ),
        (
            "answers with an old status",
            "signature_counter[version=3.2]",
            stale("/pa/v3/activation/status"),
        ),
        (
            "damages a status",
            "activation[version=3.2]",
            object("/pa/v3/activation/status", |it| damage(it, "encryptedStatusBlob")),
        ),
        (
            "damages a check sum",
            "token[version=3.3]",
            Box::new(|request, body| {
                let here = request.path == "/pa/v3/token/create" && body.get("mac").is_some();
                if here {
                    damage(body, "mac");
                }
                here
            }),
        ),
        (
            "signs codes with another key",
            "activation_errors",
            object("/activation/init", |it| damage(it, "activationSignature")),
        ),
        (
            "gives everybody one code",
            "activation_errors",
            stale("/activation/init"),
        ),
        (
            "leaves out an activation",
            "activation_lists",
            object("/activation/list", |it| {
                it["activations"].as_array_mut().unwrap().pop();
            }),
        ),
        (
            "turns the history round",
            "activation_lists",
            object("/activation/history", |it| {
                it["items"].as_array_mut().unwrap().reverse()
            }),
        ),
        (
            "sorts no flags",
            "activation_lists",
            object("/activation/flags/create", |it| {
                it["activationFlags"].as_array_mut().unwrap().reverse()
            }),
        ),
        (
            "approves whatever comes",
            "operation_attempts",
            member(
                "/operation/approve",
                "result",
                json!("APPROVAL_FAILED"),
                json!("APPROVED"),
            ),
        ),
        (
            "counts no attempts of operations",
            "operation_attempts",
            member("/operation/approve", "failureCount", json!(1), json!(0)),
        ),
        (
            "never expires",
            "operation_expiry",
            member("/operation/detail", "status", json!("EXPIRED"), json!("PENDING")),
        ),
        (
            "changes the data",
            "operation",
            object("/operation/detail", |it| it["data"] = json!("A1*A900EUR")),
        ),
        (
            "shows a proximity code of nobody",
            "operation_proximity",
            object("/operation/detail", |it| it["proximityOtp"] = json!("00000000")),
        ),
        (
            "shows a password",
            "callback",
            object("/application/callback/list", |it| {
                if let Some(basic) = it.pointer_mut("/callbackUrlList/0/authentication/httpBasic") {
                    basic["password"] = json!("secret");
                }
            }),
        ),
        (
            "shows a clear recovery code",
            "recovery[version=3.2]",
            member("/recovery/lookup", "status", json!("ACTIVE"), json!("CREATED")),
        ),
        (
            "lives an hour behind",
            "system",
            object("/status", |it| {
                it["timestamp"] = json!("2020-01-01T00:00:00.000+00:00")
            }),
        ),
        (
            "answers with another error",
            "activation_errors",
            member("/activation/commit", "code", json!("ERR0009"), json!("ERR0008")),
        ),
        (
            "hides operations",
            "mobile_token",
            Box::new(|request, body| {
                let here = request.path.ends_with("/operation/list");
                if here {
                    body["responseObject"] = json!([]);
                }
                here
            }),
        ),
        (
            "says OK to a wrong PIN",
            "mobile_token_attempts",
            Box::new(|request, body| {
                let here = request.path.ends_with("/operation/authorize") && body["status"] == "ERROR";
                if here {
                    *body = json!({ "status": "OK" });
                }
                here
            }),
        ),
    ]
}
