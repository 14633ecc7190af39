#define _POSIX_C_SOURCE 200809L
#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SECONDS = 5 };

int http_listen(unsigned short *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof address;
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) return -1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        close(listener);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

static cs_slice slice(const char *from, const char *to) {
    return (cs_slice){(const uint8_t *)from, (size_t)(to - from)};
}

/* Cuts the line at `*at` off; NULL when there is none. */
static char *next_line(char **at) {
    char *line = *at, *end = strstr(line, "\r\n");
    if (end == NULL) return NULL;
    *end = 0;
    *at = end + 2;
    return line;
}

static bool read_head(struct http_request *in, char *head, size_t *length) {
    cs_request *request = &in->request;
    char *line = next_line(&head), *path, *version, *query;
    *request = (cs_request){.size = sizeof *request, .headers = in->headers};
    *length = 0;
    if (line == NULL || (path = strchr(line, ' ')) == NULL) return false;
    if ((version = strchr(path + 1, ' ')) == NULL || strncmp(version + 1, "HTTP/1.", 7) != 0) return false;
    request->method = slice(line, path);
    query = memchr(path, '?', (size_t)(version - path));
    request->path = slice(path + 1, query ? query : version);
    if (query) request->query = slice(query + 1, version);
    while ((line = next_line(&head)) != NULL && *line) {
        char *value = strchr(line, ':');
        if (value == NULL || request->header_count == HTTP_MAX_HEADERS) return false;
        cs_header *header = &in->headers[request->header_count++];
        header->name = slice(line, value);
        value += 1 + strspn(value + 1, " \t");
        header->value = slice(value, value + strlen(value));
        if (header->name.len == 14 && strncasecmp(line, "content-length", 14) == 0) {
            char *end;
            unsigned long number = strtoul(value, &end, 10);
            if (*value < '0' || *value > '9' || *end || number > HTTP_MAX_BODY) return false;
            *length = number;
        }
        if (header->name.len == 17 && strncasecmp(line, "transfer-encoding", 17) == 0) return false;
    }
    return true;
}

bool http_read(int socket, struct http_request *in, unsigned *status) {
    struct timeval patience = {.tv_sec = SECONDS};
    size_t have = 0, length, before;
    char *end = NULL;
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    *status = 400;
    while (end == NULL) {
        if (have == HTTP_MAX_HEAD - 1) {
            *status = 431;
            return false;
        }
        ssize_t got = recv(socket, in->data + have, HTTP_MAX_HEAD - 1 - have, 0);
        if (got <= 0 || memchr(in->data + have, 0, (size_t)got) != NULL) return false;
        have += (size_t)got;
        in->data[have] = 0;
        end = strstr(in->data, "\r\n\r\n");
    }
    before = (size_t)(end - in->data) + 4;
    /* The body's first bytes may be texts to strstr: cut them off from the head. */
    char *body = in->data + before, first = *body;
    *body = 0;
    if (!read_head(in, in->data, &length)) return false;
    *body = first;
    while (have - before < length) {
        ssize_t got = recv(socket, in->data + have, length - (have - before), 0);
        if (got <= 0) return false;
        have += (size_t)got;
    }
    in->request.body = slice(body, body + length);
    return true;
}

static void send_all(int socket, const void *data, size_t length) {
    const char *at = data;
    while (length > 0) {
        ssize_t sent = send(socket, at, length, MSG_NOSIGNAL);
        if (sent <= 0) return;
        at += sent;
        length -= (size_t)sent;
    }
}

void http_write(int socket, unsigned status, const cs_header *headers, size_t count, cs_slice body) {
    char head[256];
    int size = snprintf(head, sizeof head, "HTTP/1.1 %u Answer\r\nConnection: close\r\nContent-Length: %zu\r\n", status,
                        body.len);
    send_all(socket, head, (size_t)size);
    for (size_t i = 0; i < count; i++) {
        send_all(socket, headers[i].name.data, headers[i].name.len);
        send_all(socket, ": ", 2);
        send_all(socket, headers[i].value.data, headers[i].value.len);
        send_all(socket, "\r\n", 2);
    }
    send_all(socket, "\r\n", 2);
    send_all(socket, body.data, body.len);
}
