//! Work for nothing. Who has no keys of an activation must not learn from the time of a refusal whether there is such an
//! activation, or in which state it is: what would be computed for one that is there and ACTIVE is computed for any, with
//! keys drawn for the occasion, and the result is thrown away.

use std::hint::black_box;
use std::sync::LazyLock;

use super::application_version::open_secret;
use super::envelope::Received;
use super::signature::{Attempt, search};
use super::{Engine, EngineStop, Place, journal, keystore};
use crate::crypto::counter::HashCounter;
use crate::crypto::ecies::replay_identifier;
use crate::crypto::key::PrivateKey;
use crate::crypto::schedule::FactorKeys;
use crate::crypto::secret::Secret;
use crate::crypto::status::{BlobStatus, StatusBlob};
use crate::crypto::token;
use crate::crypto::version::ProtocolVersion;
use crate::model::activation::{ACTIVATION, Activation, ActivationStatus, OtpValidation};
use crate::model::application::ApplicationVersion;
use crate::model::journal::{Entry, Event, Head, Subject};
use crate::model::replay::Seen;
use crate::model::token::Token;
use crate::store::{Entity, Fault, Stop, Tx};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
/// As long as the secret of an application version.
const SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAA==";
const KEYS: usize = 80;

/// Bodies of records as large as real ones.
static ACTIVATION_BODY: LazyLock<Vec<u8>> = LazyLock::new(|| activation().encode());
static TOKEN_BODY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let token = Token {
        id: NOBODY.to_owned(),
        activation: NOBODY.to_owned(),
        secret: vec![0; 48],
        signature_type: "POSSESSION".to_owned(),
        created: 1_700_000_000_000,
        removed_until: None,
    };
    token.encode()
});

fn activation() -> Activation {
    Activation {
        id: NOBODY.to_owned(),
        application: "application".to_owned(),
        user: "user".to_owned(),
        status: ActivationStatus::Removed,
        code: "AAAAA-AAAAA-AAAAA-AAAAA".to_owned(),
        name: Some("phone".to_owned()),
        extras: None,
        platform: Some("platform".to_owned()),
        device_info: Some("device".to_owned()),
        flags: Vec::new(),
        failed_attempts: 0,
        max_failed_attempts: 5,
        blocked_reason: None,
        counter: 1,
        counter_data: Some(vec![0; 16]),
        device_public: Some(vec![0; 65]),
        server_public: vec![0; 65],
        server_private: vec![0; 64],
        keys: Some(vec![0; KEYS + 32]),
        otp: None,
        otp_validation: OtpValidation::None,
        version: Some(3),
        created: 1_700_000_000_000,
        last_used: 1_700_000_000_000,
        last_change: Some(1_700_000_000_000),
        expires: 1_700_000_000_000,
        journal: Head::default(),
        recovery: None,
        last_failure: None,
    }
}

/// An activation, read from its record.
pub(crate) fn read() -> Result<Activation, EngineStop> {
    Activation::decode(black_box(&ACTIVATION_BODY)).map_err(|corrupt| Fault::from(corrupt).into())
}

/// An entry in the journal of an activation, without the journal.
pub(crate) fn journal(tx: &mut Tx<'_>, event: Event) -> Result<(), EngineStop> {
    let entry = Entry {
        subject: Subject::Activation(NOBODY.to_owned()),
        number: 1,
        previous: vec![0; 32],
        at: tx.now(),
        public_id: journal::public_id(tx)?,
        event,
    };
    black_box(journal::encoded(&entry));
    Ok(())
}

/// Sealing costs what opening does.
fn open(engine: &Engine, tx: &mut Tx<'_>, length: usize) -> Result<(), EngineStop> {
    let place = Place {
        collection: ACTIVATION,
        id: NOBODY,
        field: "keys",
    };
    black_box(engine.keyring.seal(place, &vec![0; length], tx)?);
    Ok(())
}

