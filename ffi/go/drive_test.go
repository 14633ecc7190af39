package countersign_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign.io/countersign"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/store"
)

// troubled is a store in memory whose commits and reads can be made to fail.
type troubled struct {
	*store.Memory
	read   func(ctx context.Context) error
	before func(ctx context.Context) error
	after  func() error
	commit atomic.Int32
}

func trouble() *troubled { return &troubled{Memory: store.NewMemory()} }

func (s *troubled) Read(ctx context.Context, queries []store.Query) ([]store.Answer, error) {
	if s.read != nil {
		if err := s.read(ctx); err != nil {
			return nil, err
		}
	}
	return s.Memory.Read(ctx, queries)
}

func (s *troubled) Commit(ctx context.Context, batch *store.Batch) (store.Outcome, error) {
	s.commit.Add(1)
	if s.before != nil {
		if err := s.before(ctx); err != nil {
			return store.Outcome{}, err
		}
	}
	outcome, err := s.Memory.Commit(ctx, batch)
	if err == nil && s.after != nil {
		err = s.after()
	}
	return outcome, err
}

var errDisk = errors.New("the disk is on fire")

// Nothing is told as done that was not, and nothing is done twice.
func TestStoreFailures(t *testing.T) {
	once := func(err error) func() error {
		var told atomic.Bool
		return func() error {
			if told.Swap(true) {
				return nil
			}
			return err
		}
	}
	withContext := func(f func() error) func(context.Context) error {
		return func(context.Context) error { return f() }
	}
	for name, test := range map[string]struct {
		change  func(*troubled)
		status  int // 0: it works
		records int
	}{
		"nothing":              {func(*troubled) {}, 0, 1},
		"reads fail":           {func(s *troubled) { s.read = func(context.Context) error { return errDisk } }, 503, 0},
		"reads panic":          {func(s *troubled) { s.read = func(context.Context) error { panic("read") } }, 503, 0},
		"commits fail":         {func(s *troubled) { s.before = func(context.Context) error { return store.NotApplied(errDisk) } }, 503, 0},
		"commits panic":        {func(s *troubled) { s.before = func(context.Context) error { panic("commit") } }, 503, 0},
		"the answer is lost":   {func(s *troubled) { s.after = once(errDisk) }, 0, 1},
		"the batch is lost":    {func(s *troubled) { s.before = withContext(once(errDisk)) }, 0, 1},
		"not applied, then ok": {func(s *troubled) { s.before = withContext(once(store.NotApplied(errDisk))) }, 503, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var heard atomic.Int32
			troubled := trouble()
			engine := open(t, countersign.Host(troubled), func(config *countersign.Config) {
				config.OnStoreError = func(err error) { heard.Add(1) }
			})
			test.change(troubled)
			_, err := engine.Server().CreateApplication(t.Context(), server.ApplicationRequest{ApplicationID: "bank"})
			if test.status == 0 && err != nil || test.status != 0 && !errors.Is(err, &countersign.APIError{Status: test.status, Code: "ERROR_GENERIC"}) {
				t.Error(err)
			}
			if records := troubled.Len("application"); records != test.records {
				t.Errorf("%d records", records)
			}
			if (heard.Load() > 0) == (name == "nothing") {
				t.Errorf("%d errors heard", heard.Load())
			}
		})
	}
}

// Answers that do not fit are errors of the store, and the call goes on as with any other.
func TestWrongAnswers(t *testing.T) {
	for name, wrong := range map[string]func([]store.Answer) []store.Answer{
		"too few": func(answers []store.Answer) []store.Answer { return answers[1:] },
		"none":    func([]store.Answer) []store.Answer { return nil },
		"another one": func(answers []store.Answer) []store.Answer {
			answers[0].Record = &store.Record{ID: "else"}
			return answers
		},
		"without id":   func(answers []store.Answer) []store.Answer { answers[0].Record = &store.Record{}; return answers },
		"a page for a": func(answers []store.Answer) []store.Answer { return append(answers, store.Answer{}) },
	} {
		engine := open(t, countersign.Host(&wrongly{store.NewMemory(), wrong}))
		_, err := engine.Server().CreateApplication(t.Context(), server.ApplicationRequest{ApplicationID: "bank"})
		if err == nil {
			t.Errorf("%s: it worked", name)
		}
		t.Log(name, err)
	}
}

