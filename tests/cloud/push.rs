//! `/admin/push-credentials`, and push messages about new operations.

use countersign::client::PushRegistration;
use countersign::model::push_message::{PUSH_MESSAGE, PushMessage};
use countersign::model::push_settings::PUSH_SETTINGS;
use countersign::store::Entity;
use serde_json::{Value, json};

use crate::rig::{A, Rig, USER};
use crate::support::{Answer, Ask, Factors, Phone};

const PATH: &str = "/admin/push-credentials";
const P256: &str = include_str!("../support/push/apns.pem");
const RSA: &str = include_str!("../support/push/rsa.pem");

fn admin(rig: &Rig, method: &str, path: &str, body: &Value) -> Answer {
    rig.call_as(&rig.admin, method, path, body)
}

fn apns() -> Value {
    json!({
        "applicationId": A, "platform": "apns", "environment": "production", "teamId": "TEAM123456",
        "keyId": "KEY1234567", "topic": "example.bank.app", "privateKey": P256,
    })
}

fn account() -> Value {
    json!({
        "type": "service_account", "project_id": "bank-1", "private_key_id": "k1", "private_key": RSA,
        "client_email": "push@bank-1.example", "token_uri": "https://oauth2.example/token",
    })
}

fn fcm(account: Value) -> Value {
    json!({ "applicationId": A, "platform": "fcm", "serviceAccount": account })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

#[test]
fn credentials_are_set_listed_and_removed_and_never_shown() {
    let rig = Rig::new();
    let list = || {
        admin(&rig, "GET", &format!("{PATH}?applicationId={A}"), &json!({})).json()["responseObject"].take()
    };
    assert_eq!(list(), json!([]));
    let mut bodies = Vec::new();
    let text = account().to_string();
    for credentials in [
        apns(),
        with(apns(), "environment", json!("development")),
        with(apns(), "keyId", json!("KEY7654321")),
        fcm(account()),
        fcm(json!(text)),
    ] {
        let answer = admin(&rig, "POST", PATH, &credentials);
        assert_eq!(answer.status, 200, "{answer:?}");
        bodies.push(answer.json().to_string());
    }
    let shown = list();
    bodies.push(shown.to_string());
    let names = |name: &str| Vec::from_iter(shown.as_array().unwrap().iter().map(|it| it[name].clone()));
    assert_eq!(names("platform"), ["apns", "apns", "fcm"]);
    assert_eq!(
        names("environment"),
        [json!("development"), json!("production"), json!(null)]
    );
    assert_eq!(names("keyId"), ["KEY1234567", "KEY7654321", "k1"]);
    assert_eq!(names("projectId")[2], "bank-1");
    // Neither in answers nor, unsealed, in the store.
    let key: String = P256.lines().nth(1).unwrap().to_owned();
    let other: String = RSA.lines().nth(1).unwrap().to_owned();
    assert!(
        bodies
            .iter()
            .all(|body| !body.contains(&key) && !body.contains(&other))
    );
    let records = pollster::block_on(rig.world.store.walk(PUSH_SETTINGS, None, 10)).unwrap();
    assert_eq!(records.len(), 1);
    // What P-256 keys and RSA keys begin with, in DER.
    let rsa = countersign::crypto::encoding::base64::decode(&other).unwrap();
    assert!(!records[0].body.windows(16).any(|window| window == &rsa[..16]));

    let remove = |query: &str| {
        admin(
            &rig,
            "DELETE",
            &format!("{PATH}?applicationId={A}&{query}"),
            &json!({}),
        )
        .status
    };
    assert_eq!(remove("platform=apns&environment=development"), 200);
    assert_eq!(remove("platform=apns&environment=development"), 400);
    assert_eq!(remove("platform=fcm"), 200);
    assert_eq!(
        (
            remove("platform=hms"),
            remove("platform=apns"),
            remove("platform=fcm")
        ),
        (400, 400, 400)
    );
    assert_eq!(list().as_array().unwrap().len(), 1);
    // Back ends have no part in it.
    assert_eq!(
        rig.call("GET", &format!("{PATH}?applicationId={A}"), &json!({}))
            .status,
        401
    );
}

#[test]
fn what_cannot_work_is_not_stored() {
    let rig = Rig::new();
    let mut cases = 0;
    let mut refused = |credentials: Value| {
        let answer = admin(&rig, "POST", PATH, &credentials);
        assert_eq!(answer.status, 400, "{credentials}");
        let text = answer.json().to_string();
        assert!(text.contains("ERR00") && !text.contains("PRIVATE"), "{text}");
        cases += 1;
    };
    let pem = |name: &str| json!(std::fs::read_to_string(format!("tests/support/push/{name}.pem")).unwrap());
    for (name, values) in [
        ("applicationId", vec![json!(null), json!("nobody")]),
        ("platform", vec![json!(null), json!("hms"), json!("APNS")]),
        ("environment", vec![json!(null), json!("test")]),
        (
            "teamId",
            vec![
                json!(null),
                json!("SHORT"),
                json!("TEAM12345\u{e9}"),
                json!("TEAM1234567"),
            ],
        ),
        ("keyId", vec![json!(null), json!("KEY\r\n12345")]),
        (
            "topic",
            vec![
                json!(null),
                json!(""),
                json!("a b"),
                json!("a\r\nx: y"),
                json!("x".repeat(256)),
            ],
        ),
        (
            "privateKey",
            vec![
                json!(null),
                json!("x"),
                pem("rsa"),
                pem("other-curve"),
                pem("rsa-public"),
            ],
        ),
    ] {
        for value in values {
            refused(with(apns(), name, value));
        }
    }
    for (name, values) in [
        ("project_id", vec![json!(null), json!("a/../b"), json!("")]),
        ("client_email", vec![json!(null), json!("nobody"), json!("a b@c")]),
        (
            "token_uri",
            vec![
                json!(null),
                json!("http://oauth2.example/token"),
                json!("file:///etc"),
                json!("x"),
            ],
        ),
        ("private_key_id", vec![json!("a b")]),
        (
            "private_key",
            vec![
                json!(null),
                pem("rsa-short"),
                pem("apns"),
                pem("rsa-public"),
                json!(7),
            ],
        ),
    ] {
        for value in values {
            refused(fcm(with(account(), name, value)));
        }
    }
    for odd in [json!(null), json!("{"), json!([]), json!(7)] {
        refused(fcm(odd));
    }
    refused(with(fcm(account()), "environment", json!("production")));
    assert!(
        pollster::block_on(rig.world.store.walk(PUSH_SETTINGS, None, 10))
            .unwrap()
            .is_empty()
    );
    println!("{cases} credentials refused");
}

fn messages(rig: &Rig) -> Vec<PushMessage> {
    let records = pollster::block_on(rig.world.store.walk(PUSH_MESSAGE, None, 100)).unwrap();
    records
        .iter()
        .map(|it| PushMessage::decode(&it.body).unwrap())
        .collect()
}

fn enable(rig: &Rig, phone: &mut Phone, token: &str) {
    let registration = PushRegistration {
        platform: "android",
        token,
        environment: None,
    };
    let call = phone.with(Factors::Possession, |device, _, rng| {
        device
            .register_push_signed(&registration, rng)
            .unwrap()
            .assume_saved()
    });
    rig.world.ask(&Ask::from(&call.request)).ok();
}

#[test]
fn devices_are_told_of_operations_that_they_see() {
    let rig = Rig::new();
    let mut phones: Vec<Phone> = (1..=4).map(|seed| rig.phone(USER, seed, &json!({}))).collect();
    for (number, phone) in phones.iter_mut().enumerate() {
        enable(&rig, phone, &format!("token-{number}"));
    }
    enable(&rig, &mut rig.phone_of_b(USER, 6), "of-b");
    enable(&rig, &mut rig.phone("another", 7, &json!({})), "of-another");
    let flags = format!("/v2/registrations/{}/flags", phones[1].id());
    rig.ok("POST", &flags, &json!({ "flags": ["OTHER"] }));
    let flags = format!("/v2/registrations/{}/flags", phones[3].id());
    rig.ok("POST", &flags, &json!({ "flags": ["F"] }));
    let block = format!("/v2/registrations/{}", phones[2].id());
    rig.ok("PUT", &block, &json!({ "change": "BLOCK" }));
    let create = json!({
        "userId": USER, "template": "login", "language": "cs", "flag": "F", "parameters": { "place": "Brno", "secret": "s3" },
    });
    rig.ok("POST", "/v2/operations", &create);
    assert_eq!(messages(&rig).len(), 0, "off by default");
    let settings = |on: bool| {
        let body = json!({ "id": A, "operationPush": on });
        assert_eq!(
            admin(&rig, "POST", "/admin/applications/settings", &body).status,
            200
        );
        let shown = admin(
            &rig,
            "GET",
            &format!("/admin/applications/detail?id={A}"),
            &json!({}),
        )
        .json();
        assert_eq!(
            (&shown["operationPush"], &shown["singleDevice"]),
            (&json!(on), &json!(false))
        );
    };
    settings(true);
    // Of four phones one has another flag, and one is blocked; one without flags sees everything.
    let made = rig.ok("POST", "/v2/operations", &create);
    let silent = messages(&rig);
    assert_eq!(silent.len(), 2);
    let told = |wanted: &str| silent.iter().any(|it| it.activation == wanted);
    assert!(told(&phones[0].id()) && told(&phones[3].id()));
    for message in &silent {
        assert!(message.silent && message.title.is_none() && message.message.is_none());
        let extras: Value = serde_json::from_str(message.extras.as_deref().unwrap()).unwrap();
        let expected = json!({
            "messageType": "mtoken.operationInit", "operationId": made["operationId"], "operationName": "login",
        });
        assert_eq!(extras, expected);
        assert!(
            message
                .valid_until
                .is_some_and(|it| it == message.created + 300_000)
        );
    }
    // The texts of the operation's language; nothing of parameters that they do not name.
    let row = |language: &str, message: &str| json!([{ "placeholder": "login", "language": language, "title": "Login", "message": message }]);
    for texts in [
        row("en", "In ${place}?"),
        row("cs", &format!("{} ${{place}}", "\u{e1}".repeat(2_000))),
    ] {
        assert_eq!(admin(&rig, "POST", "/admin/operation-texts", &texts).status, 200);
    }
    rig.ok("POST", "/v2/operations", &create);
    rig.ok(
        "POST",
        "/v2/operations",
        &with(create.clone(), "language", json!("en")),
    );
    let mut shown = messages(&rig);
    shown.retain(|it| !it.silent);
    assert_eq!(shown.len(), 4);
    let texts: Vec<_> = shown.iter().map(|it| it.message.clone().unwrap()).collect();
    assert_eq!(texts.iter().filter(|it| *it == "In Brno?").count(), 2);
    assert!(
        texts
            .iter()
            .all(|it| it == "In Brno?" || (it.len() <= 1_200 && it.ends_with('…')))
    );
    assert!(
        shown
            .iter()
            .all(|it| !format!("{:?}{:?}", it.message, it.extras).contains("s3"))
    );
    // A refused operation tells nobody.
    let before = messages(&rig).len();
    let unknown = rig.call(
        "POST",
        "/v2/operations",
        &with(create.clone(), "template", json!("none")),
    );
    assert_eq!((unknown.status, messages(&rig).len()), (400, before));
    settings(false);
    rig.ok("POST", "/v2/operations", &create);
    assert_eq!(messages(&rig).len(), before);
}
