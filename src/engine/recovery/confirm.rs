//! confirmRecoveryCode: the user has the code in hand (part 1, section 17.3; protocol, section 11.1).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{by_code, enabled, save};
use crate::crypto::code;
use crate::crypto::ecies::{EnvelopeResponse, Purpose};
use crate::engine::activation::find;
use crate::engine::application_version::supported_version;
use crate::engine::envelope::{self, Received, Recipient};
use crate::engine::json;
use crate::engine::{Engine, EngineStop, Enveloped, ErrorCode, Outcome, required};
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::application::ApplicationVersion;
use crate::store::Tx;

/// Request of [`confirm`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "applicationKey"])))]
#[serde(default, rename_all = "camelCase")]
pub struct ConfirmRecoveryCode {
    /// The activation whose user confirms.
    pub activation_id: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
}

/// Answer of [`confirm`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedRecoveryCode {
    /// The activation.
    pub activation_id: String,
    /// Its user.
    pub user_id: String,
    /// Whether the code had been ACTIVE before, for the phone only.
    #[serde(flatten)]
    pub sealed: EnvelopeResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plain {
    recovery_code: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Confirmation {
    already_confirmed: bool,
}

/// A CREATED code of the activation's user becomes ACTIVE.
pub fn confirm(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &Enveloped<ConfirmRecoveryCode>,
) -> Outcome<ConfirmedRecoveryCode> {
    let id = required(&request.attributes.activation_id)?;
    let key = required(&request.attributes.application_key)?;
    tx.want::<ApplicationVersion>(key);
    let activation = find(tx, id)?;
    let received = request.received(ErrorCode::InvalidRequest)?;
    enabled(tx, &activation.application)?.ok_or(ErrorCode::InvalidRequest)?;
    if activation.status != ActivationStatus::Active {
        return Err(ErrorCode::ActivationIncorrectState.into());
    }
    let version = supported_version(tx, key)?.filter(|it| it.application == activation.application);
    let version = version.ok_or(ErrorCode::InvalidApplication)?;
    let sealed = answer(engine, tx, &activation, id, &version, &received)?;
    Ok(Ok(ConfirmedRecoveryCode {
        activation_id: activation.id,
        user_id: activation.user,
        sealed,
    }))
}

/// Opens the request, confirms the code, seals the answer. `activation_id` is the spelling that the
/// phone used.
pub(crate) fn answer(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &Activation,
    activation_id: &str,
    version: &ApplicationVersion,
    received: &Received,
) -> Result<EnvelopeResponse, EngineStop> {
    let invalid = ErrorCode::InvalidRequest;
    let recipient = Recipient::Activation(activation);
    let purpose = Purpose::RecoveryConfirm;
    let id = Some(activation_id);
    let (plain, sealer) = envelope::open(engine, tx, purpose, received, version, &recipient, id)?;
    let plain: Plain = json::object(plain.as_bytes()).map_err(|_| ErrorCode::DecryptionFailed)?;
    let typed = plain.recovery_code.as_deref().unwrap_or_default();
    let typed = code::RecoveryCode::parse(typed).map_err(|_| invalid)?;
    let found = by_code(tx, &activation.application, typed.as_str())?;
    let mut code = found.ok_or(ErrorCode::RecoveryCodeNotFound)?;
    if code.user != activation.user {
        return Err(invalid.into());
    }
    let confirmed = code.activate(tx.now()).map_err(|_| invalid)?;
    if confirmed {
        let parameters = json!({ "activation": activation.id });
        save(tx, &mut code, "recovery_code_confirmed", &parameters)?;
    }
    let confirmation = Confirmation {
        already_confirmed: !confirmed,
    };
    envelope::seal(tx, sealer, &confirmation)
}
