//! Dependencies keep the rules of `deny.toml`: licences, sources, no second version of a package in
//! what ships, and nothing that needs a newer compiler than we promise.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Members that only developers run: their folders and names.
const TOOLS: &[(&str, &str)] = &[("xtask", "xtask"), ("wasm/glue", "countersign-wasm-glue")];
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn cargo(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--locked")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// All packages that the lock file knows.
fn packages() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--all-features"]);
    let metadata: Value = serde_json::from_slice(&metadata).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Name and version of what ends up in a program, on any platform: normal dependencies of the members,
/// without tools and without what runs while compiling only.
fn shipped() -> BTreeSet<(String, String)> {
    let mut arguments = vec!["tree", "--workspace", "--all-features", "--target", "all"];
    arguments.extend([
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    for (folder, tool) in TOOLS {
        if manifest.contains(&format!("\"{folder}\"")) {
            arguments.extend(["--exclude", tool]);
        }
    }
    let tree = String::from_utf8(cargo(&arguments)).unwrap();
    let line = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        Some((name, words.next()?.strip_prefix('v')?.to_owned()))
    };
    let shipped: BTreeSet<_> = tree.lines().filter_map(line).collect();
    assert!(shipped.iter().any(|(name, _)| name == "countersign"));
    shipped
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn key(package: &Value) -> (String, String) {
    (
        text(package, "name").to_owned(),
        text(package, "version").to_owned(),
    )
}

/// The quoted strings of `key = [ … ]` in `section` of `deny.toml`, comments aside.
fn rule(section: &str, key: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml");
    let file = std::fs::read_to_string(path).unwrap();
    let lines = file.lines().map(|line| line.split('#').next().unwrap().trim());
    let mut lines = lines.skip_while(|line| *line != format!("[{section}]")).skip(1);
    let start = format!("{key} = [");
    let first = lines
        .by_ref()
        .take_while(|line| !line.starts_with('['))
        .find(|line| line.starts_with(&start))
        .unwrap_or_else(|| panic!("no {key} in [{section}]"))
        .trim_start_matches(&start)
        .to_owned();
    let mut list = first;
    while !list.ends_with(']') {
        list.push('\n');
        list.push_str(lines.next().unwrap());
    }
    let lines = list.lines().filter_map(|line| line.split('"').nth(1));
    lines.map(str::to_owned).collect()
}

/// The second versions in `deny.toml` whose reason begins with "ships".
fn second_versions_that_ship() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml");
    let file = std::fs::read_to_string(path).unwrap();
    let lines = file.lines().filter(|line| line.contains(r#"reason = "ships"#));
    lines
        .map(|line| line.split('"').nth(1).unwrap().to_owned())
        .collect()
}

/// Whether an SPDX expression can be met with the licences in `allowed`. `/` is an old way to write OR.
fn permitted(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let met = any_of(&mut words, allowed);
    assert_eq!(words.next(), None, "cannot read {expression:?}");
    met
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words, allowed);
    }
    met
}

fn all_of(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let met = any_of(words, allowed);
        assert_eq!(words.next(), Some(")"));
        return met;
    }
    let mut licence = words.next().unwrap().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next().unwrap());
    }
    allowed.contains(&licence)
}

/// `1.89` and `1.89.0` as numbers.
fn version(text: &str) -> Vec<u32> {
    let mut parts: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
    parts.resize(3, 0);
    parts
}

#[test]
fn licences_are_permissive() {
    let (packages, shipped) = (packages(), shipped());
    let allowed = rule("licenses", "allow");
    let exceptions = rule("licenses", "exceptions");
    let mut refused = Vec::new();
    for package in &packages {
        let licence = package["license"].as_str().unwrap_or("none");
        let name = text(package, "name");
        let tool = exceptions.iter().any(|it| it == name) && !shipped.contains(&key(package));
        if !tool && !permitted(licence, &allowed) {
            refused.push(format!("{name} ({licence})"));
        }
    }
    println!("{} packages, {} of them ship", packages.len(), shipped.len());
    assert!(
        refused.is_empty(),
        "licences that deny.toml does not allow: {refused:?}"
    );
}

