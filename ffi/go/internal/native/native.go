// Package native calls the library. It keeps the rules of cgo: C reads Go's memory during a call only,
// and every call is one crossing.
package native

/*
#include "bridge.h"

#cgo noescape csgo_open
#cgo nocallback csgo_open
#cgo noescape csgo_handle
#cgo nocallback csgo_handle
#cgo noescape csgo_begin
#cgo nocallback csgo_begin
#cgo noescape csgo_step
#cgo nocallback csgo_step
#cgo nocallback cs_abi_version
#cgo nocallback cs_engine_free
#cgo nocallback cs_call_free
*/
import "C"

import (
	"math"
	"sync"
	"time"
	"unsafe"
)

// Result is a number of the library; 0 is success. Its families stand in hundreds.
type Result int32

// Results that this module itself looks at.
const (
	OK            Result = C.CS_RESULT_OK
	Length        Result = C.CS_RESULT_LENGTH
	NotUTF8       Result = C.CS_RESULT_NOT_UTF8
	Argument      Result = C.CS_RESULT_ARGUMENT
	UnknownHandle Result = C.CS_RESULT_UNKNOWN_HANDLE
	StaleHandle   Result = C.CS_RESULT_STALE_HANDLE
	Panic         Result = C.CS_RESULT_PANIC
)

// Where an engine stores.
const (
	StoreHost     = C.CS_STORE_HOST
	StoreMemory   = C.CS_STORE_MEMORY
	StoreSQLite   = C.CS_STORE_SQLITE
	StorePostgres = C.CS_STORE_POSTGRES
)

// Kinds of steps.
const (
	StepRead   = C.CS_STEP_READ
	StepCommit = C.CS_STEP_COMMIT
	StepReply  = C.CS_STEP_REPLY
	StepPassed = C.CS_STEP_PASSED
)

// ABI gives the interface version that this module was compiled for, and that of the library.
func ABI() (compiled, loaded uint32) {
	return C.CS_ABI_VERSION, uint32(C.cs_abi_version())
}

// ResultText describes a number.
func ResultText(result Result) string { return C.GoString(C.cs_result_text(C.int32_t(result))) }

// Header is a header of a request.
type Header struct{ Name, Value string }

// Request is what a call of the library needs to know of a request.
type Request struct {
	Method, Path, Query, Peer string
	HasQuery, HasPeer         bool
	Headers                   []Header
	Body                      []byte
}

// room is how much of a message fits without a second crossing; most do.
const room = 4 << 10

// Scratch is memory of calls, used again and again.
type Scratch struct {
	texts   []byte
	lengths []C.uint32_t
	request C.struct_csgo_request
	rules   C.struct_csgo_rules
	result  C.struct_csgo_result
	out     [room]byte
}

var scratches = sync.Pool{New: func() any { return new(Scratch) }}

// longest is the most that is kept for the next call.
const longest = 64 << 10

func (s *Scratch) release() {
	s.result = C.struct_csgo_result{}
	if cap(s.texts) <= longest {
		scratches.Put(s)
	}
}

func (s *Scratch) pack(request *Request) {
	s.texts = append(s.texts[:0], request.Method...)
	s.texts = append(s.texts, request.Path...)
	s.texts = append(s.texts, request.Query...)
	s.texts = append(s.texts, request.Peer...)
	s.lengths = s.lengths[:0]
	for _, header := range request.Headers {
		s.texts = append(append(s.texts, header.Name...), header.Value...)
		s.lengths = append(s.lengths, C.uint32_t(len(header.Name)), C.uint32_t(len(header.Value)))
	}
	s.request = C.struct_csgo_request{
		method: C.uint32_t(len(request.Method)), path: C.uint32_t(len(request.Path)),
		query: C.uint32_t(len(request.Query)), peer: C.uint32_t(len(request.Peer)),
		has_query: flag(request.HasQuery), has_peer: flag(request.HasPeer),
		headers: C.uint32_t(len(request.Headers)),
	}
}

// fits tells whether the lengths of the texts can be counted at all.
func (request *Request) fits() bool {
	total := len(request.Method) + len(request.Path) + len(request.Query) + len(request.Peer)
	for _, header := range request.Headers {
		total += len(header.Name) + len(header.Value)
	}
	return total <= math.MaxInt32
}

func flag(set bool) C.uint32_t {
	if set {
		return 1
	}
	return 0
}

