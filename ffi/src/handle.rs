//! Numbers for engines, calls and buffers.
//!
//! C gets numbers instead of pointers. A handle is the number of a slot and the generation of the
//! slot's content: freeing moves the generation on, so that a handle that was freed, or that never
//! existed, or that is of another kind is an error and not somebody else's memory.
//!
//! ```text
//! handle = generation (32 bits, from 1) ‖ slot + 1 (32 bits)
//! ```

use std::sync::{Arc, Mutex, PoisonError, RwLock};

#[cfg(feature = "phone")]
use countersign_core::bridge::phone::Phone;
use countersign_core::bridge::{Call, Code, Error};
use zeroize::Zeroizing;

use crate::engine::Engine;

/// What a handle stands for.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Engine(Arc<Engine>),
    Call(Arc<Mutex<Call>>),
    #[cfg(feature = "phone")]
    Phone(Arc<Mutex<Phone>>),
    /// Erased when freed: some hold what an envelope contained.
    Buffer(Arc<Zeroizing<Vec<u8>>>),
}

/// A kind of entry.
pub(crate) trait Kind: Sized {
    /// For error texts.
    const NAME: &'static str;
    fn of(entry: &Entry) -> Option<&Arc<Self>>;
}

impl Kind for Engine {
    const NAME: &'static str = "engine";
    fn of(entry: &Entry) -> Option<&Arc<Self>> {
        match entry {
            Entry::Engine(engine) => Some(engine),
            _ => None,
        }
    }
}

impl Kind for Mutex<Call> {
    const NAME: &'static str = "call";
    fn of(entry: &Entry) -> Option<&Arc<Self>> {
        match entry {
            Entry::Call(call) => Some(call),
            _ => None,
        }
    }
}

#[cfg(feature = "phone")]
impl Kind for Mutex<Phone> {
    const NAME: &'static str = "phone";
    fn of(entry: &Entry) -> Option<&Arc<Self>> {
        match entry {
            Entry::Phone(phone) => Some(phone),
            _ => None,
        }
    }
}

impl Kind for Zeroizing<Vec<u8>> {
    const NAME: &'static str = "buf";
    fn of(entry: &Entry) -> Option<&Arc<Self>> {
        match entry {
            Entry::Buffer(buffer) => Some(buffer),
            _ => None,
        }
    }
}

/// More open handles than this are a leak, not a load.
const MAX_OPEN: usize = 1 << 24;

struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

pub(crate) struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

static TABLE: RwLock<Table> = RwLock::new(Table::new());

impl Table {
    const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }

    fn insert(&mut self, entry: Entry) -> Result<u64, Error> {
        let index = match self.free.pop() {
            Some(index) => index,
            None if self.slots.len() >= MAX_OPEN => {
                return Err(Error::new(Code::TooManyHandles, "free what was opened"));
            }
            None => {
                let index = u32::try_from(self.slots.len());
                self.slots.push(Slot {
                    generation: 1,
                    entry: None,
                });
                index.map_err(|_| Error::new(Code::Internal, "handle table"))?
            }
        };
        let slot = usize::try_from(index).ok().and_then(|at| self.slots.get_mut(at));
        let slot = slot.ok_or_else(|| Error::new(Code::Internal, "handle table"))?;
        slot.entry = Some(entry);
        Ok((u64::from(slot.generation) << 32) | (u64::from(index) + 1))
    }

    fn find(&self, handle: u64, name: &'static str) -> Result<(u32, &Entry), Error> {
        let (generation, number) = (handle >> 32, handle & 0xffff_ffff);
        let index = number.checked_sub(1).and_then(|index| u32::try_from(index).ok());
        let slot = index.and_then(|index| Some((index, self.slots.get(usize::try_from(index).ok()?)?)));
        let Some((index, slot)) = slot else {
            return Err(Error::new(Code::UnknownHandle, name));
        };
        match &slot.entry {
            Some(entry) if u64::from(slot.generation) == generation => Ok((index, entry)),
            _ if (1..u64::from(slot.generation)).contains(&generation) => {
                Err(Error::new(Code::StaleHandle, name))
            }
            _ => Err(Error::new(Code::UnknownHandle, name)),
        }
    }

    fn remove(&mut self, index: u32) -> Option<Entry> {
        let slot = self.slots.get_mut(usize::try_from(index).ok()?)?;
        let entry = slot.entry.take();
        // A slot that has used up its generations is not used again.
        if let Some(next) = slot.generation.checked_add(1) {
            slot.generation = next;
            self.free.push(index);
        }
        entry
    }
}

/// A handle for `entry`.
pub(crate) fn insert(entry: Entry) -> Result<u64, Error> {
    TABLE
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(entry)
}

/// What `handle` stands for. Freeing it meanwhile does no harm.
pub(crate) fn get<K: Kind>(handle: u64) -> Result<Arc<K>, Error> {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    let (_, entry) = table.find(handle, K::NAME)?;
    let found = K::of(entry).ok_or_else(|| Error::new(Code::WrongHandle, K::NAME))?;
    Ok(Arc::clone(found))
}

/// Frees `handle`; 0 is nothing to free.
pub(crate) fn free<K: Kind>(handle: u64) -> Result<(), Error> {
    if handle == 0 {
        return Ok(());
    }
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let (index, entry) = table.find(handle, K::NAME)?;
    if K::of(entry).is_none() {
        return Err(Error::new(Code::WrongHandle, K::NAME));
    }
    let entry = table.remove(index);
    // Closing a store takes time, and others need the table.
    drop(table);
    drop(entry);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer() -> Entry {
        Entry::Buffer(Arc::new(Zeroizing::new(vec![1])))
    }

    #[test]
    fn a_slot_is_used_again_under_another_handle() {
        let mut table = Table::new();
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1_000 {
            let handle = table.insert(buffer()).unwrap();
            assert!(seen.insert(handle));
            let (index, _) = table.find(handle, "buf").unwrap();
            assert!(table.remove(index).is_some());
            assert_eq!(table.find(handle, "buf").unwrap_err().code, Code::StaleHandle);
        }
        assert_eq!(table.slots.len(), 1);
    }

    #[test]
    fn a_used_up_slot_is_left_alone() {
        let mut table = Table::new();
        table.insert(buffer()).unwrap();
        table.slots[0].generation = u32::MAX;
        let last = (u64::from(u32::MAX) << 32) | 1;
        let (index, _) = table.find(last, "buf").unwrap();
        table.remove(index);
        assert_eq!(table.find(last, "buf").unwrap_err().code, Code::UnknownHandle);
        let next = table.insert(buffer()).unwrap();
        assert_eq!(next & 0xffff_ffff, 2);
    }

    #[test]
    fn numbers_that_were_never_given_out() {
        let mut table = Table::new();
        let handle = table.insert(buffer()).unwrap();
        for wrong in [0, 1, 2, handle + 1, handle + (1 << 32), u64::MAX, handle << 32] {
            assert_eq!(
                table.find(wrong, "buf").unwrap_err().code,
                Code::UnknownHandle,
                "{wrong:#x}"
            );
        }
    }
}
