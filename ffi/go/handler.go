package countersign

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// Family is a group of API endpoints. Families can be combined with |.
type Family uint

const (
	// Standard is what apps of the reference SDKs call: /pa/v3.
	Standard Family = 1 << iota
	// Mobile is approving operations on the phone: /api.
	Mobile
	// Server is for back ends that link activations to users: /rest/v3.
	Server
	// Cloud is the API of the hosted product: /v2, /audit, /admin/applications and /internal.
	Cloud
	// Admin is for administrators: the rest of /admin.
	Admin
	// Inbox is messages to phones' users: /inbox.
	Inbox

	// Phones is what phones call, and nothing else: the part that belongs on the internet.
	Phones = Standard | Mobile
	// All is everything.
	All = Standard | Mobile | Server | Cloud | Admin | Inbox
)

// families by their paths; the first that fits counts.
var families = []struct {
	path   string
	family Family
}{
	{"/pa/", Standard},
	{"/api/admin/", Admin},
	{"/api/", Mobile},
	{"/rest/", Server},
	{"/powerauth-java-server/", Server},
	{"/v2/", Cloud},
	{"/audit/", Cloud},
	{"/internal/", Cloud},
	{"/admin/applications", Cloud},
	{"/admin/", Admin},
	{"/inbox", Inbox},
}

func familyOf(path string) Family {
	for _, known := range families {
		if strings.HasPrefix(path, known.path) {
			return known.family
		}
	}
	return 0
}

// MaxBody is the longest body of a request that the engine looks at, in bytes; longer ones are answered
// with status 413.
const MaxBody = 64 << 10

// Handler serves the families given. Mount it under any prefix with [http.StripPrefix]; phones sign the
// path that they know as the resource, never the one of the URL.
func (engine *Engine) Handler(served Family) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The path in the form that the engine gets.
		if familyOf(r.URL.EscapedPath())&served == 0 {
			http.NotFound(w, r)
			return
		}
		request, err := received(r, MaxBody)
		if err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		response, err := engine.Handle(r.Context(), request)
		if err != nil {
			fail(w, err)
			return
		}
		response.write(w)
	})
}

// received is the request as it came. A body that is too long is cut right behind the limit: the engine
// answers it with 413.
func received(r *http.Request, limit int) (*Request, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, int64(limit)+1)); err != nil {
			return nil, err
		}
	}
	request := &Request{Method: r.Method, Path: r.URL.EscapedPath(), Body: body}
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		request.Query = &r.URL.RawQuery
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		request.Peer = host
	}
	for name, values := range r.Header {
		for _, value := range values {
			// No header of the protocol contains what replaces other bytes.
			request.Headers = append(request.Headers, Header{name, strings.ToValidUTF8(value, "\ufffd")})
		}
	}
	return request, nil
}

func (response *Response) write(w http.ResponseWriter) {
	for _, header := range response.Headers {
		w.Header().Add(header.Name, header.Value)
	}
	w.WriteHeader(response.Status)
	_, _ = w.Write(response.Body) // a caller that went away does not want to know
}

// fail answers for an engine that could not: nothing was authenticated.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, ErrClosed):
		status = http.StatusServiceUnavailable
	case errors.Is(err, ErrArgument):
		status = http.StatusBadRequest
	}
	http.Error(w, http.StatusText(status), status)
}
