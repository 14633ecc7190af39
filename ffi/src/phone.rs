//! The phone for tests.

use std::sync::{Arc, Mutex};

use countersign_core::bridge::phone::{Phone, PhoneRequest, Step};
use countersign_core::bridge::{Code, Error};

use crate::handle::{self, Entry};
use crate::host::{Generator, System};
use crate::raw::{self, Out};
use crate::reply::header_at;
use crate::types::{
    CS_PHONE_REQUEST, CS_PHONE_RESULT, cs_buf, cs_header, cs_phone, cs_phone_request, cs_slice,
};
use crate::{call, guard};

/// A phone for tests, from its settings as JSON: `{"seed"?, "version"?, "mobileSdkConfig"}`, or instead of
/// the last `applicationKey`, `applicationSecret` and `masterPublicKey`; or `{"state"}` from the command
/// `save`. `version` is the protocol's, `3.3` unless it says otherwise. With a `seed` (any text) the phone
/// does the same at the same moments every time. Not for phones of people: PINs and keys are in these
/// texts. A library without the feature `phone` has no such functions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_phone_new(settings: cs_slice, phone: *mut cs_phone) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (out, settings) = unsafe { (Out::new(phone, 0, "phone")?, raw::text(&settings, "settings")?) };
        let phone = Phone::new(settings, Box::new(Generator))?;
        out.set(handle::insert(Entry::Phone(Arc::new(Mutex::new(phone))))?);
        Ok(())
    })
}

/// Frees a phone.
#[unsafe(no_mangle)]
pub extern "C" fn cs_phone_free(phone: cs_phone) -> Code {
    guard::run(|| handle::free::<Mutex<Phone>>(phone))
}

/// Begins a command, JSON such as `{"do":"activate","code":"…","pin":"1234"}`; docs/embedding.md lists them.
/// One that still waits for a reply is given up.
///
/// `kind` gets `CS_PHONE_REQUEST`, and `message` is to be sent (`cs_phone_request_read`); or
/// `CS_PHONE_RESULT`, and `message` is JSON: `{"result":{…}}` or `{"error":{"kind","message"}}`. A refusal
/// of the server is such an error; this function fails when the command cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_phone_perform(
    phone: cs_phone,
    command: cs_slice,
    now_ms: u64,
    kind: *mut i32,
    message: *mut cs_buf,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (kind, out) = unsafe {
            (
                Out::new(kind, 0, "kind")?,
                Out::new(message, cs_buf::EMPTY, "message")?,
            )
        };
        let phone = handle::get::<Mutex<Phone>>(phone)?;
        let now = System::at(now_ms)?.start();
        // SAFETY: the caller keeps the conventions.
        let command = unsafe { raw::text(&command, "command") }?;
        let step = call::lock(&phone)?.perform(command, now)?;
        give(step, &kind, &out)
    })
}

/// Goes on with the reply to the phone's last request; `kind` and `message` as of `cs_phone_perform`. There
/// may be another request: one for a temporary key comes first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_phone_answer(
    phone: cs_phone,
    status: u32,
    body: cs_slice,
    now_ms: u64,
    kind: *mut i32,
    message: *mut cs_buf,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (kind, out) = unsafe {
            (
                Out::new(kind, 0, "kind")?,
                Out::new(message, cs_buf::EMPTY, "message")?,
            )
        };
        let phone = handle::get::<Mutex<Phone>>(phone)?;
        let now = System::at(now_ms)?.start();
        let status = u16::try_from(status).map_err(|_| Error::new(Code::Argument, "status"))?;
        // SAFETY: the caller keeps the conventions.
        let body = unsafe { raw::bytes(&body, "body") }?;
        let step = call::lock(&phone)?.answer(status, body, now)?;
        give(step, &kind, &out)
    })
}

fn give(step: Step, kind: &Out<i32>, out: &Out<cs_buf>) -> Result<(), Error> {
    let (number, message) = match step {
        Step::Request(message) => (CS_PHONE_REQUEST, message),
        Step::Result(text) => (CS_PHONE_RESULT, text),
    };
    out.set(call::buffer(message)?);
    kind.set(number);
    Ok(())
}

/// Reads a message of kind `CS_PHONE_REQUEST`. `request` points into it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_phone_request_read(message: cs_slice, request: *mut cs_phone_request) -> Code {
    guard::run(|| {
        const NOTHING: cs_slice = cs_slice::NOTHING;
        let empty = cs_phone_request {
            method: NOTHING,
            path: NOTHING,
            query: NOTHING,
            body: NOTHING,
            header_count: 0,
        };
        // SAFETY: the caller keeps the conventions.
        let (out, message) = unsafe {
            (
                Out::new(request, empty, "request")?,
                raw::bytes(&message, "message")?,
            )
        };
        let read = PhoneRequest::read(message)?;
        out.set(cs_phone_request {
            method: cs_slice::of(read.method.as_bytes()),
            path: cs_slice::of(read.path.as_bytes()),
            query: read.query.map_or(NOTHING, |query| cs_slice::of(query.as_bytes())),
            body: cs_slice::of(read.body),
            header_count: u32::try_from(read.headers.len()).unwrap_or_default(),
        });
        Ok(())
    })
}

/// One header of a phone's request, counted from 0. `header` points into the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_phone_request_header(
    message: cs_slice,
    index: u32,
    header: *mut cs_header,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (out, message) = unsafe {
            (
                Out::new(header, cs_header::EMPTY, "header")?,
                raw::bytes(&message, "message")?,
            )
        };
        out.set(header_at(&PhoneRequest::read(message)?.headers, index)?);
        Ok(())
    })
}
