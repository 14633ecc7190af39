//! Credentials of one application against everything of another: the answer is that of something that never existed, and
//! nothing changes.

use countersign::crypto::encoding::base64;
use serde_json::{Value, json};

use crate::rig::{A, B, Pair, Rig, UNKNOWN, USER, digits};
use crate::support::{Answer, Factors, Phone};

/// Objects of B.
struct Foreign {
    registration: String,
    operation: String,
    user: &'static str,
    nonce: String,
    otp: String,
    signature: String,
    token: String,
}

impl Foreign {
    /// The same request about what never existed.
    fn unknown(&self) -> Self {
        let other = |text: &str| text.replace(&self.registration, UNKNOWN);
        let token = self.token.split("token_id=\"").nth(1).unwrap()[..36].to_owned();
        Self {
            registration: UNKNOWN.to_owned(),
            operation: UNKNOWN.to_owned(),
            user: "nobody",
            nonce: self.nonce.clone(),
            otp: self.otp.clone(),
            signature: other(&self.signature),
            token: self.token.replace(&token, UNKNOWN),
        }
    }

    /// A request for every row that takes an identifier.
    fn requests(&self) -> Vec<(&'static str, String, Value)> {
        let Self {
            registration,
            operation,
            user,
            nonce,
            otp,
            signature,
            token,
        } = self;
        let one = format!("/v2/registrations/{registration}");
        let it = format!("/v2/operations/{operation}");
        let flags = json!({ "flags": ["STOLEN"] });
        let message = json!({
            "userId": user, "registrationId": registration, "title": "t", "message": "m",
        });
        let signed = json!({
            "method": "POST", "uriId": "/login", "authHeader": signature, "requestBody": base64::encode(b"{}"),
        });
        let typed = json!({ "otp": otp, "nonce": nonce, "registrationId": registration });
        let created = json!({ "userId": user, "template": "login", "parameters": { "place": "x" } });
        vec![
            ("POST", format!("{one}/commit"), json!({})),
            ("GET", one.clone(), Value::Null),
            ("GET", format!("/v2/registrations?userId={user}"), Value::Null),
            ("PUT", one.clone(), json!({ "change": "BLOCK" })),
            ("PUT", one.clone(), json!({ "change": "REMOVE" })),
            ("DELETE", one.clone(), Value::Null),
            ("POST", format!("{one}/flags"), flags.clone()),
            ("PUT", format!("{one}/flags"), flags.clone()),
            (
                "POST",
                format!("{one}/flags/remove"),
                json!({ "flags": ["FLAG"] }),
            ),
            ("POST", "/v2/operations".to_owned(), created),
            ("GET", it.clone(), Value::Null),
            ("DELETE", it.clone(), Value::Null),
            (
                "GET",
                format!("{it}/offline/qr?registrationId={registration}"),
                Value::Null,
            ),
            ("POST", format!("{it}/offline/otp"), typed),
            ("POST", "/v2/signature/verify".to_owned(), signed),
            (
                "POST",
                "/v2/token/verify".to_owned(),
                json!({ "authHeader": token }),
            ),
            ("POST", "/v2/messages/send".to_owned(), message),
            ("GET", format!("/audit/log?userId={user}"), Value::Null),
        ]
    }
}

fn make(rig: &Rig) -> (Foreign, Phone) {
    let (registration, code) = rig.register_as(&rig.b, B, "user-of-b", &json!({ "flags": ["FLAG"] }));
    let mut phone = Phone::with_code(&rig.world, &rig.app_b, &code, 9);
    let b = |method: &str, path: &str, body: &Value| {
        let answer = rig.call_as(&rig.b, method, path, body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    };
    b(
        "POST",
        &format!("/v2/registrations/{registration}/commit"),
        &json!({}),
    );
    phone.token(&rig.world, "t", Factors::Possession);
    let body = json!({ "userId": "user-of-b", "template": "login", "parameters": { "place": "x" } });
    let made = b("POST", "/v2/operations", &body);
    let operation = made["operationId"].as_str().unwrap().to_owned();
    let path = format!("/v2/operations/{operation}/offline/qr?registrationId={registration}");
    let code = b("GET", &path, &Value::Null);
    let otp = digits(
        &mut phone,
        code["operationQrCodeData"].as_str().unwrap(),
        Factors::Pin,
    );
    let signature = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .authorize("POST", "/login", b"{}", authentication, rng)
            .unwrap()
            .assume_saved()
    });
    let token = phone
        .device
        .token_header("t", rig.world.now(), &mut phone.rng)
        .unwrap();
    let foreign = Foreign {
        registration,
        operation,
        user: "user-of-b",
        nonce: code["nonce"].as_str().unwrap().to_owned(),
        otp: otp.as_str().to_owned(),
        signature: signature.to_text(),
        token: token.to_text(),
    };
    (foreign, phone)
}

