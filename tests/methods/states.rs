//! State × action (server API, part 1, section 20.1) for the methods of this crate; the upgrade has a
//! table of its own, because the version counts there, too.

use countersign::client::VaultReason;
use countersign::crypto::ecies::Purpose;
use countersign::crypto::version::ProtocolVersion;
use countersign::model::activation::ActivationStatus::{
    self, Active, Blocked, Created, PendingCommit, Removed,
};
use serde_json::json;

use crate::bank::{Bank, forwarded, merged};
use crate::support::{Ask, Factors};

const STATES: [ActivationStatus; 5] = [Created, PendingCommit, Active, Blocked, Removed];

fn unlock(bank: &mut Bank) -> String {
    let now = bank.world.now();
    let call = bank.phone.with(Factors::Pin, |device, authentication, rng| {
        device
            .unlock_vault(VaultReason::RecoveryCode, authentication, now, rng)
            .unwrap()
            .assume_saved()
    });
    let answer = bank
        .world
        .rest("/vault/unlock", &forwarded(&call.request, "/pa/vault/unlock"));
    answer.ok()["signatureValid"].to_string()
}

fn decryptor(bank: &mut Bank) -> String {
    let (envelope, _) = bank.seal(Purpose::GenericActivation, b"{}");
    let scope = json!({
        "activationId": bank.phone.id(), "applicationKey": bank.application.key(), "protocolVersion": "3.2",
    });
    bank.world
        .rest("/ecies/decryptor", &merged(scope, &envelope))
        .code()
}

fn user_info(bank: &mut Bank) -> String {
    let now = bank.world.now();
    let phone = &mut bank.phone;
    let call = phone
        .device
        .encrypt("/pa/v3/user/info", b"{}", now, &mut phone.rng)
        .unwrap();
    bank.world.ask(&Ask::from(&call.request)).code()
}

#[test]
fn only_active_activations_get_anything() {
    type Act = fn(&mut Bank) -> String;
    let actions: [(&str, Act, [&str; 2]); 3] = [
        ("vault unlock", unlock, ["true", "false"]),
        ("decryptor", decryptor, ["", "ERR0008"]),
        ("user info", user_info, ["", "ERR_USER_INFO"]),
    ];
    let mut bank = Bank::new(ProtocolVersion::V3_2);
    for (name, act, [active, other]) in actions {
        for status in STATES {
            bank.tamper(move |activation| activation.status = status);
            let before = bank.records();
            let told = act(&mut bank);
            let expected = if status == Active { active } else { other };
            assert_eq!(told, expected, "{name}, {status:?}");
            assert_eq!(bank.records() == before, status != Active, "{name}, {status:?}");
        }
    }
    println!("{} actions in {} states", actions.len(), STATES.len());
}
