// Generated from docs/openapi/server.json (SHA-256 cc9fff94f7b480e5ffeeba3a2471a1033ac56c383be9ea603648393fd40e96f6). Do not edit.

export interface paths {
    "/inbox/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts a message into the inboxes of a user
         * @description Puts a message into the inboxes of a user. No push message is sent.
         */
        post: operations["postInboxMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * ACTIVE becomes BLOCKED
         * @description ACTIVE becomes BLOCKED.
         */
        post: operations["blockActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * PENDING_COMMIT becomes ACTIVE
         * @description PENDING_COMMIT becomes ACTIVE.
         */
        post: operations["commitActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An activation of a user whom the caller has identified, keys included
         * @description An activation of a user whom the caller has identified, keys included. All checks come before the first write, so that a refusal leaves nothing behind.
         */
        post: operations["createActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/credentials/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An activation of the user whom the host has identified by the phone's credentials
         * @description An activation of the user whom the host has identified by the phone's credentials.
         */
        post: operations["createActivationByCredentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/credentials/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells what the phone's outer layer contains
         * @description Tells what the phone's outer layer contains. Changes nothing: the request is still to be used.
         */
        post: operations["openActivationCredentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/flags/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds those not yet there; all in ascending order afterwards
         * @description Adds those not yet there; all in ascending order afterwards.
         */
        post: operations["addActivationFlags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/flags/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The activation's flags
         * @description The activation's flags.
         */
        post: operations["listActivationFlags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/flags/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes those given
         * @description Removes those given.
         */
        post: operations["removeActivationFlags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/flags/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replaces all flags, in ascending order
         * @description Replaces all flags, in ascending order.
         */
        post: operations["updateActivationFlags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The history of an activation
         * @description The history of an activation.
         */
        post: operations["getActivationHistory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/init": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new activation in state CREATED
         * @description A new activation in state CREATED.
         */
        post: operations["initActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activations of a user, newest first; overdue ones are removed on the way
         * @description Activations of a user, newest first; overdue ones are removed on the way.
         */
        post: operations["getActivationListForUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activations of several users
         * @description Activations of several users. Expires nothing.
         */
        post: operations["lookupActivations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/name/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new name
         * @description A new name. Tells no callback.
         */
        post: operations["updateActivationName"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/otp/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new OTP, asked for with the commit
         * @description A new OTP, asked for with the commit.
         */
        post: operations["updateActivationOtp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchanges keys for an activation code
         * @description Exchanges keys for an activation code.
         */
        post: operations["prepareActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/recovery/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new activation of the code's user, in place of the one that the code came with
         * @description A new activation of the code's user, in place of the one that the code came with. Whatever is refused after a right PUK leaves everything as it was, the PUK included; a wrong one is counted.
         */
        post: operations["recoveryCodeActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Any state becomes REMOVED
         * @description Any state becomes REMOVED. Its tokens stop validating, because its state says so. Its recovery code is revoked when asked for, and when it never was in use.
         */
        post: operations["removeActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * State of an activation with the blob for its phone
         * @description State of an activation with the blob for its phone. An unknown one looks REMOVED, with noise for a blob.
         */
        post: operations["getActivationStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/status/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Overrides the state of several activations, all or none
         * @description Overrides the state of several activations, all or none. Unlike the reference it revives nothing that was removed and makes nothing usable that has no keys. ERR0024 when the changes and their callback events do not fit into one batch.
         */
        post: operations["updateStatusForActivations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/activation/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * BLOCKED becomes ACTIVE with all attempts
         * @description BLOCKED becomes ACTIVE with all attempts.
         */
        post: operations["unblockActivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/callback/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new callback URL
         * @description A new callback URL.
         */
        post: operations["createCallbackUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/callback/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The URLs of an application; none for an unknown one
         * @description The URLs of an application; none for an unknown one.
         */
        post: operations["getCallbackUrlList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/callback/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes a URL; events that wait for it are given up
         * @description Removes a URL; events that wait for it are given up.
         */
        post: operations["removeCallbackUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/callback/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replaces name, URL, attributes and authentication
         * @description Replaces name, URL, attributes and authentication. Passwords that are not given stay.
         */
        post: operations["updateCallbackUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new application with a master key pair and the version `default`
         * @description A new application with a master key pair and the version `default`.
         */
        post: operations["createApplication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One application with its versions
         * @description One application with its versions.
         */
        post: operations["getApplicationDetail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/detail/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The application of a key, supported or not
         * @description The application of a key, supported or not.
         */
        post: operations["lookupApplicationByAppKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All applications
         * @description All applications.
         */
        post: operations["getApplicationList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/roles/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds those not yet there; all in ascending order afterwards
         * @description Adds those not yet there; all in ascending order afterwards.
         */
        post: operations["addApplicationRoles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/roles/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The application's roles
         * @description The application's roles.
         */
        post: operations["listApplicationRoles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/roles/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes those given
         * @description Removes those given.
         */
        post: operations["removeApplicationRoles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/roles/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replaces all roles, in ascending order
         * @description Replaces all roles, in ascending order.
         */
        post: operations["updateApplicationRoles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/version/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new version with its own key and secret
         * @description A new version with its own key and secret.
         */
        post: operations["createApplicationVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/version/support": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serves the version again
         * @description Serves the version again.
         */
        post: operations["supportApplicationVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/application/version/unsupport": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serves the version no longer
         * @description Serves the version no longer.
         */
        post: operations["unsupportApplicationVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/ecies/decryptor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Key and shared information of one encrypted request
         * @description Key and shared information of one encrypted request.
         */
        post: operations["getEciesDecryptor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/error/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The codes of the published list: those of the 1.5 line
         * @description The codes of the published list: those of the 1.5 line. ERR0045, which protocol 3.3 brought, is answered but not listed, because callers compare the list with their own.
         */
        post: operations["getErrorCodeList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/integration/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New credentials for a back end, good at once
         * @description New credentials for a back end, good at once.
         */
        post: operations["createIntegration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/integration/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All integrations
         * @description All integrations.
         */
        post: operations["getIntegrationList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/integration/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes an integration
         * @description Removes an integration. Its credentials open nothing from then on.
         */
        post: operations["removeIntegration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/keystore/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A temporary key for an application or an activation
         * @description A temporary key for an application or an activation. Every failure is ERR0045: the request proves nothing but the knowledge of the secret.
         */
        post: operations["createTemporaryKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approves an operation on behalf of a user whose signature the caller has verified
         * @description Approves an operation on behalf of a user whose signature the caller has verified.
         */
        post: operations["approveOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/approve/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Counts a failed approval; the caller has seen a wrong signature
         * @description Counts a failed approval; the caller has seen a wrong signature.
         */
        post: operations["failApproveOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraws an operation
         * @description Withdraws an operation. The back end may do that whoever the user is.
         */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new operation in state PENDING
         * @description A new operation in state PENDING.
         */
        post: operations["createOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One operation, with the proximity code of now
         * @description One operation, with the proximity code of now. With a user it is claimed: a pending operation without a user becomes theirs, one of somebody else does not exist for them.
         */
        post: operations["operationDetail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Operations of a user in any state, newest first
         * @description Operations of a user in any state, newest first.
         */
        post: operations["findAllOperationsForUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/list/external": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Operations of an external id, of all users and in any state, newest first
         * @description Operations of an external id, of all users and in any state, newest first.
         */
        post: operations["findAllOperationsByExternalID"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/list/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pending operations of a user, newest first, with the proximity codes of now
         * @description Pending operations of a user, newest first, with the proximity codes of now. Those that turn out to be expired are left out, so that a page may be shorter than asked for.
         */
        post: operations["findPendingOperationsForUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rejects an operation on behalf of its user
         * @description Rejects an operation on behalf of its user.
         */
        post: operations["rejectOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/template/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new template; ERR0039 when the name is taken
         * @description A new template; ERR0039 when the name is taken.
         */
        post: operations["createOperationTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/template/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One template
         * @description One template.
         */
        post: operations["getTemplateDetail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/template/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All templates, by number
         * @description All templates, by number.
         */
        post: operations["getAllTemplates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/template/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes the template; its name is free again
         * @description Removes the template; its name is free again.
         */
        post: operations["removeOperationTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/operation/template/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replaces everything but number and name
         * @description Replaces everything but number and name. Existing operations stay as they are.
         */
        post: operations["updateOperationTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/recovery/config/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The settings of an application; all off until they are set
         * @description The settings of an application; all off until they are set.
         */
        post: operations["getRecoveryConfig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/recovery/config/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets all of them
         * @description Sets all of them. The pair for postcards is made when they are first enabled and never replaced: cards that were printed stay valid.
         */
        post: operations["updateRecoveryConfig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/recovery/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A CREATED code of the activation's user becomes ACTIVE
         * @description A CREATED code of the activation's user becomes ACTIVE.
         */
        post: operations["confirmRecoveryCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/recovery/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new code on paper for a user
         * @description A new code on paper for a user.
         */
        post: operations["createRecoveryCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/recovery/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recovery codes of a user or of an activation
         * @description Recovery codes of a user or of an activation. All given attributes must fit.
         */
        post: operations["lookupRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/recovery/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ends codes and their PUKs
         * @description Ends codes and their PUKs. Unknown and REVOKED ones are left out.
         */
        post: operations["revokeRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/signature/ecdsa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies a device signature
         * @description Verifies a device signature. Changes nothing. As in the reference the state of the activation is not looked at: the signature stands for the key, not for the right to act.
         */
        post: operations["verifyECDSASignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/signature/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verification attempts of a user
         * @description Verification attempts of a user.
         */
        post: operations["getSignatureAuditLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/signature/offline/non-personalized/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A payload signed by the application's master key
         * @description A payload signed by the application's master key.
         */
        post: operations["createNonPersonalizedOfflineSignaturePayload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/signature/offline/personalized/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A payload signed by the activation's server key
         * @description A payload signed by the activation's server key. Its state is not looked at.
         */
        post: operations["createPersonalizedOfflineSignaturePayload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/signature/offline/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies a typed code
         * @description Verifies a typed code. However many candidates are tried, one call counts once.
         */
        post: operations["verifyOfflineSignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/signature/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies a signature of one factor combination
         * @description Verifies a signature of one factor combination.
         */
        post: operations["verifySignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tells that the system runs
         * @description Tells that the system runs. Reads nothing.
         */
        post: operations["getSystemStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/token/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new token, answered inside the envelope
         * @description A new token, answered inside the envelope.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/token/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes a token of an activation
         * @description Removes a token of an activation. Its secret goes at once.
         */
        post: operations["removeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/token/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Validates a token digest
         * @description Validates a token digest. The nonce is used up also by a wrong digest.
         */
        post: operations["validateToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/upgrade/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Version 2 becomes 3
         * @description Version 2 becomes 3. Tells no callback.
         */
        post: operations["commitUpgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/upgrade/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives the phone its hash counter
         * @description Gives the phone its hash counter.
         */
        post: operations["startUpgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/vault/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The vault key for the phone, against a signature of two factors
         * @description The vault key for the phone, against a signature of two factors.
         */
        post: operations["vaultUnlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rest/v3/verifyECDSASignature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies a device signature
         * @deprecated
         * @description Verifies a device signature. Changes nothing. As in the reference the state of the activation is not looked at: the signature stands for the key, not for the right to act.
         */
        post: operations["verifyECDSASignatureAlias"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Answer of `getActivationStatus`. */
        ActivationDetail: {
            /** @description The code, while it is CREATED. */
            activationCode: string | null;
            /** @description Flags of the activation. */
            activationFlags: string[];
            /** @description The activation. */
            activationId: string;
            /** @description Its name. */
            activationName: string | null;
            /** @description When the OTP is asked for. */
            activationOtpValidation: components["schemas"]["OtpValidation"];
            /** @description Signature of the code. */
            activationSignature: string | null;
            /** @description Its state. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description The application. */
            applicationId: string | null;
            /** @description Roles of the application. */
            applicationRoles: string[];
            /** @description Why it is blocked. */
            blockedReason: string | null;
            /** @description Model of the phone. */
            deviceInfo: string | null;
            /** @description Eight digits. */
            devicePublicKeyFingerprint: string | null;
            /** @description Base64 of 32 bytes. */
            encryptedStatusBlob: string;
            /** @description Base64 of 16 bytes. */
            encryptedStatusBlobNonce: string | null;
            /** @description What the app sent along. */
            extras: string | null;
            /**
             * Format: int64
             * @description Failed attempts.
             */
            failedAttempts: number;
            /**
             * Format: int64
             * @description Failed attempts that block.
             */
            maxFailedAttempts: number;
            /** @description Platform of the phone. */
            platform: string | null;
            /**
             * Format: date-time
             * @description Creation.
             */
            timestampCreated: string;
            /**
             * Format: date-time
             * @description Last change.
             */
            timestampLastChange: string | null;
            /**
             * Format: date-time
             * @description Last verification.
             */
            timestampLastUsed: string;
            /** @description The user. */
            userId: string | null;
            /**
             * Format: int32
             * @description Protocol version; 0 when unknown.
             */
            version: number;
        };
        /** @description Answer of the flag methods. */
        ActivationFlags: {
            /** @description All its flags. */
            activationFlags: string[];
            /** @description The activation. */
            activationId: string;
        };
        /** @description Request of the flag methods. */
        ActivationFlagsRequest: {
            /** @description Flags. */
            activationFlags?: string[];
            /** @description The activation. */
            activationId: string;
        };
        /** @description Answer of `getActivationHistory`. */
        ActivationHistory: {
            /** @description Newest first. */
            items: components["schemas"]["ActivationHistoryItem"][];
        };
        /** @description A line of the history. */
        ActivationHistoryItem: {
            /** @description The activation. */
            activationId: string;
            /** @description Name of the activation. */
            activationName: string | null;
            /** @description State after the change. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description Why. */
            eventReason: string | null;
            /** @description Who. */
            externalUserId: string | null;
            /**
             * Format: int64
             * @description Number, growing with time.
             */
            id: number;
            /**
             * Format: date-time
             * @description When.
             */
            timestampCreated: string;
            /**
             * Format: int32
             * @description Protocol version.
             */
            version: number | null;
        };
        /** @description Request of `getActivationHistory`. */
        ActivationHistoryRequest: {
            /** @description The activation. */
            activationId: string;
            /**
             * Format: date-time
             * @description From, included; open when absent.
             */
            timestampFrom?: string;
            /**
             * Format: date-time
             * @description To, included; open when absent.
             */
            timestampTo?: string;
        };
        /** @description An activation in a list. */
        ActivationItem: {
            /** @description Its flags. */
            activationFlags: string[];
            /** @description UUID. */
            activationId: string;
            /** @description Its name. */
            activationName: string | null;
            /** @description Its state. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description The application. */
            applicationId: string;
            /** @description Always null; the reference has the attribute. */
            applicationName: string | null;
            /** @description Why it is blocked. */
            blockedReason: string | null;
            /** @description Model of the phone. */
            deviceInfo: string | null;
            /** @description What the app sent along. */
            extras: string | null;
            /** @description Platform of the phone. */
            platform: string | null;
            /**
             * Format: date-time
             * @description Creation.
             */
            timestampCreated: string;
            /**
             * Format: date-time
             * @description Last change.
             */
            timestampLastChange: string | null;
            /**
             * Format: date-time
             * @description Last verification.
             */
            timestampLastUsed: string;
            /** @description The user. */
            userId: string;
            /**
             * Format: int32
             * @description Protocol version; 0 when unknown.
             */
            version: number;
        };
        /** @description Answer of `getActivationListForUser`. */
        ActivationList: {
            /** @description Newest first. */
            activations: components["schemas"]["ActivationItem"][];
            /** @description The user. */
            userId: string;
        };
        /** @description Request of `getActivationListForUser`. */
        ActivationListRequest: {
            /** @description The application; all when absent. */
            applicationId?: string;
            /**
             * Format: int64
             * @description Page, from 0.
             */
            pageNumber?: number;
            /**
             * Format: int64
             * @description Entries per page, from 1.
             */
            pageSize?: number;
            /** @description The user. */
            userId: string;
        };
        /** @description Request of `lookupActivations`. */
        ActivationLookupRequest: {
            /** @description Flags that it must all carry. */
            activationFlags?: string[];
            /** @description State; any when absent. */
            activationStatus?: components["schemas"]["ActivationStatus"];
            /** @description The applications; none means all. */
            applicationIds?: string[];
            /**
             * Format: date-time
             * @description Last used from.
             */
            timestampLastUsedAfter?: string;
            /**
             * Format: date-time
             * @description Last used before; not included.
             */
            timestampLastUsedBefore?: string;
            /** @description The users, at least one. */
            userIds: string[];
        };
        /** @description Request of `updateActivationName`. */
        ActivationNameRequest: {
            /** @description The activation. */
            activationId: string;
            /** @description The new name. */
            activationName: string;
            /** @description Who acts, for the history. */
            externalUserId?: string;
        };
        /** @description Request of `updateActivationOtp`, `commitActivation`. */
        ActivationOtpRequest: {
            /** @description The activation. */
            activationId: string;
            /** @description The OTP. */
            activationOtp?: string;
            /** @description Who acts, for the history. */
            externalUserId?: string;
        };
        /** @description Request of `removeActivation`, `blockActivation`, `unblockActivation`. */
        ActivationRequest: {
            /** @description The activation. */
            activationId: string;
            /** @description Who acts, for the history. */
            externalUserId?: string;
            /** @description Why it is blocked. */
            reason?: string;
            /** @description Whether its recovery codes end with it. */
            revokeRecoveryCodes?: boolean;
        };
        /**
         * @description State of an activation. The numbers are those of the status blob, the names those of JSON.
         *
         *     - `CREATED` A code was issued, there is no device key yet.
         *     - `PENDING_COMMIT` Keys were exchanged.
         *     - `ACTIVE` In use.
         *     - `BLOCKED` Not usable until unblocked.
         *     - `REMOVED` The end.
         * @enum {string}
         */
        ActivationStatus: "CREATED" | "PENDING_COMMIT" | "ACTIVE" | "BLOCKED" | "REMOVED";
        /** @description Request of `updateStatusForActivations`. */
        ActivationStatusesRequest: {
            /** @description The activations, at least one. */
            activationIds: string[];
            /** @description Their new state. */
            activationStatus: components["schemas"]["ActivationStatus"];
        };
        /** @description Request of `getActivationStatus`. */
        ActivationStatusRequest: {
            /** @description The activation. */
            activationId: string;
            /** @description Base64 of 16 bytes; none from protocol 3.0. */
            challenge?: string;
        };
        /**
         * @description How the user is identified.
         *
         *     - `CODE` With an activation code.
         *     - `CUSTOM` With credentials that the host understands.
         *     - `DIRECT` The same, of another provider.
         *     - `RECOVERY` With a recovery code and a PUK.
         * @enum {string}
         */
        ActivationType: "CODE" | "CUSTOM" | "DIRECT" | "RECOVERY";
        /** @description The body of `addActivationFlags`. */
        AddActivationFlagsRequest: {
            requestObject: components["schemas"]["ActivationFlagsRequest"];
        };
        /** @description The answer of `addActivationFlags`. */
        AddActivationFlagsResponse: {
            responseObject: components["schemas"]["ActivationFlags"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `addApplicationRoles`. */
        AddApplicationRolesRequest: {
            requestObject: components["schemas"]["ApplicationRolesRequest"];
        };
        /** @description The answer of `addApplicationRoles`. */
        AddApplicationRolesResponse: {
            responseObject: components["schemas"]["ApplicationRoles"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description A JSON object with what the caller knows of an action. May hold a proximity OTP, so it is not shown when it is debugged. */
        AdditionalData: {
            [key: string]: unknown;
        };
        /** @description Answer of `getApplicationDetail`. */
        ApplicationDetail: {
            /** @description Identifier. */
            applicationId: string;
            /** @description Always null; the reference has the attribute. */
            applicationName: string | null;
            /** @description Roles. */
            applicationRoles: string[];
            /** @description Base64 of 65 bytes. */
            masterPublicKey: string;
            /** @description Versions by creation. */
            versions: components["schemas"]["ApplicationVersionDetail"][];
        };
        /** @description An application in a list. */
        ApplicationItem: {
            /** @description Identifier. */
            applicationId: string;
            /** @description Roles. */
            applicationRoles: string[];
        };
        /** @description Names an application version by its key. */
        ApplicationKeyRequest: {
            /** @description Base64 of 16 bytes. */
            applicationKey: string;
        };
        /** @description Answer of `getApplicationList`. */
        ApplicationList: {
            /** @description All of them, by creation. */
            applications: components["schemas"]["ApplicationItem"][];
        };
        /** @description Names an application. */
        ApplicationName: {
            /** @description Identifier. */
            applicationId: string;
        };
        /** @description Names an application. */
        ApplicationRequest: {
            /** @description Identifier. */
            applicationId: string;
        };
        /** @description Answer of the role methods. */
        ApplicationRoles: {
            /** @description Identifier of the application. */
            applicationId: string;
            /** @description All its roles. */
            applicationRoles: string[];
        };
        /** @description Request of the role methods. */
        ApplicationRolesRequest: {
            /** @description Identifier of the application. */
            applicationId: string;
            /** @description Roles. */
            applicationRoles: string[];
        };
        /** @description A version with its credentials. */
        ApplicationVersionDetail: {
            /** @description Base64 of 16 bytes. */
            applicationKey: string;
            /** @description Base64 of 16 bytes. */
            applicationSecret: string;
            /** @description Identifier. */
            applicationVersionId: string;
            /** @description Compact client configuration, Base64 (protocol, section 3.7). */
            mobileSdkConfig: string;
            /** @description Whether it is served. */
            supported: boolean;
        };
        /** @description Names a version of an application. */
        ApplicationVersionRequest: {
            /** @description Identifier of the application. */
            applicationId: string;
            /** @description Identifier of the version. */
            applicationVersionId: string;
        };
        /** @description Answer of `supportApplicationVersion`, `unsupportApplicationVersion`. */
        ApplicationVersionSupport: {
            /** @description Identifier. */
            applicationVersionId: string;
            /** @description Whether it is served now. */
            supported: boolean;
        };
        /** @description The body of `approveOperation`. */
        ApproveOperationRequest: {
            requestObject: components["schemas"]["ApproveRequest"];
        };
        /** @description The answer of `approveOperation`. */
        ApproveOperationResponse: {
            responseObject: components["schemas"]["UserAction"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `approveOperation`. */
        ApproveRequest: {
            /** @description Context. */
            additionalData?: components["schemas"]["AdditionalData"];
            /** @description The application. */
            applicationId: string;
            /** @description What the user saw and signed. */
            data: string;
            /** @description The operation. */
            operationId: string;
            /** @description The factors that were verified. */
            signatureType: components["schemas"]["SignatureType"];
            /** @description The user. */
            userId: string;
        };
        /** @description A key and its value. */
        AuditPair: {
            /** @description The key. */
            key: string;
            /** @description The value. */
            value: string;
        };
        /** @description The body of `blockActivation`. */
        BlockActivationRequest: {
            requestObject: components["schemas"]["ActivationRequest"];
        };
        /** @description The answer of `blockActivation`. */
        BlockActivationResponse: {
            responseObject: components["schemas"]["BlockedActivation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `blockActivation`. */
        BlockedActivation: {
            /** @description The activation. */
            activationId: string;
            /** @description Its state. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description Why. */
            blockedReason: string | null;
        };
        /** @description Settings as a caller gives them and a worker needs them. */
        CallbackAuthentication: {
            /** @description TLS client authentication. */
            certificate?: components["schemas"]["CallbackCertificate"];
            /** @description HTTP Basic. */
            httpBasic?: components["schemas"]["CallbackHttpBasic"];
            /** @description OAuth 2.0 client credentials. */
            oAuth2?: components["schemas"]["OAuth2"];
        };
        /** @description `Authentication` without passwords. */
        CallbackAuthenticationDetail: {
            /** @description TLS client authentication. */
            certificate: components["schemas"]["CallbackCertificateDetail"];
            /** @description HTTP Basic. */
            httpBasic: components["schemas"]["CallbackHttpBasicDetail"];
            /** @description OAuth 2.0 client credentials; absent unless something of them was set. */
            oAuth2?: components["schemas"]["PublicOAuth2"] | null;
        };
        /** @description TLS client authentication. */
        CallbackCertificate: {
            /** @description Whether it is used. */
            enabled?: boolean;
            /** @description The key inside. */
            keyAlias?: string;
            /**
             * Format: password
             * @description Its password.
             */
            keyPassword?: string;
            /** @description Where the key store is. */
            keyStoreLocation?: string;
            /**
             * Format: password
             * @description Its password.
             */
            keyStorePassword?: string;
            /** @description Where the trust store is. */
            trustStoreLocation?: string;
            /**
             * Format: password
             * @description Its password.
             */
            trustStorePassword?: string;
            /** @description Whether the key store below is used. */
            useCustomKeyStore?: boolean;
            /** @description Whether the trust store below is used instead of the platform's. */
            useCustomTrustStore?: boolean;
        };
        /** @description `Certificate` without passwords. */
        CallbackCertificateDetail: {
            /** @description Whether it is used. */
            enabled: boolean;
            /** @description The key inside. */
            keyAlias: string | null;
            /** @description Whether it has a password. */
            keyPasswordSet: boolean;
            /** @description Where the key store is. */
            keyStoreLocation: string | null;
            /** @description Whether it has a password. */
            keyStorePasswordSet: boolean;
            /** @description Where the trust store is. */
            trustStoreLocation: string | null;
            /** @description Whether it has a password. */
            trustStorePasswordSet: boolean;
            /** @description Whether the key store below is used. */
            useCustomKeyStore: boolean;
            /** @description Whether the trust store below is used instead of the platform's. */
            useCustomTrustStore: boolean;
        };
        /** @description A callback URL in answers. */
        CallbackDetail: {
            /** @description The application. */
            applicationId: string;
            /** @description Names of the members to send. */
            attributes: string[];
            /** @description How to authenticate, without passwords. */
            authentication: components["schemas"]["CallbackAuthenticationDetail"];
            /** @description Where to. */
            callbackUrl: string;
            /** @description UUID. */
            id: string;
            /** @description Displayed name. */
            name: string;
            /**
             * @description Its type.
             * @enum {string}
             */
            type: "ACTIVATION_STATUS_CHANGE" | "OPERATION_STATUS_CHANGE";
        };
        /** @description HTTP Basic. */
        CallbackHttpBasic: {
            /** @description Whether it is used. */
            enabled?: boolean;
            /**
             * Format: password
             * @description Password.
             */
            password?: string;
            /** @description User name. */
            username?: string;
        };
        /** @description `HttpBasic` without password. */
        CallbackHttpBasicDetail: {
            /** @description Whether it is used. */
            enabled: boolean;
            /** @description Whether it has a password. */
            passwordSet: boolean;
            /** @description User name. */
            username: string | null;
        };
        /** @description Request of `removeCallbackUrl`. */
        CallbackIdRequest: {
            /** @description The URL's id. */
            id: string;
        };
        /** @description Answer of `getCallbackUrlList`. */
        CallbackList: {
            /** @description By name. */
            callbackUrlList: components["schemas"]["CallbackDetail"][];
        };
        /** @description Request of `getCallbackUrlList`. */
        CallbackListRequest: {
            /** @description The application. */
            applicationId?: string;
        };
        /** @description Request of `createCallbackUrl`, `updateCallbackUrl`. */
        CallbackRequest: {
            /** @description The application; a URL keeps the one it was created for. */
            applicationId?: string;
            /** @description Names of the members to send. Inner none: an explicit null. */
            attributes?: string[];
            /** @description How to authenticate. */
            authentication?: components["schemas"]["CallbackAuthentication"];
            /** @description Where to: http or https. */
            callbackUrl: string;
            /** @description The URL's id; only for `update`. */
            id?: string;
            /** @description Displayed name. */
            name: string;
            /**
             * @description `ACTIVATION_STATUS_CHANGE` or `OPERATION_STATUS_CHANGE`; a URL keeps the one it was created with.
             * @enum {string}
             */
            type?: "ACTIVATION_STATUS_CHANGE" | "OPERATION_STATUS_CHANGE";
        };
        /** @description The body of `cancelOperation`. */
        CancelOperationRequest: {
            requestObject: components["schemas"]["OperationRequest"];
        };
        /** @description The answer of `cancelOperation`. */
        CancelOperationResponse: {
            responseObject: components["schemas"]["OperationDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `commitActivation`. */
        CommitActivationRequest: {
            requestObject: components["schemas"]["ActivationOtpRequest"];
        };
        /** @description The answer of `commitActivation`. */
        CommitActivationResponse: {
            responseObject: components["schemas"]["CommittedActivation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `commitActivation`. */
        CommittedActivation: {
            /** @description True. */
            activated: boolean;
            /** @description The activation. */
            activationId: string;
        };
        /** @description Answer of `commitUpgrade`. */
        CommittedUpgrade: {
            /** @description True. */
            committed: boolean;
        };
        /** @description The body of `commitUpgrade`. */
        CommitUpgradeRequest: {
            requestObject: components["schemas"]["UpgradeRequest"];
        };
        /** @description The answer of `commitUpgrade`. */
        CommitUpgradeResponse: {
            responseObject: components["schemas"]["CommittedUpgrade"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `confirmRecoveryCode`. */
        ConfirmedRecoveryCode: {
            /** @description The activation. */
            activationId: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string | null;
            /** @description Base64 of 32 bytes. */
            mac: string | null;
            /** @description Base64 of 16 bytes; from 3.2. */
            nonce: string | null;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
             */
            timestamp: number | null;
            /** @description Its user. */
            userId: string;
        };
        /** @description The body of `confirmRecoveryCode`. */
        ConfirmRecoveryCodeRequest: {
            requestObject: components["schemas"]["EncryptedConfirmRecoveryCode"];
        };
        /** @description The answer of `confirmRecoveryCode`. */
        ConfirmRecoveryCodeResponse: {
            responseObject: components["schemas"]["ConfirmedRecoveryCode"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createActivationByCredentials`. */
        CreateActivationByCredentialsRequest: {
            requestObject: components["schemas"]["CreateByCredentials"];
        };
        /** @description The answer of `createActivationByCredentials`. */
        CreateActivationByCredentialsResponse: {
            responseObject: components["schemas"]["CreatedByCredentials"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createActivation`. */
        CreateActivationRequest: {
            requestObject: components["schemas"]["EncryptedKeyExchange"];
        };
        /** @description The answer of `createActivation`. */
        CreateActivationResponse: {
            responseObject: components["schemas"]["ExchangedKeys"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createApplication`. */
        CreateApplicationRequest: {
            requestObject: components["schemas"]["ApplicationRequest"];
        };
        /** @description The answer of `createApplication`. */
        CreateApplicationResponse: {
            responseObject: components["schemas"]["CreatedApplication"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createApplicationVersion`. */
        CreateApplicationVersionRequest: {
            requestObject: components["schemas"]["ApplicationVersionRequest"];
        };
        /** @description The answer of `createApplicationVersion`. */
        CreateApplicationVersionResponse: {
            responseObject: components["schemas"]["CreatedApplicationVersion"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `createActivationByCredentials`. */
        CreateByCredentials: {
            /** @description The body, as text. */
            body: string;
            /** @description Whether the activation is ACTIVE at once; otherwise it waits for its commit. */
            commit?: boolean;
            /** @description Attributes for the app; those that it sent when absent. */
            customAttributes?: {
                [key: string]: unknown;
            };
            /** @description Value of the header `X-PowerAuth-Encryption`. */
            encryptionHeader: string;
            /** @description Whether a recovery code comes along where recovery is enabled; it does unless told otherwise. */
            generateRecoveryCodes?: boolean;
            /**
             * Format: int64
             * @description Failed attempts that block, above 0.
             */
            maxFailureCount?: number;
            /**
             * Format: date-time
             * @description Expiry; the configured validity from now on when absent.
             */
            timestampActivationExpire?: string;
            /** @description The user, 1 to 255 characters. */
            userId: string;
            /** @description Claims about the user, for the app. */
            userInfo?: {
                [key: string]: unknown;
            };
        };
        /** @description The body of `createCallbackUrl`. */
        CreateCallbackUrlRequest: {
            requestObject: components["schemas"]["CallbackRequest"];
        };
        /** @description The answer of `createCallbackUrl`. */
        CreateCallbackUrlResponse: {
            responseObject: components["schemas"]["CreatedCallback"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `createApplication`. */
        CreatedApplication: {
            /** @description Identifier. */
            applicationId: string;
            /** @description Always null; the reference has the attribute. */
            applicationName: string | null;
            /** @description None yet. */
            applicationRoles: string[];
        };
        /** @description Answer of `createApplicationVersion`. */
        CreatedApplicationVersion: {
            /** @description Base64 of 16 bytes. */
            applicationKey: string;
            /** @description Base64 of 16 bytes. */
            applicationSecret: string;
            /** @description Identifier. */
            applicationVersionId: string;
            /** @description Always null; the reference has the attribute. */
            applicationVersionName: string | null;
            /** @description True. */
            supported: boolean;
        };
        /** @description Answer of `createActivationByCredentials`. */
        CreatedByCredentials: {
            /** @description The activation. */
            activationId: string;
            /** @description PENDING_COMMIT, or ACTIVE. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description The application. */
            applicationId: string;
            /** @description What the phone gets as the body of its answer, with HTTP status 200. */
            response: components["schemas"]["EnvelopeResponse"];
            /** @description The user. */
            userId: string;
        };
        /** @description Answer of `createCallbackUrl`. */
        CreatedCallback: {
            /** @description The application. */
            applicationId: string;
            /** @description Names of the members to send. */
            attributes: string[];
            /** @description How to authenticate, without passwords. */
            authentication: components["schemas"]["CallbackAuthenticationDetail"];
            /** @description Where to. */
            callbackUrl: string;
            /** @description UUID. */
            id: string;
            /** @description Displayed name. */
            name: string;
        };
        /** @description Answer of `createRecoveryCode`. */
        CreatedRecoveryCode: {
            /** @description Base64 of 32 bytes, for the printing centre. */
            nonce: string;
            /** @description The PUKs in order. */
            puks: components["schemas"]["PostcardPuk"][];
            /**
             * Format: int64
             * @description Number of the code.
             */
            recoveryCodeId: number;
            /** @description The code with all groups but the last one masked. */
            recoveryCodeMasked: string;
            /** @description CREATED. */
            status: components["schemas"]["RecoveryCodeStatus"];
            /** @description The user. */
            userId: string;
        };
        /** @description Request of `createIntegration`. */
        CreateIntegration: {
            /** @description Displayed name; need not be unique. */
            name: string;
        };
        /** @description The body of `createIntegration`. */
        CreateIntegrationRequest: {
            requestObject: components["schemas"]["CreateIntegration"];
        };
        /** @description The answer of `createIntegration`. */
        CreateIntegrationResponse: {
            responseObject: components["schemas"]["NewIntegration"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createNonPersonalizedOfflineSignaturePayload`. */
        CreateNonPersonalizedOfflineSignaturePayloadRequest: {
            requestObject: components["schemas"]["NonPersonalizedPayload"];
        };
        /** @description The answer of `createNonPersonalizedOfflineSignaturePayload`. */
        CreateNonPersonalizedOfflineSignaturePayloadResponse: {
            responseObject: components["schemas"]["OfflinePayload"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `createOperation`. */
        CreateOperation: {
            /** @description Flag that an activation must carry to see it. */
            activationFlag?: string;
            /** @description The only activation that may approve it. */
            activationId?: string;
            /** @description Initial context. */
            additionalData?: components["schemas"]["AdditionalData"];
            /** @description The same, when it is only one. */
            applicationId?: string;
            /** @description Its applications, 1 to 12, each once. */
            applications?: string[];
            /** @description The caller's identifier. */
            externalId?: string;
            /** @description Whether the user has to type a number that the answer contains; as the settings say when absent. */
            numberMatching?: boolean;
            /**
             * @description Values of the placeholders: texts and nulls.
             * @default {}
             */
            parameters: {
                [key: string]: unknown;
            };
            /** @description Whether there is a TOTP seed; as the template says when absent. `proximity_check_enabled` and `enableProximityCheck` mean the same. */
            proximityCheckEnabled?: boolean;
            /** @description Name of the template. */
            templateName: string;
            /**
             * Format: date-time
             * @description Expiry, not before now; the template's lifetime from now on when absent.
             */
            timestampExpires?: string;
            /** @description The user; none for an operation that waits for whoever claims it. */
            userId?: string;
        };
        /** @description The body of `createOperation`. */
        CreateOperationRequest: {
            requestObject: components["schemas"]["CreateOperation"];
        };
        /** @description The answer of `createOperation`. */
        CreateOperationResponse: {
            responseObject: components["schemas"]["OperationDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createOperationTemplate`. */
        CreateOperationTemplateRequest: {
            requestObject: components["schemas"]["TemplateRequest"];
        };
        /** @description The answer of `createOperationTemplate`. */
        CreateOperationTemplateResponse: {
            responseObject: components["schemas"]["TemplateDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createPersonalizedOfflineSignaturePayload`. */
        CreatePersonalizedOfflineSignaturePayloadRequest: {
            requestObject: components["schemas"]["PersonalizedPayload"];
        };
        /** @description The answer of `createPersonalizedOfflineSignaturePayload`. */
        CreatePersonalizedOfflineSignaturePayloadResponse: {
            responseObject: components["schemas"]["OfflinePayload"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `createRecoveryCode`. */
        CreateRecoveryCode: {
            /** @description The application. */
            applicationId: string;
            /**
             * Format: int64
             * @description Number of PUKs, 1 to 100.
             */
            pukCount: number;
            /** @description The user, at most 255 characters. */
            userId: string;
        };
        /** @description The body of `createRecoveryCode`. */
        CreateRecoveryCodeRequest: {
            requestObject: components["schemas"]["CreateRecoveryCode"];
        };
        /** @description The answer of `createRecoveryCode`. */
        CreateRecoveryCodeResponse: {
            responseObject: components["schemas"]["CreatedRecoveryCode"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createTemporaryKey`. */
        CreateTemporaryKeyRequest: {
            requestObject: components["schemas"]["Jwt"];
        };
        /** @description The answer of `createTemporaryKey`. */
        CreateTemporaryKeyResponse: {
            responseObject: components["schemas"]["Jwt"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `createToken`. */
        CreateTokenRequest: {
            requestObject: components["schemas"]["EncryptedCreateToken"];
        };
        /** @description The answer of `createToken`. */
        CreateTokenResponse: {
            responseObject: components["schemas"]["EnvelopeResponse"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `getEciesDecryptor`. */
        DecryptorParameters: {
            /** @description Base64 of 48 bytes: encryption key, MAC key, IV key. */
            secretKey: string;
            /** @description Base64 of 32 bytes: base of `SharedInfo2`. */
            sharedInfo2: string;
        };
        /**
         * @description How the signature is written.
         *
         *     - `DER` ASN.1 DER.
         *     - `JOSE` 64 bytes, r and s.
         * @enum {string}
         */
        EcdsaSignatureFormat: "DER" | "JOSE";
        /** @description Request of `confirmRecoveryCode`. */
        EncryptedConfirmRecoveryCode: {
            /** @description The activation whose user confirms. */
            activationId: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Request of `createToken`. */
        EncryptedCreateToken: {
            /** @description The activation. */
            activationId: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /** @description Factors of the signature that the caller has verified. */
            signatureType: components["schemas"]["SignatureType"];
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Request of `getEciesDecryptor`. Of the envelope, neither ciphertext nor MAC. */
        EncryptedDecryptorRequest: {
            /** @description The activation; none in application scope. */
            activationId?: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData?: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac?: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Request of `prepareActivation`, `createActivation`. */
        EncryptedKeyExchange: {
            /** @description The code, for `prepare`. */
            activationCode?: string;
            /** @description OTP asked for with the commit, for `create`. */
            activationOtp?: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Whether recovery codes come along where recovery is enabled. */
            generateRecoveryCodes?: boolean;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /**
             * Format: int64
             * @description Failed attempts that block, for `create`.
             */
            maxFailureCount?: number;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
            /**
             * Format: date-time
             * @description Expiry, for `create`.
             */
            timestampActivationExpire?: string;
            /** @description The user, for `create`. */
            userId?: string;
        };
        /** @description Request of `recoveryCodeActivation`. `Debug` shows neither code nor PUK. */
        EncryptedRecoverActivation: {
            /** @description OTP asked for with the commit. */
            activationOtp?: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Whether the new activation gets a recovery code; it does unless told otherwise. */
            generateRecoveryCodes?: boolean;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /**
             * Format: int64
             * @description Failed attempts that block the new activation, above 0.
             */
            maxFailureCount?: number;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /** @description Its current PUK, 10 digits. */
            puk: string;
            /** @description The code, 23 characters. */
            recoveryCode: string;
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Request of `vaultUnlock`. The version of the envelope is that of the signature. */
        EncryptedUnlockVault: {
            /** @description The activation. */
            activationId: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion?: string;
            /** @description The signature. */
            signature: string;
            /** @description Factors of the signature. */
            signatureType: components["schemas"]["SignatureType"];
            /** @description Version of the signature header; `3.2` when absent, as the written reference does not know it. */
            signatureVersion?: string;
            /** @description `METHOD&B64(uriId)&nonce&B64(body)`, without the application secret. */
            signedData: string;
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Request of `startUpgrade`. */
        EncryptedUpgradeRequest: {
            /** @description The activation. */
            activationId: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /** @description UUID of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Response envelope as JSON. Up to 3.1 `nonce` and `timestamp` are written as `null`, as deployed servers do. */
        EnvelopeResponse: {
            /** @description Base64 of the ciphertext. */
            encryptedData: string | null;
            /** @description Base64 of 32 bytes. */
            mac: string | null;
            /** @description Base64 of 16 bytes; from 3.2. */
            nonce: string | null;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
             */
            timestamp: number | null;
        };
        /** @description Why the request got no answer. */
        ErrorDetail: {
            /** @description For programs. New codes may come. */
            code: string;
            /**
             * Format: int64
             * @description After a wrong PUK: the number of the one to try next. 0 with `ERROR_HTTP_REQUEST`.
             */
            currentRecoveryPukIndex?: number;
            /** @description The same; the server API has it. */
            localizedMessage?: string;
            /** @description For people who read logs; says nothing about users. */
            message: string;
            /** @description What is wrong with the request, all of it. */
            violations?: components["schemas"]["ErrorViolation"][];
        };
        /** @description Answer of `getErrorCodeList`. */
        ErrorList: {
            /** @description All codes in ascending order. */
            errors: components["schemas"]["ErrorText"][];
        };
        /** @description Request of `getErrorCodeList`. */
        ErrorListRequest: {
            /** @description Two-letter code; only English texts exist. */
            language?: string;
        };
        /** @description A refusal. */
        ErrorResponse: {
            responseObject: components["schemas"]["ErrorDetail"];
            /** @enum {string} */
            status: "ERROR";
        };
        /** @description A code and its text. */
        ErrorText: {
            /** @description `ERR` and four digits. */
            code: string;
            /** @description English text. */
            value: string;
        };
        /** @description What is wrong with a member of a request. */
        ErrorViolation: {
            /** @description Name of the member. */
            fieldName: string;
            /** @description What it should be. */
            hint: string;
            /** @description What it was, unless it is missing or secret. */
            invalidValue?: string;
        };
        /** @description Answer of `prepareActivation`, `createActivation`, `recoveryCodeActivation`. */
        ExchangedKeys: {
            /** @description The activation. */
            activationId: string;
            /** @description State of the activation. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description The application. */
            applicationId: string;
            /** @description Base64 of the ciphertext. */
            encryptedData: string | null;
            /** @description Base64 of 32 bytes. */
            mac: string | null;
            /** @description Base64 of 16 bytes; from 3.2. */
            nonce: string | null;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
             */
            timestamp: number | null;
            /** @description The user. */
            userId: string;
        };
        /** @description Request of `findAllOperationsByExternalID`. */
        ExternalOperationListRequest: {
            /** @description The same, when it is only one. */
            applicationId?: string;
            /** @description Applications, at least one; operations of any of them are listed. */
            applications?: string[];
            /** @description The caller's identifier. */
            externalId: string;
            /**
             * Format: int64
             * @description Page, from 0.
             */
            pageNumber?: number;
            /**
             * Format: int64
             * @description Entries per page, from 1.
             */
            pageSize?: number;
        };
        /** @description The body of `failApproveOperation`. */
        FailApproveOperationRequest: {
            requestObject: components["schemas"]["OperationRequest"];
        };
        /** @description The answer of `failApproveOperation`. */
        FailApproveOperationResponse: {
            responseObject: components["schemas"]["UserAction"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `findAllOperationsByExternalID`. */
        FindAllOperationsByExternalIDRequest: {
            requestObject: components["schemas"]["ExternalOperationListRequest"];
        };
        /** @description The answer of `findAllOperationsByExternalID`. */
        FindAllOperationsByExternalIDResponse: {
            responseObject: components["schemas"]["OperationDetail"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `findAllOperationsForUser`. */
        FindAllOperationsForUserRequest: {
            requestObject: components["schemas"]["OperationListRequest"];
        };
        /** @description The answer of `findAllOperationsForUser`. */
        FindAllOperationsForUserResponse: {
            responseObject: components["schemas"]["OperationDetail"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `findPendingOperationsForUser`. */
        FindPendingOperationsForUserRequest: {
            requestObject: components["schemas"]["OperationListRequest"];
        };
        /** @description The answer of `findPendingOperationsForUser`. */
        FindPendingOperationsForUserResponse: {
            responseObject: components["schemas"]["OperationDetail"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getActivationHistory`. */
        GetActivationHistoryRequest: {
            requestObject: components["schemas"]["ActivationHistoryRequest"];
        };
        /** @description The answer of `getActivationHistory`. */
        GetActivationHistoryResponse: {
            responseObject: components["schemas"]["ActivationHistory"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getActivationListForUser`. */
        GetActivationListForUserRequest: {
            requestObject: components["schemas"]["ActivationListRequest"];
        };
        /** @description The answer of `getActivationListForUser`. */
        GetActivationListForUserResponse: {
            responseObject: components["schemas"]["ActivationList"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getActivationStatus`. */
        GetActivationStatusRequest: {
            requestObject: components["schemas"]["ActivationStatusRequest"];
        };
        /** @description The answer of `getActivationStatus`. */
        GetActivationStatusResponse: {
            responseObject: components["schemas"]["ActivationDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `getAllTemplates`. */
        GetAllTemplatesResponse: {
            responseObject: components["schemas"]["TemplateDetail"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getApplicationDetail`. */
        GetApplicationDetailRequest: {
            requestObject: components["schemas"]["ApplicationRequest"];
        };
        /** @description The answer of `getApplicationDetail`. */
        GetApplicationDetailResponse: {
            responseObject: components["schemas"]["ApplicationDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `getApplicationList`. */
        GetApplicationListResponse: {
            responseObject: components["schemas"]["ApplicationList"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getCallbackUrlList`. */
        GetCallbackUrlListRequest: {
            requestObject: components["schemas"]["CallbackListRequest"];
        };
        /** @description The answer of `getCallbackUrlList`. */
        GetCallbackUrlListResponse: {
            responseObject: components["schemas"]["CallbackList"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getEciesDecryptor`. */
        GetEciesDecryptorRequest: {
            requestObject: components["schemas"]["EncryptedDecryptorRequest"];
        };
        /** @description The answer of `getEciesDecryptor`. */
        GetEciesDecryptorResponse: {
            responseObject: components["schemas"]["DecryptorParameters"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getErrorCodeList`. */
        GetErrorCodeListRequest: {
            requestObject: components["schemas"]["ErrorListRequest"];
        };
        /** @description The answer of `getErrorCodeList`. */
        GetErrorCodeListResponse: {
            responseObject: components["schemas"]["ErrorList"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `getIntegrationList`. */
        GetIntegrationListResponse: {
            responseObject: components["schemas"]["Integrations"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getRecoveryConfig`. */
        GetRecoveryConfigRequest: {
            requestObject: components["schemas"]["RecoveryConfigRequest"];
        };
        /** @description The answer of `getRecoveryConfig`. */
        GetRecoveryConfigResponse: {
            responseObject: components["schemas"]["RecoveryConfigDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getSignatureAuditLog`. */
        GetSignatureAuditLogRequest: {
            requestObject: components["schemas"]["SignatureAuditRequest"];
        };
        /** @description The answer of `getSignatureAuditLog`. */
        GetSignatureAuditLogResponse: {
            responseObject: components["schemas"]["SignatureAuditList"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `getSystemStatus`. */
        GetSystemStatusResponse: {
            responseObject: components["schemas"]["SystemStatus"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `getTemplateDetail`. */
        GetTemplateDetailRequest: {
            requestObject: components["schemas"]["TemplateIdRequest"];
        };
        /** @description The answer of `getTemplateDetail`. */
        GetTemplateDetailResponse: {
            responseObject: components["schemas"]["TemplateDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description A message with everything. */
        InboxMessageDetail: {
            /** @description Applications that show it. */
            applications: string[];
            /** @description Body. */
            body: string;
            /** @description UUID. */
            id: string;
            /** @description Whether it was read. */
            read: boolean;
            /** @description Subject. */
            subject: string;
            /** @description Summary. */
            summary: string;
            /**
             * Format: date-time
             * @description Creation.
             */
            timestampCreated: string;
            /**
             * @description `text` or `html`.
             * @enum {string}
             */
            type: "text" | "html";
            /** @description The user. */
            userId: string;
        };
        /** @description Request of `postInboxMessage`. */
        InboxMessagePost: {
            /** @description Applications that show it, 1 to 12. */
            applications: string[];
            /** @description Body, 8 to 65,536 characters. */
            body: string;
            /** @description Subject, 8 to 255 characters. */
            subject: string;
            /** @description Summary, 8 to 255 characters. */
            summary: string;
            /**
             * @description `text` or `html`.
             * @enum {string}
             */
            type: "text" | "html";
            /** @description The user, 1 to 255 characters. */
            userId: string;
        };
        /** @description Request of `initActivation`. */
        InitActivation: {
            /** @description The OTP, exactly when it will be asked for. */
            activationOtp?: string;
            /** @description When the OTP is asked for. */
            activationOtpValidation?: components["schemas"]["OtpValidation"];
            /** @description The application. */
            applicationId: string;
            /** @description Flags from the start. */
            flags?: string[];
            /**
             * Format: int64
             * @description Failed attempts that block, above 0.
             */
            maxFailureCount?: number;
            /**
             * Format: date-time
             * @description Expiry; the configured validity from now on when absent.
             */
            timestampActivationExpire?: string;
            /** @description The user, 1 to 255 characters. */
            userId: string;
        };
        /** @description The body of `initActivation`. */
        InitActivationRequest: {
            requestObject: components["schemas"]["InitActivation"];
        };
        /** @description The answer of `initActivation`. */
        InitActivationResponse: {
            responseObject: components["schemas"]["InitializedActivation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `initActivation`. */
        InitializedActivation: {
            /** @description 23 characters. */
            activationCode: string;
            /** @description UUID. */
            activationId: string;
            /** @description Base64 of a DER signature of the code by the application's master key. */
            activationSignature: string;
            /** @description The application. */
            applicationId: string;
            /** @description The user. */
            userId: string;
        };
        /** @description An integration in a list. */
        IntegrationItem: {
            /** @description Always null: only a hash is stored. */
            clientSecret: string | null;
            /** @description The user name. */
            clientToken: string;
            /** @description UUID. */
            id: string;
            /** @description Displayed name. */
            name: string;
        };
        /** @description The list of integrations, and whether callers need to be one. */
        Integrations: {
            /** @description All of them, by creation. */
            items: components["schemas"]["IntegrationItem"][];
            /** @description Whether callers need credentials. */
            restrictedAccess: boolean;
        };
        /** @description Request of `createTemporaryKey`. Answer of `createTemporaryKey`. */
        Jwt: {
            /** @description Compact JWT. */
            jwt: string;
        };
        /** @description The body of `listActivationFlags`. */
        ListActivationFlagsRequest: {
            requestObject: components["schemas"]["ActivationFlagsRequest"];
        };
        /** @description The answer of `listActivationFlags`. */
        ListActivationFlagsResponse: {
            responseObject: components["schemas"]["ActivationFlags"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `listApplicationRoles`. */
        ListApplicationRolesRequest: {
            requestObject: components["schemas"]["ApplicationRequest"];
        };
        /** @description The answer of `listApplicationRoles`. */
        ListApplicationRolesResponse: {
            responseObject: components["schemas"]["ApplicationRoles"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `lookupActivations`. */
        LookedUpActivations: {
            /** @description By user in the order given, newest first. */
            activations: components["schemas"]["ActivationItem"][];
        };
        /** @description Answer of `lookupRecoveryCodes`. */
        LookedUpRecoveryCodes: {
            /** @description Newest first. */
            recoveryCodes: components["schemas"]["RecoveryCodeItem"][];
        };
        /** @description The body of `lookupActivations`. */
        LookupActivationsRequest: {
            requestObject: components["schemas"]["ActivationLookupRequest"];
        };
        /** @description The answer of `lookupActivations`. */
        LookupActivationsResponse: {
            responseObject: components["schemas"]["LookedUpActivations"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `lookupApplicationByAppKey`. */
        LookupApplicationByAppKeyRequest: {
            requestObject: components["schemas"]["ApplicationKeyRequest"];
        };
        /** @description The answer of `lookupApplicationByAppKey`. */
        LookupApplicationByAppKeyResponse: {
            responseObject: components["schemas"]["ApplicationName"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `lookupRecoveryCodes`. */
        LookupRecoveryCodes: {
            /** @description The activation that the codes came with. */
            activationId?: string;
            /** @description The application; not alone. */
            applicationId?: string;
            /** @description State of the codes; any when absent. */
            recoveryCodeStatus?: components["schemas"]["RecoveryCodeStatus"];
            /** @description Only PUKs of this state, and only codes that have one; any when absent. */
            recoveryPukStatus?: components["schemas"]["PukStatus"];
            /** @description The user. */
            userId?: string;
        };
        /** @description The body of `lookupRecoveryCodes`. */
        LookupRecoveryCodesRequest: {
            requestObject: components["schemas"]["LookupRecoveryCodes"];
        };
        /** @description The answer of `lookupRecoveryCodes`. */
        LookupRecoveryCodesResponse: {
            responseObject: components["schemas"]["LookedUpRecoveryCodes"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `createIntegration`. */
        NewIntegration: {
            /** @description UUID: the password. Nobody can ask for it again. */
            clientSecret: string;
            /** @description UUID: the user name. */
            clientToken: string;
            /** @description UUID. */
            id: string;
            /** @description Displayed name. */
            name: string;
        };
        /** @description Request of `createNonPersonalizedOfflineSignaturePayload`. */
        NonPersonalizedPayload: {
            /** @description The application. */
            applicationId: string;
            /** @description Lines 0 to 4 of the payload, taken verbatim. */
            data: string;
        };
        /** @description Settings of a URL. */
        OAuth2: {
            /** @description Name of this client at the authorization server. */
            clientId?: string;
            /**
             * Format: password
             * @description Its secret.
             */
            clientSecret?: string;
            /** @description Whether it is used; then instead of HTTP Basic. */
            enabled?: boolean;
            /** @description Scopes to ask for, with spaces between. */
            scope?: string;
            /** @description The token endpoint, an http or https URL. */
            tokenUri?: string;
        };
        /** @description Answer of `createPersonalizedOfflineSignaturePayload`, `createNonPersonalizedOfflineSignaturePayload`. */
        OfflinePayload: {
            /** @description The nonce inside, which the caller keeps for the verification. */
            nonce: string;
            /** @description Content of the QR code. */
            offlineData: string;
        };
        /** @description Parameters of the one-time password that shows that phone and screen are in one place. */
        OfflineProximityCheck: {
            /** @description Base64 of the seed; blank means no check. */
            seed?: string;
            /**
             * Format: int64
             * @description Earlier steps that count, from 0; for the verification.
             */
            stepCount?: number;
            /**
             * Format: int64
             * @description Seconds of a step, from 1.
             */
            stepLength?: number;
        };
        /** @description It was done, and there is nothing more to say. */
        OkResponse: {
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `openActivationCredentials`. */
        OpenActivationCredentialsRequest: {
            requestObject: components["schemas"]["OpenCredentials"];
        };
        /** @description The answer of `openActivationCredentials`. */
        OpenActivationCredentialsResponse: {
            responseObject: components["schemas"]["OpenedCredentials"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `openActivationCredentials`. What the phone sent to `/pa/v3/activation/create`. */
        OpenCredentials: {
            /** @description The body, as text. */
            body: string;
            /** @description Value of the header `X-PowerAuth-Encryption`. */
            encryptionHeader: string;
        };
        /** @description Answer of `openActivationCredentials`. `Debug` shows no attributes. */
        OpenedCredentials: {
            /** @description The application of the phone. */
            applicationId: string;
            /** @description What the app sent along. */
            customAttributes: {
                [key: string]: unknown;
            };
            /** @description What is to identify the user. */
            identityAttributes: {
                [key: string]: unknown;
            };
            /** @description CUSTOM or DIRECT. */
            type: components["schemas"]["ActivationType"];
        };
        /** @description An operation in answers. */
        OperationDetail: {
            /** @description Flag that an activation must carry to see it. */
            activationFlag: string | null;
            /** @description The only activation that may approve it. */
            activationId: string | null;
            /** @description Context of the user's actions. */
            additionalData: {
                [key: string]: unknown;
            };
            /** @description Its applications. */
            applications: string[];
            /** @description What is signed. */
            data: string;
            /** @description The caller's identifier. */
            externalId: string | null;
            /**
             * Format: int64
             * @description Failed approvals.
             */
            failureCount: number;
            /** @description UUID. */
            id: string;
            /** @description Number for the page that asks the user, to be typed on the phone; only where a method says so, and left out where there is none. */
            matchNumber?: string | null;
            /**
             * Format: int64
             * @description Failed approvals that end it.
             */
            maxFailureCount: number;
            /** @description Type of its template. */
            operationType: string;
            /** @description Parameters as given. */
            parameters: {
                [key: string]: unknown;
            };
            /** @description Code to display now; only where a method says so. */
            proximityOtp: string | null;
            /** @description Letters, each a flag. */
            riskFlags: string | null;
            /** @description Allowed factors. */
            signatureType: components["schemas"]["SignatureType"][];
            /**
             * @description The state.
             * @enum {string}
             */
            status: "PENDING" | "CANCELED" | "EXPIRED" | "APPROVED" | "REJECTED" | "FAILED";
            /** @description Why it was cancelled. */
            statusReason: string | null;
            /** @description Name of its template. */
            templateName: string;
            /**
             * Format: date-time
             * @description Creation.
             */
            timestampCreated: string;
            /**
             * Format: date-time
             * @description Expiry.
             */
            timestampExpires: string;
            /**
             * Format: date-time
             * @description When it was approved, rejected or failed.
             */
            timestampFinalized: string | null;
            /** @description The user; null while a non-personalised operation is unclaimed. */
            userId: string | null;
        };
        /** @description The body of `operationDetail`. */
        OperationDetailRequest: {
            requestObject: components["schemas"]["OperationName"];
        };
        /** @description The answer of `operationDetail`. */
        OperationDetailResponse: {
            responseObject: components["schemas"]["OperationDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `findAllOperationsForUser`, `findPendingOperationsForUser`. */
        OperationListRequest: {
            /** @description Only what this activation may see. */
            activationId?: string;
            /** @description The same, when it is only one. */
            applicationId?: string;
            /** @description Applications, at least one; operations of any of them are listed. */
            applications?: string[];
            /**
             * Format: int64
             * @description Page, from 0.
             */
            pageNumber?: number;
            /**
             * Format: int64
             * @description Entries per page, from 1.
             */
            pageSize?: number;
            /** @description The user. */
            userId: string;
        };
        /** @description Request of `operationDetail`. */
        OperationName: {
            /** @description The operation. */
            operationId: string;
            /** @description Who claims it. */
            userId?: string;
        };
        /** @description Request of `cancelOperation`, `failApproveOperation`. */
        OperationRequest: {
            /** @description Context. */
            additionalData?: components["schemas"]["AdditionalData"];
            /** @description The operation. */
            operationId: string;
            /** @description Why it is cancelled, at most 32 characters; only for `cancel`. */
            statusReason?: string;
        };
        /**
         * @description At which step an activation OTP is asked for.
         *
         *     - `NONE` Never.
         *     - `ON_KEY_EXCHANGE` When the phone sends its key.
         *     - `ON_COMMIT` When the back end commits.
         * @enum {string}
         */
        OtpValidation: "NONE" | "ON_KEY_EXCHANGE" | "ON_COMMIT";
        /** @description Request of `createPersonalizedOfflineSignaturePayload`. */
        PersonalizedPayload: {
            /** @description The activation. */
            activationId: string;
            /** @description Lines 0 to 4 of the payload, taken verbatim. */
            data: string;
            /** @description Base64 of 16 bytes; a fresh one when blank. */
            nonce?: string;
            /** @description Adds a line with a one-time password. */
            proximityCheck?: components["schemas"]["OfflineProximityCheck"];
        };
        /** @description How the printing centre derives a PUK. */
        PostcardPuk: {
            /**
             * Format: int64
             * @description Any 64 bits.
             */
            pukDerivationIndex: number;
            /**
             * Format: int64
             * @description From 1.
             */
            pukIndex: number;
            /** @description VALID. */
            status: components["schemas"]["PukStatus"];
        };
        /** @description The body of `postInboxMessage`. */
        PostInboxMessageRequest: {
            requestObject: components["schemas"]["InboxMessagePost"];
        };
        /** @description The answer of `postInboxMessage`. */
        PostInboxMessageResponse: {
            responseObject: components["schemas"]["InboxMessageDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `prepareActivation`. */
        PrepareActivationRequest: {
            requestObject: components["schemas"]["EncryptedKeyExchange"];
        };
        /** @description The answer of `prepareActivation`. */
        PrepareActivationResponse: {
            responseObject: components["schemas"]["ExchangedKeys"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description `OAuth2` without secret. */
        PublicOAuth2: {
            /** @description Name of the client. */
            clientId: string | null;
            /** @description Whether it has a secret. */
            clientSecretSet: boolean;
            /** @description Whether it is used. */
            enabled: boolean;
            /** @description Scopes. */
            scope: string | null;
            /** @description The token endpoint. */
            tokenUri: string | null;
        };
        /** @description A PUK in a list. */
        PukItem: {
            /**
             * Format: int64
             * @description Always 0: it is not kept.
             */
            pukDerivationIndex: number;
            /**
             * Format: int64
             * @description From 1.
             */
            pukIndex: number;
            /** @description Its state. */
            status: components["schemas"]["PukStatus"];
        };
        /**
         * @description State of a PUK.
         *
         *     - `VALID` Can be used once those before it are gone.
         *     - `USED` Was used.
         *     - `INVALID` Cannot be used any more.
         * @enum {string}
         */
        PukStatus: "VALID" | "USED" | "INVALID";
        /** @description The body of `recoveryCodeActivation`. */
        RecoveryCodeActivationRequest: {
            requestObject: components["schemas"]["EncryptedRecoverActivation"];
        };
        /** @description The answer of `recoveryCodeActivation`. */
        RecoveryCodeActivationResponse: {
            responseObject: components["schemas"]["ExchangedKeys"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description A recovery code in a list. */
        RecoveryCodeItem: {
            /** @description The activation that it came with; null for a postcard. */
            activationId: string | null;
            /** @description The application. */
            applicationId: string;
            /** @description Its PUKs in order. */
            puks: components["schemas"]["PukItem"][];
            /**
             * Format: int64
             * @description Number of the code.
             */
            recoveryCodeId: number;
            /** @description The code with all groups but the last one masked. */
            recoveryCodeMasked: string;
            /** @description Its state. */
            status: components["schemas"]["RecoveryCodeStatus"];
            /** @description The user. */
            userId: string;
        };
        /**
         * Format: int64
         * @description A number in a list, or null.
         */
        RecoveryCodeNumber: number;
        /**
         * @description State of a recovery code.
         *
         *     - `CREATED` Waits for the commit of its activation, or for its confirmation.
         *     - `ACTIVE` In use.
         *     - `BLOCKED` Too many wrong PUKs.
         *     - `REVOKED` The end.
         * @enum {string}
         */
        RecoveryCodeStatus: "CREATED" | "ACTIVE" | "BLOCKED" | "REVOKED";
        /** @description Answer of `getRecoveryConfig`. */
        RecoveryConfigDetail: {
            /** @description Whether there is recovery at all. */
            activationRecoveryEnabled: boolean;
            /** @description Whether a user may have several open postcards. */
            allowMultipleRecoveryCodes: boolean;
            /** @description The application. */
            applicationId: string;
            /** @description Our public key for postcards: Base64 of 65 bytes; null until postcards were enabled once. */
            postcardPublicKey: string | null;
            /** @description Whether there are postcards. */
            recoveryPostcardEnabled: boolean;
            /** @description Public key of the printing centre: Base64 of 33 or 65 bytes. */
            remotePostcardPublicKey: string | null;
        };
        /** @description Request of `getRecoveryConfig`. */
        RecoveryConfigRequest: {
            /** @description The application. */
            applicationId: string;
        };
        /** @description The body of `rejectOperation`. */
        RejectOperationRequest: {
            requestObject: components["schemas"]["RejectRequest"];
        };
        /** @description The answer of `rejectOperation`. */
        RejectOperationResponse: {
            responseObject: components["schemas"]["UserAction"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `rejectOperation`. */
        RejectRequest: {
            /** @description Context. */
            additionalData?: components["schemas"]["AdditionalData"];
            /** @description The application. */
            applicationId: string;
            /** @description The operation. */
            operationId: string;
            /** @description The user. */
            userId: string;
        };
        /** @description The body of `removeActivationFlags`. */
        RemoveActivationFlagsRequest: {
            requestObject: components["schemas"]["ActivationFlagsRequest"];
        };
        /** @description The answer of `removeActivationFlags`. */
        RemoveActivationFlagsResponse: {
            responseObject: components["schemas"]["ActivationFlags"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `removeActivation`. */
        RemoveActivationRequest: {
            requestObject: components["schemas"]["ActivationRequest"];
        };
        /** @description The answer of `removeActivation`. */
        RemoveActivationResponse: {
            responseObject: components["schemas"]["RemovedActivation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `removeApplicationRoles`. */
        RemoveApplicationRolesRequest: {
            requestObject: components["schemas"]["ApplicationRolesRequest"];
        };
        /** @description The answer of `removeApplicationRoles`. */
        RemoveApplicationRolesResponse: {
            responseObject: components["schemas"]["ApplicationRoles"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `removeCallbackUrl`. */
        RemoveCallbackUrlRequest: {
            requestObject: components["schemas"]["CallbackIdRequest"];
        };
        /** @description The answer of `removeCallbackUrl`. */
        RemoveCallbackUrlResponse: {
            responseObject: components["schemas"]["RemovedCallback"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `removeActivation`. */
        RemovedActivation: {
            /** @description The activation. */
            activationId: string;
            /** @description True. */
            removed: boolean;
        };
        /** @description Answer of `removeCallbackUrl`. */
        RemovedCallback: {
            /** @description The URL's id. */
            id: string;
            /** @description Whether there was one. */
            removed: boolean;
        };
        /** @description Answer of `removeIntegration`. */
        RemovedIntegration: {
            /** @description As requested. */
            id: string;
            /** @description Whether there was such an integration. */
            removed: boolean;
        };
        /** @description Answer of `removeToken`. */
        RemovedToken: {
            /** @description Whether there was such a token. */
            removed: boolean;
        };
        /** @description Request of `removeIntegration`. */
        RemoveIntegration: {
            /** @description The integration. */
            id: string;
        };
        /** @description The body of `removeIntegration`. */
        RemoveIntegrationRequest: {
            requestObject: components["schemas"]["RemoveIntegration"];
        };
        /** @description The answer of `removeIntegration`. */
        RemoveIntegrationResponse: {
            responseObject: components["schemas"]["RemovedIntegration"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `removeOperationTemplate`. */
        RemoveOperationTemplateRequest: {
            requestObject: components["schemas"]["TemplateIdRequest"];
        };
        /** @description Request of `removeToken`. */
        RemoveToken: {
            /** @description Its activation; not compared when absent, as the written reference does not know it. */
            activationId?: string;
            /** @description The token. */
            tokenId: string;
        };
        /** @description The body of `removeToken`. */
        RemoveTokenRequest: {
            requestObject: components["schemas"]["RemoveToken"];
        };
        /** @description The answer of `removeToken`. */
        RemoveTokenResponse: {
            responseObject: components["schemas"]["RemovedToken"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `updateActivationName`. */
        RenamedActivation: {
            /** @description The activation. */
            activationId: string;
            /** @description Its name. */
            activationName: string | null;
            /** @description Its state. */
            activationStatus: components["schemas"]["ActivationStatus"];
        };
        /** @description Answer of `revokeRecoveryCodes`. */
        RevokedRecoveryCodes: {
            /** @description Whether a code changed. */
            revoked: boolean;
        };
        /** @description Request of `revokeRecoveryCodes`. */
        RevokeRecoveryCodes: {
            /** @description Numbers of the codes, 1 to 100 of them. */
            recoveryCodeIds: components["schemas"]["RecoveryCodeNumber"][];
        };
        /** @description The body of `revokeRecoveryCodes`. */
        RevokeRecoveryCodesRequest: {
            requestObject: components["schemas"]["RevokeRecoveryCodes"];
        };
        /** @description The answer of `revokeRecoveryCodes`. */
        RevokeRecoveryCodesResponse: {
            responseObject: components["schemas"]["RevokedRecoveryCodes"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description A verification attempt. Values of the activation are those before it. */
        SignatureAuditItem: {
            /**
             * Format: int64
             * @description Numeric counter.
             */
            activationCounter: number;
            /** @description Base64 of CTR_DATA. */
            activationCtrData: string | null;
            /** @description The activation. */
            activationId: string;
            /** @description State. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description More about it. */
            additionalInfo: components["schemas"]["AuditPair"][];
            /** @description The application. */
            applicationId: string;
            /** @description Base64 of the signed text, without the application secret. */
            dataBase64: string;
            /**
             * Format: int64
             * @description Number, growing with time.
             */
            id: number;
            /** @description Outcome in a word. */
            note: string;
            /** @description The signature. */
            signature: string;
            /** @description Factors. */
            signatureType: string;
            /** @description Version of the signature header. */
            signatureVersion: string | null;
            /**
             * Format: date-time
             * @description When.
             */
            timestampCreated: string;
            /** @description The user. */
            userId: string;
            /** @description Outcome. */
            valid: boolean;
            /**
             * Format: int32
             * @description Effective version.
             */
            version: number;
        };
        /** @description Answer of `getSignatureAuditLog`. */
        SignatureAuditList: {
            /** @description Newest first. */
            items: components["schemas"]["SignatureAuditItem"][];
        };
        /** @description Request of `getSignatureAuditLog`. */
        SignatureAuditRequest: {
            /** @description The application; all when absent. */
            applicationId?: string;
            /**
             * Format: date-time
             * @description From, included; open when absent.
             */
            timestampFrom?: string;
            /**
             * Format: date-time
             * @description To, included; open when absent.
             */
            timestampTo?: string;
            /** @description The user. */
            userId: string;
        };
        /**
         * @description Factors of a signature.
         * @enum {string}
         */
        SignatureType: "POSSESSION" | "KNOWLEDGE" | "BIOMETRY" | "POSSESSION_KNOWLEDGE" | "POSSESSION_BIOMETRY" | "POSSESSION_KNOWLEDGE_BIOMETRY";
        /** @description The body of `startUpgrade`. */
        StartUpgradeRequest: {
            requestObject: components["schemas"]["EncryptedUpgradeRequest"];
        };
        /** @description The answer of `startUpgrade`. */
        StartUpgradeResponse: {
            responseObject: components["schemas"]["EnvelopeResponse"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `supportApplicationVersion`. */
        SupportApplicationVersionRequest: {
            requestObject: components["schemas"]["ApplicationVersionRequest"];
        };
        /** @description The answer of `supportApplicationVersion`. */
        SupportApplicationVersionResponse: {
            responseObject: components["schemas"]["ApplicationVersionSupport"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `getSystemStatus`. */
        SystemStatus: {
            /** @description Configured displayed name. */
            applicationDisplayName: string;
            /** @description Configured environment. */
            applicationEnvironment: string;
            /** @description Configured name. */
            applicationName: string;
            /**
             * Format: date-time
             * @description When this version was released; the time of the build would make builds differ.
             */
            buildTime: string;
            /** @description `OK`. */
            status: string;
            /**
             * Format: date-time
             * @description Now.
             */
            timestamp: string;
            /** @description Version of this product. */
            version: string;
        };
        /** @description A template in answers. */
        TemplateDetail: {
            /** @description Text with placeholders. */
            dataTemplate: string;
            /**
             * Format: int64
             * @description Lifetime of operations in seconds.
             */
            expiration: number;
            /**
             * Format: int64
             * @description Number, from 1.
             */
            id: number;
            /**
             * Format: int64
             * @description Failed approvals that end an operation.
             */
            maxFailureCount: number;
            /** @description Type of the operations. */
            operationType: string;
            /** @description Whether operations get a TOTP seed. */
            proximityCheckEnabled: boolean;
            /** @description Letters, each a flag. */
            riskFlags: string | null;
            /** @description Allowed factors in the order given. */
            signatureType: components["schemas"]["SignatureType"][];
            /** @description Name. */
            templateName: string;
        };
        /** @description Request of `getTemplateDetail`, `removeOperationTemplate`. */
        TemplateIdRequest: {
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
        };
        /** @description Request of `createOperationTemplate`, `updateOperationTemplate`. */
        TemplateRequest: {
            /** @description Text with placeholders, 1 to 255 characters. */
            dataTemplate: string;
            /**
             * Format: int64
             * @description Lifetime of operations in seconds, above 0.
             */
            expiration: number;
            /**
             * Format: int64
             * @description Number; only for `update`.
             */
            id?: number;
            /**
             * Format: int64
             * @description Failed approvals that end an operation, above 0.
             */
            maxFailureCount: number;
            /** @description Type of the operations, 1 to 255 characters. */
            operationType: string;
            /** @description Whether operations get a TOTP seed; not unless told. `proximity_check_enabled` and `enableProximityCheck` mean the same. */
            proximityCheckEnabled?: boolean;
            /** @description Letters, each a flag; at most 255 characters. */
            riskFlags?: string;
            /** @description Allowed factors, at least one, each once. */
            signatureType: components["schemas"]["SignatureType"][];
            /** @description Name, 1 to 255 characters; only for `create`. */
            templateName?: string;
        };
        /** @description The body of `unblockActivation`. */
        UnblockActivationRequest: {
            requestObject: components["schemas"]["ActivationRequest"];
        };
        /** @description The answer of `unblockActivation`. */
        UnblockActivationResponse: {
            responseObject: components["schemas"]["UnblockedActivation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `unblockActivation`. */
        UnblockedActivation: {
            /** @description The activation. */
            activationId: string;
            /** @description Its state. */
            activationStatus: components["schemas"]["ActivationStatus"];
        };
        /** @description Answer of `vaultUnlock`. */
        UnlockedVault: {
            /** @description Base64 of the ciphertext. */
            encryptedData: string | null;
            /** @description Base64 of 32 bytes. */
            mac: string | null;
            /** @description Base64 of 16 bytes; from 3.2. */
            nonce: string | null;
            /** @description Whether the signature was valid. */
            signatureValid: boolean;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
             */
            timestamp: number | null;
        };
        /** @description The body of `unsupportApplicationVersion`. */
        UnsupportApplicationVersionRequest: {
            requestObject: components["schemas"]["ApplicationVersionRequest"];
        };
        /** @description The answer of `unsupportApplicationVersion`. */
        UnsupportApplicationVersionResponse: {
            responseObject: components["schemas"]["ApplicationVersionSupport"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `updateActivationFlags`. */
        UpdateActivationFlagsRequest: {
            requestObject: components["schemas"]["ActivationFlagsRequest"];
        };
        /** @description The answer of `updateActivationFlags`. */
        UpdateActivationFlagsResponse: {
            responseObject: components["schemas"]["ActivationFlags"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `updateActivationName`. */
        UpdateActivationNameRequest: {
            requestObject: components["schemas"]["ActivationNameRequest"];
        };
        /** @description The answer of `updateActivationName`. */
        UpdateActivationNameResponse: {
            responseObject: components["schemas"]["RenamedActivation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `updateActivationOtp`. */
        UpdateActivationOtpRequest: {
            requestObject: components["schemas"]["ActivationOtpRequest"];
        };
        /** @description The answer of `updateActivationOtp`. */
        UpdateActivationOtpResponse: {
            responseObject: components["schemas"]["UpdatedActivationOtp"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `updateApplicationRoles`. */
        UpdateApplicationRolesRequest: {
            requestObject: components["schemas"]["ApplicationRolesRequest"];
        };
        /** @description The answer of `updateApplicationRoles`. */
        UpdateApplicationRolesResponse: {
            responseObject: components["schemas"]["ApplicationRoles"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `updateCallbackUrl`. */
        UpdateCallbackUrlRequest: {
            requestObject: components["schemas"]["CallbackRequest"];
        };
        /** @description The answer of `updateCallbackUrl`. */
        UpdateCallbackUrlResponse: {
            responseObject: components["schemas"]["CallbackDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `updateActivationOtp`. */
        UpdatedActivationOtp: {
            /** @description The activation. */
            activationId: string;
            /** @description True. */
            updated: boolean;
        };
        /** @description Answer of `updateStatusForActivations`. */
        UpdatedActivationStatuses: {
            /** @description True. */
            updated: boolean;
        };
        /** @description Answer of `updateRecoveryConfig`. */
        UpdatedRecoveryConfig: {
            /** @description True. */
            updated: boolean;
        };
        /** @description The body of `updateOperationTemplate`. */
        UpdateOperationTemplateRequest: {
            requestObject: components["schemas"]["TemplateRequest"];
        };
        /** @description The answer of `updateOperationTemplate`. */
        UpdateOperationTemplateResponse: {
            responseObject: components["schemas"]["TemplateDetail"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `updateRecoveryConfig`. What is absent is switched off, except the printing centre's key. */
        UpdateRecoveryConfig: {
            /** @description Whether there is recovery at all. */
            activationRecoveryEnabled?: boolean;
            /** @description Whether a user may have several open postcards. */
            allowMultipleRecoveryCodes?: boolean;
            /** @description The application. */
            applicationId: string;
            /** @description Whether there are postcards. */
            recoveryPostcardEnabled?: boolean;
            /** @description Public key of the printing centre: Base64 of 33 or 65 bytes; kept when absent, removed when empty. */
            remotePostcardPublicKey?: string;
        };
        /** @description The body of `updateRecoveryConfig`. */
        UpdateRecoveryConfigRequest: {
            requestObject: components["schemas"]["UpdateRecoveryConfig"];
        };
        /** @description The answer of `updateRecoveryConfig`. */
        UpdateRecoveryConfigResponse: {
            responseObject: components["schemas"]["UpdatedRecoveryConfig"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `updateStatusForActivations`. */
        UpdateStatusForActivationsRequest: {
            requestObject: components["schemas"]["ActivationStatusesRequest"];
        };
        /** @description The answer of `updateStatusForActivations`. */
        UpdateStatusForActivationsResponse: {
            responseObject: components["schemas"]["UpdatedActivationStatuses"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `commitUpgrade`. */
        UpgradeRequest: {
            /** @description The activation. */
            activationId: string;
            /** @description The application version. */
            applicationKey: string;
        };
        /** @description Answer of the user's actions. */
        UserAction: {
            /** @description The operation afterwards. */
            operation: components["schemas"]["OperationDetail"];
            /** @description What became of it. */
            result: components["schemas"]["UserActionResult"];
        };
        /**
         * @description What became of a user's action.
         *
         *     - `APPROVED` The operation is approved.
         *     - `APPROVAL_FAILED` It was not approved; one attempt less.
         *     - `REJECTED` The operation is rejected.
         *     - `REJECT_FAILED` It was not rejected; nothing changed.
         *     - `OPERATION_FAILED` It was not approved, and that was the last attempt.
         * @enum {string}
         */
        UserActionResult: "APPROVED" | "APPROVAL_FAILED" | "REJECTED" | "REJECT_FAILED" | "OPERATION_FAILED";
        /** @description Answer of `validateToken`. */
        ValidatedToken: {
            /** @description Flags of the activation. */
            activationFlags: string[];
            /** @description The activation. */
            activationId: string | null;
            /** @description State of the activation. */
            activationStatus: components["schemas"]["ActivationStatus"] | null;
            /** @description The application. */
            applicationId: string | null;
            /** @description Roles of the application. */
            applicationRoles: string[];
            /** @description Why it is blocked. */
            blockedReason: string | null;
            /** @description Factors that the token was made with. */
            signatureType: components["schemas"]["SignatureType"] | null;
            /** @description The outcome. */
            tokenValid: boolean;
            /** @description The user. */
            userId: string | null;
        };
        /** @description Request of `validateToken`. */
        ValidateToken: {
            /** @description Base64 of 16 bytes. */
            nonce: string;
            /** @description Protocol version, `3.0` to `3.3`. */
            protocolVersion: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            timestamp: number;
            /** @description Base64 of 32 bytes. */
            tokenDigest: string;
            /** @description The token. */
            tokenId: string;
        };
        /** @description The body of `validateToken`. */
        ValidateTokenRequest: {
            requestObject: components["schemas"]["ValidateToken"];
        };
        /** @description The answer of `validateToken`. */
        ValidateTokenResponse: {
            responseObject: components["schemas"]["ValidatedToken"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `vaultUnlock`. */
        VaultUnlockRequest: {
            requestObject: components["schemas"]["EncryptedUnlockVault"];
        };
        /** @description The answer of `vaultUnlock`. */
        VaultUnlockResponse: {
            responseObject: components["schemas"]["UnlockedVault"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `verifyECDSASignature`. */
        VerifiedEcdsa: {
            /** @description The outcome. */
            signatureValid: boolean;
        };
        /** @description Answer of a verification. */
        VerifiedSignature: {
            /** @description Flags of the activation. */
            activationFlags: string[];
            /** @description The activation, as requested. */
            activationId: string;
            /** @description State of the activation after the attempt; REMOVED for an unknown one. */
            activationStatus: components["schemas"]["ActivationStatus"];
            /** @description The application. */
            applicationId: string | null;
            /** @description Roles of the application. */
            applicationRoles: string[];
            /** @description Why it is blocked. */
            blockedReason: string | null;
            /**
             * Format: int64
             * @description Failed attempts that are left.
             */
            remainingAttempts: number | null;
            /** @description Factors that matched, or those requested. */
            signatureType: components["schemas"]["SignatureType"] | null;
            /** @description The outcome. */
            signatureValid: boolean;
            /** @description The user. */
            userId: string | null;
        };
        /** @description Request of `verifyECDSASignature`. */
        VerifyEcdsa: {
            /** @description The activation. */
            activationId: string;
            /** @description Base64 of the signed bytes. */
            data: string;
            /** @description Base64 of the signature. */
            signature: string;
            /** @description DER when absent. */
            signatureFormat?: components["schemas"]["EcdsaSignatureFormat"];
        };
        /** @description The body of `verifyECDSASignature`. */
        VerifyECDSASignatureRequest: {
            requestObject: components["schemas"]["VerifyEcdsa"];
        };
        /** @description The answer of `verifyECDSASignature`. */
        VerifyECDSASignatureResponse: {
            responseObject: components["schemas"]["VerifiedEcdsa"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `verifyOfflineSignature`. */
        VerifyOfflineSignature: {
            /** @description The activation. */
            activationId: string;
            /** @description Whether biometry may take the place of knowledge. `biometryAllowed`, as the written reference says, means the same. */
            allowBiometry?: boolean;
            /**
             * Format: int64
             * @description Digits per factor, 4 to 8.
             */
            componentLength?: number;
            /** @description `POST&B64(uriId)&nonce&B64(operation id & operation data)`, without the secret and the OTP. */
            data: string;
            /** @description The one-time password that was in the payload. */
            proximityCheck?: components["schemas"]["OfflineProximityCheck"];
            /** @description Digits per factor, joined with `-`. */
            signature: string;
        };
        /** @description The body of `verifyOfflineSignature`. */
        VerifyOfflineSignatureRequest: {
            requestObject: components["schemas"]["VerifyOfflineSignature"];
        };
        /** @description The answer of `verifyOfflineSignature`. */
        VerifyOfflineSignatureResponse: {
            responseObject: components["schemas"]["VerifiedSignature"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Request of `verifySignature`. */
        VerifySignature: {
            /** @description The activation. */
            activationId: string;
            /** @description The application version. */
            applicationKey: string;
            /** @description `METHOD&B64(uriId)&nonce&B64(body)`, without the application secret. */
            data: string;
            /**
             * Format: int64
             * @description 3 before the commit of an upgrade from protocol 2; other values mean nothing.
             */
            forcedSignatureVersion?: number;
            /** @description The signature. */
            signature: string;
            /** @description Factors of the signature. */
            signatureType: components["schemas"]["SignatureType"];
            /** @description Version of the signature header; `3.2` when absent, as the written reference does not know it. */
            signatureVersion?: string;
        };
        /** @description The body of `verifySignature`. */
        VerifySignatureRequest: {
            requestObject: components["schemas"]["VerifySignature"];
        };
        /** @description The answer of `verifySignature`. */
        VerifySignatureResponse: {
            responseObject: components["schemas"]["VerifiedSignature"];
            /** @enum {string} */
            status: "OK";
        };
    };
    responses: {
        /**
         * @description The request is refused. Codes:
         *
         *     - `ERR0000` Unknown error occurred.
         *     - `ERR0001` No user ID was set.
         *     - `ERR0002` No application ID was set.
         *     - `ERR0003` No master server key pair configured in database.
         *     - `ERR0004` Master server key pair contains private key in incorrect format.
         *     - `ERR0005` Too many failed attempts to generate activation ID.
         *     - `ERR0006` Too many failed attempts to generate activation code.
         *     - `ERR0007` This activation is already expired.
         *     - `ERR0008` Incorrect activation state.
         *     - `ERR0009` Activation with given activation ID was not found.
         *     - `ERR0010` Key with invalid format was provided.
         *     - `ERR0011` Invalid input parameter format.
         *     - `ERR0012` Invalid Signature Provided.
         *     - `ERR0013` Unable to compute signature.
         *     - `ERR0014` Invalid URL format.
         *     - `ERR0015` Application or application version does not exist.
         *     - `ERR0016` Token with given token ID does not exist.
         *     - `ERR0017` Data encryption failed.
         *     - `ERR0018` Data decryption failed.
         *     - `ERR0019` Token was not successfully generated.
         *     - `ERR0020` Master DB encryption key is not configured.
         *     - `ERR0021` Unsupported encryption mode.
         *     - `ERR0022` Generic cryptography error occurred.
         *     - `ERR0023` Cryptography provider is initialized incorrectly.
         *     - `ERR0024` Invalid request received.
         *     - `ERR0025` Recovery code already exists.
         *     - `ERR0026` Too many failed attempts to generate recovery code.
         *     - `ERR0027` Recovery code was not found.
         *     - `ERR0028` Invalid recovery code.
         *     - `ERR0029` Recovery code configuration is missing or incomplete.
         *     - `ERR0030` Token timestamp is too old.
         *     - `ERR0031` Activation OTP does not match value stored in database.
         *     - `ERR0032` Activation OTP used in the wrong OTP validation mode.
         *     - `ERR0033` Operation template was not found.
         *     - `ERR0034` Operation was not found.
         *     - `ERR0035` Too many failed attempts to generate operation ID.
         *     - `ERR0036` Operation state is invalid for the requested change.
         *     - `ERR0037` Operation cannot be approved.
         *     - `ERR0038` Operation cannot be rejected.
         *     - `ERR0039` Operation template already exists.
         *     - `ERR0040` Activation cannot be created with the specified properties.
         *     - `ERR0041` Operation related error occurred.
         *     - `ERR0042` Operation template related error occurred.
         *     - `ERR0043` Duplicate application or application version.
         *     - `ERR0044` Token timestamp is too much in the future.
         *     - `ERR0045` Temporary key is missing or invalid.
         *     - `ERROR_HTTP_REQUEST`
         *     - `ERR_RECOVERY`
         */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The server failed; nothing was authenticated. Codes:
         *
         *     - `ERROR_GENERIC`
         */
        Failure: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description A header is too large. Codes:
         *
         *     - `ERROR_HEADER_TOO_LARGE`
         */
        HeaderTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The body is not JSON. Codes:
         *
         *     - `ERROR_MEDIA_TYPE`
         */
        NotJson: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The body is too large. Codes:
         *
         *     - `ERROR_REQUEST_TOO_LARGE`
         */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The caller is not authenticated. Codes:
         *
         *     - `ERR_AUTHENTICATION`
         */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The machinery failed; nothing was authenticated. Try again. Codes:
         *
         *     - `ERROR_GENERIC`
         */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    postInboxMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostInboxMessageRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostInboxMessageResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_APP_NOT_FOUND`
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    blockActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BlockActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlockActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    commitActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommitActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createActivationByCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateActivationByCredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateActivationByCredentialsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    openActivationCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenActivationCredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenActivationCredentialsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    addActivationFlags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddActivationFlagsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddActivationFlagsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    listActivationFlags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListActivationFlagsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListActivationFlagsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeActivationFlags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveActivationFlagsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoveActivationFlagsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateActivationFlags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateActivationFlagsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateActivationFlagsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getActivationHistory: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetActivationHistoryRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetActivationHistoryResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    initActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InitActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InitActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getActivationListForUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetActivationListForUserRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetActivationListForUserResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    lookupActivations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookupActivationsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupActivationsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateActivationName: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateActivationNameRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateActivationNameResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateActivationOtp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateActivationOtpRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateActivationOtpResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    prepareActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrepareActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    recoveryCodeActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoveryCodeActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodeActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoveActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getActivationStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetActivationStatusRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetActivationStatusResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateStatusForActivations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateStatusForActivationsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateStatusForActivationsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    unblockActivation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnblockActivationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnblockActivationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createCallbackUrl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCallbackUrlRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateCallbackUrlResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCallbackUrlList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetCallbackUrlListRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetCallbackUrlListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeCallbackUrl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveCallbackUrlRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoveCallbackUrlResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateCallbackUrl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateCallbackUrlRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateCallbackUrlResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createApplication: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApplicationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateApplicationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getApplicationDetail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetApplicationDetailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetApplicationDetailResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    lookupApplicationByAppKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookupApplicationByAppKeyRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupApplicationByAppKeyResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getApplicationList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetApplicationListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    addApplicationRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddApplicationRolesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddApplicationRolesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    listApplicationRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListApplicationRolesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListApplicationRolesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeApplicationRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveApplicationRolesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoveApplicationRolesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateApplicationRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateApplicationRolesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateApplicationRolesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createApplicationVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApplicationVersionRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateApplicationVersionResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    supportApplicationVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupportApplicationVersionRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportApplicationVersionResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    unsupportApplicationVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnsupportApplicationVersionRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnsupportApplicationVersionResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getEciesDecryptor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetEciesDecryptorRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetEciesDecryptorResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getErrorCodeList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetErrorCodeListRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetErrorCodeListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createIntegration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateIntegrationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateIntegrationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getIntegrationList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetIntegrationListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeIntegration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveIntegrationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoveIntegrationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createTemporaryKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTemporaryKeyRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateTemporaryKeyResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    approveOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApproveOperationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApproveOperationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    failApproveOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FailApproveOperationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailApproveOperationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelOperationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelOperationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOperationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateOperationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    operationDetail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationDetailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetailResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    findAllOperationsForUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindAllOperationsForUserRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindAllOperationsForUserResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    findAllOperationsByExternalID: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindAllOperationsByExternalIDRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindAllOperationsByExternalIDResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    findPendingOperationsForUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindPendingOperationsForUserRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindPendingOperationsForUserResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    rejectOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectOperationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectOperationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createOperationTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOperationTemplateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateOperationTemplateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getTemplateDetail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetTemplateDetailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetTemplateDetailResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAllTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetAllTemplatesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeOperationTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveOperationTemplateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateOperationTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOperationTemplateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateOperationTemplateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getRecoveryConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetRecoveryConfigRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetRecoveryConfigResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateRecoveryConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRecoveryConfigRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateRecoveryConfigResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    confirmRecoveryCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmRecoveryCodeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfirmRecoveryCodeResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createRecoveryCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRecoveryCodeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateRecoveryCodeResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    lookupRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookupRecoveryCodesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupRecoveryCodesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeRecoveryCodesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevokeRecoveryCodesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyECDSASignature: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyECDSASignatureRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyECDSASignatureResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSignatureAuditLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GetSignatureAuditLogRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetSignatureAuditLogResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createNonPersonalizedOfflineSignaturePayload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateNonPersonalizedOfflineSignaturePayloadRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateNonPersonalizedOfflineSignaturePayloadResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createPersonalizedOfflineSignaturePayload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePersonalizedOfflineSignaturePayloadRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatePersonalizedOfflineSignaturePayloadResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyOfflineSignature: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyOfflineSignatureRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyOfflineSignatureResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifySignature: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifySignatureRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifySignatureResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSystemStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetSystemStatusResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateTokenResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveTokenRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemoveTokenResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    validateToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ValidateTokenRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidateTokenResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    commitUpgrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitUpgradeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommitUpgradeResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    startUpgrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartUpgradeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartUpgradeResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    vaultUnlock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VaultUnlockRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VaultUnlockResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyECDSASignatureAlias: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyECDSASignatureRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyECDSASignatureResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
}
