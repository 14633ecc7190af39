// Code generated from docs/openapi/admin.json (SHA-256 964596b846c9e4a5201e331c918e4bb7bd707b2497ec4517561a7c9bf2229d33). DO NOT EDIT.

package admin

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

// ListOperationTexts: all texts of operations.
func (api *API) ListOperationTexts(ctx context.Context) (answer []TextRow, err error) {
	err = api.caller.Call(ctx, http.MethodGet, "/admin/operation-texts", nil, nil, &rest.Response[[]TextRow]{ResponseObject: &answer})
	return answer, err
}

// ListPushCredentials: the credentials of an application for push messages, without secrets.
func (api *API) ListPushCredentials(ctx context.Context, applicationId string) (answer []PushCredentials, err error) {
	query := url.Values{}
	query.Set("applicationId", applicationId)
	err = api.caller.Call(ctx, http.MethodGet, "/admin/push-credentials", query, nil, &rest.Response[[]PushCredentials]{ResponseObject: &answer})
	return answer, err
}

// ListTextTemplates: all texts of operations.
func (api *API) ListTextTemplates(ctx context.Context) (answer []TextTemplate, err error) {
	err = api.caller.Call(ctx, http.MethodGet, "/api/admin/template", nil, nil, &answer)
	return answer, err
}

// PutOperationTexts: adds or replaces texts of operations, all or none.
func (api *API) PutOperationTexts(ctx context.Context, request []TextRowInput) error {
	return api.caller.Call(ctx, http.MethodPost, "/admin/operation-texts", nil, request, nil)
}

// RemoveOperationText: removes the text of a type of operations in a language.
func (api *API) RemoveOperationText(ctx context.Context, placeholder string, language string) error {
	query := url.Values{}
	query.Set("placeholder", placeholder)
	query.Set("language", language)
	return api.caller.Call(ctx, http.MethodDelete, "/admin/operation-texts", query, nil, nil)
}

// RemovePushCredentials: removes credentials for push messages.
//
// Messages wait until there are others.
// An empty environment is left out.
func (api *API) RemovePushCredentials(ctx context.Context, applicationId string, platform string, environment string) error {
	query := url.Values{}
	query.Set("applicationId", applicationId)
	query.Set("platform", platform)
	if environment != "" {
		query.Set("environment", environment)
	}
	return api.caller.Call(ctx, http.MethodDelete, "/admin/push-credentials", query, nil, nil)
}

// RetireSealingKey: removes a replaced sealing key that no record needs any more.
func (api *API) RetireSealingKey(ctx context.Context, request RetireKey) (answer SealingStatus, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/admin/master-key/retire", nil, request, &rest.Response[SealingStatus]{ResponseObject: &answer})
	return answer, err
}

// RotateSealingKey: asks for a new sealing key, with which everything is sealed anew meanwhile.
func (api *API) RotateSealingKey(ctx context.Context) (answer SealingStatus, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/admin/master-key/rotate", nil, nil, &rest.Response[SealingStatus]{ResponseObject: &answer})
	return answer, err
}

// SealingKeyStatus: tells which keys seal secrets at rest, and how far a replacement has come.
func (api *API) SealingKeyStatus(ctx context.Context) (answer SealingStatus, err error) {
	err = api.caller.Call(ctx, http.MethodGet, "/admin/master-key", nil, nil, &rest.Response[SealingStatus]{ResponseObject: &answer})
	return answer, err
}

// SetPushCredentials: sets credentials of an application for push messages, in place of earlier ones.
func (api *API) SetPushCredentials(ctx context.Context, request SetCredentials) (answer PushCredentials, err error) {
	err = api.caller.Call(ctx, http.MethodPost, "/admin/push-credentials", nil, request, &rest.Response[PushCredentials]{ResponseObject: &answer})
	return answer, err
}
