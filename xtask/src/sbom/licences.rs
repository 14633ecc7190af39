//! The licences of a product's packages, with their texts: what has to go with a program that is passed on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::Parts;

/// Beginnings of the names of files with terms, in capitals.
const FILES: &[&str] = &[
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];
/// Longest text.
const LONGEST: u64 = 200_000;

/// How many licences there are, and the list: packages by licence, then every text once with the packages that have it.
pub(super) fn list(parts: &Parts) -> Result<(usize, String), String> {
    let mut by_licence: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, package) in &parts.packages {
        if package.compiling || *id == parts.root {
            continue;
        }
        let name = format!("{} {}", package.name, package.version);
        by_licence
            .entry(&package.licence)
            .or_default()
            .insert(name.clone());
        for text in terms(&package.folder)? {
            texts.entry(text).or_default().insert(name.clone());
        }
    }
    let mut list = String::new();
    let mut line = |text: &str| writeln!(list, "{text}").map_err(|error| error.to_string());
    for (licence, packages) in &by_licence {
        line(&format!("{licence} ({})", packages.len()))?;
        for package in packages {
            line(&format!("    {package}"))?;
        }
    }
    for (text, packages) in &texts {
        line(&format!("\n{}", "=".repeat(80)))?;
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        line(&packages.join(", "))?;
        line(&format!("{}\n", "=".repeat(80)))?;
        line(text)?;
    }
    Ok((by_licence.len(), list))
}

/// Texts of the terms in a package's folder, with the same line ends.
fn terms(folder: &Path) -> Result<BTreeSet<String>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut texts = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let size = entry.metadata().map_err(told)?;
        if FILES.iter().any(|start| name.starts_with(start)) && size.is_file() && size.len() <= LONGEST {
            let bytes = std::fs::read(entry.path()).map_err(told)?;
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            texts.insert(text.trim().to_owned());
        }
    }
    Ok(texts)
}
