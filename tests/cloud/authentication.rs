//! `/v2/signature/verify`, `/v2/token/verify`, and who may call what.

use std::sync::Arc;

use countersign::crypto::encoding::base64;
use countersign::crypto::query::canonical_parameters;
use countersign::store::{Batch, Commit, Fut, Query, Store, StoreError};
use serde_json::{Value, json};

use crate::rig::{A, Rig, USER, ask, refused, violations};
use crate::support::{Answer, Factors, Phone, World};

const SIGNATURE: &str = "/v2/signature/verify";
const TOKEN: &str = "/v2/token/verify";

fn header(phone: &mut Phone, method: &str, uri_id: &str, data: &[u8], factors: Factors) -> String {
    let header = phone.with(factors, |device, authentication, rng| {
        device
            .authorize(method, uri_id, data, authentication, rng)
            .unwrap()
            .assume_saved()
    });
    header.to_text()
}

fn expected(phone: &Phone, valid: bool, remaining: u64, status: &str) -> Value {
    json!({
        "signatureValid": valid, "userId": USER, "registrationId": phone.id(), "registrationStatus": status,
        "signatureType": "POSSESSION_KNOWLEDGE", "remainingAttempts": remaining, "flags": ["FLAG1"],
        "application": { "name": A, "roles": ["ROLE1"] },
    })
}

#[test]
fn signatures_of_all_methods() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({ "flags": ["FLAG1"] }));
    let uri = "/pa/signature/validate";
    for method in ["POST", "PUT", "DELETE"] {
        for body in [&b""[..], br#"{"a":1}"#, b"\xFF\x00"] {
            let auth = header(&mut phone, method, uri, body, Factors::Pin);
            let request = json!({
                "method": method, "uriId": uri, "authHeader": auth, "requestBody": base64::encode(body),
                "queryParams": null,
            });
            let answer = rig.ok("POST", SIGNATURE, &request);
            assert_eq!(answer, expected(&phone, true, 5, "ACTIVE"));
            // Once.
            let again = rig.ok("POST", SIGNATURE, &request);
            assert_eq!(again["signatureValid"], false);
        }
    }
    let parameters = [("b", "2 3"), ("a", "čtyři"), ("a2", "")];
    let data = canonical_parameters(&parameters);
    let auth = header(&mut phone, "GET", uri, data.as_bytes(), Factors::Pin);
    let params: serde_json::Map<String, Value> = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let request = json!({
        "method": "GET", "uriId": uri, "authHeader": auth, "requestBody": null, "queryParams": params,
    });
    assert_eq!(
        rig.ok("POST", SIGNATURE, &request),
        expected(&phone, true, 5, "ACTIVE")
    );
    let auth = header(&mut phone, "GET", uri, b"", Factors::Pin);
    let request = json!({ "method": "GET", "uriId": uri, "authHeader": auth });
    assert_eq!(rig.ok("POST", SIGNATURE, &request)["signatureValid"], true);
}

#[test]
fn wrong_signatures_count_until_the_registration_is_blocked() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({ "flags": ["FLAG1"] }));
    let mut send = |method: &str, uri: &str, factors| {
        let auth = header(&mut phone, "POST", "/a", b"{}", factors);
        let body = base64::encode(b"{}");
        let request = json!({ "method": method, "uriId": uri, "authHeader": auth, "requestBody": body });
        rig.ok("POST", SIGNATURE, &request)
    };
    let mut answers = vec![
        send("POST", "/a", Factors::WrongPin),
        // Another method, another resource.
        send("PUT", "/a", Factors::Pin),
        send("POST", "/b", Factors::Pin),
        send("POST", "/a", Factors::WrongPin),
    ];
    answers.push(send("POST", "/a", Factors::WrongPin));
    answers.push(send("POST", "/a", Factors::Pin));
    for (at, (answer, left)) in answers.iter().zip([4, 3, 2, 1, 0, 0]).enumerate() {
        let status = if at < 4 { "ACTIVE" } else { "BLOCKED" };
        assert_eq!(*answer, expected(&phone, false, left, status), "{at}");
    }
    // What is removed is not told of any more.
    let removed = format!("/v2/registrations/{}", phone.id());
    rig.ok("DELETE", &removed, &Value::Null);
    let auth = header(&mut phone, "POST", "/a", b"{}", Factors::Pin);
    let request = json!({ "method": "POST", "uriId": "/a", "authHeader": auth, "requestBody": "e30=" });
    assert_eq!(
        rig.ok("POST", SIGNATURE, &request),
        json!({ "signatureValid": false })
    );
}

