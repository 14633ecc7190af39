//! Callback URLs taken apart: whether one can be stored, and where a delivery goes.

use std::net::{IpAddr, Ipv6Addr};

/// Longest URL, in bytes.
const MAX_URL: usize = 1_024;

/// Parts of an absolute http or https URL in ASCII: a host name, IPv4 or bracketed IPv6 address, perhaps
/// a port, and whatever follows. Credentials have their own attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'u> {
    /// Whether it is https.
    pub secure: bool,
    /// Host and port as they stand in the URL, for the header `Host`.
    pub authority: &'u str,
    /// Host name or address, without brackets. A name may stand for an address in an odd notation: what
    /// counts is what it resolves to.
    pub host: &'u str,
    /// Port: the one named, or 80 and 443.
    pub port: u16,
    /// Path and query without the leading slash when the URL has none; see [`Target::path`].
    tail: &'u str,
}

impl<'u> Target<'u> {
    /// The parts, or none for anything that is not such a URL of at most 1,024 bytes.
    pub fn parse(url: &'u str) -> Option<Self> {
        if url.len() > MAX_URL || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let secure = match scheme {
            _ if scheme.eq_ignore_ascii_case("http") => false,
            _ if scheme.eq_ignore_ascii_case("https") => true,
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end)?;
        let (host, port) = split_authority(authority)?;
        let port = match port {
            Some(port) => parse_port(port)?,
            None if secure => 443,
            None => 80,
        };
        if !is_tail(tail) {
            return None;
        }
        let (tail, _fragment) = tail.split_once('#').unwrap_or((tail, ""));
        Some(Self {
            secure,
            authority,
            host,
            port,
            tail,
        })
    }

    /// Path and query, beginning with a slash, without fragment.
    pub fn path(&self) -> String {
        if self.tail.starts_with('/') {
            self.tail.to_owned()
        } else {
            format!("/{}", self.tail)
        }
    }

    /// The host when it is an address already.
    pub fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

/// Host and port of a valid authority.
fn split_authority(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        return match port {
            "" => Some((host, None)),
            port => Some((host, Some(port.strip_prefix(':')?))),
        };
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    is_host(host).then_some((host, port))
}

fn parse_port(port: &str) -> Option<u16> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    port.parse().ok().filter(|port| digits && *port > 0)
}

fn is_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

/// Path, query and fragment: no character that RFC 3986 leaves out, escapes complete.
fn is_tail(tail: &str) -> bool {
    let mut escapes = tail.split('%');
    let hex = |part: &str| {
        part.as_bytes()
            .first_chunk::<2>()
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let _ = escapes.next();
    !tail.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}']) && escapes.all(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let good = [
            ("http://localhost", false, "localhost", 80, "/"),
            (
                "HTTPS://bank.example/callback?x=1&y=%20#part",
                true,
                "bank.example",
                443,
                "/callback?x=1&y=%20",
            ),
            ("http://127.0.0.1:8080/act", false, "127.0.0.1", 8080, "/act"),
            ("https://[2001:db8::1]:8443/x", true, "2001:db8::1", 8443, "/x"),
            ("https://[::1]", true, "::1", 443, "/"),
            (
                "https://my_service.internal.:443/",
                true,
                "my_service.internal.",
                443,
                "/",
            ),
            ("http://h?activationFlag", false, "h", 80, "/?activationFlag"),
            ("http://h#part", false, "h", 80, "/"),
            ("http://h/a:b@c//d", false, "h", 80, "/a:b@c//d"),
        ];
        let bad = [
            "",
            "not a url",
            "123",
            "true",
            "zzz",
            "localhost/path",
            "//host/path",
            "ftp://127.0.0.1/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http:/host",
            "http://",
            "http:///path",
            "http://:80/",
            "http://host:/",
            "http://host:0/",
            "http://host:65536/",
            "http://host:+80/",
            "http://user@host/",
            "http://user:secret@host/",
            "http://ho st/",
            "http://höst/",
            "http://a..b/",
            "http://host/a b",
            "http://host/a\nb",
            "http://host/\u{0}",
            "http://host/<x>",
            "http://host/%2",
            "http://host/%zz",
            "http://host\\@evil/",
            "http://[::1",
            "http://[::1]x",
            "http://[::1]80",
            "http://[host]/",
            "http://::1/",
        ];
        for (url, secure, host, port, path) in good {
            let target = Target::parse(url).unwrap();
            let parts = (target.secure, target.host, target.port, target.path());
            assert_eq!(parts, (secure, host, port, path.to_owned()), "{url}");
        }
        for url in bad {
            assert_eq!(Target::parse(url), None, "{url}");
        }
        let long = |length| format!("http://h/{}", "x".repeat(length - 9));
        assert!(Target::parse(&long(MAX_URL)).is_some());
        assert!(Target::parse(&long(MAX_URL + 1)).is_none());
        println!("{} good and {} bad URLs", good.len(), bad.len());
    }
}
