// Package rest is between the generated packages below api and the engine.
package rest

import (
	"context"
	"net/url"
)

// Caller sends a request with a JSON body, or none, and decodes the answer.
type Caller interface {
	Call(ctx context.Context, method, path string, query url.Values, body, answer any) error
}

// Request is the envelope around a request of the server API.
type Request[T any] struct {
	RequestObject T `json:"requestObject"`
}

// Response is the envelope around an answer.
type Response[T any] struct {
	ResponseObject *T `json:"responseObject"`
}
