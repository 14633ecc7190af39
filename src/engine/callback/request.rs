//! The HTTP request of a delivery (part 1, section 14.3), and what its answer means.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::authentication::Certificate;
use super::oauth2::{AccessToken, OAuth2};
use super::outbox::Delivery;
use super::target::Target;
use crate::crypto::encoding::base64;

pub(crate) const USER_AGENT: &str = concat!("countersign/", env!("CARGO_PKG_VERSION"));

/// A POST for a host to send. Redirects are not followed, and the answer's body does not matter.
pub struct Request<'d> {
    /// Where to; [`super::reach::Reach`] tells whether one may go there.
    pub target: Target<'d>,
    /// Path and query.
    pub path: String,
    /// Names in lower case, and values; among them `host`, not `content-length`. The value of
    /// `authorization` is a secret.
    pub headers: Vec<(&'static str, Zeroizing<String>)>,
    /// JSON; a form for a token endpoint.
    pub body: Cow<'d, str>,
    /// TLS client authentication and trust, when it is switched on.
    pub certificate: Option<&'d Certificate>,
}

impl Delivery {
    /// Where a token has to be asked for first, which then goes into [`Request::authorize`].
    pub fn oauth2(&self) -> Option<&OAuth2> {
        let settings = self.authentication.oauth2.as_ref();
        settings.filter(|it| it.enabled == Some(true))
    }

    /// The request; none when the stored URL cannot be one. Without the token of [`Delivery::oauth2`].
    pub fn request(&self) -> Option<Request<'_>> {
        let target = Target::parse(&self.url)?;
        let plain = |text: &str| Zeroizing::new(text.to_owned());
        let mut headers = vec![
            ("host", plain(target.authority)),
            ("content-type", plain("application/json")),
            ("accept", plain("application/json")),
            ("idempotency-key", plain(&self.event)),
            ("user-agent", plain(USER_AGENT)),
        ];
        let basic = self.authentication.http_basic.as_ref();
        let basic = basic.filter(|it| it.enabled == Some(true) && self.oauth2().is_none());
        if let Some(basic) = basic {
            let user = basic.username.as_deref().unwrap_or_default();
            let password = basic.password.as_ref().map_or("", |it| it.expose());
            let both = Zeroizing::new(format!("{user}:{password}"));
            let both = Zeroizing::new(base64::encode(both.as_bytes()));
            headers.push(("authorization", Zeroizing::new(format!("Basic {}", *both))));
        }
        let certificate = self.authentication.certificate.as_ref();
        Some(Request {
            path: target.path(),
            target,
            headers,
            body: Cow::Borrowed(&self.body),
            certificate: certificate.filter(|it| it.enabled == Some(true)),
        })
    }
}

impl Request<'_> {
    /// Adds an access token.
    pub fn authorize(&mut self, token: &AccessToken) {
        self.headers.push(("authorization", token.header()));
    }
}

/// What an answer means for the event, and for others to the same URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Taken,
    /// The receiver does not want this one; it may want the next.
    Refused,
    /// The receiver is in trouble, as when there is no answer at all: spare it.
    Unavailable,
}

/// What a status code means. A redirect is a refusal: whoever may change where a callback goes has changed
/// its URL.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Taken,
        408 | 425 | 429 | 500..=599 => Verdict::Unavailable,
        _ => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callback::authentication::Authentication;

    fn delivery(authentication: serde_json::Value) -> Delivery {
        let authentication: Authentication = serde_json::from_value(authentication).unwrap();
        Delivery {
            event: "event".to_owned(),
            url: "https://bank.example:8443?x=1#y".to_owned(),
            body: "{}".to_owned(),
            authentication,
            attempt: 1,
            leased_until: 0,
        }
    }

    fn header(request: &Request<'_>, name: &str) -> Option<String> {
        let mut found = request.headers.iter().filter(|(known, _)| *known == name);
        let value = found.next().map(|(_, value)| value.to_string());
        assert!(found.next().is_none(), "{name} twice");
        value
    }

    #[test]
    fn requests() {
        let delivery = delivery(serde_json::json!({
            "httpBasic": { "enabled": true, "username": "u", "password": "p" },
            "certificate": { "enabled": false, "useCustomTrustStore": true }
        }));
        let request = delivery.request().unwrap();
        assert_eq!(header(&request, "host").as_deref(), Some("bank.example:8443"));
        assert_eq!(header(&request, "idempotency-key").as_deref(), Some("event"));
        assert_eq!(header(&request, "authorization").as_deref(), Some("Basic dTpw"));
        assert_eq!((request.path.as_str(), &*request.body), ("/?x=1", "{}"));
        assert!(request.certificate.is_none());
    }

    #[test]
    fn settings_that_are_off_are_not_used() {
        let delivery = delivery(serde_json::json!({
            "httpBasic": { "enabled": false, "username": "u", "password": "p" },
            "certificate": { "enabled": true }
        }));
        let request = delivery.request().unwrap();
        assert_eq!(header(&request, "authorization"), None);
        assert!(request.certificate.is_some());
    }

    #[test]
    fn verdicts() {
        for (status, expected) in [
            (100, Verdict::Refused),
            (200, Verdict::Taken),
            (204, Verdict::Taken),
            (302, Verdict::Refused),
            (308, Verdict::Refused),
            (400, Verdict::Refused),
            (401, Verdict::Refused),
            (429, Verdict::Unavailable),
            (503, Verdict::Unavailable),
            (600, Verdict::Refused),
        ] {
            assert_eq!(verdict(status), expected, "{status}");
        }
    }
}
