// Package wire reads and writes the messages between the engine and a store. The format is described
// in docs/embedding.md and in the documentation of the Rust module store::wire.
package wire

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"

	"countersign.io/countersign/store"
)

const (
	version    = 1
	queries    = 0x01
	batch      = 0x02
	reply      = 0x03
	passed     = 0x04
	request    = 0x05
	answers    = 0x11
	applied    = 0x12
	conflict   = 0x13
	notApplied = 0x14
	unknown    = 0x15
)

// maxDetail is the longest explanation of a failure, in bytes.
const maxDetail = 1024

var (
	errFormat = errors.New("a message is not in the wire format")
	errAnswer = errors.New("a store's answer does not fit what was asked")
)

// reader gives zero values after the first error.
type reader struct {
	rest []byte
	bad  bool
}

func open(message []byte, kind byte) reader {
	in := reader{rest: message}
	if in.u8() != version || in.u8() != kind {
		in.bad = true
	}
	return in
}

func (in *reader) take(length int) []byte {
	if in.bad || length > len(in.rest) {
		in.bad = true
		return nil
	}
	taken := in.rest[:length:length]
	in.rest = in.rest[length:]
	return taken
}

func (in *reader) u8() byte {
	if at := in.take(1); at != nil {
		return at[0]
	}
	return 0
}

func (in *reader) u16() int {
	if at := in.take(2); at != nil {
		return int(binary.BigEndian.Uint16(at))
	}
	return 0
}

func (in *reader) u32() int {
	if at := in.take(4); at != nil {
		return int(binary.BigEndian.Uint32(at))
	}
	return 0
}

func (in *reader) u64() uint64 {
	if at := in.take(8); at != nil {
		return binary.BigEndian.Uint64(at)
	}
	return 0
}

func (in *reader) text() string  { return string(in.take(in.u16())) }
func (in *reader) bytes() []byte { return in.take(in.u32()) }
func (in *reader) flag() bool    { return in.u8() == 1 }

func (in *reader) moment() *uint64 {
	if !in.flag() {
		return nil
	}
	at := in.u64()
	return &at
}

func (in *reader) rev() (rev store.Rev) {
	copy(rev[:], in.take(len(rev)))
	return rev
}

func (in *reader) end() error {
	if in.bad || len(in.rest) > 0 {
		return errFormat
	}
	return nil
}

// count reads the length of a list, for which the message must have at least `each` bytes per item.
func (in *reader) count(each int) int {
	count := in.u16()
	if in.bad || count*each > len(in.rest) {
		in.bad = true
		return 0
	}
	return count
}

// Queries reads the message of a reading step.
func Queries(message []byte) ([]store.Query, error) {
	in := open(message, queries)
	list := make([]store.Query, in.count(5))
	for i := range list {
		query := &list[i]
		switch in.u8() {
		case 1:
			query.Collection, query.ID = in.text(), in.text()
		case 2:
			query.Collection = in.text()
			query.Scan = &store.Scan{
				Index: in.text(), Value: in.bytes(), From: in.u64(), To: in.u64(), NewestFirst: in.flag(),
			}
			if in.flag() {
				query.Scan.After = &store.Cursor{Sort: in.u64(), ID: in.text()}
			}
			query.Scan.Limit = in.u32()
		default:
			in.bad = true
		}
	}
	return list, in.end()
}

// Batch reads the message of a committing step. Bodies and values are parts of the message.
func Batch(message []byte) (*store.Batch, error) {
	in := open(message, batch)
	list := &store.Batch{Rev: in.rev()}
	list.Writes = make([]store.Write, in.count(6))
	for i := range list.Writes {
		in.write(&list.Writes[i])
	}
	return list, in.end()
}

func (in *reader) write(write *store.Write) {
	write.Kind = store.WriteKind(in.u8())
	write.Collection, write.ID = in.text(), in.text()
	if write.Kind != store.Append && in.flag() {
		rev := in.rev()
		write.Expect = &rev
	}
	switch write.Kind {
	case store.Check:
	case store.Put, store.Append:
		write.Body, write.ExpiresAt = in.bytes(), in.moment()
		if write.KeepEntries = !in.flag(); write.KeepEntries {
			return
		}
		write.Entries = make([]store.Entry, in.count(14))
		for i := range write.Entries {
			write.Entries[i] = store.Entry{Index: in.text(), Value: in.bytes(), Sort: in.u64()}
		}
	default:
		in.bad = true
	}
}

// Reply is the last message of a call. Body is a part of it.
type Reply struct {
	Status  int
	Headers [][2]string
	Body    []byte
}

// ReadReply reads a reply.
func ReadReply(message []byte) (Reply, error) {
	in := open(message, reply)
	found := Reply{Status: in.u16()}
	found.Headers = make([][2]string, in.count(4))
	for i := range found.Headers {
		found.Headers[i] = [2]string{in.text(), in.text()}
	}
	found.Body = in.bytes()
	return found, in.end()
}

