//! How a delivery authenticates itself to the receiver (part 1, section 14.1).
//!
//! Requests carry passwords, answers only whether there are any, the record all of it, sealed.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::oauth2::{OAuth2, PublicOAuth2};
use crate::engine::json::{boolean, from_value};
use crate::engine::{Engine, EngineStop, ErrorCode, Place};
use crate::model::callback::{CALLBACKS, CallbackUrl};
use crate::store::{Corrupt, Fault, Tx};

/// Longest text, in characters.
const MAX_TEXT: usize = 1_000;

/// A password; erased when it is dropped, not shown when it is debugged.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Zeroizing::new(String::deserialize(deserializer)?)))
    }
}

impl Password {
    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// TLS client authentication.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CallbackCertificate")
)]
#[serde(default, rename_all = "camelCase")]
pub struct Certificate {
    /// Whether it is used.
    #[serde(deserialize_with = "boolean")]
    pub enabled: Option<bool>,
    /// Whether the key store below is used.
    #[serde(deserialize_with = "boolean")]
    pub use_custom_key_store: Option<bool>,
    /// Where the key store is.
    pub key_store_location: Option<String>,
    /// Its password.
    pub key_store_password: Option<Password>,
    /// The key inside.
    pub key_alias: Option<String>,
    /// Its password.
    pub key_password: Option<Password>,
    /// Whether the trust store below is used instead of the platform's.
    #[serde(deserialize_with = "boolean")]
    pub use_custom_trust_store: Option<bool>,
    /// Where the trust store is.
    pub trust_store_location: Option<String>,
    /// Its password.
    pub trust_store_password: Option<Password>,
}

/// HTTP Basic.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CallbackHttpBasic")
)]
#[serde(default, rename_all = "camelCase")]
pub struct HttpBasic {
    /// Whether it is used.
    #[serde(deserialize_with = "boolean")]
    pub enabled: Option<bool>,
    /// User name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<Password>,
}

/// Settings as a caller gives them and a worker needs them.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CallbackAuthentication")
)]
#[serde(default, rename_all = "camelCase")]
pub struct Authentication {
    /// TLS client authentication.
    pub certificate: Option<Certificate>,
    /// HTTP Basic.
    pub http_basic: Option<HttpBasic>,
    /// OAuth 2.0 client credentials.
    #[serde(rename = "oAuth2")]
    pub oauth2: Option<OAuth2>,
}

/// [`Certificate`] without passwords.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CallbackCertificateDetail")
)]
#[serde(rename_all = "camelCase")]
pub struct PublicCertificate {
    /// Whether it is used.
    pub enabled: bool,
    /// Whether the key store below is used.
    pub use_custom_key_store: bool,
    /// Where the key store is.
    pub key_store_location: Option<String>,
    /// Whether it has a password.
    pub key_store_password_set: bool,
    /// The key inside.
    pub key_alias: Option<String>,
    /// Whether it has a password.
    pub key_password_set: bool,
    /// Whether the trust store below is used instead of the platform's.
    pub use_custom_trust_store: bool,
    /// Where the trust store is.
    pub trust_store_location: Option<String>,
    /// Whether it has a password.
    pub trust_store_password_set: bool,
}

/// [`HttpBasic`] without password.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CallbackHttpBasicDetail")
)]
#[serde(rename_all = "camelCase")]
pub struct PublicHttpBasic {
    /// Whether it is used.
    pub enabled: bool,
    /// User name.
    pub username: Option<String>,
    /// Whether it has a password.
    pub password_set: bool,
}

/// [`Authentication`] without passwords.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "CallbackAuthenticationDetail")
)]
#[serde(rename_all = "camelCase")]
pub struct PublicAuthentication {
    /// TLS client authentication.
    pub certificate: PublicCertificate,
    /// HTTP Basic.
    pub http_basic: PublicHttpBasic,
    /// OAuth 2.0 client credentials; absent unless something of them was set.
    #[serde(rename = "oAuth2", skip_serializing_if = "Option::is_none")]
    pub oauth2: Option<PublicOAuth2>,
}

fn exposed(password: &Option<Password>) -> Option<&str> {
    password.as_ref().map(Password::expose)
}

fn is_set(password: &Option<Password>) -> bool {
    exposed(password).is_some_and(|password| !password.is_empty())
}

fn keep(password: &mut Option<Password>, stored: Option<Password>) {
    if password.is_none() {
        *password = stored;
    }
}

pub(crate) fn place(id: &str) -> Place<'_> {
    Place {
        collection: CALLBACKS,
        id,
        field: "authentication",
    }
}

impl Authentication {
    /// What answers show.
    pub(super) fn public(&self) -> PublicAuthentication {
        let certificate = self.certificate.clone().unwrap_or_default();
        let basic = self.http_basic.clone().unwrap_or_default();
        PublicAuthentication {
            certificate: PublicCertificate {
                enabled: certificate.enabled.unwrap_or(false),
                use_custom_key_store: certificate.use_custom_key_store.unwrap_or(false),
                key_store_location: certificate.key_store_location,
                key_store_password_set: is_set(&certificate.key_store_password),
                key_alias: certificate.key_alias,
                key_password_set: is_set(&certificate.key_password),
                use_custom_trust_store: certificate.use_custom_trust_store.unwrap_or(false),
                trust_store_location: certificate.trust_store_location,
                trust_store_password_set: is_set(&certificate.trust_store_password),
            },
            http_basic: PublicHttpBasic {
                enabled: basic.enabled.unwrap_or(false),
                username: basic.username,
                password_set: is_set(&basic.password),
            },
            oauth2: self.oauth2.as_ref().and_then(OAuth2::public),
        }
    }

