//! The one place where Wycheproof's `acceptable` results are decided, and the reading of its SubjectPublicKeyInfo keys.

/// A compressed point is an encoding of the protocol. Everything else that Wycheproof leaves open is refused.
pub(crate) fn accepts(flags: &[&str]) -> bool {
    !flags.is_empty()
        && flags
            .iter()
            .all(|flag| matches!(*flag, "CompressedPoint" | "CompressedPublic"))
}

/// The point inside a SubjectPublicKeyInfo that names the curve P-256 in the only DER form there is for it.
///
/// The protocol never carries such a structure; this reads it only to reach the vectors inside.
pub(crate) fn spki_point(spki: &[u8]) -> Option<&[u8]> {
    const ALGORITHM: &[u8] = &[
        0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
        0x3D, 0x03, 0x01, 0x07, 0x03,
    ];
    let (&[0x30, total], rest) = spki.split_first_chunk::<2>()? else {
        return None;
    };
    if usize::from(total) != rest.len() || total >= 0x80 {
        return None;
    }
    let (&[length, 0], point) = rest.strip_prefix(ALGORITHM)?.split_first_chunk::<2>()? else {
        return None;
    };
    (usize::from(length) == point.len() + 1).then_some(point)
}
