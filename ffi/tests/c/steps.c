/* Drives the library from C as a host does that stores records itself, and as one that does not.
 *
 *     steps FOLDER
 *
 * FOLDER holds what ffi/tests/c.rs prepared: a sealing key, a moment, the batches that lead to an
 * active activation, and requests with its signatures. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "countersign.h"
#include "host.h"

#define CREATE CS_TEXT("/rest/v3/application/create")
#define LIST CS_TEXT("/rest/v3/application/list")
#define VERIFY CS_TEXT("/rest/v3/signature/verify")
#define BANK CS_TEXT("{\"requestObject\":{\"applicationId\":\"bank\"}}")

static void applications(void) {
    struct host host = {.now = 1700000000000};
    cs_config config = config_for(CS_STORE_HOST, TEST_KEY);
    CHECK(cs_engine_new(&config, &host.engine) == CS_RESULT_OK);
    struct result result = ask(&host, LIST, CS_TEXT("{}"));
    CHECK(result.status == 200 && !contains(&result, "bank"));
    result = ask(&host, CREATE, BANK);
    CHECK(result.status == 200 && contains(&result, "\"applicationId\":\"bank\""));
    result = ask(&host, LIST, CS_TEXT("{}"));
    CHECK(result.status == 200 && contains(&result, "\"applicationId\":\"bank\""));
    CHECK(store_records(&host.store, "application") == 1);
    unsigned commits = host.store.commits;
    result = ask(&host, CREATE, BANK);
    CHECK(result.status == 400 && contains(&result, "ERR0043"));
    CHECK(host.store.commits == commits);
    result = ask(&host, CS_TEXT("/nowhere"), CS_TEXT("{}"));
    CHECK(result.status == 404);
    /* Enough of them for an index page to be in the right order. */
    char body[128];
    for (int i = 0; i < 20; i++) {
        int length = snprintf(body, sizeof body,
                              "{\"requestObject\":{\"applicationId\":\"more-%02d\"}}", 19 - i);
        result = ask(&host, CREATE, (cs_slice){(const uint8_t *)body, (size_t)length});
        CHECK(result.status == 200);
    }
    result = ask(&host, LIST, CS_TEXT("{}"));
    CHECK(result.status == 200 && contains(&result, "more-00") && contains(&result, "more-19"));
    CHECK(cs_engine_free(host.engine) == CS_RESULT_OK);
    store_free(&host.store);
}

static void replay_batches(struct store *store, const struct bytes *batches) {
    struct bytes answer = {0};
    size_t at = 0, count = 0;
    while (at < batches->len) {
        CHECK(batches->len - at >= 4);
        const uint8_t *head = batches->data + at;
        size_t len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        CHECK(batches->len - at - 4 >= len);
        CHECK(store_commit(store, (cs_slice){head + 4, len}, &answer));
        CHECK(store_applied(&answer));
        at += 4 + len;
        count++;
    }
    CHECK(count > 2);
    bytes_free(&answer);
}

/* The next prepared request, with a signature of the next counter value. */
static struct bytes next_signed(void) {
    static unsigned number;
    char name[32];
    snprintf(name, sizeof name, "verify-%u.json", number++);
    return load(name);
}

