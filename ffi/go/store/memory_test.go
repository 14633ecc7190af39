//go:build countersign_testhooks

package store_test

import (
	"context"
	"testing"

	"countersign.io/countersign/store"
	"countersign.io/countersign/store/storetest"
)

func TestMemoryConforms(t *testing.T) {
	cases := storetest.Run(t, func(*testing.T) store.Store { return store.NewMemory() })
	t.Logf("%d cases", cases)
	if cases < 36 {
		t.Error("cases are missing")
	}
}

var _ store.Purger = store.NewMemory()

// A record that was read stays as it was.
func TestMemoryKeepsWhatWasRead(t *testing.T) {
	memory := store.NewMemory()
	key := store.Key{Collection: "thing", ID: "a"}
	body := []byte("one")
	put := func(rev store.Rev, expect *store.Rev) {
		batch := &store.Batch{Rev: rev, Writes: []store.Write{{Key: key, Kind: store.Put, Expect: expect, Body: body}}}
		if outcome, err := memory.Commit(context.Background(), batch); err != nil || !outcome.Applied {
			t.Fatal(outcome, err)
		}
	}
	first := store.Rev{1}
	put(first, nil)
	answers, _ := memory.Read(context.Background(), []store.Query{{Key: key}})
	body[0] = 'X'
	put(store.Rev{2}, &first)
	if record := answers[0].Record; string(record.Body) != "one" || record.Rev != first {
		t.Errorf("%q at %v", record.Body, record.Rev)
	}
}
