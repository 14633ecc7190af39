//go:build countersign_testhooks

package countersign_test

import (
	"context"
	"errors"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/phonetest"
	"countersign.io/countersign/protocol"
	"countersign.io/countersign/store"
)

// A panic planted in each function of the library that this module calls is an error, the process lives,
// and the next call works.
func TestPlantedPanics(t *testing.T) {
	memory, host := open(t, countersign.Memory()), open(t, countersign.Host(store.NewMemory()))
	application(t, memory, "bank")
	application(t, host, "bank")
	token := countersign.WithToken(countersign.Possession)
	handler := bank(memory)
	phone := newPhone(t, memory, handler)
	handle := func(engine *countersign.Engine) func() error {
		return func() error {
			response, err := engine.Handle(context.Background(), ask("/rest/v3/application/list", "{}"))
			if err == nil && response.Status != 200 {
				t.Error(response.Status)
			}
			return err
		}
	}
	check := func(engine *countersign.Engine) func() error {
		return func() error {
			_, _, err := engine.Check(context.Background(), token, ask("/balance", "{}"))
			return err
		}
	}
	perform := func() error { return phone.Do(context.Background(), map[string]string{"do": "serverStatus"}, nil) }
	newEngine := func() error {
		engine, err := countersign.Open(countersign.Config{SealingKey: key, Storage: countersign.Memory()})
		if err == nil {
			err = engine.Close()
		}
		return err
	}
	another := func() error {
		_, err := phonetest.New(phonetest.Settings{}, nil)
		if errors.Is(err, countersign.ErrArgument) {
			return nil // as it should: there are no settings
		}
		return err
	}
	for _, test := range []struct {
		function string
		call     func() error
	}{
		{"cs_engine_new", newEngine},
		{"cs_engine_free", newEngine},
		{"cs_handle", handle(memory)},
		{"cs_call_begin", handle(host)},
		{"cs_call_lane", handle(host)},
		{"cs_call_step", handle(host)},
		{"cs_guard_check", check(memory)},
		{"cs_guard_begin", check(host)},
		{"cs_protocol", func() error {
			_, err := protocol.TokenDigest(make([]byte, 16), make([]byte, 16), 1, "3.2")
			return err
		}},
		{"cs_phone_new", another},
		{"cs_phone_perform", perform},
		{"cs_phone_answer", perform},
	} {
		if err := test.call(); err != nil {
			t.Errorf("%s, before: %v", test.function, err)
		}
		native.TestPanic(test.function)
		err := test.call()
		native.TestPanic("")
		var told *countersign.Error
		if !errors.Is(err, countersign.ErrInternal) || !errors.As(err, &told) || told.Code != int(native.Panic) {
			t.Errorf("%s: %v", test.function, err)
		}
		if err := test.call(); err != nil {
			t.Errorf("%s, after: %v", test.function, err)
		}
	}
	// Where nothing is told: what is freed stays, and the call works.
	for _, function := range []string{"cs_buf_free", "cs_call_free"} {
		native.TestPanic(function)
		for _, call := range []func() error{handle(memory), handle(host), check(memory), perform} {
			if err := call(); err != nil {
				t.Errorf("%s: %v", function, err)
			}
		}
		native.TestPanic("")
	}
	// Sealing.
	activate(t, memory, phone)
	native.TestPanic("cs_guard_seal")
	_, err := phone.Encrypt(context.Background(), phonetest.Request{Path: "/note", Body: []byte("x")})
	native.TestPanic("")
	var refused *phonetest.Error
	if !errors.As(err, &refused) || refused.Status != 500 {
		t.Error("cs_guard_seal:", err)
	}
	answer, err := phone.Encrypt(context.Background(), phonetest.Request{Path: "/note", Body: []byte("x")})
	if err != nil || answer.Status != 201 {
		t.Error(answer, err)
	}
}
