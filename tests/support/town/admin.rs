//! `/admin/…`: what administrators set up.

use super::super::keeper::store_keys;
use super::*;

const TEXTS: &str = "/admin/operation-texts";

fn texts(language: &str) -> Value {
    json!([{ "placeholder": "login", "language": language, "title": "Login", "message": "Is it you?" }])
}

/// A request with credentials.
pub(super) fn ask(method: &str, path: &str, body: &Value) -> Ask {
    Ask {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: body.to_string().into_bytes(),
    }
}

/// Texts, without which phones see no operation.
pub(super) fn prepare(world: &World) {
    world.ask(&ask("POST", TEXTS, &texts("en"))).ok();
    store_keys(world);
}

pub(super) fn asks() -> Vec<Ask> {
    vec![
        ask("POST", TEXTS, &texts("cs")),
        ask("GET", TEXTS, &json!({})),
        ask(
            "DELETE",
            &format!("{TEXTS}?placeholder=login&language=en"),
            &json!({}),
        ),
        ask("GET", "/api/admin/template", &json!({})),
        ask("GET", "/admin/master-key", &json!({})),
        ask("POST", "/admin/master-key/rotate", &json!({})),
        ask("POST", "/admin/master-key/retire", &json!({ "key": 6 })),
    ]
}
