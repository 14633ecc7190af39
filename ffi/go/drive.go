package countersign

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/internal/wire"
	"countersign.io/countersign/store"
)

// drive takes the steps of a call over the host's store, in its lane, and gives kind and message of the
// last one.
func (engine *Engine) drive(ctx context.Context, call uint64, lane string) (int32, []byte, error) {
	if lane != "" {
		leave, err := engine.lanes.enter(ctx, lane)
		if err != nil {
			return 0, nil, err
		}
		defer leave()
	}
	var answer []byte
	for {
		if err := ctx.Err(); err != nil {
			return 0, nil, err
		}
		kind, code, message := native.Step(call, answer, engine.now(), nil)
		if code != native.OK {
			return 0, nil, failure(code, string(message))
		}
		switch kind {
		case native.StepRead:
			answer = engine.read(ctx, message, answer)
		case native.StepCommit:
			answer = engine.commit(ctx, message, answer)
		case native.StepReply, native.StepPassed:
			return kind, message, nil
		default:
			return 0, nil, fmt.Errorf("%w: a step of kind %d", ErrInternal, kind)
		}
	}
}

// read lets the store answer queries; whatever fails is told to the engine as a failed read.
func (engine *Engine) read(ctx context.Context, message, into []byte) (answer []byte) {
	queries, err := wire.Queries(message)
	if err == nil {
		err = engine.limited(ctx, func(ctx context.Context) error {
			answers, err := engine.host.Read(ctx, queries)
			if err == nil {
				answer, err = wire.AppendAnswers(into, queries, answers)
			}
			return err
		})
	}
	if err != nil {
		engine.heard(fmt.Errorf("reading: %w", err))
		return wire.AppendFailure(into, true, "the host's store could not read")
	}
	return answer
}

// commit lets the store apply a batch. Once it was asked, only it can say that nothing was written.
func (engine *Engine) commit(ctx context.Context, message, into []byte) (answer []byte) {
	batch, err := wire.Batch(message)
	if err != nil {
		engine.heard(fmt.Errorf("committing: %w", err))
		return wire.AppendFailure(into, true, "the batch cannot be read")
	}
	err = engine.limited(context.WithoutCancel(ctx), func(ctx context.Context) error {
		outcome, err := engine.host.Commit(ctx, batch)
		if err == nil {
			answer, err = wire.AppendOutcome(into, outcome)
		}
		return err
	})
	if err != nil {
		engine.heard(fmt.Errorf("committing: %w", err))
		nothingWritten := errors.Is(err, store.ErrNotApplied)
		return wire.AppendFailure(into, nothingWritten, "the host's store could not commit")
	}
	return answer
}

// limited runs a store's function with the timeout, and turns its panics into errors.
func (engine *Engine) limited(ctx context.Context, run func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, engine.timeout)
	defer cancel()
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("the store panicked: %v", panicked)
		}
	}()
	return run(ctx)
}

// lanes are fair queues: requests that will change the same record take turns instead of conflicting.
type lanes struct {
	mutex sync.Mutex
	last  map[string]chan struct{}
}

// enter waits for the turn, first come first served, and gives the function that ends it.
func (lanes *lanes) enter(ctx context.Context, name string) (leave func(), err error) {
	done := make(chan struct{})
	lanes.mutex.Lock()
	if lanes.last == nil {
		lanes.last = map[string]chan struct{}{}
	}
	before := lanes.last[name]
	lanes.last[name] = done
	lanes.mutex.Unlock()
	leave = func() {
		lanes.mutex.Lock()
		if lanes.last[name] == done {
			delete(lanes.last, name)
		}
		lanes.mutex.Unlock()
		close(done)
	}
	if before == nil {
		return leave, nil
	}
	select {
	case <-before:
		return leave, nil
	case <-ctx.Done():
		// Who comes next waits for the one before.
		go func() {
			<-before
			leave()
		}()
		return nil, ctx.Err()
	}
}
