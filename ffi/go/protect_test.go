package countersign_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/api/admin"
	"countersign.io/countersign/api/server"
	"countersign.io/countersign/phonetest"
	"countersign.io/countersign/store"
)

// bank is a host with a route for each way to protect one.
func bank(engine *countersign.Engine) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", engine.Handler(countersign.Phones))
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, ok := countersign.CallerOf(r.Context())
		body, err := io.ReadAll(r.Body)
		if !ok || err != nil || r.ContentLength != int64(len(body)) {
			http.Error(w, "no caller", http.StatusTeapot)
			return
		}
		if string(body) == "forbidden" {
			http.Error(w, "not today", http.StatusForbidden)
			return
		}
		w.Header().Set("X-Route", r.Pattern)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "%s %s %s %d %v: %s", caller.UserID, caller.ApplicationID, caller.Version, caller.Factors, caller.Flags, body)
	})
	for path, rules := range map[string]countersign.Rules{
		"/any":              countersign.Signed("/any", countersign.AnyFactors),
		"/transfer":         countersign.Signed("/transfer", countersign.TwoFactors),
		"/card/pin":         countersign.Signed("/card/pin", countersign.TwoFactors).Encrypted(),
		"/balance":          countersign.WithToken(countersign.Possession | countersign.TwoFactors),
		"/note":             countersign.Encrypted(countersign.ActivationScope),
		"/contact":          countersign.Encrypted(countersign.ApplicationScope),
		"/short":            countersign.Signed("/short", countersign.AnyFactors).MaxBody(5),
		"/pa/v3/user/info":  countersign.UserInfo(),
		"/knowledge-or-not": countersign.Signed("/any", countersign.Knowledge),
	} {
		route := http.Handler(echo)
		if path == "/pa/v3/user/info" {
			route = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				caller, _ := countersign.CallerOf(r.Context())
				_ = json.NewEncoder(w).Encode(map[string]string{"sub": caller.UserID})
			})
		}
		mux.Handle(path, engine.Protect(rules)(route))
	}
	return mux
}

// newPhone makes a phone of application bank.
func newPhone(t testing.TB, engine *countersign.Engine, handler http.Handler, change ...func(*phonetest.Settings)) *phonetest.Phone {
	t.Helper()
	detail, err := engine.Server().GetApplicationDetail(t.Context(), server.ApplicationRequest{ApplicationID: "bank"})
	if err != nil {
		t.Fatal(err)
	}
	settings := phonetest.Settings{MobileSDKConfig: detail.Versions[0].MobileSdkConfig}
	for _, change := range change {
		change(&settings)
	}
	phone, err := phonetest.New(settings, phonetest.Handler(handler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = phone.Close() })
	return phone
}

// activate makes an active activation of user alice with PIN 1234.
func activate(t testing.TB, engine *countersign.Engine, phone *phonetest.Phone) string {
	t.Helper()
	begun, err := engine.Server().InitActivation(t.Context(), server.InitActivation{
		UserID: "alice", ApplicationID: "bank", Flags: []string{"VIP"},
	})
	if err != nil {
		t.Fatal(err)
	}
	activated, err := phone.Activate(t.Context(), begun.ActivationCode, "1234")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = engine.Server().CommitActivation(t.Context(), server.ActivationOtpRequest{ActivationID: activated.ActivationID}); err != nil {
		t.Fatal(err)
	}
	return activated.ActivationID
}

func TestProtect(t *testing.T) {
	for name, storage := range storages(t) {
		for _, version := range []string{"3.0", "3.1", "3.2", "3.3"} {
			t.Run(name+" "+version, func(t *testing.T) {
				engine := open(t, storage)
				if name != "memory" && version != "3.0" {
					// Other engines have made it there.
				} else {
					application(t, engine, "bank")
				}
				protect(t, engine, version)
			})
		}
	}
}

