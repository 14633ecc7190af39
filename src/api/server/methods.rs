//! The methods of the server API as functions of types, and the macro that makes rows and functions of one table.

use std::sync::Arc;

use super::table::Integrations;
use crate::engine::{Engine, Error, Outcome, integration, system};
use crate::store::{Failure, Machine, Operation, Tx};

/// The methods of the server API as functions of types, for hosts that link the library: no JSON, no HTTP, no
/// credentials.
///
/// There is one for each row, made from the row itself: `initActivation` is [`Methods::init_activation`]. It only makes
/// an operation. Any driver runs it, over any store: `store::driver::drive` awaits a `Store`, other hosts take its steps
/// one by one. Nothing is read or changed before; what comes out has been committed. `examples/bank.rs` goes from an
/// activation to an approved payment.
///
/// ```
/// use std::sync::Arc;
///
/// use countersign::api::server::Methods;
/// use countersign::crypto::secret::Secret;
/// use countersign::engine::application::ApplicationRequest;
/// use countersign::engine::{Config, Engine, Keyring, SealingKey};
/// use countersign::store::{Commit, Host, Input, MemoryStore, Operation, Step};
/// # struct System;
/// # impl Host for System {
/// #     fn now(&self) -> u64 { 1_700_000_000_000 }
/// #     fn fill(&self, out: &mut [u8]) -> Result<(), countersign::store::EntropyError> {
/// #         getrandom::fill(out).map_err(|_| countersign::store::EntropyError)
/// #     }
/// # }
///
/// let key = SealingKey { id: 1, key: Secret::from_bytes([7; 32]) };
/// let engine = Engine::new(Config::default(), Keyring::new(key, Vec::new()));
/// let methods = Methods::new(Arc::new(engine));
/// let store = MemoryStore::new();
///
/// let mut operation = methods.create_application(ApplicationRequest {
///     application_id: Some("mobile-bank".to_owned()),
/// });
/// let mut input = Input::Start;
/// let created = loop {
///     input = match operation.step(input, &System) {
///         Step::Read(queries) => Input::Answers(store.read_now(&queries)),
///         Step::Commit(batch) => match store.commit_now(&batch) {
///             Commit::Applied => Input::Applied,
///             Commit::Conflict(current) => Input::Conflict(current),
///         },
///         Step::Done(reply) => break reply,
///     };
/// };
/// assert_eq!(created.unwrap().application_id, "mobile-bank");
/// ```
#[derive(Clone, Debug)]
pub struct Methods {
    engine: Arc<Engine>,
}

impl Methods {
    /// Over an engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    pub(super) fn run<Q, A>(
        &self,
        run: fn(&Engine, &mut Tx<'_>, &Q) -> Outcome<A>,
        lane: fn(&Q) -> Option<&String>,
        request: Q,
    ) -> impl Operation<Reply = Result<A, Failure<Error>>> + Send + use<Q, A>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        let engine = Arc::clone(&self.engine);
        let lane = lane(&request).cloned();
        Machine::new(lane, move |tx: &mut Tx<'_>| run(&engine, tx, &request))
    }

    /// All integrations. `POST /rest/v3/integration/list`, `getIntegrationList`.
    ///
    /// # Errors
    /// As a reply: `Refused` with a code when the answer is "no", `Fault` when the machinery failed.
    pub fn get_integration_list(
        &self,
        request: system::Nothing,
    ) -> impl Operation<Reply = Result<Integrations, Failure<Error>>> + Send + use<> {
        let run = |engine: &Engine, tx: &mut Tx<'_>, request: &system::Nothing| {
            let list = integration::list(engine, tx, request)?;
            Ok(list.map(|list| Integrations::of(true, list)))
        };
        self.run(run, |_| None, request)
    }
}

/// The rows of a table, and the methods of [`Methods`]: comment, function name, paths, operation name, whether the body is
/// looked at, the record that takes turns, use case with its request and answer.
macro_rules! methods {
    ($(
        $(#[doc = $doc:literal])+
        $method:ident($path:literal $(| $alias:literal)*, $name:literal, $body:ident $(, $lane:expr)?):
            $run:path, $request:ty => $answer:ty;
    )*) => {
        /// All rows.
        pub(super) fn endpoints() -> Vec<$crate::api::Endpoint> {
            use $crate::api::server::{Body, Lane, row};
            let mut rows = Vec::new();
            $(
                let lane: Lane<$request> = $crate::api::server::methods::lane!($($lane)?);
                for path in [$path $(, $alias)*] {
                    let text = concat!($($doc, "\n"),+);
                    rows.push(row::<$request, $answer>((path, $name, text), lane, Body::$body, $run));
                }
            )*
            rows
        }

        impl $crate::api::server::Methods {
            $(
                $(#[doc = $doc])+
                #[doc = concat!("\n`POST ", $path, "`, `", $name, "`.")]
                ///
                /// # Errors
                /// As a reply: `Refused` with a code when the answer is "no", `Fault` when the machinery failed.
                pub fn $method(
                    &self,
                    request: $request,
                ) -> impl $crate::store::Operation<
                    Reply = Result<$answer, $crate::store::Failure<$crate::engine::Error>>,
                > + Send
                + use<> {
                    self.run($run, $crate::api::server::methods::lane!($($lane)?), request)
                }
            )*
        }
    };
}

/// The given lane, or none.
macro_rules! lane {
    () => {
        |_| None
    };
    ($lane:expr) => {
        $lane
    };
}

pub(super) use {lane, methods};
