#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REV = 16 };

struct entry {
    cs_slice index, value;
    uint64_t sort;
};

/* Owns the bytes of all its slices: `memory` is a copy of the write it came from. */
struct row {
    cs_slice collection, id, body;
    uint8_t rev[REV];
    bool expires;
    uint64_t expires_at;
    struct entry *entries;
    size_t entry_count;
    uint8_t *memory, *entry_memory;
};

/* ---- memory ---- */

static void *allocate(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void bytes_add(struct bytes *bytes, const void *data, size_t len) {
    if (bytes->room - bytes->len < len) {
        bytes->room = (bytes->len + len) * 2;
        bytes->data = allocate(bytes->data, bytes->room);
    }
    if (len) memcpy(bytes->data + bytes->len, data, len);
    bytes->len += len;
}

void bytes_free(struct bytes *bytes) {
    free(bytes->data);
    *bytes = (struct bytes){0};
}

/* ---- reading: past the end everything is 0 and `bad` is set ---- */

struct reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};

static cs_slice take(struct reader *in, size_t len) {
    if (in->bad || in->left < len) {
        in->bad = true;
        return (cs_slice){0};
    }
    cs_slice taken = {in->at, len};
    in->at += len;
    in->left -= len;
    return taken;
}

static uint64_t number(struct reader *in, size_t width) {
    cs_slice digits = take(in, width);
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) value = value << 8 | digits.data[i];
    return value;
}

static cs_slice text(struct reader *in) { return take(in, number(in, 2)); }
static cs_slice blob(struct reader *in) { return take(in, number(in, 4)); }

static struct reader open_message(cs_slice message, uint8_t kind) {
    struct reader in = {message.data, message.len, false};
    if (number(&in, 1) != 1 || number(&in, 1) != kind) in.bad = true;
    return in;
}

/* ---- writing ---- */

static void put_number(struct bytes *out, uint64_t value, size_t width) {
    uint8_t digits[8];
    for (size_t i = 0; i < width; i++) digits[i] = (uint8_t)(value >> 8 * (width - 1 - i));
    bytes_add(out, digits, width);
}

static void put_text(struct bytes *out, cs_slice text) {
    put_number(out, text.len, 2);
    bytes_add(out, text.data, text.len);
}

static void begin(struct bytes *out, uint8_t kind) {
    out->len = 0;
    put_number(out, 1, 1);
    put_number(out, kind, 1);
}

static void put_row(struct bytes *out, const struct row *row) {
    put_text(out, row->id);
    bytes_add(out, row->rev, REV);
    put_number(out, row->expires, 1);
    if (row->expires) put_number(out, row->expires_at, 8);
    put_number(out, row->body.len, 4);
    bytes_add(out, row->body.data, row->body.len);
}

static void put_found(struct bytes *out, const struct row *row) {
    put_number(out, row != NULL, 1);
    if (row) put_row(out, row);
}

/* ---- rows ---- */

