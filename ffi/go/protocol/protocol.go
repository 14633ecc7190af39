// Package protocol has the parts of the protocol's cryptography that are useful alone, without an engine:
// envelopes, headers and signatures with given keys, token digests, offline payloads and codes, activation
// codes, the status.
//
// Nothing here remembers what was accepted: that an envelope, a counter or a nonce comes once is the
// caller's to see to.
package protocol

import (
	"encoding/json"
	"fmt"
	"time"

	"countersign.io/countersign"
	"countersign.io/countersign/internal/native"
)

// Error tells why there is no result.
type Error struct {
	// Kind is malformed (a text or an envelope is not what it should be) or failed (it cannot be opened, or
	// not be made).
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("protocol: %s: %s", e.Kind, e.Message) }

// Do carries out a command, which is encoded as a JSON object, and decodes its result unless that is nil.
// The functions below are the usual commands; src/bridge/protocol/mod.rs of the project lists all.
//
// Errors: [*Error]; [countersign.ErrArgument] when the command cannot be read.
func Do(command, result any) error {
	text, err := json.Marshal(command)
	if err != nil {
		return fmt.Errorf("%w: %w", countersign.ErrArgument, err)
	}
	code, said := native.Protocol(text, time.Time{})
	clear(text)
	if code != native.OK {
		return &countersign.Error{Code: int(code), Detail: string(said)}
	}
	defer clear(said)
	var outcome struct {
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
	}
	switch err := json.Unmarshal(said, &outcome); {
	case err != nil:
		return fmt.Errorf("%w: %w", countersign.ErrInternal, err)
	case outcome.Error != nil:
		return outcome.Error
	case result == nil:
		return nil
	}
	return json.Unmarshal(outcome.Result, result)
}

type object map[string]any

// with adds a member that may be left out.
func (o object) with(name string, value any, present bool) object {
	if present {
		o[name] = value
	}
	return o
}

// ActivationCode reads an activation code, alone or with its signature (code#signature). Signed tells
// whether the signature is by this key, which may be nil.
func ActivationCode(text string, masterPublicKey []byte) (code string, signed bool, err error) {
	var found struct {
		Code   string
		Signed bool
	}
	command := object{"do": "activationCode", "text": text}
	err = Do(command.with("masterPublicKey", masterPublicKey, masterPublicKey != nil), &found)
	return found.Code, found.Signed, err
}

// TokenDigest is the digest that a token's header carries. Secret and nonce have 16 bytes; the timestamp
// counts milliseconds since 1970.
func TokenDigest(secret, nonce []byte, timestamp uint64, version string) (digest []byte, err error) {
	var found struct{ Digest []byte }
	err = Do(object{
		"do": "tokenDigest", "secret": secret, "nonce": nonce, "timestamp": timestamp, "version": version,
	}, &found)
	return found.Digest, err
}

// TokenHeader is what X-PowerAuth-Token carries.
type TokenHeader struct {
	TokenID       string
	Digest, Nonce []byte
	// Timestamp counts milliseconds since 1970.
	Timestamp uint64
	Version   string
}

// ReadTokenHeader reads the value of X-PowerAuth-Token. With a secret, 16 bytes or nil, valid tells whether
// the digest was made with it; it says nothing of the digest's age.
func ReadTokenHeader(value string, secret []byte) (header TokenHeader, valid bool, err error) {
	var found struct {
		TokenHeader
		Valid bool
	}
	err = Do(object{"do": "tokenHeader", "value": value}.with("secret", secret, secret != nil), &found)
	return found.TokenHeader, found.Valid, err
}

// SignatureHeader is what X-PowerAuth-Authorization carries.
type SignatureHeader struct {
	ActivationID, ApplicationKey string
	Nonce                        []byte
	// Factors such as possession_knowledge.
	Factors            string
	Signature, Version string
}

// ReadSignatureHeader reads the value of X-PowerAuth-Authorization.
func ReadSignatureHeader(value string) (header SignatureHeader, err error) {
	err = Do(object{"do": "signatureHeader", "value": value}, &header)
	return header, err
}

// EncryptionHeader is what X-PowerAuth-Encryption carries; without ActivationID in application scope.
type EncryptionHeader struct{ Version, ApplicationKey, ActivationID string }

// ReadEncryptionHeader reads the value of X-PowerAuth-Encryption.
func ReadEncryptionHeader(value string) (header EncryptionHeader, err error) {
	err = Do(object{"do": "encryptionHeader", "value": value}, &header)
	return header, err
}

// FactorKeys are the keys of an activation's factors, 16 bytes each; nil where there is none.
type FactorKeys struct {
	Possession, Knowledge, Biometry []byte
}

func (keys FactorKeys) add(command object) object {
	return command.with("possessionKey", keys.Possession, keys.Possession != nil).
		with("knowledgeKey", keys.Knowledge, keys.Knowledge != nil).
		with("biometryKey", keys.Biometry, keys.Biometry != nil)
}

// Verified is the outcome of a signature.
type Verified struct {
	Valid bool
	// Offset is how many steps ahead of the counter it was made.
	Offset int
	// Factors such as possession_knowledge.
	Factors string
	// Next is the counter to store.
	Next []byte
}

// Signed is a request whose signature is to be verified.
type Signed struct {
	// Header is the value of X-PowerAuth-Authorization.
	Header string
	// Method, and the resource id that app and host have agreed on.
	Method, Resource string
	// Data is the body, or of a GET the normalised query.
	Data []byte
	// ApplicationSecret as text.
	ApplicationSecret string
	// Counter of 16 bytes, and how many steps ahead a signature may be; the default when 0.
	Counter []byte
	Window  int
}

