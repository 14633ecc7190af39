//! The standard API of phones: `/pa/v3/…` (mobile API specification, section 8; protocol, section 13).
//!
//! Errors are deliberately coarse: which check failed is nobody's business.

mod activation;
pub(super) mod credentials;
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
        row("POST", "/pa/v3/activation/create", "phoneActivationCreate", activation::create),
        row("POST", "/pa/v3/activation/status", "phoneActivationStatus", activation::status),
        row("POST", "/pa/v3/activation/remove", "phoneActivationRemove", activation::remove),
        row("POST", "/pa/v3/token/create", "phoneTokenCreate", token::create),
        row("POST", "/pa/v3/token/remove", "phoneTokenRemove", token::remove),
        row("GET", "/pa/v3/signature/validate", "phoneSignatureValidate", signature::validate),
        row("POST", "/pa/v3/signature/validate", "phoneSignatureValidate", signature::validate),
        row("PUT", "/pa/v3/signature/validate", "phoneSignatureValidate", signature::validate),
        row("DELETE", "/pa/v3/signature/validate", "phoneSignatureValidate", signature::validate),
        row("POST", "/pa/v3/recovery/confirm", "phoneRecoveryConfirm", recovery::confirm),
        row("POST", "/pa/v3/vault/unlock", "phoneVaultUnlock", vault::unlock),
        row("POST", "/pa/v3/upgrade/start", "phoneUpgradeStart", upgrade::start),
        row("POST", "/pa/v3/upgrade/commit", "phoneUpgradeCommit", upgrade::commit),
        row("POST", "/pa/v3/user/info", "phoneUserInfo", user_info::claims),
        row("POST", "/pa/v3/keystore/create", "phoneKeystoreCreate", keystore::create),
        row("POST", "/pa/v3/status", "phoneServerStatus", keystore::server_status),
    ]
}

/// 401, whatever the reason.
fn unauthenticated() -> Response {
    Response::error(401, "ERR_AUTHENTICATION", "POWER_AUTH_SIGNATURE_INVALID")
}

/// 400 for anything about activations.
fn activation_invalid() -> Response {
    Response::error(400, "ERR_ACTIVATION", "POWER_AUTH_ACTIVATION_INVALID")
}

/// `{"status":"OK","responseObject":…}`
fn ok<T: serde::Serialize>(object: &T) -> Response {
    Response::ok(object)
}
