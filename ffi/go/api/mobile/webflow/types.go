// Code generated from docs/openapi/mobile-web-flow.json (SHA-256 c66acb05fd2fb03b863f0e8b4ad6be4e70c3dbe924aca25bf008b152fb98b18a). DO NOT EDIT.

// Package webflow has the types of approving operations on the phone, the dialect of Web Flow.
package webflow

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

// Defines values for FormAttributeAlertType.
const (
	FormAttributeAlertTypeERROR   FormAttributeAlertType = "ERROR"
	FormAttributeAlertTypeINFO    FormAttributeAlertType = "INFO"
	FormAttributeAlertTypeSUCCESS FormAttributeAlertType = "SUCCESS"
	FormAttributeAlertTypeWARNING FormAttributeAlertType = "WARNING"
)

// Valid indicates whether the value is a known member of the FormAttributeAlertType enum.
func (e FormAttributeAlertType) Valid() bool {
	switch e {
	case FormAttributeAlertTypeERROR:
		return true
	case FormAttributeAlertTypeINFO:
		return true
	case FormAttributeAlertTypeSUCCESS:
		return true
	case FormAttributeAlertTypeWARNING:
		return true
	default:
		return false
	}
}

// Defines values for FormAttributeType.
const (
	FormAttributeTypeALERT            FormAttributeType = "ALERT"
	FormAttributeTypeAMOUNT           FormAttributeType = "AMOUNT"
	FormAttributeTypeAMOUNTCONVERSION FormAttributeType = "AMOUNT_CONVERSION"
	FormAttributeTypeHEADING          FormAttributeType = "HEADING"
	FormAttributeTypeIMAGE            FormAttributeType = "IMAGE"
	FormAttributeTypeKEYVALUE         FormAttributeType = "KEY_VALUE"
	FormAttributeTypeNOTE             FormAttributeType = "NOTE"
	FormAttributeTypePARTYINFO        FormAttributeType = "PARTY_INFO"
)

// Valid indicates whether the value is a known member of the FormAttributeType enum.
func (e FormAttributeType) Valid() bool {
	switch e {
	case FormAttributeTypeALERT:
		return true
	case FormAttributeTypeAMOUNT:
		return true
	case FormAttributeTypeAMOUNTCONVERSION:
		return true
	case FormAttributeTypeHEADING:
		return true
	case FormAttributeTypeIMAGE:
		return true
	case FormAttributeTypeKEYVALUE:
		return true
	case FormAttributeTypeNOTE:
		return true
	case FormAttributeTypePARTYINFO:
		return true
	default:
		return false
	}
}

// Defines values for MobileOperationAllowedSignatureTypeType.
const (
	MobileOperationAllowedSignatureTypeTypeN1FA MobileOperationAllowedSignatureTypeType = "1FA"
	MobileOperationAllowedSignatureTypeTypeN2FA MobileOperationAllowedSignatureTypeType = "2FA"
)

// Valid indicates whether the value is a known member of the MobileOperationAllowedSignatureTypeType enum.
func (e MobileOperationAllowedSignatureTypeType) Valid() bool {
	switch e {
	case MobileOperationAllowedSignatureTypeTypeN1FA:
		return true
	case MobileOperationAllowedSignatureTypeTypeN2FA:
		return true
	default:
		return false
	}
}

// Defines values for MobileOperationAllowedSignatureTypeVariants.
const (
	MobileOperationAllowedSignatureTypeVariantsPossessionBiometry  MobileOperationAllowedSignatureTypeVariants = "possession_biometry"
	MobileOperationAllowedSignatureTypeVariantsPossessionKnowledge MobileOperationAllowedSignatureTypeVariants = "possession_knowledge"
)

// Valid indicates whether the value is a known member of the MobileOperationAllowedSignatureTypeVariants enum.
func (e MobileOperationAllowedSignatureTypeVariants) Valid() bool {
	switch e {
	case MobileOperationAllowedSignatureTypeVariantsPossessionBiometry:
		return true
	case MobileOperationAllowedSignatureTypeVariantsPossessionKnowledge:
		return true
	default:
		return false
	}
}

