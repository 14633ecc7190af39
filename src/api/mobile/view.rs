//! The operation as phones see it (sections 3 and 5).

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::engine::json::Moment;
use crate::model::operation::Operation;

/// An operation in answers. Members without a value are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OperationView {
    id: String,
    name: String,
    data: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    operation_created: String,
    operation_expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ui: Option<Value>,
    allowed_signature_type: Value,
    form_data: Value,
}

/// A moment in this API: seconds, and an offset without colon.
pub(super) fn moment(millis: u64) -> String {
    let iso = Moment::from_millis(millis).to_iso();
    iso.split_once('.')
        .map_or(iso.clone(), |(seconds, _)| format!("{seconds}+0000"))
}

impl OperationView {
    pub(super) fn of(it: &Operation) -> Self {
        Self {
            id: it.id.clone(),
            name: it.operation_type.clone(),
            data: it.data.clone(),
            status: it.status.name(),
            status_reason: it.status_reason.clone(),
            operation_created: moment(it.created),
            operation_expires: moment(it.expires),
            ui: it
                .risk_flags
                .as_deref()
                .filter(|flags| !flags.trim().is_empty())
                .map(hints),
            allowed_signature_type: allowed(&it.signature_types),
            form_data: form(it),
        }
    }
}

/// What the app is asked to do, from the risk flags.
fn hints(flags: &str) -> Value {
    let mut ui = Map::new();
    if flags.contains('X') {
        ui.insert("flipButtons".to_owned(), json!(true));
    }
    if flags.contains('C') {
        ui.insert("blockApprovalOnCall".to_owned(), json!(true));
    }
    if flags.contains('F') {
        ui.insert(
            "preApprovalScreen".to_owned(),
            json!({ "type": "WARNING", "approvalType": "SLIDER" }),
        );
    }
    Value::Object(ui)
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

/// A plain form: the type as title, the data as message, the parameters as rows. There is no store
/// of localised texts yet, and an operation that nobody can see helps nobody.
fn form(it: &Operation) -> Value {
    let parameters: Map<String, Value> = serde_json::from_str(&it.parameters).unwrap_or_default();
    let row = |(name, value): (String, Value)| match value {
        Value::String(text) => Some(json!({ "type": "KEY_VALUE", "id": name, "label": name, "value": text })),
        _ => None,
    };
    let attributes: Vec<Value> = parameters.into_iter().filter_map(row).collect();
    json!({ "title": it.operation_type, "message": it.data, "attributes": attributes })
}
