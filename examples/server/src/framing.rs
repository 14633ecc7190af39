//! Where a request ends, read more strictly than HTTP demands.
//!
//! A proxy in front that finds the end of a request at another place than this server lets its caller put a request of its
//! own in between ("request smuggling"). What two readers could take differently is therefore refused before it is read as
//! HTTP, although hyper, and the standard, would take some of it:
//!
//! - a line feed without a carriage return, a carriage return without a line feed, NUL; folded lines;
//! - more than one `Content-Length`, even when they agree, or anything but digits in it;
//! - `Transfer-Encoding` beside `Content-Length`, twice, in HTTP/1.0, or with another value than `chunked`;
//! - no `Host`, or two;
//! - a fragment in the target.
//!
//! A request with `Transfer-Encoding` is the last one of its connection (see [`listen`](super::listen)), so that the chunks
//! need not be followed here.

/// Of one head; hyper has given up before.
const LONGEST: usize = 128 * 1024;

/// Follows the heads of a connection's requests.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    place: Place,
    head: Head,
    /// The line so far.
    line: Vec<u8>,
    /// Bytes of the head so far.
    size: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// In a line of a head, or before one.
    #[default]
    Line,
    /// After a carriage return.
    Return,
    /// In a body, with so many bytes to come.
    Body(u64),
    /// In the last request.
    Last,
}

/// What a head said until now.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    begun: bool,
    /// Whether it is HTTP/1.1.
    newer: bool,
    length: Option<u64>,
    chunked: bool,
    hosts: usize,
}

impl Heads {
    /// Follows the next bytes. Answers the place of the byte with which a request is refused: nothing from there on may be
    /// read.
    pub(crate) fn follow(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(rest @ [next, ..]) = bytes.get(at..) {
            match self.place {
                Place::Last => return None,
                Place::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                    let left = left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX));
                    self.place = if left == 0 { Place::Line } else { Place::Body(left) };
                    at += here;
                }
                Place::Line => {
                    let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n' | 0));
                    let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                    self.line.extend_from_slice(text);
                    self.size = self.size.saturating_add(text.len()).saturating_add(2);
                    at += text.len();
                    if self.size > LONGEST {
                        return Some(at.min(bytes.len().saturating_sub(1)));
                    }
                    match bytes.get(at) {
                        None => {}
                        Some(b'\r') => {
                            self.place = Place::Return;
                            at += 1;
                        }
                        Some(_) => return Some(at),
                    }
                }
                Place::Return => {
                    self.place = Place::Line;
                    if *next != b'\n' || !self.take_line() {
                        return Some(at);
                    }
                    at += 1;
                }
            }
        }
        None
    }

    /// Whether the line may stand where it stands.
    fn take_line(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        let sound = match line.as_slice() {
            // Empty lines before a request are let pass, as the standard says.
            [] if !self.head.begun => true,
            [] => self.end(),
            first if !self.head.begun => {
                self.head.begun = true;
                self.head.newer = first.ends_with(b" HTTP/1.1");
                !first.contains(&b'#')
            }
            header => self.head.take(header),
        };
        // Its room serves the next line.
        self.line = line;
        self.line.clear();
        sound
    }

    /// What follows the head, if all of it together makes sense.
    fn end(&mut self) -> bool {
        let head = std::mem::take(&mut self.head);
        self.size = 0;
        self.place = match head.length {
            _ if head.chunked => Place::Last,
            None | Some(0) => Place::Line,
            Some(length) => Place::Body(length),
        };
        let framed = !head.chunked || (head.newer && head.length.is_none());
        framed && (head.hosts == 1 || (head.hosts == 0 && !head.newer))
    }
}

impl Head {
    fn take(&mut self, line: &[u8]) -> bool {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return false;
        };
        let name = line.get(..colon).unwrap_or_default();
        let value = line.get(colon + 1..).unwrap_or_default().trim_ascii();
        if name.is_empty() || name.iter().any(u8::is_ascii_whitespace) {
            return false;
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = value.iter().all(u8::is_ascii_digit).then_some(value);
            let length = length.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
            return length.is_some() && std::mem::replace(&mut self.length, length).is_none();
        }
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let known = value.eq_ignore_ascii_case(b"chunked");
            return known && !std::mem::replace(&mut self.chunked, true);
        }
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where it is refused, the same however the bytes are cut.
    fn refused(bytes: &str) -> Option<usize> {
        let whole = Heads::default().follow(bytes.as_bytes());
        for step in 1..bytes.len() {
            let mut heads = Heads::default();
            let mut pieces = bytes.as_bytes().chunks(step).enumerate();
            let cut = pieces.find_map(|(number, piece)| Some(number * step + heads.follow(piece)?));
            assert_eq!(cut, whole, "{bytes:?} in pieces of {step}");
        }
        whole
    }

    #[test]
    fn what_is_read_alike_by_everybody_passes() {
        for bytes in [
            "",
            "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nhost:x\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nHost: x\r\n\r\n\n\0\rGET / HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\ntransfer-ENCODING: \tChunked \r\n\r\n3\n\0",
            "GET / HTTP/1.1\r\nHost:\r\nX: a:b\t\u{fc}\r\n\r\n",
        ] {
            assert_eq!(refused(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_could_be_read_differently_does_not() {
        let cases = [
            ("GET / HTTP/1.1\n", 14),
            ("GET / HTTP/1.1\r\r\n", 15),
            ("GET / HTTP/1.1\r\nHost: x\r\n\n", 25),
            ("GET / HTTP/1.1\r\nHost: x\r\n a\r\n", 28),
            ("GET / HTTP/1.1\r\nHost : x\r\n", 25),
            ("GET / HTTP/1.1\r\nHost\r\n", 21),
            ("GET / HTTP/1.1\r\nX: \0", 19),
            ("GET /#x HTTP/1.1\r\n", 17),
            ("GET / HTTP/1.1\r\n\r\n", 17),
            ("GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 35),
            ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", 53),
            ("GET / HTTP/1.1\r\nContent-Length: +1\r\n", 35),
            ("GET / HTTP/1.1\r\nContent-Length: \r\n", 33),
            ("GET / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n", 53),
            ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", 49),
            ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 45),
            (
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                73,
            ),
        ];
        for (bytes, at) in cases {
            assert_eq!(refused(bytes), Some(at), "{bytes:?}");
        }
        let long = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(LONGEST));
        assert!(Heads::default().follow(long.as_bytes()).is_some());
    }
}
