//! Private keys as platforms hand them out: one block of PKCS#8 in PEM.

use p256::pkcs8::PrivateKeyInfoRef;
use p256::pkcs8::der::asn1::{ObjectIdentifier, UintRef};
use p256::pkcs8::der::{Decode, Reader, SliceReader};
use zeroize::Zeroizing;

use crate::crypto::encoding::base64;
use crate::crypto::key::PrivateKey;
use crate::crypto::secret::SecretVec;

/// Longest text, in bytes: an RSA key of 4,096 bits has 3,300.
const MAX_PEM: usize = 8 * 1_024;
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Bits of an RSA modulus.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=4_096;
/// Numbers of an RSA key after its modulus: both exponents, two primes, and three that follow from them.
const RSA_NUMBERS: usize = 7;

/// Bytes of the only block.
fn der(pem: &str) -> Option<SecretVec> {
    if pem.len() > MAX_PEM {
        return None;
    }
    let inside = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let digits = inside.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let mut text = Zeroizing::new(String::with_capacity(inside.len()));
    text.extend(digits.map(char::from));
    Some(SecretVec::from_vec(base64::decode(&text).ok()?))
}

/// A P-256 key.
pub(super) fn p256(pem: &str) -> Option<PrivateKey> {
    let der = der(pem)?;
    let info = PrivateKeyInfoRef::from_der(der.as_bytes()).ok()?;
    let key = p256::SecretKey::try_from(info).ok()?;
    let scalar = Zeroizing::new(key.to_bytes());
    PrivateKey::from_bytes(&scalar).ok()
}

/// An RSA key of 2,048 to 4,096 bits, as DER. Whether its numbers belong together shows when it signs.
pub(super) fn rsa(pem: &str) -> Option<SecretVec> {
    let der = der(pem)?;
    let info = PrivateKeyInfoRef::from_der(der.as_bytes()).ok()?;
    if info.algorithm.oid != RSA {
        return None;
    }
    let mut reader = SliceReader::new(info.private_key.as_bytes()).ok()?;
    let modulus = reader.sequence(|numbers| {
        let version = u8::decode(numbers)?;
        let modulus = UintRef::decode(numbers)?;
        for _ in 0..RSA_NUMBERS {
            UintRef::decode(numbers)?;
        }
        Ok::<_, p256::pkcs8::der::Error>((version == 0).then_some(modulus))
    });
    let modulus = modulus.ok().flatten()?;
    reader.finish().ok()?;
    let bits = modulus
        .as_bytes()
        .iter()
        .fold((0, true), |(bits, leading), byte| match leading {
            true if *byte == 0 => (0, true),
            true => (8 - usize::try_from(byte.leading_zeros()).unwrap_or(0), false),
            false => (bits + 8, false),
        });
    RSA_BITS.contains(&bits.0).then_some(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256: &str = include_str!("../../../tests/support/push/apns.pem");
    const RSA_2048: &str = include_str!("../../../tests/support/push/rsa.pem");
    const REFUSED: [&str; 6] = [
        include_str!("../../../tests/support/push/rsa-short.pem"),
        include_str!("../../../tests/support/push/other-curve.pem"),
        include_str!("../../../tests/support/push/rsa-public.pem"),
        "",
        "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ];

    #[test]
    fn keys_of_the_right_kind() {
        assert!(p256(P256).is_some() && rsa(RSA_2048).is_some());
        // As in a JSON text that somebody wrapped.
        assert!(p256(&P256.replace('\n', "\r\n ")).is_some());
        assert!(p256(RSA_2048).is_none() && rsa(P256).is_none());
        for pem in REFUSED {
            assert!(p256(pem).is_none() && rsa(pem).is_none(), "{pem}");
        }
        let mut refused = 0;
        for pem in [P256, RSA_2048] {
            for end in 0..pem.trim_end().len() {
                assert!(p256(&pem[..end]).is_none() && rsa(&pem[..end]).is_none());
                refused += 1;
            }
            let twice = format!("{pem}{pem}");
            assert!(p256(&twice).is_none() && rsa(&twice).is_none());
            let long = pem.replace('\n', &"\n".repeat(MAX_PEM));
            assert!(p256(&long).is_none() && rsa(&long).is_none());
        }
        println!("{refused} beginnings of keys are none");
    }
}
