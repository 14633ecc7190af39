//! Offline approval: the QR code of an operation, and the digits that people type.

use serde::{Deserialize, Serialize};

use super::super::contract::{Contract, Form, Type};
use super::super::endpoint::Endpoint;
use super::super::phone::or_refuse;
use super::answer::{Answer, NOT_FOUND, answer, bare, no_registration, refuse};
use super::call::{Asked, Case, nobody, row};
use super::check::{MAX_TEXT, Violations};
use super::operations::{NO_OPERATION, STATE, find_pending, wrong_state};
use super::registrations::{find, invalid};
use super::verified::{Verified, What, verified};
use crate::crypto::encoding::base64;
use crate::crypto::offline::typed_code;
use crate::engine::Error;
use crate::engine::operation::offline::{approve, may_decide, qr};
use crate::model::activation::ActivationStatus;
use crate::store::Tx;

/// All rows.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let code = "/v2/operations/{operationId}/offline/qr";
    let digits = "/v2/operations/{operationId}/offline/otp";
    vec![
        row(
            ("GET", code, "cloudOfflineQrCode"),
            Contract::new("The QR code of a pending operation for one phone. Each has a nonce of its own.")
                .queried(&[("registrationId", "UUID of an active registration that may decide the operation.")])
                .answers(Form::Bare(Type::of::<OfflineCode>()))
                .refuses(400, &[NOT_FOUND, NO_OPERATION, STATE]),
            nobody,
            show,
        ),
        row(
            ("POST", digits, "cloudOfflineOtp"),
            Contract::new(
                "Verifies digits that a phone has shown for a QR code. Right ones approve the operation; wrong ones are \
                 counted on registration and operation.",
            )
            .asks(Form::Bare(Type::of::<OfflineOtp>()))
            .answers(Form::Bare(Type::of::<Verified<'static>>()))
            .refuses(400, &["ERROR_OTP_INVALID", NOT_FOUND, NO_OPERATION, STATE]),
            registration,
            verify,
        ),
    ]
}

/// The registration in the body, for the lane.
fn registration(asked: &Asked) -> Option<String> {
    asked.body::<OfflineOtp>().ok()?.registration_id
}

fn show(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let id = case.asked.mandatory("registrationId")?;
    let operation = match find_pending(case, tx, case.asked.id())? {
        Ok(operation) => operation,
        Err(response) => return Ok(Err(response)),
    };
    let found = find(case, tx, id)?.filter(|it| it.status == ActivationStatus::Active);
    let Some(activation) = found.filter(|it| may_decide(&operation, it)) else {
        return Ok(Err(no_registration("Registration not found")));
    };
    let unusable = |_: &Error| wrong_state();
    answer(qr(case.engine, tx, &operation, &activation), unusable, |it| {
        bare(&OfflineCode {
            operation_qr_code_data: it.offline_data,
            nonce: it.nonce,
        })
    })
}

/// What a phone scans to approve an operation offline.
#[derive(Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "OfflineQrCode")
)]
#[serde(rename_all = "camelCase")]
struct OfflineCode {
    /// Content of the QR code.
    operation_qr_code_data: String,
    /// Base64 of 16 bytes; needed to verify the digits.
    nonce: String,
}

/// Digits that a user has typed.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["otp", "nonce", "registrationId"])))]
#[serde(default, rename_all = "camelCase")]
struct OfflineOtp {
    /// 16 digits, in groups of four or eight with dashes, or without.
    otp: Option<String>,
    /// The nonce of the QR code.
    nonce: Option<String>,
    /// UUID of the phone's registration.
    registration_id: Option<String>,
}

fn verify(case: &Case<'_>, tx: &mut Tx<'_>) -> Answer {
    let request: OfflineOtp = case.asked.body()?;
    let mut found = Violations::default();
    if request.otp.is_none() {
        found.hide("otp", "must not be empty");
    }
    let nonce = found.text("nonce", &request.nonce, MAX_TEXT);
    if !nonce.is_empty() && base64::decode_array::<16>(nonce).is_err() {
        found.add("nonce", nonce, "must be Base64 of 16 bytes");
    }
    let id = found.text("registrationId", &request.registration_id, MAX_TEXT);
    found.verdict()?;
    let Some(digits) = request.otp.as_deref().and_then(typed_code) else {
        let text = "Operation OTP format is invalid, OTP validation skipped.";
        return Ok(Err(refuse("ERROR_OTP_INVALID", text)));
    };
    let mut operation = match find_pending(case, tx, case.asked.id())? {
        Ok(operation) => operation,
        Err(response) => return Ok(Err(response)),
    };
    let usable = |status| matches!(status, ActivationStatus::Active | ActivationStatus::Blocked);
    let found = find(case, tx, id)?.filter(|it| usable(it.status));
    let Some(activation) = found.filter(|it| may_decide(&operation, it)) else {
        return Ok(Err(no_registration("Registration not found")));
    };
    let typed = approve(case.engine, tx, &mut operation, &activation, (&digits, nonce));
    let typed = or_refuse(typed, invalid)?;
    let what = What::Otp {
        valid: typed.valid,
        operation: &operation.id,
    };
    verified(case, tx, what, id, Some(typed.signature_type.as_upper_str()))
}
