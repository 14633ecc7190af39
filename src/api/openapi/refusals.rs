//! What callers get instead of an answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::components::reference;
use crate::api::Endpoint;
use crate::engine::ErrorCode;

/// Those of all rows: the limits on bodies and headers.
const LIMITS: &[(u16, &str)] = &[
    (400, "ERROR_HTTP_REQUEST"),
    (413, "ERROR_REQUEST_TOO_LARGE"),
    (431, "ERROR_HEADER_TOO_LARGE"),
];

/// Statuses and codes of a row.
fn codes(row: &Endpoint) -> BTreeMap<u16, Vec<&'static str>> {
    let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for (status, code) in row.contract.promises.refusals.iter().chain(LIMITS) {
        let codes = codes.entry(*status).or_default();
        match *code {
            "ERR…" => codes.extend(ErrorCode::ALL.iter().map(|code| code.code())),
            code => codes.push(code),
        }
    }
    for codes in codes.values_mut() {
        codes.sort_unstable();
        codes.dedup();
    }
    codes
}

fn phrase(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "The request is refused."),
        401 => ("Unauthenticated", "The caller is not authenticated."),
        409 => ("Conflict", "The request does not fit the state of things."),
        413 => ("TooLarge", "The body is too large."),
        415 => ("NotJson", "The body is not JSON."),
        431 => ("HeaderTooLarge", "A header is too large."),
        503 => (
            "Unavailable",
            "The machinery failed; nothing was authenticated. Try again.",
        ),
        _ => ("Failure", "The server failed; nothing was authenticated."),
    }
}

fn response(status: u16, codes: &[&'static str]) -> Value {
    let lines = codes.iter().map(|code| {
        let known = ErrorCode::ALL.iter().find(|it| it.code() == *code);
        match known {
            Some(known) => format!("- `{code}` {}", known.message()),
            None => format!("- `{code}`"),
        }
    });
    let lines: Vec<String> = lines.collect();
    json!({
        "description": format!("{} Codes:\n\n{}", phrase(status).1, lines.join("\n")),
        "content": { "application/json": { "schema": reference("ErrorResponse") } },
        "x-codes": codes,
    })
}

/// The codes that most rows have under a status; those of one row only are its own.
fn usual(rows: &[Endpoint], status: u16) -> Option<Vec<&'static str>> {
    let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for row in rows {
        if let Some(codes) = codes(row).remove(&status) {
            *counts.entry(codes).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 1).map(|(codes, _)| codes)
}

/// Responses that several rows have.
pub(super) fn shared(rows: &[Endpoint]) -> Value {
    let statuses: BTreeSet<u16> = rows.iter().flat_map(|row| codes(row).into_keys()).collect();
    let shared = statuses.into_iter().filter_map(|status| {
        let codes = usual(rows, status)?;
        Some((phrase(status).0.to_owned(), response(status, &codes)))
    });
    Value::Object(shared.collect())
}

/// The refusals of a row.
pub(super) fn responses(rows: &[Endpoint], row: &Endpoint) -> Vec<(String, Value)> {
    let entry = |(status, of): (u16, Vec<&'static str>)| {
        let value = match usual(rows, status).as_ref() == Some(&of) {
            true => json!({ "$ref": format!("#/components/responses/{}", phrase(status).0) }),
            false => response(status, &of),
        };
        (status.to_string(), value)
    };
    codes(row).into_iter().map(entry).collect()
}

/// The schemas of refusals.
pub(super) fn schemas() -> Vec<(String, Value)> {
    let text = |text: &str| json!({ "type": "string", "description": text });
    let detail = json!({
        "type": "object",
        "description": "Why the request got no answer.",
        "required": ["code", "message"],
        "properties": {
            "code": text("For programs. New codes may come."),
            "message": text("For people who read logs; says nothing about users."),
            "localizedMessage": text("The same; the server API has it."),
            "currentRecoveryPukIndex": {
                "type": "integer", "format": "int64", "minimum": 0,
                "description": "After a wrong PUK: the number of the one to try next. 0 with `ERROR_HTTP_REQUEST`.",
            },
            "violations": {
                "type": "array",
                "description": "What is wrong with the request, all of it.",
                "items": reference("ErrorViolation"),
            },
        },
    });
    let response = json!({
        "type": "object",
        "description": "A refusal.",
        "required": ["status", "responseObject"],
        "properties": {
            "status": { "type": "string", "enum": ["ERROR"] },
            "responseObject": reference("ErrorDetail"),
        },
    });
    let violation = json!({
        "type": "object",
        "description": "What is wrong with a member of a request.",
        "required": ["fieldName", "hint"],
        "properties": {
            "fieldName": text("Name of the member."),
            "invalidValue": text("What it was, unless it is missing or secret."),
            "hint": text("What it should be."),
        },
    });
    vec![
        ("ErrorViolation".to_owned(), violation),
        ("ErrorDetail".to_owned(), detail),
        ("ErrorResponse".to_owned(), response),
    ]
}
