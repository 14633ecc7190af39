/* Plays ffi/scenario/flow.txt (its README has the rules) and writes the transcript.
 *
 *     scenario FLOW TRANSCRIPT */
#include <stdlib.h>
#include <string.h>

#include "countersign_test.h"
#include "host.h"

enum { MAX = 64, LINE = 32768, MAX_HEADERS = 16 };

struct pair {
    char name[64];
    char *value;
};

static struct pair kept[MAX];
static struct {
    char path[64], resource[64];
    cs_guard rules;
} guards[MAX];
static struct {
    char name[64];
    cs_phone phone;
} phones[MAX];
static cs_engine engine;
static uint64_t now;
static char output[LINE];
static FILE *transcript;

static void say(char sign, const void *text, size_t length) {
    fprintf(transcript, "%c ", sign);
    if (length) fwrite(text, 1, length, transcript);
    fputc('\n', transcript);
}

static cs_slice of(const char *text) { return (cs_slice){(const uint8_t *)text, strlen(text)}; }

static bool same(cs_slice slice, const char *text) {
    return slice.len == strlen(text) && memcmp(slice.data, text, slice.len) == 0;
}

static void take(cs_slice bytes) {
    CHECK(bytes.len < sizeof output);
    if (bytes.len) memcpy(output, bytes.data, bytes.len);
    output[bytes.len] = 0;
}

static void fill_in(const char *line, char *out) {
    size_t length = 0;
    while (*line) {
        const struct pair *found = NULL;
        if (line[0] == '$' && line[1] == '{') {
            for (size_t i = 0; i < MAX && kept[i].name[0]; i++) {
                size_t size = strlen(kept[i].name);
                if (strncmp(line + 2, kept[i].name, size) == 0 && line[2 + size] == '}') found = &kept[i];
            }
        }
        if (found) {
            CHECK(length + strlen(found->value) < LINE);
            strcpy(out + length, found->value);
            length += strlen(found->value);
            line += strlen(found->name) + 3;
        } else {
            CHECK(length + 1 < LINE);
            out[length++] = *line++;
        }
    }
    out[length] = 0;
}

/* What a route answers whose rules the request has kept. */
static cs_buf passed_route(const cs_request *request, cs_slice message, cs_call call, bool encrypted) {
    cs_passed passed;
    cs_buf sealed = {0};
    CHECK(cs_passed_read(message, &passed) == CS_RESULT_OK);
    size_t length = encrypted ? passed.body.len : request->body.len;
    int size = snprintf(output, sizeof output,
                        "{\"application\":\"%.*s\",\"version\":\"%.*s\",\"activation\":\"%.*s\",\"user\":\"%.*s\","
                        "\"factors\":%u,\"flags\":%u,\"length\":%zu}",
                        (int)passed.application_id.len, (const char *)passed.application_id.data,
                        (int)passed.version.len, (const char *)passed.version.data,
                        (int)passed.activation_id.len, (const char *)passed.activation_id.data,
                        (int)passed.user_id.len, (const char *)passed.user_id.data, passed.factors,
                        passed.flag_count, length);
    CHECK(size > 0 && (size_t)size < sizeof output);
    if (encrypted) CHECK(cs_guard_seal(call, of(output), now, &sealed) == CS_RESULT_OK);
    return sealed;
}

/* Answers a request; the body is in `output`. */
static unsigned answer(const cs_request *request) {
    cs_reply reply;
    cs_buf message = {0}, sealed = {0};
    cs_call call = 0;
    int32_t kind = CS_STEP_REPLY;
    size_t at = 0;
    while (guards[at].path[0] && !same(request->path, guards[at].path)) at++;
    if (guards[at].path[0]) {
        const cs_guard *rules = &guards[at].rules;
        CHECK(cs_guard_check(engine, rules, request, now, &kind, &message, &call) == CS_RESULT_OK);
        if (kind == CS_STEP_PASSED) {
            sealed = passed_route(request, cs_buf_bytes(&message), call, rules->encryption != CS_SCOPE_NONE);
        }
    } else {
        CHECK(cs_handle(engine, request, now, &message) == CS_RESULT_OK);
    }
    unsigned status = 200;
    if (kind == CS_STEP_REPLY || sealed.data) {
        const cs_buf *said = sealed.data ? &sealed : &message;
        CHECK(cs_reply_read(cs_buf_bytes(said), &reply) == CS_RESULT_OK);
        status = reply.status;
        take(reply.body);
    }
    CHECK(cs_buf_free(&message) == CS_RESULT_OK && cs_buf_free(&sealed) == CS_RESULT_OK);
    CHECK(cs_call_free(call) == CS_RESULT_OK);
    char number[16];
    snprintf(number, sizeof number, "%u", status);
    say('<', number, strlen(number));
    say('<', output, strlen(output));
    return status;
}

static void ask_engine(const char *method, char *path, const char *body) {
    static const cs_header json = {{(const uint8_t *)"Content-Type", 12},
                                   {(const uint8_t *)"application/json", 16}};
    char *query = strchr(path, '?');
    if (query) *query++ = 0;
    cs_request request = {.size = sizeof request, .method = of(method), .path = of(path), .body = of(body)};
    if (query) request.query = of(query);
    if (*body) request.headers = &json, request.header_count = 1;
    answer(&request);
}

