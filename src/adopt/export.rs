//! The way back: our records in the layout of the old tables, with the counters as they are now.
//!
//! Codes of recovery and secrets of integrations are not kept here; they are taken from the old database, which was not
//! changed. What was made here since and cannot be told is left out, and counted.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::marker::PhantomData;
use std::path::PathBuf;

use super::convert::{FIRST_OWN, identifier};
use super::lines::{self, Line};
use super::run::AdoptError;
use super::source::{Source, SourceError};
use super::table::Table;
use super::zone::Zone;
use crate::crypto::encoding::base64;
use crate::crypto::key::PrivateKey;
use crate::crypto::record::{self, RecordKind};
use crate::crypto::secret::SecretVec;
use crate::engine::{Draw, Engine, Place};
use crate::model::activation::Activation;
use crate::model::application::{Application, ApplicationVersion};
use crate::model::callback::Callbacks;
use crate::model::integration::Integration;
use crate::model::journal::{Entry, Event, Subject};
use crate::model::operation::Operation;
use crate::model::recovery::{RecoveryCode, RecoveryConfig};
use crate::model::template::Template;
use crate::model::token::Token;
use crate::store::{Answer, Entity, Fault, Host, Key, Query, Store, Walk};

/// Records of one page.
const PAGE: u32 = 500;

/// Writes records in the layout of the old tables.
pub struct Exporter<'a> {
    /// Sealing keys of ours.
    pub engine: &'a Engine,
    /// Our records.
    pub store: &'a dyn Store,
    /// Randomness.
    pub host: &'a dyn Host,
    /// Master database key of the old server; private keys and PUKs are encrypted with it. None: in clear.
    pub old_key: Option<SecretVec>,
    /// Where the files are made: `TABLE.csv`, readable by their owner only.
    pub folder: PathBuf,
    /// Where the old server writes its moments.
    pub zone: Zone,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Rows per table.
    pub rows: Vec<(&'static str, u64)>,
    /// Records that the old layout cannot hold, or whose secret is not known: table and key.
    pub left_out: Vec<(&'static str, String)>,
}

/// A file that is being written.
struct Out {
    table: Table,
    zone: Zone,
    file: BufWriter<File>,
    rows: u64,
}

impl Out {
    fn row(&mut self, line: &Line) -> Result<(), AdoptError> {
        let text = line.text(self.table, &self.zone);
        self.rows += 1;
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| failed(self.table, error))
    }

    fn end(mut self, exported: &mut Exported) -> Result<(), AdoptError> {
        let done = self.file.flush();
        done.map_err(|error| failed(self.table, error))?;
        exported.rows.push((self.table.name(), self.rows));
        Ok(())
    }
}

fn failed(table: Table, error: std::io::Error) -> AdoptError {
    SourceError::File(format!("{}.csv", table.name()), error).into()
}

/// All records of one kind.
struct Pages<'a, R> {
    walk: Walk<'a>,
    of: PhantomData<R>,
}

impl<R: Entity> Pages<'_, R> {
    /// The next page; none when there are no more records.
    async fn next(&mut self) -> Result<Option<Vec<R>>, AdoptError> {
        let Some(page) = self.walk.next().await? else {
            return Ok(None);
        };
        let decoded = page
            .iter()
            .map(|record| R::decode(&record.body).map_err(Fault::from));
        Ok(Some(decoded.collect::<Result<_, _>>()?))
    }
}

/// Numbers of the old rows, by what names them here; new ones follow.
#[derive(Default)]
struct Numbers {
    known: HashMap<String, i64>,
    last: i64,
}

impl Numbers {
    fn learn(&mut self, name: String, number: i64) {
        self.last = self.last.max(number);
        self.known.insert(name, number);
    }

    fn of(&mut self, name: &str) -> i64 {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        self.last += 1;
        self.known.insert(name.to_owned(), self.last);
        self.last
    }
}

