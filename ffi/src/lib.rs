//! The C interface. `include/countersign.h` is generated from here; its first page has the
//! conventions that every function keeps.
//!
//! | file | holds |
//! |---|---|
//! | [`types`] | what C passes and gets: slices, requests, buffers, constants |
//! | [`engine`], [`call`], [`route`], [`reply`], `phone`, [`protocol`], [`error`] | the functions |
//! | [`raw`] | reading and writing through pointers |
//! | [`handle`] | numbers for engines, calls and buffers, so that a wrong one is an error |
//! | [`guard`] | no panic crosses the boundary |
//! | `hooks` | planted panics and repeatable randomness (feature `test-hooks`) |
//! | `suite` | the contract of a store, run from a host's language (feature `test-hooks`) |
//! | [`host`] | the system's clock and generator |
//! | `jni` | the same for Java (feature `jni`) |
//!
//! This is the only crate with `unsafe`, and only for what C hands over and for exporting names.

#![allow(unsafe_code, reason = "pointers from C; every block says why it is sound")]
#![allow(non_camel_case_types, reason = "names of C types")]
#![allow(unreachable_pub, reason = "what C sees is exported by name, not by path")]

#[cfg(all(feature = "test-hooks", not(debug_assertions)))]
compile_error!("test-hooks plants panics and replaces randomness: it must not be in a release");

mod call;
mod engine;
mod error;
mod guard;
mod handle;
#[cfg(feature = "test-hooks")]
mod hooks;
mod host;
#[cfg(feature = "jni")]
mod jni;
#[cfg(feature = "phone")]
mod phone;
mod protocol;
mod raw;
mod reply;
mod route;
#[cfg(feature = "test-hooks")]
mod suite;
#[cfg(feature = "test-hooks")]
mod timing;
pub mod types;

#[cfg(all(test, feature = "phone"))]
mod tests;
