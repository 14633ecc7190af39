//! `pa_application_callback`, `pa_integration`

use super::secret::for_each;
use super::{Context, Convert, Outcome, Outcomes, announce, put_if_other, used_here};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::credential::{hash_secret, verify_secret};
use crate::engine::callback::authentication::{Authentication, place};
use crate::engine::callback::target::Target;
use crate::engine::callback::url::{MAX_ATTRIBUTES, MAX_URLS};
use crate::engine::json::from_value;
use crate::model::application::Application;
use crate::model::callback::{CallbackType, CallbackUrl, Callbacks};
use crate::model::credential::{Credential, Grant};
use crate::model::integration::Integration;
use crate::model::journal::{Head, Subject};
use crate::model::replay::Claim;
use crate::store::{Fault, Halt, Tx};

pub(super) struct Urls;

pub(super) struct Url {
    application: String,
    /// Without authentication.
    record: CallbackUrl,
    authentication: zeroize::Zeroizing<String>,
}

fn authentication(row: &Row) -> Result<zeroize::Zeroizing<String>, Reason> {
    let column = "authentication";
    let malformed = Reason::Malformed(column);
    let settings = match row.text(column)? {
        None | Some("") => Authentication::default(),
        Some(text) => {
            let value: serde_json::Value = serde_json::from_str(text).map_err(|_| malformed)?;
            from_value(value).map_err(|_| malformed)?
        }
    };
    settings.check().map_err(|_| malformed)?;
    Ok(settings.text())
}

impl Convert for Urls {
    type Parsed = Url;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Url, Reason> {
        let kind = match row.text("type")? {
            None | Some("ACTIVATION_STATUS_CHANGE") => CallbackType::ActivationStatusChange,
            Some("OPERATION_STATUS_CHANGE") => CallbackType::OperationStatusChange,
            Some(_) => return Err(Reason::UnknownValue("type")),
        };
        if row.boolean("enabled")? == Some(false) {
            return Err(Reason::Off("enabled"));
        }
        match row.text("encryption_mode")? {
            None | Some("NO_ENCRYPTION") => {}
            // What line 1.9 derives the key of these settings from is not in its documentation.
            Some("AES_HMAC") => return Err(Reason::Unpublished("authentication")),
            Some(_) => return Err(Reason::UnknownValue("encryption_mode")),
        }
        let url = row.need("callback_url")?;
        Target::parse(url).ok_or(Reason::Malformed("callback_url"))?;
        let attributes = row.labels("attributes")?;
        if attributes.len() > MAX_ATTRIBUTES {
            return Err(Reason::TooLarge("attributes"));
        }
        Ok(Url {
            application: context.application(row, "application_id")?,
            record: CallbackUrl {
                id: row.name("id")?,
                kind,
                name: row.owned("name", 255)?.unwrap_or_default(),
                url: url.to_owned(),
                attributes,
                authentication: Vec::new(),
            },
            authentication: authentication(row)?,
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Url]) -> Outcomes {
        for row in rows {
            tx.want::<Application>(&row.application);
            tx.want::<Callbacks>(&row.application);
            tx.want::<Claim>(&Claim::callback(&row.record.id));
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        let what: Vec<&str> = rows.iter().map(|row| row.record.id.as_str()).collect();
        let what = what.join("\0");
        let sealed = for_each(context.engine, tx, what.as_bytes(), 1, rows, |row, sealer| {
            sealer.seal(place(&row.record.id), row.authentication.as_bytes())
        })?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, sealed) in rows.iter().zip(sealed) {
            outcomes.push(url(context, tx, row, sealed)?);
        }
        Ok(outcomes)
    }
}

fn url(context: &Context<'_>, tx: &mut Tx<'_>, row: &Url, sealed: Vec<u8>) -> Result<Outcome, Halt> {
    let Some(application) = tx.peek::<Application>(&row.application)? else {
        return Ok(Outcome::Refused(Reason::NoParent("pa_application")));
    };
    let name = Claim::callback(&row.record.id);
    let held = tx.peek::<Claim>(&name)?.and_then(|claim| claim.target);
    if held.as_ref().is_some_and(|held| *held != row.application) {
        return Ok(Outcome::Refused(Reason::Duplicate("id")));
    }
    let old = tx.peek::<Callbacks>(&row.application)?;
    let mut callbacks = old.clone().unwrap_or_else(|| Callbacks {
        application: row.application.clone(),
        urls: Vec::new(),
        removed: Vec::new(),
    });
    let mut new = CallbackUrl {
        authentication: sealed,
        ..row.record.clone()
    };
    let place_of = callbacks.urls.iter().position(|url| url.id == new.id);
    match place_of.and_then(|at| callbacks.urls.get_mut(at)) {
        Some(known) => {
            let opened = context
                .engine
                .keyring
                .open(place(&known.id), &known.authentication);
            if opened.is_ok_and(|opened| opened.as_bytes() == row.authentication.as_bytes()) {
                new.authentication.clone_from(&known.authentication);
            }
            if *known == new {
                return Ok(Outcome::Unchanged);
            }
            *known = new;
        }
        None => {
            let same = callbacks.urls.iter().filter(|url| url.kind == new.kind);
            if same.count() >= MAX_URLS {
                return Ok(Outcome::Refused(Reason::TooLarge("application_id")));
            }
            if callbacks.removed.contains(&new.id) {
                return Ok(Outcome::Refused(Reason::UsedHere));
            }
            callbacks.urls.push(new);
        }
    }
    let subject = Subject::Application(application.id.clone());
    if place_of.is_some() && used_here(context, tx, &subject, &application.journal)? {
        return Ok(Outcome::Refused(Reason::UsedHere));
    }
    callbacks.urls.sort_by(|a, b| a.name.cmp(&b.name));
    if held.is_none() {
        tx.put(&Claim {
            name,
            target: Some(row.application.clone()),
        });
    }
    tx.put(&callbacks);
    Ok(match place_of {
        None => Outcome::Imported,
        Some(_) => Outcome::Changed,
    })
}

pub(super) struct Integrations;

pub(super) struct Access {
    id: String,
    name: String,
    token: String,
    secret: zeroize::Zeroizing<String>,
}

impl Convert for Integrations {
    type Parsed = Access;

