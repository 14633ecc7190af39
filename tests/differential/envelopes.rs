//! ECIES of every version and purpose: sealed on one side and opened on the other, with the answer on the way back; keys of
//! requests for temporary keys.

use countersign::crypto::backend::default_backend;
use countersign::crypto::ecies::{
    Decryptor, EciesError, Encryptor, EnvelopeRequest, EnvelopeResponse, Parameters, Purpose, ResponseSealer,
    Scope, shared_info2_base,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::jwt;
use countersign::crypto::key::{KeyPair, PrivateKey};
use countersign::crypto::secret::{Secret, SecretVec};
use countersign::crypto::version::ProtocolVersion;

use super::case::{Answer, Ask, Case, Operation, Verdict, different, maybe_number, maybe_text};
use super::dice::Dice;

pub(crate) fn operations() -> [Operation; 3] {
    [
        Operation::new("ECIES, sealed by ours", sealed_by_ours),
        Operation::new("ECIES, sealed by theirs", sealed_by_theirs),
        Operation::new("key of a request for a key", request_key),
    ]
}

/// Purposes, and what the library calls them.
const PURPOSES: [(Purpose, &str); 7] = [
    (Purpose::GenericApplication, "APPLICATION_SCOPE_GENERIC"),
    (Purpose::GenericActivation, "ACTIVATION_SCOPE_GENERIC"),
    (Purpose::ActivationLayer2, "ACTIVATION_LAYER_2"),
    (Purpose::UpgradeStart, "UPGRADE"),
    (Purpose::VaultUnlock, "VAULT_UNLOCK"),
    (Purpose::TokenCreate, "CREATE_TOKEN"),
    (Purpose::RecoveryConfirm, "CONFIRM_RECOVERY_CODE"),
];

/// What both sides agree on beforehand.
#[derive(Clone)]
struct Setting {
    version: ProtocolVersion,
    purpose: Purpose,
    name: &'static str,
    application_key: String,
    secret: String,
    activation_id: Option<String>,
    key_id: Option<String>,
    transport: Option<[u8; 16]>,
    private: PrivateKey,
}

impl Setting {
    fn draw(dice: &mut Dice) -> Self {
        let version = dice.pick(&ProtocolVersion::ALL);
        let (purpose, name) = dice.pick(&PURPOSES);
        let activation = purpose.scope() == Scope::Activation;
        Self {
            version,
            purpose,
            name,
            application_key: base64::encode(&dice.array::<16>()),
            secret: base64::encode(&dice.array::<16>()),
            activation_id: activation.then(|| dice.uuid()),
            key_id: version.has_temporary_keys().then(|| dice.uuid()),
            transport: activation.then(|| dice.array()),
            private: PrivateKey::generate(dice).unwrap(),
        }
    }

    fn parameters(&self) -> Parameters<'_> {
        Parameters {
            version: self.version,
            purpose: self.purpose,
            application_key: &self.application_key,
            activation_id: self.activation_id.as_deref(),
            temporary_key_id: self.key_id.as_deref(),
        }
    }

    fn base(&self) -> Secret<32> {
        shared_info2_base(&self.secret, self.transport.map(Secret::from_bytes).as_ref())
    }

    /// Ours, as the server.
    fn open(&self, request: &EnvelopeRequest) -> Result<(SecretVec, ResponseSealer), EciesError> {
        let request = request.decode(self.version)?;
        let private = default_backend().import_private(&self.private).unwrap();
        Decryptor::new(private.as_ref(), &self.parameters(), &self.base(), &request)?.open(&request)
    }

    fn ask(&self, function: &'static str) -> Ask {
        Ask::new(function)
            .bytes(self.version.as_str())
            .bytes(self.name)
            .bytes(&self.application_key)
            .bytes(&self.secret)
            .maybe(self.activation_id.as_deref())
            .maybe(self.key_id.as_deref())
            .maybe(self.transport)
    }

    fn pair(&self) -> KeyPair {
        KeyPair::from_private(default_backend(), self.private.clone()).unwrap()
    }
}

fn time(dice: &mut Dice) -> u64 {
    1_700_000_000_000 + dice.number() % 100_000_000_000
}

/// One bit of one field, or of what was agreed on, or a field that is missing or too many.
fn tamper(dice: &mut Dice, setting: &mut Setting, request: &mut EnvelopeRequest) {
    let bit = |field: &mut Option<String>, dice: &mut Dice| {
        if let Some(text) = field {
            let mut bytes = base64::decode(text).unwrap();
            dice.flip(&mut bytes);
            *text = base64::encode(&bytes);
        }
    };
    let other_case = |text: &mut String| {
        let upper = text.to_uppercase();
        *text = if *text == upper {
            text.to_lowercase()
        } else {
            upper
        };
    };
    match dice.below(13) {
        0 => bit(&mut request.ephemeral_public_key, dice),
        1 => bit(&mut request.encrypted_data, dice),
        2 => bit(&mut request.mac, dice),
        3 => bit(&mut request.nonce, dice),
        4 => request.timestamp = request.timestamp.map(|it| it ^ (1 << dice.below(40))),
        5 => setting.application_key = base64::encode(&dice.array::<16>()),
        6 => setting.secret = base64::encode(&dice.array::<16>()),
        7 => setting.activation_id.iter_mut().for_each(other_case),
        8 => {
            setting.key_id.iter_mut().for_each(other_case);
            request.temporary_key_id.clone_from(&setting.key_id);
        }
        9 => setting.transport = setting.transport.map(|_| dice.array()),
        10 => {
            request.nonce = match request.nonce {
                Some(_) => None,
                None => Some(base64::encode(&dice.array::<16>())),
            }
        }
        11 => {
            request.timestamp = match request.timestamp {
                Some(_) => None,
                None => Some(time(dice)),
            }
        }
        _ => {
            let length = dice.pick(&[0, 1, 15, 17, 32]);
            let other = base64::encode(&dice.bytes(length));
            request.nonce = request.nonce.as_ref().map(|_| other);
        }
    }
}

