/* Just enough HTTP/1.1 for the example: one request per connection, bounded in every direction. */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "countersign.h"

enum { HTTP_MAX_HEAD = 16384, HTTP_MAX_BODY = 65536, HTTP_MAX_HEADERS = 64 };

struct http_request {
    char data[HTTP_MAX_HEAD + HTTP_MAX_BODY];
    cs_request request; /* points into data */
    cs_header headers[HTTP_MAX_HEADERS];
};

/* A socket that listens on this port of the loopback address (0: any), and the port. -1 when that fails. */
int http_listen(unsigned short *port);

/* Reads a request. False when it is none, or too large, or does not come in time: `status` says what to answer. */
bool http_read(int socket, struct http_request *in, unsigned *status);

void http_write(int socket, unsigned status, const cs_header *headers, size_t count, cs_slice body);

#endif
