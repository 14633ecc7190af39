// Code generated from docs/openapi/cloud.json (SHA-256 9d47fde76768445b21c8ba7623abb05feace9f797d4e1de81a51ef4370964f1f). DO NOT EDIT.

// Package cloud has the types of the API of the hosted product.
package cloud

// Defines values for ActivationStatus.
const (
	ActivationStatusACTIVE        ActivationStatus = "ACTIVE"
	ActivationStatusBLOCKED       ActivationStatus = "BLOCKED"
	ActivationStatusCREATED       ActivationStatus = "CREATED"
	ActivationStatusPENDINGCOMMIT ActivationStatus = "PENDING_COMMIT"
	ActivationStatusREMOVED       ActivationStatus = "REMOVED"
)

// Valid indicates whether the value is a known member of the ActivationStatus enum.
func (e ActivationStatus) Valid() bool {
	switch e {
	case ActivationStatusACTIVE:
		return true
	case ActivationStatusBLOCKED:
		return true
	case ActivationStatusCREATED:
		return true
	case ActivationStatusPENDINGCOMMIT:
		return true
	case ActivationStatusREMOVED:
		return true
	default:
		return false
	}
}

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

// ActivationStatus State of an activation. The numbers are those of the status blob, the names those of JSON.
//
// - `CREATED` A code was issued, there is no device key yet.
// - `PENDING_COMMIT` Keys were exchanged.
// - `ACTIVE` In use.
// - `BLOCKED` Not usable until unblocked.
// - `REMOVED` The end.
type ActivationStatus string

// ApplicationCredentials A pair of credentials, shown once; nothing but the status when one was ended.
type ApplicationCredentials struct {
	// Password Password. Nobody can ask for it again.
	Password *string `json:"password,omitempty"`

	// Status `OK` when a pair was ended.
	Status *string `json:"status,omitempty"`

	// Username User name.
	Username *string `json:"username,omitempty"`
}

// ApplicationID An application in a list.
type ApplicationID struct {
	// ID Its id.
	ID string `json:"id"`
}

// ApplicationNames All applications.
type ApplicationNames struct {
	// Applications By creation.
	Applications []ApplicationID `json:"applications"`
}

// ApplicationRoles Roles of an application.
type ApplicationRoles struct {
	// ID The application.
	ID string `json:"id"`

	// Roles Roles, at least one.
	Roles []string `json:"roles"`
}

// ApplicationSettings Settings of an application.
type ApplicationSettings struct {
	// ID The application.
	ID string `json:"id"`

	// OperationPush Whether the devices of a user get a push message about each new operation; unchanged when absent.
	OperationPush *bool `json:"operationPush,omitempty"`

	// SingleDevice Whether a user may have only one registration in progress; unchanged when absent.
	SingleDevice *bool `json:"singleDevice,omitempty"`
}

// AuditEvent An event.
type AuditEvent struct {
	// ActivationID UUID of the registration, where there is one.
	ActivationID *string `json:"activationId,omitempty"`

	// EventData Of signatures method, resource and body, line by line; of operations their id; of tokens theirs; of flags all of them; of activations why.
	EventData *string `json:"eventData,omitempty"`

	// EventType For instance `signature_ok`.
	EventType string `json:"eventType"`

	// Timestamp When, in milliseconds since the epoch.
	Timestamp int64 `json:"timestamp"`
}

// ChangedOperation An operation that may have changed.
type ChangedOperation struct {
	// OperationID UUID.
	OperationID string `json:"operationId"`
}