static void signatures(void) {
    struct bytes key = load("key"), batches = load("batches"), now = load("now");
    struct bytes wrong = load("wrong.json");
    struct host host = {0};
    bytes_add(&now, "", 1);
    host.now = strtoull((const char *)now.data, NULL, 10);
    cs_config config = config_for(CS_STORE_HOST, all(&key));
    CHECK(cs_engine_new(&config, &host.engine) == CS_RESULT_OK);
    replay_batches(&host.store, &batches);

    struct bytes body = next_signed();
    struct result result = ask(&host, VERIFY, all(&body));
    CHECK(result.status == 200 && contains(&result, "\"signatureValid\":true"));
    CHECK(contains(&result, "\"remainingAttempts\":5"));
    result = ask(&host, VERIFY, all(&body));
    CHECK(result.status == 200 && contains(&result, "\"signatureValid\":false"));
    CHECK(contains(&result, "\"remainingAttempts\":4"));
    bytes_free(&body);

    /* Whatever is lost on the way to the store: counted once. */
    enum mishap lost[] = {ANSWER_LOST, REQUEST_LOST};
    for (size_t i = 0; i < 2; i++) {
        size_t entries = store_records(&host.store, "journal");
        body = next_signed();
        result = ask_with(&host, VERIFY, all(&body), lost[i], all(&body));
        CHECK(result.status == 200 && contains(&result, "\"signatureValid\":true"));
        CHECK(store_records(&host.store, "journal") == entries + 1);
        result = ask(&host, VERIFY, all(&body));
        CHECK(contains(&result, "\"signatureValid\":false"));
        bytes_free(&body);
        /* A wrong one is counted once, too. */
        result = ask_with(&host, VERIFY, all(&wrong), lost[i], all(&wrong));
        CHECK(contains(&result, "\"signatureValid\":false"));
        CHECK(contains(&result, "\"remainingAttempts\":3"));
        CHECK(store_records(&host.store, "journal") == entries + 3);
    }

    /* The same signature twice, one inside the other: one of them stands. */
    body = next_signed();
    unsigned conflicts = host.store.conflicts;
    result = ask_with(&host, VERIFY, all(&body), OTHERS_FIRST, all(&body));
    CHECK(host.store.conflicts > conflicts);
    CHECK(result.status == 200 && contains(&result, "\"signatureValid\":false"));
    bytes_free(&body);

    /* A wrong one in between is counted, and the right one still stands. */
    body = next_signed();
    conflicts = host.store.conflicts;
    result = ask_with(&host, VERIFY, all(&body), OTHERS_FIRST, all(&wrong));
    CHECK(host.store.conflicts > conflicts);
    CHECK(result.status == 200 && contains(&result, "\"signatureValid\":true"));
    bytes_free(&body);

    /* A store that fails never makes a signature valid, and the signature is not used up. */
    body = next_signed();
    size_t entries = store_records(&host.store, "journal");
    enum mishap fails[] = {READ_FAILS, COMMIT_FAILS};
    for (size_t i = 0; i < 2; i++) {
        result = ask_with(&host, VERIFY, all(&body), fails[i], all(&body));
        CHECK(result.status == 503 && !contains(&result, "signatureValid"));
    }
    CHECK(store_records(&host.store, "journal") == entries);
    result = ask(&host, VERIFY, all(&body));
    CHECK(contains(&result, "\"signatureValid\":true"));
    bytes_free(&body);

    /* Freeing the engine leaves begun calls alone. */
    body = next_signed();
    cs_request request = post(VERIFY, all(&body));
    cs_call call;
    cs_buf message, lane;
    int32_t kind;
    CHECK(cs_call_begin(host.engine, &request, &call) == CS_RESULT_OK);
    CHECK(cs_call_lane(call, &lane) == CS_RESULT_OK && lane.len == 36);
    CHECK(cs_buf_free(&lane) == CS_RESULT_OK);
    CHECK(cs_engine_free(host.engine) == CS_RESULT_OK);
    CHECK(cs_call_step(call, (cs_slice){0}, host.now, &kind, &message) == CS_RESULT_OK);
    CHECK(kind == CS_STEP_READ);
    CHECK(cs_buf_free(&message) == CS_RESULT_OK);
    CHECK(cs_call_free(call) == CS_RESULT_OK);
    CHECK(cs_call_begin(host.engine, &request, &call) == CS_RESULT_STALE_HANDLE);
    bytes_free(&body);

    bytes_free(&key);
    bytes_free(&batches);
    bytes_free(&now);
    bytes_free(&wrong);
    store_free(&host.store);
}