    fn parse(_: &Context<'_>, row: &Row) -> Result<Access, Reason> {
        let secret = zeroize::Zeroizing::new(row.name("client_secret")?);
        // Hashed without cost, as it is random.
        if !crate::crypto::identifier::is_uuid(&secret) {
            return Err(Reason::Malformed("client_secret"));
        }
        Ok(Access {
            id: row.name("id")?,
            name: row.owned("name", 255)?.unwrap_or_default(),
            token: row.name("client_token")?,
            secret,
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Access]) -> Outcomes {
        for row in rows {
            tx.want::<Integration>(&row.id);
            tx.want::<Credential>(&row.token);
        }
        tx.settle()?;
        for row in rows {
            if let Some(old) = tx.peek::<Integration>(&row.id)? {
                announce(tx, &Subject::Integration(row.id.clone()), &old.journal);
            }
        }
        tx.settle()?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            outcomes.push(integration(context, tx, row)?);
        }
        Ok(outcomes)
    }
}

fn integration(context: &Context<'_>, tx: &mut Tx<'_>, row: &Access) -> Result<Outcome, Halt> {
    let old = tx.peek::<Integration>(&row.id)?;
    let credential = tx.peek::<Credential>(&row.token)?;
    // The hash is drawn on every run, so that what is drawn after it stays the same.
    let hash = hash_secret(&row.secret, tx).map_err(|_| Fault::Entropy)?;
    if let Some(old) = &old {
        if old.removed.is_some()
            || used_here(context, tx, &Subject::Integration(row.id.clone()), &old.journal)?
        {
            return Ok(Outcome::Refused(Reason::UsedHere));
        }
        let known = credential
            .as_ref()
            .is_some_and(|it| verify_secret(&row.secret, &it.hash));
        if known && old.token == row.token && old.name == row.name {
            return Ok(Outcome::Unchanged);
        }
    } else if credential.is_some() {
        return Ok(Outcome::Refused(Reason::Duplicate("client_token")));
    }
    let created = old.as_ref().map_or(tx.now(), |old| old.created);
    tx.put(&Credential {
        user: row.token.clone(),
        hash,
        grant: Grant::Integration,
        name: row.name.clone(),
        application: None,
        created,
        removed_until: None,
    });
    let new = Integration {
        id: row.id.clone(),
        name: row.name.clone(),
        token: row.token.clone(),
        created,
        removed: None,
        journal: Head::default(),
    };
    Ok(match put_if_other(tx, old.as_ref(), &new) {
        Outcome::Unchanged => Outcome::Changed,
        outcome => outcome,
    })
}
