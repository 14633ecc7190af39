//! Google's service (FCM, version 1 of its HTTP interface): requests with an access token that a service account gets
//! (RFC 7523, RS256), and what the answers mean.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{MAX_PAYLOAD, PushDelivery, PushOutcome, Verdict, known};
use crate::crypto::encoding::base64url;
use crate::crypto::query::form_encode;
use crate::crypto::secret::SecretVec;
use crate::crypto::symmetric::sha256;
use crate::engine::callback::request::{Request, USER_AGENT};
use crate::engine::callback::target::Target;

/// What the access token is for.
const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Seconds that an assertion is good for.
const ASSERTION_LIFE: u64 = 3_600;
/// Longest time that a device may be away and still get a message, in seconds.
const LONGEST_TTL: u64 = 2_419_200;

/// A service account.
#[derive(Clone)]
pub struct ServiceAccount {
    /// The project.
    pub project: String,
    /// Name of the account.
    pub client_email: String,
    /// Where access tokens are asked for: an https URL.
    pub token_uri: String,
    /// Name of the key.
    pub key_id: Option<String>,
    /// PKCS#8 of the RSA key, in DER.
    pub private: SecretVec,
}

/// A POST for a host to send.
pub struct FcmRequest {
    /// Path.
    pub path: String,
    /// JSON, with the device's token: it does not belong in logs.
    pub body: String,
}

impl ServiceAccount {
    /// What is to be signed with RSASSA-PKCS1-v1_5 and SHA-256 at this moment (`now` in milliseconds since the epoch).
    pub fn to_sign(&self, now: u64) -> String {
        let issued = now / 1_000;
        let mut header = json!({ "alg": "RS256", "typ": "JWT" });
        if let (Some(header), Some(id)) = (header.as_object_mut(), &self.key_id) {
            header.insert("kid".to_owned(), json!(id));
        }
        let claims = json!({
            "iss": self.client_email,
            "scope": SCOPE,
            "aud": self.token_uri,
            "iat": issued,
            "exp": issued.saturating_add(ASSERTION_LIFE),
        });
        let part = |value: Value| base64url::encode(value.to_string().as_bytes());
        format!("{}.{}", part(header), part(claims))
    }

    /// The request for an access token, from what was signed and its signature; its answer is one for
    /// [`AccessToken::read`](crate::engine::callback::oauth2::AccessToken::read). None when the stored URL cannot be one.
    pub fn token_request(&self, signed: &str, signature: &[u8]) -> Option<Request<'_>> {
        let target = Target::parse(&self.token_uri).filter(|target| target.secure)?;
        let plain = |text: &str| Zeroizing::new(text.to_owned());
        let assertion = format!("{signed}.{}", base64url::encode(signature));
        let body = format!(
            "grant_type={}&assertion={assertion}",
            form_encode(GRANT.as_bytes())
        );
        Some(Request {
            path: target.path(),
            headers: vec![
                ("host", plain(target.authority)),
                ("content-type", plain("application/x-www-form-urlencoded")),
                ("accept", plain("application/json")),
                ("user-agent", plain(USER_AGENT)),
            ],
            target,
            body: Cow::Owned(body),
            certificate: None,
        })
    }

    /// Names this account, key included, without telling it: an access token is good for equal ones.
    pub fn fingerprint(&self) -> [u8; 32] {
        let (email, uri) = (self.client_email.as_bytes(), self.token_uri.as_bytes());
        sha256(&[email, b"\0", uri, b"\0", self.private.as_bytes()])
    }
}

