//! A receiver of callbacks that does what the test wants.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::http::request::Parts;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::LONG;

/// What a receiver does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Status(u16),
    /// 200, and this body.
    Text(&'static str),
    /// To another place.
    Redirect,
    /// Takes the call and says nothing.
    Hang,
    /// Takes the call and closes.
    Close,
    /// 200, and a body without end.
    Endless,
}

/// A call that arrived.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) key: String,
    pub(super) body: Value,
    parts: Parts,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> &str {
        let mut values = self.parts.headers.get_all(name).iter();
        let value = values.next().map_or("", |it| it.to_str().unwrap());
        assert!(values.next().is_none(), "{name} twice");
        value
    }
}

type Behave = dyn Fn(usize, &Call) -> Reply + Send + Sync;

struct State {
    behave: Box<Behave>,
    calls: Mutex<Vec<Call>>,
    count: watch::Sender<usize>,
    connections: AtomicUsize,
    sent: AtomicUsize,
    elsewhere: Mutex<String>,
}

pub(super) struct Receiver {
    address: SocketAddr,
    state: Arc<State>,
}

impl Receiver {
    /// `behave` is told how many calls came before.
    pub(super) async fn start(behave: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        let (this, listener) = Self::new(Box::new(move |number, _| behave(number))).await;
        let state = Arc::clone(&this.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        });
        this
    }

    pub(super) async fn start_with(behave: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        let (this, listener) = Self::new(Box::new(move |_, call| behave(call))).await;
        let state = Arc::clone(&this.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        });
        this
    }

    /// Over TLS.
    pub(super) async fn start_tls(config: Arc<rustls::ServerConfig>) -> Self {
        let (this, listener) = Self::new(Box::new(|_, _| Reply::Status(200))).await;
        let state = Arc::clone(&this.state);
        let acceptor = tokio_rustls::TlsAcceptor::from(config);
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

    async fn new(behave: Box<Behave>) -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = State {
            behave,
            calls: Mutex::default(),
            count: watch::Sender::new(0),
            connections: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
            elsewhere: Mutex::default(),
        };
        let this = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::new(state),
        };
        (this, listener)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.state.calls.lock().unwrap().clone()
    }

    /// Connections with at least one call.
    pub(super) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Bytes of endless bodies.
    pub(super) fn sent(&self) -> usize {
        self.state.sent.load(Ordering::SeqCst)
    }

    pub(super) fn redirect_to(&self, url: &str) {
        url.clone_into(&mut self.state.elsewhere.lock().unwrap());
    }

    /// Waits until so many calls arrived.
    pub(super) async fn wait_for(&self, calls: usize) {
        let mut count = self.state.count.subscribe();
        let arrived = count.wait_for(|count| *count >= calls);
        tokio::time::timeout(LONG, arrived).await.unwrap().unwrap();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, state: Arc<State>) {
    state.connections.fetch_add(1, Ordering::SeqCst);
    let service = hyper::service::service_fn(|request| answer(request, Arc::clone(&state)));
    _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<State>,
) -> Result<Response<Either<Full<Bytes>, Endless>>, std::io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let call = Call {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        key: parts
            .headers
            .get("idempotency-key")
            .map_or_else(String::new, |it| it.to_str().unwrap().to_owned()),
        // A token endpoint gets a form.
        body: serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned())),
        parts,
    };
    let number = {
        let mut calls = state.calls.lock().unwrap();
        calls.push(call.clone());
        calls.len() - 1
    };
    state.count.send_replace(number + 1);
    let empty = || Either::Left(Full::default());
    let builder = Response::builder();
    let response = match (state.behave)(number, &call) {
        Reply::Status(status) => builder.status(status).body(empty()),
        Reply::Text(text) => builder.body(Either::Left(Full::from(text))),
        Reply::Redirect => {
            let to = state.elsewhere.lock().unwrap().clone();
            builder.status(307).header("location", to).body(empty())
        }
        Reply::Hang => std::future::pending().await,
        Reply::Close => return Err(std::io::ErrorKind::Other.into()),
        Reply::Endless => builder.body(Either::Right(Endless(Arc::clone(&state)))),
    };
    Ok(response.unwrap())
}

struct Endless(Arc<State>);

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.sent.fetch_add(1_024, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1_024])))))
    }
}
