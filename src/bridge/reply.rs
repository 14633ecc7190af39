//! The end of a call as bytes.
//!
//! ```text
//! reply = 01 ‖ 03 ‖ status u16 ‖ list (name text ‖ value text) ‖ body bytes
//! ```
//!
//! In the terms of `store::wire`. Names of headers are in lower case.

use crate::api::Response;
use crate::store::wire::{Kind, MAX_MESSAGE, Reader, WireError, Writer};

/// Most headers of a reply.
pub const MAX_HEADERS: usize = 64;
/// Longest name or value of a header, in bytes.
pub const MAX_HEADER: usize = 8 * 1024;

/// The message of a reply.
///
/// # Errors
/// [`WireError::TooLong`] when a bound is not kept.
pub fn encode(response: &Response) -> Result<Vec<u8>, WireError> {
    let mut out = Writer::new(Kind::Reply);
    out.u16(response.status);
    out.count(response.headers.len(), MAX_HEADERS)?;
    for (name, value) in &response.headers {
        out.text(name, MAX_HEADER)?;
        out.text(value, MAX_HEADER)?;
    }
    out.bytes(&response.body, MAX_MESSAGE)?;
    out.finish()
}

/// A reply, borrowed from its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Reply<'a> {
    /// Reads the message of a call's last step.
    ///
    /// # Errors
    /// When the bytes are not a reply.
    pub fn read(message: &'a [u8]) -> Result<Self, WireError> {
        let (kind, mut reader) = Reader::open(message)?;
        if kind != Kind::Reply {
            return Err(WireError::Unexpected);
        }
        let reply = Self {
            status: reader.u16()?,
            headers: reader.list(MAX_HEADERS, |reader| {
                Ok((reader.text(MAX_HEADER)?, reader.text(MAX_HEADER)?))
            })?,
            body: reader.bytes(MAX_MESSAGE)?,
        };
        reader.close()?;
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_documented() {
        let response = Response {
            status: 401,
            headers: vec![("a", "b".to_owned())],
            body: b"{}".to_vec(),
            fault: None,
        };
        let message = encode(&response).unwrap();
        let expected = b"\x01\x03\x01\x91\x00\x01\x00\x01a\x00\x01b\x00\x00\x00\x02{}";
        assert_eq!(message, expected);
        let reply = Reply::read(&message).unwrap();
        assert_eq!((reply.status, reply.body), (401, &b"{}"[..]));
        assert_eq!(reply.headers, [("a", "b")]);
        for end in 0..message.len() {
            assert_eq!(Reply::read(&message[..end]), Err(WireError::Truncated));
        }
        assert_eq!(Reply::read(b"\x01\x12"), Err(WireError::Unexpected));
    }
}
