//! A phone that talks to the server over HTTP.

use countersign::client::{
    Application, Authentication, Credentials, Device, Installation, Pin, PossessionKey, Request,
};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

use super::{Auth, Server};

/// The system's generator.
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// A signature, ready to be sent by the bank.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) data: String,
    pub(crate) signature: String,
}

/// An activated phone.
pub(crate) struct Phone {
    pub(crate) device: Device,
    pub(crate) activation: String,
    application_key: String,
    pin: Pin,
    wrong_pin: Pin,
}

impl Phone {
    /// Activates a phone of `user`; the application has to exist.
    pub(crate) fn activate(server: &Server, auth: &Auth, application: &str, user: &str) -> Self {
        let detail = server.ok(
            "/rest/v3/application/detail",
            auth,
            &json!({ "applicationId": application }),
        );
        let configuration = detail["versions"][0]["mobileSdkConfig"].as_str().unwrap();
        let app = Application::from_sdk_config(configuration)
            .unwrap()
            .with_version(ProtocolVersion::V3_2);
        let request = json!({ "userId": user, "applicationId": application });
        let init = server.ok("/rest/v3/activation/init", auth, &request);
        let activation = init["activationId"].as_str().unwrap().to_owned();
        let code = app
            .read_activation_code(init["activationCode"].as_str().unwrap())
            .unwrap();
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
        let call = app
            .activate(
                &Credentials::code(&code.code),
                &Installation::default(),
                u64::try_from(now).unwrap(),
                &mut SystemRandom,
            )
            .unwrap();
        let (status, body) = send(server, &call.request);
        let pin = Pin::new("2580").unwrap();
        let device = call
            .pending
            .read(status, &body)
            .unwrap()
            .protect(
                &pin,
                PossessionKey::from_device_data(user.as_bytes()),
                None,
                &mut SystemRandom,
            )
            .unwrap();
        server.ok(
            "/rest/v3/activation/commit",
            auth,
            &json!({ "activationId": activation }),
        );
        Self {
            application_key: detail["versions"][0]["applicationKey"]
                .as_str()
                .unwrap()
                .to_owned(),
            device,
            activation,
            pin,
            wrong_pin: Pin::new("0852").unwrap(),
        }
    }

    /// Signs with possession and the PIN, or a wrong one.
    pub(crate) fn sign(&mut self, right: bool) -> Signed {
        let pin = if right { &self.pin } else { &self.wrong_pin };
        let factors = Authentication::PossessionKnowledge(pin);
        let body = b"{\"amount\":\"100.00\"}";
        let header = self
            .device
            .authorize("POST", "/payment", body, &factors, &mut SystemRandom)
            .unwrap()
            .assume_saved();
        Signed {
            data: countersign::crypto::base::build("POST", "/payment", &header.nonce, body),
            signature: header.signature,
        }
    }

    /// The bank asks whether the signature is valid; none without an answer.
    pub(crate) fn verify(&self, server: &Server, auth: &Auth, signed: &Signed) -> Option<bool> {
        let request = json!({
            "activationId": self.activation,
            "applicationKey": self.application_key,
            "data": signed.data,
            "signature": signed.signature,
            "signatureType": "POSSESSION_KNOWLEDGE",
            "signatureVersion": "3.2",
        });
        match server.try_post("/rest/v3/signature/verify", Some(auth), &request) {
            Ok((200, body)) => Some(body["responseObject"]["signatureValid"].as_bool().unwrap()),
            Ok((503, _)) | Err(_) => None,
            Ok(other) => panic!("{other:?}"),
        }
    }

    /// The phone's own view of its activation.
    pub(crate) fn status(&mut self, server: &Server) -> countersign::client::ActivationStatus {
        let call = self.device.request_status(&mut SystemRandom).unwrap();
        let (status, body) = send(server, &call.request);
        call.pending.read(&mut self.device, status, &body).unwrap()
    }
}

pub(crate) fn send(server: &Server, request: &Request) -> (u16, Vec<u8>) {
    assert_eq!(request.method, "POST");
    let mut sent = server.agent.post(server.url(&request.path));
    for (name, value) in &request.headers {
        sent = sent.header(*name, value);
    }
    let mut response = sent.send(&request.body).unwrap();
    (
        response.status().as_u16(),
        response.body_mut().read_to_vec().unwrap(),
    )
}
