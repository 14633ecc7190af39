//! The rows of activations without an activation code: recovery, and credentials of the host's.

use super::methods;
use crate::api::standard::credentials;
use crate::engine::Enveloped;
use crate::engine::activation::exchange::ExchangedKeys;
use crate::engine::activation::recover;
use crate::engine::recovery::{config, confirm, manage, postcard};

methods! {
    /// A new code on paper for a user.
    create_recovery_code("/rest/v3/recovery/create", "createRecoveryCode", Required): postcard::create, postcard::CreateRecoveryCode => postcard::CreatedRecoveryCode;
    /// A CREATED code of the activation's user becomes ACTIVE.
    confirm_recovery_code("/rest/v3/recovery/confirm", "confirmRecoveryCode", Required, |q| q.attributes.activation_id.as_ref()): confirm::confirm, Enveloped<confirm::ConfirmRecoveryCode> => confirm::ConfirmedRecoveryCode;
    /// Recovery codes of a user or of an activation. All given attributes must fit.
    lookup_recovery_codes("/rest/v3/recovery/lookup", "lookupRecoveryCodes", Required): manage::lookup, manage::LookupRecoveryCodes => manage::LookedUpRecoveryCodes;
    /// Ends codes and their PUKs. Unknown and REVOKED ones are left out.
    revoke_recovery_codes("/rest/v3/recovery/revoke", "revokeRecoveryCodes", Required): manage::revoke_codes, manage::RevokeRecoveryCodes => manage::RevokedRecoveryCodes;
    /// The settings of an application; all off until they are set.
    get_recovery_config("/rest/v3/recovery/config/detail", "getRecoveryConfig", Required): config::detail, config::RecoveryConfigRequest => config::RecoveryConfigDetail;
    /// Sets all of them. The pair for postcards is made when they are first enabled and never replaced: cards that
    /// were printed stay valid.
    update_recovery_config("/rest/v3/recovery/config/update", "updateRecoveryConfig", Required, |q| q.application_id.as_ref()): config::update, config::UpdateRecoveryConfig => config::UpdatedRecoveryConfig;
    /// A new activation of the code's user, in place of the one that the code came with. Whatever is refused after a
    /// right PUK leaves everything as it was, the PUK included; a wrong one is counted.
    recovery_code_activation("/rest/v3/activation/recovery/create", "recoveryCodeActivation", Required, |q| q.attributes.recovery_code.as_ref()): recover::recover, Enveloped<recover::RecoverActivation> => ExchangedKeys;
    /// Tells what the phone's outer layer contains. Changes nothing: the request is still to be used.
    open_activation_credentials("/rest/v3/activation/credentials/open", "openActivationCredentials", Required): credentials::open, credentials::OpenCredentials => credentials::OpenedCredentials;
    /// An activation of the user whom the host has identified by the phone's credentials.
    create_activation_by_credentials("/rest/v3/activation/credentials/create", "createActivationByCredentials", Required): credentials::create, credentials::CreateByCredentials => credentials::CreatedByCredentials;
}
