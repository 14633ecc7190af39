//! The master key, in a file of its own. It wraps the keys that seal secrets in the database.
//!
//! ```json
//! {"current": 1, "keys": {"1": "<64 hexadecimal digits>"}}
//! ```
//!
//! A start unwraps all keys of the database: without the right file it is refused, instead of failing at
//! the first request.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use countersign::crypto::secret::Secret;
use countersign::engine::rotation::{self, KeeperError, LocalKeeper, WorkError};
use countersign::engine::{Keyring, Place, SealingKey};
use countersign::store::{Fault, Halt, Range, Tx};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::database::Connection;
use super::host::System;
use super::private_file;
use super::records::{SENTINEL, SENTINELS, Sentinel};

const PROOF: &[u8] = b"countersign-server sentinel";

/// Why there are no keys to work with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error(
        "the database holds records sealed with master key {0}, but the key file {1} does not exist; \
         restore it from a backup: a new key cannot open them"
    )]
    Missing(u32, String),
    #[error(
        "the master key file {1} does not fit the database: it does not open what key {0} has sealed there"
    )]
    Another(u32, String),
    #[error(
        "the master key file {0} is not of the form {{\"current\": 1, \"keys\": {{\"1\": \"64 hexadecimal digits\"}}}}"
    )]
    Form(String),
    #[error("the master key file {0}: {1}")]
    File(String, io::Error),
    #[error("the random generator failed")]
    Entropy,
    #[error("the database cannot be asked for its master key: {0}")]
    Store(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    current: u32,
    keys: BTreeMap<u32, Zeroizing<String>>,
}

/// Reads the file, creating it on the first start, and unwraps the keys that seal secrets, which proves
/// that it fits the database. Answers those keys, and who wraps them.
pub(crate) async fn load(path: &Path, connection: &Connection) -> Result<(Keyring, LocalKeeper), KeyError> {
    let failed = |fault: Fault| KeyError::Store(fault.to_string());
    let known = connection.run(rotation::keys).await.map_err(failed)?;
    let sentinels = connection.run(all_sentinels).await.map_err(failed)?;
    let wrapping = known
        .iter()
        .flat_map(|known| &known.keys)
        .find_map(|key| LocalKeeper::master_of(&key.wrapped));
    let name = path.display().to_string();
    let (current, older) = match (read(path), wrapping.or(sentinels.first().map(|it| it.key))) {
        (Err(KeyError::File(_, error)), Some(key)) if error.kind() == io::ErrorKind::NotFound => {
            return Err(KeyError::Missing(key, name));
        }
        (Err(KeyError::File(_, error)), None) if error.kind() == io::ErrorKind::NotFound => {
            create(path)?;
            tracing::info!(
                file = name,
                "master key created; back it up, apart from the database"
            );
            read(path)?
        }
        (keys, _) => keys?,
    };
    if private_file::is_exposed(path) {
        tracing::warn!(
            file = name,
            "the master key file can be read by other users of this machine"
        );
    }
    let masters = Keyring::new(current.clone(), older.clone());
    let mut first = Vec::new();
    if known.is_none() && !sentinels.is_empty() {
        prove(&masters, &sentinels, &name)?;
        first.push(current);
        first.extend(older);
    }
    let keeper = LocalKeeper::new(masters, Arc::new(System)).ok_or(KeyError::Entropy)?;
    let (store, lanes) = (&connection.store, &connection.lanes);
    match rotation::open(store, lanes, &System, &keeper, first).await {
        Ok(keyring) => Ok((keyring, keeper)),
        Err(WorkError::Keeper(KeeperError::Refused)) => Err(KeyError::Another(wrapping.unwrap_or(0), name)),
        Err(error) => Err(KeyError::Store(error.to_string())),
    }
}

fn all_sentinels(tx: &mut Tx<'_>) -> Result<Vec<Sentinel>, Halt> {
    // A page is enough: keys were rotated every few years.
    Ok(tx.scan::<Sentinel>(Range::all(SENTINELS, "", 1_000))?.0)
}