static void wrong_answers(void) {
    struct store store = {0};
    struct bytes answer = {0}, applied = {0};
    cs_config config = config_for(CS_STORE_HOST, TEST_KEY);
    cs_engine engine;
    cs_call call;
    cs_buf message;
    int32_t kind;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
    cs_request request = post(CREATE, BANK);
    CHECK(cs_call_begin(engine, &request, &call) == CS_RESULT_OK);
    bytes_add(&applied, "\x01\x12", 2);
    /* Nothing was asked yet. */
    CHECK(cs_call_step(call, all(&applied), 1, &kind, &message) == CS_RESULT_UNEXPECTED);
    CHECK(cs_call_step(call, (cs_slice){0}, 1, &kind, &message) == CS_RESULT_OK);
    unsigned steps = 0;
    while (kind != CS_STEP_REPLY) {
        CHECK(steps++ < 20);
        CHECK(kind == CS_STEP_READ ? store_read(&store, cs_buf_bytes(&message), &answer)
                                   : store_commit(&store, cs_buf_bytes(&message), &answer));
        CHECK(cs_buf_free(&message) == CS_RESULT_OK);
        /* Every part of the answer, the answer with a byte more, none, and one to another question. */
        for (size_t length = 1; length < answer.len; length++) {
            /* A copy of that length, for the sanitizer to see a byte read too many. */
            uint8_t *part = malloc(length);
            memcpy(part, answer.data, length);
            cs_slice cut = {part, length};
            CHECK(cs_call_step(call, cut, 1, &kind, &message) == CS_RESULT_MALFORMED);
            CHECK(message.data == NULL && message.len == 0 && message.handle == 0 && kind == 0);
            free(part);
        }
        CHECK(cs_call_step(call, (cs_slice){0}, 1, &kind, &message) == CS_RESULT_UNEXPECTED);
        bytes_add(&answer, "", 1);
        CHECK(cs_call_step(call, all(&answer), 1, &kind, &message) == CS_RESULT_MALFORMED);
        answer.len--;
        if (!store_applied(&answer)) {
            CHECK(cs_call_step(call, all(&applied), 1, &kind, &message) == CS_RESULT_UNEXPECTED);
        }
        /* After all that the right one still works. */
        CHECK(cs_call_step(call, all(&answer), 1, &kind, &message) == CS_RESULT_OK);
    }
    struct result result = result_of(&message);
    CHECK(result.status == 200 && contains(&result, "bank"));
    CHECK(cs_call_free(call) == CS_RESULT_OK);
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);
    bytes_free(&answer);
    bytes_free(&applied);
    store_free(&store);
}

