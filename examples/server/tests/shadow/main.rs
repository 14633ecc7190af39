//! Shadow mode: in front of an old server, with the databases of a PowerAuth Server beside the project taken over twice: once as
//! the old server, once as its shadow.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod old;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::phone::Phone;
use support::{Auth, Files, Server, basic, command, raw};
use tempfile::TempDir;

/// A database beside the project; none when the project stands alone, which is not allowed where all must be tested.
fn folder(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/java-database");
    if !root.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "../shared/java-database is missing"
        );
        println!("{name}: skipped, ../shared/java-database is absent");
        return None;
    }
    Some(root.join(name))
}

/// Takes the database over into a folder of its own.
fn adopted(from: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    adopt(from, &folder);
    folder
}

/// Takes it over into a folder; what the command says.
fn adopt(from: &Path, folder: &TempDir) -> String {
    let files = Files(folder.path().to_owned());
    let phones: Value = serde_json::from_slice(&std::fs::read(from.join("phones.json")).unwrap()).unwrap();
    let database = format!("sqlite:{}", files.database().display());
    let key = files.master_key().display().to_string();
    let mut words = vec!["adopt", "--database", &database, "--master-key-file", &key];
    let old_key = folder.path().join("old-key").display().to_string();
    if let Some(text) = phones["databaseMasterKey"].as_str() {
        std::fs::write(&old_key, text).unwrap();
        words.extend(["--old-master-key-file", &old_key]);
    }
    words.extend(["--from", from.to_str().unwrap()]);
    let (code, out, error) = command(words);
    assert_eq!(code, Some(0), "{out}{error}");
    out
}

fn files(folder: &TempDir) -> Files {
    Files(folder.path().to_owned())
}

/// An old server and its shadow.
struct Pair {
    old: Option<Server>,
    shadow: Server,
    /// Credentials at the old server.
    auth: Auth,
    administrator: Auth,
    folders: [TempDir; 2],
}

impl Pair {
    fn of(from: &Path, more: &[&str], between: impl Fn(&Server) -> String) -> Self {
        let folders = [adopted(from), adopted(from)];
        let old = Server::start(&files(&folders[0]), &["--no-callbacks"]);
        let url = between(&old);
        let mut words = vec!["--shadow", &url];
        words.extend(more);
        let shadow = Server::start(&files(&folders[1]), &words);
        Self {
            auth: files(&folders[0]).integration(),
            administrator: files(&folders[1]).administrator(),
            old: Some(old),
            shadow,
            folders,
        }
    }

    fn plain(from: &Path, more: &[&str]) -> Self {
        Self::of(from, more, |old| old.url(""))
    }

    /// The report, once nothing waits.
    fn report(&self) -> Value {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let report = self.report_now();
            if report["waiting"] == 0 {
                return report;
            }
            assert!(Instant::now() < until, "{report}");
            std::thread::yield_now();
        }
    }

    fn report_now(&self) -> Value {
        let asked = self.shadow.agent.get(self.shadow.url("/shadow"));
        let mut answer = asked
            .header("authorization", basic(&self.administrator))
            .call()
            .unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }

    fn ask(&self, path: &str, object: &Value) -> (u16, Value) {
        self.shadow.post(path, Some(&self.auth), object)
    }
}

/// Path and request of every step that belongs to the database: of phones, operations and recovery codes, and what is only read.
fn steps(from: &Path) -> Vec<(String, Value)> {
    let checks: Value = serde_json::from_slice(&std::fs::read(from.join("checks.json")).unwrap()).unwrap();
    let entries = ["phones", "operations", "recoveryCodes"]
        .into_iter()
        .flat_map(|group| checks[group].as_array().unwrap())
        .flat_map(|entry| entry["steps"].as_array().unwrap());
    let all = checks["reads"].as_array().unwrap().iter().chain(entries);
    all.map(|step| (step["path"].as_str().unwrap().to_owned(), step["request"].clone()))
        .collect()
}

fn sum(report: &Value) -> u64 {
    let outcomes = report["outcomes"].as_object().unwrap();
    outcomes.values().map(|count| count.as_u64().unwrap()).sum()
}

