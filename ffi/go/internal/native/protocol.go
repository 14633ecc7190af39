package native

/*
#include "bridge.h"

#cgo noescape csgo_protocol
#cgo nocallback csgo_protocol
*/
import "C"

import "time"

// Protocol carries out a command of the protocol's cryptography: its outcome, or the text of the error.
func Protocol(command []byte, at time.Time) (Result, []byte) {
	s := scratches.Get().(*Scratch)
	defer s.release()
	C.csgo_protocol(bytes(command), C.size_t(len(command)), now(at), out(s), room, &s.result)
	code, said := s.take(nil)
	clear(s.out[:s.result.filled]) // it may have been a secret
	return code, said
}
