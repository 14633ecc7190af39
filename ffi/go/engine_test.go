package countersign_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign.io/countersign"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/store"
)

var key = bytes.Repeat([]byte{7}, 32)

// open opens an engine for a test.
func open(t testing.TB, storage countersign.Storage, change ...func(*countersign.Config)) *countersign.Engine {
	t.Helper()
	config := countersign.Config{SealingKey: key, SealingKeyID: 1, Storage: storage, OpenServerAPI: true}
	for _, change := range change {
		change(&config)
	}
	engine, err := countersign.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine
}

// application makes one and gives its id.
func application(t testing.TB, engine *countersign.Engine, name string) string {
	t.Helper()
	made, err := engine.Server().CreateApplication(t.Context(), server.ApplicationRequest{ApplicationID: name})
	if err != nil {
		t.Fatal(err)
	}
	return made.ApplicationID
}

func ask(path, body string) *countersign.Request {
	return &countersign.Request{
		Method: "POST", Path: path, Body: []byte(body),
		Headers: []countersign.Header{{Name: "Content-Type", Value: "application/json"}},
	}
}

func storages(t *testing.T) map[string]countersign.Storage {
	return map[string]countersign.Storage{
		"memory": countersign.Memory(),
		"sqlite": countersign.SQLite(filepath.Join(t.TempDir(), "tokens.db")),
		"host":   countersign.Host(store.NewMemory()),
	}
}

func TestTypedCalls(t *testing.T) {
	for name, storage := range storages(t) {
		t.Run(name, func(t *testing.T) {
			engine := open(t, storage)
			app := application(t, engine, "bank")
			begun, err := engine.Server().InitActivation(t.Context(), server.InitActivation{UserID: "alice", ApplicationID: app})
			if err != nil || len(begun.ActivationCode) != 23 || begun.UserID != "alice" {
				t.Fatal(begun, err)
			}
			status, err := engine.Server().GetActivationStatus(t.Context(), server.ActivationStatusRequest{ActivationID: begun.ActivationID})
			if err != nil || status.ActivationStatus != server.ActivationStatusCREATED {
				t.Fatal(status.ActivationStatus, err)
			}
			if age := time.Since(status.TimestampCreated); age < -time.Minute || age > time.Minute {
				t.Errorf("created %v ago", age)
			}
			_, err = engine.Server().OperationDetail(t.Context(), server.OperationName{OperationID: "nobody's"})
			var refused *countersign.APIError
			if !errors.As(err, &refused) || refused.Status != 400 || refused.Code == "" || refused.Message == "" {
				t.Errorf("%#v", err)
			}
			if !errors.Is(err, &countersign.APIError{Code: refused.Code}) || errors.Is(err, &countersign.APIError{Code: "ERR"}) {
				t.Error("not recognised by its code")
			}
		})
	}
}

// What is stored in a file is there for the next engine.
func TestSQLiteStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.db")
	first := open(t, countersign.SQLite(path))
	application(t, first, "bank")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := open(t, countersign.SQLite(path))
	list, err := second.Server().GetApplicationList(t.Context())
	if err != nil || len(list.Applications) != 1 || list.Applications[0].ApplicationID != "bank" {
		t.Error(list, err)
	}
}

// A key that has been replaced still opens what it has sealed.
func TestOlderKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.db")
	second := bytes.Repeat([]byte{8}, 32)
	newer := func(config *countersign.Config) { config.SealingKey, config.SealingKeyID = second, 2 }
	first := open(t, countersign.SQLite(path))
	application(t, first, "bank")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	begin := func(engine *countersign.Engine) error {
		_, err := engine.Server().InitActivation(t.Context(), server.InitActivation{UserID: "alice", ApplicationID: "bank"})
		return errors.Join(err, engine.Close())
	}
	if err := begin(open(t, countersign.SQLite(path), newer)); err == nil {
		t.Error("opened without the key")
	}
	both := func(config *countersign.Config) { config.OlderKeys = []countersign.SealingKey{{ID: 1, Key: key}} }
	if err := begin(open(t, countersign.SQLite(path), newer, both)); err != nil {
		t.Error(err)
	}
	for name, older := range map[string][]countersign.SealingKey{
		"short": {{ID: 7, Key: key[:31]}}, "the same number": {{ID: 1, Key: second}}, "too many": manyKeys(65),
	} {
		engine, err := countersign.Open(countersign.Config{
			SealingKey: key, SealingKeyID: 1, Storage: countersign.Memory(), OlderKeys: older,
		})
		if engine != nil || !errors.Is(err, countersign.ErrArgument) {
			t.Error(name, err)
		}
	}
	open(t, countersign.Memory(), func(config *countersign.Config) { config.OlderKeys = manyKeys(64) })
}

