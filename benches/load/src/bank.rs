//! The back end: an application of its own, its phones, and requests as bytes.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use countersign::client::{Application, Credentials, Installation, Pin, Request};
use countersign::crypto::encoding::base64;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::connection::{Answer, Connection};
use crate::failure::Failure;
use crate::options::Options;
use crate::phone::{Phone, System, biometry, now, possession};

const TEMPLATE: &str = "countersign-load";
/// A connection is used again within this time: every server waits longer for its next request.
const IDLE: Duration = Duration::from_secs(2);

/// A back end with phones.
pub(crate) struct Bank {
    pub(crate) address: SocketAddr,
    pub(crate) application: String,
    pub(crate) phones: Vec<Phone>,
    connection: Connection,
    /// When the connection was used last: the server closes idle ones.
    used: Instant,
    rest: String,
    authorization: Option<String>,
}

impl Bank {
    /// Creates an application of a fresh name and activates its phones.
    pub(crate) async fn open(address: SocketAddr, options: &Options) -> Result<Self, Failure> {
        let credentials = |user: &String| base64::encode(format!("{user}:{}", options.password).as_bytes());
        let mut bank = Self {
            address,
            application: format!("load-{}", now()),
            phones: Vec::new(),
            connection: Connection::open(address).await?,
            used: Instant::now(),
            rest: options.rest.clone(),
            authorization: options.user.as_ref().map(credentials),
        };
        bank.call(
            "/application/create",
            &json!({ "applicationId": bank.application }),
        )
        .await?;
        let detail = bank
            .call(
                "/application/detail",
                &json!({ "applicationId": bank.application }),
            )
            .await?;
        let config = text(&detail, "/versions/0/mobileSdkConfig")?;
        let application = Application::from_sdk_config(&config)
            .map_err(Failure::phone)?
            .with_version(ProtocolVersion::V3_2);
        let template = json!({
            "templateName": TEMPLATE, "operationType": "login", "dataTemplate": "A2", "maxFailureCount": 5,
            "signatureType": ["POSSESSION_KNOWLEDGE"], "expiration": 86_400,
        });
        let known = bank.call("/operation/template/list", &json!({})).await?;
        let named = |it: &Value| it.get("templateName") == Some(&json!(TEMPLATE));
        if !known.as_array().is_some_and(|all| all.iter().any(named)) {
            bank.call("/operation/template/create", &template).await?;
        }
        for number in 0..options.phones.max(u32::from(options.connections)) {
            let phone = bank.activated(&application, format!("user{number}")).await?;
            bank.phones.push(phone);
        }
        Ok(bank)
    }

    async fn activated(&mut self, application: &Application, user: String) -> Result<Phone, Failure> {
        let init = json!({ "userId": user, "applicationId": self.application });
        let init = self.call("/activation/init", &init).await?;
        let code = text(&init, "/activationCode")?;
        let code = application.read_activation_code(&code).map_err(Failure::phone)?;
        let call = application
            .activate(
                &Credentials::code(&code.code),
                &Installation::default(),
                now(),
                &mut System,
            )
            .map_err(Failure::phone)?;
        let (status, body) = self.send(&call.request).await?;
        let activation = call.pending.read(status, &body).map_err(Failure::phone)?;
        let pin = Pin::new("1234").map_err(Failure::phone)?;
        let device = activation
            .protect(&pin, possession(), Some(&biometry()), &mut System)
            .map_err(Failure::phone)?;
        let mut phone = Phone { device, user };
        let commit = json!({ "activationId": phone.device.activation_id() });
        self.call("/activation/commit", &commit).await?;
        let call = phone
            .device
            .create_token(
                Phone::TOKEN,
                &countersign::client::Authentication::Possession,
                now(),
                &mut System,
            )
            .map_err(Failure::phone)?
            .assume_saved();
        let (status, body) = self.send(&call.request).await?;
        call.pending
            .read(&mut phone.device, status, &body)
            .map_err(Failure::phone)?;
        Ok(phone)
    }

    /// The bytes of a method's request.
    pub(crate) fn request(&self, method: &str, object: &Value) -> Vec<u8> {
        let body = json!({ "requestObject": object }).to_string();
        let authorization = match &self.authorization {
            Some(credentials) => format!("Authorization: Basic {credentials}\r\n"),
            None => String::new(),
        };
        let head = format!(
            "POST {}{method} HTTP/1.1\r\nHost: {}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.rest,
            self.address,
            body.len()
        );
        [head, body].concat().into_bytes()
    }

    /// `requestObject` of `operation/create`.
    pub(crate) fn operation(&self, user: &str) -> Value {
        json!({ "userId": user, "applications": [self.application], "templateName": TEMPLATE, "parameters": {} })
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, Failure> {
        let now = Instant::now();
        if now.duration_since(self.used) > IDLE {
            self.connection = Connection::open(self.address).await?;
        }
        self.used = now;
        self.connection.exchange(request).await
    }

    /// Calls a method; its `responseObject`.
    pub(crate) async fn call(&mut self, method: &str, object: &Value) -> Result<Value, Failure> {
        let request = self.request(method, object);
        let answer = self.exchange(&request).await?;
        let failed = |body: &[u8]| Failure::Answer {
            path: method.to_owned(),
            status: answer.status,
            body: String::from_utf8_lossy(body).into_owned(),
        };
        if answer.status != 200 {
            return Err(failed(answer.body));
        }
        let value: Value = serde_json::from_slice(answer.body).map_err(|_| failed(answer.body))?;
        Ok(value.get("responseObject").cloned().unwrap_or_default())
    }

    /// Sends a phone's request.
    async fn send(&mut self, request: &Request) -> Result<(u16, Vec<u8>), Failure> {
        let headers: String = request
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n",
            request.method.as_str(),
            request.path,
            self.address,
            request.body.len()
        );
        let bytes = [head.as_bytes(), request.body.as_slice()].concat();
        let answer = self.exchange(&bytes).await?;
        Ok((answer.status, answer.body.to_vec()))
    }
}

/// A text of an answer.
pub(crate) fn text(answer: &Value, pointer: &str) -> Result<String, Failure> {
    let found = answer.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or(Failure::Http("a member of the answer is missing"))
}
