#include "bank.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_HEADERS = 16 };

/* Takes the steps of a call over the host's store. */
static int32_t drive(struct bank *bank, cs_call call, cs_buf *message) {
    struct bytes answer = {0};
    int32_t kind;
    for (unsigned steps = 0;; steps++) {
        CHECK(steps < 20);
        CHECK(cs_call_step(call, all(&answer), bank->now, &kind, message) == CS_RESULT_OK);
        if (kind != CS_STEP_READ && kind != CS_STEP_COMMIT) break;
        cs_slice bytes = cs_buf_bytes(message);
        CHECK(kind == CS_STEP_READ ? store_read(bank->store, bytes, &answer)
                                   : store_commit(bank->store, bytes, &answer));
        CHECK(cs_buf_free(message) == CS_RESULT_OK);
    }
    bytes_free(&answer);
    return kind;
}

static unsigned take_reply(cs_buf *message, char *body, size_t *length) {
    cs_reply reply;
    CHECK(cs_reply_read(cs_buf_bytes(message), &reply) == CS_RESULT_OK);
    CHECK(reply.body.len < 16384);
    memcpy(body, reply.body.data, reply.body.len);
    body[reply.body.len] = 0;
    *length = reply.body.len;
    CHECK(cs_buf_free(message) == CS_RESULT_OK);
    return reply.status;
}

static bool is(cs_slice slice, const char *text) {
    return slice.len == strlen(text) && (slice.len == 0 || memcmp(slice.data, text, slice.len) == 0);
}

/* What each route demands. */
static bool rules_of(cs_slice path, cs_guard *rules) {
    const uint32_t two = CS_FACTORS_POSSESSION_KNOWLEDGE | CS_FACTORS_POSSESSION_BIOMETRY;
    *rules = (cs_guard){.size = sizeof *rules};
    if (is(path, "/any")) {
        rules->proof = CS_PROOF_SIGNATURE;
        rules->factors = 63;
        rules->resource = CS_TEXT("/any");
    } else if (is(path, "/transfer")) {
        rules->proof = CS_PROOF_SIGNATURE;
        rules->factors = two;
        rules->resource = CS_TEXT("/transfer");
    } else if (is(path, "/card/pin")) {
        rules->proof = CS_PROOF_SIGNATURE;
        rules->encryption = CS_SCOPE_ACTIVATION;
        rules->factors = two;
        rules->resource = CS_TEXT("/card/pin");
    } else if (is(path, "/balance")) {
        rules->proof = CS_PROOF_TOKEN;
        rules->factors = CS_FACTORS_POSSESSION | two;
    } else if (is(path, "/secret/balance")) {
        rules->proof = CS_PROOF_TOKEN;
        rules->encryption = CS_SCOPE_ACTIVATION;
        rules->factors = CS_FACTORS_POSSESSION | two;
    } else if (is(path, "/note")) {
        rules->encryption = CS_SCOPE_ACTIVATION;
    } else if (is(path, "/contact")) {
        rules->encryption = CS_SCOPE_APPLICATION;
    } else if (is(path, "/pa/v3/user/info")) {
        rules->encryption = CS_SCOPE_ACTIVATION;
        rules->flags = CS_GUARD_USER_INFO;
    } else {
        return false;
    }
    return true;
}

