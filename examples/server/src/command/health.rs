//! `countersign-server health`

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use super::{CommandError, FOUND, say};
use crate::options::Options;

const WITHIN: Duration = Duration::from_secs(4);
const ANSWER_BYTES: u64 = 4 * 1024;

/// Asks the server on this machine.
pub(super) fn run(options: &Options) -> Result<ExitCode, CommandError> {
    let status = ask(near(options.listen));
    say(status.as_deref().unwrap_or("no answer"))?;
    Ok(match status.as_deref() {
        Some("200") => ExitCode::SUCCESS,
        _ => ExitCode::from(FOUND),
    })
}

/// Where a server that listens everywhere is found.
fn near(mut listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        listen.set_ip(match listen {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    listen
}

/// Status of the answer; none without one.
fn ask(server: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&server, WITHIN).ok()?;
    stream.set_read_timeout(Some(WITHIN)).ok()?;
    stream.set_write_timeout(Some(WITHIN)).ok()?;
    let request = "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES).read_to_string(&mut answer).ok()?;
    let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    status
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| status.to_owned())
}
