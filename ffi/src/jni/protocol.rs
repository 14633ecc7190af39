//! Parts of the protocol that are useful alone.

use countersign_core::bridge::protocol::perform;
use jni_sys::{jbyteArray, jclass, jlong};

use super::{Env, answer, array};
use crate::host::{Generator, System};

/// As `cs_protocol`; the answer is the JSON text.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Native_protocol(
    env: Env,
    _: jclass,
    command: jbyteArray,
    now_ms: jlong,
) -> jbyteArray {
    let run = || {
        // SAFETY: Java's arguments.
        let command = unsafe { array::bytes(env, command, "command") }?;
        let now = System::at(now_ms.cast_unsigned())?.start();
        perform(array::text(&command, "command")?, now, &mut Generator)
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, run) }
}
