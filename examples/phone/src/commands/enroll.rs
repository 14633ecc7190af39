//! `inbox`, `register-push`, `sibling-code`.

use crate::cli::{Cli, Factor, InboxCommand, PushArgs, SiblingArgs};
use crate::failure::Outcome;
use crate::phone::Phone;
use crate::pin::Factors;
use crate::report::{Report, clean};
use countersign::client::{InboxMessage, InboxPage, POSSESSION_UNIVERSAL, PushRegistration};
use serde_json::{Value, json};

pub(crate) fn inbox(cli: &Cli, command: &InboxCommand) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let now_ms = phone.now(cli)?;
    phone.ensure_list_token(now_ms)?;
    match command {
        InboxCommand::Count => {
            let call = phone
                .device
                .count_inbox(POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
            let (pending, status, body) = phone.send(call)?;
            let unread = pending.read(status, &body)?;
            Ok(Report::new(
                format!("{unread} unread"),
                json!({ "unread": unread }),
            ))
        }
        InboxCommand::List { page, size, unread } => {
            let page = InboxPage {
                page: *page,
                size: *size,
                only_unread: *unread,
            };
            let call = phone
                .device
                .list_inbox(&page, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
            let (pending, status, body) = phone.send(call)?;
            let messages = pending.read(status, &body)?;
            let lines: Vec<_> = messages.iter().map(line).collect();
            let text = match lines.is_empty() {
                true => "No messages.".to_owned(),
                false => lines.join("\n"),
            };
            let messages: Vec<_> = messages.iter().map(object).collect();
            Ok(Report::new(text, json!({ "messages": messages })))
        }
        InboxCommand::Show { id } => show(&mut phone, id, now_ms),
        InboxCommand::Read { id } => {
            let shown = show(&mut phone, id, now_ms)?;
            let call = phone
                .device
                .mark_read(id, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
            let (pending, status, body) = phone.send(call)?;
            pending.read(status, &body)?;
            Ok(shown)
        }
        InboxCommand::ReadAll => {
            let call = phone
                .device
                .mark_all_read(POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
            let (pending, status, body) = phone.send(call)?;
            pending.read(status, &body)?;
            Ok(Report::new("All messages are read.", json!({ "readAll": true })))
        }
    }
}

fn show(phone: &mut Phone, id: &str, now_ms: u64) -> Outcome<Report> {
    let call = phone
        .device
        .request_message(id, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
    let (pending, status, body) = phone.send(call)?;
    let message = pending.read(status, &body)?;
    let content = message.body.as_deref().map(clean).unwrap_or_default();
    Ok(Report::new(
        format!("{}\n\n{content}", line(&message)),
        object(&message),
    ))
}

fn line(message: &InboxMessage) -> String {
    let mark = if message.read { ' ' } else { '*' };
    let (id, subject) = (clean(&message.id), clean(&message.subject));
    format!("{mark} {id}  {subject}\n    {}", clean(&message.summary))
}

fn object(message: &InboxMessage) -> Value {
    json!({
        "id": message.id,
        "type": message.kind,
        "subject": message.subject,
        "summary": message.summary,
        "body": message.body,
        "read": message.read,
        "timestampCreated": message.timestamp_created,
    })
}

pub(crate) fn push(cli: &Cli, arguments: &PushArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let registration = PushRegistration {
        platform: &arguments.platform,
        token: &arguments.token,
        environment: arguments.environment.as_deref(),
    };
    let (pending, status, body) = if arguments.signed {
        let signed = phone
            .device
            .register_push_signed(&registration, phone.rng.as_mut())?;
        phone.send_signed(signed)?
    } else {
        let now_ms = phone.now(cli)?;
        phone.ensure_list_token(now_ms)?;
        let call =
            phone
                .device
                .register_push(&registration, POSSESSION_UNIVERSAL, now_ms, phone.rng.as_mut())?;
        phone.send(call)?
    };
    pending.read(status, &body)?;
    let text = format!("Registered for push messages by {}.", arguments.platform);
    Ok(Report::new(text, json!({ "registered": arguments.platform })))
}

pub(crate) fn sibling(cli: &Cli, arguments: &SiblingArgs) -> Outcome<Report> {
    let mut phone = Phone::open(cli)?;
    let factors = Factors::collect(&arguments.factor, Factor::Pin, phone.biometry()?)?;
    let now_ms = phone.now(cli)?;
    phone.fetch_temporary_key(now_ms)?;
    let signed = phone.device.request_sibling_code(
        &arguments.application,
        &arguments.otp,
        &factors.authentication(),
        now_ms,
        phone.rng.as_mut(),
    )?;
    let (pending, status, body) = phone.send_signed(signed)?;
    let spawned = pending.read(status, &body)?;
    let code = format!("{}#{}", spawned.activation_code, spawned.activation_signature);
    let json = json!({ "activationId": spawned.activation_id, "code": code });
    Ok(Report::new(code, json))
}
