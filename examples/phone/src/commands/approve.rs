//! `list`, `history`, `detail`, `claim`, `approve`, `reject`.

use crate::cli::{ApproveArgs, Cli, Factor, FactorArgs, RejectArgs};
use crate::failure::{Failure, Outcome};
use crate::phone::Phone;
use crate::pin::Factors;
use crate::report::{Report, clean};
use countersign::client::{
    Approval, Call, Operation, OperationList, POSSESSION_UNIVERSAL, PendingOperation, Proximity,
    ProximitySource, RejectReason, ReplyError, ScannedProximity,
};
use serde_json::json;
use std::fmt::Write as _;

pub(crate) fn list(cli: &Cli) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let found = pending_operations(&mut phone, cli)?;
    Ok(describe(&found))
}

pub(crate) fn history(cli: &Cli, arguments: &FactorArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let factors = Factors::collect(arguments, Factor::Pin, phone.biometry()?)?;
    let signed = phone
        .device
        .request_history(&factors.authentication(), phone.rng.as_mut())?;
    let (pending, status, body) = phone.send_signed(signed)?;
    Ok(describe(&pending.read(status, &body)?))
}

/// The waiting operations. A refused token is replaced once.
fn pending_operations(phone: &mut Phone, cli: &Cli) -> Outcome<OperationList> {
    let now_ms = phone.now(cli)?;
    let had_token = phone
        .device
        .token_names()
        .any(|name| name == POSSESSION_UNIVERSAL);
    phone.ensure_list_token(now_ms)?;
    let ask = |phone: &mut Phone| -> Outcome<_> {
        let call = phone
            .device
            .list_operations(POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
        let (pending, status, body) = phone.send(call)?;
        Ok(pending.read(status, &body))
    };
    match ask(phone)? {
        Err(ReplyError::Refused(refusal)) if refusal.status == 401 && had_token => {
            phone.device.forget_token(POSSESSION_UNIVERSAL);
            phone.ensure_list_token(now_ms)?;
            Ok(ask(phone)??)
        }
        outcome => Ok(outcome?),
    }
}

/// One operation, from the list (which every server has) or on its own.
fn operation(phone: &mut Phone, cli: &Cli, id: &str) -> Outcome<Operation> {
    let found = pending_operations(phone, cli)?;
    if let Some(operation) = found.operations.into_iter().find(|operation| operation.id == id) {
        return Ok(operation);
    }
    let now_ms = phone.now(cli)?;
    let call = phone
        .device
        .request_operation(id, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
    let (pending, status, body) = phone.send(call)?;
    Ok(pending.read(status, &body)?)
}

pub(crate) fn detail(cli: &Cli, id: &str) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let now_ms = phone.now(cli)?;
    phone.ensure_list_token(now_ms)?;
    let call = phone
        .device
        .request_operation(id, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
    one(&phone, call)
}

pub(crate) fn claim(cli: &Cli, id: &str) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let now_ms = phone.now(cli)?;
    phone.ensure_list_token(now_ms)?;
    let call = phone
        .device
        .claim_operation(id, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
    one(&phone, call)
}

fn one(phone: &Phone, call: Call<PendingOperation>) -> Outcome<Report> {
    let (pending, status, body) = phone.send(call)?;
    let operation = pending.read(status, &body)?;
    Ok(Report::new(show(&operation), json!({ "operation": operation })))
}

pub(crate) fn approve(cli: &Cli, arguments: &ApproveArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let operation = operation(&mut phone, cli, &arguments.id)?;
    let default = if operation.allowed_signature_type.is_one_factor() {
        Factor::Possession
    } else {
        Factor::Pin
    };
    let factors = Factors::collect(&arguments.factor, default, phone.biometry()?)?;
    let now_ms = phone.now(cli)?;
    let proximity = arguments
        .proximity
        .as_deref()
        .map(|text| proximity(text, &operation.id, now_ms))
        .transpose()?;
    let number = arguments.number.map(|number| json!({ "matchNumber": number }));
    let approval = Approval {
        operation_id: &operation.id,
        data: &operation.data,
        proximity: proximity.as_ref(),
        mobile_token_data: number.as_ref(),
    };
    let signed =
        phone
            .device
            .approve_operation(&approval, &factors.authentication(), now_ms, phone.rng.as_mut())?;
    let (pending, status, body) = phone.send_signed(signed)?;
    pending.read(status, &body)?;
    let text = format!("Approved:\n{}", show(&operation));
    let kind = factors.authentication().signature_type();
    let json = json!({ "approved": operation.id, "data": operation.data, "signatureType": kind.as_str() });
    Ok(Report::new(text, json))
}

/// A code as digits, or inside the link or QR text that brought it.
fn proximity(text: &str, operation_id: &str, now_ms: u64) -> Outcome<Proximity> {
    let (otp, source) = if !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) {
        (text.to_owned(), ProximitySource::QrCode)
    } else {
        let scanned = ScannedProximity::parse(text)
            .ok_or_else(|| Failure::usage("--proximity is neither digits nor a link with a code"))?;
        if scanned.operation_id != operation_id {
            return Err(Failure::usage("the proximity code belongs to another operation"));
        }
        (scanned.otp, ProximitySource::Deeplink)
    };
    Ok(Proximity {
        otp,
        source,
        received_ms: now_ms,
    })
}

pub(crate) fn reject(cli: &Cli, arguments: &RejectArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let (id, reason) = (arguments.id.as_str(), arguments.reason.as_str());
    let signed = phone
        .device
        .reject_operation(id, RejectReason::Other(reason), phone.rng.as_mut())?;
    let (pending, status, body) = phone.send_signed(signed)?;
    pending.read(status, &body)?;
    Ok(Report::new(
        format!("Rejected {id}."),
        json!({ "rejected": id, "reason": reason }),
    ))
}

fn describe(found: &OperationList) -> Report {
    let mut text = String::new();
    for operation in &found.operations {
        text.push_str(&show(operation));
        text.push('\n');
    }
    if found.operations.is_empty() {
        text.push_str("No operations.");
    }
    if found.unreadable > 0 {
        let _ = write!(text, "{} operations cannot be read.", found.unreadable);
    }
    let json = json!({
        "operations": found.operations,
        "unreadable": found.unreadable,
        "currentTimestamp": found.current_timestamp,
    });
    Report::new(text.trim_end(), json)
}

/// An operation for people.
fn show(operation: &Operation) -> String {
    let form = &operation.form_data;
    let mut out = format!("{}  {}", clean(&operation.id), clean(&form.title));
    if let Some(status) = operation.status.as_deref().filter(|status| *status != "PENDING") {
        let _ = write!(out, "  [{}]", clean(status));
    }
    if !form.message.is_empty() {
        let _ = write!(out, "\n    {}", clean(&form.message));
    }
    for attribute in &form.attributes {
        let label = clean(&attribute.label);
        match attribute.text() {
            Some(value) => drop(write!(out, "\n    {label}: {}", clean(&value))),
            None => drop(write!(out, "\n    {label}")),
        }
    }
    let _ = write!(
        out,
        "\n    data {}\n    expires {}",
        clean(&operation.data),
        clean(&operation.operation_expires)
    );
    out
}
