//! Push registration, inbox and codes for sibling apps (mobile API section 7).
//!
//! | call | authenticated with |
//! |---|---|
//! | register for push messages | a token, or a signature with possession |
//! | inbox | a token |
//! | code for a sibling app | signature with two factors, encrypted |

use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::factors::Authentication;
use super::generic::PendingEncrypted;
use super::message::{Call, PendingDone, Request, request_object, response_object, wrapped};
use super::unsaved::Unsaved;
use crate::crypto::random::Random;
use crate::crypto::signature::SignatureType;
use serde::{Deserialize, Serialize};

/// What a phone registers for push messages.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PushRegistration<'a> {
    /// `ios`, `android`, `huawei`; newer servers: `apns`, `fcm`, `hms`.
    pub platform: &'a str,
    /// The platform's name of the device.
    pub token: &'a str,
    /// `development` or `production`, for Apple's devices and newer servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<&'a str>,
}

/// A message of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboxMessage {
    /// Identifier.
    pub id: String,
    /// `text`, `html`, or a kind yet unknown.
    #[serde(rename = "type")]
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Summary.
    #[serde(default)]
    pub summary: String,
    /// Body; in a detail only.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether it was read.
    pub read: bool,
    /// Creation, as the server wrote it; [`read_time`](super::read_time) reads it.
    pub timestamp_created: String,
}

/// Part of an inbox.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InboxPage {
    /// Page, from 0.
    pub page: u32,
    /// Messages per page.
    pub size: u32,
    /// Whether read messages are left out.
    pub only_unread: bool,
}

/// Reads the number of unread messages.
#[derive(Debug)]
pub struct PendingInboxCount(());

impl PendingInboxCount {
    /// Reads the reply.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is malformed.
    pub fn read(self, status: u16, body: &[u8]) -> Result<u64, ReplyError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Count {
            count_unread: u64,
        }
        response_object::<Count>(status, body).map(|it| it.count_unread)
    }
}

/// Reads a list of messages.
#[derive(Debug)]
pub struct PendingInbox(());

impl PendingInbox {
    /// Reads the reply: messages without their bodies, newest first.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is malformed.
    pub fn read(self, status: u16, body: &[u8]) -> Result<Vec<InboxMessage>, ReplyError> {
        response_object(status, body)
    }
}

/// Reads one message.
#[derive(Debug)]
pub struct PendingInboxMessage {
    id: String,
}

impl PendingInboxMessage {
    /// Reads the reply. Servers differ in whether they answer with the message or a list of it.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or answered with another message.
    pub fn read(self, status: u16, body: &[u8]) -> Result<InboxMessage, ReplyError> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrList {
            One(InboxMessage),
            List([InboxMessage; 1]),
        }
        let message = match response_object(status, body)? {
            OneOrList::One(message) | OneOrList::List([message]) => message,
        };
        if message.id == self.id {
            Ok(message)
        } else {
            Err(ReplyError::Malformed("id"))
        }
    }
}

/// An activation code for a sibling app.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpawnedCode {
    /// The new activation.
    pub activation_id: String,
    /// Code for the other app.
    pub activation_code: String,
    /// Base64 of the server's signature of the code.
    pub activation_signature: String,
}

impl core::fmt::Debug for SpawnedCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SpawnedCode")
            .field("activation_id", &self.activation_id)
            .finish_non_exhaustive()
    }
}

/// Reads an activation code for a sibling app.
#[derive(Debug)]
pub struct PendingSpawnedCode(PendingEncrypted);

impl PendingSpawnedCode {
    /// Opens the reply.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply cannot be opened.
    pub fn read(self, status: u16, body: &[u8]) -> Result<SpawnedCode, ReplyError> {
        let plain = self.0.read(status, body)?;
        wrapped(200, plain.as_bytes())?
            .response_object
            .ok_or(ReplyError::Malformed("responseObject"))
    }
}

