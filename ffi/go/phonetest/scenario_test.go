//go:build countersign_testhooks && !countersign_nophone

package phonetest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign.io/countersign"
	"countersign.io/countersign/internal/native"
	"countersign.io/countersign/internal/wire"
)

// The same flow gives the same transcript in Rust, C, Java and Go, byte for byte; ffi/scenario/README.md
// has the format.
func TestScenario(t *testing.T) {
	flow, err := os.ReadFile("../../scenario/flow.txt")
	if err != nil {
		t.Skip("only in the repository")
	}
	expected, err := os.ReadFile("../../scenario/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, kept: map[string]string{}, phones: map[string]*Phone{}, routes: map[string]countersign.Rules{}}
	defer native.TestSeed(0)
	steps := 0
	for line := range strings.Lines(string(flow)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		p.step(line)
		steps++
	}
	found, wanted := bytes.Split(p.transcript.Bytes(), []byte("\n")), bytes.Split(expected, []byte("\n"))
	for i := range min(len(found), len(wanted)) {
		if !bytes.Equal(found[i], wanted[i]) {
			t.Fatalf("line %d:\n%s\nexpected:\n%s", i+1, found[i], wanted[i])
		}
	}
	if len(found) != len(wanted) {
		t.Fatalf("%d lines, expected %d", len(found), len(wanted))
	}
	t.Logf("%d steps, %d lines", steps, len(found)-1)
}

type player struct {
	t          *testing.T
	engine     *countersign.Engine
	at         time.Time
	transcript bytes.Buffer
	kept       map[string]string
	phones     map[string]*Phone
	routes     map[string]countersign.Rules
	last       string
}

func (p *player) step(line string) {
	p.t.Helper()
	for name, value := range p.kept {
		line = strings.ReplaceAll(line, "${"+name+"}", value)
	}
	p.line("# ", line)
	word, rest, _ := strings.Cut(line, " ")
	first, second, _ := strings.Cut(rest, " ")
	var err error
	switch word {
	case "seed":
		native.TestSeed(uint64(p.number(first)))
	case "clock":
		p.at = time.UnixMilli(p.number(first))
	case "wait":
		p.at = p.at.Add(time.Duration(p.number(first)) * time.Millisecond)
	case "POST", "GET":
		err = p.host(word, first, second)
	case "guard":
		p.routes[first] = p.rules(second)
	case "phone":
		p.phones[first], err = New(Settings{Saved: []byte(second), Now: p.now}, nil)
		if err == nil {
			p.phones[first].exchange = p.exchange
			p.t.Cleanup(func() { _ = p.phones[first].Close() })
		}
	case "do":
		var said []byte
		if said, err = p.phones[first].run(p.t.Context(), []byte(second)); err == nil {
			p.last = string(said)
			p.line("= ", p.last)
		}
	case "keep":
		_, value, found := strings.Cut(p.last, `"`+second+`":"`)
		if !found {
			p.t.Fatalf("%s: no such member in %s", line, p.last)
		}
		p.kept[first] = value[:quote(value)]
	case "expect":
		if !strings.Contains(p.last, rest) {
			p.t.Fatalf("%s: not in %s", line, p.last)
		}
	default:
		p.t.Fatalf("no such step: %s", line)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", line, err)
	}
}

// quote finds the end of a JSON text.
func quote(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}

func (p *player) line(mark, text string) { p.transcript.WriteString(mark + text + "\n") }

func (p *player) number(text string) int64 {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return number
}

func (p *player) now() time.Time { return p.at }

// open opens the engine before the first request: after the seed.
func (p *player) open() *countersign.Engine {
	if p.engine == nil {
		engine, err := countersign.Open(countersign.Config{
			SealingKey: bytes.Repeat([]byte{0x5a}, 32), SealingKeyID: 1,
			Storage: countersign.Memory(), OpenServerAPI: true, Now: p.now,
		})
		if err != nil {
			p.t.Fatal(err)
		}
		p.t.Cleanup(func() { _ = engine.Close() })
		p.engine = engine
	}
	return p.engine
}

func (p *player) rules(text string) countersign.Rules {
	fields := strings.Fields(text)
	if len(fields) < 3 {
		p.t.Fatalf("guard %s", text)
	}
	proof, encryption, factors := p.number(fields[0]), p.number(fields[1]), countersign.Factors(p.number(fields[2]))
	var rules countersign.Rules
	switch proof {
	case native.ProofSignature:
		rules = countersign.Signed(fields[3], factors)
	case native.ProofToken:
		rules = countersign.WithToken(factors)
	default:
		return countersign.Encrypted(countersign.Scope(encryption))
	}
	if encryption == native.ScopeActivation {
		rules = rules.Encrypted()
	}
	return rules
}

func (p *player) host(method, target, body string) error {
	request := &countersign.Request{Method: method, Body: []byte(body)}
	path, query, found := strings.Cut(target, "?")
	request.Path = path
	if found {
		request.Query = &query
	}
	if body != "" {
		request.Headers = []countersign.Header{{Name: "Content-Type", Value: "application/json"}}
	}
	response, err := p.open().Handle(p.t.Context(), request)
	if err != nil {
		return err
	}
	p.replied(response)
	p.last = string(response.Body)
	return nil
}

func (p *player) replied(response *countersign.Response) {
	p.line("< ", strconv.Itoa(response.Status))
	p.line("< ", string(response.Body))
}

// exchange answers what a phone sends: routes with a guard, the API otherwise.
func (p *player) exchange(ctx context.Context, sent wire.Request) (int, []byte, error) {
	target := sent.Path
	if sent.Query != nil {
		target += "?" + *sent.Query
	}
	p.line("> ", sent.Method+" "+target)
	request := &countersign.Request{Method: sent.Method, Path: sent.Path, Query: sent.Query, Body: sent.Body}
	for _, header := range sent.Headers {
		p.line("> ", header[0]+": "+header[1])
		request.Headers = append(request.Headers, countersign.Header{Name: header[0], Value: header[1]})
	}
	p.line("> ", string(sent.Body))
	response, err := p.answer(ctx, request)
	if err != nil {
		return 0, nil, err
	}
	p.replied(response)
	return response.Status, response.Body, nil
}

func (p *player) answer(ctx context.Context, request *countersign.Request) (*countersign.Response, error) {
	rules, guarded := p.routes[request.Path]
	if !guarded {
		return p.open().Handle(ctx, request)
	}
	passed, refused, err := p.open().Check(ctx, rules, request)
	if err != nil || refused != nil {
		return refused, err
	}
	who := passed.Caller
	plain := fmt.Appendf(nil, `{"application":"%s","version":"%s","activation":"%s","user":"%s","factors":%d,"flags":%d,"length":%d}`,
		who.ApplicationID, who.Version, who.ActivationID, who.UserID, who.Factors, len(who.Flags), len(passed.Body))
	if passed.Encrypted() {
		return passed.Seal(plain)
	}
	return &countersign.Response{Status: 200, Body: plain}, nil
}
