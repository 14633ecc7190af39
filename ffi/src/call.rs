//! Requests answered in steps, and buffers.

use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use countersign_core::api::Request;
use countersign_core::bridge::{Call, Code, Error};
use countersign_core::store::wire::Kind;
use zeroize::Zeroizing;

use crate::engine::Engine;
use crate::guard;
use crate::handle::{self, Entry};
use crate::host::System;
use crate::raw::{self, Out};
use crate::types::{
    CS_STEP_COMMIT, CS_STEP_PASSED, CS_STEP_READ, CS_STEP_REPLY, cs_buf, cs_call, cs_engine, cs_request,
    cs_slice,
};

/// The request behind the pointer, for as long as `body` runs.
///
/// # Safety
/// The caller's promise (see `raw`).
pub(crate) unsafe fn with_request<T>(
    pointer: *const cs_request,
    body: impl FnOnce(&Request<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    // SAFETY: the same promise.
    let request: cs_request = unsafe { raw::sized(pointer, "request") }?;
    // SAFETY: the same promise.
    let headers = unsafe { raw::headers(&request) }?;
    // SAFETY: the same promise.
    let request = unsafe {
        Request {
            method: raw::text(&request.method, "request.method")?,
            path: raw::text(&request.path, "request.path")?,
            query: raw::optional(&request.query, "request.query")?,
            headers: &headers,
            body: raw::bytes(&request.body, "request.body")?,
            peer: raw::optional(&request.peer, "request.peer")?,
        }
    };
    body(&request)
}

/// Hands bytes to the caller.
pub(crate) fn buffer(bytes: Vec<u8>) -> Result<cs_buf, Error> {
    let bytes = Arc::new(Zeroizing::new(bytes));
    let (data, len) = (bytes.as_ptr(), bytes.len());
    // The bytes stay where they are for as long as the table holds them.
    let handle = handle::insert(Entry::Buffer(bytes))?;
    Ok(cs_buf { data, len, handle })
}

/// A handle for a call.
pub(crate) fn hold(call: Call) -> Result<cs_call, Error> {
    handle::insert(Entry::Call(Arc::new(Mutex::new(call))))
}

/// `CS_STEP_*` of a step.
pub(crate) fn number(step: Kind) -> i32 {
    match step {
        Kind::Queries => CS_STEP_READ,
        Kind::Batch => CS_STEP_COMMIT,
        Kind::Passed => CS_STEP_PASSED,
        _ => CS_STEP_REPLY,
    }
}

/// Begins a request on an engine with `CS_STORE_HOST`. Nothing is read or changed before the first
/// step. The request is copied as far as it is needed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_call_begin(
    engine: cs_engine,
    request: *const cs_request,
    call: *mut cs_call,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let out = unsafe { Out::new(call, 0, "call") }?;
        let engine = handle::get::<Engine>(engine)?;
        // SAFETY: the caller keeps the conventions.
        let call = unsafe { with_request(request, |request| engine.call(request)) }?;
        out.set(hold(call)?);
        Ok(())
    })
}

/// Name of the record that the call will change; empty when it changes none. Calls with the same name
/// should take turns: one begins its first step after the other has its reply. They are correct
/// otherwise, too, but conflict, and give up under an attack.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_call_lane(call: cs_call, lane: *mut cs_buf) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let out = unsafe { Out::new(lane, cs_buf::EMPTY, "lane") }?;
        let call = handle::get::<Mutex<Call>>(call)?;
        let name = lock(&call)?.lane().map(|lane| lane.as_bytes().to_vec());
        if let Some(name) = name {
            out.set(buffer(name)?);
        }
        Ok(())
    })
}

/// Takes one step. `answer` is empty the first time, then the store's answer to the step before.
///
/// `kind` gets `CS_STEP_*` and `message` the bytes to act on, to be freed with `cs_buf_free`. After
/// `CS_RESULT_MALFORMED` and `CS_RESULT_UNEXPECTED` the call still waits for the same answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_call_step(
    call: cs_call,
    answer: cs_slice,
    now_ms: u64,
    kind: *mut i32,
    message: *mut cs_buf,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let kind = unsafe { Out::new(kind, 0, "kind") }?;
        // SAFETY: the caller keeps the conventions.
        let out = unsafe { Out::new(message, cs_buf::EMPTY, "message") }?;
        let call = handle::get::<Mutex<Call>>(call)?;
        let host = System::at(now_ms)?;
        // SAFETY: the caller keeps the conventions.
        let answer = unsafe { raw::bytes(&answer, "answer") }?;
        let answer = Some(answer).filter(|answer| !answer.is_empty());
        let (step, bytes) = lock(&call)?.step(answer, &host)?;
        out.set(buffer(bytes)?);
        kind.set(number(step));
        Ok(())
    })
}

/// Ends a call, at any point. What a batch has changed stays.
#[unsafe(no_mangle)]
pub extern "C" fn cs_call_free(call: cs_call) -> Code {
    guard::run(|| handle::free::<Mutex<Call>>(call))
}

/// Frees the bytes and empties the structure. An empty one is nothing to free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_buf_free(buf: *mut cs_buf) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let held = unsafe { raw::input(buf, "buf") }?;
        handle::free::<Zeroizing<Vec<u8>>>(held.handle)?;
        // SAFETY: the caller keeps the conventions.
        unsafe { Out::new(buf, cs_buf::EMPTY, "buf") }.map(|_| ())
    })
}

pub(crate) fn lock<K>(call: &Mutex<K>) -> Result<std::sync::MutexGuard<'_, K>, Error>
where
    Mutex<K>: handle::Kind,
{
    match call.try_lock() {
        Ok(call) => Ok(call),
        // After a panic inside; such a call says itself that it is finished.
        Err(TryLockError::Poisoned(poisoned)) => Ok(PoisonError::into_inner(poisoned)),
        Err(TryLockError::WouldBlock) => Err(Error::new(Code::Busy, <Mutex<K> as handle::Kind>::NAME)),
    }
}
