//! What keeps a caller from sending a signature before its counter step is stored (spec 5.7).

use super::state::DeviceState;

/// A result that may leave the phone only after the state it carries has been stored.
///
/// The counter moved when this was made. If the process ends after the result was sent but before the state was stored,
/// the next signature uses the same counter value again: at best the server refuses it, at worst an observer sees two
/// signatures of one value. So the result is inside, and the way out passes the state:
///
/// - [`save_with`](Self::save_with) calls a function that stores it, and gives the result out if that succeeds;
/// - [`state`](Self::state), then [`assume_saved`](Self::assume_saved), for storage that is awaited.
#[derive(Debug)]
#[must_use = "store the state, then take the result; the counter has moved already"]
pub struct Unsaved<T> {
    pub(super) state: DeviceState,
    pub(super) value: T,
}

impl<T> Unsaved<T> {
    /// The state to store: the device with its counter moved.
    #[must_use]
    pub const fn state(&self) -> &DeviceState {
        &self.state
    }

    /// Stores the state with `save`, durably, then gives out the result.
    ///
    /// # Errors
    /// The error of `save`; the result is dropped then, and the counter has moved in memory only.
    pub fn save_with<E>(self, save: impl FnOnce(&DeviceState) -> Result<(), E>) -> Result<T, E> {
        save(&self.state)?;
        Ok(self.value)
    }

    /// Gives out the result on the caller's word that [`state`](Self::state) has been stored durably, or that the device
    /// will never be loaded again (a device of a test).
    pub fn assume_saved(self) -> T {
        self.value
    }

    pub(super) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Unsaved<U> {
        Unsaved {
            state: self.state,
            value: convert(self.value),
        }
    }
}
