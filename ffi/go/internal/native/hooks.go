//go:build countersign_testhooks

package native

/*
#include <countersign_test.h>

static cs_result csgo_test_panic(const uint8_t *name, size_t len) {
    cs_slice function = {name, len};
    return cs_test_panic(function);
}
*/
import "C"

import "time"

// TestPanic makes an exported function panic from now on, by its name; an empty one none.
func TestPanic(function string) Result {
	return Result(C.csgo_test_panic(text(function), C.size_t(len(function))))
}

// TestSeed makes the engines' randomness repeatable; 0 is the system's again.
func TestSeed(seed uint64) { C.cs_test_seed(C.uint64_t(seed)) }

// TestInside tells how long all threads were inside the library since the last call of this function.
func TestInside() time.Duration { return time.Duration(C.cs_test_inside()) }
