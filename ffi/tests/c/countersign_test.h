/* What a library with the feature test-hooks has besides. For tests only. */
#ifndef COUNTERSIGN_TEST_H
#define COUNTERSIGN_TEST_H

#include "countersign.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From now on the exported function with this name panics inside, in every thread; with an empty name none does. */
cs_result cs_test_panic(cs_slice function);

/* From now on the engines of the process draw the bytes of this seed, and those opened from now on sign without
 * randomness of their own. 0: the system's randomness again. */
void cs_test_seed(uint64_t seed);

/* Nanoseconds that all threads have spent inside the exported functions since the last call of this one: what a
 * benchmark subtracts to know what a crossing adds. */
uint64_t cs_test_inside(void);

#ifdef __cplusplus
}
#endif

#endif
