//! Options of the console.

use std::path::PathBuf;

use clap::Args;

/// What is served for people.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Console")]
pub(crate) struct ConsoleOptions {
    /// Leave out `/console`, the page of administrators, which asks for their credentials.
    #[arg(long, env = "COUNTERSIGN_NO_CONSOLE")]
    pub(crate) no_console: bool,

    /// Serve the phone in the browser at `/phone`, from the folder that `wasm/phone/build.sh` writes: for trying things out.
    #[arg(
        long,
        value_name = "FOLDER",
        env = "COUNTERSIGN_PHONE",
        conflicts_with = "no_console"
    )]
    pub(crate) phone: Option<PathBuf>,
}
