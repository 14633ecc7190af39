//! The order of a start: nothing is served before key and credentials are right.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign::api::{Api, Family, Limits};
use countersign::engine::Engine;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::console::Console;
use super::credentials::{self, CredentialError, Outcome};
use super::database::Connection;
use super::deliver::{Courier, TlsError};
use super::host::System;
use super::master_key::{self, KeyError};
use super::metrics::Metrics;
use super::options::Options;
use super::otlp::{self, Traces};
use super::push::{PushCourier, Senders};
use super::rate::Rates;
use super::service::{Service, metrics_router, router};
use super::shadow::{self, MarkError, Shadow, Waiting};
use super::{housekeeping, listen};

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("--open serves the server API to anybody; it needs a loopback address, not {0}")]
    OpenToTheWorld(SocketAddr),
    #[error("the database {0} cannot be opened: {1}")]
    Database(String, String),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("callbacks cannot be sent: {0}")]
    Callbacks(TlsError),
    #[error("push messages cannot be sent: {0}")]
    Push(TlsError),
    #[error("the old server cannot be asked: {0}")]
    Shadow(TlsError),
    #[error(transparent)]
    Mark(#[from] MarkError),
    #[error("the browser phone cannot be read: {0}")]
    Phone(String),
    #[error("the system: {0}")]
    System(#[from] io::Error),
    #[error("some requests did not end in time")]
    Unfinished,
}

/// Runs the server until it is told to stop.
///
/// # Errors
/// When it cannot start, or requests had to be cut off at the end.
pub(crate) fn run(options: Options) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(serve(options));
    // Only work that was cut off can still run.
    runtime.shutdown_background();
    result
}

/// Says why, on standard error, whatever the log's level and form.
pub(crate) fn complain(error: &str) {
    let _ = writeln!(io::stderr(), "countersign-server: {error}");
}

async fn serve(options: Options) -> Result<(), StartError> {
    if options.open && !options.listen.ip().to_canonical().is_loopback() {
        return Err(StartError::OpenToTheWorld(options.listen));
    }
    let mut signals = Signals::new()?;
    // Before the files are made: a second server on the same address must not leave any.
    let listener = bind(options.listen).await?;
    let metrics_listener = match options.metrics {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let (traces, told) = otlp::traces(&options.otlp).unzip();
    let (service, waiting) = prepare(&options, traces).await?;
    let service = Arc::new(service);
    let (stop, stopping) = watch::channel(false);
    let mut servers = tokio::task::JoinSet::new();
    say(&format!("listening on http://{}", listener.local_addr()?));
    let mut start = |listener, router| {
        let (metrics, mut stopping) = (Arc::clone(&service.metrics), stopping.clone());
        let bounds = options.bounds;
        servers.spawn(async move {
            let stopped = async move { _ = stopping.wait_for(|stop| *stop).await };
            listen::serve(listener, router, bounds, &metrics, stopped).await
        });
    };
    start(listener, router(&service));
    if let Some(listener) = metrics_listener {
        say(&format!("metrics on http://{}/metrics", listener.local_addr()?));
        start(listener, metrics_router(&service));
    }
    let chores = housekeeping::start(&service);
    let follows = waiting.is_some();
    if let Some(waiting) = waiting {
        let decide = shadow::run(Arc::clone(&service), waiting, stopping.clone());
        servers.spawn(async move {
            decide.await;
            true
        });
    }
    // The old server tells receivers and phones.
    if !options.callbacks.no_callbacks && !follows {
        let courier = Courier::new(&service, Arc::new(System), &options.callbacks, stopping.clone());
        let courier = courier.map_err(StartError::Callbacks)?;
        servers.spawn(async move {
            courier.run().await;
            true
        });
    }
    if !options.push.no_push && !follows {
        let senders = Senders::new(Arc::new(System), &options.push, options.callbacks.reach());
        let senders = Arc::new(senders.map_err(StartError::Push)?);
        let courier = PushCourier::new(
            &service,
            Arc::new(System),
            senders,
            options.push.push_timeout,
            stopping.clone(),
        );
        servers.spawn(async move {
            courier.run().await;
            true
        });
    }

    if let Some(told) = told {
        let report = otlp::run(Arc::clone(&service), options.otlp.clone(), told, stopping);
        servers.spawn(async move {
            report.await;
            true
        });
    }

    signals.next().await;
    service.draining.store(true, Ordering::Relaxed);
    if let Some(drain) = options.bounds.drain {
        tracing::info!("draining: requests are taken, /ready says no");
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            () = signals.next() => {}
        }
    }
    tracing::info!("stopping: no new connections, running requests finish");
    service.stopping.store(true, Ordering::Relaxed);
    _ = stop.send(true);
    drop(chores);
    let finished = async { servers.join_all().await.into_iter().all(|finished| finished) };
    let finished = tokio::select! {
        finished = finished => finished,
        () = signals.next() => false,
    };
    if finished {
        // The last owner closes the database, which takes a moment.
        tokio::task::block_in_place(|| drop(service));
        tracing::info!("stopped");
        Ok(())
    } else {
        Err(StartError::Unfinished)
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen(address, error))
}

async fn prepare(
    options: &Options,
    traces: Option<Traces>,
) -> Result<(Service, Option<Waiting>), StartError> {
    let connection = Connection::open(options)
        .map_err(|error| StartError::Database(options.database.to_string(), error))?;
    let (shadow, waiting) = Shadow::new(&options.shadow).map_err(StartError::Shadow)?.unzip();
    shadow::mark(&connection, shadow.is_some()).await?;
    let (keyring, keeper) = master_key::load(&options.master_key_file, &connection).await?;
    let file = options.credentials.display();
    match credentials::ensure(&options.credentials, &connection).await? {
        Outcome::Generated => say(&format!("credentials written, in {file}")),
        Outcome::Taken => say(&format!("credentials taken as they are, in {file}")),
        Outcome::Known => {}
    }
    let engine = Arc::new(Engine::new(options.engine.config(), keyring));
    let console = match options.console.no_console {
        true => None,
        false => {
            let phone = options.console.phone.as_deref();
            Some(Console::new(&engine, Arc::new(System), phone).map_err(StartError::Phone)?)
        }
    };
    let api = match shadow {
        // Who may call is the old server's business; nothing of this reaches a caller.
        Some(_) => Api::with_families(engine, &[Family::Server]).open_to_anybody(),
        None => Api::new(engine).with_dialect(options.mobile_dialect.into()),
    };
    let mut api = api.with_limits(Limits {
        body: options.bounds.max_body,
        ..Limits::default()
    });
    if options.open {
        tracing::warn!("the server API is open to everybody on this machine");
        api = api.open_to_anybody();
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let service = Service {
        api,
        connection,
        metrics: Arc::new(Metrics::new()),
        prefixes: options.prefix.clone(),
        trusted_proxies: options.trusted_proxy.clone(),
        bounds: options.bounds,
        docs: !options.no_docs,
        draining: AtomicBool::new(false),
        rates: Rates::new(&options.rates),
        traces,
        console,
        shadow,
        stopping: AtomicBool::new(false),
        metrics_elsewhere: options.metrics.is_some(),
        running: Semaphore::new(options.bounds.max_requests),
        hashing: Semaphore::new(processors),
        keeper: Arc::new(keeper),
        worker: getrandom::u64().map_err(io::Error::other)?,
    };
    Ok((service, waiting))
}

/// A line on standard output, for people and for scripts. Nobody has to read it.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// SIGTERM and SIGINT.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        _ = tokio::signal::ctrl_c().await;
    }
}
