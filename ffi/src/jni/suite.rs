//! The contract of a store for tests written in Java (feature `test-hooks`): `io.countersign.Suite`, which is not in the
//! package that ships.

use countersign_core::bridge::{Code, Error};
use jni_sys::{jbyteArray, jclass, jint, jlong};

use super::{Env, answer, array};
use crate::call::cs_buf_free;
use crate::suite::{cs_suite_answer, cs_suite_begin, cs_suite_free, cs_suite_next};
use crate::types::{cs_buf, cs_slice};

fn checked(code: Code) -> Result<(), Error> {
    match code {
        Code::Ok => Ok(()),
        code => Err(Error::new(code, "suite")),
    }
}

/// The bytes of a buffer, which is freed.
fn taken(mut buf: cs_buf) -> Result<Vec<u8>, Error> {
    let bytes = if buf.data.is_null() {
        Vec::new()
    } else {
        // SAFETY: the library has just made it, and nobody else knows its handle.
        unsafe { std::slice::from_raw_parts(buf.data, buf.len) }.to_vec()
    };
    // SAFETY: a local variable.
    checked(unsafe { cs_buf_free(&raw mut buf) })?;
    Ok(bytes)
}

/// Begins a case; the answer is its handle and its name.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Suite_begin(
    env: Env,
    _: jclass,
    number: jint,
) -> jbyteArray {
    let begin = || {
        let (mut name, mut suite) = (cs_buf::EMPTY, 0);
        // SAFETY: local variables.
        checked(unsafe { cs_suite_begin(number.cast_unsigned(), &raw mut name, &raw mut suite) })?;
        let mut result = super::number(suite);
        result.extend(taken(name)?);
        Ok(result)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, begin) }
}

/// Waits for what the case asks next; the answer is the number of the ask (32 bits), its kind (32 bits) and the message.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Suite_next(
    env: Env,
    _: jclass,
    suite: jlong,
) -> jbyteArray {
    let next = || {
        let (mut ask, mut kind, mut message) = (0, 0, cs_buf::EMPTY);
        let suite = suite.cast_unsigned();
        // SAFETY: local variables.
        checked(unsafe { cs_suite_next(suite, &raw mut ask, &raw mut kind, &raw mut message) })?;
        let mut result = ask.to_be_bytes().to_vec();
        result.extend(kind.to_be_bytes());
        result.extend(taken(message)?);
        Ok(result)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, next) }
}

/// Answers an ask.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Suite_reply(
    env: Env,
    _: jclass,
    suite: jlong,
    ask: jint,
    message: jbyteArray,
) -> jbyteArray {
    let reply = || {
        // SAFETY: Java's arguments.
        let message = unsafe { array::bytes(env, message, "answer") }?;
        // SAFETY: the bytes live until the function returns.
        let code =
            unsafe { cs_suite_answer(suite.cast_unsigned(), ask.cast_unsigned(), cs_slice::of(&message)) };
        checked(code).map(|()| Vec::new())
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, reply) }
}

/// Ends a case.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Suite_free(
    env: Env,
    _: jclass,
    suite: jlong,
) -> jbyteArray {
    let free = || checked(cs_suite_free(suite.cast_unsigned())).map(|()| Vec::new());
    // SAFETY: Java's arguments.
    unsafe { answer(env, free) }
}
