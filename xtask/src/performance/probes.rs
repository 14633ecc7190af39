//! What disk and database do by themselves.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::stores::cluster::Cluster;
use super::text;

/// How often a second a page of a file that has its size already reaches the disk.
pub(crate) fn flushes(folder: &Path) -> Result<u64, String> {
    const PAGES: u64 = 1_024;
    let page = [5; 4_096];
    let measure = || -> std::io::Result<u64> {
        let path = folder.join("flushes");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)?;
        for _ in 0..PAGES {
            file.write_all(&page)?;
        }
        file.sync_all()?;
        let (start, mut count) = (Instant::now(), 0);
        while start.elapsed() < Duration::from_secs(1) {
            file.seek(SeekFrom::Start(count % PAGES * 4_096))?;
            file.write_all(&page)?;
            file.sync_data()?;
            count += 1;
        }
        std::fs::remove_file(path)?;
        Ok(count)
    };
    measure().map_err(|error| format!("{}: {error}", folder.display()))
}

const TABLES: &str = "CREATE SCHEMA IF NOT EXISTS probe;
    CREATE TABLE IF NOT EXISTS probe.record (id INT PRIMARY KEY, body BYTEA NOT NULL) WITH (fillfactor = 80);
    CREATE TABLE IF NOT EXISTS probe.line (id BIGSERIAL PRIMARY KEY, body BYTEA NOT NULL);
    INSERT INTO probe.record SELECT n, decode(repeat('07', 350), 'hex') FROM generate_series(1, 10000) n
        ON CONFLICT DO NOTHING";
/// What a program does that sends one statement after the other.
const SCRIPT: &str = "\\set id random(1, 10000)
BEGIN;
SELECT body FROM probe.record WHERE id = :id FOR UPDATE;
UPDATE probe.record SET body = decode(repeat('08', 350), 'hex') WHERE id = :id;
INSERT INTO probe.line (body) VALUES (decode(repeat('09', 200), 'hex'));
COMMIT;
";

/// Transactions per second of 32 connections that await each statement, by `pgbench`.
pub(super) fn commits(cluster: &Cluster, seconds: u16) -> Result<u64, String> {
    cluster.sql(TABLES);
    let socket = cluster.socket();
    let folder = socket.parent().ok_or("the database has no folder")?;
    let script = folder.join("probe.sql");
    std::fs::write(&script, SCRIPT).map_err(|error| error.to_string())?;
    let told = text(
        cluster
            .program("pgbench")
            .args([
                "--no-vacuum",
                "--client=32",
                "--jobs=1",
                "--protocol=prepared",
                "--username=bank",
            ])
            .arg(format!("--time={seconds}"))
            .arg("--file")
            .arg(&script)
            .arg("--host")
            .arg(folder)
            .arg("postgres"),
    )?;
    let rate = told.lines().find_map(|line| line.strip_prefix("tps = "));
    let whole = rate.and_then(|it| it.split(['.', ' ']).next()?.parse().ok());
    whole.ok_or_else(|| "pgbench told no rate".to_owned())
}
