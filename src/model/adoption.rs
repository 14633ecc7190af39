//! How far the adoption of another server's database has come: one record per table of the source.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::Collection;

/// Collection of [`Adoption`].
pub const ADOPTION: Collection = Collection("adoption");

/// Progress in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Adoption {
    /// Name of the table.
    #[n(0)]
    pub table: String,
    /// Number of the run, from 1.
    #[n(1)]
    pub run: u64,
    /// Where the source goes on, in its own form; none at the beginning.
    #[n(2)]
    pub position: Option<String>,
    /// Row numbers that were taken over, of tables that only grow: first and last of each stretch, ascending.
    #[n(3)]
    pub taken: Vec<(u64, u64)>,
    /// Rows read.
    #[n(4)]
    pub read: u64,
    /// Rows that became a record, or a part of one.
    #[n(5)]
    pub imported: u64,
    /// Rows that changed what an earlier run had made of them.
    #[n(6)]
    pub changed: u64,
    /// Rows that are here already, as they are.
    #[n(7)]
    pub unchanged: u64,
    /// Rows whose time is over.
    #[n(8)]
    pub expired: u64,
    /// Records ended because their row is gone.
    #[n(9)]
    pub ended: u64,
    /// Rows that were refused, by reason.
    #[n(10)]
    pub refused: Vec<(String, u64)>,
    /// When its last row was done.
    #[n(11)]
    pub finished: Option<u64>,
}

entity!(Adoption, ADOPTION, id: |it| it.table.clone());

/// Stretches that are kept apart; of more, the oldest are joined.
const MAX_STRETCHES: usize = 1_000;

impl Adoption {
    /// Whether the row with this number was taken over.
    pub fn has(&self, number: u64) -> bool {
        let at = self.taken.partition_point(|(_, last)| *last < number);
        self.taken.get(at).is_some_and(|(first, _)| *first <= number)
    }

    /// Notes that the row with this number was taken over.
    pub fn take(&mut self, number: u64) {
        if self.has(number) {
            return;
        }
        let at = self.taken.partition_point(|(_, last)| *last < number);
        let next = self.taken.get(at).map(|(first, _)| *first);
        let before = at.checked_sub(1).and_then(|before| self.taken.get_mut(before));
        match before {
            Some(before) if before.1.checked_add(1) == Some(number) => {
                before.1 = number;
                if let Some((first, last)) = self.taken.get(at).copied()
                    && number.checked_add(1) == Some(first)
                {
                    self.taken.remove(at);
                    if let Some(before) = at.checked_sub(1).and_then(|it| self.taken.get_mut(it)) {
                        before.1 = last;
                    }
                }
            }
            _ if next.is_some() && next == number.checked_add(1) => {
                if let Some(after) = self.taken.get_mut(at) {
                    after.0 = number;
                }
            }
            _ => self.taken.insert(at, (number, number)),
        }
        if self.taken.len() > MAX_STRETCHES {
            let (first, _) = self.taken.remove(0);
            if let Some(joined) = self.taken.first_mut() {
                joined.0 = first;
            }
        }
    }

    /// Counts a refused row.
    pub fn refuse(&mut self, reason: &str) {
        match self.refused.iter_mut().find(|(known, _)| known == reason) {
            Some((_, count)) => *count += 1,
            None => self.refused.push((reason.to_owned(), 1)),
        }
    }

    /// Refused rows of all reasons.
    pub fn refusals(&self) -> u64 {
        self.refused.iter().map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_join() {
        let mut it = Adoption::default();
        for number in [5, 3, 4, 9, 7, 8, 1, 2, 20] {
            it.take(number);
            it.take(number);
        }
        assert_eq!(it.taken, [(1, 5), (7, 9), (20, 20)]);
        let has: Vec<u64> = (0..25).filter(|number| it.has(*number)).collect();
        assert_eq!(has, [1, 2, 3, 4, 5, 7, 8, 9, 20]);
        let mut many = Adoption::default();
        for number in 0..2_000 {
            many.take(number * 2);
        }
        assert_eq!(many.taken.len(), MAX_STRETCHES);
        assert_eq!(many.taken.first(), Some(&(0, 2_000)));
        assert!(many.has(1) && !many.has(2_001) && many.has(3_998));
    }
}
