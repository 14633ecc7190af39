package protocol_test

import (
	"bytes"
	"crypto/aes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"countersign.io/countersign"
	"countersign.io/countersign/protocol"
)

const someID = "d6561669-34d6-4fee-8913-89477687a5cb"

// vectors reads a file of tests/vectors/own, which Rust's tests read, too.
func vectors[In, Out any](t *testing.T, name string, run func(t *testing.T, in In, out Out)) {
	source, err := os.ReadFile("../../../tests/vectors/own/" + name + ".json")
	if err != nil {
		t.Skip("only in the repository")
	}
	var file struct {
		Count   int
		Vectors []struct {
			ID     string
			Input  In
			Output Out
		}
	}
	if err := json.Unmarshal(source, &file); err != nil {
		t.Fatal(err)
	}
	for _, vector := range file.Vectors {
		run(t, vector.Input, vector.Output)
		if t.Failed() {
			t.Fatal(vector.ID)
		}
	}
	if file.Count == 0 || file.Count != len(file.Vectors) {
		t.Error("vectors are missing")
	}
	t.Logf("%d vectors of %s", len(file.Vectors), name)
}

func TestActivationCodes(t *testing.T) {
	type out struct{ Code, MistypedCode string }
	vectors(t, "activation-code", func(t *testing.T, _ struct{}, out out) {
		code, signed, err := protocol.ActivationCode(out.Code, nil)
		if err != nil || signed || code != out.Code {
			t.Error(code, signed, err)
		}
		var refused *protocol.Error
		if _, _, err = protocol.ActivationCode(out.MistypedCode, nil); !errors.As(err, &refused) || refused.Kind != "malformed" {
			t.Error(err)
		}
	})
	type in struct {
		ActivationCode  string
		MasterPublicKey []byte
	}
	type signature struct{ ActivationSignature string }
	vectors(t, "activation-signature", func(t *testing.T, in in, out signature) {
		code, signed, err := protocol.ActivationCode(in.ActivationCode+"#"+out.ActivationSignature, in.MasterPublicKey)
		if err != nil || !signed || code != in.ActivationCode {
			t.Error(code, signed, err)
		}
		other := bytes.Clone(in.MasterPublicKey)
		other[len(other)-1] ^= 1
		if _, signed, err := protocol.ActivationCode(in.ActivationCode+"#"+out.ActivationSignature, other); err == nil && signed {
			t.Error("signed with another key")
		}
	})
}

func TestTokenDigests(t *testing.T) {
	type in struct {
		TokenSecret, Nonce []byte
		Timestamp          uint64
		Version            string
	}
	type out struct{ TokenDigest []byte }
	vectors(t, "token-digest", func(t *testing.T, in in, out out) {
		digest, err := protocol.TokenDigest(in.TokenSecret, in.Nonce, in.Timestamp, in.Version)
		if err != nil || !bytes.Equal(digest, out.TokenDigest) {
			t.Error(digest, err)
		}
		value := fmt.Sprintf(`PowerAuth token_id="%s", token_digest="%s", nonce="%s", timestamp="%d", version="%s"`,
			someID, base64.StdEncoding.EncodeToString(digest), base64.StdEncoding.EncodeToString(in.Nonce), in.Timestamp, in.Version)
		header, valid, err := protocol.ReadTokenHeader(value, in.TokenSecret)
		if err != nil || !valid || header.TokenID != someID || !bytes.Equal(header.Digest, digest) || header.Timestamp != in.Timestamp {
			t.Error(header, valid, err)
		}
		in.TokenSecret[0] ^= 1
		if _, valid, err := protocol.ReadTokenHeader(value, in.TokenSecret); err != nil || valid {
			t.Error("made with another secret", err)
		}
	})
}

// derived is a key of the protocol's key derivation.
func derived(t *testing.T, master []byte, index uint64) []byte {
	cipher, err := aes.NewCipher(master)
	if err != nil {
		t.Fatal(err)
	}
	block := binary.BigEndian.AppendUint64(make([]byte, 8), index)
	cipher.Encrypt(block, block)
	return block
}

