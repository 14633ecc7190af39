//go:build countersign_testhooks

package native

/*
#include <suite.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *csgo_data(const struct cs_buf *buf) { return buf->data; }
*/
import "C"

import "unsafe"

// Purge is the kind of a suite's ask to drop what has expired; its other kinds are those of steps.
const Purge = C.CS_SUITE_PURGE

// SuiteBegin begins a case of the suite; its name, or the text of the error.
func SuiteBegin(number int) (suite uint64, name string, ok bool) {
	var buf C.struct_cs_buf
	var handle C.uint64_t
	if C.cs_suite_begin(C.uint32_t(number), &buf, &handle) != C.CS_RESULT_OK {
		return 0, "", false
	}
	return uint64(handle), string(taken(&buf)), true
}

// SuiteNext waits for what the case asks next, or for its end.
func SuiteNext(suite uint64) (ask uint32, kind int32, message []byte, code Result) {
	var buf C.struct_cs_buf
	var number C.uint32_t
	var step C.int32_t
	code = Result(C.cs_suite_next(C.uint64_t(suite), &number, &step, &buf))
	return uint32(number), int32(step), taken(&buf), code
}

// SuiteAnswer answers an ask.
func SuiteAnswer(suite uint64, ask uint32, answer []byte) Result {
	slice := C.struct_cs_slice{len: C.size_t(len(answer))}
	data := C.CBytes(answer)
	defer C.free(data)
	slice.data = (*C.uint8_t)(data)
	return Result(C.cs_suite_answer(C.uint64_t(suite), C.uint32_t(ask), slice))
}

// SuiteFree ends a case.
func SuiteFree(suite uint64) Result { return Result(C.cs_suite_free(C.uint64_t(suite))) }

func taken(buf *C.struct_cs_buf) []byte {
	bytes := C.GoBytes(unsafe.Pointer(C.csgo_data(buf)), C.int(buf.len))
	C.cs_buf_free(buf)
	return bytes
}