// VerifySignature verifies a request's signature with given keys.
func VerifySignature(signed Signed, keys FactorKeys) (verified Verified, err error) {
	err = Do(keys.add(object{
		"do": "verifySignature", "value": signed.Header, "method": signed.Method, "uriId": signed.Resource,
		"data": notNil(signed.Data), "applicationSecret": signed.ApplicationSecret, "counter": signed.Counter,
	}).with("window", signed.Window, signed.Window != 0), &verified)
	return verified, err
}

// Status is what a status blob says.
type Status struct {
	// Status is 1 CREATED, 2 PENDING_COMMIT, 3 ACTIVE, 4 BLOCKED or 5 REMOVED.
	Status                            int
	CurrentVersion, UpgradeVersion    int
	FailedAttempts, MaxFailedAttempts int
	LookAhead, CounterByte            int
	CounterDigest                     []byte
}

// StatusBlob opens the encrypted status of an activation. Key, challenge and nonce have 16 bytes.
func StatusBlob(blob, transportKey, challenge, nonce []byte) (status Status, err error) {
	err = Do(object{
		"do": "statusBlob", "blob": blob, "transportKey": transportKey, "challenge": challenge, "nonce": nonce,
	}, &status)
	return status, err
}

// Terms are what both sides know of an envelope.
type Terms struct {
	// Version of the protocol.
	Version string `json:"version"`
	// Purpose is genericApplication, genericActivation, activationLayer1, activationLayer2, upgradeStart,
	// vaultUnlock, tokenCreate or recoveryConfirm.
	Purpose string `json:"purpose"`
	// ApplicationKey and ApplicationSecret as text.
	ApplicationKey    string `json:"applicationKey"`
	ApplicationSecret string `json:"applicationSecret"`
	// ActivationID and TransportKey (16 bytes) in activation scope.
	ActivationID string `json:"activationId,omitempty"`
	TransportKey []byte `json:"transportKey,omitempty"`
	// TemporaryKeyID in version 3.3.
	TemporaryKeyID string `json:"temporaryKeyId,omitempty"`
}

// Envelope is an encrypted request or response, as JSON.
type Envelope = json.RawMessage

// Seal encrypts a request for a public key. The envelope key, 48 bytes, opens the response.
func Seal(terms Terms, publicKey, plain []byte) (envelope Envelope, envelopeKey []byte, err error) {
	var found struct {
		Envelope    Envelope
		EnvelopeKey []byte
	}
	err = Do(object{"do": "eciesSeal", "parameters": terms, "publicKey": publicKey, "data": notNil(plain)}, &found)
	return found.Envelope, found.EnvelopeKey, err
}

// Open decrypts a request with a private key of 32 bytes.
func Open(terms Terms, privateKey []byte, envelope Envelope) (plain []byte, err error) {
	var found struct{ Data []byte }
	err = Do(object{"do": "eciesOpen", "parameters": terms, "privateKey": privateKey, "envelope": envelope}, &found)
	return found.Data, err
}

// SealResponse encrypts the response to a request.
func SealResponse(terms Terms, privateKey []byte, request Envelope, plain []byte) (response Envelope, err error) {
	var found struct{ Response Envelope }
	err = Do(object{
		"do": "eciesSealResponse", "parameters": terms, "privateKey": privateKey, "envelope": request, "data": notNil(plain),
	}, &found)
	return found.Response, err
}

// OpenResponse decrypts a response. The nonce is that of the request, nil where it had none.
func OpenResponse(terms Terms, envelopeKey, requestNonce []byte, response Envelope) (plain []byte, err error) {
	var found struct{ Data []byte }
	command := object{"do": "eciesOpenResponse", "parameters": terms, "envelopeKey": envelopeKey, "response": response}
	err = Do(command.with("requestNonce", requestNonce, requestNonce != nil), &found)
	return found.Data, err
}

// OfflinePayload makes what a QR code shows, of lines 0 to 4, signed with a private key of 32 bytes.
func OfflinePayload(lines string, privateKey []byte, personalized bool, nonce []byte) (payload string, err error) {
	var found struct{ Payload string }
	err = Do(object{
		"do": "offlinePayload", "data": lines, "privateKey": privateKey, "personalized": personalized, "nonce": nonce,
	}, &found)
	return found.Payload, err
}

// Payload is what a QR code shows.
type Payload struct {
	Personalized                      bool
	OperationID, Title, Message, Data string
	// Nonce as text; BaseString is what the typed code signs.
	Nonce, BaseString string
}

// VerifyOfflinePayload reads what a QR code shows. Unless it is signed with the key nothing of it is to be
// shown to anybody: valid is false, the payload empty.
func VerifyOfflinePayload(payload string, publicKey []byte) (read Payload, valid bool, err error) {
	var found struct {
		Payload
		Valid bool
	}
	err = Do(object{"do": "verifyOfflinePayload", "payload": payload, "publicKey": publicKey}, &found)
	return found.Payload, found.Valid, err
}

// VerifyOfflineCode verifies the code that a user has typed. Window as in [Signed].
func VerifyOfflineCode(baseString, code string, counter []byte, window int, keys FactorKeys) (verified Verified, err error) {
	command := keys.add(object{"do": "verifyOfflineCode", "baseString": baseString, "code": code, "counter": counter})
	err = Do(command.with("window", window, window != 0), &verified)
	return verified, err
}

// notNil keeps no bytes from becoming null.
func notNil(bytes []byte) []byte {
	if bytes == nil {
		return []byte{}
	}
	return bytes
}
