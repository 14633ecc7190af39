//! A run: table by table, batch by batch, with the progress kept in our store.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use futures_util::future::join;
use futures_util::stream::{FuturesOrdered, StreamExt};

use super::convert::{self, Context, Outcome};
use super::reason::Reason;
use super::row::Row;
use super::source::{Item, Page, Source, SourceError};
use super::table::Table;
use crate::crypto::secret::SecretVec;
use crate::engine::Engine;
use crate::model::adoption::Adoption;
use crate::model::token::TOKEN;
use crate::store::driver::drive;
use crate::store::lane::Lanes;
use crate::store::{Collection, Failure, Fault, Fut, Halt, Host, Machine, Stop, Store, StoreError, Tx, Walk};

/// Most rows of one batch: with what belongs to them they fit into one commit.
pub const MAX_ROWS: usize = 200;
/// Batches on their way at the same time.
const BATCHES: usize = 16;
/// Batches after which the progress is saved.
const SAVED: usize = 16;
/// Record of the run itself, beside those of the tables.
const RUN: &str = "run";

/// Why a run ended early. What was done before stays; the next run may go on after it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdoptError {
    /// The old database cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Ours cannot be written.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// Ours cannot be listed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Hears what happens during a run.
pub trait Observer: Send {
    /// A row was refused; `key` is its primary key.
    fn refused(&mut self, table: Table, key: &str, reason: Reason) {
        let _ = (table, key, reason);
    }

    /// Some rows of a table are done; `share` is how much of it, between 0 and 1, where that is known.
    fn progress(&mut self, progress: &Adoption, share: Option<f64>) {
        let _ = (progress, share);
    }
}

/// Does not listen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

/// A batch that is done.
struct Done {
    outcomes: Vec<Outcome>,
    refused: Vec<(String, Reason)>,
    /// Where the source goes on after it.
    position: Option<String>,
}

/// Takes over a database.
pub struct Adopter<'a> {
    /// Settings and sealing keys of ours.
    pub engine: &'a Engine,
    /// Our records.
    pub store: &'a dyn Store,
    /// Queues of this process.
    pub lanes: &'a Lanes,
    /// Time and randomness.
    pub host: &'a dyn Host,
    /// Master database key of the old server, where it encrypts.
    pub old_key: Option<SecretVec>,
    /// Rows of one batch, 1 to [`MAX_ROWS`].
    pub rows: usize,
    /// Whether ours only follows the old server, as in shadow mode: its rows win over whatever happened here since.
    pub follows: bool,
}

/// What a run did, per table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Number of the run.
    pub run: u64,
    /// One entry per table, in the order in which they were read.
    pub tables: Vec<Adoption>,
}

impl Report {
    /// What was done with a table.
    pub fn table(&self, table: Table) -> Option<&Adoption> {
        self.tables.iter().find(|it| it.table == table.name())
    }

    /// Rows refused in all tables.
    pub fn refusals(&self) -> u64 {
        self.tables.iter().map(Adoption::refusals).sum()
    }
}

