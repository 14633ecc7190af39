//! `/admin/…`: what administrators set up.

use super::super::keeper::store_keys;
use super::*;

const TEXTS: &str = "/admin/operation-texts";
const PUSH: &str = "/admin/push-credentials";

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

/// Credentials at Apple and Google, which are good for nothing.
pub fn push_credentials() -> [Value; 2] {
    let apns = json!({
        "applicationId": APPLICATION, "platform": "apns", "environment": "production", "teamId": "TEAM123456",
        "keyId": "KEY1234567", "topic": "example.bank.app", "privateKey": include_str!("../push/apns.pem"),
    });
    let account = json!({
        "project_id": "bank-project", "private_key_id": "k1",
        "private_key": include_str!("../push/rsa.pem"), "client_email": "push@bank-project.example",
        "token_uri": "https://oauth2.example/token",
    });
    let fcm = json!({ "applicationId": APPLICATION, "platform": "fcm", "serviceAccount": account });
    [apns, fcm]
}

/// Texts, without which phones see no operation.
pub(super) fn prepare(world: &World) {
    world.ask(&ask("POST", TEXTS, &texts("en"))).ok();
    for credentials in push_credentials() {
        world.ask(&ask("POST", PUSH, &credentials)).ok();
    }
    store_keys(world);
}

pub(super) fn asks() -> Vec<Ask> {
    let [apns, fcm] = push_credentials();
    let app = format!("{PUSH}?applicationId={APPLICATION}");
    vec![
        ask("POST", PUSH, &apns),
        ask("POST", PUSH, &fcm),
        ask("GET", &app, &json!({})),
        ask(
            "DELETE",
            &format!("{app}&platform=apns&environment=production"),
            &json!({}),
        ),
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
