//! Engines, requests answered in one call, and requests answered in steps.

use std::sync::{Arc, Mutex};

use countersign_core::bridge::request::Request;
use countersign_core::bridge::{Call, Code, Error, Settings};
use jni_sys::{jbyteArray, jclass, jint, jlong};

use super::{Env, answer, array, number};
use crate::call::lock;
use crate::engine::Engine;
use crate::handle::{self, Entry};
use crate::host::System;
use crate::types::{CS_ABI_VERSION, CS_FLAG_OPEN};

/// Version of the interface, as `cs_abi_version`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_countersign_Native_abi(_: Env, _: jclass) -> jint {
    CS_ABI_VERSION.cast_signed()
}

/// Every code: a line with number, name and text, each after a tab.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_codes(env: Env, _: jclass) -> jbyteArray {
    let line = |code: &Code| format!("{}\t{}\t{}\n", code.number(), code.name(), code.text());
    let codes = || Ok(Code::ALL.iter().map(line).collect::<String>().into_bytes());
    // SAFETY: Java's arguments.
    unsafe { answer(env, codes) }
}

/// Opens an engine; the answer is its handle.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_open(
    env: Env,
    _: jclass,
    key_id: jint,
    key: jbyteArray,
    flags: jint,
    store: jint,
    path: jbyteArray,
) -> jbyteArray {
    let open = || {
        let flags = flags.cast_unsigned();
        if flags & !CS_FLAG_OPEN != 0 {
            return Err(Error::new(Code::Argument, "flags"));
        }
        // SAFETY: Java's arguments.
        let (key, path) = unsafe { (array::bytes(env, key, "key")?, array::bytes(env, path, "path")?) };
        let settings = Settings {
            key_id: key_id.cast_unsigned(),
            key: &key,
            open: flags & CS_FLAG_OPEN != 0,
        };
        let engine = Engine::open(&settings, store, array::text(&path, "path")?)?;
        Ok(number(handle::insert(Entry::Engine(Arc::new(engine)))?))
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, open) }
}

/// As `cs_engine_free`.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_close(
    env: Env,
    _: jclass,
    engine: jlong,
) -> jbyteArray {
    let close = || handle::free::<Engine>(engine.cast_unsigned()).map(|()| Vec::new());
    // SAFETY: Java's arguments.
    unsafe { answer(env, close) }
}

/// As `cs_handle`; the answer is the message of a reply.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_handle(
    env: Env,
    _: jclass,
    engine: jlong,
    request: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let reply = || {
        // SAFETY: Java's arguments.
        let message = unsafe { array::bytes(env, request, "request") }?;
        let engine = handle::get::<Engine>(engine.cast_unsigned())?;
        let host = System::at(now_ms.cast_unsigned())?;
        engine.handle(&Request::read(&message)?.as_api(), &host)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, reply) }
}

/// As `cs_call_begin`; the answer is the handle of the call.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_begin(
    env: Env,
    _: jclass,
    engine: jlong,
    request: jbyteArray,
) -> jbyteArray {
    let begin = || {
        // SAFETY: Java's arguments.
        let message = unsafe { array::bytes(env, request, "request") }?;
        let engine = handle::get::<Engine>(engine.cast_unsigned())?;
        let call = engine.call(&Request::read(&message)?.as_api())?;
        Ok(number(handle::insert(Entry::Call(Arc::new(Mutex::new(call))))?))
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, begin) }
}

/// As `cs_call_lane`.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_lane(
    env: Env,
    _: jclass,
    call: jlong,
) -> jbyteArray {
    let lane = || {
        let call = handle::get::<Mutex<Call>>(call.cast_unsigned())?;
        let name = lock(&call)?.lane().map(|lane| lane.as_bytes().to_vec());
        Ok(name.unwrap_or_default())
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, lane) }
}

/// As `cs_call_step`, `previous` being NULL the first time; the second byte of the message is its kind.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_step(
    env: Env,
    _: jclass,
    call: jlong,
    previous: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let step = || {
        // SAFETY: Java's arguments.
        let previous = unsafe { array::optional(env, previous, "answer") }?;
        let call = handle::get::<Mutex<Call>>(call.cast_unsigned())?;
        let host = System::at(now_ms.cast_unsigned())?;
        let (_, message) = lock(&call)?.step(previous.as_deref().map(Vec::as_slice), &host)?;
        Ok(message)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, step) }
}

/// As `cs_call_free`.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_free(
    env: Env,
    _: jclass,
    call: jlong,
) -> jbyteArray {
    let free = || handle::free::<Mutex<Call>>(call.cast_unsigned()).map(|()| Vec::new());
    // SAFETY: Java's arguments.
    unsafe { answer(env, free) }
}
