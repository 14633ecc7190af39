package countersign

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"

	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/internal/wire"
)

// Factors are combinations of what a user proves with. They can be combined with |.
type Factors uint32

const (
	// Possession is the phone alone.
	Possession Factors = native.Possession
	// Knowledge is the PIN alone.
	Knowledge Factors = native.Knowledge
	// Biometry is biometry alone.
	Biometry Factors = native.Biometry
	// PossessionKnowledge is phone and PIN.
	PossessionKnowledge Factors = native.PossessionKnowledge
	// PossessionBiometry is phone and biometry.
	PossessionBiometry Factors = native.PossessionBiometry
	// PossessionKnowledgeBiometry is all three.
	PossessionKnowledgeBiometry Factors = native.PossessionKnowledgeBiometry

	// TwoFactors is what payments should demand.
	TwoFactors = PossessionKnowledge | PossessionBiometry
	// AnyFactors is all combinations.
	AnyFactors = TwoFactors | Possession | Knowledge | Biometry | PossessionKnowledgeBiometry
)

// Scope tells who can have encrypted a request.
type Scope int32

const (
	// ApplicationScope is anybody who has the app.
	ApplicationScope Scope = native.ScopeApplication
	// ActivationScope is one activation, which must be ACTIVE.
	ActivationScope Scope = native.ScopeActivation
)

// Rules are what a route demands of its callers: made by [Signed], [WithToken] or [Encrypted].
type Rules struct{ rules native.Rules }

// Signed demands a signature over method, resource and body (of a GET the query instead), made with one
// of these combinations of factors. The resource is the text that app and host have agreed on, which need
// not be the path; the query of a POST and the headers are not covered.
func Signed(resource string, factors Factors) Rules {
	return Rules{native.Rules{Proof: native.ProofSignature, Resource: resource, Factors: uint32(factors)}}
}

// WithToken demands a token that was made with one of these combinations of factors. It covers nothing of
// the request: for reading, not for changing.
func WithToken(factors Factors) Rules {
	return Rules{native.Rules{Proof: native.ProofToken, Factors: uint32(factors)}}
}

// Encrypted demands an end-to-end encrypted POST. In activation scope that proves the phone, but its user
// was asked for nothing; in application scope it proves nothing.
func Encrypted(scope Scope) Rules {
	return Rules{native.Rules{Encryption: int32(scope)}}
}

// UserInfo is for a host that serves POST /pa/v3/user/info itself: as [Encrypted] in activation scope, with
// the refusals that phones expect there. The answer to be sealed is a JSON object of claims.
func UserInfo() Rules {
	rules := Encrypted(ActivationScope)
	rules.rules.Flags = native.GuardUserInfo
	return rules
}

// Encrypted demands the same proof and an encrypted request, of the same activation.
func (rules Rules) Encrypted() Rules {
	rules.rules.Encryption = native.ScopeActivation
	return rules
}

// MaxBody allows another length of bodies than [MaxBody], in bytes.
func (rules Rules) MaxBody(length int) Rules {
	rules.rules.MaxBody = max(length, 1)
	return rules
}

// Caller is who sent a request that has passed.
type Caller struct {
	// ApplicationID is the application.
	ApplicationID string
	// Version is the protocol's, such as 3.3.
	Version string
	// ActivationID and UserID are empty in application scope, where anybody who has the app may call.
	ActivationID, UserID string
	// Factors is the combination of the signature, or of the one that the token was made with; 0 where only
	// the encryption speaks for the activation.
	Factors Factors
	// Flags of the activation.
	Flags []string
}

// Passed is a request that may pass.
type Passed struct {
	Caller Caller
	// Body is what was encrypted, or the body as it came.
	Body   []byte
	engine *Engine
	call   uint64
}

// Encrypted tells whether the answer is to be sealed.
func (passed *Passed) Encrypted() bool { return passed.call != 0 }

// Seal seals the one answer to an encrypted request. Refusals go out unencrypted.
func (passed *Passed) Seal(plain []byte) (*Response, error) {
	if passed.call == 0 {
		return nil, fmt.Errorf("%w: nothing to seal", ErrMessage)
	}
	defer passed.Close()
	code, message := native.Seal(passed.call, plain, passed.engine.now())
	runtime.KeepAlive(passed)
	if code != native.OK {
		return nil, failure(code, string(message))
	}
	return respond(message)
}

// Close gives up sealing, at once instead of when nobody knows passed any more.
func (passed *Passed) Close() {
	if passed.call != 0 {
		native.Free(passed.call)
		passed.call = 0
	}
}

