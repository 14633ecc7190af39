//! `vault`, `confirm-recovery`, `user-info`, `upgrade`.

use crate::cli::{Cli, PinArgs, VaultCommand};
use crate::failure::{Failure, Outcome};
use crate::phone::Phone;
use crate::pin;
use crate::report::{Report, clean};
use countersign::client::{Authentication, BiometryKey, Vault, VaultReason};
use countersign::crypto::code::RecoveryCode;
use countersign::crypto::encoding::base64;
use serde_json::json;

pub(crate) fn vault(cli: &Cli, command: &VaultCommand) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    match command {
        VaultCommand::Key { index, pin } => {
            let vault = unlock(&mut phone, cli, VaultReason::FetchEncryptionKey, pin)?;
            let key = base64::encode(vault.data_key(*index).as_bytes());
            Ok(Report::new(key.clone(), json!({ "index": index, "key": key })))
        }
        VaultCommand::Sign { text, pin } => {
            let vault = unlock(&mut phone, cli, VaultReason::SignWithDevicePrivateKey, pin)?;
            let signature = vault.sign(text.as_bytes());
            let signature = signature.map_err(|_| Failure::usage("the text cannot be signed"))?;
            let signature = base64::encode(&signature.to_der());
            Ok(Report::new(signature.clone(), json!({ "signature": signature })))
        }
        VaultCommand::AddBiometry(pin) => {
            let vault = unlock(&mut phone, cli, VaultReason::AddBiometry, pin)?;
            let key = BiometryKey::generate(phone.rng.as_mut())?;
            vault.add_biometry(&mut phone.device, &key);
            phone.keep_biometry(&key)?;
            Ok(Report::new("Biometry is set up.", json!({ "biometry": true })))
        }
        VaultCommand::Recovery(pin) => {
            let vault = unlock(&mut phone, cli, VaultReason::RecoveryCode, pin)?;
            let recovery = vault.recovery(&phone.device)?;
            let recovery = recovery.ok_or_else(|| Failure::usage("no recovery code rests on this phone"))?;
            let (code, puk) = (recovery.code.as_str(), recovery.puk.as_str());
            let json = json!({ "code": code, "puk": puk });
            Ok(Report::new(format!("{code}, PUK {puk}"), json))
        }
    }
}

fn unlock(phone: &mut Phone, cli: &Cli, reason: VaultReason<'_>, pin: &PinArgs) -> Outcome<Vault> {
    let pin = pin::pin(pin, "PIN: ")?;
    let now_ms = phone.now(cli)?;
    phone.fetch_temporary_key(now_ms)?;
    let factors = Authentication::PossessionKnowledge(&pin);
    let signed = phone
        .device
        .unlock_vault(reason, &factors, now_ms, phone.rng.as_mut())?;
    let (pending, status, body) = phone.send_signed(signed)?;
    Ok(pending.read(&phone.device, status, &body)?)
}

pub(crate) fn confirm_recovery(cli: &Cli, code: &str, pin: &PinArgs) -> Outcome<Report> {
    let code = RecoveryCode::parse_qr(code.trim())?;
    let mut phone = Phone::open(cli)?;
    let pin = pin::pin(pin, "PIN: ")?;
    let now_ms = phone.now(cli)?;
    phone.fetch_temporary_key(now_ms)?;
    let factors = Authentication::PossessionKnowledge(&pin);
    let signed = phone
        .device
        .confirm_recovery(&code, &factors, now_ms, phone.rng.as_mut())?;
    let (pending, status, body) = phone.send_signed(signed)?;
    let before = pending.read(status, &body)?;
    let text = if before {
        "The recovery code had been confirmed before."
    } else {
        "The recovery code is confirmed."
    };
    Ok(Report::new(text, json!({ "alreadyConfirmed": before })))
}

pub(crate) fn user_info(cli: &Cli) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let now_ms = phone.now(cli)?;
    phone.fetch_temporary_key(now_ms)?;
    let call = phone.device.request_user_info(now_ms, phone.rng.as_mut())?;
    let (pending, status, body) = phone.send(call)?;
    let claims = pending.read(status, &body)?;
    let lines: Vec<_> = claims
        .iter()
        .map(|(name, value)| clean(&format!("{name}: {value}")))
        .collect();
    let text = match lines.is_empty() {
        true => "The server says nothing about the user.".to_owned(),
        false => lines.join("\n"),
    };
    Ok(Report::new(text, json!({ "claims": claims })))
}

/// Starts the upgrade where it was not started, then commits it; may be repeated after any failure.
pub(crate) fn upgrade(cli: &Cli) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let now_ms = phone.now(cli)?;
    if !phone.device.is_upgrading() {
        phone.fetch_temporary_key(now_ms)?;
        let call = phone.device.start_upgrade(now_ms, phone.rng.as_mut())?;
        let (pending, status, body) = phone.send(call)?;
        pending.read(&mut phone.device, status, &body)?;
        phone.save()?;
    }
    let signed = phone.device.commit_upgrade(phone.rng.as_mut())?;
    let (pending, status, body) = phone.send_signed(signed)?;
    pending.read(&mut phone.device, status, &body)?;
    phone.save()?;
    Ok(Report::new(
        "The activation is one of protocol 3.",
        json!({ "generation": phone.device.generation() }),
    ))
}
