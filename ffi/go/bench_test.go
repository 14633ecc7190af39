//go:build countersign_testhooks

package countersign_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/store"
)

// inside reports how much of the time was spent in Rust, behind the functions of the library: what the same
// call costs there. The rest was added on the way from Go and back.
func inside(b *testing.B, run func()) {
	native.TestInside()
	b.ReportAllocs()
	b.ResetTimer()
	run()
	b.StopTimer()
	spent, count := float64(native.TestInside().Nanoseconds()), float64(b.N)
	b.ReportMetric(spent/count, "rust-ns/op")
	b.ReportMetric((float64(b.Elapsed().Nanoseconds())-spent)/count, "added-ns/op")
}

// The least that a call can do.
func BenchmarkEmptyCall(b *testing.B) {
	for range b.N {
		native.ABI()
	}
}

// A request with a body of 500 bytes that reads one record.
func BenchmarkHandle500(b *testing.B) {
	for name, storage := range map[string]func() countersign.Storage{
		"memory": countersign.Memory, "host": func() countersign.Storage { return countersign.Host(store.NewMemory()) },
	} {
		b.Run(name, func(b *testing.B) {
			engine := open(b, storage())
			application(b, engine, "bank")
			body := `{"requestObject":{"applicationId":"bank","noise":"` + strings.Repeat("x", 448) + `"}}`
			request := ask("/rest/v3/application/detail", body)
			inside(b, func() {
				for range b.N {
					if response, err := engine.Handle(context.Background(), request); err != nil || response.Status != 200 {
						b.Fatal(response, err)
					}
				}
			})
		})
	}
}

// A signature verified for a back end: the whole path, with the counter that moves.
func BenchmarkVerifySignature(b *testing.B) {
	engine := open(b, countersign.Memory())
	application(b, engine, "bank")
	phone := newPhone(b, engine, engine.Handler(countersign.Phones))
	activate(b, engine, phone)
	rules := countersign.Signed("/transfer", countersign.TwoFactors)
	requests := make([]*countersign.Request, b.N)
	for i := range requests {
		var header struct{ Name, Value string }
		command := map[string]any{"do": "signatureHeader", "uriId": "/transfer", "body": fmt.Sprint(i), "pin": "1234"}
		if err := phone.Do(context.Background(), command, &header); err != nil {
			b.Fatal(err)
		}
		requests[i] = ask("/transfer", fmt.Sprint(i))
		requests[i].Headers = append(requests[i].Headers, countersign.Header(header))
	}
	inside(b, func() {
		for _, request := range requests {
			passed, refused, err := engine.Check(context.Background(), rules, request)
			if err != nil || refused != nil || passed.Caller.UserID != "alice" {
				b.Fatal(refused, err)
			}
		}
	})
}

// The same requests from as many goroutines as there are processors.
func BenchmarkHandleParallel(b *testing.B) {
	engine := open(b, countersign.Memory())
	application(b, engine, "bank")
	request := ask("/rest/v3/application/detail", `{"requestObject":{"applicationId":"bank"}}`)
	b.ReportAllocs()
	b.RunParallel(func(each *testing.PB) {
		for each.Next() {
			if response, err := engine.Handle(context.Background(), request); err != nil || response.Status != 200 {
				b.Error(response, err)
			}
		}
	})
}

// A typed method: JSON both ways on top.
func BenchmarkTypedCall(b *testing.B) {
	engine := open(b, countersign.Memory())
	application(b, engine, "bank")
	inside(b, func() {
		for range b.N {
			found, err := engine.Server().GetApplicationDetail(context.Background(), server.ApplicationRequest{ApplicationID: "bank"})
			if err != nil || len(found.Versions) != 1 {
				b.Fatal(found, err)
			}
		}
	})
}
