//! A phone in a world: the client library, with a PIN and a biometry key at hand.

use countersign::client::{
    Application, Authentication, BiometryKey, Credentials, Device, DeviceState, Installation, Pin,
    PossessionKey,
};
use countersign::crypto::base;
use countersign::crypto::encoding::base64;
use countersign::crypto::header::AuthorizationHeader;
use countersign::crypto::kdf::pbkdf2;
use countersign::crypto::secret::Secret;
use countersign::crypto::symmetric::{ZERO_IV, decrypt_cbc_blocks, encrypt_cbc_blocks};
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use super::host::Dice;
use super::world::{Ask, World};

/// What the user authenticates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factors {
    /// The phone alone.
    Possession,
    /// Phone and PIN.
    Pin,
    /// Phone and a PIN that is wrong.
    WrongPin,
    /// Phone and biometry.
    Biometry,
}

impl Factors {
    /// Whether a failure is counted.
    pub fn counts(self) -> bool {
        self != Self::Possession
    }
}

/// An activated device.
#[derive(Debug)]
pub struct Phone {
    pub device: Device,
    pub rng: Dice,
    /// Signatures made so far: the counter value that the next one is made with.
    pub position: u64,
}

/// A signature over something, ready to be verified any number of times.
#[derive(Clone, Debug)]
pub struct Signed {
    pub factors: Factors,
    /// Counter value it was made with.
    pub position: u64,
    pub header: AuthorizationHeader,
    /// `requestObject` of `signature/verify`.
    pub verify: Value,
}

impl Signed {
    /// The request of a back end that has it verified.
    pub fn ask(&self) -> Ask {
        Ask::rest("/signature/verify", &self.verify)
    }
}

const POSSESSION: [u8; 16] = [0x50; 16];
const BIOMETRY: [u8; 16] = [0xB1; 16];
/// The PIN of every phone.
pub const PIN: &str = "1234";
const WRONG_PIN: &str = "4321";

impl Phone {
    /// Activates a phone with a code and commits the activation.
    pub fn activate(world: &World, application: &Application, user: &str, seed: u64) -> Self {
        let phone = Self::pending(world, application, user, seed, &json!({}));
        let id = phone.device.activation_id();
        world
            .rest("/activation/commit", &json!({ "activationId": id }))
            .ok();
        phone
    }

    /// Activates a phone with a code; the activation still waits for its commit. `extra` is merged into
    /// the request for the code.
    pub fn pending(world: &World, application: &Application, user: &str, seed: u64, extra: &Value) -> Self {
        let mut init = json!({ "userId": user, "applicationId": world.application_of(application) });
        init.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        let init = world.rest("/activation/init", &init).ok();
        Self::with_code(world, application, init["activationCode"].as_str().unwrap(), seed)
    }

    /// A request for the key exchange, not sent.
    pub fn exchange(world: &World, application: &Application, code: &str, seed: u64) -> Ask {
        let mut rng = Dice::new(seed);
        let application = with_temporary_key(world, application.clone(), &mut rng);
        let code = application.read_activation_code(code).unwrap();
        let credentials = Credentials::code(&code.code);
        let call = application
            .activate(&credentials, &Installation::default(), world.now(), &mut rng)
            .unwrap();
        Ask::from(&call.request)
    }

    /// The key exchange for a code.
    pub fn with_code(world: &World, application: &Application, code: &str, seed: u64) -> Self {
        let mut rng = Dice::new(seed);
        let application = with_temporary_key(world, application.clone(), &mut rng);
        let code = application.read_activation_code(code).unwrap();
        let credentials = Credentials::code(&code.code);
        let call = application
            .activate(&credentials, &Installation::default(), world.now(), &mut rng)
            .unwrap();
        let answer = world.send(&call.request);
        let activation = call.pending.read(answer.status, &answer.body).unwrap();
        let pin = Pin::new(PIN).unwrap();
        let biometry = BiometryKey::from_bytes(BIOMETRY);
        let device = activation
            .protect(
                &pin,
                PossessionKey::from_bytes(POSSESSION),
                Some(&biometry),
                &mut rng,
            )
            .unwrap();
        Self {
            device: load(&with_cheap_pin(&device.to_state())),
            rng,
            position: 0,
        }
    }

    /// A phone as it was stored.
    pub fn from_state(state: &DeviceState, position: u64, seed: u64) -> Self {
        Self {
            device: load(state),
            rng: Dice::new(seed),
            position,
        }
    }

    /// The activation.
    pub fn id(&self) -> String {
        self.device.activation_id().to_owned()
    }