// Check judges a request to a route of the host's own. It gives who called, or the answer of the refusal,
// which is to be sent as it is. Whatever fails, the store too, ends in a refusal or an error. The path of
// the request is not looked at.
func (engine *Engine) Check(ctx context.Context, rules Rules, request *Request) (*Passed, *Response, error) {
	if engine == nil {
		return nil, nil, ErrClosed
	}
	if request == nil {
		return nil, nil, fmt.Errorf("%w: request is nil", ErrArgument)
	}
	handle, err := engine.live(ctx)
	if err != nil {
		return nil, nil, err
	}
	call, kind, message, err := engine.check(ctx, handle, &rules.rules, request.native())
	runtime.KeepAlive(engine)
	if err != nil {
		return nil, nil, err
	}
	passed := &Passed{engine: engine, call: call, Body: request.Body}
	if call != 0 {
		runtime.AddCleanup(passed, func(call uint64) { native.Free(call) }, call)
	}
	if kind == native.StepReply {
		passed.Close()
		response, err := respond(message)
		return nil, response, err
	}
	read, err := wire.ReadPassed(message)
	if err != nil || kind != native.StepPassed {
		passed.Close()
		return nil, nil, fmt.Errorf("%w: the end of a check: %w", ErrInternal, err)
	}
	passed.Caller = Caller{
		read.ApplicationID, read.Version, read.ActivationID, read.UserID, Factors(read.Factors), read.Flags,
	}
	if rules.rules.Encryption == native.ScopeNone {
		passed.Close() // there is nothing to seal
	} else {
		passed.Body = read.Body
	}
	return passed, nil, nil
}

// check gives the end of a check, and the call that can seal.
func (engine *Engine) check(ctx context.Context, handle uint64, rules *native.Rules, request *native.Request) (
	call uint64, kind int32, message []byte, err error,
) {
	own := engine.host == nil
	if own {
		if err := engine.enter(ctx); err != nil {
			return 0, 0, nil, err
		}
		defer engine.leave()
	}
	call, kind, code, said := native.Check(handle, own, rules, request, engine.now())
	if code != native.OK {
		return 0, 0, nil, failureOf(code, string(said))
	}
	if own {
		return call, kind, said, nil
	}
	kind, message, err = engine.drive(ctx, call, string(said))
	if err != nil {
		native.Free(call)
		return 0, 0, nil, err
	}
	return call, kind, message, nil
}

type callerKey struct{}

// CallerOf gives who called a protected route, from the context of its request.
func CallerOf(ctx context.Context) (*Caller, bool) {
	caller, ok := ctx.Value(callerKey{}).(*Caller)
	return caller, ok
}

// Protect makes middleware that lets through only requests that keep the rules. The route finds the caller
// with [CallerOf], and reads what was encrypted as its body. A successful answer of an encrypted route is
// sealed, any other goes out as it is. What compresses answers belongs outside.
//
// It panics when no request can keep the rules: a signature without a resource, a proof without factors,
// nothing demanded at all.
func (engine *Engine) Protect(rules Rules) func(http.Handler) http.Handler {
	if err := engine.possible(&rules.rules); err != nil {
		panic(fmt.Sprintf("countersign: impossible rules: %v", err))
	}
	limit := MaxBody
	if rules.rules.MaxBody > 0 {
		limit = rules.rules.MaxBody
	}
	return func(route http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			request, err := received(r, limit)
			if err != nil {
				http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
				return
			}
			passed, refused, err := engine.Check(r.Context(), rules, request)
			switch {
			case err != nil:
				fail(w, err)
			case refused != nil:
				refused.write(w)
			default:
				defer passed.Close()
				passed.serve(w, r, route)
			}
		})
	}
}

// possible tries the rules on a request that proves nothing and changes nothing.
func (engine *Engine) possible(rules *native.Rules) error {
	handle := engine.handle.Load()
	if handle == 0 {
		return nil // every request will be told
	}
	call, _, code, said := native.Check(handle, engine.host == nil, rules, &native.Request{Method: "POST"}, engine.now())
	native.Free(call)
	if code != native.OK {
		return failureOf(code, string(said))
	}
	return nil
}

func (passed *Passed) serve(w http.ResponseWriter, r *http.Request, route http.Handler) {
	r = r.WithContext(context.WithValue(r.Context(), callerKey{}, &passed.Caller))
	r.Body = io.NopCloser(bytes.NewReader(passed.Body))
	r.ContentLength = int64(len(passed.Body))
	if !passed.Encrypted() {
		route.ServeHTTP(w, r)
		return
	}
	r.Header = r.Header.Clone()
	r.Header.Set("Content-Length", strconv.Itoa(len(passed.Body)))
	answer := &held{header: w.Header(), status: http.StatusOK}
	route.ServeHTTP(answer, r)
	body := answer.body.Bytes()
	if 200 <= answer.status && answer.status < 300 {
		sealed, err := passed.Seal(body)
		if err != nil {
			fail(w, err)
			return
		}
		w.Header().Del("Content-Length")
		w.Header().Set("Content-Type", "application/json")
		body = sealed.Body
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(body) // a caller that went away does not want to know
}

// held collects an answer that is to be sealed.
type held struct {
	header http.Header
	status int
	set    bool
	body   bytes.Buffer
}

func (h *held) Header() http.Header { return h.header }

func (h *held) WriteHeader(status int) {
	// Informational ones are not the answer.
	if !h.set && status >= 200 {
		h.status, h.set = status, true
	}
}

func (h *held) Write(bytes []byte) (int, error) {
	h.set = true
	return h.body.Write(bytes)
}
