//! The statements with which `psql` takes tables of the way back.

use std::fmt::Write as _;

use super::export::Exported;
use super::lines;
use super::table::Table;

/// Numbers that the old server may hold in stretches, per node, above the last one that stands in a table.
const STRETCH: u32 = 1_000;

/// A script for `psql`, run in the folder of the files: all tables or none. Tables that belong to none of the files and
/// refer to one of them stop it.
pub fn load_script(exported: &Exported) -> String {
    let written = |table: &&Table| exported.rows.iter().any(|(name, _)| *name == table.name());
    let tables: Vec<&Table> = Table::ALL.iter().filter(written).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    let mut script = format!("\\set ON_ERROR_STOP on\nBEGIN;\nTRUNCATE {};\n", names.join(", "));
    for table in &tables {
        let name = table.name();
        let header = lines::header(**table);
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            script,
            "\\copy {name} ({}) FROM '{name}.csv' WITH (FORMAT csv, HEADER)",
            header.trim_end()
        );
    }
    for table in tables.iter().filter(|table| table.is_numbered()) {
        let name = table.name();
        let _ = writeln!(
            script,
            "SELECT setval(it, greatest(coalesce(pg_sequence_last_value(it), 0), (SELECT coalesce(max(id), 0) FROM {name}) \
             + {STRETCH})) FROM to_regclass('{name}_seq') it WHERE it IS NOT NULL;"
        );
    }
    script.push_str("COMMIT;\n");
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_after_what_they_belong_to() {
        let rows = vec![("pa_token", 1), ("pa_application", 2), ("pa_activation", 0)];
        let script = load_script(&Exported {
            rows,
            left_out: Vec::new(),
        });
        let lines: Vec<&str> = script.lines().collect();
        assert_eq!(lines[2], "TRUNCATE pa_application, pa_activation, pa_token;");
        assert_eq!(
            lines[3],
            "\\copy pa_application (id,name,roles) FROM 'pa_application.csv' WITH (FORMAT csv, HEADER)"
        );
        assert!(lines[4].starts_with("\\copy pa_activation (activation_id,"));
        assert!(lines[6].contains("to_regclass('pa_application_seq')"));
        assert_eq!(lines[7], "COMMIT;");
        assert_eq!(lines.len(), 8);
    }
}
