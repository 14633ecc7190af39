//! Whether credentials can be any, before they are stored.

use super::credentials::{AccountFile, SetCredentials};
use super::key;
use crate::crypto::key::PrivateKey;
use crate::crypto::secret::SecretVec;
use crate::engine::callback::authentication::Password;
use crate::engine::callback::target::Target;
use crate::engine::{EngineStop, Error, ErrorCode, MAX_TEXT, required};
use crate::model::push::Environment;

/// Letters and digits of Apple's names of teams and keys.
const APPLE_NAME: usize = 10;

pub(super) fn refuse(text: &'static str) -> EngineStop {
    Error::with_detail(ErrorCode::InvalidRequest, text).into()
}

/// Whose credentials are meant.
pub(super) enum Slot {
    Apns(Environment),
    Fcm,
}

impl Slot {
    pub(super) fn of(platform: &Option<String>, environment: &Option<String>) -> Result<Self, EngineStop> {
        match (platform.as_deref(), environment.as_deref()) {
            (Some("apns"), Some("development")) => Ok(Self::Apns(Environment::Development)),
            (Some("apns"), Some("production")) => Ok(Self::Apns(Environment::Production)),
            (Some("apns"), _) => Err(refuse("environment must be development or production.")),
            (Some("fcm"), None) => Ok(Self::Fcm),
            (Some("fcm"), Some(_)) => Err(refuse("environment is for apns only.")),
            _ => Err(refuse("platform must be apns or fcm.")),
        }
    }

    /// For the journal.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Apns(environment) => format!("apns {}", environment.name()),
            Self::Fcm => "fcm".to_owned(),
        }
    }
}

/// Credentials that can be any.
pub(super) enum Checked<'a> {
    Apple {
        environment: Environment,
        /// Team, key and topic.
        names: [&'a str; 3],
        key: PrivateKey,
    },
    Google {
        /// Project, account and token endpoint.
        names: [&'a str; 3],
        key_id: Option<&'a str>,
        /// PKCS#8 in DER.
        key: SecretVec,
    },
}

impl<'a> Checked<'a> {
    /// ERR0024 with the attribute that does not fit.
    pub(super) fn of(request: &'a SetCredentials) -> Result<Self, EngineStop> {
        match Slot::of(&request.platform, &request.environment)? {
            Slot::Apns(environment) => apple(request, environment),
            Slot::Fcm => google(required(&request.service_account)?),
        }
    }
}

/// A text of 1 to 255 ASCII letters, digits and others that are allowed.
fn plain<'a>(given: &'a Option<String>, also: &[u8], text: &'static str) -> Result<&'a str, EngineStop> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || also.contains(&byte);
    let fits = |it: &&str| (1..=MAX_TEXT).contains(&it.len()) && it.bytes().all(allowed);
    given.as_deref().filter(fits).ok_or_else(|| refuse(text))
}

fn apple_name<'a>(given: &'a Option<String>, text: &'static str) -> Result<&'a str, EngineStop> {
    let name = plain(given, b"", text)?;
    match name.len() {
        APPLE_NAME => Ok(name),
        _ => Err(refuse(text)),
    }
}

fn apple(request: &SetCredentials, environment: Environment) -> Result<Checked<'_>, EngineStop> {
    let names = [
        apple_name(&request.team_id, "teamId must have 10 letters and digits.")?,
        apple_name(&request.key_id, "keyId must have 10 letters and digits.")?,
        plain(
            &request.topic,
            b".-_",
            "topic must be the bundle identifier of the app.",
        )?,
    ];
    let pem = request.private_key.as_ref().map_or("", Password::expose);
    let key = key::p256(pem).ok_or_else(|| refuse("privateKey must be a P-256 key: PKCS#8 in PEM."))?;
    Ok(Checked::Apple {
        environment,
        names,
        key,
    })
}

fn google(file: &AccountFile) -> Result<Checked<'_>, EngineStop> {
    let project = plain(
        &file.project_id,
        b"-.:",
        "serviceAccount: project_id is missing, or none.",
    )?;
    let printable =
        |it: &&str| (1..=MAX_TEXT).contains(&it.len()) && it.bytes().all(|c| c.is_ascii_graphic());
    let email = file.client_email.as_deref().filter(printable);
    let email = email
        .filter(|it| it.contains('@'))
        .ok_or_else(|| refuse("serviceAccount: client_email is missing, or none."))?;
    let is_https = |it: &&str| Target::parse(it).is_some_and(|it| it.secure);
    let uri = file.token_uri.as_deref().filter(is_https);
    let uri = uri.ok_or_else(|| refuse("serviceAccount: token_uri must be an https URL."))?;
    let key_id = file.private_key_id.as_deref();
    if key_id.is_some_and(|it| !printable(&it)) {
        return Err(refuse("serviceAccount: private_key_id is none."));
    }
    let pem = file.private_key.as_ref().map_or("", Password::expose);
    let key = key::rsa(pem).ok_or_else(|| {
        refuse("serviceAccount: private_key must be an RSA key of 2048 to 4096 bits: PKCS#8 in PEM.")
    })?;
    Ok(Checked::Google {
        names: [project, email, uri],
        key_id,
        key,
    })
}
