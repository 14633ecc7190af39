//! A small server and edge in one, written with the primitives of `crypto` only: what a phone may expect of the real ones.

use crate::support::Seeded;
use countersign::client::Request;
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::base;
use countersign::crypto::code::{ActivationCode, Puk, RecoveryCode};
use countersign::crypto::counter::HashCounter;
use countersign::crypto::ecies::{
    Decryptor, EnvelopeRequest, Parameters, Purpose, ResponseSealer, Scope, replay_identifier,
    shared_info2_base,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::header::{
    AUTHORIZATION_HEADER, AuthorizationHeader, ENCRYPTION_HEADER, EncryptionHeader, TOKEN_HEADER, TokenHeader,
};
use countersign::crypto::identifier::uuid_v4;
use countersign::crypto::key::{KeyPair, PrivateKey, PublicKey};
use countersign::crypto::query;
use countersign::crypto::schedule::ActivationKeys;
use countersign::crypto::sdk_config::SdkConfiguration;
use countersign::crypto::secret::Secret;
use countersign::crypto::signature::{SignatureFormat, SignatureType, look_ahead};
use countersign::crypto::status::BlobStatus;
use countersign::crypto::token;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

pub const NOW: u64 = 1_700_000_000_000;
pub const WINDOW: u32 = 20;

/// A refusal: status, code, further members.
#[derive(Debug)]
pub struct No(pub u16, pub &'static str, pub Value);

pub type Answer<T> = Result<T, No>;

pub fn no<T>(status: u16, code: &'static str) -> Answer<T> {
    Err(No(status, code, json!({})))
}

/// One activation at the server.
pub struct Activation {
    pub id: String,
    pub code: ActivationCode,
    pub otp: Option<String>,
    pub server: KeyPair,
    pub device: Option<PublicKey>,
    pub keys: Option<ActivationKeys>,
    pub counter: HashCounter,
    pub number: u64,
    pub status: BlobStatus,
    pub generation: u8,
    pub failed: u8,
    pub request: Value,
    pub recovery: Option<(RecoveryCode, Puk)>,
    pub recovery_confirmed: bool,
    pub name: Option<String>,
}

/// A token at the server.
pub struct StoredToken {
    pub activation: String,
    pub secret: Secret<16>,
    pub kind: SignatureType,
}

struct TemporaryPair {
    pair: KeyPair,
    activation: Option<String>,
    expires: u64,
}

pub struct Server {
    pub now: u64,
    pub rng: Seeded,
    pub master: KeyPair,
    pub key: String,
    pub secret: [u8; 16],
    pub activations: Vec<Activation>,
    pub tokens: BTreeMap<String, StoredToken>,
    pub operations: Vec<Value>,
    temporary: BTreeMap<String, TemporaryPair>,
    seen: HashSet<String>,
    /// Requests handled, for counts.
    pub handled: usize,
}

impl Server {
    pub fn new(seed: u64) -> Self {
        let mut rng = Seeded::new(seed);
        let private = PrivateKey::generate(&mut rng).unwrap();
        Self {
            now: NOW,
            master: KeyPair::from_private(&RustCrypto, private).unwrap(),
            key: base64::encode(&[0x11; 16]),
            secret: [0x22; 16],
            rng,
            activations: Vec::new(),
            tokens: BTreeMap::new(),
            operations: Vec::new(),
            temporary: BTreeMap::new(),
            seen: HashSet::new(),
            handled: 0,
        }
    }

    pub fn secret_text(&self) -> String {
        base64::encode(&self.secret)
    }

    pub fn sdk_config(&self) -> String {
        SdkConfiguration {
            application_key: [0x11; 16],
            application_secret: Secret::from_bytes(self.secret),
            master_public_key: self.master.public.to_compressed().to_vec(),
        }
        .to_text()
    }

    /// Prepares an activation; the text of its QR code.
    pub fn init(&mut self, otp: Option<&str>) -> (String, String) {
        let id = uuid_v4(&mut self.rng).unwrap();
        let code = ActivationCode::generate(&mut self.rng).unwrap();
        let master = RustCrypto.import_private(&self.master.private).unwrap();
        let qr = code.to_qr(&code.sign(master.as_ref()).unwrap());
        self.activations.push(Activation {
            id: id.clone(),
            code,
            otp: otp.map(str::to_owned),
            server: KeyPair::generate(&RustCrypto, &mut self.rng).unwrap(),
            device: None,
            keys: None,
            counter: HashCounter::generate(&mut self.rng).unwrap(),
            number: 0,
            status: BlobStatus::Created,
            generation: 3,
            failed: 0,
            request: Value::Null,
            recovery: None,
            recovery_confirmed: false,
            name: None,
        });
        (id, qr)
    }

    pub fn index(&self, id: &str) -> Option<usize> {
        self.activations.iter().position(|activation| activation.id == id)
    }

    pub fn activation(&mut self, id: &str) -> &mut Activation {
        let index = self.index(id).unwrap();
        &mut self.activations[index]
    }

    /// Keeps a fresh temporary key; its ID and public half.
    pub fn new_temporary_key(&mut self, activation: Option<&str>) -> (String, PublicKey, u64) {
        let pair = KeyPair::generate(&RustCrypto, &mut self.rng).unwrap();
        let id = uuid_v4(&mut self.rng).unwrap();
        let expires = self.now + 300_000;
        let public = pair.public;
        self.temporary.insert(
            id.clone(),
            TemporaryPair {
                pair,
                activation: activation.map(str::to_owned),
                expires,
            },
        );
        (id, public, expires)
    }

    pub fn handle(&mut self, request: &Request) -> (u16, Vec<u8>) {
        self.handled += 1;
        assert_eq!(request.header("Content-Type"), Some("application/json"));
        match self.dispatch(request) {
            Ok(body) => (200, body),
            Err(No(status, code, mut more)) => {
                more["code"] = json!(code);
                let body = json!({ "status": "ERROR", "responseObject": more });
                (status, body.to_string().into_bytes())
            }
        }
    }

    /// Opens an envelope sent with this version.
    pub fn open(
        &mut self,
        envelope: &EnvelopeRequest,
        purpose: Purpose,
        activation: Option<&str>,
        version: ProtocolVersion,
    ) -> Answer<(Vec<u8>, ResponseSealer)> {
        let bad = || No(400, "ERR_ENCRYPTION", json!({}));
        let request = envelope.decode(version).map_err(|_| bad())?;
        assert_eq!(
            request.ephemeral_key.len(),
            33,
            "mobile clients send compressed points"
        );
        if let Some(time) = request.timestamp {
            let nonce = request.nonce.unwrap();
            let id = replay_identifier(&request.ephemeral_key, &nonce, activation.unwrap_or_default());
            if time.abs_diff(self.now) > 60_000 || !self.seen.insert(id) {
                return Err(bad());
            }
        }
        let own = match activation {
            Some(id) => Some(self.index(id).ok_or_else(bad)?),
            None => None,
        };
        let private = match (&request.temporary_key_id, own) {
            (Some(id), _) => {
                let key = self.temporary.get(id).ok_or_else(bad)?;
                if key.activation.as_deref() != activation || key.expires < self.now {
                    return Err(bad());
                }
                &key.pair.private
            }
            (None, Some(index)) => &self.activations[index].server.private,
            (None, None) => &self.master.private,
        };
        let transport = match own {
            Some(index) => Some(&self.activations[index].keys.as_ref().ok_or_else(bad)?.transport),
            None => None,
        };
        let parameters = Parameters {
            version,
            purpose,
            application_key: &self.key,
            activation_id: activation,
            temporary_key_id: request.temporary_key_id.as_deref(),
        };
        let base = shared_info2_base(&self.secret_text(), transport);
        let imported = RustCrypto.import_private(private).unwrap();
        let decryptor = Decryptor::new(imported.as_ref(), &parameters, &base, &request).map_err(|_| bad())?;
        let (plain, sealer) = decryptor.open(&request).map_err(|_| bad())?;
        Ok((plain.as_bytes().to_vec(), sealer))
    }

    /// Opens a whole body.
    pub fn open_body(
        &mut self,
        body: &[u8],
        purpose: Purpose,
        activation: Option<&str>,
        version: ProtocolVersion,
    ) -> Answer<(Vec<u8>, ResponseSealer)> {
        let envelope = serde_json::from_slice(body).map_err(|_| No(400, "ERR_ENCRYPTION", json!({})))?;
        self.open(&envelope, purpose, activation, version)
    }

    pub fn seal(&mut self, sealer: ResponseSealer, plain: &Value) -> Vec<u8> {
        let plain = plain.to_string();
        let envelope = sealer
            .seal(plain.as_bytes(), self.now + 1, &mut self.rng)
            .unwrap();
        serde_json::to_vec(&envelope).unwrap()
    }

    pub fn encryption_header(&self, request: &Request, scope: Scope) -> Answer<EncryptionHeader> {
        assert!(
            request.header(AUTHORIZATION_HEADER).is_none(),
            "an encryption header never stands beside a signature"
        );
        let bad = || No(400, "ERR_ENCRYPTION", json!({}));
        let header = request.header(ENCRYPTION_HEADER).ok_or_else(bad)?;
        let header = EncryptionHeader::parse(header).map_err(|_| bad())?;
        let fits = header.activation_id.is_some() == (scope == Scope::Activation);
        if fits && header.application_key == self.key {
            Ok(header)
        } else {
            Err(bad())
        }
    }

    /// Verifies the signature of a request over `data`; counts and moves as a server does.
    pub fn verify(
        &mut self,
        request: &Request,
        uri_id: &str,
        data: &[u8],
        allowed: &[SignatureType],
    ) -> Answer<AuthorizationHeader> {
        let bad = || No(401, "ERR_AUTHENTICATION", json!({}));
        assert!(request.header(ENCRYPTION_HEADER).is_none());
        let header = request.header(AUTHORIZATION_HEADER).ok_or_else(bad)?;
        let header = AuthorizationHeader::parse(header).map_err(|_| bad())?;
        let secret = self.secret_text();
        if header.application_key != self.key || !allowed.contains(&header.signature_type) {
            return Err(bad());
        }
        let index = self.index(&header.activation_id).ok_or_else(bad)?;
        let activation = &mut self.activations[index];
        if activation.status != BlobStatus::Active {
            return Err(bad());
        }
        let keys = activation.keys.as_ref().unwrap().factor_keys();
        let base = base::build(&request.method, uri_id, &header.nonce, data);
        let signed = base::signed_bytes(&base, &secret);
        let format = SignatureFormat::for_version(header.version.as_str()).unwrap();
        let types = [header.signature_type];
        let counts = header.signature_type.counts_failures();
        let matched = look_ahead(
            &keys,
            &types,
            &activation.counter,
            WINDOW,
            &signed,
            format,
            &header.signature,
        );
        match matched {
            Some(matched) => {
                activation.counter = matched.next;
                activation.number += u64::from(matched.offset) + 1;
                if counts {
                    activation.failed = 0;
                }
                Ok(header)
            }
            None => {
                if counts {
                    activation.failed += 1;
                    if activation.failed >= 5 {
                        activation.status = BlobStatus::Blocked;
                    }
                }
                Err(bad())
            }
        }
    }

    /// What a signature covers: the body, or the canonical query of a GET request.
    pub fn signed_data(request: &Request) -> Vec<u8> {
        match request.path.split_once('?') {
            Some((_, raw)) if request.method == "GET" => query::canonical(raw).unwrap().into_bytes(),
            _ => request.body.clone(),
        }
    }

    pub fn verify_token(&mut self, request: &Request) -> Answer<(String, SignatureType)> {
        let bad = || No(401, "POWERAUTH_AUTH_FAIL", json!({}));
        let header = request.header(TOKEN_HEADER).ok_or_else(bad)?;
        let header = TokenHeader::parse(header).map_err(|_| bad())?;
        let token = self.tokens.get(&header.token_id).ok_or_else(bad)?;
        let fresh = header.timestamp.abs_diff(self.now) < 7_200_000;
        let (nonce, time, version) = (&header.nonce, header.timestamp, header.version);
        if !fresh || !token::verify(&token.secret, nonce, time, version, &header.digest) {
            return Err(bad());
        }
        if !self.seen.insert(replay_identifier(&[], nonce, &header.token_id)) {
            return Err(bad());
        }
        Ok((token.activation.clone(), token.kind))
    }
}
