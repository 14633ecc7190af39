// Code generated from docs/openapi/cloud.json (SHA-256 9d47fde76768445b21c8ba7623abb05feace9f797d4e1de81a51ef4370964f1f). DO NOT EDIT.

package cloud

import (
	"context"
	"net/http"
	"net/url"

	"countersign.io/countersign/internal/rest"
)

// API has a method per endpoint. Refusals are errors of type *countersign.APIError.
type API struct{ caller rest.Caller }

// New is for the engine's own use.
func New(caller rest.Caller) *API { return &API{caller} }

// AddFlags: adds flags to a registration.
//
// Those it has already stay where they are.
func (api *API) AddFlags(ctx context.Context, registrationId string, request RegistrationFlags) error {
	return api.caller.Call(ctx, http.MethodPost, "/v2/registrations/"+url.PathEscape(registrationId)+"/flags", nil, request, nil)
}

// AddRoles: adds roles to an application.
//
// Those it has already are no error.
func (api *API) AddRoles(ctx context.Context, request ApplicationRoles) error {
	return api.caller.Call(ctx, http.MethodPost, "/admin/applications/roles", nil, request, nil)
}

// ApplicationCredentials: issues a further pair of credentials of an application, or ends one.
func (api *API) ApplicationCredentials(ctx context.Context, request CredentialsRequest) (answer ApplicationCredentials, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/admin/applications/credentials", nil, request, &answer)
	return answer, err
}

// ApplicationDetail: an application with what its mobile app is configured with.
// An empty version is left out.
func (api *API) ApplicationDetail(ctx context.Context, id string, version string) (answer CloudApplication, err error) {
	query := url.Values{}
	query.Set("id", id)
	if version != "" {
		query.Set("version", version)
	}
	err = api.caller.Call(ctx, http.MethodGet, "/admin/applications/detail", query, nil, &answer)
	return answer, err
}

// ApplicationSettings: changes settings of an application.
func (api *API) ApplicationSettings(ctx context.Context, request ApplicationSettings) error {
	return api.caller.Call(ctx, http.MethodPost, "/admin/applications/settings", nil, request, nil)
}

// AuditLog: what happened to registrations and operations of a user, newest first.
// An empty timestampFrom is left out.
// An empty timestampTo is left out.
// An empty page is left out.
func (api *API) AuditLog(ctx context.Context, userId string, timestampFrom string, timestampTo string, page string) (answer CloudAuditLog, err error) {
	query := url.Values{}
	query.Set("userId", userId)
	if timestampFrom != "" {
		query.Set("timestampFrom", timestampFrom)
	}
	if timestampTo != "" {
		query.Set("timestampTo", timestampTo)
	}
	if page != "" {
		query.Set("page", page)
	}
	err = api.caller.Call(ctx, http.MethodGet, "/audit/log", query, nil, &answer)
	return answer, err
}

// CancelOperation: withdraws an operation that is pending.
func (api *API) CancelOperation(ctx context.Context, operationId string) error {
	return api.caller.Call(ctx, http.MethodDelete, "/v2/operations/"+url.PathEscape(operationId), nil, nil, nil)
}

// ChangeRegistration: changes the state of a registration: ACTIVE may be blocked, BLOCKED unblocked, each removed.
func (api *API) ChangeRegistration(ctx context.Context, registrationId string, request RegistrationChange) error {
	return api.caller.Call(ctx, http.MethodPut, "/v2/registrations/"+url.PathEscape(registrationId), nil, request, nil)
}

// CommitRegistration: makes a registration active whose phone has sent its key.
func (api *API) CommitRegistration(ctx context.Context, registrationId string, request RegistrationCommit) error {
	return api.caller.Call(ctx, http.MethodPost, "/v2/registrations/"+url.PathEscape(registrationId)+"/commit", nil, request, nil)
}

// CreateApplication: creates an application with credentials, which are shown once.
func (api *API) CreateApplication(ctx context.Context, request NewApplication) (answer CloudApplication, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/admin/applications", nil, request, &answer)
	return answer, err
}

// CreateOperation: asks a user for approval.
//
// The user needs an active registration that may approve.
func (api *API) CreateOperation(ctx context.Context, request NewOperation) (answer CloudOperation, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/v2/operations", nil, request, &answer)
	return answer, err
}

// CreateRegistration: starts a registration of a user.
//
// The answer is what a phone scans.
func (api *API) CreateRegistration(ctx context.Context, request NewRegistration) (answer RegistrationCode, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/v2/registrations", nil, request, &answer)
	return answer, err
}

