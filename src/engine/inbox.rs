//! Messages for users: how they come in, and how they are read (mobile API specification, 7.2 and 9.5).
//!
//! Reading everything at once moves one mark per user and application instead of writing every message. A message that
//! comes later is created after the mark, whatever the clock says.

use super::json::Moment;
use super::operation::MAX_APPLICATIONS;
use super::pages::{PageBounds, scan_page};
use super::{Engine, EngineStop, Error, ErrorCode, MAX_TEXT, Outcome, digest, unique_uuid};
use crate::model::application::Application;
use crate::model::inbox::{INBOX, InboxBody, InboxMessage, InboxSeen, UNREAD, owner};
use crate::store::{Range, Tx};
use serde::{Deserialize, Serialize};

/// Messages that one count looks at.
const MAX_COUNT: usize = 10_000;
/// Characters of subject and summary at least.
const SHORTEST: usize = 8;
/// Characters of a body at most.
const MAX_BODY: usize = 65_536;

/// Request of [`post`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(rename = "InboxMessagePost", extend("required" = ["userId", "applications", "type", "subject", "summary", "body"])))]
#[serde(default, rename_all = "camelCase")]
pub struct PostMessage {
    /// The user, 1 to 255 characters.
    pub user_id: Option<String>,
    /// Applications that show it, 1 to 12.
    pub applications: Option<Vec<String>>,
    /// `text` or `html`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["text", "html"])))]
    pub kind: Option<String>,
    /// Subject, 8 to 255 characters.
    pub subject: Option<String>,
    /// Summary, 8 to 255 characters.
    pub summary: Option<String>,
    /// Body, 8 to 65,536 characters.
    pub body: Option<String>,
}

/// A message with everything.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "InboxMessageDetail")
)]
#[serde(rename_all = "camelCase")]
pub struct MessageDetail {
    /// UUID.
    pub id: String,
    /// The user.
    pub user_id: String,
    /// Applications that show it.
    pub applications: Vec<String>,
    /// `text` or `html`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = ["text", "html"])))]
    pub kind: &'static str,
    /// Subject.
    pub subject: String,
    /// Summary.
    pub summary: String,
    /// Body.
    pub body: String,
    /// Whether it was read.
    pub read: bool,
    /// Creation.
    pub timestamp_created: Moment,
}

/// `text` or `html`.
pub(crate) fn kind(message: &InboxMessage) -> &'static str {
    if message.html { "html" } else { "text" }
}

fn refuse(text: &'static str) -> EngineStop {
    Error::with_detail(ErrorCode::InvalidRequest, text).into()
}

fn text<'a>(
    given: &'a Option<String>,
    least: usize,
    most: usize,
    name: &'static str,
) -> Result<&'a str, EngineStop> {
    let fits = |it: &&str| (least..=most).contains(&it.chars().take(most + 1).count());
    given.as_deref().filter(fits).ok_or_else(|| refuse(name))
}

/// Puts a message into the inbox of a user. ERR0024 names the attribute that does not fit; ERR0015 for an unknown
/// application.
pub fn post(engine: &Engine, tx: &mut Tx<'_>, request: &PostMessage) -> Outcome<MessageDetail> {
    let user = text(&request.user_id, 1, MAX_TEXT, "userId")?;
    let html = match request.kind.as_deref() {
        Some("text") => false,
        Some("html") => true,
        _ => return Err(refuse("type")),
    };
    let subject = text(&request.subject, SHORTEST, MAX_TEXT, "subject")?;
    let summary = text(&request.summary, SHORTEST, MAX_TEXT, "summary")?;
    let body = text(&request.body, SHORTEST, MAX_BODY, "body")?;
    let mut applications = Vec::new();
    for id in request.applications.iter().flatten() {
        if !applications.contains(id) {
            applications.push(id.clone());
        }
    }
    if applications.is_empty() || applications.len() > MAX_APPLICATIONS {
        return Err(refuse("applications"));
    }
    for id in &applications {
        tx.want::<Application>(id);
        tx.want::<InboxSeen>(&seen_id(id, user));
    }
    let mut created = tx.now();
    for id in &applications {
        // No application is ever removed.
        tx.peek::<Application>(id)?.ok_or(ErrorCode::InvalidApplication)?;
        if let Some(seen) = tx.get::<InboxSeen>(&seen_id(id, user))? {
            created = created.max(seen.until.saturating_add(1));
        }
    }
    let id = unique_uuid::<InboxMessage>(engine, tx, ErrorCode::UnableToGenerateToken)?;
    let message = InboxMessage {
        id: id.clone(),
        user: user.to_owned(),
        applications,
        html,
        subject: subject.to_owned(),
        summary: summary.to_owned(),
        created,
        read: None,
    };
    tx.put(&message);
    tx.put(&InboxBody {
        id,
        body: body.to_owned(),
    });
    Ok(Ok(MessageDetail {
        kind: kind(&message),
        read: false,
        timestamp_created: Moment::from_millis(created),
        id: message.id,
        user_id: message.user,
        applications: message.applications,
        subject: message.subject,
        summary: message.summary,
        body: body.to_owned(),
    }))
}

