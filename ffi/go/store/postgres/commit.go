package postgres

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"countersign.io/countersign/store"
)

// attempts of a commit that somebody else is in the way of.
const attempts = 8

// errTaken: a key that was free when it was looked at was taken before it was written.
var errTaken = errors.New("somebody else has taken a key")

// errRefused ends the transaction of a batch that does not fit.
var errRefused = errors.New("the batch does not fit")

// begin makes the transaction durable and bounded, whatever the session was before.
//
// Who was in a circle of waiting transactions comes again one by one.
const begin = `SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '4s', true),
	set_config('statement_timeout', '4s', true), set_config('enable_seqscan', 'off', true),
	set_config('idle_in_transaction_session_timeout', '10s', true),
	CASE WHEN $1::boolean THEN pg_advisory_xact_lock(hashtext(current_schema()), 1) END`

// Commit implements [store.Store].
func (s *Store) Commit(ctx context.Context, batch *store.Batch) (store.Outcome, error) {
	var err error
	oneByOne := false
	for attempt := range attempts {
		var conflicts []store.Conflict
		err = inTransaction(ctx, s.db, func(tx *sql.Tx) (err error) {
			conflicts, err = write(ctx, tx, batch, oneByOne)
			return err
		})
		var unsure *commitError
		switch {
		case err == nil:
			return store.Outcome{Applied: true}, nil
		case errors.Is(err, errRefused):
			return store.Outcome{Conflicts: conflicts}, nil
		case errors.As(err, &unsure) && !rolledBack(unsure):
			return store.Outcome{}, describe(err) // it may have been applied
		case !mayRetry(err):
			return store.Outcome{}, store.NotApplied(describe(err))
		}
		oneByOne = oneByOne || sqlState(err) == "40P01"
		if err := pause(ctx, attempt); err != nil {
			return store.Outcome{}, store.NotApplied(err)
		}
	}
	return store.Outcome{}, store.NotApplied(describe(err))
}

// rolledBack tells whether an error of COMMIT says that nothing was written; 40003 says that it does not
// know.
func rolledBack(err error) bool {
	state := sqlState(err)
	return strings.HasPrefix(state, "40") && state != "40003"
}

// stored is what judging and overwriting a record needs of it.
type stored struct {
	rev     store.Rev
	entries []byte
}

// write does everything but the commit. With errRefused it gives what is in the way.
func write(ctx context.Context, tx *sql.Tx, batch *store.Batch, oneByOne bool) ([]store.Conflict, error) {
	if _, err := tx.ExecContext(ctx, begin, oneByOne); err != nil {
		return nil, err
	}
	now, err := lock(ctx, tx, batch)
	if err != nil {
		return nil, err
	}
	var misfits []keyRow
	for position := range batch.Writes {
		write := &batch.Writes[position]
		var record *store.Record
		if found, ok := now[position]; ok {
			record = &store.Record{Rev: found.rev}
		}
		if !write.Fits(record) {
			misfits = append(misfits, keyRow{position, write.Collection, write.ID})
		}
	}
	if len(misfits) > 0 {
		current, err := records(ctx, tx, misfits)
		if err != nil {
			return nil, err
		}
		var conflicts []store.Conflict
		for _, key := range misfits {
			conflicts = append(conflicts, store.Conflict{Position: key.N, Record: current[key.N]})
		}
		return conflicts, errRefused
	}
	changes, err := plan(batch, now)
	if err != nil {
		return nil, err
	}
	return nil, changes.write(ctx, tx)
}

