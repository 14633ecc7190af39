//! Encrypted connections, to a database that takes no others.

use super::*;

/// The certificate is localhost's and 127.0.0.1's.
const AUTHORITY: &[u8] = include_bytes!("../../examples/server/tests/tls/authority.pem");
const RECEIVER: &str = include_str!("../../examples/server/tests/tls/receiver.pem");

fn options(cluster: &Cluster, host: &str, more: &str) -> PostgresOptions {
    let schema = cluster.schema();
    let port = cluster.port();
    let mut options = PostgresOptions::new(format!(
        "{host} port={port} user=bank dbname=postgres options='-c search_path={schema}' {more}"
    ));
    options.root_certificates = Some(AUTHORITY.to_vec());
    options
}

/// Connections over the network: encrypted ones, others.
fn connections(cluster: &Cluster) -> (u32, u32) {
    let count = |ssl: &str| {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL AND {ssl}"
        );
        cluster.sql(&sql).parse().unwrap()
    };
    (count("ssl"), count("NOT ssl"))
}

#[test]
fn connections_are_encrypted_and_the_database_is_who_it_says() {
    let cluster = Cluster::encrypted(RECEIVER);
    for (host, mode) in [
        ("host=localhost", "sslmode=require"),
        ("host=127.0.0.1", "sslmode=require"),
        ("host=localhost", ""),
    ] {
        let store = PostgresStore::open(options(&cluster, host, mode)).unwrap();
        commit(&store, 1, vec![put("a", Expect::Absent, b"1")]).unwrap();
        assert_eq!(get(&store, Key::new(THINGS, "a")).unwrap().unwrap().body, b"1");
        let (encrypted, clear) = connections(&cluster);
        assert!(encrypted >= 2 && clear == 0, "{host} {mode}: {encrypted} {clear}");
        drop(store);
    }
    let refused = |options| match PostgresStore::open(options) {
        Err(ConnectError::Unreachable(_)) => true,
        other => panic!("{other:?}"),
    };
    // Another name than the certificate's.
    let elsewhere = "host=db.bank.example hostaddr=127.0.0.1";
    assert!(refused(options(&cluster, elsewhere, "sslmode=require")));
    // An authority that nobody trusts.
    let mut unknown = options(&cluster, "host=localhost", "sslmode=require");
    unknown.root_certificates = None;
    assert!(refused(unknown));
    // In clear the database answers nobody, so that what is above was encrypted.
    assert!(refused(options(&cluster, "host=localhost", "sslmode=disable")));
}

#[test]
fn a_database_without_tls_is_not_talked_to_in_clear() {
    let cluster = Cluster::listening();
    let open = |mode| PostgresStore::open(options(&cluster, "host=localhost", mode));
    for mode in ["sslmode=require", ""] {
        assert!(matches!(open(mode), Err(ConnectError::Unreachable(_))), "{mode}");
    }
    open("sslmode=disable").unwrap();
}

#[test]
fn authorities_that_cannot_be_read() {
    for bad in [
        &b""[..],
        b"no PEM",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        &[
            AUTHORITY,
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ]
        .concat(),
    ] {
        let mut options = PostgresOptions::new("postgres://bank@localhost/x?sslmode=require");
        options.root_certificates = Some(bad.to_vec());
        assert!(matches!(
            PostgresStore::open(options),
            Err(ConnectError::Encryption(_))
        ));
    }
    let elsewhere = PostgresOptions::new("postgres://bank@db.bank.example/x");
    let error = PostgresStore::open(elsewhere).unwrap_err();
    assert!(error.to_string().contains("sslmode=require"), "{error}");
}
