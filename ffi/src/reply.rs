//! Reading a reply without a parser of one's own.

use countersign_core::bridge::{Code, Error, Reply};

use crate::guard;
use crate::raw::{self, Out};
use crate::types::{cs_header, cs_reply, cs_slice};

/// Reads the message of `cs_handle` or of a step of kind `CS_STEP_REPLY`. `reply` points into it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_reply_read(message: cs_slice, reply: *mut cs_reply) -> Code {
    guard::run(|| {
        let empty = cs_reply {
            status: 0,
            header_count: 0,
            body: cs_slice::NOTHING,
        };
        // SAFETY: the caller keeps the conventions.
        let (out, message) = unsafe { (Out::new(reply, empty, "reply")?, raw::bytes(&message, "message")?) };
        let read = Reply::read(message)?;
        out.set(cs_reply {
            status: u32::from(read.status),
            header_count: u32::try_from(read.headers.len()).unwrap_or_default(),
            body: cs_slice::of(read.body),
        });
        Ok(())
    })
}

/// One header of a reply, counted from 0. `header` points into the message; names are in lower case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_reply_header(message: cs_slice, index: u32, header: *mut cs_header) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (out, message) = unsafe {
            (
                Out::new(header, cs_header::EMPTY, "header")?,
                raw::bytes(&message, "message")?,
            )
        };
        out.set(header_at(&Reply::read(message)?.headers, index)?);
        Ok(())
    })
}

/// The header with this number, counted from 0.
pub(crate) fn header_at(headers: &[(&str, &str)], index: u32) -> Result<cs_header, Error> {
    let index = usize::try_from(index).ok();
    let (name, value) = index
        .and_then(|index| headers.get(index))
        .ok_or_else(|| Error::new(Code::Argument, "index"))?;
    Ok(cs_header {
        name: cs_slice::of(name.as_bytes()),
        value: cs_slice::of(value.as_bytes()),
    })
}
