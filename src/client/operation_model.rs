//! Operations as the phone receives them (mobile API section 3). Unknown members are kept where they may be shown and
//! ignored elsewhere; missing ones are empty.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A list of operations.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationList {
    /// The operations, newest first.
    pub operations: Vec<Operation>,
    /// How many operations could not be understood and were left out.
    pub unreadable: usize,
    /// Time of the server; expiry is judged by it, not by the clock of the phone.
    pub current_timestamp: Option<String>,
}

/// An operation that waits, or waited, for the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Identifier.
    pub id: String,
    /// Type of the operation.
    pub name: String,
    /// Data to be approved.
    pub data: String,
    /// `PENDING`, `APPROVED`, `REJECTED`, `CANCELED`, `EXPIRED`, `FAILED`, or a state yet unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Reason of the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// Creation, as the server wrote it; [`read_time`] reads it.
    pub operation_created: String,
    /// Expiry, as the server wrote it; [`read_time`] reads it.
    pub operation_expires: String,
    /// How it may be approved.
    #[serde(default, deserialize_with = "null_as_default")]
    pub allowed_signature_type: AllowedSignature,
    /// What to show.
    #[serde(default, deserialize_with = "null_as_default")]
    pub form_data: FormData,
    /// Hints for the user interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui: Option<Value>,
}

impl Operation {
    /// Whether the operation has expired at the server's time of the list it came with. `false` when a time cannot be
    /// read: the server decides anyway.
    #[must_use]
    pub fn is_expired(&self, current_timestamp: &str) -> bool {
        match (read_time(&self.operation_expires), read_time(current_timestamp)) {
            (Some(expires), Some(now)) => now >= expires,
            _ => false,
        }
    }
}

/// How an operation may be approved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AllowedSignature {
    /// `1FA`, `2FA`, `ECDSA`, or a kind yet unknown.
    #[serde(rename = "type", deserialize_with = "null_as_default")]
    pub kind: String,
    /// Factor combinations for `2FA`.
    #[serde(deserialize_with = "null_as_default")]
    pub variants: Vec<String>,
}

impl AllowedSignature {
    /// Whether the phone alone suffices.
    #[must_use]
    pub fn is_one_factor(&self) -> bool {
        self.kind == "1FA"
    }

    /// Whether biometry may stand for the PIN.
    #[must_use]
    pub fn allows_biometry(&self) -> bool {
        self.variants
            .iter()
            .any(|variant| variant == "possession_biometry")
    }
}

/// What to show for an operation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormData {
    /// Title.
    #[serde(deserialize_with = "null_as_default")]
    pub title: String,
    /// Message, maybe of several lines.
    #[serde(deserialize_with = "null_as_default")]
    pub message: String,
    /// Rows.
    #[serde(deserialize_with = "null_as_default")]
    pub attributes: Vec<Attribute>,
    /// Texts for the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_texts: Option<Value>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attribute {
    /// `AMOUNT`, `AMOUNT_CONVERSION`, `KEY_VALUE`, `NOTE`, `HEADING`, `ALERT`, `PARTY_INFO`, `IMAGE`, or a kind yet
    /// unknown.
    #[serde(rename = "type", deserialize_with = "null_as_default")]
    pub kind: String,
    /// Identifier.
    #[serde(deserialize_with = "null_as_default")]
    pub id: String,
    /// Label.
    #[serde(deserialize_with = "null_as_default")]
    pub label: String,
    /// The members of this kind, as they came.
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