static void send_for(cs_phone phone, cs_buf *message, int32_t *kind) {
    cs_phone_request sent;
    cs_header headers[MAX_HEADERS];
    CHECK(cs_phone_request_read(cs_buf_bytes(message), &sent) == CS_RESULT_OK);
    CHECK(sent.header_count <= MAX_HEADERS);
    fprintf(transcript, "> %.*s %.*s%s%.*s\n", (int)sent.method.len, (const char *)sent.method.data,
            (int)sent.path.len, (const char *)sent.path.data, sent.query.data ? "?" : "", (int)sent.query.len,
            (const char *)sent.query.data);
    for (uint32_t i = 0; i < sent.header_count; i++) {
        CHECK(cs_phone_request_header(cs_buf_bytes(message), i, &headers[i]) == CS_RESULT_OK);
        fprintf(transcript, "> %.*s: %.*s\n", (int)headers[i].name.len, (const char *)headers[i].name.data,
                (int)headers[i].value.len, (const char *)headers[i].value.data);
    }
    say('>', sent.body.data, sent.body.len);
    cs_request request = {
        .size = sizeof request,
        .method = sent.method,
        .path = sent.path,
        .query = sent.query,
        .headers = headers,
        .header_count = sent.header_count,
        .body = sent.body,
    };
    unsigned status = answer(&request);
    CHECK(cs_buf_free(message) == CS_RESULT_OK);
    CHECK(cs_phone_answer(phone, status, of(output), now, kind, message) == CS_RESULT_OK);
}

static void perform(const char *name, const char *command) {
    cs_buf message;
    int32_t kind;
    size_t at = 0;
    while (strcmp(phones[at].name, name) != 0) CHECK(++at < MAX);
    cs_phone phone = phones[at].phone;
    CHECK(cs_phone_perform(phone, of(command), now, &kind, &message) == CS_RESULT_OK);
    while (kind == CS_PHONE_REQUEST) send_for(phone, &message, &kind);
    take(cs_buf_bytes(&message));
    CHECK(cs_buf_free(&message) == CS_RESULT_OK);
    say('=', output, strlen(output));
}

static void keep(const char *name, const char *member) {
    char start[80];
    snprintf(start, sizeof start, "\"%s\":\"", member);
    const char *from = strstr(output, start);
    CHECK(from != NULL);
    from += strlen(start);
    const char *end = from;
    while (*end && *end != '"') end += *end == '\\' ? 2 : 1;
    CHECK(*end == '"');
    size_t at = 0;
    while (kept[at].name[0] && strcmp(kept[at].name, name) != 0) CHECK(++at < MAX);
    snprintf(kept[at].name, sizeof kept[at].name, "%s", name);
    free(kept[at].value);
    kept[at].value = calloc(1, (size_t)(end - from) + 1);
    memcpy(kept[at].value, from, (size_t)(end - from));
}

static void guard(const char *rule) {
    size_t at = 0;
    while (guards[at].path[0]) CHECK(++at < MAX);
    cs_guard *rules = &guards[at].rules;
    *rules = (cs_guard){.size = sizeof *rules};
    CHECK(sscanf(rule, "%63s %d %d %u %63s", guards[at].path, &rules->proof, &rules->encryption, &rules->factors,
                 guards[at].resource) == 5);
    if (strcmp(guards[at].resource, "-") != 0) rules->resource = of(guards[at].resource);
}

static void open_engine(void) {
    uint8_t key[CS_SEALING_KEY_LENGTH];
    memset(key, 0x5a, sizeof key);
    cs_config config = config_for(CS_STORE_MEMORY, (cs_slice){key, sizeof key});
    CHECK(cs_engine_new(&config, &engine) == CS_RESULT_OK);
}

static void step(char *line) {
    say('#', line, strlen(line));
    char *rest = strchr(line, ' ');
    CHECK(rest != NULL);
    *rest++ = 0;
    if (strcmp(line, "expect") == 0) {
        CHECK(strstr(output, rest) != NULL);
        return;
    }
    if (strcmp(line, "guard") == 0) {
        guard(rest);
        return;
    }
    char *last = strchr(rest, ' ');
    if (last) *last++ = 0;
    else last = rest + strlen(rest);
    if (strcmp(line, "seed") == 0) {
        cs_test_seed(strtoull(rest, NULL, 10));
        open_engine();
    } else if (strcmp(line, "clock") == 0) {
        now = strtoull(rest, NULL, 10);
    } else if (strcmp(line, "wait") == 0) {
        now += strtoull(rest, NULL, 10);
    } else if (strcmp(line, "POST") == 0 || strcmp(line, "GET") == 0) {
        ask_engine(line, rest, last);
    } else if (strcmp(line, "phone") == 0) {
        size_t at = 0;
        while (phones[at].name[0]) CHECK(++at < MAX);
        snprintf(phones[at].name, sizeof phones[at].name, "%s", rest);
        CHECK(cs_phone_new(of(last), &phones[at].phone) == CS_RESULT_OK);
    } else if (strcmp(line, "do") == 0) {
        perform(rest, last);
    } else {
        CHECK(strcmp(line, "keep") == 0);
        keep(rest, last);
    }
}

int main(int count, char **arguments) {
    static char raw[LINE], line[LINE];
    if (count != 3) return 2;
    FILE *flow = fopen(arguments[1], "r");
    transcript = fopen(arguments[2], "wb");
    CHECK(flow != NULL && transcript != NULL);
    while (fgets(raw, sizeof raw, flow)) {
        raw[strcspn(raw, "\n")] = 0;
        if (raw[0] == 0 || raw[0] == '#') continue;
        fill_in(raw, line);
        step(line);
    }
    fclose(flow);
    CHECK(fclose(transcript) == 0);
    for (size_t i = 0; i < MAX; i++) {
        free(kept[i].value);
        CHECK(cs_phone_free(phones[i].phone) == CS_RESULT_OK);
    }
    CHECK(cs_engine_free(engine) == CS_RESULT_OK);
    cs_test_seed(0);
    printf("%u checks passed\n", checks);
    return 0;
}
