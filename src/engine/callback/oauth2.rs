//! OAuth 2.0 client credentials (RFC 6749, 4.4): a delivery carries a token that the URL's authorization
//! server gives.
//!
//! ```text
//!   host ── POST token endpoint, Basic id:secret ──▶ authorization server
//!        ◀─ {"access_token", "token_type": "Bearer", "expires_in"} ──
//!        ── POST URL, Authorization: Bearer … ──▶ receiver
//! ```
//!
//! The host keeps a token until shortly before it ends, and asks for another one when the receiver says
//! 401, once per delivery. The token endpoint is reached under the same rules as receivers are
//! ([`super::reach`]); redirects are not followed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::authentication::{Certificate, Password};
use super::request::Request;
use super::target::Target;
use crate::crypto::encoding::base64;
use crate::crypto::query::form_encode;
use crate::crypto::symmetric::sha256;
use crate::engine::json::boolean;

/// Settings of a URL.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct OAuth2 {
    /// Whether it is used; then instead of HTTP Basic.
    #[serde(deserialize_with = "boolean")]
    pub enabled: Option<bool>,
    /// Name of this client at the authorization server.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<Password>,
    /// The token endpoint, an http or https URL.
    pub token_uri: Option<String>,
    /// Scopes to ask for, with spaces between.
    pub scope: Option<String>,
}

/// [`OAuth2`] without secret.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicOAuth2 {
    /// Whether it is used.
    pub enabled: bool,
    /// Name of the client.
    pub client_id: Option<String>,
    /// Whether it has a secret.
    pub client_secret_set: bool,
    /// The token endpoint.
    pub token_uri: Option<String>,
    /// Scopes.
    pub scope: Option<String>,
}

/// Longest token, in characters.
const MAX_TOKEN: usize = 8 * 1024;
/// How long a token is used whose end is not told, in seconds.
const USUAL_LIFE: u64 = 60;
/// Longest use of a token, whatever is told, in seconds.
const LONGEST_LIFE: u64 = 3_600;
/// A token is not used so shortly before its end, in seconds.
const MARGIN: u64 = 30;

/// An access token.
#[derive(Clone)]
pub struct AccessToken {
    value: Password,
    /// For how many seconds it may be used; 0: once.
    pub usable_for: u64,
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("usable_for", &self.usable_for)
            .finish_non_exhaustive()
    }
}

impl AccessToken {
    /// Reads the body of a token endpoint's positive answer; none for anything but a bearer token that a
    /// header can carry.
    pub fn read(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Answer {
            access_token: Password,
            token_type: String,
            expires_in: Option<serde_json::Value>,
        }
        let answer: Answer = serde_json::from_slice(body).ok()?;
        let text = answer.access_token.expose();
        let fits = (1..=MAX_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits || !answer.token_type.eq_ignore_ascii_case("bearer") {
            return None;
        }
        // Some servers write the number as a text.
        let life = match answer.expires_in {
            None | Some(serde_json::Value::Null) => USUAL_LIFE,
            Some(serde_json::Value::String(text)) => text.parse().ok()?,
            Some(number) => number.as_u64()?,
        };
        Some(Self {
            value: answer.access_token,
            usable_for: life.min(LONGEST_LIFE).saturating_sub(MARGIN),
        })
    }

    /// Value of the header `Authorization`; a secret.
    pub fn header(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("Bearer {}", self.value.expose()))
    }
}

impl OAuth2 {
    /// The request for a token; none when the settings are not complete. `certificate` is that of the URL:
    /// one who needs it to reach the receiver needs it here, too.
    pub fn request<'d>(&'d self, certificate: Option<&'d Certificate>) -> Option<Request<'d>> {
        let target = Target::parse(self.token_uri.as_deref()?)?;
        let id = self.client_id.as_deref().filter(|id| !id.is_empty())?;
        let secret = self.client_secret.as_ref()?.expose();
        // RFC 6749, 2.3.1: both are encoded before they are joined.
        let secret = Zeroizing::new(form_encode(secret.as_bytes()));
        let both = Zeroizing::new(format!("{}:{}", form_encode(id.as_bytes()), *secret));
        let basic = Zeroizing::new(base64::encode(both.as_bytes()));
        let plain = |text: &str| Zeroizing::new(text.to_owned());
        let mut body = "grant_type=client_credentials".to_owned();
        if let Some(scope) = self.scope.as_deref().filter(|scope| !scope.is_empty()) {
            body.push_str("&scope=");
            body.push_str(&form_encode(scope.as_bytes()));
        }
        Some(Request {
            path: target.path(),
            headers: vec![
                ("host", plain(target.authority)),
                ("content-type", plain("application/x-www-form-urlencoded")),
                ("accept", plain("application/json")),
                ("user-agent", plain(super::request::USER_AGENT)),
                ("authorization", Zeroizing::new(format!("Basic {}", *basic))),
            ],
            target,
            body: Cow::Owned(body),
            certificate,
        })
    }

