//! `/rest/v3/operation/…` and `/rest/v3/application/callback/…`.

use super::*;

/// What the requests name.
pub(super) struct Made {
    pub(super) operation: (String, String),
    pub(super) template: Value,
    pub(super) url: Value,
}

fn template(name: &str) -> Value {
    json!({
        "templateName": name, "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION", "POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300,
    })
}

fn creation() -> Value {
    json!({ "userId": "user0", "applicationId": APPLICATION, "templateName": "login", "externalId": "x" })
}

fn callback(kind: &str) -> Value {
    json!({
        "applicationId": APPLICATION, "name": kind, "type": kind,
        "callbackUrl": "http://localhost/", "attributes": ["status"],
    })
}

/// Makes what the requests name.
pub(super) fn prepare(world: &World) -> Made {
    let template = world.rest("/operation/template/create", &template("login")).ok();
    let register = |kind: &str| world.rest("/application/callback/create", &callback(kind)).ok();
    let url = register("OPERATION_STATUS_CHANGE");
    register("ACTIVATION_STATUS_CHANGE");
    let operation = world.rest("/operation/create", &creation()).ok();
    let text = |name: &str| operation[name].as_str().unwrap().to_owned();
    Made {
        operation: (text("id"), text("data")),
        template: template["id"].clone(),
        url: url["id"].clone(),
    }
}

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let (id, data) = &ground.operation;
    let one = json!({ "operationId": id });
    let user = json!({ "userId": "user0", "applications": [APPLICATION] });
    let reject = json!({ "operationId": id, "userId": "user0", "applicationId": APPLICATION });
    let approval = merge(
        reject.clone(),
        json!({ "data": data, "signatureType": "POSSESSION_KNOWLEDGE" }),
    );
    let update = json!({
        "id": ground.template, "operationType": "login", "dataTemplate": "A2B",
        "signatureType": ["POSSESSION"], "maxFailureCount": 3, "expiration": 300,
    });
    let changed = merge(callback("OPERATION_STATUS_CHANGE"), json!({ "id": ground.url }));
    rest([
        ("/operation/create", creation()),
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
        ("/operation/template/create", template("another")),
        ("/operation/template/list", json!({})),
        ("/operation/template/detail", json!({ "id": ground.template })),
        ("/operation/template/update", update),
        ("/operation/template/remove", json!({ "id": ground.template })),
        (
            "/application/callback/create",
            callback("ACTIVATION_STATUS_CHANGE"),
        ),
        (
            "/application/callback/list",
            json!({ "applicationId": APPLICATION }),
        ),
        ("/application/callback/update", changed),
        ("/application/callback/remove", json!({ "id": ground.url })),
    ])
}