// lock reads what the batch touches: what it writes against everybody, what it only checks against
// writers; in the order of the keys, so that transactions rarely wait in a circle.
func lock(ctx context.Context, tx *sql.Tx, batch *store.Batch) (map[int]stored, error) {
	var written, checked []keyRow
	for position := range batch.Writes {
		write := &batch.Writes[position]
		key := keyRow{position, write.Collection, write.ID}
		if write.Kind == store.Check {
			checked = append(checked, key)
		} else {
			written = append(written, key)
		}
	}
	found := map[int]stored{}
	for _, part := range []struct {
		keys []keyRow
		mode string
	}{{written, "UPDATE"}, {checked, "SHARE"}} {
		if len(part.keys) == 0 {
			continue
		}
		parameter, err := list(part.keys)
		if err != nil {
			return nil, err
		}
		rows, err := tx.QueryContext(ctx,
			"SELECT k.n, r.rev, r.entries FROM "+keys+" ORDER BY k.n FOR "+part.mode+" OF r", parameter)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var number int
			var rev []byte
			var row stored
			if err := rows.Scan(&number, &rev, &row.entries); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			copy(row.rev[:], rev)
			found[number] = row
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// recordRow is a row of cs_record in a parameter.
type recordRow struct {
	Collection string   `json:"c"`
	ID         string   `json:"i"`
	Rev        hexBytes `json:"r"`
	ExpiresAt  *int64   `json:"x"`
	Entries    hexBytes `json:"e"`
	Body       hexBytes `json:"b"`
}

// entryRow is a row of cs_entry.
type entryRow struct {
	Collection string   `json:"c"`
	Name       string   `json:"n"`
	Value      hexBytes `json:"v"`
	Sort       int64    `json:"s"`
	ID         string   `json:"i"`
}

// changes are the rows that a batch writes, in the order of their keys.
type changes struct {
	inserts, updates []recordRow
	gone, fresh      []entryRow
	// reserved keys must stay free until the end of the transaction.
	reserved []keyRow
}

func plan(batch *store.Batch, now map[int]stored) (*changes, error) {
	all := &changes{}
	for position := range batch.Writes {
		write := &batch.Writes[position]
		before, exists := now[position]
		if write.Kind == store.Check {
			if !exists {
				// Keeps the key free: whoever inserts it now waits for the end of this transaction.
				all.reserved = append(all.reserved, keyRow{position, write.Collection, write.ID})
				all.inserts = append(all.inserts, recordRow{
					Collection: write.Collection, ID: write.ID, Rev: make([]byte, 16), Body: []byte{0},
				})
			}
			continue
		}
		row := recordRow{
			Collection: write.Collection, ID: write.ID, Rev: batch.Rev[:],
			ExpiresAt: momentToColumn(write.ExpiresAt), Entries: before.entries, Body: notNil(write.Body),
		}
		if !write.KeepEntries {
			old, err := unpack(before.entries)
			if err != nil {
				return nil, err
			}
			lines := linesOf(write.Entries)
			row.Entries = pack(lines)
			all.gone = append(all.gone, rowsOf(write.Key, without(old, lines))...)
			all.fresh = append(all.fresh, rowsOf(write.Key, without(lines, old))...)
		}
		if exists {
			all.updates = append(all.updates, row)
		} else {
			all.inserts = append(all.inserts, row)
		}
	}
	return all, nil
}

const recordColumns = `json_to_recordset($1::text::json)
	AS v (c text, i text, r bytea, x bigint, e bytea, b bytea)`

const entryColumns = `json_to_recordset($1::text::json) AS v (c text, n text, v bytea, s bigint, i text)`

func (all *changes) write(ctx context.Context, tx *sql.Tx) error {
	for _, part := range []struct {
		statement string
		rows      any
		count     int
		exact     bool
	}{
		{`INSERT INTO cs_record (collection, id, rev, expires_at, entries, body)
			SELECT c, i, r, x, e, b FROM ` + recordColumns + ` ON CONFLICT DO NOTHING`, all.inserts, len(all.inserts), true},
		{`UPDATE cs_record r SET rev = v.r, expires_at = v.x, entries = v.e, body = v.b
			FROM ` + recordColumns + ` WHERE r.collection = v.c AND r.id = v.i`, all.updates, len(all.updates), true},
		{`DELETE FROM cs_entry e USING ` + entryColumns + ` WHERE e.collection = v.c AND e.name = v.n
			AND e.value = v.v AND e.sort = v.s AND e.id = v.i`, all.gone, len(all.gone), false},
		{`INSERT INTO cs_entry (collection, name, value, sort, id)
			SELECT c, n, v, s, i FROM ` + entryColumns + ` ON CONFLICT DO NOTHING`, all.fresh, len(all.fresh), false},
		{`DELETE FROM cs_record r USING json_to_recordset($1::text::json) AS k (c text, i text)
			WHERE r.collection = k.c AND r.id = k.i`, all.reserved, len(all.reserved), true},
	} {
		if part.count == 0 {
			continue
		}
		parameter, err := list(part.rows)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, part.statement, parameter)
		if err != nil {
			return err
		}
		written, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if part.exact && written != int64(part.count) {
			return errTaken
		}
	}
	return nil
}

// Purge implements [store.Purger].
func (s *Store) Purge(ctx context.Context, before uint64, limit int) (int, error) {
	const most = 1_000
	dropped := 0
	for dropped < limit {
		slice := min(limit-dropped, most)
		var gone int
		err := inTransaction(ctx, s.db, func(tx *sql.Tx) (err error) {
			gone, err = purge(ctx, tx, before, slice)
			return err
		})
		if err != nil {
			return dropped, describe(err)
		}
		dropped += gone
		if gone < slice {
			break
		}
	}
	return dropped, nil
}

func purge(ctx context.Context, tx *sql.Tx, before uint64, limit int) (int, error) {
	if _, err := tx.ExecContext(ctx, begin, false); err != nil {
		return 0, err
	}
	rows, err := tx.QueryContext(ctx, `DELETE FROM cs_record r USING (
			SELECT collection, id FROM cs_record WHERE expires_at < $1
			ORDER BY expires_at, collection, id LIMIT $2 FOR UPDATE SKIP LOCKED) AS k
		WHERE r.collection = k.collection AND r.id = k.id
		RETURNING r.collection, r.id, r.entries`, toColumn(before), limit)
	if err != nil {
		return 0, err
	}
	gone, all := 0, &changes{}
	for rows.Next() {
		var key store.Key
		var packed []byte
		if err := rows.Scan(&key.Collection, &key.ID, &packed); err != nil {
			return 0, errors.Join(err, rows.Close())
		}
		lines, err := unpack(packed)
		if err != nil {
			return 0, errors.Join(err, rows.Close())
		}
		all.gone = append(all.gone, rowsOf(key, lines)...)
		gone++
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return gone, all.write(ctx, tx)
}

// A record's index entries are packed beside it, so that a writer knows the old ones: sorted, without
// duplicates, for each the length of the name (4 bytes, big endian), the name, the length of the value,
// the value, and sort (8 bytes).

func compare(a, b store.Entry) int {
	return cmp.Or(strings.Compare(a.Index, b.Index), bytes.Compare(a.Value, b.Value), cmp.Compare(a.Sort, b.Sort))
}

func linesOf(entries []store.Entry) []store.Entry {
	lines := slices.SortedFunc(slices.Values(entries), compare)
	return slices.CompactFunc(lines, func(a, b store.Entry) bool { return compare(a, b) == 0 })
}

// without gives the lines that are not among the others.
func without(lines, others []store.Entry) (left []store.Entry) {
	for _, line := range lines {
		if _, found := slices.BinarySearchFunc(others, line, compare); !found {
			left = append(left, line)
		}
	}
	return left
}

func rowsOf(key store.Key, lines []store.Entry) (rows []entryRow) {
	for _, line := range lines {
		rows = append(rows, entryRow{key.Collection, line.Index, notNil(line.Value), toColumn(line.Sort), key.ID})
	}
	return rows
}

func pack(lines []store.Entry) (packed []byte) {
	for _, line := range lines {
		packed = binary.BigEndian.AppendUint32(packed, uint32(len(line.Index)))
		packed = append(packed, line.Index...)
		packed = binary.BigEndian.AppendUint32(packed, uint32(len(line.Value)))
		packed = append(packed, line.Value...)
		packed = binary.BigEndian.AppendUint64(packed, line.Sort)
	}
	return packed
}

var errDamaged = errors.New("a row has entries in another form")

func unpack(packed []byte) (lines []store.Entry, err error) {
	take := func(length int) (taken []byte) {
		if length < 0 || length > len(packed) {
			err, packed = errDamaged, nil
			return nil
		}
		taken, packed = packed[:length], packed[length:]
		return taken
	}
	text := func() []byte {
		if length := take(4); length != nil {
			return take(int(binary.BigEndian.Uint32(length)))
		}
		return nil
	}
	for len(packed) > 0 {
		line := store.Entry{Index: string(text()), Value: text()}
		if sort := take(8); sort != nil {
			line.Sort = binary.BigEndian.Uint64(sort)
		}
		lines = append(lines, line)
	}
	return lines, err
}
