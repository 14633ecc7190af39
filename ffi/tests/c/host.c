#include "host.h"

#include <stdio.h>
#include <string.h>

unsigned checks;
const char *folder;

static const uint8_t KEY[CS_SEALING_KEY_LENGTH] = {7};
const cs_slice TEST_KEY = {KEY, sizeof KEY};

struct bytes load(const char *name) {
    char path[4096];
    struct bytes bytes = {0};
    uint8_t chunk[4096];
    size_t got;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) bytes_add(&bytes, chunk, got);
    fclose(file);
    return bytes;
}

cs_slice all(const struct bytes *bytes) { return (cs_slice){bytes->data, bytes->len}; }

struct result result_of(cs_buf *message) {
    struct result result = {0};
    cs_reply reply;
    cs_header header;
    CHECK(cs_reply_read(cs_buf_bytes(message), &reply) == CS_RESULT_OK);
    CHECK(reply.body.len < sizeof result.text);
    result.status = reply.status;
    if (reply.body.len) memcpy(result.text, reply.body.data, reply.body.len);
    CHECK(reply.header_count >= 1);
    CHECK(cs_reply_header(cs_buf_bytes(message), 0, &header) == CS_RESULT_OK);
    CHECK(header.name.len == strlen("content-type"));
    CHECK(memcmp(header.name.data, "content-type", header.name.len) == 0);
    CHECK(cs_reply_header(cs_buf_bytes(message), reply.header_count, &header) ==
          CS_RESULT_ARGUMENT);
    CHECK(cs_buf_free(message) == CS_RESULT_OK);
    return result;
}

cs_request post(cs_slice path, cs_slice body) {
    static const cs_header headers[] = {
        {{(const uint8_t *)"Content-Type", 12}, {(const uint8_t *)"application/json", 16}},
    };
    return (cs_request){
        .size = sizeof(cs_request),
        .method = CS_TEXT("POST"),
        .path = path,
        .headers = headers,
        .header_count = 1,
        .body = body,
    };
}

struct result ask_with(struct host *host, cs_slice path, cs_slice body, enum mishap mishap,
                       cs_slice others) {
    cs_request request = post(path, body);
    struct bytes answer = {0};
    cs_slice input = {0};
    cs_buf message;
    cs_call call;
    int32_t kind;
    unsigned steps = 0;
    CHECK(cs_call_begin(host->engine, &request, &call) == CS_RESULT_OK);
    for (;;) {
        CHECK(steps++ < 20);
        CHECK(cs_call_step(call, input, host->now, &kind, &message) == CS_RESULT_OK);
        if (kind == CS_STEP_REPLY) break;
        cs_slice bytes = cs_buf_bytes(&message);
        if (kind == CS_STEP_READ && mishap == READ_FAILS) {
            store_not_applied(&answer);
        } else if (kind == CS_STEP_READ) {
            CHECK(store_read(&host->store, bytes, &answer));
        } else {
            CHECK(kind == CS_STEP_COMMIT);
            enum mishap now = mishap;
            mishap = NOTHING;
            if (now == OTHERS_FIRST) {
                /* A whole other request runs between this one's read and its commit. */
                ask_with(host, path, others, NOTHING, others);
            }
            if (now == COMMIT_FAILS) {
                store_not_applied(&answer);
            } else if (now == REQUEST_LOST) {
                store_unknown(&answer);
            } else {
                CHECK(store_commit(&host->store, bytes, &answer));
                CHECK(store_applied(&answer) || host->store.conflicts > 0);
                if (now == ANSWER_LOST) store_unknown(&answer);
            }
        }
        CHECK(cs_buf_free(&message) == CS_RESULT_OK);
        input = all(&answer);
    }
    struct result result = result_of(&message);
    CHECK(cs_call_step(call, input, host->now, &kind, &message) == CS_RESULT_FINISHED);
    CHECK(message.data == NULL && kind == 0);
    CHECK(cs_call_free(call) == CS_RESULT_OK);
    bytes_free(&answer);
    return result;
}

struct result ask(struct host *host, cs_slice path, cs_slice body) {
    return ask_with(host, path, body, NOTHING, body);
}

cs_config config_for(int32_t store, cs_slice key) {
    return (cs_config){
        .size = sizeof(cs_config),
        .sealing_key_id = 1,
        .flags = CS_FLAG_OPEN,
        .sealing_key = key,
        .store = store,
    };
}

bool contains(const struct result *result, const char *text) {
    return strstr(result->text, text) != NULL;
}
