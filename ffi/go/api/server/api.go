// Code generated from docs/openapi/server.json (SHA-256 cc9fff94f7b480e5ffeeba3a2471a1033ac56c383be9ea603648393fd40e96f6). DO NOT EDIT.

package server

import (
	"context"
	"net/http"

	"countersign.io/countersign/internal/rest"
)

// API has a method per endpoint. Refusals are errors of type *countersign.APIError.
type API struct{ caller rest.Caller }

// New is for the engine's own use.
func New(caller rest.Caller) *API { return &API{caller} }

// AddActivationFlags: adds those not yet there; all in ascending order afterwards.
func (api *API) AddActivationFlags(ctx context.Context, request ActivationFlagsRequest) (answer ActivationFlags, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/flags/create", nil, rest.Request[ActivationFlagsRequest]{RequestObject: request}, &rest.Response[ActivationFlags]{ResponseObject: &answer})
	return answer, err
}

// AddApplicationRoles: adds those not yet there; all in ascending order afterwards.
func (api *API) AddApplicationRoles(ctx context.Context, request ApplicationRolesRequest) (answer ApplicationRoles, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/roles/create", nil, rest.Request[ApplicationRolesRequest]{RequestObject: request}, &rest.Response[ApplicationRoles]{ResponseObject: &answer})
	return answer, err
}

// ApproveOperation: approves an operation on behalf of a user whose signature the caller has verified.
func (api *API) ApproveOperation(ctx context.Context, request ApproveRequest) (answer UserAction, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/approve", nil, rest.Request[ApproveRequest]{RequestObject: request}, &rest.Response[UserAction]{ResponseObject: &answer})
	return answer, err
}

// BlockActivation: ACTIVE becomes BLOCKED.
func (api *API) BlockActivation(ctx context.Context, request ActivationRequest) (answer BlockedActivation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/block", nil, rest.Request[ActivationRequest]{RequestObject: request}, &rest.Response[BlockedActivation]{ResponseObject: &answer})
	return answer, err
}

// CancelOperation: withdraws an operation.
//
// The back end may do that whoever the user is.
func (api *API) CancelOperation(ctx context.Context, request OperationRequest) (answer OperationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/cancel", nil, rest.Request[OperationRequest]{RequestObject: request}, &rest.Response[OperationDetail]{ResponseObject: &answer})
	return answer, err
}

// CommitActivation: PENDING_COMMIT becomes ACTIVE.
func (api *API) CommitActivation(ctx context.Context, request ActivationOtpRequest) (answer CommittedActivation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/commit", nil, rest.Request[ActivationOtpRequest]{RequestObject: request}, &rest.Response[CommittedActivation]{ResponseObject: &answer})
	return answer, err
}

// CommitUpgrade: version 2 becomes 3.
//
// Tells no callback.
func (api *API) CommitUpgrade(ctx context.Context, request UpgradeRequest) (answer CommittedUpgrade, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/upgrade/commit", nil, rest.Request[UpgradeRequest]{RequestObject: request}, &rest.Response[CommittedUpgrade]{ResponseObject: &answer})
	return answer, err
}

// ConfirmRecoveryCode: A CREATED code of the activation's user becomes ACTIVE.
func (api *API) ConfirmRecoveryCode(ctx context.Context, request EncryptedConfirmRecoveryCode) (answer ConfirmedRecoveryCode, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/recovery/confirm", nil, rest.Request[EncryptedConfirmRecoveryCode]{RequestObject: request}, &rest.Response[ConfirmedRecoveryCode]{ResponseObject: &answer})
	return answer, err
}

// CreateActivation: an activation of a user whom the caller has identified, keys included.
//
// All checks come before the first write, so that a refusal leaves nothing behind.
func (api *API) CreateActivation(ctx context.Context, request EncryptedKeyExchange) (answer ExchangedKeys, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/create", nil, rest.Request[EncryptedKeyExchange]{RequestObject: request}, &rest.Response[ExchangedKeys]{ResponseObject: &answer})
	return answer, err
}

// CreateActivationByCredentials: an activation of the user whom the host has identified by the phone's credentials.
func (api *API) CreateActivationByCredentials(ctx context.Context, request CreateByCredentials) (answer CreatedByCredentials, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/credentials/create", nil, rest.Request[CreateByCredentials]{RequestObject: request}, &rest.Response[CreatedByCredentials]{ResponseObject: &answer})
	return answer, err
}

