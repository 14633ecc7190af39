//! Parts of the protocol that are useful alone.

use countersign_core::bridge::Code;
use countersign_core::bridge::protocol::perform;

use crate::host::{Generator, System};
use crate::raw::{self, Out};
use crate::types::{cs_buf, cs_slice};
use crate::{call, guard};

/// Carries out one command of the protocol's cryptography, without an engine: JSON such as
/// `{"do":"tokenDigest","secret":"…","nonce":"…","timestamp":1700000000000,"version":"3.2"}`. There are
/// envelopes (both sides), headers and signatures with given keys, token digests, offline payloads and
/// codes, activation codes, the status; docs/embedding.md says where the list is.
///
/// `result` gets JSON: `{"result":{…}}` or `{"error":{"kind","message"}}`. It may hold secrets; freeing
/// erases it. This function fails when the command cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_protocol(command: cs_slice, now_ms: u64, result: *mut cs_buf) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (out, command) = unsafe {
            (
                Out::new(result, cs_buf::EMPTY, "result")?,
                raw::text(&command, "command")?,
            )
        };
        let now = System::at(now_ms)?.start();
        out.set(call::buffer(perform(command, now, &mut Generator)?)?);
        Ok(())
    })
}
