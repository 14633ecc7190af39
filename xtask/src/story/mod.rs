//! The main job, end to end: a server on embedded SQLite, a phone as a separate process that talks
//! to it over HTTP, an activation, a token, a payment approved on line and one approved off line.
//!
//! Every step prints what proves it; the first that is not as expected ends the story.

mod back_end;
mod phone;

use std::path::Path;
use std::process::Command;

use countersign::crypto::encoding::base64;
use serde_json::{Value, json};

use crate::process::{Folder, Programs, Server};
use crate::say::say;
use back_end::BackEnd;
use phone::Phone;

const USER: &str = "alice";
const PIN: &str = "2580";

/// Plays the story; with `keep` the server stays until it is interrupted.
pub(crate) fn play(keep: bool) -> Result<(), String> {
    say("building the server and the phone …");
    let programs = Programs::build(&["countersign-server", "countersign-phone"], &[])?;
    let folder = Folder::create()?;
    let database = format!("sqlite:{}", folder.path().join("countersign.sqlite").display());
    let command = Command::new(programs.find("countersign-server")?);
    let mut server = Server::start(command, &database, folder.path())?;
    say(&format!(
        "server    {} on {}",
        server.url,
        folder.path().join("countersign.sqlite").display()
    ));
    let bank = BackEnd::connect(&server.url, &folder.path().join("credentials.json"))?;
    let phone = Phone::new(programs.find("countersign-phone")?, folder.path());
    tell(&bank, &phone, &server.url)?;
    if keep {
        say(&format!(
            "\nThe server stays at {}; interrupt to end it. Its files are in",
            server.url
        ));
        say(&format!("    {}", folder.path().display()));
        say("credentials.json has the integration's token and secret (HTTP Basic for /rest/v3).");
        folder.keep();
        return server.wait();
    }
    server.stop()
}

fn tell(bank: &BackEnd, phone: &Phone, url: &str) -> Result<(), String> {
    let application = application(bank)?;
    let activation = activation(bank, phone, url, &application)?;
    operation_template(bank)?;
    online_payment(bank, phone, &activation)?;
    offline_payment(bank, phone, &activation)?;
    let audit = bank.call("/signature/list", &json!({ "userId": USER }))?;
    let items = audit
        .pointer("/items")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let valid = audit
        .pointer("/items")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let valid = valid
        .filter(|item| item.get("valid") == Some(&Value::Bool(true)))
        .count();
    expect("the audit knows every attempt", items > valid && valid >= 3)?;
    step("audit", &format!("{items} signatures, {valid} of them valid"));
    say("\nThe whole story went as expected.");
    Ok(())
}

fn application(bank: &BackEnd) -> Result<Value, String> {
    bank.call("/application/create", &json!({ "applicationId": "bank" }))?;
    let detail = bank.call("/application/detail", &json!({ "applicationId": "bank" }))?;
    step("bank", "created the application \"bank\" with its keys");
    Ok(detail)
}

/// An ACTIVE phone; answers the activation's id.
fn activation(bank: &BackEnd, phone: &Phone, url: &str, application: &Value) -> Result<String, String> {
    let init = bank.call(
        "/activation/init",
        &json!({ "userId": USER, "applicationId": "bank" }),
    )?;
    let (id, code) = (text(&init, "/activationId")?, text(&init, "/activationCode")?);
    step("bank", &format!("issued the activation code {code} for {USER}"));
    let scanned = format!("{code}#{}", text(&init, "/activationSignature")?);
    let config = text(application, "/versions/0/mobileSdkConfig")?;
    let activated = phone.run(&[
        "activate",
        "--url",
        url,
        "--sdk-config",
        &config,
        "--code",
        &scanned,
        "--pin",
        PIN,
    ])?;
    let fingerprint = text(&activated, "/fingerprint")?;
    let detail = bank.call("/activation/status", &json!({ "activationId": id }))?;
    expect(
        "both ends show one fingerprint",
        text(&detail, "/devicePublicKeyFingerprint")? == fingerprint,
    )?;
    expect(
        "the activation waits for its commit",
        text(&detail, "/activationStatus")? == "PENDING_COMMIT",
    )?;
    step(
        "phone",
        &format!("exchanged keys; fingerprint {fingerprint} on both ends"),
    );
    bank.call(
        "/activation/commit",
        &json!({ "activationId": id, "externalUserId": "clerk" }),
    )?;
    status(phone, "ACTIVE", 5)?;
    let token = phone.run(&["token", "--factor", "possession"])?;
    expect(
        "the phone has a token",
        token.get("tokenId").is_some_and(Value::is_string),
    )?;
    step("phone", "got a login token");
    Ok(id)
}

fn operation_template(bank: &BackEnd) -> Result<(), String> {
    let template = json!({
        "templateName": "payment",
        "operationType": "authorize_payment",
        "dataTemplate": "A1*A${amount}${currency}*I${iban}",
        "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"],
        "maxFailureCount": 5,
        "expiration": 300,
        "riskFlags": "",
        "proximityCheckEnabled": false,
    });
    bank.call("/operation/template/create", &template)?;
    let texts = json!([{
        "placeholder": "authorize_payment",
        "language": "en",
        "title": "Payment",
        "message": "Please approve the payment of ${amount} ${currency}",
        "attributes": [
            { "id": "amount", "type": "AMOUNT", "text": "Amount",
              "params": { "amount": "amount", "currency": "currency" } },
            { "id": "iban", "type": "KEY_VALUE", "text": "To account", "params": { "value": "iban" } },
        ],
    }]);
    bank.administer("/admin/operation-texts", &texts)?;
    Ok(())
}

