//! Loads vector files and runs a check over every vector of a family.
//!
//! `own/` is committed under `tests/vectors`. The other families keep their own licences and stay outside the repository,
//! in `../shared/vectors`; without that folder they are skipped, except when `CI` is set.

pub(crate) mod ecies;
pub(crate) mod formats;
pub(crate) mod keys;
pub(crate) mod primitives;
pub(crate) mod signatures;
pub(crate) mod wycheproof;

use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::PrivateKey;
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::secret::Secret;
use data_encoding::HEXLOWER_PERMISSIVE;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// One vector.
pub(crate) struct Vector<'a> {
    pub(crate) input: &'a Value,
    pub(crate) output: &'a Value,
}

/// A family: file below the vectors folder, and the check of one vector.
pub(crate) type Family = (&'static str, fn(&Vector<'_>));

/// Field access that names the field when it is missing.
pub(crate) trait Fields {
    fn field(&self, name: &str) -> &Value;
    fn text(&self, name: &str) -> &str {
        self.field(name)
            .as_str()
            .unwrap_or_else(|| panic!("{name} is no text"))
    }
    fn opt_text(&self, name: &str) -> Option<&str> {
        self.field(name).as_str()
    }
    fn number(&self, name: &str) -> u64 {
        let value = self.field(name);
        let parsed = value
            .as_u64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        parsed.unwrap_or_else(|| panic!("{name} is no number"))
    }
    fn flag(&self, name: &str) -> bool {
        self.field(name)
            .as_bool()
            .unwrap_or_else(|| panic!("{name} is no boolean"))
    }
    fn b64(&self, name: &str) -> Vec<u8> {
        base64::decode(self.text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
    fn opt_b64(&self, name: &str) -> Option<Vec<u8>> {
        self.opt_text(name).map(|text| base64::decode(text).unwrap())
    }
    fn b64_array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.b64(name)
            .try_into()
            .unwrap_or_else(|_| panic!("{name} has another length"))
    }
    fn secret<const N: usize>(&self, name: &str) -> Secret<N> {
        Secret::from_bytes(self.b64_array(name))
    }
    fn hex(&self, name: &str) -> Vec<u8> {
        HEXLOWER_PERMISSIVE
            .decode(self.text(name).as_bytes())
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }
    fn private(&self, name: &str) -> PrivateKey {
        PrivateKey::from_bytes(&self.b64(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

impl Fields for Value {
    fn field(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}

/// All backends of this build.
pub(crate) fn backends() -> Vec<&'static dyn Backend> {
    vec![
        &RustCrypto,
        #[cfg(feature = "aws-lc")]
        &countersign::crypto::backend::AwsLc,
    ]
}

/// Returns prepared bytes, then fails.
pub(crate) struct Script(Vec<u8>);

impl Script {
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut bytes = parts.concat();
        bytes.reverse();
        Self(bytes)
    }
}

impl Random for Script {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for slot in out {
            *slot = self.0.pop().ok_or(RandomError)?;
        }
        Ok(())
    }
}

pub(crate) fn shared_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors")
}

pub(crate) fn own_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn load(path: &str) -> Option<Value> {
    let root = if path.starts_with("own/") {
        own_root()
    } else {
        shared_root()
    };
    if !root.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{path}: ../shared/vectors is missing"
        );
        return None;
    }
    let text = std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// Runs the check over every vector and compares the number with the file's own count.
pub(crate) fn run(families: &[Family]) {
    for (path, check) in families {
        let Some(file) = load(path) else {
            println!("{path}: skipped, ../shared/vectors is absent");
            continue;
        };
        let vectors = file["vectors"].as_array().unwrap();
        let mut done = 0;
        for vector in vectors {
            let id = vector["id"].as_str().unwrap();
            let vector = Vector {
                input: &vector["input"],
                output: &vector["output"],
            };
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&vector)));
            assert!(outcome.is_ok(), "{path}: {id} failed");
            done += 1;
        }
        println!("{path}: {done}/{}", file["count"]);
        assert_eq!(done, file["count"].as_u64().unwrap(), "{path}: count");
    }
}
