//! The protocol's cryptography: bytes in, bytes out. Randomness and time are arguments.
//!
//! Everything here is a pure function of its arguments: no storage, no HTTP, no clock, no system randomness, no global
//! state. Both sides of the protocol are present, the phone's and the server's, so that every exchange can be tested
//! against itself and replayed from vectors. Numbers in parentheses are sections of the protocol specification.
//!
//! | What | Module |
//! |---|---|
//! | keys of P-256 (1.1, 1.2) and who computes with them | [`key`], [`backend`], [`ecdsa`] |
//! | key derivation and the keys of an activation (1.5, 1.6) | [`kdf`], [`schedule`] |
//! | hash counter (1.8) and signatures (5) | [`counter`], [`base`], [`query`], [`signature`] |
//! | offline signatures and proximity (6) | [`offline`], [`totp`] |
//! | end-to-end encryption (4) and temporary keys (4.9) | [`ecies`], [`jwt`] |
//! | codes, PUKs and recovery (2) | [`code`], [`recovery`], [`password`] |
//! | secrets of callers | [`credential`] |
//! | tokens (7), vault (8), status (9), fingerprint (1.9) | [`token`], [`vault`], [`status`], [`fingerprint`] |
//! | formats around them | [`header`], [`sdk_config`], [`record`], [`sms_code`], [`encoding`], [`identifier`] |
//! | what everything rests on | [`random`], [`secret`], [`symmetric`], [`version`] |
//!
//! Rules that hold in every module:
//!
//! - Secrets are [`secret::Secret`] or [`secret::SecretVec`]: erased on drop, not printable, compared in constant time.
//! - A failed decryption, MAC or signature is one error without detail, or the answer `false` or `None`.
//! - Text and points that enter a KDF or a MAC are used as they were transmitted, never re-encoded.
//! - The protocol version is a type, [`version::ProtocolVersion`]; what differs between versions is asked of it.
//!
//! One exchange from key agreement to a verified signature:
//!
//! ```
//! use countersign::crypto::backend::default_backend;
//! use countersign::crypto::counter::HashCounter;
//! use countersign::crypto::key::{KeyPair, PrivateKey};
//! use countersign::crypto::schedule::ActivationKeys;
//! use countersign::crypto::signature::{SignatureFormat, SignatureType, compute, look_ahead};
//! use countersign::crypto::{base, fingerprint};
//!
//! let backend = default_backend();
//! let phone = KeyPair::from_private(backend, PrivateKey::from_bytes(&[1; 32])?)?;
//! let server = KeyPair::from_private(backend, PrivateKey::from_bytes(&[2; 32])?)?;
//!
//! // Each side derives the keys from its own private and the other's public key.
//! let on_phone = ActivationKeys::derive(backend, &phone.private, &server.public)?;
//! let on_server = ActivationKeys::derive(backend, &server.private, &phone.public)?;
//! let fingerprint = fingerprint::fingerprint(&phone.public, &server.public, "c564e700-7e86-4a87-b6c8-a5a0cc89683f");
//! assert_eq!(fingerprint.len(), 8);
//!
//! // The phone signs a request with two factors and moves its counter.
//! let counter = HashCounter::from_bytes([3; 16]);
//! let data = base::build("POST", "/payment", &[4; 16], b"{\"amount\":100}");
//! let signed = base::signed_bytes(&data, "AAECAwQFBgcICQoLDA0ODw==");
//! let factors = SignatureType::PossessionKnowledge;
//! let format = SignatureFormat::for_version("3.3")?;
//! let signature = compute(&on_phone.factor_keys(), factors, counter.as_bytes(), &signed, format);
//!
//! // The server finds it, and stores the counter one step behind the match.
//! let keys = on_server.factor_keys();
//! let matched = look_ahead(&keys, &[factors], &counter, 20, &signed, format, &signature).ok_or("refused")?;
//! assert!(matched.next.ct_eq(&counter.next()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod backend;
pub mod base;
pub mod code;
pub mod counter;
pub mod credential;
pub mod ecdsa;
pub mod ecies;
pub mod encoding;
pub mod fingerprint;
pub mod header;
pub(crate) mod hmac;
pub mod identifier;
pub mod jwt;
pub mod kdf;
pub mod key;
#[cfg(test)]
mod look_ahead_tests;
pub mod offline;
pub mod password;
pub mod query;
pub mod random;
pub mod record;
pub mod recovery;
pub mod schedule;
pub mod sdk_config;
pub mod secret;
pub mod signature;
pub mod sms_code;
pub mod status;
pub mod symmetric;
pub mod token;
pub mod totp;
pub mod vault;
pub mod version;
