// Package postgres keeps the engine's records in PostgreSQL through database/sql, with any driver.
//
// The tables are those of the Rust adapter: engines in Go, Rust and the stand-alone server may work over
// one database at the same time.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"countersign.io/countersign/store"
)

// Store is a [store.Store] over a database. It may be used from any number of goroutines, and from any
// number of processes.
type Store struct{ db *sql.DB }

var (
	_ store.Store  = (*Store)(nil)
	_ store.Purger = (*Store)(nil)
)

// ErrNotDurable: the database may forget what it has confirmed, because fsync or full_page_writes is off.
var ErrNotDurable = errors.New("the database does not promise durability")

// ErrNewer: a newer version of this module has changed the tables. Nothing was touched.
var ErrNewer = errors.New("the tables are newer than this version of the module")

// Open prepares the tables in the schema where the connections of db look first, and makes a store of
// them. The store does not close db.
//
// The connections must go to the primary. A commit needs one to itself; see [sql.DB.SetMaxOpenConns].
func Open(ctx context.Context, db *sql.DB) (*Store, error) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM pg_settings
		WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'`)
	if err != nil {
		return nil, describe(err)
	}
	var off []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, errors.Join(describe(err), rows.Close())
		}
		off = append(off, name)
	}
	if err := rows.Err(); err != nil {
		return nil, describe(err)
	}
	if len(off) > 0 {
		return nil, fmt.Errorf("%w: %s is off", ErrNotDurable, strings.Join(off, ", "))
	}
	if err := migrate(ctx, db); err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables to the newest layout. Any number of processes may do so at the same time.
func migrate(ctx context.Context, db *sql.DB) (err error) {
	// Two that create the same table refuse each other once.
	for range 10 {
		for _, statement := range []string{
			`CREATE TABLE IF NOT EXISTS cs_layout (
				only_row BOOLEAN PRIMARY KEY CHECK (only_row), version BIGINT NOT NULL)`,
			`INSERT INTO cs_layout VALUES (true, 0) ON CONFLICT DO NOTHING`,
		} {
			if _, err = db.ExecContext(ctx, statement); err != nil {
				break
			}
		}
		if err == nil {
			err = inTransaction(ctx, db, func(tx *sql.Tx) error { return apply(ctx, tx) })
		}
		switch {
		case err == nil, errors.Is(err, ErrNewer):
			return err
		case !mayRetry(err) && sqlState(err) != "42P07" && sqlState(err) != "42710": // exists already
			return describe(err)
		}
	}
	return describe(err)
}

func apply(ctx context.Context, tx *sql.Tx) error {
	scripts, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	var found int
	// The others wait here, and then find nothing left to do.
	if err := tx.QueryRowContext(ctx, "SELECT version FROM cs_layout FOR UPDATE").Scan(&found); err != nil {
		return err
	}
	if found > len(scripts) {
		return fmt.Errorf("%w: layout %d, this version knows up to %d", ErrNewer, found, len(scripts))
	}
	for _, script := range scripts[found:] {
		text, err := migrations.ReadFile("migrations/" + script.Name())
		if err != nil {
			return err
		}
		for statement := range strings.SplitSeq(string(text), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
	}
	if found == len(scripts) {
		return nil
	}
	_, err = tx.ExecContext(ctx, "UPDATE cs_layout SET version = $1", len(scripts))
	return err
}

// inTransaction runs body, which is rolled back when it fails. An error of the commit itself is told as it
// is.
func inTransaction(ctx context.Context, db *sql.DB, body func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	if err := body(tx); err != nil {
		_ = tx.Rollback() // a connection that cannot is thrown away
		return err
	}
	if err := tx.Commit(); err != nil {
		return &commitError{err}
	}
	return nil
}

// commitError is an error of COMMIT: whether it took effect is not known, unless the error says so.
type commitError struct{ cause error }

func (e *commitError) Error() string { return "the commit's answer: " + e.cause.Error() }
func (e *commitError) Unwrap() error { return e.cause }

// sqlState gives the code of an error of the database, empty for others. All drivers' errors have it.
func sqlState(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

// mayRetry tells whether the same transaction may succeed at once: somebody else was in the way.
func mayRetry(err error) bool {
	switch sqlState(err) {
	case "23505", "40001", "40P01":
		return true
	}
	return errors.Is(err, errTaken)
}

// describe gives an error without the database's own text, which may quote values.
func describe(err error) error {
	if state := sqlState(err); state != "" {
		return fmt.Errorf("postgres: a statement failed (SQLSTATE %s)", state)
	}
	return fmt.Errorf("postgres: %w", err)
}

// PostgreSQL has no unsigned numbers: 64 unsigned bits as signed ones in the same order.
func toColumn(value uint64) int64   { return int64(value ^ 1<<63) }
func fromColumn(value int64) uint64 { return uint64(value) ^ 1<<63 }

func momentToColumn(at *uint64) *int64 {
	if at == nil {
		return nil
	}
	column := toColumn(*at)
	return &column
}

// hexBytes are bytes inside of JSON, in the form that PostgreSQL reads into BYTEA; nil is NULL.
type hexBytes []byte

// MarshalJSON implements json.Marshaler.
func (b hexBytes) MarshalJSON() ([]byte, error) {
	if b == nil {
		return []byte("null"), nil
	}
	return append(hex.AppendEncode([]byte(`"\\x`), b), '"'), nil
}

// list makes the one parameter of a statement over many rows.
func list(rows any) (string, error) {
	encoded, err := json.Marshal(rows)
	return string(encoded), err
}

// pause between attempts that met somebody else.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(time.Duration(attempt) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
