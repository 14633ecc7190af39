//! A request of a phone as bytes.
//!
//! ```text
//! request = 01 ‖ 05 ‖ method text ‖ path text ‖ opt query text ‖ list (name text ‖ value text) ‖ body bytes
//! ```
//!
//! In the terms of `store::wire`.

use crate::client::Request;
use crate::store::wire::{Kind, MAX_MESSAGE, Reader, WireError, Writer};

const MAX_TEXT: usize = 60 * 1024;
const MAX_HEADERS: usize = 64;

/// The message of a request.
pub(super) fn encode(request: &Request) -> Result<Vec<u8>, WireError> {
    let (path, query) = match request.path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (request.path.as_str(), None),
    };
    let mut out = Writer::new(Kind::Request);
    out.text(&request.method, MAX_TEXT)?;
    out.text(path, MAX_TEXT)?;
    out.u8(u8::from(query.is_some()));
    if let Some(query) = query {
        out.text(query, MAX_TEXT)?;
    }
    out.count(request.headers.len(), MAX_HEADERS)?;
    for (name, value) in &request.headers {
        out.text(name, MAX_TEXT)?;
        out.text(value, MAX_TEXT)?;
    }
    out.bytes(&request.body, MAX_MESSAGE)?;
    out.finish()
}

/// What a phone sends, borrowed from its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneRequest<'a> {
    /// Method in upper case.
    pub method: &'a str,
    /// Path, without the query.
    pub path: &'a str,
    /// Query, where there is one.
    pub query: Option<&'a str>,
    /// Names and values in order.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The exact bytes to send.
    pub body: &'a [u8],
}

impl<'a> PhoneRequest<'a> {
    /// Reads the message of [`Step::Request`](super::Step::Request).
    ///
    /// # Errors
    /// When the bytes are not a request.
    pub fn read(message: &'a [u8]) -> Result<Self, WireError> {
        let (kind, mut reader) = Reader::open(message)?;
        if kind != Kind::Request {
            return Err(WireError::Unexpected);
        }
        let request = Self {
            method: reader.text(MAX_TEXT)?,
            path: reader.text(MAX_TEXT)?,
            query: match reader.present()? {
                true => Some(reader.text(MAX_TEXT)?),
                false => None,
            },
            headers: reader.list(MAX_HEADERS, |reader| {
                Ok((reader.text(MAX_TEXT)?, reader.text(MAX_TEXT)?))
            })?,
            body: reader.bytes(MAX_MESSAGE)?,
        };
        reader.close()?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_documented() {
        let request = Request {
            method: "GET".to_owned(),
            path: "/p?q=1".to_owned(),
            headers: vec![("A", "b".to_owned())],
            body: b"{}".to_vec(),
        };
        let message = encode(&request).unwrap();
        let expected = b"\x01\x05\0\x03GET\0\x02/p\x01\0\x03q=1\0\x01\0\x01A\0\x01b\0\0\0\x02{}";
        assert_eq!(message, expected);
        let read = PhoneRequest::read(&message).unwrap();
        assert_eq!((read.path, read.query), ("/p", Some("q=1")));
        for end in 0..message.len() {
            assert_eq!(PhoneRequest::read(&message[..end]), Err(WireError::Truncated));
        }
        assert_eq!(PhoneRequest::read(b"\x01\x12"), Err(WireError::Unexpected));
    }
}
