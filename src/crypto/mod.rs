//! The protocol's cryptography: bytes in, bytes out. Randomness and time are arguments.

pub mod backend;
pub mod base;
pub mod code;
pub mod counter;
pub mod ecdsa;
pub mod ecies;
pub mod encoding;
pub mod fingerprint;
pub mod header;
pub mod identifier;
pub mod jwt;
pub mod kdf;
pub mod key;
pub mod query;
pub mod random;
pub mod recovery;
pub mod schedule;
pub mod secret;
pub mod signature;
pub mod sms_code;
pub mod status;
pub mod symmetric;
pub mod token;
pub mod totp;
pub mod vault;
pub mod version;
