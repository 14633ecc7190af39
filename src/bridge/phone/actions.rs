//! Activation, signatures, tokens, encrypted requests.

use serde_json::{Value, json};

use super::command::{Activate, Command, Encrypted, NamedToken, ScopeName, Signed, WithToken};
use super::failure::Failure;
use super::{Phone, Prepared, Read};
use crate::client::{
    ActivationStatus, Authentication, BiometryKey, Call, CounterState, Credentials, Installation,
    NewActivation, POSSESSION_UNIVERSAL, Pin, PossessionKey, RecoveryData, Request, SignRequest,
};
use crate::crypto::code::{Puk, RecoveryCode};
use crate::crypto::encoding::base64;
use crate::crypto::header::{AUTHORIZATION_HEADER, TOKEN_HEADER};
use crate::crypto::signature::SignatureType;
use crate::crypto::status::BlobStatus;

/// What signs: the parts that an [`Authentication`] borrows.
pub(super) struct Signer {
    kind: SignatureType,
    pin: Option<Pin>,
    biometry: Option<BiometryKey>,
}

impl Signer {
    pub(super) fn authentication(&self) -> Result<Authentication<'_>, Failure> {
        let pin = self.pin.as_ref().ok_or(Failure::Argument("pin"));
        let key = self.biometry.as_ref();
        let key = key.ok_or(Failure::Request(crate::client::RequestError::NoBiometry));
        Ok(match self.kind {
            SignatureType::Possession => Authentication::Possession,
            SignatureType::Knowledge => Authentication::Knowledge(pin?),
            SignatureType::Biometry => Authentication::Biometry(key?),
            SignatureType::PossessionKnowledge => Authentication::PossessionKnowledge(pin?),
            SignatureType::PossessionBiometry => Authentication::PossessionBiometry(key?),
            SignatureType::PossessionKnowledgeBiometry => {
                Authentication::PossessionKnowledgeBiometry(pin?, key?)
            }
        })
    }
}

/// The bytes of `body` or `bodyBase64`.
pub(super) fn body(text: Option<String>, coded: Option<String>) -> Result<Vec<u8>, Failure> {
    match (text, coded) {
        (Some(text), None) => Ok(text.into_bytes()),
        (None, Some(coded)) => base64::decode(&coded).map_err(|_| Failure::Argument("bodyBase64")),
        (None, None) => Ok(Vec::new()),
        (Some(_), Some(_)) => Err(Failure::Argument("body and bodyBase64")),
    }
}

/// A reply as it came, or as it was decrypted.
fn received(status: u16, body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) => json!({ "status": status, "body": text }),
        Err(_) => json!({ "status": status, "bodyBase64": base64::encode(body) }),
    }
}

fn header(name: &str, value: &str) -> Prepared {
    Prepared::Done(json!({ "name": name, "value": value }))
}

/// A request of the caller's own, whose reply is theirs, too.
fn own(request: Request) -> Prepared {
    Prepared::Send(request, Box::new(|_, status, body| Ok(received(status, body))))
}

/// A request with what reads its reply without the phone.
pub(super) fn sent<P: Send + 'static>(
    call: Call<P>,
    read: impl FnOnce(P, u16, &[u8]) -> Result<Value, Failure> + Send + 'static,
) -> Prepared {
    let Call { request, pending } = call;
    Prepared::Send(
        request,
        Box::new(move |_, status, body| read(pending, status, body)),
    )
}

pub(super) fn token_name(name: Option<String>) -> String {
    name.unwrap_or_else(|| POSSESSION_UNIVERSAL.to_owned())
}

impl Phone {
    pub(super) fn signer(&self, factors: Option<String>, pin: Option<String>) -> Result<Signer, Failure> {
        let kind = match factors {
            Some(name) => SignatureType::parse(&name).map_err(|_| Failure::Argument("factors"))?,
            None if pin.is_some() => SignatureType::PossessionKnowledge,
            None => SignatureType::Possession,
        };
        Ok(Signer {
            kind,
            pin: pin.as_deref().map(Pin::new).transpose()?,
            biometry: self.biometry.clone(),
        })
    }

