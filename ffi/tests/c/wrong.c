/* Calls every function wrongly, in every way that its arguments allow, and once with a panic planted inside. Prints what
 * was tried; ffi/tests/c.rs compares that with the header. */
#include <string.h>

#include "bank.h"
#include "countersign_test.h"

#define NONE ((cs_slice){0})
#define LONG ((cs_slice){TEST_KEY.data, SIZE_MAX / 2 + 1}) /* a length that was -2^63 */
#define LATIN CS_TEXT("\xe9t\xe9")
#define NOWHERE ((cs_slice){NULL, 5})

static bool first(const char *function) {
    static const char *seen[64];
    for (size_t i = 0; i < 64; i++) {
        if (seen[i] == NULL) {
            seen[i] = function;
            return true;
        }
        if (strcmp(seen[i], function) == 0) return false;
    }
    return false;
}

static void plant(const char *function) {
    CHECK(cs_test_panic((cs_slice){(const uint8_t *)function, strlen(function)}) == CS_RESULT_OK);
}

/* The call fails as wanted, and before that, once per function, with a panic; then the next call works. */
#define WRONG(want, function, ...)                              \
    do {                                                        \
        if (first(#function)) {                                 \
            plant(#function);                                   \
            CHECK(function(__VA_ARGS__) == CS_RESULT_PANIC);    \
            plant("");                                          \
            printf("tried %s CS_RESULT_PANIC\n", #function);    \
        }                                                       \
        CHECK(function(__VA_ARGS__) == (want));                 \
        printf("tried %s %s\n", #function, #want);              \
    } while (0)

/* A handle of another kind, one that was freed, one that never was. */
#define HANDLES(other, freed, function, ...)                              \
    do {                                                                  \
        WRONG(CS_RESULT_WRONG_HANDLE, function, other, ##__VA_ARGS__);    \
        WRONG(CS_RESULT_STALE_HANDLE, function, freed, ##__VA_ARGS__);    \
        WRONG(CS_RESULT_UNKNOWN_HANDLE, function, 77, ##__VA_ARGS__);     \
    } while (0)

int main(void) {
    cs_config good = config_for(CS_STORE_HOST, TEST_KEY), config;
    cs_engine engine, own, freed_engine, new_engine;
    cs_call call, freed_call, new_call;
    cs_phone phone, freed_phone, new_phone;
    cs_buf buf, stale, wrong;
    cs_reply reply;
    cs_header header;
    cs_passed passed;
    cs_phone_request sent;
    cs_slice flag;
    cs_guard rules = {.size = sizeof rules, .proof = CS_PROOF_SIGNATURE, .factors = 8, .resource = CS_TEXT("/a")};
    int32_t kind;
    const cs_slice settings = CS_TEXT(
        "{\"applicationKey\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"applicationSecret\":\"AAAAAAAAAAAAAAAAAAAAAA==\","
        "\"masterPublicKey\":\"A2sX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKW\"}");
    const cs_slice command = CS_TEXT("{\"do\":\"describe\"}");
    cs_request request = post(CS_TEXT("/nowhere"), CS_TEXT("{}"));
    cs_request latin = request, lengthy = request, headless = request;
    latin.path = LATIN;
    lengthy.body = LONG;
    headless.headers = NULL;

    CHECK(cs_engine_new(&good, &engine) == CS_RESULT_OK);
    CHECK(cs_engine_new(&good, &freed_engine) == CS_RESULT_OK && cs_engine_free(freed_engine) == CS_RESULT_OK);
    config = good, config.store = CS_STORE_MEMORY;
    CHECK(cs_engine_new(&config, &own) == CS_RESULT_OK);
    CHECK(cs_call_begin(engine, &request, &call) == CS_RESULT_OK);
    CHECK(cs_call_begin(engine, &request, &freed_call) == CS_RESULT_OK);
    CHECK(cs_call_free(freed_call) == CS_RESULT_OK);
    CHECK(cs_phone_new(settings, &phone) == CS_RESULT_OK);
    CHECK(cs_phone_new(settings, &freed_phone) == CS_RESULT_OK && cs_phone_free(freed_phone) == CS_RESULT_OK);

    /* Engines. */
    WRONG(CS_RESULT_NULL_POINTER, cs_engine_new, NULL, &new_engine);
    WRONG(CS_RESULT_NULL_POINTER, cs_engine_new, &good, NULL);
    config = good, config.settings = LATIN;
    WRONG(CS_RESULT_NOT_UTF8, cs_engine_new, &config, &new_engine);
    config = good, config.store_path = LATIN;
    WRONG(CS_RESULT_NOT_UTF8, cs_engine_new, &config, &new_engine);
    config = good, config.sealing_key = LONG;
    WRONG(CS_RESULT_LENGTH, cs_engine_new, &config, &new_engine);
    config = good, config.older_keys = (const cs_sealing_key *)&good, config.older_key_count = SIZE_MAX;
    WRONG(CS_RESULT_LENGTH, cs_engine_new, &config, &new_engine);
    CHECK(new_engine == 0);
    HANDLES(call, freed_engine, cs_engine_free);

    /* Requests. */
    HANDLES(call, freed_engine, cs_handle, &request, 1, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_handle, own, NULL, 1, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_handle, own, &headless, 1, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_handle, own, &request, 1, NULL);
    WRONG(CS_RESULT_LENGTH, cs_handle, own, &lengthy, 1, &buf);
    WRONG(CS_RESULT_NOT_UTF8, cs_handle, own, &latin, 1, &buf);
    HANDLES(call, freed_engine, cs_call_begin, &request, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_call_begin, engine, NULL, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_call_begin, engine, &request, NULL);
    WRONG(CS_RESULT_LENGTH, cs_call_begin, engine, &lengthy, &new_call);
    WRONG(CS_RESULT_NOT_UTF8, cs_call_begin, engine, &latin, &new_call);
    HANDLES(engine, freed_call, cs_call_lane, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_call_lane, call, NULL);
    HANDLES(engine, freed_call, cs_call_step, NONE, 1, &kind, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_call_step, call, NOWHERE, 1, &kind, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_call_step, call, NONE, 1, NULL, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_call_step, call, NONE, 1, &kind, NULL);
    WRONG(CS_RESULT_LENGTH, cs_call_step, call, LONG, 1, &kind, &buf);
    HANDLES(engine, freed_call, cs_call_free);

    /* Guards. */
    cs_guard lengthy_rules = rules, latin_rules = rules;
    lengthy_rules.resource = LONG;
    latin_rules.resource = LATIN;
    HANDLES(call, freed_engine, cs_guard_check, &rules, &request, 1, &kind, &buf, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_check, own, NULL, &request, 1, &kind, &buf, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_check, own, &rules, NULL, 1, &kind, &buf, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_check, own, &rules, &request, 1, NULL, &buf, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_check, own, &rules, &request, 1, &kind, NULL, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_check, own, &rules, &request, 1, &kind, &buf, NULL);
    WRONG(CS_RESULT_LENGTH, cs_guard_check, own, &lengthy_rules, &request, 1, &kind, &buf, &new_call);
    WRONG(CS_RESULT_LENGTH, cs_guard_check, own, &rules, &lengthy, 1, &kind, &buf, &new_call);
    WRONG(CS_RESULT_NOT_UTF8, cs_guard_check, own, &latin_rules, &request, 1, &kind, &buf, &new_call);
    HANDLES(call, freed_engine, cs_guard_begin, &rules, &request, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_begin, engine, NULL, &request, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_begin, engine, &rules, NULL, &new_call);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_begin, engine, &rules, &request, NULL);
    WRONG(CS_RESULT_LENGTH, cs_guard_begin, engine, &rules, &lengthy, &new_call);
    WRONG(CS_RESULT_NOT_UTF8, cs_guard_begin, engine, &rules, &latin, &new_call);
    HANDLES(engine, freed_call, cs_guard_seal, NONE, 1, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_seal, call, NOWHERE, 1, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_guard_seal, call, NONE, 1, NULL);
    WRONG(CS_RESULT_LENGTH, cs_guard_seal, call, LONG, 1, &buf);
    WRONG(CS_RESULT_NOTHING_TO_SEAL, cs_guard_seal, call, NONE, 1, &buf);

    /* Messages. */
    WRONG(CS_RESULT_NULL_POINTER, cs_passed_read, NONE, NULL);
    WRONG(CS_RESULT_NULL_POINTER, cs_passed_read, NOWHERE, &passed);
    WRONG(CS_RESULT_LENGTH, cs_passed_read, LONG, &passed);
    WRONG(CS_RESULT_MALFORMED, cs_passed_read, NONE, &passed);
    WRONG(CS_RESULT_NULL_POINTER, cs_passed_flag, NONE, 0, NULL);
    WRONG(CS_RESULT_LENGTH, cs_passed_flag, LONG, 0, &flag);
    WRONG(CS_RESULT_MALFORMED, cs_passed_flag, NONE, 0, &flag);
    WRONG(CS_RESULT_NULL_POINTER, cs_reply_read, NONE, NULL);
    WRONG(CS_RESULT_NULL_POINTER, cs_reply_read, NOWHERE, &reply);
    WRONG(CS_RESULT_LENGTH, cs_reply_read, LONG, &reply);
    WRONG(CS_RESULT_NULL_POINTER, cs_reply_header, NONE, 0, NULL);
    WRONG(CS_RESULT_LENGTH, cs_reply_header, LONG, 0, &header);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_request_read, NONE, NULL);
    WRONG(CS_RESULT_LENGTH, cs_phone_request_read, LONG, &sent);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_request_header, NONE, 0, NULL);
    WRONG(CS_RESULT_LENGTH, cs_phone_request_header, LONG, 0, &header);

    /* Phones, and cryptography alone. */
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_new, settings, NULL);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_new, NOWHERE, &new_phone);
    WRONG(CS_RESULT_LENGTH, cs_phone_new, LONG, &new_phone);
    WRONG(CS_RESULT_NOT_UTF8, cs_phone_new, LATIN, &new_phone);
    WRONG(CS_RESULT_ARGUMENT, cs_phone_new, NONE, &new_phone);
    HANDLES(engine, freed_phone, cs_phone_perform, command, 1, &kind, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_perform, phone, NOWHERE, 1, &kind, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_perform, phone, command, 1, NULL, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_perform, phone, command, 1, &kind, NULL);
    WRONG(CS_RESULT_LENGTH, cs_phone_perform, phone, LONG, 1, &kind, &buf);
    WRONG(CS_RESULT_NOT_UTF8, cs_phone_perform, phone, LATIN, 1, &kind, &buf);
    HANDLES(engine, freed_phone, cs_phone_answer, 200, NONE, 1, &kind, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_answer, phone, 200, NOWHERE, 1, &kind, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_answer, phone, 200, NONE, 1, NULL, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_phone_answer, phone, 200, NONE, 1, &kind, NULL);
    WRONG(CS_RESULT_LENGTH, cs_phone_answer, phone, 200, LONG, 1, &kind, &buf);
    WRONG(CS_RESULT_ARGUMENT, cs_phone_answer, phone, 65536, NONE, 1, &kind, &buf);
    HANDLES(engine, freed_phone, cs_phone_free);
    WRONG(CS_RESULT_NULL_POINTER, cs_protocol, NOWHERE, 1, &buf);
    WRONG(CS_RESULT_NULL_POINTER, cs_protocol, command, 1, NULL);
    WRONG(CS_RESULT_LENGTH, cs_protocol, LONG, 1, &buf);
    WRONG(CS_RESULT_NOT_UTF8, cs_protocol, LATIN, 1, &buf);
    CHECK(buf.data == NULL && buf.len == 0 && buf.handle == 0);

    /* Buffers. */
    CHECK(cs_call_step(call, NONE, 1, &kind, &buf) == CS_RESULT_OK && kind == CS_STEP_REPLY);
    stale = wrong = buf;
    wrong.handle = engine;
    WRONG(CS_RESULT_NULL_POINTER, cs_buf_free, NULL);
    WRONG(CS_RESULT_WRONG_HANDLE, cs_buf_free, &wrong);
    wrong.handle = 77;
    WRONG(CS_RESULT_UNKNOWN_HANDLE, cs_buf_free, &wrong);
    CHECK(cs_buf_free(&buf) == CS_RESULT_OK);
    WRONG(CS_RESULT_STALE_HANDLE, cs_buf_free, &stale);

    /* After all that everything still works. */
    CHECK(cs_handle(own, &request, 1, &buf) == CS_RESULT_OK && cs_buf_free(&buf) == CS_RESULT_OK);
    CHECK(cs_phone_perform(phone, command, 1, &kind, &buf) == CS_RESULT_OK && cs_buf_free(&buf) == CS_RESULT_OK);
    CHECK(cs_call_free(call) == CS_RESULT_OK && cs_phone_free(phone) == CS_RESULT_OK);
    CHECK(cs_engine_free(engine) == CS_RESULT_OK && cs_engine_free(own) == CS_RESULT_OK);
    printf("%u checks passed\n", checks);
    return 0;
}
