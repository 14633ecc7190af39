//go:build !countersign_nophone

package phonetest

import (
	"context"
	"encoding/base64"
	"encoding/json"
)

// command is one of the phone's; members that are empty are left out.
type command map[string]any

func (c command) with(name, value string) command {
	if value != "" {
		c[name] = value
	}
	return c
}

// Activated is a fresh activation.
type Activated struct {
	ActivationID string `json:"activationId"`
	// Fingerprint is to be compared with that of the server, where people do.
	Fingerprint string `json:"fingerprint"`
	// Recovery is there where the application hands out recovery codes.
	Recovery *struct {
		Code string `json:"code"`
		PUK  string `json:"puk"`
	} `json:"recovery"`
}

// Activate exchanges keys for an activation code. The phone has biometry, too.
func (phone *Phone) Activate(ctx context.Context, code, pin string) (activated Activated, err error) {
	err = phone.Do(ctx, command{"do": "activate", "code": code, "pin": pin, "biometry": true}, &activated)
	return activated, err
}

// Status is what the server says of the activation.
type Status struct {
	Status            string `json:"status"`
	FailedAttempts    int    `json:"failedAttempts"`
	MaxFailedAttempts int    `json:"maxFailedAttempts"`
	RemainingAttempts int    `json:"remainingAttempts"`
}

// Status asks the server for the status of the activation, and brings the counter in step.
func (phone *Phone) Status(ctx context.Context) (status Status, err error) {
	err = phone.Do(ctx, command{"do": "status"}, &status)
	return status, err
}

// Request is what an app sends to a route of the host's.
type Request struct {
	// Method is POST when empty.
	Method string
	// Path with its query.
	Path string
	Body []byte
	// Factors such as possession_biometry; what fits the PIN when empty: possession_knowledge with one,
	// possession without.
	Factors string
}

// Answer is what the route answered, decrypted where the request was encrypted.
type Answer struct {
	Status int
	Body   []byte
}

// UnmarshalJSON implements json.Unmarshaler.
func (answer *Answer) UnmarshalJSON(text []byte) error {
	var read struct {
		Status     int     `json:"status"`
		Body       *string `json:"body"`
		BodyBase64 []byte  `json:"bodyBase64"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	answer.Status, answer.Body = read.Status, read.BodyBase64
	if read.Body != nil {
		answer.Body = []byte(*read.Body)
	}
	return nil
}

func (request Request) command(do, pin string) command {
	c := command{"do": do, "path": request.Path}
	if request.Body != nil {
		c["bodyBase64"] = base64.StdEncoding.EncodeToString(request.Body)
	}
	return c.with("method", request.Method).with("factors", request.Factors).with("pin", pin)
}

// Sign sends a signed request. The resource is what app and host have agreed on. An empty PIN signs with
// the phone alone, or with the factors of the request.
func (phone *Phone) Sign(ctx context.Context, request Request, resource, pin string) (answer Answer, err error) {
	err = phone.Do(ctx, request.command("signRequest", pin).with("uriId", resource), &answer)
	return answer, err
}

// CreateToken makes the token that [Phone.WithToken] and the operations use, signed with the phone alone.
func (phone *Phone) CreateToken(ctx context.Context) error {
	return phone.Do(ctx, command{"do": "createToken"}, nil)
}

// WithToken sends a request with the token.
func (phone *Phone) WithToken(ctx context.Context, request Request) (answer Answer, err error) {
	err = phone.Do(ctx, request.command("tokenRequest", ""), &answer)
	return answer, err
}

// Encrypt sends an encrypted request in activation scope.
func (phone *Phone) Encrypt(ctx context.Context, request Request) (answer Answer, err error) {
	err = phone.Do(ctx, request.command("encryptRequest", ""), &answer)
	return answer, err
}

// EncryptForApplication sends an encrypted request in application scope.
func (phone *Phone) EncryptForApplication(ctx context.Context, request Request) (answer Answer, err error) {
	err = phone.Do(ctx, request.command("encryptRequest", "").with("scope", "application"), &answer)
	return answer, err
}

// SignAndEncrypt sends a signed, encrypted request.
func (phone *Phone) SignAndEncrypt(ctx context.Context, request Request, resource, pin string) (answer Answer, err error) {
	err = phone.Do(ctx, request.command("encryptRequest", pin).with("uriId", resource), &answer)
	return answer, err
}

// Operation waits for the user.
type Operation struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Data   string `json:"data"`
	Status string `json:"status"`
}

// Operations lists those that wait, newest first. Needs a token.
func (phone *Phone) Operations(ctx context.Context) ([]Operation, error) {
	var list struct {
		Operations []Operation `json:"operations"`
	}
	err := phone.Do(ctx, command{"do": "listOperations"}, &list)
	return list.Operations, err
}

// Approve approves an operation with phone and PIN.
func (phone *Phone) Approve(ctx context.Context, operation Operation, pin string) error {
	return phone.Do(ctx, command{"do": "approve", "id": operation.ID, "data": operation.Data, "pin": pin}, nil)
}

// Reject rejects an operation; the reason may be empty.
func (phone *Phone) Reject(ctx context.Context, operation Operation, reason string) error {
	return phone.Do(ctx, command{"do": "reject", "id": operation.ID}.with("reason", reason), nil)
}

// Offline approves what a QR code contains, without a network, and gives the code to type.
func (phone *Phone) Offline(ctx context.Context, payload, pin string) (code string, err error) {
	var approved struct {
		Code string `json:"code"`
	}
	err = phone.Do(ctx, command{"do": "offline", "payload": payload, "pin": pin}, &approved)
	return approved.Code, err
}

// Remove ends the activation, signed with phone and PIN.
func (phone *Phone) Remove(ctx context.Context, pin string) error {
	return phone.Do(ctx, command{"do": "remove"}.with("pin", pin), nil)
}

// Save gives the phone's state, for [Settings]. It contains its keys.
func (phone *Phone) Save(ctx context.Context) (saved json.RawMessage, err error) {
	err = phone.Do(ctx, command{"do": "save"}, &saved)
	return saved, err
}