/// Databases of older servers: their secrets are sealed with the keys of the file themselves.
fn prove(masters: &Keyring, sentinels: &[Sentinel], name: &str) -> Result<(), KeyError> {
    for Sentinel { key, sealed } in sentinels {
        let id = Sentinel::record_id(*key);
        let place = Place {
            collection: SENTINEL,
            id: &id,
            field: "proof",
        };
        let opened = masters.open(place, sealed);
        if !opened.is_ok_and(|proof| proof.as_bytes() == PROOF) {
            return Err(KeyError::Another(*key, name.to_owned()));
        }
    }
    Ok(())
}

fn create(path: &Path) -> Result<(), KeyError> {
    let key = Secret::<32>::generate(&mut System).map_err(|_| KeyError::Entropy)?;
    let mut digits = Zeroizing::new(String::with_capacity(64));
    for byte in key.as_bytes() {
        for nibble in [byte >> 4, byte & 15] {
            digits.push(char::from_digit(u32::from(nibble), 16).unwrap_or_default());
        }
    }
    let file = KeyFile {
        current: 1,
        keys: BTreeMap::from([(1, digits)]),
    };
    let mut text = Zeroizing::new(Vec::with_capacity(256));
    serde_json::to_writer(&mut *text, &file)
        .map_err(|error| KeyError::File(path.display().to_string(), error.into()))?;
    text.push(b'\n');
    private_file::create(path, &text).map_err(|error| KeyError::File(path.display().to_string(), error))
}

fn read(path: &Path) -> Result<(SealingKey, Vec<SealingKey>), KeyError> {
    let name = || path.display().to_string();
    let text = Zeroizing::new(std::fs::read(path).map_err(|error| KeyError::File(name(), error))?);
    parse(&text).ok_or_else(|| KeyError::Form(name()))
}

/// The current key and the older ones.
fn parse(text: &[u8]) -> Option<(SealingKey, Vec<SealingKey>)> {
    let file: KeyFile = serde_json::from_slice(text).ok()?;
    let mut current = None;
    let mut older = Vec::new();
    for (id, digits) in &file.keys {
        let key = SealingKey {
            id: *id,
            key: from_hex(digits)?,
        };
        if *id == file.current {
            current = Some(key);
        } else {
            older.push(key);
        }
    }
    Some((current?, older))
}

fn from_hex(digits: &str) -> Option<Secret<32>> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        for digit in pair {
            let value = char::from(*digit).to_digit(16)?;
            *byte = (*byte << 4) | u8::try_from(value).ok()?;
        }
    }
    Some(Secret::from_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_created_file_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create(&path).unwrap();
        let (first, again) = (read(&path).unwrap().0, read(&path).unwrap().0);
        assert!(first.key.ct_eq(&again.key));
        assert!(matches!(create(&path), Err(KeyError::File(..))));
    }

    #[test]
    fn older_keys_open() {
        let one = format!(r#"{{"current":1,"keys":{{"1":"{}"}}}}"#, "ab".repeat(32));
        let two = format!(
            r#"{{"current":2,"keys":{{"1":"{}","2":"{}"}}}}"#,
            "AB".repeat(32),
            "0".repeat(64)
        );
        let old = parse(one.as_bytes()).unwrap().0;
        let (current, older) = parse(two.as_bytes()).unwrap();
        assert_eq!((current.id, older[0].id), (2, 1));
        assert!(older[0].key.ct_eq(&old.key));
    }

    #[test]
    fn anything_else_is_refused() {
        let hex = "0".repeat(64);
        for wrong in [
            String::new(),
            hex.clone(),
            r#"{"current":1,"keys":{}}"#.to_owned(),
            format!(r#"{{"current":2,"keys":{{"1":"{hex}"}}}}"#),
            format!(r#"{{"current":1,"keys":{{"1":"{hex}0"}}}}"#),
            format!(r#"{{"current":1,"keys":{{"1":"{}g"}}}}"#, &hex[1..]),
            format!(r#"{{"current":1,"keys":{{"1":"{hex}"}},"more":1}}"#),
        ] {
            assert!(parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