func protect(t *testing.T, engine *countersign.Engine, version string) {
	ctx, handler := t.Context(), bank(engine)
	phone := newPhone(t, engine, handler, func(settings *phonetest.Settings) { settings.Version = version })
	activate(t, engine, phone)
	played := 0
	expect := func(what string, answer phonetest.Answer, err error, status int, body string) {
		t.Helper()
		if err != nil || answer.Status != status || !strings.Contains(string(answer.Body), body) {
			t.Errorf("%s: %d %s %v", what, answer.Status, answer.Body, err)
		}
		played++
	}
	said := func(factors countersign.Factors, sent string) string {
		return fmt.Sprintf("alice bank %s %d [VIP]: %s", version, factors, sent)
	}

	for factors, bit := range map[string]countersign.Factors{
		"possession": countersign.Possession, "knowledge": countersign.Knowledge, "biometry": countersign.Biometry,
		"possession_knowledge": countersign.PossessionKnowledge, "possession_biometry": countersign.PossessionBiometry,
		"possession_knowledge_biometry": countersign.PossessionKnowledgeBiometry,
	} {
		request := phonetest.Request{Path: "/any", Body: []byte("hello"), Factors: factors}
		answer, err := phone.Sign(ctx, request, "/any", "1234")
		expect(factors, answer, err, 201, said(bit, "hello"))
		request.Path = "/transfer"
		answer, err = phone.Sign(ctx, request, "/transfer", "1234")
		if bit&countersign.TwoFactors != 0 {
			expect(factors, answer, err, 201, said(bit, "hello"))
		} else {
			expect(factors, answer, err, 401, "")
		}
	}
	answer, err := phone.Sign(ctx, phonetest.Request{Path: "/transfer", Body: []byte("x")}, "/any", "1234")
	expect("another resource", answer, err, 401, "POWER_AUTH_SIGNATURE_INVALID")
	answer, err = phone.Sign(ctx, phonetest.Request{Path: "/transfer", Body: []byte("x")}, "/transfer", "9999")
	expect("another PIN", answer, err, 401, "POWER_AUTH_SIGNATURE_INVALID")
	answer, err = phone.Sign(ctx, phonetest.Request{Method: "GET", Path: "/transfer?b=2&a=%C3%A4"}, "/transfer", "1234")
	expect("GET", answer, err, 201, said(countersign.PossessionKnowledge, ""))
	answer, err = phone.Sign(ctx, phonetest.Request{Path: "/transfer", Body: []byte("forbidden")}, "/transfer", "1234")
	expect("the route's own no", answer, err, 403, "not today")
	answer, err = phone.Sign(ctx, phonetest.Request{Path: "/short", Body: []byte("12345")}, "/short", "1234")
	expect("short", answer, err, 201, "12345")
	answer, err = phone.Sign(ctx, phonetest.Request{Path: "/short", Body: []byte("123456")}, "/short", "1234")
	expect("too long", answer, err, 413, "")

	if err := phone.CreateToken(ctx); err != nil {
		t.Fatal(err)
	}
	answer, err = phone.WithToken(ctx, phonetest.Request{Method: "GET", Path: "/balance"})
	expect("token", answer, err, 201, said(countersign.Possession, ""))

	answer, err = phone.Encrypt(ctx, phonetest.Request{Path: "/note", Body: []byte("dear bank")})
	expect("encrypted", answer, err, 201, said(0, "dear bank"))
	answer, err = phone.EncryptForApplication(ctx, phonetest.Request{Path: "/contact", Body: []byte("hi")})
	expect("encrypted for the application", answer, err, 201, " bank "+version+" 0 []: hi")
	answer, err = phone.SignAndEncrypt(ctx, phonetest.Request{Path: "/card/pin", Body: []byte("1379")}, "/card/pin", "1234")
	expect("signed and encrypted", answer, err, 201, said(countersign.PossessionKnowledge, "1379"))
	var claims struct{ Sub string }
	if err := phone.Do(ctx, map[string]any{"do": "userInfo"}, &claims); err != nil || claims.Sub != "alice" {
		t.Error(claims, err)
	}

	var refused *phonetest.Error
	_, err = phone.Encrypt(ctx, phonetest.Request{Path: "/card/pin", Body: []byte("1379")})
	if !errors.As(err, &refused) || refused.Status != 401 {
		t.Error("encrypted only:", err)
	}
	_, err = phone.Encrypt(ctx, phonetest.Request{Path: "/note", Body: []byte("forbidden")})
	if !errors.As(err, &refused) || refused.Status != 403 {
		t.Error("a refusal is not sealed:", err)
	}
	for path := range map[string]bool{"/any": true, "/transfer": true, "/card/pin": true, "/balance": true, "/note": true, "/contact": true} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("POST", path, strings.NewReader("{}")))
		if !slices.Contains([]int{400, 401}, recorder.Code) {
			t.Errorf("%s without anything: %d", path, recorder.Code)
		}
	}

	if err := phone.Remove(ctx, "1234"); err != nil {
		t.Fatal(err)
	}
	if _, err := phone.Sign(ctx, phonetest.Request{Path: "/any"}, "/any", "1234"); err == nil {
		t.Error("a removed activation signs")
	}
	t.Logf("%d requests", played)
}

