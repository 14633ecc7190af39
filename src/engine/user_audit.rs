//! Events of a user in one application, from all journals that tell of them (cloud API, section 6).
//!
//! | journal | events |
//! |---|---|
//! | signatures of the user | `signature_ok`, `signature_failed` |
//! | operations of the user | `operation_…` |
//! | notes of the user's activations | `token_ok`, `token_failed`, `flags_changed` |
//! | histories of the user's activations | `activation_…`, from one state to the next |

use std::collections::BTreeSet;

use serde_json::Value;

use super::pages::{PageBounds, journal_page, scan_page};
use super::{EngineStop, json::Moment};
use crate::crypto::base::SignatureBase;
use crate::model::activation::{self, Activation, ActivationStatus};
use crate::model::journal::{
    ACTIVATION_NOTES, Entry, Event, HISTORY, History, OPERATION_AUDIT, SIGNATURES, Signature, Subject,
};
use crate::model::operation::{self, Operation};
use crate::store::{Range, Tx};

/// Newest activations of a user that are looked at, and newest lines of the history of each.
const MAX_ACTIVATIONS: usize = 200;
const MAX_HISTORY: u32 = 200;

/// Kinds of notes that are events, too, under the same name.
const OPERATION_EVENTS: [&str; 6] = [
    "operation_created",
    "operation_approved",
    "operation_rejected",
    "operation_failed",
    "operation_expired",
    "operation_canceled",
];
/// A token was accepted.
pub(crate) const TOKEN_OK: &str = "token_ok";
/// A token was not accepted.
pub(crate) const TOKEN_FAILED: &str = "token_failed";
const FLAGS_CHANGED: &str = "flags_changed";

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct UserEvent {
    /// The activation it is about, where there is one.
    pub(crate) activation: Option<String>,
    /// One of the published names.
    pub(crate) kind: &'static str,
    /// More about it.
    pub(crate) data: Option<String>,
    /// When, in milliseconds since the epoch.
    pub(crate) at: u64,
    /// Position in its journal: order among those of one millisecond.
    number: u64,
}

/// Which part of the events: a window, both ends included, and a part of what is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) bounds: PageBounds,
}

/// The events, newest first; none when the application has never seen the user. ERR0024 when they lie too far back.
pub(crate) fn events(
    tx: &mut Tx<'_>,
    application: &str,
    user: &str,
    window: Window,
) -> Result<Option<Vec<UserEvent>>, EngineStop> {
    let newest = PageBounds {
        skip: 0,
        take: MAX_ACTIVATIONS,
    };
    let own = |it: &Activation| it.application == application;
    let activations = scan_page::<Activation>(tx, activation::BY_USER, user, newest, own)?;
    let one = PageBounds { skip: 0, take: 1 };
    let ours = |it: &Operation| it.applications.iter().any(|id| id == application);
    if activations.is_empty() && scan_page::<Operation>(tx, operation::BY_USER, user, one, ours)?.is_empty() {
        return Ok(None);
    }
    let ids: BTreeSet<&str> = activations.iter().map(|it| it.id.as_str()).collect();
    let PageBounds { skip, take } = window.bounds;
    let most = skip.saturating_add(take);
    let mut page = |index, event: &dyn Fn(&Entry) -> Option<UserEvent>| {
        let span = (Moment::from_millis(window.from), Moment::from_millis(window.to));
        journal_page(tx, (index, user), span, most, event)
    };
    let mut events = page(SIGNATURES, &|it| of_signature(it, application))?;
    events.extend(page(OPERATION_AUDIT, &|it| of_operation(it, application))?);
    events.extend(page(ACTIVATION_NOTES, &|it| of_note(it, &ids))?);
    events.extend(of_histories(tx, &activations, window)?);
    events.sort_by_key(|it| std::cmp::Reverse((it.at, it.number)));
    Ok(Some(events.into_iter().skip(skip).take(take).collect()))
}

fn event(entry: &Entry, activation: Option<&str>, kind: &'static str, data: Option<String>) -> UserEvent {
    UserEvent {
        activation: activation.map(str::to_owned),
        kind,
        data,
        at: entry.at,
        number: entry.number,
    }
}

fn of_signature(entry: &Entry, application: &str) -> Option<UserEvent> {
    let (Event::Signature(it), Subject::Activation(id)) = (&entry.event, &entry.subject) else {
        return None;
    };
    if it.application != application {
        return None;
    }
    let kind = match it.valid {
        true => "signature_ok",
        false => "signature_failed",
    };
    Some(event(entry, Some(id), kind, Some(signed(it))))
}

