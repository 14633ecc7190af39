//! A phone and a server that talk to each other.

use crate::server::Server;
use crate::support::{Seeded, biometry_key, pin, possession_key, saved};
use countersign::client::{
    Application, Authentication, Call, Credentials, Device, Installation, NewActivation, PendingActivation,
    ReplyError, RequestError, Unsaved,
};
use countersign::crypto::status::BlobStatus;
use countersign::crypto::version::ProtocolVersion;

pub struct Rig {
    pub server: Server,
    pub device: Device,
    pub rng: Seeded,
}

/// An application that knows the server, with a temporary key where the version needs one.
pub fn application(server: &mut Server, version: ProtocolVersion, rng: &mut Seeded) -> Application {
    let mut application = Application::from_sdk_config(&server.sdk_config())
        .unwrap()
        .with_version(version);
    fetch_application_key(server, &mut application, rng);
    application
}

pub fn fetch_application_key(server: &mut Server, application: &mut Application, rng: &mut Seeded) {
    if application.needs_temporary_key(server.now) {
        let call = application.request_temporary_key(rng).unwrap();
        let (status, body) = server.handle(&call.request);
        let key = call.pending.read(status, &body).unwrap();
        application.keep_temporary_key(key).unwrap();
    }
}

/// Asks for an activation and gives the reply back.
pub fn ask(
    server: &mut Server,
    application: &Application,
    credentials: &Credentials,
    installation: &Installation<'_>,
    rng: &mut Seeded,
) -> Result<NewActivation, ReplyError> {
    let call: Call<PendingActivation> = application
        .activate(credentials, installation, server.now, rng)
        .unwrap();
    let (status, body) = server.handle(&call.request);
    call.pending.read(status, &body)
}

impl Rig {
    /// An active device with every factor.
    pub fn new(version: ProtocolVersion) -> Self {
        Self::seeded(version, 1)
    }

    pub fn seeded(version: ProtocolVersion, seed: u64) -> Self {
        let mut server = Server::new(seed);
        let mut rng = Seeded::new(seed + 1000);
        let application = application(&mut server, version, &mut rng);
        let (id, qr) = server.init(None);
        let code = application.read_activation_code(&qr).unwrap().code;
        let installation = Installation {
            name: Some("phone"),
            ..Installation::default()
        };
        let new = ask(
            &mut server,
            &application,
            &Credentials::code(&code),
            &installation,
            &mut rng,
        )
        .unwrap();
        let device = new
            .protect(&pin(), possession_key(), Some(&biometry_key()), &mut rng)
            .unwrap();
        server.activation(&id).status = BlobStatus::Active;
        let mut rig = Self { server, device, rng };
        rig.fetch_key();
        rig
    }

    pub fn id(&self) -> String {
        self.device.activation_id().to_owned()
    }

    pub fn now(&self) -> u64 {
        self.server.now
    }

    pub fn fetch_key(&mut self) {
        if self.device.needs_temporary_key(self.server.now) {
            let call = self.device.request_temporary_key(&mut self.rng).unwrap();
            let (status, body) = self.server.handle(&call.request);
            let key = call.pending.read(status, &body).unwrap();
            self.device.keep_temporary_key(key).unwrap();
        }
    }

    /// Stores the state, then sends.
    pub fn send<P>(&mut self, unsaved: Result<Unsaved<Call<P>>, RequestError>) -> (P, u16, Vec<u8>) {
        let call = saved(&self.device, unsaved.unwrap());
        self.send_call(call)
    }

    pub fn send_call<P>(&mut self, call: Call<P>) -> (P, u16, Vec<u8>) {
        let (status, body) = self.server.handle(&call.request);
        (call.pending, status, body)
    }

    /// Whether the server accepts a signature with these factors.
    pub fn validate(&mut self, authentication: &Authentication<'_>) -> Result<(), ReplyError> {
        let signed = self.device.validate_signature(authentication, &mut self.rng);
        let (pending, status, body) = self.send(signed);
        pending.read(status, &body)
    }

    pub fn create_token(
        &mut self,
        name: &str,
        authentication: &Authentication<'_>,
    ) -> Result<(), ReplyError> {
        let now = self.now();
        let signed = self.device.create_token(name, authentication, now, &mut self.rng);
        let (pending, status, body) = self.send(signed);
        pending.read(&mut self.device, status, &body)
    }

    pub fn status(&mut self) -> Result<countersign::client::ActivationStatus, ReplyError> {
        let call = self.device.request_status(&mut self.rng).unwrap();
        let (pending, status, body) = self.send_call(call);
        pending.read(&mut self.device, status, &body)
    }
}

pub fn refused(result: Result<(), ReplyError>) -> (u16, String) {
    match result {
        Err(ReplyError::Refused(refusal)) => (refusal.status, refusal.code),
        other => panic!("{other:?}"),
    }
}