type wrongly struct {
	*store.Memory
	wrong func([]store.Answer) []store.Answer
}

func (s *wrongly) Read(ctx context.Context, queries []store.Query) ([]store.Answer, error) {
	answers, err := s.Memory.Read(ctx, queries)
	return s.wrong(answers), err
}

// A context that ends during a read stops the request; one that ends during a commit does not stop the
// commit.
func TestContextDuringSteps(t *testing.T) {
	t.Run("read", func(t *testing.T) {
		troubled := trouble()
		engine := open(t, countersign.Host(troubled))
		ctx, cancel := context.WithCancel(t.Context())
		troubled.read = func(inner context.Context) error {
			cancel()
			<-inner.Done()
			return inner.Err()
		}
		_, err := engine.Server().CreateApplication(ctx, server.ApplicationRequest{ApplicationID: "bank"})
		if !errors.Is(err, context.Canceled) || troubled.commit.Load() != 0 {
			t.Error(err, troubled.commit.Load())
		}
	})
	t.Run("commit", func(t *testing.T) {
		troubled := trouble()
		engine := open(t, countersign.Host(troubled))
		ctx, cancel := context.WithCancel(t.Context())
		troubled.before = func(inner context.Context) error {
			cancel()
			return inner.Err()
		}
		_, err := engine.Server().CreateApplication(ctx, server.ApplicationRequest{ApplicationID: "bank"})
		if !errors.Is(err, context.Canceled) || troubled.Len("application") != 1 {
			t.Error(err, troubled.Len("application"))
		}
	})
	t.Run("timeout", func(t *testing.T) {
		troubled := trouble()
		engine := open(t, countersign.Host(troubled), func(config *countersign.Config) {
			config.StoreTimeout = time.Nanosecond
		})
		troubled.read = func(inner context.Context) error {
			<-inner.Done()
			return inner.Err()
		}
		_, err := engine.Server().CreateApplication(t.Context(), server.ApplicationRequest{ApplicationID: "bank"})
		if !errors.Is(err, &countersign.APIError{Status: 503, Code: "ERROR_GENERIC"}) {
			t.Error(err)
		}
	})
}

// Requests about one activation take turns: none of them conflicts, and who gives up waiting does not
// hold up the others.
func TestLanes(t *testing.T) {
	troubled := trouble()
	engine := open(t, countersign.Host(troubled))
	app := application(t, engine, "bank")
	begun, err := engine.Server().InitActivation(t.Context(), server.InitActivation{UserID: "alice", ApplicationID: app})
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(t.Context())
	defer cancel()
	commits := troubled.commit.Load()
	var running sync.WaitGroup
	var gaveUp atomic.Int32
	const callers = 40
	for number := range callers {
		ctx := t.Context()
		if number%4 == 0 {
			ctx = impatient
		}
		running.Go(func() {
			flags := server.ActivationFlagsRequest{ActivationID: begun.ActivationID, ActivationFlags: []string{fmt.Sprint("FLAG", number)}}
			_, err := engine.Server().AddActivationFlags(ctx, flags)
			switch {
			case err == nil:
			case number%4 == 0 && errors.Is(err, context.Canceled):
				gaveUp.Add(1)
			default:
				t.Error(err)
			}
		})
		if number == callers/2 {
			cancel()
		}
	}
	running.Wait()
	list, err := engine.Server().ListActivationFlags(t.Context(), server.ActivationFlagsRequest{ActivationID: begun.ActivationID})
	if err != nil || len(list.ActivationFlags) < callers-int(gaveUp.Load()) {
		t.Error(len(list.ActivationFlags), gaveUp.Load(), err)
	}
	if used := troubled.commit.Load() - commits; int(used) != len(list.ActivationFlags) {
		t.Errorf("%d commits for %d changes", used, len(list.ActivationFlags))
	}
	t.Logf("%d gave up, %d flags", gaveUp.Load(), len(list.ActivationFlags))
}
