package main

import (
	"bytes"
	"net/http/httptest"
	"testing"
)

func TestPlay(t *testing.T) {
	b, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.engine.Close() }()
	service := httptest.NewServer(b.handler())
	defer service.Close()
	var said bytes.Buffer
	if err := b.play(t.Context(), service.URL, &said); err != nil {
		t.Fatal(err)
	}
	const expected = `activation: ACTIVE
contact with PIN 1234: 200
contact with PIN 9999: 401
payment: APPROVED
payment: REJECTED
`
	if said.String() != expected {
		t.Error(said.String())
	}
}
