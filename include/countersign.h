/*
 * Countersign: a PowerAuth-compatible mobile-token authentication engine.
 *
 * Generated; the sources are in ffi/src.
 *
 * CONVENTIONS
 *
 * Results      Every function that can fail returns a cs_result: CS_RESULT_OK or what was wrong. A
 *              result tells whether the call of the function worked. What the engine answers, a
 *              refusal too, is in the reply. cs_last_error() says more about this thread's last
 *              failure, cs_result_text() describes a number. Both are safe to log.
 *
 * Handles      Engines, calls and phones are numbers, 0 is none. A handle that was freed, was never
 *              given out or is of another kind is an error, not a crash. Freeing 0 is fine.
 *
 * Inputs       Slices (pointer and length, no NUL at the end) and structures of the caller are read
 *              during the call only. Texts are UTF-8. A structure that begins with `size` needs
 *              sizeof of itself there; zero all other fields that are not used. Such structures may
 *              grow: the library takes the sizes that earlier headers had, too.
 *
 * Outputs      Come through pointers, which may point to uninitialised memory. After a failure the
 *              result is empty (0 or {0}), so that freeing it is always fine.
 *
 * Buffers      A cs_buf belongs to the library, is read-only and must be freed with cs_buf_free(),
 *              exactly once. Freeing erases the bytes and empties the structure; freeing a copy of it
 *              again is an error.
 *
 * Pointers     Every pointer is checked for NULL and alignment. Beyond that, a pointer must point to
 *              as many values as its type or the length beside it says, and nobody may change them
 *              during the call.
 *
 * Threads      Any function may be called from any thread. An engine serves any number of threads
 *              at once. A call takes one step at a time: a second thread gets CS_RESULT_BUSY. A call
 *              may change threads between steps. Freeing what another thread uses is safe: it is
 *              gone when that thread comes back.
 *
 * Callbacks    None. The library never calls the host: it returns what it needs, the host acts and
 *              reports back. No lock is held and no thread blocked in between.
 *
 * Panics       A defect inside the library comes out as CS_RESULT_PANIC. The call it happened in can
 *              only be freed; everything else goes on.
 *
 * Stability    Numbers, names and layouts are promises. cs_abi_version() of the loaded library must
 *              have the upper 16 bits of CS_ABI_VERSION, and lower 16 bits at least as high.
 *
 * THE LOOP OF A HOST THAT STORES RECORDS ITSELF (engine with CS_STORE_HOST)
 *
 *     cs_call call;
 *     cs_call_begin(engine, &request, &call);
 *     cs_slice answer = {0};                              the first step takes no answer
 *     for (;;) {
 *         cs_call_step(call, answer, CS_SYSTEM_CLOCK, &kind, &message);
 *         if (kind == CS_STEP_REPLY) break;               cs_reply_read(), then free both
 *         if (kind == CS_STEP_READ)   answer = ... run the queries in message
 *         if (kind == CS_STEP_COMMIT) answer = ... apply the batch in message, all or nothing
 *         cs_buf_free(&message);
 *     }
 *     cs_call_free(call);
 *
 * The bytes of queries, batches and answers are described in docs/embedding.md, with what a store
 * promises. When in doubt whether a batch was applied, answer "unknown": the engine finds out.
 */

#ifndef COUNTERSIGN_H
#define COUNTERSIGN_H


#include <stddef.h>
#include <stdint.h>

// Version of this interface: the upper 16 bits change when something breaks, the lower 16 when
// something is added. Compare with `cs_abi_version()` of the library that was loaded.
#define CS_ABI_VERSION 65537

// Of a phone: send this request and come back with `cs_phone_answer`; for `cs_phone_request_read`.
#define CS_PHONE_REQUEST 1

// Of a phone: the end of a command, JSON.
#define CS_PHONE_RESULT 2

// The host does the storing: `cs_call_begin`, `cs_call_step`, `cs_call_free`.
#define CS_STORE_HOST 0

// In memory, gone with the engine: `cs_handle`.
#define CS_STORE_MEMORY 1

// In the SQLite file `store_path`: `cs_handle`.
#define CS_STORE_SQLITE 2

// In the PostgreSQL database `store_path`, for any number of processes: `cs_handle`. A library without the
// feature `postgres` does not have it.
#define CS_STORE_POSTGRES 3

// For `cs_config.flags`: the server API answers anybody. For tests, and for hosts that authenticate
// callers themselves.
#define CS_FLAG_OPEN 1