/// The request of a delivery at this moment (`now` in milliseconds since the epoch).
///
/// # Errors
/// [`PushOutcome::Refused`] for a payload that is too long.
pub fn request(delivery: &PushDelivery, project: &str, now: u64) -> Result<FcmRequest, PushOutcome> {
    let content = &delivery.content;
    let mut data = Map::new();
    for (name, value) in content.extras() {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            other => other.to_string(),
        };
        data.insert(name, Value::String(text));
    }
    // A repetition is recognised by the app, where it shows the message itself.
    data.entry("messageId").or_insert_with(|| json!(delivery.message));
    let ttl = (delivery.valid_until.saturating_sub(now) / 1_000).min(LONGEST_TTL);
    let mut android = json!({
        "priority": if content.silent { "NORMAL" } else { "HIGH" },
        "ttl": format!("{ttl}s"),
    });
    let mut message = json!({ "token": delivery.token, "data": data });
    let mut payload = message.get("data").map_or(0, |it| it.to_string().len());
    if !content.silent {
        let shown = json!({ "title": content.title, "body": content.message });
        let how = json!({
            "sound": content.sound.as_deref().unwrap_or("default"),
            "tag": delivery.message,
            "notification_priority": "PRIORITY_HIGH",
        });
        payload += shown.to_string().len() + how.to_string().len();
        if let (Some(message), Some(android)) = (message.as_object_mut(), android.as_object_mut()) {
            message.insert("notification".to_owned(), shown);
            android.insert("notification".to_owned(), how);
        }
    }
    if payload > MAX_PAYLOAD {
        return Err(PushOutcome::Refused("the payload is too long"));
    }
    if let Some(message) = message.as_object_mut() {
        message.insert("android".to_owned(), android);
    }
    Ok(FcmRequest {
        path: format!("/v1/projects/{project}/messages:send"),
        body: json!({ "message": message }).to_string(),
    })
}

/// Codes of Google's that are about one message.
const MESSAGE: &[&str] = &[
    "INVALID_ARGUMENT",
    "SENDER_ID_MISMATCH",
    "NOT_FOUND",
    "FAILED_PRECONDITION",
];
/// Those that are about the credentials or the project.
const CREDENTIALS: &[&str] = &["PERMISSION_DENIED", "THIRD_PARTY_AUTH_ERROR", "UNAUTHENTICATED"];
/// Those that pass.
const TROUBLE: &[&str] = &["INTERNAL", "QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED", "UNAVAILABLE"];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    error: Trouble,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Trouble {
    status: Option<String>,
    details: Vec<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    error_code: Option<String>,
    field_violations: Vec<Violation>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Violation {
    field: Option<String>,
}

/// What an answer means; `after` are the milliseconds of its `Retry-After`.
pub fn verdict(status: u16, after: Option<u64>, body: &[u8]) -> Verdict {
    if (200..=299).contains(&status) {
        return Verdict::Outcome(PushOutcome::Delivered);
    }
    let Answer { error } = serde_json::from_slice(body).unwrap_or_default();
    // The code of the service where there is one, else that of Google's interfaces in general.
    let code = error.details.iter().find_map(|it| it.error_code.as_deref());
    let code = code.or(error.status.as_deref());
    let mut fields = error.details.iter().flat_map(|it| &it.field_violations);
    let bad_token = fields.any(|it| it.field.as_deref() == Some("message.token"));
    let outcome = match (status, code) {
        (_, Some("UNREGISTERED")) => PushOutcome::TokenInvalid { since: None },
        (400, Some("INVALID_ARGUMENT")) if bad_token => PushOutcome::TokenInvalid { since: None },
        // Other than about the access token: Apple's credentials, which Google keeps.
        (401, Some("THIRD_PARTY_AUTH_ERROR")) => PushOutcome::CredentialsRefused("THIRD_PARTY_AUTH_ERROR"),
        (401, _) => return Verdict::RenewToken(known(CREDENTIALS, code, "401")),
        // The device belongs to another project. Whoever set up the wrong one must not lose all registrations.
        (403, Some("SENDER_ID_MISMATCH")) => PushOutcome::Refused("SENDER_ID_MISMATCH"),
        (403, _) => PushOutcome::CredentialsRefused(known(CREDENTIALS, code, "403")),
        (408 | 429 | 500..=599, _) => PushOutcome::Later {
            after,
            all: true,
            why: known(TROUBLE, code, "in trouble"),
        },
        (400..=499, _) => PushOutcome::Refused(known(MESSAGE, code, "4xx")),
        _ => PushOutcome::Later {
            after,
            all: true,
            why: "an odd status",
        },
    };
    Verdict::Outcome(outcome)
}