/// A user in an application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) application: &'a str,
    pub(crate) user: &'a str,
}

fn seen_id(application: &str, user: &str) -> String {
    digest(&[application, user])
}

impl Reader<'_> {
    fn owner(&self) -> Vec<u8> {
        owner(self.application, self.user)
    }

    /// Until when everything is read; a mark of a moment ago does no harm.
    fn seen(&self, tx: &mut Tx<'_>) -> Result<Option<u64>, EngineStop> {
        let seen = tx.peek::<InboxSeen>(&seen_id(self.application, self.user))?;
        Ok(seen.map(|it| it.until))
    }

    fn owns(&self, message: &InboxMessage) -> bool {
        message.user == self.user && message.applications.iter().any(|id| id == self.application)
    }
}

fn is_read(message: &InboxMessage, seen: Option<u64>) -> bool {
    message.read.is_some() || seen.is_some_and(|until| message.created <= until)
}

/// Unread messages, at most 10,000.
pub(crate) fn count(tx: &mut Tx<'_>, reader: Reader<'_>) -> Result<usize, EngineStop> {
    let seen = reader.seen(tx)?;
    let mut range = Range {
        from: seen.map_or(0, |until| until.saturating_add(1)),
        ..Range::all(UNREAD, reader.owner(), 1_000)
    };
    let mut count = 0;
    loop {
        let (found, next) = tx.scan::<InboxMessage>(range.clone())?;
        count += found.iter().filter(|it| !is_read(it, seen)).count();
        match next {
            Some(next) if count < MAX_COUNT => range.after = Some(next),
            _ => return Ok(count.min(MAX_COUNT)),
        }
    }
}

/// Part of the inbox, newest first, each message with whether it was read.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    reader: Reader<'_>,
    only_unread: bool,
    bounds: PageBounds,
) -> Result<Vec<(InboxMessage, bool)>, EngineStop> {
    let seen = reader.seen(tx)?;
    let index = if only_unread { UNREAD } else { INBOX };
    let keep = |it: &InboxMessage| !only_unread || !is_read(it, seen);
    let found = scan_page::<InboxMessage>(tx, index, reader.owner(), bounds, keep)?;
    let told = |it: InboxMessage| {
        let read = is_read(&it, seen);
        (it, read)
    };
    Ok(found.into_iter().map(told).collect())
}

/// A message with its body, and whether it was read; none when it is not in this inbox.
pub(crate) fn detail(
    tx: &mut Tx<'_>,
    reader: Reader<'_>,
    id: &str,
) -> Result<Option<(InboxMessage, String, bool)>, EngineStop> {
    tx.want::<InboxBody>(id);
    let seen = reader.seen(tx)?;
    let Some(message) = tx.peek::<InboxMessage>(id)?.filter(|it| reader.owns(it)) else {
        return Ok(None);
    };
    let body = tx.peek::<InboxBody>(id)?.map(|it| it.body).unwrap_or_default();
    let read = is_read(&message, seen);
    Ok(Some((message, body, read)))
}

/// Marks a message as read; one that was read stays as it is. Answers whether it is in this inbox.
pub(crate) fn read(tx: &mut Tx<'_>, reader: Reader<'_>, id: &str) -> Result<bool, EngineStop> {
    let seen = reader.seen(tx)?;
    let Some(mut message) = tx.get::<InboxMessage>(id)?.filter(|it| reader.owns(it)) else {
        return Ok(false);
    };
    if !is_read(&message, seen) {
        message.read = Some(tx.now());
        tx.put(&message);
    }
    Ok(true)
}

/// Marks everything in an inbox as read.
pub(crate) fn read_all(tx: &mut Tx<'_>, reader: Reader<'_>) -> Result<(), EngineStop> {
    let id = seen_id(reader.application, reader.user);
    let newest = Range {
        newest_first: true,
        ..Range::all(INBOX, reader.owner(), 1)
    };
    let seen = tx.get::<InboxSeen>(&id)?.map(|it| it.until);
    let (newest, _) = tx.scan::<InboxMessage>(newest)?;
    // A message may have been created ahead of the clock.
    let newest = newest.first().map_or(0, |it| it.created);
    let until = newest.max(tx.now());
    if seen.is_none_or(|known| known < until) {
        tx.put(&InboxSeen { owner: id, until });
    }
    Ok(())
}
