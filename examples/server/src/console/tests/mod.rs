//! The console at the router, on a clock of the test's.

mod access;
mod again;
mod pages;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use countersign::api::auth::hash_secret;
use countersign::model::credential::{Credential, Grant};
use countersign::store::{Host, MemoryStore};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::host::System;
use crate::listen::Peer;
use crate::service::{Service, router};
use crate::testing::{Steered, service_at};

const SECRET: &str = "a secret of 32 characters, really";

struct World {
    service: Arc<Service>,
    clock: Arc<Steered>,
    cases: usize,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

/// A logged-in browser.
#[derive(Clone)]
struct Browser {
    cookie: String,
    csrf: String,
}

impl World {
    async fn new() -> Self {
        let clock = Steered::new();
        let service = service_at(Arc::new(MemoryStore::new()), Arc::clone(&clock) as Arc<dyn Host>);
        for (user, grant) in [("admin", Grant::Administrator), ("bank", Grant::Integration)] {
            let credential = Credential {
                user: user.to_owned(),
                hash: hash_secret(SECRET, &mut System).unwrap(),
                grant,
                name: String::new(),
                application: None,
                created: 0,
                removed_until: None,
            };
            let stored = service.connection.run(move |tx| {
                tx.put(&credential);
                Ok(())
            });
            stored.await.unwrap();
        }
        Self {
            service,
            clock,
            cases: 0,
        }
    }

    async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_from("192.0.2.1:1000", method, path, headers, body)
            .await
    }

    async fn send_from(
        &mut self,
        peer: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.cases += 1;
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(Peer(peer));
        let response = router(&self.service).call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    async fn try_login(&mut self, peer: &str, user: &str, secret: &str, more: &[(&str, &str)]) -> Answer {
        let body = json!({ "user": user, "password": secret }).to_string();
        let headers = [&[("content-type", "application/json")], more].concat();
        self.send_from(peer, "POST", "/console/login", &headers, &body)
            .await
    }

    async fn login(&mut self) -> Browser {
        let answer = self.try_login("192.0.2.1:1", "admin", SECRET, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Browser::of(&answer)
    }

    /// What the console answers a browser.
    async fn call(&mut self, browser: &Browser, name: &str, body: Value) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("cookie", &browser.cookie),
            ("x-csrf-token", &browser.csrf),
            ("sec-fetch-site", "same-origin"),
        ];
        let path = format!("/console/api/{name}");
        self.send("POST", &path, &headers, &body.to_string()).await
    }

    async fn is_in(&mut self, browser: &Browser) -> bool {
        let answer = self
            .send("GET", "/console/session", &[("cookie", &browser.cookie)], "")
            .await;
        assert!(matches!(answer.status, 200 | 401), "{}", answer.status);
        answer.status == 200
    }
}

impl Browser {
    fn of(answer: &Answer) -> Self {
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        Self {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: answer.body["csrf"].as_str().unwrap().to_owned(),
        }
    }
}
