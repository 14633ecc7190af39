//! `/rest/v3/…`: applications, activations, signatures, tokens.

use super::*;

/// Makes what the requests name.
pub(super) fn prepare(world: &World, active: &str, blocked: &str) {
    world
        .rest("/activation/block", &json!({ "activationId": blocked }))
        .ok();
    let version = json!({ "applicationId": APPLICATION, "applicationVersionId": "old" });
    world.rest("/application/version/create", &version).ok();
    world.rest("/application/version/unsupport", &version).ok();
    let labels = json!({ "applicationId": APPLICATION, "applicationRoles": ["A"] });
    world.rest("/application/roles/create", &labels).ok();
    let flags = json!({ "activationId": active, "activationFlags": ["F"] });
    world.rest("/activation/flags/create", &flags).ok();
}

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let (world, application) = (ground.world, ground.application);
    let (active, blocked) = (ground.phone().id(), &ground.blocked);
    let pending = Phone::pending(world, application, "jane", 20, &json!({})).id();
    let of = |id: &str| json!({ "activationId": id });
    let flags = |names: Value| merge(of(&active), json!({ "activationFlags": names }));
    let roles = |names: Value| json!({ "applicationId": APPLICATION, "applicationRoles": names });
    let version = |name: &str| json!({ "applicationId": APPLICATION, "applicationVersionId": name });
    let app = json!({ "applicationId": APPLICATION });
    let presented = ground.phone().present(TOKEN, ground.now());
    let token = json!({ "tokenId": presented["tokenId"], "activationId": active });
    let offline = json!({ "data": "1\nA\nB\nA1*A\nB" });
    rest([
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
            merge(of(&active), offline.clone()),
        ),
        ("/signature/offline/non-personalized/create", merge(app, offline)),
        ("/signature/verify", ground.phone().login(Factors::Pin).verify),
        ("/token/validate", presented),
        ("/token/remove", token),
    ])
}
