//go:build countersign_testhooks

package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/store"
	"countersign.io/countersign/store/postgres"
	"countersign.io/countersign/store/storetest"
)

func open(t *testing.T, c *cluster) *postgres.Store {
	t.Helper()
	opened, err := postgres.Open(t.Context(), c.database(t))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestPostgres(t *testing.T) {
	c := start(t)
	t.Run("conforms", func(t *testing.T) {
		cases := storetest.Run(t, func(t *testing.T) store.Store { return open(t, c) })
		t.Logf("%d cases", cases)
		if cases < 36 {
			t.Error("cases are missing")
		}
	})
	t.Run("engines share it", func(t *testing.T) { enginesShare(t, c) })
	t.Run("the library shares it", func(t *testing.T) { libraryShares(t, c) })
	t.Run("opened by many at once", func(t *testing.T) { openedByMany(t, c) })
	t.Run("newer tables", func(t *testing.T) { newerTables(t, c) })
	t.Run("failures", func(t *testing.T) { failures(t, c) })
	t.Run("leaves nothing open", func(t *testing.T) {
		var open int
		db := c.database(t)
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'").Scan(&open)
		if err != nil || open != 0 {
			t.Error(open, err)
		}
	})
}

// Two engines over one database see each other's records, and do not both win.
func enginesShare(t *testing.T, c *cluster) {
	db := c.database(t)
	var engines []*countersign.Engine
	for range 2 {
		opened, err := postgres.Open(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		engine, err := countersign.Open(countersign.Config{
			SealingKey: bytes.Repeat([]byte{7}, 32), SealingKeyID: 1,
			Storage: countersign.Host(opened), OpenServerAPI: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = engine.Close() }()
		engines = append(engines, engine)
	}
	app, err := engines[0].Server().CreateApplication(t.Context(), server.ApplicationRequest{ApplicationID: "bank"})
	if err != nil {
		t.Fatal(err)
	}
	begun, err := engines[1].Server().InitActivation(t.Context(), server.InitActivation{UserID: "alice", ApplicationID: app.ApplicationID})
	if err != nil {
		t.Fatal(err)
	}
	// Both add flags to one activation at the same time: all of them are there.
	var running sync.WaitGroup
	const each = 10
	for number := range 2 * each {
		running.Go(func() {
			flags := []string{"FLAG" + string(rune('A'+number))}
			_, err := engines[number%2].Server().AddActivationFlags(t.Context(),
				server.ActivationFlagsRequest{ActivationID: begun.ActivationID, ActivationFlags: flags})
			if err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	list, err := engines[0].Server().ListActivationFlags(t.Context(), server.ActivationFlagsRequest{ActivationID: begun.ActivationID})
	if err != nil || len(list.ActivationFlags) != 2*each {
		t.Error(list, err)
	}
}

func openedByMany(t *testing.T, c *cluster) {
	db := c.database(t)
	var running sync.WaitGroup
	for range 10 {
		running.Go(func() {
			if _, err := postgres.Open(t.Context(), db); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
}

func newerTables(t *testing.T, c *cluster) {
	db := c.database(t)
	if _, err := postgres.Open(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE cs_layout SET version = 999"); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Open(t.Context(), db); !errors.Is(err, postgres.ErrNewer) {
		t.Error(err)
	}
}

// Errors of the database are told apart, and their texts quote nothing.
func failures(t *testing.T, c *cluster) {
	db := c.database(t)
	opened, err := postgres.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	key := store.Key{Collection: "thing", ID: "quoted"}
	batch := &store.Batch{Rev: store.Rev{1}, Writes: []store.Write{{Key: key, Kind: store.Append}}}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := opened.Commit(ended, batch); !errors.Is(err, store.ErrNotApplied) {
		t.Error(err)
	}
	if _, err := db.Exec("ALTER TABLE cs_record ADD CHECK (id <> 'quoted')"); err != nil {
		t.Fatal(err)
	}
	_, err = opened.Commit(t.Context(), batch)
	if !errors.Is(err, store.ErrNotApplied) || strings.Contains(err.Error(), "quoted") || !strings.Contains(err.Error(), "23514") {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := opened.Commit(t.Context(), batch); !errors.Is(err, store.ErrNotApplied) {
		t.Error(err)
	}
	if _, err := opened.Read(t.Context(), []store.Query{{Key: key}}); err == nil {
		t.Error("read from a closed database")
	}
}

// The tables are made by the same statements as in Rust.
func TestMigrationsAreThoseOfRust(t *testing.T) {
	ours, _ := filepath.Glob("migrations/*.sql")
	theirs, _ := filepath.Glob("../../../../src/store/postgres/migrations/*.sql")
	if len(theirs) == 0 {
		t.Skip("only in the repository")
	}
	if len(ours) != len(theirs) {
		t.Fatalf("%d here, %d in src/store/postgres/migrations", len(ours), len(theirs))
	}
	for i := range ours {
		one, err := os.ReadFile(ours[i])
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile(theirs[i])
		if err != nil || !bytes.Equal(one, other) || filepath.Base(ours[i]) != filepath.Base(theirs[i]) {
			t.Errorf("%s differs from %s: copy it (%v)", ours[i], theirs[i], err)
		}
	}
}
