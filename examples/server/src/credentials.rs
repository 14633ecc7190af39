//! The first credentials of callers.
//!
//! ```json
//! {"integration": {"token": "…", "secret": "…"}, "admin": {"user": "admin", "password": "…"}}
//! ```
//!
//! The file is written before the database learns the hashes: after a crash in between the next
//! start takes the credentials from the file. An operator may also provide the file beforehand.

use std::io;
use std::path::Path;

use countersign::api::auth::hash_secret;
use countersign::crypto::encoding::base64url;
use countersign::crypto::identifier::uuid_v4;
use countersign::crypto::random;
use countersign::model::credential::{Credential, Grant};
use countersign::model::integration::Integration;
use countersign::model::journal::Head;
use countersign::store::{Host, Tx};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::database::Connection;
use super::host::System;
use super::private_file;
use super::records::Setup;

/// The hash is fast on purpose (it is computed for every request), so secrets must not be guessable.
const LEAST_SECRET: usize = 22;

/// Why the credentials are not usable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialError {
    #[error(
        "the credentials file {0} is not of the form {{\"integration\": {{\"token\", \"secret\"}}, \
         \"admin\": {{\"user\", \"password\"}}}}"
    )]
    Form(String),
    #[error(
        "the credentials file {0}: user names need 1 to 255 characters without a colon and must differ, \
         secrets at least {LEAST_SECRET} characters; generate them"
    )]
    Weak(String),
    #[error("the credentials file {0}: {1}")]
    File(String, io::Error),
    #[error("the random generator failed")]
    Entropy,
    #[error("the database cannot keep the credentials: {0}")]
    Store(String),
}

impl From<random::RandomError> for CredentialError {
    fn from(_: random::RandomError) -> Self {
        Self::Entropy
    }
}

/// What a start did about credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// New ones, in the file.
    Generated,
    /// The database took those of the file.
    Taken,
    /// The database has had some before.
    Known,
}

#[derive(Serialize, Deserialize)]
struct CredentialsFile {
    integration: Caller,
    admin: Administrator,
}

#[derive(Serialize, Deserialize)]
struct Caller {
    token: String,
    secret: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
struct Administrator {
    user: String,
    password: Zeroizing<String>,
}

/// Makes sure that the database knows credentials.
pub(crate) async fn ensure(path: &Path, connection: &Connection) -> Result<Outcome, CredentialError> {
    let store = |fault: countersign::store::Fault| CredentialError::Store(fault.to_string());
    let known = connection
        .run(|tx| tx.get::<Setup>(Setup::ID))
        .await
        .map_err(store)?;
    if known.is_some() {
        return Ok(Outcome::Known);
    }
    let failed = |error| CredentialError::File(path.display().to_string(), error);
    let (file, outcome) = match std::fs::read(path).map(Zeroizing::new) {
        Ok(text) => (parse(path, &text)?, Outcome::Taken),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let file = generate()?;
            let mut text = Zeroizing::new(Vec::with_capacity(512));
            serde_json::to_writer_pretty(&mut *text, &file).map_err(|error| failed(error.into()))?;
            text.push(b'\n');
            private_file::create(path, &text).map_err(failed)?;
            (file, Outcome::Generated)
        }
        Err(error) => return Err(failed(error)),
    };
    let (records, id) = (file.hashed()?, uuid_v4(&mut System)?);
    let stored = connection
        .run(move |tx| store_first(tx, &records, &id))
        .await
        .map_err(store)?;
    Ok(if stored { outcome } else { Outcome::Known })
}

/// Stores the records, and the integration under `id`, so that it can be listed and removed.
fn store_first(
    tx: &mut Tx<'_>,
    records: &[Credential; 2],
    id: &str,
) -> Result<bool, countersign::store::Halt> {
    if tx.get::<Setup>(Setup::ID)?.is_some() {
        return Ok(false);
    }
    let [integration, administrator] = records;
    tx.put(&Setup {
        integration: integration.user.clone(),
        administrator: administrator.user.clone(),
        created: tx.now(),
    });
    tx.put(&Integration {
        id: id.to_owned(),
        name: integration.name.clone(),
        token: integration.user.clone(),
        created: tx.now(),
        removed: None,
        journal: Head::default(),
    });
    for record in records {
        tx.put(record);
    }
    Ok(true)
}

fn generate() -> Result<CredentialsFile, CredentialError> {
    // 256 bits, 43 characters.
    let secret = || -> Result<_, CredentialError> {
        let bytes = Zeroizing::new(random::bytes::<32>(&mut System)?);
        Ok(Zeroizing::new(base64url::encode(&*bytes)))
    };
    Ok(CredentialsFile {
        integration: Caller {
            token: uuid_v4(&mut System)?,
            secret: secret()?,
        },
        admin: Administrator {
            user: "admin".to_owned(),
            password: secret()?,
        },
    })
}

fn parse(path: &Path, text: &[u8]) -> Result<CredentialsFile, CredentialError> {
    let name = || path.display().to_string();
    let file: CredentialsFile = serde_json::from_slice(text).map_err(|_| CredentialError::Form(name()))?;
    let user = |text: &str| (1..=255).contains(&text.len()) && !text.contains(':');
    let CredentialsFile { integration, admin } = &file;
    let acceptable = user(&integration.token)
        && user(&admin.user)
        && integration.token != admin.user
        && integration.secret.len() >= LEAST_SECRET
        && admin.password.len() >= LEAST_SECRET;
    if acceptable {
        Ok(file)
    } else {
        Err(CredentialError::Weak(name()))
    }
}

impl CredentialsFile {
    fn hashed(&self) -> Result<[Credential; 2], CredentialError> {
        let record = |user: &str, secret: &str, grant, name: &str| -> Result<_, CredentialError> {
            Ok(Credential {
                user: user.to_owned(),
                hash: hash_secret(secret, &mut System)?,
                grant,
                name: name.to_owned(),
                application: None,
                created: System.now(),
                removed_until: None,
            })
        };
        let Self { integration, admin } = self;
        Ok([
            record(
                &integration.token,
                &integration.secret,
                Grant::Integration,
                "first integration",
            )?,
            record(
                &admin.user,
                &admin.password,
                Grant::Administrator,
                "first administrator",
            )?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_credentials_are_refused() {
        let file = |token: &str, secret: &str, user: &str| {
            let text = format!(
                r#"{{"integration":{{"token":"{token}","secret":"{secret}"}},
                     "admin":{{"user":"{user}","password":"{secret}"}}}}"#
            );
            parse(Path::new("f"), text.as_bytes())
        };
        let good = "x".repeat(LEAST_SECRET);
        assert!(file("t", &good, "a").is_ok());
        assert!(matches!(
            file("t", &good[1..], "a"),
            Err(CredentialError::Weak(_))
        ));
        assert!(matches!(file("t:", &good, "a"), Err(CredentialError::Weak(_))));
        assert!(matches!(file("", &good, "a"), Err(CredentialError::Weak(_))));
        assert!(matches!(file("a", &good, "a"), Err(CredentialError::Weak(_))));
        assert!(matches!(
            parse(Path::new("f"), b"{}"),
            Err(CredentialError::Form(_))
        ));
    }
}
