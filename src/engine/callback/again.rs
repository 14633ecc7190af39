//! Events that were given up, sent once more because somebody asks for it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::engine::{Engine, Outcome, application, required};
use crate::model::callback::{CallbackEvent, Callbacks, EventState};
use crate::store::Tx;

/// Request of [`send_again`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SendAgain {
    /// The event, as [`given_up`](super::outbox::given_up) tells it.
    pub id: Option<String>,
    /// Who asks, for the journal.
    pub external_user_id: Option<String>,
}

/// What became of [`SendAgain`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SentAgain {
    /// The event.
    pub id: String,
    /// False when it is not among those given up, or its URL is gone.
    pub sent_again: bool,
}

/// Lets an event that was given up wait for its first attempt again, under the same idempotency key: a receiver that has
/// taken it after all recognises it. It goes to where the URL points now. The application's journal names who asked.
///
/// # Errors
/// ERR0024 without an id.
pub fn send_again(_: &Engine, tx: &mut Tx<'_>, request: &SendAgain) -> Outcome<SentAgain> {
    let now = tx.now();
    let id = required(&request.id)?;
    let answer = |sent_again| {
        Ok(Ok(SentAgain {
            id: id.clone(),
            sent_again,
        }))
    };
    // Ids are ours; a longer one would not fit into a key.
    let event = match id.len() {
        1..=64 => tx.get::<CallbackEvent>(id)?,
        _ => None,
    };
    let Some(mut event) = event.filter(|it| it.state == EventState::Dead) else {
        return answer(false);
    };
    let callbacks = tx.get::<Callbacks>(&event.application)?;
    let url = callbacks
        .as_ref()
        .and_then(|it| it.urls.iter().find(|url| url.id == event.url));
    let Some(url) = url else {
        return answer(false);
    };
    let mut owner = application::find(tx, &event.application)?;
    let parameters = json!({
        "id": url.id,
        "name": url.name,
        "event": event.id,
        "attempts": event.attempts,
        "externalUserId": request.external_user_id,
    });
    application::note(tx, &mut owner, "callback_sent_again", &parameters)?;
    tx.put(&owner);
    event.state = EventState::Pending;
    event.due = now;
    event.attempts = 0;
    event.retained_until = None;
    tx.put(&event);
    answer(true)
}
