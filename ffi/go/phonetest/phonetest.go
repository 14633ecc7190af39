//go:build !countersign_nophone

// Package phonetest is a phone for tests: the whole other side of the protocol, played against the
// handlers under test.
//
//	phone, err := phonetest.New(phonetest.Settings{MobileSDKConfig: config}, phonetest.Handler(mux))
//	activated, err := phone.Activate(ctx, code, "1234")
//	answer, err := phone.Sign(ctx, phonetest.Request{Path: "/transfer", Body: body}, "/transfer", "1234")
//
// With a seed it makes the same bytes at the same moments. It is not for phones of people: PINs and keys
// pass through plain memory, and nothing waits until a state is stored.
package phonetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"countersign.io/countersign"
	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/internal/wire"
)

// Settings of a phone.
type Settings struct {
	// MobileSDKConfig is what an app knows of its application: getApplicationDetail of the server API.
	MobileSDKConfig string
	// Version of the protocol, 3.0 to 3.3; empty is 3.3.
	Version string
	// Seed makes the phone repeatable; empty is random.
	Seed string
	// Saved is a phone's [Phone.Save]; the other settings are in it.
	Saved json.RawMessage
	// Now replaces the system's clock.
	Now func() time.Time
}

// Sender carries a phone's request to where it is answered.
type Sender func(request *http.Request) (*http.Response, error)

// Handler sends requests straight to a handler.
func Handler(handler http.Handler) Sender {
	return func(request *http.Request) (*http.Response, error) {
		recorder := httptest.NewRecorder()
		request.RequestURI = request.URL.RequestURI()
		request.RemoteAddr = "192.0.2.1:1234"
		handler.ServeHTTP(recorder, request)
		return recorder.Result(), nil
	}
}

// URL sends requests to a server, such as "https://bank.example/app".
func URL(client *http.Client, base string) Sender {
	return func(request *http.Request) (*http.Response, error) {
		moved, err := http.NewRequestWithContext(request.Context(), request.Method, base+request.URL.RequestURI(), request.Body)
		if err != nil {
			return nil, err
		}
		moved.Header = request.Header
		return client.Do(moved)
	}
}

// Phone is a phone with one activation, or none yet. It does one thing at a time.
type Phone struct {
	mutex  sync.Mutex
	handle uint64
	// exchange carries a request, in the bytes and the order of the phone.
	exchange func(context.Context, wire.Request) (status int, body []byte, err error)
	now      func() time.Time
}

// Error is a command that did not work on the phone's side, or that the server refused.
type Error struct {
	// Kind is refused, reply, request, scan, argument or notActivated.
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// Status and Code of the server's answer, where Kind is refused.
	Status int    `json:"status"`
	Code   string `json:"code"`
	// CurrentRecoveryPUKIndex is the number of the PUK to try next, after a wrong one.
	CurrentRecoveryPUKIndex *int `json:"currentRecoveryPukIndex"`
}

// Error implements error.
func (e *Error) Error() string {
	if e.Kind == "refused" {
		return fmt.Sprintf("phone: refused with status %d %s: %s", e.Status, e.Code, e.Message)
	}
	return fmt.Sprintf("phone: %s: %s", e.Kind, e.Message)
}

// New makes a phone whose requests go to send. Close it.
func New(settings Settings, send Sender) (*Phone, error) {
	text := []byte(settings.Saved)
	if text == nil {
		encoded := map[string]string{"mobileSdkConfig": settings.MobileSDKConfig}
		if settings.Version != "" {
			encoded["version"] = settings.Version
		}
		if settings.Seed != "" {
			encoded["seed"] = settings.Seed
		}
		var err error
		if text, err = json.Marshal(encoded); err != nil {
			return nil, err
		}
	}
	handle, code, said := native.PhoneNew(text)
	if code != native.OK {
		return nil, &countersign.Error{Code: int(code), Detail: said}
	}
	phone := &Phone{handle: handle, exchange: send.exchange, now: settings.Now}
	if phone.now == nil {
		phone.now = func() time.Time { return time.Time{} } // the library asks the system
	}
	return phone, nil
}

// Close frees the phone. Closing again does nothing.
func (phone *Phone) Close() error {
	phone.mutex.Lock()
	defer phone.mutex.Unlock()
	handle := phone.handle
	phone.handle = 0
	if handle != 0 {
		native.PhoneFree(handle)
	}
	return nil
}

// Do runs a command, such as map[string]any{"do": "status"}, and decodes its result into result unless that
// is nil. docs/embedding.md says where the commands are listed; the methods below are the usual ones.
func (phone *Phone) Do(ctx context.Context, command, result any) error {
	text, err := json.Marshal(command)
	if err != nil {
		return err
	}
	message, err := phone.run(ctx, text)
	if err != nil {
		return err
	}
	var outcome struct {
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
	}
	switch err := json.Unmarshal(message, &outcome); {
	case err != nil:
		return err
	case outcome.Error != nil:
		return outcome.Error
	case result == nil:
		return nil
	}
	return json.Unmarshal(outcome.Result, result)
}

// run runs a command, and gives the text of its outcome.
func (phone *Phone) run(ctx context.Context, command []byte) ([]byte, error) {
	phone.mutex.Lock()
	defer phone.mutex.Unlock()
	if phone.handle == 0 {
		return nil, countersign.ErrClosed
	}
	kind, code, message := native.PhonePerform(phone.handle, command, phone.now())
	for code == native.OK && kind == native.PhoneRequest {
		request, err := wire.ReadRequest(message)
		if err != nil {
			return nil, err
		}
		status, body, err := phone.exchange(ctx, request)
		if err != nil {
			return nil, err
		}
		kind, code, message = native.PhoneAnswer(phone.handle, status, body, phone.now())
	}
	if code != native.OK {
		return nil, &countersign.Error{Code: int(code), Detail: string(message)}
	}
	return message, nil
}

func (send Sender) exchange(ctx context.Context, sent wire.Request) (int, []byte, error) {
	target := sent.Path
	if sent.Query != nil {
		target += "?" + *sent.Query
	}
	request, err := http.NewRequestWithContext(ctx, sent.Method, target, bytes.NewReader(sent.Body))
	if err != nil {
		return 0, nil, err
	}
	for _, header := range sent.Headers {
		request.Header.Add(header[0], header[1])
	}
	response, err := send(request)
	if err != nil {
		return 0, nil, err
	}
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, errors.Join(err, response.Body.Close())
}
