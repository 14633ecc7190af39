//! Registration of devices for push messages (mobile API specification, 7.1 and 9.1). Sending is not here.

use super::{EngineStop, ErrorCode};
use crate::crypto::symmetric::sha256;
use crate::model::activation::Activation;
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
    }
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
    tx.put(&PushDevice {
        activation: activation.id.clone(),
        application: activation.application.clone(),
        user: activation.user.clone(),
        platform: registration.platform,
        environment: registration.environment,
        token: Some(registration.token.to_owned()),
        registered: tx.now(),
    });
    Ok(())
}

/// Name of the claim on a token. Tokens may be longer than keys.
fn claim(application: &str, token: &str) -> String {
    let digest = sha256(&[application.as_bytes(), &[0], token.as_bytes()]);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Claim::push_token(&digest)
}
