//! Requests to send and replies to read, as plain values (spec 13.1, 13.5).

use super::error::{Refusal, ReplyError, RequestError};
use crate::crypto::secret::SecretVec;
use core::fmt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// An HTTP request, complete but for the address of the server.
///
/// `Debug` shows method, path and the names of the headers: signatures and tokens do not belong in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Method in upper case.
    pub method: String,
    /// Path, with the query where there is one, below the address of the server.
    pub path: String,
    /// Headers in order. `User-Agent` and `Accept-Language` are the caller's.
    pub headers: Vec<(&'static str, String)>,
    /// The exact bytes to send; a signature may cover them.
    pub body: Vec<u8>,
}

impl Request {
    /// A POST with a JSON body.
    pub(super) fn post(path: impl Into<String>, body: Vec<u8>) -> Self {
        Self {
            method: "POST".to_owned(),
            path: path.into(),
            headers: vec![
                ("Accept", "application/json".to_owned()),
                ("Content-Type", "application/json".to_owned()),
            ],
            body,
        }
    }

    /// With one more header.
    pub(super) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The value of a header, by its exact name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            path,
            headers,
            body,
        } = self;
        // A query may carry personal data.
        let path = path.split('?').next().unwrap_or_default();
        let names: Vec<_> = headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", method)
            .field("path", &path)
            .field("headers", &names)
            .field("body_length", &body.len())
            .finish_non_exhaustive()
    }
}

/// A request to send and the value that reads its reply.
///
/// Send the request, then give status and body of the reply to `pending.read`.
#[derive(Debug)]
pub struct Call<P> {
    /// What to send.
    pub request: Request,
    /// What reads the reply; it fits this one request only.
    pub pending: P,
}

/// Reads the reply of calls that answer no more than "done".
#[derive(Debug)]
pub struct PendingDone(pub(super) ());

impl PendingDone {
    /// Reads the reply.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is malformed.
    pub fn read(self, status: u16, body: &[u8]) -> Result<(), ReplyError> {
        wrapped::<serde::de::IgnoredAny>(status, body).map(drop)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    response_object: Option<ErrorObject>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct ErrorObject {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    current_recovery_puk_index: Option<u32>,
}

/// What the server says of a refused request, as far as it can be understood.
fn refusal(status: u16, body: &[u8]) -> Refusal {
    let object = serde_json::from_slice::<ErrorBody>(body)
        .ok()
        .and_then(|body| body.response_object)
        .unwrap_or_default();
    let is_code = |text: &String| {
        text.len() <= 64
            && text
                .bytes()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
    };
    Refusal {
        status,
        code: object.code.filter(is_code).unwrap_or_default(),
        recovery_puk_index: object.current_recovery_puk_index,
    }
}

/// Lets only successful replies pass.
pub(super) fn succeeded(status: u16, body: &[u8]) -> Result<(), ReplyError> {
    if (200..300).contains(&status) {
        Ok(())
    } else {
        Err(ReplyError::Refused(refusal(status, body)))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wrapped<T> {
    status: String,
    pub(super) response_object: Option<T>,
    pub(super) current_timestamp: Option<String>,
}

/// Reads `{"status":"OK","responseObject":…}`.
pub(super) fn wrapped<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<Wrapped<T>, ReplyError> {
    succeeded(status, body)?;
    // The status decides before the shape of the object does.
    let outcome: Wrapped<serde::de::IgnoredAny> =
        serde_json::from_slice(body).map_err(|_| ReplyError::Malformed("body"))?;
    match outcome.status.as_str() {
        "OK" => serde_json::from_slice(body).map_err(|_| ReplyError::Malformed("responseObject")),
        "ERROR" => Err(ReplyError::Refused(refusal(status, body))),
        _ => Err(ReplyError::Malformed("status")),
    }
}

/// Reads the object inside the wrapper, which must be there.
pub(super) fn response_object<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, ReplyError> {
    wrapped(status, body)?
        .response_object
        .ok_or(ReplyError::Malformed("responseObject"))
}

/// An object with or without the wrapper of plain endpoints; deployed servers differ.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum MaybeWrapped<T> {
    Wrapped(ObjectOnly<T>),
    Bare(T),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectOnly<T> {
    response_object: T,
}

impl<T> MaybeWrapped<T> {
    pub(super) fn into_object(self) -> T {
        match self {
            Self::Wrapped(wrapper) => wrapper.response_object,
            Self::Bare(object) => object,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestWrapper<T> {
    request_object: T,
}

/// The body `{"requestObject":…}`.
pub(super) fn request_object<T: Serialize>(object: T) -> Result<Vec<u8>, RequestError> {
    serde_json::to_vec(&RequestWrapper {
        request_object: object,
    })
    .map_err(|_| RequestError::Argument("requestObject"))
}

/// JSON that holds a secret; its buffer is erased after use.
pub(super) fn secret_json<T: Serialize>(
    object: &T,
    argument: &'static str,
) -> Result<SecretVec, RequestError> {
    let mut out = Vec::with_capacity(2048);
    serde_json::to_writer(&mut out, object).map_err(|_| RequestError::Argument(argument))?;
    Ok(SecretVec::from_vec(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_understood_as_far_as_possible() {
        let cases: [(u16, &[u8], &str, Option<u32>); 6] = [
            (
                401,
                br#"{"status":"ERROR","responseObject":{"code":"ERR_AUTHENTICATION","message":"m"}}"#,
                "ERR_AUTHENTICATION",
                None,
            ),
            (
                400,
                br#"{"status":"ERROR","responseObject":{"code":"INVALID_RECOVERY_CODE","currentRecoveryPukIndex":2}}"#,
                "INVALID_RECOVERY_CODE",
                Some(2),
            ),
            (200, br#"{"status":"ERROR","responseObject":{"code":"X"}}"#, "X", None),
            (500, b"<html>", "", None),
            (
                400,
                br#"{"status":"ERROR","responseObject":{"code":"bad\ncode"}}"#,
                "",
                None,
            ),
            (
                400,
                br#"{"status":"ERROR","responseObject":{"code":null}}"#,
                "",
                None,
            ),
        ];
        for (status, body, code, index) in cases {
            let expected = Refusal {
                status,
                code: code.to_owned(),
                recovery_puk_index: index,
            };
            assert_eq!(
                PendingDone(()).read(status, body),
                Err(ReplyError::Refused(expected))
            );
        }
    }

    #[test]
    fn success_needs_the_wrapper() {
        assert_eq!(PendingDone(()).read(200, br#"{"status":"OK"}"#), Ok(()));
        assert_eq!(
            PendingDone(()).read(200, b"{}"),
            Err(ReplyError::Malformed("body"))
        );
        assert_eq!(
            PendingDone(()).read(200, br#"{"status":"MAYBE"}"#),
            Err(ReplyError::Malformed("status"))
        );
        assert_eq!(
            response_object::<u8>(200, br#"{"status":"OK"}"#),
            Err(ReplyError::Malformed("responseObject"))
        );
        assert_eq!(
            response_object::<u8>(200, br#"{"status":"OK","responseObject":7,"more":1}"#),
            Ok(7)
        );
    }

    #[test]
    fn debug_shows_no_header_value_no_query_and_no_body() {
        let request = Request::post("/p?canary-query", b"canary-body".to_vec())
            .with_header("X-PowerAuth-Token", "canary-header".to_owned());
        let text = format!("{request:?}");
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("X-PowerAuth-Token") && text.contains("/p"));
    }
}