#[test]
fn packages_come_from_the_public_registry() {
    for package in packages() {
        // Members have no source.
        if let Some(source) = package["source"].as_str() {
            assert_eq!(source, CRATES_IO, "source of {}", text(&package, "name"));
        } else {
            let manifest = text(&package, "manifest_path");
            assert!(
                manifest.starts_with(env!("CARGO_MANIFEST_DIR")),
                "{manifest} lies elsewhere"
            );
        }
    }
}

#[test]
fn nothing_ships_twice() {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version) in shipped() {
        versions.entry(name).or_default().push(version);
    }
    let tolerated = second_versions_that_ship();
    for (name, versions) in &mut versions {
        let tolerated = |version: &String| {
            let named = |it: &String| {
                it.strip_prefix(name.as_str())
                    .and_then(|it| it.strip_prefix('@'))
                    .is_some_and(|it| version == it || version.starts_with(&format!("{it}.")))
            };
            tolerated.iter().any(named)
        };
        versions.retain(|version| !tolerated(version));
    }
    versions.retain(|_, versions| versions.len() > 1);
    assert!(versions.is_empty(), "in two versions: {versions:?}");
}

/// The feature `simulation` holds the bugs that tests plant.
#[test]
fn what_ships_has_no_planted_bugs() {
    let features = |package: &str| {
        let mut arguments = vec!["tree", "--package", package, "--edges", "normal"];
        // A build with the hooks of tests does not compile for release; the others may come together.
        let all_but_hooks = ["--features", "aws-lc,jni,phone,postgres,sqlite"];
        match package {
            "countersign-ffi" => arguments.extend(all_but_hooks),
            _ => arguments.push("--all-features"),
        }
        arguments.extend(["--target", "all", "--prefix", "none", "--format", "{p} {f}"]);
        let tree = String::from_utf8(cargo(&arguments)).unwrap();
        let of_library =
            |line: &&str| line.starts_with("countersign v") && line.contains(env!("CARGO_PKG_VERSION"));
        tree.lines()
            .filter(of_library)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    for package in [
        "countersign-ffi",
        "countersign-wasm",
        "countersign-server",
        "countersign-phone",
    ] {
        let lines = features(package);
        assert!(!lines.is_empty(), "{package} does not contain the library");
        let plain = lines.iter().all(|line| !line.contains("simulation"));
        assert!(plain, "{package}: {lines:?}");
    }
    let planted = features("countersign");
    assert!(
        planted.iter().any(|line| line.contains("simulation")),
        "{planted:?}"
    );
    let manifest = |path: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::read_to_string(path).unwrap()
    };
    assert!(
        manifest("Cargo.toml").contains("\ndefault = []\n"),
        "simulation is never a default"
    );
    let ffi = manifest("ffi/Cargo.toml");
    let (_, features) = ffi.split_once("[features]").unwrap();
    let (features, _) = features.split_once("\n[").unwrap();
    let named = features
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name);
    let mut named: Vec<&str> = named.collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            "aws-lc",
            "default",
            "jni",
            "phone",
            "postgres",
            "sqlite",
            "test-hooks"
        ],
        "a new feature belongs into the list above"
    );
}

#[test]
fn no_dependency_needs_a_newer_compiler() {
    let shipped = shipped();
    let promised = version(env!("CARGO_PKG_RUST_VERSION"));
    for package in packages()
        .iter()
        .filter(|package| shipped.contains(&key(package)))
    {
        if let Some(needed) = package["rust_version"].as_str() {
            assert!(
                version(needed) <= promised,
                "{} needs Rust {needed}",
                text(package, "name")
            );
        }
    }
}

#[test]
fn expressions_are_read_as_written() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("ISC AND (GPL-3.0-only OR MIT)", true),
        ("MIT WITH LLVM-exception", false),
        ("GPL-3.0-only OR MIT AND MPL-2.0", false),
    ] {
        assert_eq!(permitted(expression, &allowed), expected, "{expression}");
    }
}
