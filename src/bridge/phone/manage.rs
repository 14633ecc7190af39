//! The vault, and what concerns the device itself.

use serde_json::{Value, json};

use super::actions::{recovery, sent, token_name};
use super::command::{Command, ConfirmRecovery, Factors, RegisterPush, Rename, Token, UnlockVault};
use super::failure::Failure;
use super::{Phone, Prepared, Read};
use crate::client::{ActivationDetail, BiometryKey, Call, Pin, PushRegistration, VaultReason};
use crate::crypto::code::RecoveryCode;
use crate::crypto::encoding::base64;
use crate::crypto::version::ProtocolVersion;

fn detail(detail: &ActivationDetail) -> Value {
    json!({ "activationId": detail.activation_id, "activationName": detail.activation_name })
}

impl Phone {
    pub(super) fn prepare_rest(&mut self, command: Command, now_ms: u64) -> Result<Prepared, Failure> {
        match command {
            Command::UnlockVault(command) => self.unlock_vault(command, now_ms),
            Command::AddBiometry(command) => self.add_biometry(command.pin, now_ms),
            Command::ConfirmRecovery(command) => self.confirm_recovery(command, now_ms),
            Command::Detail(command) => self.detail(command, now_ms),
            Command::Rename(command) => self.rename(command, now_ms),
            Command::UserInfo(_) => self.user_info(now_ms),
            Command::Remove(command) => self.remove(command),
            Command::RegisterPush(command) => self.register_push(&command),
            Command::ServerStatus(_) => Ok(self.server_status()),
            other => self.local(other).map(Prepared::Done),
        }
    }

    /// What needs no server.
    fn local(&mut self, command: Command) -> Result<Value, Failure> {
        match command {
            Command::RemoveBiometry(_) => {
                self.device()?.remove_biometry();
                self.biometry = None;
            }
            Command::ChangePin(command) => {
                let (old, new) = (Pin::new(&command.old)?, Pin::new(&command.new)?);
                let Self { device, rng, .. } = self;
                let device = device.as_mut().ok_or(Failure::NotActivated)?;
                device.change_proven_pin(&old, &new, rng)?;
            }
            Command::SetVersion(command) => {
                let version = ProtocolVersion::parse(&command.version);
                let version = version.map_err(|_| Failure::Argument("version"))?;
                self.application.set_version(version);
                if let Some(device) = &mut self.device {
                    device.application_mut().set_version(version);
                }
            }
            Command::Save(_) => return self.save(),
            _ => return Ok(self.describe()),
        }
        Ok(Value::Null)
    }

    fn describe(&self) -> Value {
        let device = self.device.as_ref();
        json!({
            "activationId": device.map(|it| it.activation_id()),
            "fingerprint": device.map(|it| it.fingerprint()),
            "version": self.application.version().as_str(),
            "tokens": device.map_or_else(Vec::new, |it| it.token_names().collect()),
            "biometry": device.is_some_and(|it| it.has_biometry()),
            "recovery": device.is_some_and(|it| it.has_recovery()),
        })
    }

    fn unlock_vault(&mut self, command: UnlockVault, now_ms: u64) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, Some(command.pin))?;
        let reason = command.reason.as_deref();
        let reason = reason.map_or(VaultReason::FetchEncryptionKey, VaultReason::Other);
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.unlock_vault(reason, &signer.authentication()?, now_ms, rng)?;
        let Call { request, pending } = call.assume_saved();
        let (index, sign) = (command.index, command.sign);
        let read: Read = Box::new(move |phone, status, body| {
            let device = phone.device()?;
            let vault = pending.read(device, status, body)?;
            let signature = sign.map(|text| vault.sign(text.as_bytes())).transpose()?;
            Ok(json!({
                "dataKey": base64::encode(vault.data_key(index).as_bytes()),
                "signature": signature.map(|it| base64::encode(&it.to_der())),
                "recovery": vault.recovery(device)?.as_ref().map(recovery),
            }))
        });
        Ok(Prepared::Send(request, read))
    }

    fn add_biometry(&mut self, pin: String, now_ms: u64) -> Result<Prepared, Failure> {
        let signer = self.signer(None, Some(pin))?;
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.unlock_vault(VaultReason::AddBiometry, &signer.authentication()?, now_ms, rng)?;
        let Call { request, pending } = call.assume_saved();
        let read: Read = Box::new(move |phone, status, body| {
            let Phone {
                device,
                rng,
                biometry,
                ..
            } = phone;
            let device = device.as_mut().ok_or(Failure::NotActivated)?;
            let vault = pending.read(device, status, body)?;
            let key = BiometryKey::generate(rng)?;
            vault.add_biometry(device, &key);
            *biometry = Some(key);
            Ok(Value::Null)
        });
        Ok(Prepared::Send(request, read))
    }

    fn confirm_recovery(&mut self, command: ConfirmRecovery, now_ms: u64) -> Result<Prepared, Failure> {
        let signer = self.signer(None, Some(command.pin))?;
        let code = RecoveryCode::parse(&command.code)?;
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.confirm_recovery(&code, &signer.authentication()?, now_ms, rng)?;
        Ok(sent(call.assume_saved(), |pending, status, body| {
            Ok(json!({ "alreadyConfirmed": pending.read(status, body)? }))
        }))
    }

    fn detail(&mut self, command: Token, now_ms: u64) -> Result<Prepared, Failure> {
        let token = token_name(command.token);
        let Self { device, rng, .. } = self;
        let device = device.as_ref().ok_or(Failure::NotActivated)?;
        let call = device.request_detail(&token, now_ms, rng)?;
        Ok(sent(call, |pending, status, body| {
            Ok(detail(&pending.read(status, body)?))
        }))
    }

    fn rename(&mut self, command: Rename, now_ms: u64) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.rename(&command.name, &signer.authentication()?, now_ms, rng)?;
        Ok(sent(call.assume_saved(), |pending, status, body| {
            Ok(detail(&pending.read(status, body)?))
        }))
    }

    fn user_info(&mut self, now_ms: u64) -> Result<Prepared, Failure> {
        let Self { device, rng, .. } = self;
        let device = device.as_ref().ok_or(Failure::NotActivated)?;
        let call = device.request_user_info(now_ms, rng)?;
        Ok(sent(call, |pending, status, body| {
            Ok(Value::Object(pending.read(status, body)?))
        }))
    }

    fn remove(&mut self, command: Factors) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.remove_activation(&signer.authentication()?, rng)?;
        let Call { request, pending } = call.assume_saved();
        let read: Read = Box::new(move |phone, status, body| {
            pending.read(status, body)?;
            (phone.device, phone.biometry) = (None, None);
            Ok(Value::Null)
        });
        Ok(Prepared::Send(request, read))
    }

    fn register_push(&mut self, command: &RegisterPush) -> Result<Prepared, Failure> {
        let registration = PushRegistration {
            platform: &command.platform,
            token: &command.token,
            environment: command.environment.as_deref(),
        };
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.register_push_signed(&registration, rng)?;
        Ok(sent(call.assume_saved(), |pending, status, body| {
            pending.read(status, body)?;
            Ok(Value::Null)
        }))
    }

    fn server_status(&self) -> Prepared {
        sent(
            self.application.request_server_status(),
            |pending, status, body| {
                let status = pending.read(status, body)?;
                Ok(json!({
                    "serverTimeMs": status.server_time_ms,
                    "name": status.name,
                    "version": status.version,
                }))
            },
        )
    }
}
