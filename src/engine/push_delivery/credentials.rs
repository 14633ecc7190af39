//! Credentials at the platforms, which administrators set: looked at when they are stored, sealed, never shown.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::apns::ApnsKey;
use super::check::{Checked, Slot, refuse};
use super::fcm::ServiceAccount;
use crate::crypto::key::PrivateKey;
use crate::engine::application::{find, note};
use crate::engine::callback::authentication::Password;
use crate::engine::json::Moment;
use crate::engine::{Engine, EngineStop, Outcome, Place, required};
use crate::model::push::{Environment, Platform};
use crate::model::push_settings::{ApnsSettings, FcmSettings, PUSH_SETTINGS, PushSettings};
use crate::store::{Corrupt, Fault, Tx};

/// How a delivery authenticates itself.
#[derive(Clone)]
pub enum Credential {
    /// At Apple.
    Apns(ApnsKey),
    /// At Google.
    Fcm(ServiceAccount),
}

/// Request of [`set`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationId", "platform"])))]
#[serde(default, rename_all = "camelCase")]
pub struct SetCredentials {
    /// The application.
    pub application_id: Option<String>,
    /// `apns` or `fcm`.
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["apns", "fcm"])))]
    pub platform: Option<String>,
    /// For `apns`: `development` or `production`.
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["development", "production"])))]
    pub environment: Option<String>,
    /// For `apns`: the team, 10 letters and digits.
    pub team_id: Option<String>,
    /// For `apns`: name of the key, 10 letters and digits.
    pub key_id: Option<String>,
    /// For `apns`: bundle identifier of the app, 1 to 255 letters, digits, `.`, `-` and `_`.
    pub topic: Option<String>,
    /// For `apns`: the key as Apple gives it, a P-256 key as PKCS#8 in PEM.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    pub private_key: Option<Password>,
    /// For `fcm`: the file of the service account as Google gives it: a JSON object, or its text.
    pub service_account: Option<AccountFile>,
}

impl SetCredentials {
    /// Whether they can be stored, for an application that exists.
    pub fn is_usable(&self) -> bool {
        Checked::of(self).is_ok()
    }
}

/// The members of a service account's file that matter.
#[derive(Clone, Debug, Default)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "ServiceAccountFile")
)]
pub struct AccountFile {
    /// The project, 1 to 255 letters, digits, `-`, `.` and `:`.
    pub project_id: Option<String>,
    /// Name of the account.
    pub client_email: Option<String>,
    /// Where access tokens are asked for: an https URL.
    pub token_uri: Option<String>,
    /// Name of the key.
    pub private_key_id: Option<String>,
    /// An RSA key of 2,048 to 4,096 bits as PKCS#8 in PEM.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<String>"))]
    pub private_key: Option<Password>,
}

impl<'de> Deserialize<'de> for AccountFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct File {
            project_id: Option<String>,
            client_email: Option<String>,
            token_uri: Option<String>,
            private_key_id: Option<String>,
            private_key: Option<Password>,
        }
        // Nothing of the text in the error: it may be a part of the key.
        let wrong = || D::Error::custom("a service account is expected");
        let file = match Value::deserialize(deserializer)? {
            Value::String(text) => serde_json::from_str(&text).map_err(|_| wrong())?,
            value => serde_json::from_value::<File>(value).map_err(|_| wrong())?,
        };
        Ok(Self {
            project_id: file.project_id,
            client_email: file.client_email,
            token_uri: file.token_uri,
            private_key_id: file.private_key_id,
            private_key: file.private_key,
        })
    }
}

/// Which credentials.
#[derive(Clone, Debug, Default)]
pub struct WhichCredentials {
    /// The application.
    pub application_id: Option<String>,
    /// `apns` or `fcm`.
    pub platform: Option<String>,
    /// For `apns`: `development` or `production`.
    pub environment: Option<String>,
}

/// Credentials without secrets.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PushCredentials {
    /// `apns` or `fcm`.
    pub platform: &'static str,
    /// For `apns`: `development` or `production`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<&'static str>,
    /// For `apns`: the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    /// Name of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// For `apns`: bundle identifier of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// For `fcm`: the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// For `fcm`: name of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_email: Option<String>,
    /// For `fcm`: where access tokens are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_uri: Option<String>,
    /// When they were set.
    pub timestamp_set: Moment,
}

impl PushCredentials {
    fn of_apple(it: &ApnsSettings) -> Self {
        Self {
            platform: Platform::Apns.name(),
            environment: Some(it.environment.name()),
            team_id: Some(it.team.clone()),
            key_id: Some(it.key_id.clone()),
            topic: Some(it.topic.clone()),
            project_id: None,
            client_email: None,
            token_uri: None,
            timestamp_set: Moment::from_millis(it.set),
        }
    }

    fn of_google(it: &FcmSettings) -> Self {
        Self {
            platform: Platform::Fcm.name(),
            environment: None,
            team_id: None,
            key_id: it.key_id.clone(),
            topic: None,
            project_id: Some(it.project.clone()),
            client_email: Some(it.client_email.clone()),
            token_uri: Some(it.token_uri.clone()),
            timestamp_set: Moment::from_millis(it.set),
        }
    }
}

/// Place of Apple's key.
pub(in crate::engine) fn apns_place(application: &str, environment: Environment) -> Place<'_> {
    Place {
        collection: PUSH_SETTINGS,
        id: application,
        field: match environment {
            Environment::Development => "apns-development",
            Environment::Production => "apns-production",
        },
    }
}

