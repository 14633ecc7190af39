//! Activation spawn: an app that is activated gets an activation code for a sibling app of the same user (mobile API
//! specification, 7.3).

use super::activation::init::{InitActivation, InitializedActivation, init};
use super::{Engine, ErrorCode, Outcome};
use crate::model::activation::{Activation, OtpValidation};
use crate::store::Tx;

/// Which app may activate which other one. Without rules nothing is spawned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpawnRule {
    /// Application of the app that asks.
    pub from: String,
    /// What it asks for.
    pub requested: String,
    /// Application of the new activation.
    pub application: String,
    /// Flags of the new activation.
    pub flags: Vec<String>,
}

/// Shortest one-time password of a spawned activation, in characters.
pub(crate) const SHORTEST_OTP: usize = 16;

/// A code for the sibling app; ERR0040 when no rule allows it.
pub(crate) fn spawn(
    engine: &Engine,
    tx: &mut Tx<'_>,
    activation: &Activation,
    requested: &str,
    otp: &str,
) -> Outcome<InitializedActivation> {
    let rules = engine.config.activation_spawn.iter();
    let rule = rules
        .filter(|it| it.from == activation.application)
        .find(|it| it.requested == requested)
        .ok_or(ErrorCode::ActivationCreateFailure)?;
    let request = InitActivation {
        user_id: Some(activation.user.clone()),
        application_id: Some(rule.application.clone()),
        activation_otp_validation: Some(OtpValidation::OnKeyExchange),
        activation_otp: Some(otp.to_owned()),
        flags: Some(rule.flags.clone()),
        ..InitActivation::default()
    };
    init(engine, tx, &request)
}