// For `now_ms`: ask the system's clock.
#define CS_SYSTEM_CLOCK 0

// Length of `cs_config.sealing_key`, in bytes.
#define CS_SEALING_KEY_LENGTH 32

// Step: read these queries, answer with "answers" or "not applied".
#define CS_STEP_READ 1

// Step: commit this batch, answer with "applied", "conflict", "not applied" or "unknown".
#define CS_STEP_COMMIT 2

// The last step: the reply, for `cs_reply_read`.
#define CS_STEP_REPLY 3

// The last step of a check: the request may pass; for `cs_passed_read`.
#define CS_STEP_PASSED 4

// For `cs_guard.proof`: none, the encryption alone speaks for the caller.
#define CS_PROOF_NONE 0

// For `cs_guard.proof`: a signature over method, `resource` and body (of a GET: the query).
#define CS_PROOF_SIGNATURE 1

// For `cs_guard.proof`: a token. It covers nothing of the request: for reading, not for changing.
#define CS_PROOF_TOKEN 2

// For `cs_guard.encryption`: the request is not encrypted.
#define CS_SCOPE_NONE 0

// For `cs_guard.encryption`: encrypted by anybody who has the app. Without a proof only.
#define CS_SCOPE_APPLICATION 1

// For `cs_guard.encryption`: encrypted by one activation; with a proof, by the same.
#define CS_SCOPE_ACTIVATION 2

// For `cs_guard.flags`: the route is `/pa/v3/user/info`, served by the host: refusals are those that phones expect
// there. With `CS_PROOF_NONE` and `CS_SCOPE_ACTIVATION` only.
#define CS_GUARD_USER_INFO 1

// Factors: the phone alone.
#define CS_FACTORS_POSSESSION 1

// Factors: the PIN alone.
#define CS_FACTORS_KNOWLEDGE 2

// Factors: biometry alone.
#define CS_FACTORS_BIOMETRY 4

// Factors: phone and PIN.
#define CS_FACTORS_POSSESSION_KNOWLEDGE 8

// Factors: phone and biometry.
#define CS_FACTORS_POSSESSION_BIOMETRY 16

// Factors: all three.
#define CS_FACTORS_POSSESSION_KNOWLEDGE_BIOMETRY 32

// What came of a call.
enum cs_result
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // It worked.
    CS_RESULT_OK = 0,
    // A pointer that must not be NULL is.
    CS_RESULT_NULL_POINTER = 100,
    // A length is larger than anything in memory, or larger than allowed.
    CS_RESULT_LENGTH = 101,
    // A text is not UTF-8.
    CS_RESULT_NOT_UTF8 = 102,
    // An argument has a value that it may not have.
    CS_RESULT_ARGUMENT = 103,
    // The structure's `size` is none that this version of the library knows.
    CS_RESULT_STRUCT_SIZE = 104,
    // No handle with this number was ever given out.
    CS_RESULT_UNKNOWN_HANDLE = 200,
    // The handle was freed.
    CS_RESULT_STALE_HANDLE = 201,
    // The handle is of another kind than the function takes.
    CS_RESULT_WRONG_HANDLE = 202,
    // Another thread is inside a step of the same call.
    CS_RESULT_BUSY = 203,
    // More handles than the library gives out: something is not freed.
    CS_RESULT_TOO_MANY_HANDLES = 204,
    // The message is not in the wire format. The call waits for the same answer as before.
    CS_RESULT_MALFORMED = 300,
    // The message does not answer what was asked, or is missing. The call waits for the same answer
    // as before.
    CS_RESULT_UNEXPECTED = 301,
    // The call has given its reply, or failed inside a step. It can only be freed.
    CS_RESULT_FINISHED = 302,
    // Nothing to seal: the request was not encrypted, has not passed, or was answered already.
    CS_RESULT_NOTHING_TO_SEAL = 303,
    // The engine has no store of its own: take steps.
    CS_RESULT_NO_STORE = 400,
    // The engine has a store of its own: let it handle requests.
    CS_RESULT_OWN_STORE = 401,
    // The built-in store cannot be opened, or this build does not have it.
    CS_RESULT_STORE_OPEN = 402,
    // The system's clock is set before 1970.
    CS_RESULT_CLOCK = 900,
    // A defect of the library was contained. The engine still works; the call does not.
    CS_RESULT_PANIC = 901,
    // A defect of the library that it noticed itself.
    CS_RESULT_INTERNAL = 902,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cs_result cs_result;
