//! Scenarios, as data files, played against any PowerAuth-compatible server over HTTP.
//!
//! The kit is back end and phone at once: it calls the server API as a bank would, and activates, signs and encrypts as an
//! app does. It knows nothing of the server except its addresses and compares what comes back with what a scenario expects.
//! The format of the files is described in `conformance/README.md`.
//!
//! ```text
//!  scenarios/*.json ─▶ scenario ─▶ player ─▶ transport ─▶ the server
//!                      (checked    │  ▲ answer
//!                       before      │  └────── matcher ─▶ differences ─▶ report
//!                       anything)   └─ phones, values
//! ```

pub mod ears;
pub mod matcher;
pub mod player;
pub mod report;
pub mod scenario;
pub mod transport;
pub mod values;

mod dice;
mod handset;
