//! The same from a running database, whose tables are made here.

use countersign::adopt::{Database, Folder, Table, Zone, load_script};
use countersign::store::MemoryStore;

use super::back::export;
use super::cluster::Cluster;
use super::rig::{DATABASES, folder, import, old_key};
use super::tables::{Copy, Table as Texts, same};

/// Types of the columns that are not texts.
const TYPES: &[(&str, &[&str])] = &[
    (
        "bigint",
        &[
            "pa_activation_history.id",
            "pa_signature_audit.id",
            "pa_recovery_code.id",
            "pa_recovery_puk.id",
            "recovery_code_id",
            "puk_index",
            "failure_count",
            "max_failure_count",
            "pa_operation_template.id",
            "expiration",
        ],
    ),
    (
        "integer",
        &[
            "pa_application.id",
            "pa_application_version.id",
            "pa_master_keypair.id",
            "pa_recovery_config.id",
            "application_id",
            "activation_status",
            "activation_otp_validation",
            "counter",
            "failed_attempts",
            "max_failed_attempts",
            "server_private_key_encryption",
            "master_keypair_id",
            "version",
            "activation_version",
            "activation_counter",
            "status",
            "puk_encryption",
            "postcard_priv_key_encryption",
            "pa_unique_value.type",
        ],
    ),
    (
        "boolean",
        &[
            "supported",
            "valid",
            "activation_recovery_enabled",
            "recovery_postcard_enabled",
            "allow_multiple_recovery_codes",
            "proximity_check_enabled",
        ],
    ),
];

fn kind(table: &str, column: &str) -> &'static str {
    if column.starts_with("timestamp_") {
        return "timestamp(6)";
    }
    let own = format!("{table}.{column}");
    let known = TYPES
        .iter()
        .find(|(_, names)| names.contains(&own.as_str()) || names.contains(&column));
    known.map_or("text", |(kind, _)| kind)
}

/// Statements that make the tables and fill them from files.
fn load(cluster: &Cluster, schema: &str, copy: &Copy) {
    for table in Table::ALL {
        let name = table.name();
        let path = copy.0.join(format!("{name}.csv"));
        let columns = Texts::read(&path).columns;
        let typed: Vec<String> = columns
            .iter()
            .map(|it| format!("{it} {}", kind(name, it)))
            .collect();
        let keys = match table {
            Table::OperationApplication => "application_id, operation_id",
            Table::Activation => "activation_id",
            Table::Token => "token_id",
            Table::UniqueValue => "unique_value",
            _ => "id",
        };
        cluster.sql(&format!(
            "CREATE TABLE {schema}.{name} ({}, PRIMARY KEY ({keys}));
             COPY {schema}.{name} ({}) FROM '{}' (FORMAT csv, HEADER)",
            typed.join(", "),
            columns.join(", "),
            path.display()
        ));
    }
}

fn content(cluster: &Cluster, schema: &str) -> Vec<String> {
    let digest = |table: &Table| {
        let name = table.name();
        cluster.sql(&format!(
            "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {schema}.{name} t"
        ))
    };
    Table::ALL.iter().map(digest).collect()
}

/// Carries connections while a test waits.
fn carrier() -> tokio::runtime::Handle {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
}

#[test]
fn a_running_database_gives_the_same_records() {
    let handle = carrier();
    for name in DATABASES {
        let Some(exported) = folder(name) else { return };
        let cluster = Cluster::shared();
        let schema = cluster.schema();
        let copy = Copy::of(&exported, &format!("postgres-{name}"));
        load(&cluster, &schema, &copy);
        let before = content(&cluster, &schema);
        let [from_files, from_database] = [MemoryStore::new(), MemoryStore::new()];
        import(&from_files, &mut Folder::new(&exported), old_key(&exported), 1);
        let url = cluster.options(&schema).url;
        let _inside = handle.enter();
        let mut source = pollster::block_on(Database::connect(&url, None, Zone::default())).unwrap();
        let (report, refusals) = import(&from_database, &mut source, old_key(&exported), 2);
        assert_eq!(refusals.0, []);
        let records = same(&from_files, &from_database);
        // Of a database without the columns of later lines, too; and again, when nothing changed.
        drop(source);
        cluster.sql(&format!("ALTER TABLE {schema}.pa_activation DROP COLUMN extras"));
        let mut source = pollster::block_on(Database::connect(&url, None, Zone::default())).unwrap();
        let (again, refusals) = import(&from_database, &mut source, old_key(&exported), 3);
        assert_eq!(refusals.0, []);
        for table in &again.tables {
            assert_eq!(table.imported, 0, "{}", table.table);
        }
        drop(source);
        assert_eq!(content(&cluster, &schema).len(), before.len());
        let same_tables = content(&cluster, &schema)
            .iter()
            .zip(&before)
            .filter(|(now, before)| now == before)
            .count();
        assert_eq!(
            same_tables,
            before.len() - 1,
            "only the column dropped here may differ"
        );
        println!(
            "{name}: {records} records equal, {} rows",
            report.tables.iter().map(|it| it.read).sum::<u64>()
        );
    }
}

