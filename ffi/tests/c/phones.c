/* Plays the test phone against routes that only phones may call, with an engine that has its own store and
 * with one whose store is the host's. */
#include <string.h>

#include "bank.h"

static const char *VERSIONS[] = {"3.0", "3.1", "3.2", "3.3"};

static void routes_of(struct bank *bank, const char *version) {
    char id[37];
    cs_phone phone = bank_phone(bank, "routes", version);
    struct said done = phone_do(bank, phone, "{\"do\":\"status\"}");
    CHECK(said(&done, "\"kind\":\"notActivated\""));
    phone_activate(bank, phone, id);
    done = phone_do(bank, phone, "{\"do\":\"status\"}");
    CHECK(said(&done, "\"status\":\"ACTIVE\""));

    /* Every combination of factors. */
    const char *factors[] = {"possession",           "knowledge",           "biometry",
                             "possession_knowledge", "possession_biometry", "possession_knowledge_biometry"};
    char expected[64];
    for (unsigned i = 0; i < 6; i++) {
        done = phone_dof(bank, phone,
                         "{\"do\":\"signRequest\",\"path\":\"/any\",\"uriId\":\"/any\",\"body\":\"hello\","
                         "\"factors\":\"%s\",\"pin\":\"1234\"}",
                         factors[i]);
        snprintf(expected, sizeof expected, "\\\"factors\\\":%u,", 1u << i);
        CHECK(said(&done, "\"status\":200") && said(&done, expected) && said(&done, "alice"));
    }
    done = phone_do(bank, phone,
                    "{\"do\":\"signRequest\",\"path\":\"/transfer\",\"uriId\":\"/transfer\",\"body\":\"x\","
                    "\"factors\":\"possession\"}");
    CHECK(said(&done, "\"status\":401"));
    done = phone_do(bank, phone,
                    "{\"do\":\"signRequest\",\"path\":\"/transfer\",\"uriId\":\"/any\",\"body\":\"x\","
                    "\"pin\":\"1234\"}");
    CHECK(said(&done, "\"status\":401"));
    done = phone_do(bank, phone,
                    "{\"do\":\"signRequest\",\"path\":\"/transfer\",\"uriId\":\"/transfer\",\"body\":\"x\","
                    "\"pin\":\"9999\"}");
    CHECK(said(&done, "\"status\":401"));
    done = phone_do(bank, phone,
                    "{\"do\":\"signRequest\",\"method\":\"GET\",\"path\":\"/transfer?b=2&a=1\","
                    "\"uriId\":\"/transfer\",\"pin\":\"1234\"}");
    CHECK(said(&done, "\"status\":200"));
    done = phone_do(bank, phone, "{\"do\":\"signRequest\",\"path\":\"/any\",\"uriId\":\"/any\",\"pin\":\"12\"}");
    CHECK(said(&done, "the PIN is too short"));

    /* Tokens. */
    done = phone_do(bank, phone, "{\"do\":\"tokenRequest\",\"path\":\"/balance\"}");
    CHECK(said(&done, "\"kind\":\"request\"") && done.requests == 0);
    done = phone_do(bank, phone, "{\"do\":\"createToken\"}");
    CHECK(said(&done, "possession_universal"));
    for (int i = 0; i < 2; i++) {
        done = phone_do(bank, phone, "{\"do\":\"tokenRequest\",\"path\":\"/balance\",\"method\":\"GET\"}");
        CHECK(said(&done, "\"status\":200") && said(&done, "\\\"factors\\\":1,\\\"flags\\\":1"));
    }
    done = phone_do(bank, phone, "{\"do\":\"tokenHeader\"}");
    CHECK(said(&done, "X-PowerAuth-Token") && done.requests == 0);

    /* Encryption, with each proof and without one. */
    done = phone_do(bank, phone, "{\"do\":\"encryptRequest\",\"path\":\"/note\",\"body\":\"dear bank\"}");
    CHECK(said(&done, "\"status\":200") && said(&done, "dear bank") && said(&done, "\\\"factors\\\":0"));
    done = phone_do(bank, phone,
                    "{\"do\":\"encryptRequest\",\"scope\":\"application\",\"path\":\"/contact\",\"body\":\"hi\"}");
    CHECK(said(&done, "\"status\":200") && said(&done, "\\\"user\\\":\\\"\\\"") && said(&done, "hi"));
    done = phone_do(bank, phone,
                    "{\"do\":\"encryptRequest\",\"path\":\"/card/pin\",\"uriId\":\"/card/pin\",\"body\":\"1379\","
                    "\"pin\":\"1234\"}");
    CHECK(said(&done, "\"status\":200") && said(&done, "1379") && said(&done, "\\\"factors\\\":8"));
    done = phone_do(bank, phone,
                    "{\"do\":\"encryptRequest\",\"path\":\"/secret/balance\",\"token\":\"possession_universal\","
                    "\"body\":\"?\"}");
    CHECK(said(&done, "\"status\":200") && said(&done, "\\\"factors\\\":1"));
    done = phone_do(bank, phone, "{\"do\":\"encryptRequest\",\"path\":\"/card/pin\",\"body\":\"1379\"}");
    CHECK(said(&done, "\"kind\":\"refused\"") && said(&done, "\"status\":401"));
    done = phone_do(bank, phone, "{\"do\":\"userInfo\"}");
    CHECK(said(&done, "\"user\":\"alice\""));

    /* Removed: nothing passes any more. */
    cs_buf message;
    int32_t kind;
    done = phone_do(bank, phone, "{\"do\":\"save\"}");
    char restored[9000];
    size_t length = strlen(done.text) - strlen("{\"result\":}");
    memcpy(restored, done.text + strlen("{\"result\":"), length);
    cs_phone twin;
    CHECK(cs_phone_new((cs_slice){(const uint8_t *)restored, length}, &twin) == CS_RESULT_OK);
    done = phone_do(bank, phone, "{\"do\":\"remove\",\"pin\":\"1234\"}");
    CHECK(said(&done, "{\"result\":{}}"));
    done = phone_do(bank, phone, "{\"do\":\"describe\"}");
    CHECK(said(&done, "\"activationId\":null"));
    done = phone_do(bank, twin, "{\"do\":\"describe\"}");
    CHECK(said(&done, id) && said(&done, version) && said(&done, "[\"possession_universal\"]"));
    done = phone_do(bank, twin, "{\"do\":\"tokenRequest\",\"path\":\"/balance\"}");
    CHECK(said(&done, "\"status\":401"));
    CHECK(cs_phone_answer(twin, 200, (cs_slice){0}, bank->now, &kind, &message) == CS_RESULT_UNEXPECTED);
    CHECK(cs_phone_free(twin) == CS_RESULT_OK && cs_phone_free(phone) == CS_RESULT_OK);
    CHECK(cs_phone_free(phone) == CS_RESULT_STALE_HANDLE);
}

