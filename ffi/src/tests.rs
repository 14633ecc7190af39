//! What C cannot plant: panics in every function, a second thread inside a step, and sizes.

mod exchange;

use std::collections::BTreeSet;
use std::sync::Mutex;

use countersign_core::bridge::{Call, Code};

use crate::call::{cs_buf_free, cs_call_begin, cs_call_free, cs_call_lane, cs_call_step};
use crate::engine::{cs_engine_free, cs_engine_new, cs_handle};
use crate::error::cs_last_error;
use crate::guard::PLANTED;
use crate::handle;
use crate::phone::{
    cs_phone_answer, cs_phone_free, cs_phone_new, cs_phone_perform, cs_phone_request_header,
    cs_phone_request_read,
};
use crate::protocol::cs_protocol;
use crate::reply::{cs_reply_header, cs_reply_read};
use crate::route::{cs_guard_begin, cs_guard_check, cs_guard_seal, cs_passed_flag, cs_passed_read};
use crate::types::*;

const NOTHING: cs_slice = cs_slice {
    data: std::ptr::null(),
    len: 0,
};

fn config(key: &[u8]) -> cs_config {
    cs_config {
        size: size_of::<cs_config>(),
        sealing_key_id: 1,
        flags: CS_FLAG_OPEN,
        sealing_key: cs_slice::of(key),
        store: CS_STORE_HOST,
        store_path: NOTHING,
        settings: NOTHING,
        older_keys: std::ptr::null(),
        older_key_count: 0,
    }
}

fn request() -> cs_request {
    cs_request {
        size: size_of::<cs_request>(),
        method: cs_slice::of(b"POST"),
        path: cs_slice::of(b"/rest/v3/application/list"),
        query: NOTHING,
        headers: std::ptr::null(),
        header_count: 0,
        body: cs_slice::of(b"{}"),
        peer: NOTHING,
    }
}

fn null<T>() -> *mut T {
    std::ptr::null_mut()
}

fn begin() -> (cs_engine, cs_call) {
    let (mut engine, mut call) = (0, 0);
    // SAFETY: pointers to live values of this function.
    unsafe {
        assert_eq!(cs_engine_new(&config(&[1; 32]), &mut engine), Code::Ok);
        assert_eq!(cs_call_begin(engine, &request(), &mut call), Code::Ok);
    }
    (engine, call)
}

type Function = Box<dyn Fn() -> Code>;

/// Every function that returns a result, called with nothing.
fn functions() -> Vec<(&'static str, Function)> {
    macro_rules! rows {
        ($($name:ident($($argument:expr),*)),* $(,)?) => {
            vec![$((stringify!($name), Box::new(|| {
                #[allow(unused_unsafe, reason = "some are safe")]
                // SAFETY: NULL is refused before anything is read.
                unsafe { $name($($argument),*) }
            }))),*]
        };
    }
    rows![
        cs_engine_new(null(), null()),
        cs_engine_free(99),
        cs_handle(99, null(), 0, null()),
        cs_call_begin(99, null(), null()),
        cs_call_lane(99, null()),
        cs_call_step(99, NOTHING, 0, null(), null()),
        cs_call_free(99),
        cs_buf_free(null()),
        cs_reply_read(NOTHING, null()),
        cs_reply_header(NOTHING, 0, null()),
        cs_guard_check(99, null(), null(), 0, null(), null(), null()),
        cs_guard_begin(99, null(), null(), null()),
        cs_guard_seal(99, NOTHING, 0, null()),
        cs_passed_read(NOTHING, null()),
        cs_passed_flag(NOTHING, 0, null()),
        cs_protocol(NOTHING, 0, null()),
        cs_phone_new(NOTHING, null()),
        cs_phone_free(99),
        cs_phone_perform(99, NOTHING, 0, null(), null()),
        cs_phone_answer(99, 200, NOTHING, 0, null(), null()),
        cs_phone_request_read(NOTHING, null()),
        cs_phone_request_header(NOTHING, 0, null()),
    ]
}

