//! HTTP/1.1 over one connection that is kept: as little work as possible beside the server that is measured.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::Failure;

/// Largest answer.
const LIMIT: usize = 4 * 1024 * 1024;
const MAX_HEADERS: usize = 64;

/// A connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer; the body is in the connection's buffer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// Status, end of the head and length of the body, once the head is there.
fn head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let parsed = answer.parse(bytes).map_err(|_| Failure::Http("the head"))?;
    let httparse::Status::Complete(end) = parsed else {
        return Ok(None);
    };
    let length = answer
        .headers
        .iter()
        .find(|it| it.name.eq_ignore_ascii_case("content-length"))
        .and_then(|it| std::str::from_utf8(it.value).ok()?.parse().ok())
        .filter(|length| *length <= LIMIT)
        .ok_or(Failure::Http("the length"))?;
    Ok(Some((answer.code.unwrap_or_default(), end, length)))
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4_096),
        })
    }

    /// Sends the bytes of a request and waits for its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, Failure> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (status, end, length) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(Failure::Http("it ends early"));
            }
            if let Some(head) = head(&self.buffer)? {
                break head;
            }
            if self.buffer.len() > LIMIT {
                return Err(Failure::Http("the head is too long"));
            }
        };
        let whole = end.saturating_add(length);
        while self.buffer.len() < whole {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(Failure::Http("it ends early"));
            }
        }
        match self.buffer.get(end..) {
            Some(body) if self.buffer.len() == whole => Ok(Answer { status, body }),
            _ => Err(Failure::Http("it is longer than it says")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        let whole = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(head(whole).unwrap(), Some((200, whole.len() - 2, 2)));
        for length in 0..whole.len() - 2 {
            assert_eq!(head(&whole[..length]).unwrap(), None, "{length}");
        }
        for bad in [
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
            "SSH-2.0\r\n\r\n",
        ] {
            assert!(head(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