// Passed is the end of a check that was passed. Body is a part of the message, nil where the request was
// not encrypted.
type Passed struct {
	ApplicationID, Version string
	Holder                 bool
	ActivationID, UserID   string
	Factors                uint8
	Flags                  []string
	Body                   []byte
}

// ReadPassed reads it.
func ReadPassed(message []byte) (Passed, error) {
	in := open(message, passed)
	found := Passed{ApplicationID: in.text(), Version: in.text()}
	if found.Holder = in.flag(); found.Holder {
		found.ActivationID, found.UserID, found.Factors = in.text(), in.text(), in.u8()
		found.Flags = make([]string, in.count(2))
		for i := range found.Flags {
			found.Flags[i] = in.text()
		}
	}
	if in.flag() {
		found.Body = in.bytes()
	}
	return found, in.end()
}

// Request is what a phone sends. Body is a part of the message.
type Request struct {
	Method, Path string
	Query        *string
	Headers      [][2]string
	Body         []byte
}

// ReadRequest reads it.
func ReadRequest(message []byte) (Request, error) {
	in := open(message, request)
	found := Request{Method: in.text(), Path: in.text()}
	if in.flag() {
		query := in.text()
		found.Query = &query
	}
	found.Headers = make([][2]string, in.count(4))
	for i := range found.Headers {
		found.Headers[i] = [2]string{in.text(), in.text()}
	}
	found.Body = in.bytes()
	return found, in.end()
}

// writer keeps whether something did not fit its field.
type writer struct {
	out []byte
	bad bool
}

func begin(out []byte, kind byte) writer { return writer{out: append(out[:0], version, kind)} }

func (w *writer) u8(value byte)    { w.out = append(w.out, value) }
func (w *writer) u64(value uint64) { w.out = binary.BigEndian.AppendUint64(w.out, value) }

func (w *writer) count(value int) {
	w.bad = w.bad || value < 0 || value > math.MaxUint16
	w.out = binary.BigEndian.AppendUint16(w.out, uint16(value)) // checked above
}

func (w *writer) text(text string) {
	w.count(len(text))
	w.out = append(w.out, text...)
}

func (w *writer) flag(value bool) {
	if value {
		w.u8(1)
	} else {
		w.u8(0)
	}
}

func (w *writer) record(record *store.Record) {
	w.text(record.ID)
	w.out = append(w.out, record.Rev[:]...)
	w.flag(record.ExpiresAt != nil)
	if record.ExpiresAt != nil {
		w.u64(*record.ExpiresAt)
	}
	w.bad = w.bad || len(record.Body) > math.MaxInt32
	w.out = binary.BigEndian.AppendUint32(w.out, uint32(len(record.Body)))
	w.out = append(w.out, record.Body...)
}

func (w *writer) found(record *store.Record) {
	w.flag(record != nil)
	if record != nil {
		w.record(record)
	}
}

// AppendAnswers writes what a store answered to the queries into out, from its beginning.
func AppendAnswers(out []byte, asked []store.Query, given []store.Answer) ([]byte, error) {
	if len(given) != len(asked) {
		return nil, errAnswer
	}
	w := begin(out, answers)
	w.count(len(given))
	for i, answer := range given {
		if asked[i].Scan == nil {
			w.u8(1)
			w.found(answer.Record)
			continue
		}
		if answer.Page == nil {
			return nil, errAnswer
		}
		w.u8(2)
		w.count(len(answer.Page.Records))
		for _, record := range answer.Page.Records {
			if record == nil {
				return nil, errAnswer
			}
			w.record(record)
		}
		w.flag(answer.Page.Next != nil)
		if next := answer.Page.Next; next != nil {
			w.u64(next.Sort)
			w.text(next.ID)
		}
	}
	return w.finish()
}

// AppendOutcome writes what became of a batch.
func AppendOutcome(out []byte, outcome store.Outcome) ([]byte, error) {
	if outcome.Applied == (len(outcome.Conflicts) > 0) {
		return nil, errAnswer
	}
	if outcome.Applied {
		w := begin(out, applied)
		return w.finish()
	}
	conflicts := slices.SortedFunc(slices.Values(outcome.Conflicts), func(a, b store.Conflict) int {
		return a.Position - b.Position
	})
	w := begin(out, conflict)
	w.count(len(conflicts))
	for _, at := range conflicts {
		w.count(at.Position)
		w.found(at.Record)
	}
	return w.finish()
}

// AppendFailure writes that a store failed: whether nothing was written, and what a person who reads a
// log should know.
func AppendFailure(out []byte, nothingWritten bool, detail string) []byte {
	kind := byte(unknown)
	if nothingWritten {
		kind = notApplied
	}
	w := begin(out, kind)
	if len(detail) > maxDetail {
		detail = detail[:maxDetail]
	}
	w.text(valid(detail))
	return w.out
}

func (w *writer) finish() ([]byte, error) {
	if w.bad {
		return nil, errAnswer
	}
	return w.out, nil
}

// valid drops what is not UTF-8, a character that was cut, too.
func valid(text string) string { return strings.ToValidUTF8(text, "") }
