//go:build countersign_testhooks

// Package storetest runs the contract of a store against any implementation: the same cases that the
// built-in stores pass.
//
// It needs a library with the functions for tests (build.sh --test-hooks) and the build tag
// countersign_testhooks.
package storetest

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"

	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/internal/wire"
	"countersign.io/countersign/store"
)

// Run runs every case as a subtest, each over a store from fresh, which must be empty and quiet, and
// gives their number. A store that is a [store.Purger] is asked to purge, too.
func Run(t *testing.T, fresh func(t *testing.T) store.Store) int {
	t.Helper()
	number := 0
	for ; ; number++ {
		suite, name, ok := native.SuiteBegin(number)
		if !ok {
			break
		}
		t.Run(name, func(t *testing.T) {
			defer native.SuiteFree(suite)
			if wrong := play(t, suite, fresh(t)); wrong != "" {
				t.Error(wrong)
			}
		})
	}
	if number == 0 {
		t.Error("the library has no suite")
	}
	return number
}

// play lets the store answer everything that the case asks, each ask in a goroutine of its own, and gives
// what the case finds wrong.
func play(t *testing.T, suite uint64, examined store.Store) string {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		ask, kind, message, code := native.SuiteNext(suite)
		if code != native.OK {
			return native.ResultText(code)
		}
		if kind == native.StepReply {
			return string(message)
		}
		running.Go(func() {
			answer := answer(t.Context(), examined, kind, message)
			if code := native.SuiteAnswer(suite, ask, answer); code != native.OK {
				t.Errorf("an answer was not accepted: %s", native.ResultText(code))
				// The case goes on.
				native.SuiteAnswer(suite, ask, wire.AppendFailure(nil, true, "an answer was not accepted"))
			}
		})
	}
}

func answer(ctx context.Context, examined store.Store, kind int32, message []byte) []byte {
	answer, err := func() ([]byte, error) {
		switch kind {
		case native.StepRead:
			queries, err := wire.Queries(message)
			if err != nil {
				return nil, err
			}
			answers, err := examined.Read(ctx, queries)
			if err != nil {
				return nil, err
			}
			return wire.AppendAnswers(nil, queries, answers)
		case native.StepCommit:
			batch, err := wire.Batch(message)
			if err != nil {
				return nil, err
			}
			outcome, err := examined.Commit(ctx, batch)
			if err != nil {
				return nil, err
			}
			return wire.AppendOutcome(nil, outcome)
		default:
			purger, ok := examined.(store.Purger)
			if !ok {
				return nil, nil
			}
			before := binary.BigEndian.Uint64(message)
			dropped, err := purger.Purge(ctx, before, int(binary.BigEndian.Uint32(message[8:])))
			return binary.BigEndian.AppendUint64(nil, uint64(max(dropped, 0))), err
		}
	}()
	if err != nil {
		// Every case takes any failure for one; which one, its message says.
		return wire.AppendFailure(nil, true, err.Error())
	}
	return answer
}