fn payment(bank: &BackEnd, amount: &str) -> Result<(String, String), String> {
    let request = json!({
        "userId": USER,
        "applications": ["bank"],
        "templateName": "payment",
        "parameters": { "amount": amount, "currency": "EUR", "iban": "CZ2730300000001165254011" },
    });
    let operation = bank.call("/operation/create", &request)?;
    Ok((text(&operation, "/id")?, text(&operation, "/data")?))
}

fn online_payment(bank: &BackEnd, phone: &Phone, activation: &str) -> Result<(), String> {
    let (id, data) = payment(bank, "42.50")?;
    step("bank", &format!("asks for a payment: {data}"));
    let list = phone.run(&["list"])?;
    let listed = list.pointer("/operations/0/id").and_then(Value::as_str) == Some(id.as_str());
    expect("the phone lists the payment", listed)?;
    step("phone", "lists it with its token");

    let refused = phone.refused(&["approve", &id, "--pin", "0000"])?;
    status(phone, "ACTIVE", 4)?;
    step(
        "phone",
        &format!("a wrong PIN is refused ({refused}); 4 attempts are left"),
    );

    phone.run(&["approve", &id, "--pin", PIN])?;
    let detail = bank.call("/operation/detail", &json!({ "operationId": id }))?;
    expect("the payment is approved", text(&detail, "/status")? == "APPROVED")?;
    let approved_on = detail
        .pointer("/additionalData/activationId")
        .and_then(Value::as_str);
    expect("it was approved on this phone", approved_on == Some(activation))?;
    step("bank", "the payment is APPROVED, with two factors, on this phone");
    status(phone, "ACTIVE", 5)?;
    let again = phone.refused(&["approve", &id, "--pin", PIN])?;
    expect(
        "it cannot be approved again",
        again == "OPERATION_ALREADY_FINISHED",
    )?;
    Ok(())
}

fn offline_payment(bank: &BackEnd, phone: &Phone, activation: &str) -> Result<(), String> {
    let (id, data) = payment(bank, "1999.00")?;
    let lines = format!("{id}\nPayment\nPlease approve the payment\n{data}\nB");
    let request = json!({ "activationId": activation, "data": lines });
    let payload = bank.call("/signature/offline/personalized/create", &request)?;
    step("bank", &format!("shows a QR code for a second payment: {data}"));
    let read = phone.run(&["approve-offline", &text(&payload, "/offlineData")?, "--pin", PIN])?;
    expect("the phone shows the same payment", text(&read, "/data")? == data)?;
    let typed = text(&read, "/code")?;
    step(
        "phone",
        &format!("off line: the user reads the code {typed} and types it"),
    );

    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let (first, second) = digits.split_at_checked(8).ok_or("the code is too short")?;
    let signed = base64::encode(format!("{id}&{data}").as_bytes());
    let resource = base64::encode(b"/operation/authorize/offline");
    let request = json!({
        "activationId": activation,
        "data": format!("POST&{resource}&{}&{signed}", text(&payload, "/nonce")?),
        "signature": format!("{first}-{second}"),
        "allowBiometry": true,
    });
    let verified = bank.call("/signature/offline/verify", &request)?;
    expect(
        "the code is valid",
        verified.get("signatureValid") == Some(&Value::Bool(true)),
    )?;
    let replayed = bank.call("/signature/offline/verify", &request)?;
    expect(
        "the code is valid once",
        replayed.get("signatureValid") == Some(&Value::Bool(false)),
    )?;
    let approval = json!({
        "operationId": id,
        "userId": USER,
        "applicationId": "bank",
        "data": data,
        "signatureType": text(&verified, "/signatureType")?,
    });
    let approved = bank.call("/operation/approve", &approval)?;
    expect(
        "the second payment is approved",
        text(&approved, "/result")? == "APPROVED",
    )?;
    let left = replayed
        .get("remainingAttempts")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    step(
        "bank",
        &format!("the code was valid, once (again: invalid, {left} attempts left); the payment is APPROVED"),
    );
    Ok(())
}

/// The phone's own view of its activation.
fn status(phone: &Phone, state: &str, attempts: u64) -> Result<(), String> {
    let status = phone.run(&["status"])?;
    let left = status.get("remainingAttempts").and_then(Value::as_u64);
    let counter = text(&status, "/counter")?;
    expect(
        "the phone knows its state",
        text(&status, "/status")? == state && left == Some(attempts),
    )?;
    step(
        "phone",
        &format!("status {state}, counter {counter}, {attempts} attempts left"),
    );
    Ok(())
}

fn step(who: &str, what: &str) {
    say(&format!("{who:<9} {what}"));
}

fn expect(what: &str, holds: bool) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(format!("not as expected: {what}"))
    }
}

pub(crate) fn text(value: &Value, pointer: &str) -> Result<String, String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| format!("an answer lacks {pointer}"))
}

/// JSON of a file.
pub(crate) fn read_json(path: &Path) -> Result<Value, String> {
    let text = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))
}
