package countersign

import (
	"errors"
	"fmt"

	"countersign.io/countersign/internal/native"
)

// Families of errors, for [errors.Is]. None of them is about what the engine answered: a refusal is a
// [Response] like any other (and an [APIError] behind the typed functions of package api).
var (
	// ErrABI: the library that was linked is not one that this module can talk to.
	ErrABI = errors.New("countersign: the library does not fit this module")
	// ErrClosed: the engine was closed.
	ErrClosed = errors.New("countersign: the engine is closed")
	// ErrArgument: an argument has a value, a length or an encoding that it may not have.
	ErrArgument = errors.New("countersign: a wrong argument")
	// ErrHandle: something was used after its end, or too much is open.
	ErrHandle = errors.New("countersign: a wrong handle")
	// ErrMessage: a store's answer does not fit what was asked.
	ErrMessage = errors.New("countersign: a wrong message")
	// ErrStore: the store cannot be opened, or not used in this way.
	ErrStore = errors.New("countersign: the store cannot be used")
	// ErrInternal: a defect of the library, which was contained. The engine still works.
	ErrInternal = errors.New("countersign: a defect of the library")
)

// Error is a call of the library that did not work. It belongs to one of the families above.
type Error struct {
	// Code is the number of the result, CS_RESULT_… in countersign.h.
	Code int
	// Detail says more: names of arguments, never values. It is safe to log.
	Detail string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("countersign: %s (%d)", e.Detail, e.Code)
}

// Is tells whether target is the family of the error.
func (e *Error) Is(target error) bool {
	switch e.Code / 100 {
	case 1:
		return target == ErrArgument
	case 2:
		return target == ErrHandle
	case 3:
		return target == ErrMessage
	case 4:
		return target == ErrStore
	default:
		return target == ErrInternal
	}
}

// failure is the error of a call that did not work.
func failure(code native.Result, detail string) error {
	if detail == "" {
		detail = native.ResultText(code)
	}
	return &Error{int(code), detail}
}

// failureOf is the same for a call of an engine: a handle that was freed is an engine that was closed.
func failureOf(code native.Result, detail string) error {
	if code == native.StaleHandle || code == native.UnknownHandle {
		return ErrClosed
	}
	return failure(code, detail)
}

// compatible compares versions of the interface: the upper 16 bits must be equal, the lower ones at
// least as high.
func compatible(compiled, loaded uint32) error {
	if compiled>>16 == loaded>>16 && compiled&0xffff <= loaded&0xffff {
		return nil
	}
	return fmt.Errorf("%w: it speaks version %d.%d of the interface, the module needs %d.%d or a later %d.x",
		ErrABI, loaded>>16, loaded&0xffff, compiled>>16, compiled&0xffff, compiled>>16)
}

// abi is found out once, when the program starts, and told by whatever opens something.
var abi = compatible(native.ABI())
