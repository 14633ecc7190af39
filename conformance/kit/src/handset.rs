//! A phone of a scenario, and what happens to its requests on their way.

use countersign::bridge::phone::{Phone, PhoneRequest, Step};
use countersign::bridge::protocol;
use countersign::crypto::encoding::base64;
use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::player::Stop;
use crate::scenario::{Base, Damage, Damaged, How};
use crate::transport::Outgoing;
use crate::values::{FillError, Values, now};

/// A phone and the last request it has sent.
pub(crate) struct Handset {
    pub(crate) phone: Phone,
    pub(crate) last: Option<Outgoing>,
}

impl Handset {
    pub(crate) fn new(settings: &Value) -> Result<Self, String> {
        let phone = Phone::new(&settings.to_string(), Box::new(Dice)).map_err(|error| error.to_string())?;
        Ok(Self { phone, last: None })
    }

    /// Another phone with everything that this one has.
    pub(crate) fn copy(&mut self) -> Result<Self, String> {
        let step = self.phone.perform(r#"{"do":"save"}"#, now());
        let Ok(Step::Result(state)) = step else {
            return Err("the phone cannot be copied".to_owned());
        };
        let state: Value = serde_json::from_slice(&state).map_err(|error| error.to_string())?;
        match state.get("result") {
            Some(settings) => Self::new(settings),
            None => Err(format!("the phone cannot be copied: {state}")),
        }
    }
}

/// What a phone wants to send.
pub(crate) fn outgoing(message: &[u8]) -> Result<Outgoing, String> {
    let request = PhoneRequest::read(message).map_err(|error| error.to_string())?;
    let path = match request.query {
        Some(query) => format!("{}?{query}", request.path),
        None => request.path.to_owned(),
    };
    let headers = request.headers.iter();
    Ok(Outgoing {
        to: Base::Edge,
        method: request.method.to_owned(),
        path,
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: request.body.to_vec(),
    })
}

/// Whether a request only fetches a temporary key for the one that follows.
pub(crate) fn fetches_key(request: &Outgoing) -> bool {
    request.path == "/pa/v3/keystore/create"
}

/// A request as a value that the request object of another method is filled in from.
pub(crate) fn described(request: &Outgoing) -> Value {
    let headers: Map<String, Value> = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    let mut all = Map::new();
    all.insert("method".to_owned(), request.method.clone().into());
    all.insert("path".to_owned(), request.path.clone().into());
    all.insert("base64".to_owned(), base64::encode(&request.body).into());
    let body = serde_json::from_slice(&request.body).unwrap_or_default();
    all.insert("body".to_owned(), body);
    let value = |name: &str| headers.get(name).cloned().unwrap_or_default();
    for (name, header, command) in [
        ("signature", "X-PowerAuth-Authorization", "signatureHeader"),
        ("token", "X-PowerAuth-Token", "tokenHeader"),
        ("encryption", "X-PowerAuth-Encryption", "encryptionHeader"),
    ] {
        let command = json!({ "do": command, "value": value(header) });
        let parsed = protocol::perform(&command.to_string(), now(), &mut Dice).ok();
        let parsed = parsed.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        if let Some(fields) = parsed.as_ref().and_then(|parsed| parsed.get("result")) {
            all.insert(name.to_owned(), fields.clone());
        }
    }
    all.insert("headers".to_owned(), Value::Object(headers));
    Value::Object(all)
}

/// What is left of a text.
fn changed(text: &str, how: &How, values: &Values) -> Result<Option<Value>, FillError> {
    Ok(match how {
        How::Drop => None,
        How::Set(value) => Some(values.fill(value)?),
        How::Flip => {
            let mut scratch = Values::default();
            scratch.save("it", text.into());
            Some(scratch.fill(&"{{it|damaged}}".into())?)
        }
    })
}

/// Does the damage. There must be something to damage: otherwise a scenario would pass for nothing.
pub(crate) fn damage(request: &mut Outgoing, damage: &[Damage], values: &Values) -> Result<(), Stop> {
    for Damage { place, how } in damage {
        let before = request.clone();
        match place {
            Damaged::Header(header, field) => {
                let mut headers = Vec::new();
                for (name, value) in request.headers.drain(..) {
                    let value = if name.eq_ignore_ascii_case(header) {
                        header_value(&value, field.as_deref(), how, values)?
                    } else {
                        Some(value)
                    };
                    headers.extend(value.map(|value| (name, value)));
                }
                request.headers = headers;
            }
            Damaged::Body(member) => {
                let body = serde_json::from_slice(&request.body);
                let Ok(Value::Object(mut body)) = body else {
                    return Err(Stop::Broken(
                        "the request has no JSON object to damage".to_owned(),
                    ));
                };
                let text = body
                    .get(member)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                match changed(&text, how, values)? {
                    Some(value) => body.insert(member.clone(), value),
                    None => body.shift_remove(member),
                };
                request.body = Value::Object(body).to_string().into_bytes();
            }
        }
        if *request == before {
            return Err(Stop::Broken("the request has nothing there to damage".to_owned()));
        }
    }
    Ok(())
}

fn plain(value: Option<Value>) -> Option<String> {
    value.map(|value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

/// A header, or one field of it: `PowerAuth name="value", …`.
fn header_value(
    value: &str,
    field: Option<&str>,
    how: &How,
    values: &Values,
) -> Result<Option<String>, FillError> {
    let Some(field) = field else {
        return Ok(plain(changed(value, how, values)?));
    };
    let start = format!("{field}=\"");
    let Some((before, rest)) = value.split_once(&start) else {
        return Ok(Some(value.to_owned()));
    };
    let Some((inside, after)) = rest.split_once('"') else {
        return Ok(Some(value.to_owned()));
    };
    Ok(Some(match plain(changed(inside, how, values)?) {
        Some(inside) => format!("{before}{start}{inside}\"{after}"),
        None => format!("{before}{}", after.trim_start_matches([',', ' '])),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Outgoing {
        Outgoing {
            to: Base::Edge,
            method: "POST".to_owned(),
            path: "/p".to_owned(),
            headers: vec![("X-A".to_owned(), "PowerAuth a=\"AAAA\", b=\"12\"".to_owned())],
            body: br#"{"mac":"AAAA","nonce":"BBBB"}"#.to_vec(),
        }
    }

    #[test]
    fn damage_is_done_where_it_is_meant() {
        let header = |field: &str| Damaged::Header("x-a".to_owned(), Some(field.to_owned()));
        let rows = [
            (header("a"), How::Flip, "PowerAuth a=\"AAAB\", b=\"12\""),
            (header("b"), How::Flip, "PowerAuth a=\"AAAA\", b=\"10\""),
            (header("b"), How::Set("x".into()), "PowerAuth a=\"AAAA\", b=\"x\""),
            (header("a"), How::Drop, "PowerAuth b=\"12\""),
        ];
        let nowhere = Damage {
            place: header("c"),
            how: How::Drop,
        };
        assert!(damage(&mut request(), &[nowhere], &Values::default()).is_err());
        for (place, how, expected) in rows {
            let mut it = request();
            assert!(damage(&mut it, &[Damage { place, how }], &Values::default()).is_ok());
            assert_eq!(it.headers[0].1, expected);
        }
        let mut it = request();
        let whole = Damaged::Header("X-A".to_owned(), None);
        let member = |name: &str| Damaged::Body(name.to_owned());
        let all = [
            Damage {
                place: whole,
                how: How::Drop,
            },
            Damage {
                place: member("mac"),
                how: How::Flip,
            },
            Damage {
                place: member("nonce"),
                how: How::Drop,
            },
        ];
        assert!(damage(&mut it, &all, &Values::default()).is_ok());
        assert_eq!(it.headers, []);
        assert_eq!(it.body, br#"{"mac":"AAAB"}"#);
    }
}
