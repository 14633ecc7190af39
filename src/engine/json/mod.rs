//! How attributes are read: leniently where the reference is, strictly elsewhere.
//!
//! | attribute | also accepted |
//! |---|---|
//! | text | number, boolean: their JSON text |
//! | integer | text of digits; empty text = absent |
//! | boolean | number (0 = false); `"true"`, `"false"`; empty text = absent |
//! | moment | ISO-8601 with or without zone, date only, milliseconds since the epoch; empty text = absent |
//! | enumeration | exact name only |

mod lenient;
mod object;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

pub use lenient::{from_value, member};
pub use object::object;

/// An optional integer.
///
/// # Errors
/// For a boolean, an object, a list, or a text that is no integer.
pub fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let wrong = || D::Error::custom("an integer is expected");
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Ok(Some(integer)),
            None => whole(number.as_f64().ok_or_else(wrong)?)
                .ok_or_else(wrong)
                .map(Some),
        },
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => text.trim().parse().map(Some).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// The integer part of a number that JSON wrote with a fraction or an exponent.
fn whole(number: f64) -> Option<i64> {
    let limit = 9_007_199_254_740_992.0;
    if !(-limit..=limit).contains(&number) {
        return None;
    }
    format!("{:.0}", number.trunc()).parse().ok()
}

/// An optional boolean.
///
/// # Errors
/// For an object, a list, or another text.
pub fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag)),
        Value::Number(number) => Ok(Some(number.as_f64() != Some(0.0))),
        Value::String(text) => match text.trim() {
            "" => Ok(None),
            "true" | "True" | "TRUE" => Ok(Some(true)),
            "false" | "False" | "FALSE" => Ok(Some(false)),
            _ => Err(D::Error::custom("a boolean is expected")),
        },
        _ => Err(D::Error::custom("a boolean is expected")),
    }
}

/// An optional moment.
///
/// # Errors
/// For a boolean, an object, a list, or a text that is no date.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
    let wrong = || D::Error::custom("a date and time is expected");
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(|ms| Some(Moment(ms))).ok_or_else(wrong),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Moment::parse(text.trim()).map(Some).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

