//go:build countersign_testhooks

package postgres_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/store/postgres"
)

// An engine over this store and one over the library's own adapter work over one database.
func libraryShares(t *testing.T, c *cluster) {
	db := c.database(t)
	var schema string
	if err := db.QueryRow("SELECT current_schema()").Scan(&schema); err != nil {
		t.Fatal(err)
	}
	opened, err := postgres.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("host=%s user=bank dbname=postgres options='-c search_path=%s'", c.folder, schema)
	var engines []*countersign.Engine
	for _, storage := range []countersign.Storage{countersign.Host(opened), countersign.Postgres(address)} {
		engine, err := countersign.Open(countersign.Config{
			SealingKey: bytes.Repeat([]byte{7}, 32), SealingKeyID: 1, Storage: storage, OpenServerAPI: true,
		})
		if errors.Is(err, countersign.ErrStore) && strings.Contains(err.Error(), "this build has no") {
			t.Skip(err)
		}
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
	// Index entries of one are changed by the other.
	for round, engine := range engines {
		_, err := engine.Server().UpdateActivationName(t.Context(), server.ActivationNameRequest{
			ActivationID: begun.ActivationID, ActivationName: fmt.Sprint("name ", round), ExternalUserID: countersign.Ptr("admin"),
		})
		var refused *countersign.APIError
		if err != nil && !errors.As(err, &refused) {
			t.Error(err)
		}
	}
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
	for _, engine := range engines {
		list, err := engine.Server().ListActivationFlags(t.Context(), server.ActivationFlagsRequest{ActivationID: begun.ActivationID})
		if err != nil || len(list.ActivationFlags) != 2*each {
			t.Error(list, err)
		}
		found, err := engine.Server().GetActivationListForUser(t.Context(), server.ActivationListRequest{UserID: "alice"})
		if err != nil || len(found.Activations) != 1 {
			t.Error(found, err)
		}
	}
}
