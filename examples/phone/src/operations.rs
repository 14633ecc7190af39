//! Operations on line.

use countersign::client::{
    Approval, Call, Operation, OperationList, POSSESSION_UNIVERSAL, Proximity, ProximitySource, RejectReason,
};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::http::{self, SystemRandom};
use crate::options::{Approve, Options, Reject, Report};
use crate::status::Factors;
use crate::store::Phone;

fn fetch(phone: &Phone<'_>) -> Result<OperationList, Failure> {
    let Call { request, pending } =
        phone
            .device
            .list_operations(POSSESSION_UNIVERSAL, http::now(), &mut SystemRandom)?;
    let reply = http::send(&phone.url, &request)?;
    Ok(pending.read(reply.status, &reply.body)?)
}

fn summary(operation: &Operation) -> Value {
    json!({
        "id": operation.id,
        "name": operation.name,
        "title": operation.form_data.title,
        "data": operation.data,
        "expires": operation.operation_expires,
        "factors": operation.allowed_signature_type.kind,
    })
}

pub(crate) fn list(options: &Options) -> Result<Report, Failure> {
    let phone = Phone::load(&options.state)?;
    let list = fetch(&phone)?;
    let operations: Vec<Value> = list.operations.iter().map(summary).collect();
    Ok(Report::new()
        .with("operations", operations)
        .with("unreadable", list.unreadable))
}

/// Approves what the list shows under this id: the data that are signed are those the user could see.
pub(crate) fn approve(options: &Options, arguments: &Approve) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    let list = fetch(&phone)?;
    let shown = list
        .operations
        .into_iter()
        .find(|operation| operation.id == arguments.id);
    let shown = shown.ok_or_else(|| Failure::usage("no such operation is waiting"))?;
    let proximity = arguments.proximity.as_ref().map(|otp| Proximity {
        otp: otp.clone(),
        source: ProximitySource::QrCode,
        received_ms: http::now(),
    });
    let factors = Factors::of(&arguments.with, &phone)?;
    let approval = Approval {
        operation_id: &shown.id,
        data: &shown.data,
        proximity: proximity.as_ref(),
        mobile_token_data: None,
    };
    let call = phone.device.approve_operation(
        &approval,
        &factors.authentication(),
        http::now(),
        &mut SystemRandom,
    )?;
    let (pending, reply) = phone.send(call)?;
    pending.read(reply.status, &reply.body)?;
    Ok(Report::new()
        .with("id", shown.id)
        .with("data", shown.data)
        .with("approved", true))
}

pub(crate) fn reject(options: &Options, arguments: &Reject) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    let reason = RejectReason::Other(&arguments.reason);
    let call = phone
        .device
        .reject_operation(&arguments.id, reason, &mut SystemRandom)?;
    let (pending, reply) = phone.send(call)?;
    pending.read(reply.status, &reply.body)?;
    Ok(Report::new()
        .with("id", arguments.id.as_str())
        .with("rejected", true))
}
