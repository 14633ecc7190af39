package countersign

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"countersign.io/countersign/api/admin"
	"countersign.io/countersign/api/cloud"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/internal/rest"
)

// APIError is a refusal: the answer of an endpoint that did not do what was asked.
type APIError struct {
	// Status is the HTTP status: 400 for a refused request, 401 for a caller without credentials, 503 when
	// the store failed.
	Status int
	// Code is the code of the error, such as ERR0009; the documents in docs/openapi list them.
	Code string
	// Message says what is wrong, for people.
	Message string
}

// Error implements error.
func (e *APIError) Error() string {
	return fmt.Sprintf("countersign: refused with status %d, %s: %s", e.Status, e.Code, e.Message)
}

// Is tells whether target is an APIError with the same code (and, where it has one, the same status).
func (e *APIError) Is(target error) bool {
	other, ok := target.(*APIError)
	return ok && other.Code == e.Code && (other.Status == 0 || other.Status == e.Status)
}

// Credentials are what a caller of an API authenticates with.
type Credentials struct{ Username, Password string }

// Format implements [fmt.Formatter]: the password is not shown.
func (credentials Credentials) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "countersign.Credentials{Username: %q, …}", credentials.Username)
}

// Ptr gives a pointer to a value: for members of requests that may be left out.
func Ptr[T any](value T) *T { return &value }

// Server calls the server API without a network. No credentials are needed with [Config.OpenServerAPI];
// otherwise give those of an integration.
func (engine *Engine) Server(credentials ...Credentials) *server.API {
	return server.New(engine.client(credentials))
}

// Cloud calls the API of the hosted product, with credentials of an application or an administrator.
func (engine *Engine) Cloud(credentials ...Credentials) *cloud.API {
	return cloud.New(engine.client(credentials))
}

// Admin calls the API for administrators.
func (engine *Engine) Admin(credentials ...Credentials) *admin.API {
	return admin.New(engine.client(credentials))
}

func (engine *Engine) client(credentials []Credentials) *client {
	client := &client{engine: engine, headers: []Header{{"Content-Type", "application/json"}}}
	for _, it := range credentials {
		basic := base64.StdEncoding.EncodeToString([]byte(it.Username + ":" + it.Password))
		client.headers = append(client.headers, Header{"Authorization", "Basic " + basic})
	}
	return client
}

// client is the caller behind the generated methods.
type client struct {
	engine  *Engine
	headers []Header
}

// Call implements rest.Caller.
func (client *client) Call(
	ctx context.Context, method, path string, query url.Values, body, answer any,
) error {
	request := &Request{Method: method, Path: path, Headers: client.headers}
	if query != nil {
		encoded := query.Encode()
		request.Query = &encoded
	}
	switch {
	case body != nil:
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrArgument, err)
		}
		request.Body = encoded
	case method == http.MethodPost:
		request.Body = []byte("{}")
	}
	response, err := client.engine.Handle(ctx, request)
	if err != nil {
		return err
	}
	if response.Status != http.StatusOK {
		return refusal(response)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(response.Body, answer); err != nil {
		return fmt.Errorf("%w: an answer is not as documented: %w", ErrInternal, err)
	}
	return nil
}

func refusal(response *Response) error {
	var body rest.Response[struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}]
	refused := &APIError{Status: response.Status, Message: http.StatusText(response.Status)}
	if json.Unmarshal(response.Body, &body) == nil && body.ResponseObject != nil {
		refused.Code, refused.Message = body.ResponseObject.Code, body.ResponseObject.Message
	}
	return refused
}
