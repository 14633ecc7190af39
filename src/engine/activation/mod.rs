//! The life of an activation (server API, part 1, sections 3.8–3.13 and 6).

pub mod exchange;
pub mod flags;
pub mod init;
pub mod list;
pub mod manage;
mod otp;
pub mod recover;
pub(crate) mod single;
pub mod status;

use super::application_version::supported_version;
use super::envelope::server_private;
use super::{Engine, EngineStop, ErrorCode, Place, callback, journal, recovery};
use crate::crypto::key::PublicKey;
use crate::crypto::schedule::{ActivationKeys, FactorKeys};
use crate::crypto::secret::Secret;
use crate::model::activation::{ACTIVATION, Activation, ActivationStatus};
use crate::model::application::ApplicationVersion;
use crate::model::journal::{Event, History, Subject};
use crate::store::Tx;

/// Reasons in the history.
pub(crate) mod reason {
    /// A wrong activation OTP.
    pub(crate) const OTP_FAILED_ATTEMPT: &str = "OTP_FAILED_ATTEMPT";
    /// The last wrong activation OTP.
    pub(crate) const OTP_MAX_FAILED_ATTEMPTS: &str = "OTP_MAX_FAILED_ATTEMPTS";
    /// A new activation OTP.
    pub(crate) const OTP_VALUE_UPDATE: &str = "OTP_VALUE_UPDATE";
    /// Protocol 2 became 3.
    pub(crate) const ACTIVATION_VERSION_CHANGED: &str = "ACTIVATION_VERSION_CHANGED";
    /// A new name.
    pub(crate) const ACTIVATION_NAME_UPDATED: &str = "ACTIVATION_NAME_UPDATED";
}

/// Place of an activation's server private key.
pub(crate) fn private_place(id: &str) -> Place<'_> {
    Place {
        collection: ACTIVATION,
        id,
        field: "server_private",
    }
}

/// Place of an activation's derived keys.
pub(crate) fn keys_place(id: &str) -> Place<'_> {
    Place {
        collection: ACTIVATION,
        id,
        field: "keys",
    }
}

/// The activation, or ERR0009.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Activation, EngineStop> {
    tx.get::<Activation>(id)?
        .ok_or_else(|| ErrorCode::ActivationNotFound.into())
}

/// The application version of the key, when it is supported and of the activation's application, or
/// ERR0015.
pub(crate) fn version_of(
    tx: &mut Tx<'_>,
    key: &str,
    activation: &Activation,
) -> Result<ApplicationVersion, EngineStop> {
    supported_version(tx, key)?
        .filter(|it| it.application == activation.application)
        .ok_or_else(|| ErrorCode::InvalidApplication.into())
}

/// Writes the activation with a line in its history (SAVE-AND-LOG).
pub(crate) fn save_and_log(
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    external_user: Option<&str>,
    reason: Option<&str>,
) -> Result<(), EngineStop> {
    let blocked = activation.status == ActivationStatus::Blocked;
    let reason = if blocked {
        activation.blocked_reason.as_deref()
    } else {
        reason
    };
    let history = History {
        status: activation.status,
        reason: reason.map(str::to_owned),
        external_user: external_user.map(str::to_owned),
        name: activation.name.clone(),
        version: activation.version,
    };
    activation.last_change = Some(tx.now());
    let subject = Subject::Activation(activation.id.clone());
    journal::append(tx, subject, &mut activation.journal, Event::History(history))?;
    tx.put(activation);
    Ok(())
}

/// Writes the activation with a note in its journal: what is no line of its history.
pub(crate) fn save_and_note(
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    kind: &str,
    parameters: &serde_json::Value,
) -> Result<(), EngineStop> {
    let user = Some(activation.user.clone());
    let subject = Subject::Activation(activation.id.clone());
    journal::note(tx, subject, &mut activation.journal, kind, user, parameters)?;
    tx.put(activation);
    Ok(())
}

