//! Receivers with certificates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{Node, options};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls")
}

/// A receiver that asks callers for a certificate, or does not.
fn config(asks: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let file = folder().join("receiver.pem");
    let chain = CertificateDer::pem_file_iter(&file).unwrap();
    let key = PrivateKeyDer::from_pem_file(&file).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = if asks {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(folder().join("authority.pem")).unwrap();
        roots.add(authority).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let chain = chain.collect::<Result<_, _>>().unwrap();
    Arc::new(builder.with_single_cert(chain, key).unwrap())
}

fn certificate(key_store: Option<&str>, trust_store: Option<&str>) -> Value {
    json!({ "certificate": {
        "enabled": true,
        "useCustomKeyStore": key_store.is_some(), "keyStoreLocation": key_store,
        "useCustomTrustStore": trust_store.is_some(), "trustStoreLocation": trust_store
    } })
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_show_their_certificates() {
    let (caller, authority) = (Some("caller.pem"), Some("authority.pem"));
    let mut cases = 0;
    for (host, asks, settings, arrives) in [
        ("localhost", false, certificate(None, authority), true),
        ("127.0.0.1", false, certificate(None, authority), true),
        ("localhost", true, certificate(caller, authority), true),
        ("localhost", true, certificate(None, authority), false),
        // The authority of the tests is not one of the public ones.
        ("localhost", false, Value::Null, false),
        ("localhost", false, certificate(None, None), false),
        ("localhost", false, certificate(None, caller), false),
        // Stores that are none, and files that are not below the folder.
        ("localhost", false, certificate(None, Some("README.md")), false),
        ("localhost", false, certificate(None, Some("missing.pem")), false),
        (
            "localhost",
            false,
            certificate(None, Some("../tls/authority.pem")),
            false,
        ),
        ("localhost", true, certificate(authority, authority), false),
    ] {
        let mut options = options();
        options.callback_stores = Some(folder());
        options.callback_https_only = true;
        let node = Node::in_memory(&options);
        let receiver = Receiver::start_tls(config(asks)).await;
        node.application().await;
        let url = format!("https://{host}:{}/x", receiver.address().port());
        node.url("cb", &url, settings.clone()).await;
        node.changes(2).await;
        node.round().await;
        let expected = if arrives { (2, 0, 0) } else { (0, 1, 0) };
        assert_eq!(node.counts(), expected, "{host} {asks} {settings}");
        assert_eq!(receiver.calls().len(), if arrives { 2 } else { 0 });
        cases += 1;
    }
    println!("{cases} pairs of certificates");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_no_file_is_read() {
    let node = Node::in_memory(&options());
    let receiver = Receiver::start_tls(config(false)).await;
    node.application().await;
    let url = format!("https://localhost:{}/x", receiver.address().port());
    let store = folder().join("authority.pem");
    node.url("cb", &url, certificate(None, store.to_str())).await;
    node.changes(1).await;
    node.round().await;
    assert_eq!(node.counts(), (0, 1, 0));
}