#[test]
fn phones_of_an_old_server_are_followed() {
    for name in ["plain", "encrypted"] {
        let Some(from) = folder(name) else { return };
        let pair = Pair::plain(&from, &[]);
        let steps = steps(&from);
        for (path, request) in &steps {
            let (status, _) = pair.ask(path, request);
            assert!([200, 400].contains(&status), "{path} {status}");
        }
        let report = pair.report();
        println!(
            "{name}: {} requests: {}, {} members",
            steps.len(),
            report["outcomes"],
            report["membersCompared"]
        );
        println!("{name}: {}", report["methods"]);
        for outcome in ["differed", "raced", "failed", "dropped", "unanswered"] {
            assert_eq!(report["outcomes"][outcome], 0, "{outcome}: {}", report["latest"]);
        }
        assert_eq!(sum(&report), u64::try_from(steps.len()).unwrap());
        assert!(
            report["outcomes"]["agreed"].as_u64() >= Some(280),
            "{}",
            report["methods"]
        );
        assert!(report["methods"]["verifySignature"]["agreed"].as_u64() >= Some(110));

        // What is made at the old server from now on is not known here.
        let (agreed, unknown) = (
            &report["outcomes"]["agreed"],
            report["outcomes"]["unknown"].as_u64(),
        );
        let mut phone = Phone::activate(&pair.shadow, &pair.auth, "retail-bank", "new customer");
        for right in [true, false, true] {
            let signed = phone.sign(right);
            assert_eq!(phone.verify(&pair.shadow, &pair.auth, &signed), Some(right));
        }
        let later = pair.report();
        assert_eq!(later["outcomes"]["differed"], 0);
        assert!(
            later["outcomes"]["unknown"].as_u64() >= unknown.map(|it| it + 3),
            "{later}"
        );
        println!(
            "{name}: agreed {agreed} before, {} with a new phone",
            later["outcomes"]["agreed"]
        );
        // No receiver was called, and metrics say the same as the report.
        let (_, metrics) = pair.shadow.get("/metrics");
        assert!(
            metrics.contains("countersign_callbacks_failed_total 0\n"),
            "{metrics}"
        );
        let verified = &later["methods"]["verifySignature"]["agreed"];
        let line = format!(
            "countersign_shadow_requests_total{{method=\"verifySignature\",outcome=\"agreed\"}} {verified}\n"
        );
        assert!(metrics.contains(&line));
        let (code, log) = pair.shadow.stop();
        assert_eq!(code, Some(0), "{log}");
        // What was used here is made as it stands at the old server.
        let out = adopt(&from, &pair.folders[1]);
        let line = out
            .lines()
            .find(|line| line.starts_with("pa_activation: "))
            .unwrap();
        println!("{name}: {line}");
        assert!(
            line.contains(" 0 imported") && line.ends_with(" 0 refused"),
            "{out}"
        );
        assert!(!line.contains(" 0 changed"), "{out}");
    }
}

