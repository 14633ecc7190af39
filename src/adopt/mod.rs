//! Taking over the database of a PowerAuth Server (lines 1.5 to 1.9), so that no phone has to enrol again.
//!
//! ```text
//!  Source: exported tables,          rows             records
//!  or PostgreSQL          ──────▶ Row ──────▶ convert ──────▶ the store's port, in batches
//!                                   └─ refused, each with a Reason
//! ```
//!
//! Nothing in the source is changed. Batches are decisions like any other: they read what is here, write what differs,
//! and may run any number of times, so that an interrupted run goes on, and a later run takes only what changed. What a
//! column becomes stands in `docs/adopt.md`.
//!
//! | file | holds |
//! |---|---|
//! | [`table`], [`row`], [`reason`] | tables and columns; how fields are read; why a row is refused |
//! | [`source`], [`folder`], `csv`, `postgres` | where rows come from |
//! | `zone` | the time zone of the old server |
//! | [`run`] | the order of tables, batches, progress |
//! | [`mod@verify`] | what can be recomputed of what was taken over |
//! | [`export`], `lines`, `script` | the way back |
//! | [`shadow`], [`agree`] | beside the old server: which requests are decided here, too; two answers compared |
//! | `convert` | a file per group of tables: rows become records |

pub mod agree;
mod convert;
mod csv;
pub mod export;
pub mod folder;
mod lines;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod reason;
pub mod row;
pub mod run;
mod script;
pub mod shadow;
pub mod source;
pub mod table;
pub mod verify;
mod zone;

pub use folder::Folder;
#[cfg(feature = "postgres")]
pub use postgres::Database;
pub use reason::Reason;
pub use row::Row;
pub use run::{AdoptError, Adopter, Observer, Report, Silent};
pub use script::load_script;
pub use source::{Item, Page, Source, SourceError};
pub use table::Table;
pub use verify::{Verified, verify};
pub use zone::{UnknownZone, Zone};