static unsigned answer_route(struct bank *bank, const cs_guard *rules, const cs_request *request,
                             char *body, size_t *length) {
    cs_buf message, sealed;
    cs_passed passed;
    cs_slice flag;
    cs_call call;
    int32_t kind;
    char text[4096];
    if (bank->store == NULL) {
        CHECK(cs_guard_check(bank->engine, rules, request, bank->now, &kind, &message, &call) ==
              CS_RESULT_OK);
    } else {
        CHECK(cs_guard_begin(bank->engine, rules, request, &call) == CS_RESULT_OK);
        kind = drive(bank, call, &message);
    }
    if (kind == CS_STEP_REPLY) {
        CHECK(cs_passed_read(cs_buf_bytes(&message), &passed) == CS_RESULT_UNEXPECTED);
        CHECK(cs_guard_seal(call, request->body, bank->now, &sealed) ==
              (call ? CS_RESULT_NOTHING_TO_SEAL : CS_RESULT_UNKNOWN_HANDLE));
        CHECK(cs_call_free(call) == CS_RESULT_OK);
        return take_reply(&message, body, length);
    }
    CHECK(kind == CS_STEP_PASSED);
    CHECK(cs_passed_read(cs_buf_bytes(&message), &passed) == CS_RESULT_OK);
    CHECK(is(passed.application_id, "bank") && passed.version.len == 3);
    bool encrypted = rules->encryption != CS_SCOPE_NONE;
    CHECK((passed.body.data != NULL) == encrypted);
    CHECK((passed.activation_id.data == NULL) == (rules->encryption == CS_SCOPE_APPLICATION));
    CHECK((passed.factors == 0) == (rules->proof == CS_PROOF_NONE));
    CHECK((passed.factors & ~rules->factors) == 0);
    cs_slice sent = encrypted ? passed.body : request->body;
    int room = snprintf(text, sizeof text, "{\"user\":\"%.*s\",\"factors\":%u,\"flags\":%u,\"sent\":\"%.*s\"}",
                        (int)passed.user_id.len, (const char *)passed.user_id.data, passed.factors,
                        passed.flag_count, (int)sent.len, (const char *)sent.data);
    CHECK(room > 0 && (size_t)room < sizeof text);
    if (passed.flag_count > 0) {
        CHECK(cs_passed_flag(cs_buf_bytes(&message), 0, &flag) == CS_RESULT_OK && is(flag, "VIP"));
    }
    CHECK(cs_passed_flag(cs_buf_bytes(&message), passed.flag_count, &flag) == CS_RESULT_ARGUMENT);
    CHECK(cs_buf_free(&message) == CS_RESULT_OK);
    cs_slice plain = {(const uint8_t *)text, (size_t)room};
    if (!encrypted) {
        CHECK(cs_guard_seal(call, plain, bank->now, &sealed) ==
              (call ? CS_RESULT_NOTHING_TO_SEAL : CS_RESULT_UNKNOWN_HANDLE));
        CHECK(cs_call_free(call) == CS_RESULT_OK);
        memcpy(body, text, (size_t)room + 1);
        *length = (size_t)room;
        return 200;
    }
    CHECK(cs_guard_seal(call, plain, bank->now, &sealed) == CS_RESULT_OK);
    CHECK(cs_guard_seal(call, plain, bank->now, &message) == CS_RESULT_NOTHING_TO_SEAL);
    CHECK(cs_call_free(call) == CS_RESULT_OK);
    CHECK(cs_call_free(call) == CS_RESULT_STALE_HANDLE);
    return take_reply(&sealed, body, length);
}

unsigned bank_answer(struct bank *bank, const cs_request *request, char *body, size_t *length) {
    cs_guard rules;
    cs_buf message;
    cs_call call;
    if (rules_of(request->path, &rules)) return answer_route(bank, &rules, request, body, length);
    if (bank->store == NULL) {
        CHECK(cs_handle(bank->engine, request, bank->now, &message) == CS_RESULT_OK);
    } else {
        CHECK(cs_call_begin(bank->engine, request, &call) == CS_RESULT_OK);
        CHECK(drive(bank, call, &message) == CS_STEP_REPLY);
        CHECK(cs_call_free(call) == CS_RESULT_OK);
    }
    return take_reply(&message, body, length);
}

struct result bank_call(struct bank *bank, const char *path, const char *object) {
    char body[2048], out[16384];
    struct result result = {0};
    size_t length;
    int room = snprintf(body, sizeof body, "{\"requestObject\":%s}", object);
    CHECK(room > 0 && (size_t)room < sizeof body);
    cs_request request = post((cs_slice){(const uint8_t *)path, strlen(path)},
                              (cs_slice){(const uint8_t *)body, (size_t)room});
    result.status = bank_answer(bank, &request, out, &length);
    CHECK(length < sizeof result.text);
    memcpy(result.text, out, length + 1);
    if (result.status != 200) fprintf(stderr, "%s: %s\n", path, result.text);
    CHECK(result.status == 200);
    return result;
}

static void open_on(struct bank *bank, const cs_config *config, struct store *store) {
    *bank = (struct bank){.store = store, .now = 1700000000000};
    CHECK(cs_engine_new(config, &bank->engine) == CS_RESULT_OK);
}

static void learn(struct bank *bank) {
    struct result detail =
        bank_call(bank, "/rest/v3/application/detail", "{\"applicationId\":\"bank\"}");
    json_text(detail.text, "mobileSdkConfig", bank->config, sizeof bank->config);
}

void bank_open(struct bank *bank, struct store *store) {
    cs_config config = config_for(store ? CS_STORE_HOST : CS_STORE_MEMORY, TEST_KEY);
    open_on(bank, &config, store);
    bank_call(bank, "/rest/v3/application/create", "{\"applicationId\":\"bank\"}");
    learn(bank);
}