#[test]
fn answers_of_the_old_server_come_back_as_they_are() {
    let Some(from) = folder("plain") else { return };
    let pair = Pair::plain(&from, &[]);
    let head = |path: &str, auth: &Auth| {
        format!(
            "POST {path} HTTP/1.1\r\nx-request-id: 7\r\nauthorization: {}",
            basic(auth)
        )
    };
    let plain = |answer: String| {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let kept = |line: &&str| !line.starts_with("date:") && !line.starts_with("connection:");
        format!(
            "{}\n\n{body}",
            head.lines().filter(kept).collect::<Vec<_>>().join("\n")
        )
    };
    let both = |start: &str, body: &str| {
        let request = format!(
            "{start}\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        [pair.old.as_ref().unwrap(), &pair.shadow].map(|server| plain(server.connect().send(&request).rest()))
    };
    let wrong: Auth = ("nobody".to_owned(), "x".to_owned());
    let mut count = 0;
    for (path, auth, body) in [
        ("/rest/v3/application/list", &pair.auth, "{}"),
        ("/rest/v3/application/list", &wrong, "{}"),
        (
            "/rest/v3/application/detail",
            &pair.auth,
            "{\"requestObject\":{\"applicationId\":\"retail-bank\"}}",
        ),
        ("/rest/v3/application/detail", &pair.auth, "{"),
        (
            "/rest/v3/activation/flags/list",
            &pair.auth,
            "{\"requestObject\":{\"activationId\":7}}",
        ),
        (
            "/rest/v3/error/list",
            &pair.auth,
            "{\"requestObject\":{\"language\":\"en\"}}",
        ),
        ("/rest/v3/nothing/here?a=%20b", &pair.auth, ""),
        ("/pa/v3/activation/status", &pair.auth, "{}"),
        ("/admin/applications", &pair.auth, "{}"),
    ] {
        let [direct, passed] = both(&head(path, auth), body);
        assert_eq!(direct, passed, "{path}");
        count += 1;
    }
    println!("{count} answers are the same, to the byte");
    // Large, in parts, moved, compressed: of a server that does as it likes.
    let long = "x".repeat(3 << 20);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-own: 1\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
        long.len()
    );
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_owned();
    let packed =
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\u{1}\u{2}".to_owned();
    for (answer, status, body) in [
        (chunked, 200, long.as_str()),
        (moved, 302, ""),
        (packed, 200, "\u{1}\u{2}"),
    ] {
        let folder = adopted(&from);
        let url = format!("http://{}", old::fixed(answer.into_bytes()));
        let shadow = Server::start(&files(&folder), &["--shadow", &url]);
        let start = "POST /rest/v3/application/list HTTP/1.1";
        let (found, text) = raw(&shadow, start, "{}");
        assert_eq!(found, status);
        // A body of unknown length comes in parts of another size.
        let text: String = match text.len() > body.len() {
            true => text.chars().filter(|letter| *letter == 'x').collect(),
            false => text,
        };
        assert!(text == body, "{status}: {} bytes of {}", text.len(), body.len());
    }
}

#[test]
fn a_planted_disagreement_is_found() {
    let Some(from) = folder("plain") else { return };
    let lies = Arc::new(AtomicU64::new(0));
    let lie = |old: &Server| {
        let words = ("\"signatureValid\":true", "\"signatureValid\":false");
        format!("http://{}", old::lying(old.address, words, &lies))
    };
    let pair = Pair::of(&from, &[], lie);
    let mut secrets = Vec::new();
    for (path, request) in steps(&from)
        .iter()
        .filter(|(path, _)| path == "/rest/v3/signature/verify")
    {
        let (_, answer) = pair.ask(path, request);
        assert_ne!(
            answer["responseObject"]["signatureValid"], true,
            "the old server's word is what counts"
        );
        secrets.extend(["signature", "data"].map(|it| request[it].as_str().unwrap().to_owned()));
    }
    let planted = lies.load(Ordering::SeqCst);
    let report = pair.report();
    let differed = report["outcomes"]["differed"].as_u64().unwrap();
    println!("{planted} answers changed: {}", report["outcomes"]);
    assert!(planted > 50 && differed == planted, "{planted} {report}");
    assert_eq!(
        report["differences"],
        json!([{ "method": "verifySignature", "member": "signatureValid", "count": planted }])
    );
    let latest = &report["latest"][0];
    assert_eq!(
        latest["members"],
        json!([{ "member": "signatureValid", "old": "false", "here": "true" }])
    );
    let text = report.to_string();
    let (_, log) = pair.shadow.stop();
    assert!(log.contains("answered differently") && log.contains("signatureValid"));
    assert!(secrets.len() > 200);
    for secret in &secrets {
        assert!(!log.contains(secret) && !text.contains(secret), "{secret}");
    }
}

