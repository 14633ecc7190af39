//! Registration of devices for push messages (mobile API specification, 7.1 and 9.1). Sending is in [`super::push_delivery`].

use serde_json::json;

use super::{EngineStop, ErrorCode, digest, journal};
use crate::model::activation::Activation;
use crate::model::journal::Subject;
use crate::model::push::{Environment, Platform, PushDevice};
use crate::model::replay::Claim;
use crate::store::Tx;

/// Longest push token, in characters.
const MAX_TOKEN: usize = 1_024;

/// What a phone registers.
#[derive(Clone, Copy)]
pub(crate) struct Registration<'a> {
    pub(crate) platform: Platform,
    pub(crate) environment: Option<Environment>,
    pub(crate) token: &'a str,
}

impl Registration<'_> {
    /// Whether the token can be one, and the environment belongs to the platform.
    pub(crate) fn is_valid(&self) -> bool {
        !self.token.trim().is_empty()
            && self.token.chars().count() <= MAX_TOKEN
            && !self.token.chars().any(char::is_control)
            && (self.environment.is_none() || self.platform == Platform::Apns)
    }
}

/// Registers the device of an activation. An earlier token of it is forgotten; a token that another activation of the
/// application had is taken from that one, whose messages must not come here any more.
pub(crate) fn register(
    tx: &mut Tx<'_>,
    activation: &Activation,
    registration: Registration<'_>,
) -> Result<(), EngineStop> {
    if !registration.is_valid() {
        return Err(ErrorCode::InvalidRequest.into());
    }
    let name = claim(&activation.application, registration.token);
    tx.want::<Claim>(&name);
    let known = tx.get::<PushDevice>(&activation.id)?;
    let holder = tx.get::<Claim>(&name)?.and_then(|it| it.target);
    if let Some(other) = holder.filter(|id| *id != activation.id)
        && let Some(mut device) = tx.get::<PushDevice>(&other)?
        && device.token.as_deref() == Some(registration.token)
    {
        device.token = None;
        tx.put(&device);
        note(tx, &other, "push_device_taken")?;
    }
    let device = PushDevice {
        activation: activation.id.clone(),
        application: activation.application.clone(),
        user: activation.user.clone(),
        platform: registration.platform,
        environment: registration.environment,
        token: Some(registration.token.to_owned()),
        registered: tx.now(),
    };
    // Apps register at every start; only a change is worth an entry.
    let same = |known: &PushDevice| {
        (known.platform, known.environment, &known.token)
            == (device.platform, device.environment, &device.token)
    };
    if !known.as_ref().is_some_and(same) {
        note(tx, &activation.id, "push_device_registered")?;
    }
    tx.put(&device);
    if let Some(old) = known
        .and_then(|it| it.token)
        .filter(|old| old != registration.token)
    {
        let old = claim(&activation.application, &old);
        let held = tx.get::<Claim>(&old)?.and_then(|it| it.target);
        if held.as_ref() == Some(&activation.id) {
            tx.put(&Claim {
                name: old,
                target: None,
            });
        }
    }
    tx.put(&Claim {
        name,
        target: Some(activation.id.clone()),
    });
    Ok(())
}

/// Forgets the registration of an activation whose platform does not know `token` any more, since the moment `since` where
/// it says that. Answers false when the device has registered again: with another token, or later than that.
pub(crate) fn forget(
    tx: &mut Tx<'_>,
    activation: &str,
    token: &str,
    since: Option<u64>,
) -> Result<bool, EngineStop> {
    let Some(mut device) = tx.get::<PushDevice>(activation)? else {
        return Ok(true);
    };
    let later = since.is_some_and(|since| device.registered > since);
    match device.token.as_deref() {
        None => return Ok(true),
        Some(known) if known != token || later => return Ok(false),
        Some(_) => {}
    }
    let name = claim(&device.application, token);
    device.token = None;
    tx.put(&device);
    let held = tx.get::<Claim>(&name)?.and_then(|it| it.target);
    if held.as_deref() == Some(activation) {
        tx.put(&Claim { name, target: None });
    }
    note(tx, activation, "push_device_unregistered")?;
    Ok(true)
}

/// An entry in the journal of an activation. The record is read anew: a signature has just changed it.
fn note(tx: &mut Tx<'_>, id: &str, kind: &str) -> Result<(), EngineStop> {
    if let Some(mut activation) = tx.get::<Activation>(id)? {
        let subject = Subject::Activation(activation.id.clone());
        let user = Some(activation.user.clone());
        journal::note(tx, subject, &mut activation.journal, kind, user, &json!({}))?;
        tx.put(&activation);
    }
    Ok(())
}

/// Name of the claim on a token. Tokens may be longer than keys.
fn claim(application: &str, token: &str) -> String {
    Claim::push_token(&digest(&[application, token]))
}
