/* The suite that every store must pass, run by a host (feature test-hooks); see ffi/src/suite.rs. */
#ifndef COUNTERSIGN_SUITE_H
#define COUNTERSIGN_SUITE_H

#include "countersign.h"

/* A kind beside CS_STEP_*: drop what has expired. */
#define CS_SUITE_PURGE 4

cs_result cs_suite_begin(uint32_t number, struct cs_buf *name, uint64_t *suite);
cs_result cs_suite_next(uint64_t suite, uint32_t *ask, int32_t *kind, struct cs_buf *message);
cs_result cs_suite_answer(uint64_t suite, uint32_t ask, struct cs_slice answer);
cs_result cs_suite_free(uint64_t suite);

#endif
