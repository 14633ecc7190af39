//! The remaining endpoints of the protocol: recovery confirmation, removal, detail, renaming, user information, server
//! time (spec section 11, 13.4).

use super::application::Application;
use super::device::Device;
use super::error::{ReplyError, RequestError};
use super::factors::Authentication;
use super::generic::PendingEncrypted;
use super::message::{Call, MaybeWrapped, Request, response_object, secret_json, succeeded};
use super::seal::{open, parse};
use super::unsaved::Unsaved;
use crate::crypto::code::RecoveryCode;
use crate::crypto::ecies::{Purpose, ResponseOpener};
use crate::crypto::random::Random;
use crate::crypto::signature::SignatureType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Reads the answer to a recovery confirmation.
#[derive(Debug)]
pub struct PendingRecoveryConfirmation {
    opener: ResponseOpener,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmRequest<'a> {
    recovery_code: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmReply {
    already_confirmed: bool,
}

impl PendingRecoveryConfirmation {
    /// Reads the reply: whether the code had been confirmed before.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not acceptable.
    pub fn read(self, status: u16, body: &[u8]) -> Result<bool, ReplyError> {
        let reply: ConfirmReply = parse(&open(self.opener, status, body)?)?;
        Ok(reply.already_confirmed)
    }
}

/// Reads the answer to a removal.
#[derive(Debug)]
pub struct PendingRemoval {
    activation_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemovalReply {
    activation_id: Option<String>,
}

impl PendingRemoval {
    /// Reads the reply. Erase the stored device afterwards: the activation is gone.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused.
    pub fn read(self, status: u16, body: &[u8]) -> Result<(), ReplyError> {
        let reply: RemovalReply = response_object(status, body)?;
        match reply.activation_id {
            Some(id) if !id.eq_ignore_ascii_case(&self.activation_id) => Err(ReplyError::OtherActivation),
            _ => Ok(()),
        }
    }
}

/// What the server lists about the activation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivationDetail {
    /// Identifier of the activation.
    pub activation_id: String,
    /// Name for lists the user sees.
    pub activation_name: Option<String>,
}

/// Reads the answer about name and identifier of the activation.
#[derive(Debug)]
pub struct PendingDetail {
    pending: PendingEncrypted,
    activation_id: String,
}

impl PendingDetail {
    /// Opens the reply, with or without the wrapper of plain endpoints inside.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not acceptable.
    pub fn read(self, status: u16, body: &[u8]) -> Result<ActivationDetail, ReplyError> {
        let reply: MaybeWrapped<ActivationDetail> = self.pending.read_json(status, body)?;
        let detail = reply.into_object();
        if detail.activation_id.eq_ignore_ascii_case(&self.activation_id) {
            Ok(detail)
        } else {
            Err(ReplyError::OtherActivation)
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RenameRequest<'a> {
    activation_name: &'a str,
}

impl Device {
    /// Confirms a recovery code the user received on paper, signed with phone and PIN.
    ///
    /// # Errors
    /// [`RequestError::Factors`] for another combination, and all of [`Device::sign`] and of encryption; the counter has
    /// not moved then.
    pub fn confirm_recovery(
        &mut self,
        code: &RecoveryCode,
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingRecoveryConfirmation>>, RequestError> {
        authentication.must_be(&[SignatureType::PossessionKnowledge])?;
        let recovery_code = code.as_str();
        let plain = secret_json(&ConfirmRequest { recovery_code }, "code")?;
        let (body, opener) = self
            .binding()
            .body(Purpose::RecoveryConfirm, plain.as_bytes(), now_ms, rng)?;
        let signed = self.signed_post(
            "/pa/v3/recovery/confirm",
            "/pa/recovery/confirm",
            &body,
            authentication,
            rng,
        )?;
        Ok(signed.map(|request| Call {
            request,
            pending: PendingRecoveryConfirmation { opener },
        }))
    }

    /// Removes the activation for good, signed with two or three factors.
    ///
    /// # Errors
    /// [`RequestError::Factors`] for a single factor, and all of [`Device::sign`].
    pub fn remove_activation(
        &mut self,
        authentication: &Authentication<'_>,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingRemoval>>, RequestError> {
        authentication.must_be(SignatureType::TWO_OR_THREE_FACTORS)?;
        let signed = self.signed_post(
            "/pa/v3/activation/remove",
            "/pa/activation/remove",
            b"{}",
            authentication,
            rng,
        )?;
        let activation_id = self.activation_id.clone();
        Ok(signed.map(|request| Call {
            request,
            pending: PendingRemoval { activation_id },
        }))
    }

    /// Asks for the name of the activation. The token must have been created with two factors.
    ///
    /// # Errors
    /// All of [`Device::encrypt_with_token`].
    pub fn request_detail(
        &self,
        token: &str,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingDetail>, RequestError> {
        let call = self.encrypt_with_token("/pa/v3/activation/detail", b"{}", token, now_ms, rng)?;
        Ok(Call {
            request: call.request,
            pending: PendingDetail {
                pending: call.pending,
                activation_id: self.activation_id.clone(),
            },
        })
    }

    /// Renames the activation, signed with two factors.
    ///
    /// # Errors
    /// [`RequestError::Factors`] for a single factor, and all of [`Device::encrypt_and_sign`].
    pub fn rename(
        &mut self,
        name: &str,
        authentication: &Authentication<'_>,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingDetail>>, RequestError> {
        authentication.must_be(SignatureType::TWO_OR_THREE_FACTORS)?;
        let activation_name = name;
        let plain = secret_json(&RenameRequest { activation_name }, "name")?;
        let signed = self.encrypt_and_sign(
            "/pa/v3/activation/rename",
            "/pa/activation/rename",
            plain.as_bytes(),
            authentication,
            now_ms,
            rng,
        )?;
        let activation_id = self.activation_id.clone();
        Ok(signed.map(|call| Call {
            request: call.request,
            pending: PendingDetail {
                pending: call.pending,
                activation_id,
            },
        }))
    }

    /// Asks for claims about the user; read them with [`PendingEncrypted::read_json`] as a JSON object.
    ///
    /// # Errors
    /// All of [`Device::encrypt`].
    pub fn request_user_info(
        &self,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingUserInfo>, RequestError> {
        let call = self.encrypt("/pa/v3/user/info", b"{}", now_ms, rng)?;
        Ok(Call {
            request: call.request,
            pending: PendingUserInfo(call.pending),
        })
    }
}

/// Reads claims about the user.
#[derive(Debug)]
pub struct PendingUserInfo(PendingEncrypted);

impl PendingUserInfo {
    /// Opens the reply: claims such as `sub` or `given_name`; empty where the edge has no provider.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not acceptable.
    pub fn read(self, status: u16, body: &[u8]) -> Result<Map<String, Value>, ReplyError> {
        self.0.read_json(status, body)
    }
}

/// What the server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStatus {
    /// Unix time of the server in milliseconds.
    pub server_time_ms: u64,
    /// Name of the server application.
    pub name: Option<String>,
    /// Version of the server application.
    pub version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerStatusReply {
    server_time: u64,
    application: Option<ServerBuild>,
}

#[derive(Deserialize)]
struct ServerBuild {
    name: Option<String>,
    version: Option<String>,
}

/// Reads the answer to a question for the server's time.
#[derive(Debug)]
pub struct PendingServerStatus(());

impl PendingServerStatus {
    /// Reads the reply. The time is not authenticated: use it to correct a clock, not to judge.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not acceptable.
    pub fn read(self, status: u16, body: &[u8]) -> Result<ServerStatus, ReplyError> {
        succeeded(status, body)?;
        let reply: MaybeWrapped<ServerStatusReply> =
            serde_json::from_slice(body).map_err(|_| ReplyError::Malformed("body"))?;
        let reply = reply.into_object();
        let (name, version) = reply
            .application
            .map_or((None, None), |build| (build.name, build.version));
        Ok(ServerStatus {
            server_time_ms: reply.server_time,
            name,
            version,
        })
    }
}

impl Application {
    /// Asks for the server's time; versions 3.2 and 3.3 need a clock that is right within a minute.
    #[must_use]
    pub fn request_server_status(&self) -> Call<PendingServerStatus> {
        Call {
            request: Request::post("/pa/v3/status", b"{}".to_vec()),
            pending: PendingServerStatus(()),
        }
    }
}
