/* What a call across the boundary costs: nanoseconds per call, to compare with ffi/tests/crossing.rs.
 *
 *     crossing SIGNATURES */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <time.h>

#include "bank.h"

static double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void report(const char *what, double start, unsigned count) {
    printf("%s %.0f\n", what, (now_ns() - start) / count);
}

int main(int count, char **arguments) {
    unsigned signatures = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 100;
    struct bank bank;
    char id[37], body[512], (*values)[512] = malloc(signatures * sizeof *values);
    cs_buf message;
    cs_call call;
    int32_t kind;
    CHECK(values != NULL);
    bank_open(&bank, NULL);

    double start = now_ns();
    uint32_t sum = 0;
    for (unsigned i = 0; i < 10000000; i++) sum += cs_abi_version();
    report("empty", start, 10000000);
    CHECK(sum != 1);

    /* 500 bytes. */
    memset(body, 'x', sizeof body);
    memcpy(body, "{\"requestObject\":{\"x\":\"", 23);
    memcpy(body + 497, "\"}}", 3);
    cs_request request = post(CS_TEXT("/rest/v3/status"), (cs_slice){(const uint8_t *)body, 500});
    start = now_ns();
    for (unsigned i = 0; i < 100000; i++) {
        CHECK(cs_handle(bank.engine, &request, bank.now, &message) == CS_RESULT_OK);
        CHECK(cs_buf_free(&message) == CS_RESULT_OK);
    }
    report("handle", start, 100000);

    cs_phone phone = bank_phone(&bank, "crossing", "3.2");
    phone_activate(&bank, phone, id);
    for (unsigned i = 0; i < signatures; i++) {
        struct said signed_ = phone_do(&bank, phone,
                                       "{\"do\":\"signatureHeader\",\"uriId\":\"/transfer\",\"body\":\"{}\","
                                       "\"factors\":\"possession_biometry\"}");
        const char *from = strstr(signed_.text, "\"value\":\"") + 9;
        size_t length = 0;
        for (; *from && !(from[0] == '"'); from++) {
            if (*from == '\\') from++;
            CHECK(length + 1 < sizeof *values);
            values[i][length++] = *from;
        }
        values[i][length] = 0;
    }
    const cs_guard rules = {.size = sizeof rules, .proof = CS_PROOF_SIGNATURE, .factors = 16, .resource = CS_TEXT("/transfer")};
    cs_header header = {.name = CS_TEXT("X-PowerAuth-Authorization")};
    request = post(CS_TEXT("/transfer"), CS_TEXT("{}"));
    request.headers = &header;
    start = now_ns();
    for (unsigned i = 0; i < signatures; i++) {
        header.value = (cs_slice){(const uint8_t *)values[i], strlen(values[i])};
        CHECK(cs_guard_check(bank.engine, &rules, &request, bank.now, &kind, &message, &call) == CS_RESULT_OK);
        CHECK(kind == CS_STEP_PASSED && cs_buf_free(&message) == CS_RESULT_OK);
    }
    report("signature", start, signatures);
    free(values);
    CHECK(cs_phone_free(phone) == CS_RESULT_OK);
    bank_close(&bank);
    return 0;
}
