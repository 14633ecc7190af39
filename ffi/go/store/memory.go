package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
)

// Memory is a [Store] in memory: for tests, for trying things out, and to be read by who writes one.
type Memory struct {
	mutex sync.RWMutex
	rows  map[Key]*row
}

type row struct {
	record  Record
	entries []Entry
}

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{rows: map[Key]*row{}} }

// Read implements [Store].
func (memory *Memory) Read(_ context.Context, queries []Query) ([]Answer, error) {
	memory.mutex.RLock()
	defer memory.mutex.RUnlock()
	answers := make([]Answer, len(queries))
	for place, query := range queries {
		if query.Scan != nil {
			answers[place].Page = memory.scan(query.Collection, query.Scan)
		} else {
			answers[place].Record = memory.record(query.Key)
		}
	}
	return answers, nil
}

// Commit implements [Store].
func (memory *Memory) Commit(_ context.Context, batch *Batch) (Outcome, error) {
	memory.mutex.Lock()
	defer memory.mutex.Unlock()
	var conflicts []Conflict
	for position := range batch.Writes {
		write := &batch.Writes[position]
		if record := memory.record(write.Key); !write.Fits(record) {
			conflicts = append(conflicts, Conflict{position, record})
		}
	}
	if len(conflicts) > 0 {
		return Outcome{Conflicts: conflicts}, nil
	}
	for position := range batch.Writes {
		if write := &batch.Writes[position]; write.Kind != Check {
			memory.write(batch.Rev, write)
		}
	}
	return Outcome{Applied: true}, nil
}

// Purge implements [Purger].
func (memory *Memory) Purge(_ context.Context, before uint64, limit int) (int, error) {
	memory.mutex.Lock()
	defer memory.mutex.Unlock()
	dropped := 0
	for key, row := range memory.rows {
		if at := row.record.ExpiresAt; at != nil && *at < before && dropped < limit {
			delete(memory.rows, key)
			dropped++
		}
	}
	return dropped, nil
}

// Len tells how many records a collection has.
func (memory *Memory) Len(collection string) int {
	memory.mutex.RLock()
	defer memory.mutex.RUnlock()
	count := 0
	for key := range memory.rows {
		if key.Collection == collection {
			count++
		}
	}
	return count
}

func (memory *Memory) record(key Key) *Record {
	if row := memory.rows[key]; row != nil {
		return &row.record
	}
	return nil
}

// Rows are replaced, never changed: who has read one keeps it.
func (memory *Memory) write(rev Rev, write *Write) {
	fresh := &row{
		record:  Record{write.ID, rev, bytes.Clone(write.Body), write.ExpiresAt},
		entries: slices.Clone(write.Entries),
	}
	if write.KeepEntries {
		if old := memory.rows[write.Key]; old != nil {
			fresh.entries = old.entries
		}
	}
	for i := range fresh.entries {
		fresh.entries[i].Value = bytes.Clone(fresh.entries[i].Value)
	}
	memory.rows[write.Key] = fresh
}

func (memory *Memory) scan(collection string, scan *Scan) *Page {
	type line struct {
		Cursor
		record *Record
	}
	order := func(a, b Cursor) int {
		by := cmp.Or(cmp.Compare(a.Sort, b.Sort), strings.Compare(a.ID, b.ID))
		if scan.NewestFirst {
			return -by
		}
		return by
	}
	var lines []line
	for key, row := range memory.rows {
		if key.Collection != collection {
			continue
		}
		for i, entry := range row.entries {
			if entry.Index != scan.Index || !bytes.Equal(entry.Value, scan.Value) {
				continue
			}
			if slices.ContainsFunc(row.entries[:i], entry.equal) {
				continue
			}
			place := Cursor{entry.Sort, key.ID}
			after := scan.After == nil || order(place, *scan.After) > 0
			if after && scan.From <= entry.Sort && entry.Sort <= scan.To {
				lines = append(lines, line{place, &row.record})
			}
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return order(a.Cursor, b.Cursor) })
	page := &Page{}
	for _, line := range lines[:min(len(lines), scan.Limit)] {
		page.Records = append(page.Records, line.record)
	}
	if shown := len(page.Records); 0 < shown && shown < len(lines) {
		page.Next = &lines[shown-1].Cursor
	}
	return page
}

func (entry Entry) equal(other Entry) bool {
	return entry.Index == other.Index && entry.Sort == other.Sort && bytes.Equal(entry.Value, other.Value)
}
