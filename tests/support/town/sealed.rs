//! Vault, upgrade, decryptor, user info and integrations, through both doors.

use countersign::client::{Call, Request, VaultReason};
use countersign::crypto::base;
use countersign::crypto::header::{AUTHORIZATION_HEADER, AuthorizationHeader};

use super::*;
use crate::support::tamper::make_old;

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let mut asks = integrations(ground);
    asks.extend(upgrades(ground));
    let now = ground.now();
    let unlock = ground.signed(Factors::Pin, |device, authentication, rng| {
        device.unlock_vault(VaultReason::AddBiometry, authentication, now, rng)
    });
    asks.push(Ask::rest("/vault/unlock", &forwarded(&unlock)));
    asks.push(unlock);
    let mut phone = ground.phone();
    let Call { request, .. } = phone
        .device
        .encrypt("/pa/v3/user/info", b"{}", now, &mut phone.rng)
        .unwrap();
    let scope = json!({
        "activationId": phone.id(), "applicationKey": ground.application.key(), "protocolVersion": "3.2",
    });
    asks.push(Ask::rest("/ecies/decryptor", &merge(scope, envelope(&request))));
    asks.push(Ask::from(&request));
    asks
}

fn envelope(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// What a host passes on of a signed and encrypted request.
fn forwarded(ask: &Ask) -> Value {
    let header = ask.headers.iter().find(|(name, _)| *name == AUTHORIZATION_HEADER);
    let header = AuthorizationHeader::parse(&header.unwrap().1).unwrap();
    let signed = json!({
        "activationId": header.activation_id,
        "applicationKey": header.application_key,
        "signedData": base::build("POST", "/pa/vault/unlock", &header.nonce, &ask.body),
        "signature": header.signature,
        "signatureType": header.signature_type.as_upper_str(),
        "signatureVersion": header.version.as_str(),
    });
    merge(signed, serde_json::from_slice(&ask.body).unwrap())
}

/// One phone of protocol 2 that starts, and one that has started.
fn upgrades(ground: &Ground<'_>) -> Vec<Ask> {
    let (world, application) = (ground.world, ground.application);
    let start = |user: &str| {
        let mut phone = Phone::activate(world, application, user, ground.seed());
        make_old(world, &mut phone, ground.seed());
        let Call { request, pending } = phone.device.start_upgrade(ground.now(), &mut phone.rng).unwrap();
        (phone, request, pending)
    };
    let key = |phone: &Phone| json!({ "activationId": phone.id(), "applicationKey": application.key() });
    let (phone, request, _) = start("alma");
    let version = json!({ "protocolVersion": "3.2" });
    let object = merge(merge(key(&phone), version), envelope(&request));
    let mut asks = vec![Ask::rest("/upgrade/start", &object), Ask::from(&request)];
    let (mut phone, request, pending) = start("aldo");
    let answer = world.send(&request);
    pending
        .read(&mut phone.device, answer.status, &answer.body)
        .unwrap();
    asks.push(Ask::rest("/upgrade/commit", &key(&phone)));
    let commit = phone.device.commit_upgrade(&mut phone.rng);
    asks.push(Ask::from(&commit.unwrap().assume_saved().request));
    asks
}

fn integrations(ground: &Ground<'_>) -> Vec<Ask> {
    let created = ground
        .world
        .rest("/integration/create", &json!({ "name": "core" }))
        .ok();
    rest([
        ("/integration/create", json!({ "name": "another" })),
        ("/integration/list", json!({})),
        ("/integration/remove", json!({ "id": created["id"] })),
    ])
}