// CloudApplication An application with what its mobile apps and its back end are configured with.
type CloudApplication struct {
	// AppKey Application key, Base64 of 16 bytes.
	AppKey []byte `json:"appKey"`

	// AppSecret Application secret, Base64 of 16 bytes.
	AppSecret []byte `json:"appSecret"`

	// ID Its id.
	ID string `json:"id"`

	// MasterServerPublicKey Master public key, Base64 of 65 bytes.
	MasterServerPublicKey []byte `json:"masterServerPublicKey"`

	// OperationPush Whether the devices of a user get a push message about each new operation.
	OperationPush bool `json:"operationPush"`

	// Password Password of its back end; only when it was just created. Nobody can ask for it again.
	Password *string `json:"password,omitempty"`

	// Roles Its roles.
	Roles []string `json:"roles"`

	// ServiceBaseURL Where phones reach the server.
	ServiceBaseURL string `json:"serviceBaseUrl"`

	// SingleDevice Whether a user may have only one registration in progress.
	SingleDevice bool `json:"singleDevice"`

	// Username User name of its back end; only when it was just created.
	Username *string `json:"username,omitempty"`

	// Usernames User names of its back ends, unless it was just created.
	Usernames []string `json:"usernames,omitempty"`
}

// CloudAuditLog Events of a user.
type CloudAuditLog struct {
	// Items Newest first.
	Items []AuditEvent `json:"items"`
}

// CloudOperation An operation.
type CloudOperation struct {
	// AdditionalData Context of what the user did, such as `activationId`.
	AdditionalData map[string]interface{} `json:"additionalData,omitempty"`

	// ExternalID Identifier of the caller's.
	ExternalID *string `json:"externalId,omitempty"`

	// FailureCount Failed approvals.
	FailureCount int64 `json:"failureCount"`

	// Flag Flag that a registration must carry to see and decide it.
	Flag *string `json:"flag,omitempty"`

	// MatchNumber What the page that asks the user shows, 10 to 99, and the phone has to send; only with number matching.
	MatchNumber *string `json:"matchNumber,omitempty"`

	// MaxFailureCount Failed approvals that end it.
	MaxFailureCount int64 `json:"maxFailureCount"`

	// OperationID UUID.
	OperationID string `json:"operationId"`

	// OperationType Type of its template.
	OperationType string `json:"operationType"`

	// Parameters Parameters as given.
	Parameters map[string]interface{} `json:"parameters,omitempty"`

	// Status `PENDING`, `CANCELED`, `EXPIRED`, `APPROVED`, `REJECTED` or `FAILED`.
	Status string `json:"status"`

	// Template Name of its template.
	Template string `json:"template"`

	// TimestampCreated Creation, in milliseconds since the epoch.
	TimestampCreated int64 `json:"timestampCreated"`

	// TimestampExpires Expiry, in milliseconds since the epoch.
	TimestampExpires int64 `json:"timestampExpires"`

	// UserID The user.
	UserID *string `json:"userId,omitempty"`
}

