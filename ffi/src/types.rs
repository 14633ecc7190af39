//! What C passes and gets.

/// Version of this interface: the upper 16 bits change when something breaks, the lower 16 when
/// something is added. Compare with `cs_abi_version()` of the library that was loaded.
pub const CS_ABI_VERSION: u32 = 0x0001_0000;

/// An engine. 0 is none.
pub type cs_engine = u64;
/// A request on its way through the engine. 0 is none.
pub type cs_call = u64;

/// The host does the storing: `cs_call_begin`, `cs_call_step`, `cs_call_free`.
pub const CS_STORE_HOST: i32 = 0;
/// In memory, gone with the engine: `cs_handle`.
pub const CS_STORE_MEMORY: i32 = 1;
/// In the SQLite file `store_path`: `cs_handle`.
pub const CS_STORE_SQLITE: i32 = 2;

/// For `cs_config.flags`: the server API answers anybody. For tests, and for hosts that authenticate
/// callers themselves.
pub const CS_FLAG_OPEN: u32 = 1;

/// For `now_ms`: ask the system's clock.
pub const CS_SYSTEM_CLOCK: u64 = 0;

/// Length of `cs_config.sealing_key`, in bytes.
pub const CS_SEALING_KEY_LENGTH: usize = 32;

/// Step: read these queries, answer with "answers" or "not applied".
pub const CS_STEP_READ: i32 = 1;
/// Step: commit this batch, answer with "applied", "conflict", "not applied" or "unknown".
pub const CS_STEP_COMMIT: i32 = 2;
/// The last step: the reply, for `cs_reply_read`.
pub const CS_STEP_REPLY: i32 = 3;

/// Bytes of the caller, read during the call only. `data` may be NULL when `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_slice {
    /// First byte.
    pub data: *const u8,
    /// Number of bytes.
    pub len: usize,
}

/// Bytes of the library, read-only, valid until `cs_buf_free`. All zero when empty.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_buf {
    /// First byte; NULL when empty.
    pub data: *const u8,
    /// Number of bytes.
    pub len: usize,
    /// What `cs_buf_free` frees.
    pub handle: u64,
}

/// One header of a request or a reply. Text, without line ends.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_header {
    /// Name, in any case.
    pub name: cs_slice,
    /// Value.
    pub value: cs_slice,
}

/// How an engine is opened.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_config {
    /// `sizeof(cs_config)`.
    pub size: usize,
    /// Number of the sealing key; written into everything it seals, so that keys can change.
    pub sealing_key_id: u32,
    /// `CS_FLAG_*`, or 0.
    pub flags: u32,
    /// The sealing key: `CS_SEALING_KEY_LENGTH` random bytes that seal secrets before they are stored.
    pub sealing_key: cs_slice,
    /// `CS_STORE_*`.
    pub store: i32,
    /// The file, UTF-8, for `CS_STORE_SQLITE`; empty otherwise.
    pub store_path: cs_slice,
}

/// An HTTP request. Texts are UTF-8.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_request {
    /// `sizeof(cs_request)`.
    pub size: usize,
    /// Method in upper case.
    pub method: cs_slice,
    /// Path below the mount point, as received: without the query, not decoded.
    pub path: cs_slice,
    /// Query as received, without the question mark; `data` NULL when there is none.
    pub query: cs_slice,
    /// Headers in the order received; NULL when there are none.
    pub headers: *const cs_header,
    /// Number of headers.
    pub header_count: usize,
    /// The exact bytes.
    pub body: cs_slice,
    /// Address of the caller, for the record; `data` NULL when not known.
    pub peer: cs_slice,
}

/// An HTTP reply. The slices point into the message that was read.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_reply {
    /// HTTP status.
    pub status: u32,
    /// Number of headers, see `cs_reply_header`.
    pub header_count: u32,
    /// The body.
    pub body: cs_slice,
}

impl cs_slice {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr(),
            len: bytes.len(),
        }
    }
}

impl cs_buf {
    pub(crate) const EMPTY: Self = Self {
        data: std::ptr::null(),
        len: 0,
        handle: 0,
    };
}
