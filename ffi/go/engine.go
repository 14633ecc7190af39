// Package countersign is a PowerAuth-compatible mobile-token authentication engine inside a Go program:
// the code behind "approve this payment on your phone".
//
//	engine, err := countersign.Open(countersign.Config{SealingKey: key, Storage: countersign.SQLite("tokens.db")})
//	if err != nil { … }
//	defer engine.Close()
//	http.Handle("/pa/", engine.Handler(countersign.Phones))          // what phones call
//	code, err := engine.Server().InitActivation(ctx, &server.InitActivation{…})  // what a back end asks
//
// The engine is a library in Rust behind cgo: build.sh of the module builds it.
//
// # Contexts
//
// A context that ends is noticed before the next step of a request, not inside of one: a call that
// returns an error of the context may have taken effect, exactly as a request whose answer was lost. A
// batch that is on its way to the store is waited for. Whatever the engine has committed stays
// committed, whatever it has not leaves no trace, and "valid" is never told for something that was not
// recorded. With a built-in store a request is one step.
package countersign

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/internal/wire"
	"countersign.io/countersign/store"
)

// Config says how an engine is opened.
type Config struct {
	// SealingKey is 32 random bytes that seal secrets before they are stored. It is copied.
	SealingKey []byte
	// SealingKeyID is the number of the key, written into everything it seals, so that keys can change.
	SealingKeyID uint32
	// OlderKeys still open what they have sealed, after SealingKey has replaced them. They are copied.
	OlderKeys []SealingKey
	// Storage is where records live: [Memory], [SQLite], [Postgres] or [Host].
	Storage Storage
	// Settings of the engine, encoded as a JSON object; nil for the defaults. docs/embedding.md lists the members.
	Settings any
	// OpenServerAPI lets anybody who reaches it call the server API. For tests, and for hosts that do not
	// mount it or authenticate callers themselves; it is what [Engine.Server] needs when it has no
	// credentials.
	OpenServerAPI bool
	// StoreTimeout is how long a call of a [Host] store may take, 10 seconds when zero. A commit that
	// takes longer counts as lost.
	StoreTimeout time.Duration
	// OnStoreError hears what a [Host] store returned. Callers of the engine never do; they get status 503.
	OnStoreError func(error)
	// Now replaces the system's clock, for tests.
	Now func() time.Time
	// Concurrency is how many requests are inside the library at the same time with a built-in store,
	// where each occupies a thread; the others wait for their turn. 64 when zero.
	Concurrency int
}

// Format implements [fmt.Formatter]: the key is not shown.
func (config Config) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "countersign.Config{SealingKeyID: %d, …}", config.SealingKeyID)
}

// SealingKey is a sealing key that has been replaced.
type SealingKey struct {
	ID  uint32
	Key []byte
}

// Format implements [fmt.Formatter]: the key is not shown.
func (key SealingKey) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "countersign.SealingKey{ID: %d, …}", key.ID)
}

// Storage is where records live.
type Storage struct {
	kind int32
	path string
	host store.Store
}

// Memory keeps records in memory. They are gone with the engine.
func Memory() Storage { return Storage{kind: native.StoreMemory} }

// SQLite keeps records in a file.
func SQLite(path string) Storage { return Storage{kind: native.StoreSQLite, path: path} }

// Postgres keeps records in a PostgreSQL database, such as postgres://user@host/database, with the adapter of
// the library; any number of processes may share it. Package store/postgres does the same over database/sql.
func Postgres(url string) Storage { return Storage{kind: native.StorePostgres, path: url} }

// Format implements [fmt.Formatter]: an address with a password is not shown.
func (storage Storage) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "countersign.Storage(%d)", storage.kind)
}

// Host keeps records in a store of the host's own.
func Host(host store.Store) Storage { return Storage{kind: native.StoreHost, host: host} }

// Engine answers requests. It may be used from any number of goroutines.
type Engine struct {
	handle  atomic.Uint64
	host    store.Store
	lanes   lanes
	turns   chan struct{}
	timeout time.Duration
	heard   func(error)
	now     func() time.Time
	cleanup runtime.Cleanup
}