// CreateApplication: A new application with a master key pair and the version `default`.
func (api *API) CreateApplication(ctx context.Context, request ApplicationRequest) (answer CreatedApplication, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/create", nil, rest.Request[ApplicationRequest]{RequestObject: request}, &rest.Response[CreatedApplication]{ResponseObject: &answer})
	return answer, err
}

// CreateApplicationVersion: A new version with its own key and secret.
func (api *API) CreateApplicationVersion(ctx context.Context, request ApplicationVersionRequest) (answer CreatedApplicationVersion, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/version/create", nil, rest.Request[ApplicationVersionRequest]{RequestObject: request}, &rest.Response[CreatedApplicationVersion]{ResponseObject: &answer})
	return answer, err
}

// CreateCallbackURL: A new callback URL.
func (api *API) CreateCallbackURL(ctx context.Context, request CallbackRequest) (answer CreatedCallback, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/callback/create", nil, rest.Request[CallbackRequest]{RequestObject: request}, &rest.Response[CreatedCallback]{ResponseObject: &answer})
	return answer, err
}

// CreateIntegration: new credentials for a back end, good at once.
func (api *API) CreateIntegration(ctx context.Context, request CreateIntegration) (answer NewIntegration, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/integration/create", nil, rest.Request[CreateIntegration]{RequestObject: request}, &rest.Response[NewIntegration]{ResponseObject: &answer})
	return answer, err
}

// CreateNonPersonalizedOfflineSignaturePayload: A payload signed by the application's master key.
func (api *API) CreateNonPersonalizedOfflineSignaturePayload(ctx context.Context, request NonPersonalizedPayload) (answer OfflinePayload, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/signature/offline/non-personalized/create", nil, rest.Request[NonPersonalizedPayload]{RequestObject: request}, &rest.Response[OfflinePayload]{ResponseObject: &answer})
	return answer, err
}

// CreateOperation: A new operation in state PENDING.
func (api *API) CreateOperation(ctx context.Context, request CreateOperation) (answer OperationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/create", nil, rest.Request[CreateOperation]{RequestObject: request}, &rest.Response[OperationDetail]{ResponseObject: &answer})
	return answer, err
}

// CreateOperationTemplate: A new template; ERR0039 when the name is taken.
func (api *API) CreateOperationTemplate(ctx context.Context, request TemplateRequest) (answer TemplateDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/template/create", nil, rest.Request[TemplateRequest]{RequestObject: request}, &rest.Response[TemplateDetail]{ResponseObject: &answer})
	return answer, err
}

// CreatePersonalizedOfflineSignaturePayload: A payload signed by the activation's server key.
//
// Its state is not looked at.
func (api *API) CreatePersonalizedOfflineSignaturePayload(ctx context.Context, request PersonalizedPayload) (answer OfflinePayload, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/signature/offline/personalized/create", nil, rest.Request[PersonalizedPayload]{RequestObject: request}, &rest.Response[OfflinePayload]{ResponseObject: &answer})
	return answer, err
}

// CreateRecoveryCode: A new code on paper for a user.
func (api *API) CreateRecoveryCode(ctx context.Context, request CreateRecoveryCode) (answer CreatedRecoveryCode, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/recovery/create", nil, rest.Request[CreateRecoveryCode]{RequestObject: request}, &rest.Response[CreatedRecoveryCode]{ResponseObject: &answer})
	return answer, err
}

// CreateTemporaryKey: A temporary key for an application or an activation.
//
// Every failure is ERR0045: the request proves nothing but the knowledge of the secret.
func (api *API) CreateTemporaryKey(ctx context.Context, request Jwt) (answer Jwt, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/keystore/create", nil, rest.Request[Jwt]{RequestObject: request}, &rest.Response[Jwt]{ResponseObject: &answer})
	return answer, err
}

// CreateToken: A new token, answered inside the envelope.
func (api *API) CreateToken(ctx context.Context, request EncryptedCreateToken) (answer EnvelopeResponse, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/token/create", nil, rest.Request[EncryptedCreateToken]{RequestObject: request}, &rest.Response[EnvelopeResponse]{ResponseObject: &answer})
	return answer, err
}