static int compare(cs_slice a, cs_slice b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool same(cs_slice a, cs_slice b) { return compare(a, b) == 0; }

static struct row *find(struct store *store, cs_slice collection, cs_slice id) {
    for (size_t i = 0; i < store->count; i++) {
        struct row *row = &store->rows[i];
        if (same(row->collection, collection) && same(row->id, id)) return row;
    }
    return NULL;
}

static void row_free(struct row *row) {
    free(row->memory);
    free(row->entry_memory);
    free(row->entries);
}

void store_free(struct store *store) {
    for (size_t i = 0; i < store->count; i++) row_free(&store->rows[i]);
    free(store->rows);
    *store = (struct store){0};
}

size_t store_records(const struct store *store, const char *collection) {
    cs_slice name = {(const uint8_t *)collection, strlen(collection)};
    size_t count = 0;
    for (size_t i = 0; i < store->count; i++) count += same(store->rows[i].collection, name);
    return count;
}

static cs_slice copy(uint8_t **at, cs_slice from) {
    cs_slice copied = {*at, from.len};
    if (from.len) memcpy(*at, from.data, from.len);
    *at += from.len;
    return copied;
}

/* ---- read ---- */

struct line {
    uint64_t sort;
    const struct row *row;
};

static int by_place(const void *left, const void *right) {
    const struct line *a = left, *b = right;
    if (a->sort != b->sort) return a->sort < b->sort ? -1 : 1;
    return compare(a->row->id, b->row->id);
}

static void scan(const struct store *store, struct reader *in, struct bytes *out) {
    cs_slice collection = text(in);
    cs_slice index = text(in);
    cs_slice value = blob(in);
    uint64_t from = number(in, 8);
    uint64_t to = number(in, 8);
    bool newest_first = number(in, 1);
    bool after = number(in, 1);
    uint64_t after_sort = after ? number(in, 8) : 0;
    cs_slice after_id = after ? text(in) : (cs_slice){0};
    size_t limit = number(in, 4), count = 0;
    struct line *lines = NULL;
    struct row last = {.id = after_id};
    const struct line cursor = {after_sort, &last};
    for (size_t i = 0; i < store->count && !in->bad; i++) {
        const struct row *row = &store->rows[i];
        if (!same(row->collection, collection)) continue;
        for (size_t e = 0; e < row->entry_count; e++) {
            const struct entry *entry = &row->entries[e];
            struct line line = {entry->sort, row};
            if (!same(entry->index, index) || !same(entry->value, value)) continue;
            if (entry->sort < from || entry->sort > to) continue;
            int place = by_place(&line, &cursor);
            if (after && (newest_first ? place >= 0 : place <= 0)) continue;
            lines = allocate(lines, (count + 1) * sizeof *lines);
            lines[count++] = line;
        }
    }
    if (count) qsort(lines, count, sizeof *lines, by_place);
    size_t shown = count < limit ? count : limit;
    put_number(out, 2, 1);
    put_number(out, shown, 2);
    for (size_t i = 0; i < shown; i++) put_row(out, lines[newest_first ? count - 1 - i : i].row);
    put_number(out, shown < count, 1);
    if (shown && shown < count) {
        const struct line *end = &lines[newest_first ? count - shown : shown - 1];
        put_number(out, end->sort, 8);
        put_text(out, end->row->id);
    }
    free(lines);
}

bool store_read(struct store *store, cs_slice message, struct bytes *answer) {
    struct reader in = open_message(message, 0x01);
    size_t queries = number(&in, 2);
    store->reads++;
    begin(answer, 0x11);
    put_number(answer, queries, 2);
    for (size_t i = 0; i < queries && !in.bad; i++) {
        switch (number(&in, 1)) {
        case 1: {
            cs_slice collection = text(&in);
            cs_slice id = text(&in);
            put_number(answer, 1, 1);
            put_found(answer, find(store, collection, id));
            break;
        }
        case 2: scan(store, &in, answer); break;
        default: in.bad = true;
        }
    }
    return !in.bad && in.left == 0;
}

/* ---- commit ---- */

struct write {
    uint8_t kind;
    cs_slice collection, id, body, entries;
    bool expect_record, expires, keep_entries;
    cs_slice expected_rev;
    uint64_t expires_at;
    size_t entry_count;
};

enum { PUT = 1, CHECK = 2, APPEND = 3 };

static struct entry read_entry(struct reader *in) {
    struct entry entry;
    entry.index = text(in);
    entry.value = blob(in);
    entry.sort = number(in, 8);
    return entry;
}

static struct write read_write(struct reader *in) {
    struct write write = {.kind = (uint8_t)number(in, 1)};
    write.collection = text(in);
    write.id = text(in);
    if (write.kind != APPEND) {
        write.expect_record = number(in, 1);
        if (write.expect_record) write.expected_rev = take(in, REV);
    }
    if (write.kind == CHECK) return write;
    write.body = blob(in);
    write.expires = number(in, 1);
    if (write.expires) write.expires_at = number(in, 8);
    write.keep_entries = !number(in, 1);
    if (!write.keep_entries) {
        write.entry_count = number(in, 2);
        write.entries.data = in->at;
        for (size_t i = 0; i < write.entry_count && !in->bad; i++) read_entry(in);
        write.entries.len = (size_t)(in->at - write.entries.data);
    }
    if (write.kind != PUT && write.kind != APPEND) in->bad = true;
    return write;
}

static bool fits(const struct write *write, const struct row *row) {
    if (!write->expect_record) return row == NULL;
    return row && memcmp(row->rev, write->expected_rev.data, REV) == 0;
}

static void apply(struct store *store, const struct write *write, cs_slice rev) {
    struct row *row = find(store, write->collection, write->id), old = {0};
    if (!row) {
        if (store->count == store->room) {
            store->room = store->room * 2 + 16;
            store->rows = allocate(store->rows, store->room * sizeof *store->rows);
        }
        row = &store->rows[store->count++];
    } else {
        old = *row;
    }
    struct row fresh = {.expires = write->expires, .expires_at = write->expires_at};
    uint8_t *at = fresh.memory =
        allocate(NULL, write->collection.len + write->id.len + write->body.len);
    fresh.collection = copy(&at, write->collection);
    fresh.id = copy(&at, write->id);
    fresh.body = copy(&at, write->body);
    memcpy(fresh.rev, rev.data, REV);
    if (write->keep_entries) {
        fresh.entries = old.entries;
        fresh.entry_count = old.entry_count;
        fresh.entry_memory = old.entry_memory;
        old.entries = NULL;
        old.entry_memory = NULL;
    } else {
        uint8_t *bytes = fresh.entry_memory = allocate(NULL, write->entries.len);
        cs_slice copied = copy(&bytes, write->entries);
        struct reader in = {copied.data, copied.len, false};
        fresh.entries = allocate(NULL, write->entry_count * sizeof *fresh.entries);
        fresh.entry_count = write->entry_count;
        for (size_t i = 0; i < fresh.entry_count; i++) fresh.entries[i] = read_entry(&in);
    }
    *row = fresh;
    row_free(&old);
}

bool store_commit(struct store *store, cs_slice message, struct bytes *answer) {
    struct reader in = open_message(message, 0x02);
    cs_slice rev = take(&in, REV);
    size_t count = number(&in, 2), conflicts = 0;
    if (in.bad) return false;
    struct write *writes = allocate(NULL, count * sizeof *writes);
    for (size_t i = 0; i < count; i++) writes[i] = read_write(&in);
    bool readable = !in.bad && in.left == 0;
    for (size_t i = 0; readable && i < count; i++) {
        conflicts += !fits(&writes[i], find(store, writes[i].collection, writes[i].id));
    }
    if (readable && conflicts) {
        begin(answer, 0x13);
        put_number(answer, conflicts, 2);
        for (size_t i = 0; i < count; i++) {
            const struct row *row = find(store, writes[i].collection, writes[i].id);
            if (fits(&writes[i], row)) continue;
            put_number(answer, i, 2);
            put_found(answer, row);
        }
        store->conflicts++;
    } else if (readable) {
        for (size_t i = 0; i < count; i++) {
            if (writes[i].kind != CHECK) apply(store, &writes[i], rev);
        }
        begin(answer, 0x12);
        store->commits++;
    }
    free(writes);
    return readable;
}

bool store_applied(const struct bytes *answer) {
    return answer->len == 2 && answer->data[1] == 0x12;
}

void store_not_applied(struct bytes *answer) {
    begin(answer, 0x14);
    put_text(answer, (cs_slice){0});
}

void store_unknown(struct bytes *answer) {
    begin(answer, 0x15);
    put_text(answer, (cs_slice){0});
}
