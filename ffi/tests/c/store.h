/* A host's store in C: records in memory, driven by the bytes of the wire format. It shows all that a
 * store has to do, and is written to be read; a real one would talk to a database here. */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>

#include "countersign.h"

/* Bytes that grow. */
struct bytes {
    uint8_t *data;
    size_t len, room;
};

struct store {
    struct row *rows;
    size_t count, room;
    unsigned reads, commits, conflicts;
};

void bytes_add(struct bytes *bytes, const void *data, size_t len);
void bytes_free(struct bytes *bytes);
void store_free(struct store *store);

/* Answers the queries of a CS_STEP_READ. False when the message cannot be read. */
bool store_read(struct store *store, cs_slice message, struct bytes *answer);

/* Applies the batch of a CS_STEP_COMMIT, all or nothing. False when the message cannot be read. */
bool store_commit(struct store *store, cs_slice message, struct bytes *answer);

/* Whether an answer says "applied". */
bool store_applied(const struct bytes *answer);

/* The two ways to say that the store failed. */
void store_not_applied(struct bytes *answer);
void store_unknown(struct bytes *answer);

/* Records in a collection. */
size_t store_records(const struct store *store, const char *collection);

#endif
