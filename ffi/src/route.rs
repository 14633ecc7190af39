//! Routes of the host's own that only phones may call.

use countersign_core::api::Limits;
use countersign_core::api::guard::{Guard, Scope};
use countersign_core::bridge::passed::Factors;
use countersign_core::bridge::{Call, Code, Error, Passed};

use std::sync::Mutex;

use crate::engine::Engine;
use crate::host::System;
use crate::raw::{self, Out};
use crate::types::{
    CS_GUARD_USER_INFO, CS_PROOF_NONE, CS_PROOF_SIGNATURE, CS_PROOF_TOKEN, CS_SCOPE_ACTIVATION,
    CS_SCOPE_APPLICATION, CS_SCOPE_NONE, cs_buf, cs_call, cs_engine, cs_guard, cs_passed, cs_request,
    cs_slice,
};
use crate::{call, guard, handle};

/// The rules behind the pointer.
///
/// # Safety
/// The caller's promise (see `raw`).
pub(crate) unsafe fn rules(pointer: *const cs_guard) -> Result<Guard, Error> {
    // SAFETY: the same promise.
    let rules: cs_guard = unsafe { raw::sized(pointer, "guard") }?;
    // SAFETY: the same promise.
    let resource = unsafe { raw::text(&rules.resource, "guard.resource") }?;
    let wrong = |field| Err(Error::new(Code::Argument, field));
    let factors = u8::try_from(rules.factors).ok().map(Factors);
    let Some(factors) = factors.and_then(Factors::combinations) else {
        return wrong("guard.factors");
    };
    let proof = rules.proof;
    if factors.is_empty() != (proof == CS_PROOF_NONE) {
        return wrong("guard.factors");
    }
    if resource.is_empty() == (proof == CS_PROOF_SIGNATURE) {
        return wrong("guard.resource");
    }
    let user_info = match rules.flags {
        0 => false,
        CS_GUARD_USER_INFO if (proof, rules.encryption) == (CS_PROOF_NONE, CS_SCOPE_ACTIVATION) => true,
        _ => return wrong("guard.flags"),
    };
    let proven = match proof {
        CS_PROOF_NONE => None,
        CS_PROOF_SIGNATURE => Some(Guard::signature(resource, &factors)),
        CS_PROOF_TOKEN => Some(Guard::token(&factors)),
        _ => return wrong("guard.proof"),
    };
    let guard = match (proven, rules.encryption) {
        (Some(guard), CS_SCOPE_NONE) => guard,
        (Some(guard), CS_SCOPE_ACTIVATION) => guard.encrypted(),
        (None, CS_SCOPE_ACTIVATION) if user_info => Guard::user_info(),
        (None, CS_SCOPE_ACTIVATION) => Guard::encryption(Scope::Activation),
        (None, CS_SCOPE_APPLICATION) => Guard::encryption(Scope::Application),
        // Nothing demanded would let anybody pass.
        _ => return wrong("guard.encryption"),
    };
    Ok(match rules.max_body {
        0 => guard,
        body => guard.with_limits(Limits {
            body,
            ..Limits::default()
        }),
    })
}

/// Judges a request to a route of the host's own, with the engine's built-in store. Blocks until what
/// was counted is durable. The path of the request is not looked at.
///
/// `kind` gets `CS_STEP_PASSED`, and `message` is for `cs_passed_read`; or `CS_STEP_REPLY`, and the
/// reply in `message` is to be sent as it is, for `cs_reply_read`. Whatever fails, the store too, ends
/// in a reply. `call` gets what `cs_guard_seal` needs when the request was encrypted and has passed, to
/// be freed with `cs_call_free`, and 0 otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_guard_check(
    engine: cs_engine,
    guard: *const cs_guard,
    request: *const cs_request,
    now_ms: u64,
    kind: *mut i32,
    message: *mut cs_buf,
    call: *mut cs_call,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (kind, out, seal) = unsafe {
            (
                Out::new(kind, 0, "kind")?,
                Out::new(message, cs_buf::EMPTY, "message")?,
                Out::new(call, 0, "call")?,
            )
        };
        let engine = handle::get::<Engine>(engine)?;
        let host = System::at(now_ms)?;
        // SAFETY: the caller keeps the conventions.
        let rules = unsafe { rules(guard) }?;
        // SAFETY: the caller keeps the conventions.
        let ended = unsafe { call::with_request(request, |request| engine.checked(&rules, request, &host)) }?;
        let (step, bytes, sealer) = ended;
        let sealer = sealer.map_or(Ok(0), call::hold)?;
        let message =
            call::buffer(bytes).or_else(|full| handle::free::<Mutex<Call>>(sealer).and(Err(full)))?;
        seal.set(sealer);
        out.set(message);
        kind.set(call::number(step));
        Ok(())
    })
}

