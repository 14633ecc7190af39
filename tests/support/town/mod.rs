//! A town in which every request of the endpoint tables can succeed, to be tried in any number of
//! copies of it.
//!
//! | file | rows |
//! |---|---|
//! | `server` | `/rest/v3/…`: applications, activations, signatures |
//! | `operations` | `/rest/v3/operation/…`, `/rest/v3/application/callback/…` |
//! | `exchange` | rows of the server API whose request a phone has encrypted or signed |
//! | `phones` | `/pa/v3/…` |
//! | `sealed` | vault, upgrade, decryptor, user info, integrations, in both |
//! | `recovery` | recovery, of both |
//! | `mobile` | `/api/auth/token/app/…` |
//! | `enrollment` | `/api/push/…`, `/api/inbox/…`, `/inbox/…` |
//! | `admin` | `/admin/…` |
//! | `cloud` | `/v2/…`, `/audit/…`, `/admin/applications…`, `/internal/…` |
//!
//! A new row of an endpoint table needs a request here; `open_rows` names the rows that have none.
//! In the simplest case that is one line, `("/new/path", json!({ … }))`, in the list of its family,
//! with attributes that the town knows: the application `APPLICATION`, an active, a blocked and a
//! pending activation, an operation, a template, a callback URL. A family of its own is a new file
//! with `pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask>`, called in [`Town::build`].

mod admin;
mod cloud;
mod enrollment;
mod exchange;
mod mobile;
mod operations;
mod phones;
mod recovery;
mod sealed;
mod server;

use std::cell::Cell;
use std::collections::BTreeSet;

use countersign::api::Api;
use countersign::client::{self, Application, Authentication, Device, DeviceState, Unsaved};
use countersign::crypto::version::ProtocolVersion;
use countersign::store::{MemoryStore, Store};
use serde_json::{Value, json};

pub use admin::push_credentials;

use super::prelude::{APPLICATION, TOKEN};
use super::{Ask, Clock, Dice, Factors, Phone, Prelude, World};

/// Rows that have no request in the town: method, path, and the reason why none can succeed there.
const WITHOUT: &[(&str, &str, &str)] = &[(
    "POST",
    "/api/activation/code",
    "the tests' engine lets no app activate another one; tests/mobile/spawn.rs has one that does",
)];

/// The records, and requests that succeed on them.
pub struct Town {
    prelude: Prelude,
    /// Each succeeds in a fresh copy of the town; none was sent yet.
    pub asks: Vec<Ask>,
}

/// What stands in the town when the requests are made.
struct Ground<'a> {
    world: &'a World,
    application: &'a Application,
    /// An ACTIVE phone of `user0` with the token `TOKEN`.
    active: &'a DeviceState,
    /// Its counter.
    position: u64,
    /// Id of a BLOCKED activation.
    blocked: String,
    /// An operation of `user0`, PENDING, with its data.
    operation: (String, String),
    /// Id of a template.
    template: Value,
    /// Id of a callback URL.
    url: Value,
    /// Id of a message in the inbox of `user0`.
    message: String,
    seed: Cell<u64>,
}

impl Ground<'_> {
    /// The active phone, in the state that the town left it in: each request is the first one after it.
    fn phone(&self) -> Phone {
        Phone::from_state(self.active, self.position, self.seed())
    }

    /// Randomness that nobody else has.
    fn dice(&self) -> Dice {
        Dice::new(self.seed())
    }

    fn seed(&self) -> u64 {
        self.seed.set(self.seed.get() + 1);
        self.seed.get()
    }

    /// What the active phone sends, signed.
    fn signed<T>(
        &self,
        factors: Factors,
        sign: impl FnOnce(
            &mut Device,
            &Authentication<'_>,
            &mut Dice,
        ) -> Result<Unsaved<client::Call<T>>, client::RequestError>,
    ) -> Ask {
        let call = self.phone().with(factors, sign).unwrap().assume_saved();
        Ask::from(&call.request)
    }

    /// When the requests are sent.
    fn now(&self) -> u64 {
        self.world.now() + 1
    }
}

