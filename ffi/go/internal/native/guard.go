package native

/*
#include "bridge.h"

#cgo noescape csgo_check
#cgo nocallback csgo_check
#cgo noescape csgo_seal
#cgo nocallback csgo_seal
*/
import "C"

import (
	"time"
	"unsafe"
)

// What a route demands.
const (
	ProofNone        = C.CS_PROOF_NONE
	ProofSignature   = C.CS_PROOF_SIGNATURE
	ProofToken       = C.CS_PROOF_TOKEN
	ScopeNone        = C.CS_SCOPE_NONE
	ScopeApplication = C.CS_SCOPE_APPLICATION
	ScopeActivation  = C.CS_SCOPE_ACTIVATION
	GuardUserInfo    = C.CS_GUARD_USER_INFO
)

// Combinations of factors.
const (
	Possession                  = C.CS_FACTORS_POSSESSION
	Knowledge                   = C.CS_FACTORS_KNOWLEDGE
	Biometry                    = C.CS_FACTORS_BIOMETRY
	PossessionKnowledge         = C.CS_FACTORS_POSSESSION_KNOWLEDGE
	PossessionBiometry          = C.CS_FACTORS_POSSESSION_BIOMETRY
	PossessionKnowledgeBiometry = C.CS_FACTORS_POSSESSION_KNOWLEDGE_BIOMETRY
)

// Rules are what a route demands.
type Rules struct {
	Proof, Encryption int32
	Factors, Flags    uint32
	Resource          string
	MaxBody           int
}

// Check judges a request with the engine's own store: the kind of the end, its message or the text of the
// error, and the call that seals the answer, or 0. On an engine of a host's store it begins a check: the
// bytes are the name of its lane.
func Check(engine uint64, ownStore bool, rules *Rules, request *Request, at time.Time) (
	call uint64, kind int32, code Result, said []byte,
) {
	if !request.fits() {
		return 0, 0, Length, []byte("request")
	}
	s := scratches.Get().(*Scratch)
	defer s.release()
	s.pack(request)
	s.rules = C.struct_csgo_rules{
		proof: C.int32_t(rules.Proof), encryption: C.int32_t(rules.Encryption),
		factors: C.uint32_t(rules.Factors), flags: C.uint32_t(rules.Flags), max_body: C.size_t(rules.MaxBody),
	}
	C.csgo_check(C.uint64_t(engine), C.int32_t(flag(ownStore)), &s.rules, text(rules.Resource),
		C.size_t(len(rules.Resource)), &s.request, bytes(s.texts), unsafe.SliceData(s.lengths),
		bytes(request.Body), C.size_t(len(request.Body)), now(at), out(s), room, &s.result)
	call, kind = uint64(s.result.handle), int32(s.result.kind)
	code, said = s.take(nil)
	if code != OK && call != 0 {
		Free(call)
		call = 0
	}
	return call, kind, code, said
}

// Seal seals the answer to a request that has passed: the message of the reply, or the text of the error.
func Seal(call uint64, body []byte, at time.Time) (Result, []byte) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	C.csgo_seal(C.uint64_t(call), bytes(body), C.size_t(len(body)), now(at), out(s), room, &s.result)
	return s.take(nil)
}
