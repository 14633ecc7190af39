// Code generated from docs/openapi/standard.json (SHA-256 9b766991d841c674dedc37cb4aecec3e4ac0cd0d12eb6957cbaefa962c5a7c1e). DO NOT EDIT.

// Package standard has the types of what apps of the reference SDKs call.
package standard

// Defines values for ErrorResponseStatus.
const (
	ErrorResponseStatusERROR ErrorResponseStatus = "ERROR"
)

// Valid indicates whether the value is a known member of the ErrorResponseStatus enum.
func (e ErrorResponseStatus) Valid() bool {
	switch e {
	case ErrorResponseStatusERROR:
		return true
	default:
		return false
	}
}

// Defines values for OkResponseStatus.
const (
	OkResponseStatusOK OkResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the OkResponseStatus enum.
func (e OkResponseStatus) Valid() bool {
	switch e {
	case OkResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PhoneActivationRemoveResponseStatus.
const (
	PhoneActivationRemoveResponseStatusOK PhoneActivationRemoveResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PhoneActivationRemoveResponseStatus enum.
func (e PhoneActivationRemoveResponseStatus) Valid() bool {
	switch e {
	case PhoneActivationRemoveResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PhoneActivationStatusResponseStatus.
const (
	PhoneActivationStatusResponseStatusOK PhoneActivationStatusResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PhoneActivationStatusResponseStatus enum.
func (e PhoneActivationStatusResponseStatus) Valid() bool {
	switch e {
	case PhoneActivationStatusResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PhoneKeystoreCreateResponseStatus.
const (
	PhoneKeystoreCreateResponseStatusOK PhoneKeystoreCreateResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PhoneKeystoreCreateResponseStatus enum.
func (e PhoneKeystoreCreateResponseStatus) Valid() bool {
	switch e {
	case PhoneKeystoreCreateResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PhoneServerStatusResponseStatus.
const (
	PhoneServerStatusResponseStatusOK PhoneServerStatusResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PhoneServerStatusResponseStatus enum.
func (e PhoneServerStatusResponseStatus) Valid() bool {
	switch e {
	case PhoneServerStatusResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PhoneTokenRemoveResponseStatus.
const (
	PhoneTokenRemoveResponseStatusOK PhoneTokenRemoveResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PhoneTokenRemoveResponseStatus enum.
func (e PhoneTokenRemoveResponseStatus) Valid() bool {
	switch e {
	case PhoneTokenRemoveResponseStatusOK:
		return true
	default:
		return false
	}
}

// EnvelopeRequest Request envelope as JSON. Unknown properties are refused; `null` means absent.
type EnvelopeRequest struct {
	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// TemporaryKeyID UUID text of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Unix time in milliseconds; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`
}

// EnvelopeResponse Response envelope as JSON. Up to 3.1 `nonce` and `timestamp` are written as `null`, as deployed servers do.
type EnvelopeResponse struct {
	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.2.
	Nonce []byte `json:"nonce"`

	// Timestamp Unix time in milliseconds; from 3.2.
	Timestamp *int64 `json:"timestamp"`
}

// ErrorDetail Why the request got no answer.
type ErrorDetail struct {
	// Code For programs. New codes may come.
	Code string `json:"code"`

	// CurrentRecoveryPukIndex After a wrong PUK: the number of the one to try next. 0 with `ERROR_HTTP_REQUEST`.
	CurrentRecoveryPukIndex *int64 `json:"currentRecoveryPukIndex,omitempty"`

	// LocalizedMessage The same; the server API has it.
	LocalizedMessage *string `json:"localizedMessage,omitempty"`

	// Message For people who read logs; says nothing about users.
	Message string `json:"message"`

	// Violations What is wrong with the request, all of it.
	Violations []ErrorViolation `json:"violations,omitempty"`
}

// ErrorResponse A refusal.
type ErrorResponse struct {
	// ResponseObject Why the request got no answer.
	ResponseObject ErrorDetail         `json:"responseObject"`
	Status         ErrorResponseStatus `json:"status"`
}

// ErrorResponseStatus defines model for ErrorResponse.Status.
type ErrorResponseStatus string

// ErrorViolation What is wrong with a member of a request.
type ErrorViolation struct {
	// FieldName Name of the member.
	FieldName string `json:"fieldName"`

	// Hint What it should be.
	Hint string `json:"hint"`

	// InvalidValue What it was, unless it is missing or secret.
	InvalidValue *string `json:"invalidValue,omitempty"`
}

// Jwt Request of `phoneKeystoreCreate`. Answer of `phoneKeystoreCreate`.
type Jwt struct {
	// Jwt Compact JWT.
	Jwt string `json:"jwt"`
}

// OkResponse It was done, and there is nothing more to say.
type OkResponse struct {
	Status OkResponseStatus `json:"status"`
}

// OkResponseStatus defines model for OkResponse.Status.
type OkResponseStatus string

// PhoneActivationRemoveResponse The answer of `phoneActivationRemove`.
type PhoneActivationRemoveResponse struct {
	// ResponseObject The activation that is no more.
	ResponseObject RemovedByPhone                      `json:"responseObject"`
	Status         PhoneActivationRemoveResponseStatus `json:"status"`
}

// PhoneActivationRemoveResponseStatus defines model for PhoneActivationRemoveResponse.Status.
type PhoneActivationRemoveResponseStatus string

// PhoneActivationStatusRequest The body of `phoneActivationStatus`.
type PhoneActivationStatusRequest struct {
	// RequestObject Which activation, and what the answer is to depend on.
	RequestObject PhoneStatusRequest `json:"requestObject"`
}

// PhoneActivationStatusResponse The answer of `phoneActivationStatus`.
type PhoneActivationStatusResponse struct {
	// ResponseObject The state of an activation, for its phone only.
	ResponseObject PhoneStatus                         `json:"responseObject"`
	Status         PhoneActivationStatusResponseStatus `json:"status"`
}

// PhoneActivationStatusResponseStatus defines model for PhoneActivationStatusResponse.Status.
type PhoneActivationStatusResponseStatus string

// PhoneKeystoreCreateRequest The body of `phoneKeystoreCreate`.
type PhoneKeystoreCreateRequest struct {
	// RequestObject Request of `phoneKeystoreCreate`. Answer of `phoneKeystoreCreate`.
	RequestObject Jwt `json:"requestObject"`
}

// PhoneKeystoreCreateResponse The answer of `phoneKeystoreCreate`.
type PhoneKeystoreCreateResponse struct {
	// ResponseObject Request of `phoneKeystoreCreate`. Answer of `phoneKeystoreCreate`.
	ResponseObject Jwt                               `json:"responseObject"`
	Status         PhoneKeystoreCreateResponseStatus `json:"status"`
}

// PhoneKeystoreCreateResponseStatus defines model for PhoneKeystoreCreateResponse.Status.
type PhoneKeystoreCreateResponseStatus string

// PhoneServerStatus The server as phones see it.
type PhoneServerStatus struct {
	Application struct {
		// Name Configured name.
		Name string `json:"name"`

		// Version Version of this product.
		Version string `json:"version"`
	} `json:"application"`

	// ServerTime Milliseconds since the epoch.
	ServerTime int64 `json:"serverTime"`
}

// PhoneServerStatusResponse The answer of `phoneServerStatus`.
type PhoneServerStatusResponse struct {
	// ResponseObject The server as phones see it.
	ResponseObject PhoneServerStatus               `json:"responseObject"`
	Status         PhoneServerStatusResponseStatus `json:"status"`
}

// PhoneServerStatusResponseStatus defines model for PhoneServerStatusResponse.Status.
type PhoneServerStatusResponseStatus string

// PhoneStatus The state of an activation, for its phone only.
type PhoneStatus struct {
	// ActivationID As requested.
	ActivationID string `json:"activationId"`

	// EncryptedStatusBlob Base64 of 32 bytes.
	EncryptedStatusBlob []byte `json:"encryptedStatusBlob"`

	// Nonce Base64 of 16 bytes; when there was a challenge.
	Nonce []byte `json:"nonce,omitempty"`
}

// PhoneStatusRequest Which activation, and what the answer is to depend on.
type PhoneStatusRequest struct {
	// ActivationID UUID.
	ActivationID string `json:"activationId"`

	// Challenge Base64 of 16 bytes; none from protocol 3.0.
	Challenge []byte `json:"challenge,omitempty"`
}

// PhoneTokenRemoveRequest The body of `phoneTokenRemove`.
type PhoneTokenRemoveRequest struct {
	// RequestObject A token.
	RequestObject TokenName `json:"requestObject"`
}

// PhoneTokenRemoveResponse The answer of `phoneTokenRemove`.
type PhoneTokenRemoveResponse struct {
	// ResponseObject A token.
	ResponseObject TokenName                      `json:"responseObject"`
	Status         PhoneTokenRemoveResponseStatus `json:"status"`
}

// PhoneTokenRemoveResponseStatus defines model for PhoneTokenRemoveResponse.Status.
type PhoneTokenRemoveResponseStatus string

// RemovedByPhone The activation that is no more.
type RemovedByPhone struct {
	// ActivationID UUID.
	ActivationID string `json:"activationId"`
}

// TokenName A token.
type TokenName struct {
	// TokenID UUID.
	TokenID string `json:"tokenId"`
}

// BadRequest A refusal.
type BadRequest = ErrorResponse

// HeaderTooLarge A refusal.
type HeaderTooLarge = ErrorResponse

// TooLarge A refusal.
type TooLarge = ErrorResponse

// Unauthenticated A refusal.
type Unauthenticated = ErrorResponse

// Unavailable A refusal.
type Unavailable = ErrorResponse

// PhoneActivationCreateJSONRequestBody defines body for PhoneActivationCreate for application/json ContentType.
type PhoneActivationCreateJSONRequestBody = EnvelopeRequest

// PhoneActivationStatusJSONRequestBody defines body for PhoneActivationStatus for application/json ContentType.
type PhoneActivationStatusJSONRequestBody = PhoneActivationStatusRequest

// PhoneKeystoreCreateJSONRequestBody defines body for PhoneKeystoreCreate for application/json ContentType.
type PhoneKeystoreCreateJSONRequestBody = PhoneKeystoreCreateRequest

// PhoneRecoveryConfirmJSONRequestBody defines body for PhoneRecoveryConfirm for application/json ContentType.
type PhoneRecoveryConfirmJSONRequestBody = EnvelopeRequest

// PhoneTokenCreateJSONRequestBody defines body for PhoneTokenCreate for application/json ContentType.
type PhoneTokenCreateJSONRequestBody = EnvelopeRequest

// PhoneTokenRemoveJSONRequestBody defines body for PhoneTokenRemove for application/json ContentType.
type PhoneTokenRemoveJSONRequestBody = PhoneTokenRemoveRequest

// PhoneUpgradeStartJSONRequestBody defines body for PhoneUpgradeStart for application/json ContentType.
type PhoneUpgradeStartJSONRequestBody = EnvelopeRequest

// PhoneUserInfoJSONRequestBody defines body for PhoneUserInfo for application/json ContentType.
type PhoneUserInfoJSONRequestBody = EnvelopeRequest

// PhoneVaultUnlockJSONRequestBody defines body for PhoneVaultUnlock for application/json ContentType.
type PhoneVaultUnlockJSONRequestBody = EnvelopeRequest
