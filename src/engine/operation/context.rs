//! Context of user actions: `additionalData` (server API, part 2, section 10), and parameters.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::engine::EngineStop;
use crate::store::{Corrupt, Fault};

/// Key of the proximity OTP in the additional data of an approval.
pub(crate) const PROXIMITY_OTP: &str = "proximity_otp";
const USER_AGENT: &str = "userAgent";
const DEVICE: &str = "device";

/// A JSON object with what the caller knows of an action. May hold a proximity OTP, so it is not
/// shown when it is debugged.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct AdditionalData(pub Map<String, Value>);

impl fmt::Debug for AdditionalData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdditionalData({} members)", self.0.len())
    }
}

impl AdditionalData {
    /// The text, number or boolean called `name`, as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        scalar(self.0.get(name)?)
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Parameters of an operation: texts and nulls. Numbers and booleans become texts; null is an empty map.
///
/// # Errors
/// For anything that is not an object, and for nested lists and objects.
pub(crate) fn parameters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    let mut given = Option::<Map<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    for value in given.values_mut() {
        if !value.is_null() {
            let text = scalar(value).ok_or_else(|| D::Error::custom("a text is expected"))?;
            *value = Value::String(text);
        }
    }
    Ok(given)
}

/// A stored JSON object.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, EngineStop> {
    serde_json::from_str(text).map_err(|_| Fault::from(Corrupt).into())
}

/// The stored additional data, overlaid by those of a request.
pub(super) fn merged(stored: &str, given: &AdditionalData) -> Result<String, EngineStop> {
    let mut all = object(stored)?;
    all.extend(given.0.clone());
    Ok(Value::Object(all).to_string())
}

/// Adds the computed `device` when there is a `userAgent` of a mobile token.
pub(super) fn show_device(additional: &mut Map<String, Value>) {
    let device = additional
        .get(USER_AGENT)
        .and_then(Value::as_str)
        .and_then(device);
    if let Some(device) = device {
        additional.insert(DEVICE.to_owned(), device);
    }
}

/// Additional data for the audit: with the device, without the OTP and the number.
pub(super) fn for_audit(stored: &str) -> Result<Map<String, Value>, EngineStop> {
    let mut additional = object(stored)?;
    additional.shift_remove(PROXIMITY_OTP);
    additional.shift_remove(super::MATCH_NUMBER);
    show_device(&mut additional);
    Ok(additional)
}

/// Reads `PowerAuthNetworking/<v> (<lang>; <connection>) <product>/<version> (<platform>; <os>/<osVersion>; <model>)`.
fn device(user_agent: &str) -> Option<Value> {
    let rest = user_agent.strip_prefix("PowerAuthNetworking/")?;
    let (network_version, rest) = rest.split_once(" (")?;
    let (language, rest) = rest.split_once("; ")?;
    let (connection, rest) = rest.split_once(") ")?;
    let (product, rest) = rest.split_once('/')?;
    let (version, rest) = rest.split_once(" (")?;
    let (platform, rest) = rest.split_once("; ")?;
    let (os, rest) = rest.split_once('/')?;
    let (os_version, rest) = rest.split_once("; ")?;
    let model = rest.strip_suffix(')')?;
    let parts = [
        network_version,
        language,
        connection,
        product,
        version,
        platform,
        os,
        os_version,
        model,
    ];
    if parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    Some(json!({
        "networkVersion": network_version,
        "language": language,
        "connection": connection,
        "product": product,
        "version": version,
        "platform": platform,
        "os": os,
        "osVersion": os_version,
        "model": model,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_of_a_user_agent() {
        let user_agent = "PowerAuthNetworking/1.1.7 (en; cellular) com.example.MobileToken/2.0.0 \
                          (Apple; iOS/16.6.1; iphone12,3)";
        let expected = json!({
            "networkVersion": "1.1.7", "language": "en", "connection": "cellular",
            "product": "com.example.MobileToken", "version": "2.0.0", "platform": "Apple",
            "os": "iOS", "osVersion": "16.6.1", "model": "iphone12,3"
        });
        assert_eq!(device(user_agent), Some(expected));
        let mut refused = 0;
        for cut in 0..user_agent.len() {
            assert_eq!(device(&user_agent[..cut]), None, "{cut}");
            refused += 1;
        }
        for other in [
            "",
            "Mozilla/5.0 (X11; Linux)",
            "PowerAuthNetworking/ (; ) / (; /; )",
        ] {
            assert_eq!(device(other), None);
            refused += 1;
        }
        println!("{refused} other user agents");
    }

    #[test]
    fn merging_overlays_and_never_removes() {
        let given = |value: Value| AdditionalData(value.as_object().unwrap().clone());
        let stored = merged("{}", &given(json!({ "a": 1, "b": { "c": true } }))).unwrap();
        let stored = merged(&stored, &given(json!({ "b": null, "d": "x" }))).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&stored).unwrap(),
            json!({ "a": 1, "b": null, "d": "x" })
        );
        assert!(merged("[", &AdditionalData::default()).is_err());
    }

    #[test]
    fn neither_debug_nor_audit_shows_the_otp() {
        let data = AdditionalData(json!({ PROXIMITY_OTP: "12345678" }).as_object().unwrap().clone());
        assert!(!format!("{data:?}").contains("12345678"));
        let stored = merged("{}", &data).unwrap();
        assert!(stored.contains("12345678"));
        assert!(for_audit(&stored).unwrap().is_empty());
    }
}