#else
typedef int32_t cs_result;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Bytes of the caller, read during the call only. `data` may be NULL when `len` is 0.
typedef struct cs_slice {
    // First byte.
    const uint8_t *data;
    // Number of bytes.
    size_t len;
} cs_slice;

// A sealing key that has been replaced.
typedef struct cs_sealing_key {
    // Its number.
    uint32_t id;
    // `CS_SEALING_KEY_LENGTH` bytes.
    struct cs_slice key;
} cs_sealing_key;

// How an engine is opened. A caller that was compiled with an older header has fewer fields; the `size` tells.
typedef struct cs_config {
    // `sizeof(cs_config)`.
    size_t size;
    // Number of the sealing key; written into everything it seals, so that keys can change.
    uint32_t sealing_key_id;
    // `CS_FLAG_*`, or 0.
    uint32_t flags;
    // The sealing key: `CS_SEALING_KEY_LENGTH` random bytes that seal secrets before they are stored.
    struct cs_slice sealing_key;
    // `CS_STORE_*`.
    int32_t store;
    // The file, UTF-8, for `CS_STORE_SQLITE`; the address (`postgres://user@host/database`) for
    // `CS_STORE_POSTGRES`; empty otherwise.
    struct cs_slice store_path;
    // Settings of the engine, a JSON object; empty for the defaults. docs/embedding.md lists the members.
    struct cs_slice settings;
    // Older sealing keys, which still open what they have sealed; NULL when there are none.
    const struct cs_sealing_key *older_keys;
    // Number of older keys.
    size_t older_key_count;
} cs_config;

// An engine. 0 is none.
typedef uint64_t cs_engine;

// One header of a request or a reply. Text, without line ends.
typedef struct cs_header {
    // Name, in any case.
    struct cs_slice name;
    // Value.
    struct cs_slice value;
} cs_header;

// An HTTP request. Texts are UTF-8.
typedef struct cs_request {
    // `sizeof(cs_request)`.
    size_t size;
    // Method in upper case.
    struct cs_slice method;
    // Path below the mount point, as received: without the query, not decoded.
    struct cs_slice path;
    // Query as received, without the question mark; `data` NULL when there is none.
    struct cs_slice query;
    // Headers in the order received; NULL when there are none.
    const struct cs_header *headers;
    // Number of headers.
    size_t header_count;
    // The exact bytes.
    struct cs_slice body;
    // Address of the caller, for the record; `data` NULL when not known.
    struct cs_slice peer;
} cs_request;

// Bytes of the library, read-only, valid until `cs_buf_free`. All zero when empty.
typedef struct cs_buf {
    // First byte; NULL when empty.
    const uint8_t *data;
    // Number of bytes.
    size_t len;
    // What `cs_buf_free` frees.
    uint64_t handle;
} cs_buf;

// A request on its way through the engine. 0 is none.
typedef uint64_t cs_call;

// What a route of the host's demands of its callers. A proof, an encryption, or both.
typedef struct cs_guard {
    // `sizeof(cs_guard)`.
    size_t size;
    // `CS_PROOF_*`.
    int32_t proof;
    // `CS_SCOPE_*`.
    int32_t encryption;
    // The combinations of factors that are accepted, `CS_FACTORS_*` added up; with a proof one at least, without
    // a proof 0.
    uint32_t factors;
    // `CS_GUARD_*`, or 0.
    uint32_t flags;
    // What a signature is for: the text that app and host have agreed on, which need not be the path. With
    // `CS_PROOF_SIGNATURE` only.
    struct cs_slice resource;
    // Longest body, in bytes; 0 for 64 KiB.
    size_t max_body;
} cs_guard;

// A request that has passed: who called, and with what. The slices point into the message that was read.
typedef struct cs_passed {
    // The application.
    struct cs_slice application_id;
    // Protocol version of the request, such as `3.3`.
    struct cs_slice version;
    // The activation; `data` NULL in application scope, where anybody who has the app may call.
    struct cs_slice activation_id;
    // Its user; `data` NULL in application scope.
    struct cs_slice user_id;
    // Factors of the signature, or of the one that the token was made with: one `CS_FACTORS_*`. 0 where only an
    // envelope speaks for the activation: the phone has its keys, but nobody was asked for anything.
    uint32_t factors;
    // Number of flags of the activation, see `cs_passed_flag`.
    uint32_t flag_count;
    // What the envelope contained; `data` NULL where the request is not encrypted.
    struct cs_slice body;
} cs_passed;

