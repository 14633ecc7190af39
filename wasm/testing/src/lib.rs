//! What JavaScript programs test with, apart from the module that serves: the phone for tests, and the suite
//! that every store has to pass. Errors and traps are as in the module of the engine.

#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/host.rs"]
mod host;
mod phone;
mod suite;

pub use phone::Phone;
pub use suite::Suite;
