// Package store is the port to a database of the host's own: what the engine asks of it, and what it
// may answer.
package store

import (
	"context"
	"errors"
	"fmt"
)

// Store keeps the engine's records. It is used from many goroutines at once.
//
// What the engine's guarantees rest on:
//
//   - A commit is all or nothing, and durable before it answers with an [Outcome]; every later Read
//     sees it, on any node.
//   - An expectation is judged against the latest committed state, under a lock or an equivalent.
//   - [ErrNotApplied] is a promise that nothing was written. Any other error of Commit means that the
//     batch may have been applied: the engine sends it again unchanged and finds out.
//   - A record may vanish after its expiry, never before. One without never does.
//   - The answer to a query for one record is exact. A [Scan] may be stale.
//   - Both functions come back when their context ends.
//
// Package storetest checks all of this.
type Store interface {
	// Read answers the queries, in their order. Any error means that nothing can be decided.
	Read(ctx context.Context, queries []Query) ([]Answer, error)

	// Commit applies the batch, or says which of its expectations failed. Its context ends with the
	// engine's store timeout, not with the caller's context: a batch on its way is not abandoned.
	Commit(ctx context.Context, batch *Batch) (Outcome, error)
}

// Purger is a [Store] that drops what has expired.
type Purger interface {
	// Purge drops at most limit records that expired before the moment given (milliseconds since 1970),
	// and tells how many.
	Purge(ctx context.Context, before uint64, limit int) (int, error)
}

// ErrNotApplied tells that certainly nothing was written. Wrap it: see [NotApplied].
var ErrNotApplied = errors.New("nothing was written")

// NotApplied makes an error of Commit a promise that nothing was written.
func NotApplied(err error) error { return fmt.Errorf("%w: %w", ErrNotApplied, err) }

// Rev is a revision: random, minted by the engine, compared for equality only.
type Rev [16]byte

// Key names a record: a collection, and an id of 1 to 255 bytes of UTF-8 without U+0000.
type Key struct {
	Collection string
	ID         string
}

// Record is a stored record. Its body is opaque; the secrets inside are sealed.
type Record struct {
	ID   string
	Rev  Rev
	Body []byte
	// ExpiresAt is when it may vanish, in milliseconds since 1970; nil is never.
	ExpiresAt *uint64
}

// Query is a question: for one record, or with Scan for a page of an index.
type Query struct {
	Key
	// Scan is nil in a question for the record Key. Otherwise only Key.Collection counts.
	Scan *Scan
}

// Scan asks for the records that have an entry with this value in an index, in the order of the
// entry's Sort, then of the id's bytes.
type Scan struct {
	Index string
	Value []byte
	// From and To bound Sort, both included.
	From, To uint64
	// NewestFirst turns the order around.
	NewestFirst bool
	// After is where the page before ended, nil at the beginning.
	After *Cursor
	// Limit is the most records of the page, 1 to 1,000.
	Limit int
}

// Cursor is a place in an index.
type Cursor struct {
	Sort uint64
	ID   string
}

// Answer is the answer to the query at the same place: Record (nil when there is none) or, for a scan,
// Page.
type Answer struct {
	Record *Record
	Page   *Page
}

// Page is a part of an index.
type Page struct {
	Records []*Record
	// Next is the place of the last record when more follow, nil at the end.
	Next *Cursor
}

// Entry is a line of an index.
type Entry struct {
	Index string
	Value []byte
	Sort  uint64
}

// WriteKind tells what a write does.
type WriteKind uint8

const (
	// Put replaces or creates a record.
	Put WriteKind = 1
	// Check only requires a state.
	Check WriteKind = 2
	// Append inserts a record that never changes; the key must be free.
	Append WriteKind = 3
)

// Write is a line of a batch.
type Write struct {
	Key
	Kind WriteKind
	// Expect is the revision that the record must have now; nil: there must be none. There is no
	// "whatever it is".
	Expect *Rev
	Body   []byte
	// ExpiresAt is when the record may vanish, in milliseconds since 1970; nil is never.
	ExpiresAt *uint64
	// KeepEntries leaves the index entries of a Put as they are; otherwise they become Entries.
	KeepEntries bool
	Entries     []Entry
}

// Fits tells whether the write's expectation holds for the record as it is now.
func (write *Write) Fits(now *Record) bool {
	if now == nil || write.Expect == nil {
		return now == nil && write.Expect == nil
	}
	return now.Rev == *write.Expect
}

// Batch is a list of writes that take effect together or not at all, sorted by key (collection, then
// id, byte by byte), at most one per key.
type Batch struct {
	// Rev becomes the revision of everything that the batch writes.
	Rev    Rev
	Writes []Write
}

// Conflict is a write whose expectation failed.
type Conflict struct {
	// Position of the write in its batch, from 0.
	Position int
	// Record is the record as it is now, nil when there is none.
	Record *Record
}

// Outcome is what became of a batch: applied, or refused because of all these conflicts.
type Outcome struct {
	Applied   bool
	Conflicts []Conflict
}
