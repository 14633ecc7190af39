//! Requests and responses without a framework.

use serde_json::json;

use crate::store::Fault;

/// A request as the host received it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// Path below the mount point, without the query, not decoded.
    pub path: &'a str,
    /// Raw query.
    pub query: Option<&'a str>,
    /// Names in any case, in the order received.
    pub headers: &'a [(&'a str, &'a str)],
    /// The exact bytes.
    pub body: &'a [u8],
    /// Address of the phone, for the record. Behind proxies it is the host who knows which of them to believe;
    /// no header is.
    pub peer: Option<&'a str>,
}

impl Request<'_> {
    /// Value of the only header called `name`; none when it is missing.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }

    /// Whether the body says that it is JSON.
    pub fn has_json(&self) -> bool {
        let media_type = self
            .header("content-type")
            .and_then(|value| value.split(';').next());
        media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
    }

    /// How many headers are called `name`.
    pub fn count(&self, name: &str) -> usize {
        self.headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .count()
    }
}

/// What to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers beside `content-length`.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Why the machinery failed: for the host's log, never for the caller.
    pub fault: Option<Fault>,
}

impl Response {
    /// A JSON answer.
    pub fn json<T: serde::Serialize>(status: u16, body: &T) -> Self {
        serde_json::to_vec(body).map_or_else(|_| Self::unwritten(), |body| Self::of(status, body))
    }

    /// `{"status":"OK","responseObject":…}`; without the object when it is nothing.
    pub fn ok<T: serde::Serialize>(object: &T) -> Self {
        // Written in one go: a tree of values in between costs more than verifying a signature.
        const HEAD: &[u8] = br#"{"status":"OK","responseObject":"#;
        let mut body = Vec::with_capacity(512);
        body.extend_from_slice(HEAD);
        if serde_json::to_writer(&mut body, object).is_err() {
            return Self::unwritten();
        }
        if body.get(HEAD.len()..) == Some(b"null") {
            return Self::json(200, &json!({ "status": "OK" }));
        }
        body.push(b'}');
        Self::of(200, body)
    }

    fn of(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
            fault: None,
        }
    }

    /// None of our types fails to serialise; a map with other keys than texts would.
    fn unwritten() -> Self {
        Self::of(500, Vec::new()).because(&Fault::Internal("an answer cannot be written"))
    }

    /// The same answer, with its cause for the host's log.
    #[must_use]
    pub fn because(self, fault: &Fault) -> Self {
        Self {
            fault: Some(fault.clone()),
            ..self
        }
    }

    /// `{"status":"ERROR","responseObject":{"code","message"}}`.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let object = json!({ "code": code, "message": message });
        Self::json(status, &json!({ "status": "ERROR", "responseObject": object }))
    }
}

/// Bounds on what is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// Bytes of one header value.
    pub header: usize,
    /// Nesting of JSON.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            header: 8 * 1024,
            depth: 32,
        }
    }
}

impl Limits {
    pub(super) fn refuse(&self, request: &Request<'_>) -> Option<Response> {
        if request.body.len() > self.body {
            return Some(Response::error(
                413,
                "ERROR_REQUEST_TOO_LARGE",
                "The request body is too large.",
            ));
        }
        if request.headers.iter().any(|(_, value)| value.len() > self.header) {
            return Some(Response::error(
                431,
                "ERROR_HEADER_TOO_LARGE",
                "A request header is too large.",
            ));
        }
        if deeper_than(request.body, self.depth) {
            return Some(Response::error(
                400,
                "ERROR_HTTP_REQUEST",
                "The request body is nested too deeply.",
            ));
        }
        None
    }
}

/// Whether JSON in `body` nests deeper than `depth`. Cheaper than parsing, and done before it.
pub fn deeper_than(body: &[u8], depth: usize) -> bool {
    // Most bodies do not have so many brackets at all, which is seen without following the texts.
    if body.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() <= depth {
        return false;
    }
    let mut open = 0_usize;
    let mut text = false;
    let mut escaped = false;
    for byte in body {
        match (text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => text = false,
            (true, _) => {}
            (false, b'"') => text = true,
            (false, b'[' | b'{') => {
                open += 1;
                if open > depth {
                    return true;
                }
            }
            (false, b']' | b'}') => open = open.saturating_sub(1),
            (false, _) => {}
        }
    }
    false
}

/// 404, or 405 when the path has rows for other methods.
pub(super) fn no_such_endpoint(allowed: &[&str]) -> Response {
    if allowed.is_empty() {
        return Response::error(404, "ERROR_NOT_FOUND", "Not found.");
    }
    let mut response = Response::error(405, "ERROR_METHOD_NOT_ALLOWED", "The method is not allowed.");
    response.headers.push(("allow", allowed.join(", ")));
    response
}

#[cfg(test)]
mod tests {
    use super::deeper_than;

    #[test]
    fn depth() {
        assert!(!deeper_than(b"[[]]", 2));
        assert!(deeper_than(b"[[[]]]", 2));
        assert!(!deeper_than(br#"["[[[[", "\"[[["]"#, 1));
        assert!(!deeper_than(b"[][][]", 1));
        assert!(deeper_than(br#"{"a":{"b":[1]}}"#, 2));
    }
}
