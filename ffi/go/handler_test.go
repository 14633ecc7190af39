package countersign_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"countersign.io/countersign"
)

func TestHandler(t *testing.T) {
	engine := open(t, countersign.Memory())
	mux := http.NewServeMux()
	mux.Handle("/", engine.Handler(countersign.Phones))
	mux.Handle("/internal-only/", http.StripPrefix("/internal-only", engine.Handler(countersign.Server|countersign.Admin)))
	service := httptest.NewServer(mux)
	defer service.Close()

	long := strings.Repeat("x", countersign.MaxBody)
	for _, test := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/internal-only/rest/v3/status", "{}", 200},
		{"GET", "/internal-only/rest/v3/status", "", 405},
		{"POST", "/rest/v3/status", "{}", 404}, // not mounted there
		{"POST", "/internal-only/pa/v3/status", "{}", 404},
		{"GET", "/api/admin/template", "", 404},
		{"GET", "/internal-only/api/admin/template", "", 200},
		{"POST", "/pa/v3/activation/status", `{"requestObject":{"activationId":"unknown"}}`, 200},
		{"POST", "/pa/v3/activation/status", long, 400},
		{"POST", "/pa/v3/activation/status", long + "x", 413},
		{"POST", "/pa/v3/activation/status", strings.Repeat(long, 30), 413},
		{"POST", "/pa/v3/%2e%2e/rest/v3/status", "{}", 404},
		{"POST", "/", "{}", 404},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, service.URL+test.path, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Noise", "caf\xe9")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != test.status {
			t.Errorf("%s %s: %d %s %v", test.method, test.path, response.StatusCode, body, err)
		}
	}
}

// What a handler says when there is no answer.
func TestHandlerWithoutAnswer(t *testing.T) {
	engine := open(t, countersign.Memory())
	handler := engine.Handler(countersign.All)
	serve := func(body io.Reader) int {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("POST", "/rest/v3/status", body))
		return recorder.Code
	}
	if status := serve(io.MultiReader(bytes.NewReader([]byte("{")), broken{})); status != 400 {
		t.Error("a body that breaks off:", status)
	}
	request := httptest.NewRequest("POST", "/rest/v3/status", nil)
	request.Body = nil
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	if recorder.Code != 200 {
		t.Error("no body:", recorder.Code)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if status := serve(strings.NewReader("{}")); status != 503 {
		t.Error("closed:", status)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
