//! One function per command.

mod activate;
mod approve;
mod enroll;
mod keys;
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
        Command::Detail { id } => approve::detail(cli, id),
        Command::Claim { id } => approve::claim(cli, id),
        Command::Approve(arguments) => approve::approve(cli, arguments),
        Command::Reject(arguments) => approve::reject(cli, arguments),
        Command::ApproveOffline(arguments) => offline::approve(cli, arguments),
        Command::Sign(arguments) => sign::sign(cli, arguments),
        Command::Encrypt(arguments) => sign::encrypt(cli, arguments),
        Command::Inbox(command) => enroll::inbox(cli, command),
        Command::RegisterPush(arguments) => enroll::push(cli, arguments),
        Command::SiblingCode(arguments) => enroll::sibling(cli, arguments),
        Command::Vault(command) => keys::vault(cli, command),
        Command::ConfirmRecovery { code, pin } => keys::confirm_recovery(cli, code, pin),
        Command::UserInfo => keys::user_info(cli),
        Command::Upgrade => keys::upgrade(cli),
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
