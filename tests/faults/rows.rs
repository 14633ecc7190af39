//! A town in which every request of the endpoint tables can succeed.

use countersign::client::{Application, Approval, Credentials, Installation, RejectReason};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::MemoryStore;
use serde_json::{Value, json};

use crate::support::prelude::{APPLICATION, TOKEN};
use crate::support::{Ask, Clock, Dice, Factors, Phone, Prelude, World};

/// The records, and requests that succeed on them.
pub struct Town {
    prelude: Prelude,
    pub asks: Vec<(String, Ask)>,
}

impl Town {
    pub fn build() -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 2, |_| {});
        let application = prelude.application.clone();
        let (mut phone, blocked) = (prelude.phone(0, 5), prelude.phone(1, 6));
        let blocked = blocked.id();
        let mut asks = Vec::new();
        prelude.extend(|world| {
            world
                .rest("/activation/block", &json!({ "activationId": blocked }))
                .ok();
            let version = json!({ "applicationId": APPLICATION, "applicationVersionId": "old" });
            world.rest("/application/version/create", &version).ok();
            world.rest("/application/version/unsupport", &version).ok();
            let labels = json!({ "applicationId": APPLICATION, "applicationRoles": ["A"] });
            world.rest("/application/roles/create", &labels).ok();
            asks = server(world, &application, phone.id(), &blocked);
            asks.extend(operations(world, &mut phone));
            asks.extend(phones(world, &application, phone));
        });
        Self { prelude, asks }
    }

    pub fn store(&self) -> MemoryStore {
        self.prelude.memory()
    }

    pub fn clock(&self) -> Clock {
        Clock::new(77, self.prelude.now + 1)
    }
}

fn server(world: &World, application: &Application, active: String, blocked: &str) -> Vec<(String, Ask)> {
    let pending = Phone::pending(world, application, "jane", 20, &json!({})).id();
    world
        .rest(
            "/activation/flags/create",
            &json!({ "activationId": active, "activationFlags": ["F"] }),
        )
        .ok();
    let of = |id: &str| json!({ "activationId": id });
    let merge = |mut one: Value, other: Value| {
        one.as_object_mut()
            .unwrap()
            .extend(other.as_object().unwrap().clone());
        one
    };
    let flags = |names: Value| merge(of(&active), json!({ "activationFlags": names }));
    let roles = |names: Value| json!({ "applicationId": APPLICATION, "applicationRoles": names });
    let version = |name: &str| json!({ "applicationId": APPLICATION, "applicationVersionId": name });
    let app = json!({ "applicationId": APPLICATION });
    let rows = [
        ("/status", json!({})),
        ("/error/list", json!({ "language": "en" })),
        ("/application/list", json!({})),
        ("/application/detail", app.clone()),
        (
            "/application/detail/version",
            json!({ "applicationKey": application.key() }),
        ),
        ("/application/create", json!({ "applicationId": "another" })),
        ("/application/version/create", version("new")),
        ("/application/version/support", version("old")),
        ("/application/version/unsupport", version("default")),
        ("/application/roles/list", app.clone()),
        ("/application/roles/create", roles(json!(["B"]))),
        ("/application/roles/update", roles(json!(["C"]))),
        ("/application/roles/remove", roles(json!(["A"]))),
        ("/activation/init", merge(app.clone(), json!({ "userId": "joe" }))),
        (
            "/activation/otp/update",
            merge(of(&pending), json!({ "activationOtp": "0000" })),
        ),
        (
            "/activation/name/update",
            merge(
                of(&active),
                json!({ "activationName": "phone", "externalUserId": "x" }),
            ),
        ),
        ("/activation/commit", of(&pending)),
        (
            "/activation/status",
            merge(of(&active), json!({ "challenge": "AAAAAAAAAAAAAAAAAAAAAA==" })),
        ),
        ("/activation/remove", of(&active)),
        (
            "/activation/list",
            merge(app.clone(), json!({ "userId": "user0" })),
        ),
        ("/activation/lookup", json!({ "userIds": ["user0"] })),
        ("/activation/history", of(&active)),
        ("/activation/block", of(&active)),
        ("/activation/unblock", of(blocked)),
        (
            "/activation/status/update",
            json!({ "activationIds": [active, blocked], "activationStatus": "REMOVED" }),
        ),
        ("/activation/flags/list", of(&active)),
        ("/activation/flags/create", flags(json!(["G"]))),
        ("/activation/flags/update", flags(json!(["H"]))),
        ("/activation/flags/remove", flags(json!(["F"]))),
        ("/signature/list", json!({ "userId": "user0" })),
        (
            "/signature/offline/personalized/create",
            merge(of(&active), json!({ "data": "1\nA\nB\nA1*A\nB" })),
        ),
        (
            "/signature/offline/non-personalized/create",
            merge(app, json!({ "data": "1\nA\nB\nA1*A\nB" })),
        ),
    ];
    let named = |(path, object): (&str, Value)| (format!("/rest/v3{path}"), Ask::rest(path, &object));
    rows.into_iter().map(named).collect()
}

