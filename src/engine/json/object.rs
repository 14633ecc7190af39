//! JSON objects that are objects.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer as _, MapAccess, Visitor};

/// Reads a JSON object. Derived types alone would also take a list, and its elements for their members in order.
///
/// # Errors
/// When the bytes are no JSON, no object, or an attribute has an unusable type or is there twice.
pub fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let found = json.deserialize_map(Members(PhantomData))?;
    json.end()?;
    Ok(found)
}

struct Members<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Pair {
        a: Option<String>,
        b: Option<u64>,
    }

    #[test]
    fn a_list_is_no_object() {
        let read = |text: &str| object::<Pair>(text.as_bytes()).ok();
        let pair = |a: Option<&str>, b| {
            Some(Pair {
                a: a.map(str::to_owned),
                b,
            })
        };
        assert_eq!(read(r#"{"b":1,"a":"x","c":[]}"#), pair(Some("x"), Some(1)));
        assert_eq!(read("{}"), pair(None, None));
        for text in [
            "[]",
            r#"["x",1]"#,
            "null",
            "1",
            r#""a""#,
            "",
            "{} {}",
            r#"{"a":"x","a":"y"}"#,
            r#"{"b":"1"}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(
            serde_json::from_str::<Pair>(r#"["x",1]"#).is_ok(),
            "what this is for"
        );
    }
}