static void routes(void) {
    struct bank bank;
    bank_open(&bank, NULL);
    for (int i = 0; i < 4; i++) routes_of(&bank, VERSIONS[i]);
    bank_close(&bank);
}

static void routes_by_steps(void) {
    struct store store = {0};
    struct bank bank;
    bank_open(&bank, &store);
    routes_of(&bank, "3.3");
    CHECK(store.commits > 10);
    bank_close(&bank);
}

static void operations(void) {
    struct bank bank;
    char id[37], operation[64], data[64], payload[2048], nonce[64], code[64], object[512];
    bank_open(&bank, NULL);
    cs_phone phone = bank_phone(&bank, NULL, "3.3");
    phone_activate(&bank, phone, id);
    phone_do(&bank, phone, "{\"do\":\"createToken\"}");
    bank_call(&bank, "/rest/v3/operation/template/create",
              "{\"templateName\":\"payment\",\"operationType\":\"payment\",\"dataTemplate\":\"A1*A${amount}EUR\","
              "\"signatureType\":[\"POSSESSION_KNOWLEDGE\"],\"maxFailureCount\":5,\"expiration\":300}");
    for (int i = 0; i < 2; i++) {
        struct result made = bank_call(&bank, "/rest/v3/operation/create",
                                       "{\"userId\":\"alice\",\"applicationId\":\"bank\","
                                       "\"templateName\":\"payment\",\"parameters\":{\"amount\":\"100\"}}");
        json_text(made.text, "id", operation, sizeof operation);
        json_text(made.text, "data", data, sizeof data);
        struct said done = phone_dof(&bank, phone,
                                     i ? "{\"do\":\"reject\",\"id\":\"%s\",\"reason\":\"UNEXPECTED_OPERATION\"}"
                                       : "{\"do\":\"approve\",\"id\":\"%s\",\"data\":\"%s\",\"pin\":\"1234\"}",
                                     operation, data);
        CHECK(said(&done, "{\"result\":{}}"));
        snprintf(object, sizeof object, "{\"operationId\":\"%s\"}", operation);
        struct result detail = bank_call(&bank, "/rest/v3/operation/detail", object);
        CHECK(contains(&detail, i ? "\"REJECTED\"" : "\"APPROVED\""));
    }
    (void)payload, (void)nonce, (void)code;
    CHECK(cs_phone_free(phone) == CS_RESULT_OK);
    bank_close(&bank);
}

