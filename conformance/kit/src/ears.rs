//! A receiver of callbacks on this machine.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

const MAX_BODY: usize = 1024 * 1024;
const MAX_HEADERS: usize = 64;
/// A caller that says nothing for so long is left alone.
const PATIENCE: Duration = Duration::from_secs(10);

/// Listens until the process ends.
#[derive(Debug)]
pub struct Ears {
    url: String,
    heard: Arc<Mutex<Vec<Value>>>,
}

impl Ears {
    /// Listens on a free port of this address of the machine.
    ///
    /// # Errors
    /// When the system does not let it.
    pub fn open(address: IpAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((address, 0))?;
        let url = format!("http://{}/callback", listener.local_addr()?);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // A caller that does not speak HTTP is no callback.
                if let Ok(Some(body)) = answer(&stream) {
                    sink.lock().unwrap_or_else(PoisonError::into_inner).push(body);
                }
            }
        });
        Ok(Self { url, heard })
    }

    /// The address to call.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All bodies so far.
    #[must_use]
    pub fn heard(&self) -> Vec<Value> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(mut stream: &TcpStream) -> io::Result<Option<Value>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    for _ in 0..MAX_HEADERS {
        let mut line = String::new();
        reader.by_ref().take(8_192).read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; usize::min(length, MAX_BODY)];
    reader.read_exact(&mut body)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    Ok(serde_json::from_slice(&body).ok())
}
