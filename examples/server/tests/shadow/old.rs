//! Old servers that are not what they should be.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A listener that hands each connection to `serve`, on a thread of its own.
pub(crate) fn listener(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Reads a request to the end of its body.
pub(crate) fn request(stream: &mut TcpStream) -> Option<String> {
    let mut all = Vec::new();
    let mut some = [0; 4096];
    loop {
        let count = stream.read(&mut some).ok().filter(|count| *count > 0)?;
        all.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&all);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .filter_map(|line| line.strip_prefix("content-length: "))
            .map(|length| length.parse::<usize>().unwrap());
        if body.len() >= length.max().unwrap_or(0) {
            return Some(text.into_owned());
        }
    }
}

/// Asks `old`, and changes a text to another one in each of its answers; counts those that had it.
pub(crate) fn lying(
    old: SocketAddr,
    (from, to): (&'static str, &'static str),
    lies: &Arc<AtomicU64>,
) -> SocketAddr {
    let lies = Arc::clone(lies);
    listener(move |mut caller| {
        let Some(request) = request(&mut caller) else {
            return;
        };
        let request = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        let mut server = TcpStream::connect(old).unwrap();
        server.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        server.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        lies.fetch_add(u64::from(body.contains(from)), Ordering::SeqCst);
        let body = body.replace(from, to);
        let kept = head.lines().filter(|line| !line.starts_with("content-length"));
        let head: Vec<&str> = kept.collect();
        let length = body.len();
        let answer = format!("{}\r\ncontent-length: {length}\r\n\r\n{body}", head.join("\r\n"));
        caller.write_all(answer.as_bytes()).unwrap();
    })
}

/// Answers every request with these bytes and closes.
pub(crate) fn fixed(answer: Vec<u8>) -> SocketAddr {
    listener(move |mut caller| {
        if request(&mut caller).is_some() {
            let _ = caller.write_all(&answer);
        }
    })
}
