//! Sealing every secret of every record with the current key, a page at a time.

use serde_json::json;

use super::{find, note};
use crate::engine::activation::{keys_place, private_place};
use crate::engine::application::master_key_place;
use crate::engine::application_version::secret_place;
use crate::engine::callback::authentication::place as callback_place;
use crate::engine::keystore::place as temporary_place;
use crate::engine::operation::number::place as number_place;
use crate::engine::operation::proximity::place as seed_place;
use crate::engine::push_delivery::credentials::{apns_place, fcm_place};
use crate::engine::recovery::config::private_place as printer_place;
use crate::engine::recovery::{puk_id, puk_place};
use crate::engine::seal::sealed_with;
use crate::engine::token::place as token_place;
use crate::engine::{EngineStop, Keyring, Place};
use crate::model::activation::{ACTIVATION, Activation};
use crate::model::application::{APPLICATION, APPLICATION_VERSION, Application, ApplicationVersion};
use crate::model::callback::{CALLBACKS, Callbacks};
use crate::model::operation::{OPERATION, Operation};
use crate::model::push_settings::{PUSH_SETTINGS, PushSettings};
use crate::model::recovery::{RECOVERY_CODE, RECOVERY_CONFIG, RecoveryCode, RecoveryConfig};
use crate::model::replay::{TEMPORARY_KEY, TemporaryKey};
use crate::model::sealing::Resealing;
use crate::model::token::{TOKEN, Token};
use crate::store::{Collection, Entity, Fault, Halt, Tx};

/// The collections whose records hold secrets, in the order in which they are walked. New ones come last: a walk that an
/// older process has begun is at a position.
pub const COLLECTIONS: &[Collection] = &[
    ACTIVATION,
    APPLICATION,
    APPLICATION_VERSION,
    CALLBACKS,
    OPERATION,
    RECOVERY_CODE,
    RECOVERY_CONFIG,
    TEMPORARY_KEY,
    TOKEN,
    PUSH_SETTINGS,
];

/// Records that follow each other in a collection.
#[derive(Clone, Debug)]
pub struct Page {
    /// Position in [`COLLECTIONS`].
    pub collection: u32,
    /// Id after which the page begins.
    pub after: Option<String>,
    /// Ids of its records; none when the collection ends here.
    pub ids: Vec<String>,
}

/// Takes the work for `milliseconds`, or keeps it: how far it has come. `None` when there is none; when
/// another worker has it, its name is in the answer.
///
/// # Errors
/// When the store fails.
pub fn lease(tx: &mut Tx<'_>, worker: u64, milliseconds: u64) -> Result<Option<Resealing>, EngineStop> {
    let (_, mut work) = find(tx)?;
    if !super::is_running(&work) {
        return Ok(None);
    }
    if work.worker != worker && work.leased_until > tx.now() {
        return Ok(Some(work));
    }
    work.worker = worker;
    work.leased_until = tx.now().saturating_add(milliseconds);
    tx.put(&work);
    Ok(Some(work))
}

/// Seals the secrets of a page with the current key and notes how far that has come; at the end, that the
/// other keys are not needed any more, unless a secret could not be opened. `None` when `worker` has lost
/// the work, or the page is not the next one.
///
/// # Errors
/// When the store fails.
pub fn reseal(
    ring: &Keyring,
    tx: &mut Tx<'_>,
    worker: u64,
    page: &Page,
    milliseconds: u64,
) -> Result<Option<Resealing>, EngineStop> {
    let (mut keys, mut work) = find(tx)?;
    let next = work.collection == page.collection && work.after == page.after;
    if !super::is_running(&work) || work.worker != worker || !next {
        return Ok(None);
    }
    work.leased_until = tx.now().saturating_add(milliseconds);
    if let Some(last) = page.ids.last() {
        seal_all(ring, tx, &mut work, page)?;
        work.after = Some(last.clone());
    } else {
        work.collection += 1;
        work.after = None;
        if collection(work.collection).is_none() {
            work.finished = Some(tx.now());
            for key in &mut keys.keys {
                key.unused = key.id != work.key && work.unreadable == 0;
            }
            let counts = json!({
                "key": work.key, "seen": work.seen, "resealed": work.resealed, "unreadable": work.unreadable,
            });
            note(tx, &mut keys, "records_sealed_anew", None, &counts)?;
        }
    }
    tx.put(&work);
    Ok(Some(work))
}

/// The collection at a position.
pub(super) fn collection(position: u32) -> Option<Collection> {
    COLLECTIONS.get(usize::try_from(position).ok()?).copied()
}