// Defines values for MobileOperationListResponseStatus.
const (
	MobileOperationListResponseStatusOK MobileOperationListResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the MobileOperationListResponseStatus enum.
func (e MobileOperationListResponseStatus) Valid() bool {
	switch e {
	case MobileOperationListResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for MobileOperationListSignedResponseStatus.
const (
	MobileOperationListSignedResponseStatusOK MobileOperationListSignedResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the MobileOperationListSignedResponseStatus enum.
func (e MobileOperationListSignedResponseStatus) Valid() bool {
	switch e {
	case MobileOperationListSignedResponseStatusOK:
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

// Defines values for ProximityType.
const (
	ProximityTypeDEEPLINK ProximityType = "DEEPLINK"
	ProximityTypeQRCODE   ProximityType = "QR_CODE"
)

// Valid indicates whether the value is a known member of the ProximityType enum.
func (e ProximityType) Valid() bool {
	switch e {
	case ProximityTypeDEEPLINK:
		return true
	case ProximityTypeQRCODE:
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

// FormAttribute A row of what the phone shows. Which members there are depends on its type.
type FormAttribute struct {
	AlertType *FormAttributeAlertType `json:"alertType,omitempty"`

	// Amount The amount; absent when the text is no number.
	Amount *float32 `json:"amount,omitempty"`

	// AmountFormatted The amount as the user's language writes it.
	AmountFormatted *string `json:"amountFormatted,omitempty"`

	// Currency Code of the currency.
	Currency *string `json:"currency,omitempty"`

	// CurrencyFormatted Symbol of the currency, or its code.
	CurrencyFormatted *string `json:"currencyFormatted,omitempty"`

	// Dynamic Whether the rate may change.
	Dynamic *bool `json:"dynamic,omitempty"`

	// ID Identifier of the row.
	ID string `json:"id"`

	// Label What stands before the value.
	Label string `json:"label"`

	// Level Of a HEADING.
	Level *int64 `json:"level,omitempty"`

	// Message The text of an ALERT.
	Message *string `json:"message,omitempty"`

	// Note The text of a NOTE.
	Note *string `json:"note,omitempty"`

	// OriginalURL An IMAGE in its size.
	OriginalURL *string `json:"originalUrl,omitempty"`

	// PartyInfo Who gets the money, of a PARTY_INFO.
	PartyInfo *struct {
		Description *string `json:"description,omitempty"`
		LogoURL     *string `json:"logoUrl,omitempty"`
		Name        *string `json:"name,omitempty"`
		WebsiteURL  *string `json:"websiteUrl,omitempty"`
	} `json:"partyInfo,omitempty"`

	// SourceAmount The amount before the conversion; absent when the text is no number.
	SourceAmount *float32 `json:"sourceAmount,omitempty"`

	// SourceAmountFormatted The amount as the user's language writes it.
	SourceAmountFormatted *string `json:"sourceAmountFormatted,omitempty"`

	// SourceCurrency Code of the currency.
	SourceCurrency *string `json:"sourceCurrency,omitempty"`

	// SourceCurrencyFormatted Symbol of the currency, or its code.
	SourceCurrencyFormatted *string `json:"sourceCurrencyFormatted,omitempty"`

	// SourceValueFormatted Amount and currency in one.
	SourceValueFormatted *string `json:"sourceValueFormatted,omitempty"`

	// TargetAmount The amount after the conversion; absent when the text is no number.
	TargetAmount *float32 `json:"targetAmount,omitempty"`

	// TargetAmountFormatted The amount as the user's language writes it.
	TargetAmountFormatted *string `json:"targetAmountFormatted,omitempty"`

	// TargetCurrency Code of the currency.
	TargetCurrency *string `json:"targetCurrency,omitempty"`

	// TargetCurrencyFormatted Symbol of the currency, or its code.
	TargetCurrencyFormatted *string `json:"targetCurrencyFormatted,omitempty"`

	// TargetValueFormatted Amount and currency in one.
	TargetValueFormatted *string `json:"targetValueFormatted,omitempty"`

	// ThumbnailURL Small form of an IMAGE.
	ThumbnailURL *string `json:"thumbnailUrl,omitempty"`

	// Title The title of an ALERT.
	Title *string           `json:"title,omitempty"`
	Type  FormAttributeType `json:"type"`

	// Value The value of a KEY_VALUE.
	Value *string `json:"value,omitempty"`

	// ValueFormatted Amount and currency in one.
	ValueFormatted *string `json:"valueFormatted,omitempty"`
}

// FormAttributeAlertType defines model for FormAttribute.AlertType.
type FormAttributeAlertType string

// FormAttributeType defines model for FormAttribute.Type.
type FormAttributeType string

// MobileOperation An operation in answers. Members without a value are left out.
type MobileOperation struct {
	// AllowedSignatureType Factors that may approve it.
	AllowedSignatureType struct {
		Type MobileOperationAllowedSignatureTypeType `json:"type"`

		// Variants Of two factors, the pairs that are allowed; of one none are listed.
		Variants []MobileOperationAllowedSignatureTypeVariants `json:"variants"`
	} `json:"allowedSignatureType"`

	// Data What is signed.
	Data string `json:"data"`

	// FormData What the phone shows.
	FormData OperationFormData `json:"formData"`

	// ID UUID.
	ID string `json:"id"`

	// Name Type of the operation.
	Name string `json:"name"`

	// NumberMatching Whether an approval needs the number on the page that asks.
	NumberMatching *bool `json:"numberMatching,omitempty"`

	// OperationCreated Creation: `2026-11-20T19:54:23+0000`.
	OperationCreated string `json:"operationCreated"`

	// OperationExpires Expiry: `2026-11-20T19:54:23+0000`.
	OperationExpires string `json:"operationExpires"`

	// Status The state.
	Status *string `json:"status,omitempty"`

	// StatusReason Why it was cancelled.
	StatusReason *string `json:"statusReason,omitempty"`

	// UI Hints for the app.
	UI map[string]interface{} `json:"ui,omitempty"`
}

// MobileOperationAllowedSignatureTypeType defines model for MobileOperation.AllowedSignatureType.Type.
type MobileOperationAllowedSignatureTypeType string

// MobileOperationAllowedSignatureTypeVariants defines model for MobileOperation.AllowedSignatureType.Variants.
type MobileOperationAllowedSignatureTypeVariants string

// MobileOperationAuthorizeRequest The body of `mobileOperationAuthorize`.
type MobileOperationAuthorizeRequest struct {
	// RequestObject What the user approves.
	RequestObject OperationApproval `json:"requestObject"`
}

// MobileOperationCancelRequest The body of `mobileOperationCancel`.
type MobileOperationCancelRequest struct {
	// RequestObject What the user rejects.
	RequestObject OperationRejection `json:"requestObject"`
}

// MobileOperationListResponse The answer of `mobileOperationList`.
type MobileOperationListResponse struct {
	ResponseObject []MobileOperation                 `json:"responseObject"`
	Status         MobileOperationListResponseStatus `json:"status"`
}

// MobileOperationListResponseStatus defines model for MobileOperationListResponse.Status.
type MobileOperationListResponseStatus string

// MobileOperationListSignedResponse The answer of `mobileOperationListSigned`.
type MobileOperationListSignedResponse struct {
	ResponseObject []MobileOperation                       `json:"responseObject"`
	Status         MobileOperationListSignedResponseStatus `json:"status"`
}

// MobileOperationListSignedResponseStatus defines model for MobileOperationListSignedResponse.Status.
type MobileOperationListSignedResponseStatus string

// MobilePushRegisterRequest The body of `mobilePushRegister`.
type MobilePushRegisterRequest struct {
	// RequestObject A device for push messages.
	RequestObject PushRegistration `json:"requestObject"`
}

// MobilePushRegisterSignedRequest The body of `mobilePushRegisterSigned`.
type MobilePushRegisterSignedRequest struct {
	// RequestObject A device for push messages.
	RequestObject PushRegistration `json:"requestObject"`
}

// MobilePushRegisterTokenRequest The body of `mobilePushRegisterToken`.
type MobilePushRegisterTokenRequest struct {
	// RequestObject A device for push messages.
	RequestObject PushRegistration `json:"requestObject"`
}

// OkResponse It was done, and there is nothing more to say.
type OkResponse struct {
	Status OkResponseStatus `json:"status"`
}

// OkResponseStatus defines model for OkResponse.Status.
type OkResponseStatus string

// OperationApproval What the user approves.
type OperationApproval struct {
	// Data Its data, as the user saw it.
	Data string `json:"data"`

	// ID The operation.
	ID string `json:"id"`

	// MatchNumber Number from the page that asks, for operations that need it.
	MatchNumber interface{} `json:"matchNumber,omitempty"`

	// MobileTokenData Whatever the app tells the back end.
	MobileTokenData interface{} `json:"mobileTokenData,omitempty"`

	// ProximityCheck What shows that the phone is near the screen; for operations that ask for it.
	ProximityCheck *ProximityCheck `json:"proximityCheck,omitempty"`
}

// OperationFormData `formData`.
type OperationFormData struct {
	// Attributes Rows, in the order of their definitions.
	Attributes []FormAttribute `json:"attributes"`

	// Message Message, maybe of several lines.
	Message string `json:"message"`

	// ResultTexts `success`, `failure`, `reject`.
	ResultTexts map[string]interface{} `json:"resultTexts,omitempty"`

	// Title Title.
	Title string `json:"title"`
}

// OperationRejection What the user rejects.
type OperationRejection struct {
	// ID The operation.
	ID string `json:"id"`

	// MobileTokenData Whatever the app tells the back end.
	MobileTokenData interface{} `json:"mobileTokenData,omitempty"`

	// Reason Why: a code, or a text.
	Reason *string `json:"reason,omitempty"`
}

// ProximityCheck The code on the screen beside the phone, and how it got to the phone. The latter is informative, but what cannot be read is a broken request.
type ProximityCheck struct {
	// Otp The code.
	Otp string `json:"otp"`

	// TimestampReceived When it did.
	TimestampReceived *time.Time `json:"timestampReceived,omitempty"`

	// TimestampSent When it was sent on.
	TimestampSent *time.Time `json:"timestampSent,omitempty"`

	// Type How it got to the phone.
	Type *ProximityType `json:"type,omitempty"`
}

// ProximityType How a code got to the phone.
//
// - `QR_CODE` From a QR code.
// - `DEEPLINK` By a link.
type ProximityType string

// PushRegistration A device for push messages.
type PushRegistration struct {
	// Environment `development` or `production`, for Apple devices.
	Environment *string `json:"environment,omitempty"`

	// Platform `ios`, `android` or `huawei`; in the newest dialect also `apns`, `fcm` and `hms`.
	Platform string `json:"platform"`

	// Token What the platform calls the device.
	Token string `json:"token"`
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

// MobileOperationAuthorizeJSONRequestBody defines body for MobileOperationAuthorize for application/json ContentType.
type MobileOperationAuthorizeJSONRequestBody = MobileOperationAuthorizeRequest

// MobileOperationCancelJSONRequestBody defines body for MobileOperationCancel for application/json ContentType.
type MobileOperationCancelJSONRequestBody = MobileOperationCancelRequest

// MobilePushRegisterJSONRequestBody defines body for MobilePushRegister for application/json ContentType.
type MobilePushRegisterJSONRequestBody = MobilePushRegisterRequest

// MobilePushRegisterSignedJSONRequestBody defines body for MobilePushRegisterSigned for application/json ContentType.
type MobilePushRegisterSignedJSONRequestBody = MobilePushRegisterSignedRequest

// MobilePushRegisterTokenJSONRequestBody defines body for MobilePushRegisterToken for application/json ContentType.
type MobilePushRegisterTokenJSONRequestBody = MobilePushRegisterTokenRequest
