//! Secrets of the old server, opened and sealed anew. Costly, so done for many at once.

use zeroize::Zeroizing;

use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::random::{Random, RandomError};
use crate::crypto::record::{self, RecordError, RecordKind, RecordMode};
use crate::crypto::secret::SecretVec;
use crate::engine::{Engine, Place};
use crate::store::{Fault, Halt, Tx};

/// A secret as it stands in a row.
pub(super) struct Stored {
    column: &'static str,
    kind: RecordKind,
    mode: RecordMode,
    text: Zeroizing<String>,
}

impl Stored {
    /// From its columns; a database without the second one does not encrypt. None for null.
    pub(super) fn read(
        row: &Row,
        column: &'static str,
        mode: &'static str,
        kind: RecordKind,
    ) -> Result<Option<Self>, Reason> {
        let number: i64 = row.number(mode)?.unwrap_or(0);
        let Some(text) = row.text(column)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            column,
            kind,
            mode: RecordMode::from_number(number).map_err(|_| Reason::UnknownValue(mode))?,
            text: Zeroizing::new(text.to_owned()),
        }))
    }

    /// Whether it is encrypted.
    pub(super) fn is_sealed(&self) -> bool {
        self.mode == RecordMode::AesHmac
    }

    /// The secret itself, opened with the key of the old server where it is encrypted.
    pub(super) fn open(&self, old_key: Option<&SecretVec>, context: &[&str]) -> Result<SecretVec, Reason> {
        record::read(self.kind, self.mode, old_key, context, &self.text).map_err(|error| match error {
            RecordError::MissingKey => Reason::NoKey(self.column),
            RecordError::Format => Reason::Malformed(self.column),
            _ => Reason::Sealed(self.column),
        })
    }
}

/// Random bytes drawn before, given out once.
struct Drawn<'a>(&'a [u8]);

impl Random for Drawn<'_> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        let (bytes, rest) = self.0.split_at_checked(out.len()).ok_or(RandomError)?;
        out.copy_from_slice(bytes);
        self.0 = rest;
        Ok(())
    }
}

/// Seals with the key that seals now.
pub(crate) struct Sealer<'a> {
    engine: &'a Engine,
    key: u32,
    random: Drawn<'a>,
}

impl Sealer<'_> {
    /// Seals a secret for its place.
    pub(super) fn seal(&mut self, place: Place<'_>, secret: &[u8]) -> Result<Vec<u8>, Fault> {
        self.engine
            .keyring
            .seal_with(self.key, place, secret, &mut self.random)
    }
}

/// Random bytes for one secret.
const NONCE: usize = 12;

/// Computes something for each of `items`, on all processors, once per operation however often its decision runs.
/// `what` names the items; `secrets` is how many are sealed for each.
pub(super) fn for_each<T: Sync, R: Clone + Send + Sync + 'static>(
    engine: &Engine,
    tx: &mut Tx<'_>,
    what: &[u8],
    secrets: usize,
    items: &[T],
    work: impl Fn(&T, &mut Sealer<'_>) -> Result<R, Fault> + Sync,
) -> Result<Vec<R>, Halt> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let key = engine.keyring.current(tx)?;
    let done = tx.once("adopted secrets", what, |tx| {
        let width = secrets * NONCE;
        let mut random = vec![0; width * items.len()];
        tx.fill(&mut random).map_err(Fault::from)?;
        let work = |(item, random): (&T, &[u8])| {
            let random = Drawn(random);
            work(item, &mut Sealer { engine, key, random })
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = items.len().div_ceil(threads).max(8);
        std::thread::scope(|scope| {
            let parts = items.chunks(share).zip(random.chunks(share * width));
            let workers: Vec<_> = parts
                .map(|(items, random)| {
                    let part = items.iter().zip(random.chunks(width));
                    scope.spawn(|| part.map(work).collect::<Result<Vec<R>, Fault>>())
                })
                .collect();
            let mut all = Vec::with_capacity(items.len());
            for worker in workers {
                let part = worker
                    .join()
                    .map_err(|_| Fault::Internal("a worker ended early"))?;
                all.extend(part?);
            }
            Ok(all)
        })
    });
    done.map_err(Halt::Fault)
}