/// Place of Google's key.
pub(in crate::engine) fn fcm_place(application: &str) -> Place<'_> {
    Place {
        collection: PUSH_SETTINGS,
        id: application,
        field: "fcm",
    }
}

/// Sets credentials of an application, in place of those for the same platform and environment. ERR0024 with the attribute
/// that does not fit, ERR0015 for an unknown application. `caller` is who the journal names.
pub fn set(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &SetCredentials,
    caller: Option<&str>,
) -> Outcome<PushCredentials> {
    let id = required(&request.application_id)?;
    let checked = Checked::of(request)?;
    tx.want::<PushSettings>(id);
    engine.keyring.announce(tx);
    let mut application = find(tx, id)?;
    let mut settings = settings(tx, id)?;
    let shown = match checked {
        Checked::Apple {
            environment,
            names: [team, key_id, topic],
            key,
        } => {
            let new = ApnsSettings {
                environment,
                team: team.to_owned(),
                key_id: key_id.to_owned(),
                topic: topic.to_owned(),
                private: engine
                    .keyring
                    .seal(apns_place(id, environment), key.as_bytes(), tx)?,
                set: tx.now(),
            };
            let shown = PushCredentials::of_apple(&new);
            settings.apns.retain(|it| it.environment != environment);
            settings.apns.push(new);
            shown
        }
        Checked::Google {
            names: [project, email, uri],
            key_id,
            key,
        } => {
            let new = FcmSettings {
                project: project.to_owned(),
                client_email: email.to_owned(),
                token_uri: uri.to_owned(),
                key_id: key_id.map(str::to_owned),
                private: engine.keyring.seal(fcm_place(id), key.as_bytes(), tx)?,
                set: tx.now(),
            };
            let shown = PushCredentials::of_google(&new);
            settings.fcm = Some(new);
            shown
        }
    };
    let parameters = json!({
        "platform": shown.platform, "environment": shown.environment, "teamId": shown.team_id, "keyId": shown.key_id,
        "topic": shown.topic, "projectId": shown.project_id, "clientEmail": shown.client_email,
        "tokenUri": shown.token_uri, "by": caller,
    });
    note(tx, &mut application, "push_credentials_set", &parameters)?;
    tx.put(&application);
    tx.put(&settings);
    Ok(Ok(shown))
}

/// The credentials of an application, without secrets; ERR0015 for an unknown one.
pub fn list(_: &Engine, tx: &mut Tx<'_>, application: &Option<String>) -> Outcome<Vec<PushCredentials>> {
    let id = required(application)?;
    tx.want::<PushSettings>(id);
    find(tx, id)?;
    let settings = settings(tx, id)?;
    let apple = settings.apns.iter().map(PushCredentials::of_apple);
    Ok(Ok(apple
        .chain(settings.fcm.iter().map(PushCredentials::of_google))
        .collect()))
}

/// Removes credentials; messages wait until there are others. ERR0024 when there are none, ERR0015 for an unknown
/// application.
pub fn remove(_: &Engine, tx: &mut Tx<'_>, which: &WhichCredentials, caller: Option<&str>) -> Outcome<()> {
    let id = required(&which.application_id)?;
    let slot = Slot::of(&which.platform, &which.environment)?;
    tx.want::<PushSettings>(id);
    let mut application = find(tx, id)?;
    let mut settings = settings(tx, id)?;
    let before = settings.clone();
    match slot {
        Slot::Apns(environment) => settings.apns.retain(|it| it.environment != environment),
        Slot::Fcm => settings.fcm = None,
    }
    if settings == before {
        return Err(refuse("There are no such credentials."));
    }
    let parameters = json!({ "credentials": slot.name(), "by": caller });
    note(tx, &mut application, "push_credentials_removed", &parameters)?;
    tx.put(&application);
    tx.put(&settings);
    Ok(Ok(()))
}

fn settings(tx: &mut Tx<'_>, application: &str) -> Result<PushSettings, EngineStop> {
    let known = tx.get::<PushSettings>(application)?;
    Ok(known.unwrap_or_else(|| PushSettings {
        application: application.to_owned(),
        ..PushSettings::default()
    }))
}

/// The credentials for a device, opened; none when there are none.
pub(super) fn open(
    engine: &Engine,
    settings: &PushSettings,
    platform: Platform,
    environment: Option<Environment>,
) -> Result<Option<Credential>, EngineStop> {
    let application = &settings.application;
    let opened = |place, sealed: &[u8]| engine.keyring.open(place, sealed);
    match platform {
        Platform::Apns => {
            let Some(it) = settings.apns_for(environment) else {
                return Ok(None);
            };
            let scalar = opened(apns_place(application, it.environment), &it.private)?;
            let private = PrivateKey::from_bytes(scalar.as_bytes()).map_err(|_| Fault::from(Corrupt))?;
            Ok(Some(Credential::Apns(ApnsKey {
                environment: it.environment,
                team: it.team.clone(),
                key_id: it.key_id.clone(),
                topic: it.topic.clone(),
                private,
            })))
        }
        Platform::Fcm => {
            let Some(it) = &settings.fcm else {
                return Ok(None);
            };
            Ok(Some(Credential::Fcm(ServiceAccount {
                project: it.project.clone(),
                client_email: it.client_email.clone(),
                token_uri: it.token_uri.clone(),
                key_id: it.key_id.clone(),
                private: opened(fcm_place(application), &it.private)?,
            })))
        }
        Platform::Hms => Ok(None),
    }
}
