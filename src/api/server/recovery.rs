//! The rows of activations without an activation code: recovery, and credentials of the host's.

use super::{Body, Endpoint, row};
use crate::api::standard::credentials;
use crate::engine::activation::recover;
use crate::engine::recovery::{config, confirm, manage, postcard};

/// All rows. Attempts on one code take turns by the code.
#[rustfmt::skip] // one row, one line
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Body::Required;
    vec![
        row("/rest/v3/recovery/create", "createRecoveryCode", |_| None, Required, postcard::create),
        row("/rest/v3/recovery/confirm", "confirmRecoveryCode", |q| q.attributes.activation_id.as_ref(), Required, confirm::confirm),
        row("/rest/v3/recovery/lookup", "lookupRecoveryCodes", |_| None, Required, manage::lookup),
        row("/rest/v3/recovery/revoke", "revokeRecoveryCodes", |_| None, Required, manage::revoke_codes),
        row("/rest/v3/recovery/config/detail", "getRecoveryConfig", |_| None, Required, config::detail),
        row("/rest/v3/recovery/config/update", "updateRecoveryConfig", |q| q.application_id.as_ref(), Required, config::update),
        row("/rest/v3/activation/recovery/create", "recoveryCodeActivation", |q| q.attributes.recovery_code.as_ref(), Required, recover::recover),
        row("/rest/v3/activation/credentials/open", "openActivationCredentials", |_| None, Required, credentials::open),
        row("/rest/v3/activation/credentials/create", "createActivationByCredentials", |_| None, Required, credentials::create),
    ]
}