// FailApproveOperation: counts a failed approval; the caller has seen a wrong signature.
func (api *API) FailApproveOperation(ctx context.Context, request OperationRequest) (answer UserAction, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/approve/fail", nil, rest.Request[OperationRequest]{RequestObject: request}, &rest.Response[UserAction]{ResponseObject: &answer})
	return answer, err
}

// FindAllOperationsByExternalID: operations of an external id, of all users and in any state, newest first.
func (api *API) FindAllOperationsByExternalID(ctx context.Context, request ExternalOperationListRequest) (answer []OperationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/list/external", nil, rest.Request[ExternalOperationListRequest]{RequestObject: request}, &rest.Response[[]OperationDetail]{ResponseObject: &answer})
	return answer, err
}

// FindAllOperationsForUser: operations of a user in any state, newest first.
func (api *API) FindAllOperationsForUser(ctx context.Context, request OperationListRequest) (answer []OperationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/list", nil, rest.Request[OperationListRequest]{RequestObject: request}, &rest.Response[[]OperationDetail]{ResponseObject: &answer})
	return answer, err
}

// FindPendingOperationsForUser: pending operations of a user, newest first, with the proximity codes of now.
//
// Those that turn out to be expired are left out, so that a page may be shorter than asked for.
func (api *API) FindPendingOperationsForUser(ctx context.Context, request OperationListRequest) (answer []OperationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/list/pending", nil, rest.Request[OperationListRequest]{RequestObject: request}, &rest.Response[[]OperationDetail]{ResponseObject: &answer})
	return answer, err
}

// GetActivationHistory: the history of an activation.
func (api *API) GetActivationHistory(ctx context.Context, request ActivationHistoryRequest) (answer ActivationHistory, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/history", nil, rest.Request[ActivationHistoryRequest]{RequestObject: request}, &rest.Response[ActivationHistory]{ResponseObject: &answer})
	return answer, err
}

// GetActivationListForUser: activations of a user, newest first; overdue ones are removed on the way.
func (api *API) GetActivationListForUser(ctx context.Context, request ActivationListRequest) (answer ActivationList, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/list", nil, rest.Request[ActivationListRequest]{RequestObject: request}, &rest.Response[ActivationList]{ResponseObject: &answer})
	return answer, err
}

// GetActivationStatus: state of an activation with the blob for its phone.
//
// An unknown one looks REMOVED, with noise for a blob.
func (api *API) GetActivationStatus(ctx context.Context, request ActivationStatusRequest) (answer ActivationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/status", nil, rest.Request[ActivationStatusRequest]{RequestObject: request}, &rest.Response[ActivationDetail]{ResponseObject: &answer})
	return answer, err
}

// GetAllTemplates: all templates, by number.
func (api *API) GetAllTemplates(ctx context.Context) (answer []TemplateDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/template/list", nil, nil, &rest.Response[[]TemplateDetail]{ResponseObject: &answer})
	return answer, err
}

// GetApplicationDetail: one application with its versions.
func (api *API) GetApplicationDetail(ctx context.Context, request ApplicationRequest) (answer ApplicationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/detail", nil, rest.Request[ApplicationRequest]{RequestObject: request}, &rest.Response[ApplicationDetail]{ResponseObject: &answer})
	return answer, err
}

// GetApplicationList: all applications.
func (api *API) GetApplicationList(ctx context.Context) (answer ApplicationList, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/list", nil, nil, &rest.Response[ApplicationList]{ResponseObject: &answer})
	return answer, err
}

// GetCallbackURLList: the URLs of an application; none for an unknown one.
func (api *API) GetCallbackURLList(ctx context.Context, request CallbackListRequest) (answer CallbackList, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/callback/list", nil, rest.Request[CallbackListRequest]{RequestObject: request}, &rest.Response[CallbackList]{ResponseObject: &answer})
	return answer, err
}

// GetEciesDecryptor: key and shared information of one encrypted request.
func (api *API) GetEciesDecryptor(ctx context.Context, request EncryptedDecryptorRequest) (answer DecryptorParameters, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/ecies/decryptor", nil, rest.Request[EncryptedDecryptorRequest]{RequestObject: request}, &rest.Response[DecryptorParameters]{ResponseObject: &answer})
	return answer, err
}

