//! Requests that hash passwords: tens of milliseconds and megabytes each.
//!
//! Everything else a request computes takes microseconds (a signature about 2, an elliptic-curve
//! operation about 50) and stays where it is: handing it to another thread would cost as much.

use countersign::api::{Call, Response};
use countersign::store::{Host, Input, Operation, Step};

/// Use cases that hash or check a one-time password or a recovery PUK.
const HASHING: &[&str] = &[
    "initActivation",
    "prepareActivation",
    "createActivation",
    "updateActivationOtp",
    "commitActivation",
    "createRecoveryCode",
    "recoveryCodeActivation",
    "createActivationByCredentials",
    "phoneActivationCreate",
    "cloudCreateRegistration",
    "cloudCommitRegistration",
];

/// Whether the use case may hash a password.
pub(crate) fn hashes_passwords(endpoint: &str) -> bool {
    HASHING.contains(&endpoint)
}

/// Leaves the executor's threads to others while it computes.
pub(crate) struct Offloaded(pub(crate) Call);

impl Operation for Offloaded {
    type Reply = Response;

    fn lane(&self) -> Option<&str> {
        self.0.lane()
    }

    fn recalls(&self) -> bool {
        self.0.recalls()
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Response> {
        tokio::task::block_in_place(|| self.0.step(input, host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign::api::Api;
    use countersign::crypto::secret::Secret;
    use countersign::engine::{Config, Engine, Keyring, SealingKey};
    use std::sync::Arc;

    #[test]
    fn the_names_are_in_the_table() {
        let key = SealingKey {
            id: 1,
            key: Secret::from_bytes([1; 32]),
        };
        let engine = Engine::new(Config::default(), Keyring::new(key, Vec::new()));
        let api = Api::new(Arc::new(engine));
        for name in HASHING {
            assert!(api.endpoints().iter().any(|row| row.name == *name), "{name}");
        }
    }
}
