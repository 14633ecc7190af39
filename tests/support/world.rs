//! A dispatcher over a store, called as a host would call it.

use std::fmt::Debug;
use std::sync::Arc;

use countersign::api::{Api, Call, Request, Response};
use countersign::client;
use countersign::crypto::backend::RustCrypto;
use countersign::crypto::secret::Secret;
use countersign::engine::{Config, Engine, Keyring, SealingKey};
use countersign::store::driver::drive;
use countersign::store::lane::Lanes;
use countersign::store::{Commit, Host, Input, Operation, Step, Store};
use serde_json::{Value, json};

use super::host::{Clock, START};

/// The engine of all tests: default settings, one sealing key.
pub fn engine() -> Arc<Engine> {
    let key = SealingKey {
        id: 1,
        key: Secret::from_bytes([7; 32]),
    };
    let mut engine = Engine::new(Config::default(), Keyring::new(key, Vec::new()));
    engine.backend = &RustCrypto;
    Arc::new(engine)
}

/// A request that can be sent any number of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub method: String,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Ask {
    /// A request of the server API; `path` is below `/rest/v3`.
    pub fn rest(path: &str, object: &Value) -> Self {
        Self {
            method: "POST".to_owned(),
            path: format!("/rest/v3{path}"),
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: json!({ "requestObject": object }).to_string().into_bytes(),
        }
    }

    /// Method and path of its row.
    pub fn row(&self) -> (&str, &str) {
        let path = self.path.split_once('?').map_or(&*self.path, |(path, _)| path);
        (&self.method, path)
    }

    /// Prepares it.
    pub fn call(&self, api: &Api) -> Call {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let (path, query) = match self.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.path.as_str(), None),
        };
        api.call(&Request {
            method: &self.method,
            path,
            query,
            headers: &headers,
            body: &self.body,
            peer: None,
        })
    }
}

impl From<&client::Request> for Ask {
    fn from(request: &client::Request) -> Self {
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
        }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self {
            status: response.status,
            body: response.body,
        }
    }
}

impl Answer {
    /// The body; null when it is empty.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// `responseObject`, or null.
    pub fn object(&self) -> Value {
        self.json()
            .get_mut("responseObject")
            .map_or(Value::Null, Value::take)
    }

    /// `responseObject` of an answer that must be positive.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.object()
    }

    /// Code of an answer "no".
    pub fn code(&self) -> String {
        self.object()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether a verification says "valid".
    pub fn valid(&self) -> bool {
        let object = self.object();
        self.status == 200 && (object["signatureValid"] == true || object["tokenValid"] == true)
    }
}

/// An engine with its API, over some store.
#[derive(Clone)]
pub struct World {
    pub api: Arc<Api>,
    pub store: Arc<dyn Store>,
    pub lanes: Arc<Lanes>,
    pub host: Arc<Clock>,
}

impl Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

impl World {
    /// Over `store`, as it is.
    pub fn over(store: impl Store + 'static) -> Self {
        Self::with(engine(), Arc::new(store), Clock::new(1, START))
    }

    /// With everything given.
    pub fn with(engine: Arc<Engine>, store: Arc<dyn Store>, host: Clock) -> Self {
        Self {
            api: Arc::new(Api::new(engine).open_to_anybody()),
            store,
            lanes: Arc::new(Lanes::new()),
            host: Arc::new(host),
        }
    }

    /// Through the driver, with lanes.
    pub fn ask(&self, ask: &Ask) -> Answer {
        let mut call = ask.call(&self.api);
        pollster::block_on(drive(&mut call, &*self.store, &self.lanes, &*self.host)).into()
    }

    /// Without lanes: what several nodes would do to one database.
    pub fn ask_unfairly(&self, ask: &Ask) -> Answer {
        let mut call = ask.call(&self.api);
        let mut input = Input::Start;
        loop {
            input = match call.step(input, &*self.host) {
                Step::Done(response) => return response.into(),
                step => serve(&*self.store, step),
            };
        }
    }

    /// A call of the server API.
    pub fn rest(&self, path: &str, object: &Value) -> Answer {
        self.ask(&Ask::rest(path, object))
    }

    /// A call of a phone.
    pub fn send(&self, request: &client::Request) -> Answer {
        self.ask(&Ask::from(request))
    }

    /// Now.
    pub fn now(&self) -> u64 {
        self.host.now()
    }
}

/// Does what a step asks for.
pub fn serve<R>(store: &dyn Store, step: Step<R>) -> Input {
    match step {
        Step::Read(queries) => match pollster::block_on(store.read(&queries)) {
            Ok(answers) => Input::Answers(answers),
            Err(error) => Input::Failed(error),
        },
        Step::Commit(batch) => match pollster::block_on(store.commit(&batch)) {
            Ok(Commit::Applied) => Input::Applied,
            Ok(Commit::Conflict(current)) => Input::Conflict(current),
            Err(error) => Input::Failed(error),
        },
        Step::Done(_) => panic!("nothing is left to serve"),
    }
}
