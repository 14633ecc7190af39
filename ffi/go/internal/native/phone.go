//go:build !countersign_nophone

// A library without the feature "phone" needs the build tag countersign_nophone.

package native

/*
#include "bridge.h"

#cgo noescape csgo_phone_new
#cgo nocallback csgo_phone_new
#cgo noescape csgo_phone_perform
#cgo nocallback csgo_phone_perform
#cgo noescape csgo_phone_answer
#cgo nocallback csgo_phone_answer
*/
import "C"

import "time"

// What a phone comes back with.
const (
	PhoneRequest = C.CS_PHONE_REQUEST
	PhoneResult  = C.CS_PHONE_RESULT
)

// PhoneNew makes a phone from its settings.
func PhoneNew(settings []byte) (uint64, Result, string) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	C.csgo_phone_new(bytes(settings), C.size_t(len(settings)), out(s), room, &s.result)
	code, said := s.take(nil)
	return uint64(s.result.handle), code, string(said)
}

// PhonePerform begins a command.
func PhonePerform(phone uint64, command []byte, at time.Time) (int32, Result, []byte) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	C.csgo_phone_perform(C.uint64_t(phone), bytes(command), C.size_t(len(command)), now(at), out(s), room, &s.result)
	code, said := s.take(nil)
	return int32(s.result.kind), code, said
}

// PhoneAnswer goes on with the reply to the phone's request.
func PhoneAnswer(phone uint64, status int, body []byte, at time.Time) (int32, Result, []byte) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	C.csgo_phone_answer(C.uint64_t(phone), C.uint32_t(status), bytes(body), C.size_t(len(body)), now(at), out(s), room, &s.result)
	code, said := s.take(nil)
	return int32(s.result.kind), code, said
}

// PhoneFree frees a phone.
func PhoneFree(phone uint64) Result { return Result(C.cs_phone_free(C.uint64_t(phone))) }
