//! Proximity codes of online operations: a QR code or deep link that proves the phone is where the operation is shown
//! (mobile API 6.2, spec 6.5).

use crate::crypto::encoding::base64url;
use crate::crypto::query::form_decode;
use core::fmt;
use serde::{Deserialize, Serialize};

/// How a proximity code reached the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProximitySource {
    /// Scanned.
    QrCode,
    /// Opened as a link.
    Deeplink,
}

/// A proximity code with what is told about its way. `Debug` does not show the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Proximity {
    /// The one-time password.
    pub otp: String,
    /// How it reached the phone.
    pub source: ProximitySource,
    /// When it reached the phone, Unix time in milliseconds.
    pub received_ms: u64,
}

impl fmt::Debug for Proximity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            otp: _,
            source,
            received_ms,
        } = self;
        f.debug_struct("Proximity")
            .field("source", source)
            .field("received_ms", received_ms)
            .finish_non_exhaustive()
    }
}

/// Content of a proximity QR code or link. `Debug` does not show the code.
#[derive(Clone, PartialEq, Eq)]
pub struct ScannedProximity {
    /// The operation it belongs to; the caller must compare it with the operation on display.
    pub operation_id: String,
    /// The one-time password.
    pub otp: String,
}

#[derive(Deserialize)]
struct Payload {
    oid: String,
    potp: Option<String>,
    totp: Option<String>,
}

impl ScannedProximity {
    /// Reads a link with the items `oid` and `potp` (older: `totp`) in its query, a JWT with these members, or a link
    /// whose only query item is such a JWT. Neither is signed for the phone; the server judges the password.
    ///
    /// `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.split_once('?') {
            Some((_, query)) => {
                let query = query.split('#').next().unwrap_or_default();
                Self::from_query(query)
            }
            None => Self::from_jwt(text),
        }
    }

    fn from_query(query: &str) -> Option<Self> {
        let (mut oid, mut potp, mut totp) = (None, None, None);
        let mut items = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or(("", part));
            let value = form_decode(value).ok()?;
            match name {
                "oid" => oid = Some(value),
                "potp" => potp = Some(value),
                "totp" => totp = Some(value),
                _ => items.push(value),
            }
        }
        match (oid, potp.or(totp), items.as_slice()) {
            (Some(oid), Some(otp), _) => Self::new(oid, otp),
            (None, None, [token]) => Self::from_jwt(token),
            _ => None,
        }
    }

    fn from_jwt(token: &str) -> Option<Self> {
        let mut segments = token.split('.');
        let (_header, claims, _signature) = (segments.next()?, segments.next()?, segments.next()?);
        if segments.next().is_some() {
            return None;
        }
        let claims = base64url::decode(claims).ok()?;
        let payload: Payload = serde_json::from_slice(&claims).ok()?;
        Self::new(payload.oid, payload.potp.or(payload.totp)?)
    }

    fn new(operation_id: String, otp: String) -> Option<Self> {
        let digits = !otp.is_empty() && otp.bytes().all(|c| c.is_ascii_digit());
        (digits && !operation_id.is_empty()).then_some(Self { operation_id, otp })
    }
}

impl fmt::Debug for ScannedProximity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation_id, otp: _ } = self;
        f.debug_struct("ScannedProximity")
            .field("operation_id", operation_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_carrier_is_read() {
        let claims = base64url::encode(br#"{"oid":"op-1","potp":"12345678","x":1}"#);
        let jwt = format!("eyJhbGciOiJub25lIn0.{claims}.");
        let old = base64url::encode(br#"{"oid":"op-1","totp":"12345678"}"#);
        for text in [
            "bank://approve?oid=op-1&potp=12345678".to_owned(),
            "bank://approve?totp=12345678&oid=op%2D1#fragment".to_owned(),
            "https://bank.example/x?a=b&oid=op-1&potp=12345678".to_owned(),
            jwt.clone(),
            format!("bank://approve?code={jwt}"),
            format!("bank://approve?{jwt}"),
            format!("h.{old}.s"),
        ] {
            let scanned = ScannedProximity::parse(&text).expect(&text);
            assert_eq!(
                (scanned.operation_id.as_str(), scanned.otp.as_str()),
                ("op-1", "12345678")
            );
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "",
            "hello",
            "a.b",
            "a.b.c",
            "a.b.c.d",
            "bank://approve?oid=op-1",
            "bank://approve?potp=12345678",
            "bank://approve?oid=&potp=12345678",
            "bank://approve?oid=op-1&potp=12a45678",
            "bank://approve?oid=op-1&potp=",
            "bank://approve?oid=%zz&potp=1",
        ] {
            assert_eq!(ScannedProximity::parse(text), None, "{text}");
        }
    }
}
