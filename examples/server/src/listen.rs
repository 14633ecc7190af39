//! Connections: how many, how slow, and how they end.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_service::Service as _;

use super::metrics::Metrics;
use super::options::Bounds;
use super::patience::{Patient, Unread};

/// All headers of a request together. One alone is limited by the dispatcher.
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 64;
/// Descriptors for everything that is not a connection of a caller.
const OTHER_FILES: u64 = 128;

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stop` ends, then lets running requests finish.
///
/// HTTP/1.1 only: proxies speak it, and less can go wrong. Answers whether all requests finished.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    metrics: &Arc<Metrics>,
    stop: impl Future<Output = ()>,
) -> bool {
    let places = Arc::new(Semaphore::new(connections(bounds.max_connections)));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            // Waiting callers stay in the system's queue.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Of one connection, or out of descriptors: both pass.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let connection = graceful.watch(connection(stream, Peer(peer), router.clone(), bounds));
        let metrics = Arc::clone(metrics);
        tokio::spawn(async move {
            let _open = metrics.connection();
            if let Err(error) = connection.await {
                // Slow or broken callers; hyper's texts hold nothing of the request.
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::time::timeout(bounds.stop_timeout, graceful.shutdown())
        .await
        .is_ok()
}

fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    bounds: Bounds,
) -> impl GracefulConnection<Error = hyper::Error, Output = hyper::Result<()>> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection cannot send without delay");
    }
    let unread = Unread::default();
    let stream = Patient::new(stream, bounds.send_timeout, unread.clone());
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(unread.clone());
        let last = request.headers().contains_key(header::TRANSFER_ENCODING);
        let answer = router.clone().call(request.map(Body::new));
        async move {
            let mut answer = answer.await?;
            if last {
                // Nobody can put a request of its own behind chunks that two readers count differently.
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(header::CONNECTION, close);
            }
            Ok::<_, Infallible>(answer)
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_timeout)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .max_header_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}

/// As many connections as asked for, unless the system has fewer descriptors.
#[cfg(unix)]
fn connections(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(_) => current,
    };
    let possible = files.map_or(usize::MAX, |files| {
        usize::try_from(files.saturating_sub(OTHER_FILES))
            .unwrap_or(usize::MAX)
            .max(1)
    });
    if possible < wanted {
        tracing::warn!(
            wanted,
            possible,
            "fewer connections: the limit of open files is low"
        );
    }
    wanted.min(possible)
}

#[cfg(not(unix))]
fn connections(wanted: usize) -> usize {
    wanted
}
