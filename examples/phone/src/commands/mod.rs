//! One function per command.

mod activate;
mod approve;
mod manage;
mod offline;
mod sign;

use crate::cli::{Cli, Command};
use crate::failure::{Failure, Outcome};
use crate::report::Report;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde_json::json;

/// Runs the command of the command line.
pub(crate) fn run(cli: &Cli) -> Outcome<Report> {
    match &cli.command {
        Command::Activate(arguments) => activate::activate(cli, arguments),
        Command::Status => manage::status(cli),
        Command::Token(arguments) => manage::token(cli, arguments),
        Command::List => approve::list(cli),
        Command::History(arguments) => approve::history(cli, arguments),
        Command::Approve(arguments) => approve::approve(cli, arguments),
        Command::Reject(arguments) => approve::reject(cli, arguments),
        Command::ApproveOffline(arguments) => offline::approve(cli, arguments),
        Command::Sign(arguments) => sign::sign(cli, arguments),
        Command::Remove(arguments) => manage::remove(cli, arguments),
        Command::Show => manage::show(cli),
        Command::ShowQr { text } => show_qr(text),
    }
}

fn show_qr(text: &str) -> Outcome<Report> {
    let code = QrCode::new(text).map_err(|_| Failure::usage("the text is too long for a QR code"))?;
    let drawing = code.render::<Dense1x2>().build();
    let json = json!({ "text": text, "qr": drawing });
    Ok(Report::new(drawing, json))
}
