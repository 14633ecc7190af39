//! What C passes and gets.

/// Version of this interface: the upper 16 bits change when something breaks, the lower 16 when
/// something is added. Compare with `cs_abi_version()` of the library that was loaded.
pub const CS_ABI_VERSION: u32 = 0x0001_0001;

/// An engine. 0 is none.
pub type cs_engine = u64;
/// A request on its way through the engine. 0 is none.
pub type cs_call = u64;
/// A phone for tests. 0 is none.
pub type cs_phone = u64;

/// Of a phone: send this request and come back with `cs_phone_answer`; for `cs_phone_request_read`.
pub const CS_PHONE_REQUEST: i32 = 1;
/// Of a phone: the end of a command, JSON.
pub const CS_PHONE_RESULT: i32 = 2;

/// The host does the storing: `cs_call_begin`, `cs_call_step`, `cs_call_free`.
pub const CS_STORE_HOST: i32 = 0;
/// In memory, gone with the engine: `cs_handle`.
pub const CS_STORE_MEMORY: i32 = 1;
/// In the SQLite file `store_path`: `cs_handle`.
pub const CS_STORE_SQLITE: i32 = 2;

/// In the PostgreSQL database `store_path`, for any number of processes: `cs_handle`. A library without the
/// feature `postgres` does not have it.
pub const CS_STORE_POSTGRES: i32 = 3;

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
/// The last step of a check: the request may pass; for `cs_passed_read`.
pub const CS_STEP_PASSED: i32 = 4;

/// For `cs_guard.proof`: none, the encryption alone speaks for the caller.
pub const CS_PROOF_NONE: i32 = 0;
/// For `cs_guard.proof`: a signature over method, `resource` and body (of a GET: the query).
pub const CS_PROOF_SIGNATURE: i32 = 1;
/// For `cs_guard.proof`: a token. It covers nothing of the request: for reading, not for changing.
pub const CS_PROOF_TOKEN: i32 = 2;

/// For `cs_guard.encryption`: the request is not encrypted.
pub const CS_SCOPE_NONE: i32 = 0;
/// For `cs_guard.encryption`: encrypted by anybody who has the app. Without a proof only.
pub const CS_SCOPE_APPLICATION: i32 = 1;
/// For `cs_guard.encryption`: encrypted by one activation; with a proof, by the same.
pub const CS_SCOPE_ACTIVATION: i32 = 2;

/// For `cs_guard.flags`: the route is `/pa/v3/user/info`, served by the host: refusals are those that phones expect
/// there. With `CS_PROOF_NONE` and `CS_SCOPE_ACTIVATION` only.
pub const CS_GUARD_USER_INFO: u32 = 1;

/// Factors: the phone alone.
pub const CS_FACTORS_POSSESSION: u32 = 1;
/// Factors: the PIN alone.
pub const CS_FACTORS_KNOWLEDGE: u32 = 2;
/// Factors: biometry alone.
pub const CS_FACTORS_BIOMETRY: u32 = 4;
/// Factors: phone and PIN.
pub const CS_FACTORS_POSSESSION_KNOWLEDGE: u32 = 8;
/// Factors: phone and biometry.
pub const CS_FACTORS_POSSESSION_BIOMETRY: u32 = 16;
/// Factors: all three.
pub const CS_FACTORS_POSSESSION_KNOWLEDGE_BIOMETRY: u32 = 32;

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

/// A sealing key that has been replaced.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_sealing_key {
    /// Its number.
    pub id: u32,
    /// `CS_SEALING_KEY_LENGTH` bytes.
    pub key: cs_slice,
}

/// How an engine is opened. A caller that was compiled with an older header has fewer fields; the `size` tells.
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
    /// The file, UTF-8, for `CS_STORE_SQLITE`; the address (`postgres://user@host/database`) for
    /// `CS_STORE_POSTGRES`; empty otherwise.
    pub store_path: cs_slice,
    /// Settings of the engine, a JSON object; empty for the defaults. docs/embedding.md lists the members.
    pub settings: cs_slice,
    /// Older sealing keys, which still open what they have sealed; NULL when there are none.
    pub older_keys: *const cs_sealing_key,
    /// Number of older keys.
    pub older_key_count: usize,
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

/// What a route of the host's demands of its callers. A proof, an encryption, or both.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_guard {
    /// `sizeof(cs_guard)`.
    pub size: usize,
    /// `CS_PROOF_*`.
    pub proof: i32,
    /// `CS_SCOPE_*`.
    pub encryption: i32,
    /// The combinations of factors that are accepted, `CS_FACTORS_*` added up; with a proof one at least, without
    /// a proof 0.
    pub factors: u32,
    /// `CS_GUARD_*`, or 0.
    pub flags: u32,
    /// What a signature is for: the text that app and host have agreed on, which need not be the path. With
    /// `CS_PROOF_SIGNATURE` only.
    pub resource: cs_slice,
    /// Longest body, in bytes; 0 for 64 KiB.
    pub max_body: usize,
}

/// What a phone sends. The slices point into the message that was read.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_phone_request {
    /// Method in upper case.
    pub method: cs_slice,
    /// Path, without the query.
    pub path: cs_slice,
    /// Query, without the question mark; `data` NULL when there is none.
    pub query: cs_slice,
    /// The exact bytes to send.
    pub body: cs_slice,
    /// Number of headers, see `cs_phone_request_header`.
    pub header_count: u32,
}

/// A request that has passed: who called, and with what. The slices point into the message that was read.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cs_passed {
    /// The application.
    pub application_id: cs_slice,
    /// Protocol version of the request, such as `3.3`.
    pub version: cs_slice,
    /// The activation; `data` NULL in application scope, where anybody who has the app may call.
    pub activation_id: cs_slice,
    /// Its user; `data` NULL in application scope.
    pub user_id: cs_slice,
    /// Factors of the signature, or of the one that the token was made with: one `CS_FACTORS_*`. 0 where only an
    /// envelope speaks for the activation: the phone has its keys, but nobody was asked for anything.
    pub factors: u32,
    /// Number of flags of the activation, see `cs_passed_flag`.
    pub flag_count: u32,
    /// What the envelope contained; `data` NULL where the request is not encrypted.
    pub body: cs_slice,
}

impl cs_slice {
    pub(crate) const NOTHING: Self = Self {
        data: std::ptr::null(),
        len: 0,
    };

    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr(),
            len: bytes.len(),
        }
    }
}

impl cs_header {
    pub(crate) const EMPTY: Self = Self {
        name: cs_slice::NOTHING,
        value: cs_slice::NOTHING,
    };
}

impl cs_buf {
    pub(crate) const EMPTY: Self = Self {
        data: std::ptr::null(),
        len: 0,
        handle: 0,
    };
}
