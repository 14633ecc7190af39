//! Operations, templates and callback URLs through the server API: JSON in, JSON out, over the memory
//! store, with a clock that stands still unless it is moved.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod operations;
