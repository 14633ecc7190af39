/* A bank in C: one engine behind a small HTTP server, a route of the bank's own that only phones may call, and a customer
 * with a phone who comes by the network.
 *
 *     ffi/examples/bank/run.sh            the whole story, once
 *     ffi/examples/bank/run.sh --serve    the same, and the server stays
 *
 * Phones reach /pa and /api; the server API is called by the bank itself, in the process, and is not on the network. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http.h"

enum { WORKERS = 4, TEXT = 16384 };

static cs_engine engine;
static int listener;
static unsigned short port;

/* Results of the library that only a mistake of ours can make. */
static void must(cs_result result, const char *what) {
    if (result == CS_RESULT_OK) return;
    fprintf(stderr, "bank: %s: %s\n", what, cs_last_error());
    exit(1);
}

static cs_slice text(const char *text) { return (cs_slice){(const uint8_t *)text, strlen(text)}; }

/* ---- The server ---- */

static void send_reply(int socket, cs_buf *message) {
    cs_reply reply;
    cs_header headers[HTTP_MAX_HEADERS];
    must(cs_reply_read(cs_buf_bytes(message), &reply), "reply");
    if (reply.header_count > HTTP_MAX_HEADERS) exit(1);
    for (uint32_t i = 0; i < reply.header_count; i++) {
        must(cs_reply_header(cs_buf_bytes(message), i, &headers[i]), "header");
    }
    http_write(socket, reply.status, headers, reply.header_count, reply.body);
    cs_buf_free(message);
}

/* POST /transfer: phone and PIN, or phone and fingerprint, have signed exactly this body. */
static void transfer(int socket, const cs_request *request) {
    const cs_guard rules = {
        .size = sizeof rules,
        .proof = CS_PROOF_SIGNATURE,
        .factors = CS_FACTORS_POSSESSION_KNOWLEDGE | CS_FACTORS_POSSESSION_BIOMETRY,
        .resource = CS_TEXT("/transfer"),
    };
    cs_buf message;
    cs_call call;
    cs_passed passed;
    int32_t kind;
    char done[512];
    must(cs_guard_check(engine, &rules, request, CS_SYSTEM_CLOCK, &kind, &message, &call), "guard");
    cs_call_free(call);
    if (kind != CS_STEP_PASSED) {
        send_reply(socket, &message);
        return;
    }
    must(cs_passed_read(cs_buf_bytes(&message), &passed), "passed");
    /* Here a bank moves the money of passed.user_id, as request->body says. */
    int size = snprintf(done, sizeof done, "{\"status\":\"OK\",\"user\":\"%.*s\"}", (int)passed.user_id.len,
                        (const char *)passed.user_id.data);
    cs_buf_free(&message);
    http_write(socket, 200, NULL, 0, (cs_slice){(const uint8_t *)done, (size_t)size});
}

static bool starts(cs_slice path, const char *with) {
    return path.len >= strlen(with) && memcmp(path.data, with, strlen(with)) == 0;
}

static void serve(int socket, struct http_request *in) {
    unsigned status;
    cs_buf message;
    if (!http_read(socket, in, &status)) {
        http_write(socket, status, NULL, 0, CS_TEXT(""));
        return;
    }
    cs_request *request = &in->request;
    if (request->path.len == 9 && starts(request->path, "/transfer")) {
        transfer(socket, request);
    } else if (starts(request->path, "/pa/") || starts(request->path, "/api/")) {
        must(cs_handle(engine, request, CS_SYSTEM_CLOCK, &message), "handle");
        send_reply(socket, &message);
    } else {
        http_write(socket, 404, NULL, 0, CS_TEXT(""));
    }
}

static void *work(void *unused) {
    struct http_request *in = malloc(sizeof *in);
    (void)unused;
    if (in == NULL) exit(1);
    for (;;) {
        int socket = accept(listener, NULL, NULL);
        if (socket < 0) break;
        serve(socket, in);
        shutdown(socket, SHUT_WR);
        close(socket);
    }
    free(in);
    return NULL;
}

/* ---- The bank's own calls ---- */

/* The text member `name` of JSON; enough for replies whose members we know. */
static void member(const char *json, const char *name, char *out, size_t size) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    const char *from = strstr(json, key), *end = from ? strchr(from + strlen(key), '"') : NULL;
    if (end == NULL || (size_t)(end - from - (ptrdiff_t)strlen(key)) >= size) {
        fprintf(stderr, "bank: no %s in %s\n", name, json);
        exit(1);
    }
    from += strlen(key);
    memcpy(out, from, (size_t)(end - from));
    out[end - from] = 0;
}