#[derive(Serialize)]
struct Identified<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeRequest<'a> {
    application_id: &'a str,
    otp: &'a str,
}

impl Device {
    /// Registers for push messages.
    ///
    /// # Errors
    /// [`RequestError::NoToken`] when there is no token of this name, [`RequestError::Random`] when the source fails.
    pub fn register_push(
        &self,
        registration: &PushRegistration<'_>,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingDone>, RequestError> {
        let body = request_object(registration)?;
        let request = self.token_post("/api/push/device/register/token", body, token, now_ms, rng)?;
        Ok(done(request))
    }

    /// As [`register_push`](Self::register_push), signed with the phone alone.
    ///
    /// # Errors
    /// All of [`Device::sign`].
    pub fn register_push_signed(
        &mut self,
        registration: &PushRegistration<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingDone>>, RequestError> {
        let body = request_object(registration)?;
        let possession = Authentication::Possession;
        let (path, uri_id) = ("/api/push/device/register", "/push/device/register");
        let signed = self.signed_post(path, uri_id, &body, &possession, rng)?;
        Ok(signed.map(done))
    }

    /// Asks how many messages are unread.
    ///
    /// # Errors
    /// As [`Device::register_push`].
    pub fn count_inbox(
        &self,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingInboxCount>, RequestError> {
        let request = self.token_post("/api/inbox/count", b"{}".to_vec(), token, now_ms, rng)?;
        Ok(Call {
            request,
            pending: PendingInboxCount(()),
        })
    }

    /// Asks for messages, newest first.
    ///
    /// # Errors
    /// As [`Device::register_push`].
    pub fn list_inbox(
        &self,
        page: &InboxPage,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingInbox>, RequestError> {
        let body = request_object(page)?;
        let request = self.token_post("/api/inbox/message/list", body, token, now_ms, rng)?;
        Ok(Call {
            request,
            pending: PendingInbox(()),
        })
    }

    /// Asks for one message with its body.
    ///
    /// # Errors
    /// As [`Device::register_push`].
    pub fn request_message(
        &self,
        id: &str,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingInboxMessage>, RequestError> {
        let body = request_object(Identified { id })?;
        let request = self.token_post("/api/inbox/message/detail", body, token, now_ms, rng)?;
        Ok(Call {
            request,
            pending: PendingInboxMessage { id: id.to_owned() },
        })
    }

    /// Marks a message as read.
    ///
    /// # Errors
    /// As [`Device::register_push`].
    pub fn mark_read(
        &self,
        id: &str,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingDone>, RequestError> {
        let body = request_object(Identified { id })?;
        let request = self.token_post("/api/inbox/message/read", body, token, now_ms, rng)?;
        Ok(done(request))
    }

    /// Marks all messages as read.
    ///
    /// # Errors
    /// As [`Device::register_push`].
    pub fn mark_all_read(
        &self,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingDone>, RequestError> {
        let path = "/api/inbox/message/read-all";
        let request = self.token_post(path, b"{}".to_vec(), token, now_ms, rng)?;
        Ok(done(request))
    }

    /// Asks for an activation code of a sibling app. The other app activates with it and with `otp`, of 16 characters at
    /// least.
    ///
    /// # Errors
    /// [`RequestError::Factors`] unless phone and one more factor sign, and all of [`Device::encrypt_and_sign`].
    pub fn request_sibling_code(
        &mut self,
        application_id: &str,
        otp: &str,
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingSpawnedCode>>, RequestError> {
        authentication.must_be(SignatureType::TWO_FACTORS)?;
        let path = "/api/activation/code";
        let body = request_object(CodeRequest { application_id, otp })?;
        let call = self.encrypt_and_sign(path, path, &body, authentication, now_ms, rng)?;
        Ok(call.map(|Call { request, pending }| Call {
            request,
            pending: PendingSpawnedCode(pending),
        }))
    }
}

fn done(request: Request) -> Call<PendingDone> {
    Call {
        request,
        pending: PendingDone(()),
    }
}