/// Everything that is stored, by key.
fn records(rig: &Rig) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = rig
        .store
        .records()
        .into_iter()
        .map(|it| (format!("{:?}", it.key), it.body))
        .collect();
    all.sort();
    all
}

#[test]
fn another_applications_objects_do_not_exist() {
    let rig = Rig::new();
    let (foreign, _) = make(&rig);
    let before = records(&rig);
    let send = |auth: &Pair, (method, path, body): &(&'static str, String, Value)| -> Answer {
        rig.call_as(auth, method, path, body)
    };
    let mut rows = std::collections::BTreeSet::new();
    let unknown = foreign.unknown();
    for (theirs, nobodys) in foreign.requests().iter().zip(unknown.requests()) {
        let (one, other) = (send(&rig.a, theirs), send(&rig.a, &nobodys));
        let text = |answer: &Answer| String::from_utf8(answer.body.clone()).unwrap();
        let (shown, expected) = (text(&one), text(&other));
        assert_eq!(
            (one.status, &shown),
            (other.status, &expected),
            "{} {}",
            theirs.0,
            theirs.1
        );
        for secret in [&*foreign.registration, &foreign.operation, B, "user-of-b"] {
            assert!(
                !shown.contains(secret),
                "{} {} tells {secret}",
                theirs.0,
                theirs.1
            );
        }
        assert!(
            before == records(&rig),
            "{} {} changes something",
            theirs.0,
            theirs.1
        );
        rows.insert((
            theirs.0,
            theirs
                .1
                .replace(&foreign.registration, "")
                .replace(&foreign.operation, ""),
        ));
    }
    // In a request, too, the application is that of the credentials.
    for app in [B, "nothing"] {
        let body = json!({ "userId": USER, "appId": app });
        let answer = rig.call("POST", "/v2/registrations", &body);
        assert_eq!((answer.status, answer.code().as_str()), (400, "ERROR_REQUEST"));
    }
    assert!(before == records(&rig));
    // To its owner all of it is there: the same requests succeed, those that can.
    let mut fine = 0;
    for request in foreign
        .requests()
        .iter()
        .filter(|it| it.0 != "DELETE" && it.2["change"] != "REMOVE")
    {
        let answer = send(&rig.b, request);
        if request.1.ends_with("/commit") {
            assert_eq!(answer.code(), "ERROR_REGISTRATION_CHANGE");
        } else if request.2["change"] == "BLOCK" {
            // Undone, for the requests that follow.
            assert_eq!(answer.status, 200);
            let undo = json!({ "change": "UNBLOCK" });
            assert_eq!(rig.call_as(&rig.b, "PUT", &request.1, &undo).status, 200);
        } else {
            assert_eq!(answer.status, 200, "{} {}: {answer:?}", request.0, request.1);
        }
        fine += 1;
    }
    println!(
        "{} requests for objects of another application, {fine} of them by their owner",
        rows.len()
    );
    assert_eq!((rows.len(), fine), (17, 15));
}

#[test]
fn one_user_in_two_applications_is_two_users() {
    let rig = Rig::new();
    let (ours, theirs) = (rig.phone(USER, 1, &json!({})), rig.phone_of_b(USER, 2));
    for (auth, phone) in [(&rig.a, &ours), (&rig.b, &theirs)] {
        let found = rig.call_as(
            auth,
            "GET",
            &format!("/v2/registrations?userId={USER}"),
            &Value::Null,
        );
        let listed = found.json()["registrations"].as_array().unwrap().clone();
        let ids: Vec<_> = listed
            .iter()
            .map(|it| it["registrationId"].as_str().unwrap())
            .collect();
        assert_eq!(ids, [phone.id()]);
    }
    // An operation of A is none for the phone of B, also when its back end asks.
    let id = rig.operation(USER, &json!({}));
    let path = format!("/v2/operations/{id}/offline/qr?registrationId={}", theirs.id());
    assert_eq!(
        rig.call("GET", &path, &Value::Null).code(),
        "ERROR_REGISTRATION_NOT_FOUND"
    );
    assert_eq!(
        rig.call_as(&rig.b, "GET", &path, &Value::Null).code(),
        "ERROR_OPERATION_NOT_FOUND"
    );
    let name = rig.call_as(
        &rig.b,
        "POST",
        "/v2/registrations",
        &json!({ "userId": USER, "appId": A }),
    );
    assert_eq!(name.code(), "ERROR_REQUEST");
}
