/* One crossing per call: everything a call needs goes in, everything it says comes out, the text of an
 * error, too, which C keeps per thread. */
#ifndef COUNTERSIGN_GO_BRIDGE_H
#define COUNTERSIGN_GO_BRIDGE_H

#include <countersign.h>

/* Texts of a request, one behind the other, and where each ends. */
struct csgo_request {
    uint32_t method, path, query, peer; /* lengths */
    uint32_t has_query, has_peer;
    uint32_t headers;
};

/* What a route demands; see cs_guard. */
struct csgo_rules {
    int32_t proof, encryption;
    uint32_t factors, flags;
    size_t max_body;
};

static inline cs_slice csgo_slice(const uint8_t *data, size_t len) { return (cs_slice){data, len}; }

/* What came of a call. `filled` bytes are in the caller's memory; a longer message stays in `rest`. */
struct csgo_result {
    int32_t code;
    int32_t kind;
    uint64_t handle;
    size_t filled;
    struct cs_buf rest;
};

/* The message, or the text of what went wrong, into the caller's memory. */
void csgo_give(int32_t code, struct cs_buf *message, uint8_t *out, size_t room,
               struct csgo_result *result);

/* How an engine is opened. The bytes follow one another: the key, the older keys, the path, the settings. */
struct csgo_open {
    uint32_t key_id, flags, older;
    int32_t store;
    size_t key_len, older_len, path_len, settings_len; /* older_len: of each */
};

void csgo_open(const struct csgo_open *open, const uint8_t *texts, const uint32_t *older_ids,
               uint8_t *out, size_t room, struct csgo_result *result);
void csgo_handle(uint64_t engine, const struct csgo_request *request, const uint8_t *texts,
                 const uint32_t *headers, const uint8_t *body, size_t body_len, uint64_t now_ms,
                 uint8_t *out, size_t room, struct csgo_result *result);
void csgo_begin(uint64_t engine, const struct csgo_request *request, const uint8_t *texts,
                const uint32_t *headers, const uint8_t *body, size_t body_len, uint8_t *out,
                size_t room, struct csgo_result *result);
/* Checks with the engine's own store, or begins a check of which the host takes the steps. */
void csgo_check(uint64_t engine, int32_t own_store, const struct csgo_rules *rules,
                const uint8_t *resource, size_t resource_len, const struct csgo_request *request,
                const uint8_t *texts, const uint32_t *headers, const uint8_t *body, size_t body_len,
                uint64_t now_ms, uint8_t *out, size_t room, struct csgo_result *result);
void csgo_seal(uint64_t call, const uint8_t *body, size_t body_len, uint64_t now_ms, uint8_t *out,
               size_t room, struct csgo_result *result);
void csgo_step(uint64_t call, const uint8_t *answer, size_t answer_len, uint64_t now_ms,
               uint8_t *out, size_t room, struct csgo_result *result);

void csgo_protocol(const uint8_t *command, size_t command_len, uint64_t now_ms, uint8_t *out,
                   size_t room, struct csgo_result *result);

void csgo_phone_new(const uint8_t *settings, size_t settings_len, uint8_t *out, size_t room,
                    struct csgo_result *result);
void csgo_phone_perform(uint64_t phone, const uint8_t *command, size_t command_len, uint64_t now_ms,
                        uint8_t *out, size_t room, struct csgo_result *result);
void csgo_phone_answer(uint64_t phone, uint32_t status, const uint8_t *body, size_t body_len,
                       uint64_t now_ms, uint8_t *out, size_t room, struct csgo_result *result);

#endif
