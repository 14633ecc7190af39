//! The standard API of phones: `/pa/v3/…` (mobile API specification, section 8; protocol, section 13).
//!
//! Errors are deliberately coarse: which check failed is nobody's business.

mod activation;
mod contract;
pub mod credentials;
mod keystore;
mod recovery;
mod signature;
mod token;
mod upgrade;
mod user_info;
mod vault;

use super::endpoint::Endpoint;
use super::http::Response;
use super::phone::row;

/// All rows.
#[rustfmt::skip] // one row, one line
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        row("POST", "/pa/v3/activation/create", "phoneActivationCreate", contract::activation_create(), activation::create),
        row("POST", "/pa/v3/activation/status", "phoneActivationStatus", contract::activation_status(), activation::status),
        row("POST", "/pa/v3/activation/remove", "phoneActivationRemove", contract::activation_remove(), activation::remove),
        row("POST", "/pa/v3/token/create", "phoneTokenCreate", contract::token_create(), token::create),
        row("POST", "/pa/v3/token/remove", "phoneTokenRemove", contract::token_remove(), token::remove),
        row("GET", "/pa/v3/signature/validate", "phoneSignatureValidate", contract::signature_validate(), signature::validate),
        row("POST", "/pa/v3/signature/validate", "phoneSignatureValidate", contract::signature_validate(), signature::validate),
        row("PUT", "/pa/v3/signature/validate", "phoneSignatureValidate", contract::signature_validate(), signature::validate),
        row("DELETE", "/pa/v3/signature/validate", "phoneSignatureValidate", contract::signature_validate(), signature::validate),
        row("POST", "/pa/v3/recovery/confirm", "phoneRecoveryConfirm", contract::recovery_confirm(), recovery::confirm),
        row("POST", "/pa/v3/vault/unlock", "phoneVaultUnlock", contract::vault_unlock(), vault::unlock),
        row("POST", "/pa/v3/upgrade/start", "phoneUpgradeStart", contract::upgrade_start(), upgrade::start),
        row("POST", "/pa/v3/upgrade/commit", "phoneUpgradeCommit", contract::upgrade_commit(), upgrade::commit),
        row("POST", "/pa/v3/user/info", "phoneUserInfo", contract::user_info(), user_info::claims),
        row("POST", "/pa/v3/keystore/create", "phoneKeystoreCreate", contract::keystore_create(), keystore::create),
        row("POST", "/pa/v3/status", "phoneServerStatus", contract::server_status(), keystore::server_status),
    ]
}

/// 401, whatever the reason.
pub(super) fn unauthenticated() -> Response {
    Response::error(401, "ERR_AUTHENTICATION", "POWER_AUTH_SIGNATURE_INVALID")
}

/// 400 for an envelope that does not open, whatever the reason.
pub(super) fn undecryptable() -> Response {
    Response::error(400, "ERR_ENCRYPTION", "POWER_AUTH_ENCRYPTION_FAILED")
}

/// 400 for an activation whose user is nobody's business.
pub(super) fn user_info_failed() -> Response {
    Response::error(400, "ERR_USER_INFO", "USER_INFO_FAILED")
}

/// 400 for anything about activations.
fn activation_invalid() -> Response {
    Response::error(400, "ERR_ACTIVATION", "POWER_AUTH_ACTIVATION_INVALID")
}

/// `{"status":"OK","responseObject":…}`
fn ok<T: serde::Serialize>(object: &T) -> Response {
    Response::ok(object)
}
