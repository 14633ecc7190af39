//! Administration of push messages.
//!
//! | call | does |
//! |---|---|
//! | `POST /admin/push-credentials` | sets credentials of an application at Apple or Google: [`SetCredentials`] |
//! | `GET /admin/push-credentials?applicationId=…` | those there are, without secrets |
//! | `DELETE /admin/push-credentials?applicationId=…&platform=…&environment=…` | removes some |

use super::admin::{ADMINISTRATOR, done};
use super::contract::{Contract, Form, Type};
use super::credentialed::{Asked, row};
use super::endpoint::Endpoint;
use super::http::Response;
use crate::engine::push_delivery::credentials::{self, PushCredentials, SetCredentials, WhichCredentials};
use crate::engine::{Engine, Outcome};
use crate::store::Tx;

const PATH: &str = "/admin/push-credentials";

/// All rows.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        row(
            ADMINISTRATOR,
            ("POST", PATH, "setPushCredentials"),
            Contract::new("Sets credentials of an application for push messages, in place of earlier ones.")
                .asks(Form::Bare(Type::of::<SetCredentials>()))
                .answers(Form::Object(Type::of::<PushCredentials>()))
                .refuses(400, &["ERR…"]),
            set,
            |shown| Response::ok(&shown),
        ),
        row(
            ADMINISTRATOR,
            ("GET", PATH, "listPushCredentials"),
            Contract::new("The credentials of an application for push messages, without secrets.")
                .queried(&[("applicationId", "The application.")])
                .answers(Form::Object(Type::of::<Vec<PushCredentials>>()))
                .refuses(400, &["ERR…"]),
            list,
            |shown| Response::ok(&shown),
        ),
        row(
            ADMINISTRATOR,
            ("DELETE", PATH, "removePushCredentials"),
            Contract::new("Removes credentials for push messages. Messages wait until there are others.")
                .queried(&[
                    ("applicationId", "The application."),
                    ("platform", "`apns` or `fcm`."),
                    ("environment?", "For `apns`: `development` or `production`."),
                ])
                .refuses(400, &["ERR…"]),
            remove,
            done,
        ),
    ]
}

fn set(engine: &Engine, tx: &mut Tx<'_>, asked: &Asked) -> Outcome<PushCredentials> {
    credentials::set(engine, tx, &asked.object::<SetCredentials>()?, asked.caller())
}

fn list(engine: &Engine, tx: &mut Tx<'_>, asked: &Asked) -> Outcome<Vec<PushCredentials>> {
    credentials::list(engine, tx, &asked.parameter("applicationId"))
}

fn remove(engine: &Engine, tx: &mut Tx<'_>, asked: &Asked) -> Outcome<()> {
    let which = WhichCredentials {
        application_id: asked.parameter("applicationId"),
        platform: asked.parameter("platform"),
        environment: asked.parameter("environment"),
    };
    credentials::remove(engine, tx, &which, asked.caller())
}
