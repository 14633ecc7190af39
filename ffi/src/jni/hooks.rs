//! Planted panics, repeatable randomness and the time spent inside, for tests and benchmarks written in Java (feature
//! `test-hooks`): `io.countersign.Hooks` and `io.countersign.Inside`, which are not in the package that ships.

use countersign_core::bridge::{Code, Error};
use jni_sys::{jbyteArray, jclass, jlong};

use super::{Env, answer, array};
use crate::hooks::{cs_test_panic, cs_test_seed};
use crate::timing::cs_test_inside;
use crate::types::cs_slice;

/// As `cs_test_panic`.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_io_countersign_Hooks_panic(
    env: Env,
    _: jclass,
    function: jbyteArray,
) -> jbyteArray {
    let plant = || {
        // SAFETY: Java's arguments.
        let function = unsafe { array::bytes(env, function, "function") }?;
        // SAFETY: the bytes live until the function returns.
        match unsafe { cs_test_panic(cs_slice::of(&function)) } {
            Code::Ok => Ok(Vec::new()),
            code => Err(Error::new(code, "function")),
        }
    };
    // SAFETY: Java's arguments.
    unsafe { answer(env, plant) }
}

/// As `cs_test_seed`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_countersign_Hooks_seed(_: Env, _: jclass, seed: jlong) {
    cs_test_seed(seed.cast_unsigned());
}

/// As `cs_test_inside`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_io_countersign_Inside_spent(_: Env, _: jclass) -> jlong {
    cs_test_inside().cast_signed()
}