/// Writes the activation with a line in its history and tells the callbacks.
pub(crate) fn save_log_and_notify(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    external_user: Option<&str>,
    reason: Option<&str>,
) -> Result<(), EngineStop> {
    save_and_log(tx, activation, external_user, reason)?;
    callback::activation_changed(engine, tx, activation)
}

/// Removes an activation whose time is over (EXPIRE-IF-DUE). Answers whether it did.
pub(crate) fn expire_if_due(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &mut Activation,
) -> Result<bool, EngineStop> {
    if !activation.overdue(tx.now()) {
        return Ok(false);
    }
    activation.remove();
    recovery::revoke_of(tx, activation)?;
    save_log_and_notify(engine, tx, activation, None, None)?;
    Ok(true)
}

/// The symmetric keys as sealed in the record.
pub(crate) fn seal_keys(
    engine: &Engine,
    tx: &mut Tx<'_>,
    id: &str,
    keys: &ActivationKeys,
) -> Result<Vec<u8>, EngineStop> {
    Ok(engine.keyring.seal(keys_place(id), &joined_keys(keys), tx)?)
}

/// The symmetric keys as they are sealed: 5 × 16 bytes.
fn joined_keys(keys: &ActivationKeys) -> zeroize::Zeroizing<Vec<u8>> {
    let ActivationKeys {
        possession,
        knowledge,
        biometry,
        transport,
        vault,
    } = keys;
    let all = [possession, knowledge, biometry, transport, vault];
    zeroize::Zeroizing::new(all.map(|key| *key.as_bytes()).concat())
}

/// The symmetric keys; none before the key exchange. No elliptic-curve operation, but for an activation that was taken
/// over from another server and was not verified here yet: see [`keep_keys`].
pub(crate) fn open_keys(
    engine: &Engine,
    activation: &Activation,
) -> Result<Option<ActivationKeys>, EngineStop> {
    let Some(sealed) = &activation.keys else {
        return agreed_keys(engine, activation);
    };
    let all = engine
        .keyring
        .open_array::<80>(keys_place(&activation.id), sealed)?;
    let (keys, _) = all.as_bytes().as_chunks::<16>();
    let [possession, knowledge, biometry, transport, vault] = keys else {
        return Err(crate::store::Fault::Sealed.into());
    };
    let key = |bytes: &[u8; 16]| Secret::from_bytes(*bytes);
    Ok(Some(ActivationKeys {
        possession: key(possession),
        knowledge: key(knowledge),
        biometry: key(biometry),
        transport: key(transport),
        vault: key(vault),
    }))
}

/// The symmetric keys, agreed on anew; none before the key exchange.
fn agreed_keys(engine: &Engine, activation: &Activation) -> Result<Option<ActivationKeys>, EngineStop> {
    let Some(device) = &activation.device_public else {
        return Ok(None);
    };
    let broken = ErrorCode::GenericCryptographyError;
    let device = PublicKey::from_bytes(engine.backend, device).map_err(|_| broken)?;
    let private = server_private(engine, activation)?;
    let keys = ActivationKeys::derive(engine.backend, &private, &device).map_err(|_| broken)?;
    Ok(Some(keys))
}

/// Seals the symmetric keys of an activation that was taken over without them, so that they are agreed on once. The
/// caller writes the record.
pub(crate) fn keep_keys(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &mut Activation,
) -> Result<(), EngineStop> {
    if activation.keys.is_some() || activation.device_public.is_none() {
        return Ok(());
    }
    engine.keyring.announce(tx);
    tx.settle()?;
    if let Some(keys) = agreed_keys(engine, activation)? {
        activation.keys = Some(seal_keys(engine, tx, &activation.id, &keys)?);
    }
    Ok(())
}

/// The factor keys of [`open_keys`].
pub(crate) fn factor_keys(keys: ActivationKeys) -> FactorKeys {
    let ActivationKeys {
        possession,
        knowledge,
        biometry,
        ..
    } = keys;
    FactorKeys {
        possession,
        knowledge,
        biometry,
    }
}
