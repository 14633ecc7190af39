//! The answer of verifications.

use serde::Serialize;

use super::super::phone::or_refuse;
use super::answer::{Answer, bare};
use super::call::Case;
use super::registrations::invalid;
use crate::engine::application;
use crate::model::activation::{Activation, ActivationStatus};
use crate::store::Tx;

/// What was verified.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Otp { valid: bool, operation: &'a str },
    Signature { valid: bool },
    Token { valid: bool },
}

/// Outcome of a verification. About a registration that does not exist for the caller nothing but the outcome is told.
#[derive(Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Verified<'a> {
    /// Whether typed digits were right.
    #[serde(skip_serializing_if = "Option::is_none")]
    otp_valid: Option<bool>,
    /// Whether the signature was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_valid: Option<bool>,
    /// Whether the token was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_valid: Option<bool>,
    /// UUID of the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_id: Option<&'a str>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    /// UUID of the registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_id: Option<&'a str>,
    /// Its state after the verification.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_status: Option<ActivationStatus>,
    /// Factors, by their upper-case name.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_type: Option<&'a str>,
    /// Failed attempts that are left; not for tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_attempts: Option<u64>,
    /// Flags of the registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<&'a [String]>,
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<VerifiedApplication<'a>>,
}

/// The application of a registration.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct VerifiedApplication<'a> {
    /// Its id.
    name: &'a str,
    /// Its roles.
    roles: &'a [String],
}

impl<'a> What<'a> {
    /// The outcome alone.
    fn outcome(self) -> Verified<'a> {
        let mut outcome = Verified::default();
        match self {
            Self::Otp { valid, operation } => {
                outcome.otp_valid = Some(valid);
                outcome.operation_id = Some(operation);
            }
            Self::Signature { valid } => outcome.signature_valid = Some(valid),
            Self::Token { valid } => outcome.token_valid = Some(valid),
        }
        outcome
    }
}

/// The answer about a registration that does not exist for the caller.
pub(super) fn unknown(what: What<'_>) -> Answer {
    Ok(Ok(bare(&what.outcome())))
}

/// The answer about the caller's registration as it is after the verification; as about an unknown one when it is removed.
pub(super) fn verified(
    case: &Case<'_>,
    tx: &mut Tx<'_>,
    what: What<'_>,
    id: &str,
    signature_type: Option<&str>,
) -> Answer {
    let found = tx.get::<Activation>(id)?;
    let Some(it) = found.filter(|it| it.status != ActivationStatus::Removed) else {
        return unknown(what);
    };
    let roles = or_refuse(application::roles(tx, case.application), invalid)?;
    let remaining_attempts = match what {
        What::Token { .. } => None,
        // As the server API has it, also where a possession signature resets nothing.
        What::Otp { valid: true, .. } | What::Signature { valid: true } => Some(it.max_failed_attempts),
        What::Otp { .. } | What::Signature { .. } => Some(it.remaining_attempts()),
    };
    let application = VerifiedApplication {
        name: case.application,
        roles: &roles,
    };
    Ok(Ok(bare(&Verified {
        user_id: Some(&it.user),
        registration_id: Some(&it.id),
        registration_status: Some(it.status),
        signature_type,
        remaining_attempts,
        flags: Some(&it.flags),
        application: Some(application),
        ..what.outcome()
    })))
}