fn seal_all(ring: &Keyring, tx: &mut Tx<'_>, work: &mut Resealing, page: &Page) -> Result<(), Halt> {
    match collection(page.collection) {
        Some(ACTIVATION) => each::<Activation>(ring, tx, work, page, |it, fix| {
            fix.secret(private_place(&it.id), &mut it.server_private)?;
            fix.maybe(keys_place(&it.id), &mut it.keys)
        }),
        Some(APPLICATION) => each::<Application>(ring, tx, work, page, |it, fix| {
            let id = &it.id;
            let mut keys = it.master_keys.iter_mut();
            keys.try_for_each(|key| fix.secret(master_key_place(id), &mut key.private))
        }),
        Some(APPLICATION_VERSION) => each::<ApplicationVersion>(ring, tx, work, page, |it, fix| {
            fix.secret(secret_place(&it.key), &mut it.secret)
        }),
        Some(CALLBACKS) => each::<Callbacks>(ring, tx, work, page, |it, fix| {
            let mut urls = it.urls.iter_mut();
            urls.try_for_each(|url| fix.secret(callback_place(&url.id), &mut url.authentication))
        }),
        Some(OPERATION) => each::<Operation>(ring, tx, work, page, |it, fix| {
            fix.maybe(seed_place(&it.id), &mut it.totp_seed)?;
            fix.maybe(number_place(&it.id), &mut it.number)
        }),
        Some(RECOVERY_CODE) => each::<RecoveryCode>(ring, tx, work, page, |it, fix| {
            let id = it.id;
            let mut puks = (1..).zip(it.puks.iter_mut());
            puks.try_for_each(|(index, puk)| fix.secret(puk_place(&puk_id(id, index)), &mut puk.hash))
        }),
        Some(RECOVERY_CONFIG) => each::<RecoveryConfig>(ring, tx, work, page, |it, fix| {
            fix.maybe(printer_place(&it.application), &mut it.private)
        }),
        Some(TEMPORARY_KEY) => each::<TemporaryKey>(ring, tx, work, page, |it, fix| {
            fix.secret(temporary_place(&it.id), &mut it.private)
        }),
        Some(TOKEN) => each::<Token>(ring, tx, work, page, |it, fix| {
            fix.secret(token_place(&it.id), &mut it.secret)
        }),
        Some(PUSH_SETTINGS) => each::<PushSettings>(ring, tx, work, page, |it, fix| {
            let id = &it.application;
            for key in &mut it.apns {
                fix.secret(apns_place(id, key.environment), &mut key.private)?;
            }
            let mut account = it.fcm.iter_mut();
            account.try_for_each(|account| fix.secret(fcm_place(id), &mut account.private))
        }),
        _ => Ok(()),
    }
}

/// Seals what is not sealed with the key yet.
struct Fix<'a, 't> {
    ring: &'a Keyring,
    key: u32,
    tx: &'a mut Tx<'t>,
    changed: bool,
    unreadable: bool,
}

impl Fix<'_, '_> {
    fn secret(&mut self, place: Place<'_>, sealed: &mut Vec<u8>) -> Result<(), Fault> {
        // What is empty has been erased.
        if sealed.is_empty() || sealed_with(sealed) == Some(self.key) {
            return Ok(());
        }
        match self.ring.open(place, sealed) {
            Ok(secret) => {
                *sealed = self.ring.seal_with(self.key, place, secret.as_bytes(), self.tx)?;
                self.changed = true;
            }
            Err(_) => self.unreadable = true,
        }
        Ok(())
    }

    fn maybe(&mut self, place: Place<'_>, sealed: &mut Option<Vec<u8>>) -> Result<(), Fault> {
        sealed
            .as_mut()
            .map_or(Ok(()), |sealed| self.secret(place, sealed))
    }
}

fn each<R: Entity>(
    ring: &Keyring,
    tx: &mut Tx<'_>,
    work: &mut Resealing,
    page: &Page,
    secrets: impl Fn(&mut R, &mut Fix<'_, '_>) -> Result<(), Fault>,
) -> Result<(), Halt> {
    for id in &page.ids {
        tx.want::<R>(id);
    }
    tx.settle()?;
    for id in &page.ids {
        let record = match tx.get::<R>(id) {
            Ok(record) => record,
            Err(Halt::Fault(Fault::Corrupt(_))) => {
                work.unreadable += 1;
                continue;
            }
            Err(halt) => return Err(halt),
        };
        // Gone, or nobody sees it any more.
        let Some(mut record) = record else { continue };
        let mut fix = Fix {
            ring,
            key: work.key,
            tx,
            changed: false,
            unreadable: false,
        };
        secrets(&mut record, &mut fix)?;
        let (changed, unreadable) = (fix.changed, fix.unreadable);
        work.seen += 1;
        work.resealed += u64::from(changed);
        work.unreadable += u64::from(unreadable);
        if changed {
            tx.put(&record);
        }
    }
    Ok(())
}