// GetErrorCodeList: the codes of the published list: those of the 1.5 line.
//
// ERR0045, which protocol 3.3 brought, is answered but not listed, because callers compare the list with their own.
func (api *API) GetErrorCodeList(ctx context.Context, request ErrorListRequest) (answer ErrorList, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/error/list", nil, rest.Request[ErrorListRequest]{RequestObject: request}, &rest.Response[ErrorList]{ResponseObject: &answer})
	return answer, err
}

// GetIntegrationList: all integrations.
func (api *API) GetIntegrationList(ctx context.Context) (answer Integrations, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/integration/list", nil, nil, &rest.Response[Integrations]{ResponseObject: &answer})
	return answer, err
}

// GetRecoveryConfig: the settings of an application; all off until they are set.
func (api *API) GetRecoveryConfig(ctx context.Context, request RecoveryConfigRequest) (answer RecoveryConfigDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/recovery/config/detail", nil, rest.Request[RecoveryConfigRequest]{RequestObject: request}, &rest.Response[RecoveryConfigDetail]{ResponseObject: &answer})
	return answer, err
}

// GetSignatureAuditLog: verification attempts of a user.
func (api *API) GetSignatureAuditLog(ctx context.Context, request SignatureAuditRequest) (answer SignatureAuditList, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/signature/list", nil, rest.Request[SignatureAuditRequest]{RequestObject: request}, &rest.Response[SignatureAuditList]{ResponseObject: &answer})
	return answer, err
}

// GetSystemStatus: tells that the system runs.
//
// Reads nothing.
func (api *API) GetSystemStatus(ctx context.Context) (answer SystemStatus, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/status", nil, nil, &rest.Response[SystemStatus]{ResponseObject: &answer})
	return answer, err
}

// GetTemplateDetail: one template.
func (api *API) GetTemplateDetail(ctx context.Context, request TemplateIDRequest) (answer TemplateDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/template/detail", nil, rest.Request[TemplateIDRequest]{RequestObject: request}, &rest.Response[TemplateDetail]{ResponseObject: &answer})
	return answer, err
}

// InitActivation: A new activation in state CREATED.
func (api *API) InitActivation(ctx context.Context, request InitActivation) (answer InitializedActivation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/init", nil, rest.Request[InitActivation]{RequestObject: request}, &rest.Response[InitializedActivation]{ResponseObject: &answer})
	return answer, err
}

// ListActivationFlags: the activation's flags.
func (api *API) ListActivationFlags(ctx context.Context, request ActivationFlagsRequest) (answer ActivationFlags, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/flags/list", nil, rest.Request[ActivationFlagsRequest]{RequestObject: request}, &rest.Response[ActivationFlags]{ResponseObject: &answer})
	return answer, err
}

// ListApplicationRoles: the application's roles.
func (api *API) ListApplicationRoles(ctx context.Context, request ApplicationRequest) (answer ApplicationRoles, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/roles/list", nil, rest.Request[ApplicationRequest]{RequestObject: request}, &rest.Response[ApplicationRoles]{ResponseObject: &answer})
	return answer, err
}

// LookupActivations: activations of several users.
//
// Expires nothing.
func (api *API) LookupActivations(ctx context.Context, request ActivationLookupRequest) (answer LookedUpActivations, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/lookup", nil, rest.Request[ActivationLookupRequest]{RequestObject: request}, &rest.Response[LookedUpActivations]{ResponseObject: &answer})
	return answer, err
}

// LookupApplicationByAppKey: the application of a key, supported or not.
func (api *API) LookupApplicationByAppKey(ctx context.Context, request ApplicationKeyRequest) (answer ApplicationName, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/detail/version", nil, rest.Request[ApplicationKeyRequest]{RequestObject: request}, &rest.Response[ApplicationName]{ResponseObject: &answer})
	return answer, err
}

// LookupRecoveryCodes: recovery codes of a user or of an activation.
//
// All given attributes must fit.
func (api *API) LookupRecoveryCodes(ctx context.Context, request LookupRecoveryCodes) (answer LookedUpRecoveryCodes, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/recovery/lookup", nil, rest.Request[LookupRecoveryCodes]{RequestObject: request}, &rest.Response[LookedUpRecoveryCodes]{ResponseObject: &answer})
	return answer, err
}

