//! Canonical query strings: what stands for the body in the signature of a GET request (spec 5.2).
//!
//! The reference decodes the raw query as a whole and then every key and value again. That double decoding is
//! reproduced here, because a server that decodes once refuses requests of deployed clients.
//!
//! ```
//! use countersign::crypto::query::canonical;
//! assert_eq!(canonical("b=2&a=1").as_deref(), Ok("a=1&b=2"));
//! assert_eq!(canonical("a=1%26b=2").as_deref(), Ok("a=1&b=2"));
//! assert!(canonical("a=%25zz").is_err());
//! ```

use core::cmp::Ordering;
use core::fmt::Write as _;
use thiserror::Error;

/// A `%` is not followed by two hexadecimal digits, on the first or on the second decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed query string")]
pub struct MalformedQuery;

/// Form encoding of one key or value: `A–Z a–z 0–9 . - * _` unchanged, space as `+`, every other byte as `%XX`.
#[must_use]
pub fn form_encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

/// Form decoding: `+` is a space, `%XX` a byte; bytes that are no UTF-8 become U+FFFD, as on the reference platform.
///
/// # Errors
/// [`MalformedQuery`] for a `%` without two hexadecimal digits.
pub fn form_decode(text: &str) -> Result<String, MalformedQuery> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (digits, tail) = rest.split_first_chunk::<2>().ok_or(MalformedQuery)?;
                rest = tail;
                hex_byte(*digits).ok_or(MalformedQuery)?
            }
            other => other,
        });
    }
    Ok(String::from_utf8(out).unwrap_or_else(|error| lossy(error.as_bytes())))
}

/// As `String::from_utf8_lossy`, but half of a surrogate pair in three bytes is one U+FFFD and not three: both sides must
/// arrive at the same text.
fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        match core::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                return out;
            }
            Err(error) => {
                let (valid, broken) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
                out.push_str(core::str::from_utf8(valid).unwrap_or_default());
                out.push(char::REPLACEMENT_CHARACTER);
                let length = match broken {
                    [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] => 3,
                    [0xED, 0xA0..=0xBF, ..] => 2,
                    _ => error.error_len().unwrap_or(broken.len()),
                };
                rest = broken.get(length..).unwrap_or_default();
            }
        }
    }
}

fn hex_byte([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |c: u8| {
        char::from(c)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    Some((digit(high)? << 4) | digit(low)?)
}

/// The canonical form of a raw query string as the server received it (without the `?`). Empty when nothing is left.
///
/// # Errors
/// [`MalformedQuery`] when a `%` cannot be decoded.
pub fn canonical(raw: &str) -> Result<String, MalformedQuery> {
    let once = form_decode(raw)?;
    let mut pairs = Vec::new();
    for part in once.split('&') {
        if let Some((key, value)) = part.split_once('=') {
            pairs.push((form_decode(key)?, form_decode(value)?));
        }
    }
    Ok(canonical_pairs(pairs))
}

/// The canonical form of decoded parameters as a server has them, in the order of [`canonical`].
#[must_use]
pub fn canonical_pairs(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort_by(|(k1, v1), (k2, v2)| utf16_order(k1, k2).then_with(|| utf16_order(v1, v2)));
    join(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

/// The canonical form of parameters as a client has them: keys sorted bytewise, keys and values encoded once.
///
/// It equals what the server computes as long as keys and values do not contain `%`, `+`, `&` or `=`.
#[must_use]
pub fn canonical_parameters(parameters: &[(&str, &str)]) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort_unstable();
    join(sorted.into_iter())
}

fn join<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let encoded: Vec<String> = pairs
        .map(|(key, value)| {
            format!(
                "{}={}",
                form_encode(key.as_bytes()),
                form_encode(value.as_bytes())
            )
        })
        .collect();
    encoded.join("&")
}

/// The order of the reference platform: by UTF-16 code units, which differs from UTF-8 above U+FFFF.
fn utf16_order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequences_of_double_decoding() {
        for (raw, expected) in [
            ("", ""),
            ("b", ""),
            ("&&", ""),
            ("a=", "a="),
            ("=v", "=v"),
            ("a=2&a=1&b", "a=1&a=2"),
            ("a=x%2By", "a=x+y"),
            ("a=x%252By", "a=x%2By"),
            ("a=b=c", "a=b%3Dc"),
            ("a=~*", "a=%7E*"),
            ("k=%C4%8D", "k=%C4%8D"),
            ("k=%FF", "k=%EF%BF%BD"),
            // A surrogate is one broken character, other broken bytes are as many as there are.
            ("k=%ED%A0%80", "k=%EF%BF%BD"),
            ("k=%ED%BF%BFx%ED%A0", "k=%EF%BF%BDx%EF%BF%BD"),
            ("k=%E0%80%80", "k=%EF%BF%BD%EF%BF%BD%EF%BF%BD"),
            ("k=%F0%9F%98x%C4", "k=%EF%BF%BDx%EF%BF%BD"),
            ("\u{1F600}=1&\u{FFFF}=2", "%F0%9F%98%80=1&%EF%BF%BF=2"),
        ] {
            assert_eq!(canonical(raw).as_deref(), Ok(expected), "{raw}");
        }
        for bad in ["%", "a=%4", "a=%zz", "a=%25zz", "a=%25", "a=%-1"] {
            assert_eq!(canonical(bad), Err(MalformedQuery), "{bad}");
        }
    }
}
