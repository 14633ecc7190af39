//! Several servers on one PostgreSQL: a crowd on few activations, a database that is stopped, servers that are killed
//! (invariants I1, I2, I3, I7, I9).
//!
//! Short here; `cargo xtask soak crowd | database | nodes` for longer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]
#![cfg(unix)]

#[allow(dead_code, reason = "the tests of the store use the rest")]
#[path = "../../../tests/store_postgres/cluster.rs"]
mod cluster;
mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cluster::Cluster;
use countersign::crypto::encoding::base64;
use serde_json::json;
use support::customer::{Customer, Dice, Totals};
use support::phone::{Phone, SystemRandom, send};
use support::{Auth, Files, Server, files};

const APPLICATION: &str = "bank";
const PHONES: usize = 4;
/// What a server may take to find its database again.
const RECOVERY: Duration = Duration::from_secs(2);

/// A database and servers over it.
struct Bank {
    cluster: Cluster,
    schema: String,
    files: Files,
    _folder: tempfile::TempDir,
}

impl Bank {
    fn open() -> Self {
        let cluster = Cluster::new();
        let schema = cluster.schema();
        let folder = tempfile::tempdir().unwrap();
        Self {
            files: files(&folder),
            cluster,
            schema,
            _folder: folder,
        }
    }

    fn server(&self) -> Server {
        let url = self.cluster.url(&self.schema);
        Server::start(&self.files, &["--database", &url, "--log-level", "warn"])
    }

    /// The first server, with the application.
    fn first(&self) -> (Server, Auth) {
        let server = self.server();
        let auth = self.files.integration();
        let application = json!({ "applicationId": APPLICATION });
        server.ok("/rest/v3/application/create", &auth, &application);
        (server, auth)
    }

    fn customers(&self, server: &Server, auth: &Auth, dice: &mut Dice) -> Vec<Customer> {
        (0..PHONES)
            .map(|number| {
                let phone = Phone::activate(server, auth, APPLICATION, &format!("user-{number}"));
                Customer::new(phone, dice)
            })
            .collect()
    }

