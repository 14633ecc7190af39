//! Documents point at what exists, and files stay readable.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that hold no sources of ours.
const FOREIGN: &[&str] = &["target", "node_modules", "corpus", "artifacts", "pkg"];
/// Longest source file, in lines; tables of tests may be longer.
const MAX_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with one of the extensions.
fn files(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !FOREIGN.contains(&name) && !name.starts_with('.') {
                files(&path, extensions, found);
            }
        } else if path
            .extension()
            .is_some_and(|it| extensions.iter().any(|known| it == *known))
        {
            found.push(path);
        }
    }
}

fn all(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(root(), extensions, &mut found);
    assert!(!found.is_empty());
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// What stands between `open` and `close`, every time.
fn between<'a>(text: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    text.split(open)
        .skip(1)
        .filter_map(move |rest| rest.split_once(close).map(|(inner, _)| inner))
}

#[test]
fn links_lead_somewhere() {
    let mut links = 0;
    for document in all(&["md"]) {
        for link in between(&read(&document), "](", ')') {
            if link.contains("://") || link.starts_with('#') {
                continue;
            }
            let target = link.split('#').next().unwrap();
            let path = document.parent().unwrap().join(target);
            assert!(path.exists(), "{} links to {link}", document.display());
            links += 1;
        }
    }
    println!("{links} links");
    assert!(links > 10);
}

/// Paths from the root, and `path::test` for a test in a file or a folder of tests.
#[test]
fn named_files_and_tests_exist() {
    let folders = [
        "src/",
        "tests/",
        "docs/",
        "examples/",
        "benches/",
        "fuzz/",
        "ffi/",
        "wasm/",
        "conformance/",
    ];
    let mut named = BTreeSet::new();
    for document in all(&["md"]) {
        let text = read(&document);
        // Every other piece between backticks stands inside a pair of them.
        for word in text.split('`').skip(1).step_by(2) {
            if folders.iter().any(|folder| word.starts_with(folder)) && !word.contains(char::is_whitespace) {
                named.insert((document.clone(), word.to_owned()));
            }
        }
    }
    let mut tests = 0;
    for (document, word) in &named {
        let (path, test) = word.split_once("::").unwrap_or((word, ""));
        let path = root().join(path);
        assert!(path.exists(), "{} names {word}", document.display());
        if test.is_empty() {
            continue;
        }
        let mut sources = Vec::new();
        match path.is_dir() {
            true => files(&path, &["rs"], &mut sources),
            false => sources.push(path),
        }
        let function = format!("fn {test}(");
        let found = sources.iter().any(|source| read(source).contains(&function));
        assert!(found, "{} names the test {word}", document.display());
        tests += 1;
    }
    println!("{} names, {tests} of them tests", named.len());
    assert!(tests > 10);
}

#[test]
fn files_stay_short() {
    let mut sources = all(&["rs"]);
    sources.retain(|path| {
        !path.components().any(|part| part.as_os_str() == "tests") && !path.ends_with("tests.rs")
    });
    let long: Vec<_> = sources
        .iter()
        .filter(|path| read(path).lines().count() > MAX_LINES)
        .collect();
    println!("{} source files", sources.len());
    assert!(long.is_empty(), "above {MAX_LINES} lines: {long:?}");
}
