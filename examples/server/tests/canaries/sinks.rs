//! Who is told of what happens: a collector of OpenTelemetry and a receiver of callbacks, in one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

/// Head and body.
type Call = (String, Vec<u8>);

/// Head and body of everything that was posted.
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Sink {
    /// Takes everything and answers `{}`.
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&calls);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    loop {
                        let mut head = String::new();
                        while reader.read_line(&mut head).unwrap_or(0) > 2 {}
                        let length = head.to_ascii_lowercase();
                        let length = length
                            .lines()
                            .find_map(|line| line.strip_prefix("content-length:"));
                        let Some(length) = length else { break };
                        let mut body = vec![0; length.trim().parse().unwrap()];
                        if reader.read_exact(&mut body).is_err() {
                            break;
                        }
                        kept.lock().unwrap().push((head, body));
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                        if reader.get_mut().write_all(answer).is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Self { address, calls }
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}
