//! The server under load, over HTTP, beside bare flushes of the same disk.

use std::path::Path;
use std::process::Command;

use crate::performance::{LOAD, SERVER, flushes};
use crate::process::{Folder, Programs, Server};
use crate::say::say;
use crate::story::{read_json, text};

/// Plays everything, or what `plan` says.
pub(crate) fn run(plan: &[&str]) -> Result<(), String> {
    let mut database = None;
    let mut core = None;
    let mut rest = Vec::new();
    let mut words = plan.iter();
    while let Some(&word) = words.next() {
        let mut value = || words.next().copied().ok_or(format!("{word} needs a value"));
        match word {
            "--database" => database = Some(value()?),
            "--core" => core = Some(value()?),
            other => rest.push(other),
        }
    }
    let programs = Programs::build(&[SERVER, LOAD], &["--release"])?;
    let folder = Folder::create()?;
    let fresh = format!("sqlite:{}", folder.path().join("countersign.sqlite").display());
    let database = database.unwrap_or(&fresh);
    let server = Server::start(on(core, programs.find(SERVER)?), database, folder.path())?;
    let credentials = read_json(&folder.path().join("credentials.json"))?;
    let before = flushes(folder.path())?;
    let status = on(core, programs.find(LOAD)?)
        .args(["--url", &server.url, "--pid", &server.id().to_string()])
        .args(["--user", &text(&credentials, "/integration/token")?])
        .args(rest)
        .env(
            "COUNTERSIGN_LOAD_PASSWORD",
            text(&credentials, "/integration/secret")?,
        )
        .status()
        .map_err(|error| format!("cannot run the load: {error}"))?;
    let after = flushes(folder.path())?;
    say(&format!(
        "\nwrite 4 KiB + fdatasync, one at a time: {before} per second before, {after} after"
    ));
    if status.success() {
        Ok(())
    } else {
        Err(format!("the load ended with {status}"))
    }
}

/// A program, on one core where that is asked for.
fn on(core: Option<&str>, program: &Path) -> Command {
    match core {
        None => Command::new(program),
        Some(core) => {
            let mut command = Command::new("taskset");
            command.args(["--cpu-list", core]).arg(program);
            command
        }
    }
}