impl Exporter<'_> {
    /// Writes all tables. `old` is the old database, as it was taken over.
    ///
    /// # Errors
    /// [`AdoptError`]
    pub async fn run(&self, old: &mut dyn Source) -> Result<Exported, AdoptError> {
        let mut exported = Exported::default();
        let mut applications = numbers(old, Table::Application, "name").await?;
        self.applications(old, &mut applications, &mut exported).await?;
        self.activations(&mut applications, &mut exported).await?;
        self.recovery(old, &mut applications, &mut exported).await?;
        self.operations(&mut applications, &mut exported).await?;
        self.callers(old, &mut applications, &mut exported).await?;
        self.journals(&mut exported).await?;
        Ok(exported)
    }

    fn out(&self, table: Table) -> Result<Out, AdoptError> {
        let path = self.folder.join(format!("{}.csv", table.name()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| failed(table, error))?;
        let mut file = BufWriter::with_capacity(1 << 16, file);
        let header = lines::header(table);
        file.write_all(header.as_bytes())
            .map_err(|error| failed(table, error))?;
        Ok(Out {
            table,
            zone: self.zone.clone(),
            file,
            rows: 0,
        })
    }

    fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<SecretVec, Fault> {
        self.engine.keyring.open(place, sealed)
    }

    /// A private key as the old server stores it: mode and text.
    fn private(&self, place: Place<'_>, sealed: &[u8], context: &[&str]) -> Result<(i64, String), Fault> {
        let private = self.open(place, sealed)?;
        let private = PrivateKey::from_bytes(private.as_bytes()).map_err(|_| Fault::Sealed)?;
        let raw = private.to_signed_bytes();
        self.stored(RecordKind::Binary, context, raw.as_bytes())
    }

    fn stored(&self, kind: RecordKind, context: &[&str], raw: &[u8]) -> Result<(i64, String), Fault> {
        let written = record::write(kind, self.old_key.as_ref(), context, raw, &mut Draw(self.host));
        let (mode, text) = written.map_err(|_| Fault::Entropy)?;
        Ok((mode.number(), text))
    }

    fn pages<R: Entity>(&self) -> Pages<'_, R> {
        Pages {
            walk: Walk::new(self.store, R::COLLECTION, PAGE),
            of: PhantomData,
        }
    }

    async fn applications(
        &self,
        old: &mut dyn Source,
        numbers_of: &mut Numbers,
        exported: &mut Exported,
    ) -> Result<(), AdoptError> {
        let mut versions_of = numbers(old, Table::ApplicationVersion, "application_key").await?;
        let mut pairs_of = numbers(old, Table::MasterKeypair, "master_key_public_base64").await?;
        let (mut rows, mut pairs) = (self.out(Table::Application)?, self.out(Table::MasterKeypair)?);
        let mut versions = self.out(Table::ApplicationVersion)?;
        let mut pages = self.pages::<Application>();
        while let Some(page) = pages.next().await? {
            for it in page {
                let number = numbers_of.of(&it.id);
                rows.row(&lines::application(&it, number))?;
                for pair in &it.master_keys {
                    let place = crate::engine::application::master_key_place(&it.id);
                    let private = self.open(place, &pair.private)?;
                    let private = PrivateKey::from_bytes(private.as_bytes()).map_err(|_| Fault::Sealed)?;
                    let public = base64::encode(&pair.public);
                    let id = pairs_of.of(&public);
                    pairs.row(&lines::pair(id, number, &it.id, &private, &public, pair.created))?;
                }
                // In their order, which is that of their making.
                for version in &it.versions {
                    let version = self.version(&version.key).await?;
                    let place = crate::engine::application_version::secret_place(&version.key);
                    let secret = self.open(place, &version.secret)?;
                    let secret = base64::encode(secret.as_bytes());
                    versions.row(&lines::version(
                        &version,
                        versions_of.of(&version.key),
                        number,
                        &secret,
                    ))?;
                }
            }
        }
        rows.end(exported)?;
        pairs.end(exported)?;
        versions.end(exported)
    }

    async fn version(&self, key: &str) -> Result<ApplicationVersion, AdoptError> {
        let key = Key::new(ApplicationVersion::COLLECTION, key);
        let answers = self.store.read(&[Query::Get(key)]).await?;
        match answers.as_slice() {
            [Answer::Record(Some(record))] => {
                Ok(ApplicationVersion::decode(&record.body).map_err(Fault::from)?)
            }
            _ => Err(Fault::Internal("an application names a version that is not there").into()),
        }
    }

    async fn activations(&self, numbers: &mut Numbers, exported: &mut Exported) -> Result<(), AdoptError> {
        let mut rows = self.out(Table::Activation)?;
        let mut pages = self.pages::<Activation>();
        while let Some(page) = pages.next().await? {
            for it in page {
                let place = crate::engine::activation::private_place(&it.id);
                let private = self.private(place, &it.server_private, &[&it.user, &it.id])?;
                rows.row(&lines::activation(&it, numbers.of(&it.application), private))?;
            }
        }
        rows.end(exported)?;
        let mut rows = self.out(Table::Token)?;
        let mut pages = self.pages::<Token>();
        while let Some(page) = pages.next().await? {
            for it in page.iter().filter(|it| it.removed_until.is_none()) {
                let secret = self.open(crate::engine::token::place(&it.id), &it.secret)?;
                rows.row(&lines::token(it, &base64::encode(secret.as_bytes())))?;
            }
        }
        rows.end(exported)
    }

    async fn recovery(
        &self,
        old: &mut dyn Source,
        numbers_of: &mut Numbers,
        exported: &mut Exported,
    ) -> Result<(), AdoptError> {
        let mut configs_of = numbers(old, Table::RecoveryConfig, "application_id").await?;
        let mut rows = self.out(Table::RecoveryConfig)?;
        let mut pages = self.pages::<RecoveryConfig>();
        while let Some(page) = pages.next().await? {
            for it in page {
                let number = numbers_of.of(&it.application);
                let context = number.to_string();
                let place = crate::engine::recovery::config::private_place(&it.application);
                let private = it.private.as_ref();
                let private = private
                    .map(|sealed| self.private(place, sealed, &[&context]))
                    .transpose()?;
                rows.row(&lines::config(&it, configs_of.of(&context), number, private))?;
            }
        }
        rows.end(exported)?;
        let (mut rows, mut puks) = (self.out(Table::RecoveryCode)?, self.out(Table::RecoveryPuk)?);
        let mut pages = self.pages::<RecoveryCode>();
        while let Some(page) = pages.next().await? {
            let ids: Vec<String> = page.iter().map(|it| it.id.to_string()).collect();
            let codes = old.lookup(Table::RecoveryCode, "recovery_code", &ids).await?;
            for (it, code) in page.iter().zip(codes) {
                let Some(code) = code else {
                    exported
                        .left_out
                        .push((Table::RecoveryCode.name(), it.id.to_string()));
                    continue;
                };
                let number = numbers_of.of(&it.application);
                rows.row(&lines::code(it, number, &code))?;
                for (index, puk) in (1_u64..).zip(&it.puks) {
                    let mut stored = (0, String::new());
                    if !puk.hash.is_empty() {
                        let place = crate::engine::recovery::puk_id(it.id, index);
                        let hash = self.open(crate::engine::recovery::puk_place(&place), &puk.hash)?;
                        let (number, index) = (number.to_string(), index.to_string());
                        let context = [number.as_str(), &it.user, &code, &index];
                        stored = self.stored(RecordKind::Text, &context, hash.as_bytes())?;
                    }
                    puks.row(&lines::puk(puk, puks.rows + 1, it.id, index, stored))?;
                }
            }
        }
        rows.end(exported)?;
        puks.end(exported)
    }

    async fn operations(&self, numbers: &mut Numbers, exported: &mut Exported) -> Result<(), AdoptError> {
        let (mut rows, mut of) = (
            self.out(Table::Operation)?,
            self.out(Table::OperationApplication)?,
        );
        let mut pages = self.pages::<Operation>();
        while let Some(page) = pages.next().await? {
            for it in page {
                if it.activation.is_some() || it.user.is_none() {
                    exported.left_out.push((Table::Operation.name(), it.id));
                    continue;
                }
                let place = crate::engine::operation::proximity::place(&it.id);
                let seed = it
                    .totp_seed
                    .as_ref()
                    .map(|sealed| self.open(place, sealed))
                    .transpose()?;
                let seed = seed.map(|seed| base64::encode(seed.as_bytes()));
                rows.row(&lines::operation(&it, seed))?;
                for application in &it.applications {
                    of.row(&lines::operation_application(&it.id, numbers.of(application)))?;
                }
            }
        }
        rows.end(exported)?;
        of.end(exported)?;
        let mut rows = self.out(Table::Template)?;
        let mut pages = self.pages::<Template>();
        while let Some(page) = pages.next().await? {
            for it in page.iter().filter(|it| !it.removed) {
                rows.row(&lines::template(it))?;
            }
        }
        rows.end(exported)
    }

    /// Callback URLs and integrations.
    async fn callers(
        &self,
        old: &mut dyn Source,
        numbers: &mut Numbers,
        exported: &mut Exported,
    ) -> Result<(), AdoptError> {
        let mut rows = self.out(Table::Callback)?;
        let mut pages = self.pages::<Callbacks>();
        while let Some(page) = pages.next().await? {
            for it in page {
                let number = numbers.of(&it.application);
                for url in &it.urls {
                    let place = crate::engine::callback::authentication::place(&url.id);
                    let settings = match url.authentication.as_slice() {
                        [] => None,
                        sealed => Some(self.open(place, sealed)?),
                    };
                    let text = settings
                        .as_ref()
                        .and_then(|it| std::str::from_utf8(it.as_bytes()).ok());
                    rows.row(&lines::url(url, number, text))?;
                }
            }
        }
        rows.end(exported)?;
        let mut rows = self.out(Table::Integration)?;
        let mut pages = self.pages::<Integration>();
        while let Some(page) = pages.next().await? {
            let ids: Vec<String> = page.iter().map(|it| it.id.clone()).collect();
            let secrets = old.lookup(Table::Integration, "client_secret", &ids).await?;
            for (it, secret) in page.iter().zip(secrets).filter(|(it, _)| it.removed.is_none()) {
                match secret {
                    Some(secret) => rows.row(&lines::integration(it, &secret))?,
                    None => exported.left_out.push((Table::Integration.name(), it.id.clone())),
                }
            }
        }
        rows.end(exported)
    }

    /// History and signature audit. Old lines keep their numbers, new ones follow the last of them.
    async fn journals(&self, exported: &mut Exported) -> Result<(), AdoptError> {
        let (mut histories, mut signatures) = (0, 0);
        let mut pages = self.pages::<Entry>();
        while let Some(page) = pages.next().await? {
            for it in page.iter().filter(|it| it.public_id < FIRST_OWN) {
                match it.event {
                    Event::History(_) => histories = it.public_id.max(histories),
                    Event::Signature(_) => signatures = it.public_id.max(signatures),
                    Event::Note(_) => {}
                }
            }
        }
        let (mut history, mut audit) = (self.out(Table::History)?, self.out(Table::SignatureAudit)?);
        let mut pages = self.pages::<Entry>();
        while let Some(page) = pages.next().await? {
            for it in page {
                let Subject::Activation(activation) = &it.subject else {
                    continue;
                };
                let number = |last: &mut u64| match it.public_id {
                    old if old < FIRST_OWN => old,
                    _ => {
                        *last += 1;
                        *last
                    }
                };
                match &it.event {
                    Event::History(event) => {
                        history.row(&lines::history(event, number(&mut histories), activation, it.at))?;
                    }
                    Event::Signature(event) => {
                        audit.row(&lines::signature(
                            event,
                            number(&mut signatures),
                            activation,
                            it.at,
                        ))?;
                    }
                    Event::Note(_) => {}
                }
            }
        }
        history.end(exported)?;
        audit.end(exported)
    }
}

/// The numbers of a small table, by another column of it.
async fn numbers(old: &mut dyn Source, table: Table, column: &'static str) -> Result<Numbers, AdoptError> {
    let mut numbers = Numbers::default();
    let mut after: Option<String> = None;
    loop {
        let page = old.page(table, after.as_deref(), 500).await?;
        after = page.items.last().map(|item| item.position.clone()).or(after);
        for row in page.items.iter().filter_map(|item| item.row.as_ref().ok()) {
            let name = match table {
                Table::Application => identifier(row).ok(),
                _ => row.text(column).ok().flatten().map(str::to_owned),
            };
            if let (Some(name), Ok(number)) = (name, row.need_number("id")) {
                numbers.learn(name, number);
            }
        }
        if page.end {
            return Ok(numbers);
        }
    }
}
