//! Requests to the server and what it answers.

use std::time::Duration;

use countersign::crypto::encoding::base64;
use thiserror::Error;
use ureq::Agent;
use ureq::http;

use crate::scenario::Base;

const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_REPLY: u64 = 4 * 1024 * 1024;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Whom it is for.
    pub to: Base,
    /// Method, in upper case.
    pub method: String,
    /// Path below the address, with the query.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Body; an empty one is none.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// What carries requests.
pub trait Transport {
    /// Sends a request and waits for the answer, whatever its status is.
    ///
    /// # Errors
    /// [`Unreachable`] when none comes.
    fn send(&self, request: &Outgoing) -> Result<Incoming, Unreachable>;
}

/// An address with what callers show there.
#[derive(Clone, Default)]
pub struct Address {
    /// Everything before the paths of the API.
    pub url: String,
    /// User name and password for Basic authentication.
    pub credentials: Option<(String, String)>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// HTTP, and HTTPS where the feature is on.
#[derive(Debug)]
pub struct Http {
    agent: Agent,
    server: Address,
    edge: Address,
    admin: Address,
}

impl Http {
    /// Requests to these addresses: the server API, phones, administrators. `certificates` is PEM with the authorities to
    /// trust for HTTPS.
    ///
    /// # Errors
    /// [`Unreachable`] when an address or the certificates cannot be used.
    pub fn new(
        server: Address,
        edge: Address,
        admin: Address,
        certificates: Option<&[u8]>,
    ) -> Result<Self, Unreachable> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("countersign-conformance/", env!("CARGO_PKG_VERSION")));
        for address in [&server, &edge, &admin] {
            if address.url.starts_with("https://") && certificates.is_none() {
                return Err(Unreachable(format!("{}: https needs --ca-file", address.url)));
            }
            if !address.url.is_empty()
                && !address.url.starts_with("http://")
                && !address.url.starts_with("https://")
            {
                return Err(Unreachable(format!("{}: no address of a server", address.url)));
            }
        }
        if let Some(pem) = certificates {
            config = tls(config, pem)?;
        }
        Ok(Self {
            agent: config.build().into(),
            server,
            edge,
            admin,
        })
    }
}

impl Transport for Http {
    fn send(&self, request: &Outgoing) -> Result<Incoming, Unreachable> {
        let (address, prefix) = match request.to {
            Base::Server => (&self.server, "/rest/v3"),
            Base::Edge => (&self.edge, ""),
            Base::Admin => (&self.admin, ""),
        };
        let url = format!("{}{prefix}{}", address.url.trim_end_matches('/'), request.path);
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(&url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let chosen = request
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let Some((user, password)) = address.credentials.as_ref().filter(|_| !chosen) {
            let basic = base64::encode(format!("{user}:{password}").as_bytes());
            builder = builder.header("Authorization", format!("Basic {basic}"));
        }
        let unusable = |error: http::Error| Unreachable(format!("{url}: {error}"));
        let bodyless = request.body.is_empty() && matches!(request.method.as_str(), "GET" | "DELETE");
        let reply = if bodyless {
            self.agent.run(builder.body(()).map_err(unusable)?)
        } else {
            self.agent
                .run(builder.body(request.body.as_slice()).map_err(unusable)?)
        };
        let unreachable = |error: ureq::Error| Unreachable(format!("{url}: {error}"));
        let mut reply = reply.map_err(unreachable)?;
        let body = reply.body_mut().with_config().limit(MAX_REPLY).read_to_vec();
        Ok(Incoming {
            status: reply.status().as_u16(),
            body: body.map_err(unreachable)?,
        })
    }
}

type Builder = ureq::config::ConfigBuilder<ureq::typestate::AgentScope>;

#[cfg(feature = "https")]
fn tls(config: Builder, pem: &[u8]) -> Result<Builder, Unreachable> {
    use std::sync::Arc;
    use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

    let mut roots = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(Unreachable(format!("the certificates: {error}"))),
        }
    }
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build();
    Ok(config.tls_config(tls))
}

#[cfg(not(feature = "https"))]
fn tls(_: Builder, _: &[u8]) -> Result<Builder, Unreachable> {
    Err(Unreachable("this build has no https".to_owned()))
}
