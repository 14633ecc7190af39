// Command gen writes the packages below api from the OpenAPI documents: the types with oapi-codegen, and
// a method per endpoint for the families that back ends call.
//
//	go run . DOCUMENTS OUTPUT
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/util"
)

// packages by document, and what the methods' names begin with in it; phones' APIs have no methods.
var packages = []struct {
	document, path string
	methods        bool
	prefix         string
	doc            string
}{
	{"server", "server", true, "", "the API for back ends that link activations to users"},
	{"cloud", "cloud", true, "Cloud", "the API of the hosted product"},
	{"admin", "admin", true, "", "the API for administrators"},
	{"standard", "standard", false, "", "what apps of the reference SDKs call"},
	{"mobile", "mobile", false, "", "approving operations on the phone"},
	{"mobile-web-flow", "mobile/webflow", false, "", "approving operations on the phone, the dialect of Web Flow"},
	{"mobile-early-enrollment", "mobile/earlyenrollment", false, "", "approving operations on the phone, the dialect of early Enrollment servers"},
	{"mobile-deployed-enrollment", "mobile/deployedenrollment", false, "", "approving operations on the phone, the dialect of deployed Enrollment servers"},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("gen DOCUMENTS OUTPUT")
	}
	for _, it := range packages {
		document := filepath.Join(os.Args[1], it.document+".json")
		folder := filepath.Join(os.Args[2], filepath.FromSlash(it.path))
		check(os.MkdirAll(folder, 0o755))
		source, err := os.ReadFile(document)
		check(err)
		spec, err := util.LoadSwagger(document)
		check(err)
		name := filepath.Base(folder)
		types := models(spec, name)
		origin := fmt.Sprintf("// Code generated from docs/openapi/%s.json (SHA-256 %x). DO NOT EDIT.\n", it.document, sha256.Sum256(source))
		_, types, _ = strings.Cut(types, "\npackage ")
		types = origin + "\n// Package " + name + " has the types of " + it.doc + ".\npackage " + types
		write(filepath.Join(folder, "types.go"), types)
		if it.methods {
			write(filepath.Join(folder, "api.go"), origin+"\n"+methods(spec, name, it.prefix))
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func write(path, text string) {
	formatted, err := format.Source([]byte(text))
	check(err)
	check(os.WriteFile(path, formatted, 0o644))
}

func models(spec *openapi3.T, name string) string {
	text, err := codegen.Generate(spec, codegen.Configuration{
		PackageName: name,
		Generate:    codegen.GenerateOptions{Models: true},
		Compatibility: codegen.CompatibilityOptions{
			AlwaysPrefixEnumValues: true,
		},
		OutputOptions: codegen.OutputOptions{
			SkipPrune:      true,
			NameNormalizer: string(codegen.NameNormalizerFunctionToCamelCaseWithInitialisms),
			PreferSkipOptionalPointerOnContainerTypes: true,
		},
	})
	check(err)
	return text
}

// methods writes a method per endpoint.
func methods(spec *openapi3.T, name, prefix string) string {
	out := &bytes.Buffer{}
	fmt.Fprintf(out, `package %s

import (
	"context"
	"net/http"
	"net/url"

	"countersign.io/countersign/internal/rest"
)

// API has a method per endpoint. Refusals are errors of type *countersign.APIError.
type API struct{ caller rest.Caller }

// New is for the engine's own use.
func New(caller rest.Caller) *API { return &API{caller} }
`, name)
	var all []string
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			all = append(all, one(path, method, operation, prefix))
		}
	}
	slices.Sort(all)
	out.WriteString(strings.Join(all, ""))
	text := out.String()
	if !strings.Contains(text, "url.") {
		text = strings.Replace(text, "\t\"net/url\"\n", "", 1)
	}
	return text
}

