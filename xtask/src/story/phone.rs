//! The phone as a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The command-line phone with its state file.
pub(super) struct Phone {
    program: PathBuf,
    state: PathBuf,
}

impl Phone {
    pub(super) fn new(program: &Path, folder: &Path) -> Self {
        Self {
            program: program.to_owned(),
            state: folder.join("phone.json"),
        }
    }

    fn output(&self, arguments: &[&str]) -> Result<std::process::Output, String> {
        Command::new(&self.program)
            .arg("--json")
            .arg("--state")
            .arg(&self.state)
            .args(arguments)
            .env("COUNTERSIGN_PIN", "2580")
            .output()
            .map_err(|error| format!("cannot run the phone: {error}"))
    }

    /// What a command reports; an error unless it succeeds.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Value, String> {
        let output = self.output(arguments)?;
        if !output.status.success() {
            return Err(format!(
                "the phone failed: {}",
                String::from_utf8_lossy(&output.stdout).trim()
            ));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("the phone said nothing readable: {error}"))
    }

    /// The code of a refusal by the server; an error for any other end.
    pub(super) fn refused(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.output(arguments)?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.code() != Some(1) {
            return Err(format!("the server should have refused, but: {said}"));
        }
        let answer: Value = serde_json::from_str(&said).map_err(|error| error.to_string())?;
        super::text(&answer, "/error/code")
    }
}
