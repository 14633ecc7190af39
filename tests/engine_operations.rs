//! Operations, templates and callback URLs through the server API: JSON in, JSON out, over the memory
//! store, with a clock that stands still unless it is moved.

mod operations;
