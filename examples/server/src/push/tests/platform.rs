//! A platform on this machine: HTTP/2 over TLS, and HTTP/1.1 for its token endpoint. It does what the test wants.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use h2::Reason;
use h2::server::SendResponse;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{LONG, tls_folder};

/// What a platform does with a request.
#[derive(Clone, Debug)]
pub(super) enum Say {
    /// Status and body.
    Answer(u16, &'static str),
    /// The same, with a header `Retry-After`.
    Wait(u16, &'static str, &'static str),
    /// Nothing, ever.
    Hang,
    /// Ends the stream.
    Reset,
    /// GOAWAY while the request is under way.
    GoAway,
    /// Closes the connection.
    Cut,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) headers: HashMap<String, String>,
    /// JSON, or the text of a form.
    pub(super) body: Value,
    /// Number of its connection.
    pub(super) connection: usize,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

type Behave = dyn Fn(usize, &Call) -> Say + Send + Sync;

struct State {
    behave: Box<Behave>,
    calls: Mutex<Vec<Call>>,
    count: watch::Sender<usize>,
    connections: AtomicUsize,
}

pub(super) struct Platform {
    address: SocketAddr,
    state: Arc<State>,
}

impl Platform {
    /// `behave` is told how many requests came before.
    pub(super) async fn start(behave: impl Fn(usize, &Call) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Arc::new(State {
            behave: Box::new(behave),
            calls: Mutex::default(),
            count: watch::Sender::new(0),
            connections: AtomicUsize::new(0),
        });
        let this = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::clone(&state),
        };
        let acceptor = TlsAcceptor::from(config());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, state) = (acceptor.clone(), Arc::clone(&state));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, state).await;
                    }
                });
            }
        });
        this
    }

    pub(super) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.state.calls.lock().unwrap().clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Waits until so many requests arrived.
    pub(super) async fn wait_for(&self, calls: usize) {
        let mut count = self.state.count.subscribe();
        let arrived = count.wait_for(|count| *count >= calls);
        tokio::time::timeout(LONG, arrived).await.unwrap().unwrap();
    }
}

fn config() -> Arc<ServerConfig> {
    let file = tls_folder().join("receiver.pem");
    let chain = CertificateDer::pem_file_iter(&file).unwrap();
    let key = PrivateKeyDer::from_pem_file(&file).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth();
    let mut config = builder
        .with_single_cert(chain.collect::<Result<_, _>>().unwrap(), key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}

impl State {
    fn note(&self, head: &hyper::http::request::Parts, body: &[u8], connection: usize) -> Say {
        let headers = head.headers.iter();
        let call = Call {
            path: head.uri.path().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            body: serde_json::from_slice(body)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned())),
            connection,
        };
        let number = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(call.clone());
            calls.len() - 1
        };
        let say = (self.behave)(number, &call);
        self.count.send_replace(number + 1);
        say
    }
}

async fn serve(stream: TlsStream<TcpStream>, state: Arc<State>) {
    let number = state.connections.fetch_add(1, Ordering::SeqCst);
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        speak_h2(stream, state, number).await;
    } else {
        let service = hyper::service::service_fn(|request| form(request, &state, number));
        _ = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .await;
    }
}

async fn form(
    request: Request<Incoming>,
    state: &State,
    number: usize,
) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let (status, text) = match state.note(&head, &body, number) {
        Say::Answer(status, text) | Say::Wait(status, text, _) => (status, text),
        Say::Hang => std::future::pending().await,
        Say::Reset | Say::GoAway | Say::Cut => return Err(std::io::ErrorKind::Other.into()),
    };
    Ok(Response::builder().status(status).body(Full::from(text)).unwrap())
}

async fn speak_h2(stream: TlsStream<TcpStream>, state: Arc<State>, number: usize) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    let (ends, mut ended) = mpsc::unbounded_channel();
    loop {
        let (request, respond) = tokio::select! {
            next = connection.accept() => match next {
                Some(Ok(next)) => next,
                Some(Err(_)) | None => return,
            },
            Some(end) = ended.recv() => match end {
                Say::GoAway => {
                    connection.abrupt_shutdown(Reason::NO_ERROR);
                    continue;
                }
                _ => return,
            },
        };
        let (state, ends) = (Arc::clone(&state), ends.clone());
        tokio::spawn(async move {
            let (head, mut body) = request.into_parts();
            let mut bytes = Vec::new();
            while let Some(part) = body.data().await {
                // Whoever was killed in the middle of a request has not sent it.
                let Ok(part) = part else { return };
                _ = body.flow_control().release_capacity(part.len());
                bytes.extend_from_slice(&part);
            }
            answer(state.note(&head, &bytes, number), respond, &ends).await;
        });
    }
}

async fn answer(say: Say, mut respond: SendResponse<Bytes>, ends: &mpsc::UnboundedSender<Say>) {
    let (status, text, wait) = match say {
        Say::Answer(status, text) => (status, text, None),
        Say::Wait(status, text, wait) => (status, text, Some(wait)),
        Say::Hang => return std::future::pending().await,
        Say::Reset => return respond.send_reset(Reason::INTERNAL_ERROR),
        Say::GoAway | Say::Cut => {
            _ = ends.send(say);
            return std::future::pending().await;
        }
    };
    let mut head = Response::builder().status(status);
    if let Some(wait) = wait {
        head = head.header("retry-after", wait);
    }
    let head = head.body(()).unwrap();
    if let Ok(mut stream) = respond.send_response(head, text.is_empty())
        && !text.is_empty()
    {
        _ = stream.send_data(Bytes::from_static(text.as_bytes()), true);
    }
}
