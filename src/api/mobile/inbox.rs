//! The inbox of messages (mobile API specification, 7.2). All calls need a token; user and application are the token's.

use serde::{Deserialize, Serialize};

use super::super::http::Response;
use super::super::phone::{PhoneRequest, or_refuse, request_object, with_token};
use super::dialect::Differences;
use super::error::{INBOX_FAILED, INVALID_REQUEST, Refusal, UNAUTHENTICATED};
use super::view::moment;
use crate::crypto::signature::SignatureType;
use crate::engine::inbox::{self, Reader};
use crate::engine::json::Moment;
use crate::engine::pages::PageBounds;
use crate::engine::{Engine, EngineStop};
use crate::model::inbox::InboxMessage;
use crate::store::{Decision, Tx};

/// Messages on a page when the phone names no size.
const DEFAULT_SIZE: usize = 100;
/// Largest page.
const MAX_SIZE: usize = 2_000;

/// A message in answers.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "InboxMessage")
)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageView {
    /// UUID.
    id: String,
    /// `text` or `html`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Subject.
    subject: String,
    /// Summary.
    summary: String,
    /// Body; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// Whether it was read.
    read: bool,
    /// Creation: ISO 8601 with an offset, with milliseconds where the dialect has them.
    timestamp_created: String,
}

impl MessageView {
    fn of(message: InboxMessage, body: Option<String>, read: bool, rules: &Differences) -> Self {
        Self {
            kind: inbox::kind(&message),
            timestamp_created: match rules.exact_inbox_times {
                true => Moment::from_millis(message.created).to_iso(),
                false => moment(message.created),
            },
            id: message.id,
            subject: message.subject,
            summary: message.summary,
            body,
            read,
        }
    }
}

/// Runs `answer` for the user and application of the token.
fn with_reader(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
    answer: impl FnOnce(&mut Tx<'_>, Reader<'_>) -> Result<Result<Response, Refusal>, EngineStop>,
) -> Decision<Response, Response> {
    let refuse = |_: &_| rules.refuse(INBOX_FAILED);
    let holder = with_token(engine, tx, request, SignatureType::WITH_POSSESSION);
    let Some(holder) = or_refuse(holder, refuse)? else {
        return Ok(Err(rules.refuse(UNAUTHENTICATED)));
    };
    let reader = Reader {
        application: &holder.activation.application,
        user: &holder.activation.user,
    };
    let answered = or_refuse(answer(tx, reader), refuse)?;
    Ok(answered.map_err(|refusal| rules.refuse(refusal)))
}

/// Answer of [`count`].
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "InboxCount")
)]
#[serde(rename_all = "camelCase")]
pub(super) struct UnreadCount {
    /// Number of unread messages.
    count_unread: usize,
}

/// Number of unread messages.
pub(super) fn count(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    with_reader(rules, engine, tx, request, |tx, reader| {
        let count_unread = inbox::count(tx, reader)?;
        Ok(Ok(Response::ok(&UnreadCount { count_unread })))
    })
}

/// Which part of the inbox.
#[derive(Default, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "InboxListRequest")
)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ListRequest {
    /// Page, from 0.
    page: Option<i64>,
    /// Messages per page; 100 when absent, at most 2,000.
    size: Option<i64>,
    /// Whether read messages are left out.
    only_unread: Option<bool>,
}

/// A page of messages, newest first, without their bodies.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "InboxPage")
)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    /// `OK`.
    status: &'static str,
    /// As asked for.
    page: i64,
    /// As asked for.
    size: i64,
    /// Newest first.
    response_object: Vec<MessageView>,
}

/// Part of the inbox. Page and size are told back as they were asked for.
pub(super) fn list(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    with_reader(rules, engine, tx, request, |tx, reader| {
        let asked = match request_object::<ListRequest>(&request.body) {
            Some(asked) => asked,
            None if has_object(&request.body) => return Ok(Err(INVALID_REQUEST)),
            None => ListRequest::default(),
        };
        let size = usize::try_from(asked.size.unwrap_or(0)).unwrap_or(0);
        let take = if size == 0 {
            DEFAULT_SIZE
        } else {
            size.min(MAX_SIZE)
        };
        let page = usize::try_from(asked.page.unwrap_or(0)).unwrap_or(0);
        let skip = page.saturating_mul(take);
        let only_unread = asked.only_unread.unwrap_or(false);
        let found = inbox::list(tx, reader, only_unread, PageBounds { skip, take })?;
        let messages = found.into_iter();
        let page = Page {
            status: "OK",
            page: asked.page.unwrap_or(0),
            size: asked.size.unwrap_or(i64::try_from(DEFAULT_SIZE).unwrap_or(0)),
            response_object: messages
                .map(|(message, read)| MessageView::of(message, None, read, rules))
                .collect(),
        };
        Ok(Ok(Response::json(200, &page)))
    })
}

/// Whether there is an object, of whatever form.
fn has_object(body: &[u8]) -> bool {
    request_object::<serde_json::Value>(body).is_some_and(|it| !it.is_null())
}

/// Names a message.
#[derive(Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "InboxMessageName")
)]
pub(super) struct MessageRequest {
    /// The message.
    id: String,
}

/// One message with its body.
pub(super) fn detail(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    with_reader(rules, engine, tx, request, |tx, reader| {
        let Some(MessageRequest { id }) = request_object(&request.body) else {
            return Ok(Err(INVALID_REQUEST));
        };
        let Some((message, body, read)) = inbox::detail(tx, reader, &id)? else {
            return Ok(Err(INBOX_FAILED));
        };
        let view = MessageView::of(message, Some(body), read, rules);
        Ok(Ok(match rules.message_in_list {
            true => Response::ok(&[view]),
            false => Response::ok(&view),
        }))
    })
}

/// Marks one message as read.
pub(super) fn read(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    with_reader(rules, engine, tx, request, |tx, reader| {
        let Some(MessageRequest { id }) = request_object(&request.body) else {
            return Ok(Err(INVALID_REQUEST));
        };
        let known = inbox::read(tx, reader, &id)?;
        Ok(if known {
            Ok(Response::ok(&()))
        } else {
            Err(INBOX_FAILED)
        })
    })
}

/// Marks all messages as read.
pub(super) fn read_all(
    rules: &Differences,
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PhoneRequest,
) -> Decision<Response, Response> {
    with_reader(rules, engine, tx, request, |tx, reader| {
        inbox::read_all(tx, reader)?;
        Ok(Ok(Response::ok(&())))
    })
}
