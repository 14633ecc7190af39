//! A CycloneDX 1.5 document (ECMA-424).

use serde_json::{Map, Value, json};

use super::{Package, Parts};

/// The document of a product.
pub(super) fn document(parts: &Parts, program: bool) -> Result<Value, String> {
    let root = parts
        .packages
        .get(&parts.root)
        .ok_or("the product itself is missing")?;
    let mut product = component(root);
    product.insert(
        "type".to_owned(),
        json!(if program { "application" } else { "library" }),
    );
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for (id, package) in &parts.packages {
        if *id != parts.root {
            components.push(Value::Object(component(package)));
        }
        let needs = package.needs.iter().filter_map(|id| parts.packages.get(id));
        let mut needs: Vec<String> = needs.map(purl).collect();
        needs.sort();
        dependencies.push(json!({ "ref": purl(package), "dependsOn": needs }));
    }
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "tools": { "components": [{ "type": "application", "name": "cargo xtask sbom" }] },
            "component": product,
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(package: &Package) -> Map<String, Value> {
    let mut component = Map::new();
    let mut set = |name: &str, value: Value| component.insert(name.to_owned(), value);
    set("type", json!("library"));
    set("bom-ref", json!(purl(package)));
    set("name", json!(package.name));
    set("version", json!(package.version));
    let scope = if package.compiling { "excluded" } else { "required" };
    set("scope", json!(scope));
    if let Some(checksum) = &package.checksum {
        set("hashes", json!([{ "alg": "SHA-256", "content": checksum }]));
    }
    set("licenses", json!([{ "expression": package.licence }]));
    set("purl", json!(purl(package)));
    if let Some(repository) = &package.repository {
        set(
            "externalReferences",
            json!([{ "type": "vcs", "url": repository }]),
        );
    }
    component
}

/// The package's URL, which also names it inside the document.
fn purl(package: &Package) -> String {
    // A version may have `+`, which means something else in a URL.
    format!(
        "pkg:cargo/{}@{}",
        package.name,
        package.version.replace('+', "%2B")
    )
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    const TYPES: &[&str] = &["application", "library"];
    const SCOPES: &[&str] = &["required", "optional", "excluded"];

    fn keys(value: &Value) -> BTreeSet<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    fn is_hex(text: &str, length: usize) -> bool {
        text.len() == length
            && text
                .bytes()
                .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
    }

    /// What the schema of CycloneDX 1.5 demands of what is written here.
    pub(in super::super) fn check(document: &Value) {
        let all: BTreeSet<&str> = [
            "$schema",
            "bomFormat",
            "specVersion",
            "version",
            "metadata",
            "components",
            "dependencies",
        ]
        .into();
        assert_eq!(keys(document), all);
        assert_eq!(
            (&document["bomFormat"], &document["specVersion"]),
            (&"CycloneDX".into(), &"1.5".into())
        );
        assert!(document["version"].as_u64().unwrap() >= 1);
        let mut components: Vec<&Value> = document["components"].as_array().unwrap().iter().collect();
        assert!(components.len() > 20);
        components.push(&document["metadata"]["component"]);
        let mut references = BTreeSet::new();
        for component in &components {
            let name = component["name"].as_str().unwrap();
            assert!(TYPES.contains(&component["type"].as_str().unwrap()), "{name}");
            assert!(SCOPES.contains(&component["scope"].as_str().unwrap()), "{name}");
            let purl = component["purl"].as_str().unwrap();
            let version = component["version"].as_str().unwrap().replace('+', "%2B");
            assert_eq!(purl, format!("pkg:cargo/{name}@{version}"));
            assert!(
                references.insert(component["bom-ref"].as_str().unwrap()),
                "{name} twice"
            );
            let [licence] = component["licenses"].as_array().unwrap().as_slice() else {
                panic!("{name}: more than one choice of licences");
            };
            assert_eq!(keys(licence), ["expression"].into());
            let expression = licence["expression"].as_str().unwrap();
            assert!(!expression.is_empty() && !expression.contains('/'), "{name}");
            match component.get("hashes") {
                Some(hashes) => {
                    assert_eq!(hashes[0]["alg"], "SHA-256");
                    assert!(is_hex(hashes[0]["content"].as_str().unwrap(), 64), "{name}");
                }
                // Only what is in this repository.
                None => assert!(name.starts_with("countersign"), "{name} has no checksum"),
            }
        }
        let mut told = BTreeSet::new();
        for dependency in document["dependencies"].as_array().unwrap() {
            assert!(told.insert(dependency["ref"].as_str().unwrap()));
            let needs = dependency["dependsOn"].as_array().unwrap();
            let mut each = BTreeSet::new();
            for need in needs {
                let need = need.as_str().unwrap();
                assert!(references.contains(need) && each.insert(need), "{need}");
            }
        }
        assert_eq!(told, references);
    }
}
