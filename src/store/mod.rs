//! The storage port: where records live, and the machine that runs a decision against it.
//!
//! A use case is a plain function over a [`Tx`]. A record that was not read yet stops it with `?`;
//! the [`Machine`] has it read and runs the function again from the top. No IO, no lock and no
//! `async` inside. The writes of a run form one [`Batch`]: all or nothing, each with the revision
//! that was read, so that a change by somebody else in between is a conflict and the function runs
//! again over the newer records.
//!
//! | file | holds |
//! |---|---|
//! | [`port`] | the two calls every store answers, and [`Host`]: time and randomness |
//! | [`tx`], `view` | what a decision sees, and what is known between its runs |
//! | [`stop`] | how it ends early |
//! | [`machine`] | the steps: read, commit, done |
//! | [`driver`], [`lane`] | the loop for a Rust [`Store`], with one fair queue per activation |
//! | `walk` | all records of a collection, page by page |
//! | [`receipt`] | the append that proves that a batch was applied |
//! | [`recent`] | what was seen last |
//! | [`wire`] | steps and answers as bytes, for hosts in other languages |
//! | [`memory`], `sqlite`, `postgres` | adapters |
//! | `simulated`, `conformance` | the store with faults, and the tests any store must pass |
//! | `planted` | bugs that tests plant to see that they would be found |

#[cfg(feature = "simulation")]
pub mod conformance;
#[cfg(feature = "driver")]
pub mod driver;
#[cfg(feature = "driver")]
pub mod lane;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod lines;
pub mod machine;
pub mod memory;
#[cfg(feature = "simulation")]
pub mod planted;
#[cfg(not(feature = "simulation"))]
pub(crate) mod planted;
pub mod port;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod receipt;
pub mod recent;
#[cfg(feature = "simulation")]
pub mod simulated;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod stop;
pub mod tx;
mod view;
mod walk;
pub mod wire;

pub use machine::{Failure, Input, Limits, Machine, Operation, Step};
pub use memory::MemoryStore;
pub use port::{
    Answer, Batch, Collection, Commit, Cursor, Entries, EntropyError, Expect, Fut, Host, Index, IndexEntry,
    Key, Page, Query, Record, Rev, Scan, Store, StoreError, Write,
};
#[cfg(feature = "postgres")]
pub use postgres::{ConnectError, PostgresOptions, PostgresStore};
pub use recent::{Recent, Remembering};
#[cfg(feature = "sqlite")]
pub use sqlite::{OpenError, SqliteOptions, SqliteReader, SqliteStore};
pub use stop::{Corrupt, Decision, Fault, Halt, Stop};
pub use tx::{Entity, Range, Tx};
pub(crate) use walk::Walk;