// An HTTP reply. The slices point into the message that was read.
typedef struct cs_reply {
    // HTTP status.
    uint32_t status;
    // Number of headers, see `cs_reply_header`.
    uint32_t header_count;
    // The body.
    struct cs_slice body;
} cs_reply;

// A phone for tests. 0 is none.
typedef uint64_t cs_phone;

// What a phone sends. The slices point into the message that was read.
typedef struct cs_phone_request {
    // Method in upper case.
    struct cs_slice method;
    // Path, without the query.
    struct cs_slice path;
    // Query, without the question mark; `data` NULL when there is none.
    struct cs_slice query;
    // The exact bytes to send.
    struct cs_slice body;
    // Number of headers, see `cs_phone_request_header`.
    uint32_t header_count;
} cs_phone_request;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// What a result means: an English sentence, safe to log, valid for ever. For an unknown number, too.
const char *cs_result_text(int32_t result);

// The calling thread's last result that was not `CS_RESULT_OK`, with what exactly was wrong: names
// of arguments, never values, safe to log. Valid until the thread's next such result; never NULL.
const char *cs_last_error(void);

// Version of the library's interface, to be compared with `CS_ABI_VERSION`: the upper 16 bits must
// be equal, the lower 16 at least as high.
uint32_t cs_abi_version(void);

// Opens an engine. Sealing keys are copied; the caller may wipe its own.
cs_result cs_engine_new(const struct cs_config *config, cs_engine *engine);

// Closes an engine. Calls that were begun can go on; requests in other threads end first.
cs_result cs_engine_free(cs_engine engine);

// Answers a request with the engine's built-in store. Blocks until the reply is durable. Any number
// of threads may do this at the same time.
//
// `reply` gets a message for `cs_reply_read`, to be freed with `cs_buf_free`.
cs_result cs_handle(cs_engine engine,
                    const struct cs_request *request,
                    uint64_t now_ms,
                    struct cs_buf *reply);

// Begins a request on an engine with `CS_STORE_HOST`. Nothing is read or changed before the first
// step. The request is copied as far as it is needed.
cs_result cs_call_begin(cs_engine engine, const struct cs_request *request, cs_call *call);

// Name of the record that the call will change; empty when it changes none. Calls with the same name
// should take turns: one begins its first step after the other has its reply. They are correct
// otherwise, too, but conflict, and give up under an attack.
cs_result cs_call_lane(cs_call call,
                       struct cs_buf *lane);

// Takes one step. `answer` is empty the first time, then the store's answer to the step before.
//
// `kind` gets `CS_STEP_*` and `message` the bytes to act on, to be freed with `cs_buf_free`. After
// `CS_RESULT_MALFORMED` and `CS_RESULT_UNEXPECTED` the call still waits for the same answer.
cs_result cs_call_step(cs_call call,
                       struct cs_slice answer,
                       uint64_t now_ms,
                       int32_t *kind,
                       struct cs_buf *message);

// Ends a call, at any point. What a batch has changed stays.
cs_result cs_call_free(cs_call call);

// Frees the bytes and empties the structure. An empty one is nothing to free.
cs_result cs_buf_free(struct cs_buf *buf);

// Judges a request to a route of the host's own, with the engine's built-in store. Blocks until what
// was counted is durable. The path of the request is not looked at.
//
// `kind` gets `CS_STEP_PASSED`, and `message` is for `cs_passed_read`; or `CS_STEP_REPLY`, and the
// reply in `message` is to be sent as it is, for `cs_reply_read`. Whatever fails, the store too, ends
// in a reply. `call` gets what `cs_guard_seal` needs when the request was encrypted and has passed, to
// be freed with `cs_call_free`, and 0 otherwise.
cs_result cs_guard_check(cs_engine engine,
                         const struct cs_guard *guard,
                         const struct cs_request *request,
                         uint64_t now_ms,
                         int32_t *kind,
                         struct cs_buf *message,
                         cs_call *call);

// Begins to judge a request to a route of the host's own, on an engine with `CS_STORE_HOST`. The call
// takes its steps in the same loop as others; its last one is `CS_STEP_PASSED` or, with the reply to be
// sent as it is, `CS_STEP_REPLY`.
cs_result cs_guard_begin(cs_engine engine,
                         const struct cs_guard *guard,
                         const struct cs_request *request,
                         cs_call *call);

