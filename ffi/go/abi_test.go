package countersign

import (
	"errors"
	"testing"

	"countersign.io/countersign/internal/native"
)

func TestABI(t *testing.T) {
	for _, test := range []struct {
		compiled, loaded uint32
		fits             bool
	}{
		{0x1_0000, 0x1_0000, true},
		{0x1_0000, 0x1_0007, true},
		{0x1_0007, 0x1_0000, false},
		{0x1_0000, 0x2_0000, false},
		{0x2_0000, 0x1_ffff, false},
	} {
		err := compatible(test.compiled, test.loaded)
		if (err == nil) != test.fits || !test.fits && !errors.Is(err, ErrABI) {
			t.Errorf("%#x with %#x: %v", test.compiled, test.loaded, err)
		}
	}
	if err := compatible(native.ABI()); err != nil {
		t.Error(err)
	}
	held := abi
	defer func() { abi = held }()
	abi = compatible(0x9_0000, 0x1_0003)
	if _, err := Open(Config{}); !errors.Is(err, ErrABI) {
		t.Error(err)
	} else {
		t.Log(err)
	}
}

func TestFamilies(t *testing.T) {
	for code, family := range map[int]error{
		100: ErrArgument, 102: ErrArgument, 203: ErrHandle, 204: ErrHandle, 300: ErrMessage,
		302: ErrMessage, 400: ErrStore, 402: ErrStore, 900: ErrInternal, 901: ErrInternal, 555: ErrInternal,
	} {
		err := failure(native.Result(code), "")
		for _, other := range []error{ErrArgument, ErrHandle, ErrMessage, ErrStore, ErrInternal} {
			if errors.Is(err, other) != (other == family) {
				t.Errorf("%v is %v", err, other)
			}
		}
	}
}
