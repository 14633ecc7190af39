//! `/v2/…`, `/audit/…`, `/admin/applications…`, `/internal/…`: several devices per user.

use countersign::client::PushRegistration;
use countersign::crypto::encoding::base64;

use super::*;

/// A request with the credentials of the application.
fn with(basic: &str, method: &str, path: &str, body: &Value) -> Ask {
    let mut ask = admin::ask(method, path, body);
    ask.headers.push(("Authorization", basic.to_owned()));
    ask
}

/// New credentials of the application, as a header.
fn credentials(world: &World) -> String {
    let path = "/admin/applications/credentials";
    let made = world
        .ask(&admin::ask("POST", path, &json!({ "id": APPLICATION })))
        .json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let pair = format!("{}:{}", text("username"), text("password"));
    format!("Basic {}", base64::encode(pair.as_bytes()))
}

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let basic = credentials(ground.world);
    let v2 = |method: &str, path: &str, body: Value| with(&basic, method, &format!("/v2{path}"), &body);
    let pending = Phone::pending(ground.world, ground.application, "jill", 60, &json!({})).id();
    let active = ground.phone().id();
    let one = format!("/registrations/{active}");
    let flags = json!({ "flags": ["FLAG_1"] });
    let user = json!({ "userId": "user0", "appId": APPLICATION });
    let registration = json!({ "otp": "1234", "otpValidation": "ON_COMMIT", "flags": ["FLAG_1"] });
    let mut asks = vec![
        v2("POST", "/registrations", merge(user, registration)),
        v2("GET", "/registrations?userId=user0", json!({})),
        v2("GET", &one, json!({})),
        v2(
            "PUT",
            &one,
            json!({ "change": "BLOCK", "externalUserId": "x", "blockReason": "LOST" }),
        ),
        v2("DELETE", &one, json!({})),
        v2(
            "POST",
            &format!("/registrations/{pending}/commit"),
            json!({ "externalUserId": "x" }),
        ),
        v2("POST", &format!("{one}/flags"), flags.clone()),
        v2("PUT", &format!("{one}/flags"), flags),
        v2("POST", &format!("{one}/flags/remove"), json!({ "flags": ["F"] })),
        with(&basic, "GET", "/audit/log?userId=user0", &json!({})),
    ];
    asks.extend(operations(ground, &v2));
    asks.extend(verifications(ground, &v2));
    asks.extend(administration(ground));
    asks
}

/// Makes a request of the application's.
type Make<'a> = &'a dyn Fn(&str, &str, Value) -> Ask;

fn operations(ground: &Ground<'_>, v2: Make<'_>) -> Vec<Ask> {
    let one = format!("/operations/{}", ground.operation.0);
    let mut phone = ground.phone();
    let code = format!("{one}/offline/qr?registrationId={}", phone.id());
    let shown = ground.world.ask(&v2("GET", &code, json!({}))).json();
    let text = |name: &str| shown[name].as_str().unwrap();
    let scanned = phone.device.read_offline_operation(text("operationQrCodeData"));
    let typed = phone.with(Factors::Pin, |device, authentication, _| {
        device.approve_offline(&scanned.unwrap(), authentication)
    });
    let otp = json!({
        "otp": typed.unwrap().assume_saved().grouped(), "nonce": text("nonce"), "registrationId": phone.id(),
    });
    let creation = json!({
        "userId": "user0", "template": "login", "language": "en", "externalId": "x", "flag": "F",
        "parameters": { "param1": "p" },
    });
    vec![
        v2("POST", "/operations", creation),
        v2("GET", &one, json!({})),
        v2("DELETE", &one, json!({})),
        v2("GET", &code, json!({})),
        v2("POST", &format!("{one}/offline/otp"), otp),
    ]
}

fn verifications(ground: &Ground<'_>, v2: Make<'_>) -> Vec<Ask> {
    let mut phone = ground.phone();
    let token = phone
        .device
        .token_header(TOKEN, ground.now(), &mut phone.rng)
        .unwrap();
    let signature = phone.login(Factors::Pin).header.to_text();
    let device = PushRegistration {
        platform: "android",
        token: "2b7d1c",
        environment: None,
    };
    let now = ground.world.now();
    let register = phone
        .device
        .register_push(&device, TOKEN, now, &mut phone.rng)
        .unwrap();
    ground.world.send(&register.request).ok();
    let signed = json!({
        "method": "POST", "uriId": "/login", "authHeader": signature, "requestBody": base64::encode(b"{}"),
    });
    let message = json!({
        "userId": "user0", "registrationId": phone.id(), "silent": false, "title": "t", "message": "m",
        "sound": "default", "extras": { "a": 1 },
    });
    vec![
        v2("POST", "/signature/verify", signed),
        v2("POST", "/token/verify", json!({ "authHeader": token.to_text() })),
        v2("POST", "/messages/send", message),
    ]
}

fn administration(ground: &Ground<'_>) -> Vec<Ask> {
    let applications = "/admin/applications";
    let path = |rest: &str| format!("{applications}{rest}");
    let app = json!({ "id": APPLICATION });
    let roles = |role: &str| merge(app.clone(), json!({ "roles": [role] }));
    let told = json!({ "operationId": ground.operation.0 });
    vec![
        admin::ask("POST", applications, &json!({ "id": "cloud", "roles": ["A"] })),
        admin::ask("GET", applications, &json!({})),
        admin::ask("GET", &path(&format!("/detail?id={APPLICATION}")), &json!({})),
        admin::ask("POST", &path("/roles"), &roles("CLOUD")),
        admin::ask("DELETE", &path("/roles"), &roles("A")),
        admin::ask("POST", &path("/credentials"), &app),
        admin::ask(
            "POST",
            &path("/settings"),
            &merge(app.clone(), json!({ "singleDevice": true })),
        ),
        admin::ask("POST", "/internal/callback/operation", &told),
    ]
}