// Seals the one answer to an encrypted request that has passed. `reply` gets the message of the reply to
// be sent, for `cs_reply_read`. Refusals go out unencrypted.
cs_result cs_guard_seal(cs_call call,
                        struct cs_slice body,
                        uint64_t now_ms,
                        struct cs_buf *reply);

// Reads the message of a step of kind `CS_STEP_PASSED`. `passed` points into it.
cs_result cs_passed_read(struct cs_slice message, struct cs_passed *passed);

// One flag of the activation, counted from 0. `flag` points into the message.
cs_result cs_passed_flag(struct cs_slice message, uint32_t index, struct cs_slice *flag);

// Reads the message of `cs_handle` or of a step of kind `CS_STEP_REPLY`. `reply` points into it.
cs_result cs_reply_read(struct cs_slice message, struct cs_reply *reply);

// One header of a reply, counted from 0. `header` points into the message; names are in lower case.
cs_result cs_reply_header(struct cs_slice message, uint32_t index, struct cs_header *header);

// Carries out one command of the protocol's cryptography, without an engine: JSON such as
// `{"do":"tokenDigest","secret":"…","nonce":"…","timestamp":1700000000000,"version":"3.2"}`. There are
// envelopes (both sides), headers and signatures with given keys, token digests, offline payloads and
// codes, activation codes, the status; docs/embedding.md says where the list is.
//
// `result` gets JSON: `{"result":{…}}` or `{"error":{"kind","message"}}`. It may hold secrets; freeing
// erases it. This function fails when the command cannot be read.
cs_result cs_protocol(struct cs_slice command,
                      uint64_t now_ms,
                      struct cs_buf *result);

// A phone for tests, from its settings as JSON: `{"seed"?, "version"?, "mobileSdkConfig"}`, or instead of
// the last `applicationKey`, `applicationSecret` and `masterPublicKey`; or `{"state"}` from the command
// `save`. `version` is the protocol's, `3.3` unless it says otherwise. With a `seed` (any text) the phone
// does the same at the same moments every time. Not for phones of people: PINs and keys are in these
// texts. A library without the feature `phone` has no such functions.
cs_result cs_phone_new(struct cs_slice settings,
                       cs_phone *phone);

// Frees a phone.
cs_result cs_phone_free(cs_phone phone);

// Begins a command, JSON such as `{"do":"activate","code":"…","pin":"1234"}`; docs/embedding.md lists them.
// One that still waits for a reply is given up.
//
// `kind` gets `CS_PHONE_REQUEST`, and `message` is to be sent (`cs_phone_request_read`); or
// `CS_PHONE_RESULT`, and `message` is JSON: `{"result":{…}}` or `{"error":{"kind","message"}}`. A refusal
// of the server is such an error; this function fails when the command cannot be read.
cs_result cs_phone_perform(cs_phone phone,
                           struct cs_slice command,
                           uint64_t now_ms,
                           int32_t *kind,
                           struct cs_buf *message);

// Goes on with the reply to the phone's last request; `kind` and `message` as of `cs_phone_perform`. There
// may be another request: one for a temporary key comes first.
cs_result cs_phone_answer(cs_phone phone,
                          uint32_t status,
                          struct cs_slice body,
                          uint64_t now_ms,
                          int32_t *kind,
                          struct cs_buf *message);

// Reads a message of kind `CS_PHONE_REQUEST`. `request` points into it.
cs_result cs_phone_request_read(struct cs_slice message, struct cs_phone_request *request);

// One header of a phone's request, counted from 0. `header` points into the message.
cs_result cs_phone_request_header(struct cs_slice message,
                                  uint32_t index,
                                  struct cs_header *header);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/* A string literal as a slice. */
#ifdef __cplusplus
#define CS_TEXT(literal) (cs_slice{(const uint8_t *)(literal), sizeof(literal) - 1})
#else
#define CS_TEXT(literal) ((cs_slice){(const uint8_t *)("" literal), sizeof(literal) - 1})
#endif

/* The bytes of a buffer, valid as long as the buffer. */
static inline cs_slice cs_buf_bytes(const cs_buf *buf) {
    cs_slice bytes = {buf->data, buf->len};
    return bytes;
}

#endif /* COUNTERSIGN_H */