/* The same seed at the same moment: the same bytes. */
static void seeds(void) {
    struct bank bank;
    bank_open(&bank, NULL);
    cs_buf first, second;
    int32_t kind;
    for (int i = 0; i < 2; i++) {
        cs_phone one = bank_phone(&bank, "seed", "3.2"), other = bank_phone(&bank, i ? "seed" : "seeds", "3.2");
        cs_slice command =
            CS_TEXT("{\"do\":\"activate\",\"code\":\"AAAQE-AYEAU-DAOCA-JIICA\",\"pin\":\"1234\"}");
        CHECK(cs_phone_perform(one, command, 1, &kind, &first) == CS_RESULT_OK && kind == CS_PHONE_REQUEST);
        CHECK(cs_phone_perform(other, command, 1, &kind, &second) == CS_RESULT_OK);
        CHECK((first.len == second.len && memcmp(first.data, second.data, first.len) == 0) == (i == 1));
        CHECK(cs_buf_free(&first) == CS_RESULT_OK && cs_buf_free(&second) == CS_RESULT_OK);
        CHECK(cs_phone_free(one) == CS_RESULT_OK && cs_phone_free(other) == CS_RESULT_OK);
    }
    bank_close(&bank);
}

static void protocol(void) {
    cs_buf result;
    CHECK(cs_protocol(CS_TEXT("{\"do\":\"tokenDigest\",\"secret\":\"AAAAAAAAAAAAAAAAAAAAAA==\","
                              "\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"timestamp\":1,\"version\":\"3.1\"}"),
                      CS_SYSTEM_CLOCK, &result) == CS_RESULT_OK);
    /* HMAC-SHA-256, key of 16 zeros, over 16 zeros, "&", "1". */
    const char *expected = "{\"result\":{\"digest\":\"3w021oWyKRe8T8yeqRh1+AYz3MsLtj8CoHMbVNtiiMM=\"}}";
    CHECK(result.len == strlen(expected) && memcmp(result.data, expected, result.len) == 0);
    CHECK(cs_buf_free(&result) == CS_RESULT_OK);
    CHECK(cs_protocol(CS_TEXT("{\"do\":\"activationCode\",\"text\":\"AAAAA\"}"), CS_SYSTEM_CLOCK, &result) ==
          CS_RESULT_OK);
    CHECK(result.len > 20 && memcmp(result.data, "{\"error\":{\"kind\":\"malformed\"", 28) == 0);
    CHECK(cs_buf_free(&result) == CS_RESULT_OK);
    CHECK(cs_protocol(CS_TEXT("{\"do\":\"everything\"}"), CS_SYSTEM_CLOCK, &result) == CS_RESULT_ARGUMENT);
}

