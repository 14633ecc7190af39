//! startUpgrade and commitUpgrade: an activation of protocol 2 becomes one of protocol 3 (part 1,
//! section 16; protocol, section 10).
//!
//! ```text
//! start   creates CTR_DATA once; a repeated start answers the same
//! commit  version 2 becomes 3; the caller has verified a signature with the new counter before
//! ```
//!
//! Activations of protocol 2 come from imported databases only.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::activation::{find, reason, save_and_log, version_of};
use super::envelope::{self, Received, Recipient};
use super::journal;
use super::{Engine, EngineStop, Enveloped, ErrorCode, Outcome, pretend, required};
use crate::crypto::counter::HashCounter;
use crate::crypto::ecies::{EnvelopeResponse, Purpose};
use crate::crypto::encoding::base64;
use crate::model::activation::Activation;
use crate::model::application::ApplicationVersion;
use crate::model::journal::Subject;
use crate::store::{Stop, Tx};

/// Request of [`start`] and [`commit`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "applicationKey"])))]
#[serde(default, rename_all = "camelCase")]
pub struct UpgradeRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// The application version.
    pub application_key: Option<String>,
}

/// What the phone gets inside the envelope.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StartResponse {
    ctr_data: String,
}

/// Gives the phone its hash counter.
pub fn start(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &Enveloped<UpgradeRequest>,
) -> Outcome<EnvelopeResponse> {
    let id = required(&request.attributes.activation_id)?;
    let key = required(&request.attributes.application_key)?;
    let received = request.received(ErrorCode::DecryptionFailed)?;
    start_received(engine, tx, id, id, key, &received)
}

/// As [`start`]; `spelled` is the activation as the phone spells it.
pub(crate) fn start_received(
    engine: &Engine,
    tx: &mut Tx<'_>,
    id: &str,
    spelled: &str,
    key: &str,
    received: &Received,
) -> Outcome<EnvelopeResponse> {
    tx.want::<Activation>(id);
    tx.want::<ApplicationVersion>(key);
    let accepted = received.accept(engine, tx, Some(spelled))?;
    let upgradable = upgradable(tx, id);
    if matches!(upgradable, Err(Stop::Refuse(_))) {
        pretend::envelope(engine, tx, received, spelled, key)?;
    }
    let mut activation = upgradable?;
    let version = version_of(tx, key, &activation)?;
    let recipient = Recipient::Activation(&activation);
    let purpose = Purpose::UpgradeStart;
    let opened = envelope::open_accepted(
        engine,
        tx,
        purpose,
        &accepted,
        &version,
        &recipient,
        Some(spelled),
    );
    let (_, sealer) = opened?;
    // Never a second one: whoever repeats a start would take the phone's counter away.
    let counter = match activation.counter_data.clone() {
        Some(counter) => counter,
        None => {
            let fresh = HashCounter::generate(tx)?.as_bytes().to_vec();
            activation.counter_data = Some(fresh.clone());
            let subject = Subject::Activation(activation.id.clone());
            let user = Some(activation.user.clone());
            let head = &mut activation.journal;
            journal::note(tx, subject, head, "upgrade_started", user, &json!({}))?;
            tx.put(&activation);
            fresh
        }
    };
    let response = StartResponse {
        ctr_data: base64::encode(&counter),
    };
    Ok(Ok(envelope::seal(tx, sealer, &response)?))
}

/// Answer of [`commit`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CommittedUpgrade {
    /// True.
    pub committed: bool,
}

/// Version 2 becomes 3. Tells no callback.
pub fn commit(_: &Engine, tx: &mut Tx<'_>, request: &UpgradeRequest) -> Outcome<CommittedUpgrade> {
    let id = required(&request.activation_id)?;
    let key = required(&request.application_key)?;
    tx.want::<ApplicationVersion>(key);
    let mut activation = upgradable(tx, id)?;
    activation
        .upgrade()
        .map_err(|_| ErrorCode::ActivationIncorrectState)?;
    version_of(tx, key, &activation)?;
    let reason = Some(reason::ACTIVATION_VERSION_CHANGED);
    save_and_log(tx, &mut activation, None, reason)?;
    Ok(Ok(CommittedUpgrade { committed: true }))
}

/// The activation, when it is ACTIVE and of protocol 2.
fn upgradable(tx: &mut Tx<'_>, id: &str) -> Result<Activation, EngineStop> {
    let activation = find(tx, id)?;
    if activation.can_upgrade() {
        Ok(activation)
    } else {
        Err(ErrorCode::ActivationIncorrectState.into())
    }
}
