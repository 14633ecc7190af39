//! The conformance kit plays all its scenarios against the server; and it notices servers that lie.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod lies;
#[path = "../support/mod.rs"]
mod support;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;

use countersign_conformance::player::{Played, Settings, play};
use countersign_conformance::report;
use countersign_conformance::scenario::{self, Scenario};
use countersign_conformance::transport::{Address, Http, Incoming, Outgoing, Transport, Unreachable};
use lies::{Liar, changes, honest_status, no_change};
use support::{Files, Server, files};

fn library() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/scenarios");
    scenario::library(&folder).unwrap()
}

fn http(server: &Server, files: &Files) -> Http {
    let address = |credentials| Address {
        url: server.url(""),
        credentials,
    };
    let (integration, admin) = (files.integration(), files.administrator());
    Http::new(
        address(Some(integration)),
        address(None),
        address(Some(admin)),
        None,
    )
    .unwrap()
}

/// What the server has not: the name of an activation is the back end's.
fn settings() -> Settings {
    Settings {
        without: vec!["details".to_owned()],
        ..Settings::local()
    }
}

fn started(test: impl FnOnce(&Server, &Http)) {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let server = Server::in_memory(
        &files,
        &["--callback-network", "127.0.0.1", "--log-level", "warn"],
    );
    test(&server, &http(&server, &files));
}

#[test]
fn every_scenario_passes() {
    started(|_, http| {
        let (scenarios, settings) = (library(), settings());
        let played: Vec<_> = scenarios.iter().map(|it| play(it, http, &settings)).collect();
        let mut text = Vec::new();
        report::print(&mut text, &played).unwrap();
        let text = String::from_utf8(text).unwrap();
        let counts = report::total(&played);
        println!("{text}");
        assert!(played.iter().all(Played::is_good), "{text}");
        assert!(counts.passed > 2_000, "{counts:?}");
        assert_eq!((counts.different, counts.not_reached, counts.skipped), (0, 0, 0));
        let left_out = played.iter().filter(|it| it.skipped.is_some());
        assert!(left_out.clone().all(|it| it.name.starts_with("activation_names")));
        assert_eq!(report::json(&played)["passed"], counts.passed);
    });
}

#[test]
fn every_kind_of_lie_is_noticed() {
    started(|_, http| {
        let (scenarios, settings) = (library(), settings());
        let all = changes();
        let count = all.len();
        let kinds: BTreeSet<_> = all.iter().map(|(lie, ..)| *lie).collect();
        assert_eq!(kinds.len(), count);
        let mut unnoticed = Vec::new();
        for (lie, name, change) in all {
            let scenario = scenarios
                .iter()
                .find(|it| it.name == name)
                .unwrap_or_else(|| panic!("{name}"));
            let liar = Liar {
                honest: http,
                change: change.as_ref(),
                status: &honest_status,
                lies: Cell::new(0),
            };
            let played = play(scenario, &liar, &settings);
            let lies = liar.lies.get();
            if lies == 0 || played.is_good() {
                unnoticed.push(format!("{lie}: {lies} answers of {name}"));
            }
        }
        assert!(unnoticed.is_empty(), "nobody noticed: {unnoticed:#?}");
        // The same answers with other statuses.
        for name in [
            "activation_errors",
            "token[version=3.0]",
            "vault[version=3.1]",
            "signature_requests[version=3.2]",
            "mobile_token",
            "operation_errors",
        ] {
            let scenario = scenarios.iter().find(|it| it.name == name).unwrap();
            let polite = |_: &Outgoing, status: u16| if status >= 400 { 200 } else { status };
            let liar = Liar {
                honest: http,
                change: &no_change,
                status: &polite,
                lies: Cell::new(0),
            };
            assert!(
                !play(scenario, &liar, &settings).is_good(),
                "{name}: refusals are 200"
            );
            assert!(liar.lies.get() > 0);
        }
        println!("{count} changes of answers and 6 of statuses, all noticed");
    });
}

/// Answers everything but one request, which it fails.
struct Failing<'a> {
    honest: &'a Http,
    left: Cell<usize>,
    failed: RefCell<Option<String>>,
}

impl Transport for Failing<'_> {
    fn send(&self, request: &Outgoing) -> Result<Incoming, Unreachable> {
        let answer = self.honest.send(request);
        let left = self.left.get();
        self.left.set(left.wrapping_sub(1));
        if left != 0 {
            return answer;
        }
        *self.failed.borrow_mut() = Some(format!("{} {}", request.method, request.path));
        Ok(Incoming {
            status: 500,
            body: br#"{"status":"ERROR"}"#.to_vec(),
        })
    }
}

#[test]
fn no_answer_goes_unread() {
    // Every answer in its turn is another one: of one scenario of each file, a part; all with COUNTERSIGN_LONG.
    let pace = if std::env::var_os("COUNTERSIGN_LONG").is_some() {
        1
    } else {
        11
    };
    started(|_, http| {
        let settings = settings();
        let mut files = BTreeSet::new();
        let mut failed = 0;
        for (number, scenario) in library().iter().enumerate() {
            let file = scenario.name.split('[').next().unwrap().to_owned();
            // Those wait for what does not come.
            let waits = scenario.steps.iter().any(|step| step.until.is_some());
            if waits || scenario.missing(&settings.without).is_some() || !files.insert(file) {
                continue;
            }
            for at in (number % pace..).step_by(pace) {
                let transport = Failing {
                    honest: http,
                    left: Cell::new(at),
                    failed: RefCell::new(None),
                };
                let played = play(scenario, &transport, &settings);
                let Some(request) = transport.failed.into_inner() else {
                    break;
                };
                assert!(
                    !played.is_good(),
                    "{}: request {at}, {request}, was not read",
                    scenario.name
                );
                failed += 1;
            }
        }
        println!(
            "{failed} answers of {} scenarios replaced, all noticed",
            files.len()
        );
        assert!(failed > 40, "{failed}");
    });
}

#[test]
fn a_server_that_is_gone_is_different() {
    let address = |url: &str| Address {
        url: url.to_owned(),
        credentials: None,
    };
    let nowhere = address("http://127.0.0.1:1");
    let http = Http::new(nowhere.clone(), nowhere.clone(), nowhere, None).unwrap();
    let scenarios = library();
    let system = scenarios.iter().find(|it| it.name == "system").unwrap();
    let played = play(system, &http, &Settings::local());
    assert!(!played.is_good());
    assert_eq!(report::total(&[played]).passed, 0);
    assert!(Http::new(address("ftp://x"), address(""), address(""), None).is_err());
}