    /// Keeps the stored passwords where none is given; an empty one replaces them.
    pub(super) fn keep_passwords(&mut self, stored: Self) {
        let old = stored.certificate.unwrap_or_default();
        let new = self.certificate.get_or_insert_default();
        keep(&mut new.key_store_password, old.key_store_password);
        keep(&mut new.key_password, old.key_password);
        keep(&mut new.trust_store_password, old.trust_store_password);
        let old = stored.http_basic.unwrap_or_default();
        keep(
            &mut self.http_basic.get_or_insert_default().password,
            old.password,
        );
        if let (Some(new), Some(old)) = (&mut self.oauth2, stored.oauth2) {
            new.keep_secret(old);
        }
    }

    /// ERR0024 for texts that nobody needs, and for OAuth 2.0 that is switched on and not complete.
    pub(crate) fn check(&self) -> Result<(), EngineStop> {
        let certificate = self.certificate.as_ref();
        let basic = self.http_basic.as_ref();
        let oauth2 = self.oauth2.as_ref();
        let texts = [
            certificate.and_then(|it| it.key_store_location.as_deref()),
            certificate.and_then(|it| it.key_alias.as_deref()),
            certificate.and_then(|it| it.trust_store_location.as_deref()),
            certificate.and_then(|it| exposed(&it.key_store_password)),
            certificate.and_then(|it| exposed(&it.key_password)),
            certificate.and_then(|it| exposed(&it.trust_store_password)),
            basic.and_then(|it| it.username.as_deref()),
            basic.and_then(|it| exposed(&it.password)),
            oauth2.and_then(|it| it.client_id.as_deref()),
            oauth2.and_then(|it| exposed(&it.client_secret)),
            oauth2.and_then(|it| it.scope.as_deref()),
            oauth2.and_then(|it| it.token_uri.as_deref()),
        ];
        if oauth2.is_some_and(|it| !it.is_usable()) {
            return Err(ErrorCode::InvalidRequest.into());
        }
        if texts
            .into_iter()
            .flatten()
            .any(|text| text.chars().count() > MAX_TEXT)
        {
            return Err(ErrorCode::InvalidRequest.into());
        }
        Ok(())
    }

    /// Seals the settings for the URL `id`.
    pub(super) fn seal(&self, engine: &Engine, tx: &mut Tx<'_>, id: &str) -> Result<Vec<u8>, EngineStop> {
        Ok(engine.keyring.seal(place(id), self.text().as_bytes(), tx)?)
    }

    /// All of it as JSON, as it is sealed.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let certificate = self.certificate.clone().unwrap_or_default();
        let basic = self.http_basic.clone().unwrap_or_default();
        let text = json!({
            "certificate": {
                "enabled": certificate.enabled,
                "useCustomKeyStore": certificate.use_custom_key_store,
                "keyStoreLocation": certificate.key_store_location,
                "keyStorePassword": exposed(&certificate.key_store_password),
                "keyAlias": certificate.key_alias,
                "keyPassword": exposed(&certificate.key_password),
                "useCustomTrustStore": certificate.use_custom_trust_store,
                "trustStoreLocation": certificate.trust_store_location,
                "trustStorePassword": exposed(&certificate.trust_store_password),
            },
            "httpBasic": {
                "enabled": basic.enabled,
                "username": basic.username,
                "password": exposed(&basic.password),
            },
            "oAuth2": self.oauth2.as_ref().map(|it| json!({
                "enabled": it.enabled,
                "clientId": it.client_id,
                "clientSecret": exposed(&it.client_secret),
                "tokenUri": it.token_uri,
                "scope": it.scope,
            })),
        });
        Zeroizing::new(text.to_string())
    }

    /// Opens what [`Self::seal`] made; nothing is sealed for none.
    pub(super) fn open(engine: &Engine, url: &CallbackUrl) -> Result<Self, EngineStop> {
        if url.authentication.is_empty() {
            return Ok(Self::default());
        }
        let text = engine.keyring.open(place(&url.id), &url.authentication)?;
        serde_json::from_slice(text.as_bytes())
            .and_then(from_value)
            .map_err(|_| Fault::from(Corrupt).into())
    }
}

/// What a request says about authentication.
#[derive(Clone, Debug, Default)]
pub enum Given {
    /// Nothing: disabled, but passwords stay.
    #[default]
    Absent,
    /// `null`: disabled, and passwords go.
    Null,
    /// Settings; as an object, or as its text, which the written reference has.
    Some(Box<Authentication>),
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("an object is expected");
        let settings = match Value::deserialize(deserializer)? {
            Value::Null => return Ok(Self::Null),
            Value::String(text) => serde_json::from_str(&text).map_err(|_| wrong())?,
            value => value,
        };
        let settings = from_value(settings).map_err(|_| wrong())?;
        Ok(Self::Some(Box::new(settings)))
    }
}