fn sealed_by_ours(dice: &mut Dice) -> Case {
    let sender = Setting::draw(dice);
    let (plain, reply) = (dice.some_bytes(2_000), dice.some_bytes(2_000));
    let recipient = sender.pair().public;
    let encryptor = Encryptor::new(
        default_backend(),
        &recipient,
        &sender.parameters(),
        &sender.base(),
        dice,
    )
    .unwrap();
    let now = time(dice);
    let (mut request, opener) = encryptor.seal(&plain, now, dice).unwrap();
    let mut receiver = sender.clone();
    let tampered = dice.once_in(4);
    if tampered {
        tamper(dice, &mut receiver, &mut request);
    }
    let ours = receiver
        .open(&request)
        .ok()
        .map(|(plain, _)| plain.as_bytes().to_vec());
    receiver
        .ask("ecies.open")
        .bytes(receiver.private.to_signed_bytes().as_bytes())
        .maybe(request.ephemeral_public_key.as_deref())
        .maybe(request.encrypted_data.as_deref())
        .maybe(request.mac.as_deref())
        .maybe(request.nonce.as_deref())
        .maybe_number(request.timestamp.map(|it| i64::try_from(it).unwrap()))
        .bytes(&reply)
        .compare(move |answer| {
            let Some([theirs, data, mac, nonce, timestamp]) = answer.values::<5>() else {
                return match (answer, ours) {
                    (Answer::Refused(_), None) => Verdict::Same("refused by both"),
                    (_, ours) => different(&ours, answer),
                };
            };
            let other = *theirs != Some(plain.clone());
            if *theirs != ours || (other && !(tampered && sender.version == ProtocolVersion::V3_1)) {
                return different(&ours, answer);
            }
            let response = EnvelopeResponse {
                encrypted_data: maybe_text(data),
                mac: maybe_text(mac),
                nonce: maybe_text(nonce),
                timestamp: maybe_number(timestamp).map(|it| u64::try_from(it).unwrap()),
            };
            if other {
                // The nonce of 3.1 is not covered: another one makes another text, the same for both.
                return Verdict::Same("another text, of 3.1 only");
            }
            // Up to 3.1 application key and ids are covered neither on the way there nor on the way back.
            match opener.open(&response) {
                Ok(read) if read.as_bytes() == reply => Verdict::Same(sender.version.as_str()),
                other => different(&other.map(|_| "another text"), answer),
            }
        })
}

fn sealed_by_theirs(dice: &mut Dice) -> Case {
    let setting = Setting::draw(dice);
    let (plain, reply) = (dice.some_bytes(2_000), dice.some_bytes(2_000));
    let public = setting.pair().public;
    let encoded = if dice.once_in(2) {
        public.as_bytes().to_vec()
    } else {
        public.to_compressed().to_vec()
    };
    let now = time(dice);
    let flipped = dice.once_in(8).then(|| dice.number());
    let mut rest = Dice::new(dice.number(), "answer", 0);
    setting
        .ask("ecies.seal")
        .bytes(encoded)
        .bytes(&plain)
        .compare(move |answer| {
            let Some([handle, key, data, mac, nonce, timestamp]) = answer.values::<6>() else {
                return different(&"an envelope", answer);
            };
            let request = EnvelopeRequest {
                temporary_key_id: setting.key_id.clone(),
                ephemeral_public_key: maybe_text(key),
                encrypted_data: maybe_text(data),
                mac: maybe_text(mac),
                nonce: maybe_text(nonce),
                timestamp: maybe_number(timestamp).map(|it| u64::try_from(it).unwrap()),
            };
            let (opened, sealer) = match setting.open(&request) {
                Ok(opened) => opened,
                Err(error) => return different(&error, answer),
            };
            if opened.as_bytes() != plain {
                return different(&"another text", answer);
            }
            let mut response = sealer.seal(&reply, now, &mut rest).unwrap();
            if let Some(bit) = flipped {
                let mut mac = base64::decode(response.mac.as_deref().unwrap()).unwrap();
                let at = usize::try_from(bit % 32).unwrap();
                mac[at] ^= 1;
                response.mac = Some(base64::encode(&mac));
            }
            let version = setting.version.as_str();
            Verdict::Next(
                Ask::new("ecies.read")
                    .maybe(handle.as_deref())
                    .maybe(response.encrypted_data)
                    .maybe(response.mac)
                    .maybe(response.nonce)
                    .maybe_number(response.timestamp.map(|it| i64::try_from(it).unwrap()))
                    .compare(move |answer| match (answer, flipped) {
                        (Answer::Values(values), None) if *values == [Some(reply.clone())] => {
                            Verdict::Same(version)
                        }
                        (Answer::Refused(_), Some(_)) => Verdict::Same("answer refused"),
                        _ => different(&reply, answer),
                    }),
            )
        })
}

fn request_key(dice: &mut Dice) -> Case {
    let secret: [u8; 16] = dice.array();
    let transport = Secret::from_bytes(dice.array());
    let ours = jwt::request_key(&secret, Some(&transport));
    Ask::new("jwt.key")
        .bytes(transport.as_bytes())
        .bytes(secret)
        .equals("keys", vec![ours.as_bytes().to_vec()])
}