static void wrong_arguments(void) {
    cs_config good = config_for(CS_STORE_HOST, TEST_KEY), config;
    cs_engine engine = 99, other;
    cs_call call = 99;
    cs_buf message;
    cs_reply reply;
    cs_header header;
    int32_t kind;
    cs_slice none = {0};

    /* Configuration. */
    CHECK(cs_engine_new(NULL, &engine) == CS_RESULT_NULL_POINTER && engine == 0);
    CHECK(cs_engine_new(&good, NULL) == CS_RESULT_NULL_POINTER);
    config = good, config.size = 0;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_STRUCT_SIZE);
    config = good, config.size++;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_STRUCT_SIZE);
    config = good, config.flags = 2;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config = good, config.store = 77;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config = good, config.store_path = CS_TEXT("file");
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config = good, config.store = CS_STORE_SQLITE;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config.store_path = CS_TEXT("/nonexistent/folder/file");
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_STORE_OPEN);
    config.store_path = CS_TEXT("\xff");
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_NOT_UTF8);
    config = good, config.sealing_key.len--;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config = good, config.sealing_key.len = SIZE_MAX;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_LENGTH);
    config = good, config.sealing_key.data = NULL;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_NULL_POINTER && engine == 0);
    CHECK(strstr(cs_last_error(), "config.sealing_key") != NULL);

    /* Requests. */
    CHECK(cs_engine_new(&good, &engine) == CS_RESULT_OK && engine != 0);
    cs_request request = post(LIST, none), bad;
    CHECK(cs_call_begin(engine, NULL, &call) == CS_RESULT_NULL_POINTER && call == 0);
    CHECK(cs_call_begin(engine, &request, NULL) == CS_RESULT_NULL_POINTER);
    bad = request, bad.size = 8;
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_STRUCT_SIZE);
    bad = request, bad.path.data = NULL;
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_NULL_POINTER);
    bad = request, bad.body.len = (size_t)-1;
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_NULL_POINTER);
    bad = request, bad.body = (cs_slice){TEST_KEY.data, (size_t)-1};
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_LENGTH);
    bad = request, bad.headers = NULL;
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_NULL_POINTER);
    bad = request, bad.header_count = (size_t)-1;
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_LENGTH);
    bad = request, bad.query = CS_TEXT("\xc3\x28");
    CHECK(cs_call_begin(engine, &bad, &call) == CS_RESULT_NOT_UTF8 && call == 0);
    CHECK(cs_handle(engine, &request, 0, &message) == CS_RESULT_NO_STORE);
    CHECK(message.data == NULL && cs_buf_free(&message) == CS_RESULT_OK);

    /* Handles. */
    CHECK(cs_call_begin(0, &request, &call) == CS_RESULT_UNKNOWN_HANDLE);
    CHECK(cs_call_begin(engine + 1000000, &request, &call) == CS_RESULT_UNKNOWN_HANDLE);
    CHECK(cs_call_begin(~(cs_engine)0, &request, &call) == CS_RESULT_UNKNOWN_HANDLE);
    CHECK(cs_call_begin(engine, &request, &call) == CS_RESULT_OK);
    CHECK(cs_call_begin(call, &request, &other) == CS_RESULT_WRONG_HANDLE);
    CHECK(cs_call_step(engine, none, 0, &kind, &message) == CS_RESULT_WRONG_HANDLE);
    CHECK(cs_call_lane(engine, &message) == CS_RESULT_WRONG_HANDLE);
    CHECK(cs_engine_free(call) == CS_RESULT_WRONG_HANDLE);
    CHECK(cs_call_free(engine) == CS_RESULT_WRONG_HANDLE);
    CHECK(cs_call_step(call, none, 0, NULL, &message) == CS_RESULT_NULL_POINTER);
    CHECK(cs_call_step(call, none, 0, &kind, NULL) == CS_RESULT_NULL_POINTER);
    CHECK(cs_call_step(call, (cs_slice){NULL, 5}, 0, &kind, &message) == CS_RESULT_NULL_POINTER);
    CHECK(cs_call_lane(call, NULL) == CS_RESULT_NULL_POINTER);
    CHECK(cs_call_lane(call, &message) == CS_RESULT_OK && message.len == 0);
    CHECK(cs_call_step(call, none, CS_SYSTEM_CLOCK, &kind, &message) == CS_RESULT_OK);

    /* Buffers. */
    cs_buf again = message, wrong = message;
    wrong.handle = call;
    CHECK(cs_buf_free(NULL) == CS_RESULT_NULL_POINTER);
    CHECK(cs_buf_free(&wrong) == CS_RESULT_WRONG_HANDLE);
    CHECK(cs_buf_free(&message) == CS_RESULT_OK && message.data == NULL);
    CHECK(cs_buf_free(&message) == CS_RESULT_OK);
    CHECK(cs_buf_free(&again) == CS_RESULT_STALE_HANDLE);
    CHECK(cs_call_free(call) == CS_RESULT_OK);
    CHECK(cs_call_free(call) == CS_RESULT_STALE_HANDLE);
    CHECK(cs_call_step(call, none, 0, &kind, &message) == CS_RESULT_STALE_HANDLE);
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);
    CHECK(cs_engine_free(engine) == CS_RESULT_STALE_HANDLE);
    CHECK(cs_engine_free(0) == CS_RESULT_OK && cs_call_free(0) == CS_RESULT_OK);

    /* Replies. */
    CHECK(cs_reply_read(none, &reply) == CS_RESULT_MALFORMED && reply.body.data == NULL);
    CHECK(cs_reply_read(CS_TEXT("\x01\x12"), &reply) == CS_RESULT_UNEXPECTED);
    CHECK(cs_reply_read(CS_TEXT("\x01\x03\x00\xc8\x00\x00\x00\x00\x00\x09"), &reply) ==
          CS_RESULT_MALFORMED);
    CHECK(cs_reply_read(none, NULL) == CS_RESULT_NULL_POINTER);
    CHECK(cs_reply_header(none, 0, &header) == CS_RESULT_MALFORMED);
    CHECK(cs_reply_header(none, 0, NULL) == CS_RESULT_NULL_POINTER);

    /* Texts. */
    CHECK(strlen(cs_result_text(CS_RESULT_OK)) > 0);
    CHECK(strlen(cs_result_text(12345)) > 0);
    CHECK(strcmp(cs_result_text(CS_RESULT_OK), cs_result_text(CS_RESULT_PANIC)) != 0);
}

static struct result handle(cs_engine engine, cs_slice path, cs_slice body) {
    cs_request request = post(path, body);
    cs_buf message;
    CHECK(cs_handle(engine, &request, CS_SYSTEM_CLOCK, &message) == CS_RESULT_OK);
    return result_of(&message);
}

