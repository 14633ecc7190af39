//! Requests that proxies and servers read differently: refused, or read as exactly one request with one meaning. The second
//! request behind each of them is answered as one of its own only where nobody could take it for anything else.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::rows;
use crate::support::{Raw, Server, basic, files};

const PATH: &str = "/rest/v3/application/create";
const CALLERS: usize = 24;

/// What the placeholders of one row stand for.
struct Case {
    names: Vec<(&'static str, String)>,
}

impl Case {
    fn new(number: usize, authorization: &str) -> Self {
        let authorization = format!("Authorization: {authorization}~");
        let kind = "Content-Type: application/json~";
        let head = format!("Host: x~{authorization}{kind}");
        let post = format!("POST {PATH} HTTP/1.1~{head}");
        let object = |id: &str| json!({ "requestObject": { "applicationId": id } }).to_string();
        let (body, second) = (
            object(&format!("case-{number}")),
            object(&format!("next-{number}")),
        );
        let next = format!(
            "{post}Connection: close~Content-Length: {}~~{second}",
            second.len()
        );
        // Each line break is one character here and two bytes in the request.
        let next_length = next.len() + next.matches('~').count();
        let length = body.len();
        let names = vec![
            ("ID", format!("case-{number}")),
            ("N", length.to_string()),
            ("X", format!("{length:x}")),
            ("Y", format!("{:x}", length - 1)),
            ("M", next_length.to_string()),
            ("CHUNKS", format!("{length:x}~{body}~0~~")),
            ("BODY", body),
            ("NEXT", next),
            ("PATH", PATH.to_owned()),
            ("AUTH", authorization),
            ("TYPE", kind.to_owned()),
            ("HEAD", head),
            ("POST", post),
            ("hold", String::new()),
        ];
        Self { names }
    }

    /// The bytes of a template.
    fn bytes(&self, template: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = template;
        while let Some(first) = rest.chars().next() {
            rest = &rest[first.len_utf8()..];
            match first {
                '~' => bytes.extend(b"\r\n"),
                '\\' => {
                    let (byte, length) = match rest.as_bytes()[0] {
                        b'n' => (b'\n', 1),
                        b'r' => (b'\r', 1),
                        b't' => (b'\t', 1),
                        b'0' => (0, 1),
                        b'\\' => (b'\\', 1),
                        b'x' => (u8::from_str_radix(&rest[1..3], 16).unwrap(), 3),
                        other => panic!("\\{}", char::from(other)),
                    };
                    bytes.push(byte);
                    rest = &rest[length..];
                }
                '{' => match self.named(rest) {
                    Some((inserted, length)) => {
                        bytes.extend(inserted);
                        rest = &rest[length..];
                    }
                    None => bytes.push(b'{'),
                },
                other => bytes.extend(other.to_string().bytes()),
            }
        }
        bytes
    }

    /// What a placeholder stands for that begins here, and how long it is. Other braces are braces.
    fn named(&self, rest: &str) -> Option<(Vec<u8>, usize)> {
        let end = rest.find('}')?;
        let inner = &rest[..end];
        if let Some((_, text)) = self.names.iter().find(|(name, _)| *name == inner) {
            return Some((self.bytes(text), end + 1));
        }
        let (piece, times) = inner.rsplit_once('*')?;
        let times = times.parse().ok()?;
        Some((self.bytes(piece).repeat(times), end + 1))
    }
}

/// Sends everything, as far as the server takes it, and reads everything until it closes.
fn exchanged(mut connection: Raw, bytes: &[u8]) -> Vec<u8> {
    // Whoever is refused in the middle may be cut off while sending.
    let _ = connection.0.write_all(bytes);
    let mut all = Vec::new();
    let mut some = [0; 4096];
    loop {
        match connection.0.read(&mut some) {
            Ok(0) => return all,
            Ok(count) => all.extend_from_slice(&some[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return all,
            Err(error) => panic!("{error}, after {:?}", String::from_utf8_lossy(&all)),
        }
    }
}

/// Statuses and bodies of the answers, one behind the other. The first has no body when it is one to HEAD.
fn answers(bytes: &[u8], head: bool) -> Vec<(u16, String)> {
    let mut rest = std::str::from_utf8(bytes).unwrap();
    let mut answers = Vec::new();
    while !rest.is_empty() {
        let (top, more) = rest.split_once("\r\n\r\n").unwrap();
        // An older caller is answered in its version.
        let status = crate::support::status_of(&top.replacen("HTTP/1.0", "HTTP/1.1", 1));
        let length = top
            .lines()
            .find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().unwrap())
            })
            .unwrap_or(0);
        let bodiless = status < 200 || (head && answers.is_empty());
        let (body, behind) = more.split_at(if bodiless { 0 } else { length });
        answers.push((status, body.to_owned()));
        rest = behind;
    }
    answers
}

/// The answers in the words of the corpus.
fn told(answers: &[(u16, String)], number: usize) -> String {
    let mut words = Vec::new();
    for (status, body) in answers {
        let made = |name: &str| body.contains(&format!("\"applicationId\":\"{name}-{number}\""));
        words.push(match status {
            200 if made("case") => "created".to_owned(),
            200 if made("next") => "next".to_owned(),
            200 => "something else".to_owned(),
            other => other.to_string(),
        });
    }
    match words.is_empty() {
        true => "nothing".to_owned(),
        false => words.join(" "),
    }
}

#[test]
fn every_request_is_one_request_or_none() {
    let rows = rows(include_str!("requests.txt"));
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &["--header-timeout", "3", "--body-timeout", "3"]);
    let auth = files.integration();
    let authorization = basic(&auth);
    let differences = Mutex::new(String::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((expected, template)) = rows.get(number) else {
                        return;
                    };
                    let case = Case::new(number, &authorization);
                    let mut bytes = case.bytes(template);
                    if !template.ends_with("{hold}") {
                        bytes.extend(case.bytes("{NEXT}"));
                    }
                    let got = exchanged(server.connect(), &bytes);
                    let got = told(&answers(&got, template.starts_with("HEAD ")), number);
                    if got != *expected {
                        let mut differences = differences.lock().unwrap();
                        writeln!(differences, "{got}, not {expected}: {template}").unwrap();
                    }
                }
            });
        }
    });
    let differences = differences.into_inner().unwrap();
    assert!(differences.is_empty(), "\n{differences}");

    // Whatever was answered, nothing is there that must not be.
    let mut allowed = BTreeSet::new();
    let (mut refused, mut alone) = (0, 0);
    for (number, (expected, _)) in rows.iter().enumerate() {
        let words: Vec<&str> = expected.split(' ').collect();
        for (word, name) in [("created", "case"), ("next", "next")] {
            if words.contains(&word) {
                allowed.insert(format!("{name}-{number}"));
            }
        }
        refused += usize::from(!words.contains(&"created"));
        alone += usize::from(!words.contains(&"next"));
    }
    let list = server.ok("/rest/v3/application/list", &auth, &json!({}));
    let there: BTreeSet<String> = list["applications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["applicationId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(there, allowed, "accepted wrongly, or lost");
    println!(
        "{} requests: {refused} refused, {} accepted; {alone} closed the connection, {} were followed by another; \
         0 accepted wrongly",
        rows.len(),
        rows.len() - refused,
        rows.len() - alone
    );
    assert!(rows.len() >= 200 && refused >= 150 && alone >= 150);
}
