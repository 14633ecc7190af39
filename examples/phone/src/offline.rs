//! Operations off line, and QR codes in the terminal.

use std::io::Read as _;
use std::path::Path;

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::failure::Failure;
use crate::options::{ApproveOffline, Options, Report};
use crate::status::Factors;
use crate::store::Phone;

/// Longest QR content that is read, in bytes; more does not fit a QR code.
const MAX_PAYLOAD: u64 = 4_096;

/// Verifies who issued the operation, shows it, and computes the code to type.
pub(crate) fn approve(options: &Options, arguments: &ApproveOffline) -> Result<Report, Failure> {
    let mut phone = Phone::load(&options.state)?;
    let payload = payload(arguments)?;
    let operation = phone
        .device
        .read_offline_operation(payload.trim_end_matches('\n'))?;
    let factors = Factors::of(&arguments.with, &phone)?;
    let code = phone
        .device
        .approve_offline(&operation, &factors.authentication())?;
    let code = phone.keep(code)?;
    Ok(Report::new()
        .with("id", operation.operation_id.as_str())
        .with("title", operation.title.as_str())
        .with("message", operation.message.as_str())
        .with("data", operation.operation_data.as_str())
        .with("code", code.grouped()))
}

fn payload(arguments: &ApproveOffline) -> Result<String, Failure> {
    let Some(path) = &arguments.file else {
        return Ok(arguments.payload.clone().unwrap_or_default());
    };
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(MAX_PAYLOAD).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_PAYLOAD).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::usage(format!("cannot read the QR content: {error}")))?;
    Ok(text)
}

/// Draws a QR code with block characters.
pub(crate) fn show_qr(text: &str) -> Result<Report, Failure> {
    let code = QrCode::new(text).map_err(|_| Failure::usage("the text does not fit a QR code"))?;
    let drawn = code.render::<Dense1x2>().quiet_zone(true).build();
    Ok(Report::new().with("qr", drawn))
}
