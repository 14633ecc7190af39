//! `pa_application`, `pa_application_version`, `pa_master_keypair`

use super::secret::for_each;
use super::{Context, Convert, Outcome, Outcomes, announce, put_if_other, used_here};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::encoding::base64;
use crate::crypto::key::{PrivateKey, PublicKey};
use crate::crypto::secret::Secret;
use crate::engine::application::master_key_place;
use crate::engine::application_version::secret_place;
use crate::model::application::{
    Application, ApplicationVersion, COPIES, MAX_APPLICATION_ID, MasterKey, VersionRef,
};
use crate::model::journal::{Head, Subject};
use crate::store::{Halt, Tx};

pub(super) struct Applications;

/// The identifier in the column `name`.
pub(in crate::adopt) fn identifier(row: &Row) -> Result<String, Reason> {
    let name = row.name("name")?;
    if name.len() > MAX_APPLICATION_ID {
        return Err(Reason::TooLarge("name"));
    }
    Ok(name)
}

fn is_used_here(context: &Context<'_>, tx: &mut Tx<'_>, application: &Application) -> Result<bool, Halt> {
    let subject = Subject::Application(application.id.clone());
    used_here(context, tx, &subject, &application.journal)
}

impl Convert for Applications {
    type Parsed = (String, Vec<String>);

    fn parse(_: &Context<'_>, row: &Row) -> Result<Self::Parsed, Reason> {
        Ok((identifier(row)?, row.labels("roles")?))
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Self::Parsed]) -> Outcomes {
        let mut outcomes = Vec::with_capacity(rows.len());
        for (id, _) in rows {
            tx.want::<Application>(id);
        }
        tx.settle()?;
        for (id, _) in rows {
            if let Some(old) = tx.peek::<Application>(id)? {
                announce(tx, &Subject::Application(id.clone()), &old.journal);
            }
        }
        tx.settle()?;
        for (id, roles) in rows {
            let old = tx.peek::<Application>(id)?;
            let mut new = old.clone().unwrap_or_else(|| Application {
                id: id.clone(),
                roles: Vec::new(),
                master_keys: Vec::new(),
                versions: Vec::new(),
                created: 0,
                journal: Head::default(),
                single_device: false,
                credentials: Vec::new(),
                operation_push: false,
            });
            new.roles.clone_from(roles);
            if let Some(old) = &old
                && *old != new
                && is_used_here(context, tx, old)?
            {
                outcomes.push(Outcome::Refused(Reason::UsedHere));
                continue;
            }
            outcomes.push(put_if_other(tx, old.as_ref(), &new));
        }
        Ok(outcomes)
    }
}

pub(super) struct Versions;

pub(super) struct Version {
    application: String,
    key: String,
    secret: Secret<16>,
    id: String,
    supported: bool,
}

