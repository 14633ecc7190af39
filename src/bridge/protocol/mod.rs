//! Parts of the protocol that are useful alone, for hosts in any language: one command as JSON, one result.
//!
//! A command is an object with `do`, the members below and no other; `?` marks what may be left out. Keys, nonces and other
//! bytes are Base64, private keys 32 bytes, public keys 33 or 65, all other keys 16. The result is `{"result":{…}}`, or
//! `{"error":{"kind","message"}}` where `kind` is `malformed` (a text or an envelope is not what it should be) or `failed`
//! (it cannot be opened, or not be made). A wrong signature is no error but `"valid":false`.
//!
//! | `do` | members | `result` |
//! |---|---|---|
//! | `activationCode` | `text` (`code` or `code#signature`), `masterPublicKey`? | `code`, `signed`: by this key |
//! | `tokenDigest` | `secret`, `nonce`, `timestamp`, `version` | `digest` |
//! | `signatureHeader` | `value` | `activationId`, `applicationKey`, `nonce`, `factors`, `signature`, `version` |
//! | `tokenHeader` | `value`, `secret`? | `tokenId`, `digest`, `nonce`, `timestamp`, `version`; with the secret `valid` |
//! | `encryptionHeader` | `value` | `version`, `applicationKey`, `activationId` |
//! | `verifySignature` | `value` (of the header), `method`, `uriId`, `data` (bytes), `applicationSecret`, `counter`, `window`?, `possessionKey`?, `knowledgeKey`?, `biometryKey`? | `valid`; and where it is: `offset`, `factors`, `next`: the counter to store |
//! | `offlinePayload` | `data` (lines 0 to 4), `privateKey`, `personalized`, `nonce`, `totp`? | `payload` |
//! | `verifyOfflinePayload` | `payload`, `publicKey` | `valid`, `personalized`, `operationId`, `title`, `message`, `data`, `nonce`, `baseString` |
//! | `verifyOfflineCode` | `baseString`, `code`, `counter`, `window`?, `biometry`?, `possessionKey`, `knowledgeKey`, `biometryKey`? | as `verifySignature` |
//! | `statusBlob` | `blob`, `transportKey`, `challenge`, `nonce` | `status` (1 to 5), `currentVersion`, `upgradeVersion`, `counterByte`, `failedAttempts`, `maxFailedAttempts`, `lookAhead`, `counterDigest` |
//! | `eciesSeal` | `publicKey`, `parameters`, `data` | `envelope`, `envelopeKey`: for the response |
//! | `eciesOpenResponse` | `envelopeKey`, `parameters`, `requestNonce`?, `response` | `data` |
//! | `eciesOpen` | `privateKey`, `parameters`, `envelope` | `data` |
//! | `eciesSealResponse` | as `eciesOpen`, and `data` | `response` |
//!
//! The parameters of an envelope are an object `parameters` with `version`, `purpose` (`genericApplication`, `genericActivation`, `activationLayer1`,
//! `activationLayer2`, `upgradeStart`, `vaultUnlock`, `tokenCreate`, `recoveryConfirm`), `applicationKey`,
//! `applicationSecret`, in activation scope `activationId` and `transportKey`, in 3.3 `temporaryKeyId`. Nothing here
//! remembers what was accepted: that an envelope, a counter or a nonce comes once is the caller's to see to.
//!
//! ```
//! # use countersign::bridge::protocol;
//! # use countersign::bridge::seeded::Seeded;
//! let command = r#"{"do":"activationCode","text":"AAAQE-AYEAU-DAOCA-JIICA"}"#;
//! let result = protocol::perform(command, 1_700_000_000_000, &mut Seeded::new("example", "1"))?;
//! assert_eq!(result, br#"{"result":{"code":"AAAQE-AYEAU-DAOCA-JIICA","signed":false}}"#);
//! # Ok::<(), countersign::bridge::Error>(())
//! ```

mod coded;
mod ecies;
mod offline;
mod online;

use serde::Deserialize;
use serde_json::{Value, json};

use super::code::{Code, Error};
use super::unreadable;
use crate::crypto::random::Random;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
enum Command {
    ActivationCode(online::ActivationCode),
    TokenDigest(online::TokenDigest),
    SignatureHeader(online::Header),
    TokenHeader(online::TokenHeaderCheck),
    EncryptionHeader(online::Header),
    VerifySignature(Box<online::VerifySignature>),
    OfflinePayload(offline::MakePayload),
    VerifyOfflinePayload(offline::VerifyPayload),
    VerifyOfflineCode(Box<offline::VerifyCode>),
    StatusBlob(online::Blob),
    EciesSeal(Box<ecies::Seal>),
    EciesOpenResponse(Box<ecies::OpenResponse>),
    EciesOpen(Box<ecies::Open>),
    EciesSealResponse(Box<ecies::SealResponse>),
}

/// Why there is no result.
enum Failure {
    Malformed(String),
    Failed(String),
}

fn malformed(error: impl std::fmt::Display) -> Failure {
    Failure::Malformed(error.to_string())
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Failed(error.to_string())
}

/// Carries out a command: the JSON text of its result.
///
/// # Errors
/// [`Code::Argument`] when the command cannot be read.
pub fn perform(command: &str, now_ms: u64, rng: &mut dyn Random) -> Result<Vec<u8>, Error> {
    let command: Command = serde_json::from_str(command).map_err(|error| unreadable("command", &error))?;
    let outcome: Result<Value, Failure> = match command {
        Command::ActivationCode(command) => command.run(),
        Command::TokenDigest(command) => Ok(command.run()),
        Command::SignatureHeader(command) => command.signature(),
        Command::TokenHeader(command) => command.run(),
        Command::EncryptionHeader(command) => command.encryption(),
        Command::VerifySignature(command) => command.run(),
        Command::OfflinePayload(command) => command.run(),
        Command::VerifyOfflinePayload(command) => command.run(),
        Command::VerifyOfflineCode(command) => command.run(),
        Command::StatusBlob(command) => command.run(),
        Command::EciesSeal(command) => command.run(now_ms, rng),
        Command::EciesOpenResponse(command) => command.run(),
        Command::EciesOpen(command) => command.run(),
        Command::EciesSealResponse(command) => command.run(now_ms, rng),
    };
    let outcome = match outcome {
        Ok(result) => json!({ "result": result }),
        Err(Failure::Malformed(message)) => json!({ "error": { "kind": "malformed", "message": message } }),
        Err(Failure::Failed(message)) => json!({ "error": { "kind": "failed", "message": message } }),
    };
    serde_json::to_vec(&outcome).map_err(|_| Error::new(Code::Internal, "result"))
}

#[cfg(test)]
mod tests;
