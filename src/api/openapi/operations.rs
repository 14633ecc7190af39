//! Paths: one operation for each row.

use serde_json::{Map, Value, json};

use super::components::{Components, Side};
use super::refusals;
use crate::api::contract::{Form, Proof};
use crate::api::{Access, Endpoint};

/// A scheme's name and its definition.
type Scheme = (&'static str, fn() -> Value);

/// How callers show who they are.
pub(super) const SCHEMES: &[Scheme] = &[
    ("integration", || {
        json!({
            "type": "http", "scheme": "basic",
            "description": "Credentials of a back end.",
        })
    }),
    ("administrator", || {
        json!({
            "type": "http", "scheme": "basic",
            "description": "Credentials of an administrator.",
        })
    }),
    ("application", || {
        json!({
            "type": "http", "scheme": "basic",
            "description": "Credentials of the back end of one application.",
        })
    }),
    ("signature", || {
        header(
            "X-PowerAuth-Authorization",
            "A signature over the request: `PowerAuth pa_activation_id=\"…\", pa_application_key=\"…\", pa_nonce=\"…\", \
             pa_signature_type=\"…\", pa_signature=\"…\", pa_version=\"…\"`.",
        )
    }),
    ("token", || {
        header(
            "X-PowerAuth-Token",
            "A digest made with a token's secret: `PowerAuth token_id=\"…\", token_digest=\"…\", nonce=\"…\", \
             timestamp=\"…\", version=\"…\"`.",
        )
    }),
    ("encryption", || {
        header(
            "X-PowerAuth-Encryption",
            "Which keys encrypt the body: `PowerAuth application_key=\"…\", version=\"…\"`, in activation scope also \
             `activation_id=\"…\"`.",
        )
    }),
];

fn header(name: &str, text: &str) -> Value {
    json!({ "type": "apiKey", "in": "header", "name": name, "description": text })
}

/// The schemes of a row, of which one is needed; none for what anybody may call.
pub(super) fn schemes(row: &Endpoint) -> Vec<&'static str> {
    match row.access {
        Access::Integration => vec!["integration"],
        Access::Administrator => vec!["administrator"],
        Access::Application => vec!["application"],
        Access::Phone => {
            let name = |proof: &Proof| match proof {
                Proof::Signature => "signature",
                Proof::Token => "token",
                Proof::Encryption => "encryption",
            };
            row.contract.promises.proofs.iter().map(name).collect()
        }
    }
}

/// The subject of a row: the first segment of its path that names one.
pub(super) fn tag(row: &Endpoint) -> &'static str {
    let general = ["", "rest", "v2", "v3", "pa", "api", "auth", "app", "admin"];
    let mut segments = row.path.split('/').filter(|segment| !general.contains(segment));
    match segments.next() {
        Some("status" | "error") | None => "system",
        Some("verifyECDSASignature") => "signature",
        Some("token") if row.path.contains("/operation/") => "operation",
        Some(segment) => segment,
    }
}

/// All paths.
pub(super) fn paths(rows: &[Endpoint], components: &mut Components) -> Value {
    let mut paths = Map::new();
    for (place, row) in rows.iter().enumerate() {
        let (id, alias) = operation_id(rows, place);
        let operation = operation(rows, row, &id, alias, components);
        let item = paths.entry(row.path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(row.method.to_lowercase(), operation);
        }
    }
    Value::Object(paths)
}

/// A name that no other operation has, and whether the row is only another path of an earlier one.
fn operation_id(rows: &[Endpoint], place: usize) -> (String, bool) {
    let Some(row) = rows.get(place) else {
        return (String::new(), false);
    };
    let namesakes: Vec<&Endpoint> = rows.iter().filter(|it| it.name == row.name).collect();
    let alias = rows
        .iter()
        .take(place)
        .any(|it| it.name == row.name && it.method == row.method);
    let several_methods = namesakes.iter().any(|it| it.method != row.method);
    let id = match (alias, several_methods) {
        (true, _) => format!("{}Alias", row.name),
        (false, true) => format!("{}{}", row.name, capitalised(&row.method.to_lowercase())),
        (false, false) => row.name.to_owned(),
    };
    (id, alias)
}