// OpenActivationCredentials: tells what the phone's outer layer contains.
//
// Changes nothing: the request is still to be used.
func (api *API) OpenActivationCredentials(ctx context.Context, request OpenCredentials) (answer OpenedCredentials, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/credentials/open", nil, rest.Request[OpenCredentials]{RequestObject: request}, &rest.Response[OpenedCredentials]{ResponseObject: &answer})
	return answer, err
}

// OperationDetail: one operation, with the proximity code of now.
//
// With a user it is claimed: a pending operation without a user becomes theirs, one of somebody else does not exist for them.
func (api *API) OperationDetail(ctx context.Context, request OperationName) (answer OperationDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/detail", nil, rest.Request[OperationName]{RequestObject: request}, &rest.Response[OperationDetail]{ResponseObject: &answer})
	return answer, err
}

// PostInboxMessage: puts a message into the inboxes of a user.
//
// No push message is sent.
func (api *API) PostInboxMessage(ctx context.Context, request InboxMessagePost) (answer InboxMessageDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/inbox/messages", nil, rest.Request[InboxMessagePost]{RequestObject: request}, &rest.Response[InboxMessageDetail]{ResponseObject: &answer})
	return answer, err
}

// PrepareActivation: exchanges keys for an activation code.
func (api *API) PrepareActivation(ctx context.Context, request EncryptedKeyExchange) (answer ExchangedKeys, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/prepare", nil, rest.Request[EncryptedKeyExchange]{RequestObject: request}, &rest.Response[ExchangedKeys]{ResponseObject: &answer})
	return answer, err
}

// RecoveryCodeActivation: A new activation of the code's user, in place of the one that the code came with.
//
// Whatever is refused after a right PUK leaves everything as it was, the PUK included; a wrong one is counted.
func (api *API) RecoveryCodeActivation(ctx context.Context, request EncryptedRecoverActivation) (answer ExchangedKeys, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/recovery/create", nil, rest.Request[EncryptedRecoverActivation]{RequestObject: request}, &rest.Response[ExchangedKeys]{ResponseObject: &answer})
	return answer, err
}

// RejectOperation: rejects an operation on behalf of its user.
func (api *API) RejectOperation(ctx context.Context, request RejectRequest) (answer UserAction, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/reject", nil, rest.Request[RejectRequest]{RequestObject: request}, &rest.Response[UserAction]{ResponseObject: &answer})
	return answer, err
}

// RemoveActivation: any state becomes REMOVED.
//
// Its tokens stop validating, because its state says so. Its recovery code is revoked when asked for, and when it never was in use.
func (api *API) RemoveActivation(ctx context.Context, request ActivationRequest) (answer RemovedActivation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/remove", nil, rest.Request[ActivationRequest]{RequestObject: request}, &rest.Response[RemovedActivation]{ResponseObject: &answer})
	return answer, err
}

// RemoveActivationFlags: removes those given.
func (api *API) RemoveActivationFlags(ctx context.Context, request ActivationFlagsRequest) (answer ActivationFlags, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/flags/remove", nil, rest.Request[ActivationFlagsRequest]{RequestObject: request}, &rest.Response[ActivationFlags]{ResponseObject: &answer})
	return answer, err
}

// RemoveApplicationRoles: removes those given.
func (api *API) RemoveApplicationRoles(ctx context.Context, request ApplicationRolesRequest) (answer ApplicationRoles, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/roles/remove", nil, rest.Request[ApplicationRolesRequest]{RequestObject: request}, &rest.Response[ApplicationRoles]{ResponseObject: &answer})
	return answer, err
}

// RemoveCallbackURL: removes a URL; events that wait for it are given up.
func (api *API) RemoveCallbackURL(ctx context.Context, request CallbackIDRequest) (answer RemovedCallback, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/callback/remove", nil, rest.Request[CallbackIDRequest]{RequestObject: request}, &rest.Response[RemovedCallback]{ResponseObject: &answer})
	return answer, err
}

// RemoveIntegration: removes an integration.
//
// Its credentials open nothing from then on.
func (api *API) RemoveIntegration(ctx context.Context, request RemoveIntegration) (answer RemovedIntegration, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/integration/remove", nil, rest.Request[RemoveIntegration]{RequestObject: request}, &rest.Response[RemovedIntegration]{ResponseObject: &answer})
	return answer, err
}