/// Method, resource and body, line by line; the text itself when it is none of a request.
fn signed(signature: &Signature) -> String {
    match SignatureBase::parse(&signature.data) {
        Ok(base) => {
            let body = String::from_utf8_lossy(&base.data);
            format!("{}\n{}\n{body}", base.method, base.uri_id)
        }
        Err(_) => signature.data.clone(),
    }
}

fn of_operation(entry: &Entry, application: &str) -> Option<UserEvent> {
    let (Event::Note(note), Subject::Operation(id)) = (&entry.event, &entry.subject) else {
        return None;
    };
    let kind = OPERATION_EVENTS.into_iter().find(|kind| *kind == note.kind)?;
    let parameters: Value = serde_json::from_str(&note.parameters).ok()?;
    let applications = parameters.get("applications")?.as_array()?;
    if !applications.iter().any(|it| it.as_str() == Some(application)) {
        return None;
    }
    let additional = parameters.get("additionalData");
    let actor = additional.and_then(|it| it.get("activationId")?.as_str());
    Some(event(entry, actor, kind, Some(id.clone())))
}

fn of_note(entry: &Entry, ids: &BTreeSet<&str>) -> Option<UserEvent> {
    let (Event::Note(note), Subject::Activation(id)) = (&entry.event, &entry.subject) else {
        return None;
    };
    if !ids.contains(id.as_str()) {
        return None;
    }
    let parameters: Value = serde_json::from_str(&note.parameters).ok()?;
    let (kind, data) = match note.kind.as_str() {
        TOKEN_OK => (TOKEN_OK, parameters.get("tokenId")?.as_str()?.to_owned()),
        TOKEN_FAILED => (TOKEN_FAILED, parameters.get("tokenId")?.as_str()?.to_owned()),
        FLAGS_CHANGED => {
            let flags = parameters.get("flags")?.as_array()?.iter();
            (
                FLAGS_CHANGED,
                flags.filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            )
        }
        _ => return None,
    };
    Some(event(entry, Some(id), kind, Some(data)))
}

/// What the histories tell. A line without a change of state is none of these events.
fn of_histories(
    tx: &mut Tx<'_>,
    activations: &[Activation],
    window: Window,
) -> Result<Vec<UserEvent>, EngineStop> {
    let range = |it: &Activation| Range {
        newest_first: true,
        to: window.to,
        ..Range::all(HISTORY, it.id.as_str(), MAX_HISTORY)
    };
    // Announced one after the other, read at once.
    let pages: Vec<_> = activations.iter().map(|it| tx.scan::<Entry>(range(it))).collect();
    let mut events = Vec::new();
    for (activation, page) in activations.iter().zip(pages) {
        let (entries, more) = page?;
        let mut lines = entries.iter().rev();
        let mut before = match more {
            None => None,
            // What the oldest line has changed is told by one that was not read.
            Some(_) => lines.next().and_then(status),
        };
        for entry in lines {
            let Some(after) = status(entry) else {
                continue;
            };
            if let Some(kind) = step(before, after).filter(|_| entry.at >= window.from) {
                let data = match &entry.event {
                    Event::History(History { reason, .. }) => reason.clone(),
                    _ => None,
                };
                events.push(event(entry, Some(&activation.id), kind, data));
            }
            before = Some(after);
        }
    }
    Ok(events)
}

fn status(entry: &Entry) -> Option<ActivationStatus> {
    match &entry.event {
        Event::History(history) => Some(history.status),
        _ => None,
    }
}

/// The event of a step from one state to the next.
fn step(before: Option<ActivationStatus>, after: ActivationStatus) -> Option<&'static str> {
    use ActivationStatus::{Active, Blocked, Removed};
    match (before, after) {
        (None, _) => Some("activation_created"),
        (Some(before), after) if before == after => None,
        (Some(Blocked), Active) => Some("activation_unblocked"),
        (_, Active) => Some("activation_committed"),
        (_, Blocked) => Some("activation_blocked"),
        (_, Removed) => Some("activation_removed"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        use ActivationStatus::{Active, Blocked, Created, PendingCommit, Removed};
        for (before, after, expected) in [
            (None, Created, Some("activation_created")),
            (None, PendingCommit, Some("activation_created")),
            (Some(Created), PendingCommit, None),
            (Some(Created), Active, Some("activation_committed")),
            (Some(PendingCommit), Active, Some("activation_committed")),
            (Some(Active), Active, None),
            (Some(Active), Blocked, Some("activation_blocked")),
            (Some(Blocked), Active, Some("activation_unblocked")),
            (Some(Blocked), Removed, Some("activation_removed")),
            (Some(Created), Removed, Some("activation_removed")),
        ] {
            assert_eq!(step(before, after), expected, "{before:?} {after:?}");
        }
    }
}
