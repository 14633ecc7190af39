//! Stores with faults, reproducible by seed.
//!
//! [`Simulation`] runs operations interleaved, one step at a time, in one thread and on a clock of
//! its own. One seed decides who moves next, what is lost, delayed, delivered twice or overtaken, who
//! crashes and when the clock jumps; the same seed tells the same story, event by event.
//!
//! ```
//! use countersign::store::Machine;
//! use countersign::store::simulated::{Faults, Simulation};
//! # use countersign::store::{Decision, Tx};
//! # fn decision(_: &mut Tx<'_>) -> Decision<u8, ()> { Ok(Ok(1)) }
//!
//! let mut simulation = Simulation::new(42, Faults::rough());
//! for _ in 0..3 {
//!     simulation.spawn(Box::new(Machine::new(None, decision)));
//! }
//! for (task, reply) in simulation.run() {
//!     match reply {
//!         Some(reply) => println!("{task} answered {reply:?}"),
//!         None => println!("{task} crashed"),
//!     }
//! }
//! ```
//!
//! [`each_failing_call`] lets every store call of an operation fail in turn, in every way.
//! [`FaultyStore`] puts the same faults between any [`Store`](super::Store) and its users.

mod chance;
mod each;
mod faults;
mod faulty;
mod host;
mod scheduler;

pub use chance::Chance;
pub use each::{CallFault, Trial, each_failing_call};
pub use faults::{Faults, Mishap};
pub use faulty::FaultyStore;
pub use host::SimulatedHost;
pub use scheduler::{Event, Simulation, What};
