// Generated from docs/openapi/standard.json (SHA-256 9b766991d841c674dedc37cb4aecec3e4ac0cd0d12eb6957cbaefa962c5a7c1e). Do not edit.

export interface paths {
    "/pa/v3/activation/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchanges keys for an activation code or a recovery code
         * @description Exchanges keys for an activation code or a recovery code. Both layers are encrypted in application scope.
         */
        post: operations["phoneActivationCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/activation/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes the phone's own activation
         * @description Removes the phone's own activation. Signed with two factors or three.
         */
        post: operations["phoneActivationRemove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/activation/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The encrypted status of an activation
         * @description The encrypted status of an activation. An unknown one gets noise of the same form.
         */
        post: operations["phoneActivationStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/keystore/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A temporary encryption key of protocol 3.3
         * @description A temporary encryption key of protocol 3.3.
         */
        post: operations["phoneKeystoreCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/recovery/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The user has the recovery code in hand
         * @description The user has the recovery code in hand. Signed with possession and knowledge over the encrypted body.
         */
        post: operations["phoneRecoveryConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/signature/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells whether the request is signed
         * @description Tells whether the request is signed. Of GET and DELETE requests a signature covers the query or the body.
         */
        get: operations["phoneSignatureValidateGet"];
        /**
         * Tells whether the request is signed
         * @description Tells whether the request is signed. Of GET and DELETE requests a signature covers the query or the body.
         */
        put: operations["phoneSignatureValidatePut"];
        /**
         * Tells whether the request is signed
         * @description Tells whether the request is signed. Of GET and DELETE requests a signature covers the query or the body.
         */
        post: operations["phoneSignatureValidatePost"];
        /**
         * Tells whether the request is signed
         * @description Tells whether the request is signed. Of GET and DELETE requests a signature covers the query or the body.
         */
        delete: operations["phoneSignatureValidateDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The server's clock, with which phones compare theirs before they encrypt
         * @description The server's clock, with which phones compare theirs before they encrypt.
         */
        post: operations["phoneServerStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/token/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A token of the factors that signed
         * @description A token of the factors that signed. The signature covers the encrypted body.
         */
        post: operations["phoneTokenCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/token/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes a token of the signing activation
         * @description Removes a token of the signing activation. An unknown one is no error.
         */
        post: operations["phoneTokenRemove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/upgrade/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Completes the upgrade with a signature of the new version
         * @description Completes the upgrade with a signature of the new version. The body must not be empty.
         */
        post: operations["phoneUpgradeCommit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/upgrade/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The hash counter for an activation of protocol 2
         * @description The hash counter for an activation of protocol 2. Encrypted in activation scope.
         */
        post: operations["phoneUpgradeStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/user/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claims about the user of the activation
         * @description Claims about the user of the activation. Encrypted in activation scope.
         */
        post: operations["phoneUserInfo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pa/v3/vault/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The vault key, against a signature over the encrypted body
         * @description The vault key, against a signature over the encrypted body.
         */
        post: operations["phoneVaultUnlock"];
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
        /** @description Request envelope as JSON. Unknown properties are refused; `null` means absent. */
        EnvelopeRequest: {
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description UUID text of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
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
        /** @description Request of `phoneKeystoreCreate`. Answer of `phoneKeystoreCreate`. */
        Jwt: {
            /** @description Compact JWT. */
            jwt: string;
        };
        /** @description It was done, and there is nothing more to say. */
        OkResponse: {
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `phoneActivationRemove`. */
        PhoneActivationRemoveResponse: {
            responseObject: components["schemas"]["RemovedByPhone"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `phoneActivationStatus`. */
        PhoneActivationStatusRequest: {
            requestObject: components["schemas"]["PhoneStatusRequest"];
        };
        /** @description The answer of `phoneActivationStatus`. */
        PhoneActivationStatusResponse: {
            responseObject: components["schemas"]["PhoneStatus"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `phoneKeystoreCreate`. */
        PhoneKeystoreCreateRequest: {
            requestObject: components["schemas"]["Jwt"];
        };
        /** @description The answer of `phoneKeystoreCreate`. */
        PhoneKeystoreCreateResponse: {
            responseObject: components["schemas"]["Jwt"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The server as phones see it. */
        PhoneServerStatus: {
            application: {
                /** @description Configured name. */
                name: string;
                /** @description Version of this product. */
                version: string;
            };
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            serverTime: number;
        };
        /** @description The answer of `phoneServerStatus`. */
        PhoneServerStatusResponse: {
            responseObject: components["schemas"]["PhoneServerStatus"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The state of an activation, for its phone only. */
        PhoneStatus: {
            /** @description As requested. */
            activationId: string;
            /** @description Base64 of 32 bytes. */
            encryptedStatusBlob: string;
            /** @description Base64 of 16 bytes; when there was a challenge. */
            nonce?: string | null;
        };
        /** @description Which activation, and what the answer is to depend on. */
        PhoneStatusRequest: {
            /** @description UUID. */
            activationId: string;
            /** @description Base64 of 16 bytes; none from protocol 3.0. */
            challenge?: string;
        };
        /** @description The body of `phoneTokenRemove`. */
        PhoneTokenRemoveRequest: {
            requestObject: components["schemas"]["TokenName"];
        };
        /** @description The answer of `phoneTokenRemove`. */
        PhoneTokenRemoveResponse: {
            responseObject: components["schemas"]["TokenName"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The activation that is no more. */
        RemovedByPhone: {
            /** @description UUID. */
            activationId: string;
        };
        /** @description A token. */
        TokenName: {
            /** @description UUID. */
            tokenId: string;
        };
    };
    responses: {
        /**
         * @description The request is refused. Codes:
         *
         *     - `ERROR_HTTP_REQUEST`
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
    phoneActivationCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_ACTIVATION`
             *     - `INVALID_RECOVERY_CODE`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneActivationRemove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any body; the signature covers its bytes. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneActivationRemoveResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_ACTIVATION`
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
    phoneActivationStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneActivationStatusRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneActivationStatusResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_ACTIVATION`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneKeystoreCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneKeystoreCreateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneKeystoreCreateResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_TEMPORARY_KEY`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneRecoveryConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneSignatureValidateGet: {
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
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneSignatureValidatePut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any body; the signature covers its bytes. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
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
            503: components["responses"]["Unavailable"];
        };
    };
    phoneSignatureValidatePost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any body; the signature covers its bytes. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
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
            503: components["responses"]["Unavailable"];
        };
    };
    phoneSignatureValidateDelete: {
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
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneServerStatus: {
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
                    "application/json": components["schemas"]["PhoneServerStatusResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneTokenCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneTokenRemove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneTokenRemoveRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneTokenRemoveResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneUpgradeCommit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any body; the signature covers its bytes. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
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
             *     - `ERR_UPGRADE`
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
    phoneUpgradeStart: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_UPGRADE`
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
    phoneUserInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_ENCRYPTION`
             *     - `ERR_USER_INFO`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    phoneVaultUnlock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_SECURE_VAULT`
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
}
