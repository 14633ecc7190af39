//! TLS to the database. There is no TLS without verification: name and chain of the certificate are always checked.
//!
//! `sslmode` in the address decides: `require` encrypts, `disable` does not. Without it, a database on this machine is
//! talked to as it is, and one elsewhere is refused, so that nobody sends secrets through a network by oversight.

use std::net::IpAddr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::failure::ConnectError;

/// Whether and how connections are encrypted.
#[derive(Clone)]
pub(super) enum Encryption {
    /// Not at all.
    Plain,
    /// With TLS.
    #[cfg(feature = "postgres-tls")]
    Tls(rustls_stream::Connector),
}

/// What the address asks for. `roots`: PEM of the authorities to trust; Mozilla's when absent.
pub(super) fn encryption(config: &Config, roots: Option<&[u8]>) -> Result<Encryption, ConnectError> {
    match config.get_ssl_mode() {
        SslMode::Disable => Ok(Encryption::Plain),
        SslMode::Prefer if roots.is_none() => match local(config) {
            true => Ok(Encryption::Plain),
            false => Err(ConnectError::Encryption(
                "the database is on another machine: add sslmode=require to its address, or sslmode=disable",
            )),
        },
        _ => encrypted(roots),
    }
}

#[cfg(feature = "postgres-tls")]
fn encrypted(roots: Option<&[u8]>) -> Result<Encryption, ConnectError> {
    rustls_stream::Connector::new(roots).map(Encryption::Tls)
}

#[cfg(not(feature = "postgres-tls"))]
fn encrypted(_: Option<&[u8]>) -> Result<Encryption, ConnectError> {
    Err(ConnectError::Encryption(
        "this build has no TLS (feature postgres-tls)",
    ))
}

/// Whether every address of the database is on this machine.
fn local(config: &Config) -> bool {
    let host = |host: &Host| match host {
        Host::Tcp(name) => {
            let address: Option<IpAddr> = name.trim_matches(['[', ']']).parse().ok();
            name.eq_ignore_ascii_case("localhost") || address.is_some_and(|it| it.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    let named = config.get_hosts();
    let numbers = config.get_hostaddrs();
    let some = !named.is_empty() || !numbers.is_empty();
    some && numbers.iter().all(IpAddr::is_loopback) && (!numbers.is_empty() || named.iter().all(host))
}

#[cfg(feature = "postgres-tls")]
pub(super) mod rustls_stream {
    //! rustls between tokio-postgres and the socket.

    use std::io;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio_postgres::Socket;
    use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
    use tokio_rustls::{TlsConnector, client};

    use crate::store::postgres::failure::ConnectError;

    /// Encrypts connections.
    #[derive(Clone)]
    pub(in super::super) struct Connector(Arc<ClientConfig>);

    impl Connector {
        /// Trusts `roots`, or Mozilla's list.
        pub(super) fn new(roots: Option<&[u8]>) -> Result<Self, ConnectError> {
            let mut trusted = RootCertStore::empty();
            match roots {
                None => trusted.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
                Some(pem) => {
                    let unreadable =
                        ConnectError::Encryption("the authorities to trust are no PEM certificates");
                    for certificate in CertificateDer::pem_slice_iter(pem) {
                        let added = certificate.ok().map(|it| trusted.add(it));
                        if !matches!(added, Some(Ok(()))) {
                            return Err(unreadable);
                        }
                    }
                    if trusted.is_empty() {
                        return Err(unreadable);
                    }
                }
            }
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(|_| ConnectError::Encryption("TLS cannot be set up"))?;
            let mut config = config.with_root_certificates(trusted).with_no_client_auth();
            config.alpn_protocols = vec![b"postgresql".to_vec()];
            Ok(Self(Arc::new(config)))
        }
    }

    impl MakeTlsConnect<Socket> for Connector {
        type Stream = Encrypted;
        type TlsConnect = Named;
        type Error = io::Error;

        fn make_tls_connect(&mut self, domain: &str) -> io::Result<Named> {
            let name = ServerName::try_from(domain.to_owned()).map_err(io::Error::other)?;
            Ok(Named {
                connector: TlsConnector::from(Arc::clone(&self.0)),
                name,
            })
        }
    }

    /// A connection to be encrypted, to a host whose name is known.
    pub(in super::super) struct Named {
        connector: TlsConnector,
        name: ServerName<'static>,
    }

    impl TlsConnect<Socket> for Named {
        type Stream = Encrypted;
        type Error = io::Error;
        type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted>> + Send>>;

        fn connect(self, socket: Socket) -> Self::Future {
            Box::pin(async move { self.connector.connect(self.name, socket).await.map(Encrypted) })
        }
    }

    /// An encrypted connection.
    pub(in super::super) struct Encrypted(client::TlsStream<Socket>);

    impl TlsStream for Encrypted {
        /// None: the certificate is verified, so nobody stands in between.
        fn channel_binding(&self) -> ChannelBinding {
            ChannelBinding::none()
        }
    }

    impl AsyncRead for Encrypted {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_read(context, buffer)
        }
    }

    impl AsyncWrite for Encrypted {
        fn poll_write(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(context, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(context)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(context)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_talked_to_in_clear_by_oversight() {
        let plain = |address: &str| {
            let config: Config = address.parse().unwrap();
            matches!(encryption(&config, None), Ok(Encryption::Plain))
        };
        for here in [
            "postgres://bank@localhost/x",
            "postgres://bank@127.0.0.1/x",
            "postgres://bank@[::1]/x",
            "host=/run/postgresql user=bank",
            "host=LOCALHOST,127.0.0.9 user=bank",
            "host=db.bank.example hostaddr=127.0.0.1 user=bank",
            "postgres://bank@db.bank.example/x?sslmode=disable",
        ] {
            assert!(plain(here), "{here}");
        }
        for elsewhere in [
            "postgres://bank@db.bank.example/x",
            "postgres://bank@10.0.0.1/x",
            "postgres://bank@db.bank.example/x?sslmode=prefer",
            "host=localhost,db.bank.example user=bank",
            "host=localhost hostaddr=10.0.0.1 user=bank",
            "postgres://bank@localhost/x?sslmode=require",
            "user=bank",
        ] {
            assert!(!plain(elsewhere), "{elsewhere}");
        }
    }
}