func one(path, method string, operation *openapi3.Operation, prefix string) string {
	out := &strings.Builder{}
	name := strings.TrimPrefix(codegen.SchemaNameToTypeName(operation.OperationID), prefix)
	in, envelopeIn := content(operation.RequestBody)
	answer, envelopeOut := schemaOf(operation.Responses.Value("200").Value.Content.Get("application/json").Schema)
	signature, query, place := []string{"ctx context.Context"}, "", strconv.Quote(path)
	for _, parameter := range operation.Parameters {
		argument := parameter.Value.Name
		signature = append(signature, argument+" string")
		switch {
		case parameter.Value.In == "path":
			place = strings.ReplaceAll(place, "{"+argument+"}", `" + url.PathEscape(`+argument+`) + "`)
		case parameter.Value.Required:
			query += fmt.Sprintf("query.Set(%q, %s)\n", argument, argument)
		default:
			query += fmt.Sprintf("if %s != \"\" {\nquery.Set(%q, %s)\n}\n", argument, argument, argument)
		}
	}
	place = strings.TrimSuffix(place, ` + ""`)
	sent := "nil"
	if in != "" {
		signature = append(signature, "request "+in)
		sent = "request"
		if envelopeIn {
			sent = "rest.Request[" + in + "]{RequestObject: request}"
		}
	}
	fmt.Fprintf(out, "\n// %s: %s.\n", name, lower(strings.TrimSuffix(operation.Summary, ".")))
	if detail := strings.TrimSpace(strings.TrimPrefix(operation.Description, operation.Summary)); strings.Trim(detail, ".") != "" {
		fmt.Fprintf(out, "//\n// %s\n", strings.ReplaceAll(strings.TrimLeft(detail, ". "), "\n", "\n// "))
	}
	for _, parameter := range operation.Parameters {
		if !parameter.Value.Required {
			fmt.Fprintf(out, "// An empty %s is left out.\n", parameter.Value.Name)
		}
	}
	result, target := "error", "nil"
	if answer != "" {
		result = "(answer " + answer + ", err error)"
		target = "&answer"
		if envelopeOut {
			target = "&rest.Response[" + answer + "]{ResponseObject: &answer}"
		}
	}
	fmt.Fprintf(out, "func (api *API) %s(%s) %s {\n", name, strings.Join(signature, ", "), result)
	values := "nil"
	if query != "" {
		fmt.Fprintf(out, "query := url.Values{}\n%s", query)
		values = "query"
	}
	call := fmt.Sprintf("api.caller.Call(ctx, http.Method%s, %s, %s, %s, %s)",
		codegen.SchemaNameToTypeName(strings.ToLower(method)), place, values, sent, target)
	if answer == "" {
		fmt.Fprintf(out, "return %s\n}\n", call)
	} else {
		fmt.Fprintf(out, "err = %s\nreturn answer, err\n}\n", call)
	}
	return out.String()
}

func lower(text string) string {
	if len(text) > 1 && text[1] >= 'a' {
		return strings.ToLower(text[:1]) + text[1:]
	}
	return text
}

func content(body *openapi3.RequestBodyRef) (name string, envelope bool) {
	if body == nil {
		return "", false
	}
	schema := body.Value.Content.Get("application/json").Schema
	if inner := schema.Value.Properties["requestObject"]; inner != nil {
		return typeOf(inner), true
	}
	return typeOf(schema), false
}

func schemaOf(schema *openapi3.SchemaRef) (name string, envelope bool) {
	if inner := schema.Value.Properties["responseObject"]; inner != nil {
		return typeOf(inner), true
	}
	if _, ok := schema.Value.Properties["status"]; ok && len(schema.Value.Properties) == 1 {
		return "", false
	}
	return typeOf(schema), false
}

func typeOf(schema *openapi3.SchemaRef) string {
	if schema.Ref != "" {
		return codegen.SchemaNameToTypeName(schema.Ref[strings.LastIndex(schema.Ref, "/")+1:])
	}
	if schema.Value.Items != nil {
		return "[]" + typeOf(schema.Value.Items)
	}
	log.Fatalf("a schema without a name: %v", schema.Value)
	return ""
}