#[test]
fn signature_requests_that_are_none() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({}));
    let auth = header(&mut phone, "POST", "/a", b"{}", Factors::Pin);
    let text = "Signature HTTP header validation failed";
    for bad in [
        "".to_owned(),
        "PowerAuth".to_owned(),
        "Bearer x".to_owned(),
        auth.replace("pa_version=\"3", "pa_version=\"9"),
        auth.replace("pa_nonce", "pa_once"),
        auth.replace(&phone.id(), "x"),
    ] {
        let request = json!({ "method": "POST", "uriId": "/a", "authHeader": bad, "requestBody": "e30=" });
        refused(
            &rig.call("POST", SIGNATURE, &request),
            "ERROR_SIGNATURE_INVALID",
            text,
        );
    }
    assert_eq!(
        violations(&rig.call("POST", SIGNATURE, &json!({}))),
        ["method", "uriId", "authHeader"]
    );
    let request = json!({ "method": "PATCH", "uriId": "/a", "authHeader": auth, "requestBody": "{}" });
    assert_eq!(
        violations(&rig.call("POST", SIGNATURE, &request)),
        ["method", "requestBody"]
    );
    // None of it has touched the counter.
    let request = json!({ "method": "POST", "uriId": "/a", "authHeader": auth, "requestBody": "e30=" });
    assert_eq!(rig.ok("POST", SIGNATURE, &request)["signatureValid"], true);
}

#[test]
fn tokens() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({ "flags": ["FLAG1"] }));
    phone.token(&rig.world, "t", Factors::Pin);
    let present = |phone: &mut Phone| {
        let now = rig.world.now();
        phone
            .device
            .token_header("t", now, &mut phone.rng)
            .unwrap()
            .to_text()
    };
    let verify = |header: &str| rig.call("POST", TOKEN, &json!({ "authHeader": header }));
    let told = |valid: bool, status: &str| {
        json!({
            "tokenValid": valid, "userId": USER, "registrationId": phone_id(&rig), "registrationStatus": status,
            "signatureType": "POSSESSION_KNOWLEDGE", "flags": ["FLAG1"],
            "application": { "name": A, "roles": ["ROLE1"] },
        })
    };
    let header = present(&mut phone);
    assert_eq!(verify(&header).json(), told(true, "ACTIVE"));
    // A nonce is good once; a digest fits one nonce.
    assert_eq!(verify(&header).json(), told(false, "ACTIVE"));
    let (one, two) = (present(&mut phone), present(&mut phone));
    let nonce = |text: &str| text.split("nonce=\"").nth(1).unwrap()[..24].to_owned();
    let mixed = one.replace(&nonce(&one), &nonce(&two));
    assert_eq!(verify(&mixed).json(), told(false, "ACTIVE"));
    // As the published text spells the version.
    let spelled = one.replace(" version=", " pa_version=");
    assert_ne!(spelled, one);
    assert_eq!(verify(&spelled).json(), told(true, "ACTIVE"));
    // Too old.
    let old = present(&mut phone);
    rig.world.host.advance(3 * 3_600_000);
    assert_eq!(verify(&old).json(), told(false, "ACTIVE"));
    let change = format!("/v2/registrations/{}", phone.id());
    rig.ok("PUT", &change, &json!({ "change": "BLOCK" }));
    assert_eq!(verify(&present(&mut phone)).json(), told(false, "BLOCKED"));
    rig.ok("DELETE", &change, &Value::Null);
    assert_eq!(
        verify(&present(&mut phone)).json(),
        json!({ "tokenValid": false })
    );

    let text = "Token HTTP header validation failed";
    for bad in [
        "",
        "PowerAuth",
        &header.replace("version=\"3", "version=\"9"),
        "token_id=\"x\"",
    ] {
        refused(&verify(bad), "ERROR_TOKEN_INVALID", text);
    }
    assert_eq!(violations(&rig.call("POST", TOKEN, &json!({}))), ["authHeader"]);
}

