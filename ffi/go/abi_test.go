package countersign

import (
	"encoding/json"
	"errors"
	"os"
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

// Every endpoint belongs to the family that its document is about.
func TestFamilies(t *testing.T) {
	count := 0
	for name, family := range map[string]Family{
		"server": Server | Inbox, "standard": Standard, "cloud": Cloud, "admin": Admin, "mobile": Mobile,
		"mobile-web-flow": Mobile, "mobile-early-enrollment": Mobile, "mobile-deployed-enrollment": Mobile,
	} {
		source, err := os.ReadFile("../../docs/openapi/" + name + ".json")
		if err != nil {
			t.Skip("only in the repository")
		}
		var document struct{ Paths map[string]any }
		if err := json.Unmarshal(source, &document); err != nil {
			t.Fatal(err)
		}
		for path := range document.Paths {
			if found := familyOf(path); found == 0 || found&family == 0 {
				t.Errorf("%s of %s is of family %b", path, name, found)
			}
			count++
		}
	}
	t.Logf("%d paths", count)
}

func TestErrors(t *testing.T) {
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