impl Town {
    pub fn build() -> Self {
        let mut prelude = Prelude::build(ProtocolVersion::V3_2, 2, |_| {});
        let application = prelude.application.clone();
        let active = prelude.phones[0].clone();
        let blocked = prelude.phone(1, 6).id();
        let position = prelude.position;
        let mut asks = Vec::new();
        prelude.extend(|world| {
            let id = active.activation_id().to_owned();
            server::prepare(world, &id, &blocked);
            let operation = operations::prepare(world);
            let made = recovery::prepare(world, &application);
            admin::prepare(world);
            let message = enrollment::prepare(world);
            let ground = Ground {
                world,
                application: &application,
                active: &active,
                position,
                blocked,
                operation: operation.operation,
                template: operation.template,
                url: operation.url,
                message,
                seed: Cell::new(1_000),
            };
            asks.extend(server::asks(&ground));
            asks.extend(operations::asks(&ground));
            asks.extend(exchange::asks(&ground));
            asks.extend(phones::asks(&ground));
            asks.extend(sealed::asks(&ground));
            asks.extend(mobile::asks(&ground));
            asks.extend(recovery::asks(&ground, made));
            asks.extend(enrollment::asks(&ground));
            asks.extend(admin::asks());
            asks.extend(cloud::asks(&ground));
        });
        Self { prelude, asks }
    }

    /// Builds the town in an empty store.
    pub fn fill(&self, store: &dyn Store) {
        self.prelude.replay(store);
    }

    /// A copy of the town.
    pub fn store(&self) -> MemoryStore {
        self.prelude.memory()
    }

    /// The active phone, as it was when the requests were made.
    pub fn phone(&self) -> Phone {
        self.prelude.phone(0, 3_000)
    }

    /// Id of the blocked activation.
    pub fn blocked(&self) -> String {
        self.prelude.phone(1, 6).id()
    }

    /// The time at which the requests are sent.
    pub fn clock(&self) -> Clock {
        Clock::new(77, self.prelude.now + 1)
    }

    /// What is wrong between the endpoint tables and the requests, in words that say what to do.
    pub fn open_rows(&self, api: &Api) -> Vec<String> {
        let row = |ask: &'_ Ask| {
            let (method, path) = ask.row();
            let mut known = api.endpoints().iter().map(|row| row.path);
            let template = known.find(|template| *template == path || fits(template, path));
            (method.to_owned(), template.unwrap_or(path).to_owned())
        };
        let asked: Vec<(String, String)> = self.asks.iter().map(row).collect();
        let asked: BTreeSet<(&str, &str)> = asked.iter().map(|(method, path)| (&**method, &**path)).collect();
        let excused: BTreeSet<(&str, &str)> =
            WITHOUT.iter().map(|(method, path, _)| (*method, *path)).collect();
        let rows: BTreeSet<(&str, &str)> = api.endpoints().iter().map(|row| (row.method, row.path)).collect();
        let mut open = Vec::new();
        for (method, path) in &rows {
            match (asked.contains(&(*method, *path)), excused.contains(&(*method, *path))) {
                (false, false) => open.push(format!(
                    "{method} {path} has no request: add one that succeeds to the list of its family in \
                     tests/support/town/ (see the head of its mod.rs), or a line with the reason to WITHOUT there"
                )),
                (true, true) => open.push(format!("{method} {path} has a request: take it out of WITHOUT")),
                _ => {}
            }
        }
        for (method, path) in excused.iter().chain(&asked).filter(|row| !rows.contains(row)) {
            open.push(format!("{method} {path} is in no table any more"));
        }
        open
    }
}

/// Whether a path is one of a row with placeholders.
pub fn fits(template: &str, path: &str) -> bool {
    let (known, given) = (template.split('/'), path.split('/'));
    let same = |(known, given): (&str, &str)| known.starts_with('{') || known == given;
    known.clone().count() == given.clone().count() && known.zip(given).all(same)
}

/// Requests of the server API, from paths and request objects.
fn rest<const N: usize>(rows: [(&str, Value); N]) -> Vec<Ask> {
    rows.iter()
        .map(|(path, object)| Ask::rest(path, object))
        .collect()
}

/// An object with the members of two.
fn merge(mut one: Value, other: Value) -> Value {
    let Value::Object(other) = other else {
        panic!("not an object");
    };
    one.as_object_mut().unwrap().extend(other);
    one
}
