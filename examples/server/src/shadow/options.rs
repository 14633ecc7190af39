//! Whom the server stands in front of.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use countersign::engine::callback::target::Target;

use crate::options::seconds;

/// Options of shadow mode.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Shadow mode")]
pub(crate) struct ShadowOptions {
    /// Stand in front of an old server: every request goes there and its answer comes back as it is. Requests of the server API
    /// are then decided here, too, on a database that was adopted, and the answers compared: `/shadow` and `/metrics`.
    #[arg(long, value_name = "URL", env = "COUNTERSIGN_SHADOW")]
    pub(crate) shadow: Option<OldServer>,

    /// Authorities, in PEM, that the old server's certificate has to lead to; Mozilla's list when absent.
    #[arg(long, value_name = "FILE", requires = "shadow")]
    pub(crate) shadow_ca: Option<PathBuf>,

    /// For the old server's whole answer; then 504.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) shadow_timeout: Duration,

    /// Largest request body that is passed on; larger ones get 413.
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    pub(crate) shadow_max_body: usize,

    /// Requests that may wait to be decided here; more are dropped and counted.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) shadow_queue: u32,
}

/// Where the old server is: `http://HOST:PORT` or `https://…`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OldServer {
    url: String,
}

impl OldServer {
    /// The parts of its address.
    pub(crate) fn target(&self) -> Option<Target<'_>> {
        Target::parse(&self.url)
    }
}

impl FromStr for OldServer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = text.trim_end_matches('/').to_owned();
        match Target::parse(&url) {
            Some(target) if target.path() == "/" => Ok(Self { url }),
            _ => Err("expected http://HOST:PORT or https://HOST:PORT, without a path"),
        }
    }
}

impl fmt::Display for OldServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_servers() {
        let old: OldServer = "http://old:8080/".parse().unwrap();
        assert_eq!(old.to_string(), "http://old:8080");
        assert_eq!(old.target().unwrap().port, 8080);
        for wrong in [
            "",
            "old:8080",
            "ftp://old",
            "http://old/powerauth",
            "http://u:p@old",
            "http://old?a",
        ] {
            assert!(wrong.parse::<OldServer>().is_err(), "{wrong}");
        }
    }
}
