//! Status, token, proof of the factors, removal.

use countersign::client::{Authentication, BiometryKey, Call, POSSESSION_UNIVERSAL, Pin};

use crate::failure::Failure;
use crate::http::{self, SystemRandom};
use crate::options::{Factor, Options, Report, WithFactor};
use crate::store::Phone;

/// The factors of a command, with what they need.
pub(crate) struct Factors {
    factor: Factor,
    pin: Option<Pin>,
    biometry: BiometryKey,
}

impl Factors {
    pub(crate) fn of(with: &WithFactor, phone: &Phone<'_>) -> Result<Self, Failure> {
        let pin = match with.factor {
            Factor::Pin => Some(with.pin.read()?),
            Factor::Possession | Factor::Biometry => None,
        };
        Ok(Self {
            factor: with.factor,
            pin,
            biometry: phone.biometry(),
        })
    }

    pub(crate) fn authentication(&self) -> Authentication<'_> {
        match (&self.pin, self.factor) {
            (Some(pin), _) => Authentication::PossessionKnowledge(pin),
            (None, Factor::Biometry) => Authentication::PossessionBiometry(&self.biometry),
            (None, _) => Authentication::Possession,
        }
    }
}

pub(crate) fn show(options: &Options) -> Result<Report, Failure> {
    let phone = Phone::load(&options.state)?;
    let tokens: Vec<String> = phone.device.token_names().map(str::to_owned).collect();
    Ok(Report::new()
        .with("activationId", phone.device.activation_id())
        .with("fingerprint", phone.device.fingerprint())
        .with("server", phone.url.as_str())
        .with("tokens", tokens))
}

pub(crate) fn status(options: &Options) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    let Call { request, pending } = phone.device.request_status(&mut SystemRandom)?;
    let reply = http::send(&phone.url, &request)?;
    let status = pending.read(&mut phone.device, reply.status, &reply.body)?;
    // The answer may have moved the counter to where the server is.
    phone.save()?;
    Ok(Report::new()
        .with("activationId", phone.device.activation_id())
        .with("status", format!("{:?}", status.status))
        .with("failedAttempts", status.failed_attempts)
        .with("remainingAttempts", status.remaining_attempts())
        .with("counter", format!("{:?}", status.counter)))
}

pub(crate) fn token(options: &Options, with: &WithFactor) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    phone.refresh_temporary_key()?;
    let factors = Factors::of(with, &phone)?;
    let call = phone.device.create_token(
        POSSESSION_UNIVERSAL,
        &factors.authentication(),
        http::now(),
        &mut SystemRandom,
    )?;
    let (pending, reply) = phone.send(call)?;
    pending.read(&mut phone.device, reply.status, &reply.body)?;
    phone.save()?;
    Ok(Report::new()
        .with("token", POSSESSION_UNIVERSAL)
        .with("created", true))
}

pub(crate) fn sign(options: &Options, with: &WithFactor) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    let factors = Factors::of(with, &phone)?;
    let call = phone
        .device
        .validate_signature(&factors.authentication(), &mut SystemRandom)?;
    let (pending, reply) = phone.send(call)?;
    pending.read(reply.status, &reply.body)?;
    Ok(Report::new().with("signatureValid", true))
}

pub(crate) fn remove(options: &Options, with: &WithFactor) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    let factors = Factors::of(with, &phone)?;
    let call = phone
        .device
        .remove_activation(&factors.authentication(), &mut SystemRandom)?;
    let (pending, reply) = phone.send(call)?;
    pending.read(reply.status, &reply.body)?;
    Ok(Report::new()
        .with("activationId", phone.device.activation_id())
        .with("removed", true))
}
