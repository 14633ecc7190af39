//! The beginning of a call as bytes, for bindings whose language passes arrays more cheaply than structures.
//!
//! ```text
//! request = 01 ‖ 20 ‖ method text ‖ path text ‖ query opt bytes ‖ list (name text ‖ value text) ‖ body bytes ‖ peer opt text
//! ```
//!
//! In the terms of `store::wire`; the query is bytes because it may be longer than a text. What may be in a request and
//! how long is the dispatcher's business: the bounds here only keep the message readable.

use crate::api;
use crate::store::wire::{Kind, MAX_MESSAGE, Reader, WireError, Writer};

/// Most headers of a request.
pub const MAX_HEADERS: usize = 1_024;
/// Longest method, path, name or value of a header, or address, in bytes.
pub const MAX_TEXT: usize = 0xffff;

/// A request, borrowed from its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// Path below the mount point, without the query, not decoded.
    pub path: &'a str,
    /// Raw query.
    pub query: Option<&'a str>,
    /// Names in any case, and values, in the order received.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The exact bytes.
    pub body: &'a [u8],
    /// Address of the caller, for the record.
    pub peer: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// When the bytes are not a request.
    pub fn read(message: &'a [u8]) -> Result<Self, WireError> {
        let (kind, mut reader) = Reader::open(message)?;
        if kind != Kind::Begin {
            return Err(WireError::Unexpected);
        }
        let request = Self {
            method: reader.text(MAX_TEXT)?,
            path: reader.text(MAX_TEXT)?,
            query: if reader.present()? {
                let query = reader.bytes(MAX_MESSAGE)?;
                Some(std::str::from_utf8(query).map_err(|_| WireError::Text)?)
            } else {
                None
            },
            headers: reader.list(MAX_HEADERS, |reader| {
                Ok((reader.text(MAX_TEXT)?, reader.text(MAX_TEXT)?))
            })?,
            body: reader.bytes(MAX_MESSAGE)?,
            peer: if reader.present()? {
                Some(reader.text(MAX_TEXT)?)
            } else {
                None
            },
        };
        reader.close()?;
        Ok(request)
    }

    /// Its message.
    ///
    /// # Errors
    /// [`WireError::TooLong`] when a bound is not kept.
    pub fn write(&self) -> Result<Vec<u8>, WireError> {
        let mut out = Writer::new(Kind::Begin);
        out.text(self.method, MAX_TEXT)?;
        out.text(self.path, MAX_TEXT)?;
        out.u8(u8::from(self.query.is_some()));
        if let Some(query) = self.query {
            out.bytes(query.as_bytes(), MAX_MESSAGE)?;
        }
        out.count(self.headers.len(), MAX_HEADERS)?;
        for (name, value) in &self.headers {
            out.text(name, MAX_TEXT)?;
            out.text(value, MAX_TEXT)?;
        }
        out.bytes(self.body, MAX_MESSAGE)?;
        out.u8(u8::from(self.peer.is_some()));
        if let Some(peer) = self.peer {
            out.text(peer, MAX_TEXT)?;
        }
        out.finish()
    }

    /// As the dispatcher takes it.
    pub fn as_api(&self) -> api::Request<'_> {
        api::Request {
            method: self.method,
            path: self.path,
            query: self.query,
            headers: &self.headers,
            body: self.body,
            peer: self.peer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_documented() {
        let request = Request {
            method: "POST",
            path: "/a",
            query: Some("q=1"),
            headers: vec![("n", "v")],
            body: b"{}",
            peer: Some("::1"),
        };
        let message = request.write().unwrap();
        let expected = b"\x01\x20\x00\x04POST\x00\x02/a\x01\x00\x00\x00\x03q=1\
            \x00\x01\x00\x01n\x00\x01v\x00\x00\x00\x02{}\x01\x00\x03::1";
        assert_eq!(message, expected);
        assert_eq!(Request::read(&message).unwrap(), request);
        for end in 0..message.len() {
            assert_eq!(Request::read(&message[..end]), Err(WireError::Truncated));
        }
        assert_eq!(Request::read(b"\x01\x12"), Err(WireError::Unexpected));
        let long = "x".repeat(MAX_TEXT + 1);
        let long = Request {
            path: &long,
            ..request
        };
        assert_eq!(long.write(), Err(WireError::TooLong));
    }
}