// RemoveOperationTemplate: removes the template; its name is free again.
func (api *API) RemoveOperationTemplate(ctx context.Context, request TemplateIDRequest) error {
	return api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/template/remove", nil, rest.Request[TemplateIDRequest]{RequestObject: request}, nil)
}

// RemoveToken: removes a token of an activation.
//
// Its secret goes at once.
func (api *API) RemoveToken(ctx context.Context, request RemoveToken) (answer RemovedToken, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/token/remove", nil, rest.Request[RemoveToken]{RequestObject: request}, &rest.Response[RemovedToken]{ResponseObject: &answer})
	return answer, err
}

// RevokeRecoveryCodes: ends codes and their PUKs.
//
// Unknown and REVOKED ones are left out.
func (api *API) RevokeRecoveryCodes(ctx context.Context, request RevokeRecoveryCodes) (answer RevokedRecoveryCodes, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/recovery/revoke", nil, rest.Request[RevokeRecoveryCodes]{RequestObject: request}, &rest.Response[RevokedRecoveryCodes]{ResponseObject: &answer})
	return answer, err
}

// StartUpgrade: gives the phone its hash counter.
func (api *API) StartUpgrade(ctx context.Context, request EncryptedUpgradeRequest) (answer EnvelopeResponse, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/upgrade/start", nil, rest.Request[EncryptedUpgradeRequest]{RequestObject: request}, &rest.Response[EnvelopeResponse]{ResponseObject: &answer})
	return answer, err
}

// SupportApplicationVersion: serves the version again.
func (api *API) SupportApplicationVersion(ctx context.Context, request ApplicationVersionRequest) (answer ApplicationVersionSupport, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/version/support", nil, rest.Request[ApplicationVersionRequest]{RequestObject: request}, &rest.Response[ApplicationVersionSupport]{ResponseObject: &answer})
	return answer, err
}

// UnblockActivation: BLOCKED becomes ACTIVE with all attempts.
func (api *API) UnblockActivation(ctx context.Context, request ActivationRequest) (answer UnblockedActivation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/unblock", nil, rest.Request[ActivationRequest]{RequestObject: request}, &rest.Response[UnblockedActivation]{ResponseObject: &answer})
	return answer, err
}

// UnsupportApplicationVersion: serves the version no longer.
func (api *API) UnsupportApplicationVersion(ctx context.Context, request ApplicationVersionRequest) (answer ApplicationVersionSupport, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/version/unsupport", nil, rest.Request[ApplicationVersionRequest]{RequestObject: request}, &rest.Response[ApplicationVersionSupport]{ResponseObject: &answer})
	return answer, err
}

// UpdateActivationFlags: replaces all flags, in ascending order.
func (api *API) UpdateActivationFlags(ctx context.Context, request ActivationFlagsRequest) (answer ActivationFlags, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/flags/update", nil, rest.Request[ActivationFlagsRequest]{RequestObject: request}, &rest.Response[ActivationFlags]{ResponseObject: &answer})
	return answer, err
}

// UpdateActivationName: A new name.
//
// Tells no callback.
func (api *API) UpdateActivationName(ctx context.Context, request ActivationNameRequest) (answer RenamedActivation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/name/update", nil, rest.Request[ActivationNameRequest]{RequestObject: request}, &rest.Response[RenamedActivation]{ResponseObject: &answer})
	return answer, err
}

// UpdateActivationOtp: A new OTP, asked for with the commit.
func (api *API) UpdateActivationOtp(ctx context.Context, request ActivationOtpRequest) (answer UpdatedActivationOtp, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/otp/update", nil, rest.Request[ActivationOtpRequest]{RequestObject: request}, &rest.Response[UpdatedActivationOtp]{ResponseObject: &answer})
	return answer, err
}

// UpdateApplicationRoles: replaces all roles, in ascending order.
func (api *API) UpdateApplicationRoles(ctx context.Context, request ApplicationRolesRequest) (answer ApplicationRoles, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/roles/update", nil, rest.Request[ApplicationRolesRequest]{RequestObject: request}, &rest.Response[ApplicationRoles]{ResponseObject: &answer})
	return answer, err
}

