package countersign_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The generated files carry the digest of the document they were made from. generate.sh --check compares
// every byte, but has to download its generator.
func TestGeneratedFromTheDocuments(t *testing.T) {
	documents, err := filepath.Glob("../../docs/openapi/*.json")
	if err != nil || len(documents) == 0 {
		t.Skip("only in the repository", err)
	}
	var generated []byte
	for _, pattern := range []string{"api/*/*.go", "api/*/*/*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := bytes.Cut(source, []byte("\n"))
			generated = append(append(generated, first...), '\n')
		}
	}
	for _, document := range documents {
		source, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(document), ".json")
		line := fmt.Sprintf("docs/openapi/%s.json (SHA-256 %x)", name, sha256.Sum256(source))
		if !bytes.Contains(generated, []byte(line)) {
			t.Errorf("api was made from another %s.json: run generate.sh and commit", name)
		}
	}
	t.Logf("%d documents", len(documents))
}