/// A moment in milliseconds since the epoch; in JSON an ISO-8601 text in UTC with three digits of
/// a second and the offset `+00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment of a record.
    pub fn from_millis(millis: u64) -> Self {
        Self(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// Milliseconds since the epoch, not below it.
    pub fn millis(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }

    /// ISO-8601 with `Z`, with an offset with or without colon, without any (UTC), or a date only.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
            return Some(Self(timestamp.as_millisecond()));
        }
        let civil = match text.parse::<DateTime>() {
            Ok(civil) => civil,
            Err(_) => text
                .parse::<Date>()
                .ok()?
                .to_datetime(jiff::civil::Time::midnight()),
        };
        let timestamp = Offset::UTC.to_timestamp(civil).ok()?;
        Some(Self(timestamp.as_millisecond()))
    }

    /// As in JSON.
    pub fn to_iso(self) -> String {
        let Ok(timestamp) = jiff::Timestamp::from_millisecond(self.0) else {
            return "9999-12-31T23:59:59.999+00:00".to_owned();
        };
        let it = Offset::UTC.to_datetime(timestamp);
        // `strftime` would bring a formatter for everything into the WebAssembly module.
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+00:00",
            it.year(),
            it.month(),
            it.day(),
            it.hour(),
            it.minute(),
            it.second(),
            it.millisecond(),
        )
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_iso())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let expected = Some(Moment(1_795_204_463_355));
        for text in [
            "2026-11-20T19:54:23.355+00:00",
            "2026-11-20T19:54:23.355+0000",
            "2026-11-20T19:54:23.355Z",
            "2026-11-20T20:54:23.355+01:00",
            "2026-11-20T19:54:23.355",
        ] {
            assert_eq!(Moment::parse(text), expected, "{text}");
        }
        assert_eq!(
            Moment(1_795_204_463_355).to_iso(),
            "2026-11-20T19:54:23.355+00:00"
        );
        assert_eq!(
            Moment::parse("2027-01-01").map(Moment::to_iso).as_deref(),
            Some("2027-01-01T00:00:00.000+00:00")
        );
        assert_eq!(Moment::parse("tomorrow"), None);
    }

    #[test]
    fn moments_are_written_as_strftime_writes_them() {
        let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let (first, last) = (first.as_second() * 1_000, last.as_second() * 1_000);
        let spread = (0..100).map(|it| first + it * 7_777_777_777_777);
        let spread = spread.filter(|it| *it <= last);
        for millis in spread.chain([first, last, -62_167_219_200_001, -62_167_219_200_000, -1, 0, 999]) {
            let expected = jiff::Timestamp::from_millisecond(millis).unwrap();
            let expected = expected.strftime("%Y-%m-%dT%H:%M:%S.%3f+00:00");
            assert_eq!(Moment(millis).to_iso(), expected.to_string(), "{millis}");
        }
        for beyond in [i64::MIN, i64::MAX] {
            assert_eq!(Moment(beyond).to_iso(), "9999-12-31T23:59:59.999+00:00");
        }
    }

    #[test]
    fn coercions() {
        #[derive(Debug, PartialEq, Default, Deserialize)]
        #[serde(default)]
        struct Sample {
            text: Option<String>,
            list: Option<Vec<String>>,
            #[serde(deserialize_with = "integer")]
            number: Option<i64>,
            #[serde(deserialize_with = "boolean")]
            flag: Option<bool>,
        }
        let read =
            |text: &str| from_value::<Sample>(serde_json::from_str(text).unwrap()).map_err(|_| "refused");
        assert_eq!(
            read(r#"{"text":123}"#),
            Ok(Sample {
                text: Some("123".into()),
                ..Sample::default()
            })
        );
        assert_eq!(
            read(r#"{"text":true}"#),
            Ok(Sample {
                text: Some("true".into()),
                ..Sample::default()
            })
        );
        assert_eq!(read(r#"{"text":null,"more":{}}"#), Ok(Sample::default()));
        assert_eq!(read(r#"{"text":[]}"#), Err("refused"));
        assert_eq!(
            read(r#"{"number":"12"}"#),
            Ok(Sample {
                number: Some(12),
                ..Sample::default()
            })
        );
        assert_eq!(read(r#"{"number":""}"#), Ok(Sample::default()));
        assert_eq!(read(r#"{"number":true}"#), Err("refused"));
        assert_eq!(
            read(r#"{"flag":0}"#),
            Ok(Sample {
                flag: Some(false),
                ..Sample::default()
            })
        );
        assert_eq!(read(r#"{"flag":"x"}"#), Err("refused"));
        assert_eq!(read(r#"{"list":"x"}"#), Err("refused"));
        assert_eq!(
            read(r#"{"list":[1]}"#),
            Ok(Sample {
                list: Some(vec!["1".into()]),
                ..Sample::default()
            })
        );
        assert_eq!(read("[]"), Err("refused"));
        assert_eq!(
            read(r#"{"text":1.5}"#).map(|it| it.text),
            Ok(Some("1.5".to_owned()))
        );
    }

    #[test]
    fn one_member_of_an_object() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Inner {
            text: Option<String>,
        }
        let read = |body: &str| member::<Inner>(body.as_bytes(), "inner").map_err(|_| "refused");
        let found = |text: &str| {
            Ok(Some(Inner {
                text: Some(text.to_owned()),
            }))
        };
        assert_eq!(read(r#"{"inner":{"text":12}}"#), found("12"));
        assert_eq!(
            read(r#"{"a":[{"inner":1}],"inn\u0065r":{"text":"x"},"b":null}"#),
            found("x")
        );
        assert_eq!(read(r#"{"inner":null}"#), Ok(None));
        assert_eq!(read("{}"), Ok(None));
        for wrong in [
            "",
            "[]",
            "null",
            r#"{"inner":[]}"#,
            r#"{"inner":"x"}"#,
            r#"{"inner":{"text":{}}}"#,
            r#"{"inner":{"text":"a","text":"b"}}"#,
            r#"{"inner":{}} {}"#,
            r#"{"inner":{}"#,
        ] {
            assert_eq!(read(wrong), Err("refused"), "{wrong}");
        }
    }
}
