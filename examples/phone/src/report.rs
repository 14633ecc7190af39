//! What a command prints: text for people, or one JSON object for programs.

use crate::failure::{Failure, Outcome};
use countersign::client::ReplyError;
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;

/// The outcome of a command in both forms.
pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Report {
    pub(crate) fn new(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
        }
    }
}

/// Text of a server on one line, without what could deceive on a terminal: control characters, and those that change the
/// direction of writing or cannot be seen.
pub(crate) fn clean(text: &str) -> String {
    let deceives = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.chars()
        .map(|c| if c == '\n' { ' ' } else { c })
        .filter(|c| !deceives(*c))
        .collect()
}

/// Prints the outcome; errors go to standard error, or with `--json` to standard output.
pub(crate) fn print(as_json: bool, outcome: Outcome<Report>) -> ExitCode {
    let (mut stdout, mut stderr) = (std::io::stdout(), std::io::stderr());
    // A reader that went away is no reason to fail.
    match outcome {
        Ok(report) => {
            let _ = if as_json {
                writeln!(stdout, "{}", report.json)
            } else {
                writeln!(stdout, "{}", report.text)
            };
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let _ = if as_json {
                writeln!(stdout, "{}", describe(&failure))
            } else {
                writeln!(stderr, "countersign-phone: {failure}")
            };
            ExitCode::from(failure.exit_code())
        }
    }
}

fn describe(failure: &Failure) -> Value {
    let mut error = json!({ "kind": failure.kind(), "message": failure.to_string() });
    if let (Failure::Reply(ReplyError::Refused(refusal)), Some(error)) = (failure, error.as_object_mut()) {
        error.insert("status".to_owned(), json!(refusal.status));
        error.insert("code".to_owned(), json!(refusal.code));
        if let Some(index) = refusal.recovery_puk_index {
            error.insert("currentRecoveryPukIndex".to_owned(), json!(index));
        }
    }
    json!({ "error": error })
}