func TestSignatures(t *testing.T) {
	type in struct {
		MasterSecretKey, CtrData, Body                                  []byte
		Version, SignatureType, Method, URIID, Nonce, ApplicationSecret string
	}
	type out struct{ Signature string }
	vectors(t, "signed-request", func(t *testing.T, in in, out out) {
		keys := protocol.FactorKeys{
			Possession: derived(t, in.MasterSecretKey, 1),
			Knowledge:  derived(t, in.MasterSecretKey, 2),
			Biometry:   derived(t, in.MasterSecretKey, 3),
		}
		value := fmt.Sprintf(`PowerAuth pa_activation_id="%s", pa_application_key="%s", pa_nonce="%s", pa_signature_type="%s", pa_signature="%s", pa_version="%s"`,
			someID, "AAAAAAAAAAAAAAAAAAAAAA==", in.Nonce, in.SignatureType, out.Signature, in.Version)
		header, err := protocol.ReadSignatureHeader(value)
		if err != nil || header.ActivationID != someID || header.Factors != in.SignatureType || header.Signature != out.Signature {
			t.Error(header, err)
		}
		signed := protocol.Signed{
			Header: value, Method: in.Method, Resource: in.URIID, Data: in.Body,
			ApplicationSecret: in.ApplicationSecret, Counter: in.CtrData, Window: 1,
		}
		verified, err := protocol.VerifySignature(signed, keys)
		if err != nil || !verified.Valid || verified.Offset != 0 || verified.Factors != in.SignatureType {
			t.Fatal(verified, err)
		}
		// Neither with another body, nor a second time.
		other := signed
		other.Data = []byte("?")
		signed.Counter, signed.Window = verified.Next, 0
		for _, wrong := range []protocol.Signed{other, signed} {
			if verified, err := protocol.VerifySignature(wrong, keys); err != nil || verified.Valid {
				t.Error(verified, err)
			}
		}
		var refused *protocol.Error
		if _, err := protocol.VerifySignature(signed, protocol.FactorKeys{}); !errors.As(err, &refused) || refused.Kind != "malformed" {
			t.Error("without keys:", err)
		}
	})
}

