//! The factors of one command: which, and where the PIN comes from.

use crate::cli::{Factor, FactorArgs, PinArgs};
use crate::failure::{Failure, Outcome};
use countersign::client::{Authentication, BiometryKey, Pin, RequestError};

/// Takes the PIN from the arguments or the environment, or asks for it.
pub(crate) fn pin(arguments: &PinArgs, prompt: &str) -> Outcome<Pin> {
    let typed = match &arguments.pin {
        Some(pin) => pin.clone(),
        None => rpassword::prompt_password(prompt)
            .map_err(|_| Failure::usage("no PIN: give --pin, COUNTERSIGN_PIN, or a terminal to ask on"))?,
    };
    Ok(Pin::new(&typed)?)
}

/// The factors a command signs with, kept while it does.
pub(crate) enum Factors {
    Possession,
    Pin(Pin),
    Biometry(BiometryKey),
}

impl Factors {
    /// Collects what `factor` demands; `default` stands where the user did not choose.
    pub(crate) fn collect(
        arguments: &FactorArgs,
        default: Factor,
        biometry: Option<BiometryKey>,
    ) -> Outcome<Self> {
        Ok(match arguments.factor.unwrap_or(default) {
            Factor::Possession => Self::Possession,
            Factor::Pin => Self::Pin(pin(&arguments.pin, "PIN: ")?),
            Factor::Biometry => Self::Biometry(biometry.ok_or(RequestError::NoBiometry)?),
        })
    }

    pub(crate) const fn authentication(&self) -> Authentication<'_> {
        match self {
            Self::Possession => Authentication::Possession,
            Self::Pin(pin) => Authentication::PossessionKnowledge(pin),
            Self::Biometry(key) => Authentication::PossessionBiometry(key),
        }
    }
}
