package countersign_test

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/store"
)

// Calls from 1,000 goroutines, and memory that does not grow with their number. 20,000 calls, or as many as
// COUNTERSIGN_CALLS says: load.sh makes 10^6.
func TestLoad(t *testing.T) {
	calls, err := strconv.Atoi(os.Getenv("COUNTERSIGN_CALLS"))
	if err != nil {
		calls = 20_000
	}
	memory, host := open(t, countersign.Memory()), open(t, countersign.Host(store.NewMemory()))
	for _, engine := range []*countersign.Engine{memory, host} {
		application(t, engine, "bank")
	}
	requests := []*countersign.Request{
		ask("/rest/v3/status", "{}"),
		ask("/rest/v3/application/list", "{}"),
		ask("/rest/v3/operation/detail", `{"requestObject":{"operationId":"nobody's"}}`),
	}
	round := func(calls int) {
		var running sync.WaitGroup
		var next atomic.Int64
		for range 1_000 {
			running.Go(func() {
				for {
					number := next.Add(1)
					if number > int64(calls) {
						return
					}
					engine := memory
					if number%2 == 0 {
						engine = host
					}
					response, err := engine.Handle(context.Background(), requests[number%3])
					if err != nil || response.Status != 200 && response.Status != 400 {
						t.Error(response, err)
						return
					}
				}
			})
		}
		running.Wait()
	}
	// The first round brings threads, pools and allocators to their size.
	round(calls / 4)
	before := resident(t)
	round(calls)
	after := resident(t)
	t.Logf("%d calls; resident before %d KiB, after %d KiB, %d goroutines", calls, before, after, runtime.NumGoroutine())
	if !raced && before > 0 && after > before+before/4+16<<10 {
		t.Errorf("memory grows: %d KiB, then %d KiB", before, after)
	}
}

// raced: under the race detector, whose own memory grows.
var raced bool

// resident is the memory of the process in KiB, both Go's and the library's; 0 where that cannot be known.
func resident(t *testing.T) int {
	t.Helper()
	runtime.GC()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			size, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return size
		}
	}
	return 0
}