impl Attribute {
    /// The content as one text, for the kinds that have one.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let text = |name: &str| self.members.get(name).and_then(Value::as_str).map(str::to_owned);
        let amount = |value: &str, amount: &str, currency: &str| {
            text(value).or_else(|| Some(format!("{} {}", text(amount)?, text(currency)?)))
        };
        match self.kind.as_str() {
            "AMOUNT" => amount("valueFormatted", "amountFormatted", "currencyFormatted"),
            "AMOUNT_CONVERSION" => {
                let source = amount(
                    "sourceValueFormatted",
                    "sourceAmountFormatted",
                    "sourceCurrencyFormatted",
                )?;
                let target = amount(
                    "targetValueFormatted",
                    "targetAmountFormatted",
                    "targetCurrencyFormatted",
                )?;
                Some(format!("{source} → {target}"))
            }
            "NOTE" => text("note"),
            "ALERT" => match (text("title"), text("message")) {
                (Some(title), Some(message)) => Some(format!("{title}: {message}")),
                (title, message) => title.or(message),
            },
            "PARTY_INFO" => {
                let party = self.members.get("partyInfo")?;
                party.get("name")?.as_str().map(str::to_owned)
            }
            "IMAGE" => text("originalUrl").or_else(|| text("thumbnailUrl")),
            "HEADING" => None,
            _ => text("value"),
        }
    }
}

/// Reads a time of this API: `2018-07-02T14:43:13+0000` or with fraction and colon. Unix time in milliseconds.
#[must_use]
pub fn read_time(text: &str) -> Option<u64> {
    let time: Timestamp = text.parse().ok()?;
    u64::try_from(time.as_millisecond()).ok()
}

/// Servers differ in whether they leave a member out or write `null`.
fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_time_are_read() {
        assert_eq!(read_time("2018-07-02T14:43:13+0000"), Some(1_530_542_593_000));
        assert_eq!(
            read_time("2022-08-25T22:34:58.702+00:00"),
            Some(1_661_466_898_702)
        );
        assert_eq!(read_time("2023-05-01T10:00:00.123Z"), Some(1_682_935_200_123));
        assert_eq!(read_time("yesterday"), None);
        assert_eq!(read_time("1969-12-31T23:59:59Z"), None);
    }

    #[test]
    fn operations_are_read_tolerantly() {
        let least = r#"{"id":"1","name":"n","data":"A2","operationCreated":"2018-07-02T14:43:13+0000",
            "operationExpires":"2018-07-02T14:48:17+0000","allowedSignatureType":{"type":"2FA","variants":null},
            "formData":{"title":null,"attributes":[{"type":"FUTURE","value":"v","more":{"deep":1}}]},"future":[]}"#;
        let operation: Operation = serde_json::from_str(least).unwrap();
        assert_eq!(operation.allowed_signature_type.variants, Vec::<String>::new());
        let attribute = &operation.form_data.attributes[0];
        assert_eq!(attribute.text().as_deref(), Some("v"));
        assert_eq!(attribute.members["more"]["deep"], 1);
        assert!(operation.is_expired("2018-07-02T14:48:17+0000"));
        assert!(!operation.is_expired("2018-07-02T14:48:16+0000"));
        assert!(!operation.is_expired("?"));
        assert!(serde_json::from_str::<Operation>(r#"{"id":"1"}"#).is_err());
    }

    #[test]
    fn attributes_have_texts() {
        let text = |json: &str| serde_json::from_str::<Attribute>(json).unwrap().text();
        for (json, expected) in [
            (
                r#"{"type":"AMOUNT","amountFormatted":"2199,40","currencyFormatted":"Kč"}"#,
                Some("2199,40 Kč"),
            ),
            (
                r#"{"type":"AMOUNT","valueFormatted":"2199,40 Kč"}"#,
                Some("2199,40 Kč"),
            ),
            (
                r#"{"type":"AMOUNT_CONVERSION","sourceValueFormatted":"$1","targetValueFormatted":"22 Kč"}"#,
                Some("$1 → 22 Kč"),
            ),
            (r#"{"type":"NOTE","note":"n"}"#, Some("n")),
            (r#"{"type":"ALERT","title":"t","message":"m"}"#, Some("t: m")),
            (r#"{"type":"ALERT","message":"m"}"#, Some("m")),
            (
                r#"{"type":"PARTY_INFO","partyInfo":{"name":"Shop"}}"#,
                Some("Shop"),
            ),
            (r#"{"type":"IMAGE","thumbnailUrl":"u"}"#, Some("u")),
            (r#"{"type":"HEADING","label":"h"}"#, None),
            (r#"{"type":"AMOUNT"}"#, None),
        ] {
            assert_eq!(text(json).as_deref(), expected, "{json}");
        }
    }
}
