//! Identifiers: random UUIDs of activations, tokens and temporary keys (spec 1.10, 13.3).

use super::random::{Random, RandomError, bytes};
use core::fmt::Write as _;

/// A fresh random UUID version 4 in lower-case canonical text (36 characters).
///
/// # Errors
/// [`RandomError`] when the source fails.
pub fn uuid_v4(rng: &mut dyn Random) -> Result<String, RandomError> {
    let mut raw: [u8; 16] = bytes(rng)?;
    raw[6] = (raw[6] & 0x0F) | 0x40;
    raw[8] = (raw[8] & 0x3F) | 0x80;
    let mut text = String::with_capacity(36);
    for (i, byte) in raw.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// Whether `text` is a UUID as headers accept it: 8-4-4-4-12 hexadecimal digits of either case, version 1 to 5,
/// variant 8, 9, a or b.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, c)| match i {
            8 | 13 | 18 | 23 => c == b'-',
            14 => (b'1'..=b'5').contains(&c),
            19 => matches!(c, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
            _ => c.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ones;
    impl Random for Ones {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
            out.fill(0xFF);
            Ok(())
        }
    }

    #[test]
    fn generated_identifiers_are_valid() {
        let id = uuid_v4(&mut Ones).unwrap();
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(is_uuid(&id) && is_uuid(&id.to_uppercase()));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "undefined",
            "ffffffff-ffff-0fff-bfff-ffffffffffff",
            "ffffffff-ffff-6fff-bfff-ffffffffffff",
            "ffffffff-ffff-4fff-7fff-ffffffffffff",
            "ffffffff-ffff-4fff-cfff-ffffffffffff",
            "ffffffffffff-4fff-bfff-ffffffffffff-",
            "gfffffff-ffff-4fff-bfff-ffffffffffff",
            "ffffffff-ffff-4fff-bfff-fffffffffff",
            "ffffffff-ffff-4fff-bfff-fffffffffffff",
            "{fffffff-ffff-4fff-bfff-ffffffffffff}",
        ] {
            assert!(!is_uuid(bad), "{bad}");
        }
    }
}
