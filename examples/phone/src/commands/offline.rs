//! `approve-offline`: a QR text in, digits to type out. No server is asked.

use crate::cli::{Cli, Factor, OfflineArgs};
use crate::failure::{Failure, Outcome};
use crate::phone::Phone;
use crate::pin::Factors;
use crate::report::{Report, clean};
use serde_json::json;
use std::io::Read;
use std::path::Path;

const MAX_PAYLOAD: u64 = 64 * 1024;

pub(crate) fn approve(cli: &Cli, arguments: &OfflineArgs) -> Outcome<Report> {
    let text = payload(arguments)?;
    let mut phone = Phone::open(cli)?;
    let operation = phone.device.read_offline_operation(&text)?;
    let factors = Factors::collect(&arguments.factor, Factor::Pin, phone.biometry()?)?;
    let unsaved = phone
        .device
        .approve_offline(&operation, &factors.authentication())?;
    let code = phone.release(unsaved)?;
    let report = format!(
        "{}\n{}\ndata {}\n\nCode to type: {}",
        clean(&operation.title),
        clean(&operation.message),
        clean(&operation.operation_data),
        code.grouped()
    );
    let json = json!({
        "operationId": operation.operation_id,
        "title": operation.title,
        "message": operation.message,
        "data": operation.operation_data,
        "code": code.grouped(),
        "signature": code.as_str(),
    });
    Ok(Report::new(report, json))
}

/// The text from the argument, the file or standard input, without the line end an editor or a shell put behind it.
fn payload(arguments: &OfflineArgs) -> Outcome<String> {
    let mut text = match (&arguments.payload, &arguments.file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => {
            let file = std::fs::File::open(path).map_err(Failure::file(path))?;
            read(file, path)?
        }
        (None, None) => read(std::io::stdin(), Path::new("standard input"))?,
    };
    while text.ends_with(['\n', '\r']) {
        text.pop();
    }
    Ok(text)
}

fn read(source: impl Read, path: &Path) -> Outcome<String> {
    let mut text = String::new();
    source
        .take(MAX_PAYLOAD)
        .read_to_string(&mut text)
        .map_err(Failure::file(path))?;
    Ok(text)
}