    /// Names these settings, secret included, without telling them: a token is good for equal ones.
    pub fn fingerprint(&self) -> [u8; 32] {
        let secret = self.client_secret.as_ref().map_or("", Password::expose);
        let texts =
            [&self.token_uri, &self.client_id, &self.scope].map(|it| it.as_deref().unwrap_or_default());
        let lengths: Vec<u8> = texts.iter().flat_map(|it| it.len().to_be_bytes()).collect();
        let [uri, id, scope] = texts;
        sha256(&[
            &lengths,
            uri.as_bytes(),
            id.as_bytes(),
            scope.as_bytes(),
            secret.as_bytes(),
        ])
    }

    /// What answers show; none when nothing was ever set, as callers that compare answers do not know it.
    pub(super) fn public(&self) -> Option<PublicOAuth2> {
        let secret = self
            .client_secret
            .as_ref()
            .is_some_and(|it| !it.expose().is_empty());
        let enabled = self.enabled.unwrap_or(false);
        let set =
            enabled || secret || self.client_id.is_some() || self.token_uri.is_some() || self.scope.is_some();
        set.then(|| PublicOAuth2 {
            enabled,
            client_id: self.client_id.clone(),
            client_secret_set: secret,
            token_uri: self.token_uri.clone(),
            scope: self.scope.clone(),
        })
    }

    /// Whether a request for a token can be made when it is switched on.
    pub(super) fn is_usable(&self) -> bool {
        self.enabled != Some(true) || self.request(None).is_some()
    }

    /// Keeps the stored secret where none is given. A secret never follows to another token endpoint.
    pub(super) fn keep_secret(&mut self, stored: Self) {
        if self.client_secret.is_none() && self.token_uri == stored.token_uri {
            self.client_secret = stored.client_secret;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let life = |body: &str| AccessToken::read(body.as_bytes()).map(|it| it.usable_for);
        let good = |more: &str| format!(r#"{{"access_token":"t.-_~+/=","token_type":"bEaReR"{more}}}"#);
        for (more, expected) in [
            (r#","expires_in":300"#, 270),
            (r#","expires_in":"300""#, 270),
            (r#","expires_in":20"#, 0),
            (r#","expires_in":0"#, 0),
            (r#","expires_in":999999999999"#, 3_570),
            (r#","expires_in":null,"scope":"a","more":[1]"#, 30),
            ("", 30),
        ] {
            assert_eq!(life(&good(more)), Some(expected), "{more}");
        }
        for bad in [
            String::new(),
            "[]".to_owned(),
            r#"{"error":"invalid_client"}"#.to_owned(),
            r#"{"access_token":"t"}"#.to_owned(),
            r#"{"access_token":"t","token_type":"mac"}"#.to_owned(),
            r#"{"access_token":"","token_type":"Bearer"}"#.to_owned(),
            r#"{"access_token":"a b","token_type":"Bearer"}"#.to_owned(),
            r#"{"access_token":"a\r\nx: y","token_type":"Bearer"}"#.to_owned(),
            r#"{"access_token":"ä","token_type":"Bearer"}"#.to_owned(),
            format!(
                r#"{{"access_token":"{}","token_type":"Bearer"}}"#,
                "x".repeat(MAX_TOKEN + 1)
            ),
            good(r#","expires_in":-1"#),
            good(r#","expires_in":1.5"#),
            good(r#","expires_in":"soon""#),
        ] {
            assert_eq!(life(&bad), None, "{bad}");
        }
        let token = AccessToken::read(good("").as_bytes()).unwrap();
        assert_eq!(*token.header(), "Bearer t.-_~+/=");
        assert!(!format!("{token:?}").contains("t.-"));
    }

    #[test]
    fn requests() {
        let settings: OAuth2 = serde_json::from_value(serde_json::json!({
            "enabled": true, "clientId": "a:b", "clientSecret": "p q", "tokenUri": "https://id.example/token?x=1",
            "scope": "one two"
        }))
        .unwrap();
        let request = settings.request(None).unwrap();
        assert_eq!(request.path, "/token?x=1");
        assert_eq!(request.body, "grant_type=client_credentials&scope=one+two");
        let basic = request.headers.iter().find(|(name, _)| *name == "authorization");
        let expected = base64::encode(b"a%3Ab:p+q");
        assert_eq!(**basic.unwrap().1, format!("Basic {expected}"));
        assert!(settings.is_usable());
        let without = |change: fn(&mut OAuth2)| {
            let mut settings = settings.clone();
            change(&mut settings);
            settings
        };
        for incomplete in [
            without(|it| it.client_id = None),
            without(|it| it.client_secret = None),
            without(|it| it.token_uri = Some("ftp://id.example".to_owned())),
        ] {
            assert!(!incomplete.is_usable());
            assert_ne!(incomplete.fingerprint(), settings.fingerprint());
        }
    }
}