impl Adopter<'_> {
    /// Takes over what is new or changed in `source`. With `resume` a run that was interrupted goes on where it was;
    /// otherwise, and when there is none, all of the source is compared with what is here.
    ///
    /// # Errors
    /// [`AdoptError`]; rows that cannot be taken over are no error, see [`Observer::refused`].
    pub async fn run(
        &self,
        source: &mut dyn Source,
        observer: &mut dyn Observer,
        resume: bool,
    ) -> Result<Report, AdoptError> {
        let run = self.begin(resume).await?;
        let context = self.context(source).await?;
        let mut report = Report {
            run,
            tables: Vec::new(),
        };
        for table in Table::ALL {
            let progress = self.table(&context, source, observer, table, run).await?;
            report.tables.push(progress);
        }
        let mut done = self.progress(RUN).await?;
        done.finished = Some(self.host.now());
        self.save(&done).await?;
        Ok(report)
    }

    async fn decide<T>(&self, decide: impl FnMut(&mut Tx<'_>) -> Result<T, Halt> + Send) -> Result<T, Fault> {
        self.decide_supposing(&[], decide).await
    }

    /// With records of these collections taken for absent, until the commit tells.
    async fn decide_supposing<T>(
        &self,
        absent: &'static [Collection],
        mut decide: impl FnMut(&mut Tx<'_>) -> Result<T, Halt> + Send,
    ) -> Result<T, Fault> {
        let decide = |tx: &mut Tx<'_>| decide(tx).map(Ok).map_err(Stop::<Infallible>::from);
        let mut machine = Machine::new(None, decide).supposing_absent(absent);
        match drive(&mut machine, self.store, self.lanes, self.host).await {
            Ok(done) => Ok(done),
            Err(Failure::Fault(fault)) => Err(fault),
            Err(Failure::Refused(never)) => match never {},
        }
    }

    /// Progress as it is stored.
    async fn progress(&self, table: &str) -> Result<Adoption, Fault> {
        let found = self.decide(|tx| tx.peek::<Adoption>(table)).await?;
        Ok(found.unwrap_or_else(|| Adoption {
            table: table.to_owned(),
            ..Adoption::default()
        }))
    }

    async fn save(&self, progress: &Adoption) -> Result<(), Fault> {
        self.decide(|tx| {
            tx.peek::<Adoption>(&progress.table)?;
            tx.put(progress);
            Ok(())
        })
        .await
    }

    /// The number of this run: of the last one when it goes on.
    async fn begin(&self, resume: bool) -> Result<u64, Fault> {
        let mut last = self.progress(RUN).await?;
        if resume && last.run > 0 && last.finished.is_none() {
            return Ok(last.run);
        }
        last.run += 1;
        last.finished = None;
        self.save(&last).await?;
        Ok(last.run)
    }

    /// Reads the small tables that the others refer to.
    async fn context(&self, source: &mut dyn Source) -> Result<Context<'_>, AdoptError> {
        let mut applications = HashMap::new();
        let mut secrets = HashSet::new();
        for table in [Table::Application, Table::ApplicationVersion] {
            let mut after: Option<String> = None;
            loop {
                let page = source.page(table, after.as_deref(), MAX_ROWS).await?;
                after = page.items.last().map(|item| item.position.clone()).or(after);
                for row in page.items.iter().filter_map(|item| item.row.as_ref().ok()) {
                    match table {
                        Table::Application => {
                            if let (Ok(number), Ok(name)) = (row.need_number("id"), convert::identifier(row))
                            {
                                applications.insert(number, name);
                            }
                        }
                        _ => secrets.extend(row.text("application_secret").ok().flatten().map(str::to_owned)),
                    }
                }
                if page.end {
                    break;
                }
            }
        }
        Ok(Context {
            engine: self.engine,
            old_key: self.old_key.as_ref(),
            applications,
            secrets,
            follows: self.follows,
        })
    }

    async fn table(
        &self,
        context: &Context<'_>,
        source: &mut dyn Source,
        observer: &mut dyn Observer,
        table: Table,
        run: u64,
    ) -> Result<Adoption, AdoptError> {
        let mut progress = self.progress(table.name()).await?;
        if progress.run == run && progress.finished.is_some() {
            return Ok(progress);
        }
        if progress.run != run {
            let again = progress.run > 0;
            progress = Adoption {
                table: progress.table,
                run,
                position: overlap(&progress.taken).and_then(|number| source.before(table, number)),
                taken: progress.taken,
                ..Adoption::default()
            };
            if table == Table::Token && again {
                progress.ended = self.end_missing_tokens(source).await?;
            }
        }
        match table.only_grows() {
            true => self.grow(context, source, observer, table, progress).await,
            false => self.flow(context, source, observer, table, progress).await,
        }
    }

    /// A page of a table, with what its rows are read with.
    async fn page(
        &self,
        source: &mut dyn Source,
        table: Table,
        after: Option<&str>,
    ) -> Result<Page, SourceError> {
        let rows = self.rows.clamp(1, MAX_ROWS);
        let mut page = source.page(table, after, rows).await?;
        if table == Table::RecoveryPuk {
            join_codes(source, &mut page.items).await?;
        }
        Ok(page)
    }

    /// A table that only grows: batch by batch, each with the progress.
    async fn grow(
        &self,
        context: &Context<'_>,
        source: &mut dyn Source,
        observer: &mut dyn Observer,
        table: Table,
        mut progress: Adoption,
    ) -> Result<Adoption, AdoptError> {
        loop {
            let page = self.page(source, table, progress.position.as_deref()).await?;
            let finished = page.end.then(|| self.host.now());
            progress.position = last(&page).or(progress.position);
            let rows: Vec<Result<Row, Reason>> = page.items.into_iter().map(|item| item.row).collect();
            let mut decide = convert::batch(context, table, &rows);
            let mut outcomes = Vec::new();
            progress = self
                .decide(|tx| {
                    let mut after = progress.clone();
                    tx.peek::<Adoption>(&after.table)?;
                    outcomes = decide(tx, Some(&mut after))?;
                    count(&mut after, &outcomes);
                    after.finished = finished;
                    tx.put(&after);
                    Ok(after)
                })
                .await?;
            tell(observer, table, &refused(&rows, &outcomes));
            observer.progress(&progress, share(source, table, &progress));
            if page.end {
                return Ok(progress);
            }
        }
    }

    /// Any other table: some batches at the same time. The progress is that of the first ones, as long as none is missing.
    async fn flow(
        &self,
        context: &Context<'_>,
        source: &mut dyn Source,
        observer: &mut dyn Observer,
        table: Table,
        mut progress: Adoption,
    ) -> Result<Adoption, AdoptError> {
        let mut under_way: FuturesOrdered<Fut<'_, Result<Option<Done>, AdoptError>>> = FuturesOrdered::new();
        let (mut end, mut position) = (false, progress.position.clone());
        // As long as all is new, nobody looks first whether it is here.
        let mut absent: &'static [Collection] = &[];
        let mut unsaved = 0;
        loop {
            let full = under_way.len() >= BATCHES;
            // While the others are on their way, the next page is read.
            let read = async {
                match end {
                    true => Ok(None),
                    false => self.page(source, table, position.as_deref()).await.map(Some),
                }
            };
            let (page, done) = match full || end {
                true => join(read, under_way.next()).await,
                false => (read.await, None),
            };
            if let Some(page) = page? {
                end = page.end;
                position = last(&page).or(position);
                let position = position.clone();
                under_way.push_back(Box::pin(self.batch(context, table, page.items, position, absent)));
            }
            match done.transpose()? {
                Some(Some(done)) => {
                    progress.position = done.position;
                    let new = done.outcomes.iter().all(|outcome| *outcome == Outcome::Imported);
                    absent = if new { convert::made(table) } else { &[] };
                    count(&mut progress, &done.outcomes);
                    tell(observer, table, &done.refused);
                    observer.progress(&progress, share(source, table, &progress));
                    unsaved += 1;
                }
                None if end && under_way.is_empty() => break,
                Some(None) | None => {}
            }
            if unsaved >= SAVED {
                unsaved = 0;
                let progress = progress.clone();
                under_way.push_back(Box::pin(async move {
                    self.save(&progress).await?;
                    Ok(None)
                }));
            }
        }
        progress.finished = Some(self.host.now());
        self.save(&progress).await?;
        observer.progress(&progress, share(source, table, &progress));
        Ok(progress)
    }

    async fn batch(
        &self,
        context: &Context<'_>,
        table: Table,
        items: Vec<Item>,
        position: Option<String>,
        absent: &'static [Collection],
    ) -> Result<Option<Done>, AdoptError> {
        let rows: Vec<Result<Row, Reason>> = items.into_iter().map(|item| item.row).collect();
        let mut decide = convert::batch(context, table, &rows);
        let outcomes = self.decide_supposing(absent, move |tx| decide(tx, None));
        let outcomes = outcomes.await?;
        Ok(Some(Done {
            refused: refused(&rows, &outcomes),
            outcomes,
            position,
        }))
    }

    /// Ends tokens that were removed at the old server since the last run.
    async fn end_missing_tokens(&self, source: &mut dyn Source) -> Result<u64, AdoptError> {
        const PAGE: u32 = 400;
        let mut pages = Walk::new(self.store, TOKEN, PAGE);
        let mut ended = 0;
        while let Some(page) = pages.next().await? {
            let ids: Vec<String> = page.into_iter().map(|record| record.key.id).collect();
            let there = source.lookup(Table::Token, "token_id", &ids).await?;
            let gone: Vec<String> = ids
                .into_iter()
                .zip(there)
                .filter(|(_, there)| there.is_none())
                .map(|(id, _)| id)
                .collect();
            ended += self.decide(|tx| convert::end_missing(tx, &gone)).await?;
        }
        Ok(ended)
    }
}