#[test]
fn an_old_server_that_does_not_answer() {
    let Some(from) = folder("plain") else { return };
    let mut pair = Pair::plain(&from, &[]);
    let list = |pair: &Pair| pair.ask("/rest/v3/application/list", &json!({}));
    assert_eq!(list(&pair).0, 200);
    let before = pair.report();
    pair.old.take().unwrap().kill();
    for _ in 0..3 {
        assert_eq!(list(&pair).0, 502);
    }
    let report = pair.report();
    assert_eq!(report["outcomes"]["agreed"], before["outcomes"]["agreed"]);
    assert_eq!(report["outcomes"]["unanswered"], 3);
    // Of a balancer's question the old server is no part.
    assert_eq!(pair.shadow.get("/ready").0, 200);
    let silent = old::listener(|mut caller| while old::request(&mut caller).is_some() {});
    let folder = adopted(&from);
    let url = format!("http://{silent}");
    let shadow = Server::start(&files(&folder), &["--shadow", &url, "--shadow-timeout", "1"]);
    assert_eq!(shadow.post("/rest/v3/application/list", None, &json!({})).0, 504);
    let large = "x".repeat(3 << 19);
    assert_eq!(
        shadow.post("/rest/v3/application/list", None, &json!(large)).0,
        413
    );
}

#[test]
fn callers_do_not_wait_for_ours() {
    let Some(from) = folder("plain") else { return };
    let pair = Pair::plain(&from, &["--shadow-queue", "2000"]);
    // Whoever wants to write here waits.
    let lock = rusqlite::Connection::open(files(&pair.folders[1]).database()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let steps = steps(&from);
    let steps: Vec<_> = steps
        .iter()
        .filter(|(path, _)| path == "/rest/v3/signature/verify")
        .take(60)
        .collect();
    let mut slowest = Duration::ZERO;
    for (path, request) in &steps {
        let began = Instant::now();
        assert_eq!(pair.ask(path, request).0, 200);
        slowest = slowest.max(began.elapsed());
    }
    let waiting = pair.report_now()["waiting"].as_u64().unwrap();
    println!(
        "{} requests, the slowest took {slowest:?}; {waiting} waited to be decided",
        steps.len()
    );
    assert!(waiting > 30, "{waiting}");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    lock.execute_batch("COMMIT").unwrap();
    let report = pair.report();
    assert_eq!(report["outcomes"]["differed"], 0, "{report}");
    assert_eq!(sum(&report), u64::try_from(steps.len()).unwrap());
    drop(pair);

    // More than may wait are dropped, and none of them is called agreement.
    let pair = Pair::plain(&from, &["--shadow-queue", "1"]);
    let lock = rusqlite::Connection::open(files(&pair.folders[1]).database()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut all = 0;
    while pair.report_now()["outcomes"]["dropped"] == 0 {
        for (path, request) in &steps {
            assert_eq!(pair.ask(path, request).0, 200);
            all += 1;
        }
    }
    lock.execute_batch("COMMIT").unwrap();
    let report = pair.report();
    println!("{all} requests with room for one: {}", report["outcomes"]);
    assert_eq!(sum(&report), all);
}

#[test]
fn a_database_follows_or_serves() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let url = format!("http://{}", old::fixed(Vec::new()));
    let shadow = Server::start(&files, &["--shadow", &url]);
    let (integration, administrator) = (files.integration(), files.administrator());
    let get = |auth: Option<&Auth>| {
        let mut request = shadow.agent.get(shadow.url("/shadow"));
        if let Some(auth) = auth {
            request = request.header("authorization", basic(auth));
        }
        request.call().unwrap().status().as_u16()
    };
    assert_eq!(
        [get(None), get(Some(&integration)), get(Some(&administrator))],
        [401, 401, 200]
    );
    shadow.stop();
    let refused = Server::try_start(&files, &[]).err().unwrap();
    assert!(refused.text.contains("follows an old server"), "{refused:?}");
    drop(Server::start(&files, &["--shadow", &url]));

    let folder = tempfile::tempdir().unwrap();
    let files = support::files(&folder);
    let server = Server::start(&files, &[]);
    let (status, _) = server.get("/shadow");
    assert_eq!(status, 404);
    server.stop();
    let refused = Server::try_start(&files, &["--shadow", &url]).err().unwrap();
    assert!(refused.text.contains("was served from"), "{refused:?}");
}