#[test]
fn a_panic_in_any_function_becomes_a_result() {
    let (engine, call) = begin();
    for (name, function) in functions() {
        PLANTED.set(true);
        assert_eq!(function(), Code::Panic, "{name}");
        PLANTED.set(false);
        let result = function();
        assert!(
            matches!(result, Code::NullPointer | Code::UnknownHandle),
            "{name}: {result:?}"
        );
    }
    println!("{} functions", functions().len());
    // The call that was begun before all that still works.
    let (mut kind, mut message) = (0, cs_buf::EMPTY);
    // SAFETY: pointers to live values of this function.
    unsafe {
        assert_eq!(cs_call_step(call, NOTHING, 1, &mut kind, &mut message), Code::Ok);
        assert_eq!(kind, CS_STEP_READ);
        assert_eq!(cs_buf_free(&mut message), Code::Ok);
    }
    assert_eq!(cs_call_free(call), Code::Ok);
    assert_eq!(cs_engine_free(engine), Code::Ok);
}

#[test]
fn every_exported_function_is_planted_above() {
    let header = include_str!("../../include/countersign.h");
    let exported: BTreeSet<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix("cs_result "))
        .filter_map(|line| line.split('(').next())
        .collect();
    let planted: BTreeSet<&str> = functions().iter().map(|(name, _)| *name).collect();
    assert_eq!(planted, exported);
}

#[test]
fn a_step_inside_a_step_is_refused() {
    let (engine, call) = begin();
    let inside = handle::get::<Mutex<Call>>(call).unwrap();
    let held = inside.lock().unwrap();
    let (mut kind, mut message) = (0, cs_buf::EMPTY);
    // SAFETY: pointers to live values of this function.
    let mut step = || unsafe { cs_call_step(call, NOTHING, 1, &mut kind, &mut message) };
    assert_eq!(step(), Code::Busy);
    drop(held);
    assert_eq!(step(), Code::Ok);
    // Freed while in use: gone for others, alive until its user is done.
    assert_eq!(cs_call_free(call), Code::Ok);
    assert_eq!(step(), Code::StaleHandle);
    assert!(inside.lock().is_ok());
    // SAFETY: a pointer to a live value of this function.
    assert_eq!(unsafe { cs_buf_free(&mut message) }, Code::Ok);
    assert_eq!(cs_engine_free(engine), Code::Ok);
}

#[test]
fn errors_belong_to_their_thread() {
    let text = || {
        // SAFETY: our own text, read before the next call of this thread.
        let text = unsafe { std::ffi::CStr::from_ptr(cs_last_error()) };
        text.to_str().unwrap().to_owned()
    };
    assert_eq!(cs_call_free(5), Code::UnknownHandle);
    let here = text();
    assert!(here.contains("call"), "{here}");
    let there = std::thread::spawn(move || {
        let before = text();
        assert_eq!(cs_engine_free(5), Code::UnknownHandle);
        (before, text())
    });
    let (before, after) = there.join().unwrap();
    assert_eq!(before, "");
    assert!(after.contains("engine"), "{after}");
    // SAFETY: as above.
    let still = unsafe { std::ffi::CStr::from_ptr(cs_last_error()) };
    assert_eq!(still.to_str().unwrap(), here);
}

#[test]
fn layouts_are_those_of_c() {
    let word = size_of::<usize>();
    assert_eq!(size_of::<cs_slice>(), 2 * word);
    assert_eq!(size_of::<cs_header>(), 4 * word);
    assert_eq!(size_of::<cs_buf>(), 2 * word + 8);
    assert_eq!(size_of::<cs_request>(), 13 * word);
    assert_eq!(size_of::<Code>(), 4);
    assert_eq!(size_of::<cs_guard>(), 4 * word + 16);
    assert_eq!(size_of::<cs_passed>(), 10 * word + 8);
    assert_eq!(size_of::<cs_phone_request>(), 9 * word);
    assert_eq!(
        countersign_core::store::wire::Kind::ALL[..4]
            .iter()
            .map(|it| i32::from(it.1))
            .collect::<Vec<_>>(),
        [CS_STEP_READ, CS_STEP_COMMIT, CS_STEP_REPLY, CS_STEP_PASSED]
    );
}
