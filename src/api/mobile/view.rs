//! The operation as phones see it (mobile API specification, section 3).

use serde::Serialize;
use serde_json::{Value, json};

use super::super::http::Response;
use super::dialect::Differences;
use crate::engine::form::{Attribute, Form, FormData};
use crate::engine::json::Moment;
use crate::model::operation::Operation;

/// A moment of an operation: seconds, and an offset without colon.
pub(super) fn moment(millis: u64) -> String {
    let iso = Moment::from_millis(millis).to_iso();
    match iso.split_once('.') {
        Some((seconds, _)) => format!("{seconds}+0000"),
        None => iso,
    }
}

/// An operation in answers. Members without a value are left out.
#[derive(Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "MobileOperation")
)]
#[serde(rename_all = "camelCase")]
pub(super) struct OperationView {
    /// UUID.
    id: String,
    /// Type of the operation.
    name: String,
    /// What is signed.
    data: String,
    /// The state.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    /// Creation: `2026-11-20T19:54:23+0000`.
    operation_created: String,
    /// Expiry: `2026-11-20T19:54:23+0000`.
    operation_expires: String,
    /// Hints for the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schemars(with = "Option<serde_json::Map<String, Value>>")
    )]
    ui: Option<Value>,
    /// Factors that may approve it.
    #[cfg_attr(feature = "openapi", schemars(schema_with = "allowed_schema"))]
    allowed_signature_type: Value,
    /// What the phone shows.
    form_data: FormData,
    /// Whether an approval needs the number on the page that asks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    number_matching: bool,
}

impl OperationView {
    pub(super) fn of(it: Operation, form: Form, rules: &Differences) -> Self {
        let Form { mut data, ui } = form;
        if rules.unique_rows {
            data.attributes = unique(data.attributes);
        }
        for row in &mut data.attributes {
            row.without(rules.row_without);
        }
        data.result_texts = data.result_texts.filter(|_| rules.shows("resultTexts"));
        Self {
            status: rules.shows("status").then_some(it.status.name()),
            status_reason: it.status_reason.filter(|_| rules.shows("statusReason")),
            operation_created: moment(it.created),
            operation_expires: moment(it.expires),
            ui: ui.filter(|_| rules.shows("ui")),
            allowed_signature_type: allowed(&it.signature_types),
            form_data: data,
            number_matching: it.number.is_some() && rules.shows("numberMatching"),
            id: it.id,
            name: it.operation_type,
            data: it.data,
        }
    }
}

/// A later row takes the place of an earlier one with its id.
fn unique(rows: Vec<Attribute>) -> Vec<Attribute> {
    let mut kept: Vec<Attribute> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.iter_mut().find(|it| it.id() == row.id()) {
            Some(earlier) => *earlier = row,
            None => kept.push(row),
        }
    }
    kept
}

/// What [`allowed`] writes.
#[cfg(feature = "openapi")]
fn allowed_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "required": ["type", "variants"],
        "properties": {
            "type": { "type": "string", "enum": ["1FA", "2FA"] },
            "variants": {
                "type": "array",
                "description": "Of two factors, the pairs that are allowed; of one none are listed.",
                "items": { "type": "string", "enum": ["possession_knowledge", "possession_biometry"] },
            },
        },
    })
}

/// One factor, or two with the pairs that are allowed, in this order.
fn allowed(types: &[String]) -> Value {
    let has = |name: &str| types.iter().any(|kind| kind == name);
    if has("POSSESSION") {
        return json!({ "type": "1FA", "variants": [] });
    }
    let pairs = [
        ("POSSESSION_KNOWLEDGE", "possession_knowledge"),
        ("POSSESSION_BIOMETRY", "possession_biometry"),
    ];
    let variants: Vec<&str> = pairs
        .iter()
        .filter(|(name, _)| has(name))
        .map(|(_, variant)| *variant)
        .collect();
    json!({ "type": "2FA", "variants": variants })
}

/// Success. Members without a value are left out.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Success<T> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_object: Option<T>,
}

impl<T: Serialize> Success<T> {
    /// With an object.
    pub(super) fn new(object: T) -> Self {
        Self {
            status: "OK",
            current_timestamp: None,
            response_object: Some(object),
        }
    }

    /// Tells the time, where the dialect does so.
    pub(super) fn at(self, now: u64, rules: &Differences) -> Self {
        Self {
            current_timestamp: rules.current_timestamp.then(|| moment(now)),
            ..self
        }
    }

    pub(super) fn respond(&self) -> Response {
        Response::json(200, self)
    }
}

/// `{"status":"OK"}`
pub(super) fn ok() -> Response {
    Response::ok(&())
}
