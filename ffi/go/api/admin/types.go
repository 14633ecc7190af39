// Code generated from docs/openapi/admin.json (SHA-256 6b092c746b2e93276c3941571a78bde74632061b07606b8201f2ccf4f8eca1d8). DO NOT EDIT.

// Package admin has the types of the API for administrators.
package admin

import (
	"time"
)

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

// Defines values for ListOperationTextsResponseStatus.
const (
	ListOperationTextsResponseStatusOK ListOperationTextsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ListOperationTextsResponseStatus enum.
func (e ListOperationTextsResponseStatus) Valid() bool {
	switch e {
	case ListOperationTextsResponseStatusOK:
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

// Defines values for Phase.
const (
	PhaseASKED     Phase = "ASKED"
	PhaseIDLE      Phase = "IDLE"
	PhaseLEARNING  Phase = "LEARNING"
	PhaseRESEALING Phase = "RESEALING"
)

// Valid indicates whether the value is a known member of the Phase enum.
func (e Phase) Valid() bool {
	switch e {
	case PhaseASKED:
		return true
	case PhaseIDLE:
		return true
	case PhaseLEARNING:
		return true
	case PhaseRESEALING:
		return true
	default:
		return false
	}
}

// Defines values for RetireSealingKeyResponseStatus.
const (
	RetireSealingKeyResponseStatusOK RetireSealingKeyResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RetireSealingKeyResponseStatus enum.
func (e RetireSealingKeyResponseStatus) Valid() bool {
	switch e {
	case RetireSealingKeyResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RotateSealingKeyResponseStatus.
const (
	RotateSealingKeyResponseStatusOK RotateSealingKeyResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RotateSealingKeyResponseStatus enum.
func (e RotateSealingKeyResponseStatus) Valid() bool {
	switch e {
	case RotateSealingKeyResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for SealingKeyStatusResponseStatus.
const (
	SealingKeyStatusResponseStatusOK SealingKeyStatusResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the SealingKeyStatusResponseStatus enum.
func (e SealingKeyStatusResponseStatus) Valid() bool {
	switch e {
	case SealingKeyStatusResponseStatusOK:
		return true
	default:
		return false
	}
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

// KeyStatus A key, without itself.
type KeyStatus struct {
	// Key Its number.
	Key int32 `json:"key"`

	// Removable Whether it may be removed: it was replaced, and no record needs it.
	Removable bool `json:"removable"`

	// TimestampAdded When it was added.
	TimestampAdded time.Time `json:"timestampAdded"`
}

// ListOperationTextsResponse The answer of `listOperationTexts`.
type ListOperationTextsResponse struct {
	ResponseObject []TextRow                        `json:"responseObject"`
	Status         ListOperationTextsResponseStatus `json:"status"`
}

// ListOperationTextsResponseStatus defines model for ListOperationTextsResponse.Status.
type ListOperationTextsResponseStatus string

// OkResponse It was done, and there is nothing more to say.
type OkResponse struct {
	Status OkResponseStatus `json:"status"`
}

// OkResponseStatus defines model for OkResponse.Status.
type OkResponseStatus string

// Phase What happens with the keys.
//
// - `IDLE` Nothing.
// - `ASKED` A key is wanted, nobody has made it yet.
// - `LEARNING` A key was made and is not used yet.
// - `RESEALING` Records are being sealed with the current key.
type Phase string

// RetireKey Request of `retireSealingKey`.
type RetireKey struct {
	// Key Number of the key.
	Key *int32 `json:"key,omitempty"`
}

// RetireSealingKeyResponse The answer of `retireSealingKey`.
type RetireSealingKeyResponse struct {
	// ResponseObject Answer of `sealingKeyStatus`, `rotateSealingKey`, `retireSealingKey`.
	ResponseObject SealingStatus                  `json:"responseObject"`
	Status         RetireSealingKeyResponseStatus `json:"status"`
}

// RetireSealingKeyResponseStatus defines model for RetireSealingKeyResponse.Status.
type RetireSealingKeyResponseStatus string

// RotateSealingKeyResponse The answer of `rotateSealingKey`.
type RotateSealingKeyResponse struct {
	// ResponseObject Answer of `sealingKeyStatus`, `rotateSealingKey`, `retireSealingKey`.
	ResponseObject SealingStatus                  `json:"responseObject"`
	Status         RotateSealingKeyResponseStatus `json:"status"`
}

// RotateSealingKeyResponseStatus defines model for RotateSealingKeyResponse.Status.
type RotateSealingKeyResponseStatus string

// SealingKeyStatusResponse The answer of `sealingKeyStatus`.
type SealingKeyStatusResponse struct {
	// ResponseObject Answer of `sealingKeyStatus`, `rotateSealingKey`, `retireSealingKey`.
	ResponseObject SealingStatus                  `json:"responseObject"`
	Status         SealingKeyStatusResponseStatus `json:"status"`
}

// SealingKeyStatusResponseStatus defines model for SealingKeyStatusResponse.Status.
type SealingKeyStatusResponseStatus string

// SealingStatus Answer of `sealingKeyStatus`, `rotateSealingKey`, `retireSealingKey`.
type SealingStatus struct {
	// Current Number of the key that seals.
	Current int32 `json:"current"`

	// Keys All keys, by number.
	Keys []KeyStatus `json:"keys"`

	// Phase What happens at the moment.
	Phase Phase `json:"phase"`

	// Resealed Records that it has sealed anew.
	Resealed int64 `json:"resealed"`

	// Seen Records looked at by the last sealing anew.
	Seen int64 `json:"seen"`

	// Unreadable Records with a secret that no known key opens.
	Unreadable int64 `json:"unreadable"`
}

// TextRow A row of an upload and of the list.
type TextRow struct {
	// Attributes Definitions of rows: a JSON array, or its text.
	Attributes interface{} `json:"attributes"`

	// Language Primary language subtag, 1 to 8 letters in any case.
	Language string `json:"language"`

	// Message Message, 1 to 16,384 bytes, maybe with placeholders.
	Message string `json:"message"`

	// Placeholder Type of the operations, 1 to 255 bytes.
	Placeholder string `json:"placeholder"`

	// ResultTexts `success`, `failure`, `reject`: a JSON object, or its text.
	ResultTexts interface{} `json:"resultTexts"`

	// Title Title, 1 to 255 characters, maybe with placeholders.
	Title string `json:"title"`

	// UI Hints for the app: a JSON object, or its text.
	UI interface{} `json:"ui"`
}

// TextRowInput A row of an upload and of the list.
type TextRowInput struct {
	// Attributes Definitions of rows: a JSON array, or its text.
	Attributes interface{} `json:"attributes,omitempty"`

	// Language Primary language subtag, 1 to 8 letters in any case.
	Language *string `json:"language,omitempty"`

	// Message Message, 1 to 16,384 bytes, maybe with placeholders.
	Message *string `json:"message,omitempty"`

	// Placeholder Type of the operations, 1 to 255 bytes.
	Placeholder *string `json:"placeholder,omitempty"`

	// ResultTexts `success`, `failure`, `reject`: a JSON object, or its text.
	ResultTexts interface{} `json:"resultTexts,omitempty"`

	// Title Title, 1 to 255 characters, maybe with placeholders.
	Title *string `json:"title,omitempty"`

	// UI Hints for the app: a JSON object, or its text.
	UI interface{} `json:"ui,omitempty"`
}

// TextTemplate A row as the reference lists it.
type TextTemplate struct {
	// Attributes Definitions of rows.
	Attributes interface{} `json:"attributes"`

	// Language Language.
	Language *string `json:"language"`

	// Message Message.
	Message *string `json:"message"`

	// Name Type of the operations.
	Name *string `json:"name"`

	// ResultTexts Texts for the outcome.
	ResultTexts interface{} `json:"resultTexts"`

	// Title Title.
	Title *string `json:"title"`
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

// RemoveOperationTextParams defines parameters for RemoveOperationText.
type RemoveOperationTextParams struct {
	// Placeholder Type of the operations, 1 to 255 bytes.
	Placeholder string `form:"placeholder" json:"placeholder"`

	// Language Primary language subtag, 1 to 8 letters in any case.
	Language string `form:"language" json:"language"`
}

// PutOperationTextsJSONBody defines parameters for PutOperationTexts.
type PutOperationTextsJSONBody = []TextRowInput

// RetireSealingKeyJSONRequestBody defines body for RetireSealingKey for application/json ContentType.
type RetireSealingKeyJSONRequestBody = RetireKey

// PutOperationTextsJSONRequestBody defines body for PutOperationTexts for application/json ContentType.
type PutOperationTextsJSONRequestBody = PutOperationTextsJSONBody
