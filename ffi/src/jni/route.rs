//! Routes of the host's own that only phones may call.

use std::sync::Mutex;

use countersign_core::api::guard::Guard;
use countersign_core::bridge::request::Request;
use countersign_core::bridge::{Call, Code, Error};
use jni_sys::{jbyteArray, jclass, jint, jlong};

use super::{Env, answer, array, number};
use crate::call::{hold, lock};
use crate::engine::Engine;
use crate::host::System;
use crate::types::{cs_guard, cs_slice};
use crate::{handle, route};

/// As `cs_guard`, in its order; `resource` is UTF-8.
///
/// # Safety
/// `env` is what Java passed to the native method that is running, `resource` one of its arguments.
unsafe fn rules(
    env: Env,
    proof: jint,
    encryption: jint,
    factors: jint,
    flags: jint,
    resource: jbyteArray,
    max_body: jint,
) -> Result<Guard, Error> {
    // SAFETY: the same promise.
    let resource = unsafe { array::bytes(env, resource, "resource") }?;
    let rules = cs_guard {
        size: size_of::<cs_guard>(),
        proof,
        encryption,
        factors: factors.cast_unsigned(),
        flags: flags.cast_unsigned(),
        resource: cs_slice::of(&resource),
        max_body: usize::try_from(max_body).map_err(|_| Error::new(Code::Length, "max_body"))?,
    };
    // SAFETY: a local variable that points to a local variable.
    unsafe { route::rules(&raw const rules) }
}

/// As `cs_guard_check`; the answer is the message, then the handle that can seal (64 bits, 0 for none).
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_check(
    env: Env,
    _: jclass,
    engine: jlong,
    proof: jint,
    encryption: jint,
    factors: jint,
    flags: jint,
    resource: jbyteArray,
    max_body: jint,
    request: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let check = || {
        // SAFETY: Java's arguments.
        let guard = unsafe { rules(env, proof, encryption, factors, flags, resource, max_body) }?;
        // SAFETY: Java's arguments.
        let message = unsafe { array::bytes(env, request, "request") }?;
        let engine = handle::get::<Engine>(engine.cast_unsigned())?;
        let host = System::at(now_ms.cast_unsigned())?;
        let request = Request::read(&message)?;
        let (_, mut end, sealer) = engine.checked(&guard, &request.as_api(), &host)?;
        end.extend(number(sealer.map_or(Ok(0), hold)?));
        Ok(end)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, check) }
}

/// As `cs_guard_begin`; the answer is the handle of the call.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_beginCheck(
    env: Env,
    _: jclass,
    engine: jlong,
    proof: jint,
    encryption: jint,
    factors: jint,
    flags: jint,
    resource: jbyteArray,
    max_body: jint,
    request: jbyteArray,
) -> jbyteArray {
    let begin = || {
        // SAFETY: Java's arguments.
        let guard = unsafe { rules(env, proof, encryption, factors, flags, resource, max_body) }?;
        // SAFETY: Java's arguments.
        let message = unsafe { array::bytes(env, request, "request") }?;
        let engine = handle::get::<Engine>(engine.cast_unsigned())?;
        let call = engine.check(&guard, &Request::read(&message)?.as_api())?;
        Ok(number(hold(call)?))
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, begin) }
}

/// As `cs_guard_seal`; the answer is the message of a reply.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_seal(
    env: Env,
    _: jclass,
    call: jlong,
    body: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let seal = || {
        // SAFETY: Java's arguments.
        let body = unsafe { array::bytes(env, body, "body") }?;
        let call = handle::get::<Mutex<Call>>(call.cast_unsigned())?;
        let host = System::at(now_ms.cast_unsigned())?;
        lock(&call)?.seal(&body, &host)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, seal) }
}
