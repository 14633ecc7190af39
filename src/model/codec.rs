//! Bodies of records: one version byte, then CBOR with numbered fields.
//!
//! A field number is never reused. New fields are optional or have a default, so that a body
//! written by an older release decodes; unknown numbers are skipped, so that one written by a newer
//! release does, too. A change that breaks either needs a new version byte.

use crate::store::Corrupt;

/// Version byte of all bodies so far.
pub const VERSION: u8 = 1;

/// Version byte and CBOR.
pub fn encode<T: minicbor::Encode<()>>(record: &T) -> Vec<u8> {
    let mut body = Vec::with_capacity(512);
    body.push(VERSION);
    // Writing into a `Vec` cannot fail.
    let written = minicbor::encode(record, &mut body);
    debug_assert!(written.is_ok());
    body
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// When the version is unknown or the CBOR does not fit.
pub fn decode<'b, T: minicbor::Decode<'b, ()>>(body: &'b [u8]) -> Result<T, Corrupt> {
    match body {
        [VERSION, rest @ ..] => minicbor::decode(rest).map_err(|_| Corrupt),
        _ => Err(Corrupt),
    }
}

/// Implements [`crate::store::Entity`] for a CBOR record.
macro_rules! entity {
    ($record:ty, $collection:expr, id: $id:expr $(, entries: $entries:expr)? $(, expires_at: $expires:expr)?) => {
        impl $crate::store::Entity for $record {
            const COLLECTION: $crate::store::Collection = $collection;

            fn id(&self) -> String {
                let id: fn(&Self) -> String = $id;
                id(self)
            }

            fn encode(&self) -> Vec<u8> {
                $crate::model::codec::encode(self)
            }

            fn decode(body: &[u8]) -> Result<Self, $crate::store::Corrupt> {
                $crate::model::codec::decode(body)
            }

            $(fn entries(&self) -> Vec<$crate::store::IndexEntry> {
                let entries: fn(&Self) -> Vec<$crate::store::IndexEntry> = $entries;
                entries(self)
            })?

            $(fn expires_at(&self) -> Option<u64> {
                let expires: fn(&Self) -> Option<u64> = $expires;
                expires(self)
            })?
        }
    };
}
pub(crate) use entity;