// UpdateCallbackURL: replaces name, URL, attributes and authentication.
//
// Passwords that are not given stay.
func (api *API) UpdateCallbackURL(ctx context.Context, request CallbackRequest) (answer CallbackDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/application/callback/update", nil, rest.Request[CallbackRequest]{RequestObject: request}, &rest.Response[CallbackDetail]{ResponseObject: &answer})
	return answer, err
}

// UpdateOperationTemplate: replaces everything but number and name.
//
// Existing operations stay as they are.
func (api *API) UpdateOperationTemplate(ctx context.Context, request TemplateRequest) (answer TemplateDetail, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/operation/template/update", nil, rest.Request[TemplateRequest]{RequestObject: request}, &rest.Response[TemplateDetail]{ResponseObject: &answer})
	return answer, err
}

// UpdateRecoveryConfig: sets all of them.
//
// The pair for postcards is made when they are first enabled and never replaced: cards that were printed stay valid.
func (api *API) UpdateRecoveryConfig(ctx context.Context, request UpdateRecoveryConfig) (answer UpdatedRecoveryConfig, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/recovery/config/update", nil, rest.Request[UpdateRecoveryConfig]{RequestObject: request}, &rest.Response[UpdatedRecoveryConfig]{ResponseObject: &answer})
	return answer, err
}

// UpdateStatusForActivations: overrides the state of several activations, all or none.
//
// Unlike the reference it revives nothing that was removed and makes nothing usable that has no keys. ERR0024 when the changes and their callback events do not fit into one batch.
func (api *API) UpdateStatusForActivations(ctx context.Context, request ActivationStatusesRequest) (answer UpdatedActivationStatuses, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/activation/status/update", nil, rest.Request[ActivationStatusesRequest]{RequestObject: request}, &rest.Response[UpdatedActivationStatuses]{ResponseObject: &answer})
	return answer, err
}

// ValidateToken: validates a token digest.
//
// The nonce is used up also by a wrong digest.
func (api *API) ValidateToken(ctx context.Context, request ValidateToken) (answer ValidatedToken, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/token/validate", nil, rest.Request[ValidateToken]{RequestObject: request}, &rest.Response[ValidatedToken]{ResponseObject: &answer})
	return answer, err
}

// VaultUnlock: the vault key for the phone, against a signature of two factors.
func (api *API) VaultUnlock(ctx context.Context, request EncryptedUnlockVault) (answer UnlockedVault, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/vault/unlock", nil, rest.Request[EncryptedUnlockVault]{RequestObject: request}, &rest.Response[UnlockedVault]{ResponseObject: &answer})
	return answer, err
}

// VerifyECDSASignature: verifies a device signature.
//
// Changes nothing. As in the reference the state of the activation is not looked at: the signature stands for the key, not for the right to act.
func (api *API) VerifyECDSASignature(ctx context.Context, request VerifyEcdsa) (answer VerifiedEcdsa, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/signature/ecdsa/verify", nil, rest.Request[VerifyEcdsa]{RequestObject: request}, &rest.Response[VerifiedEcdsa]{ResponseObject: &answer})
	return answer, err
}

// VerifyECDSASignatureAlias: verifies a device signature.
//
// Changes nothing. As in the reference the state of the activation is not looked at: the signature stands for the key, not for the right to act.
func (api *API) VerifyECDSASignatureAlias(ctx context.Context, request VerifyEcdsa) (answer VerifiedEcdsa, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/verifyECDSASignature", nil, rest.Request[VerifyEcdsa]{RequestObject: request}, &rest.Response[VerifiedEcdsa]{ResponseObject: &answer})
	return answer, err
}

// VerifyOfflineSignature: verifies a typed code.
//
// However many candidates are tried, one call counts once.
func (api *API) VerifyOfflineSignature(ctx context.Context, request VerifyOfflineSignature) (answer VerifiedSignature, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/signature/offline/verify", nil, rest.Request[VerifyOfflineSignature]{RequestObject: request}, &rest.Response[VerifiedSignature]{ResponseObject: &answer})
	return answer, err
}

// VerifySignature: verifies a signature of one factor combination.
func (api *API) VerifySignature(ctx context.Context, request VerifySignature) (answer VerifiedSignature, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/rest/v3/signature/verify", nil, rest.Request[VerifySignature]{RequestObject: request}, &rest.Response[VerifiedSignature]{ResponseObject: &answer})
	return answer, err
}