static void ask(const char *path, const char *object, char *out) {
    static const cs_header json = {{(const uint8_t *)"Content-Type", 12}, {(const uint8_t *)"application/json", 16}};
    char body[1024];
    cs_buf message;
    cs_reply reply;
    snprintf(body, sizeof body, "{\"requestObject\":%s}", object);
    cs_request request = {.size = sizeof request, .method = CS_TEXT("POST"), .path = text(path), .body = text(body)};
    request.headers = &json;
    request.header_count = 1;
    must(cs_handle(engine, &request, CS_SYSTEM_CLOCK, &message), path);
    must(cs_reply_read(cs_buf_bytes(&message), &reply), path);
    if (reply.body.len >= TEXT) exit(1);
    memcpy(out, reply.body.data, reply.body.len);
    out[reply.body.len] = 0;
    if (reply.status != 200) {
        fprintf(stderr, "bank: %s: %s\n", path, out);
        exit(1);
    }
    cs_buf_free(&message);
}

/* ---- The customer ---- */

/* Sends what the phone wants to send; the reply's status and body. */
static unsigned send_for(const cs_buf *message, char *out, size_t *length) {
    static char data[HTTP_MAX_HEAD + HTTP_MAX_BODY];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    cs_phone_request sent;
    cs_header header;
    size_t size = 0, have = 0;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(cs_phone_request_read(cs_buf_bytes(message), &sent), "request");
    size += (size_t)snprintf(data, sizeof data, "%.*s %.*s%s%.*s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n",
                             (int)sent.method.len, (const char *)sent.method.data, (int)sent.path.len,
                             (const char *)sent.path.data, sent.query.data ? "?" : "", (int)sent.query.len,
                             (const char *)sent.query.data, sent.body.len);
    for (uint32_t i = 0; i < sent.header_count && size < HTTP_MAX_HEAD; i++) {
        must(cs_phone_request_header(cs_buf_bytes(message), i, &header), "header");
        size += (size_t)snprintf(data + size, HTTP_MAX_HEAD - size, "%.*s: %.*s\r\n", (int)header.name.len,
                                 (const char *)header.name.data, (int)header.value.len, (const char *)header.value.data);
    }
    if (size + 2 + sent.body.len > sizeof data || size >= HTTP_MAX_HEAD) exit(1);
    memcpy(data + size, "\r\n", 2);
    memcpy(data + size + 2, sent.body.data, sent.body.len);
    size += 2 + sent.body.len;
    int socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) != 0) exit(1);
    for (size_t at = 0; at < size;) {
        ssize_t done = send(socket_, data + at, size - at, MSG_NOSIGNAL);
        if (done <= 0) exit(1);
        at += (size_t)done;
    }
    for (ssize_t got; (got = recv(socket_, data + have, sizeof data - 1 - have, 0)) > 0;) have += (size_t)got;
    close(socket_);
    data[have] = 0;
    char *body = strstr(data, "\r\n\r\n");
    if (body == NULL || strncmp(data, "HTTP/1.1 ", 9) != 0) exit(1);
    *length = have - (size_t)(body + 4 - data);
    if (*length >= TEXT) exit(1);
    memcpy(out, body + 4, *length);
    return (unsigned)strtoul(data + 9, NULL, 10);
}

static void perform(cs_phone phone, const char *command, const char *story, const char *expected) {
    char body[TEXT];
    size_t length;
    cs_buf message;
    int32_t kind;
    must(cs_phone_perform(phone, text(command), CS_SYSTEM_CLOCK, &kind, &message), command);
    while (kind == CS_PHONE_REQUEST) {
        unsigned status = send_for(&message, body, &length);
        cs_buf_free(&message);
        must(cs_phone_answer(phone, status, (cs_slice){(const uint8_t *)body, length}, CS_SYSTEM_CLOCK, &kind, &message),
             command);
    }
    printf("%s\n    %.*s\n", story, (int)message.len, (const char *)message.data);
    snprintf(body, sizeof body, "%.*s", (int)message.len, (const char *)message.data);
    cs_buf_free(&message);
    if (strstr(body, expected) == NULL) {
        fprintf(stderr, "bank: expected %s\n", expected);
        exit(1);
    }
}