// CredentialsRequest Which pair of credentials.
type CredentialsRequest struct {
	// ID The application.
	ID string `json:"id"`

	// Revoke User name of the pair to be ended; without it a pair is issued.
	Revoke *string `json:"revoke,omitempty"`
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

// NewApplication An application to be created.
type NewApplication struct {
	// ID Its id, 1 to 220 bytes.
	ID string `json:"id"`

	// Roles Its roles, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100.
	Roles []string `json:"roles,omitempty"`

	// SingleDevice Whether a user may have only one registration in progress.
	SingleDevice *bool `json:"singleDevice,omitempty"`
}

// NewOperation An operation to be approved.
type NewOperation struct {
	// ExternalID Identifier of the caller's, 1 to 255 characters; need not be unique.
	ExternalID *string `json:"externalId,omitempty"`

	// Flag Flag that a registration must carry to see and decide it.
	Flag *string `json:"flag,omitempty"`

	// Language Language of the texts in QR codes and push messages, two letters; `en` when absent.
	Language *string `json:"language,omitempty"`

	// Parameters Values of the template's placeholders: texts.
	Parameters map[string]interface{} `json:"parameters,omitempty"`

	// Template Name of the template.
	Template string `json:"template"`

	// UserID The user, 1 to 255 characters.
	UserID string `json:"userId"`
}

// NewRegistration A registration to be started.
type NewRegistration struct {
	// AppID The application of the credentials.
	AppID string `json:"appId"`

	// Flags Flags, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100.
	Flags []string `json:"flags,omitempty"`

	// Otp One-time password, 1 to 255 characters.
	Otp *string `json:"otp,omitempty"`

	// OtpValidation When the OTP is asked for: `NONE`, `ON_KEY_EXCHANGE` or `ON_COMMIT`; the last one when there is an OTP and nothing is said.
	OtpValidation *string `json:"otpValidation,omitempty"`

	// UserID The user, 1 to 255 characters.
	UserID string `json:"userId"`
}

// OfflineOtp Digits that a user has typed.
type OfflineOtp struct {
	// Nonce The nonce of the QR code.
	Nonce string `json:"nonce"`

	// Otp 16 digits, in groups of four or eight with dashes, or without.
	Otp string `json:"otp"`

	// RegistrationID UUID of the phone's registration.
	RegistrationID string `json:"registrationId"`
}

// OfflineQrCode What a phone scans to approve an operation offline.
type OfflineQrCode struct {
	// Nonce Base64 of 16 bytes; needed to verify the digits.
	Nonce []byte `json:"nonce"`

	// OperationQrCodeData Content of the QR code.
	OperationQrCodeData string `json:"operationQrCodeData"`
}

// OkResponse It was done, and there is nothing more to say.
type OkResponse struct {
	Status OkResponseStatus `json:"status"`
}

// OkResponseStatus defines model for OkResponse.Status.
type OkResponseStatus string

// PushMessage A push message.
type PushMessage struct {
	// Extras Anything for the app, at most 3 KiB of JSON.
	Extras map[string]interface{} `json:"extras,omitempty"`

	// Message Text, 1 to 4000 characters; needed unless it is silent.
	Message *string `json:"message,omitempty"`

	// RegistrationID UUID of the only registration that gets it; all of the user's when absent.
	RegistrationID *string `json:"registrationId,omitempty"`

	// Silent Whether nothing is displayed.
	Silent *bool `json:"silent,omitempty"`

	// Sound Name of a sound, 1 to 255 characters; `default` when absent.
	Sound *string `json:"sound,omitempty"`

	// Title Title, 1 to 255 characters; needed unless it is silent.
	Title *string `json:"title,omitempty"`

	// UserID The user, 1 to 255 characters.
	UserID string `json:"userId"`
}

// Registration A registration. Which members there are depends on its state.
type Registration struct {
	// ActivationFingerprint Eight digits that the phone shows, too, while it is PENDING_COMMIT.
	ActivationFingerprint *string `json:"activationFingerprint,omitempty"`

	// ActivationQrCodeData What a phone scans, while it is CREATED.
	ActivationQrCodeData *string `json:"activationQrCodeData,omitempty"`

	// DeviceInfo Model of the phone.
	DeviceInfo *string `json:"deviceInfo,omitempty"`

	// Flags Its flags, in the order in which they came.
	Flags []string `json:"flags"`

	// Name Name of the phone.
	Name *string `json:"name,omitempty"`

	// Platform Platform of the phone.
	Platform *string `json:"platform,omitempty"`

	// RegistrationID UUID.
	RegistrationID string `json:"registrationId"`

	// RegistrationStatus Its state.
	RegistrationStatus ActivationStatus `json:"registrationStatus"`

	// TimestampCreated Creation, in milliseconds since the epoch.
	TimestampCreated int64 `json:"timestampCreated"`

	// TimestampLastUsed Last verification, in milliseconds since the epoch.
	TimestampLastUsed int64 `json:"timestampLastUsed"`
}

// RegistrationChange A change of a registration's state.
type RegistrationChange struct {
	// BlockReason Why it is blocked, 1 to 255 characters.
	BlockReason *string `json:"blockReason,omitempty"`

	// Change `BLOCK`, `UNBLOCK` or `REMOVE`.
	Change string `json:"change"`

	// ExternalUserID Who acts, 1 to 255 characters.
	ExternalUserID *string `json:"externalUserId,omitempty"`
}

// RegistrationCode What a phone scans.
type RegistrationCode struct {
	// ActivationQrCodeData Activation code, `#`, and its signature by the application's master key.
	ActivationQrCodeData string `json:"activationQrCodeData"`

	// RegistrationID UUID.
	RegistrationID string `json:"registrationId"`
}

// RegistrationCommit Who commits a registration, and with what.
type RegistrationCommit struct {
	// ExternalUserID Who acts, 1 to 255 characters.
	ExternalUserID *string `json:"externalUserId,omitempty"`

	// Otp The OTP, where it is asked for now.
	Otp *string `json:"otp,omitempty"`
}

// RegistrationFlags Flags of a registration.
type RegistrationFlags struct {
	// Flags Flags, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100.
	Flags []string `json:"flags"`
}

// RegistrationList Registrations of a user.
type RegistrationList struct {
	// Registrations Newest first.
	Registrations []Registration `json:"registrations"`
}

// SignedRequest A request that a phone has signed.
type SignedRequest struct {
	// AuthHeader Value of the header `X-PowerAuth-Authorization`.
	AuthHeader string `json:"authHeader"`

	// Method `GET`, `POST`, `PUT` or `DELETE`.
	Method string `json:"method"`

	// QueryParams Query parameters of a GET, decoded.
	QueryParams map[string]string `json:"queryParams,omitempty"`

	// RequestBody Base64 of the body, unless the method is GET.
	RequestBody []byte `json:"requestBody,omitempty"`

	// URIID Resource identifier, 1 to 1024 characters.
	URIID string `json:"uriId"`
}

// TokenHolder A token that a phone has shown.
type TokenHolder struct {
	// AuthHeader Value of the header `X-PowerAuth-Token`.
	AuthHeader string `json:"authHeader"`
}

// Verified Outcome of a verification. About a registration that does not exist for the caller nothing but the outcome is told.
type Verified struct {
	// Application The application.
	Application *VerifiedApplication `json:"application,omitempty"`

	// Flags Flags of the registration.
	Flags []string `json:"flags,omitempty"`

	// OperationID UUID of the operation.
	OperationID *string `json:"operationId,omitempty"`

	// OtpValid Whether typed digits were right.
	OtpValid *bool `json:"otpValid,omitempty"`

	// RegistrationID UUID of the registration.
	RegistrationID *string `json:"registrationId,omitempty"`

	// RegistrationStatus Its state after the verification.
	RegistrationStatus *ActivationStatus `json:"registrationStatus,omitempty"`

	// RemainingAttempts Failed attempts that are left; not for tokens.
	RemainingAttempts *int64 `json:"remainingAttempts,omitempty"`

	// SignatureType Factors, by their upper-case name.
	SignatureType *string `json:"signatureType,omitempty"`

	// SignatureValid Whether the signature was right.
	SignatureValid *bool `json:"signatureValid,omitempty"`

	// TokenValid Whether the token was right.
	TokenValid *bool `json:"tokenValid,omitempty"`

	// UserID The user.
	UserID *string `json:"userId,omitempty"`
}

// VerifiedApplication The application of a registration.
type VerifiedApplication struct {
	// Name Its id.
	Name string `json:"name"`

	// Roles Its roles.
	Roles []string `json:"roles"`
}

// BadRequest A refusal.
type BadRequest = ErrorResponse

// Failure A refusal.
type Failure = ErrorResponse

// HeaderTooLarge A refusal.
type HeaderTooLarge = ErrorResponse

// TooLarge A refusal.
type TooLarge = ErrorResponse

// Unauthenticated A refusal.
type Unauthenticated = ErrorResponse

// CloudApplicationDetailParams defines parameters for CloudApplicationDetail.
type CloudApplicationDetailParams struct {
	// ID The application.
	ID string `form:"id" json:"id"`

	// Version A version of it; the first one that is enabled when absent.
	Version *string `form:"version,omitempty" json:"version,omitempty"`
}

// CloudAuditLogParams defines parameters for CloudAuditLog.
type CloudAuditLogParams struct {
	// UserID The user.
	UserID string `form:"userId" json:"userId"`

	// TimestampFrom Begin, in milliseconds since the epoch; 30 days ago when absent.
	TimestampFrom *string `form:"timestampFrom,omitempty" json:"timestampFrom,omitempty"`

	// TimestampTo End, in milliseconds since the epoch; now when absent.
	TimestampTo *string `form:"timestampTo,omitempty" json:"timestampTo,omitempty"`

	// Page Page of 1,000 events, from 0 to 9.
	Page *string `form:"page,omitempty" json:"page,omitempty"`
}

// CloudOfflineQrCodeParams defines parameters for CloudOfflineQrCode.
type CloudOfflineQrCodeParams struct {
	// RegistrationID UUID of an active registration that may decide the operation.
	RegistrationID string `form:"registrationId" json:"registrationId"`
}

// CloudListRegistrationsParams defines parameters for CloudListRegistrations.
type CloudListRegistrationsParams struct {
	// UserID The user.
	UserID string `form:"userId" json:"userId"`
}

// CloudCreateApplicationJSONRequestBody defines body for CloudCreateApplication for application/json ContentType.
type CloudCreateApplicationJSONRequestBody = NewApplication

// CloudApplicationCredentialsJSONRequestBody defines body for CloudApplicationCredentials for application/json ContentType.
type CloudApplicationCredentialsJSONRequestBody = CredentialsRequest

// CloudRemoveRolesJSONRequestBody defines body for CloudRemoveRoles for application/json ContentType.
type CloudRemoveRolesJSONRequestBody = ApplicationRoles

// CloudAddRolesJSONRequestBody defines body for CloudAddRoles for application/json ContentType.
type CloudAddRolesJSONRequestBody = ApplicationRoles

// CloudApplicationSettingsJSONRequestBody defines body for CloudApplicationSettings for application/json ContentType.
type CloudApplicationSettingsJSONRequestBody = ApplicationSettings

// CloudOperationCallbackJSONRequestBody defines body for CloudOperationCallback for application/json ContentType.
type CloudOperationCallbackJSONRequestBody = ChangedOperation

// CloudSendMessageJSONRequestBody defines body for CloudSendMessage for application/json ContentType.
type CloudSendMessageJSONRequestBody = PushMessage

// CloudCreateOperationJSONRequestBody defines body for CloudCreateOperation for application/json ContentType.
type CloudCreateOperationJSONRequestBody = NewOperation

// CloudOfflineOtpJSONRequestBody defines body for CloudOfflineOtp for application/json ContentType.
type CloudOfflineOtpJSONRequestBody = OfflineOtp

// CloudCreateRegistrationJSONRequestBody defines body for CloudCreateRegistration for application/json ContentType.
type CloudCreateRegistrationJSONRequestBody = NewRegistration

// CloudChangeRegistrationJSONRequestBody defines body for CloudChangeRegistration for application/json ContentType.
type CloudChangeRegistrationJSONRequestBody = RegistrationChange

// CloudCommitRegistrationJSONRequestBody defines body for CloudCommitRegistration for application/json ContentType.
type CloudCommitRegistrationJSONRequestBody = RegistrationCommit

// CloudAddFlagsJSONRequestBody defines body for CloudAddFlags for application/json ContentType.
type CloudAddFlagsJSONRequestBody = RegistrationFlags

// CloudReplaceFlagsJSONRequestBody defines body for CloudReplaceFlags for application/json ContentType.
type CloudReplaceFlagsJSONRequestBody = RegistrationFlags

// CloudRemoveFlagsJSONRequestBody defines body for CloudRemoveFlags for application/json ContentType.
type CloudRemoveFlagsJSONRequestBody = RegistrationFlags

// CloudVerifySignatureJSONRequestBody defines body for CloudVerifySignature for application/json ContentType.
type CloudVerifySignatureJSONRequestBody = SignedRequest

// CloudVerifyTokenJSONRequestBody defines body for CloudVerifyToken for application/json ContentType.
type CloudVerifyTokenJSONRequestBody = TokenHolder