/// Begins to judge a request to a route of the host's own, on an engine with `CS_STORE_HOST`. The call
/// takes its steps in the same loop as others; its last one is `CS_STEP_PASSED` or, with the reply to be
/// sent as it is, `CS_STEP_REPLY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_guard_begin(
    engine: cs_engine,
    guard: *const cs_guard,
    request: *const cs_request,
    call: *mut cs_call,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let out = unsafe { Out::new(call, 0, "call") }?;
        let engine = handle::get::<Engine>(engine)?;
        // SAFETY: the caller keeps the conventions.
        let rules = unsafe { rules(guard) }?;
        // SAFETY: the caller keeps the conventions.
        let call = unsafe { call::with_request(request, |request| engine.check(&rules, request)) }?;
        out.set(call::hold(call)?);
        Ok(())
    })
}

/// Seals the one answer to an encrypted request that has passed. `reply` gets the message of the reply to
/// be sent, for `cs_reply_read`. Refusals go out unencrypted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_guard_seal(
    call: cs_call,
    body: cs_slice,
    now_ms: u64,
    reply: *mut cs_buf,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let out = unsafe { Out::new(reply, cs_buf::EMPTY, "reply") }?;
        let call = handle::get::<Mutex<Call>>(call)?;
        let host = System::at(now_ms)?;
        // SAFETY: the caller keeps the conventions.
        let body = unsafe { raw::bytes(&body, "body") }?;
        let message = call::lock(&call)?.seal(body, &host)?;
        out.set(call::buffer(message)?);
        Ok(())
    })
}

/// Reads the message of a step of kind `CS_STEP_PASSED`. `passed` points into it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_passed_read(message: cs_slice, passed: *mut cs_passed) -> Code {
    guard::run(|| {
        const NOTHING: cs_slice = cs_slice::NOTHING;
        let empty = cs_passed {
            application_id: NOTHING,
            version: NOTHING,
            activation_id: NOTHING,
            user_id: NOTHING,
            factors: 0,
            flag_count: 0,
            body: NOTHING,
        };
        // SAFETY: the caller keeps the conventions.
        let (out, message) = unsafe {
            (
                Out::new(passed, empty, "passed")?,
                raw::bytes(&message, "message")?,
            )
        };
        let read = Passed::read(message)?;
        let mut passed = cs_passed {
            application_id: cs_slice::of(read.application_id.as_bytes()),
            version: cs_slice::of(read.version.as_bytes()),
            body: read.body.map_or(NOTHING, cs_slice::of),
            ..empty
        };
        if let Some(holder) = &read.holder {
            passed.activation_id = cs_slice::of(holder.activation_id.as_bytes());
            passed.user_id = cs_slice::of(holder.user_id.as_bytes());
            passed.factors = u32::from(holder.factors.0);
            passed.flag_count = u32::try_from(holder.flags.len()).unwrap_or_default();
        }
        out.set(passed);
        Ok(())
    })
}

/// One flag of the activation, counted from 0. `flag` points into the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_passed_flag(message: cs_slice, index: u32, flag: *mut cs_slice) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (out, message) = unsafe {
            (
                Out::new(flag, cs_slice::NOTHING, "flag")?,
                raw::bytes(&message, "message")?,
            )
        };
        let read = Passed::read(message)?;
        let index = usize::try_from(index).ok();
        let flag = read.holder.as_ref().zip(index);
        let flag = flag.and_then(|(holder, index)| holder.flags.get(index));
        let flag = flag.ok_or_else(|| Error::new(Code::Argument, "index"))?;
        out.set(cs_slice::of(flag.as_bytes()));
        Ok(())
    })
}