func manyKeys(count int) (keys []countersign.SealingKey) {
	for i := range count {
		keys = append(keys, countersign.SealingKey{ID: uint32(i + 2), Key: key})
	}
	return keys
}

func TestSettings(t *testing.T) {
	set := func(settings any) func(*countersign.Config) {
		return func(config *countersign.Config) { config.Settings = settings }
	}
	only := open(t, countersign.Memory(), set(map[string]any{"families": []string{"standard"}}))
	if response, err := only.Handle(t.Context(), ask("/rest/v3/status", "{}")); err != nil || response.Status != 404 {
		t.Error(response, err)
	}
	for _, wrong := range []any{1, "", []int{}, map[string]any{"nothing": 1}, map[string]any{"families": []string{"x"}}, func() {}, "\xff"} {
		engine, err := countersign.Open(countersign.Config{SealingKey: key, Storage: countersign.Memory(), Settings: wrong})
		if engine != nil || !errors.Is(err, countersign.ErrArgument) {
			t.Error(wrong, err)
		}
	}
}

func TestCredentials(t *testing.T) {
	closed := open(t, countersign.Memory(), func(config *countersign.Config) { config.OpenServerAPI = false })
	for _, credentials := range [][]countersign.Credentials{nil, {{Username: "somebody", Password: "wrong"}}} {
		_, err := closed.Server(credentials...).GetSystemStatus(t.Context())
		if !errors.Is(err, &countersign.APIError{Status: 401, Code: "ERR_AUTHENTICATION"}) {
			t.Error(err)
		}
	}
}

