//! `sign`: any request of an application, printed or sent; `encrypt`: sent.

use crate::cli::{BodyArgs, Cli, EncryptArgs, Factor, SignArgs};
use crate::failure::{Failure, Outcome};
use crate::phone::Phone;
use crate::pin::Factors;
use crate::report::Report;
use countersign::client::{Refusal, ReplyError, SignRequest};
use countersign::crypto::header::AUTHORIZATION_HEADER;
use serde_json::{Value, json};

pub(crate) fn sign(cli: &Cli, arguments: &SignArgs) -> Outcome<Report> {
    let body = read(&arguments.body)?;
    if !arguments.path.starts_with('/') {
        return Err(Failure::usage("the path starts with /"));
    }
    let mut phone = Phone::open(cli)?;
    let factors = Factors::collect(&arguments.factor, Factor::Pin, phone.biometry()?)?;
    let request = SignRequest {
        method: &arguments.method,
        path: &arguments.path,
        uri_id: &arguments.uri_id,
        body: &body,
    };
    let unsaved = phone
        .device
        .sign(&request, &factors.authentication(), phone.rng.as_mut())?;
    let request = phone.release(unsaved)?;
    let value = request
        .header(AUTHORIZATION_HEADER)
        .unwrap_or_default()
        .to_owned();
    if !arguments.send {
        let text = format!("{AUTHORIZATION_HEADER}: {value}");
        return Ok(Report::new(
            text,
            json!({ "header": AUTHORIZATION_HEADER, "value": value }),
        ));
    }
    let (status, body) = phone.http.send(&request)?;
    if !(200..300).contains(&status) {
        let reply: Value = serde_json::from_slice(&body).unwrap_or_default();
        let code = reply.pointer("/responseObject/code").and_then(Value::as_str);
        let is_code = |code: &&str| code.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
        let refusal = Refusal {
            status,
            code: code.filter(is_code).unwrap_or_default().to_owned(),
            recovery_puk_index: None,
        };
        return Err(ReplyError::Refused(refusal).into());
    }
    Ok(show(status, &body))
}

/// `encrypt`: what only the server can read, and its answer.
pub(crate) fn encrypt(cli: &Cli, arguments: &EncryptArgs) -> Outcome<Report> {
    let plain = read(&arguments.body)?;
    let path = arguments.path.as_str();
    if !path.starts_with('/') {
        return Err(Failure::usage("the path starts with /"));
    }
    let mut phone = Phone::open(cli)?;
    let now_ms = phone.now(cli)?;
    let call = if arguments.application {
        let application = phone.application(now_ms)?;
        application.encrypt(path, &plain, now_ms, phone.rng.as_mut())?
    } else {
        phone.fetch_temporary_key(now_ms)?;
        match (&arguments.uri_id, &arguments.token) {
            (Some(uri_id), _) => {
                let factors = Factors::collect(&arguments.factor, Factor::Pin, phone.biometry()?)?;
                let signed = phone.device.encrypt_and_sign(
                    path,
                    uri_id,
                    &plain,
                    &factors.authentication(),
                    now_ms,
                    phone.rng.as_mut(),
                )?;
                phone.release(signed)?
            }
            (None, Some(name)) => {
                let factors = Factors::collect(&arguments.factor, Factor::Possession, phone.biometry()?)?;
                phone.ensure_token(name, &factors.authentication(), now_ms)?;
                phone
                    .device
                    .encrypt_with_token(path, &plain, name, now_ms, phone.rng.as_mut())?
            }
            (None, None) => phone.device.encrypt(path, &plain, now_ms, phone.rng.as_mut())?,
        }
    };
    let (pending, status, body) = phone.send(call)?;
    let opened = pending.read(status, &body)?;
    Ok(show(status, opened.as_bytes()))
}

fn read(arguments: &BodyArgs) -> Outcome<Vec<u8>> {
    Ok(match (&arguments.body, &arguments.body_file) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(path)) => std::fs::read(path).map_err(Failure::file(path))?,
        (None, None) => Vec::new(),
    })
}

fn show(status: u16, body: &[u8]) -> Report {
    let text = String::from_utf8_lossy(body).into_owned();
    let reply: Value = serde_json::from_str(&text).unwrap_or(Value::String(text.clone()));
    Report::new(text, json!({ "status": status, "reply": reply }))
}