// ListApplications: all applications.
func (api *API) ListApplications(ctx context.Context) (answer ApplicationNames, err error) {
	err = api.caller.Call(ctx, http.MethodGet, "/admin/applications", nil, nil, &answer)
	return answer, err
}

// ListRegistrations: registrations of a user, newest first, without removed ones.
func (api *API) ListRegistrations(ctx context.Context, userId string) (answer RegistrationList, err error) {
	query := url.Values{}
	query.Set("userId", userId)
	err = api.caller.Call(ctx, http.MethodGet, "/v2/registrations", query, nil, &answer)
	return answer, err
}

// OfflineOtp: verifies digits that a phone has shown for a QR code.
//
// Right ones approve the operation; wrong ones are counted on registration and operation.
func (api *API) OfflineOtp(ctx context.Context, operationId string, request OfflineOtp) (answer Verified, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/v2/operations/"+url.PathEscape(operationId)+"/offline/otp", nil, request, &answer)
	return answer, err
}

// OfflineQrCode: the QR code of a pending operation for one phone.
//
// Each has a nonce of its own.
func (api *API) OfflineQrCode(ctx context.Context, operationId string, registrationId string) (answer OfflineQrCode, err error) {
	query := url.Values{}
	query.Set("registrationId", registrationId)
	err = api.caller.Call(ctx, http.MethodGet, "/v2/operations/"+url.PathEscape(operationId)+"/offline/qr", query, nil, &answer)
	return answer, err
}

// OperationCallback: has an operation looked at: it expires if its time is over.
//
// Unknown ones are no error.
func (api *API) OperationCallback(ctx context.Context, request ChangedOperation) error {
	return api.caller.Call(ctx, http.MethodPost, "/internal/callback/operation", nil, request, nil)
}

// OperationStatus: state of an operation.
func (api *API) OperationStatus(ctx context.Context, operationId string) (answer CloudOperation, err error) {
	err = api.caller.Call(ctx, http.MethodGet, "/v2/operations/"+url.PathEscape(operationId), nil, nil, &answer)
	return answer, err
}

// RegistrationStatus: state of a registration.
//
// A removed one is not found.
func (api *API) RegistrationStatus(ctx context.Context, registrationId string) (answer Registration, err error) {
	err = api.caller.Call(ctx, http.MethodGet, "/v2/registrations/"+url.PathEscape(registrationId), nil, nil, &answer)
	return answer, err
}

// RemoveFlags: removes flags from a registration.
//
// Those it does not have are no error.
func (api *API) RemoveFlags(ctx context.Context, registrationId string, request RegistrationFlags) error {
	return api.caller.Call(ctx, http.MethodPost, "/v2/registrations/"+url.PathEscape(registrationId)+"/flags/remove", nil, request, nil)
}

// RemoveRegistration: removes a registration, in whatever state.
func (api *API) RemoveRegistration(ctx context.Context, registrationId string) error {
	return api.caller.Call(ctx, http.MethodDelete, "/v2/registrations/"+url.PathEscape(registrationId), nil, nil, nil)
}

// RemoveRoles: removes roles from an application.
//
// Those it does not have are no error.
func (api *API) RemoveRoles(ctx context.Context, request ApplicationRoles) error {
	return api.caller.Call(ctx, http.MethodDelete, "/admin/applications/roles", nil, request, nil)
}

// ReplaceFlags: replaces the flags of a registration.
func (api *API) ReplaceFlags(ctx context.Context, registrationId string, request RegistrationFlags) error {
	return api.caller.Call(ctx, http.MethodPut, "/v2/registrations/"+url.PathEscape(registrationId)+"/flags", nil, request, nil)
}

// SendMessage: queues a push message for the devices of a user.
//
// It is sent later.
func (api *API) SendMessage(ctx context.Context, request PushMessage) error {
	return api.caller.Call(ctx, http.MethodPost, "/v2/messages/send", nil, request, nil)
}

// VerifySignature: verifies the signature of a request that a phone has sent to the caller.
func (api *API) VerifySignature(ctx context.Context, request SignedRequest) (answer Verified, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/v2/signature/verify", nil, request, &answer)
	return answer, err
}

// VerifyToken: verifies the token of a request that a phone has sent to the caller.
func (api *API) VerifyToken(ctx context.Context, request TokenHolder) (answer Verified, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/v2/token/verify", nil, request, &answer)
	return answer, err
}
