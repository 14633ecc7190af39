//! Operations, online and offline.

use serde_json::{Value, json};

use super::actions::{sent, token_name};
use super::command::{Approve, Command, Factors, Identified, Offline, ProximitySource, Reject, Token};
use super::failure::Failure;
use super::{Phone, Prepared};
use crate::client::{Approval, Operation, OperationList, Proximity, RejectReason, ReplyError};
use crate::crypto::offline::base_string;

fn operation(operation: &Operation) -> Result<Value, Failure> {
    let json = serde_json::to_value(operation);
    json.map_err(|_| Failure::Reply(ReplyError::Malformed("operation")))
}

fn list(list: &OperationList) -> Result<Value, Failure> {
    let operations = list.operations.iter().map(operation);
    Ok(json!({
        "operations": operations.collect::<Result<Vec<_>, _>>()?,
        "unreadable": list.unreadable,
        "currentTimestamp": list.current_timestamp,
    }))
}

impl Phone {
    pub(super) fn prepare_operation(&mut self, command: Command, now_ms: u64) -> Result<Prepared, Failure> {
        match command {
            Command::ListOperations(command) => self.list_operations(command, now_ms),
            Command::Operation(command) => self.operation(command, false, now_ms),
            Command::ClaimOperation(command) => self.operation(command, true, now_ms),
            Command::History(command) => self.history(command),
            Command::Approve(command) => self.approve(command, now_ms),
            Command::Reject(command) => self.reject(&command),
            Command::Offline(command) => self.offline(command),
            other => self.prepare_rest(other, now_ms),
        }
    }

    fn list_operations(&mut self, command: Token, now_ms: u64) -> Result<Prepared, Failure> {
        let token = token_name(command.token);
        let Self { device, rng, .. } = self;
        let device = device.as_ref().ok_or(Failure::NotActivated)?;
        let call = device.list_operations(&token, now_ms, rng)?;
        Ok(sent(call, |pending, status, body| {
            list(&pending.read(status, body)?)
        }))
    }

    fn operation(&mut self, command: Identified, claim: bool, now_ms: u64) -> Result<Prepared, Failure> {
        let token = token_name(command.token);
        let Self { device, rng, .. } = self;
        let device = device.as_ref().ok_or(Failure::NotActivated)?;
        let call = match claim {
            true => device.claim_operation(&command.id, &token, now_ms, rng)?,
            false => device.request_operation(&command.id, &token, now_ms, rng)?,
        };
        Ok(sent(call, |pending, status, body| {
            operation(&pending.read(status, body)?)
        }))
    }

    fn history(&mut self, command: Factors) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.request_history(&signer.authentication()?, rng)?;
        Ok(sent(call.assume_saved(), |pending, status, body| {
            list(&pending.read(status, body)?)
        }))
    }

    fn approve(&mut self, command: Approve, now_ms: u64) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let proximity = command.proximity.map(|proximity| Proximity {
            otp: proximity.otp,
            source: match proximity.source {
                ProximitySource::QrCode => crate::client::ProximitySource::QrCode,
                ProximitySource::Deeplink => crate::client::ProximitySource::Deeplink,
            },
            received_ms: now_ms,
        });
        let approval = Approval {
            operation_id: &command.id,
            data: &command.data,
            proximity: proximity.as_ref(),
            mobile_token_data: command.mobile_token_data.as_ref(),
        };
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.approve_operation(&approval, &signer.authentication()?, now_ms, rng)?;
        Ok(sent(call.assume_saved(), |pending, status, body| {
            pending.read(status, body)?;
            Ok(Value::Null)
        }))
    }

    fn reject(&mut self, command: &Reject) -> Result<Prepared, Failure> {
        let reason = command.reason.as_deref();
        let reason = reason.map_or(RejectReason::Unknown, RejectReason::Other);
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.reject_operation(&command.id, reason, rng)?;
        Ok(sent(call.assume_saved(), |pending, status, body| {
            pending.read(status, body)?;
            Ok(Value::Null)
        }))
    }

    fn offline(&mut self, command: Offline) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let device = self.device()?;
        let operation = device.read_offline_operation(&command.payload)?;
        let code = device.approve_offline(&operation, &signer.authentication()?)?;
        let code = code.assume_saved();
        Ok(Prepared::Done(json!({
            "code": code.as_str(),
            "grouped": code.grouped(),
            "operationId": operation.operation_id,
            "title": operation.title,
            "message": operation.message,
            "data": operation.operation_data,
            "baseString": base_string(&operation.operation_id, &operation.operation_data, None, &operation.nonce),
        })))
    }
}
