/* A host in C: reads what the test prepared, sends requests step by step over its own store, and lets
 * things go wrong on the way. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "countersign.h"
#include "store.h"

/* How many conditions were checked so far. */
extern unsigned checks;

#define CHECK(condition)                                                              \
    do {                                                                              \
        checks++;                                                                     \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__,       \
                    #condition, cs_last_error());                                     \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

/* Where the prepared files are. */
extern const char *folder;

/* A sealing key for tests. */
extern const cs_slice TEST_KEY;

struct host {
    cs_engine engine;
    struct store store;
    uint64_t now;
};

/* What goes wrong at a host's first commit, or with its store. */
enum mishap { NOTHING, ANSWER_LOST, REQUEST_LOST, READ_FAILS, COMMIT_FAILS, OTHERS_FIRST };

struct result {
    unsigned status;
    char text[4096];
};

/* A prepared file, whole; the caller frees it. */
struct bytes load(const char *name);
cs_slice all(const struct bytes *bytes);

cs_config config_for(int32_t store, cs_slice key);
cs_request post(cs_slice path, cs_slice body);

/* Sends a POST, step by step. `others` is what somebody else sends at OTHERS_FIRST. */
struct result ask_with(struct host *host, cs_slice path, cs_slice body, enum mishap mishap,
                       cs_slice others);
struct result ask(struct host *host, cs_slice path, cs_slice body);

/* What a reply says; frees the message. */
struct result result_of(cs_buf *message);
bool contains(const struct result *result, const char *text);

#endif
