//! What the tests of the whole engine share: a world with a clock of its own, and phones in it, both
//! through the public API only, over any store.
#![allow(
    unused_imports,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a module of several test crates, each using a part; failing loudly is its purpose"
)]

pub mod explore;
pub mod host;
pub mod keeper;
pub mod phone;
pub mod prelude;
pub mod records;
pub mod recovery;
pub mod spread;
pub mod tamper;
pub mod town;
pub mod world;

pub use host::{Clock, Dice};
pub use phone::{Factors, Phone, Signed};
pub use prelude::Prelude;
pub use records::activation;
pub use spread::spread;
pub use town::Town;
pub use world::{Answer, Ask, World, engine};