impl Convert for Versions {
    type Parsed = Version;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Version, Reason> {
        let column = "application_key";
        let key = row.array::<16>(column)?.ok_or(Reason::Null(column))?;
        let column = "application_secret";
        let secret = row.array::<16>(column)?.ok_or(Reason::Null(column))?;
        Ok(Version {
            application: context.application(row, "application_id")?,
            key: base64::encode(&key),
            secret: Secret::from_bytes(secret),
            id: row.name("name")?,
            supported: row.boolean("supported")?.unwrap_or(false),
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Version]) -> Outcomes {
        for row in rows {
            tx.want::<Application>(&row.application);
            tx.want::<ApplicationVersion>(&row.key);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        let what: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        let what = what.join("\0");
        let sealed = for_each(context.engine, tx, what.as_bytes(), 1, rows, |row, sealer| {
            sealer.seal(secret_place(&row.key), row.secret.as_bytes())
        })?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, sealed) in rows.iter().zip(sealed) {
            outcomes.push(version(context, tx, row, sealed)?);
        }
        Ok(outcomes)
    }
}

fn version(context: &Context<'_>, tx: &mut Tx<'_>, row: &Version, sealed: Vec<u8>) -> Result<Outcome, Halt> {
    let Some(mut application) = tx.peek::<Application>(&row.application)? else {
        return Ok(Outcome::Refused(Reason::NoParent("pa_application")));
    };
    let old = tx.peek::<ApplicationVersion>(&row.key)?;
    if old.as_ref().is_some_and(|old| old.application != row.application) {
        return Ok(Outcome::Refused(Reason::Duplicate("application_key")));
    }
    let place = application.versions.iter().position(|known| known.key == row.key);
    let named = application.versions.iter().position(|known| known.id == row.id);
    if named.is_some() && named != place {
        return Ok(Outcome::Refused(Reason::Duplicate("name")));
    }
    let copied = place.unwrap_or(application.versions.len()) < COPIES;
    let mut new = ApplicationVersion {
        key: row.key.clone(),
        application: row.application.clone(),
        id: row.id.clone(),
        secret: sealed,
        supported: row.supported,
        roles: copied.then(|| application.roles.clone()),
    };
    if let Some(old) = &old {
        let opened = context.engine.keyring.open(secret_place(&old.key), &old.secret);
        if opened.is_ok_and(|opened| crate::crypto::secret::ct_eq(opened.as_bytes(), row.secret.as_bytes())) {
            new.secret.clone_from(&old.secret);
        }
        if *old == new && place.is_some() {
            return Ok(Outcome::Unchanged);
        }
        if is_used_here(context, tx, &application)? {
            return Ok(Outcome::Refused(Reason::UsedHere));
        }
    }
    let reference = VersionRef {
        id: row.id.clone(),
        key: row.key.clone(),
    };
    match place.and_then(|place| application.versions.get_mut(place)) {
        Some(known) => *known = reference,
        None => application.versions.push(reference),
    }
    tx.put(&application);
    tx.put(&new);
    Ok(match old {
        None => Outcome::Imported,
        Some(_) => Outcome::Changed,
    })
}

pub(super) struct MasterKeys;

pub(super) struct Pair {
    application: String,
    public: [u8; PublicKey::LENGTH],
    private: PrivateKey,
    created: u64,
}

impl Convert for MasterKeys {
    type Parsed = Pair;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Pair, Reason> {
        let private = "master_key_private_base64";
        let public = "master_key_public_base64";
        let bytes = zeroize::Zeroizing::new(row.bytes(private)?.ok_or(Reason::Null(private))?);
        let pair = Pair {
            application: context.application(row, "application_id")?,
            public: row.array(public)?.ok_or(Reason::Null(public))?,
            private: PrivateKey::from_bytes(&bytes).map_err(|_| Reason::Malformed(private))?,
            created: row.need_moment("timestamp_created")?,
        };
        let computed = context.engine.backend.public_key(&pair.private);
        if computed.is_ok_and(|computed| *computed.as_bytes() == pair.public) {
            Ok(pair)
        } else {
            Err(Reason::KeyMismatch(private))
        }
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Pair]) -> Outcomes {
        for row in rows {
            tx.want::<Application>(&row.application);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        let what: Vec<&[u8]> = rows.iter().map(|row| row.public.as_slice()).collect();
        let what = what.concat();
        let sealed = for_each(context.engine, tx, &what, 1, rows, |row, sealer| {
            sealer.seal(master_key_place(&row.application), row.private.as_bytes())
        })?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, private) in rows.iter().zip(sealed) {
            let Some(mut application) = tx.peek::<Application>(&row.application)? else {
                outcomes.push(Outcome::Refused(Reason::NoParent("pa_application")));
                continue;
            };
            if application
                .master_keys
                .iter()
                .any(|known| known.public == row.public)
            {
                outcomes.push(Outcome::Unchanged);
                continue;
            }
            if !application.master_keys.is_empty() && is_used_here(context, tx, &application)? {
                outcomes.push(Outcome::Refused(Reason::UsedHere));
                continue;
            }
            let newer = application
                .master_keys
                .partition_point(|known| known.created <= row.created);
            let key = MasterKey {
                public: row.public.to_vec(),
                private,
                created: row.created,
            };
            application.master_keys.insert(newer, key);
            if application.created == 0 || application.created > row.created {
                application.created = row.created;
            }
            tx.put(&application);
            outcomes.push(Outcome::Imported);
        }
        Ok(outcomes)
    }
}