void bank_open_database(struct bank *bank, const char *url, bool first) {
    cs_config config = config_for(CS_STORE_POSTGRES, TEST_KEY);
    config.store_path = (cs_slice){(const uint8_t *)url, strlen(url)};
    open_on(bank, &config, NULL);
    if (first) bank_call(bank, "/rest/v3/application/create", "{\"applicationId\":\"bank\"}");
    learn(bank);
}

void bank_close(struct bank *bank) {
    CHECK(cs_engine_free(bank->engine) == CS_RESULT_OK);
    if (bank->store) store_free(bank->store);
}

cs_phone bank_phone(struct bank *bank, const char *seed, const char *version) {
    char settings[1024], member[128] = "";
    cs_phone phone;
    if (seed) snprintf(member, sizeof member, "\"seed\":\"%s\",", seed);
    int room = snprintf(settings, sizeof settings, "{%s\"version\":\"%s\",\"mobileSdkConfig\":\"%s\"}", member,
                        version, bank->config);
    CHECK(cs_phone_new((cs_slice){(const uint8_t *)settings, (size_t)room}, &phone) == CS_RESULT_OK);
    return phone;
}

struct said phone_do(struct bank *bank, cs_phone phone, const char *command) {
    struct said said = {0};
    cs_header headers[MAX_HEADERS];
    cs_phone_request sent;
    cs_buf message;
    int32_t kind;
    char body[16384];
    size_t length;
    cs_slice text = {(const uint8_t *)command, strlen(command)};
    cs_result result = cs_phone_perform(phone, text, bank->now, &kind, &message);
    for (;;) {
        if (result != CS_RESULT_OK) fprintf(stderr, "%s: %s\n", command, cs_last_error());
        CHECK(result == CS_RESULT_OK);
        if (kind == CS_PHONE_RESULT) break;
        CHECK(kind == CS_PHONE_REQUEST && said.requests++ < 3);
        CHECK(cs_phone_request_read(cs_buf_bytes(&message), &sent) == CS_RESULT_OK);
        CHECK(sent.header_count <= MAX_HEADERS);
        for (uint32_t i = 0; i < sent.header_count; i++) {
            CHECK(cs_phone_request_header(cs_buf_bytes(&message), i, &headers[i]) == CS_RESULT_OK);
        }
        cs_request request = {
            .size = sizeof request,
            .method = sent.method,
            .path = sent.path,
            .query = sent.query,
            .headers = headers,
            .header_count = sent.header_count,
            .body = sent.body,
        };
        unsigned status = bank_answer(bank, &request, body, &length);
        CHECK(cs_buf_free(&message) == CS_RESULT_OK);
        result = cs_phone_answer(phone, status, (cs_slice){(const uint8_t *)body, length}, bank->now, &kind,
                                 &message);
    }
    CHECK(message.len < sizeof said.text);
    memcpy(said.text, message.data, message.len);
    CHECK(cs_buf_free(&message) == CS_RESULT_OK);
    return said;
}

struct said phone_dof(struct bank *bank, cs_phone phone, const char *format, ...) {
    static char command[16384];
    va_list list;
    va_start(list, format);
    int room = vsnprintf(command, sizeof command, format, list);
    va_end(list);
    CHECK(room > 0 && (size_t)room < sizeof command);
    return phone_do(bank, phone, command);
}

void phone_activate(struct bank *bank, cs_phone phone, char *id) {
    char code[64], commit[128];
    struct result init = bank_call(bank, "/rest/v3/activation/init",
                                   "{\"applicationId\":\"bank\",\"userId\":\"alice\",\"flags\":[\"VIP\"]}");
    json_text(init.text, "activationCode", code, sizeof code);
    struct said done = phone_dof(
        bank, phone, "{\"do\":\"activate\",\"code\":\"%s\",\"pin\":\"1234\",\"biometry\":true}", code);
    json_text(done.text, "activationId", id, 37);
    snprintf(commit, sizeof commit, "{\"activationId\":\"%s\"}", id);
    bank_call(bank, "/rest/v3/activation/commit", commit);
}

void json_text(const char *json, const char *name, char *out, size_t size) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    const char *from = strstr(json, key);
    if (from == NULL) fprintf(stderr, "no %s in %s\n", name, json);
    CHECK(from != NULL);
    from += strlen(key);
    const char *end = strchr(from, '"');
    CHECK(end != NULL && (size_t)(end - from) < size);
    memcpy(out, from, (size_t)(end - from));
    out[end - from] = 0;
}

bool said(const struct said *said, const char *text) {
    bool found = strstr(said->text, text) != NULL;
    if (!found) fprintf(stderr, "said: %s\n", said->text);
    return found;
}
