//! What a route of the host's own demands, from the numbers that JavaScript gives.

use countersign_core::api::Limits;
use countersign_core::api::guard::{Guard, Scope};
use countersign_core::bridge::passed::Factors;
use countersign_core::bridge::{Code, Error};

/// The rules behind the numbers (see `Engine::check`).
pub(crate) fn guard(
    proof: u8,
    encryption: u8,
    factors: u8,
    resource: &str,
    max_body: usize,
) -> Result<Guard, Error> {
    let wrong = |what| Err(Error::new(Code::Argument, what));
    let Some(factors) = Factors(factors).combinations() else {
        return wrong("factors");
    };
    if factors.is_empty() != (proof == 0) {
        return wrong("factors");
    }
    if resource.is_empty() == (proof == 1) {
        return wrong("resource");
    }
    let guard = match (proof, encryption) {
        (1, 0) => Guard::signature(resource, &factors),
        (1, 2) => Guard::signature(resource, &factors).encrypted(),
        (2, 0) => Guard::token(&factors),
        (2, 2) => Guard::token(&factors).encrypted(),
        (0, 1) => Guard::encryption(Scope::Application),
        (0, 2) => Guard::encryption(Scope::Activation),
        (0, 3) => Guard::user_info(),
        // Nothing demanded would let anybody pass.
        _ => return wrong("rules"),
    };
    Ok(match max_body {
        0 => guard,
        body => guard.with_limits(Limits {
            body,
            ..Limits::default()
        }),
    })
}
