package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"countersign.io/countersign/api/server"
	"countersign.io/countersign/phonetest"
)

const pin = "1234"

// play is a day with the bank: a phone is activated, adds a contact, approves one payment and rejects
// another.
func (b *bank) play(ctx context.Context, base string, out io.Writer) error {
	phone, err := b.phone(base)
	if err != nil {
		return err
	}
	defer func() { _ = phone.Close() }()
	if err := b.activate(ctx, phone, out); err != nil {
		return err
	}
	// The bank's own route lies beside /app.
	contact := phonetest.Request{Path: "/contacts", Body: []byte(`{"name":"Bob"}`)}
	for _, typed := range []string{pin, "9999"} {
		answer, err := phone.Sign(ctx, contact, "/contacts", typed)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "contact with PIN %s: %d\n", typed, answer.Status)
	}
	for _, approve := range []bool{true, false} {
		if err := b.payOnce(ctx, phone, base, approve, out); err != nil {
			return err
		}
	}
	return nil
}

// phone is one whose app knows two addresses: /app for the protocol, and the bank's own routes.
func (b *bank) phone(base string) (*phonetest.Phone, error) {
	detail, err := b.engine.Server().GetApplicationDetail(context.Background(), server.ApplicationRequest{ApplicationID: applicationID})
	if err != nil {
		return nil, err
	}
	if len(detail.Versions) == 0 {
		return nil, errors.New("the application has no version")
	}
	own, protocol := phonetest.URL(http.DefaultClient, base), phonetest.URL(http.DefaultClient, base+"/app")
	send := func(request *http.Request) (*http.Response, error) {
		if strings.HasPrefix(request.URL.Path, "/contacts") {
			return own(request)
		}
		return protocol(request)
	}
	return phonetest.New(phonetest.Settings{MobileSDKConfig: detail.Versions[0].MobileSdkConfig}, send)
}

// activate shows the user a code, which the phone scans.
func (b *bank) activate(ctx context.Context, phone *phonetest.Phone, out io.Writer) error {
	begun, err := b.engine.Server().InitActivation(ctx, server.InitActivation{UserID: "alice", ApplicationID: applicationID})
	if err != nil {
		return err
	}
	activated, err := phone.Activate(ctx, begun.ActivationCode, pin)
	if err != nil {
		return err
	}
	_, err = b.engine.Server().CommitActivation(ctx, server.ActivationOtpRequest{ActivationID: activated.ActivationID})
	if err != nil {
		return err
	}
	status, err := phone.Status(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "activation: %s\n", status.Status)
	return phone.CreateToken(ctx)
}

func (b *bank) payOnce(ctx context.Context, phone *phonetest.Phone, base string, approve bool, out io.Writer) error {
	form := url.Values{"amount": {"100"}, "iban": {"CZ6508000000192000145399"}}
	id, err := fetch(ctx, http.MethodPost, base+"/payments?"+form.Encode())
	if err != nil {
		return err
	}
	waiting, err := phone.Operations(ctx)
	if err != nil {
		return err
	}
	for _, operation := range waiting {
		if operation.ID != id {
			continue
		}
		if approve {
			err = phone.Approve(ctx, operation, pin)
		} else {
			err = phone.Reject(ctx, operation, "UNEXPECTED_OPERATION")
		}
		if err != nil {
			return err
		}
	}
	status, err := fetch(ctx, http.MethodGet, base+"/payments/"+id)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "payment: %s\n", status)
	return nil
}

func fetch(ctx context.Context, method, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", response.Status, body)
	}
	return string(body), nil
}
