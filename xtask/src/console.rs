//! Console and browser phone on a server that is made for it, with something to look at: an application, a template with texts
//! in two languages, and a user whose activation code waits.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::process::{Folder, Programs, Server};
use crate::say::say;

/// Builds server and phone, starts them, and stays until it is interrupted. The database is in memory.
pub(crate) fn run() -> Result<(), String> {
    say("building the server and the browser phone …");
    let phone = build_phone()?;
    let programs = Programs::build(&["countersign-server"], &[])?;
    let folder = Folder::create()?;
    let mut command = Command::new(programs.find("countersign-server")?);
    command.arg("--phone").arg(phone);
    let mut server = Server::start(command, "memory:", folder.path())?;
    let credentials = read(&folder.path().join("credentials.json"))?;
    let url = server.url.clone();
    furnish(&url, &credentials)?;
    let word = |pointer: &str| text(&credentials, pointer);
    say(&format!("\nconsole   {url}/console"));
    say(&format!(
        "          user {}, password {}",
        word("/admin/user")?,
        word("/admin/password")?
    ));
    say(&format!("phone     {url}/phone"));
    say(
        "\nUnder Activations, create one for a user and open it in the browser phone; commit it; then create a payment",
    );
    say("under Operations and approve it on the phone. Everything is in memory; interrupt to end it.");
    server.wait()
}

/// The folder that the script writes.
fn build_phone() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm/phone");
    let built = Command::new(folder.join("build.sh")).status();
    match built
        .map_err(|error| format!("cannot run build.sh: {error}"))?
        .success()
    {
        true => Ok(folder.join("pkg")),
        false => Err("the browser phone was not built".to_owned()),
    }
}

fn furnish(url: &str, credentials: &Value) -> Result<(), String> {
    let bank = (
        text(credentials, "/integration/token")?,
        text(credentials, "/integration/secret")?,
    );
    let admin = (
        text(credentials, "/admin/user")?,
        text(credentials, "/admin/password")?,
    );
    let ask = |path: &str, body: Value| {
        post(
            &format!("{url}/rest/v3{path}"),
            &bank,
            &json!({ "requestObject": body }),
        )
    };
    ask("/application/create", json!({ "applicationId": "mobile-bank" }))?;
    ask(
        "/operation/template/create",
        json!({
            "templateName": "payment", "operationType": "payment", "dataTemplate": "A1*A${amount}${currency}*I${account}",
            "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"], "maxFailureCount": 5, "expiration": 300,
        }),
    )?;
    let row = |language: &str, title: &str, message: &str, amount: &str, account: &str| {
        json!({
            "placeholder": "payment", "language": language, "title": title, "message": message,
            "attributes": [
                { "id": "amount", "type": "AMOUNT", "text": amount, "params": { "amount": "amount", "currency": "currency" } },
                { "id": "account", "type": "KEY_VALUE", "text": account, "params": { "value": "account" } },
            ],
        })
    };
    let texts = json!([
        row(
            "en",
            "Payment",
            "Do you want to send this payment?",
            "Amount",
            "To account"
        ),
        row("cs", "Platba", "Chcete odeslat tuto platbu?", "Částka", "Na účet"),
    ]);
    post(&format!("{url}/admin/operation-texts"), &admin, &texts)
}

fn post(url: &str, (user, secret): &(String, String), body: &Value) -> Result<(), String> {
    let basic = countersign::crypto::encoding::base64::encode(format!("{user}:{secret}").as_bytes());
    let response = ureq::post(url)
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/json")
        .send(body.to_string().as_bytes());
    response.map(drop).map_err(|error| format!("{url}: {error}"))
}

fn read(path: &Path) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

fn text(value: &Value, pointer: &str) -> Result<String, String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| format!("there is no {pointer}"))
}
