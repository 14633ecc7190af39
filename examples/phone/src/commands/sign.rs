//! `sign`: any request of an application, printed or sent.

use crate::cli::{Cli, Factor, SignArgs};
use crate::failure::{Failure, Outcome};
use crate::phone::Phone;
use crate::pin::Factors;
use crate::report::Report;
use countersign::client::{Refusal, ReplyError, SignRequest};
use countersign::crypto::header::AUTHORIZATION_HEADER;
use serde_json::{Value, json};

pub(crate) fn sign(cli: &Cli, arguments: &SignArgs) -> Outcome<Report> {
    let body = match (&arguments.body, &arguments.body_file) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(path)) => std::fs::read(path).map_err(Failure::file(path))?,
        (None, None) => Vec::new(),
    };
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
    let text = String::from_utf8_lossy(&body).into_owned();
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
    let reply: Value = serde_json::from_str(&text).unwrap_or(Value::String(text.clone()));
    Ok(Report::new(text, json!({ "status": status, "reply": reply })))
}
