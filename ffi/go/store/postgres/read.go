package postgres

import (
	"context"
	"database/sql"
	"fmt"

	"countersign.io/countersign/store"
)

// keyRow is a key in a statement's parameter; N is its number.
type keyRow struct {
	N          int    `json:"n"`
	Collection string `json:"c"`
	ID         string `json:"i"`
}

const keys = `json_to_recordset($1::text::json) AS k (n int, c text, i text)
	JOIN cs_record r ON r.collection = k.c AND r.id = k.i`

// Read implements [store.Store].
func (s *Store) Read(ctx context.Context, queries []store.Query) ([]store.Answer, error) {
	answers := make([]store.Answer, len(queries))
	var wanted []keyRow
	for place, query := range queries {
		if query.Scan == nil {
			wanted = append(wanted, keyRow{place, query.Collection, query.ID})
			continue
		}
		page, err := s.scan(ctx, query.Collection, query.Scan)
		if err != nil {
			return nil, describe(err)
		}
		answers[place].Page = page
	}
	found, err := records(ctx, s.db, wanted)
	if err != nil {
		return nil, describe(err)
	}
	for place, record := range found {
		answers[place].Record = record
	}
	return answers, nil
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// records gives those that exist, by the number of the key.
func records(ctx context.Context, db querier, wanted []keyRow) (map[int]*store.Record, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	parameter, err := list(wanted)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT k.n, r.id, r.rev, r.expires_at, r.body FROM "+keys, parameter)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[int]*store.Record, len(wanted))
	for rows.Next() {
		var number int
		record, err := scanRecord(rows, &number)
		if err != nil {
			return nil, err
		}
		found[number] = record
	}
	return found, rows.Err()
}

// scanRecord reads id, rev, expires_at and body, behind the other columns.
func scanRecord(rows *sql.Rows, before ...any) (*store.Record, error) {
	record := &store.Record{}
	var rev []byte
	var expiresAt *int64
	if err := rows.Scan(append(before, &record.ID, &rev, &expiresAt, &record.Body)...); err != nil {
		return nil, err
	}
	if len(rev) != len(record.Rev) {
		return nil, fmt.Errorf("a row has a revision of %d bytes", len(rev))
	}
	copy(record.Rev[:], rev)
	if expiresAt != nil {
		at := fromColumn(*expiresAt)
		record.ExpiresAt = &at
	}
	return record, nil
}

// scanSQL reads the index first and alone, so that no plan sorts or joins more than a page.
func scanSQL(place, order string) string {
	return `SELECT e.sort, e.id, r.rev, r.expires_at, r.body FROM (
			SELECT e.sort, e.id FROM cs_entry e
			WHERE e.collection = $1 AND e.name = $2 AND e.value = $3 AND ` + place + `
			ORDER BY e.sort ` + order + `, e.id ` + order + ` LIMIT $6) e
		CROSS JOIN LATERAL (
			SELECT r.rev, r.expires_at, r.body FROM cs_record r
			WHERE r.collection = $1 AND r.id = e.id OFFSET 0) r
		ORDER BY e.sort ` + order + `, e.id ` + order
}

var (
	forward       = scanSQL("e.sort >= $4 AND e.sort <= $5 AND $7::text IS NULL", "ASC")
	forwardAfter  = scanSQL("(e.sort, e.id) > ($4, $7::text) AND e.sort <= $5", "ASC")
	backward      = scanSQL("e.sort >= $4 AND e.sort <= $5 AND $7::text IS NULL", "DESC")
	backwardAfter = scanSQL("e.sort >= $4 AND (e.sort, e.id) < ($5, $7::text)", "DESC")
)

func (s *Store) scan(ctx context.Context, collection string, scan *store.Scan) (*store.Page, error) {
	from, to, statement := scan.From, scan.To, forward
	var after *string
	switch cursor := scan.After; {
	// A cursor before the range does not narrow it.
	case cursor != nil && !scan.NewestFirst && cursor.Sort >= from:
		from, after, statement = cursor.Sort, &cursor.ID, forwardAfter
	case cursor != nil && scan.NewestFirst && cursor.Sort <= to:
		to, after, statement = cursor.Sort, &cursor.ID, backwardAfter
	case scan.NewestFirst:
		statement = backward
	}
	// One more tells whether anything follows.
	rows, err := s.db.QueryContext(ctx, statement, collection, scan.Index, notNil(scan.Value),
		toColumn(from), toColumn(to), scan.Limit+1, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := &store.Page{}
	var last int64
	for rows.Next() {
		if len(page.Records) == scan.Limit {
			page.Next = &store.Cursor{Sort: fromColumn(last), ID: page.Records[scan.Limit-1].ID}
			break
		}
		record, err := scanRecord(rows, &last)
		if err != nil {
			return nil, err
		}
		page.Records = append(page.Records, record)
	}
	return page, rows.Err()
}

// notNil keeps drivers from making NULL of no bytes.
func notNil(bytes []byte) []byte {
	if bytes == nil {
		return []byte{}
	}
	return bytes
}
