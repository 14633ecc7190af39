//! The rows of the server API.

use serde::Serialize;

use super::{Body, Endpoint, completed, methods};
use crate::crypto::ecies::EnvelopeResponse;
use crate::engine::activation::{exchange, flags, init, list, manage, status};
use crate::engine::integration::{self, IntegrationList};
use crate::engine::keystore::Jwt;
use crate::engine::signature::{VerifiedSignature, audit, ecdsa, offline, online};
use crate::engine::{Enveloped, application, decryptor, keystore, system, token, upgrade, vault};

methods! {
    /// Tells that the system runs. Reads nothing.
    get_system_status("/rest/v3/status", "getSystemStatus", Ignored): system::status, system::Nothing => system::SystemStatus;
    /// The codes of the published list: those of the 1.5 line. ERR0045, which protocol 3.3 brought, is answered but
    /// not listed, because callers compare the list with their own.
    get_error_code_list("/rest/v3/error/list", "getErrorCodeList", Required): system::error_list, system::ErrorListRequest => system::ErrorList;
    /// All applications.
    get_application_list("/rest/v3/application/list", "getApplicationList", Ignored): application::list, system::Nothing => application::ApplicationList;
    /// One application with its versions.
    get_application_detail("/rest/v3/application/detail", "getApplicationDetail", Required): application::detail, application::ApplicationRequest => application::ApplicationDetail;
    /// The application of a key, supported or not.
    lookup_application_by_app_key("/rest/v3/application/detail/version", "lookupApplicationByAppKey", Required): application::by_key, application::ApplicationKeyRequest => application::ApplicationName;
    /// A new application with a master key pair and the version `default`.
    create_application("/rest/v3/application/create", "createApplication", Required): application::create, application::ApplicationRequest => application::CreatedApplication;
    /// A new version with its own key and secret.
    create_application_version("/rest/v3/application/version/create", "createApplicationVersion", Required, |q| q.application_id.as_ref()): application::create_version, application::VersionRequest => application::CreatedVersion;
    /// Serves the version again.
    support_application_version("/rest/v3/application/version/support", "supportApplicationVersion", Required, |q| q.application_id.as_ref()): application::support_version, application::VersionRequest => application::VersionSupport;
    /// Serves the version no longer.
    unsupport_application_version("/rest/v3/application/version/unsupport", "unsupportApplicationVersion", Required, |q| q.application_id.as_ref()): application::unsupport_version, application::VersionRequest => application::VersionSupport;
    /// The application's roles.
    list_application_roles("/rest/v3/application/roles/list", "listApplicationRoles", Required): application::list_roles, application::ApplicationRequest => application::Roles;
    /// Adds those not yet there; all in ascending order afterwards.
    add_application_roles("/rest/v3/application/roles/create", "addApplicationRoles", Required, |q| q.application_id.as_ref()): application::add_roles, application::RolesRequest => application::Roles;
    /// Replaces all roles, in ascending order.
    update_application_roles("/rest/v3/application/roles/update", "updateApplicationRoles", Required, |q| q.application_id.as_ref()): application::update_roles, application::RolesRequest => application::Roles;
    /// Removes those given.
    remove_application_roles("/rest/v3/application/roles/remove", "removeApplicationRoles", Required, |q| q.application_id.as_ref()): application::remove_roles, application::RolesRequest => application::Roles;
    /// A new activation in state CREATED.
    init_activation("/rest/v3/activation/init", "initActivation", Required): init::init, init::InitActivation => init::InitializedActivation;
    /// Exchanges keys for an activation code.
    prepare_activation("/rest/v3/activation/prepare", "prepareActivation", Required): exchange::prepare, Enveloped<exchange::KeyExchange> => exchange::ExchangedKeys;
    /// An activation of a user whom the caller has identified, keys included. All checks come before the first write,
    /// so that a refusal leaves nothing behind.
    create_activation("/rest/v3/activation/create", "createActivation", Required): exchange::create, Enveloped<exchange::KeyExchange> => exchange::ExchangedKeys;
    /// A new OTP, asked for with the commit.
    update_activation_otp("/rest/v3/activation/otp/update", "updateActivationOtp", Required, |q| q.activation_id.as_ref()): manage::update_otp, manage::ActivationOtpRequest => manage::UpdatedOtp;
    /// A new name. Tells no callback.
    update_activation_name("/rest/v3/activation/name/update", "updateActivationName", Required, |q| q.activation_id.as_ref()): manage::update_name, manage::ActivationNameRequest => manage::RenamedActivation;
    /// PENDING_COMMIT becomes ACTIVE.
    commit_activation("/rest/v3/activation/commit", "commitActivation", Required, |q| q.activation_id.as_ref()): manage::commit, manage::ActivationOtpRequest => manage::CommittedActivation;
    /// State of an activation with the blob for its phone. An unknown one looks REMOVED, with noise for a blob.
    get_activation_status("/rest/v3/activation/status", "getActivationStatus", Required): status::status, status::StatusRequest => status::ActivationDetail;
    /// Any state becomes REMOVED. Its tokens stop validating, because its state says so. Its recovery code is revoked
    /// when asked for, and when it never was in use.
    remove_activation("/rest/v3/activation/remove", "removeActivation", Required, |q| q.activation_id.as_ref()): manage::remove, manage::ActivationRequest => manage::RemovedActivation;
    /// Activations of a user, newest first; overdue ones are removed on the way.
    get_activation_list_for_user("/rest/v3/activation/list", "getActivationListForUser", Required): list::list, list::ActivationListRequest => list::ActivationList;
    /// Activations of several users. Expires nothing.
    lookup_activations("/rest/v3/activation/lookup", "lookupActivations", Required): list::lookup, list::LookupRequest => list::LookedUp;
    /// The history of an activation.
    get_activation_history("/rest/v3/activation/history", "getActivationHistory", Required): list::history, list::HistoryRequest => list::HistoryList;
    /// ACTIVE becomes BLOCKED.
    block_activation("/rest/v3/activation/block", "blockActivation", Required, |q| q.activation_id.as_ref()): manage::block, manage::ActivationRequest => manage::BlockedActivation;
    /// BLOCKED becomes ACTIVE with all attempts.
    unblock_activation("/rest/v3/activation/unblock", "unblockActivation", Required, |q| q.activation_id.as_ref()): manage::unblock, manage::ActivationRequest => manage::UnblockedActivation;
    /// Overrides the state of several activations, all or none. Unlike the reference it revives nothing that was
    /// removed and makes nothing usable that has no keys. ERR0024 when the changes and their callback events do not
    /// fit into one batch.
    update_status_for_activations("/rest/v3/activation/status/update", "updateStatusForActivations", Required): manage::update_statuses, manage::StatusesRequest => manage::UpdatedStatuses;
    /// The activation's flags.
    list_activation_flags("/rest/v3/activation/flags/list", "listActivationFlags", Required): flags::list, flags::FlagsRequest => flags::Flags;
    /// Adds those not yet there; all in ascending order afterwards.
    add_activation_flags("/rest/v3/activation/flags/create", "addActivationFlags", Required, |q| q.activation_id.as_ref()): flags::add, flags::FlagsRequest => flags::Flags;
    /// Replaces all flags, in ascending order.
    update_activation_flags("/rest/v3/activation/flags/update", "updateActivationFlags", Required, |q| q.activation_id.as_ref()): flags::update, flags::FlagsRequest => flags::Flags;
    /// Removes those given.
    remove_activation_flags("/rest/v3/activation/flags/remove", "removeActivationFlags", Required, |q| q.activation_id.as_ref()): flags::remove, flags::FlagsRequest => flags::Flags;
    /// Verifies a signature of one factor combination.
    verify_signature("/rest/v3/signature/verify", "verifySignature", Required, |q| q.activation_id.as_ref()): online::verify_online, online::VerifySignature => VerifiedSignature;
    /// Verifies a device signature. Changes nothing. As in the reference the state of the activation is not looked
    /// at: the signature stands for the key, not for the right to act.
    verify_ecdsa_signature("/rest/v3/signature/ecdsa/verify" | "/rest/v3/verifyECDSASignature", "verifyECDSASignature", Required): ecdsa::verify, ecdsa::VerifyEcdsa => ecdsa::VerifiedEcdsa;
    /// A payload signed by the activation's server key. Its state is not looked at.
    create_personalized_offline_signature_payload("/rest/v3/signature/offline/personalized/create", "createPersonalizedOfflineSignaturePayload", Required): offline::personalized, offline::PersonalizedPayload => offline::OfflinePayload;
    /// A payload signed by the application's master key.
    create_non_personalized_offline_signature_payload("/rest/v3/signature/offline/non-personalized/create", "createNonPersonalizedOfflineSignaturePayload", Required): offline::non_personalized, offline::NonPersonalizedPayload => offline::OfflinePayload;
    /// Verifies a typed code. However many candidates are tried, one call counts once.
    verify_offline_signature("/rest/v3/signature/offline/verify", "verifyOfflineSignature", Required, |q| q.activation_id.as_ref()): offline::verify_offline, offline::VerifyOfflineSignature => VerifiedSignature;
    /// Verification attempts of a user.
    get_signature_audit_log("/rest/v3/signature/list", "getSignatureAuditLog", Required): audit::list, audit::AuditRequest => audit::AuditList;
    /// A new token, answered inside the envelope.
    create_token("/rest/v3/token/create", "createToken", Required): token::create, Enveloped<token::CreateToken> => EnvelopeResponse;
    /// Validates a token digest. The nonce is used up also by a wrong digest.
    validate_token("/rest/v3/token/validate", "validateToken", Required): token::validate, token::ValidateToken => token::ValidatedToken;
    /// Removes a token of an activation. Its secret goes at once.
    remove_token("/rest/v3/token/remove", "removeToken", Required): token::remove, token::RemoveToken => token::RemovedToken;
    /// The vault key for the phone, against a signature of two factors.
    vault_unlock("/rest/v3/vault/unlock", "vaultUnlock", Required, |q| q.attributes.activation_id.as_ref()): vault::unlock, Enveloped<vault::UnlockVault> => vault::UnlockedVault;
    /// Key and shared information of one encrypted request.
    get_ecies_decryptor("/rest/v3/ecies/decryptor", "getEciesDecryptor", Required, |q| q.attributes.activation_id.as_ref()): decryptor::decryptor, Enveloped<decryptor::DecryptorRequest> => decryptor::DecryptorParameters;
    /// Gives the phone its hash counter.
    start_upgrade("/rest/v3/upgrade/start", "startUpgrade", Required, |q| q.attributes.activation_id.as_ref()): upgrade::start, Enveloped<upgrade::UpgradeRequest> => EnvelopeResponse;
    /// Version 2 becomes 3. Tells no callback.
    commit_upgrade("/rest/v3/upgrade/commit", "commitUpgrade", Required, |q| q.activation_id.as_ref()): upgrade::commit, upgrade::UpgradeRequest => upgrade::CommittedUpgrade;
    /// New credentials for a back end, good at once.
    create_integration("/rest/v3/integration/create", "createIntegration", Required): integration::create, integration::CreateIntegration => integration::NewIntegration;
    /// Removes an integration. Its credentials open nothing from then on.
    remove_integration("/rest/v3/integration/remove", "removeIntegration", Required): integration::remove, integration::RemoveIntegration => integration::RemovedIntegration;
    /// A temporary key for an application or an activation. Every failure is ERR0045: the request proves nothing but
    /// the knowledge of the secret.
    create_temporary_key("/rest/v3/keystore/create", "createTemporaryKey", Required): keystore::create, Jwt => Jwt;
}

/// The only row whose answer tells something about the dispatcher.
pub(super) fn list_integrations() -> Endpoint {
    let named = (
        "/rest/v3/integration/list",
        "getIntegrationList",
        "All integrations.",
    );
    completed(
        named,
        |_| None,
        Body::Ignored,
        integration::list,
        Integrations::of,
    )
}

/// The list of integrations, and whether callers need to be one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Integrations {
    /// Whether callers need credentials.
    pub restricted_access: bool,
    /// The list.
    #[serde(flatten)]
    pub list: IntegrationList,
}

impl Integrations {
    pub(super) fn of(restricted_access: bool, list: IntegrationList) -> Self {
        Self {
            restricted_access,
            list,
        }
    }
}
