// Code generated from docs/openapi/server.json (SHA-256 cc9fff94f7b480e5ffeeba3a2471a1033ac56c383be9ea603648393fd40e96f6). DO NOT EDIT.

// Package server has the types of the API for back ends that link activations to users.
package server

import (
	"time"
)

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

// Defines values for ActivationType.
const (
	ActivationTypeCODE     ActivationType = "CODE"
	ActivationTypeCUSTOM   ActivationType = "CUSTOM"
	ActivationTypeDIRECT   ActivationType = "DIRECT"
	ActivationTypeRECOVERY ActivationType = "RECOVERY"
)

// Valid indicates whether the value is a known member of the ActivationType enum.
func (e ActivationType) Valid() bool {
	switch e {
	case ActivationTypeCODE:
		return true
	case ActivationTypeCUSTOM:
		return true
	case ActivationTypeDIRECT:
		return true
	case ActivationTypeRECOVERY:
		return true
	default:
		return false
	}
}

// Defines values for AddActivationFlagsResponseStatus.
const (
	AddActivationFlagsResponseStatusOK AddActivationFlagsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the AddActivationFlagsResponseStatus enum.
func (e AddActivationFlagsResponseStatus) Valid() bool {
	switch e {
	case AddActivationFlagsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for AddApplicationRolesResponseStatus.
const (
	AddApplicationRolesResponseStatusOK AddApplicationRolesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the AddApplicationRolesResponseStatus enum.
func (e AddApplicationRolesResponseStatus) Valid() bool {
	switch e {
	case AddApplicationRolesResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for ApproveOperationResponseStatus.
const (
	ApproveOperationResponseStatusOK ApproveOperationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ApproveOperationResponseStatus enum.
func (e ApproveOperationResponseStatus) Valid() bool {
	switch e {
	case ApproveOperationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for BlockActivationResponseStatus.
const (
	BlockActivationResponseStatusOK BlockActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the BlockActivationResponseStatus enum.
func (e BlockActivationResponseStatus) Valid() bool {
	switch e {
	case BlockActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CallbackDetailType.
const (
	CallbackDetailTypeACTIVATIONSTATUSCHANGE CallbackDetailType = "ACTIVATION_STATUS_CHANGE"
	CallbackDetailTypeOPERATIONSTATUSCHANGE  CallbackDetailType = "OPERATION_STATUS_CHANGE"
)

// Valid indicates whether the value is a known member of the CallbackDetailType enum.
func (e CallbackDetailType) Valid() bool {
	switch e {
	case CallbackDetailTypeACTIVATIONSTATUSCHANGE:
		return true
	case CallbackDetailTypeOPERATIONSTATUSCHANGE:
		return true
	default:
		return false
	}
}

// Defines values for CallbackRequestType.
const (
	CallbackRequestTypeACTIVATIONSTATUSCHANGE CallbackRequestType = "ACTIVATION_STATUS_CHANGE"
	CallbackRequestTypeOPERATIONSTATUSCHANGE  CallbackRequestType = "OPERATION_STATUS_CHANGE"
)

// Valid indicates whether the value is a known member of the CallbackRequestType enum.
func (e CallbackRequestType) Valid() bool {
	switch e {
	case CallbackRequestTypeACTIVATIONSTATUSCHANGE:
		return true
	case CallbackRequestTypeOPERATIONSTATUSCHANGE:
		return true
	default:
		return false
	}
}

// Defines values for CancelOperationResponseStatus.
const (
	CancelOperationResponseStatusOK CancelOperationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CancelOperationResponseStatus enum.
func (e CancelOperationResponseStatus) Valid() bool {
	switch e {
	case CancelOperationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CommitActivationResponseStatus.
const (
	CommitActivationResponseStatusOK CommitActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CommitActivationResponseStatus enum.
func (e CommitActivationResponseStatus) Valid() bool {
	switch e {
	case CommitActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CommitUpgradeResponseStatus.
const (
	CommitUpgradeResponseStatusOK CommitUpgradeResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CommitUpgradeResponseStatus enum.
func (e CommitUpgradeResponseStatus) Valid() bool {
	switch e {
	case CommitUpgradeResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for ConfirmRecoveryCodeResponseStatus.
const (
	ConfirmRecoveryCodeResponseStatusOK ConfirmRecoveryCodeResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ConfirmRecoveryCodeResponseStatus enum.
func (e ConfirmRecoveryCodeResponseStatus) Valid() bool {
	switch e {
	case ConfirmRecoveryCodeResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateActivationByCredentialsResponseStatus.
const (
	CreateActivationByCredentialsResponseStatusOK CreateActivationByCredentialsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateActivationByCredentialsResponseStatus enum.
func (e CreateActivationByCredentialsResponseStatus) Valid() bool {
	switch e {
	case CreateActivationByCredentialsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateActivationResponseStatus.
const (
	CreateActivationResponseStatusOK CreateActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateActivationResponseStatus enum.
func (e CreateActivationResponseStatus) Valid() bool {
	switch e {
	case CreateActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateApplicationResponseStatus.
const (
	CreateApplicationResponseStatusOK CreateApplicationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateApplicationResponseStatus enum.
func (e CreateApplicationResponseStatus) Valid() bool {
	switch e {
	case CreateApplicationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateApplicationVersionResponseStatus.
const (
	CreateApplicationVersionResponseStatusOK CreateApplicationVersionResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateApplicationVersionResponseStatus enum.
func (e CreateApplicationVersionResponseStatus) Valid() bool {
	switch e {
	case CreateApplicationVersionResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateCallbackURLResponseStatus.
const (
	CreateCallbackURLResponseStatusOK CreateCallbackURLResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateCallbackURLResponseStatus enum.
func (e CreateCallbackURLResponseStatus) Valid() bool {
	switch e {
	case CreateCallbackURLResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateIntegrationResponseStatus.
const (
	CreateIntegrationResponseStatusOK CreateIntegrationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateIntegrationResponseStatus enum.
func (e CreateIntegrationResponseStatus) Valid() bool {
	switch e {
	case CreateIntegrationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateNonPersonalizedOfflineSignaturePayloadResponseStatus.
const (
	CreateNonPersonalizedOfflineSignaturePayloadResponseStatusOK CreateNonPersonalizedOfflineSignaturePayloadResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateNonPersonalizedOfflineSignaturePayloadResponseStatus enum.
func (e CreateNonPersonalizedOfflineSignaturePayloadResponseStatus) Valid() bool {
	switch e {
	case CreateNonPersonalizedOfflineSignaturePayloadResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateOperationResponseStatus.
const (
	CreateOperationResponseStatusOK CreateOperationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateOperationResponseStatus enum.
func (e CreateOperationResponseStatus) Valid() bool {
	switch e {
	case CreateOperationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateOperationTemplateResponseStatus.
const (
	CreateOperationTemplateResponseStatusOK CreateOperationTemplateResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateOperationTemplateResponseStatus enum.
func (e CreateOperationTemplateResponseStatus) Valid() bool {
	switch e {
	case CreateOperationTemplateResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreatePersonalizedOfflineSignaturePayloadResponseStatus.
const (
	CreatePersonalizedOfflineSignaturePayloadResponseStatusOK CreatePersonalizedOfflineSignaturePayloadResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreatePersonalizedOfflineSignaturePayloadResponseStatus enum.
func (e CreatePersonalizedOfflineSignaturePayloadResponseStatus) Valid() bool {
	switch e {
	case CreatePersonalizedOfflineSignaturePayloadResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateRecoveryCodeResponseStatus.
const (
	CreateRecoveryCodeResponseStatusOK CreateRecoveryCodeResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateRecoveryCodeResponseStatus enum.
func (e CreateRecoveryCodeResponseStatus) Valid() bool {
	switch e {
	case CreateRecoveryCodeResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateTemporaryKeyResponseStatus.
const (
	CreateTemporaryKeyResponseStatusOK CreateTemporaryKeyResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateTemporaryKeyResponseStatus enum.
func (e CreateTemporaryKeyResponseStatus) Valid() bool {
	switch e {
	case CreateTemporaryKeyResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for CreateTokenResponseStatus.
const (
	CreateTokenResponseStatusOK CreateTokenResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the CreateTokenResponseStatus enum.
func (e CreateTokenResponseStatus) Valid() bool {
	switch e {
	case CreateTokenResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for EcdsaSignatureFormat.
const (
	EcdsaSignatureFormatDER  EcdsaSignatureFormat = "DER"
	EcdsaSignatureFormatJOSE EcdsaSignatureFormat = "JOSE"
)

// Valid indicates whether the value is a known member of the EcdsaSignatureFormat enum.
func (e EcdsaSignatureFormat) Valid() bool {
	switch e {
	case EcdsaSignatureFormatDER:
		return true
	case EcdsaSignatureFormatJOSE:
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

// Defines values for FailApproveOperationResponseStatus.
const (
	FailApproveOperationResponseStatusOK FailApproveOperationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the FailApproveOperationResponseStatus enum.
func (e FailApproveOperationResponseStatus) Valid() bool {
	switch e {
	case FailApproveOperationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for FindAllOperationsByExternalIDResponseStatus.
const (
	FindAllOperationsByExternalIDResponseStatusOK FindAllOperationsByExternalIDResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the FindAllOperationsByExternalIDResponseStatus enum.
func (e FindAllOperationsByExternalIDResponseStatus) Valid() bool {
	switch e {
	case FindAllOperationsByExternalIDResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for FindAllOperationsForUserResponseStatus.
const (
	FindAllOperationsForUserResponseStatusOK FindAllOperationsForUserResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the FindAllOperationsForUserResponseStatus enum.
func (e FindAllOperationsForUserResponseStatus) Valid() bool {
	switch e {
	case FindAllOperationsForUserResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for FindPendingOperationsForUserResponseStatus.
const (
	FindPendingOperationsForUserResponseStatusOK FindPendingOperationsForUserResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the FindPendingOperationsForUserResponseStatus enum.
func (e FindPendingOperationsForUserResponseStatus) Valid() bool {
	switch e {
	case FindPendingOperationsForUserResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetActivationHistoryResponseStatus.
const (
	GetActivationHistoryResponseStatusOK GetActivationHistoryResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetActivationHistoryResponseStatus enum.
func (e GetActivationHistoryResponseStatus) Valid() bool {
	switch e {
	case GetActivationHistoryResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetActivationListForUserResponseStatus.
const (
	GetActivationListForUserResponseStatusOK GetActivationListForUserResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetActivationListForUserResponseStatus enum.
func (e GetActivationListForUserResponseStatus) Valid() bool {
	switch e {
	case GetActivationListForUserResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetActivationStatusResponseStatus.
const (
	GetActivationStatusResponseStatusOK GetActivationStatusResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetActivationStatusResponseStatus enum.
func (e GetActivationStatusResponseStatus) Valid() bool {
	switch e {
	case GetActivationStatusResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetAllTemplatesResponseStatus.
const (
	GetAllTemplatesResponseStatusOK GetAllTemplatesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetAllTemplatesResponseStatus enum.
func (e GetAllTemplatesResponseStatus) Valid() bool {
	switch e {
	case GetAllTemplatesResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetApplicationDetailResponseStatus.
const (
	GetApplicationDetailResponseStatusOK GetApplicationDetailResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetApplicationDetailResponseStatus enum.
func (e GetApplicationDetailResponseStatus) Valid() bool {
	switch e {
	case GetApplicationDetailResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetApplicationListResponseStatus.
const (
	GetApplicationListResponseStatusOK GetApplicationListResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetApplicationListResponseStatus enum.
func (e GetApplicationListResponseStatus) Valid() bool {
	switch e {
	case GetApplicationListResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetCallbackURLListResponseStatus.
const (
	GetCallbackURLListResponseStatusOK GetCallbackURLListResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetCallbackURLListResponseStatus enum.
func (e GetCallbackURLListResponseStatus) Valid() bool {
	switch e {
	case GetCallbackURLListResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetEciesDecryptorResponseStatus.
const (
	GetEciesDecryptorResponseStatusOK GetEciesDecryptorResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetEciesDecryptorResponseStatus enum.
func (e GetEciesDecryptorResponseStatus) Valid() bool {
	switch e {
	case GetEciesDecryptorResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetErrorCodeListResponseStatus.
const (
	GetErrorCodeListResponseStatusOK GetErrorCodeListResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetErrorCodeListResponseStatus enum.
func (e GetErrorCodeListResponseStatus) Valid() bool {
	switch e {
	case GetErrorCodeListResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetIntegrationListResponseStatus.
const (
	GetIntegrationListResponseStatusOK GetIntegrationListResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetIntegrationListResponseStatus enum.
func (e GetIntegrationListResponseStatus) Valid() bool {
	switch e {
	case GetIntegrationListResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetRecoveryConfigResponseStatus.
const (
	GetRecoveryConfigResponseStatusOK GetRecoveryConfigResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetRecoveryConfigResponseStatus enum.
func (e GetRecoveryConfigResponseStatus) Valid() bool {
	switch e {
	case GetRecoveryConfigResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetSignatureAuditLogResponseStatus.
const (
	GetSignatureAuditLogResponseStatusOK GetSignatureAuditLogResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetSignatureAuditLogResponseStatus enum.
func (e GetSignatureAuditLogResponseStatus) Valid() bool {
	switch e {
	case GetSignatureAuditLogResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetSystemStatusResponseStatus.
const (
	GetSystemStatusResponseStatusOK GetSystemStatusResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetSystemStatusResponseStatus enum.
func (e GetSystemStatusResponseStatus) Valid() bool {
	switch e {
	case GetSystemStatusResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for GetTemplateDetailResponseStatus.
const (
	GetTemplateDetailResponseStatusOK GetTemplateDetailResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the GetTemplateDetailResponseStatus enum.
func (e GetTemplateDetailResponseStatus) Valid() bool {
	switch e {
	case GetTemplateDetailResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for InboxMessageDetailType.
const (
	InboxMessageDetailTypeHTML InboxMessageDetailType = "html"
	InboxMessageDetailTypeText InboxMessageDetailType = "text"
)

// Valid indicates whether the value is a known member of the InboxMessageDetailType enum.
func (e InboxMessageDetailType) Valid() bool {
	switch e {
	case InboxMessageDetailTypeHTML:
		return true
	case InboxMessageDetailTypeText:
		return true
	default:
		return false
	}
}

// Defines values for InboxMessagePostType.
const (
	InboxMessagePostTypeHTML InboxMessagePostType = "html"
	InboxMessagePostTypeText InboxMessagePostType = "text"
)

// Valid indicates whether the value is a known member of the InboxMessagePostType enum.
func (e InboxMessagePostType) Valid() bool {
	switch e {
	case InboxMessagePostTypeHTML:
		return true
	case InboxMessagePostTypeText:
		return true
	default:
		return false
	}
}

// Defines values for InitActivationResponseStatus.
const (
	InitActivationResponseStatusOK InitActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the InitActivationResponseStatus enum.
func (e InitActivationResponseStatus) Valid() bool {
	switch e {
	case InitActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for ListActivationFlagsResponseStatus.
const (
	ListActivationFlagsResponseStatusOK ListActivationFlagsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ListActivationFlagsResponseStatus enum.
func (e ListActivationFlagsResponseStatus) Valid() bool {
	switch e {
	case ListActivationFlagsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for ListApplicationRolesResponseStatus.
const (
	ListApplicationRolesResponseStatusOK ListApplicationRolesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ListApplicationRolesResponseStatus enum.
func (e ListApplicationRolesResponseStatus) Valid() bool {
	switch e {
	case ListApplicationRolesResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for LookupActivationsResponseStatus.
const (
	LookupActivationsResponseStatusOK LookupActivationsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the LookupActivationsResponseStatus enum.
func (e LookupActivationsResponseStatus) Valid() bool {
	switch e {
	case LookupActivationsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for LookupApplicationByAppKeyResponseStatus.
const (
	LookupApplicationByAppKeyResponseStatusOK LookupApplicationByAppKeyResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the LookupApplicationByAppKeyResponseStatus enum.
func (e LookupApplicationByAppKeyResponseStatus) Valid() bool {
	switch e {
	case LookupApplicationByAppKeyResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for LookupRecoveryCodesResponseStatus.
const (
	LookupRecoveryCodesResponseStatusOK LookupRecoveryCodesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the LookupRecoveryCodesResponseStatus enum.
func (e LookupRecoveryCodesResponseStatus) Valid() bool {
	switch e {
	case LookupRecoveryCodesResponseStatusOK:
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

// Defines values for OpenActivationCredentialsResponseStatus.
const (
	OpenActivationCredentialsResponseStatusOK OpenActivationCredentialsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the OpenActivationCredentialsResponseStatus enum.
func (e OpenActivationCredentialsResponseStatus) Valid() bool {
	switch e {
	case OpenActivationCredentialsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for OperationDetailStatus.
const (
	OperationDetailStatusAPPROVED OperationDetailStatus = "APPROVED"
	OperationDetailStatusCANCELED OperationDetailStatus = "CANCELED"
	OperationDetailStatusEXPIRED  OperationDetailStatus = "EXPIRED"
	OperationDetailStatusFAILED   OperationDetailStatus = "FAILED"
	OperationDetailStatusPENDING  OperationDetailStatus = "PENDING"
	OperationDetailStatusREJECTED OperationDetailStatus = "REJECTED"
)

// Valid indicates whether the value is a known member of the OperationDetailStatus enum.
func (e OperationDetailStatus) Valid() bool {
	switch e {
	case OperationDetailStatusAPPROVED:
		return true
	case OperationDetailStatusCANCELED:
		return true
	case OperationDetailStatusEXPIRED:
		return true
	case OperationDetailStatusFAILED:
		return true
	case OperationDetailStatusPENDING:
		return true
	case OperationDetailStatusREJECTED:
		return true
	default:
		return false
	}
}

// Defines values for OperationDetailResponseStatus.
const (
	OperationDetailResponseStatusOK OperationDetailResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the OperationDetailResponseStatus enum.
func (e OperationDetailResponseStatus) Valid() bool {
	switch e {
	case OperationDetailResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for OtpValidation.
const (
	OtpValidationNONE          OtpValidation = "NONE"
	OtpValidationONCOMMIT      OtpValidation = "ON_COMMIT"
	OtpValidationONKEYEXCHANGE OtpValidation = "ON_KEY_EXCHANGE"
)

// Valid indicates whether the value is a known member of the OtpValidation enum.
func (e OtpValidation) Valid() bool {
	switch e {
	case OtpValidationNONE:
		return true
	case OtpValidationONCOMMIT:
		return true
	case OtpValidationONKEYEXCHANGE:
		return true
	default:
		return false
	}
}

// Defines values for PostInboxMessageResponseStatus.
const (
	PostInboxMessageResponseStatusOK PostInboxMessageResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PostInboxMessageResponseStatus enum.
func (e PostInboxMessageResponseStatus) Valid() bool {
	switch e {
	case PostInboxMessageResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PrepareActivationResponseStatus.
const (
	PrepareActivationResponseStatusOK PrepareActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the PrepareActivationResponseStatus enum.
func (e PrepareActivationResponseStatus) Valid() bool {
	switch e {
	case PrepareActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for PukStatus.
const (
	PukStatusINVALID PukStatus = "INVALID"
	PukStatusUSED    PukStatus = "USED"
	PukStatusVALID   PukStatus = "VALID"
)

// Valid indicates whether the value is a known member of the PukStatus enum.
func (e PukStatus) Valid() bool {
	switch e {
	case PukStatusINVALID:
		return true
	case PukStatusUSED:
		return true
	case PukStatusVALID:
		return true
	default:
		return false
	}
}

// Defines values for RecoveryCodeActivationResponseStatus.
const (
	RecoveryCodeActivationResponseStatusOK RecoveryCodeActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RecoveryCodeActivationResponseStatus enum.
func (e RecoveryCodeActivationResponseStatus) Valid() bool {
	switch e {
	case RecoveryCodeActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RecoveryCodeStatus.
const (
	RecoveryCodeStatusACTIVE  RecoveryCodeStatus = "ACTIVE"
	RecoveryCodeStatusBLOCKED RecoveryCodeStatus = "BLOCKED"
	RecoveryCodeStatusCREATED RecoveryCodeStatus = "CREATED"
	RecoveryCodeStatusREVOKED RecoveryCodeStatus = "REVOKED"
)

// Valid indicates whether the value is a known member of the RecoveryCodeStatus enum.
func (e RecoveryCodeStatus) Valid() bool {
	switch e {
	case RecoveryCodeStatusACTIVE:
		return true
	case RecoveryCodeStatusBLOCKED:
		return true
	case RecoveryCodeStatusCREATED:
		return true
	case RecoveryCodeStatusREVOKED:
		return true
	default:
		return false
	}
}

// Defines values for RejectOperationResponseStatus.
const (
	RejectOperationResponseStatusOK RejectOperationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RejectOperationResponseStatus enum.
func (e RejectOperationResponseStatus) Valid() bool {
	switch e {
	case RejectOperationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RemoveActivationFlagsResponseStatus.
const (
	RemoveActivationFlagsResponseStatusOK RemoveActivationFlagsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RemoveActivationFlagsResponseStatus enum.
func (e RemoveActivationFlagsResponseStatus) Valid() bool {
	switch e {
	case RemoveActivationFlagsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RemoveActivationResponseStatus.
const (
	RemoveActivationResponseStatusOK RemoveActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RemoveActivationResponseStatus enum.
func (e RemoveActivationResponseStatus) Valid() bool {
	switch e {
	case RemoveActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RemoveApplicationRolesResponseStatus.
const (
	RemoveApplicationRolesResponseStatusOK RemoveApplicationRolesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RemoveApplicationRolesResponseStatus enum.
func (e RemoveApplicationRolesResponseStatus) Valid() bool {
	switch e {
	case RemoveApplicationRolesResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RemoveCallbackURLResponseStatus.
const (
	RemoveCallbackURLResponseStatusOK RemoveCallbackURLResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RemoveCallbackURLResponseStatus enum.
func (e RemoveCallbackURLResponseStatus) Valid() bool {
	switch e {
	case RemoveCallbackURLResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RemoveIntegrationResponseStatus.
const (
	RemoveIntegrationResponseStatusOK RemoveIntegrationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RemoveIntegrationResponseStatus enum.
func (e RemoveIntegrationResponseStatus) Valid() bool {
	switch e {
	case RemoveIntegrationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RemoveTokenResponseStatus.
const (
	RemoveTokenResponseStatusOK RemoveTokenResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RemoveTokenResponseStatus enum.
func (e RemoveTokenResponseStatus) Valid() bool {
	switch e {
	case RemoveTokenResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for RevokeRecoveryCodesResponseStatus.
const (
	RevokeRecoveryCodesResponseStatusOK RevokeRecoveryCodesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the RevokeRecoveryCodesResponseStatus enum.
func (e RevokeRecoveryCodesResponseStatus) Valid() bool {
	switch e {
	case RevokeRecoveryCodesResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for SignatureType.
const (
	SignatureTypeBIOMETRY                    SignatureType = "BIOMETRY"
	SignatureTypeKNOWLEDGE                   SignatureType = "KNOWLEDGE"
	SignatureTypePOSSESSION                  SignatureType = "POSSESSION"
	SignatureTypePOSSESSIONBIOMETRY          SignatureType = "POSSESSION_BIOMETRY"
	SignatureTypePOSSESSIONKNOWLEDGE         SignatureType = "POSSESSION_KNOWLEDGE"
	SignatureTypePOSSESSIONKNOWLEDGEBIOMETRY SignatureType = "POSSESSION_KNOWLEDGE_BIOMETRY"
)

// Valid indicates whether the value is a known member of the SignatureType enum.
func (e SignatureType) Valid() bool {
	switch e {
	case SignatureTypeBIOMETRY:
		return true
	case SignatureTypeKNOWLEDGE:
		return true
	case SignatureTypePOSSESSION:
		return true
	case SignatureTypePOSSESSIONBIOMETRY:
		return true
	case SignatureTypePOSSESSIONKNOWLEDGE:
		return true
	case SignatureTypePOSSESSIONKNOWLEDGEBIOMETRY:
		return true
	default:
		return false
	}
}

// Defines values for StartUpgradeResponseStatus.
const (
	StartUpgradeResponseStatusOK StartUpgradeResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the StartUpgradeResponseStatus enum.
func (e StartUpgradeResponseStatus) Valid() bool {
	switch e {
	case StartUpgradeResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for SupportApplicationVersionResponseStatus.
const (
	SupportApplicationVersionResponseStatusOK SupportApplicationVersionResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the SupportApplicationVersionResponseStatus enum.
func (e SupportApplicationVersionResponseStatus) Valid() bool {
	switch e {
	case SupportApplicationVersionResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UnblockActivationResponseStatus.
const (
	UnblockActivationResponseStatusOK UnblockActivationResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UnblockActivationResponseStatus enum.
func (e UnblockActivationResponseStatus) Valid() bool {
	switch e {
	case UnblockActivationResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UnsupportApplicationVersionResponseStatus.
const (
	UnsupportApplicationVersionResponseStatusOK UnsupportApplicationVersionResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UnsupportApplicationVersionResponseStatus enum.
func (e UnsupportApplicationVersionResponseStatus) Valid() bool {
	switch e {
	case UnsupportApplicationVersionResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateActivationFlagsResponseStatus.
const (
	UpdateActivationFlagsResponseStatusOK UpdateActivationFlagsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateActivationFlagsResponseStatus enum.
func (e UpdateActivationFlagsResponseStatus) Valid() bool {
	switch e {
	case UpdateActivationFlagsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateActivationNameResponseStatus.
const (
	UpdateActivationNameResponseStatusOK UpdateActivationNameResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateActivationNameResponseStatus enum.
func (e UpdateActivationNameResponseStatus) Valid() bool {
	switch e {
	case UpdateActivationNameResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateActivationOtpResponseStatus.
const (
	UpdateActivationOtpResponseStatusOK UpdateActivationOtpResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateActivationOtpResponseStatus enum.
func (e UpdateActivationOtpResponseStatus) Valid() bool {
	switch e {
	case UpdateActivationOtpResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateApplicationRolesResponseStatus.
const (
	UpdateApplicationRolesResponseStatusOK UpdateApplicationRolesResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateApplicationRolesResponseStatus enum.
func (e UpdateApplicationRolesResponseStatus) Valid() bool {
	switch e {
	case UpdateApplicationRolesResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateCallbackURLResponseStatus.
const (
	UpdateCallbackURLResponseStatusOK UpdateCallbackURLResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateCallbackURLResponseStatus enum.
func (e UpdateCallbackURLResponseStatus) Valid() bool {
	switch e {
	case UpdateCallbackURLResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateOperationTemplateResponseStatus.
const (
	UpdateOperationTemplateResponseStatusOK UpdateOperationTemplateResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateOperationTemplateResponseStatus enum.
func (e UpdateOperationTemplateResponseStatus) Valid() bool {
	switch e {
	case UpdateOperationTemplateResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateRecoveryConfigResponseStatus.
const (
	UpdateRecoveryConfigResponseStatusOK UpdateRecoveryConfigResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateRecoveryConfigResponseStatus enum.
func (e UpdateRecoveryConfigResponseStatus) Valid() bool {
	switch e {
	case UpdateRecoveryConfigResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UpdateStatusForActivationsResponseStatus.
const (
	UpdateStatusForActivationsResponseStatusOK UpdateStatusForActivationsResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the UpdateStatusForActivationsResponseStatus enum.
func (e UpdateStatusForActivationsResponseStatus) Valid() bool {
	switch e {
	case UpdateStatusForActivationsResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for UserActionResult.
const (
	UserActionResultAPPROVALFAILED  UserActionResult = "APPROVAL_FAILED"
	UserActionResultAPPROVED        UserActionResult = "APPROVED"
	UserActionResultOPERATIONFAILED UserActionResult = "OPERATION_FAILED"
	UserActionResultREJECTED        UserActionResult = "REJECTED"
	UserActionResultREJECTFAILED    UserActionResult = "REJECT_FAILED"
)

// Valid indicates whether the value is a known member of the UserActionResult enum.
func (e UserActionResult) Valid() bool {
	switch e {
	case UserActionResultAPPROVALFAILED:
		return true
	case UserActionResultAPPROVED:
		return true
	case UserActionResultOPERATIONFAILED:
		return true
	case UserActionResultREJECTED:
		return true
	case UserActionResultREJECTFAILED:
		return true
	default:
		return false
	}
}

// Defines values for ValidateTokenResponseStatus.
const (
	ValidateTokenResponseStatusOK ValidateTokenResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the ValidateTokenResponseStatus enum.
func (e ValidateTokenResponseStatus) Valid() bool {
	switch e {
	case ValidateTokenResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for VaultUnlockResponseStatus.
const (
	VaultUnlockResponseStatusOK VaultUnlockResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the VaultUnlockResponseStatus enum.
func (e VaultUnlockResponseStatus) Valid() bool {
	switch e {
	case VaultUnlockResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for VerifyECDSASignatureResponseStatus.
const (
	VerifyECDSASignatureResponseStatusOK VerifyECDSASignatureResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the VerifyECDSASignatureResponseStatus enum.
func (e VerifyECDSASignatureResponseStatus) Valid() bool {
	switch e {
	case VerifyECDSASignatureResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for VerifyOfflineSignatureResponseStatus.
const (
	VerifyOfflineSignatureResponseStatusOK VerifyOfflineSignatureResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the VerifyOfflineSignatureResponseStatus enum.
func (e VerifyOfflineSignatureResponseStatus) Valid() bool {
	switch e {
	case VerifyOfflineSignatureResponseStatusOK:
		return true
	default:
		return false
	}
}

// Defines values for VerifySignatureResponseStatus.
const (
	VerifySignatureResponseStatusOK VerifySignatureResponseStatus = "OK"
)

// Valid indicates whether the value is a known member of the VerifySignatureResponseStatus enum.
func (e VerifySignatureResponseStatus) Valid() bool {
	switch e {
	case VerifySignatureResponseStatusOK:
		return true
	default:
		return false
	}
}

// ActivationDetail Answer of `getActivationStatus`.
type ActivationDetail struct {
	// ActivationCode The code, while it is CREATED.
	ActivationCode *string `json:"activationCode"`

	// ActivationFlags Flags of the activation.
	ActivationFlags []string `json:"activationFlags"`

	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationName Its name.
	ActivationName *string `json:"activationName"`

	// ActivationOtpValidation When the OTP is asked for.
	ActivationOtpValidation OtpValidation `json:"activationOtpValidation"`

	// ActivationSignature Signature of the code.
	ActivationSignature *string `json:"activationSignature"`

	// ActivationStatus Its state.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// ApplicationID The application.
	ApplicationID *string `json:"applicationId"`

	// ApplicationRoles Roles of the application.
	ApplicationRoles []string `json:"applicationRoles"`

	// BlockedReason Why it is blocked.
	BlockedReason *string `json:"blockedReason"`

	// DeviceInfo Model of the phone.
	DeviceInfo *string `json:"deviceInfo"`

	// DevicePublicKeyFingerprint Eight digits.
	DevicePublicKeyFingerprint *string `json:"devicePublicKeyFingerprint"`

	// EncryptedStatusBlob Base64 of 32 bytes.
	EncryptedStatusBlob []byte `json:"encryptedStatusBlob"`

	// EncryptedStatusBlobNonce Base64 of 16 bytes.
	EncryptedStatusBlobNonce []byte `json:"encryptedStatusBlobNonce"`

	// Extras What the app sent along.
	Extras *string `json:"extras"`

	// FailedAttempts Failed attempts.
	FailedAttempts int64 `json:"failedAttempts"`

	// MaxFailedAttempts Failed attempts that block.
	MaxFailedAttempts int64 `json:"maxFailedAttempts"`

	// Platform Platform of the phone.
	Platform *string `json:"platform"`

	// TimestampCreated Creation.
	TimestampCreated time.Time `json:"timestampCreated"`

	// TimestampLastChange Last change.
	TimestampLastChange *time.Time `json:"timestampLastChange"`

	// TimestampLastUsed Last verification.
	TimestampLastUsed time.Time `json:"timestampLastUsed"`

	// UserID The user.
	UserID *string `json:"userId"`

	// Version Protocol version; 0 when unknown.
	Version int32 `json:"version"`
}

// ActivationFlags Answer of the flag methods.
type ActivationFlags struct {
	// ActivationFlags All its flags.
	ActivationFlags []string `json:"activationFlags"`

	// ActivationID The activation.
	ActivationID string `json:"activationId"`
}

// ActivationFlagsRequest Request of the flag methods.
type ActivationFlagsRequest struct {
	// ActivationFlags Flags.
	ActivationFlags []string `json:"activationFlags,omitempty"`

	// ActivationID The activation.
	ActivationID string `json:"activationId"`
}

// ActivationHistory Answer of `getActivationHistory`.
type ActivationHistory struct {
	// Items Newest first.
	Items []ActivationHistoryItem `json:"items"`
}

// ActivationHistoryItem A line of the history.
type ActivationHistoryItem struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationName Name of the activation.
	ActivationName *string `json:"activationName"`

	// ActivationStatus State after the change.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// EventReason Why.
	EventReason *string `json:"eventReason"`

	// ExternalUserID Who.
	ExternalUserID *string `json:"externalUserId"`

	// ID Number, growing with time.
	ID int64 `json:"id"`

	// TimestampCreated When.
	TimestampCreated time.Time `json:"timestampCreated"`

	// Version Protocol version.
	Version *int32 `json:"version"`
}

// ActivationHistoryRequest Request of `getActivationHistory`.
type ActivationHistoryRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// TimestampFrom From, included; open when absent.
	TimestampFrom *time.Time `json:"timestampFrom,omitempty"`

	// TimestampTo To, included; open when absent.
	TimestampTo *time.Time `json:"timestampTo,omitempty"`
}

// ActivationItem An activation in a list.
type ActivationItem struct {
	// ActivationFlags Its flags.
	ActivationFlags []string `json:"activationFlags"`

	// ActivationID UUID.
	ActivationID string `json:"activationId"`

	// ActivationName Its name.
	ActivationName *string `json:"activationName"`

	// ActivationStatus Its state.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// ApplicationName Always null; the reference has the attribute.
	ApplicationName *string `json:"applicationName"`

	// BlockedReason Why it is blocked.
	BlockedReason *string `json:"blockedReason"`

	// DeviceInfo Model of the phone.
	DeviceInfo *string `json:"deviceInfo"`

	// Extras What the app sent along.
	Extras *string `json:"extras"`

	// Platform Platform of the phone.
	Platform *string `json:"platform"`

	// TimestampCreated Creation.
	TimestampCreated time.Time `json:"timestampCreated"`

	// TimestampLastChange Last change.
	TimestampLastChange *time.Time `json:"timestampLastChange"`

	// TimestampLastUsed Last verification.
	TimestampLastUsed time.Time `json:"timestampLastUsed"`

	// UserID The user.
	UserID string `json:"userId"`

	// Version Protocol version; 0 when unknown.
	Version int32 `json:"version"`
}

// ActivationList Answer of `getActivationListForUser`.
type ActivationList struct {
	// Activations Newest first.
	Activations []ActivationItem `json:"activations"`

	// UserID The user.
	UserID string `json:"userId"`
}

// ActivationListRequest Request of `getActivationListForUser`.
type ActivationListRequest struct {
	// ApplicationID The application; all when absent.
	ApplicationID *string `json:"applicationId,omitempty"`

	// PageNumber Page, from 0.
	PageNumber *int64 `json:"pageNumber,omitempty"`

	// PageSize Entries per page, from 1.
	PageSize *int64 `json:"pageSize,omitempty"`

	// UserID The user.
	UserID string `json:"userId"`
}

// ActivationLookupRequest Request of `lookupActivations`.
type ActivationLookupRequest struct {
	// ActivationFlags Flags that it must all carry.
	ActivationFlags []string `json:"activationFlags,omitempty"`

	// ActivationStatus State; any when absent.
	ActivationStatus *ActivationStatus `json:"activationStatus,omitempty"`

	// ApplicationIds The applications; none means all.
	ApplicationIds []string `json:"applicationIds,omitempty"`

	// TimestampLastUsedAfter Last used from.
	TimestampLastUsedAfter *time.Time `json:"timestampLastUsedAfter,omitempty"`

	// TimestampLastUsedBefore Last used before; not included.
	TimestampLastUsedBefore *time.Time `json:"timestampLastUsedBefore,omitempty"`

	// UserIds The users, at least one.
	UserIds []string `json:"userIds"`
}

// ActivationNameRequest Request of `updateActivationName`.
type ActivationNameRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationName The new name.
	ActivationName string `json:"activationName"`

	// ExternalUserID Who acts, for the history.
	ExternalUserID *string `json:"externalUserId,omitempty"`
}

// ActivationOtpRequest Request of `updateActivationOtp`, `commitActivation`.
type ActivationOtpRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationOtp The OTP.
	ActivationOtp *string `json:"activationOtp,omitempty"`

	// ExternalUserID Who acts, for the history.
	ExternalUserID *string `json:"externalUserId,omitempty"`
}

// ActivationRequest Request of `removeActivation`, `blockActivation`, `unblockActivation`.
type ActivationRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ExternalUserID Who acts, for the history.
	ExternalUserID *string `json:"externalUserId,omitempty"`

	// Reason Why it is blocked.
	Reason *string `json:"reason,omitempty"`

	// RevokeRecoveryCodes Whether its recovery codes end with it.
	RevokeRecoveryCodes *bool `json:"revokeRecoveryCodes,omitempty"`
}

// ActivationStatus State of an activation. The numbers are those of the status blob, the names those of JSON.
//
// - `CREATED` A code was issued, there is no device key yet.
// - `PENDING_COMMIT` Keys were exchanged.
// - `ACTIVE` In use.
// - `BLOCKED` Not usable until unblocked.
// - `REMOVED` The end.
type ActivationStatus string

// ActivationStatusRequest Request of `getActivationStatus`.
type ActivationStatusRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// Challenge Base64 of 16 bytes; none from protocol 3.0.
	Challenge []byte `json:"challenge,omitempty"`
}

// ActivationStatusesRequest Request of `updateStatusForActivations`.
type ActivationStatusesRequest struct {
	// ActivationIds The activations, at least one.
	ActivationIds []string `json:"activationIds"`

	// ActivationStatus Their new state.
	ActivationStatus ActivationStatus `json:"activationStatus"`
}

// ActivationType How the user is identified.
//
// - `CODE` With an activation code.
// - `CUSTOM` With credentials that the host understands.
// - `DIRECT` The same, of another provider.
// - `RECOVERY` With a recovery code and a PUK.
type ActivationType string

// AddActivationFlagsRequest The body of `addActivationFlags`.
type AddActivationFlagsRequest struct {
	// RequestObject Request of the flag methods.
	RequestObject ActivationFlagsRequest `json:"requestObject"`
}

// AddActivationFlagsResponse The answer of `addActivationFlags`.
type AddActivationFlagsResponse struct {
	// ResponseObject Answer of the flag methods.
	ResponseObject ActivationFlags                  `json:"responseObject"`
	Status         AddActivationFlagsResponseStatus `json:"status"`
}

// AddActivationFlagsResponseStatus defines model for AddActivationFlagsResponse.Status.
type AddActivationFlagsResponseStatus string

// AddApplicationRolesRequest The body of `addApplicationRoles`.
type AddApplicationRolesRequest struct {
	// RequestObject Request of the role methods.
	RequestObject ApplicationRolesRequest `json:"requestObject"`
}

// AddApplicationRolesResponse The answer of `addApplicationRoles`.
type AddApplicationRolesResponse struct {
	// ResponseObject Answer of the role methods.
	ResponseObject ApplicationRoles                  `json:"responseObject"`
	Status         AddApplicationRolesResponseStatus `json:"status"`
}

// AddApplicationRolesResponseStatus defines model for AddApplicationRolesResponse.Status.
type AddApplicationRolesResponseStatus string

// AdditionalData A JSON object with what the caller knows of an action. May hold a proximity OTP, so it is not shown when it is debugged.
type AdditionalData map[string]interface{}

// ApplicationDetail Answer of `getApplicationDetail`.
type ApplicationDetail struct {
	// ApplicationID Identifier.
	ApplicationID string `json:"applicationId"`

	// ApplicationName Always null; the reference has the attribute.
	ApplicationName *string `json:"applicationName"`

	// ApplicationRoles Roles.
	ApplicationRoles []string `json:"applicationRoles"`

	// MasterPublicKey Base64 of 65 bytes.
	MasterPublicKey []byte `json:"masterPublicKey"`

	// Versions Versions by creation.
	Versions []ApplicationVersionDetail `json:"versions"`
}

// ApplicationItem An application in a list.
type ApplicationItem struct {
	// ApplicationID Identifier.
	ApplicationID string `json:"applicationId"`

	// ApplicationRoles Roles.
	ApplicationRoles []string `json:"applicationRoles"`
}

// ApplicationKeyRequest Names an application version by its key.
type ApplicationKeyRequest struct {
	// ApplicationKey Base64 of 16 bytes.
	ApplicationKey []byte `json:"applicationKey"`
}

// ApplicationList Answer of `getApplicationList`.
type ApplicationList struct {
	// Applications All of them, by creation.
	Applications []ApplicationItem `json:"applications"`
}

// ApplicationName Names an application.
type ApplicationName struct {
	// ApplicationID Identifier.
	ApplicationID string `json:"applicationId"`
}

// ApplicationRequest Names an application.
type ApplicationRequest struct {
	// ApplicationID Identifier.
	ApplicationID string `json:"applicationId"`
}

// ApplicationRoles Answer of the role methods.
type ApplicationRoles struct {
	// ApplicationID Identifier of the application.
	ApplicationID string `json:"applicationId"`

	// ApplicationRoles All its roles.
	ApplicationRoles []string `json:"applicationRoles"`
}

// ApplicationRolesRequest Request of the role methods.
type ApplicationRolesRequest struct {
	// ApplicationID Identifier of the application.
	ApplicationID string `json:"applicationId"`

	// ApplicationRoles Roles.
	ApplicationRoles []string `json:"applicationRoles"`
}

// ApplicationVersionDetail A version with its credentials.
type ApplicationVersionDetail struct {
	// ApplicationKey Base64 of 16 bytes.
	ApplicationKey []byte `json:"applicationKey"`

	// ApplicationSecret Base64 of 16 bytes.
	ApplicationSecret []byte `json:"applicationSecret"`

	// ApplicationVersionID Identifier.
	ApplicationVersionID string `json:"applicationVersionId"`

	// MobileSdkConfig Compact client configuration, Base64 (protocol, section 3.7).
	MobileSdkConfig string `json:"mobileSdkConfig"`

	// Supported Whether it is served.
	Supported bool `json:"supported"`
}

// ApplicationVersionRequest Names a version of an application.
type ApplicationVersionRequest struct {
	// ApplicationID Identifier of the application.
	ApplicationID string `json:"applicationId"`

	// ApplicationVersionID Identifier of the version.
	ApplicationVersionID string `json:"applicationVersionId"`
}

// ApplicationVersionSupport Answer of `supportApplicationVersion`, `unsupportApplicationVersion`.
type ApplicationVersionSupport struct {
	// ApplicationVersionID Identifier.
	ApplicationVersionID string `json:"applicationVersionId"`

	// Supported Whether it is served now.
	Supported bool `json:"supported"`
}

// ApproveOperationRequest The body of `approveOperation`.
type ApproveOperationRequest struct {
	// RequestObject Request of `approveOperation`.
	RequestObject ApproveRequest `json:"requestObject"`
}

// ApproveOperationResponse The answer of `approveOperation`.
type ApproveOperationResponse struct {
	// ResponseObject Answer of the user's actions.
	ResponseObject UserAction                     `json:"responseObject"`
	Status         ApproveOperationResponseStatus `json:"status"`
}

// ApproveOperationResponseStatus defines model for ApproveOperationResponse.Status.
type ApproveOperationResponseStatus string

// ApproveRequest Request of `approveOperation`.
type ApproveRequest struct {
	// AdditionalData Context.
	AdditionalData *AdditionalData `json:"additionalData,omitempty"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Data What the user saw and signed.
	Data string `json:"data"`

	// OperationID The operation.
	OperationID string `json:"operationId"`

	// SignatureType The factors that were verified.
	SignatureType SignatureType `json:"signatureType"`

	// UserID The user.
	UserID string `json:"userId"`
}

// AuditPair A key and its value.
type AuditPair struct {
	// Key The key.
	Key string `json:"key"`

	// Value The value.
	Value string `json:"value"`
}

// BlockActivationRequest The body of `blockActivation`.
type BlockActivationRequest struct {
	// RequestObject Request of `removeActivation`, `blockActivation`, `unblockActivation`.
	RequestObject ActivationRequest `json:"requestObject"`
}

// BlockActivationResponse The answer of `blockActivation`.
type BlockActivationResponse struct {
	// ResponseObject Answer of `blockActivation`.
	ResponseObject BlockedActivation             `json:"responseObject"`
	Status         BlockActivationResponseStatus `json:"status"`
}

// BlockActivationResponseStatus defines model for BlockActivationResponse.Status.
type BlockActivationResponseStatus string

// BlockedActivation Answer of `blockActivation`.
type BlockedActivation struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationStatus Its state.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// BlockedReason Why.
	BlockedReason *string `json:"blockedReason"`
}

// CallbackAuthentication Settings as a caller gives them and a worker needs them.
type CallbackAuthentication struct {
	// Certificate TLS client authentication.
	Certificate *CallbackCertificate `json:"certificate,omitempty"`

	// HTTPBasic HTTP Basic.
	HTTPBasic *CallbackHTTPBasic `json:"httpBasic,omitempty"`

	// OAuth2 OAuth 2.0 client credentials.
	OAuth2 *OAuth2 `json:"oAuth2,omitempty"`
}

// CallbackAuthenticationDetail `Authentication` without passwords.
type CallbackAuthenticationDetail struct {
	// Certificate TLS client authentication.
	Certificate CallbackCertificateDetail `json:"certificate"`

	// HTTPBasic HTTP Basic.
	HTTPBasic CallbackHTTPBasicDetail `json:"httpBasic"`

	// OAuth2 OAuth 2.0 client credentials; absent unless something of them was set.
	OAuth2 *PublicOAuth2 `json:"oAuth2,omitempty"`
}

// CallbackCertificate TLS client authentication.
type CallbackCertificate struct {
	// Enabled Whether it is used.
	Enabled *bool `json:"enabled,omitempty"`

	// KeyAlias The key inside.
	KeyAlias *string `json:"keyAlias,omitempty"`

	// KeyPassword Its password.
	KeyPassword *string `json:"keyPassword,omitempty"`

	// KeyStoreLocation Where the key store is.
	KeyStoreLocation *string `json:"keyStoreLocation,omitempty"`

	// KeyStorePassword Its password.
	KeyStorePassword *string `json:"keyStorePassword,omitempty"`

	// TrustStoreLocation Where the trust store is.
	TrustStoreLocation *string `json:"trustStoreLocation,omitempty"`

	// TrustStorePassword Its password.
	TrustStorePassword *string `json:"trustStorePassword,omitempty"`

	// UseCustomKeyStore Whether the key store below is used.
	UseCustomKeyStore *bool `json:"useCustomKeyStore,omitempty"`

	// UseCustomTrustStore Whether the trust store below is used instead of the platform's.
	UseCustomTrustStore *bool `json:"useCustomTrustStore,omitempty"`
}

// CallbackCertificateDetail `Certificate` without passwords.
type CallbackCertificateDetail struct {
	// Enabled Whether it is used.
	Enabled bool `json:"enabled"`

	// KeyAlias The key inside.
	KeyAlias *string `json:"keyAlias"`

	// KeyPasswordSet Whether it has a password.
	KeyPasswordSet bool `json:"keyPasswordSet"`

	// KeyStoreLocation Where the key store is.
	KeyStoreLocation *string `json:"keyStoreLocation"`

	// KeyStorePasswordSet Whether it has a password.
	KeyStorePasswordSet bool `json:"keyStorePasswordSet"`

	// TrustStoreLocation Where the trust store is.
	TrustStoreLocation *string `json:"trustStoreLocation"`

	// TrustStorePasswordSet Whether it has a password.
	TrustStorePasswordSet bool `json:"trustStorePasswordSet"`

	// UseCustomKeyStore Whether the key store below is used.
	UseCustomKeyStore bool `json:"useCustomKeyStore"`

	// UseCustomTrustStore Whether the trust store below is used instead of the platform's.
	UseCustomTrustStore bool `json:"useCustomTrustStore"`
}

// CallbackDetail A callback URL in answers.
type CallbackDetail struct {
	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Attributes Names of the members to send.
	Attributes []string `json:"attributes"`

	// Authentication How to authenticate, without passwords.
	Authentication CallbackAuthenticationDetail `json:"authentication"`

	// CallbackURL Where to.
	CallbackURL string `json:"callbackUrl"`

	// ID UUID.
	ID string `json:"id"`

	// Name Displayed name.
	Name string `json:"name"`

	// Type Its type.
	Type CallbackDetailType `json:"type"`
}

// CallbackDetailType Its type.
type CallbackDetailType string

// CallbackHTTPBasic HTTP Basic.
type CallbackHTTPBasic struct {
	// Enabled Whether it is used.
	Enabled *bool `json:"enabled,omitempty"`

	// Password Password.
	Password *string `json:"password,omitempty"`

	// Username User name.
	Username *string `json:"username,omitempty"`
}

// CallbackHTTPBasicDetail `HttpBasic` without password.
type CallbackHTTPBasicDetail struct {
	// Enabled Whether it is used.
	Enabled bool `json:"enabled"`

	// PasswordSet Whether it has a password.
	PasswordSet bool `json:"passwordSet"`

	// Username User name.
	Username *string `json:"username"`
}

// CallbackIDRequest Request of `removeCallbackUrl`.
type CallbackIDRequest struct {
	// ID The URL's id.
	ID string `json:"id"`
}

// CallbackList Answer of `getCallbackUrlList`.
type CallbackList struct {
	// CallbackURLList By name.
	CallbackURLList []CallbackDetail `json:"callbackUrlList"`
}

// CallbackListRequest Request of `getCallbackUrlList`.
type CallbackListRequest struct {
	// ApplicationID The application.
	ApplicationID *string `json:"applicationId,omitempty"`
}

// CallbackRequest Request of `createCallbackUrl`, `updateCallbackUrl`.
type CallbackRequest struct {
	// ApplicationID The application; a URL keeps the one it was created for.
	ApplicationID *string `json:"applicationId,omitempty"`

	// Attributes Names of the members to send. Inner none: an explicit null.
	Attributes []string `json:"attributes,omitempty"`

	// Authentication How to authenticate.
	Authentication *CallbackAuthentication `json:"authentication,omitempty"`

	// CallbackURL Where to: http or https.
	CallbackURL string `json:"callbackUrl"`

	// ID The URL's id; only for `update`.
	ID *string `json:"id,omitempty"`

	// Name Displayed name.
	Name string `json:"name"`

	// Type `ACTIVATION_STATUS_CHANGE` or `OPERATION_STATUS_CHANGE`; a URL keeps the one it was created with.
	Type *CallbackRequestType `json:"type,omitempty"`
}

// CallbackRequestType `ACTIVATION_STATUS_CHANGE` or `OPERATION_STATUS_CHANGE`; a URL keeps the one it was created with.
type CallbackRequestType string

// CancelOperationRequest The body of `cancelOperation`.
type CancelOperationRequest struct {
	// RequestObject Request of `cancelOperation`, `failApproveOperation`.
	RequestObject OperationRequest `json:"requestObject"`
}

// CancelOperationResponse The answer of `cancelOperation`.
type CancelOperationResponse struct {
	// ResponseObject An operation in answers.
	ResponseObject OperationDetail               `json:"responseObject"`
	Status         CancelOperationResponseStatus `json:"status"`
}

// CancelOperationResponseStatus defines model for CancelOperationResponse.Status.
type CancelOperationResponseStatus string

// CommitActivationRequest The body of `commitActivation`.
type CommitActivationRequest struct {
	// RequestObject Request of `updateActivationOtp`, `commitActivation`.
	RequestObject ActivationOtpRequest `json:"requestObject"`
}

// CommitActivationResponse The answer of `commitActivation`.
type CommitActivationResponse struct {
	// ResponseObject Answer of `commitActivation`.
	ResponseObject CommittedActivation            `json:"responseObject"`
	Status         CommitActivationResponseStatus `json:"status"`
}

// CommitActivationResponseStatus defines model for CommitActivationResponse.Status.
type CommitActivationResponseStatus string

// CommitUpgradeRequest The body of `commitUpgrade`.
type CommitUpgradeRequest struct {
	// RequestObject Request of `commitUpgrade`.
	RequestObject UpgradeRequest `json:"requestObject"`
}

// CommitUpgradeResponse The answer of `commitUpgrade`.
type CommitUpgradeResponse struct {
	// ResponseObject Answer of `commitUpgrade`.
	ResponseObject CommittedUpgrade            `json:"responseObject"`
	Status         CommitUpgradeResponseStatus `json:"status"`
}

// CommitUpgradeResponseStatus defines model for CommitUpgradeResponse.Status.
type CommitUpgradeResponseStatus string

// CommittedActivation Answer of `commitActivation`.
type CommittedActivation struct {
	// Activated True.
	Activated bool `json:"activated"`

	// ActivationID The activation.
	ActivationID string `json:"activationId"`
}

// CommittedUpgrade Answer of `commitUpgrade`.
type CommittedUpgrade struct {
	// Committed True.
	Committed bool `json:"committed"`
}

// ConfirmRecoveryCodeRequest The body of `confirmRecoveryCode`.
type ConfirmRecoveryCodeRequest struct {
	// RequestObject Request of `confirmRecoveryCode`.
	RequestObject EncryptedConfirmRecoveryCode `json:"requestObject"`
}

// ConfirmRecoveryCodeResponse The answer of `confirmRecoveryCode`.
type ConfirmRecoveryCodeResponse struct {
	// ResponseObject Answer of `confirmRecoveryCode`.
	ResponseObject ConfirmedRecoveryCode             `json:"responseObject"`
	Status         ConfirmRecoveryCodeResponseStatus `json:"status"`
}

// ConfirmRecoveryCodeResponseStatus defines model for ConfirmRecoveryCodeResponse.Status.
type ConfirmRecoveryCodeResponseStatus string

// ConfirmedRecoveryCode Answer of `confirmRecoveryCode`.
type ConfirmedRecoveryCode struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.2.
	Nonce []byte `json:"nonce"`

	// Timestamp Unix time in milliseconds; from 3.2.
	Timestamp *int64 `json:"timestamp"`

	// UserID Its user.
	UserID string `json:"userId"`
}

// CreateActivationByCredentialsRequest The body of `createActivationByCredentials`.
type CreateActivationByCredentialsRequest struct {
	// RequestObject Request of `createActivationByCredentials`.
	RequestObject CreateByCredentials `json:"requestObject"`
}

// CreateActivationByCredentialsResponse The answer of `createActivationByCredentials`.
type CreateActivationByCredentialsResponse struct {
	// ResponseObject Answer of `createActivationByCredentials`.
	ResponseObject CreatedByCredentials                        `json:"responseObject"`
	Status         CreateActivationByCredentialsResponseStatus `json:"status"`
}

// CreateActivationByCredentialsResponseStatus defines model for CreateActivationByCredentialsResponse.Status.
type CreateActivationByCredentialsResponseStatus string

// CreateActivationRequest The body of `createActivation`.
type CreateActivationRequest struct {
	// RequestObject Request of `prepareActivation`, `createActivation`.
	RequestObject EncryptedKeyExchange `json:"requestObject"`
}

// CreateActivationResponse The answer of `createActivation`.
type CreateActivationResponse struct {
	// ResponseObject Answer of `prepareActivation`, `createActivation`, `recoveryCodeActivation`.
	ResponseObject ExchangedKeys                  `json:"responseObject"`
	Status         CreateActivationResponseStatus `json:"status"`
}

// CreateActivationResponseStatus defines model for CreateActivationResponse.Status.
type CreateActivationResponseStatus string

// CreateApplicationRequest The body of `createApplication`.
type CreateApplicationRequest struct {
	// RequestObject Names an application.
	RequestObject ApplicationRequest `json:"requestObject"`
}

// CreateApplicationResponse The answer of `createApplication`.
type CreateApplicationResponse struct {
	// ResponseObject Answer of `createApplication`.
	ResponseObject CreatedApplication              `json:"responseObject"`
	Status         CreateApplicationResponseStatus `json:"status"`
}

// CreateApplicationResponseStatus defines model for CreateApplicationResponse.Status.
type CreateApplicationResponseStatus string

// CreateApplicationVersionRequest The body of `createApplicationVersion`.
type CreateApplicationVersionRequest struct {
	// RequestObject Names a version of an application.
	RequestObject ApplicationVersionRequest `json:"requestObject"`
}

// CreateApplicationVersionResponse The answer of `createApplicationVersion`.
type CreateApplicationVersionResponse struct {
	// ResponseObject Answer of `createApplicationVersion`.
	ResponseObject CreatedApplicationVersion              `json:"responseObject"`
	Status         CreateApplicationVersionResponseStatus `json:"status"`
}

// CreateApplicationVersionResponseStatus defines model for CreateApplicationVersionResponse.Status.
type CreateApplicationVersionResponseStatus string

// CreateByCredentials Request of `createActivationByCredentials`.
type CreateByCredentials struct {
	// Body The body, as text.
	Body string `json:"body"`

	// Commit Whether the activation is ACTIVE at once; otherwise it waits for its commit.
	Commit *bool `json:"commit,omitempty"`

	// CustomAttributes Attributes for the app; those that it sent when absent.
	CustomAttributes map[string]interface{} `json:"customAttributes,omitempty"`

	// EncryptionHeader Value of the header `X-PowerAuth-Encryption`.
	EncryptionHeader string `json:"encryptionHeader"`

	// GenerateRecoveryCodes Whether a recovery code comes along where recovery is enabled; it does unless told otherwise.
	GenerateRecoveryCodes *bool `json:"generateRecoveryCodes,omitempty"`

	// MaxFailureCount Failed attempts that block, above 0.
	MaxFailureCount *int64 `json:"maxFailureCount,omitempty"`

	// TimestampActivationExpire Expiry; the configured validity from now on when absent.
	TimestampActivationExpire *time.Time `json:"timestampActivationExpire,omitempty"`

	// UserID The user, 1 to 255 characters.
	UserID string `json:"userId"`

	// UserInfo Claims about the user, for the app.
	UserInfo map[string]interface{} `json:"userInfo,omitempty"`
}

// CreateCallbackURLRequest The body of `createCallbackUrl`.
type CreateCallbackURLRequest struct {
	// RequestObject Request of `createCallbackUrl`, `updateCallbackUrl`.
	RequestObject CallbackRequest `json:"requestObject"`
}

// CreateCallbackURLResponse The answer of `createCallbackUrl`.
type CreateCallbackURLResponse struct {
	// ResponseObject Answer of `createCallbackUrl`.
	ResponseObject CreatedCallback                 `json:"responseObject"`
	Status         CreateCallbackURLResponseStatus `json:"status"`
}

// CreateCallbackURLResponseStatus defines model for CreateCallbackURLResponse.Status.
type CreateCallbackURLResponseStatus string

// CreateIntegration Request of `createIntegration`.
type CreateIntegration struct {
	// Name Displayed name; need not be unique.
	Name string `json:"name"`
}

// CreateIntegrationRequest The body of `createIntegration`.
type CreateIntegrationRequest struct {
	// RequestObject Request of `createIntegration`.
	RequestObject CreateIntegration `json:"requestObject"`
}

// CreateIntegrationResponse The answer of `createIntegration`.
type CreateIntegrationResponse struct {
	// ResponseObject Answer of `createIntegration`.
	ResponseObject NewIntegration                  `json:"responseObject"`
	Status         CreateIntegrationResponseStatus `json:"status"`
}

// CreateIntegrationResponseStatus defines model for CreateIntegrationResponse.Status.
type CreateIntegrationResponseStatus string

// CreateNonPersonalizedOfflineSignaturePayloadRequest The body of `createNonPersonalizedOfflineSignaturePayload`.
type CreateNonPersonalizedOfflineSignaturePayloadRequest struct {
	// RequestObject Request of `createNonPersonalizedOfflineSignaturePayload`.
	RequestObject NonPersonalizedPayload `json:"requestObject"`
}

// CreateNonPersonalizedOfflineSignaturePayloadResponse The answer of `createNonPersonalizedOfflineSignaturePayload`.
type CreateNonPersonalizedOfflineSignaturePayloadResponse struct {
	// ResponseObject Answer of `createPersonalizedOfflineSignaturePayload`, `createNonPersonalizedOfflineSignaturePayload`.
	ResponseObject OfflinePayload                                             `json:"responseObject"`
	Status         CreateNonPersonalizedOfflineSignaturePayloadResponseStatus `json:"status"`
}

// CreateNonPersonalizedOfflineSignaturePayloadResponseStatus defines model for CreateNonPersonalizedOfflineSignaturePayloadResponse.Status.
type CreateNonPersonalizedOfflineSignaturePayloadResponseStatus string

// CreateOperation Request of `createOperation`.
type CreateOperation struct {
	// ActivationFlag Flag that an activation must carry to see it.
	ActivationFlag *string `json:"activationFlag,omitempty"`

	// ActivationID The only activation that may approve it.
	ActivationID *string `json:"activationId,omitempty"`

	// AdditionalData Initial context.
	AdditionalData *AdditionalData `json:"additionalData,omitempty"`

	// ApplicationID The same, when it is only one.
	ApplicationID *string `json:"applicationId,omitempty"`

	// Applications Its applications, 1 to 12, each once.
	Applications []string `json:"applications,omitempty"`

	// ExternalID The caller's identifier.
	ExternalID *string `json:"externalId,omitempty"`

	// NumberMatching Whether the user has to type a number that the answer contains; as the settings say when absent.
	NumberMatching *bool `json:"numberMatching,omitempty"`

	// Parameters Values of the placeholders: texts and nulls.
	Parameters map[string]interface{} `json:"parameters,omitempty"`

	// ProximityCheckEnabled Whether there is a TOTP seed; as the template says when absent. `proximity_check_enabled` and `enableProximityCheck` mean the same.
	ProximityCheckEnabled *bool `json:"proximityCheckEnabled,omitempty"`

	// TemplateName Name of the template.
	TemplateName string `json:"templateName"`

	// TimestampExpires Expiry, not before now; the template's lifetime from now on when absent.
	TimestampExpires *time.Time `json:"timestampExpires,omitempty"`

	// UserID The user; none for an operation that waits for whoever claims it.
	UserID *string `json:"userId,omitempty"`
}

// CreateOperationRequest The body of `createOperation`.
type CreateOperationRequest struct {
	// RequestObject Request of `createOperation`.
	RequestObject CreateOperation `json:"requestObject"`
}

// CreateOperationResponse The answer of `createOperation`.
type CreateOperationResponse struct {
	// ResponseObject An operation in answers.
	ResponseObject OperationDetail               `json:"responseObject"`
	Status         CreateOperationResponseStatus `json:"status"`
}

// CreateOperationResponseStatus defines model for CreateOperationResponse.Status.
type CreateOperationResponseStatus string

// CreateOperationTemplateRequest The body of `createOperationTemplate`.
type CreateOperationTemplateRequest struct {
	// RequestObject Request of `createOperationTemplate`, `updateOperationTemplate`.
	RequestObject TemplateRequest `json:"requestObject"`
}

// CreateOperationTemplateResponse The answer of `createOperationTemplate`.
type CreateOperationTemplateResponse struct {
	// ResponseObject A template in answers.
	ResponseObject TemplateDetail                        `json:"responseObject"`
	Status         CreateOperationTemplateResponseStatus `json:"status"`
}

// CreateOperationTemplateResponseStatus defines model for CreateOperationTemplateResponse.Status.
type CreateOperationTemplateResponseStatus string

// CreatePersonalizedOfflineSignaturePayloadRequest The body of `createPersonalizedOfflineSignaturePayload`.
type CreatePersonalizedOfflineSignaturePayloadRequest struct {
	// RequestObject Request of `createPersonalizedOfflineSignaturePayload`.
	RequestObject PersonalizedPayload `json:"requestObject"`
}

// CreatePersonalizedOfflineSignaturePayloadResponse The answer of `createPersonalizedOfflineSignaturePayload`.
type CreatePersonalizedOfflineSignaturePayloadResponse struct {
	// ResponseObject Answer of `createPersonalizedOfflineSignaturePayload`, `createNonPersonalizedOfflineSignaturePayload`.
	ResponseObject OfflinePayload                                          `json:"responseObject"`
	Status         CreatePersonalizedOfflineSignaturePayloadResponseStatus `json:"status"`
}

// CreatePersonalizedOfflineSignaturePayloadResponseStatus defines model for CreatePersonalizedOfflineSignaturePayloadResponse.Status.
type CreatePersonalizedOfflineSignaturePayloadResponseStatus string

// CreateRecoveryCode Request of `createRecoveryCode`.
type CreateRecoveryCode struct {
	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// PukCount Number of PUKs, 1 to 100.
	PukCount int64 `json:"pukCount"`

	// UserID The user, at most 255 characters.
	UserID string `json:"userId"`
}

// CreateRecoveryCodeRequest The body of `createRecoveryCode`.
type CreateRecoveryCodeRequest struct {
	// RequestObject Request of `createRecoveryCode`.
	RequestObject CreateRecoveryCode `json:"requestObject"`
}

// CreateRecoveryCodeResponse The answer of `createRecoveryCode`.
type CreateRecoveryCodeResponse struct {
	// ResponseObject Answer of `createRecoveryCode`.
	ResponseObject CreatedRecoveryCode              `json:"responseObject"`
	Status         CreateRecoveryCodeResponseStatus `json:"status"`
}

// CreateRecoveryCodeResponseStatus defines model for CreateRecoveryCodeResponse.Status.
type CreateRecoveryCodeResponseStatus string

// CreateTemporaryKeyRequest The body of `createTemporaryKey`.
type CreateTemporaryKeyRequest struct {
	// RequestObject Request of `createTemporaryKey`. Answer of `createTemporaryKey`.
	RequestObject Jwt `json:"requestObject"`
}

// CreateTemporaryKeyResponse The answer of `createTemporaryKey`.
type CreateTemporaryKeyResponse struct {
	// ResponseObject Request of `createTemporaryKey`. Answer of `createTemporaryKey`.
	ResponseObject Jwt                              `json:"responseObject"`
	Status         CreateTemporaryKeyResponseStatus `json:"status"`
}

// CreateTemporaryKeyResponseStatus defines model for CreateTemporaryKeyResponse.Status.
type CreateTemporaryKeyResponseStatus string

// CreateTokenRequest The body of `createToken`.
type CreateTokenRequest struct {
	// RequestObject Request of `createToken`.
	RequestObject EncryptedCreateToken `json:"requestObject"`
}

// CreateTokenResponse The answer of `createToken`.
type CreateTokenResponse struct {
	// ResponseObject Response envelope as JSON. Up to 3.1 `nonce` and `timestamp` are written as `null`, as deployed servers do.
	ResponseObject EnvelopeResponse          `json:"responseObject"`
	Status         CreateTokenResponseStatus `json:"status"`
}

// CreateTokenResponseStatus defines model for CreateTokenResponse.Status.
type CreateTokenResponseStatus string

// CreatedApplication Answer of `createApplication`.
type CreatedApplication struct {
	// ApplicationID Identifier.
	ApplicationID string `json:"applicationId"`

	// ApplicationName Always null; the reference has the attribute.
	ApplicationName *string `json:"applicationName"`

	// ApplicationRoles None yet.
	ApplicationRoles []string `json:"applicationRoles"`
}

// CreatedApplicationVersion Answer of `createApplicationVersion`.
type CreatedApplicationVersion struct {
	// ApplicationKey Base64 of 16 bytes.
	ApplicationKey []byte `json:"applicationKey"`

	// ApplicationSecret Base64 of 16 bytes.
	ApplicationSecret []byte `json:"applicationSecret"`

	// ApplicationVersionID Identifier.
	ApplicationVersionID string `json:"applicationVersionId"`

	// ApplicationVersionName Always null; the reference has the attribute.
	ApplicationVersionName *string `json:"applicationVersionName"`

	// Supported True.
	Supported bool `json:"supported"`
}

// CreatedByCredentials Answer of `createActivationByCredentials`.
type CreatedByCredentials struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationStatus PENDING_COMMIT, or ACTIVE.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Response What the phone gets as the body of its answer, with HTTP status 200.
	Response EnvelopeResponse `json:"response"`

	// UserID The user.
	UserID string `json:"userId"`
}

// CreatedCallback Answer of `createCallbackUrl`.
type CreatedCallback struct {
	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Attributes Names of the members to send.
	Attributes []string `json:"attributes"`

	// Authentication How to authenticate, without passwords.
	Authentication CallbackAuthenticationDetail `json:"authentication"`

	// CallbackURL Where to.
	CallbackURL string `json:"callbackUrl"`

	// ID UUID.
	ID string `json:"id"`

	// Name Displayed name.
	Name string `json:"name"`
}

// CreatedRecoveryCode Answer of `createRecoveryCode`.
type CreatedRecoveryCode struct {
	// Nonce Base64 of 32 bytes, for the printing centre.
	Nonce []byte `json:"nonce"`

	// Puks The PUKs in order.
	Puks []PostcardPuk `json:"puks"`

	// RecoveryCodeID Number of the code.
	RecoveryCodeID int64 `json:"recoveryCodeId"`

	// RecoveryCodeMasked The code with all groups but the last one masked.
	RecoveryCodeMasked string `json:"recoveryCodeMasked"`

	// Status CREATED.
	Status RecoveryCodeStatus `json:"status"`

	// UserID The user.
	UserID string `json:"userId"`
}

// DecryptorParameters Answer of `getEciesDecryptor`.
type DecryptorParameters struct {
	// SecretKey Base64 of 48 bytes: encryption key, MAC key, IV key.
	SecretKey []byte `json:"secretKey"`

	// SharedInfo2 Base64 of 32 bytes: base of `SharedInfo2`.
	SharedInfo2 []byte `json:"sharedInfo2"`
}

// EcdsaSignatureFormat How the signature is written.
//
// - `DER` ASN.1 DER.
// - `JOSE` 64 bytes, r and s.
type EcdsaSignatureFormat string

// EncryptedConfirmRecoveryCode Request of `confirmRecoveryCode`.
type EncryptedConfirmRecoveryCode struct {
	// ActivationID The activation whose user confirms.
	ActivationID string `json:"activationId"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`
}

// EncryptedCreateToken Request of `createToken`.
type EncryptedCreateToken struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// SignatureType Factors of the signature that the caller has verified.
	SignatureType SignatureType `json:"signatureType"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`
}

// EncryptedDecryptorRequest Request of `getEciesDecryptor`. Of the envelope, neither ciphertext nor MAC.
type EncryptedDecryptorRequest struct {
	// ActivationID The activation; none in application scope.
	ActivationID *string `json:"activationId,omitempty"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData,omitempty"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac,omitempty"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`
}

// EncryptedKeyExchange Request of `prepareActivation`, `createActivation`.
type EncryptedKeyExchange struct {
	// ActivationCode The code, for `prepare`.
	ActivationCode *string `json:"activationCode,omitempty"`

	// ActivationOtp OTP asked for with the commit, for `create`.
	ActivationOtp *string `json:"activationOtp,omitempty"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// GenerateRecoveryCodes Whether recovery codes come along where recovery is enabled.
	GenerateRecoveryCodes *bool `json:"generateRecoveryCodes,omitempty"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// MaxFailureCount Failed attempts that block, for `create`.
	MaxFailureCount *int64 `json:"maxFailureCount,omitempty"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`

	// TimestampActivationExpire Expiry, for `create`.
	TimestampActivationExpire *time.Time `json:"timestampActivationExpire,omitempty"`

	// UserID The user, for `create`.
	UserID *string `json:"userId,omitempty"`
}

// EncryptedRecoverActivation Request of `recoveryCodeActivation`. `Debug` shows neither code nor PUK.
type EncryptedRecoverActivation struct {
	// ActivationOtp OTP asked for with the commit.
	ActivationOtp *string `json:"activationOtp,omitempty"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// GenerateRecoveryCodes Whether the new activation gets a recovery code; it does unless told otherwise.
	GenerateRecoveryCodes *bool `json:"generateRecoveryCodes,omitempty"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// MaxFailureCount Failed attempts that block the new activation, above 0.
	MaxFailureCount *int64 `json:"maxFailureCount,omitempty"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// Puk Its current PUK, 10 digits.
	Puk string `json:"puk"`

	// RecoveryCode The code, 23 characters.
	RecoveryCode string `json:"recoveryCode"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`
}

// EncryptedUnlockVault Request of `vaultUnlock`. The version of the envelope is that of the signature.
type EncryptedUnlockVault struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion *string `json:"protocolVersion,omitempty"`

	// Signature The signature.
	Signature string `json:"signature"`

	// SignatureType Factors of the signature.
	SignatureType SignatureType `json:"signatureType"`

	// SignatureVersion Version of the signature header; `3.2` when absent, as the written reference does not know it.
	SignatureVersion *string `json:"signatureVersion,omitempty"`

	// SignedData `METHOD&B64(uriId)&nonce&B64(body)`, without the application secret.
	SignedData string `json:"signedData"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
	Timestamp *int64 `json:"timestamp,omitempty"`
}

// EncryptedUpgradeRequest Request of `startUpgrade`.
type EncryptedUpgradeRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// EphemeralPublicKey Base64 of the point, 33 or 65 bytes.
	EphemeralPublicKey []byte `json:"ephemeralPublicKey"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.1.
	Nonce []byte `json:"nonce,omitempty"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// TemporaryKeyID UUID of the temporary key; 3.3 only.
	TemporaryKeyID *string `json:"temporaryKeyId,omitempty"`

	// Timestamp Milliseconds since the epoch; from 3.2.
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

// ErrorList Answer of `getErrorCodeList`.
type ErrorList struct {
	// Errors All codes in ascending order.
	Errors []ErrorText `json:"errors"`
}

// ErrorListRequest Request of `getErrorCodeList`.
type ErrorListRequest struct {
	// Language Two-letter code; only English texts exist.
	Language *string `json:"language,omitempty"`
}

// ErrorResponse A refusal.
type ErrorResponse struct {
	// ResponseObject Why the request got no answer.
	ResponseObject ErrorDetail         `json:"responseObject"`
	Status         ErrorResponseStatus `json:"status"`
}

// ErrorResponseStatus defines model for ErrorResponse.Status.
type ErrorResponseStatus string

// ErrorText A code and its text.
type ErrorText struct {
	// Code `ERR` and four digits.
	Code string `json:"code"`

	// Value English text.
	Value string `json:"value"`
}

// ErrorViolation What is wrong with a member of a request.
type ErrorViolation struct {
	// FieldName Name of the member.
	FieldName string `json:"fieldName"`

	// Hint What it should be.
	Hint string `json:"hint"`

	// InvalidValue What it was, unless it is missing or secret.
	InvalidValue *string `json:"invalidValue,omitempty"`
}

// ExchangedKeys Answer of `prepareActivation`, `createActivation`, `recoveryCodeActivation`.
type ExchangedKeys struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationStatus State of the activation.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.2.
	Nonce []byte `json:"nonce"`

	// Timestamp Unix time in milliseconds; from 3.2.
	Timestamp *int64 `json:"timestamp"`

	// UserID The user.
	UserID string `json:"userId"`
}

// ExternalOperationListRequest Request of `findAllOperationsByExternalID`.
type ExternalOperationListRequest struct {
	// ApplicationID The same, when it is only one.
	ApplicationID *string `json:"applicationId,omitempty"`

	// Applications Applications, at least one; operations of any of them are listed.
	Applications []string `json:"applications,omitempty"`

	// ExternalID The caller's identifier.
	ExternalID string `json:"externalId"`

	// PageNumber Page, from 0.
	PageNumber *int64 `json:"pageNumber,omitempty"`

	// PageSize Entries per page, from 1.
	PageSize *int64 `json:"pageSize,omitempty"`
}

// FailApproveOperationRequest The body of `failApproveOperation`.
type FailApproveOperationRequest struct {
	// RequestObject Request of `cancelOperation`, `failApproveOperation`.
	RequestObject OperationRequest `json:"requestObject"`
}

// FailApproveOperationResponse The answer of `failApproveOperation`.
type FailApproveOperationResponse struct {
	// ResponseObject Answer of the user's actions.
	ResponseObject UserAction                         `json:"responseObject"`
	Status         FailApproveOperationResponseStatus `json:"status"`
}

// FailApproveOperationResponseStatus defines model for FailApproveOperationResponse.Status.
type FailApproveOperationResponseStatus string

// FindAllOperationsByExternalIDRequest The body of `findAllOperationsByExternalID`.
type FindAllOperationsByExternalIDRequest struct {
	// RequestObject Request of `findAllOperationsByExternalID`.
	RequestObject ExternalOperationListRequest `json:"requestObject"`
}

// FindAllOperationsByExternalIDResponse The answer of `findAllOperationsByExternalID`.
type FindAllOperationsByExternalIDResponse struct {
	ResponseObject []OperationDetail                           `json:"responseObject"`
	Status         FindAllOperationsByExternalIDResponseStatus `json:"status"`
}

// FindAllOperationsByExternalIDResponseStatus defines model for FindAllOperationsByExternalIDResponse.Status.
type FindAllOperationsByExternalIDResponseStatus string

// FindAllOperationsForUserRequest The body of `findAllOperationsForUser`.
type FindAllOperationsForUserRequest struct {
	// RequestObject Request of `findAllOperationsForUser`, `findPendingOperationsForUser`.
	RequestObject OperationListRequest `json:"requestObject"`
}

// FindAllOperationsForUserResponse The answer of `findAllOperationsForUser`.
type FindAllOperationsForUserResponse struct {
	ResponseObject []OperationDetail                      `json:"responseObject"`
	Status         FindAllOperationsForUserResponseStatus `json:"status"`
}

// FindAllOperationsForUserResponseStatus defines model for FindAllOperationsForUserResponse.Status.
type FindAllOperationsForUserResponseStatus string

// FindPendingOperationsForUserRequest The body of `findPendingOperationsForUser`.
type FindPendingOperationsForUserRequest struct {
	// RequestObject Request of `findAllOperationsForUser`, `findPendingOperationsForUser`.
	RequestObject OperationListRequest `json:"requestObject"`
}

// FindPendingOperationsForUserResponse The answer of `findPendingOperationsForUser`.
type FindPendingOperationsForUserResponse struct {
	ResponseObject []OperationDetail                          `json:"responseObject"`
	Status         FindPendingOperationsForUserResponseStatus `json:"status"`
}

// FindPendingOperationsForUserResponseStatus defines model for FindPendingOperationsForUserResponse.Status.
type FindPendingOperationsForUserResponseStatus string

// GetActivationHistoryRequest The body of `getActivationHistory`.
type GetActivationHistoryRequest struct {
	// RequestObject Request of `getActivationHistory`.
	RequestObject ActivationHistoryRequest `json:"requestObject"`
}

// GetActivationHistoryResponse The answer of `getActivationHistory`.
type GetActivationHistoryResponse struct {
	// ResponseObject Answer of `getActivationHistory`.
	ResponseObject ActivationHistory                  `json:"responseObject"`
	Status         GetActivationHistoryResponseStatus `json:"status"`
}

// GetActivationHistoryResponseStatus defines model for GetActivationHistoryResponse.Status.
type GetActivationHistoryResponseStatus string

// GetActivationListForUserRequest The body of `getActivationListForUser`.
type GetActivationListForUserRequest struct {
	// RequestObject Request of `getActivationListForUser`.
	RequestObject ActivationListRequest `json:"requestObject"`
}

// GetActivationListForUserResponse The answer of `getActivationListForUser`.
type GetActivationListForUserResponse struct {
	// ResponseObject Answer of `getActivationListForUser`.
	ResponseObject ActivationList                         `json:"responseObject"`
	Status         GetActivationListForUserResponseStatus `json:"status"`
}

// GetActivationListForUserResponseStatus defines model for GetActivationListForUserResponse.Status.
type GetActivationListForUserResponseStatus string

// GetActivationStatusRequest The body of `getActivationStatus`.
type GetActivationStatusRequest struct {
	// RequestObject Request of `getActivationStatus`.
	RequestObject ActivationStatusRequest `json:"requestObject"`
}

// GetActivationStatusResponse The answer of `getActivationStatus`.
type GetActivationStatusResponse struct {
	// ResponseObject Answer of `getActivationStatus`.
	ResponseObject ActivationDetail                  `json:"responseObject"`
	Status         GetActivationStatusResponseStatus `json:"status"`
}

// GetActivationStatusResponseStatus defines model for GetActivationStatusResponse.Status.
type GetActivationStatusResponseStatus string

// GetAllTemplatesResponse The answer of `getAllTemplates`.
type GetAllTemplatesResponse struct {
	ResponseObject []TemplateDetail              `json:"responseObject"`
	Status         GetAllTemplatesResponseStatus `json:"status"`
}

// GetAllTemplatesResponseStatus defines model for GetAllTemplatesResponse.Status.
type GetAllTemplatesResponseStatus string

// GetApplicationDetailRequest The body of `getApplicationDetail`.
type GetApplicationDetailRequest struct {
	// RequestObject Names an application.
	RequestObject ApplicationRequest `json:"requestObject"`
}

// GetApplicationDetailResponse The answer of `getApplicationDetail`.
type GetApplicationDetailResponse struct {
	// ResponseObject Answer of `getApplicationDetail`.
	ResponseObject ApplicationDetail                  `json:"responseObject"`
	Status         GetApplicationDetailResponseStatus `json:"status"`
}

// GetApplicationDetailResponseStatus defines model for GetApplicationDetailResponse.Status.
type GetApplicationDetailResponseStatus string

// GetApplicationListResponse The answer of `getApplicationList`.
type GetApplicationListResponse struct {
	// ResponseObject Answer of `getApplicationList`.
	ResponseObject ApplicationList                  `json:"responseObject"`
	Status         GetApplicationListResponseStatus `json:"status"`
}

// GetApplicationListResponseStatus defines model for GetApplicationListResponse.Status.
type GetApplicationListResponseStatus string

// GetCallbackURLListRequest The body of `getCallbackUrlList`.
type GetCallbackURLListRequest struct {
	// RequestObject Request of `getCallbackUrlList`.
	RequestObject CallbackListRequest `json:"requestObject"`
}

// GetCallbackURLListResponse The answer of `getCallbackUrlList`.
type GetCallbackURLListResponse struct {
	// ResponseObject Answer of `getCallbackUrlList`.
	ResponseObject CallbackList                     `json:"responseObject"`
	Status         GetCallbackURLListResponseStatus `json:"status"`
}

// GetCallbackURLListResponseStatus defines model for GetCallbackURLListResponse.Status.
type GetCallbackURLListResponseStatus string

// GetEciesDecryptorRequest The body of `getEciesDecryptor`.
type GetEciesDecryptorRequest struct {
	// RequestObject Request of `getEciesDecryptor`. Of the envelope, neither ciphertext nor MAC.
	RequestObject EncryptedDecryptorRequest `json:"requestObject"`
}

// GetEciesDecryptorResponse The answer of `getEciesDecryptor`.
type GetEciesDecryptorResponse struct {
	// ResponseObject Answer of `getEciesDecryptor`.
	ResponseObject DecryptorParameters             `json:"responseObject"`
	Status         GetEciesDecryptorResponseStatus `json:"status"`
}

// GetEciesDecryptorResponseStatus defines model for GetEciesDecryptorResponse.Status.
type GetEciesDecryptorResponseStatus string

// GetErrorCodeListRequest The body of `getErrorCodeList`.
type GetErrorCodeListRequest struct {
	// RequestObject Request of `getErrorCodeList`.
	RequestObject ErrorListRequest `json:"requestObject"`
}

// GetErrorCodeListResponse The answer of `getErrorCodeList`.
type GetErrorCodeListResponse struct {
	// ResponseObject Answer of `getErrorCodeList`.
	ResponseObject ErrorList                      `json:"responseObject"`
	Status         GetErrorCodeListResponseStatus `json:"status"`
}

// GetErrorCodeListResponseStatus defines model for GetErrorCodeListResponse.Status.
type GetErrorCodeListResponseStatus string

// GetIntegrationListResponse The answer of `getIntegrationList`.
type GetIntegrationListResponse struct {
	// ResponseObject The list of integrations, and whether callers need to be one.
	ResponseObject Integrations                     `json:"responseObject"`
	Status         GetIntegrationListResponseStatus `json:"status"`
}

// GetIntegrationListResponseStatus defines model for GetIntegrationListResponse.Status.
type GetIntegrationListResponseStatus string

// GetRecoveryConfigRequest The body of `getRecoveryConfig`.
type GetRecoveryConfigRequest struct {
	// RequestObject Request of `getRecoveryConfig`.
	RequestObject RecoveryConfigRequest `json:"requestObject"`
}

// GetRecoveryConfigResponse The answer of `getRecoveryConfig`.
type GetRecoveryConfigResponse struct {
	// ResponseObject Answer of `getRecoveryConfig`.
	ResponseObject RecoveryConfigDetail            `json:"responseObject"`
	Status         GetRecoveryConfigResponseStatus `json:"status"`
}

// GetRecoveryConfigResponseStatus defines model for GetRecoveryConfigResponse.Status.
type GetRecoveryConfigResponseStatus string

// GetSignatureAuditLogRequest The body of `getSignatureAuditLog`.
type GetSignatureAuditLogRequest struct {
	// RequestObject Request of `getSignatureAuditLog`.
	RequestObject SignatureAuditRequest `json:"requestObject"`
}

// GetSignatureAuditLogResponse The answer of `getSignatureAuditLog`.
type GetSignatureAuditLogResponse struct {
	// ResponseObject Answer of `getSignatureAuditLog`.
	ResponseObject SignatureAuditList                 `json:"responseObject"`
	Status         GetSignatureAuditLogResponseStatus `json:"status"`
}

// GetSignatureAuditLogResponseStatus defines model for GetSignatureAuditLogResponse.Status.
type GetSignatureAuditLogResponseStatus string

// GetSystemStatusResponse The answer of `getSystemStatus`.
type GetSystemStatusResponse struct {
	// ResponseObject Answer of `getSystemStatus`.
	ResponseObject SystemStatus                  `json:"responseObject"`
	Status         GetSystemStatusResponseStatus `json:"status"`
}

// GetSystemStatusResponseStatus defines model for GetSystemStatusResponse.Status.
type GetSystemStatusResponseStatus string

// GetTemplateDetailRequest The body of `getTemplateDetail`.
type GetTemplateDetailRequest struct {
	// RequestObject Request of `getTemplateDetail`, `removeOperationTemplate`.
	RequestObject TemplateIDRequest `json:"requestObject"`
}

// GetTemplateDetailResponse The answer of `getTemplateDetail`.
type GetTemplateDetailResponse struct {
	// ResponseObject A template in answers.
	ResponseObject TemplateDetail                  `json:"responseObject"`
	Status         GetTemplateDetailResponseStatus `json:"status"`
}

// GetTemplateDetailResponseStatus defines model for GetTemplateDetailResponse.Status.
type GetTemplateDetailResponseStatus string

// InboxMessageDetail A message with everything.
type InboxMessageDetail struct {
	// Applications Applications that show it.
	Applications []string `json:"applications"`

	// Body Body.
	Body string `json:"body"`

	// ID UUID.
	ID string `json:"id"`

	// Read Whether it was read.
	Read bool `json:"read"`

	// Subject Subject.
	Subject string `json:"subject"`

	// Summary Summary.
	Summary string `json:"summary"`

	// TimestampCreated Creation.
	TimestampCreated time.Time `json:"timestampCreated"`

	// Type `text` or `html`.
	Type InboxMessageDetailType `json:"type"`

	// UserID The user.
	UserID string `json:"userId"`
}

// InboxMessageDetailType `text` or `html`.
type InboxMessageDetailType string

// InboxMessagePost Request of `postInboxMessage`.
type InboxMessagePost struct {
	// Applications Applications that show it, 1 to 12.
	Applications []string `json:"applications"`

	// Body Body, 8 to 65,536 characters.
	Body string `json:"body"`

	// Subject Subject, 8 to 255 characters.
	Subject string `json:"subject"`

	// Summary Summary, 8 to 255 characters.
	Summary string `json:"summary"`

	// Type `text` or `html`.
	Type InboxMessagePostType `json:"type"`

	// UserID The user, 1 to 255 characters.
	UserID string `json:"userId"`
}

// InboxMessagePostType `text` or `html`.
type InboxMessagePostType string

// InitActivation Request of `initActivation`.
type InitActivation struct {
	// ActivationOtp The OTP, exactly when it will be asked for.
	ActivationOtp *string `json:"activationOtp,omitempty"`

	// ActivationOtpValidation When the OTP is asked for.
	ActivationOtpValidation *OtpValidation `json:"activationOtpValidation,omitempty"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Flags Flags from the start.
	Flags []string `json:"flags,omitempty"`

	// MaxFailureCount Failed attempts that block, above 0.
	MaxFailureCount *int64 `json:"maxFailureCount,omitempty"`

	// TimestampActivationExpire Expiry; the configured validity from now on when absent.
	TimestampActivationExpire *time.Time `json:"timestampActivationExpire,omitempty"`

	// UserID The user, 1 to 255 characters.
	UserID string `json:"userId"`
}

// InitActivationRequest The body of `initActivation`.
type InitActivationRequest struct {
	// RequestObject Request of `initActivation`.
	RequestObject InitActivation `json:"requestObject"`
}

// InitActivationResponse The answer of `initActivation`.
type InitActivationResponse struct {
	// ResponseObject Answer of `initActivation`.
	ResponseObject InitializedActivation        `json:"responseObject"`
	Status         InitActivationResponseStatus `json:"status"`
}

// InitActivationResponseStatus defines model for InitActivationResponse.Status.
type InitActivationResponseStatus string

// InitializedActivation Answer of `initActivation`.
type InitializedActivation struct {
	// ActivationCode 23 characters.
	ActivationCode string `json:"activationCode"`

	// ActivationID UUID.
	ActivationID string `json:"activationId"`

	// ActivationSignature Base64 of a DER signature of the code by the application's master key.
	ActivationSignature []byte `json:"activationSignature"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// UserID The user.
	UserID string `json:"userId"`
}

// IntegrationItem An integration in a list.
type IntegrationItem struct {
	// ClientSecret Always null: only a hash is stored.
	ClientSecret *string `json:"clientSecret"`

	// ClientToken The user name.
	ClientToken string `json:"clientToken"`

	// ID UUID.
	ID string `json:"id"`

	// Name Displayed name.
	Name string `json:"name"`
}

// Integrations The list of integrations, and whether callers need to be one.
type Integrations struct {
	// Items All of them, by creation.
	Items []IntegrationItem `json:"items"`

	// RestrictedAccess Whether callers need credentials.
	RestrictedAccess bool `json:"restrictedAccess"`
}

// Jwt Request of `createTemporaryKey`. Answer of `createTemporaryKey`.
type Jwt struct {
	// Jwt Compact JWT.
	Jwt string `json:"jwt"`
}

// ListActivationFlagsRequest The body of `listActivationFlags`.
type ListActivationFlagsRequest struct {
	// RequestObject Request of the flag methods.
	RequestObject ActivationFlagsRequest `json:"requestObject"`
}

// ListActivationFlagsResponse The answer of `listActivationFlags`.
type ListActivationFlagsResponse struct {
	// ResponseObject Answer of the flag methods.
	ResponseObject ActivationFlags                   `json:"responseObject"`
	Status         ListActivationFlagsResponseStatus `json:"status"`
}

// ListActivationFlagsResponseStatus defines model for ListActivationFlagsResponse.Status.
type ListActivationFlagsResponseStatus string

// ListApplicationRolesRequest The body of `listApplicationRoles`.
type ListApplicationRolesRequest struct {
	// RequestObject Names an application.
	RequestObject ApplicationRequest `json:"requestObject"`
}

// ListApplicationRolesResponse The answer of `listApplicationRoles`.
type ListApplicationRolesResponse struct {
	// ResponseObject Answer of the role methods.
	ResponseObject ApplicationRoles                   `json:"responseObject"`
	Status         ListApplicationRolesResponseStatus `json:"status"`
}

// ListApplicationRolesResponseStatus defines model for ListApplicationRolesResponse.Status.
type ListApplicationRolesResponseStatus string

// LookedUpActivations Answer of `lookupActivations`.
type LookedUpActivations struct {
	// Activations By user in the order given, newest first.
	Activations []ActivationItem `json:"activations"`
}

// LookedUpRecoveryCodes Answer of `lookupRecoveryCodes`.
type LookedUpRecoveryCodes struct {
	// RecoveryCodes Newest first.
	RecoveryCodes []RecoveryCodeItem `json:"recoveryCodes"`
}

// LookupActivationsRequest The body of `lookupActivations`.
type LookupActivationsRequest struct {
	// RequestObject Request of `lookupActivations`.
	RequestObject ActivationLookupRequest `json:"requestObject"`
}

// LookupActivationsResponse The answer of `lookupActivations`.
type LookupActivationsResponse struct {
	// ResponseObject Answer of `lookupActivations`.
	ResponseObject LookedUpActivations             `json:"responseObject"`
	Status         LookupActivationsResponseStatus `json:"status"`
}

// LookupActivationsResponseStatus defines model for LookupActivationsResponse.Status.
type LookupActivationsResponseStatus string

// LookupApplicationByAppKeyRequest The body of `lookupApplicationByAppKey`.
type LookupApplicationByAppKeyRequest struct {
	// RequestObject Names an application version by its key.
	RequestObject ApplicationKeyRequest `json:"requestObject"`
}

// LookupApplicationByAppKeyResponse The answer of `lookupApplicationByAppKey`.
type LookupApplicationByAppKeyResponse struct {
	// ResponseObject Names an application.
	ResponseObject ApplicationName                         `json:"responseObject"`
	Status         LookupApplicationByAppKeyResponseStatus `json:"status"`
}

// LookupApplicationByAppKeyResponseStatus defines model for LookupApplicationByAppKeyResponse.Status.
type LookupApplicationByAppKeyResponseStatus string

// LookupRecoveryCodes Request of `lookupRecoveryCodes`.
type LookupRecoveryCodes struct {
	// ActivationID The activation that the codes came with.
	ActivationID *string `json:"activationId,omitempty"`

	// ApplicationID The application; not alone.
	ApplicationID *string `json:"applicationId,omitempty"`

	// RecoveryCodeStatus State of the codes; any when absent.
	RecoveryCodeStatus *RecoveryCodeStatus `json:"recoveryCodeStatus,omitempty"`

	// RecoveryPukStatus Only PUKs of this state, and only codes that have one; any when absent.
	RecoveryPukStatus *PukStatus `json:"recoveryPukStatus,omitempty"`

	// UserID The user.
	UserID *string `json:"userId,omitempty"`
}

// LookupRecoveryCodesRequest The body of `lookupRecoveryCodes`.
type LookupRecoveryCodesRequest struct {
	// RequestObject Request of `lookupRecoveryCodes`.
	RequestObject LookupRecoveryCodes `json:"requestObject"`
}

// LookupRecoveryCodesResponse The answer of `lookupRecoveryCodes`.
type LookupRecoveryCodesResponse struct {
	// ResponseObject Answer of `lookupRecoveryCodes`.
	ResponseObject LookedUpRecoveryCodes             `json:"responseObject"`
	Status         LookupRecoveryCodesResponseStatus `json:"status"`
}

// LookupRecoveryCodesResponseStatus defines model for LookupRecoveryCodesResponse.Status.
type LookupRecoveryCodesResponseStatus string

// NewIntegration Answer of `createIntegration`.
type NewIntegration struct {
	// ClientSecret UUID: the password. Nobody can ask for it again.
	ClientSecret string `json:"clientSecret"`

	// ClientToken UUID: the user name.
	ClientToken string `json:"clientToken"`

	// ID UUID.
	ID string `json:"id"`

	// Name Displayed name.
	Name string `json:"name"`
}

// NonPersonalizedPayload Request of `createNonPersonalizedOfflineSignaturePayload`.
type NonPersonalizedPayload struct {
	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Data Lines 0 to 4 of the payload, taken verbatim.
	Data string `json:"data"`
}

// OAuth2 Settings of a URL.
type OAuth2 struct {
	// ClientID Name of this client at the authorization server.
	ClientID *string `json:"clientId,omitempty"`

	// ClientSecret Its secret.
	ClientSecret *string `json:"clientSecret,omitempty"`

	// Enabled Whether it is used; then instead of HTTP Basic.
	Enabled *bool `json:"enabled,omitempty"`

	// Scope Scopes to ask for, with spaces between.
	Scope *string `json:"scope,omitempty"`

	// TokenURI The token endpoint, an http or https URL.
	TokenURI *string `json:"tokenUri,omitempty"`
}

// OfflinePayload Answer of `createPersonalizedOfflineSignaturePayload`, `createNonPersonalizedOfflineSignaturePayload`.
type OfflinePayload struct {
	// Nonce The nonce inside, which the caller keeps for the verification.
	Nonce string `json:"nonce"`

	// OfflineData Content of the QR code.
	OfflineData string `json:"offlineData"`
}

// OfflineProximityCheck Parameters of the one-time password that shows that phone and screen are in one place.
type OfflineProximityCheck struct {
	// Seed Base64 of the seed; blank means no check.
	Seed []byte `json:"seed,omitempty"`

	// StepCount Earlier steps that count, from 0; for the verification.
	StepCount *int64 `json:"stepCount,omitempty"`

	// StepLength Seconds of a step, from 1.
	StepLength *int64 `json:"stepLength,omitempty"`
}

// OkResponse It was done, and there is nothing more to say.
type OkResponse struct {
	Status OkResponseStatus `json:"status"`
}

// OkResponseStatus defines model for OkResponse.Status.
type OkResponseStatus string

// OpenActivationCredentialsRequest The body of `openActivationCredentials`.
type OpenActivationCredentialsRequest struct {
	// RequestObject Request of `openActivationCredentials`. What the phone sent to `/pa/v3/activation/create`.
	RequestObject OpenCredentials `json:"requestObject"`
}

// OpenActivationCredentialsResponse The answer of `openActivationCredentials`.
type OpenActivationCredentialsResponse struct {
	// ResponseObject Answer of `openActivationCredentials`. `Debug` shows no attributes.
	ResponseObject OpenedCredentials                       `json:"responseObject"`
	Status         OpenActivationCredentialsResponseStatus `json:"status"`
}

// OpenActivationCredentialsResponseStatus defines model for OpenActivationCredentialsResponse.Status.
type OpenActivationCredentialsResponseStatus string

// OpenCredentials Request of `openActivationCredentials`. What the phone sent to `/pa/v3/activation/create`.
type OpenCredentials struct {
	// Body The body, as text.
	Body string `json:"body"`

	// EncryptionHeader Value of the header `X-PowerAuth-Encryption`.
	EncryptionHeader string `json:"encryptionHeader"`
}

// OpenedCredentials Answer of `openActivationCredentials`. `Debug` shows no attributes.
type OpenedCredentials struct {
	// ApplicationID The application of the phone.
	ApplicationID string `json:"applicationId"`

	// CustomAttributes What the app sent along.
	CustomAttributes map[string]interface{} `json:"customAttributes"`

	// IdentityAttributes What is to identify the user.
	IdentityAttributes map[string]interface{} `json:"identityAttributes"`

	// Type CUSTOM or DIRECT.
	Type ActivationType `json:"type"`
}

// OperationDetail An operation in answers.
type OperationDetail struct {
	// ActivationFlag Flag that an activation must carry to see it.
	ActivationFlag *string `json:"activationFlag"`

	// ActivationID The only activation that may approve it.
	ActivationID *string `json:"activationId"`

	// AdditionalData Context of the user's actions.
	AdditionalData map[string]interface{} `json:"additionalData"`

	// Applications Its applications.
	Applications []string `json:"applications"`

	// Data What is signed.
	Data string `json:"data"`

	// ExternalID The caller's identifier.
	ExternalID *string `json:"externalId"`

	// FailureCount Failed approvals.
	FailureCount int64 `json:"failureCount"`

	// ID UUID.
	ID string `json:"id"`

	// MatchNumber Number for the page that asks the user, to be typed on the phone; only where a method says so, and left out where there is none.
	MatchNumber *string `json:"matchNumber,omitempty"`

	// MaxFailureCount Failed approvals that end it.
	MaxFailureCount int64 `json:"maxFailureCount"`

	// OperationType Type of its template.
	OperationType string `json:"operationType"`

	// Parameters Parameters as given.
	Parameters map[string]interface{} `json:"parameters"`

	// ProximityOtp Code to display now; only where a method says so.
	ProximityOtp *string `json:"proximityOtp"`

	// RiskFlags Letters, each a flag.
	RiskFlags *string `json:"riskFlags"`

	// SignatureType Allowed factors.
	SignatureType []SignatureType `json:"signatureType"`

	// Status The state.
	Status OperationDetailStatus `json:"status"`

	// StatusReason Why it was cancelled.
	StatusReason *string `json:"statusReason"`

	// TemplateName Name of its template.
	TemplateName string `json:"templateName"`

	// TimestampCreated Creation.
	TimestampCreated time.Time `json:"timestampCreated"`

	// TimestampExpires Expiry.
	TimestampExpires time.Time `json:"timestampExpires"`

	// TimestampFinalized When it was approved, rejected or failed.
	TimestampFinalized *time.Time `json:"timestampFinalized"`

	// UserID The user; null while a non-personalised operation is unclaimed.
	UserID *string `json:"userId"`
}

// OperationDetailStatus The state.
type OperationDetailStatus string

// OperationDetailRequest The body of `operationDetail`.
type OperationDetailRequest struct {
	// RequestObject Request of `operationDetail`.
	RequestObject OperationName `json:"requestObject"`
}

// OperationDetailResponse The answer of `operationDetail`.
type OperationDetailResponse struct {
	// ResponseObject An operation in answers.
	ResponseObject OperationDetail               `json:"responseObject"`
	Status         OperationDetailResponseStatus `json:"status"`
}

// OperationDetailResponseStatus defines model for OperationDetailResponse.Status.
type OperationDetailResponseStatus string

// OperationListRequest Request of `findAllOperationsForUser`, `findPendingOperationsForUser`.
type OperationListRequest struct {
	// ActivationID Only what this activation may see.
	ActivationID *string `json:"activationId,omitempty"`

	// ApplicationID The same, when it is only one.
	ApplicationID *string `json:"applicationId,omitempty"`

	// Applications Applications, at least one; operations of any of them are listed.
	Applications []string `json:"applications,omitempty"`

	// PageNumber Page, from 0.
	PageNumber *int64 `json:"pageNumber,omitempty"`

	// PageSize Entries per page, from 1.
	PageSize *int64 `json:"pageSize,omitempty"`

	// UserID The user.
	UserID string `json:"userId"`
}

// OperationName Request of `operationDetail`.
type OperationName struct {
	// OperationID The operation.
	OperationID string `json:"operationId"`

	// UserID Who claims it.
	UserID *string `json:"userId,omitempty"`
}

// OperationRequest Request of `cancelOperation`, `failApproveOperation`.
type OperationRequest struct {
	// AdditionalData Context.
	AdditionalData *AdditionalData `json:"additionalData,omitempty"`

	// OperationID The operation.
	OperationID string `json:"operationId"`

	// StatusReason Why it is cancelled, at most 32 characters; only for `cancel`.
	StatusReason *string `json:"statusReason,omitempty"`
}

// OtpValidation At which step an activation OTP is asked for.
//
// - `NONE` Never.
// - `ON_KEY_EXCHANGE` When the phone sends its key.
// - `ON_COMMIT` When the back end commits.
type OtpValidation string

// PersonalizedPayload Request of `createPersonalizedOfflineSignaturePayload`.
type PersonalizedPayload struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// Data Lines 0 to 4 of the payload, taken verbatim.
	Data string `json:"data"`

	// Nonce Base64 of 16 bytes; a fresh one when blank.
	Nonce []byte `json:"nonce,omitempty"`

	// ProximityCheck Adds a line with a one-time password.
	ProximityCheck *OfflineProximityCheck `json:"proximityCheck,omitempty"`
}

// PostInboxMessageRequest The body of `postInboxMessage`.
type PostInboxMessageRequest struct {
	// RequestObject Request of `postInboxMessage`.
	RequestObject InboxMessagePost `json:"requestObject"`
}

// PostInboxMessageResponse The answer of `postInboxMessage`.
type PostInboxMessageResponse struct {
	// ResponseObject A message with everything.
	ResponseObject InboxMessageDetail             `json:"responseObject"`
	Status         PostInboxMessageResponseStatus `json:"status"`
}

// PostInboxMessageResponseStatus defines model for PostInboxMessageResponse.Status.
type PostInboxMessageResponseStatus string

// PostcardPuk How the printing centre derives a PUK.
type PostcardPuk struct {
	// PukDerivationIndex Any 64 bits.
	PukDerivationIndex int64 `json:"pukDerivationIndex"`

	// PukIndex From 1.
	PukIndex int64 `json:"pukIndex"`

	// Status VALID.
	Status PukStatus `json:"status"`
}

// PrepareActivationRequest The body of `prepareActivation`.
type PrepareActivationRequest struct {
	// RequestObject Request of `prepareActivation`, `createActivation`.
	RequestObject EncryptedKeyExchange `json:"requestObject"`
}

// PrepareActivationResponse The answer of `prepareActivation`.
type PrepareActivationResponse struct {
	// ResponseObject Answer of `prepareActivation`, `createActivation`, `recoveryCodeActivation`.
	ResponseObject ExchangedKeys                   `json:"responseObject"`
	Status         PrepareActivationResponseStatus `json:"status"`
}

// PrepareActivationResponseStatus defines model for PrepareActivationResponse.Status.
type PrepareActivationResponseStatus string

// PublicOAuth2 `OAuth2` without secret.
type PublicOAuth2 struct {
	// ClientID Name of the client.
	ClientID *string `json:"clientId"`

	// ClientSecretSet Whether it has a secret.
	ClientSecretSet bool `json:"clientSecretSet"`

	// Enabled Whether it is used.
	Enabled bool `json:"enabled"`

	// Scope Scopes.
	Scope *string `json:"scope"`

	// TokenURI The token endpoint.
	TokenURI *string `json:"tokenUri"`
}

// PukItem A PUK in a list.
type PukItem struct {
	// PukDerivationIndex Always 0: it is not kept.
	PukDerivationIndex int64 `json:"pukDerivationIndex"`

	// PukIndex From 1.
	PukIndex int64 `json:"pukIndex"`

	// Status Its state.
	Status PukStatus `json:"status"`
}

// PukStatus State of a PUK.
//
// - `VALID` Can be used once those before it are gone.
// - `USED` Was used.
// - `INVALID` Cannot be used any more.
type PukStatus string

// RecoveryCodeActivationRequest The body of `recoveryCodeActivation`.
type RecoveryCodeActivationRequest struct {
	// RequestObject Request of `recoveryCodeActivation`. `Debug` shows neither code nor PUK.
	RequestObject EncryptedRecoverActivation `json:"requestObject"`
}

// RecoveryCodeActivationResponse The answer of `recoveryCodeActivation`.
type RecoveryCodeActivationResponse struct {
	// ResponseObject Answer of `prepareActivation`, `createActivation`, `recoveryCodeActivation`.
	ResponseObject ExchangedKeys                        `json:"responseObject"`
	Status         RecoveryCodeActivationResponseStatus `json:"status"`
}

// RecoveryCodeActivationResponseStatus defines model for RecoveryCodeActivationResponse.Status.
type RecoveryCodeActivationResponseStatus string

// RecoveryCodeItem A recovery code in a list.
type RecoveryCodeItem struct {
	// ActivationID The activation that it came with; null for a postcard.
	ActivationID *string `json:"activationId"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// Puks Its PUKs in order.
	Puks []PukItem `json:"puks"`

	// RecoveryCodeID Number of the code.
	RecoveryCodeID int64 `json:"recoveryCodeId"`

	// RecoveryCodeMasked The code with all groups but the last one masked.
	RecoveryCodeMasked string `json:"recoveryCodeMasked"`

	// Status Its state.
	Status RecoveryCodeStatus `json:"status"`

	// UserID The user.
	UserID string `json:"userId"`
}

// RecoveryCodeNumber A number in a list, or null.
type RecoveryCodeNumber = int64

// RecoveryCodeStatus State of a recovery code.
//
// - `CREATED` Waits for the commit of its activation, or for its confirmation.
// - `ACTIVE` In use.
// - `BLOCKED` Too many wrong PUKs.
// - `REVOKED` The end.
type RecoveryCodeStatus string

// RecoveryConfigDetail Answer of `getRecoveryConfig`.
type RecoveryConfigDetail struct {
	// ActivationRecoveryEnabled Whether there is recovery at all.
	ActivationRecoveryEnabled bool `json:"activationRecoveryEnabled"`

	// AllowMultipleRecoveryCodes Whether a user may have several open postcards.
	AllowMultipleRecoveryCodes bool `json:"allowMultipleRecoveryCodes"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// PostcardPublicKey Our public key for postcards: Base64 of 65 bytes; null until postcards were enabled once.
	PostcardPublicKey []byte `json:"postcardPublicKey"`

	// RecoveryPostcardEnabled Whether there are postcards.
	RecoveryPostcardEnabled bool `json:"recoveryPostcardEnabled"`

	// RemotePostcardPublicKey Public key of the printing centre: Base64 of 33 or 65 bytes.
	RemotePostcardPublicKey []byte `json:"remotePostcardPublicKey"`
}

// RecoveryConfigRequest Request of `getRecoveryConfig`.
type RecoveryConfigRequest struct {
	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`
}

// RejectOperationRequest The body of `rejectOperation`.
type RejectOperationRequest struct {
	// RequestObject Request of `rejectOperation`.
	RequestObject RejectRequest `json:"requestObject"`
}

// RejectOperationResponse The answer of `rejectOperation`.
type RejectOperationResponse struct {
	// ResponseObject Answer of the user's actions.
	ResponseObject UserAction                    `json:"responseObject"`
	Status         RejectOperationResponseStatus `json:"status"`
}

// RejectOperationResponseStatus defines model for RejectOperationResponse.Status.
type RejectOperationResponseStatus string

// RejectRequest Request of `rejectOperation`.
type RejectRequest struct {
	// AdditionalData Context.
	AdditionalData *AdditionalData `json:"additionalData,omitempty"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// OperationID The operation.
	OperationID string `json:"operationId"`

	// UserID The user.
	UserID string `json:"userId"`
}

// RemoveActivationFlagsRequest The body of `removeActivationFlags`.
type RemoveActivationFlagsRequest struct {
	// RequestObject Request of the flag methods.
	RequestObject ActivationFlagsRequest `json:"requestObject"`
}

// RemoveActivationFlagsResponse The answer of `removeActivationFlags`.
type RemoveActivationFlagsResponse struct {
	// ResponseObject Answer of the flag methods.
	ResponseObject ActivationFlags                     `json:"responseObject"`
	Status         RemoveActivationFlagsResponseStatus `json:"status"`
}

// RemoveActivationFlagsResponseStatus defines model for RemoveActivationFlagsResponse.Status.
type RemoveActivationFlagsResponseStatus string

// RemoveActivationRequest The body of `removeActivation`.
type RemoveActivationRequest struct {
	// RequestObject Request of `removeActivation`, `blockActivation`, `unblockActivation`.
	RequestObject ActivationRequest `json:"requestObject"`
}

// RemoveActivationResponse The answer of `removeActivation`.
type RemoveActivationResponse struct {
	// ResponseObject Answer of `removeActivation`.
	ResponseObject RemovedActivation              `json:"responseObject"`
	Status         RemoveActivationResponseStatus `json:"status"`
}

// RemoveActivationResponseStatus defines model for RemoveActivationResponse.Status.
type RemoveActivationResponseStatus string

// RemoveApplicationRolesRequest The body of `removeApplicationRoles`.
type RemoveApplicationRolesRequest struct {
	// RequestObject Request of the role methods.
	RequestObject ApplicationRolesRequest `json:"requestObject"`
}

// RemoveApplicationRolesResponse The answer of `removeApplicationRoles`.
type RemoveApplicationRolesResponse struct {
	// ResponseObject Answer of the role methods.
	ResponseObject ApplicationRoles                     `json:"responseObject"`
	Status         RemoveApplicationRolesResponseStatus `json:"status"`
}

// RemoveApplicationRolesResponseStatus defines model for RemoveApplicationRolesResponse.Status.
type RemoveApplicationRolesResponseStatus string

// RemoveCallbackURLRequest The body of `removeCallbackUrl`.
type RemoveCallbackURLRequest struct {
	// RequestObject Request of `removeCallbackUrl`.
	RequestObject CallbackIDRequest `json:"requestObject"`
}

// RemoveCallbackURLResponse The answer of `removeCallbackUrl`.
type RemoveCallbackURLResponse struct {
	// ResponseObject Answer of `removeCallbackUrl`.
	ResponseObject RemovedCallback                 `json:"responseObject"`
	Status         RemoveCallbackURLResponseStatus `json:"status"`
}

// RemoveCallbackURLResponseStatus defines model for RemoveCallbackURLResponse.Status.
type RemoveCallbackURLResponseStatus string

// RemoveIntegration Request of `removeIntegration`.
type RemoveIntegration struct {
	// ID The integration.
	ID string `json:"id"`
}

// RemoveIntegrationRequest The body of `removeIntegration`.
type RemoveIntegrationRequest struct {
	// RequestObject Request of `removeIntegration`.
	RequestObject RemoveIntegration `json:"requestObject"`
}

// RemoveIntegrationResponse The answer of `removeIntegration`.
type RemoveIntegrationResponse struct {
	// ResponseObject Answer of `removeIntegration`.
	ResponseObject RemovedIntegration              `json:"responseObject"`
	Status         RemoveIntegrationResponseStatus `json:"status"`
}

// RemoveIntegrationResponseStatus defines model for RemoveIntegrationResponse.Status.
type RemoveIntegrationResponseStatus string

// RemoveOperationTemplateRequest The body of `removeOperationTemplate`.
type RemoveOperationTemplateRequest struct {
	// RequestObject Request of `getTemplateDetail`, `removeOperationTemplate`.
	RequestObject TemplateIDRequest `json:"requestObject"`
}

// RemoveToken Request of `removeToken`.
type RemoveToken struct {
	// ActivationID Its activation; not compared when absent, as the written reference does not know it.
	ActivationID *string `json:"activationId,omitempty"`

	// TokenID The token.
	TokenID string `json:"tokenId"`
}

// RemoveTokenRequest The body of `removeToken`.
type RemoveTokenRequest struct {
	// RequestObject Request of `removeToken`.
	RequestObject RemoveToken `json:"requestObject"`
}

// RemoveTokenResponse The answer of `removeToken`.
type RemoveTokenResponse struct {
	// ResponseObject Answer of `removeToken`.
	ResponseObject RemovedToken              `json:"responseObject"`
	Status         RemoveTokenResponseStatus `json:"status"`
}

// RemoveTokenResponseStatus defines model for RemoveTokenResponse.Status.
type RemoveTokenResponseStatus string

// RemovedActivation Answer of `removeActivation`.
type RemovedActivation struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// Removed True.
	Removed bool `json:"removed"`
}

// RemovedCallback Answer of `removeCallbackUrl`.
type RemovedCallback struct {
	// ID The URL's id.
	ID string `json:"id"`

	// Removed Whether there was one.
	Removed bool `json:"removed"`
}

// RemovedIntegration Answer of `removeIntegration`.
type RemovedIntegration struct {
	// ID As requested.
	ID string `json:"id"`

	// Removed Whether there was such an integration.
	Removed bool `json:"removed"`
}

// RemovedToken Answer of `removeToken`.
type RemovedToken struct {
	// Removed Whether there was such a token.
	Removed bool `json:"removed"`
}

// RenamedActivation Answer of `updateActivationName`.
type RenamedActivation struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationName Its name.
	ActivationName *string `json:"activationName"`

	// ActivationStatus Its state.
	ActivationStatus ActivationStatus `json:"activationStatus"`
}

// RevokeRecoveryCodes Request of `revokeRecoveryCodes`.
type RevokeRecoveryCodes struct {
	// RecoveryCodeIds Numbers of the codes, 1 to 100 of them.
	RecoveryCodeIds []RecoveryCodeNumber `json:"recoveryCodeIds"`
}

// RevokeRecoveryCodesRequest The body of `revokeRecoveryCodes`.
type RevokeRecoveryCodesRequest struct {
	// RequestObject Request of `revokeRecoveryCodes`.
	RequestObject RevokeRecoveryCodes `json:"requestObject"`
}

// RevokeRecoveryCodesResponse The answer of `revokeRecoveryCodes`.
type RevokeRecoveryCodesResponse struct {
	// ResponseObject Answer of `revokeRecoveryCodes`.
	ResponseObject RevokedRecoveryCodes              `json:"responseObject"`
	Status         RevokeRecoveryCodesResponseStatus `json:"status"`
}

// RevokeRecoveryCodesResponseStatus defines model for RevokeRecoveryCodesResponse.Status.
type RevokeRecoveryCodesResponseStatus string

// RevokedRecoveryCodes Answer of `revokeRecoveryCodes`.
type RevokedRecoveryCodes struct {
	// Revoked Whether a code changed.
	Revoked bool `json:"revoked"`
}

// SignatureAuditItem A verification attempt. Values of the activation are those before it.
type SignatureAuditItem struct {
	// ActivationCounter Numeric counter.
	ActivationCounter int64 `json:"activationCounter"`

	// ActivationCtrData Base64 of CTR_DATA.
	ActivationCtrData []byte `json:"activationCtrData"`

	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationStatus State.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// AdditionalInfo More about it.
	AdditionalInfo []AuditPair `json:"additionalInfo"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// DataBase64 Base64 of the signed text, without the application secret.
	DataBase64 []byte `json:"dataBase64"`

	// ID Number, growing with time.
	ID int64 `json:"id"`

	// Note Outcome in a word.
	Note string `json:"note"`

	// Signature The signature.
	Signature string `json:"signature"`

	// SignatureType Factors.
	SignatureType string `json:"signatureType"`

	// SignatureVersion Version of the signature header.
	SignatureVersion *string `json:"signatureVersion"`

	// TimestampCreated When.
	TimestampCreated time.Time `json:"timestampCreated"`

	// UserID The user.
	UserID string `json:"userId"`

	// Valid Outcome.
	Valid bool `json:"valid"`

	// Version Effective version.
	Version int32 `json:"version"`
}

// SignatureAuditList Answer of `getSignatureAuditLog`.
type SignatureAuditList struct {
	// Items Newest first.
	Items []SignatureAuditItem `json:"items"`
}

// SignatureAuditRequest Request of `getSignatureAuditLog`.
type SignatureAuditRequest struct {
	// ApplicationID The application; all when absent.
	ApplicationID *string `json:"applicationId,omitempty"`

	// TimestampFrom From, included; open when absent.
	TimestampFrom *time.Time `json:"timestampFrom,omitempty"`

	// TimestampTo To, included; open when absent.
	TimestampTo *time.Time `json:"timestampTo,omitempty"`

	// UserID The user.
	UserID string `json:"userId"`
}

// SignatureType Factors of a signature.
type SignatureType string

// StartUpgradeRequest The body of `startUpgrade`.
type StartUpgradeRequest struct {
	// RequestObject Request of `startUpgrade`.
	RequestObject EncryptedUpgradeRequest `json:"requestObject"`
}

// StartUpgradeResponse The answer of `startUpgrade`.
type StartUpgradeResponse struct {
	// ResponseObject Response envelope as JSON. Up to 3.1 `nonce` and `timestamp` are written as `null`, as deployed servers do.
	ResponseObject EnvelopeResponse           `json:"responseObject"`
	Status         StartUpgradeResponseStatus `json:"status"`
}

// StartUpgradeResponseStatus defines model for StartUpgradeResponse.Status.
type StartUpgradeResponseStatus string

// SupportApplicationVersionRequest The body of `supportApplicationVersion`.
type SupportApplicationVersionRequest struct {
	// RequestObject Names a version of an application.
	RequestObject ApplicationVersionRequest `json:"requestObject"`
}

// SupportApplicationVersionResponse The answer of `supportApplicationVersion`.
type SupportApplicationVersionResponse struct {
	// ResponseObject Answer of `supportApplicationVersion`, `unsupportApplicationVersion`.
	ResponseObject ApplicationVersionSupport               `json:"responseObject"`
	Status         SupportApplicationVersionResponseStatus `json:"status"`
}

// SupportApplicationVersionResponseStatus defines model for SupportApplicationVersionResponse.Status.
type SupportApplicationVersionResponseStatus string

// SystemStatus Answer of `getSystemStatus`.
type SystemStatus struct {
	// ApplicationDisplayName Configured displayed name.
	ApplicationDisplayName string `json:"applicationDisplayName"`

	// ApplicationEnvironment Configured environment.
	ApplicationEnvironment string `json:"applicationEnvironment"`

	// ApplicationName Configured name.
	ApplicationName string `json:"applicationName"`

	// BuildTime When this version was released; the time of the build would make builds differ.
	BuildTime time.Time `json:"buildTime"`

	// Status `OK`.
	Status string `json:"status"`

	// Timestamp Now.
	Timestamp time.Time `json:"timestamp"`

	// Version Version of this product.
	Version string `json:"version"`
}

// TemplateDetail A template in answers.
type TemplateDetail struct {
	// DataTemplate Text with placeholders.
	DataTemplate string `json:"dataTemplate"`

	// Expiration Lifetime of operations in seconds.
	Expiration int64 `json:"expiration"`

	// ID Number, from 1.
	ID int64 `json:"id"`

	// MaxFailureCount Failed approvals that end an operation.
	MaxFailureCount int64 `json:"maxFailureCount"`

	// OperationType Type of the operations.
	OperationType string `json:"operationType"`

	// ProximityCheckEnabled Whether operations get a TOTP seed.
	ProximityCheckEnabled bool `json:"proximityCheckEnabled"`

	// RiskFlags Letters, each a flag.
	RiskFlags *string `json:"riskFlags"`

	// SignatureType Allowed factors in the order given.
	SignatureType []SignatureType `json:"signatureType"`

	// TemplateName Name.
	TemplateName string `json:"templateName"`
}

// TemplateIDRequest Request of `getTemplateDetail`, `removeOperationTemplate`.
type TemplateIDRequest struct {
	// ID Number.
	ID int64 `json:"id"`
}

// TemplateRequest Request of `createOperationTemplate`, `updateOperationTemplate`.
type TemplateRequest struct {
	// DataTemplate Text with placeholders, 1 to 255 characters.
	DataTemplate string `json:"dataTemplate"`

	// Expiration Lifetime of operations in seconds, above 0.
	Expiration int64 `json:"expiration"`

	// ID Number; only for `update`.
	ID *int64 `json:"id,omitempty"`

	// MaxFailureCount Failed approvals that end an operation, above 0.
	MaxFailureCount int64 `json:"maxFailureCount"`

	// OperationType Type of the operations, 1 to 255 characters.
	OperationType string `json:"operationType"`

	// ProximityCheckEnabled Whether operations get a TOTP seed; not unless told. `proximity_check_enabled` and `enableProximityCheck` mean the same.
	ProximityCheckEnabled *bool `json:"proximityCheckEnabled,omitempty"`

	// RiskFlags Letters, each a flag; at most 255 characters.
	RiskFlags *string `json:"riskFlags,omitempty"`

	// SignatureType Allowed factors, at least one, each once.
	SignatureType []SignatureType `json:"signatureType"`

	// TemplateName Name, 1 to 255 characters; only for `create`.
	TemplateName *string `json:"templateName,omitempty"`
}

// UnblockActivationRequest The body of `unblockActivation`.
type UnblockActivationRequest struct {
	// RequestObject Request of `removeActivation`, `blockActivation`, `unblockActivation`.
	RequestObject ActivationRequest `json:"requestObject"`
}

// UnblockActivationResponse The answer of `unblockActivation`.
type UnblockActivationResponse struct {
	// ResponseObject Answer of `unblockActivation`.
	ResponseObject UnblockedActivation             `json:"responseObject"`
	Status         UnblockActivationResponseStatus `json:"status"`
}

// UnblockActivationResponseStatus defines model for UnblockActivationResponse.Status.
type UnblockActivationResponseStatus string

// UnblockedActivation Answer of `unblockActivation`.
type UnblockedActivation struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ActivationStatus Its state.
	ActivationStatus ActivationStatus `json:"activationStatus"`
}

// UnlockedVault Answer of `vaultUnlock`.
type UnlockedVault struct {
	// EncryptedData Base64 of the ciphertext.
	EncryptedData []byte `json:"encryptedData"`

	// Mac Base64 of 32 bytes.
	Mac []byte `json:"mac"`

	// Nonce Base64 of 16 bytes; from 3.2.
	Nonce []byte `json:"nonce"`

	// SignatureValid Whether the signature was valid.
	SignatureValid bool `json:"signatureValid"`

	// Timestamp Unix time in milliseconds; from 3.2.
	Timestamp *int64 `json:"timestamp"`
}

// UnsupportApplicationVersionRequest The body of `unsupportApplicationVersion`.
type UnsupportApplicationVersionRequest struct {
	// RequestObject Names a version of an application.
	RequestObject ApplicationVersionRequest `json:"requestObject"`
}

// UnsupportApplicationVersionResponse The answer of `unsupportApplicationVersion`.
type UnsupportApplicationVersionResponse struct {
	// ResponseObject Answer of `supportApplicationVersion`, `unsupportApplicationVersion`.
	ResponseObject ApplicationVersionSupport                 `json:"responseObject"`
	Status         UnsupportApplicationVersionResponseStatus `json:"status"`
}

// UnsupportApplicationVersionResponseStatus defines model for UnsupportApplicationVersionResponse.Status.
type UnsupportApplicationVersionResponseStatus string

// UpdateActivationFlagsRequest The body of `updateActivationFlags`.
type UpdateActivationFlagsRequest struct {
	// RequestObject Request of the flag methods.
	RequestObject ActivationFlagsRequest `json:"requestObject"`
}

// UpdateActivationFlagsResponse The answer of `updateActivationFlags`.
type UpdateActivationFlagsResponse struct {
	// ResponseObject Answer of the flag methods.
	ResponseObject ActivationFlags                     `json:"responseObject"`
	Status         UpdateActivationFlagsResponseStatus `json:"status"`
}

// UpdateActivationFlagsResponseStatus defines model for UpdateActivationFlagsResponse.Status.
type UpdateActivationFlagsResponseStatus string

// UpdateActivationNameRequest The body of `updateActivationName`.
type UpdateActivationNameRequest struct {
	// RequestObject Request of `updateActivationName`.
	RequestObject ActivationNameRequest `json:"requestObject"`
}

// UpdateActivationNameResponse The answer of `updateActivationName`.
type UpdateActivationNameResponse struct {
	// ResponseObject Answer of `updateActivationName`.
	ResponseObject RenamedActivation                  `json:"responseObject"`
	Status         UpdateActivationNameResponseStatus `json:"status"`
}

// UpdateActivationNameResponseStatus defines model for UpdateActivationNameResponse.Status.
type UpdateActivationNameResponseStatus string

// UpdateActivationOtpRequest The body of `updateActivationOtp`.
type UpdateActivationOtpRequest struct {
	// RequestObject Request of `updateActivationOtp`, `commitActivation`.
	RequestObject ActivationOtpRequest `json:"requestObject"`
}

// UpdateActivationOtpResponse The answer of `updateActivationOtp`.
type UpdateActivationOtpResponse struct {
	// ResponseObject Answer of `updateActivationOtp`.
	ResponseObject UpdatedActivationOtp              `json:"responseObject"`
	Status         UpdateActivationOtpResponseStatus `json:"status"`
}

// UpdateActivationOtpResponseStatus defines model for UpdateActivationOtpResponse.Status.
type UpdateActivationOtpResponseStatus string

// UpdateApplicationRolesRequest The body of `updateApplicationRoles`.
type UpdateApplicationRolesRequest struct {
	// RequestObject Request of the role methods.
	RequestObject ApplicationRolesRequest `json:"requestObject"`
}

// UpdateApplicationRolesResponse The answer of `updateApplicationRoles`.
type UpdateApplicationRolesResponse struct {
	// ResponseObject Answer of the role methods.
	ResponseObject ApplicationRoles                     `json:"responseObject"`
	Status         UpdateApplicationRolesResponseStatus `json:"status"`
}

// UpdateApplicationRolesResponseStatus defines model for UpdateApplicationRolesResponse.Status.
type UpdateApplicationRolesResponseStatus string

// UpdateCallbackURLRequest The body of `updateCallbackUrl`.
type UpdateCallbackURLRequest struct {
	// RequestObject Request of `createCallbackUrl`, `updateCallbackUrl`.
	RequestObject CallbackRequest `json:"requestObject"`
}

// UpdateCallbackURLResponse The answer of `updateCallbackUrl`.
type UpdateCallbackURLResponse struct {
	// ResponseObject A callback URL in answers.
	ResponseObject CallbackDetail                  `json:"responseObject"`
	Status         UpdateCallbackURLResponseStatus `json:"status"`
}

// UpdateCallbackURLResponseStatus defines model for UpdateCallbackURLResponse.Status.
type UpdateCallbackURLResponseStatus string

// UpdateOperationTemplateRequest The body of `updateOperationTemplate`.
type UpdateOperationTemplateRequest struct {
	// RequestObject Request of `createOperationTemplate`, `updateOperationTemplate`.
	RequestObject TemplateRequest `json:"requestObject"`
}

// UpdateOperationTemplateResponse The answer of `updateOperationTemplate`.
type UpdateOperationTemplateResponse struct {
	// ResponseObject A template in answers.
	ResponseObject TemplateDetail                        `json:"responseObject"`
	Status         UpdateOperationTemplateResponseStatus `json:"status"`
}

// UpdateOperationTemplateResponseStatus defines model for UpdateOperationTemplateResponse.Status.
type UpdateOperationTemplateResponseStatus string

// UpdateRecoveryConfig Request of `updateRecoveryConfig`. What is absent is switched off, except the printing centre's key.
type UpdateRecoveryConfig struct {
	// ActivationRecoveryEnabled Whether there is recovery at all.
	ActivationRecoveryEnabled *bool `json:"activationRecoveryEnabled,omitempty"`

	// AllowMultipleRecoveryCodes Whether a user may have several open postcards.
	AllowMultipleRecoveryCodes *bool `json:"allowMultipleRecoveryCodes,omitempty"`

	// ApplicationID The application.
	ApplicationID string `json:"applicationId"`

	// RecoveryPostcardEnabled Whether there are postcards.
	RecoveryPostcardEnabled *bool `json:"recoveryPostcardEnabled,omitempty"`

	// RemotePostcardPublicKey Public key of the printing centre: Base64 of 33 or 65 bytes; kept when absent, removed when empty.
	RemotePostcardPublicKey []byte `json:"remotePostcardPublicKey,omitempty"`
}

// UpdateRecoveryConfigRequest The body of `updateRecoveryConfig`.
type UpdateRecoveryConfigRequest struct {
	// RequestObject Request of `updateRecoveryConfig`. What is absent is switched off, except the printing centre's key.
	RequestObject UpdateRecoveryConfig `json:"requestObject"`
}

// UpdateRecoveryConfigResponse The answer of `updateRecoveryConfig`.
type UpdateRecoveryConfigResponse struct {
	// ResponseObject Answer of `updateRecoveryConfig`.
	ResponseObject UpdatedRecoveryConfig              `json:"responseObject"`
	Status         UpdateRecoveryConfigResponseStatus `json:"status"`
}

// UpdateRecoveryConfigResponseStatus defines model for UpdateRecoveryConfigResponse.Status.
type UpdateRecoveryConfigResponseStatus string

// UpdateStatusForActivationsRequest The body of `updateStatusForActivations`.
type UpdateStatusForActivationsRequest struct {
	// RequestObject Request of `updateStatusForActivations`.
	RequestObject ActivationStatusesRequest `json:"requestObject"`
}

// UpdateStatusForActivationsResponse The answer of `updateStatusForActivations`.
type UpdateStatusForActivationsResponse struct {
	// ResponseObject Answer of `updateStatusForActivations`.
	ResponseObject UpdatedActivationStatuses                `json:"responseObject"`
	Status         UpdateStatusForActivationsResponseStatus `json:"status"`
}

// UpdateStatusForActivationsResponseStatus defines model for UpdateStatusForActivationsResponse.Status.
type UpdateStatusForActivationsResponseStatus string

// UpdatedActivationOtp Answer of `updateActivationOtp`.
type UpdatedActivationOtp struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// Updated True.
	Updated bool `json:"updated"`
}

// UpdatedActivationStatuses Answer of `updateStatusForActivations`.
type UpdatedActivationStatuses struct {
	// Updated True.
	Updated bool `json:"updated"`
}

// UpdatedRecoveryConfig Answer of `updateRecoveryConfig`.
type UpdatedRecoveryConfig struct {
	// Updated True.
	Updated bool `json:"updated"`
}

// UpgradeRequest Request of `commitUpgrade`.
type UpgradeRequest struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`
}

// UserAction Answer of the user's actions.
type UserAction struct {
	// Operation The operation afterwards.
	Operation OperationDetail `json:"operation"`

	// Result What became of it.
	Result UserActionResult `json:"result"`
}

// UserActionResult What became of a user's action.
//
// - `APPROVED` The operation is approved.
// - `APPROVAL_FAILED` It was not approved; one attempt less.
// - `REJECTED` The operation is rejected.
// - `REJECT_FAILED` It was not rejected; nothing changed.
// - `OPERATION_FAILED` It was not approved, and that was the last attempt.
type UserActionResult string

// ValidateToken Request of `validateToken`.
type ValidateToken struct {
	// Nonce Base64 of 16 bytes.
	Nonce []byte `json:"nonce"`

	// ProtocolVersion Protocol version, `3.0` to `3.3`.
	ProtocolVersion string `json:"protocolVersion"`

	// Timestamp Milliseconds since the epoch.
	Timestamp int64 `json:"timestamp"`

	// TokenDigest Base64 of 32 bytes.
	TokenDigest []byte `json:"tokenDigest"`

	// TokenID The token.
	TokenID string `json:"tokenId"`
}

// ValidateTokenRequest The body of `validateToken`.
type ValidateTokenRequest struct {
	// RequestObject Request of `validateToken`.
	RequestObject ValidateToken `json:"requestObject"`
}

// ValidateTokenResponse The answer of `validateToken`.
type ValidateTokenResponse struct {
	// ResponseObject Answer of `validateToken`.
	ResponseObject ValidatedToken              `json:"responseObject"`
	Status         ValidateTokenResponseStatus `json:"status"`
}

// ValidateTokenResponseStatus defines model for ValidateTokenResponse.Status.
type ValidateTokenResponseStatus string

// ValidatedToken Answer of `validateToken`.
type ValidatedToken struct {
	// ActivationFlags Flags of the activation.
	ActivationFlags []string `json:"activationFlags"`

	// ActivationID The activation.
	ActivationID *string `json:"activationId"`

	// ActivationStatus State of the activation.
	ActivationStatus *ActivationStatus `json:"activationStatus"`

	// ApplicationID The application.
	ApplicationID *string `json:"applicationId"`

	// ApplicationRoles Roles of the application.
	ApplicationRoles []string `json:"applicationRoles"`

	// BlockedReason Why it is blocked.
	BlockedReason *string `json:"blockedReason"`

	// SignatureType Factors that the token was made with.
	SignatureType *SignatureType `json:"signatureType"`

	// TokenValid The outcome.
	TokenValid bool `json:"tokenValid"`

	// UserID The user.
	UserID *string `json:"userId"`
}

// VaultUnlockRequest The body of `vaultUnlock`.
type VaultUnlockRequest struct {
	// RequestObject Request of `vaultUnlock`. The version of the envelope is that of the signature.
	RequestObject EncryptedUnlockVault `json:"requestObject"`
}

// VaultUnlockResponse The answer of `vaultUnlock`.
type VaultUnlockResponse struct {
	// ResponseObject Answer of `vaultUnlock`.
	ResponseObject UnlockedVault             `json:"responseObject"`
	Status         VaultUnlockResponseStatus `json:"status"`
}

// VaultUnlockResponseStatus defines model for VaultUnlockResponse.Status.
type VaultUnlockResponseStatus string

// VerifiedEcdsa Answer of `verifyECDSASignature`.
type VerifiedEcdsa struct {
	// SignatureValid The outcome.
	SignatureValid bool `json:"signatureValid"`
}

// VerifiedSignature Answer of a verification.
type VerifiedSignature struct {
	// ActivationFlags Flags of the activation.
	ActivationFlags []string `json:"activationFlags"`

	// ActivationID The activation, as requested.
	ActivationID string `json:"activationId"`

	// ActivationStatus State of the activation after the attempt; REMOVED for an unknown one.
	ActivationStatus ActivationStatus `json:"activationStatus"`

	// ApplicationID The application.
	ApplicationID *string `json:"applicationId"`

	// ApplicationRoles Roles of the application.
	ApplicationRoles []string `json:"applicationRoles"`

	// BlockedReason Why it is blocked.
	BlockedReason *string `json:"blockedReason"`

	// RemainingAttempts Failed attempts that are left.
	RemainingAttempts *int64 `json:"remainingAttempts"`

	// SignatureType Factors that matched, or those requested.
	SignatureType *SignatureType `json:"signatureType"`

	// SignatureValid The outcome.
	SignatureValid bool `json:"signatureValid"`

	// UserID The user.
	UserID *string `json:"userId"`
}

// VerifyECDSASignatureRequest The body of `verifyECDSASignature`.
type VerifyECDSASignatureRequest struct {
	// RequestObject Request of `verifyECDSASignature`.
	RequestObject VerifyEcdsa `json:"requestObject"`
}

// VerifyECDSASignatureResponse The answer of `verifyECDSASignature`.
type VerifyECDSASignatureResponse struct {
	// ResponseObject Answer of `verifyECDSASignature`.
	ResponseObject VerifiedEcdsa                      `json:"responseObject"`
	Status         VerifyECDSASignatureResponseStatus `json:"status"`
}

// VerifyECDSASignatureResponseStatus defines model for VerifyECDSASignatureResponse.Status.
type VerifyECDSASignatureResponseStatus string

// VerifyEcdsa Request of `verifyECDSASignature`.
type VerifyEcdsa struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// Data Base64 of the signed bytes.
	Data []byte `json:"data"`

	// Signature Base64 of the signature.
	Signature []byte `json:"signature"`

	// SignatureFormat DER when absent.
	SignatureFormat *EcdsaSignatureFormat `json:"signatureFormat,omitempty"`
}

// VerifyOfflineSignature Request of `verifyOfflineSignature`.
type VerifyOfflineSignature struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// AllowBiometry Whether biometry may take the place of knowledge. `biometryAllowed`, as the written reference says, means the same.
	AllowBiometry *bool `json:"allowBiometry,omitempty"`

	// ComponentLength Digits per factor, 4 to 8.
	ComponentLength *int64 `json:"componentLength,omitempty"`

	// Data `POST&B64(uriId)&nonce&B64(operation id & operation data)`, without the secret and the OTP.
	Data string `json:"data"`

	// ProximityCheck The one-time password that was in the payload.
	ProximityCheck *OfflineProximityCheck `json:"proximityCheck,omitempty"`

	// Signature Digits per factor, joined with `-`.
	Signature string `json:"signature"`
}

// VerifyOfflineSignatureRequest The body of `verifyOfflineSignature`.
type VerifyOfflineSignatureRequest struct {
	// RequestObject Request of `verifyOfflineSignature`.
	RequestObject VerifyOfflineSignature `json:"requestObject"`
}

// VerifyOfflineSignatureResponse The answer of `verifyOfflineSignature`.
type VerifyOfflineSignatureResponse struct {
	// ResponseObject Answer of a verification.
	ResponseObject VerifiedSignature                    `json:"responseObject"`
	Status         VerifyOfflineSignatureResponseStatus `json:"status"`
}

// VerifyOfflineSignatureResponseStatus defines model for VerifyOfflineSignatureResponse.Status.
type VerifyOfflineSignatureResponseStatus string

// VerifySignature Request of `verifySignature`.
type VerifySignature struct {
	// ActivationID The activation.
	ActivationID string `json:"activationId"`

	// ApplicationKey The application version.
	ApplicationKey string `json:"applicationKey"`

	// Data `METHOD&B64(uriId)&nonce&B64(body)`, without the application secret.
	Data string `json:"data"`

	// ForcedSignatureVersion 3 before the commit of an upgrade from protocol 2; other values mean nothing.
	ForcedSignatureVersion *int64 `json:"forcedSignatureVersion,omitempty"`

	// Signature The signature.
	Signature string `json:"signature"`

	// SignatureType Factors of the signature.
	SignatureType SignatureType `json:"signatureType"`

	// SignatureVersion Version of the signature header; `3.2` when absent, as the written reference does not know it.
	SignatureVersion *string `json:"signatureVersion,omitempty"`
}

// VerifySignatureRequest The body of `verifySignature`.
type VerifySignatureRequest struct {
	// RequestObject Request of `verifySignature`.
	RequestObject VerifySignature `json:"requestObject"`
}

// VerifySignatureResponse The answer of `verifySignature`.
type VerifySignatureResponse struct {
	// ResponseObject Answer of a verification.
	ResponseObject VerifiedSignature             `json:"responseObject"`
	Status         VerifySignatureResponseStatus `json:"status"`
}

// VerifySignatureResponseStatus defines model for VerifySignatureResponse.Status.
type VerifySignatureResponseStatus string

// BadRequest A refusal.
type BadRequest = ErrorResponse

// Failure A refusal.
type Failure = ErrorResponse

// HeaderTooLarge A refusal.
type HeaderTooLarge = ErrorResponse

// NotJSON A refusal.
type NotJSON = ErrorResponse

// TooLarge A refusal.
type TooLarge = ErrorResponse

// Unauthenticated A refusal.
type Unauthenticated = ErrorResponse

// Unavailable A refusal.
type Unavailable = ErrorResponse

// PostInboxMessageJSONRequestBody defines body for PostInboxMessage for application/json ContentType.
type PostInboxMessageJSONRequestBody = PostInboxMessageRequest

// BlockActivationJSONRequestBody defines body for BlockActivation for application/json ContentType.
type BlockActivationJSONRequestBody = BlockActivationRequest

// CommitActivationJSONRequestBody defines body for CommitActivation for application/json ContentType.
type CommitActivationJSONRequestBody = CommitActivationRequest

// CreateActivationJSONRequestBody defines body for CreateActivation for application/json ContentType.
type CreateActivationJSONRequestBody = CreateActivationRequest

// CreateActivationByCredentialsJSONRequestBody defines body for CreateActivationByCredentials for application/json ContentType.
type CreateActivationByCredentialsJSONRequestBody = CreateActivationByCredentialsRequest

// OpenActivationCredentialsJSONRequestBody defines body for OpenActivationCredentials for application/json ContentType.
type OpenActivationCredentialsJSONRequestBody = OpenActivationCredentialsRequest

// AddActivationFlagsJSONRequestBody defines body for AddActivationFlags for application/json ContentType.
type AddActivationFlagsJSONRequestBody = AddActivationFlagsRequest

// ListActivationFlagsJSONRequestBody defines body for ListActivationFlags for application/json ContentType.
type ListActivationFlagsJSONRequestBody = ListActivationFlagsRequest

// RemoveActivationFlagsJSONRequestBody defines body for RemoveActivationFlags for application/json ContentType.
type RemoveActivationFlagsJSONRequestBody = RemoveActivationFlagsRequest

// UpdateActivationFlagsJSONRequestBody defines body for UpdateActivationFlags for application/json ContentType.
type UpdateActivationFlagsJSONRequestBody = UpdateActivationFlagsRequest

// GetActivationHistoryJSONRequestBody defines body for GetActivationHistory for application/json ContentType.
type GetActivationHistoryJSONRequestBody = GetActivationHistoryRequest

// InitActivationJSONRequestBody defines body for InitActivation for application/json ContentType.
type InitActivationJSONRequestBody = InitActivationRequest

// GetActivationListForUserJSONRequestBody defines body for GetActivationListForUser for application/json ContentType.
type GetActivationListForUserJSONRequestBody = GetActivationListForUserRequest

// LookupActivationsJSONRequestBody defines body for LookupActivations for application/json ContentType.
type LookupActivationsJSONRequestBody = LookupActivationsRequest

// UpdateActivationNameJSONRequestBody defines body for UpdateActivationName for application/json ContentType.
type UpdateActivationNameJSONRequestBody = UpdateActivationNameRequest

// UpdateActivationOtpJSONRequestBody defines body for UpdateActivationOtp for application/json ContentType.
type UpdateActivationOtpJSONRequestBody = UpdateActivationOtpRequest

// PrepareActivationJSONRequestBody defines body for PrepareActivation for application/json ContentType.
type PrepareActivationJSONRequestBody = PrepareActivationRequest

// RecoveryCodeActivationJSONRequestBody defines body for RecoveryCodeActivation for application/json ContentType.
type RecoveryCodeActivationJSONRequestBody = RecoveryCodeActivationRequest

// RemoveActivationJSONRequestBody defines body for RemoveActivation for application/json ContentType.
type RemoveActivationJSONRequestBody = RemoveActivationRequest

// GetActivationStatusJSONRequestBody defines body for GetActivationStatus for application/json ContentType.
type GetActivationStatusJSONRequestBody = GetActivationStatusRequest

// UpdateStatusForActivationsJSONRequestBody defines body for UpdateStatusForActivations for application/json ContentType.
type UpdateStatusForActivationsJSONRequestBody = UpdateStatusForActivationsRequest

// UnblockActivationJSONRequestBody defines body for UnblockActivation for application/json ContentType.
type UnblockActivationJSONRequestBody = UnblockActivationRequest

// CreateCallbackURLJSONRequestBody defines body for CreateCallbackURL for application/json ContentType.
type CreateCallbackURLJSONRequestBody = CreateCallbackURLRequest

// GetCallbackURLListJSONRequestBody defines body for GetCallbackURLList for application/json ContentType.
type GetCallbackURLListJSONRequestBody = GetCallbackURLListRequest

// RemoveCallbackURLJSONRequestBody defines body for RemoveCallbackURL for application/json ContentType.
type RemoveCallbackURLJSONRequestBody = RemoveCallbackURLRequest

// UpdateCallbackURLJSONRequestBody defines body for UpdateCallbackURL for application/json ContentType.
type UpdateCallbackURLJSONRequestBody = UpdateCallbackURLRequest

// CreateApplicationJSONRequestBody defines body for CreateApplication for application/json ContentType.
type CreateApplicationJSONRequestBody = CreateApplicationRequest

// GetApplicationDetailJSONRequestBody defines body for GetApplicationDetail for application/json ContentType.
type GetApplicationDetailJSONRequestBody = GetApplicationDetailRequest

// LookupApplicationByAppKeyJSONRequestBody defines body for LookupApplicationByAppKey for application/json ContentType.
type LookupApplicationByAppKeyJSONRequestBody = LookupApplicationByAppKeyRequest

// AddApplicationRolesJSONRequestBody defines body for AddApplicationRoles for application/json ContentType.
type AddApplicationRolesJSONRequestBody = AddApplicationRolesRequest

// ListApplicationRolesJSONRequestBody defines body for ListApplicationRoles for application/json ContentType.
type ListApplicationRolesJSONRequestBody = ListApplicationRolesRequest

// RemoveApplicationRolesJSONRequestBody defines body for RemoveApplicationRoles for application/json ContentType.
type RemoveApplicationRolesJSONRequestBody = RemoveApplicationRolesRequest

// UpdateApplicationRolesJSONRequestBody defines body for UpdateApplicationRoles for application/json ContentType.
type UpdateApplicationRolesJSONRequestBody = UpdateApplicationRolesRequest

// CreateApplicationVersionJSONRequestBody defines body for CreateApplicationVersion for application/json ContentType.
type CreateApplicationVersionJSONRequestBody = CreateApplicationVersionRequest

// SupportApplicationVersionJSONRequestBody defines body for SupportApplicationVersion for application/json ContentType.
type SupportApplicationVersionJSONRequestBody = SupportApplicationVersionRequest

// UnsupportApplicationVersionJSONRequestBody defines body for UnsupportApplicationVersion for application/json ContentType.
type UnsupportApplicationVersionJSONRequestBody = UnsupportApplicationVersionRequest

// GetEciesDecryptorJSONRequestBody defines body for GetEciesDecryptor for application/json ContentType.
type GetEciesDecryptorJSONRequestBody = GetEciesDecryptorRequest

// GetErrorCodeListJSONRequestBody defines body for GetErrorCodeList for application/json ContentType.
type GetErrorCodeListJSONRequestBody = GetErrorCodeListRequest

// CreateIntegrationJSONRequestBody defines body for CreateIntegration for application/json ContentType.
type CreateIntegrationJSONRequestBody = CreateIntegrationRequest

// RemoveIntegrationJSONRequestBody defines body for RemoveIntegration for application/json ContentType.
type RemoveIntegrationJSONRequestBody = RemoveIntegrationRequest

// CreateTemporaryKeyJSONRequestBody defines body for CreateTemporaryKey for application/json ContentType.
type CreateTemporaryKeyJSONRequestBody = CreateTemporaryKeyRequest

// ApproveOperationJSONRequestBody defines body for ApproveOperation for application/json ContentType.
type ApproveOperationJSONRequestBody = ApproveOperationRequest

// FailApproveOperationJSONRequestBody defines body for FailApproveOperation for application/json ContentType.
type FailApproveOperationJSONRequestBody = FailApproveOperationRequest

// CancelOperationJSONRequestBody defines body for CancelOperation for application/json ContentType.
type CancelOperationJSONRequestBody = CancelOperationRequest

// CreateOperationJSONRequestBody defines body for CreateOperation for application/json ContentType.
type CreateOperationJSONRequestBody = CreateOperationRequest

// OperationDetailJSONRequestBody defines body for OperationDetail for application/json ContentType.
type OperationDetailJSONRequestBody = OperationDetailRequest

// FindAllOperationsForUserJSONRequestBody defines body for FindAllOperationsForUser for application/json ContentType.
type FindAllOperationsForUserJSONRequestBody = FindAllOperationsForUserRequest

// FindAllOperationsByExternalIDJSONRequestBody defines body for FindAllOperationsByExternalID for application/json ContentType.
type FindAllOperationsByExternalIDJSONRequestBody = FindAllOperationsByExternalIDRequest

// FindPendingOperationsForUserJSONRequestBody defines body for FindPendingOperationsForUser for application/json ContentType.
type FindPendingOperationsForUserJSONRequestBody = FindPendingOperationsForUserRequest

// RejectOperationJSONRequestBody defines body for RejectOperation for application/json ContentType.
type RejectOperationJSONRequestBody = RejectOperationRequest

// CreateOperationTemplateJSONRequestBody defines body for CreateOperationTemplate for application/json ContentType.
type CreateOperationTemplateJSONRequestBody = CreateOperationTemplateRequest

// GetTemplateDetailJSONRequestBody defines body for GetTemplateDetail for application/json ContentType.
type GetTemplateDetailJSONRequestBody = GetTemplateDetailRequest

// RemoveOperationTemplateJSONRequestBody defines body for RemoveOperationTemplate for application/json ContentType.
type RemoveOperationTemplateJSONRequestBody = RemoveOperationTemplateRequest

// UpdateOperationTemplateJSONRequestBody defines body for UpdateOperationTemplate for application/json ContentType.
type UpdateOperationTemplateJSONRequestBody = UpdateOperationTemplateRequest

// GetRecoveryConfigJSONRequestBody defines body for GetRecoveryConfig for application/json ContentType.
type GetRecoveryConfigJSONRequestBody = GetRecoveryConfigRequest

// UpdateRecoveryConfigJSONRequestBody defines body for UpdateRecoveryConfig for application/json ContentType.
type UpdateRecoveryConfigJSONRequestBody = UpdateRecoveryConfigRequest

// ConfirmRecoveryCodeJSONRequestBody defines body for ConfirmRecoveryCode for application/json ContentType.
type ConfirmRecoveryCodeJSONRequestBody = ConfirmRecoveryCodeRequest

// CreateRecoveryCodeJSONRequestBody defines body for CreateRecoveryCode for application/json ContentType.
type CreateRecoveryCodeJSONRequestBody = CreateRecoveryCodeRequest

// LookupRecoveryCodesJSONRequestBody defines body for LookupRecoveryCodes for application/json ContentType.
type LookupRecoveryCodesJSONRequestBody = LookupRecoveryCodesRequest

// RevokeRecoveryCodesJSONRequestBody defines body for RevokeRecoveryCodes for application/json ContentType.
type RevokeRecoveryCodesJSONRequestBody = RevokeRecoveryCodesRequest

// VerifyECDSASignatureJSONRequestBody defines body for VerifyECDSASignature for application/json ContentType.
type VerifyECDSASignatureJSONRequestBody = VerifyECDSASignatureRequest

// GetSignatureAuditLogJSONRequestBody defines body for GetSignatureAuditLog for application/json ContentType.
type GetSignatureAuditLogJSONRequestBody = GetSignatureAuditLogRequest

// CreateNonPersonalizedOfflineSignaturePayloadJSONRequestBody defines body for CreateNonPersonalizedOfflineSignaturePayload for application/json ContentType.
type CreateNonPersonalizedOfflineSignaturePayloadJSONRequestBody = CreateNonPersonalizedOfflineSignaturePayloadRequest

// CreatePersonalizedOfflineSignaturePayloadJSONRequestBody defines body for CreatePersonalizedOfflineSignaturePayload for application/json ContentType.
type CreatePersonalizedOfflineSignaturePayloadJSONRequestBody = CreatePersonalizedOfflineSignaturePayloadRequest

// VerifyOfflineSignatureJSONRequestBody defines body for VerifyOfflineSignature for application/json ContentType.
type VerifyOfflineSignatureJSONRequestBody = VerifyOfflineSignatureRequest

// VerifySignatureJSONRequestBody defines body for VerifySignature for application/json ContentType.
type VerifySignatureJSONRequestBody = VerifySignatureRequest

// CreateTokenJSONRequestBody defines body for CreateToken for application/json ContentType.
type CreateTokenJSONRequestBody = CreateTokenRequest

// RemoveTokenJSONRequestBody defines body for RemoveToken for application/json ContentType.
type RemoveTokenJSONRequestBody = RemoveTokenRequest

// ValidateTokenJSONRequestBody defines body for ValidateToken for application/json ContentType.
type ValidateTokenJSONRequestBody = ValidateTokenRequest

// CommitUpgradeJSONRequestBody defines body for CommitUpgrade for application/json ContentType.
type CommitUpgradeJSONRequestBody = CommitUpgradeRequest

// StartUpgradeJSONRequestBody defines body for StartUpgrade for application/json ContentType.
type StartUpgradeJSONRequestBody = StartUpgradeRequest

// VaultUnlockJSONRequestBody defines body for VaultUnlock for application/json ContentType.
type VaultUnlockJSONRequestBody = VaultUnlockRequest

// VerifyECDSASignatureAliasJSONRequestBody defines body for VerifyECDSASignatureAlias for application/json ContentType.
//
// Deprecated: this type has been marked as deprecated upstream, but no `x-deprecated-reason` was set
type VerifyECDSASignatureAliasJSONRequestBody = VerifyECDSASignatureRequest
