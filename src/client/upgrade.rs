//! Upgrade of an activation of protocol 2 to protocol 3 (spec section 10).
//!
//! ```text
//! phone ── start, sealed ──▶ server        creates the hash counter, once
//! phone ◀── sealed: CTR_DATA ── server
//! phone ── commit, signed with possession and the new counter ──▶ server
//! ```
//!
//! Both steps may be repeated after a failure of the network. A device that finds version 3 in its status is done.

use super::device::{Counter, Device};
use super::error::{ReplyError, RequestError};
use super::factors::Authentication;
use super::message::{Call, PendingDone, Request};
use super::seal::{open, parse};
use super::unsaved::Unsaved;
use crate::crypto::counter::HashCounter;
use crate::crypto::ecies::{Purpose, ResponseOpener};
use crate::crypto::encoding::base64;
use crate::crypto::header::AUTHORIZATION_HEADER;
use crate::crypto::random::Random;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartReply {
    ctr_data: String,
}

/// Reads the answer to an upgrade start.
#[derive(Debug)]
pub struct PendingUpgrade {
    opener: ResponseOpener,
}

impl PendingUpgrade {
    /// Opens the reply and puts the hash counter in place; only the commit can be signed from now on. Store the device
    /// afterwards.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused or the reply is not acceptable; nothing has changed then.
    pub fn read(self, device: &mut Device, status: u16, body: &[u8]) -> Result<(), ReplyError> {
        let reply: StartReply = parse(&open(self.opener, status, body)?)?;
        let data = base64::decode_array(&reply.ctr_data).map_err(|_| ReplyError::Malformed("ctrData"))?;
        device.counter = Counter::Hash {
            value: HashCounter::from_bytes(data),
            byte: None,
            upgrading: true,
        };
        Ok(())
    }
}

/// Reads the answer to an upgrade commit.
#[derive(Debug)]
pub struct PendingUpgradeCommit(());

impl PendingUpgradeCommit {
    /// Reads the reply and completes the upgrade. Store the device afterwards.
    ///
    /// # Errors
    /// [`ReplyError`] when the server refused; commit again, or ask for the status when an earlier commit may have
    /// arrived.
    pub fn read(self, device: &mut Device, status: u16, body: &[u8]) -> Result<(), ReplyError> {
        PendingDone(()).read(status, body)?;
        if let Counter::Hash { upgrading, .. } = &mut device.counter {
            *upgrading = false;
        }
        Ok(())
    }
}

impl Device {
    /// Starts the upgrade, or starts it again before the commit.
    ///
    /// # Errors
    /// [`RequestError::NothingToUpgrade`] for a device of generation 3, and those of encryption.
    pub fn start_upgrade(
        &self,
        now_ms: u64,
        rng: &mut dyn Random,
    ) -> Result<Call<PendingUpgrade>, RequestError> {
        if self.generation() == 3 && !self.is_upgrading() {
            return Err(RequestError::NothingToUpgrade);
        }
        let (body, opener) = self.binding().body(Purpose::UpgradeStart, b"{}", now_ms, rng)?;
        let (name, value) = self.application.encryption_header(Some(&self.activation_id));
        Ok(Call {
            request: Request::post("/pa/v3/upgrade/start", body).with_header(name, value),
            pending: PendingUpgrade { opener },
        })
    }

    /// Commits a started upgrade, signed with the phone alone.
    ///
    /// # Errors
    /// [`RequestError::NothingToUpgrade`] when none has been started, [`RequestError::Random`] when the source fails.
    pub fn commit_upgrade(
        &mut self,
        rng: &mut dyn Random,
    ) -> Result<Unsaved<Call<PendingUpgradeCommit>>, RequestError> {
        if !self.is_upgrading() {
            return Err(RequestError::NothingToUpgrade);
        }
        let body = b"{}";
        let signature = self.authorize_during_upgrade(
            "POST",
            "/pa/upgrade/commit",
            body,
            &Authentication::Possession,
            rng,
        )?;
        Ok(signature.map(|header| Call {
            request: Request::post("/pa/v3/upgrade/commit", body.to_vec())
                .with_header(AUTHORIZATION_HEADER, header.to_text()),
            pending: PendingUpgradeCommit(()),
        }))
    }
}