    /// Compares what everybody was told with the journal; answers the attempts that may still be made.
    fn compare(
        &self,
        customers: &mut [Customer],
        totals: &mut Totals,
    ) -> Vec<Option<support::customer::Attempt>> {
        // What a killed server has sent last may still be under way.
        let busy = "SELECT count(*) FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()";
        let until = Instant::now() + Duration::from_secs(30);
        while self.cluster.sql(busy) != "0" {
            assert!(Instant::now() < until, "a transaction does not end");
        }
        let store = self.cluster.open(&self.schema).unwrap();
        customers
            .iter_mut()
            .map(|customer| customer.compare(&store, totals))
            .collect()
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn seed() -> Dice {
    let seed = number("COUNTERSIGN_SOAK_SEED", getrandom::u64().unwrap());
    println!("seed {seed}");
    Dice::new(seed)
}

fn ready(server: &Server, since: Instant) {
    while server.get("/ready").0 != 200 {
        assert!(
            since.elapsed() < RECOVERY,
            "the server does not find its database"
        );
    }
}

/// PostgreSQL is stopped as by a crash while two servers work. They find it again by themselves.
#[test]
fn a_database_that_is_stopped_under_load() {
    let loops = number("COUNTERSIGN_SOAK_DATABASE", 3);
    let (bank, mut dice) = (Bank::open(), seed());
    let (first, auth) = bank.first();
    let servers = [first, bank.server()];
    let mut customers = bank.customers(&servers[0], &auth, &mut dice);
    let mut totals = Totals::default();
    for _ in 0..loops {
        let after = Duration::from_micros(20_000 + dice.roll(300_000));
        std::thread::scope(|scope| {
            for (place, customer) in customers.iter_mut().enumerate() {
                let (server, auth) = (&servers[place % 2], &auth);
                // Until one is not answered.
                scope.spawn(move || while customer.try_once(server, auth) {});
            }
            std::thread::sleep(after);
            bank.cluster.stop("immediate");
        });
        bank.cluster.start();
        let back = Instant::now();
        for server in &servers {
            ready(server, back);
        }
        let open = bank.compare(&mut customers, &mut totals);
        for (place, (customer, open)) in customers.iter_mut().zip(open).enumerate() {
            // Whichever server, not only the one that was asked.
            customer.settle(&servers[(place + 1) % 2], &auth, open);
        }
    }
    assert!(
        bank.compare(&mut customers, &mut totals)
            .iter()
            .all(Option::is_none)
    );
    println!(
        "{loops} stops of the database: {} answers all there, {} attempts without one of which {} had been applied, \
         none twice",
        totals.answered, totals.unanswered, totals.applied_unanswered
    );
    assert!(totals.answered > PHONES && totals.unanswered > 0);
}

/// Servers are killed while others go on, and started again.
#[test]
fn servers_that_are_killed_beside_others() {
    let loops = number("COUNTERSIGN_SOAK_NODES", 3);
    let (bank, mut dice) = (Bank::open(), seed());
    let (first, auth) = bank.first();
    let mut servers = vec![first, bank.server(), bank.server()];
    let mut customers = bank.customers(&servers[0], &auth, &mut dice);
    let mut totals = Totals::default();
    for turn in 0..loops {
        let victim = usize::try_from(turn).unwrap() % servers.len();
        let after = Duration::from_micros(20_000 + dice.roll(300_000));
        let killed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for (place, customer) in customers.iter_mut().enumerate() {
                let (servers, auth, killed) = (&servers, &auth, &killed);
                scope.spawn(move || {
                    let mut at = (victim + place % 2) % servers.len();
                    let mut left = 5;
                    // After the kill a few more, at another server.
                    while left > 0 {
                        if killed.load(Ordering::Relaxed) {
                            left -= 1;
                            at = (victim + 1 + place % 2) % servers.len();
                        }
                        if !customer.try_once(&servers[at], auth) {
                            let elsewhere = at == victim;
                            assert!(elsewhere, "a server that lives does not answer");
                            while !killed.load(Ordering::Relaxed) {
                                std::thread::yield_now();
                            }
                        }
                    }
                });
            }
            std::thread::sleep(after);
            servers[victim].signal(rustix::process::Signal::KILL);
            killed.store(true, Ordering::Relaxed);
        });
        let open = bank.compare(&mut customers, &mut totals);
        servers.remove(victim).kill();
        servers.insert(victim, bank.server());
        for (customer, open) in customers.iter_mut().zip(open) {
            customer.settle(&servers[victim], &auth, open);
        }
    }
    assert!(
        bank.compare(&mut customers, &mut totals)
            .iter()
            .all(Option::is_none)
    );
    println!(
        "{loops} kills of servers: {} answers all there, {} attempts without one of which {} had been applied, none twice",
        totals.answered, totals.unanswered, totals.applied_unanswered
    );
    assert!(totals.answered > PHONES);
    assert!(
        totals.unanswered > 0 || loops < 20,
        "no kill hit a running request"
    );
}

/// What one client of the crowd does; the answer has to be right each time.
fn act(
    server: &Server,
    auth: &Auth,
    phone: &Mutex<Phone>,
    (user, activation): (&str, &str),
    (client, turn): (usize, u64),
) -> &'static str {
    match turn % 5 {
        0 => {
            // One at a time for each phone: a later signature makes earlier ones old.
            let mut phone = phone.lock().unwrap();
            let signed = phone.sign(true);
            assert_eq!(
                phone.verify(server, auth, &signed),
                Some(true),
                "a right signature"
            );
            "verified"
        }
        1 => {
            let flag = json!({ "activationId": activation, "activationFlags": [format!("F{client}")] });
            server.ok("/rest/v3/activation/flags/create", auth, &flag);
            server.ok("/rest/v3/activation/flags/remove", auth, &flag);
            "flagged"
        }
        2 => {
            let now = u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
            let header = phone
                .lock()
                .unwrap()
                .device
                .token_header("t", now, &mut SystemRandom)
                .unwrap();
            let request = json!({
                "tokenId": header.token_id, "tokenDigest": base64::encode(&header.digest),
                "nonce": base64::encode(&header.nonce), "timestamp": header.timestamp,
                "protocolVersion": header.version.as_str(),
            });
            let answer = server.ok("/rest/v3/token/validate", auth, &request);
            assert_eq!(answer["tokenValid"], json!(true));
            "tokens"
        }
        3 => {
            let request = json!({ "userId": user, "applications": [APPLICATION], "templateName": "login", "parameters": {} });
            let created = server.ok("/rest/v3/operation/create", auth, &request);
            let approval = json!({
                "operationId": created["id"], "data": created["data"], "userId": user, "applicationId": APPLICATION,
                "signatureType": "POSSESSION",
            });
            let answer = server.ok("/rest/v3/operation/approve", auth, &approval);
            assert_eq!(answer["result"], json!("APPROVED"));
            "approved"
        }
        _ => {
            let request = json!({ "activationId": activation, "challenge": "AAAAAAAAAAAAAAAAAAAAAA==" });
            let answer = server.ok("/rest/v3/activation/status", auth, &request);
            assert_eq!(answer["activationStatus"], json!("ACTIVE"));
            "looked at"
        }
    }
}