    /// Runs `sign` with the authentication of `factors`.
    pub fn with<T>(
        &mut self,
        factors: Factors,
        sign: impl FnOnce(&mut Device, &Authentication<'_>, &mut Dice) -> T,
    ) -> T {
        let pin = Pin::new(if factors == Factors::WrongPin {
            WRONG_PIN
        } else {
            PIN
        })
        .unwrap();
        let biometry = BiometryKey::from_bytes(BIOMETRY);
        let authentication = match factors {
            Factors::Possession => Authentication::Possession,
            Factors::Pin | Factors::WrongPin => Authentication::PossessionKnowledge(&pin),
            Factors::Biometry => Authentication::PossessionBiometry(&biometry),
        };
        self.position += 1;
        sign(&mut self.device, &authentication, &mut self.rng)
    }

    /// Signs a login, to be verified by a back end.
    pub fn login(&mut self, factors: Factors) -> Signed {
        let position = self.position;
        let header = self.with(factors, |device, authentication, rng| {
            device
                .authorize("POST", "/login", b"{}", authentication, rng)
                .unwrap()
                .assume_saved()
        });
        let verify = verification(&header);
        Signed {
            factors,
            position,
            header,
            verify,
        }
    }

    /// Gets a token and keeps it under `name`.
    pub fn token(&mut self, world: &World, name: &str, factors: Factors) {
        let now = world.now();
        self.refresh(world);
        let call = self.with(factors, |device, authentication, rng| {
            device
                .create_token(name, authentication, now, rng)
                .unwrap()
                .assume_saved()
        });
        let answer = world.send(&call.request);
        call.pending
            .read(&mut self.device, answer.status, &answer.body)
            .unwrap();
    }

    /// `requestObject` of `token/validate` for a header made at `now`.
    pub fn present(&mut self, name: &str, now: u64) -> Value {
        let header = self.device.token_header(name, now, &mut self.rng).unwrap();
        json!({
            "tokenId": header.token_id,
            "tokenDigest": base64::encode(&header.digest),
            "nonce": base64::encode(&header.nonce),
            "timestamp": header.timestamp,
            "protocolVersion": header.version.as_str(),
        })
    }

    /// Fetches a temporary key when the protocol version wants one.
    pub fn refresh(&mut self, world: &World) {
        if self.device.needs_temporary_key(world.now()) {
            let call = self.device.request_temporary_key(&mut self.rng).unwrap();
            let answer = world.send(&call.request);
            let key = call.pending.read(answer.status, &answer.body).unwrap();
            self.device.keep_temporary_key(key).unwrap();
        }
    }
}

fn load(state: &DeviceState) -> Device {
    Device::from_state(state, PossessionKey::from_bytes(POSSESSION)).unwrap()
}

/// An application with a temporary key where its version wants one.
pub fn with_temporary_key(world: &World, mut application: Application, rng: &mut Dice) -> Application {
    if application.needs_temporary_key(world.now()) {
        let call = application.request_temporary_key(rng).unwrap();
        let answer = world.send(&call.request);
        let key = call.pending.read(answer.status, &answer.body).unwrap();
        application.keep_temporary_key(key).unwrap();
    }
    application
}

/// Wraps the knowledge key with one round instead of ten thousand: the server never sees the
/// difference, and a simulation can afford to type PINs.
fn with_cheap_pin(state: &DeviceState) -> DeviceState {
    let mut fields: Value = serde_json::from_str(&state.to_json().unwrap()).unwrap();
    let bytes = |field: &str| base64::decode_array::<16>(fields[field].as_str().unwrap()).unwrap();
    let salt = bytes("knowledgeSalt");
    let rounds = fields["knowledgeIterations"].as_u64().unwrap();
    let stretched = |rounds: u64| {
        let mut key = [0; 16];
        pbkdf2(PIN.as_bytes(), &salt, rounds.try_into().unwrap(), &mut key);
        Secret::from_bytes(key)
    };
    let key = decrypt_cbc_blocks(&stretched(rounds), &ZERO_IV, &bytes("knowledgeKey")).unwrap();
    let wrapped = encrypt_cbc_blocks(&stretched(1), &ZERO_IV, key.as_bytes()).unwrap();
    fields["knowledgeKey"] = json!(base64::encode(&wrapped));
    fields["knowledgeIterations"] = json!(1);
    DeviceState::from_json(&fields.to_string()).unwrap()
}

impl World {
    /// A new application, with its client side at `version`.
    pub fn application(&self, id: &str, version: ProtocolVersion) -> Application {
        self.rest("/application/create", &json!({ "applicationId": id }))
            .ok();
        let detail = self
            .rest("/application/detail", &json!({ "applicationId": id }))
            .ok();
        let config = detail["versions"][0]["mobileSdkConfig"].as_str().unwrap();
        Application::from_sdk_config(config)
            .unwrap()
            .with_version(version)
    }

    fn application_of(&self, application: &Application) -> String {
        let request = json!({ "applicationKey": application.key() });
        let found = self.rest("/application/detail/version", &request).ok();
        found["applicationId"].as_str().unwrap().to_owned()
    }
}

/// Asks whether a login is signed.
pub fn verification(header: &AuthorizationHeader) -> Value {
    json!({
        "activationId": header.activation_id,
        "applicationKey": header.application_key,
        "data": base::build("POST", "/login", &header.nonce, b"{}"),
        "signature": header.signature,
        "signatureType": header.signature_type.as_upper_str(),
        "signatureVersion": header.version.as_str(),
    })
}
