//! What can be recomputed of what was taken over.

use super::run::AdoptError;
use crate::crypto::code::ActivationCode;
use crate::crypto::encoding::base64;
use crate::crypto::key::PrivateKey;
use crate::crypto::password::PasswordHash;
use crate::engine::activation::{keys_place, private_place};
use crate::engine::application::master_key_place;
use crate::engine::application_version::secret_place;
use crate::engine::operation::proximity;
use crate::engine::recovery::{puk_id, puk_place};
use crate::engine::{Engine, Place, token};
use crate::model::activation::Activation;
use crate::model::application::{Application, ApplicationVersion};
use crate::model::operation::Operation;
use crate::model::recovery::{PukStatus, RecoveryCode};
use crate::model::token::Token;
use crate::store::{Entity, Store, Walk};

/// Records of one page.
const PAGE: u32 = 500;

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsound {
    /// Collection of the record.
    pub collection: &'static str,
    /// Its id.
    pub id: String,
    /// What of it.
    pub what: &'static str,
}

/// Outcome of [`verify`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Records looked at.
    pub records: u64,
    /// Secrets opened.
    pub secrets: u64,
    /// What does not add up.
    pub unsound: Vec<Unsound>,
}

/// Looks at every application, activation, token, operation and recovery code: secrets open, private keys belong to their
/// public ones, codes have their checksums, counters their length.
///
/// # Errors
/// When the records cannot be listed.
pub async fn verify(engine: &Engine, store: &dyn Store) -> Result<Verified, AdoptError> {
    let mut verified = Verified::default();
    each(store, &mut verified, |it: &Application, look| {
        for key in &it.master_keys {
            look.pair(engine, master_key_place(&it.id), &key.private, &key.public);
        }
    })
    .await?;
    each(store, &mut verified, |it: &ApplicationVersion, look| {
        look.opens::<16>(engine, secret_place(&it.key), &it.secret);
        look.check("key", base64::decode_array::<16>(&it.key).is_ok());
    })
    .await?;
    each(store, &mut verified, |it: &Activation, look| {
        look.pair(
            engine,
            private_place(&it.id),
            &it.server_private,
            &it.server_public,
        );
        if let Some(keys) = &it.keys {
            look.opens::<80>(engine, keys_place(&it.id), keys);
        }
        look.check("keys", it.keys.is_none() || it.device_public.is_some());
        look.check("code", ActivationCode::parse(&it.code).is_ok());
        look.check(
            "counter",
            it.counter_data.as_ref().is_none_or(|data| data.len() == 16),
        );
    })
    .await?;
    each(store, &mut verified, |it: &Token, look| {
        if it.removed_until.is_none() {
            look.opens::<16>(engine, token::place(&it.id), &it.secret);
        }
    })
    .await?;
    each(store, &mut verified, |it: &Operation, look| {
        if let Some(seed) = &it.totp_seed {
            look.opens::<16>(engine, proximity::place(&it.id), seed);
        }
        look.check("applications", !it.applications.is_empty());
    })
    .await?;
    each(store, &mut verified, |it: &RecoveryCode, look| {
        for (index, puk) in (1..).zip(&it.puks) {
            if puk.status == PukStatus::Valid {
                let id = puk_id(it.id, index);
                let hash = engine.keyring.open(puk_place(&id), &puk.hash).ok();
                let text = hash
                    .as_ref()
                    .and_then(|hash| std::str::from_utf8(hash.as_bytes()).ok());
                look.secret("puk", text.is_some_and(|text| PasswordHash::parse(text).is_ok()));
            }
        }
        look.check("puks", !it.puks.is_empty());
    })
    .await?;
    Ok(verified)
}

/// Looks at one record.
struct Look<'a> {
    verified: &'a mut Verified,
    collection: &'static str,
    id: &'a str,
}

impl Look<'_> {
    fn check(&mut self, what: &'static str, sound: bool) {
        if !sound {
            self.verified.unsound.push(Unsound {
                collection: self.collection,
                id: self.id.to_owned(),
                what,
            });
        }
    }

    fn secret(&mut self, what: &'static str, sound: bool) {
        self.verified.secrets += 1;
        self.check(what, sound);
    }

    fn opens<const N: usize>(&mut self, engine: &Engine, place: Place<'_>, sealed: &[u8]) {
        let sound = engine.keyring.open_array::<N>(place, sealed).is_ok();
        self.secret(place.field, sound);
    }

    fn pair(&mut self, engine: &Engine, place: Place<'_>, sealed: &[u8], public: &[u8]) {
        let opened = engine.keyring.open(place, sealed).ok();
        let private = opened.and_then(|opened| PrivateKey::from_bytes(opened.as_bytes()).ok());
        let computed = private.and_then(|private| engine.backend.public_key(&private).ok());
        self.secret(place.field, computed.is_some_and(|it| it.as_bytes() == public));
    }
}

async fn each<R: Entity>(
    store: &dyn Store,
    verified: &mut Verified,
    mut look: impl FnMut(&R, &mut Look<'_>),
) -> Result<(), AdoptError> {
    let mut pages = Walk::new(store, R::COLLECTION, PAGE);
    while let Some(page) = pages.next().await? {
        for record in &page {
            verified.records += 1;
            let mut place = Look {
                verified,
                collection: R::COLLECTION.0,
                id: &record.key.id,
            };
            match R::decode(&record.body) {
                Ok(it) => look(&it, &mut place),
                Err(_) => place.check("body", false),
            }
        }
    }
    Ok(())
}