// Open opens an engine.
//
// Errors: [ErrABI], [ErrArgument], [ErrStore] when the store cannot be opened.
func Open(config Config) (*Engine, error) {
	if abi != nil {
		return nil, abi
	}
	storage := config.Storage
	if (storage.kind == native.StoreHost) != (storage.host != nil) {
		return nil, fmt.Errorf("%w: Config.Storage is not set", ErrArgument)
	}
	if config.StoreTimeout < 0 || config.Concurrency < 0 {
		return nil, fmt.Errorf("%w: Config.StoreTimeout or Config.Concurrency is negative", ErrArgument)
	}
	opened := &native.Config{
		Key: native.Key{ID: config.SealingKeyID, Key: config.SealingKey}, Open: config.OpenServerAPI,
		Store: storage.kind, Path: storage.path,
	}
	for _, older := range config.OlderKeys {
		if len(older.Key) != native.KeyLength {
			return nil, fmt.Errorf("%w: an older key needs %d bytes", ErrArgument, native.KeyLength)
		}
		opened.Older = append(opened.Older, native.Key(older))
	}
	if config.Settings != nil {
		var err error
		if opened.Settings, err = json.Marshal(config.Settings); err != nil {
			return nil, fmt.Errorf("%w: Config.Settings: %w", ErrArgument, err)
		}
	}
	handle, code, text := native.Open(opened)
	if code != native.OK {
		return nil, failure(code, text)
	}
	engine := &Engine{host: storage.host, timeout: config.StoreTimeout, heard: config.OnStoreError, now: config.Now}
	if engine.timeout == 0 {
		engine.timeout = 10 * time.Second
	}
	if engine.heard == nil {
		engine.heard = func(error) {}
	}
	if engine.now == nil {
		engine.now = func() time.Time { return time.Time{} } // the library asks the system
	}
	if engine.host == nil {
		concurrency := config.Concurrency
		if concurrency == 0 {
			concurrency = 64
		}
		engine.turns = make(chan struct{}, concurrency)
	}
	engine.handle.Store(handle)
	engine.cleanup = runtime.AddCleanup(engine, func(handle uint64) { native.Close(handle) }, handle)
	return engine, nil
}

// Close closes the engine. Requests that are being answered go on to their end; later ones get
// [ErrClosed]. Closing again does nothing.
func (engine *Engine) Close() error {
	if engine == nil {
		return ErrClosed
	}
	handle := engine.handle.Swap(0)
	if handle == 0 {
		return nil
	}
	engine.cleanup.Stop()
	if code := native.Close(handle); code != native.OK {
		return failure(code, "")
	}
	return nil
}

// Header is a header of a request or a response.
type Header struct{ Name, Value string }

// Request is an HTTP request. Texts are UTF-8.
type Request struct {
	// Method in upper case.
	Method string
	// Path below the mount point, as received: without the query, not decoded.
	Path string
	// Query as received, without the question mark; nil when there is none.
	Query *string
	// Headers in the order received.
	Headers []Header
	// Body is the exact bytes.
	Body []byte
	// Peer is the address of the caller, for the record; may be empty.
	Peer string
}

// Response is an HTTP response. Names of headers are in lower case.
type Response struct {
	Status  int
	Headers []Header
	Body    []byte
}

// Header gives the value of a header by its lower-case name, empty when there is none.
func (response *Response) Header(name string) string {
	for _, header := range response.Headers {
		if header.Name == name {
			return header.Value
		}
	}
	return ""
}

// Handle answers a request. What the engine answers, a refusal too, is a response; a store that fails
// makes one with status 503.
//
// Errors: [ErrClosed], [ErrArgument] (a text is not UTF-8, too many headers), [ErrInternal], and the
// context's (see the package's documentation).
func (engine *Engine) Handle(ctx context.Context, request *Request) (*Response, error) {
	if engine == nil {
		return nil, ErrClosed
	}
	if request == nil {
		return nil, fmt.Errorf("%w: request is nil", ErrArgument)
	}
	handle, err := engine.live(ctx)
	if err != nil {
		return nil, err
	}
	message, err := engine.answer(ctx, handle, request.native())
	runtime.KeepAlive(engine)
	if err != nil {
		return nil, err
	}
	return respond(message)
}

// live gives the handle while both engine and context last.
func (engine *Engine) live(ctx context.Context) (uint64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if handle := engine.handle.Load(); handle != 0 {
		return handle, nil
	}
	return 0, ErrClosed
}

// answer gives the message of the reply.
func (engine *Engine) answer(ctx context.Context, handle uint64, request *native.Request) ([]byte, error) {
	if engine.host != nil {
		call, code, lane := native.Begin(handle, request)
		if code != native.OK {
			return nil, failureOf(code, string(lane))
		}
		defer native.Free(call)
		_, message, err := engine.drive(ctx, call, string(lane))
		return message, err
	}
	if err := engine.enter(ctx); err != nil {
		return nil, err
	}
	defer engine.leave()
	code, message := native.Handle(handle, request, engine.now())
	if code != native.OK {
		return nil, failureOf(code, string(message))
	}
	return message, nil
}

// enter waits for a thread's worth of room.
func (engine *Engine) enter(ctx context.Context) error {
	select {
	case engine.turns <- struct{}{}:
		return nil
	default:
	}
	select {
	case engine.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (engine *Engine) leave() { <-engine.turns }

func (request *Request) native() *native.Request {
	converted := &native.Request{
		Method: request.Method, Path: request.Path, Body: request.Body,
		Peer: request.Peer, HasPeer: request.Peer != "",
	}
	if request.Query != nil {
		converted.Query, converted.HasQuery = *request.Query, true
	}
	if len(request.Headers) > 0 {
		converted.Headers = make([]native.Header, len(request.Headers))
		for i, header := range request.Headers {
			converted.Headers[i] = native.Header(header)
		}
	}
	return converted
}

func respond(message []byte) (*Response, error) {
	reply, err := wire.ReadReply(message)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInternal, err)
	}
	response := &Response{Status: reply.Status, Body: reply.Body, Headers: make([]Header, len(reply.Headers))}
	for i, header := range reply.Headers {
		response.Headers[i] = Header{header[0], header[1]}
	}
	return response, nil
}
