//! A server, and somebody who notes down all secrets that he meets and all that the server says.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::secret::Secret;
use countersign::engine::rotation::{self, LocalKeeper};
use countersign::engine::{Keyring, SealingKey};
use countersign::store::lane::Lanes;
use countersign::store::{EntropyError, Host, SqliteStore};
use serde_json::{Value, json};

use crate::search::{Canaries, Outputs};
use crate::sinks::Sink;
use crate::support::{Auth, Files, Server, basic, status_of};

pub(crate) struct Bank {
    pub(crate) server: Server,
    pub(crate) files: Files,
    pub(crate) auth: Auth,
    pub(crate) admin: Auth,
    pub(crate) canaries: RefCell<Canaries>,
    pub(crate) outputs: RefCell<Outputs>,
    pub(crate) sink: Sink,
}

/// What a request is sent with.
pub(crate) enum Caller<'a> {
    Nobody,
    Basic(&'a Auth),
    Headers(Vec<(&'a str, String)>),
}

impl Bank {
    pub(crate) fn start(folder: &tempfile::TempDir, form: &str) -> Self {
        let files = Files(folder.path().to_owned());
        let sink = Sink::open();
        let otlp = format!("http://{}", sink.address);
        let server = Server::start(
            &files,
            &[
                "--log-level",
                "trace",
                "--log-format",
                form,
                "--otlp-endpoint",
                &otlp,
                "--otlp-interval",
                "3600",
                "--otlp-traces",
                "100",
                "--callback-network",
                "127.0.0.0/8",
            ],
        );
        let (auth, admin) = (files.integration(), files.administrator());
        let bank = Self {
            server,
            auth,
            admin,
            files,
            canaries: RefCell::default(),
            outputs: RefCell::default(),
            sink,
        };
        bank.note("stdout", bank.server.out.join("\n").as_bytes());
        bank.secret("secret of the integration", &bank.auth.1);
        bank.secret("password of the administrator", &bank.admin.1);
        bank.secret("header with the integration's secret", &basic(&bank.auth)[6..]);
        bank.secret(
            "header with the administrator's password",
            &basic(&bank.admin)[6..],
        );
        bank
    }

    pub(crate) fn secret(&self, kind: &str, text: &str) {
        self.canaries.borrow_mut().text(kind, text);
    }

    pub(crate) fn secret_bytes(&self, kind: &str, bytes: &[u8]) {
        self.canaries.borrow_mut().bytes(kind, bytes);
    }

    pub(crate) fn note(&self, place: &str, bytes: &[u8]) {
        self.outputs.borrow_mut().add(place, bytes);
    }

    /// Sends anything, and keeps what comes back: under the row, apart for what succeeded and what was refused.
    pub(crate) fn send(&self, method: &str, path: &str, caller: &Caller<'_>, body: &[u8]) -> (u16, Vec<u8>) {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: bank\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        match caller {
            Caller::Nobody => {}
            Caller::Basic(auth) => head.push_str(&format!("authorization: {}\r\n", basic(auth))),
            Caller::Headers(headers) => {
                headers
                    .iter()
                    .for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
            }
        }
        let answer = self
            .server
            .connect()
            .send([head.as_bytes(), b"\r\n", body].concat())
            .rest();
        let status = status_of(&answer);
        let (head, got) = answer.split_once("\r\n\r\n").unwrap();
        let got = got.as_bytes().to_vec();
        let row = path.split('?').next().unwrap();
        let place = if status < 400 { "answer" } else { "refusal" };
        self.note(&format!("{place} {method} {row}"), &got);
        self.note(&format!("head of {place} {method} {row}"), head.as_bytes());
        (status, got)
    }

    /// A call with a JSON body that has to succeed.
    #[track_caller]
    pub(crate) fn ok(&self, method: &str, path: &str, caller: &Caller<'_>, body: &Value) -> Value {
        let text = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let (status, got) = self.send(method, path, caller, text.as_bytes());
        assert!(
            status < 300,
            "{method} {path}: {status} {}",
            String::from_utf8_lossy(&got)
        );
        serde_json::from_slice(&got).unwrap_or(Value::Null)
    }

    /// A call of the server API that has to succeed.
    #[track_caller]
    pub(crate) fn rest(&self, path: &str, object: &Value) -> Value {
        let body = json!({ "requestObject": object });
        self.ok(
            "POST",
            &format!("/rest/v3{path}"),
            &Caller::Basic(&self.auth),
            &body,
        )["responseObject"]
            .take()
    }

    /// A request that a phone has made.
    pub(crate) fn phone(&self, request: &countersign::client::Request) -> (u16, Vec<u8>) {
        let headers = request.headers.iter().filter(|(name, _)| *name != "Content-Type");
        let headers = headers.map(|(name, value)| (*name, value.clone())).collect();
        self.send(
            &request.method,
            &request.path,
            &Caller::Headers(headers),
            &request.body,
        )
    }

    /// The keys that seal secrets in its database, which is where its own secrets are.
    pub(crate) fn keyring(&self, store: &SqliteStore) -> Keyring {
        let file: Value = serde_json::from_slice(&std::fs::read(self.files.master_key()).unwrap()).unwrap();
        let digits = file["keys"]["1"].as_str().unwrap();
        self.secret("master key", digits);
        let bytes: Vec<u8> = (0..32)
            .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        let master = SealingKey {
            id: 1,
            key: Secret::from_slice(&bytes).unwrap(),
        };
        let keeper = LocalKeeper::new(Keyring::new(master, vec![]), Arc::new(System)).unwrap();
        pollster::block_on(rotation::open(store, &Lanes::new(), &System, &keeper, vec![])).unwrap()
    }

    pub(crate) fn database(&self) -> SqliteStore {
        SqliteStore::open(self.files.database()).unwrap()
    }

    /// Ends the server: what it has logged, and what others were told.
    pub(crate) fn stop(self) -> (Canaries, Outputs, usize) {
        let Self {
            server,
            canaries,
            outputs,
            sink,
            ..
        } = self;
        let (code, log) = server.stop();
        assert_eq!(code, Some(0), "{log}");
        let mut outputs = outputs.into_inner();
        outputs.add("log", log.as_bytes());
        let mut spans = 0;
        for (head, body) in sink.calls() {
            let place = if head.contains("/v1/traces") {
                spans += 1;
                "spans"
            } else if head.contains("/v1/metrics") {
                "metrics, sent"
            } else {
                outputs.add("callback, head", head.as_bytes());
                "callback, body"
            };
            outputs.add(place, &body);
        }
        (canaries.into_inner(), outputs, spans)
    }
}

/// Time and randomness of the machine.
#[derive(Debug)]
pub(crate) struct System;

impl Host for System {
    fn now(&self) -> u64 {
        now()
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

pub(crate) fn now() -> u64 {
    u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

/// The system's generator; remembers the first 32 bytes that were drawn at once: a private key.
#[derive(Default)]
pub(crate) struct Remembering {
    pub(crate) first: Option<[u8; 32]>,
}

impl Random for Remembering {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)?;
        if self.first.is_none() {
            self.first = <[u8; 32]>::try_from(&*out).ok();
        }
        Ok(())
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}