/// An old database that takes encrypted connections only.
#[test]
fn nothing_of_an_old_database_goes_over_the_network_in_clear() {
    const AUTHORITY: &[u8] = include_bytes!("../../examples/server/tests/tls/authority.pem");
    const RECEIVER: &str = include_str!("../../examples/server/tests/tls/receiver.pem");
    let handle = carrier();
    let Some(old) = folder("plain") else { return };
    let cluster = Cluster::encrypted(RECEIVER);
    let schema = cluster.schema();
    load(&cluster, &schema, &Copy::of(&old, "tls"));
    let _inside = handle.enter();
    let port = cluster.port();
    let connect = |host: &str, mode: &str, roots| {
        let url = format!("postgres://bank@{host}:{port}/postgres?options=-c%20search_path%3D{schema}{mode}");
        pollster::block_on(Database::connect(&url, roots, Zone::default()))
    };
    let [from_files, from_database] = [MemoryStore::new(), MemoryStore::new()];
    import(&from_files, &mut Folder::new(&old), None, 1);
    for mode in ["", "&sslmode=require"] {
        let mut source = connect("localhost", mode, Some(AUTHORITY)).unwrap();
        let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE client_addr IS NOT NULL AND ssl";
        assert_eq!(cluster.sql(encrypted), "1", "{mode}");
        import(&from_database, &mut source, None, 2);
    }
    println!("{} records equal", same(&from_files, &from_database));
    let refused = |host: &str, mode: &str, roots| connect(host, mode, roots).unwrap_err().to_string();
    // An authority that nobody trusts; in clear the database answers nobody, so that what is above was encrypted.
    let unknown = refused("localhost", "&sslmode=require", None);
    let clear = refused("localhost", "&sslmode=disable", None);
    // By oversight.
    let elsewhere = refused("db.bank.example", "", None);
    assert!(elsewhere.contains("sslmode=require"), "{elsewhere}");
    let unreadable = refused("localhost", "", Some(&b"no PEM"[..]));
    assert!(unreadable.contains("authorities"), "{unreadable}");
    for error in [unknown, clear, elsewhere, unreadable] {
        assert!(error.starts_with("the database of the old server: "), "{error}");
        assert!(!error.contains("bank@"), "{error}");
    }
}

#[test]
fn psql_loads_the_way_back() {
    let handle = carrier();
    let Some(old) = folder("plain") else { return };
    let cluster = Cluster::shared();
    let schema = cluster.schema();
    // The old database is there, with rows and a sequence.
    let before = Copy::of(&old, "psql-before");
    load(&cluster, &schema, &before);
    cluster.sql(&format!(
        "CREATE SEQUENCE {schema}.pa_signature_audit_seq CACHE 20"
    ));
    let store = MemoryStore::new();
    import(&store, &mut Folder::new(&old), old_key(&old), 1);
    let (copy, exported) = export(&store, &old, "psql-back");
    let script = copy.0.join("load.sql");
    std::fs::write(&script, load_script(&exported)).unwrap();
    // It is another user who reads them.
    for file in std::fs::read_dir(&copy.0).unwrap() {
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        std::fs::set_permissions(file.unwrap().path(), readable).unwrap();
    }
    let socket = cluster.socket();
    let mut psql = cluster.program("psql");
    psql.args(["--quiet", "--username=bank", "--dbname=postgres", "--host"])
        .arg(socket.parent().unwrap())
        .arg("--file")
        .arg(&script)
        .current_dir(&copy.0)
        .env("PGOPTIONS", format!("-c search_path={schema}"));
    let output = psql.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let _inside = handle.enter();
    let url = cluster.options(&schema).url;
    let mut source = pollster::block_on(Database::connect(&url, None, Zone::default())).unwrap();
    let again = MemoryStore::new();
    let (_, refusals) = import(&again, &mut source, old_key(&old), 2);
    assert_eq!(refusals.0, []);
    let records = same(&store, &again);
    let last = cluster.sql(&format!("SELECT nextval('{schema}.pa_signature_audit_seq')"));
    let rows = cluster.sql(&format!("SELECT max(id) FROM {schema}.pa_signature_audit"));
    println!("{records} records equal through psql; numbers go on at {last} after {rows}");
    assert!(last.parse::<u64>().unwrap() > rows.parse::<u64>().unwrap() + 1_000);
}