static void own_stores(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s/bank.sqlite", folder);
    cs_config config = config_for(CS_STORE_MEMORY, TEST_KEY);
    cs_engine engine;
    for (int round = 0; round < 2; round++) {
        CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
        cs_request request = post(CREATE, BANK);
        cs_call call;
        CHECK(cs_call_begin(engine, &request, &call) == CS_RESULT_OWN_STORE);
        struct result result = handle(engine, CREATE, BANK);
        CHECK(result.status == 200);
        result = handle(engine, CREATE, BANK);
        CHECK(result.status == 400 && contains(&result, "ERR0043"));
        CHECK(cs_engine_free(engine) == CS_RESULT_OK);
        config.store = CS_STORE_SQLITE;
        config.store_path = (cs_slice){(const uint8_t *)path, strlen(path)};
    }
    /* What SQLite wrote is there after closing. */
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
    struct result result = handle(engine, LIST, CS_TEXT("{}"));
    CHECK(result.status == 200 && contains(&result, "\"applicationId\":\"bank\""));
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);

    /* A caller that was compiled before there were settings; a replaced key still opens what it has sealed. */
    static const uint8_t newer[CS_SEALING_KEY_LENGTH] = {8};
    cs_sealing_key old = {.id = 1, .key = TEST_KEY};
    config.size = offsetof(cs_config, settings);
    config.settings = CS_TEXT("not looked at");
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK && cs_engine_free(engine) == CS_RESULT_OK);
    config.size = sizeof config;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config.settings = CS_TEXT("{\"applicationName\":\"Bank\",\"families\":[\"server\"]}");
    config.sealing_key = (cs_slice){newer, sizeof newer};
    config.sealing_key_id = 2;
    config.older_keys = &old;
    config.older_key_count = 1;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
    result = handle(engine, CS_TEXT("/rest/v3/status"), CS_TEXT("{}"));
    CHECK(result.status == 200 && contains(&result, "\"applicationName\":\"Bank\""));
    result = handle(engine, CS_TEXT("/rest/v3/application/detail"), BANK);
    CHECK(result.status == 200 && contains(&result, "masterPublicKey"));
    result = handle(engine, CS_TEXT("/rest/v3/activation/init"),
                    CS_TEXT("{\"requestObject\":{\"applicationId\":\"bank\",\"userId\":\"alice\"}}"));
    CHECK(result.status == 200 && contains(&result, "activationSignature"));
    result = handle(engine, CS_TEXT("/pa/v3/status"), CS_TEXT("{}"));
    CHECK(result.status == 404);
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);
    old.id = 2;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    old = (cs_sealing_key){.id = 1, .key = {TEST_KEY.data, 31}};
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config.older_keys = NULL;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_NULL_POINTER);
    config = config_for(CS_STORE_POSTGRES, TEST_KEY);
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_ARGUMENT);
    config.store_path = CS_TEXT("postgres://nobody@127.0.0.1:1/none?connect_timeout=1");
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_STORE_OPEN);

    /* Closed by default. */
    config = config_for(CS_STORE_MEMORY, TEST_KEY);
    config.flags = 0;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
    result = handle(engine, LIST, CS_TEXT("{}"));
    CHECK(result.status == 401);
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);
}

enum { THREADS = 8, ROUNDS = 50 };

static void *create_many(void *argument) {
    cs_engine engine = *(cs_engine *)argument;
    static int created;
    char body[128];
    for (int i = 0; i < ROUNDS; i++) {
        /* All threads compete for the same names. */
        int length = snprintf(body, sizeof body, "{\"requestObject\":{\"applicationId\":\"app-%d\"}}", i);
        cs_request request = post(CREATE, (cs_slice){(const uint8_t *)body, (size_t)length});
        cs_buf message;
        cs_reply reply;
        if (cs_handle(engine, &request, CS_SYSTEM_CLOCK, &message) != CS_RESULT_OK) abort();
        if (cs_reply_read(cs_buf_bytes(&message), &reply) != CS_RESULT_OK) abort();
        if (reply.status == 200) __atomic_add_fetch(&created, 1, __ATOMIC_SEQ_CST);
        else if (reply.status != 400) abort();
        cs_buf_free(&message);
    }
    return &created;
}

static void threads(void) {
    cs_config config = config_for(CS_STORE_MEMORY, TEST_KEY);
    cs_engine engine;
    pthread_t ids[THREADS];
    void *created = NULL;
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&ids[i], NULL, create_many, &engine) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(ids[i], &created) == 0);
    CHECK(*(int *)created == ROUNDS);
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);
}

#define RUN(test)                                       \
    do {                                                \
        unsigned before = checks;                       \
        test();                                         \
        printf("%-16s %u checks\n", #test, checks - before); \
    } while (0)

int main(int count, char **arguments) {
    if (count != 2) return 2;
    folder = arguments[1];
    CHECK(cs_abi_version() == CS_ABI_VERSION);
    RUN(applications);
    RUN(signatures);
    RUN(wrong_answers);
    RUN(wrong_arguments);
    RUN(own_stores);
    RUN(threads);
    printf("%u checks passed\n", checks);
    return 0;
}