static void wrong_rules(void) {
    struct bank bank;
    cs_call call;
    cs_buf message;
    int32_t kind;
    bank_open(&bank, NULL);
    cs_request request = post(CS_TEXT("/transfer"), CS_TEXT("{}"));
    const cs_guard good = {.size = sizeof good, .proof = CS_PROOF_SIGNATURE, .factors = 8, .resource = CS_TEXT("/a")};
    const struct {
        cs_guard rules;
        cs_result result;
    } wrong[] = {
        {{0}, CS_RESULT_STRUCT_SIZE},
        {{.size = sizeof good}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_SIGNATURE, .resource = CS_TEXT("/a")}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_SIGNATURE, .factors = 8}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_SIGNATURE, .factors = 64, .resource = CS_TEXT("/a")},
         CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_SIGNATURE, .factors = 256 + 8, .resource = CS_TEXT("/a")},
         CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_TOKEN, .factors = 8, .resource = CS_TEXT("/a")},
         CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_TOKEN, .factors = 8, .encryption = CS_SCOPE_APPLICATION},
         CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = 3, .factors = 8}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .encryption = 3}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .encryption = CS_SCOPE_ACTIVATION, .factors = 8}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .encryption = CS_SCOPE_APPLICATION, .flags = CS_GUARD_USER_INFO},
         CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .encryption = CS_SCOPE_ACTIVATION, .flags = 2}, CS_RESULT_ARGUMENT},
        {{.size = sizeof good, .proof = CS_PROOF_SIGNATURE, .factors = 8, .resource = CS_TEXT("\xff")},
         CS_RESULT_NOT_UTF8},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(cs_guard_check(bank.engine, &wrong[i].rules, &request, bank.now, &kind, &message, &call) ==
              wrong[i].result);
        CHECK(kind == 0 && message.data == NULL && call == 0);
    }
    CHECK(cs_guard_begin(bank.engine, &good, &request, &call) == CS_RESULT_OWN_STORE);
    /* Without a header: refused, with a reply to send. */
    CHECK(cs_guard_check(bank.engine, &good, &request, bank.now, &kind, &message, &call) == CS_RESULT_OK);
    CHECK(kind == CS_STEP_REPLY && call == 0);
    struct result result = result_of(&message);
    CHECK(result.status == 401);
    bank_close(&bank);
}

#define RUN(test)                                       \
    do {                                                \
        unsigned before = checks;                       \
        test();                                         \
        printf("%-16s %u checks\n", #test, checks - before); \
    } while (0)

/* Two engines on one database, as two processes have them. */
static void two_on_one_database(const char *url) {
    struct bank first, second;
    char id[37];
    bank_open_database(&first, url, true);
    routes_of(&first, "3.2");
    bank_open_database(&second, url, false);
    routes_of(&second, "3.3");

    /* Activated here, known there, and a code counts once, whoever sees it. */
    cs_phone phone = bank_phone(&first, "both", "3.2");
    phone_activate(&first, phone, id);
    for (unsigned i = 0; i < 4; i++) {
        struct said done = phone_do(i % 2 ? &first : &second, phone,
                                    "{\"do\":\"signRequest\",\"path\":\"/transfer\",\"uriId\":\"/transfer\","
                                    "\"body\":\"x\",\"pin\":\"1234\"}");
        CHECK(said(&done, "\"status\":200"));
    }
    CHECK(cs_phone_free(phone) == CS_RESULT_OK);
    bank_close(&second);
    bank_close(&first);
}

/* With an argument, the address of an empty database. */
int main(int count, char **arguments) {
    if (count > 1) {
        two_on_one_database(arguments[1]);
        printf("%u checks passed\n", checks);
        return 0;
    }
    RUN(routes);
    RUN(routes_by_steps);
    RUN(operations);
    RUN(seeds);
    RUN(protocol);
    RUN(wrong_rules);
    printf("%u checks passed\n", checks);
    return 0;
}
