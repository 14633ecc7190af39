//! Sending requests: plain HTTP to this machine, HTTPS to others.

use crate::cli::Cli;
use crate::failure::{Failure, Outcome};
use countersign::client::Request;
use std::time::Duration;
use ureq::Agent;
use ureq::http;

const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_REPLY: u64 = 4 * 1024 * 1024;

/// A server to talk to.
pub(crate) struct Http {
    agent: Agent,
    url: String,
}

impl Http {
    /// Takes an address such as `https://bank.example/enrollment-server`; the paths of the protocol stand below it.
    pub(crate) fn new(url: &str, cli: &Cli) -> Outcome<Self> {
        let url = url.trim_end_matches('/').to_owned();
        let address: http::Uri = url.parse().map_err(|_| Failure::usage("--url is no address"))?;
        let host = address.host().unwrap_or_default();
        if host.is_empty() || address.query().is_some() {
            return Err(Failure::usage("--url needs a scheme and a host, and no query"));
        }
        let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("countersign-phone/", env!("CARGO_PKG_VERSION")));
        if local {
            config = config.proxy(None);
        }
        match address.scheme_str() {
            Some("http") if local || cli.insecure_http => {}
            Some("http") => {
                return Err(Failure::usage(
                    "http to another machine is not safe; use https, or --insecure-http",
                ));
            }
            Some("https") => config = tls(config, cli)?,
            _ => return Err(Failure::usage("--url must start with http:// or https://")),
        }
        Ok(Self {
            agent: config.build().into(),
            url,
        })
    }

    /// Sends a request; status and body of the reply, whatever the status is.
    pub(crate) fn send(&self, request: &Request) -> Outcome<(u16, Vec<u8>)> {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.url, request.path));
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let unusable = |_| Failure::usage("the request cannot be sent by HTTP");
        let bodyless = request.body.is_empty() && matches!(request.method.as_str(), "GET" | "DELETE");
        let reply = if bodyless {
            self.agent.run(builder.body(()).map_err(unusable)?)
        } else {
            self.agent
                .run(builder.body(request.body.as_slice()).map_err(unusable)?)
        };
        let unreachable = |error: ureq::Error| Failure::Network(format!("{}: {error}", self.url));
        let mut reply = reply.map_err(unreachable)?;
        let body = reply.body_mut().with_config().limit(MAX_REPLY).read_to_vec();
        Ok((reply.status().as_u16(), body.map_err(unreachable)?))
    }
}

type Builder = ureq::config::ConfigBuilder<ureq::typestate::AgentScope>;

#[cfg(feature = "https")]
fn tls(config: Builder, cli: &Cli) -> Outcome<Builder> {
    use std::path::PathBuf;
    use std::sync::Arc;
    use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

    /// Where systems keep the certificates they trust.
    const SYSTEM: [&str; 4] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];
    let named = cli
        .ca_file
        .clone()
        .or_else(|| std::env::var_os("SSL_CERT_FILE").map(PathBuf::from));
    let path = named
        .or_else(|| SYSTEM.iter().map(PathBuf::from).find(|path| path.exists()))
        .ok_or_else(|| Failure::usage("no trusted certificates found; give --ca-file"))?;
    let pem = std::fs::read(&path).map_err(Failure::file(&path))?;
    let mut roots = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(Failure::usage(format!("{}: not PEM", path.display()))),
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
fn tls(_: Builder, _: &Cli) -> Outcome<Builder> {
    Err(Failure::usage("this build has no https"))
}
