//! Push messages about new operations, for applications that want them. They say what the texts of the operation's type
//! say, and never what the operation holds besides: without a text, the message is a silent one that wakes the app.

use serde_json::json;

use crate::engine::push_message::{Audience, Content, queue};
use crate::engine::{Engine, EngineStop, form};
use crate::model::application::Application;
use crate::model::operation::Operation;
use crate::model::operation_text::OperationTexts;
use crate::store::Tx;

/// Language of the texts when nobody asked for one.
const LANGUAGE: &str = "en";
/// Bytes of a title and of a message; together with the rest they fit into any platform's payload.
const MAX_TITLE: usize = 300;
const MAX_MESSAGE: usize = 1_200;

/// Queues a message for each of the user's devices that may see the operation, in the batch that creates it.
pub(super) fn send(engine: &Engine, tx: &mut Tx<'_>, operation: &Operation) -> Result<(), EngineStop> {
    let Some(user) = operation.user.as_deref() else {
        return Ok(());
    };
    let mut applications = Vec::new();
    for id in &operation.applications {
        // Read before, when the application was looked for.
        if tx.peek::<Application>(id)?.is_some_and(|it| it.operation_push) {
            applications.push(id.as_str());
        }
    }
    if applications.is_empty() {
        return Ok(());
    }
    let language = operation.language.as_deref().unwrap_or(LANGUAGE);
    let texts = tx.peek::<OperationTexts>(&operation.operation_type)?;
    let text = texts.as_ref().and_then(|it| it.choose(language));
    let words = text.and_then(|text| form::words(operation, text).ok());
    let words = words.map(|(title, message)| (shorten(title, MAX_TITLE), shorten(message, MAX_MESSAGE)));
    let extras = json!({
        "messageType": "mtoken.operationInit",
        "operationId": operation.id,
        "operationName": operation.operation_type,
    });
    let extras = extras.to_string();
    let audience = Audience {
        user,
        applications: &applications,
        only: operation.activation.as_deref(),
        about: Some(operation),
    };
    let content = Content {
        silent: words.is_none(),
        title: words.as_ref().map(|(title, _)| title.as_str()),
        message: words.as_ref().map(|(_, message)| message.as_str()),
        sound: None,
        extras: Some(&extras),
    };
    queue(engine, tx, audience, content)?;
    Ok(())
}

/// At most so many bytes, whole characters; what was cut off is told.
fn shorten(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let room = most.saturating_sub('…'.len_utf8());
    let ends = text.char_indices().map(|(start, it)| start + it.len_utf8());
    let end = ends.take_while(|end| *end <= room).last().unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shorten("abc".to_owned(), 3), "abc");
        assert_eq!(shorten("abcd".to_owned(), 3), "…");
        let long = "ä€𝄞".repeat(100);
        for most in 3..long.len() {
            let short = shorten(long.clone(), most);
            assert!(
                short.len() <= most && long.starts_with(short.trim_end_matches('…')),
                "{most}"
            );
        }
    }
}
