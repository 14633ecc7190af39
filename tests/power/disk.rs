//! A disk at the moment when the power goes: what was flushed is there, of the rest nobody knows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use countersign::store::simulated::Chance;

use crate::trace::{Event, Name, Timed};

/// What a disk writes at once.
const SECTOR: usize = 512;

/// What becomes of what was not flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing of it is there.
    All,
    /// All of it is there.
    None,
    /// Some writes are there, some are not.
    Some,
    /// Some sectors of some writes are there.
    Torn,
}

impl Loss {
    pub const ALL: [Self; 4] = [Self::All, Self::None, Self::Some, Self::Torn];
}

/// A file, whatever it is called: a name that is given again is another file.
type File = usize;

/// A change of a file, or of the folder.
#[derive(Clone, Debug)]
enum Change {
    Link(Name, File),
    Unlink(Name),
    Write { file: File, at: u64, bytes: Vec<u8> },
    Truncate { file: File, length: u64 },
}

impl Change {
    fn file(&self) -> Option<File> {
        match self {
            Self::Write { file, .. } | Self::Truncate { file, .. } => Some(*file),
            Self::Link(..) | Self::Unlink(_) => None,
        }
    }
}

/// The files as the disk surely has them, and what was not flushed.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// As the running system sees it.
    current: BTreeMap<Name, File>,
    made: usize,
    /// As the disk has it.
    names: BTreeMap<Name, File>,
    files: BTreeMap<File, Vec<u8>>,
    /// With the line where the call ended.
    pending: Vec<(usize, Change)>,
    /// Flushes do nothing: the control.
    pub lies: bool,
    pub dropped: u64,
    pub torn: u64,
}

impl Disk {
    /// Takes in what began before the power goes. Flushes count only once they have ended.
    pub fn take(&mut self, timed: &Timed) {
        let change = match &timed.event {
            Event::Flush(name) => {
                let file = self.current.get(name).copied();
                return self.settle(timed.began, |change| {
                    change.file().is_some() && change.file() == file
                });
            }
            Event::FlushNames => return self.settle(timed.began, |change| change.file().is_none()),
            // Opened, and there already.
            Event::Create(name) if self.current.contains_key(name) => return,
            Event::Create(name) => {
                self.made += 1;
                self.current.insert(name.clone(), self.made);
                Change::Link(name.clone(), self.made)
            }
            Event::Unlink(name) => {
                self.current.remove(name);
                Change::Unlink(name.clone())
            }
            Event::Write { name, at, bytes } => Change::Write {
                file: self.current[name],
                at: *at,
                bytes: bytes.clone(),
            },
            Event::Truncate { name, length } => Change::Truncate {
                file: self.current[name],
                length: *length,
            },
        };
        self.pending.push((timed.ended, change));
    }

    /// What `covers` covers and had ended before the flush began is on the disk.
    fn settle(&mut self, began: usize, covers: impl Fn(&Change) -> bool) {
        if self.lies {
            return;
        }
        let (sure, left): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|(ended, change)| *ended < began && covers(change));
        self.pending = left;
        for (_, change) in sure {
            self.apply(&change, || true);
        }
    }

    /// Does it to the files; of a write those sectors that `sector` lets through.
    fn apply(&mut self, change: &Change, mut sector: impl FnMut() -> bool) {
        match change {
            Change::Link(name, file) => drop(self.names.insert(name.clone(), *file)),
            Change::Unlink(name) => drop(self.names.remove(name)),
            Change::Truncate { file, length } => {
                let file = self.files.entry(*file).or_default();
                file.resize(usize::try_from(*length).unwrap(), 0);
            }
            Change::Write { file, at, bytes } => {
                let file = self.files.entry(*file).or_default();
                let at = usize::try_from(*at).unwrap();
                if file.len() < at + bytes.len() {
                    file.resize(at + bytes.len(), 0);
                }
                // Sectors of the disk, not of the write.
                let mut begin = 0;
                while begin < bytes.len() {
                    let end = bytes.len().min(begin + SECTOR - (at + begin) % SECTOR);
                    if sector() {
                        file[at + begin..at + end].copy_from_slice(&bytes[begin..end]);
                    }
                    begin = end;
                }
            }
        }
    }

    /// The disk after the power came back.
    pub fn after(&self, loss: Loss, dice: &mut Chance) -> Self {
        let mut after = Self {
            pending: Vec::new(),
            ..self.clone()
        };
        for (_, change) in &self.pending {
            let stays = match loss {
                Loss::All => false,
                Loss::None => true,
                Loss::Some => dice.hit(500),
                Loss::Torn => dice.hit(700),
            };
            if !stays {
                after.dropped += 1;
                continue;
            }
            let tears = loss == Loss::Torn && dice.hit(500);
            after.torn += u64::from(tears);
            after.apply(change, || !tears || dice.hit(500));
        }
        after
    }

    /// Puts the files into an empty folder.
    pub fn lay_out(&self, folder: &Path) {
        for (name, file) in &self.names {
            let bytes = self.files.get(file).map(Vec::as_slice).unwrap_or_default();
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}
