//! The rows of the server API.

use serde::Serialize;

use super::{Body, Endpoint, completed, row};
use crate::engine::activation::{exchange, flags, init, list, manage, status};
use crate::engine::integration::{self, IntegrationList};
use crate::engine::signature::{audit, ecdsa, offline, online};
use crate::engine::{application, decryptor, keystore, system, token, upgrade, vault};

/// All rows.
#[rustfmt::skip] // one row, one line
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Body::{Ignored, Required};
    vec![
        row("/rest/v3/status", "getSystemStatus", |_| None, Ignored, system::status),
        row("/rest/v3/error/list", "getErrorCodeList", |_| None, Required, system::error_list),
        row("/rest/v3/application/list", "getApplicationList", |_| None, Ignored, application::list),
        row("/rest/v3/application/detail", "getApplicationDetail", |_| None, Required, application::detail),
        row("/rest/v3/application/detail/version", "lookupApplicationByAppKey", |_| None, Required, application::by_key),
        row("/rest/v3/application/create", "createApplication", |_| None, Required, application::create),
        row("/rest/v3/application/version/create", "createApplicationVersion", |q| q.application_id.as_ref(), Required, application::create_version),
        row("/rest/v3/application/version/support", "supportApplicationVersion", |q| q.application_id.as_ref(), Required, application::support_version),
        row("/rest/v3/application/version/unsupport", "unsupportApplicationVersion", |q| q.application_id.as_ref(), Required, application::unsupport_version),
        row("/rest/v3/application/roles/list", "listApplicationRoles", |_| None, Required, application::list_roles),
        row("/rest/v3/application/roles/create", "addApplicationRoles", |q| q.application_id.as_ref(), Required, application::add_roles),
        row("/rest/v3/application/roles/update", "updateApplicationRoles", |q| q.application_id.as_ref(), Required, application::update_roles),
        row("/rest/v3/application/roles/remove", "removeApplicationRoles", |q| q.application_id.as_ref(), Required, application::remove_roles),
        row("/rest/v3/activation/init", "initActivation", |_| None, Required, init::init),
        row("/rest/v3/activation/prepare", "prepareActivation", |_| None, Required, exchange::prepare),
        row("/rest/v3/activation/create", "createActivation", |_| None, Required, exchange::create),
        row("/rest/v3/activation/otp/update", "updateActivationOtp", |q| q.activation_id.as_ref(), Required, manage::update_otp),
        row("/rest/v3/activation/name/update", "updateActivationName", |q| q.activation_id.as_ref(), Required, manage::update_name),
        row("/rest/v3/activation/commit", "commitActivation", |q| q.activation_id.as_ref(), Required, manage::commit),
        row("/rest/v3/activation/status", "getActivationStatus", |_| None, Required, status::status),
        row("/rest/v3/activation/remove", "removeActivation", |q| q.activation_id.as_ref(), Required, manage::remove),
        row("/rest/v3/activation/list", "getActivationListForUser", |_| None, Required, list::list),
        row("/rest/v3/activation/lookup", "lookupActivations", |_| None, Required, list::lookup),
        row("/rest/v3/activation/history", "getActivationHistory", |_| None, Required, list::history),
        row("/rest/v3/activation/block", "blockActivation", |q| q.activation_id.as_ref(), Required, manage::block),
        row("/rest/v3/activation/unblock", "unblockActivation", |q| q.activation_id.as_ref(), Required, manage::unblock),
        row("/rest/v3/activation/status/update", "updateStatusForActivations", |_| None, Required, manage::update_statuses),
        row("/rest/v3/activation/flags/list", "listActivationFlags", |_| None, Required, flags::list),
        row("/rest/v3/activation/flags/create", "addActivationFlags", |q| q.activation_id.as_ref(), Required, flags::add),
        row("/rest/v3/activation/flags/update", "updateActivationFlags", |q| q.activation_id.as_ref(), Required, flags::update),
        row("/rest/v3/activation/flags/remove", "removeActivationFlags", |q| q.activation_id.as_ref(), Required, flags::remove),
        row("/rest/v3/signature/verify", "verifySignature", |q| q.activation_id.as_ref(), Required, online::verify_online),
        row("/rest/v3/signature/ecdsa/verify", "verifyECDSASignature", |_| None, Required, ecdsa::verify),
        row("/rest/v3/verifyECDSASignature", "verifyECDSASignature", |_| None, Required, ecdsa::verify),
        row("/rest/v3/signature/offline/personalized/create", "createPersonalizedOfflineSignaturePayload", |_| None, Required, offline::personalized),
        row("/rest/v3/signature/offline/non-personalized/create", "createNonPersonalizedOfflineSignaturePayload", |_| None, Required, offline::non_personalized),
        row("/rest/v3/signature/offline/verify", "verifyOfflineSignature", |q| q.activation_id.as_ref(), Required, offline::verify_offline),
        row("/rest/v3/signature/list", "getSignatureAuditLog", |_| None, Required, audit::list),
        row("/rest/v3/token/create", "createToken", |_| None, Required, token::create),
        row("/rest/v3/token/validate", "validateToken", |_| None, Required, token::validate),
        row("/rest/v3/token/remove", "removeToken", |_| None, Required, token::remove),
        row("/rest/v3/vault/unlock", "vaultUnlock", |q| q.attributes.activation_id.as_ref(), Required, vault::unlock),
        row("/rest/v3/ecies/decryptor", "getEciesDecryptor", |q| q.attributes.activation_id.as_ref(), Required, decryptor::decryptor),
        row("/rest/v3/upgrade/start", "startUpgrade", |q| q.attributes.activation_id.as_ref(), Required, upgrade::start),
        row("/rest/v3/upgrade/commit", "commitUpgrade", |q| q.activation_id.as_ref(), Required, upgrade::commit),
        row("/rest/v3/integration/create", "createIntegration", |_| None, Required, integration::create),
        completed("/rest/v3/integration/list", "getIntegrationList", |_| None, Ignored, integration::list, Integrations::of),
        row("/rest/v3/integration/remove", "removeIntegration", |_| None, Required, integration::remove),
        row("/rest/v3/keystore/create", "createTemporaryKey", |_| None, Required, keystore::create),
    ]
}

/// The list of integrations, and whether callers need to be one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Integrations {
    restricted_access: bool,
    #[serde(flatten)]
    list: IntegrationList,
}

impl Integrations {
    fn of(restricted_access: bool, list: IntegrationList) -> Self {
        Self {
            restricted_access,
            list,
        }
    }
}
