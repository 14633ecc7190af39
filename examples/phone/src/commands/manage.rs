//! `status`, `token`, `remove`, `show`.

use crate::cli::{Cli, Factor, RemoveArgs, TokenArgs};
use crate::failure::Outcome;
use crate::phone::Phone;
use crate::pin::Factors;
use crate::report::Report;
use countersign::client::{Authentication, CounterState};
use countersign::crypto::encoding::base64;
use countersign::crypto::status::BlobStatus;
use serde_json::json;

pub(crate) fn status(cli: &Cli) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let call = phone.device.request_status(phone.rng.as_mut())?;
    let (pending, status, body) = phone.send(call)?;
    let found = pending.read(&mut phone.device, status, &body)?;
    phone.save()?;
    if found.counter == CounterState::SignSoon {
        let signed = phone
            .device
            .validate_signature(&Authentication::Possession, phone.rng.as_mut())?;
        let (pending, status, body) = phone.send_signed(signed)?;
        pending.read(status, &body)?;
    }
    let state = match found.status {
        BlobStatus::Created => "CREATED",
        BlobStatus::PendingCommit => "PENDING_COMMIT",
        BlobStatus::Active => "ACTIVE",
        BlobStatus::Blocked => "BLOCKED",
        BlobStatus::Removed => "REMOVED",
    };
    let counter = match found.counter {
        CounterState::InSync => "IN_SYNC",
        CounterState::Adopted => "ADOPTED",
        CounterState::Ahead => "AHEAD",
        CounterState::SignSoon => "SIGNED",
        CounterState::Waiting => "WAITING",
        CounterState::Deadlock => "DEADLOCK",
        _ => "NOT_COMPARED",
    };
    let remaining = found.remaining_attempts();
    let text = format!("{state}, {remaining} attempts left, counter {counter}");
    let json = json!({
        "activationId": phone.device.activation_id(),
        "status": state,
        "failedAttempts": found.failed_attempts,
        "maxFailedAttempts": found.max_failed_attempts,
        "remainingAttempts": remaining,
        "counter": counter,
        "currentVersion": found.current_version,
        "upgradeVersion": found.upgrade_version,
        "customObject": found.custom_object,
    });
    Ok(Report::new(text, json))
}

pub(crate) fn token(cli: &Cli, arguments: &TokenArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let factors = Factors::collect(&arguments.factor, Factor::Possession, phone.biometry()?)?;
    let authentication = factors.authentication();
    let name = arguments.name.as_str();
    if arguments.remove {
        let signed = phone
            .device
            .remove_token(name, &authentication, phone.rng.as_mut())?;
        let (pending, status, body) = phone.send_signed(signed)?;
        pending.read(&mut phone.device, status, &body)?;
        phone.save()?;
        return Ok(Report::new(
            format!("Removed token {name}."),
            json!({ "removed": name }),
        ));
    }
    let now_ms = phone.now(cli)?;
    phone.ensure_token(name, &authentication, now_ms)?;
    let header = phone.device.token_header(name, now_ms, phone.rng.as_mut())?;
    let text = header.to_text();
    let json =
        json!({ "name": name, "tokenId": header.token_id, "header": "X-PowerAuth-Token", "value": text });
    Ok(Report::new(format!("X-PowerAuth-Token: {text}"), json))
}

pub(crate) fn remove(cli: &Cli, arguments: &RemoveArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let id = phone.device.activation_id().to_owned();
    if !arguments.local {
        let factors = Factors::collect(&arguments.factor, Factor::Pin, phone.biometry()?)?;
        let signed = phone
            .device
            .remove_activation(&factors.authentication(), phone.rng.as_mut())?;
        let (pending, status, body) = phone.send_signed(signed)?;
        pending.read(status, &body)?;
    }
    phone.destroy()?;
    let json = json!({ "removed": id, "atServer": !arguments.local });
    Ok(Report::new(format!("Removed {id}."), json))
}

pub(crate) fn show(cli: &Cli) -> Outcome<Report> {
    let phone = Phone::open(cli)?;
    let device = &phone.device;
    let application = device.application();
    let tokens: Vec<_> = device.token_names().collect();
    let json = json!({
        "url": phone.url(),
        "activationId": device.activation_id(),
        "fingerprint": device.fingerprint(),
        "protocol": application.version().as_str(),
        "applicationKey": application.key(),
        "masterPublicKey": base64::encode(application.master_public_key().as_bytes()),
        "serverPublicKey": base64::encode(device.server_public_key().as_bytes()),
        "devicePublicKey": base64::encode(device.device_public_key().as_bytes()),
        "biometry": device.has_biometry(),
        "recovery": device.has_recovery(),
        "tokens": tokens,
    });
    let yes = |flag| if flag { "yes" } else { "no" };
    let text = format!(
        "server       {}\nactivation   {}\nfingerprint  {}\nprotocol     {}\nbiometry     {}\nrecovery     {}\n\
         tokens       {}",
        phone.url(),
        device.activation_id(),
        device.fingerprint(),
        application.version(),
        yes(device.has_biometry()),
        yes(device.has_recovery()),
        tokens.join(", "),
    );
    Ok(Report::new(text, json))
}
