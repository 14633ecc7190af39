//! A bank's back end in one file: an activation, and a payment that the user approves on the phone. The back end calls typed
//! functions; the phone's requests go through the dispatcher, as they come from the network.
//!
//!     cargo run --example bank --features client,driver
#![allow(clippy::print_stdout, reason = "a program for the command line")]

use std::error::Error;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::api::server::Methods;
use countersign::api::{Api, Family, Request};
use countersign::client::{
    self, Application, Approval, Authentication, Credentials, Installation, Pin, PossessionKey,
};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::secret::Secret;
use countersign::crypto::signature::SignatureType as Factors;
use countersign::engine::activation::init::InitActivation;
use countersign::engine::activation::manage::ActivationOtpRequest;
use countersign::engine::application::ApplicationRequest;
use countersign::engine::operation::create::CreateOperation;
use countersign::engine::operation::read::DetailRequest;
use countersign::engine::signature::SignatureType;
use countersign::engine::template::TemplateRequest;
use countersign::engine::{self, Config, Engine, Keyring, SealingKey};
use countersign::store::driver::drive;
use countersign::store::lane::Lanes;
use countersign::store::{EntropyError, Failure, Host, MemoryStore, Operation};

/// Clock and randomness of the system.
struct System;

impl Host for System {
    fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

struct Bank {
    methods: Methods,
    /// What phones may call.
    phones: Api,
    store: MemoryStore,
    lanes: Lanes,
}

impl Bank {
    fn new() -> Self {
        // A real one keeps the key apart from the database.
        let key = SealingKey {
            id: 1,
            key: Secret::from_bytes([7; 32]),
        };
        let engine = Arc::new(Engine::new(Config::default(), Keyring::new(key, Vec::new())));
        Self {
            methods: Methods::new(Arc::clone(&engine)),
            phones: Api::with_families(engine, &[Family::Standard, Family::Mobile]),
            store: MemoryStore::new(),
            lanes: Lanes::new(),
        }
    }

    /// Awaits a method. "No" and a failure of the machinery are told apart by type.
    async fn run<A>(
        &self,
        mut method: impl Operation<Reply = Result<A, Failure<engine::Error>>>,
    ) -> Result<A, Box<dyn Error>> {
        match drive(&mut method, &self.store, &self.lanes, &System).await {
            Ok(answer) => Ok(answer),
            Err(Failure::Refused(no)) => Err(format!("{}: {}", no.code.code(), no.text()).into()),
            Err(Failure::Fault(fault)) => Err(fault.into()),
        }
    }

    /// Answers a phone: status and body.
    async fn answer(&self, request: &client::Request) -> (u16, Vec<u8>) {
        let headers: Vec<(&str, &str)> = request
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut call = self.phones.call(&Request {
            method: &request.method,
            path: &request.path,
            query: None,
            headers: &headers,
            body: &request.body,
            peer: None,
        });
        let response = drive(&mut call, &self.store, &self.lanes, &System).await;
        (response.status, response.body)
    }
}

async fn story() -> Result<(), Box<dyn Error>> {
    let bank = Bank::new();
    let methods = &bank.methods;
    let some = |text: &str| Some(text.to_owned());

    // Once: the application, and what a payment looks like.
    let application = ApplicationRequest {
        application_id: some("mobile-bank"),
    };
    bank.run(methods.create_application(application.clone())).await?;
    let detail = bank.run(methods.get_application_detail(application)).await?;
    let version = detail.versions.first().ok_or("there is no version")?;
    bank.run(methods.create_operation_template(TemplateRequest {
        template_name: some("payment"),
        operation_type: some("payment"),
        data_template: some("A1*A${amount}${currency}*I${iban}"),
        signature_type: Some(vec![SignatureType(Factors::PossessionKnowledge)]),
        max_failure_count: Some(3),
        expiration: Some(300),
        ..TemplateRequest::default()
    }))
    .await?;

    // The user adds the phone.
    let activation = bank
        .run(methods.init_activation(InitActivation {
            user_id: some("jane"),
            application_id: some("mobile-bank"),
            ..InitActivation::default()
        }))
        .await?;
    println!("the user types {}", activation.activation_code);
    let app = Application::from_sdk_config(&version.mobile_sdk_config)?;
    let app = app.with_version(countersign::crypto::version::ProtocolVersion::V3_2);
    let code = app.read_activation_code(&activation.activation_code)?;
    let phone = Installation {
        name: Some("Jane's phone"),
        ..Installation::default()
    };
    let call = app.activate(&Credentials::code(&code.code), &phone, System.now(), &mut System)?;
    let (status, body) = bank.answer(&call.request).await;
    let pin = Pin::new("8725")?;
    let possession = PossessionKey::from_bytes([0x50; 16]);
    let mut device = call
        .pending
        .read(status, &body)?
        .protect(&pin, possession, None, &mut System)?;
    let committed = bank
        .run(methods.commit_activation(ActivationOtpRequest {
            activation_id: Some(activation.activation_id),
            ..ActivationOtpRequest::default()
        }))
        .await?;
    println!("activated: {}", committed.activated);

    // A payment, which waits for the user …
    let parameters =
        serde_json::json!({ "amount": "100", "currency": "EUR", "iban": "DE75512108001245126199" });
    let payment = bank
        .run(methods.create_operation(CreateOperation {
            user_id: some("jane"),
            application_id: some("mobile-bank"),
            template_name: some("payment"),
            parameters: parameters.as_object().cloned().unwrap_or_default(),
            ..CreateOperation::default()
        }))
        .await?;
    println!("the payment {} is {}", payment.data, payment.status);

    // … who approves it on the phone.
    let approval = Approval {
        operation_id: &payment.id,
        data: &payment.data,
        proximity: None,
        mobile_token_data: None,
    };
    let factors = Authentication::PossessionKnowledge(&pin);
    let signed = device.approve_operation(&approval, &factors, System.now(), &mut System)?;
    // A real phone stores the device's new state here, before the signature leaves.
    let call = signed.assume_saved();
    let (status, body) = bank.answer(&call.request).await;
    call.pending.read(status, &body)?;

    let request = DetailRequest {
        operation_id: Some(payment.id),
        user_id: None,
    };
    let payment = bank.run(methods.operation_detail(request)).await?;
    println!("the payment {} is {}", payment.data, payment.status);
    assert_eq!(payment.status, "APPROVED");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    pollster::block_on(story())
}