    pub(super) fn prepare(&mut self, command: Command, now_ms: u64) -> Result<Prepared, Failure> {
        match command {
            Command::Activate(command) => self.activate(&command, now_ms),
            Command::Status(_) => self.status(),
            Command::ValidateSignature(command) => {
                let signer = self.signer(command.factors, command.pin)?;
                let Self { device, rng, .. } = self;
                let device = device.as_mut().ok_or(Failure::NotActivated)?;
                let call = device.validate_signature(&signer.authentication()?, rng)?;
                Ok(sent(call.assume_saved(), |pending, status, body| {
                    pending.read(status, body)?;
                    Ok(Value::Null)
                }))
            }
            Command::SignRequest(command) => self.sign(command),
            Command::SignatureHeader(command) => self.signature_header(command),
            Command::CreateToken(command) => self.create_token(command, now_ms),
            Command::RemoveToken(command) => self.remove_token(command),
            Command::TokenRequest(command) => self.token_request(command, now_ms),
            Command::TokenHeader(command) => {
                let value = self.token_header(&token_name(command.name), now_ms)?;
                Ok(header(TOKEN_HEADER, &value))
            }
            Command::EncryptRequest(command) => self.encrypt(command, now_ms),
            other => self.prepare_operation(other, now_ms),
        }
    }

    fn activate(&mut self, command: &Activate, now_ms: u64) -> Result<Prepared, Failure> {
        let pin = Pin::new(&command.pin)?;
        let recovery = command.recovery_code.as_ref().zip(command.puk.as_ref());
        let credentials = match (&command.code, recovery, &command.attributes) {
            (Some(code), None, None) => Credentials::code(&self.application.read_activation_code(code)?.code),
            (None, Some((code, puk)), None) => {
                Credentials::recovery(&RecoveryCode::parse(code)?, &Puk::parse(puk)?)
            }
            (None, None, Some(attributes)) => {
                let attributes = attributes.iter();
                Credentials::custom(attributes.map(|(name, value)| (name.as_str(), value.as_str())))
            }
            _ => {
                return Err(Failure::Argument(
                    "one of code, recoveryCode with puk, attributes",
                ));
            }
        };
        let installation = Installation {
            name: command.name.as_deref(),
            extras: command.extras.as_deref(),
            otp: command.otp.as_deref(),
            platform: command.platform.as_deref(),
            device_info: command.device_info.as_deref(),
            external_id: command.external_id.as_deref(),
            custom_attributes: command.custom_attributes.as_ref(),
        };
        let biometry = command.biometry;
        let call = self
            .application
            .activate(&credentials, &installation, now_ms, &mut self.rng)?;
        let read: Read = Box::new(move |phone, status, body| {
            let activation = call.pending.read(status, body)?;
            phone.protect(activation, &pin, biometry)
        });
        Ok(Prepared::Send(call.request, read))
    }

    fn protect(&mut self, activation: NewActivation, pin: &Pin, biometry: bool) -> Result<Value, Failure> {
        let result = json!({
            "activationId": activation.activation_id(),
            "fingerprint": activation.fingerprint(),
            "recovery": activation.recovery().map(recovery),
            "customAttributes": activation.custom_attributes(),
            "userInfo": activation.user_info(),
        });
        let key = match biometry {
            true => Some(BiometryKey::generate(&mut self.rng)?),
            false => None,
        };
        let possession = PossessionKey::from_bytes(self.possession);
        let device = activation.protect(pin, possession, key.as_ref(), &mut self.rng)?;
        (self.device, self.biometry) = (Some(device), key);
        Ok(result)
    }

    fn status(&mut self) -> Result<Prepared, Failure> {
        let Self { device, rng, .. } = self;
        let call = device
            .as_ref()
            .ok_or(Failure::NotActivated)?
            .request_status(rng)?;
        let read: Read = Box::new(move |phone, status, body| {
            let status = call.pending.read(phone.device()?, status, body)?;
            Ok(status_json(&status))
        });
        Ok(Prepared::Send(call.request, read))
    }