/// The evaluation of a signature that matches nothing.
pub(crate) fn signature(
    engine: &Engine,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_>,
    version: Option<&ApplicationVersion>,
) -> Result<(), EngineStop> {
    if let Some(version) = version {
        black_box(open_secret(engine, version)?);
    }
    open(engine, tx, KEYS)?;
    let keys = FactorKeys {
        possession: Secret::generate(tx)?,
        knowledge: Secret::generate(tx)?,
        biometry: Secret::generate(tx)?,
    };
    let start = HashCounter::generate(tx)?;
    black_box(search(engine, &keys, &start, attempt, SECRET).is_some());
    Ok(())
}

/// What an attempt with an activation that exists leaves in the store: two records, these gone as soon as possible.
pub(crate) fn trace(tx: &mut Tx<'_>) -> Result<(), EngineStop> {
    black_box(activation().encode());
    let attempt = super::uuid(tx)?;
    for part in ["record", "journal"] {
        tx.put(&Seen {
            value: format!("attempt/{attempt}/{part}"),
            expires: tx.now(),
        });
    }
    Ok(())
}

/// A transport key that nobody has.
pub(crate) fn transport(engine: &Engine, tx: &mut Tx<'_>) -> Result<Secret<16>, EngineStop> {
    black_box(read()?);
    open(engine, tx, KEYS)?;
    Ok(Secret::generate(tx)?)
}

/// The opening of an envelope that does not open, for an activation `spelled` that is not there or may not. Accepts nothing.
pub(crate) fn envelope(
    engine: &Engine,
    tx: &mut Tx<'_>,
    received: &Received,
    spelled: &str,
    application_key: &str,
) -> Result<(), EngineStop> {
    let Some(request) = received.peek() else {
        return Ok(());
    };
    if let Some(nonce) = &request.nonce {
        let value = replay_identifier(&request.ephemeral_key, nonce, spelled);
        black_box(tx.peek::<Seen>(&value)?.is_some());
    }
    black_box(read()?);
    open(engine, tx, SECRET.len())?;
    open(engine, tx, KEYS)?;
    if let Some(id) = &request.temporary_key_id {
        // Nobody has a temporary key of an activation that is not there.
        return match keystore::private_key(engine, tx, id, application_key, Some(spelled)) {
            Ok(_) | Err(Stop::Refuse(_)) => Ok(()),
            Err(stop) => Err(stop),
        };
    }
    open(engine, tx, 32)?;
    let private = PrivateKey::generate(tx).ok();
    let private = private.and_then(|it| engine.backend.import_private(&it).ok());
    black_box(private.map(|it| it.agree_encoded(&request.ephemeral_key).is_ok()));
    Ok(())
}

/// A token that is not there, read as one that is and whose digest is wrong.
pub(crate) fn token(engine: &Engine, tx: &mut Tx<'_>, id: &str) -> Result<(), EngineStop> {
    // A token leads to its activation, which is read after it.
    black_box(tx.peek::<Activation>(id)?.is_some());
    black_box(Token::decode(black_box(&TOKEN_BODY)).is_ok());
    black_box(read()?);
    open(engine, tx, 16)?;
    // Sealing has drawn random bytes already, which opening does not.
    let secret = black_box(Secret::from_bytes([0; 16]));
    let digest = token::verify(&secret, &[0; 16], tx.now(), ProtocolVersion::V3_2, &[0; 32]);
    black_box(digest);
    Ok(())
}

/// The status of an activation that is not there, with noise for a blob.
pub(crate) fn status(
    engine: &Engine,
    tx: &mut Tx<'_>,
    challenge: Option<[u8; 16]>,
) -> Result<(), EngineStop> {
    black_box(read()?);
    open(engine, tx, KEYS)?;
    let transport = Secret::<16>::generate(tx)?;
    let blob = StatusBlob {
        status: BlobStatus::Removed,
        current_version: 3,
        upgrade_version: 3,
        counter_byte: 0,
        failed_attempts: 0,
        max_failed_attempts: 0,
        look_ahead: engine.config.look_ahead,
        counter_digest: HashCounter::generate(tx)?.digest(&transport),
    };
    match challenge {
        Some(challenge) => {
            black_box(blob.encrypt(&transport, &challenge, &[0; 16], tx)?);
        }
        None => {
            black_box(blob.encrypt_legacy(&transport, tx)?);
        }
    }
    Ok(())
}
