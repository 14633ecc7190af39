//! What each product is made of: a CycloneDX 1.5 document, and the licences with their texts.
//!
//! Read from `cargo metadata` and `Cargo.lock`, nothing is downloaded. Two runs on the same commit write the same bytes: there is
//! neither a time nor a random number in the documents.

mod bom;
mod licences;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::say::say;

/// Products: their packages, whether they are programs, and the platform whose packages count; none for the machine's.
const PRODUCTS: &[(&str, bool, Option<&str>)] = &[
    ("countersign", false, None),
    ("countersign-server", true, None),
    ("countersign-ffi", false, None),
    ("countersign-wasm", false, Some("wasm32-unknown-unknown")),
];

/// A package that a product is made of.
#[derive(Debug)]
struct Package {
    name: String,
    version: String,
    /// An SPDX expression.
    licence: String,
    repository: Option<String>,
    /// SHA-256 of what the registry delivers, in hexadecimal digits; none for the packages of this repository.
    checksum: Option<String>,
    /// Whether it only runs while compiling: macros, and what they need.
    compiling: bool,
    /// Where its sources lie.
    folder: PathBuf,
    /// Packages that it needs itself.
    needs: BTreeSet<String>,
}

/// The packages of a product by their ids, the product's own among them.
#[derive(Debug)]
struct Parts {
    root: String,
    packages: BTreeMap<String, Package>,
}

/// Writes the documents of all products to a folder.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let folder = match words {
        [] => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/sbom"),
        ["--out", folder] => PathBuf::from(folder),
        _ => return Err("sbom [--out FOLDER]".to_owned()),
    };
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    say("| product | packages | of which only while compiling | licences |\n|---|---:|---:|---:|");
    for (product, program, platform) in PRODUCTS {
        let parts = parts(product, *platform)?;
        let document = bom::document(&parts, *program)?;
        let text = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())? + "\n";
        write(&folder.join(format!("{product}.cdx.json")), &text)?;
        let (licences, text) = licences::list(&parts)?;
        write(&folder.join(format!("{product}.licences.txt")), &text)?;
        let compiling = parts.packages.values().filter(|it| it.compiling).count();
        say(&format!(
            "| {product} | {} | {compiling} | {licences} |",
            parts.packages.len() - 1
        ));
    }
    say(&format!("\nin {}", folder.display()));
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// What a product is made of on a platform, with the features that the workspace builds it with.
fn parts(product: &str, platform: Option<&str>) -> Result<Parts, String> {
    let platform = match platform {
        Some(platform) => platform.to_owned(),
        None => host()?,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = Command::new(cargo);
    command
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", &platform, "--manifest-path"])
        .arg(&manifest);
    let output = command
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let lock = std::fs::read_to_string(manifest.with_file_name("Cargo.lock")).map_err(|it| it.to_string())?;
    assemble(product, &metadata, &checksums(&lock))
}

fn host() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("cannot run rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc names no host".to_owned())
}

/// Checksums of `Cargo.lock` by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |line: &str, name: &str| {
        let quoted = line.strip_prefix(name)?.strip_prefix(" = \"")?;
        quoted.strip_suffix('"').map(str::to_owned)
    };
    let mut found = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let of = |name| package.lines().find_map(|line| value(line, name));
        if let (Some(name), Some(version), Some(checksum)) = (of("name"), of("version"), of("checksum")) {
            found.insert((name, version), checksum);
        }
    }
    found
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    let text = value.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("cargo metadata has no {name}"))
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Walks from the product over what it needs at run time, and over macros.
fn assemble(
    product: &str,
    metadata: &Value,
    checksums: &BTreeMap<(String, String), String>,
) -> Result<Parts, String> {
    let mut known = BTreeMap::new();
    for package in list(metadata, "packages") {
        known.insert(text(package, "id")?, package);
    }
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in list(metadata.get("resolve").unwrap_or(&Value::Null), "nodes") {
        let needed = list(node, "deps").iter().filter(|it| {
            // Neither tests nor build scripts end up in the product.
            list(it, "dep_kinds")
                .iter()
                .any(|kind| kind.get("kind") == Some(&Value::Null))
        });
        let needed = needed
            .map(|it| text(it, "pkg"))
            .collect::<Result<BTreeSet<_>, _>>()?;
        edges.insert(text(node, "id")?, needed);
    }
    let mut own = list(metadata, "workspace_members")
        .iter()
        .filter_map(Value::as_str);
    let root = own
        .find(|id| {
            known
                .get(id)
                .is_some_and(|it| text(it, "name").is_ok_and(|name| name == product))
        })
        .ok_or_else(|| format!("there is no package {product}"))?;

    // What is reached without going through a macro is there at run time.
    let mut running = BTreeSet::new();
    let mut all = BTreeSet::new();
    let mut waiting = vec![(root, false)];
    while let Some((id, compiling)) = waiting.pop() {
        let compiling = compiling || known.get(id).is_some_and(|it| is_macro(it));
        let news = all.insert(id) | (!compiling && running.insert(id));
        if news {
            let needed = edges.get(id).into_iter().flatten();
            waiting.extend(needed.map(|needed| (*needed, compiling)));
        }
    }
    let mut packages = BTreeMap::new();
    for id in all {
        let package = known.get(id).ok_or("cargo metadata lacks a package")?;
        let (name, version) = (
            text(package, "name")?.to_owned(),
            text(package, "version")?.to_owned(),
        );
        let folder = Path::new(text(package, "manifest_path")?).parent();
        let needs = edges.get(id).into_iter().flatten();
        packages.insert(
            id.to_owned(),
            Package {
                licence: text(package, "license")?.replace('/', " OR "),
                repository: text(package, "repository").ok().map(str::to_owned),
                checksum: checksums.get(&(name.clone(), version.clone())).cloned(),
                compiling: !running.contains(id),
                folder: folder.unwrap_or(Path::new("")).to_owned(),
                needs: needs.map(|it| (*it).to_owned()).collect(),
                name,
                version,
            },
        );
    }
    Ok(Parts {
        root: root.to_owned(),
        packages,
    })
}

fn is_macro(package: &Value) -> bool {
    list(package, "targets")
        .iter()
        .any(|target| list(target, "kind").iter().any(|kind| kind == "proc-macro"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_a_document_that_keeps_the_rules() {
        for (product, program, platform) in PRODUCTS {
            let parts = parts(product, *platform).unwrap();
            let document = bom::document(&parts, *program).unwrap();
            bom::tests::check(&document);
            let names: Vec<&str> = parts.packages.values().map(|it| it.name.as_str()).collect();
            assert!(names.contains(product) && names.contains(&"p256"), "{product}");
            // Neither tools nor tests.
            assert!(!names.contains(&"proptest") && !names.contains(&"xtask"));
            let of = |name: &str| parts.packages.values().find(|it| it.name == name).unwrap();
            assert!(of("serde_derive").compiling && !of("serde").compiling && !of("sha2").compiling);
            let again = bom::document(&self::parts(product, *platform).unwrap(), *program).unwrap();
            assert_eq!(document, again);
            let (licences, text) = licences::list(&parts).unwrap();
            assert!(licences > 3 && text.contains("Permission is hereby granted"));
        }
    }

    #[test]
    fn checksums_are_those_of_the_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\nchecksum = \"0f\"\n\n\
                    [[package]]\nname = \"b\"\nversion = \"2.0.0\"\n";
        let found = checksums(lock);
        assert_eq!(found.len(), 1);
        assert_eq!(found[&("a".to_owned(), "1.0.0".to_owned())], "0f");
    }
}