/// 200 clients on 10 activations, at two servers: nobody hears of deadlocks or serialization.
#[test]
fn a_crowd_on_few_activations() {
    const CLIENTS: usize = 200;
    const ACTIVATIONS: usize = 10;
    let seconds = number("COUNTERSIGN_SOAK_CROWD", 5);
    let bank = Bank::open();
    let (first, auth) = bank.first();
    let servers = [first, bank.server()];
    let template = json!({
        "templateName": "login", "operationType": "login", "dataTemplate": "A2",
        "signatureType": ["POSSESSION"], "maxFailureCount": 3, "expiration": 86_400,
    });
    servers[0].ok("/rest/v3/operation/template/create", &auth, &template);
    let phones: Vec<(String, String, Mutex<Phone>)> = (0..ACTIVATIONS)
        .map(|number| {
            let user = format!("user-{number}");
            let mut phone = Phone::activate(&servers[0], &auth, APPLICATION, &user);
            let now = u64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
            let factors = countersign::client::Authentication::Possession;
            let call = phone.device.create_token("t", &factors, now, &mut SystemRandom);
            let call = call.unwrap().assume_saved();
            let (status, body) = send(&servers[0], &call.request);
            call.pending.read(&mut phone.device, status, &body).unwrap();
            (user, phone.activation.clone(), Mutex::new(phone))
        })
        .collect();
    let counts: [(&str, AtomicU64); 5] =
        ["verified", "flagged", "tokens", "approved", "looked at"].map(|name| (name, AtomicU64::new(0)));
    let slowest = AtomicU64::new(0);
    let end = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (servers, auth, counts, slowest) = (&servers, &auth, &counts, &slowest);
            let (user, activation, phone) = &phones[client % ACTIVATIONS];
            scope.spawn(move || {
                let server = &servers[client / ACTIVATIONS % servers.len()];
                let mut turn = u64::try_from(client).unwrap();
                while Instant::now() < end {
                    let asked = Instant::now();
                    let done = act(server, auth, phone, (user, activation), (client, turn));
                    let took = u64::try_from(asked.elapsed().as_millis()).unwrap();
                    slowest.fetch_max(took, Ordering::Relaxed);
                    let count = counts.iter().find(|it| it.0 == done).unwrap();
                    count.1.fetch_add(1, Ordering::Relaxed);
                    turn += 1;
                }
            });
        }
    });
    let told: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{} {name}", count.load(Ordering::Relaxed)))
        .collect();
    let deadlocks = bank.cluster.sql("SELECT sum(deadlocks) FROM pg_stat_database");
    println!(
        "{seconds} s, {CLIENTS} clients, {ACTIVATIONS} activations, 2 servers: {}; slowest {} ms, {deadlocks} deadlocks \
         in the database, none told",
        told.join(", "),
        slowest.into_inner()
    );
    assert!(
        counts.iter().all(|(_, count)| count.load(Ordering::Relaxed) > 10),
        "{told:?}"
    );
    let schema = &bank.schema;
    let sizes = format!(
        "SELECT collection, count(*), avg(pg_column_size(r.*))::int,
            (SELECT count(*) FROM {schema}.cs_entry e WHERE e.collection = r.collection)
         FROM {schema}.cs_record r GROUP BY collection ORDER BY 2 DESC"
    );
    println!(
        "collection|rows|bytes of a row|index entries\n{}",
        bank.cluster.sql(&sizes)
    );
    // Every accepted signature is there once.
    let store = bank.cluster.open(&bank.schema).unwrap();
    let report = pollster::block_on(countersign::engine::audit::verify(&store)).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    for server in servers {
        let (code, log) = server.stop();
        assert_eq!(code, Some(0));
        let bad = log.lines().find(|line| line.contains("ERROR"));
        assert_eq!(bad, None);
    }
}