func TestOperations(t *testing.T) {
	engine := open(t, countersign.Host(store.NewMemory()))
	application(t, engine, "bank")
	ctx, handler := t.Context(), bank(engine)
	phone := newPhone(t, engine, handler)
	activate(t, engine, phone)
	if err := phone.CreateToken(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := engine.Server().CreateOperationTemplate(ctx, server.TemplateRequest{
		TemplateName: countersign.Ptr("payment"), OperationType: "payment", DataTemplate: "A1*A${amount}EUR",
		SignatureType:   []server.SignatureType{server.SignatureTypePOSSESSIONKNOWLEDGE},
		MaxFailureCount: 5, Expiration: 300,
	})
	if err != nil {
		t.Fatal(err)
	}
	// Without texts an operation is not shown.
	err = engine.Admin().PutOperationTexts(ctx, []admin.TextRowInput{{
		Placeholder: countersign.Ptr("payment"), Language: countersign.Ptr("en"),
		Title: countersign.Ptr("Payment"), Message: countersign.Ptr("Pay ${amount} EUR?"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []server.OperationDetailStatus{server.OperationDetailStatusAPPROVED, server.OperationDetailStatusREJECTED} {
		made, err := engine.Server().CreateOperation(ctx, server.CreateOperation{
			UserID: countersign.Ptr("alice"), ApplicationID: countersign.Ptr("bank"), TemplateName: "payment", Parameters: map[string]any{"amount": "100"},
		})
		if err != nil || made.Data != "A1*A100EUR" {
			t.Fatal(made, err)
		}
		waiting, err := phone.Operations(ctx)
		if err != nil || len(waiting) != 1 || waiting[0].ID != made.ID {
			t.Fatal(waiting, err)
		}
		if end == server.OperationDetailStatusAPPROVED {
			var refused *phonetest.Error
			if err := phone.Approve(ctx, waiting[0], "9999"); !errors.As(err, &refused) || refused.Status != 401 {
				t.Error("approved with a wrong PIN:", err)
			}
			err = phone.Approve(ctx, waiting[0], "1234")
		} else {
			err = phone.Reject(ctx, waiting[0], "UNEXPECTED_OPERATION")
		}
		if err != nil {
			t.Error(err)
		}
		now, err := engine.Server().OperationDetail(ctx, server.OperationName{OperationID: made.ID})
		if err != nil || now.Status != end {
			t.Error(now.Status, err)
		}
	}
}

// A phone with a seed is the same phone every time, and one that was saved goes on.
func TestPhones(t *testing.T) {
	engine := open(t, countersign.Memory())
	application(t, engine, "bank")
	ctx, handler := t.Context(), bank(engine)
	var keys []json.RawMessage
	for range 2 {
		phone := newPhone(t, engine, handler, func(settings *phonetest.Settings) { settings.Seed = "one" })
		saved, err := phone.Save(ctx)
		var described json.RawMessage
		if err != nil {
			if err = phone.Do(ctx, map[string]any{"do": "describe"}, &described); err != nil {
				t.Fatal(err)
			}
			saved = described
		}
		keys = append(keys, saved)
	}
	if string(keys[0]) != string(keys[1]) {
		t.Error("two phones of one seed differ")
	}
	phone := newPhone(t, engine, handler)
	id := activate(t, engine, phone)
	saved, err := phone.Save(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := phone.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := phone.Status(ctx); !errors.Is(err, countersign.ErrClosed) {
		t.Error(err)
	}
	again := newPhone(t, engine, handler, func(settings *phonetest.Settings) { settings.Saved = saved })
	status, err := again.Status(ctx)
	if err != nil || status.Status != "ACTIVE" {
		t.Error(status, err)
	}
	var described struct{ ActivationID string }
	if err := again.Do(ctx, map[string]any{"do": "describe"}, &described); err != nil || described.ActivationID != id {
		t.Error(described, err)
	}
	for _, wrong := range []phonetest.Settings{{}, {MobileSDKConfig: "nonsense"}, {Saved: json.RawMessage("{")}, {MobileSDKConfig: "x", Version: "9"}} {
		if phone, err := phonetest.New(wrong, nil); phone != nil || !errors.Is(err, countersign.ErrArgument) {
			t.Error(wrong, err)
		}
	}
	if err := again.Do(ctx, map[string]any{"do": "dance"}, nil); !errors.Is(err, countersign.ErrArgument) {
		t.Error(err)
	}
}

func TestImpossibleRules(t *testing.T) {
	for name, storage := range storages(t) {
		engine := open(t, storage)
		for what, rules := range map[string]countersign.Rules{
			"nothing":            {},
			"no resource":        countersign.Signed("", countersign.TwoFactors),
			"resource not UTF-8": countersign.Signed("\xff", countersign.TwoFactors),
			"no factors":         countersign.Signed("/a", 0),
			"token, no factors":  countersign.WithToken(0),
			"unknown factors":    countersign.WithToken(1 << 20),
			"no scope":           countersign.Encrypted(0),
			"another scope":      countersign.Encrypted(7),
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s, %s: accepted", name, what)
					}
				}()
				engine.Protect(rules)
			}()
			passed, refused, err := engine.Check(t.Context(), rules, ask("/", "{}"))
			if passed != nil || refused != nil || !errors.Is(err, countersign.ErrArgument) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if _, _, err := engine.Check(t.Context(), countersign.UserInfo(), nil); !errors.Is(err, countersign.ErrArgument) {
			t.Error(err)
		}
		route := engine.Protect(countersign.WithToken(countersign.Possession))(http.NotFoundHandler())
		if err := engine.Close(); err != nil {
			t.Fatal(err)
		}
		recorder := httptest.NewRecorder()
		route.ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
		if recorder.Code != 503 {
			t.Error("closed:", recorder.Code)
		}
		if _, _, err := engine.Check(t.Context(), countersign.UserInfo(), ask("/", "{}")); !errors.Is(err, countersign.ErrClosed) {
			t.Error(err)
		}
	}
}