fn phone_id(rig: &Rig) -> String {
    let found = rig.open.rest("/activation/list", &json!({ "userId": USER })).ok();
    found["activations"][0]["activationId"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The whole 401.
#[track_caller]
fn shut(answer: &Answer) {
    let expected = json!({
        "status": "ERROR", "responseObject": { "code": "HTTP_401", "message": "Unauthorized" },
    });
    assert_eq!((answer.status, answer.json()), (401, expected));
}

#[test]
fn every_door_opens_to_its_own_key_only() {
    let rig = Rig::new();
    let wrong = (rig.a.0.clone(), rig.b.1.clone());
    let nobody = ("nobody".to_owned(), rig.a.1.clone());
    let mut closed = 0;
    for endpoint in rig.world.api.endpoints() {
        let cloud = ["/v2/", "/audit/", "/internal/", "/admin/applications"];
        if !cloud.iter().any(|root| endpoint.path.starts_with(root)) {
            continue;
        }
        let opens: &[&(String, String)] = match endpoint.path {
            path if path.starts_with("/admin") => &[&rig.admin],
            path if path.starts_with("/internal") => &[&rig.admin, &rig.integration],
            _ => &[&rig.a, &rig.b],
        };
        let send = |auth: Option<&(String, String)>| {
            rig.world
                .ask(&ask(auth, endpoint.method, endpoint.path, &json!({})))
        };
        for auth in [&rig.a, &rig.b, &rig.admin, &rig.integration] {
            match opens.contains(&auth) {
                true => assert_ne!(send(Some(auth)).status, 401, "{endpoint:?}"),
                false => shut(&send(Some(auth))),
            }
        }
        for auth in [None, Some(&wrong), Some(&nobody)] {
            shut(&send(auth));
        }
        closed += 1;
    }
    println!("{closed} rows");
    assert_eq!(closed, 26);
}

#[test]
fn paths_and_methods_that_are_none() {
    let rig = Rig::new();
    for path in [
        "/v2/nothing",
        "/v2/registrations/",
        "/v2/registrations/x/nothing",
        "/v2/operations/x/offline",
        "/audit/nothing",
        "/internal/callback",
        "/admin/applications/nothing",
    ] {
        let answer = rig.call("GET", path, &Value::Null);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "ERROR_NOT_FOUND"),
            "{path}"
        );
    }
    for (method, path) in [
        ("PATCH", "/v2/registrations/x"),
        ("DELETE", "/v2/operations"),
        ("GET", TOKEN),
    ] {
        let answer = rig.call(method, path, &Value::Null);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (405, "ERROR_REQUEST"),
            "{path}"
        );
    }
}

/// Fails every call.
struct Away;

impl Store for Away {
    fn read<'a>(&'a self, _: &'a [Query]) -> Fut<'a, Result<Vec<countersign::store::Answer>, StoreError>> {
        Box::pin(async { Err(StoreError::NotApplied("away".to_owned())) })
    }

    fn commit<'a>(&'a self, _: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async { Err(StoreError::NotApplied("away".to_owned())) })
    }
}

#[test]
fn a_store_that_is_away_is_an_internal_error() {
    let rig = Rig::new();
    let world = World {
        store: Arc::new(Away),
        ..rig.world.clone()
    };
    let expected = json!({
        "status": "ERROR",
        "responseObject": { "code": "ERROR_INTERNAL_API", "message": "Unable to call upstream service" },
    });
    for (auth, method, path) in [
        (&rig.a, "POST", "/v2/registrations"),
        (&rig.a, "GET", "/v2/operations/x"),
        (&rig.a, "GET", "/audit/log"),
        (&rig.admin, "GET", "/admin/applications"),
        (&rig.admin, "POST", "/internal/callback/operation"),
    ] {
        let answer = world.ask(&ask(Some(auth), method, path, &json!({})));
        assert_eq!((answer.status, answer.json()), (500, expected.clone()), "{path}");
    }
}
