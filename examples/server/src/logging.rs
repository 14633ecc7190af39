//! The log. No event carries a header, a body, a path or a query of a request: names of endpoints
//! come from our table, and texts of errors are ours.

use std::io;

use super::options::{LogFormat, Options};

/// Sends events to standard error, panics included.
pub(crate) fn start(options: &Options) {
    let log = tracing_subscriber::fmt()
        .with_max_level(options.log_level)
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false);
    match options.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    // The message of a panic may show a value, for instance what an `unwrap` found.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