    fn sign(&mut self, command: Signed) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let body = body(command.body, command.body_base64)?;
        let request = SignRequest {
            method: command.method.as_deref().unwrap_or("POST"),
            path: command.path.as_deref().ok_or(Failure::Argument("path"))?,
            uri_id: &command.uri_id,
            body: &body,
        };
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let signed = device.sign(&request, &signer.authentication()?, rng)?;
        Ok(own(signed.assume_saved()))
    }

    fn signature_header(&mut self, command: Signed) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let data = body(command.body, command.body_base64)?;
        let method = command.method.as_deref().unwrap_or("POST");
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let authentication = signer.authentication()?;
        let signed = device.authorize(method, &command.uri_id, &data, &authentication, rng)?;
        Ok(header(AUTHORIZATION_HEADER, &signed.assume_saved().to_text()))
    }

    fn create_token(&mut self, command: NamedToken, now_ms: u64) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let name = token_name(command.name);
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.create_token(&name, &signer.authentication()?, now_ms, rng)?;
        let Call { request, pending } = call.assume_saved();
        let read: Read = Box::new(move |phone, status, body| {
            pending.read(phone.device()?, status, body)?;
            Ok(json!({ "name": name }))
        });
        Ok(Prepared::Send(request, read))
    }

    fn remove_token(&mut self, command: NamedToken) -> Result<Prepared, Failure> {
        let signer = self.signer(command.factors, command.pin)?;
        let name = token_name(command.name);
        let Self { device, rng, .. } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated)?;
        let call = device.remove_token(&name, &signer.authentication()?, rng)?;
        let Call { request, pending } = call.assume_saved();
        let read: Read = Box::new(move |phone, status, body| {
            pending.read(phone.device()?, status, body)?;
            Ok(json!({ "name": name }))
        });
        Ok(Prepared::Send(request, read))
    }

    fn token_header(&mut self, name: &str, now_ms: u64) -> Result<String, Failure> {
        let Self { device, rng, .. } = self;
        let device = device.as_ref().ok_or(Failure::NotActivated)?;
        Ok(device.token_header(name, now_ms, rng)?.to_text())
    }

    fn token_request(&mut self, command: WithToken, now_ms: u64) -> Result<Prepared, Failure> {
        let value = self.token_header(&token_name(command.name), now_ms)?;
        let mut headers = vec![("Accept", "application/json".to_owned())];
        let body = body(command.body, command.body_base64)?;
        if !body.is_empty() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        headers.push((TOKEN_HEADER, value));
        Ok(own(Request {
            method: command.method.unwrap_or_else(|| "POST".to_owned()),
            path: command.path,
            headers,
            body,
        }))
    }

    fn encrypt(&mut self, command: Encrypted, now_ms: u64) -> Result<Prepared, Failure> {
        let signs = command.uri_id.is_some();
        if !signs && (command.factors.is_some() || command.pin.is_some()) {
            return Err(Failure::Argument("factors without uriId"));
        }
        let signer = self.signer(command.factors, command.pin)?;
        let plain = body(command.body, command.body_base64)?;
        let path = &command.path;
        let Self {
            application,
            device,
            rng,
            ..
        } = self;
        let device = device.as_mut().ok_or(Failure::NotActivated);
        let call = match (command.scope, command.token, command.uri_id) {
            (ScopeName::Application, None, None) => application.encrypt(path, &plain, now_ms, rng)?,
            (ScopeName::Activation, None, None) => device?.encrypt(path, &plain, now_ms, rng)?,
            (ScopeName::Activation, Some(token), None) => {
                device?.encrypt_with_token(path, &plain, &token, now_ms, rng)?
            }
            (ScopeName::Activation, None, Some(uri_id)) => device?
                .encrypt_and_sign(path, &uri_id, &plain, &signer.authentication()?, now_ms, rng)?
                .assume_saved(),
            _ => return Err(Failure::Argument("token or uriId, in scope activation")),
        };
        Ok(sent(call, |pending, status, body| {
            let plain = pending.read(status, body)?;
            Ok(received(status, plain.as_bytes()))
        }))
    }
}

pub(super) fn recovery(data: &RecoveryData) -> Value {
    json!({ "code": data.code.as_str(), "puk": data.puk.as_str() })
}

fn status_json(status: &ActivationStatus) -> Value {
    json!({
        "status": match status.status {
            BlobStatus::Created => "CREATED",
            BlobStatus::PendingCommit => "PENDING_COMMIT",
            BlobStatus::Active => "ACTIVE",
            BlobStatus::Blocked => "BLOCKED",
            BlobStatus::Removed => "REMOVED",
        },
        "failedAttempts": status.failed_attempts,
        "maxFailedAttempts": status.max_failed_attempts,
        "remainingAttempts": status.remaining_attempts(),
        "currentVersion": status.current_version,
        "upgradeVersion": status.upgrade_version,
        "counter": match status.counter {
            CounterState::InSync => "IN_SYNC",
            CounterState::Adopted => "ADOPTED",
            CounterState::Ahead => "AHEAD",
            CounterState::SignSoon => "SIGN_SOON",
            CounterState::Waiting => "WAITING",
            CounterState::Deadlock => "DEADLOCK",
            CounterState::NotCompared => "NOT_COMPARED",
        },
        "customObject": status.custom_object,
    })
}
