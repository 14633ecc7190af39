//! `/admin/applications`: creation, list, detail, roles; credentials and how they are exchanged.

use countersign::crypto::credential::verify_secret;
use countersign::crypto::encoding::base64;
use countersign::model::application::Application;
use countersign::model::credential::{Credential, Grant};
use countersign::model::journal::{Event, Subject};
use serde_json::{Value, json};

use crate::rig::{A, B, Pair, Rig, USER, pair, refused, violations};
use crate::support::Answer;
use crate::support::records::{entries, get};

const ALL: &str = "/admin/applications";

fn admin(rig: &Rig, method: &str, path: &str, body: &Value) -> Answer {
    rig.call_as(&rig.admin, method, path, body)
}

fn detail(rig: &Rig, query: &str) -> Answer {
    admin(rig, "GET", &format!("{ALL}/detail?{query}"), &Value::Null)
}

fn works(rig: &Rig, auth: &Pair) -> bool {
    let status = rig
        .call_as(
            auth,
            "GET",
            &format!("/v2/registrations?userId={USER}"),
            &Value::Null,
        )
        .status;
    assert!(status == 200 || status == 401);
    status == 200
}

#[test]
fn an_application_as_published() {
    let rig = Rig::new();
    rig.world.host.advance(1);
    let body = json!({ "id": "MY_APP_01", "roles": ["ROLE2", "ROLE1"] });
    let answer = admin(&rig, "POST", ALL, &body);
    let made = answer.json();
    let text = |name: &str| made[name].as_str().unwrap();
    assert_eq!(base64::decode(text("appKey")).unwrap().len(), 16);
    assert_eq!(base64::decode(text("appSecret")).unwrap().len(), 16);
    assert_eq!(base64::decode(text("masterServerPublicKey")).unwrap().len(), 65);
    let shown = json!({
        "id": "MY_APP_01", "serviceBaseUrl": "http://localhost:8080/", "appKey": text("appKey"),
        "appSecret": text("appSecret"), "masterServerPublicKey": text("masterServerPublicKey"),
        "roles": ["ROLE1", "ROLE2"], "singleDevice": false, "operationPush": false,
    });
    let with = |more: Value| {
        let mut all = shown.clone();
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    let (username, password) = pair(&made);
    assert_eq!(made, with(json!({ "username": username, "password": password })));
    let later = detail(&rig, "id=MY_APP_01").json();
    assert_eq!(
        later,
        with(json!({ "usernames": [username] })),
        "the password is shown once"
    );
    assert!(works(&rig, &(username, password)));
    let listed = admin(&rig, "GET", ALL, &Value::Null).json();
    assert_eq!(
        listed,
        json!({ "applications": [{ "id": A }, { "id": B }, { "id": "MY_APP_01" }] })
    );
    refused(
        &admin(&rig, "POST", ALL, &body),
        "ERROR_ADMIN",
        "Duplicate application or application version.",
    );
}

#[test]
fn versions() {
    let rig = Rig::new();
    let version = |id: &str| json!({ "applicationId": A, "applicationVersionId": id });
    let key = |query: &str| detail(&rig, query).json()["appKey"].as_str().unwrap().to_owned();
    let first = key("id=app-a");
    let second = rig.open.rest("/application/version/create", &version("2.0")).ok();
    assert_eq!(key("id=app-a"), first);
    assert_eq!(
        key("id=app-a&version=2.0"),
        second["applicationKey"].as_str().unwrap()
    );
    assert_eq!(key("id=app-a&version=default"), first);
    rig.open
        .rest("/application/version/unsupport", &version("default"))
        .ok();
    assert_eq!(key("id=app-a"), second["applicationKey"].as_str().unwrap());
    rig.open
        .rest("/application/version/unsupport", &version("2.0"))
        .ok();
    let text = "No enabled application version was found";
    for query in [
        "id=app-a",
        "id=app-a&version=default",
        "id=app-b&version=x",
        "id=nothing",
    ] {
        refused(&detail(&rig, query), "ERROR_ADMIN", text);
    }
    let text = "Required String parameter 'id' is not present";
    for query in ["", "version=default", "id="] {
        refused(&detail(&rig, query), "ERROR_REQUEST", text);
    }
}

#[test]
fn roles_are_added_and_removed() {
    let rig = Rig::new();
    let path = format!("{ALL}/roles");
    let roles = || detail(&rig, "id=app-a").json()["roles"].clone();
    for (method, given, expected) in [
        ("POST", json!(["ROLE2", "ROLE1"]), json!(["ROLE1", "ROLE2"])),
        ("POST", json!(["ROLE2"]), json!(["ROLE1", "ROLE2"])),
        ("DELETE", json!(["ROLE1", "never"]), json!(["ROLE2"])),
        ("DELETE", json!(["ROLE1"]), json!(["ROLE2"])),
    ] {
        let answer = admin(&rig, method, &path, &json!({ "id": A, "roles": given }));
        assert_eq!(answer.json(), json!({ "status": "OK" }));
        assert_eq!(roles(), expected);
    }
    // As published, to the letter.
    let expected = json!({
        "status": "ERROR",
        "responseObject": {
            "code": "ERROR_REQUEST", "message": "Invalid method parameter value",
            "violations": [{ "fieldName": "id", "hint": "must not be empty" }],
        },
    });
    for method in ["POST", "DELETE"] {
        let answer = admin(&rig, method, &path, &json!({ "roles": ["ROLE1"] }));
        assert_eq!((answer.status, answer.json()), (400, expected.clone()));
        assert_eq!(
            violations(&admin(&rig, method, &path, &json!({}))),
            ["id", "roles"]
        );
        let bad = json!({ "id": " ", "roles": ["a b"] });
        assert_eq!(violations(&admin(&rig, method, &path, &bad)), ["id", "roles"]);
        let unknown = json!({ "id": "nothing", "roles": ["ROLE1"] });
        assert_eq!(admin(&rig, method, &path, &unknown).code(), "ERROR_ADMIN");
    }
    assert_eq!(
        violations(&admin(&rig, "POST", ALL, &json!({ "id": "x".repeat(221) }))),
        ["id"]
    );
    assert_eq!(
        violations(&admin(
            &rig,
            "POST",
            &format!("{ALL}/settings"),
            &json!({ "id": A })
        )),
        ["singleDevice"]
    );
}

#[test]
fn credentials_are_exchanged_without_a_pause() {
    let rig = Rig::new();
    let path = format!("{ALL}/credentials");
    let issue = || pair(&admin(&rig, "POST", &path, &json!({ "id": A })).json());
    let revoke = |app: &str, user: &str| admin(&rig, "POST", &path, &json!({ "id": app, "revoke": user }));
    let second = issue();
    assert!(works(&rig, &rig.a) && works(&rig, &second));
    // Nobody ends a pair of another application.
    assert_eq!(revoke(B, &second.0).code(), "ERROR_ADMIN");
    assert_eq!(revoke(A, "nobody").code(), "ERROR_ADMIN");
    assert_eq!(revoke(A, &rig.integration.0).code(), "ERROR_ADMIN");
    assert!(works(&rig, &second));
    assert_eq!(revoke(A, &rig.a.0).json(), json!({ "status": "OK" }));
    assert!(!works(&rig, &rig.a) && works(&rig, &second) && works(&rig, &rig.b));
    assert_eq!(revoke(A, &rig.a.0).code(), "ERROR_ADMIN");
    assert_eq!(detail(&rig, "id=app-a").json()["usernames"], json!([second.0]));
    // Both see the same objects: the application follows from either.
    let third = issue();
    let body = json!({ "userId": USER, "appId": A });
    let id = rig.call_as(&third, "POST", "/v2/registrations", &body).json();
    let path = format!("/v2/registrations/{}", id["registrationId"].as_str().unwrap());
    assert_eq!(rig.call_as(&second, "GET", &path, &Value::Null).status, 200);
    // Ten are enough.
    for _ in 0..8 {
        issue();
    }
    let many = admin(&rig, "POST", &format!("{ALL}/credentials"), &json!({ "id": A }));
    assert_eq!(many.code(), "ERROR_ADMIN");
}

#[test]
fn only_hashes_are_kept_and_the_journal_tells_who() {
    let rig = Rig::new();
    let store = &*rig.world.store;
    let credential: Credential = get(store, &rig.a.0).unwrap();
    assert_eq!(
        (credential.grant, credential.application.as_deref()),
        (Grant::Application, Some(A))
    );
    assert!(verify_secret(&rig.a.1, &credential.hash));
    let body = json!({ "id": A, "revoke": rig.a.0 });
    admin(&rig, "POST", &format!("{ALL}/credentials"), &body);
    let credential: Credential = get(store, &rig.a.0).unwrap();
    assert!(credential.hash.is_empty() && credential.removed_until.is_some());
    let application: Application = get(store, A).unwrap();
    let journal = entries(store, &Subject::Application(A.to_owned()), &application.journal);
    let notes = journal.iter().filter_map(|entry| match &entry.event {
        Event::Note(note) => Some((note.kind.as_str(), note.parameters.clone())),
        _ => None,
    });
    let told: Vec<_> = notes.filter(|(kind, _)| kind.contains("credential")).collect();
    let parameters = json!({ "username": rig.a.0, "by": rig.admin.0 }).to_string();
    assert_eq!(
        told,
        [
            ("application_credential_issued", parameters.clone()),
            ("application_credential_ended", parameters),
        ]
    );
}
