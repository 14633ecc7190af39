//! Activation flags (part 1, section 18). No state restriction, no history, no callback.

use serde::{Deserialize, Serialize};

use super::{find, save_and_note};
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, labels};
use crate::model::activation::Activation;
use crate::store::Tx;

/// Request of the flag methods.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "ActivationFlagsRequest", extend("required" = ["activationId"])))]
#[serde(default, rename_all = "camelCase")]
pub struct FlagsRequest {
    /// The activation.
    pub activation_id: Option<String>,
    /// Flags.
    pub activation_flags: Option<Vec<String>>,
}

/// Answer of the flag methods.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ActivationFlags")
)]
#[serde(rename_all = "camelCase")]
pub struct Flags {
    /// The activation.
    pub activation_id: String,
    /// All its flags.
    pub activation_flags: Vec<String>,
}

fn id(request: &FlagsRequest) -> Result<&str, EngineStop> {
    match request.activation_id.as_deref() {
        None | Some("") => Err(ErrorCode::InvalidRequest.into()),
        Some(id) => Ok(id),
    }
}

/// The activation's flags.
pub fn list(_: &Engine, tx: &mut Tx<'_>, request: &FlagsRequest) -> Outcome<Flags> {
    let activation = find(tx, id(request)?)?;
    Ok(Ok(Flags {
        activation_id: activation.id,
        activation_flags: activation.flags,
    }))
}

/// Adds those not yet there; all in ascending order afterwards.
pub fn add(_: &Engine, tx: &mut Tx<'_>, request: &FlagsRequest) -> Outcome<Flags> {
    change(tx, request, labels::add)
}

/// Replaces all flags, in ascending order.
pub fn update(_: &Engine, tx: &mut Tx<'_>, request: &FlagsRequest) -> Outcome<Flags> {
    change(tx, request, |_, given| labels::sorted(given))
}

/// Removes those given.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, request: &FlagsRequest) -> Outcome<Flags> {
    change(tx, request, labels::remove)
}

fn change(
    tx: &mut Tx<'_>,
    request: &FlagsRequest,
    change: fn(&[String], &[String]) -> Vec<String>,
) -> Outcome<Flags> {
    let id = id(request)?;
    let given = labels::given(&request.activation_flags)?;
    let mut activation = find(tx, id)?;
    let flags = change(&activation.flags, given);
    set(tx, &mut activation, flags)?;
    Ok(Ok(Flags {
        activation_id: activation.id,
        activation_flags: activation.flags,
    }))
}

/// Writes the activation with these flags, unless it has them.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    activation: &mut Activation,
    flags: Vec<String>,
) -> Result<(), EngineStop> {
    if flags == activation.flags {
        return Ok(());
    }
    activation.flags = flags;
    let parameters = serde_json::json!({ "flags": activation.flags });
    save_and_note(tx, activation, "flags_changed", &parameters)
}
