//! A row of an endpoint table, and the call that comes out of it.

use std::fmt;
use std::sync::Arc;

use super::Api;
use super::contract::Contract;
use super::http::{Request, Response};
use crate::store::{Host, Input, Operation, Step};

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Callers with credentials of an integration.
    Integration,
    /// Administrators.
    Administrator,
    /// Callers with credentials of an application, whose objects are all they see.
    Application,
    /// Anybody; the request authenticates itself (signature, token, encryption) or needs no rights.
    Phone,
}

/// Makes the operation of a request.
pub type Handler = Arc<dyn Fn(&Api, &Request<'_>) -> Call + Send + Sync>;

/// A row of the table.
#[derive(Clone)]
pub struct Endpoint {
    /// Upper-case method.
    pub method: &'static str,
    /// Path below the mount point; a segment `{name}` stands for any text without a slash.
    pub path: &'static str,
    /// Name of the use case, for documents and metrics.
    pub name: &'static str,
    /// Who may call.
    pub access: Access,
    /// What callers are promised.
    pub contract: Contract,
    pub(crate) handler: Handler,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.name)
    }
}

impl Endpoint {
    pub(super) fn prepare(&self, api: &Api, request: &Request<'_>) -> Call {
        let mut call = (self.handler)(api, request);
        call.endpoint = Some(self.name);
        call
    }
}

/// The segments of `path` at the places of `{name}` in `template`; none when it does not fit.
pub(super) fn captures<'p>(template: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let (mut known, mut given) = (template.split('/'), path.split('/'));
    let mut found = Vec::new();
    loop {
        match (known.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(known), Some(given)) if known.starts_with('{') && !given.is_empty() => found.push(given),
            (Some(known), Some(given)) if known == given => {}
            _ => return None,
        }
    }
}

/// An operation whose reply is an HTTP response.
pub type BoxedOperation = Box<dyn Operation<Reply = Response> + Send>;

/// A prepared request.
pub struct Call {
    /// Name of the use case; none when no row fits.
    pub endpoint: Option<&'static str>,
    operation: Work,
}

enum Work {
    Answered(Option<Response>),
    Operation(BoxedOperation),
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// A call that needs no store.
    pub fn answered(response: Response) -> Self {
        Self {
            endpoint: None,
            operation: Work::Answered(Some(response)),
        }
    }

    /// A call that runs `operation`.
    pub fn new(operation: BoxedOperation) -> Self {
        Self {
            endpoint: None,
            operation: Work::Operation(operation),
        }
    }
}

impl Operation for Call {
    type Reply = Response;

    fn lane(&self) -> Option<&str> {
        match &self.operation {
            Work::Answered(_) => None,
            Work::Operation(operation) => operation.lane(),
        }
    }

    fn recalls(&self) -> bool {
        match &self.operation {
            Work::Answered(_) => false,
            Work::Operation(operation) => operation.recalls(),
        }
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Response> {
        match &mut self.operation {
            Work::Operation(operation) => operation.step(input, host),
            Work::Answered(response) => Step::Done(
                response
                    .take()
                    .unwrap_or_else(|| Response::error(500, "ERROR_GENERIC", "The call is already done.")),
            ),
        }
    }
}

/// An operation whose reply is made from another's.
pub(crate) struct Mapped<O, F> {
    operation: O,
    reply: F,
}

impl<O, F> Mapped<O, F> {
    pub(crate) fn new(operation: O, reply: F) -> Self {
        Self { operation, reply }
    }
}

impl<O, F, R> Operation for Mapped<O, F>
where
    O: Operation,
    F: Fn(O::Reply) -> R,
{
    type Reply = R;

    fn lane(&self) -> Option<&str> {
        self.operation.lane()
    }

    fn recalls(&self) -> bool {
        self.operation.recalls()
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<R> {
        self.operation.step(input, host).map(&self.reply)
    }
}

#[cfg(test)]
mod tests {
    use super::captures;

    #[test]
    fn templates() {
        let template = "/v2/a/{id}/b/{other}";
        assert_eq!(captures(template, "/v2/a/1/b/2"), Some(vec!["1", "2"]));
        for other in [
            "/v2/a/1/b",
            "/v2/a/1/b/",
            "/v2/a//b/2",
            "/v2/a/1/c/2",
            "/v2/a/1/b/2/",
            "v2/a/1/b/2",
            "",
        ] {
            assert_eq!(captures(template, other), None, "{other}");
        }
        assert_eq!(captures("/v2", "/v2"), Some(vec![]));
    }
}
