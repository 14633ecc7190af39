//! Credentials of callers: HTTP Basic against hashes in the store.

use super::http::{Request, Response};
pub use crate::crypto::credential::hash_secret;
use crate::crypto::credential::{HASH_LENGTH, verify_secret};
use crate::crypto::encoding::base64;
use crate::model::credential::{Credential, Grant};
use crate::store::{Halt, Stop, Tx};

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
        Self::read(request.header("authorization")?)
    }

    /// Reads the value of a header; none when it is malformed.
    pub fn read(value: &str) -> Option<Self> {
        let (scheme, encoded) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 1_024 {
            return None;
        }
        let decoded = zeroize::Zeroizing::new(base64::decode(encoded.trim()).ok()?);
        let (user, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        Self::new(user, secret)
    }

    /// From a user name, 1 to 255 bytes, and a secret; none when the name is empty or longer.
    pub fn new(user: &str, secret: &str) -> Option<Self> {
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

    /// Whether these are an administrator's. Takes the same time whether there is such a user or not.
    ///
    /// # Errors
    /// When the record was not read yet, or cannot be.
    pub fn is_administrator(&self, tx: &mut Tx<'_>) -> Result<bool, Halt> {
        Ok(self.check(tx, &[Grant::Administrator])?.is_some())
    }

    /// The stored credential, when the secret is right and one of the grants fits.
    ///
    /// # Errors
    /// When the record was not read yet, or cannot be.
    fn check(&self, tx: &mut Tx<'_>, grants: &[Grant]) -> Result<Option<Credential>, Halt> {
        let credential = tx.peek::<Credential>(&self.user)?;
        // Hashed also when there is no such user, so that both cases take the same time.
        let stored = credential.as_ref().map_or(&[0; HASH_LENGTH][..], |it| &it.hash);
        let right = verify_secret(&self.secret, stored);
        Ok(credential.filter(|it| right && grants.contains(&it.grant)))
    }
}

/// The door of a row: closed to those without credentials for it, or open to everybody.
#[derive(Clone)]
pub(crate) struct Door {
    closed: bool,
    basic: Option<Basic>,
    grants: &'static [Grant],
}

impl Door {
    /// For this request.
    pub(crate) fn of(request: &Request<'_>, closed: bool, grants: &'static [Grant]) -> Self {
        let basic = closed.then(|| Basic::of(request)).flatten();
        Self {
            closed,
            basic,
            grants,
        }
    }

    /// The caller's credential; none where everybody may enter.
    ///
    /// # Errors
    /// `refusal` when the caller may not enter.
    pub(crate) fn enter<E>(
        &self,
        tx: &mut Tx<'_>,
        refusal: impl FnOnce() -> E,
    ) -> Result<Option<Credential>, Stop<E>> {
        if !self.closed {
            return Ok(None);
        }
        let known = match &self.basic {
            Some(basic) => basic.check(tx, self.grants)?,
            None => None,
        };
        known.map(Some).ok_or_else(|| Stop::Refuse(refusal()))
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
