//! Credentials of callers: HTTP Basic against hashes in the store.

use super::http::{Request, Response};
pub use crate::crypto::credential::hash_secret;
use crate::crypto::credential::{HASH_LENGTH, verify_secret};
use crate::crypto::encoding::base64;
use crate::model::credential::{Credential, Grant};
use crate::store::{Halt, Tx};

/// User and secret of an `Authorization: Basic` header.
#[derive(Clone)]
pub struct Basic {
    user: String,
    secret: zeroize::Zeroizing<String>,
}

impl Basic {
    /// Reads the header; none when it is missing, repeated or malformed.
    pub fn of(request: &Request<'_>) -> Option<Self> {
        if request.count("authorization") != 1 {
            return None;
        }
        let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 1_024 {
            return None;
        }
        let decoded = zeroize::Zeroizing::new(base64::decode(encoded.trim()).ok()?);
        let (user, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        if user.is_empty() || user.len() > 255 {
            return None;
        }
        Some(Self {
            user: user.to_owned(),
            secret: zeroize::Zeroizing::new(secret.to_owned()),
        })
    }

    /// The user name.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// The stored credential, when the secret is right and the grant fits.
    ///
    /// # Errors
    /// When the record was not read yet, or cannot be.
    pub fn check(&self, tx: &mut Tx<'_>, grant: Grant) -> Result<Option<Credential>, Halt> {
        self.check_any(tx, &[grant])
    }

    /// The same, where each of several grants fits.
    pub(crate) fn check_any(&self, tx: &mut Tx<'_>, grants: &[Grant]) -> Result<Option<Credential>, Halt> {
        let credential = tx.peek::<Credential>(&self.user)?;
        // Hashed also when there is no such user, so that both cases take the same time.
        let stored = credential.as_ref().map_or(&[0; HASH_LENGTH][..], |it| &it.hash);
        let right = verify_secret(&self.secret, stored);
        Ok(credential.filter(|it| right && grants.contains(&it.grant)))
    }
}

/// 401 in the server API's form.
pub(crate) fn unauthorized() -> Response {
    let mut response = Response::error(401, "ERR_AUTHENTICATION", "Authentication failed");
    response
        .headers
        .push(("www-authenticate", "Basic realm=\"countersign\"".to_owned()));
    response
}
