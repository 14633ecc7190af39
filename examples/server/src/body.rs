//! Bodies: no larger and no slower than allowed, whatever the caller announces.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use countersign::api::Response;
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::options::Bounds;

/// So much more than allowed is still read and dropped, so that an honest caller that sends a little
/// too much sees the answer and not a broken connection.
const TOLERATED: usize = 1024 * 1024;

/// The whole body, or the refusal.
pub(crate) async fn read(headers: &HeaderMap, body: Body, bounds: &Bounds) -> Result<Bytes, Response> {
    let hopeless = bounds.max_body.saturating_add(TOLERATED);
    if announced(headers).is_some_and(|length| length > hopeless) {
        return Err(too_large());
    }
    match timeout(bounds.body_timeout, collect(body, bounds.max_body, hopeless)).await {
        Ok(result) => result,
        Err(_) => Err(Response::error(
            408,
            "ERROR_REQUEST_TIMEOUT",
            "The request body did not arrive in time.",
        )),
    }
}

async fn collect(mut body: Body, limit: usize, hopeless: usize) -> Result<Bytes, Response> {
    let mut collected = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|_| Response::error(400, "ERROR_HTTP_REQUEST", "The request body cannot be read."))?;
        // Trailers are not ours.
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > hopeless {
            return Err(too_large());
        }
        if seen <= limit {
            collected.extend_from_slice(&data);
        } else {
            collected = Vec::new();
        }
    }
    if seen > limit {
        return Err(too_large());
    }
    Ok(collected.into())
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large() -> Response {
    Response::error(413, "ERROR_REQUEST_TOO_LARGE", "The request body is too large.")
}
