//! The phone for tests. A message is a request (`bridge::phone::PhoneRequest`) or, beginning with `{`, a result.

use std::sync::{Arc, Mutex};

use countersign_core::bridge::phone::{Phone, Step};
use countersign_core::bridge::{Code, Error};
use jni_sys::{jbyteArray, jclass, jint, jlong};

use super::{Env, answer, array, number};
use crate::call::lock;
use crate::handle::{self, Entry};
use crate::host::{Generator, System};

fn message(step: Step) -> Vec<u8> {
    match step {
        Step::Request(message) => message,
        Step::Result(text) => text,
    }
}

/// As `cs_phone_new`; the answer is the phone's handle.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_phone(
    env: Env,
    _: jclass,
    settings: jbyteArray,
) -> jbyteArray {
    let phone = || {
        // SAFETY: Java's arguments.
        let settings = unsafe { array::bytes(env, settings, "settings") }?;
        let phone = Phone::new(array::text(&settings, "settings")?, Box::new(Generator))?;
        Ok(number(handle::insert(Entry::Phone(Arc::new(Mutex::new(phone))))?))
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, phone) }
}

/// As `cs_phone_free`.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_freePhone(
    env: Env,
    _: jclass,
    phone: jlong,
) -> jbyteArray {
    let free = || handle::free::<Mutex<Phone>>(phone.cast_unsigned()).map(|()| Vec::new());
    // SAFETY: Java's arguments.
    unsafe { answer(env, free) }
}

/// As `cs_phone_perform`; the answer is the message.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_perform(
    env: Env,
    _: jclass,
    phone: jlong,
    command: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let perform = || {
        // SAFETY: Java's arguments.
        let command = unsafe { array::bytes(env, command, "command") }?;
        let phone = handle::get::<Mutex<Phone>>(phone.cast_unsigned())?;
        let now = System::at(now_ms.cast_unsigned())?.start();
        let step = lock(&phone)?.perform(array::text(&command, "command")?, now)?;
        Ok(message(step))
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, perform) }
}

/// As `cs_phone_answer`; the answer is the message.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_answerPhone(
    env: Env,
    _: jclass,
    phone: jlong,
    status: jint,
    body: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let reply = || {
        // SAFETY: Java's arguments.
        let body = unsafe { array::bytes(env, body, "body") }?;
        let phone = handle::get::<Mutex<Phone>>(phone.cast_unsigned())?;
        let now = System::at(now_ms.cast_unsigned())?.start();
        let status = u16::try_from(status).map_err(|_| Error::new(Code::Argument, "status"))?;
        let step = lock(&phone)?.answer(status, &body, now)?;
        Ok(message(step))
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, reply) }
}
