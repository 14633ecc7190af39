//! Approval without a connection: scan a QR code, show digits to type (spec section 6).

use super::device::Device;
use super::error::RequestError;
use super::factors::Authentication;
use super::unsaved::Unsaved;
use crate::crypto::base::signed_bytes;
use crate::crypto::offline::{OFFLINE_SECRET, OfflineError, OfflinePayload, PayloadKind};
use crate::crypto::signature::{SignatureFormat, SignatureType};
use core::fmt;
use core::ops::Deref;
use thiserror::Error;

/// A scanned text is not an operation of this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The text is no offline payload.
    #[error(transparent)]
    Payload(#[from] OfflineError),
    /// The signature belongs to another application or another activation, or the text was changed.
    #[error("the operation was not issued for this device")]
    Signature,
}

/// A scanned operation whose signature has been verified; only such an operation can be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineOperation(OfflinePayload);

impl Deref for OfflineOperation {
    type Target = OfflinePayload;

    fn deref(&self) -> &OfflinePayload {
        &self.0
    }
}

/// The digits the user types to approve. `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct OfflineCode(String);

impl OfflineCode {
    /// The canonical text: eight digits per factor, joined with a dash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form shown to users: groups of four digits, joined with dashes.
    #[must_use]
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(self.0.len() + 4);
        for (i, digit) in self.0.chars().filter(char::is_ascii_digit).enumerate() {
            if i > 0 && i % 4 == 0 {
                out.push('-');
            }
            out.push(digit);
        }
        out
    }
}

impl fmt::Debug for OfflineCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OfflineCode(..)")
    }
}

impl Device {
    /// Reads a scanned operation and verifies who issued it: the master key for one that any device may show, the server
    /// key of this activation for a personalised one.
    ///
    /// # Errors
    /// [`ScanError`] for anything else.
    pub fn read_offline_operation(&self, text: &str) -> Result<OfflineOperation, ScanError> {
        let payload = OfflinePayload::parse(text)?;
        let key = match payload.kind {
            PayloadKind::NonPersonalized => self.application.master_public_key(),
            PayloadKind::Personalized => &self.server,
        };
        if payload.verify(self.application.backend(), key) {
            Ok(OfflineOperation(payload))
        } else {
            Err(ScanError::Signature)
        }
    }

    /// Approves a scanned operation with phone and PIN, or with phone and biometry where the operation allows it. A
    /// one-time password in the operation becomes part of what is signed.
    ///
    /// # Errors
    /// [`RequestError::BiometryNotAllowed`] and [`RequestError::Factors`] as said, [`RequestError::UpgradeFirst`] while an
    /// upgrade is not complete; the counter has not moved then.
    pub fn approve_offline(
        &mut self,
        operation: &OfflineOperation,
        authentication: &Authentication<'_>,
    ) -> Result<Unsaved<OfflineCode>, RequestError> {
        match authentication.signature_type() {
            SignatureType::PossessionKnowledge => {}
            SignatureType::PossessionBiometry if operation.flags.biometry => {}
            SignatureType::PossessionBiometry => return Err(RequestError::BiometryNotAllowed),
            _ => return Err(RequestError::Factors),
        }
        if self.is_upgrading() {
            return Err(RequestError::UpgradeFirst);
        }
        let signed = signed_bytes(&operation.base_string(), OFFLINE_SECRET);
        let code = self.compute(authentication, &signed, SignatureFormat::DECIMAL_8)?;
        Ok(Unsaved {
            state: self.to_state(),
            value: OfflineCode(code),
        })
    }
}