// take copies what the library said: the message, or the text of the error.
func (s *Scratch) take(into []byte) (Result, []byte) {
	result := &s.result
	if result.rest.handle != 0 {
		message := unsafe.Slice((*byte)(unsafe.Pointer(result.rest.data)), int(result.rest.len))
		into = append(into[:0], message...)
		C.cs_buf_free(&result.rest)
		return Result(result.code), into
	}
	return Result(result.code), append(into[:0], s.out[:result.filled]...)
}

// now is the library's clock where the time is zero.
func now(at time.Time) C.uint64_t {
	if at.IsZero() {
		return C.CS_SYSTEM_CLOCK
	}
	// A clock before 1970 is refused by the library like one that is not set.
	return C.uint64_t(max(at.UnixMilli(), 1))
}

// KeyLength is the length of a sealing key, in bytes.
const KeyLength = C.CS_SEALING_KEY_LENGTH

// Key is a sealing key with its number.
type Key struct {
	ID  uint32
	Key []byte
}

// Config is how an engine is opened. Older keys have KeyLength bytes.
type Config struct {
	Key      Key
	Older    []Key
	Open     bool
	Store    int32
	Path     string
	Settings []byte
}

// Open opens an engine.
func Open(config *Config) (uint64, Result, string) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	open := C.struct_csgo_open{
		key_id: C.uint32_t(config.Key.ID), older: C.uint32_t(len(config.Older)), store: C.int32_t(config.Store),
		key_len: C.size_t(len(config.Key.Key)), older_len: KeyLength,
		path_len: C.size_t(len(config.Path)), settings_len: C.size_t(len(config.Settings)),
	}
	if config.Open {
		open.flags = C.CS_FLAG_OPEN
	}
	// Not in the memory that is used again: there are keys in it.
	texts := make([]byte, 0, len(config.Key.Key)+len(config.Older)*KeyLength+len(config.Path)+len(config.Settings))
	texts = append(texts, config.Key.Key...)
	var ids []C.uint32_t
	for _, key := range config.Older {
		texts = append(texts, key.Key...)
		ids = append(ids, C.uint32_t(key.ID))
	}
	texts = append(append(texts, config.Path...), config.Settings...)
	C.csgo_open(&open, bytes(texts), unsafe.SliceData(ids), out(s), room, &s.result)
	clear(texts)
	code, said := s.take(nil)
	return uint64(s.result.handle), code, string(said)
}

// Close closes an engine.
func Close(engine uint64) Result { return Result(C.cs_engine_free(C.uint64_t(engine))) }

// Handle answers a request with the engine's own store. The message, or the text of the error, is
// appended to nothing of the caller's.
func Handle(engine uint64, request *Request, at time.Time) (Result, []byte) {
	if !request.fits() {
		return Length, []byte("request")
	}
	s := scratches.Get().(*Scratch)
	defer s.release()
	s.pack(request)
	C.csgo_handle(C.uint64_t(engine), &s.request, bytes(s.texts), unsafe.SliceData(s.lengths),
		bytes(request.Body), C.size_t(len(request.Body)), now(at), out(s), room, &s.result)
	return s.take(nil)
}

// Begin begins a call; the bytes are the name of its lane, or the text of the error.
func Begin(engine uint64, request *Request) (uint64, Result, []byte) {
	if !request.fits() {
		return 0, Length, []byte("request")
	}
	s := scratches.Get().(*Scratch)
	defer s.release()
	s.pack(request)
	C.csgo_begin(C.uint64_t(engine), &s.request, bytes(s.texts), unsafe.SliceData(s.lengths),
		bytes(request.Body), C.size_t(len(request.Body)), out(s), room, &s.result)
	call := uint64(s.result.handle)
	code, said := s.take(nil)
	if code != OK && call != 0 {
		Free(call)
		call = 0
	}
	return call, code, said
}

// Step takes a step with the store's answer. The message is written into `into`, from its beginning, as
// far as it has room.
func Step(call uint64, answer []byte, at time.Time, into []byte) (int32, Result, []byte) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	C.csgo_step(C.uint64_t(call), bytes(answer), C.size_t(len(answer)), now(at), out(s), room, &s.result)
	code, said := s.take(into)
	return int32(s.result.kind), code, said
}

// Free ends a call.
func Free(call uint64) Result { return Result(C.cs_call_free(C.uint64_t(call))) }

func bytes(slice []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(slice))) }
func text(text string) *C.uint8_t   { return (*C.uint8_t)(unsafe.Pointer(unsafe.StringData(text))) }
func out(s *Scratch) *C.uint8_t     { return (*C.uint8_t)(unsafe.Pointer(&s.out)) }
