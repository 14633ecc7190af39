/* A bank with one engine, one protected route for each way to protect one, and a phone that calls it. */
#ifndef BANK_H
#define BANK_H

#include "host.h"

struct bank {
    cs_engine engine;
    struct store *store; /* NULL: the engine has its own */
    uint64_t now;
    char config[512]; /* what a phone needs to know of the application */
};

/* What came of a phone's command. */
struct said {
    unsigned requests;
    char text[8192];
};

/* Opens the engine, on its own store or on the host's, with one application. */
void bank_open(struct bank *bank, struct store *store);
/* Opens it on a PostgreSQL database; not the first one finds the application there. */
void bank_open_database(struct bank *bank, const char *url, bool first);
void bank_close(struct bank *bank);

/* A POST to the server API; 200 or the test ends. */
struct result bank_call(struct bank *bank, const char *path, const char *object);

/* Answers what a phone sends: the routes below, the API otherwise. `body` is at least 16 KiB. */
unsigned bank_answer(struct bank *bank, const cs_request *request, char *body, size_t *length);

/* A phone of this bank; `seed` may be NULL. */
cs_phone bank_phone(struct bank *bank, const char *seed, const char *version);

/* Runs a command to its end. */
struct said phone_do(struct bank *bank, cs_phone phone, const char *command);

/* As phone_do, for a printf of a command. */
struct said phone_dof(struct bank *bank, cs_phone phone, const char *format, ...);

/* An active activation of user alice, PIN 1234; its ID goes to `id`, of 37 bytes. */
void phone_activate(struct bank *bank, cs_phone phone, char *id);

/* The text member `name` of JSON, the first one of this name. */
void json_text(const char *json, const char *name, char *out, size_t size);
bool said(const struct said *said, const char *text);

#endif
