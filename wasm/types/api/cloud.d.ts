// Generated from docs/openapi/cloud.json (SHA-256 9d47fde76768445b21c8ba7623abb05feace9f797d4e1de81a51ef4370964f1f). Do not edit.

export interface paths {
    "/admin/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All applications
         * @description All applications.
         */
        get: operations["cloudListApplications"];
        put?: never;
        /**
         * Creates an application with credentials, which are shown once
         * @description Creates an application with credentials, which are shown once.
         */
        post: operations["cloudCreateApplication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/applications/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issues a further pair of credentials of an application, or ends one
         * @description Issues a further pair of credentials of an application, or ends one.
         */
        post: operations["cloudApplicationCredentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/applications/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An application with what its mobile app is configured with
         * @description An application with what its mobile app is configured with.
         */
        get: operations["cloudApplicationDetail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/applications/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds roles to an application
         * @description Adds roles to an application. Those it has already are no error.
         */
        post: operations["cloudAddRoles"];
        /**
         * Removes roles from an application
         * @description Removes roles from an application. Those it does not have are no error.
         */
        delete: operations["cloudRemoveRoles"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/applications/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Changes settings of an application
         * @description Changes settings of an application.
         */
        post: operations["cloudApplicationSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to registrations and operations of a user, newest first
         * @description What happened to registrations and operations of a user, newest first.
         */
        get: operations["cloudAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/callback/operation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Has an operation looked at: it expires if its time is over
         * @description Has an operation looked at: it expires if its time is over. Unknown ones are no error.
         */
        post: operations["cloudOperationCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/messages/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Queues a push message for the devices of a user
         * @description Queues a push message for the devices of a user. It is sent later.
         */
        post: operations["cloudSendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks a user for approval
         * @description Asks a user for approval. The user needs an active registration that may approve.
         */
        post: operations["cloudCreateOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State of an operation
         * @description State of an operation.
         */
        get: operations["cloudOperationStatus"];
        put?: never;
        post?: never;
        /**
         * Withdraws an operation that is pending
         * @description Withdraws an operation that is pending.
         */
        delete: operations["cloudCancelOperation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/operations/{operationId}/offline/otp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies digits that a phone has shown for a QR code
         * @description Verifies digits that a phone has shown for a QR code. Right ones approve the operation; wrong ones are counted on registration and operation.
         */
        post: operations["cloudOfflineOtp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/operations/{operationId}/offline/qr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The QR code of a pending operation for one phone
         * @description The QR code of a pending operation for one phone. Each has a nonce of its own.
         */
        get: operations["cloudOfflineQrCode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/registrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Registrations of a user, newest first, without removed ones
         * @description Registrations of a user, newest first, without removed ones.
         */
        get: operations["cloudListRegistrations"];
        put?: never;
        /**
         * Starts a registration of a user
         * @description Starts a registration of a user. The answer is what a phone scans.
         */
        post: operations["cloudCreateRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/registrations/{registrationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State of a registration
         * @description State of a registration. A removed one is not found.
         */
        get: operations["cloudRegistrationStatus"];
        /**
         * Changes the state of a registration: ACTIVE may be blocked, BLOCKED unblocked, each removed
         * @description Changes the state of a registration: ACTIVE may be blocked, BLOCKED unblocked, each removed.
         */
        put: operations["cloudChangeRegistration"];
        post?: never;
        /**
         * Removes a registration, in whatever state
         * @description Removes a registration, in whatever state.
         */
        delete: operations["cloudRemoveRegistration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/registrations/{registrationId}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a registration active whose phone has sent its key
         * @description Makes a registration active whose phone has sent its key.
         */
        post: operations["cloudCommitRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/registrations/{registrationId}/flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replaces the flags of a registration
         * @description Replaces the flags of a registration.
         */
        put: operations["cloudReplaceFlags"];
        /**
         * Adds flags to a registration
         * @description Adds flags to a registration. Those it has already stay where they are.
         */
        post: operations["cloudAddFlags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/registrations/{registrationId}/flags/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes flags from a registration
         * @description Removes flags from a registration. Those it does not have are no error.
         */
        post: operations["cloudRemoveFlags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/signature/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies the signature of a request that a phone has sent to the caller
         * @description Verifies the signature of a request that a phone has sent to the caller.
         */
        post: operations["cloudVerifySignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/token/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verifies the token of a request that a phone has sent to the caller
         * @description Verifies the token of a request that a phone has sent to the caller.
         */
        post: operations["cloudVerifyToken"];
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
        /** @description A pair of credentials, shown once; nothing but the status when one was ended. */
        ApplicationCredentials: {
            /** @description Password. Nobody can ask for it again. */
            password?: string | null;
            /** @description `OK` when a pair was ended. */
            status?: string | null;
            /** @description User name. */
            username?: string | null;
        };
        /** @description An application in a list. */
        ApplicationId: {
            /** @description Its id. */
            id: string;
        };
        /** @description All applications. */
        ApplicationNames: {
            /** @description By creation. */
            applications: components["schemas"]["ApplicationId"][];
        };
        /** @description Roles of an application. */
        ApplicationRoles: {
            /** @description The application. */
            id: string;
            /** @description Roles, at least one. */
            roles: string[];
        };
        /** @description Settings of an application. */
        ApplicationSettings: {
            /** @description The application. */
            id: string;
            /** @description Whether the devices of a user get a push message about each new operation; unchanged when absent. */
            operationPush?: boolean;
            /** @description Whether a user may have only one registration in progress; unchanged when absent. */
            singleDevice?: boolean;
        };
        /** @description An event. */
        AuditEvent: {
            /** @description UUID of the registration, where there is one. */
            activationId?: string | null;
            /** @description Of signatures method, resource and body, line by line; of operations their id; of tokens theirs; of flags all of them; of activations why. */
            eventData?: string | null;
            /** @description For instance `signature_ok`. */
            eventType: string;
            /**
             * Format: int64
             * @description When, in milliseconds since the epoch.
             */
            timestamp: number;
        };
        /** @description An operation that may have changed. */
        ChangedOperation: {
            /** @description UUID. */
            operationId: string;
        };
        /** @description An application with what its mobile apps and its back end are configured with. */
        CloudApplication: {
            /** @description Application key, Base64 of 16 bytes. */
            appKey: string;
            /** @description Application secret, Base64 of 16 bytes. */
            appSecret: string;
            /** @description Its id. */
            id: string;
            /** @description Master public key, Base64 of 65 bytes. */
            masterServerPublicKey: string;
            /** @description Whether the devices of a user get a push message about each new operation. */
            operationPush: boolean;
            /** @description Password of its back end; only when it was just created. Nobody can ask for it again. */
            password?: string | null;
            /** @description Its roles. */
            roles: string[];
            /** @description Where phones reach the server. */
            serviceBaseUrl: string;
            /** @description Whether a user may have only one registration in progress. */
            singleDevice: boolean;
            /** @description User name of its back end; only when it was just created. */
            username?: string | null;
            /** @description User names of its back ends, unless it was just created. */
            usernames?: string[];
        };
        /** @description Events of a user. */
        CloudAuditLog: {
            /** @description Newest first. */
            items: components["schemas"]["AuditEvent"][];
        };
        /** @description An operation. */
        CloudOperation: {
            /** @description Context of what the user did, such as `activationId`. */
            additionalData?: {
                [key: string]: unknown;
            };
            /** @description Identifier of the caller's. */
            externalId?: string | null;
            /**
             * Format: int64
             * @description Failed approvals.
             */
            failureCount: number;
            /** @description Flag that a registration must carry to see and decide it. */
            flag?: string | null;
            /** @description What the page that asks the user shows, 10 to 99, and the phone has to send; only with number matching. */
            matchNumber?: string | null;
            /**
             * Format: int64
             * @description Failed approvals that end it.
             */
            maxFailureCount: number;
            /** @description UUID. */
            operationId: string;
            /** @description Type of its template. */
            operationType: string;
            /** @description Parameters as given. */
            parameters?: {
                [key: string]: unknown;
            };
            /** @description `PENDING`, `CANCELED`, `EXPIRED`, `APPROVED`, `REJECTED` or `FAILED`. */
            status: string;
            /** @description Name of its template. */
            template: string;
            /**
             * Format: int64
             * @description Creation, in milliseconds since the epoch.
             */
            timestampCreated: number;
            /**
             * Format: int64
             * @description Expiry, in milliseconds since the epoch.
             */
            timestampExpires: number;
            /** @description The user. */
            userId?: string | null;
        };
        /** @description Which pair of credentials. */
        CredentialsRequest: {
            /** @description The application. */
            id: string;
            /** @description User name of the pair to be ended; without it a pair is issued. */
            revoke?: string;
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
        /** @description A refusal. */
        ErrorResponse: {
            responseObject: components["schemas"]["ErrorDetail"];
            /** @enum {string} */
            status: "ERROR";
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
        /** @description An application to be created. */
        NewApplication: {
            /** @description Its id, 1 to 220 bytes. */
            id: string;
            /** @description Its roles, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100. */
            roles?: string[];
            /** @description Whether a user may have only one registration in progress. */
            singleDevice?: boolean;
        };
        /** @description An operation to be approved. */
        NewOperation: {
            /** @description Identifier of the caller's, 1 to 255 characters; need not be unique. */
            externalId?: string;
            /** @description Flag that a registration must carry to see and decide it. */
            flag?: string;
            /** @description Language of the texts in QR codes and push messages, two letters; `en` when absent. */
            language?: string;
            /**
             * @description Values of the template's placeholders: texts.
             * @default {}
             */
            parameters: {
                [key: string]: unknown;
            };
            /** @description Name of the template. */
            template: string;
            /** @description The user, 1 to 255 characters. */
            userId: string;
        };
        /** @description A registration to be started. */
        NewRegistration: {
            /** @description The application of the credentials. */
            appId: string;
            /** @description Flags, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100. */
            flags?: string[];
            /** @description One-time password, 1 to 255 characters. */
            otp?: string;
            /** @description When the OTP is asked for: `NONE`, `ON_KEY_EXCHANGE` or `ON_COMMIT`; the last one when there is an OTP and nothing is said. */
            otpValidation?: string;
            /** @description The user, 1 to 255 characters. */
            userId: string;
        };
        /** @description Digits that a user has typed. */
        OfflineOtp: {
            /** @description The nonce of the QR code. */
            nonce: string;
            /** @description 16 digits, in groups of four or eight with dashes, or without. */
            otp: string;
            /** @description UUID of the phone's registration. */
            registrationId: string;
        };
        /** @description What a phone scans to approve an operation offline. */
        OfflineQrCode: {
            /** @description Base64 of 16 bytes; needed to verify the digits. */
            nonce: string;
            /** @description Content of the QR code. */
            operationQrCodeData: string;
        };
        /** @description It was done, and there is nothing more to say. */
        OkResponse: {
            /** @enum {string} */
            status: "OK";
        };
        /** @description A push message. */
        PushMessage: {
            /** @description Anything for the app, at most 3 KiB of JSON. */
            extras?: {
                [key: string]: unknown;
            };
            /** @description Text, 1 to 4000 characters; needed unless it is silent. */
            message?: string;
            /** @description UUID of the only registration that gets it; all of the user's when absent. */
            registrationId?: string;
            /** @description Whether nothing is displayed. */
            silent?: boolean;
            /** @description Name of a sound, 1 to 255 characters; `default` when absent. */
            sound?: string;
            /** @description Title, 1 to 255 characters; needed unless it is silent. */
            title?: string;
            /** @description The user, 1 to 255 characters. */
            userId: string;
        };
        /** @description A registration. Which members there are depends on its state. */
        Registration: {
            /** @description Eight digits that the phone shows, too, while it is PENDING_COMMIT. */
            activationFingerprint?: string | null;
            /** @description What a phone scans, while it is CREATED. */
            activationQrCodeData?: string | null;
            /** @description Model of the phone. */
            deviceInfo?: string | null;
            /** @description Its flags, in the order in which they came. */
            flags: string[];
            /** @description Name of the phone. */
            name?: string | null;
            /** @description Platform of the phone. */
            platform?: string | null;
            /** @description UUID. */
            registrationId: string;
            /** @description Its state. */
            registrationStatus: components["schemas"]["ActivationStatus"];
            /**
             * Format: int64
             * @description Creation, in milliseconds since the epoch.
             */
            timestampCreated: number;
            /**
             * Format: int64
             * @description Last verification, in milliseconds since the epoch.
             */
            timestampLastUsed: number;
        };
        /** @description A change of a registration's state. */
        RegistrationChange: {
            /** @description Why it is blocked, 1 to 255 characters. */
            blockReason?: string;
            /** @description `BLOCK`, `UNBLOCK` or `REMOVE`. */
            change: string;
            /** @description Who acts, 1 to 255 characters. */
            externalUserId?: string;
        };
        /** @description What a phone scans. */
        RegistrationCode: {
            /** @description Activation code, `#`, and its signature by the application's master key. */
            activationQrCodeData: string;
            /** @description UUID. */
            registrationId: string;
        };
        /** @description Who commits a registration, and with what. */
        RegistrationCommit: {
            /** @description Who acts, 1 to 255 characters. */
            externalUserId?: string;
            /** @description The OTP, where it is asked for now. */
            otp?: string;
        };
        /** @description Flags of a registration. */
        RegistrationFlags: {
            /** @description Flags, each of 1 to 64 letters, digits, `_`, `-` and `.`; at most 100. */
            flags: string[];
        };
        /** @description Registrations of a user. */
        RegistrationList: {
            /** @description Newest first. */
            registrations: components["schemas"]["Registration"][];
        };
        /** @description A request that a phone has signed. */
        SignedRequest: {
            /** @description Value of the header `X-PowerAuth-Authorization`. */
            authHeader: string;
            /** @description `GET`, `POST`, `PUT` or `DELETE`. */
            method: string;
            /** @description Query parameters of a GET, decoded. */
            queryParams?: {
                [key: string]: string;
            };
            /** @description Base64 of the body, unless the method is GET. */
            requestBody?: string;
            /** @description Resource identifier, 1 to 1024 characters. */
            uriId: string;
        };
        /** @description A token that a phone has shown. */
        TokenHolder: {
            /** @description Value of the header `X-PowerAuth-Token`. */
            authHeader: string;
        };
        /** @description Outcome of a verification. About a registration that does not exist for the caller nothing but the outcome is told. */
        Verified: {
            /** @description The application. */
            application?: components["schemas"]["VerifiedApplication"] | null;
            /** @description Flags of the registration. */
            flags?: string[] | null;
            /** @description UUID of the operation. */
            operationId?: string | null;
            /** @description Whether typed digits were right. */
            otpValid?: boolean | null;
            /** @description UUID of the registration. */
            registrationId?: string | null;
            /** @description Its state after the verification. */
            registrationStatus?: components["schemas"]["ActivationStatus"] | null;
            /**
             * Format: int64
             * @description Failed attempts that are left; not for tokens.
             */
            remainingAttempts?: number | null;
            /** @description Factors, by their upper-case name. */
            signatureType?: string | null;
            /** @description Whether the signature was right. */
            signatureValid?: boolean | null;
            /** @description Whether the token was right. */
            tokenValid?: boolean | null;
            /** @description The user. */
            userId?: string | null;
        };
        /** @description The application of a registration. */
        VerifiedApplication: {
            /** @description Its id. */
            name: string;
            /** @description Its roles. */
            roles: string[];
        };
    };
    responses: {
        /**
         * @description The request is refused. Codes:
         *
         *     - `ERROR_HTTP_REQUEST`
         *     - `ERROR_REGISTRATION_NOT_FOUND`
         *     - `ERROR_REQUEST`
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
         *     - `ERROR_INTERNAL_API`
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
         *     - `HTTP_401`
         */
        Unauthenticated: {
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
    cloudListApplications: {
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
                    "application/json": components["schemas"]["ApplicationNames"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
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
            500: components["responses"]["Failure"];
        };
    };
    cloudCreateApplication: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApplication"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudApplication"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_ADMIN`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudApplicationCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationCredentials"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_ADMIN`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudApplicationDetail: {
        parameters: {
            query: {
                /** @description The application. */
                id: string;
                /** @description A version of it; the first one that is enabled when absent. */
                version?: string;
            };
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
                    "application/json": components["schemas"]["CloudApplication"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_ADMIN`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudAddRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationRoles"];
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
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_ADMIN`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudRemoveRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationRoles"];
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
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_ADMIN`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudApplicationSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationSettings"];
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
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_ADMIN`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudAuditLog: {
        parameters: {
            query: {
                /** @description Page of 1,000 events, from 0 to 9. */
                page?: string;
                /** @description Begin, in milliseconds since the epoch; 30 days ago when absent. */
                timestampFrom?: string;
                /** @description End, in milliseconds since the epoch; now when absent. */
                timestampTo?: string;
                /** @description The user. */
                userId: string;
            };
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
                    "application/json": components["schemas"]["CloudAuditLog"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_AUDIT`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudOperationCallback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangedOperation"];
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
            /**
             * @description The request is refused. Codes:
             *
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
            500: components["responses"]["Failure"];
        };
    };
    cloudSendMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PushMessage"];
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
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_PUSH_MESSAGE`
             *     - `ERROR_REGISTRATION_NOT_FOUND`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudCreateOperation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOperation"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudOperation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
        };
    };
    cloudOperationStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                operationId: string;
            };
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
                    "application/json": components["schemas"]["CloudOperation"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_OPERATION_NOT_FOUND`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudCancelOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                operationId: string;
            };
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
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_OPERATION_NOT_FOUND`
             *     - `ERROR_OPERATION_STATE_CHANGE`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudOfflineOtp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfflineOtp"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_OPERATION_NOT_FOUND`
             *     - `ERROR_OPERATION_STATE_CHANGE`
             *     - `ERROR_OTP_INVALID`
             *     - `ERROR_REGISTRATION_NOT_FOUND`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudOfflineQrCode: {
        parameters: {
            query: {
                /** @description UUID of an active registration that may decide the operation. */
                registrationId: string;
            };
            header?: never;
            path: {
                /** @description UUID. */
                operationId: string;
            };
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
                    "application/json": components["schemas"]["OfflineQrCode"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_OPERATION_NOT_FOUND`
             *     - `ERROR_OPERATION_STATE_CHANGE`
             *     - `ERROR_REGISTRATION_NOT_FOUND`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudListRegistrations: {
        parameters: {
            query: {
                /** @description The user. */
                userId: string;
            };
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
                    "application/json": components["schemas"]["RegistrationList"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
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
            500: components["responses"]["Failure"];
        };
    };
    cloudCreateRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRegistration"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrationCode"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_REGISTRATION`
             *     - `ERROR_REGISTRATION_NOT_ALLOWED`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudRegistrationStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
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
                    "application/json": components["schemas"]["Registration"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
        };
    };
    cloudChangeRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationChange"];
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
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_REGISTRATION_CHANGE`
             *     - `ERROR_REGISTRATION_NOT_FOUND`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudRemoveRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
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
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
        };
    };
    cloudCommitRegistration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationCommit"];
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
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_REGISTRATION`
             *     - `ERROR_REGISTRATION_CHANGE`
             *     - `ERROR_REGISTRATION_NOT_FOUND`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudReplaceFlags: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationFlags"];
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
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
        };
    };
    cloudAddFlags: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationFlags"];
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
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
        };
    };
    cloudRemoveFlags: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description UUID. */
                registrationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationFlags"];
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
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
        };
    };
    cloudVerifySignature: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignedRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_REQUEST`
             *     - `ERROR_SIGNATURE_INVALID`
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
            500: components["responses"]["Failure"];
        };
    };
    cloudVerifyToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenHolder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERROR_REQUEST`
             *     - `ERROR_TOKEN_INVALID`
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
            500: components["responses"]["Failure"];
        };
    };
}
