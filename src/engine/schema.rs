//! The JSON of types that are read or written by hand, as JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::callback::authentication::{Authentication, Given, Password};
use super::enveloped::Enveloped;
use super::form::{AMOUNT, Attribute, KINDS, SOURCE, TARGET};
use super::json::Moment;
use super::signature::SignatureType;
use crate::crypto::signature;

/// Schemas that stand where their type is used, under a name of their own or not.
macro_rules! schema {
    ($type:ty, $name:literal, $inline:literal, $generator:ident => $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                $inline
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

schema!(Moment, "Moment", true, _generator => json_schema!({ "type": "string", "format": "date-time" }));

schema!(Password, "Password", true, _generator => json_schema!({ "type": "string", "format": "password" }));

schema!(SignatureType, "SignatureType", false, _generator => json_schema!({
    "type": "string",
    "description": "Factors of a signature.",
    "enum": signature::SignatureType::ALL.map(signature::SignatureType::as_upper_str),
}));

// Also its text: callers of the running reference servers send that. What people should send is the object.
schema!(Given, "CallbackAuthenticationGiven", true, generator => generator.subschema_for::<Authentication>());

/// The attributes of the method and those of the envelope, in one object.
impl<T: JsonSchema> JsonSchema for Enveloped<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Encrypted{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let text = |text: &str| json!({ "type": "string", "description": text });
        let own = [
            ("protocolVersion", text("Protocol version, `3.0` to `3.3`.")),
            ("temporaryKeyId", text("UUID of the temporary key; 3.3 only.")),
            ("ephemeralPublicKey", text("Base64 of the point, 33 or 65 bytes.")),
            ("encryptedData", text("Base64 of the ciphertext.")),
            ("mac", text("Base64 of 32 bytes.")),
            ("nonce", text("Base64 of 16 bytes; from 3.1.")),
            (
                "timestamp",
                json!({
                    "type": "integer",
                    "format": "int64",
                    "description": "Milliseconds since the epoch; from 3.2.",
                }),
            ),
        ];
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.extend(own.map(|(name, schema)| (name.to_owned(), schema)));
        }
        let name = T::schema_name();
        let sealed = name != "DecryptorRequest"; // needs no contents
        let versioned = name != "UnlockVault"; // the version is that of the signature
        let names = [
            ("ephemeralPublicKey", true),
            ("encryptedData", sealed),
            ("mac", sealed),
            ("protocolVersion", versioned),
        ];
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.extend(
                names
                    .iter()
                    .filter(|(_, needed)| *needed)
                    .map(|(name, _)| json!(name)),
            );
        }
        schema
    }
}

schema!(Attribute, "FormAttribute", false, _generator => {
    let text = |text: &str| json!({ "type": "string", "description": text });
    let money = |[amount, currency, amount_text, currency_text, value_text]: [&str; 5], of: &str| {
        let number = json!({
            "type": "number",
            "description": format!("{of}; absent when the text is no number."),
        });
        [
            (amount.to_owned(), number),
            (currency.to_owned(), text("Code of the currency.")),
            (amount_text.to_owned(), text("The amount as the user's language writes it.")),
            (currency_text.to_owned(), text("Symbol of the currency, or its code.")),
            (value_text.to_owned(), text("Amount and currency in one.")),
        ]
    };
    let mut properties = serde_json::Map::new();
    properties.insert("type".to_owned(), json!({ "type": "string", "enum": KINDS }));
    properties.insert("id".to_owned(), text("Identifier of the row."));
    properties.insert("label".to_owned(), text("What stands before the value."));
    properties.extend(money(AMOUNT, "The amount"));
    properties.extend(money(SOURCE, "The amount before the conversion"));
    properties.extend(money(TARGET, "The amount after the conversion"));
    for (name, schema) in [
        ("dynamic", json!({ "type": "boolean", "description": "Whether the rate may change." })),
        ("value", text("The value of a KEY_VALUE.")),
        ("note", text("The text of a NOTE.")),
        ("level", json!({ "type": "integer", "format": "int64", "minimum": 0, "description": "Of a HEADING." })),
        ("alertType", json!({ "type": "string", "enum": ["SUCCESS", "INFO", "WARNING", "ERROR"] })),
        ("title", text("The title of an ALERT.")),
        ("message", text("The text of an ALERT.")),
        ("thumbnailUrl", text("Small form of an IMAGE.")),
        ("originalUrl", text("An IMAGE in its size.")),
        ("partyInfo", json!({
            "type": "object",
            "description": "Who gets the money, of a PARTY_INFO.",
            "properties": {
                "logoUrl": { "type": "string" },
                "name": { "type": "string" },
                "description": { "type": "string" },
                "websiteUrl": { "type": "string" },
            },
        })),
    ] {
        properties.insert(name.to_owned(), schema);
    }
    json_schema!({
        "type": "object",
        "description": "A row of what the phone shows. Which members there are depends on its type.",
        "required": ["type", "id", "label"],
        "properties": properties,
    })
});
