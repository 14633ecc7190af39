//! What a server in production has around it: settings in a file, rates of callers, and a balancer that is warned.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};

use rustix::process::Signal;
use serde_json::{Value, json};
use support::{Server, files, status_of};

fn settings(files: &support::Files, text: &str) -> String {
    let file = files.0.join("settings.toml");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// One request on a connection of its own.
fn asked(server: &Server, path: &str, more: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n");
    server.connect().send(head).rest()
}

#[test]
fn a_file_of_settings_and_a_file_with_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let address = files.0.join("address");
    std::fs::write(&address, format!("sqlite:{}\n", files.database().display())).unwrap();
    let text = format!(
        "database-file = {:?}\nmax-body = 2000\nlog-format = \"json\"\napplication-name = \"from the file\"\n",
        address.to_str().unwrap()
    );
    let file = settings(&files, &text);
    // The last argument in place of the support's own database.
    let server = Server::configured(&files, &["--config", &file, "--max-body", "3000"]);
    assert!(files.database().exists());
    let (status, _) = support::raw(&server, "POST /rest/v3/status HTTP/1.1", &"x".repeat(2_500));
    assert_ne!(status, 413);
    let (status, _) = support::raw(&server, "POST /rest/v3/status HTTP/1.1", &"x".repeat(3_500));
    assert_eq!(status, 413);
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(log.lines().all(|line| line.starts_with('{')), "{log}");
    let wrong = settings(&files, "max-bodies = 1\n");
    let refused = Server::try_start(&files, &["--config", &wrong]).err().unwrap();
    assert!(
        refused.code == Some(2) && refused.text.contains("there is no option \"max-bodies\""),
        "{}",
        refused.text
    );
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let options = [
        "--rate-limit=1",
        "--rate-burst=5",
        "--trusted-proxy=127.0.0.1",
        "--rate-exempt=203.0.113.0/24",
    ];
    let server = Server::in_memory(&files(&folder), &options);
    let from = |address: &str| {
        let header = format!("X-Forwarded-For: {address}\r\n");
        asked(&server, "/rest/v3/status", &header)
    };
    // A second may pass meanwhile.
    let answers: Vec<String> = (0..20).map(|_| from("192.0.2.1")).collect();
    let refused: Vec<&String> = answers.iter().filter(|it| status_of(it) == 429).collect();
    assert!(refused.len() >= 10, "{} refused", refused.len());
    assert_ne!(status_of(&answers[4]), 429);
    for answer in &refused {
        let text = answer.to_ascii_lowercase();
        assert!(
            text.contains("retry-after: 1\r\n") && text.contains("error_too_many_requests"),
            "{answer}"
        );
    }
    // Others are not concerned, nor are back ends, nor whoever watches.
    assert_ne!(status_of(&from("192.0.2.2")), 429);
    assert!((0..20).all(|_| status_of(&from("203.0.113.5")) != 429));
    assert!((0..20).all(|_| status_of(&asked(&server, "/ready", "")) == 200));
    // Of a header that nobody vouches for only the last address counts.
    let made_up = (0..20).map(|n| from(&format!("198.51.100.{n}, 192.0.2.1")));
    let refused = made_up.filter(|it| status_of(it) == 429).count();
    assert!(refused >= 10, "{refused} refused");
    let (_, metrics) = server.get("/metrics");
    let limited = metrics
        .lines()
        .find_map(|it| it.strip_prefix("countersign_requests_limited_total "));
    assert!(limited.unwrap().parse::<u64>().unwrap() >= 20);
}

#[test]
fn a_balancer_is_warned_before_the_server_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_memory(&files(&folder), &["--drain", "60"]);
    assert_eq!(status_of(&asked(&server, "/ready", "")), 200);
    server.signal(Signal::TERM);
    let mut tries = 0;
    while status_of(&asked(&server, "/ready", "")) == 200 {
        tries += 1;
        assert!(tries < 10_000);
    }
    let answer = asked(&server, "/ready", "");
    assert!(
        status_of(&answer) == 503 && answer.contains("STOPPING"),
        "{answer}"
    );
    // Requests are still taken.
    assert_eq!(status_of(&asked(&server, "/health", "")), 200);
    // A second signal ends the wait.
    server.signal(Signal::TERM);
    let (code, log) = server.wait();
    assert_eq!(code, Some(0), "{log}");
}

