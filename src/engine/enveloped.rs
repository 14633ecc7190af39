//! Requests that carry an envelope: a method's own attributes beside those of the envelope.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::envelope::Received;
use super::{EngineStop, ErrorCode, json};
use crate::crypto::ecies::EnvelopeRequest;

/// A request with the attributes `T` of its method and an envelope.
#[derive(Clone, Debug, Default)]
pub struct Enveloped<T> {
    /// The method's own attributes.
    pub attributes: T,
    /// Protocol version, `3.0` to `3.3`.
    pub protocol_version: Option<String>,
    /// The envelope.
    pub envelope: EnvelopeRequest,
}

impl<T> Enveloped<T> {
    /// The envelope, when its fields fit the version: ERR0018 for a version that is not served,
    /// `misfit` for a missing or superfluous field.
    pub(crate) fn received(&self, misfit: ErrorCode) -> Result<Received, EngineStop> {
        Received::check(self.protocol_version.as_deref(), self.envelope.clone(), misfit)
    }
}

/// The names that [`Wire`] reads; all others belong to the method.
const NAMES: [&str; 7] = [
    "protocolVersion",
    "temporaryKeyId",
    "ephemeralPublicKey",
    "encryptedData",
    "mac",
    "nonce",
    "timestamp",
];

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wire {
    protocol_version: Option<String>,
    temporary_key_id: Option<String>,
    ephemeral_public_key: Option<String>,
    encrypted_data: Option<String>,
    mac: Option<String>,
    nonce: Option<String>,
    #[serde(deserialize_with = "json::integer")]
    timestamp: Option<i64>,
}

/// Attributes, each there once.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut all = Map::new();
        while let Some((name, value)) = members.next_entry::<String, Value>()? {
            if all.insert(name, value).is_some() {
                return Err(A::Error::custom("an attribute is there twice"));
            }
        }
        Ok(all)
    }
}

/// Reads both parts from one object, each as leniently as any other request. (Flattening one into
/// the other would read the attributes strictly.)
impl<'de, T: DeserializeOwned> Deserialize<'de> for Enveloped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut own = deserializer.deserialize_map(Members)?;
        let envelope: Map<String, Value> = NAMES
            .into_iter()
            .filter_map(|name| own.remove_entry(name))
            .collect();
        let unreadable = |_| D::Error::custom("an attribute has an unusable type");
        let wire: Wire = json::from_value(Value::Object(envelope)).map_err(unreadable)?;
        Ok(Self {
            attributes: json::from_value(Value::Object(own)).map_err(unreadable)?,
            protocol_version: wire.protocol_version,
            envelope: EnvelopeRequest {
                temporary_key_id: wire.temporary_key_id,
                ephemeral_public_key: wire.ephemeral_public_key,
                encrypted_data: wire.encrypted_data,
                mac: wire.mac,
                nonce: wire.nonce,
                // A negative time is before any window.
                timestamp: wire.timestamp.map(|time| u64::try_from(time).unwrap_or(0)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Own {
        activation_id: Option<String>,
        #[serde(deserialize_with = "json::boolean")]
        flag: Option<bool>,
    }

    fn read(value: Value) -> Result<Enveloped<Own>, serde_json::Error> {
        json::from_value(value)
    }

    #[test]
    fn both_parts_are_read_leniently() {
        let read = read(serde_json::json!({
            "activationId": 12, "flag": "true", "protocolVersion": 3.2, "nonce": null,
            "mac": 7, "timestamp": "1700000000000", "unknown": {},
        }))
        .unwrap();
        assert_eq!(read.attributes.activation_id.as_deref(), Some("12"));
        assert_eq!(read.attributes.flag, Some(true));
        assert_eq!(read.protocol_version.as_deref(), Some("3.2"));
        let expected = EnvelopeRequest {
            mac: Some("7".to_owned()),
            timestamp: Some(1_700_000_000_000),
            ..EnvelopeRequest::default()
        };
        assert_eq!(read.envelope, expected);
    }

    #[test]
    fn an_attribute_is_there_once() {
        for twice in [
            r#"{"mac":"a","mac":"b"}"#,
            r#"{"activationId":"a","activationId":"a"}"#,
        ] {
            let body = format!(r#"{{"requestObject":{twice}}}"#);
            assert!(
                json::member::<Enveloped<Own>>(body.as_bytes(), "requestObject").is_err(),
                "{twice}"
            );
        }
    }

    #[test]
    fn unusable_types_are_refused() {
        for wrong in [
            serde_json::json!([]),
            serde_json::json!({ "activationId": [] }),
            serde_json::json!({ "flag": "x" }),
            serde_json::json!({ "encryptedData": {} }),
            serde_json::json!({ "timestamp": true }),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
