//go:build !countersign_nophone

#include "bridge.h"

void csgo_phone_new(const uint8_t *settings, size_t settings_len, uint8_t *out, size_t room,
                    struct csgo_result *result) {
    struct cs_buf none = {0};
    csgo_give(cs_phone_new(csgo_slice(settings, settings_len), &result->handle), &none, out, room, result);
}

void csgo_phone_perform(uint64_t phone, const uint8_t *command, size_t command_len, uint64_t now_ms,
                        uint8_t *out, size_t room, struct csgo_result *result) {
    struct cs_buf message = {0};
    int32_t code = cs_phone_perform(phone, csgo_slice(command, command_len), now_ms, &result->kind, &message);
    csgo_give(code, &message, out, room, result);
}

void csgo_phone_answer(uint64_t phone, uint32_t status, const uint8_t *body, size_t body_len,
                       uint64_t now_ms, uint8_t *out, size_t room, struct csgo_result *result) {
    struct cs_buf message = {0};
    int32_t code =
        cs_phone_answer(phone, status, csgo_slice(body, body_len), now_ms, &result->kind, &message);
    csgo_give(code, &message, out, room, result);
}
