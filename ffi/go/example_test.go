package countersign_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"countersign.io/countersign"
	"countersign.io/countersign/api/server"
)

func ExampleOpen() {
	sealingKey := bytes.Repeat([]byte{7}, 32) // yours is random, and kept apart from the database
	engine, err := countersign.Open(countersign.Config{
		SealingKey: sealingKey, SealingKeyID: 1,
		Storage:       countersign.Memory(),
		OpenServerAPI: true, // nobody but this process calls it
	})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = engine.Close() }()

	ctx := context.Background()
	if _, err := engine.Server().CreateApplication(ctx, server.ApplicationRequest{ApplicationID: "bank"}); err != nil {
		log.Fatal(err)
	}
	_, err = engine.Server().OperationDetail(ctx, server.OperationName{OperationID: "unknown"})
	var refused *countersign.APIError
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Code)
	}
	// Output: 400 ERR0034
}

func ExampleEngine_Protect() {
	engine, err := countersign.Open(countersign.Config{SealingKey: bytes.Repeat([]byte{7}, 32), Storage: countersign.Memory()})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = engine.Close() }()

	mux := http.NewServeMux()
	mux.Handle("/app/", http.StripPrefix("/app", engine.Handler(countersign.Phones)))
	protected := engine.Protect(countersign.Signed("/transfer", countersign.TwoFactors))
	mux.Handle("POST /transfer", protected(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if caller, ok := countersign.CallerOf(r.Context()); ok {
			fmt.Fprintf(w, "%s has signed this with factors %d", caller.UserID, caller.Factors)
		}
	})))
	// http.ListenAndServe(address, mux)
}