int main(int count, char **arguments) {
    /* A real bank keeps this key apart from the database, and makes it once. */
    static const uint8_t key[CS_SEALING_KEY_LENGTH] = {42};
    bool stay = count > 1 && strcmp(arguments[1], "--serve") == 0;
    char reply[TEXT], config_text[512], code[64], id[64], data[128], command[1024];
    pthread_t workers[WORKERS];
    cs_phone phone;
    cs_config config = {
        .size = sizeof config,
        .sealing_key_id = 1,
        .flags = CS_FLAG_OPEN,
        .sealing_key = {key, sizeof key},
        .store = CS_STORE_MEMORY,
        .settings = CS_TEXT("{\"applicationName\":\"bank\",\"plainForms\":true}"),
    };
    if (cs_abi_version() >> 16 != CS_ABI_VERSION >> 16) return 1;
    must(cs_engine_new(&config, &engine), "engine");
    listener = http_listen(&port);
    if (listener < 0) return 1;
    for (int i = 0; i < WORKERS; i++) {
        if (pthread_create(&workers[i], NULL, work, NULL) != 0) return 1;
    }
    printf("the bank listens on http://127.0.0.1:%u\n", port);

    ask("/rest/v3/application/create", "{\"applicationId\":\"mobile-bank\"}", reply);
    ask("/rest/v3/application/detail", "{\"applicationId\":\"mobile-bank\"}", reply);
    member(reply, "mobileSdkConfig", config_text, sizeof config_text);
    ask("/rest/v3/operation/template/create",
        "{\"templateName\":\"payment\",\"operationType\":\"payment\",\"dataTemplate\":\"A1*A${amount}EUR\","
        "\"signatureType\":[\"POSSESSION_KNOWLEDGE\"],\"maxFailureCount\":5,\"expiration\":300}",
        reply);
    ask("/rest/v3/activation/init", "{\"applicationId\":\"mobile-bank\",\"userId\":\"alice\"}", reply);
    member(reply, "activationCode", code, sizeof code);
    member(reply, "activationId", id, sizeof id);

    snprintf(command, sizeof command, "{\"mobileSdkConfig\":\"%s\"}", config_text);
    must(cs_phone_new(text(command), &phone), "phone");
    snprintf(command, sizeof command, "{\"do\":\"activate\",\"code\":\"%s\",\"pin\":\"1234\"}", code);
    perform(phone, command, "alice types the activation code:", "fingerprint");
    snprintf(command, sizeof command, "{\"activationId\":\"%s\"}", id);
    ask("/rest/v3/activation/commit", command, reply);

    perform(phone, "{\"do\":\"signRequest\",\"path\":\"/transfer\",\"uriId\":\"/transfer\",\"body\":\"{\\\"to\\\":\\\"CZ65\\\"}\",\"pin\":\"1234\"}",
            "alice transfers money:", "\"status\":200");
    perform(phone, "{\"do\":\"signRequest\",\"path\":\"/transfer\",\"uriId\":\"/transfer\",\"body\":\"{}\",\"pin\":\"9999\"}",
            "somebody else tries with a wrong PIN:", "\"status\":401");
    perform(phone, "{\"do\":\"createToken\"}", "the phone gets a token:", "possession_universal");
    ask("/rest/v3/operation/create",
        "{\"userId\":\"alice\",\"applicationId\":\"mobile-bank\",\"templateName\":\"payment\","
        "\"parameters\":{\"amount\":\"100\"}}",
        reply);
    member(reply, "id", id, sizeof id);
    member(reply, "data", data, sizeof data);
    perform(phone, "{\"do\":\"listOperations\"}", "alice sees what waits for her:", id);
    snprintf(command, sizeof command, "{\"do\":\"approve\",\"id\":\"%s\",\"data\":\"%s\",\"pin\":\"1234\"}", id, data);
    perform(phone, command, "alice approves:", "{\"result\":{}}");
    snprintf(command, sizeof command, "{\"operationId\":\"%s\"}", id);
    ask("/rest/v3/operation/detail", command, reply);
    if (strstr(reply, "\"APPROVED\"") == NULL) return 1;
    printf("the bank sees the operation APPROVED\n");

    must(cs_phone_free(phone), "phone");
    fflush(stdout);
    if (!stay) shutdown(listener, SHUT_RDWR);
    for (int i = 0; i < WORKERS; i++) pthread_join(workers[i], NULL);
    close(listener);
    must(cs_engine_free(engine), "engine");
    return 0;
}
