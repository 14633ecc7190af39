#include "bridge.h"

#include <stdlib.h>
#include <string.h>

/* Requests with more headers take memory. */
enum { ON_THE_STACK = 64, MOST_HEADERS = 1024, MOST_KEYS = 64 };

void csgo_give(int32_t code, struct cs_buf *message, uint8_t *out, size_t room,
               struct csgo_result *result) {
    result->code = code;
    if (code != CS_RESULT_OK) {
        const char *text = cs_last_error();
        size_t len = strlen(text);
        result->filled = len < room ? len : room;
        memcpy(out, text, result->filled);
    } else if (message->len <= room) {
        result->filled = message->len;
        if (message->len) memcpy(out, message->data, message->len);
        cs_buf_free(message);
    } else {
        result->rest = *message;
    }
}

void csgo_open(const struct csgo_open *open, const uint8_t *texts, const uint32_t *older_ids,
               uint8_t *out, size_t room, struct csgo_result *result) {
    struct cs_buf none = {0};
    cs_sealing_key older[MOST_KEYS];
    cs_config config = {
        .size = sizeof config,
        .sealing_key_id = open->key_id,
        .flags = open->flags,
        .sealing_key = csgo_slice(texts, open->key_len),
        .store = open->store,
        .older_keys = older,
        .older_key_count = open->older,
    };
    if (open->older > MOST_KEYS) {
        static const char text[] = "too many older keys";
        result->code = CS_RESULT_LENGTH;
        result->filled = sizeof text - 1;
        memcpy(out, text, result->filled);
        return;
    }
    texts += open->key_len;
    for (uint32_t i = 0; i < open->older; i++) {
        older[i].id = older_ids[i];
        older[i].key = csgo_slice(texts, open->older_len);
        texts += open->older_len;
    }
    config.store_path = csgo_slice(texts, open->path_len);
    config.settings = csgo_slice(texts + open->path_len, open->settings_len);
    csgo_give(cs_engine_new(&config, &result->handle), &none, out, room, result);
}

/* Builds the request and calls `act` with it. */
struct act {
    uint64_t handle, now_ms;
    const cs_guard *guard;
    struct cs_buf *message;
    struct csgo_result *result;
    int32_t (*run)(const struct act *act, const cs_request *request);
};

static int32_t with_request(const struct csgo_request *from, const uint8_t *texts,
                            const uint32_t *lengths, const uint8_t *body, size_t body_len,
                            const struct act *act) {
    cs_header few[ON_THE_STACK], *headers = few;
    if (from->headers > MOST_HEADERS) return CS_RESULT_LENGTH;
    if (from->headers > ON_THE_STACK) {
        headers = malloc(from->headers * sizeof *headers);
        if (!headers) return CS_RESULT_INTERNAL;
    }
    cs_request request = {.size = sizeof request, .headers = headers, .body = csgo_slice(body, body_len)};
    request.header_count = from->headers;
    request.method = csgo_slice(texts, from->method);
    texts += from->method;
    request.path = csgo_slice(texts, from->path);
    texts += from->path;
    if (from->has_query) request.query = csgo_slice(texts, from->query);
    texts += from->query;
    if (from->has_peer) request.peer = csgo_slice(texts, from->peer);
    texts += from->peer;
    for (uint32_t i = 0; i < from->headers; i++) {
        headers[i].name = csgo_slice(texts, lengths[2 * i]);
        texts += lengths[2 * i];
        headers[i].value = csgo_slice(texts, lengths[2 * i + 1]);
        texts += lengths[2 * i + 1];
    }
    int32_t code = act->run(act, &request);
    if (headers != few) free(headers);
    return code;
}

static int32_t run_handle(const struct act *act, const cs_request *request) {
    return cs_handle(act->handle, request, act->now_ms, act->message);
}

void csgo_handle(uint64_t engine, const struct csgo_request *request, const uint8_t *texts,
                 const uint32_t *headers, const uint8_t *body, size_t body_len, uint64_t now_ms,
                 uint8_t *out, size_t room, struct csgo_result *result) {
    struct cs_buf message = {0};
    struct act act = {engine, now_ms, NULL, &message, result, run_handle};
    int32_t code = with_request(request, texts, headers, body, body_len, &act);
    csgo_give(code, &message, out, room, result);
}

static int32_t run_begin(const struct act *act, const cs_request *request) {
    int32_t code = cs_call_begin(act->handle, request, &act->result->handle);
    return code == CS_RESULT_OK ? cs_call_lane(act->result->handle, act->message) : code;
}

void csgo_begin(uint64_t engine, const struct csgo_request *request, const uint8_t *texts,
                const uint32_t *headers, const uint8_t *body, size_t body_len, uint8_t *out,
                size_t room, struct csgo_result *result) {
    struct cs_buf lane = {0};
    struct act act = {engine, 0, NULL, &lane, result, run_begin};
    int32_t code = with_request(request, texts, headers, body, body_len, &act);
    csgo_give(code, &lane, out, room, result);
}

static int32_t run_check(const struct act *act, const cs_request *request) {
    struct csgo_result *result = act->result;
    return cs_guard_check(act->handle, act->guard, request, act->now_ms, &result->kind, act->message,
                          &result->handle);
}

static int32_t run_check_begin(const struct act *act, const cs_request *request) {
    int32_t code = cs_guard_begin(act->handle, act->guard, request, &act->result->handle);
    return code == CS_RESULT_OK ? cs_call_lane(act->result->handle, act->message) : code;
}

void csgo_check(uint64_t engine, int32_t own_store, const struct csgo_rules *rules,
                const uint8_t *resource, size_t resource_len, const struct csgo_request *request,
                const uint8_t *texts, const uint32_t *headers, const uint8_t *body, size_t body_len,
                uint64_t now_ms, uint8_t *out, size_t room, struct csgo_result *result) {
    struct cs_buf message = {0};
    cs_guard guard = {
        .size = sizeof guard,
        .proof = rules->proof,
        .encryption = rules->encryption,
        .factors = rules->factors,
        .flags = rules->flags,
        .resource = csgo_slice(resource, resource_len),
        .max_body = rules->max_body,
    };
    struct act act = {engine, now_ms, &guard, &message, result, own_store ? run_check : run_check_begin};
    int32_t code = with_request(request, texts, headers, body, body_len, &act);
    csgo_give(code, &message, out, room, result);
}

void csgo_seal(uint64_t call, const uint8_t *body, size_t body_len, uint64_t now_ms, uint8_t *out,
               size_t room, struct csgo_result *result) {
    struct cs_buf reply = {0};
    int32_t code = cs_guard_seal(call, csgo_slice(body, body_len), now_ms, &reply);
    csgo_give(code, &reply, out, room, result);
}

void csgo_step(uint64_t call, const uint8_t *answer, size_t answer_len, uint64_t now_ms,
               uint8_t *out, size_t room, struct csgo_result *result) {
    struct cs_buf message = {0};
    int32_t code = cs_call_step(call, csgo_slice(answer, answer_len), now_ms, &result->kind, &message);
    csgo_give(code, &message, out, room, result);
}

void csgo_protocol(const uint8_t *command, size_t command_len, uint64_t now_ms, uint8_t *out,
                   size_t room, struct csgo_result *result) {
    struct cs_buf message = {0};
    int32_t code = cs_protocol(csgo_slice(command, command_len), now_ms, &message);
    csgo_give(code, &message, out, room, result);
}