fn count(progress: &mut Adoption, outcomes: &[Outcome]) {
    for outcome in outcomes {
        progress.read += 1;
        match outcome {
            Outcome::Imported => progress.imported += 1,
            Outcome::Changed => progress.changed += 1,
            Outcome::Unchanged => progress.unchanged += 1,
            Outcome::Expired => progress.expired += 1,
            Outcome::Refused(reason) => progress.refuse(&reason.to_string()),
        }
    }
}

/// Keys of the rows that were refused, and why.
fn refused(rows: &[Result<Row, Reason>], outcomes: &[Outcome]) -> Vec<(String, Reason)> {
    let refused = rows.iter().zip(outcomes).filter_map(|(row, outcome)| {
        let Outcome::Refused(reason) = outcome else {
            return None;
        };
        Some((row.as_ref().map(Row::key).unwrap_or_default(), *reason))
    });
    refused.collect()
}

fn tell(observer: &mut dyn Observer, table: Table, refused: &[(String, Reason)]) {
    for (key, reason) in refused {
        observer.refused(table, key, *reason);
    }
}

/// Where the source goes on after a page.
fn last(page: &Page) -> Option<String> {
    page.items.last().map(|item| item.position.clone())
}

/// How much of a table is done.
fn share(source: &dyn Source, table: Table, progress: &Adoption) -> Option<f64> {
    match progress.finished {
        Some(_) => Some(1.0),
        None => source.share(table, progress.position.as_deref()),
    }
}

