//! The server is killed (kill -9) under load, again and again, on one SQLite file. Afterwards the file
//! opens, nothing was accepted twice, and no acknowledged result is lost (invariants I1, I2, I3, I7).
//!
//! 5 loops; `cargo xtask kill --loops N` runs N.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::HashSet;
use std::time::Duration;

use countersign::store::SqliteStore;
use serde_json::json;
use support::customer::{Customer, Dice, Totals};
use support::phone::Phone;
use support::{Auth, Files, Server, files};

const APPLICATION: &str = "bank";
const PHONES: usize = 4;
fn check_file(files: &Files) {
    let connection = rusqlite::Connection::open(files.database()).unwrap();
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
}

/// Load on all phones, and applications being created, until the server is gone.
fn load(server: Server, auth: &Auth, customers: &mut [Customer], created: &mut Vec<String>, after: Duration) {
    let mut attempted = None;
    std::thread::scope(|scope| {
        let server = &server;
        for customer in customers {
            scope.spawn(move || while customer.try_once(server, auth) {});
        }
        let (created, attempted) = (&mut *created, &mut attempted);
        scope.spawn(move || {
            loop {
                let name = format!("application-{}", created.len());
                let request = json!({ "applicationId": name });
                match server.try_post("/rest/v3/application/create", Some(auth), &request) {
                    Ok((200, _)) => created.push(name),
                    Ok((503, _)) | Err(_) => return *attempted = Some(name),
                    Ok(other) => panic!("{other:?}"),
                }
            }
        });
        std::thread::sleep(after);
        server.signal(rustix::process::Signal::KILL);
    });
    server.kill();
    // Without an answer it may exist or not; the next loop needs another name.
    created.extend(attempted.map(|name| format!("?{name}")));
}

fn check_applications(server: &Server, auth: &Auth, created: &[String]) {
    let list = server.ok("/rest/v3/application/list", auth, &json!({}));
    let names: HashSet<&str> = list["applications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["applicationId"].as_str().unwrap())
        .collect();
    for name in created.iter().filter(|name| !name.starts_with('?')) {
        assert!(names.contains(name.as_str()), "{name} was created and is gone");
    }
}

#[test]
fn nothing_answered_is_lost_and_nothing_accepted_twice() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let loops = number("COUNTERSIGN_KILL_LOOPS").unwrap_or(5);
    let seed = number("COUNTERSIGN_KILL_SEED").unwrap_or_else(|| getrandom::u64().unwrap());
    println!("seed {seed}");
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder);
    let mut server = Server::start(&files, &["--log-level", "warn"]);
    let auth = files.integration();
    server.ok(
        "/rest/v3/application/create",
        &auth,
        &json!({ "applicationId": APPLICATION }),
    );
    let mut customers: Vec<Customer> = (0..PHONES)
        .map(|number| {
            let phone = Phone::activate(&server, &auth, APPLICATION, &format!("user-{number}"));
            Customer::new(phone, &mut dice)
        })
        .collect();

    let mut totals = Totals::default();
    let mut created = Vec::new();
    for _ in 0..loops {
        let after = Duration::from_micros(20_000 + dice.roll(400_000));
        load(server, &auth, &mut customers, &mut created, after);
        check_file(&files);
        let store = SqliteStore::open(files.database()).unwrap();
        let open: Vec<_> = customers
            .iter_mut()
            .map(|customer| customer.compare(&store, &mut totals))
            .collect();
        store.close();
        server = Server::start(&files, &["--log-level", "warn"]);
        for (customer, open) in customers.iter_mut().zip(open) {
            customer.settle(&server, &auth, open);
        }
        check_applications(&server, &auth, &created);
    }
    assert_eq!(server.stop().0, Some(0));
    let store = SqliteStore::open(files.database()).unwrap();
    for customer in &mut customers {
        assert!(customer.compare(&store, &mut totals).is_none());
    }
    let created = created.iter().filter(|name| !name.starts_with('?')).count();

    let Totals {
        answered,
        unanswered,
        applied_unanswered,
    } = totals;
    println!(
        "{loops} kills: {answered} answers and {created} creations all there, \
         {unanswered} attempts without an answer of which {applied_unanswered} had been applied, none twice"
    );
    let expected = usize::try_from(loops).unwrap();
    assert!(answered > expected * PHONES && created > 0, "there was no load");
    assert!(unanswered > 0, "no kill hit a running request");
}
