//! What these commands print.

use std::io::Write as _;

/// Prints a line.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout();
    // Nobody reads it any more when this fails.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
