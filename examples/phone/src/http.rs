//! Sends the requests that the client library builds.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::client::Request;
use countersign::crypto::random::{Random, RandomError};
use ureq::tls::TlsConfig;

use crate::failure::Failure;

/// Largest answer that is read, in bytes.
const MAX_REPLY: u64 = 1024 * 1024;

/// The operating system's generator.
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// Milliseconds since the Unix epoch.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Status and body of the answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends `request` to the server at `url`. Redirects are not followed: a signature is for one place.
pub(crate) fn send(url: &str, request: &Request) -> Result<Reply, Failure> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(provider))
        .build();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .max_redirects(0)
        .tls_config(tls)
        .user_agent(concat!("countersign-phone/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut builder = ureq::http::Request::builder()
        .method(request.method.as_str())
        .uri(format!("{}{}", url.trim_end_matches('/'), request.path));
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    let failed = |error: &dyn std::fmt::Display| Failure::Network(error.to_string());
    let request = builder
        .body(request.body.as_slice())
        .map_err(|error| failed(&error))?;
    let mut reply = agent.run(request).map_err(|error| failed(&error))?;
    let body = reply.body_mut().with_config().limit(MAX_REPLY).read_to_vec();
    Ok(Reply {
        status: reply.status().as_u16(),
        body: body.map_err(|error| failed(&error))?,
    })
}
