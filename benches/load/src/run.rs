//! The part that is timed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::options::{Options, Scenario};
use crate::process::{self, Usage};

/// What a run took.
pub(crate) struct Outcome {
    /// Nanoseconds of each answered request, sorted.
    pub(crate) times: Vec<u64>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// Of the server's process, where it is known.
    pub(crate) server: Option<Usage>,
    /// Of this process.
    pub(crate) own: Option<Usage>,
}

/// Sends what is prepared.
pub(crate) async fn run(
    address: &SocketAddr,
    requests: &[Vec<Vec<u8>>],
    scenario: Scenario,
    options: &Options,
) -> Result<Outcome, Failure> {
    let mut connections = Vec::new();
    for _ in requests {
        connections.push(Connection::open(*address).await?);
    }
    let measured = |pid| process::usage(pid);
    let server = options.pid.and_then(measured);
    let own = measured(std::process::id());
    let start = Instant::now();
    let end = start + Duration::from_secs(options.seconds.into());
    let local = LocalSet::new();
    let tasks: Vec<_> = connections
        .into_iter()
        .zip(requests.to_vec())
        .map(|(connection, requests)| local.spawn_local(send(connection, requests, scenario, end)))
        .collect();
    let mut times = Vec::new();
    local
        .run_until(async {
            for task in tasks {
                let took = task
                    .await
                    .map_err(|_| Failure::Usage("a connection was given up"))??;
                times.extend(took);
            }
            Ok::<(), Failure>(())
        })
        .await?;
    let elapsed = start.elapsed();
    times.sort_unstable();
    let since = |before: Option<Usage>, pid| Some(measured(pid)?.since(&before?));
    Ok(Outcome {
        times,
        elapsed,
        server: options.pid.and_then(|pid| since(server, pid)),
        own: since(own, std::process::id()),
    })
}

async fn send(
    mut connection: Connection,
    requests: Vec<Vec<u8>>,
    scenario: Scenario,
    end: Instant,
) -> Result<Vec<u64>, Failure> {
    let proof = scenario.proof().as_bytes();
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
        let start = Instant::now();
        if start >= end {
            break;
        }
        let answer = connection.exchange(&request).await?;
        times.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
        let right = answer.body.windows(proof.len()).any(|part| part == proof);
        if answer.status != 200 || !right {
            return Err(Failure::Answer {
                path: scenario.name().to_owned(),
                status: answer.status,
                body: String::from_utf8_lossy(answer.body).into_owned(),
            });
        }
    }
    Ok(times)
}
