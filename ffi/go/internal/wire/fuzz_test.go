package wire

import (
	"bytes"
	"testing"

	"countersign.io/countersign/store"
)

// Whatever arrives, reading ends without a panic, gives nothing longer than the message, and what was read of
// queries can be answered.
func FuzzMessages(f *testing.F) {
	expires := uint64(7)
	record := &store.Record{ID: "a", Rev: store.Rev{1}, ExpiresAt: &expires, Body: []byte("body")}
	asked := []store.Query{{Key: store.Key{Collection: "c", ID: "a"}}, {Scan: &store.Scan{}}}
	page := &store.Page{Records: []*store.Record{record}, Next: &store.Cursor{Sort: 1, ID: "a"}}
	answers, err := AppendAnswers(nil, asked, []store.Answer{{Record: record}, {Page: page}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{
		answers,
		[]byte("\x01\x01\x00\x01\x01\x00\x01c\x00\x01a"),
		[]byte("\x01\x01\x00\x01\x02\x00\x01c\x00\x01i\x00\x00\x00\x01v" + "\x00\x00\x00\x00\x00\x00\x00\x01" +
			"\x00\x00\x00\x00\x00\x00\x00\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x05\x00\x01z\x00\x00\x00\x07"),
		append(append([]byte("\x01\x02"), make([]byte, 16)...), "\x00\x01\x03\x00\x01c\x00\x01a\x00\x00\x00\x01b\x00\x01\x00\x01\x00\x01i\x00\x00\x00\x01v\x00\x00\x00\x00\x00\x00\x00\x09"...),
		[]byte("\x01\x03\x00\xc8\x00\x01\x00\x01a\x00\x01b\x00\x00\x00\x02{}"),
		[]byte("\x01\x04\x00\x01a\x00\x033.3\x01\x00\x01i\x00\x01u\x08\x00\x01\x00\x01f\x01\x00\x00\x00\x01x"),
		[]byte("\x01\x05\x00\x04POST\x00\x01/\x01\x00\x01q\x00\x01\x00\x01a\x00\x01b\x00\x00\x00\x01x"),
		[]byte("\x01\x01\xff\xff"), []byte("\x01"), nil,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		if queries, err := Queries(message); err == nil {
			given := make([]store.Answer, len(queries))
			for i, query := range queries {
				if query.Scan != nil {
					given[i].Page = &store.Page{}
				}
			}
			if _, err := AppendAnswers(nil, queries, given); err != nil {
				t.Error(err)
			}
		}
		if batch, err := Batch(message); err == nil {
			total := 0
			for _, write := range batch.Writes {
				total += len(write.Body) + len(write.ID) + len(write.Collection)
			}
			if total > len(message) {
				t.Error("more than there was")
			}
		}
		if reply, err := ReadReply(message); err == nil && !bytes.Contains(message, reply.Body) {
			t.Error("a body from nowhere")
		}
		if passed, err := ReadPassed(message); err == nil && !bytes.Contains(message, passed.Body) {
			t.Error("a body from nowhere")
		}
		if request, err := ReadRequest(message); err == nil && !bytes.Contains(message, request.Body) {
			t.Error("a body from nowhere")
		}
	})
}

// Each seed's kind is read whole, and no part of it is.
func TestCutMessages(t *testing.T) {
	for _, test := range []struct {
		message string
		read    func([]byte) error
	}{
		{"\x01\x01\x00\x01\x01\x00\x01c\x00\x01a", func(m []byte) error { _, err := Queries(m); return err }},
		{"\x01\x03\x00\xc8\x00\x01\x00\x01a\x00\x01b\x00\x00\x00\x02{}", func(m []byte) error { _, err := ReadReply(m); return err }},
		{"\x01\x04\x00\x01a\x00\x033.3\x01\x00\x01i\x00\x01u\x08\x00\x01\x00\x01f\x01\x00\x00\x00\x01x", func(m []byte) error { _, err := ReadPassed(m); return err }},
		{"\x01\x05\x00\x04POST\x00\x01/\x01\x00\x01q\x00\x01\x00\x01a\x00\x01b\x00\x00\x00\x01x", func(m []byte) error { _, err := ReadRequest(m); return err }},
	} {
		message := []byte(test.message)
		if err := test.read(message); err != nil {
			t.Errorf("%q: %v", message, err)
		}
		for length := range message {
			if test.read(message[:length]) == nil {
				t.Errorf("%q is read", message[:length])
			}
		}
		if test.read(append(message, 0)) == nil {
			t.Errorf("%q and more is read", message)
		}
	}
}

// What cannot be an answer is not written.
func TestAnswersThatDoNotFit(t *testing.T) {
	one := []store.Query{{Scan: &store.Scan{}}}
	for _, given := range [][]store.Answer{nil, {{}, {}}, {{}}, {{Page: &store.Page{Records: []*store.Record{nil}}}},
		{{Page: &store.Page{Records: []*store.Record{{ID: string(make([]byte, 1<<16))}}}}}} {
		if _, err := AppendAnswers(nil, one, given); err == nil {
			t.Error(given)
		}
	}
	for _, outcome := range []store.Outcome{{}, {Applied: true, Conflicts: []store.Conflict{{}}}, {Conflicts: []store.Conflict{{Position: -1}}}, {Conflicts: []store.Conflict{{Position: 1 << 16}}}} {
		if _, err := AppendOutcome(nil, outcome); err == nil {
			t.Error(outcome)
		}
	}
	if long := AppendFailure(nil, true, string(bytes.Repeat([]byte("ä"), 1_000))); len(long) != 4+1_024 {
		t.Error(len(long))
	}
}
