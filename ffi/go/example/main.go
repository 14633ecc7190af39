// Command example is a bank's back end: the engine in memory, what phones call mounted under /app, one
// protected route, and payments that are approved on the phone.
//
//	go run ./example -play      also plays a phone against it, and ends
//	go run ./example            serves on 127.0.0.1:8082
//
// The library has to be built first: ffi/go/build.sh
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"countersign.io/countersign"
	"countersign.io/countersign/api/admin"
	"countersign.io/countersign/api/server"
)

const applicationID = "bank"

// bank is what the handlers share.
type bank struct{ engine *countersign.Engine }

// open opens an engine that knows the bank's application and what a payment is. A real bank keeps the key
// in its vault and the records in a database.
func open(ctx context.Context) (*bank, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	engine, err := countersign.Open(countersign.Config{
		SealingKey: key, SealingKeyID: 1, Storage: countersign.Memory(),
		OpenServerAPI: true, // it is not mounted: only this process calls it
	})
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, engine); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return &bank{engine}, nil
}

func prepare(ctx context.Context, engine *countersign.Engine) error {
	_, err := engine.Server().CreateApplication(ctx, server.ApplicationRequest{ApplicationID: applicationID})
	if err != nil {
		return err
	}
	_, err = engine.Server().CreateOperationTemplate(ctx, server.TemplateRequest{
		TemplateName: countersign.Ptr("payment"), OperationType: "payment",
		DataTemplate:    "A1*A${amount}EUR*I${iban}",
		SignatureType:   []server.SignatureType{server.SignatureTypePOSSESSIONKNOWLEDGE},
		MaxFailureCount: 5, Expiration: 300,
	})
	if err != nil {
		return err
	}
	return engine.Admin().PutOperationTexts(ctx, []admin.TextRowInput{{
		Placeholder: countersign.Ptr("payment"), Language: countersign.Ptr("en"),
		Title: countersign.Ptr("Payment"), Message: countersign.Ptr("Pay ${amount} EUR to ${iban}?"),
	}})
}

// handler is the bank's whole site.
func (b *bank) handler() http.Handler {
	mux := http.NewServeMux()
	// What phones call. Their apps are built with https://bank.example/app as the server's address.
	mux.Handle("/app/", http.StripPrefix("/app", b.engine.Handler(countersign.Phones)))
	// A route of the bank's own that only phones may call, with a PIN or biometry.
	protected := b.engine.Protect(countersign.Signed("/contacts", countersign.TwoFactors))
	mux.Handle("POST /contacts", protected(http.HandlerFunc(addContact)))
	// The site where a user, who has logged in with a browser, pays.
	mux.HandleFunc("POST /payments", b.pay)
	mux.HandleFunc("GET /payments/{id}", b.payment)
	return mux
}

func addContact(w http.ResponseWriter, r *http.Request) {
	caller, ok := countersign.CallerOf(r.Context())
	if !ok {
		http.Error(w, "not protected", http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "added for %s", caller.UserID)
}

// pay begins a payment, which waits for its user's approval.
func (b *bank) pay(w http.ResponseWriter, r *http.Request) {
	made, err := b.engine.Server().CreateOperation(r.Context(), server.CreateOperation{
		UserID: countersign.Ptr(user(r)), ApplicationID: countersign.Ptr(applicationID), TemplateName: "payment",
		Parameters: map[string]any{"amount": r.FormValue("amount"), "iban": r.FormValue("iban")},
	})
	if err != nil {
		refuse(w, err)
		return
	}
	fmt.Fprint(w, made.ID)
}

// payment says how far it is.
func (b *bank) payment(w http.ResponseWriter, r *http.Request) {
	found, err := b.engine.Server().OperationDetail(r.Context(), server.OperationName{OperationID: r.PathValue("id")})
	if err != nil {
		refuse(w, err)
		return
	}
	if found.UserID == nil || *found.UserID != user(r) {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, found.Status)
}

// user stands for the session of a browser that has logged in.
func user(*http.Request) string { return "alice" }

// refuse tells whether the request was wrong or the machinery failed.
func refuse(w http.ResponseWriter, err error) {
	var refused *countersign.APIError
	if errors.As(err, &refused) && refused.Status < 500 {
		http.Error(w, refused.Message, http.StatusBadRequest)
		return
	}
	log.Print(err)
	http.Error(w, "try again later", http.StatusServiceUnavailable)
}

func main() {
	log.SetFlags(0)
	player := flag.Bool("play", false, "play a phone, and end")
	flag.Parse()
	if err := run(*player); err != nil {
		log.Fatal(err)
	}
}

func run(player bool) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = b.engine.Close() }()
	address := "127.0.0.1:8082"
	if player {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	service := &http.Server{Handler: b.handler(), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- service.Serve(listener) }()
	if player {
		err = b.play(ctx, "http://"+listener.Addr().String(), os.Stdout)
	} else {
		log.Printf("serving on http://%s", listener.Addr())
		<-ctx.Done()
	}
	shut, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err = errors.Join(err, service.Shutdown(shut))
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
