//! The README's table of what works says what is served.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign::api::Api;
use countersign::crypto::secret::Secret;
use countersign::engine::{Config, Engine, Keyring, SealingKey};

/// Number of endpoints that the README claims for a path.
fn claimed(readme: &str, path: &str) -> usize {
    let row = readme
        .lines()
        .find(|line| line.contains(&format!(", `{path}` |")));
    let count = row.and_then(|row| row.split('|').nth(2)).map(str::trim);
    count
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| panic!("the README has no row for {path}"))
}

#[test]
fn the_table_counts_what_is_served() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let key = SealingKey {
        id: 1,
        key: Secret::from_bytes([7; 32]),
    };
    let api = Api::new(Arc::new(Engine::new(
        Config::default(),
        Keyring::new(key, Vec::new()),
    )));
    // The last path of a row of the README, and what else the row counts. The longest root decides.
    let rows: [(&str, &[&str]); 10] = [
        ("/rest/v3", &["/rest/v3/"]),
        ("/pa/v3", &["/pa/v3/"]),
        ("/api/auth/token/app", &["/api/auth/token/app/"]),
        ("/api/push", &["/api/push/"]),
        ("/api/inbox", &["/api/inbox/"]),
        ("/api/activation", &["/api/activation/"]),
        ("/inbox", &["/inbox/"]),
        ("/admin", &["/admin/"]),
        ("/api/admin", &["/api/admin/"]),
        (
            "/internal",
            &["/v2/", "/audit/", "/admin/applications", "/internal/"],
        ),
    ];
    let mut served = BTreeMap::new();
    for endpoint in api.endpoints() {
        let roots = rows
            .iter()
            .flat_map(|(row, roots)| roots.iter().map(move |root| (root, row)));
        let (_, row) = roots
            .filter(|(root, _)| endpoint.path.starts_with(**root))
            .max_by_key(|(root, _)| root.len())
            .unwrap_or_else(|| panic!("no row of the README counts {endpoint:?}"));
        *served.entry(*row).or_insert(0) += 1;
    }
    for (row, _) in rows {
        let served = served.get(row).copied().unwrap_or(0);
        println!("{row}: {served} endpoints");
        assert_eq!(claimed(&readme, row), served, "endpoints of {row} in the README");
    }
}
