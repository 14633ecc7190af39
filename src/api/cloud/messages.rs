//! Push messages.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::phone::or_refuse;
use super::answer::{Answer, NOT_FOUND, done, no_registration, refuse};
use super::call::{Case, nobody, row};
use super::check::{MAX_TEXT, Violations};
use super::registrations::{find, invalid};
use crate::engine::push_message::{Audience, Content, queue};
use crate::store::{Stop, Tx};

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![row(
        ("POST", "/v2/messages/send", "cloudSendMessage"),
        Contract::new("Queues a push message for the devices of a user. It is sent later.")
            .asks(Form::Bare(Type::of::<PushContent>()))
            .refuses(400, &["ERROR_PUSH_MESSAGE", NOT_FOUND]),
        nobody,
        send,
    )]
}

/// Characters of a message.
const MAX_MESSAGE: usize = 4_000;
/// Bytes of the extras as JSON.
const MAX_EXTRAS: usize = 3 * 1_024;

/// A push message.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "PushMessage", extend("required" = ["userId"])))]
#[serde(default, rename_all = "camelCase")]
struct PushContent {
    /// The user, 1 to 255 characters.
    user_id: Option<String>,
    /// UUID of the only registration that gets it; all of the user's when absent.
    registration_id: Option<String>,
    /// Whether nothing is displayed.
    silent: Option<bool>,
    /// Title, 1 to 255 characters; needed unless it is silent.
    title: Option<String>,
    /// Text, 1 to 4000 characters; needed unless it is silent.
    message: Option<String>,
    /// Name of a sound, 1 to 255 characters; `default` when absent.
    sound: Option<String>,
    /// Anything for the app, at most 3 KiB of JSON.
    extras: Option<Map<String, Value>>,
}

fn send(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: PushContent = case.asked.body()?;
    let mut found = Violations::default();
    let user = found.text("userId", &request.user_id, MAX_TEXT);
    found.optional("registrationId", &request.registration_id, 1, MAX_TEXT);
    found.optional("title", &request.title, 1, MAX_TEXT);
    found.optional("message", &request.message, 1, MAX_MESSAGE);
    found.optional("sound", &request.sound, 1, MAX_TEXT);
    let extras = request.extras.map(|it| Value::Object(it).to_string());
    if extras.as_ref().is_some_and(|it| it.len() > MAX_EXTRAS) {
        found.hide("extras", &format!("size must be between 0 and {MAX_EXTRAS}"));
    }
    found.verdict()?;
    let silent = request.silent.unwrap_or(false);
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let lacking = match silent {
        true => None,
        false if blank(&request.title) => Some("Title"),
        false if blank(&request.message) => Some("Message"),
        false => None,
    };
    if let Some(name) = lacking {
        let text = format!("Unable to send push message. {name} must not be blank.");
        return Err(Stop::Refuse(refuse("ERROR_PUSH_MESSAGE", &text)));
    }
    let only = request.registration_id.as_deref();
    if let Some(id) = only
        && find(case, tx, id)?.is_none_or(|it| it.user != user)
    {
        return Ok(Err(no_registration("Registration not found")));
    }
    let content = Content {
        silent,
        title: request.title.as_deref(),
        message: request.message.as_deref(),
        sound: request.sound.as_deref(),
        extras: extras.as_deref(),
    };
    let audience = Audience {
        user,
        applications: &[case.application],
        only,
        about: None,
    };
    or_refuse(queue(case.engine, tx, audience, content), invalid)?;
    Ok(Ok(done()))
}
