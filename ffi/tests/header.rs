//! `include/countersign.h` is what the sources say. `BLESS=1` rewrites it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test"
)]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn generate() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(here.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    // File by file: only what is named here becomes part of the interface.
    for source in [
        "types", "error", "engine", "call", "route", "reply", "protocol", "phone",
    ] {
        builder = builder.with_src(here.join("src").join(source).with_extension("rs"));
    }
    builder = builder.with_src(root().join("src/bridge/code.rs"));
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_header_is_up_to_date() {
    let path = root().join("include/countersign.h");
    let expected = generate();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "include/countersign.h differs from the sources; run this test with BLESS=1 and commit it"
    );
}
