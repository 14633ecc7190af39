//! The bank's back end: calls the server API with the integration's credentials.

use std::path::Path;
use std::time::Duration;

use countersign::crypto::encoding::base64;
use serde_json::{Value, json};

use super::{read_json, text};

pub(super) struct BackEnd {
    url: String,
    authorization: String,
    administrator: String,
    agent: ureq::Agent,
}

impl BackEnd {
    pub(super) fn connect(url: &str, credentials: &Path) -> Result<Self, String> {
        let file = read_json(credentials)?;
        let (token, secret) = (
            text(&file, "/integration/token")?,
            text(&file, "/integration/secret")?,
        );
        let (admin, password) = (text(&file, "/admin/user")?, text(&file, "/admin/password")?);
        let basic = |user: &str, secret: &str| {
            format!("Basic {}", base64::encode(format!("{user}:{secret}").as_bytes()))
        };
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            .build()
            .into();
        Ok(Self {
            url: url.to_owned(),
            authorization: basic(&token, &secret),
            administrator: basic(&admin, &password),
            agent,
        })
    }

    /// The responseObject of a method; an error for every other answer.
    pub(super) fn call(&self, method: &str, request: &Value) -> Result<Value, String> {
        self.post(&format!("/rest/v3{method}"), &self.authorization, request)
    }

    /// The same, as administrator; the path is whole.
    pub(super) fn administer(&self, path: &str, request: &Value) -> Result<Value, String> {
        self.post(path, &self.administrator, request)
    }

    fn post(&self, method: &str, authorization: &str, request: &Value) -> Result<Value, String> {
        let body = json!({ "requestObject": request }).to_string();
        let sent = self
            .agent
            .post(format!("{}{method}", self.url))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .send(body.as_bytes());
        let mut reply = sent.map_err(|error| format!("{method}: {error}"))?;
        let status = reply.status().as_u16();
        let answer = reply
            .body_mut()
            .read_to_vec()
            .map_err(|error| format!("{method}: {error}"))?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| format!("{method}: {error}"))?;
        if status != 200 {
            return Err(format!("{method}: HTTP {status} {answer}"));
        }
        Ok(answer.get("responseObject").cloned().unwrap_or_default())
    }
}
