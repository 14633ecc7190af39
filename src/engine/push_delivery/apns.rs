//! Apple's service: HTTP/2 requests with a token that we sign (ES256), and what the answers mean.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{MAX_PAYLOAD, PushDelivery, PushOutcome, Verdict, known};
use crate::crypto::backend::Backend;
use crate::crypto::jwt::sign_es256;
use crate::crypto::key::{KeyError, PrivateKey};
use crate::crypto::symmetric::sha256;
use crate::model::push::Environment;

/// After so long a provider token has to be a new one, in milliseconds: Apple takes none that is older than an hour.
pub const RENEW_AFTER: u64 = 50 * 60_000;
/// Apple refuses new provider tokens that come more often, in milliseconds.
pub const RENEW_NO_SOONER: u64 = 20 * 60_000;

/// A signing key of a team.
#[derive(Clone)]
pub struct ApnsKey {
    /// Which service.
    pub environment: Environment,
    /// The team, 10 letters and digits.
    pub team: String,
    /// The key's name, 10 letters and digits.
    pub key_id: String,
    /// Bundle identifier of the app.
    pub topic: String,
    /// The key; a secret.
    pub private: PrivateKey,
}

/// A POST for a host to send, over HTTP/2.
pub struct ApnsRequest {
    /// Path, with the device's token: it does not belong in logs.
    pub path: String,
    /// Names in lower case, and values; without `authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

impl ApnsKey {
    /// A provider token of this moment (`now` in milliseconds since the epoch): the value of the header `authorization`, a
    /// secret. It is to be kept and used again until [`RENEW_AFTER`].
    ///
    /// # Errors
    /// When the backend fails.
    pub fn provider_token(&self, backend: &dyn Backend, now: u64) -> Result<Zeroizing<String>, KeyError> {
        let header = json!({ "alg": "ES256", "kid": self.key_id }).to_string();
        let claims = json!({ "iss": self.team, "iat": now / 1_000 }).to_string();
        let key = backend.import_private(&self.private)?;
        let token = Zeroizing::new(sign_es256(&header, &claims, &*key)?);
        Ok(Zeroizing::new(format!("bearer {}", *token)))
    }

    /// Names this key, without telling it: a provider token is good for equal ones.
    pub fn fingerprint(&self) -> [u8; 32] {
        let (team, key_id) = (self.team.as_bytes(), self.key_id.as_bytes());
        sha256(&[team, b"\0", key_id, b"\0", self.private.as_bytes()])
    }
}

/// The request of a delivery; the outcome when it needs none.
///
/// # Errors
/// [`PushOutcome::TokenInvalid`] for a token that cannot be one of Apple's, [`PushOutcome::Refused`] for a payload that is
/// too long.
pub fn request(delivery: &PushDelivery, topic: &str) -> Result<ApnsRequest, PushOutcome> {
    let token = &delivery.token;
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(PushOutcome::TokenInvalid { since: None });
    }
    let body = payload(delivery);
    if body.len() > MAX_PAYLOAD {
        return Err(PushOutcome::Refused("the payload is too long"));
    }
    // Background messages at high priority are refused.
    let (kind, priority) = match delivery.content.silent {
        true => ("background", "5"),
        false => ("alert", "10"),
    };
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("apns-topic", topic.to_owned()),
        ("apns-push-type", kind.to_owned()),
        ("apns-priority", priority.to_owned()),
        ("apns-expiration", (delivery.valid_until / 1_000).to_string()),
        ("apns-id", delivery.message.clone()),
        ("apns-collapse-id", delivery.message.clone()),
    ];
    Ok(ApnsRequest {
        path: format!("/3/device/{token}"),
        headers,
        body,
    })
}

fn payload(delivery: &PushDelivery) -> String {
    let content = &delivery.content;
    let aps = match content.silent {
        true => json!({ "content-available": 1 }),
        false => {
            let mut alert = Map::new();
            for (name, text) in [("title", &content.title), ("body", &content.message)] {
                if let Some(text) = text {
                    alert.insert(name.to_owned(), json!(text));
                }
            }
            json!({ "alert": alert, "sound": content.sound.as_deref().unwrap_or("default") })
        }
    };
    let mut payload = Map::new();
    payload.insert("aps".to_owned(), aps);
    let extras = content.extras().into_iter();
    payload.extend(extras.filter(|(name, value)| name != "aps" && !value.is_null()));
    Value::Object(payload).to_string()
}

/// Reasons that are about the credentials or the topic, so that every message of the application meets them.
const CREDENTIALS: &[&str] = &[
    "BadCertificate",
    "BadCertificateEnvironment",
    "BadEnvironmentKeyIdInToken",
    "BadTopic",
    "Forbidden",
    "InvalidProviderToken",
    "MissingProviderToken",
    "MissingTopic",
    "TopicDisallowed",
    "UnrelatedKeyIdInToken",
];
/// Reasons that are about one message.
const MESSAGE: &[&str] = &[
    "BadCollapseId",
    "BadExpirationDate",
    "BadMessageId",
    "BadPath",
    "BadPriority",
    "DeviceTokenNotForTopic",
    "DuplicateHeaders",
    "InvalidPushType",
    "MethodNotAllowed",
    "MissingDeviceToken",
    "PayloadEmpty",
    "PayloadTooLarge",
];

/// What an answer means; `after` are the milliseconds of its `Retry-After`.
pub fn verdict(status: u16, after: Option<u64>, body: &[u8]) -> Verdict {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Answer {
        reason: Option<String>,
        timestamp: Option<u64>,
    }
    let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
    let reason = answer.reason.as_deref();
    let later = |all, why| PushOutcome::Later { after, all, why };
    let outcome = match (status, reason) {
        (200, _) => PushOutcome::Delivered,
        (400, Some("BadDeviceToken")) => PushOutcome::TokenInvalid { since: None },
        (400, Some("IdleTimeout")) => later(true, "IdleTimeout"),
        (403, Some("ExpiredProviderToken")) => return Verdict::RenewToken("ExpiredProviderToken"),
        (410, _) => PushOutcome::TokenInvalid {
            since: answer.timestamp,
        },
        (429, Some("TooManyProviderTokenUpdates")) => PushOutcome::Later {
            after: Some(after.unwrap_or(0).max(RENEW_NO_SOONER)),
            all: true,
            why: "TooManyProviderTokenUpdates",
        },
        // Too many for this device.
        (429, _) => later(false, "TooManyRequests"),
        (500..=599, _) => later(
            true,
            known(
                &["InternalServerError", "ServiceUnavailable", "Shutdown"],
                reason,
                "5xx",
            ),
        ),
        (403, _) => PushOutcome::CredentialsRefused(known(CREDENTIALS, reason, "403")),
        (400..=499, Some(found)) if CREDENTIALS.contains(&found) => {
            PushOutcome::CredentialsRefused(known(CREDENTIALS, reason, "4xx"))
        }
        (400..=499, _) => PushOutcome::Refused(known(MESSAGE, reason, "4xx")),
        // Nothing that Apple says.
        _ => later(true, "an odd status"),
    };
    Verdict::Outcome(outcome)
}
