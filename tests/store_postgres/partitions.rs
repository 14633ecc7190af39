//! Tables that the operator has partitioned by the hash of the id.

use super::*;

#[test]
fn partitioned_tables_conform() {
    let cluster = Cluster::shared();
    let script = include_str!("../../docs/partitions.sql");
    // The script keeps what is there, and records land in more than one part.
    let schema = cluster.schema();
    let store = cluster.open(&schema).unwrap();
    let records =
        |from: u64| (from..from + 64).map(|number| put(&format!("r{number:03}"), Expect::Absent, b"1"));
    commit(&store, 1, records(0).collect()).unwrap();
    drop(store);
    cluster.sql(&format!("SET search_path = {schema}; {script}"));
    let store = cluster.open(&schema).unwrap();
    commit(&store, 2, records(64).collect()).unwrap();
    assert!(get(&store, Key::new(THINGS, "r000")).unwrap().is_some());
    let parts = cluster.sql(&format!(
        "SELECT count(DISTINCT tableoid) FROM {schema}.cs_record"
    ));
    let rows = cluster.sql(&format!("SELECT count(*) FROM {schema}.cs_record"));
    println!("{rows} rows in {parts} parts");
    assert!(rows == "128" && parts.parse::<u32>().unwrap() > 8);
    drop(store);
    let cases = conformance::run(|| {
        cluster.empty(&schema);
        cluster.open(&schema).unwrap()
    })
    .unwrap();
    println!("{cases} cases on partitions");
    assert!(cases >= 35);
}
