//! Half-open connections: how long honest callers wait while somebody holds many connections that never come to a request.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use crate::support::{Server, basic, files, status_of};

const LIST: &str = "/rest/v3/application/list";
const CALLERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(10);
/// Files that are open beside the connections.
const OTHER_FILES: u64 = 200;
/// In the test run others work on the same machine: a wait that much longer is no wait.
const NOISE: Duration = Duration::from_millis(20);

/// What is never finished. A byte now and then goes into each of them.
fn beginning(number: usize) -> String {
    let head = format!("POST {LIST} HTTP/1.1\r\nHost: x\r\n");
    match number % 4 {
        0 => String::new(),
        1 => format!("{head}X: "),
        2 => format!("{head}Content-Length: 60000\r\n\r\n{{"),
        _ => format!("{head}Transfer-Encoding: chunked\r\n\r\n8000\r\n{{"),
    }
}

/// Raises the limit of open files as far as it goes.
fn room_for(connections: usize) {
    let needed = u64::try_from(connections).unwrap() + OTHER_FILES;
    let limit = getrlimit(Resource::Nofile);
    let maximum = limit.maximum.unwrap_or(u64::MAX);
    assert!(
        maximum >= needed,
        "this needs {needed} open files, and the system allows {maximum} (ulimit -Hn)"
    );
    let current = Some(limit.current.unwrap_or(u64::MAX).max(needed));
    let raised = Rlimit { current, ..limit };
    setrlimit(Resource::Nofile, raised).unwrap();
}

fn opened(server: &Server, number: usize) -> TcpStream {
    let mut stream = server.connect().0;
    stream.write_all(beginning(number).as_bytes()).unwrap();
    stream.set_nonblocking(true).unwrap();
    stream
}

/// Holds as many connections until it is told to stop, and opens a new one for each that the server gives up. Tells in `held`
/// how many there are.
fn hold(server: &Server, connections: usize, held: &AtomicUsize, stop: &AtomicBool) -> usize {
    let mut all = Vec::with_capacity(connections);
    for number in 0..connections {
        all.push(opened(server, number));
        held.fetch_add(1, Ordering::Relaxed);
    }
    let mut again = 0;
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        for (number, stream) in all.iter_mut().enumerate() {
            let mut some = [0; 1024];
            let given_up = match stream.read(&mut some) {
                Ok(_) => true,
                Err(error) => error.kind() != ErrorKind::WouldBlock,
            };
            let dripped = number % 4 == 0 || stream.write_all(b"x").is_ok();
            if given_up || !dripped {
                *stream = opened(server, number);
                again += 1;
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        std::thread::sleep(Duration::from_secs(1).saturating_sub(began.elapsed()));
    }
    again
}

/// Times of honest requests: three of four over a connection that is kept, the others over one of their own.
fn honest(server: &Server, auth: &(String, String), lasting: Duration) -> Vec<Duration> {
    let end = Instant::now() + lasting;
    let authorization = basic(auth);
    let body = json!({}).to_string();
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                scope.spawn(|| {
                    let mut times = Vec::new();
                    while Instant::now() < end {
                        let began = Instant::now();
                        if times.len() % 4 == 0 {
                            let request = format!(
                                "POST {LIST} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {authorization}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                                body.len()
                            );
                            assert_eq!(status_of(&server.connect().send(request).rest()), 200);
                        } else {
                            server.ok(LIST, auth, &json!({}));
                        }
                        times.push(began.elapsed());
                        std::thread::sleep(PAUSE);
                    }
                    times
                })
            })
            .collect();
        callers.into_iter().flat_map(|it| it.join().unwrap()).collect()
    })
}

/// The time that so many of a thousand stay below.
fn below(times: &mut [Duration], thousandths: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * thousandths / 1_000).min(times.len() - 1)]
}

fn open_at(server: &Server) -> usize {
    let (_, text) = server.get("/metrics");
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("countersign_connections "));
    line.unwrap().parse().unwrap()
}

/// Honest callers alone, beside the others, and alone again. Answers both times below which 99 of 100 stay.
fn measured(connections: usize, lasting: Duration) -> (Duration, Duration) {
    room_for(connections);
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(&files, &["--log-level", "error"]);
    let auth = files.integration();
    honest(&server, &auth, lasting / 4);
    let mut alone = honest(&server, &auth, lasting);
    let (held, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (mut beside, open, again) = std::thread::scope(|scope| {
        let holder = scope.spawn(|| hold(&server, connections, &held, &stop));
        // The system takes connections before the server does.
        while held.load(Ordering::Relaxed) < connections || open_at(&server) < connections {
            assert!(!holder.is_finished(), "the connections cannot be opened");
            std::thread::sleep(PAUSE);
        }
        let before = open_at(&server);
        let beside = honest(&server, &auth, lasting);
        let after = open_at(&server);
        stop.store(true, Ordering::Relaxed);
        (beside, before.min(after), holder.join().unwrap())
    });
    while open_at(&server) > CALLERS * 4 {
        std::thread::sleep(PAUSE);
    }
    alone.extend(honest(&server, &auth, lasting));
    let (of_alone, of_beside) = (alone.len(), beside.len());
    let times = [&mut alone, &mut beside].map(|times| (below(times, 500), below(times, 990)));
    let [(median, p99), (median_beside, p99_beside)] = times;
    println!(
        "{connections} half-open connections ({open} open at the server, {again} opened again): \
         {of_alone} honest requests alone, median {median:?}, p99 {p99:?}; \
         {of_beside} beside them, median {median_beside:?}, p99 {p99_beside:?}; \
         ratio of p99 {:.2}",
        p99_beside.as_secs_f64() / p99.as_secs_f64()
    );
    assert!(open * 10 >= connections * 9, "the server does not hold them");
    (p99, p99_beside)
}

#[test]
fn a_few_hundred_half_open_connections_disturb_nobody() {
    let (alone, beside) = measured(400, Duration::from_secs(2));
    assert!(beside < 2 * alone || beside < alone + NOISE);
}

/// `cargo xtask slow`.
#[test]
#[ignore = "takes a minute, thousands of descriptors, and a machine that does nothing else"]
fn thousands_of_half_open_connections_disturb_nobody() {
    let wanted = std::env::var("COUNTERSIGN_HALF_OPEN").map_or(5_000, |text| text.parse().unwrap());
    let (alone, beside) = measured(wanted, Duration::from_secs(20));
    assert!(
        beside < 2 * alone,
        "honest callers wait more than twice as long: {beside:?} instead of {alone:?}"
    );
}
