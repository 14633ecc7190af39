//! TLS to receivers: whom we trust, and who we are.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use countersign::engine::callback::authentication::Certificate;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Why there is no TLS connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("the receiver has a certificate store, and --callback-stores is not set")]
    NoFolder,
    #[error("a certificate store is not the name of a file below --callback-stores")]
    Location,
    #[error("a certificate store holds no PEM certificates that can be read")]
    Certificates,
    #[error("a certificate store holds no private key in PEM without a password")]
    Key,
    #[error("TLS: {0}")]
    Rustls(#[from] rustls::Error),
    #[error("TLS: {0}")]
    Handshake(#[from] io::Error),
    #[error("TLS: not a name that a certificate can have")]
    Name,
    #[error("a certificate store was not read")]
    Unread,
}

/// Settings of all receivers.
pub(crate) struct Tls {
    folder: Option<PathBuf>,
    usual: Arc<ClientConfig>,
}

impl Tls {
    /// Trust is Mozilla's list unless a URL has a store of its own, which is a file in `folder`.
    pub(crate) fn new(folder: Option<PathBuf>) -> Result<Self, TlsError> {
        Ok(Self {
            folder,
            usual: Arc::new(config(None, None, b"http/1.1")?),
        })
    }

    /// Trust is the PEM file `trust`, or Mozilla's list; `protocol` is what is spoken (ALPN).
    pub(crate) fn speaking(trust: Option<&Path>, protocol: &'static [u8]) -> Result<Self, TlsError> {
        Ok(Self {
            folder: None,
            usual: Arc::new(config(trust, None, protocol)?),
        })
    }

    /// A connection to `host` over `stream`.
    pub(crate) async fn connect(
        &self,
        stream: TcpStream,
        host: &str,
        certificate: Option<&Certificate>,
    ) -> Result<TlsStream<TcpStream>, TlsError> {
        let host = host.strip_suffix('.').unwrap_or(host).to_owned();
        let name = ServerName::try_from(host).map_err(|_| TlsError::Name)?;
        let config = match certificate {
            Some(certificate) => self.own(certificate).await?,
            None => Arc::clone(&self.usual),
        };
        Ok(TlsConnector::from(config).connect(name, stream).await?)
    }

    /// Read for each connection, so that renewed certificates need no restart.
    async fn own(&self, certificate: &Certificate) -> Result<Arc<ClientConfig>, TlsError> {
        let file = |used: Option<bool>, location: &Option<String>| match used {
            Some(true) => {
                let folder = self.folder.as_deref().ok_or(TlsError::NoFolder)?;
                let location = location.as_deref().ok_or(TlsError::Location)?;
                below(folder, location).map(Some)
            }
            Some(false) | None => Ok(None),
        };
        let identity = file(certificate.use_custom_key_store, &certificate.key_store_location)?;
        let trust = file(
            certificate.use_custom_trust_store,
            &certificate.trust_store_location,
        )?;
        let read = move || config(trust.as_deref(), identity.as_deref(), b"http/1.1");
        let config = tokio::task::spawn_blocking(read).await;
        config.map_err(|_| TlsError::Unread)?.map(Arc::new)
    }
}

/// The file `location` below `folder`. Callers of the API name it, so it cannot lead anywhere else.
fn below(folder: &Path, location: &str) -> Result<PathBuf, TlsError> {
    let location = Path::new(location);
    let mut parts = location.components().peekable();
    if parts.peek().is_none() || !parts.all(|part| matches!(part, Component::Normal(_))) {
        return Err(TlsError::Location);
    }
    Ok(folder.join(location))
}

fn config(trust: Option<&Path>, identity: Option<&Path>, protocol: &[u8]) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    match trust {
        Some(file) => {
            for certificate in certificates(file)? {
                roots.add(certificate)?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(file) => {
            let key = PrivateKeyDer::from_pem_file(file).map_err(|_| TlsError::Key)?;
            config.with_client_auth_cert(certificates(file)?, key)?
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![protocol.to_vec()];
    Ok(config)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) | Err(_) => Err(TlsError::Certificates),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_below_their_folder() {
        let folder = Path::new("/stores");
        assert_eq!(below(folder, "a/b.pem").unwrap(), Path::new("/stores/a/b.pem"));
        for elsewhere in ["", "/etc/passwd", "../x", "a/../../x", "./x", "/"] {
            assert!(
                matches!(below(folder, elsewhere), Err(TlsError::Location)),
                "{elsewhere}"
            );
        }
    }
}