fn operations(world: &World, phone: &mut Phone) -> Vec<(String, Ask)> {
    let template = json!({
        "templateName": "login", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION", "POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300,
    });
    let template = world.rest("/operation/template/create", &template).ok();
    let number = &template["id"];
    let callback = |kind: &str| {
        json!({
            "applicationId": APPLICATION, "name": kind, "type": kind,
            "callbackUrl": "http://localhost/", "attributes": ["status"],
        })
    };
    let url = world
        .rest(
            "/application/callback/create",
            &callback("OPERATION_STATUS_CHANGE"),
        )
        .ok();
    world
        .rest(
            "/application/callback/create",
            &callback("ACTIVATION_STATUS_CHANGE"),
        )
        .ok();
    let request = json!({ "userId": "user0", "applicationId": APPLICATION, "templateName": "login", "externalId": "x" });
    let operation = world.rest("/operation/create", &request).ok();
    let (id, data) = (
        operation["id"].as_str().unwrap(),
        operation["data"].as_str().unwrap(),
    );
    let one = json!({ "operationId": id });
    let user = json!({ "userId": "user0", "applications": [APPLICATION] });
    let approval = json!({
        "operationId": id, "userId": "user0", "applicationId": APPLICATION, "data": data,
        "signatureType": "POSSESSION_KNOWLEDGE",
    });
    let reject = json!({ "operationId": id, "userId": "user0", "applicationId": APPLICATION });
    let update = json!({
        "id": number, "operationType": "login", "dataTemplate": "A2B",
        "signatureType": ["POSSESSION"], "maxFailureCount": 3, "expiration": 300,
    });
    let mut changed = callback("OPERATION_STATUS_CHANGE");
    changed["id"] = url["id"].clone();
    let mut another = template.clone();
    another["templateName"] = json!("another");
    let rows = [
        ("/operation/create", request),
        ("/operation/detail", one.clone()),
        ("/operation/list", user.clone()),
        ("/operation/list/pending", user),
        (
            "/operation/list/external",
            json!({ "externalId": "x", "applications": [APPLICATION] }),
        ),
        ("/operation/cancel", one.clone()),
        ("/operation/approve", approval),
        ("/operation/approve/fail", one),
        ("/operation/reject", reject),
        ("/operation/template/create", another),
        ("/operation/template/list", json!({})),
        ("/operation/template/detail", json!({ "id": number })),
        ("/operation/template/update", update),
        ("/operation/template/remove", json!({ "id": number })),
        (
            "/application/callback/create",
            callback("ACTIVATION_STATUS_CHANGE"),
        ),
        (
            "/application/callback/list",
            json!({ "applicationId": APPLICATION }),
        ),
        ("/application/callback/update", changed),
        ("/application/callback/remove", json!({ "id": url["id"] })),
    ];
    let named = |(path, object): (&str, Value)| (format!("/rest/v3{path}"), Ask::rest(path, &object));
    let mut asks: Vec<(String, Ask)> = rows.into_iter().map(named).collect();
    let now = world.now() + 1;
    let mut push = |request: &countersign::client::Request| {
        asks.push((request.path.clone(), Ask::from(request)));
    };
    push(
        &phone
            .device
            .list_operations(TOKEN, now, &mut phone.rng)
            .unwrap()
            .request,
    );
    push(
        &phone
            .device
            .request_operation(id, TOKEN, now, &mut phone.rng)
            .unwrap()
            .request,
    );
    let approval = Approval {
        operation_id: id,
        data,
        proximity: None,
        mobile_token_data: None,
    };
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .approve_operation(&approval, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    push(&call.request);
    let call = phone.with(Factors::Possession, |device, _, rng| {
        device
            .reject_operation(id, RejectReason::Unknown, rng)
            .unwrap()
            .assume_saved()
    });
    push(&call.request);
    asks
}

fn phones(world: &World, application: &Application, mut phone: Phone) -> Vec<(String, Ask)> {
    let now = world.now() + 1;
    let mut rows: Vec<(String, Ask)> = Vec::new();
    let signed = phone.login(Factors::Pin);
    rows.push(("signature/verify".to_owned(), signed.ask()));
    let presented = phone.present(TOKEN, now);
    let id = json!({ "tokenId": presented["tokenId"], "activationId": phone.id() });
    rows.push((
        "token/validate".to_owned(),
        Ask::rest("/token/validate", &presented),
    ));
    rows.push(("token/remove".to_owned(), Ask::rest("/token/remove", &id)));
    let mut push = |request: &countersign::client::Request| {
        rows.push((request.path.clone(), Ask::from(request)));
    };
    let mut rng = Dice::new(9);
    let status = phone.device.request_status(&mut rng).unwrap();
    push(&status.request);
    let key = phone.device.request_temporary_key(&mut rng).unwrap();
    push(&key.request);
    let jwt: Value = serde_json::from_slice::<Value>(&key.request.body).unwrap()["requestObject"].take();
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .validate_signature(authentication, rng)
            .unwrap()
            .assume_saved()
    });
    push(&call.request);
    let call = phone.with(Factors::Biometry, |device, authentication, rng| {
        device
            .create_token("other", authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    push(&call.request);
    let call = phone.with(Factors::Possession, |device, authentication, rng| {
        device
            .remove_token(TOKEN, authentication, rng)
            .unwrap()
            .assume_saved()
    });
    push(&call.request);
    let call = phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .remove_activation(authentication, rng)
            .unwrap()
            .assume_saved()
    });
    push(&call.request);
    let init = json!({ "userId": "joan", "applicationId": APPLICATION });
    let init = world.rest("/activation/init", &init).ok();
    let code = application
        .read_activation_code(init["activationCode"].as_str().unwrap())
        .unwrap();
    let call = application
        .activate(
            &Credentials::code(&code.code),
            &Installation::default(),
            now,
            &mut rng,
        )
        .unwrap();
    push(&call.request);
    rows.push(("keystore/create".to_owned(), Ask::rest("/keystore/create", &jwt)));
    rows
}
