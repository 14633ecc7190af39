package postgres

import (
	"reflect"
	"testing"

	"countersign.io/countersign/store"
)

// What another program left in the column is read without a panic, and what was written is read again.
func FuzzEntries(f *testing.F) {
	lines := linesOf([]store.Entry{
		{Index: "b", Value: []byte{}, Sort: 0}, {Index: "a", Value: []byte{0, 255, 0}, Sort: 1<<64 - 1},
		{Index: "", Value: make([]byte, 300), Sort: 1}, {Index: "b", Value: []byte{}, Sort: 0},
	})
	packed := pack(lines)
	if read, err := unpack(packed); len(lines) != 3 || err != nil || !reflect.DeepEqual(read, lines) {
		f.Fatal(read, err)
	}
	whole := 0
	for length := range packed {
		if read, err := unpack(packed[:length]); err == nil {
			if !reflect.DeepEqual(append([]store.Entry{}, lines[:len(read)]...), append([]store.Entry{}, read...)) {
				f.Fatal(read)
			}
			whole++
		}
	}
	if whole != 3 {
		f.Fatal(whole)
	}
	f.Add(packed)
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, packed []byte) {
		if lines, err := unpack(packed); err == nil && len(lines) > 0 && string(pack(lines)) != string(packed) {
			t.Error(lines)
		}
	})
}

func TestUnsignedOrderIsKept(t *testing.T) {
	last := int64(0)
	for i, number := range []uint64{0, 1, 255, 1 << 40, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		column := toColumn(number)
		if fromColumn(column) != number || i > 0 && column <= last {
			t.Error(number, column)
		}
		last = column
	}
}