func TestOffline(t *testing.T) {
	// The base point of the curve belongs to the private key 1.
	base, err := hex.DecodeString("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
	if err != nil {
		t.Fatal(err)
	}
	private := append(make([]byte, 31), 1)
	payload, err := protocol.OfflinePayload(someID+"\nPayment\nPay 100 CZK\nA1*A100CZK\n0", private, true, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	read, valid, err := protocol.VerifyOfflinePayload(payload, base)
	if err != nil || !valid || !read.Personalized || read.Title != "Payment" || read.Data != "A1*A100CZK" || read.OperationID != someID {
		t.Error(read, valid, err)
	}
	changed := strings.Replace(payload, "100 CZK", "900 CZK", 1)
	if shown, valid, err := protocol.VerifyOfflinePayload(changed, base); err != nil || valid || shown != (protocol.Payload{}) {
		t.Error(shown, valid, err)
	}
	zero := make([]byte, 16)
	code, err := protocol.VerifyOfflineCode(read.BaseString, "00000000-00000000", zero, 0, protocol.FactorKeys{Possession: zero, Knowledge: zero})
	if err != nil || code.Valid {
		t.Error(code, err)
	}
}

func TestHeaders(t *testing.T) {
	header, err := protocol.ReadEncryptionHeader(`PowerAuth version="3.2", application_key="AAAAAAAAAAAAAAAAAAAAAA=="`)
	if err != nil || header != (protocol.EncryptionHeader{Version: "3.2", ApplicationKey: "AAAAAAAAAAAAAAAAAAAAAA=="}) {
		t.Error(header, err)
	}
	var refused *protocol.Error
	for _, text := range []string{"", "PowerAuth", "Basic x", "\x00", strings.Repeat("x", 100_000)} {
		_, one := protocol.ReadSignatureHeader(text)
		_, _, two := protocol.ReadTokenHeader(text, nil)
		_, three := protocol.ReadEncryptionHeader(text)
		for _, err := range []error{one, two, three} {
			if !errors.As(err, &refused) || refused.Kind != "malformed" {
				t.Error(text, err)
			}
		}
	}
}

func TestStatusBlobs(t *testing.T) {
	type in struct{ TransportKey, Challenge, Nonce, EncryptedStatusBlob []byte }
	type out struct {
		ActivationStatus, CurrentVersion, UpgradeVersion, FailedAttempts, MaxFailedAttempts, CtrLookAhead, CtrByte string
		CtrDataHash                                                                                                []byte
	}
	vectors(t, "status-blob", func(t *testing.T, in in, out out) {
		found, err := protocol.StatusBlob(in.EncryptedStatusBlob, in.TransportKey, in.Challenge, in.Nonce)
		if err != nil || !bytes.Equal(found.CounterDigest, out.CtrDataHash) {
			t.Error(found, err)
		}
		for number, text := range map[*int]string{
			&found.Status: out.ActivationStatus, &found.CurrentVersion: out.CurrentVersion, &found.UpgradeVersion: out.UpgradeVersion,
			&found.FailedAttempts: out.FailedAttempts, &found.MaxFailedAttempts: out.MaxFailedAttempts,
			&found.LookAhead: out.CtrLookAhead, &found.CounterByte: out.CtrByte,
		} {
			if strconv.Itoa(*number) != text {
				t.Errorf("%d instead of %s in %+v", *number, text, found)
			}
		}
	})
}

func TestEnvelopes(t *testing.T) {
	purposes := map[string]string{
		"APPLICATION_SCOPE_GENERIC": "genericApplication", "ACTIVATION_SCOPE_GENERIC": "genericActivation",
		"ACTIVATION_LAYER_2": "activationLayer2", "UPGRADE": "upgradeStart", "VAULT_UNLOCK": "vaultUnlock",
		"CREATE_TOKEN": "tokenCreate", "CONFIRM_RECOVERY_CODE": "recoveryConfirm",
	}
	type in struct {
		Version, Encryptor, ApplicationKey, ApplicationSecret, ActivationID, TemporaryKeyID string
		TransportKey, EncryptionPrivateKey, EncryptionPublicKey                             []byte
		Request, Response                                                                   map[string]any
	}
	type out struct{ RequestPlaintext, ResponsePlaintext, EnvelopeKey []byte }
	for _, name := range []string{"ecies-v30", "ecies-v31", "ecies-v32", "ecies-v33"} {
		vectors(t, name, func(t *testing.T, in in, out out) {
			terms := protocol.Terms{
				Version: in.Version, Purpose: purposes[in.Encryptor], ApplicationKey: in.ApplicationKey,
				ApplicationSecret: in.ApplicationSecret, ActivationID: in.ActivationID,
				TransportKey: in.TransportKey, TemporaryKeyID: in.TemporaryKeyID,
			}
			if in.TemporaryKeyID != "" {
				in.Request["temporaryKeyId"] = in.TemporaryKeyID
			}
			request, response := envelope(t, in.Request), envelope(t, in.Response)
			plain, err := protocol.Open(terms, in.EncryptionPrivateKey, request)
			if err != nil || !bytes.Equal(plain, out.RequestPlaintext) {
				t.Errorf("%q %v", plain, err)
			}
			var nonce struct{ Nonce []byte }
			if err := json.Unmarshal(request, &nonce); err != nil {
				t.Fatal(err)
			}
			plain, err = protocol.OpenResponse(terms, out.EnvelopeKey, nonce.Nonce, response)
			if err != nil || !bytes.Equal(plain, out.ResponsePlaintext) {
				t.Errorf("response: %q %v", plain, err)
			}
			// There and back, with fresh randomness.
			sealed, envelopeKey, err := protocol.Seal(terms, in.EncryptionPublicKey, out.RequestPlaintext)
			if err != nil {
				t.Fatal(err)
			}
			nonce.Nonce = nil
			if err := json.Unmarshal(sealed, &nonce); err != nil {
				t.Fatal(err)
			}
			answer, err := protocol.SealResponse(terms, in.EncryptionPrivateKey, sealed, out.ResponsePlaintext)
			if err != nil {
				t.Fatal(err)
			}
			plain, err = protocol.OpenResponse(terms, envelopeKey, nonce.Nonce, answer)
			if err != nil || !bytes.Equal(plain, out.ResponsePlaintext) {
				t.Errorf("back: %q %v", plain, err)
			}
			terms.ApplicationSecret += "x"
			var refused *protocol.Error
			if _, err := protocol.Open(terms, in.EncryptionPrivateKey, request); !errors.As(err, &refused) || refused.Kind != "failed" {
				t.Error("opened with another secret:", err)
			}
		})
	}
}

// envelope leaves out what is null.
func envelope(t *testing.T, members map[string]any) protocol.Envelope {
	present := map[string]any{}
	for name, value := range members {
		if number, ok := value.(float64); ok {
			value = uint64(number)
		}
		if value != nil {
			present[name] = value
		}
	}
	encoded, err := json.Marshal(present)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// Wrong arguments are errors with a family.
func TestWrongCommands(t *testing.T) {
	for _, command := range []any{nil, 1, "", map[string]any{}, map[string]any{"do": "nothing"}, map[string]any{"do": "activationCode", "text": 1}, func() {}} {
		if err := protocol.Do(command, nil); !errors.Is(err, countersign.ErrArgument) {
			t.Error(command, err)
		}
	}
	for _, length := range []int{0, 15, 17, 1 << 20} {
		if _, err := protocol.TokenDigest(make([]byte, length), make([]byte, 16), 1, "3.2"); !errors.Is(err, countersign.ErrArgument) {
			t.Error(length, err)
		}
	}
	_, err := protocol.VerifySignature(protocol.Signed{Header: "?", Counter: make([]byte, 16)}, protocol.FactorKeys{})
	var refused *protocol.Error
	if !errors.As(err, &refused) {
		t.Error(err)
	}
}