/// A collector: takes reports and remembers them with their paths.
fn collector() -> (String, std::sync::mpsc::Receiver<(String, Value)>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/otlp", listener.local_addr().unwrap());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut lines = BufReader::new(stream.unwrap());
            let (mut path, mut length, mut line) = (String::new(), 0, String::new());
            while lines.read_line(&mut line).unwrap() > 2 {
                if let Some(rest) = line.strip_prefix("POST ") {
                    rest.split(' ').next().unwrap().clone_into(&mut path);
                }
                if let Some(rest) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = rest.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            lines.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
            lines.get_mut().write_all(answer).unwrap();
            if sender
                .send((path, serde_json::from_slice(&body).unwrap()))
                .is_err()
            {
                return;
            }
        }
    });
    (url, receiver)
}

#[test]
fn a_collector_is_told_of_requests() {
    let (url, reports) = collector();
    let folder = tempfile::tempdir().unwrap();
    let options = ["--otlp-endpoint", &url, "--otlp-interval", "3600"];
    let server = Server::in_memory(&files(&folder), &options);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    for flags in ["01", "00", "01"] {
        let header = format!("traceparent: 00-{trace}-00f067aa0ba902b7-{flags}\r\n");
        asked(&server, "/health", &header);
    }
    asked(&server, "/health", "");
    // The last report is sent before the server ends.
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    let (mut traces, mut metrics) = (Vec::new(), Vec::new());
    for (path, report) in reports.try_iter() {
        match path.as_str() {
            "/otlp/v1/traces" => traces.push(report),
            "/otlp/v1/metrics" => metrics.push(report),
            other => panic!("{other}"),
        }
    }
    assert_eq!((traces.len(), metrics.len()), (1, 1));
    let resource = traces[0]["resourceSpans"][0]["resource"]["attributes"]
        .as_array()
        .unwrap();
    assert!(
        resource
            .iter()
            .any(|it| it["value"]["stringValue"] == "countersign-server")
    );
    let spans = traces[0]["resourceSpans"][0]["scopeSpans"][0]["spans"]
        .as_array()
        .unwrap();
    // Two that the caller wants traced; neither the one that it does not, nor the one without a word.
    assert_eq!(spans.len(), 2, "{spans:?}");
    for span in spans {
        assert_eq!(span["traceId"], trace);
        assert_eq!(span["parentSpanId"], "00f067aa0ba902b7");
        assert_eq!(span["spanId"].as_str().unwrap().len(), 16);
        assert_eq!((&span["name"], &span["kind"]), (&json!("health"), &json!(2)));
        let time = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
        assert!(time("startTimeUnixNano") < time("endTimeUnixNano"));
    }
    assert_ne!(spans[0]["spanId"], spans[1]["spanId"]);
    let told = metrics[0]["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]
        .as_array()
        .unwrap();
    let named = |name: &str| {
        told.iter()
            .find(|it| it["name"] == name)
            .unwrap_or_else(|| panic!("{name}"))
    };
    let point = &named("http.server.request.duration")["histogram"]["dataPoints"][0];
    assert_eq!(point["count"], "4");
    let buckets: u64 = point["bucketCounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(buckets, 4);
    let bounds = point["explicitBounds"].as_array().unwrap().len();
    assert_eq!(point["bucketCounts"].as_array().unwrap().len(), bounds + 1);
    let panics = &named("countersign.panics")["sum"];
    assert_eq!(
        (&panics["isMonotonic"], &panics["dataPoints"][0]["asInt"]),
        (&json!(true), &json!("0"))
    );
    assert!(named("countersign.connections")["gauge"]["dataPoints"][0]["asInt"].is_string());
}

#[test]
fn a_collector_that_is_not_there_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--otlp-endpoint", "http://127.0.0.1:1", "--otlp-traces", "100"];
    let server = Server::in_memory(&files(&folder), &options);
    assert!((0..20).all(|_| status_of(&asked(&server, "/health", "")) == 200));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert_eq!(
        log.matches("collector of OpenTelemetry was not reached").count(),
        1,
        "{log}"
    );
}
