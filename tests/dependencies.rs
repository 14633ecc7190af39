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

/// Members that only developers run.
const TOOLS: &[&str] = &["xtask"];
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What `cargo metadata` says.
struct Graph {
    packages: BTreeMap<String, Value>,
    nodes: BTreeMap<String, Value>,
    members: Vec<String>,
}

impl Graph {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--all-features",
                "--locked",
                "--offline",
            ])
            .args([
                "--manifest-path",
                concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            ])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let by_id = |list: &Value| {
            let entries = list.as_array().unwrap().iter();
            entries
                .map(|it| (text(it, "id").to_owned(), it.clone()))
                .collect()
        };
        Self {
            packages: by_id(&metadata["packages"]),
            nodes: by_id(&metadata["resolve"]["nodes"]),
            members: metadata["workspace_members"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect(),
        }
    }

    fn name(&self, id: &str) -> &str {
        text(&self.packages[id], "name")
    }

    /// Whether the package runs while compiling only.
    fn is_macro(&self, id: &str) -> bool {
        let targets = self.packages[id]["targets"].as_array().unwrap();
        targets.iter().any(|target| target["kind"][0] == "proc-macro")
    }

    /// What ends up in a program: normal dependencies of the members, without macros and tools.
    fn shipped(&self) -> BTreeSet<&str> {
        let members = self.members.iter().filter(|id| !TOOLS.contains(&self.name(id)));
        let mut open: Vec<&str> = members.map(String::as_str).collect();
        let mut seen: BTreeSet<&str> = open.iter().copied().collect();
        while let Some(id) = open.pop() {
            for dependency in self.nodes[id]["deps"].as_array().unwrap() {
                let kinds = dependency["dep_kinds"].as_array().unwrap();
                let package = text(dependency, "pkg");
                let normal = kinds.iter().any(|kind| kind["kind"].is_null());
                if normal && !self.is_macro(package) && seen.insert(package) {
                    open.push(package);
                }
            }
        }
        seen
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
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
    let graph = Graph::read();
    let allowed = rule("licenses", "allow");
    let exceptions = rule("licenses", "exceptions");
    let shipped = graph.shipped();
    let mut refused = Vec::new();
    for (id, package) in &graph.packages {
        let licence = package["license"].as_str().unwrap_or("none");
        let tool = exceptions.iter().any(|name| name == graph.name(id)) && !shipped.contains(id.as_str());
        if !tool && !permitted(licence, &allowed) {
            refused.push(format!("{} ({licence})", graph.name(id)));
        }
    }
    println!(
        "{} packages, {} of them ship",
        graph.packages.len(),
        shipped.len()
    );
    assert!(
        refused.is_empty(),
        "licences that deny.toml does not allow: {refused:?}"
    );
}

#[test]
fn packages_come_from_the_public_registry() {
    let graph = Graph::read();
    for (id, package) in &graph.packages {
        match package["source"].as_str() {
            None => assert!(graph.members.contains(id), "{} is no member", graph.name(id)),
            Some(source) => assert_eq!(source, CRATES_IO, "source of {}", graph.name(id)),
        }
    }
}

#[test]
fn nothing_ships_twice() {
    let graph = Graph::read();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in graph.shipped() {
        let version = text(&graph.packages[id], "version");
        versions.entry(graph.name(id)).or_default().push(version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    assert!(versions.is_empty(), "in two versions: {versions:?}");
}

#[test]
fn no_dependency_needs_a_newer_compiler() {
    let graph = Graph::read();
    let promised = version(env!("CARGO_PKG_RUST_VERSION"));
    for id in graph.shipped() {
        if let Some(needed) = graph.packages[id]["rust_version"].as_str() {
            assert!(
                version(needed) <= promised,
                "{} needs Rust {needed}",
                graph.name(id)
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
