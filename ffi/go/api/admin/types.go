// Code generated from docs/openapi/admin.json (SHA-256 964596b846c9e4a5201e331c918e4bb7bd707b2497ec4517561a7c9bf2229d33). DO NOT EDIT.

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

// Defines values for ListPushCredentialsResponseStatus.
const (
	ListPushCredentialsResponseStatusOK ListPushCredentialsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ListPushCredentialsResponseStatus enum.
func (e ListPushCredentialsResponseStatus) Valid() bool {
	switch e {
	case ListPushCredentialsResponseStatusOK:
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

// Defines values for SetCredentialsEnvironment.
const (
	SetCredentialsEnvironmentDevelopment SetCredentialsEnvironment = "development"
	SetCredentialsEnvironmentProduction  SetCredentialsEnvironment = "production"
)

// Valid indicates whether the value is a known member of the SetCredentialsEnvironment enum.
func (e SetCredentialsEnvironment) Valid() bool {
	switch e {
	case SetCredentialsEnvironmentDevelopment:
		return true
	case SetCredentialsEnvironmentProduction:
		return true
	default:
		return false
	}
}

// Defines values for SetCredentialsPlatform.
const (
	SetCredentialsPlatformApns SetCredentialsPlatform = "apns"
	SetCredentialsPlatformFcm  SetCredentialsPlatform = "fcm"
)

// Valid indicates whether the value is a known member of the SetCredentialsPlatform enum.
func (e SetCredentialsPlatform) Valid() bool {
	switch e {
	case SetCredentialsPlatformApns:
		return true
	case SetCredentialsPlatformFcm:
		return true
	default:
		return false
	}
}

// Defines values for SetPushCredentialsResponseStatus.
const (
	SetPushCredentialsResponseStatusOK SetPushCredentialsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the SetPushCredentialsResponseStatus enum.
func (e SetPushCredentialsResponseStatus) Valid() bool {
	switch e {
	case SetPushCredentialsResponseStatusOK:
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

// ListPushCredentialsResponse The answer of `listPushCredentials`.
type ListPushCredentialsResponse struct {
	ResponseObject []PushCredentials                 `json:"responseObject"`
	Status         ListPushCredentialsResponseStatus `json:"status"`
}

// ListPushCredentialsResponseStatus defines model for ListPushCredentialsResponse.Status.
type ListPushCredentialsResponseStatus string

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

// PushCredentials Credentials without secrets.
type PushCredentials struct {
	// ClientEmail For `fcm`: name of the account.
	ClientEmail *string `json:"clientEmail,omitempty"`

	// Environment For `apns`: `development` or `production`.
	Environment *string `json:"environment,omitempty"`

	// KeyID Name of the key.
	KeyID *string `json:"keyId,omitempty"`

	// Platform `apns` or `fcm`.
	Platform string `json:"platform"`

	// ProjectID For `fcm`: the project.
	ProjectID *string `json:"projectId,omitempty"`

	// TeamID For `apns`: the team.
	TeamID *string `json:"teamId,omitempty"`

	// TimestampSet When they were set.
	TimestampSet time.Time `json:"timestampSet"`

	// TokenURI For `fcm`: where access tokens are asked for.
	TokenURI *string `json:"tokenUri,omitempty"`

	// Topic For `apns`: bundle identifier of the app.
	Topic *string `json:"topic,omitempty"`
}

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

// ServiceAccountFile The members of a service account's file that matter.
type ServiceAccountFile struct {
	// ClientEmail Name of the account.
	ClientEmail *string `json:"client_email,omitempty"`

	// PrivateKey An RSA key of 2,048 to 4,096 bits as PKCS#8 in PEM.
	PrivateKey *string `json:"private_key,omitempty"`

	// PrivateKeyID Name of the key.
	PrivateKeyID *string `json:"private_key_id,omitempty"`

	// ProjectID The project, 1 to 255 letters, digits, `-`, `.` and `:`.
	ProjectID *string `json:"project_id,omitempty"`

	// TokenURI Where access tokens are asked for: an https URL.
	TokenURI *string `json:"token_uri,omitempty"`
}

// SetCredentials Request of `setPushCredentials`.
type SetCredentials struct {
	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Environment For `apns`: `development` or `production`.
	Environment *SetCredentialsEnvironment `json:"environment,omitempty"`

	// KeyID For `apns`: name of the key, 10 letters and digits.
	KeyID *string `json:"keyId,omitempty"`

	// Platform `apns` or `fcm`.
	Platform SetCredentialsPlatform `json:"platform"`

	// PrivateKey For `apns`: the key as Apple gives it, a P-256 key as PKCS#8 in PEM.
	PrivateKey *string `json:"privateKey,omitempty"`

	// ServiceAccount For `fcm`: the file of the service account as Google gives it: a JSON object, or its text.
	ServiceAccount *ServiceAccountFile `json:"serviceAccount,omitempty"`

	// TeamID For `apns`: the team, 10 letters and digits.
	TeamID *string `json:"teamId,omitempty"`

	// Topic For `apns`: bundle identifier of the app, 1 to 255 letters, digits, `.`, `-` and `_`.
	Topic *string `json:"topic,omitempty"`
}

// SetCredentialsEnvironment For `apns`: `development` or `production`.
type SetCredentialsEnvironment string

// SetCredentialsPlatform `apns` or `fcm`.
type SetCredentialsPlatform string

// SetPushCredentialsResponse The answer of `setPushCredentials`.
type SetPushCredentialsResponse struct {
	// ResponseObject Credentials without secrets.
	ResponseObject PushCredentials                  `json:"responseObject"`
	Status         SetPushCredentialsResponseStatus `json:"status"`
}

// SetPushCredentialsResponseStatus defines model for SetPushCredentialsResponse.Status.
type SetPushCredentialsResponseStatus string

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

// RemovePushCredentialsParams defines parameters for RemovePushCredentials.
type RemovePushCredentialsParams struct {
	// ApplicationID The application.
	ApplicationID string `form:"applicationId" json:"applicationId"`

	// Platform `apns` or `fcm`.
	Platform string `form:"platform" json:"platform"`

	// Environment For `apns`: `development` or `production`.
	Environment *string `form:"environment,omitempty" json:"environment,omitempty"`
}

// ListPushCredentialsParams defines parameters for ListPushCredentials.
type ListPushCredentialsParams struct {
	// ApplicationID The application.
	ApplicationID string `form:"applicationId" json:"applicationId"`
}

// RetireSealingKeyJSONRequestBody defines body for RetireSealingKey for application/json ContentType.
type RetireSealingKeyJSONRequestBody = RetireKey

// PutOperationTextsJSONRequestBody defines body for PutOperationTexts for application/json ContentType.
type PutOperationTextsJSONRequestBody = PutOperationTextsJSONBody

// SetPushCredentialsJSONRequestBody defines body for SetPushCredentials for application/json ContentType.
type SetPushCredentialsJSONRequestBody = SetCredentials
