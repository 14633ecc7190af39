//! What there was of everything.

use std::fmt;

macro_rules! counts {
    ($($(#[$more:meta])* $name:ident $text:literal)+) => {
        /// Something that is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Count { $($(#[$more])* $name),+ }

        const COUNTS: [(Count, &str); [$($text),+].len()] = [$((Count::$name, $text)),+];
    };
}

counts! {
    Requests "requests that reached a node"
    Answers "answers"
    Accepted "codes accepted"
    Commits "batches committed"
    Delivered "events delivered"
    Nights "nights, with a purge"
    Switches "sealing keys replaced"
    Resealed "pages of records sealed anew"
    Unanswered "requests without an answer"
    RequestsLost "requests lost on their way"
    RequestsLate "requests overtaken on their way"
    RequestsTwice "requests that came twice"
    AnswersLost "answers lost on their way"
    AnswersLate "answers overtaken on their way"
    Crashes "crashes of nodes"
    ClockJumps "clocks that jumped"
    Entropy "failures of the generator"
    ReadsFailed "reads that failed"
    Conflicts "batches refused by a conflict"
    Overtaken "batches overtaken by somebody else"
    Recalls "reads answered from memory"
    Outdated "of them by something old"
    Refused "batches refused by the store"
    BatchesLost "batches that got lost"
    ConfirmationsLost "confirmations that got lost"
    BatchesLate "batches that came late"
    BatchesTwice "batches that came twice"
    DiskFull "calls to a full disk"
    DiskBroken "calls to a broken disk"
    DiskSilent "calls to a disk that does not answer"
}

/// The counts of one history or of many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally([u64; COUNTS.len()]);

impl Tally {
    /// One more.
    pub fn count(&mut self, what: Count) {
        self.more(what, 1);
    }

    /// So many more.
    pub fn more(&mut self, what: Count, number: u64) {
        self.0[what as usize] += number;
    }

    /// How many there were.
    pub fn of(&self, what: Count) -> u64 {
        self.0[what as usize]
    }

    /// Those of another history as well.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// All counts, with their names.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, u64)> {
        COUNTS.map(|(what, text)| (text, self.of(what))).into_iter()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, number) in self.all() {
            writeln!(f, "{number:>14}  {what}")?;
        }
        Ok(())
    }
}