// Neither keys nor passwords appear where values are printed.
func TestSecretsAreNotPrinted(t *testing.T) {
	config := countersign.Config{
		SealingKey: []byte("0123456789abcdef0123456789abcdef"), SealingKeyID: 77,
		Storage: countersign.Postgres("postgres://bank:0123@host/bank"),
	}
	older := countersign.SealingKey{Key: config.SealingKey}
	credentials := countersign.Credentials{Username: "somebody", Password: "0123"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		text := fmt.Sprintf(verb+" "+verb+" "+verb, config, &config, []any{credentials, config.Storage, older, config.OlderKeys})
		if strings.Contains(text, "0123") || strings.Contains(text, "48 49") || strings.Contains(text, "3031") || !strings.Contains(text, "77") {
			t.Error(text)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		config countersign.Config
		family error
	}{
		"no storage":   {countersign.Config{SealingKey: key}, countersign.ErrArgument},
		"nil store":    {countersign.Config{SealingKey: key, Storage: countersign.Host(nil)}, countersign.ErrArgument},
		"no key":       {countersign.Config{Storage: countersign.Memory()}, countersign.ErrArgument},
		"short key":    {countersign.Config{SealingKey: key[:31], Storage: countersign.Memory()}, countersign.ErrArgument},
		"no path":      {countersign.Config{SealingKey: key, Storage: countersign.SQLite("")}, countersign.ErrArgument},
		"not UTF-8":    {countersign.Config{SealingKey: key, Storage: countersign.SQLite("a\xff")}, countersign.ErrArgument},
		"a folder":     {countersign.Config{SealingKey: key, Storage: countersign.SQLite(t.TempDir())}, countersign.ErrStore},
		"no folder":    {countersign.Config{SealingKey: key, Storage: countersign.SQLite("/nowhere/tokens.db")}, countersign.ErrStore},
		"negative":     {countersign.Config{SealingKey: key, Storage: countersign.Memory(), StoreTimeout: -1}, countersign.ErrArgument},
		"no threads":   {countersign.Config{SealingKey: key, Storage: countersign.Memory(), Concurrency: -1}, countersign.ErrArgument},
		"too long key": {countersign.Config{SealingKey: make([]byte, 1<<20), Storage: countersign.Memory()}, countersign.ErrArgument},
	} {
		engine, err := countersign.Open(test.config)
		if engine != nil || !errors.Is(err, test.family) || err.Error() == "" {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %v", name, err)
	}
}

func TestHandleRefusesWrongRequests(t *testing.T) {
	for name, storage := range storages(t) {
		engine := open(t, storage)
		many := make([]countersign.Header, 1_025)
		for i := range many {
			many[i] = countersign.Header{Name: "a", Value: "b"}
		}
		bad := "\xff"
		for what, request := range map[string]*countersign.Request{
			"nil":              nil,
			"method":           {Method: bad, Path: "/"},
			"path":             {Method: "POST", Path: bad},
			"query":            {Method: "POST", Path: "/", Query: &bad},
			"peer":             {Method: "POST", Path: "/", Peer: bad},
			"name":             {Method: "POST", Path: "/", Headers: []countersign.Header{{Name: bad}}},
			"value":            {Method: "POST", Path: "/", Headers: []countersign.Header{{Name: "a", Value: bad}}},
			"too many headers": {Method: "POST", Path: "/", Headers: many},
		} {
			response, err := engine.Handle(t.Context(), request)
			if response != nil || !errors.Is(err, countersign.ErrArgument) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		// What the engine itself refuses.
		for what, test := range map[string]struct {
			request *countersign.Request
			status  int
		}{
			"empty":          {&countersign.Request{}, 404},
			"unknown":        {ask("/rest/v3/nothing", "{}"), 404},
			"long body":      {ask("/rest/v3/status", strings.Repeat("x", countersign.MaxBody+1)), 413},
			"huge body":      {ask("/rest/v3/status", strings.Repeat("x", 8<<20)), 413},
			"not JSON":       {ask("/rest/v3/operation/create", "{"), 400},
			"many headers":   {&countersign.Request{Method: "GET", Path: "/nothing", Headers: many[:1_000]}, 404},
			"body not UTF-8": {ask("/rest/v3/operation/create", bad), 400},
		} {
			response, err := engine.Handle(t.Context(), test.request)
			if err != nil || response.Status != test.status {
				t.Errorf("%s, %s: %v %v", name, what, response, err)
			}
		}
	}
}

// A long answer does not fit the memory that short ones come in.
func TestLongAnswers(t *testing.T) {
	for name, storage := range storages(t) {
		engine := open(t, storage)
		wanted := map[string]bool{}
		for i := range 60 {
			id := strings.Repeat("long", 20) + string(rune('a'+i%26)) + string(rune('a'+i/26))
			application(t, engine, id)
			wanted[id] = true
		}
		response, err := engine.Handle(t.Context(), ask("/rest/v3/application/list", "{}"))
		if err != nil || len(response.Body) < 5_000 || !json.Valid(response.Body) {
			t.Fatal(name, err)
		}
		list, err := engine.Server().GetApplicationList(t.Context())
		if err != nil || len(list.Applications) != len(wanted) {
			t.Fatal(name, len(list.Applications), err)
		}
		for _, app := range list.Applications {
			delete(wanted, app.ApplicationID)
		}
		if len(wanted) > 0 || response.Header("content-type") != "application/json" {
			t.Error(name, wanted, response.Headers)
		}
	}
}

func TestClose(t *testing.T) {
	for name, storage := range storages(t) {
		engine := open(t, storage)
		var running sync.WaitGroup
		answered, closed := make([]int, 8), make([]int, 8)
		for number := range answered {
			running.Go(func() {
				for closed[number] < 3 {
					response, err := engine.Handle(context.Background(), ask("/rest/v3/application/list", "{}"))
					switch {
					case err == nil && response.Status == 200:
						answered[number]++
					case errors.Is(err, countersign.ErrClosed):
						closed[number]++
					default:
						t.Error(name, response, err)
						return
					}
				}
			})
		}
		for range 3 {
			running.Go(func() {
				if err := engine.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		running.Wait()
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
		if _, err := engine.Server().GetSystemStatus(t.Context()); !errors.Is(err, countersign.ErrClosed) {
			t.Error(err)
		}
		t.Log(name, answered)
	}
	var none *countersign.Engine
	if _, err := none.Handle(t.Context(), ask("/", "")); !errors.Is(err, countersign.ErrClosed) || !errors.Is(none.Close(), countersign.ErrClosed) {
		t.Error("nil is not an engine")
	}
}

func TestContexts(t *testing.T) {
	for name, storage := range storages(t) {
		engine := open(t, storage)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := engine.Handle(ended, ask("/rest/v3/status", "{}")); !errors.Is(err, context.Canceled) {
			t.Error(name, err)
		}
		late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancel()
		if _, err := engine.Handle(late, ask("/rest/v3/status", "{}")); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(name, err)
		}
	}
}