/// Numbers are given out in stretches per node and connection of the old server, so that a lower one may come later. A
/// new run looks again at so many.
const LATE: u64 = 100_000;

/// The number after which a new run reads again.
fn overlap(taken: &[(u64, u64)]) -> Option<u64> {
    let (_, newest) = taken.last()?;
    let floor = newest.saturating_sub(LATE);
    let gap = taken.iter().find(|(_, last)| *last >= floor);
    gap.map(|(first, last)| if *first <= floor { *last } else { floor })
}

/// Adds the recovery codes that the old server encrypted with.
async fn join_codes(source: &mut dyn Source, items: &mut [Item]) -> Result<(), SourceError> {
    let key = |row: &Row| row.text("recovery_code_id").ok().flatten().map(str::to_owned);
    let rows = || items.iter().filter_map(|item| item.row.as_ref().ok());
    let mut keys: Vec<String> = rows().filter_map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    let texts = source.lookup(Table::RecoveryCode, Table::JOINED, &keys).await?;
    let known: HashMap<String, Option<String>> = keys.into_iter().zip(texts).collect();
    for row in items.iter_mut().filter_map(|item| item.row.as_mut().ok()) {
        let text = key(row).and_then(|key| known.get(&key).cloned().flatten());
        row.join(Table::JOINED, text);
    }
    Ok(())
}
