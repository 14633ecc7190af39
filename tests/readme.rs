//! The README's table of what works says what is served.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

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
    let mut all = 0;
    for path in [
        "/rest/v3",
        "/pa/v3",
        "/api/auth/token/app",
        "/api/push",
        "/api/inbox",
        "/api/activation",
        "/inbox",
        "/admin",
        "/api/admin",
        "/v2",
    ] {
        let prefix = format!("{path}/");
        let served = api
            .endpoints()
            .iter()
            .filter(|row| row.path.starts_with(&prefix))
            .count();
        assert_eq!(
            claimed(&readme, path),
            served,
            "endpoints of {path} in the README"
        );
        println!("{path}: {served} endpoints");
        all += served;
    }
    assert_eq!(
        all,
        api.endpoints().len(),
        "a family of endpoints has no row in the README"
    );
}