/// With a capital letter at the beginning.
pub(super) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn operation(rows: &[Endpoint], row: &Endpoint, id: &str, alias: bool, components: &mut Components) -> Value {
    let contract = &row.contract.promises;
    let text = super::tidy::sentences(contract.text);
    let summary = text.split_inclusive(". ").next().unwrap_or_default();
    let mut operation = Map::new();
    let mut insert = |name: &str, value: Value| operation.insert(name.to_owned(), value);
    insert("operationId", json!(id));
    insert("tags", json!([tag(row)]));
    insert("summary", json!(summary.trim_end().trim_end_matches('.')));
    insert("description", json!(text));
    if alias {
        insert("deprecated", json!(true));
    }
    let security: Vec<Value> = schemes(row).into_iter().map(|name| json!({ name: [] })).collect();
    insert("security", json!(security));
    let parameter = |name: &str, place: &str, text: &str| {
        let (name, required) = name.strip_suffix('?').map_or((name, true), |name| (name, false));
        json!({
            "name": name, "in": place, "required": required, "description": text,
            "schema": { "type": "string" },
        })
    };
    let placeholders = row
        .path
        .split('/')
        .filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = placeholders
        .map(|name| parameter(name, "path", "UUID."))
        .collect();
    let query = contract.query.iter();
    parameters.extend(query.map(|(name, text)| parameter(name, "query", text)));
    if !parameters.is_empty() {
        insert("parameters", json!(parameters));
    }
    let bodiless = match row.method {
        "GET" => true,
        "DELETE" => matches!(contract.request, Form::Bytes),
        _ => false,
    };
    if let Some(body) = request(row, components).filter(|_| !bodiless) {
        insert("requestBody", body);
    }
    let answer = answer(row, components);
    let mut responses = Map::new();
    responses.insert(
        "200".to_owned(),
        json!({ "description": "Done.", "content": { "application/json": { "schema": answer } } }),
    );
    responses.extend(refusals::responses(rows, row));
    operation.insert("responses".to_owned(), Value::Object(responses));
    Value::Object(operation)
}

/// The body of a request; none when none is looked at.
fn request(row: &Endpoint, components: &mut Components) -> Option<Value> {
    let name = format!("{}Request", capitalised(row.name));
    let json = |schema: Value, required: bool| json!({ "required": required, "content": { "application/json": { "schema": schema } } });
    Some(match row.contract.promises.request {
        Form::Nothing => return None,
        Form::Bytes => json!({
            "description": "Any body; the signature covers its bytes.",
            "content": { "application/octet-stream": {} },
        }),
        Form::Bare(object) => json(components.schema(object, Side::Request, row.name), true),
        Form::Object(object) | Form::Timed(object) | Form::Optional(object) => {
            let required = !matches!(row.contract.promises.request, Form::Optional(_));
            let object = components.schema(object, Side::Request, row.name);
            let members = if required {
                vec!["requestObject"]
            } else {
                Vec::new()
            };
            let schema = json!({
                "type": "object",
                "description": format!("The body of `{}`.", row.name),
                "required": members,
                "properties": { "requestObject": object },
            });
            json(components.named(name, schema), required)
        }
    })
}

fn answer(row: &Endpoint, components: &mut Components) -> Value {
    let name = format!("{}Response", capitalised(row.name));
    let status = json!({ "type": "string", "enum": ["OK"] });
    let nothing = |components: &mut Components| {
        let schema = json!({
            "type": "object",
            "description": "It was done, and there is nothing more to say.",
            "required": ["status"],
            "properties": { "status": status },
        });
        components.named("OkResponse".to_owned(), schema)
    };
    let (object, timed) = match row.contract.promises.answer {
        Form::Nothing | Form::Bytes => return nothing(components),
        Form::Bare(object) => return components.schema(object, Side::Answer, row.name),
        Form::Timed(object) => (object, true),
        Form::Object(object) | Form::Optional(object) => (object, false),
    };
    let object = components.schema(object, Side::Answer, row.name);
    if object == json!({ "type": "null" }) {
        return nothing(components);
    }
    let mut properties = Map::new();
    properties.insert("status".to_owned(), status);
    if timed {
        let time = json!({
            "type": "string",
            "description": "The server's time: `2026-11-20T19:54:23+0000`.",
        });
        properties.insert("currentTimestamp".to_owned(), time);
    }
    properties.insert("responseObject".to_owned(), object);
    let schema = json!({
        "type": "object",
        "description": format!("The answer of `{}`.", row.name),
        "required": properties.keys().collect::<Vec<_>>(),
        "properties": properties,
    });
    components.named(name, schema)
}
