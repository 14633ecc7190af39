//! Which address of a phone is recorded.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use countersign::client::RejectReason;
use serde_json::json;
use support::phone::{Phone, SystemRandom, send};
use support::{Server, files};

/// The address that the operation tells after a phone has rejected it through proxies.
fn recorded(options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, options);
    let auth = files.integration();
    server.ok(
        "/rest/v3/application/create",
        &auth,
        &json!({ "applicationId": "bank" }),
    );
    let template = json!({
        "templateName": "login", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION"], "maxFailureCount": 3, "expiration": 300,
    });
    server.ok("/rest/v3/operation/template/create", &auth, &template);
    let mut phone = Phone::activate(&server, &auth, "bank", "joe");
    let operation = json!({ "userId": "joe", "applicationId": "bank", "templateName": "login" });
    let operation = server.ok("/rest/v3/operation/create", &auth, &operation);
    let id = operation["id"].as_str().unwrap();
    let rejection = phone
        .device
        .reject_operation(id, RejectReason::Unknown, &mut SystemRandom);
    let mut request = rejection.unwrap().assume_saved().request;
    let chain = "198.51.100.1, 192.0.2.1, 203.0.113.9".to_owned();
    request.headers.push(("x-forwarded-for", chain));
    assert_eq!(send(&server, &request).0, 200);
    let detail = server.ok("/rest/v3/operation/detail", &auth, &json!({ "operationId": id }));
    detail["additionalData"]["ipAddress"].as_str().unwrap().to_owned()
}

#[test]
fn proxies_are_believed_when_they_are_trusted() {
    assert_eq!(recorded(&[]), "127.0.0.1");
    assert_eq!(recorded(&["--trusted-proxy", "10.0.0.0/8"]), "127.0.0.1");
    assert_eq!(recorded(&["--trusted-proxy", "127.0.0.1"]), "203.0.113.9");
    let two = [
        "--trusted-proxy",
        "127.0.0.0/8",
        "--trusted-proxy",
        "203.0.113.0/24",
    ];
    assert_eq!(recorded(&two), "192.0.2.1");
}
