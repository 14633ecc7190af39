/* Whether an installed library is found, fits its header and works. */
#include <stdio.h>

#include <countersign.h>

int main(void) {
    static const uint8_t key[CS_SEALING_KEY_LENGTH] = {7};
    cs_config config = {
        .size = sizeof config,
        .sealing_key_id = 1,
        .flags = CS_FLAG_OPEN,
        .sealing_key = {key, sizeof key},
        .store = CS_STORE_MEMORY,
    };
    cs_request request = {
        .size = sizeof request, .method = CS_TEXT("POST"), .path = CS_TEXT("/rest/v3/status"), .body = CS_TEXT("{}")};
    cs_engine engine;
    cs_buf message;
    cs_reply reply;
    if (cs_abi_version() != CS_ABI_VERSION) return 1;
    if (cs_engine_new(&config, &engine) != CS_RESULT_OK) return 2;
    if (cs_handle(engine, &request, CS_SYSTEM_CLOCK, &message) != CS_RESULT_OK) return 3;
    if (cs_reply_read(cs_buf_bytes(&message), &reply) != CS_RESULT_OK) return 4;
    printf("status %u\n", (unsigned)reply.status);
    cs_buf_free(&message);
    cs_engine_free(engine);
    return 0;
}
